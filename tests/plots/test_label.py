"""A Label looks like matplotlib's own text."""
import numpy as np
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg

from bpviz.plots.label import label
from bpviz.plots.style import figure, style


def pixels(write, ratio):
    with style():
        canvas = figure(300, 120, ratio)
        axes = canvas.add_axes((0, 0, 1, 1))
        axes.set(xlim=(0, 300), ylim=(120, 0))
        axes.set_axis_off()
        write(axes)
        agg = FigureCanvasAgg(canvas)
        agg.draw()
    return np.asarray(agg.buffer_rgba())[..., :3].astype(float)


@pytest.mark.parametrize("ratio", [1.0, 1.5, 2.0])
@pytest.mark.parametrize("words, look", [
    ("0.734", {"ha": "center"}), ("−1.2e-05", {"ha": "right", "fontweight": "bold", "color": "#d55e00"}),
    (r"$\frac{\partial L}{\partial w^{(1)}_{11}}\;=$", {"fontsize": 14}),
    ("two lines\nof words", {"va": "top", "linespacing": 1.4})])
def test_a_label_looks_like_text(words, look, ratio):
    plain = pixels(lambda axes: axes.text(150, 50, words, **{"va": "center", **look}), ratio)
    ours = pixels(lambda axes: label(axes, 150, 50, words, **look), ratio)
    assert plain.min() < 200                                     # there is something to see
    shifts = [np.abs(np.roll(ours, (dy, dx), (0, 1)) - plain).mean() for dy in (-1, 0, 1) for dx in (-1, 0, 1)]
    assert min(shifts) < 0.35 * np.abs(255 - plain).mean()       # the same ink, up to a pixel's rounding


@pytest.mark.parametrize("ratio", [1.0, 1.5, 2.0])
@pytest.mark.parametrize("words, look", [
    ("= 0.734 · (−1.25e−05)", {"ha": "center"}), ("−1.2e-05 ✗", {"ha": "right", "fontweight": "bold", "color": "#d55e00"}),
    ("= sigmoid(1.2) + (0.285 − 0.2)²", {"fontsize": 10, "linespacing": 1.15}), ("− 1", {})])
def test_a_label_of_kept_letters_looks_like_text(words, look, ratio):
    plain = pixels(lambda axes: axes.text(150, 50, words, **{"va": "center", **look}), ratio)
    ours = pixels(lambda axes: label(axes, 150, 50, words, spelt=True, **look), ratio)
    rows, columns = (np.flatnonzero((plain.min(axis=2) < 160).any(axis=axis)) for axis in (1, 0))
    rows_2, columns_2 = (np.flatnonzero((ours.min(axis=2) < 160).any(axis=axis)) for axis in (1, 0))
    assert abs(rows[0] - rows_2[0]) <= 1 and abs(rows[-1] - rows_2[-1]) <= 1                     # on the same line
    assert abs(columns[0] - columns_2[0]) <= 2 + 0.01 * len(words) * ratio * 10
    assert abs(columns[-1] - columns_2[-1]) <= 2 + 0.01 * len(words) * ratio * 10
    assert abs((255 - plain).sum() / (255 - ours).sum() - 1) < 0.12                              # as much ink


def test_an_empty_or_hidden_label_draws_nothing():
    for look in ({"words": ""}, {"words": "x", "visible": False}):
        assert pixels(lambda axes, look=look: label(axes, 10, 10, **look), 1.0).min() == 255
