"""The house style: one set of colours, marks and letters for every picture.

Colours are Okabe and Ito's (2008), told apart with any colour vision; and nothing is told by
colour alone: minima are circles with letters, saddles diamonds, the start a square.
"""
from contextlib import contextmanager
from contextvars import ContextVar

import matplotlib as mpl
from matplotlib.figure import Figure

INK, PAPER, GRID = "#222222", "#ffffff", "#d5d5d5"
ORANGE, BLUE, GREEN, VERMILION, PURPLE = "#e69f00", "#0072b2", "#009e73", "#d55e00", "#cc79a7"
WARM = "#ad4800"              # vermilion for words: 4.5 : 1 on paper and more, which the mark's own does not reach
LOSS_MAP = "cividis"

RC = {
    "font.family": "DejaVu Sans", "font.size": 11, "axes.titlesize": 11.5, "axes.labelsize": 11,
    "xtick.labelsize": 10, "ytick.labelsize": 10, "legend.fontsize": 10, "axes.titleweight": "bold",
    "axes.titlelocation": "left", "axes.titley": 1.0, "axes.edgecolor": INK, "axes.labelcolor": INK, "text.color": INK,
    "xtick.color": INK, "ytick.color": INK, "axes.spines.top": False, "axes.spines.right": False,
    "axes.grid": True, "grid.color": GRID, "grid.linewidth": 0.6, "axes.axisbelow": True,
    "figure.facecolor": PAPER, "axes.facecolor": PAPER, "lines.linewidth": 2.0, "lines.solid_capstyle": "round",
    "mathtext.fontset": "cm", "path.simplify_threshold": 0.5,
}
DRAWN = {"agg", "axes", "boxplot", "contour", "errorbar", "figure", "font", "grid", "hatch", "hist", "image", "legend",
         "lines", "markers", "mathtext", "patch", "path", "pcolor", "pcolormesh", "polaraxes", "scatter", "text",
         "xaxis", "xtick", "yaxis", "ytick"}           # the families of settings that say how something is drawn
# Matplotlib's own defaults below the house's: what a user has set for other figures must not show in these.
HOUSE = {name: dict.get(mpl.rcParamsDefault, name) for name in mpl.rcParamsDefault if name.split(".")[0] in DRAWN}
HOUSE |= mpl.RcParams(RC)

_in_style = ContextVar("in_style", default=False)             # whether this code draws in it


class _Settings(mpl.RcParams):
    """Matplotlib's settings, as they are for everybody; code inside `style()` reads those of the house instead.

    Nothing is set and set back, so figures that a user draws meanwhile, in whatever thread, are the user's. (To give
    each artist its look instead is not enough: how letters are hinted, paths thinned and images resampled is read
    when they are drawn, and no artist can be told.)
    """

    def __getitem__(self, name):
        if _in_style.get() and name in HOUSE and self is mpl.rcParams:
            return HOUSE[name]
        return mpl.RcParams.__getitem__(self, name)

    def __reduce__(self):
        return mpl.RcParams, (dict(dict.items(self)),)       # pickled or copied deep, it is matplotlib's own again


mpl.rcParams.__class__ = _Settings


@contextmanager
def style():
    """The house style as a context, for this thread and this task alone. It must not be left open over a yield."""
    token = _in_style.set(True)
    try:
        yield
    finally:
        _in_style.reset(token)


def in_style(pieces):
    """A generator of pieces that draw, each of them run in the style; returns what they return."""
    while True:
        with style():
            try:
                next(pieces)
            except StopIteration as end:
                return end.value
        yield


def figure(width, height, ratio=1.0):
    """A Figure of width x height CSS pixels, `ratio` device pixels to each (2 on a sharp screen)."""
    return Figure(figsize=(width / 100, height / 100), dpi=100 * ratio)


def place(figure, left, top, right, bottom):
    """Axes on the figure, edges in CSS pixels from the figure's top left corner."""
    width, height = figure.get_size_inches() * 100
    return figure.add_axes((left / width, 1 - bottom / height, (right - left) / width, (bottom - top) / height))


def pixels(thing):
    """(width, height) of axes or of a figure in CSS pixels."""
    box, ratio = thing.get_window_extent(), thing.get_figure(root=True).dpi / 100
    return box.width / ratio, box.height / ratio


def step_axis(axes, most):
    """The horizontal axis counts steps from 0 to `most`, in powers of ten."""
    ticks = [0, *(10 ** k for k in range(6) if 10 ** k <= most)]
    axes.set_xscale("symlog", linthresh=1, linscale=0.4)
    room = pixels(axes)[0] / len(ticks)
    labels = [f"{tick:,}" if room > 44 or k % 2 == 0 else "" for k, tick in enumerate(ticks)]     # every other if tight
    axes.set(xlim=(0, most), xticks=ticks, xticklabels=labels)
    axes.minorticks_off()
