"""Panels leave the user's matplotlib alone: while a cell draws, messages in another thread do not."""
import asyncio
import io
import threading
import time

import matplotlib as mpl
import numpy as np
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

import bpviz as bp
from bpviz.widgets import home
from bpviz.widgets.picture import Picture

FIGURES, UNLIKE = 266, 40             # as many as the person drew who found 26 of them in another style
OWN = {"font.family": "serif", "lines.linewidth": 4.5, "axes.grid": False, "axes.facecolor": "#ffe0f0", "font.size": 15.0,
       "mathtext.fontset": "stix"}


def drawn(k):
    """What one of the user's cells draws: a small figure with a formula in it."""
    k %= UNLIKE
    figure = Figure(figsize=(1.2, 0.9), dpi=40)
    axes = figure.add_axes((0.2, 0.2, 0.7, 0.7))
    axes.set(xticks=[1], yticks=[2])
    axes.plot([0, k % 7, 3], [1, 2, k % 5])
    axes.set_title(rf"$\frac{{\partial L_{{{k}}}}}{{\partial w^{{({k})}}}} = \sqrt{{\sigma_{{{k}}}}}$", fontsize=5)
    FigureCanvasAgg(figure).print_png(out := io.BytesIO())
    return out.getvalue()


@pytest.fixture
def own_style():
    with mpl.rc_context(OWN):
        yield


@pytest.fixture
def unsent(monkeypatch):
    monkeypatch.setattr(Picture, "send", lambda self, content, buffers=None: None)


def at_work(panels, over, heard):
    """A browser that drags, chooses and resizes without a pause; kernels of JupyterLab hear it in another thread."""
    async def messages():
        for n in range(100_000):
            if over.is_set():
                return
            for panel, knob in panels:
                say = panel._browser_says
                say(panel.picture, {"kind": "size", "width": 700 + 50 * (n % 2), "ratio": 1}, [])
                say(panel.picture, {"kind": "want", "n": n, "knobs": {knob: float(1 + n % 6)}, "wire": 5}, [])
                panel.knobs["activation"].value = ("sigmoid", "tanh")[n % 2]
            heard.append(n)
            await asyncio.sleep(0.1)
    return threading.Thread(target=lambda: asyncio.run(messages()))


def test_figures_drawn_beside_a_panel_at_work_come_out_as_they_are(own_style, unsent):
    """0 of 266 figures changed, no exception from the parser of formulas, and rcParams as before."""
    alone = [drawn(k) for k in range(UNLIKE)]
    before, over, heard = dict(mpl.rcParams), threading.Event(), []

    async def notebook():
        panels = [(bp.explore.minima(), "w1"), (bp.explore.backprop(), "step")]
        for panel, _ in panels:
            panel._browser_says(panel.picture, {"kind": "hello"}, [])
        frames = [panel.picture.frames for panel, _ in panels]
        browser = at_work(panels, over, heard)
        browser.start()
        try:
            beside = [drawn(k) for k in range(FIGURES)]                      # the cell: it does not await
        finally:
            over.set()
            browser.join()
        said = len(heard)
        while any(panel.values[knob] != 1 + (said - 1) % 6 or panel.picture.frames == n
                  for (panel, knob), n in zip(panels, frames, strict=True)):
            await asyncio.sleep(0.01)                                        # the cell is over: the panels answer
        assert said >= 3
        for panel, _ in panels:
            panel.close()
        return beside

    beside = asyncio.run(notebook())
    assert [k for k in range(FIGURES) if beside[k] != alone[k % UNLIKE]] == []
    assert dict(mpl.rcParams) == before


def test_a_panel_that_another_thread_asks_for_is_made_in_the_main_one(own_style, unsent):
    """`W.Button().on_click(lambda _: bp.explore.minima())` is heard in another thread, too."""
    threads, answers = [], []

    async def notebook():
        from bpviz.widgets import projector
        true = projector.Blit._begun
        projector.Blit._begun = lambda *given: threads.append(threading.current_thread()) or true(*given)
        home.post(lambda: None)                                              # a cell has run here
        try:
            def clicked():
                panel = bp.explore.minima()
                panel.set(data="trident", w1=0.25)
                answers.append((panel.finish().state, panel.still()[:20]))
                try:
                    panel.set(w1=99)
                except ValueError as error:
                    answers.append(str(error))
                panel.close()
            thread = threading.Thread(target=clicked)
            thread.start()
            while thread.is_alive():
                await asyncio.sleep(0.01)
        finally:
            projector.Blit._begun = true

    asyncio.run(notebook())
    assert set(threads) == {threading.main_thread()} and len(threads) >= 2
    assert "data=trident" in answers[0][0] and answers[1].startswith("w1: got 99; allowed is")


@pytest.fixture
def eager(unsent, monkeypatch):
    """A browser that greets every picture the moment it is told of it, heard in another thread: nothing after it is made yet."""
    true = Picture.open

    def opened(self):
        true(self)
        browser = threading.Thread(target=self._handle_custom_msg, args=({"kind": "hello"}, []))
        browser.start()
        browser.join()
    monkeypatch.setattr(Picture, "open", opened)


def test_a_browser_that_greets_before_the_panel_is_made_is_heard(eager):
    """Else the panel would stand there and never answer: a quick browser, a slow drawing."""
    async def notebook():
        panel = bp.explore.minima()
        await asyncio.sleep(0.01)
        panel._browser_says(panel.picture, {"kind": "want", "n": 1, "knobs": {"w1": 2.0}, "wire": 5}, [])
        heard = panel.live, panel.values["w1"], panel.picture.frames
        panel.close()
        return heard

    live, w1, frames = asyncio.run(notebook())
    assert live and w1 == 2.0 and frames >= 1


def test_who_waits_for_a_busy_kernel_is_told(monkeypatch):
    monkeypatch.setattr(home, "MOST_WAIT_S", 0.05)
    said, late = [], []

    async def notebook():
        home.post(lambda: None)

        def other():
            try:
                home.ask(lambda: late.append(1))
            except TimeoutError as error:
                said.append(str(error))
        thread = threading.Thread(target=other)
        thread.start()
        time.sleep(0.2)
        thread.join()
        await asyncio.sleep(0.01)

    asyncio.run(notebook())
    assert said == ["a cell has kept the kernel busy for 0.05 s; panels are drawn when it is over"] and not late
    with pytest.raises(ZeroDivisionError):
        home.ask(lambda: np.int64(1) // 1 and 1 / 0)
