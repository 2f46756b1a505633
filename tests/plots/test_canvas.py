"""A picture on our canvas is Agg's to the pixel; its words are measured once, its formulas parsed once a thread."""
import threading

import numpy as np
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg

from bpviz.plots import canvas as canvas_module
from bpviz.plots.canvas import Canvas
from bpviz.plots.style import figure, place, style

TITLES = "plain", r"$\frac{\partial L}{\partial w_{11}}$ and words", "two\nlines of words", r"$\sqrt{a_1^2}$" + "\n" + r"$z = w\,x$"


def pixels(canvas, title, ratio=1.0):
    with style():
        drawn = figure(301, 203, ratio)
        axes = place(drawn, 50, 60, 290, 170)
        axes.set(yscale="log", ylim=(1e-9, 1), xlabel="$w_1$  (layer 1)")
        axes.set_title(title)
        axes.annotate("here", (0.5, 1e-4), xytext=(3, 3), textcoords="offset points")
        agg = canvas(drawn)
        agg.draw()
    return np.asarray(agg.buffer_rgba()).copy()


@pytest.mark.parametrize("ratio", [1.0, 1.5, 2.0])
@pytest.mark.parametrize("title", TITLES)
def test_a_picture_is_aggs_to_the_pixel_the_first_time_and_again(title, ratio):
    wanted = pixels(FigureCanvasAgg, title, ratio)
    assert (wanted < 100).any()
    for _ in range(2):
        assert np.array_equal(pixels(Canvas, title, ratio), wanted)


class Counted:
    """Matplotlib's parser, and the formulas that it was asked for."""

    def __init__(self):
        self.parser, self.asked = canvas_module._own, []

    def parse(self, words, *given, **named):
        self.asked.append(words)
        return self.parser.parse(words, *given, **named)


@pytest.fixture
def counted(monkeypatch):
    canvas_module._parsed.cache_clear()
    canvas_module._measured.cache_clear()
    monkeypatch.setattr(canvas_module, "_own", one := Counted())
    return one


def test_another_figure_parses_no_formula_again_but_another_thread_does(counted):
    """A parsed formula holds fonts, and two threads must not draw from the same one."""
    pixels(Canvas, TITLES[1])
    first = list(counted.asked)
    assert TITLES[1] in first and len(set(first)) == len(first)
    pixels(Canvas, TITLES[1])
    assert counted.asked == first
    other = threading.Thread(target=pixels, args=(Canvas, TITLES[1]))
    other.start()
    other.join()
    assert TITLES[1] in counted.asked[len(first):]


def test_threads_that_draw_at_once_draw_the_same():
    wanted, found = [pixels(FigureCanvasAgg, title) for title in TITLES], []
    threads = [threading.Thread(target=lambda: found.append([pixels(Canvas, title) for title in TITLES])) for _ in range(4)]
    canvas_module._parsed.cache_clear()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 4
    for drawn in found:
        assert all(map(np.array_equal, drawn, wanted))


def test_what_is_kept_is_bounded():
    assert all(kept.cache_info().maxsize for kept in (canvas_module._parsed, canvas_module._measured))
