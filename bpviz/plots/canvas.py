"""What pictures are drawn on: a sheet for which a line of words is measured once and a formula parsed once.

Matplotlib keeps both for each sheet, so every new figure and every Label would do it again, 10 ms a formula.
"""
from functools import lru_cache
from threading import Lock, get_ident

from matplotlib.backends.backend_agg import FigureCanvasAgg, RendererAgg

from bpviz.plots.style import HOUSE, style

_own = RendererAgg(1, 1, 72).mathtext_parser             # as this Agg wants formulas parsed
_one_at_a_time = Lock()                                  # it has a state


class _Formulas:
    """A parser of formulas that parses each once."""

    def parse(self, s, dpi=72, prop=None, *, antialiased=None):
        smooth = HOUSE["text.antialiased"] if antialiased is None else antialiased
        return _parsed(get_ident(), s, dpi, prop and prop.copy(), smooth)          # fonts are a thread's own


class Sheet(RendererAgg):
    """Agg's pixels, width x height at so many dots per inch."""

    def __init__(self, width, height, dpi):
        super().__init__(width, height, dpi)
        self.mathtext_parser = _Formulas()

    def get_text_width_height_descent(self, s, prop, ismath):
        return _measured(s, prop.copy(), ismath, self.dpi)


class Canvas(FigureCanvasAgg):
    """The canvas of a figure whose pixels are a Sheet."""

    def get_renderer(self):
        """The Sheet, a new one if the figure's size has changed: as large as Agg makes its own in this Matplotlib."""
        made = super().get_renderer()
        if not isinstance(made, Sheet):
            self.renderer = Sheet(made.width, made.height, made.dpi)
        return self.renderer


@lru_cache(maxsize=1000)
def _parsed(thread, words, dpi, font, smooth):
    with _one_at_a_time, style():
        return _own.parse(words, dpi, font, antialiased=smooth)


@lru_cache(maxsize=8000)
@style()
def _measured(words, font, ismath, dpi):
    """(width, height, descent) of a line of words, in pixels."""
    return RendererAgg.get_text_width_height_descent(Sheet(1, 1, dpi), words, font, ismath)
