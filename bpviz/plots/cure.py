"""Two trainings side by side: the gradient by layer on one scale, the losses below, guessing as a dotted line."""
import numpy as np
from matplotlib.transforms import ScaledTranslation

from bpviz.plots.depth import DecadeAxis, LayerAxis, LayerBars
from bpviz.plots.label import label
from bpviz.plots.motion import Shaped, Stroke
from bpviz.plots.style import BLUE, GREEN, INK, ORANGE, PAPER, VERMILION
from bpviz.words.catalogue import say

TOP = 1.05                       # of the axes of losses


class LayerSizes:
    """|dL/dz| of every layer of two networks, on two axes of one scale: `update((one, other))`, (L,) each."""

    def __init__(self, *both):
        self.x, self.y = [LayerAxis(axes) for axes in both], [DecadeAxis(axes) for axes in both]
        self.bars = [LayerBars(axes, colour, 0.8, "_size") for axes, colour in zip(both, (BLUE, GREEN), strict=True)]
        self.artists = tuple(artist for part in (*self.bars, *self.x, *self.y) for artist in part.artists)

    def update(self, sizes):
        for x, y, bars, size in zip(self.x, self.y, self.bars, sizes, strict=True):
            x.update(len(size))
            y.update(*sizes)
            bars.update(x, y.at(size))


class Guessing:
    """The loss of the best constant answer, a line with its name; `update(guess)`."""

    def __init__(self, axes):
        self.line = axes.axhline(0, color=INK, linewidth=1.1, linestyle=(0, (2, 2)))
        off = ScaledTranslation(-6 / 72, 4 / 72, axes.get_figure(root=True).dpi_scale_trans)
        self.name = label(axes, 1, 0, say("cure", "guessing"), va="bottom", ha="right", fontsize=9.5,
                          transform=axes.get_yaxis_transform() + off)
        self.artists = (self.line, self.name)

    def update(self, guess):
        self.line.set_ydata([guess, guess])
        self.name.set_y(guess)


class Bundle:
    """The losses of other seeds, thin lines behind; `update(losses)`, a sequence of (n,)."""

    def __init__(self, axes, colour):
        self.lines, = axes.plot([], [], color=colour, linewidth=1, alpha=0.45)
        self.artists = (self.lines,)

    def update(self, losses):
        gap = [np.nan]
        x = [part for loss in losses for part in (np.arange(len(loss)), gap)]
        y = [part for loss in losses for part in (np.fmin(loss, TOP), gap)]
        self.lines.set_data(np.concatenate(x or [gap]), np.concatenate(y or [gap]))


class Spikes:
    """An arrow at the upper rim over each stretch of steps whose loss is above it, or no number.

    `update(losses, others)`: of a run (n,), filled; and of the other seeds, a sequence of (n,), hollow.
    """

    def __init__(self, axes):
        look = {"linestyle": "", "marker": "^", "clip_on": False}
        self.others, = axes.plot([], [], **look, markersize=6, markerfacecolor=PAPER, markeredgecolor=INK)
        self.marks, = axes.plot([], [], **look, markersize=7, markerfacecolor=VERMILION, markeredgecolor=INK)
        self.artists = (self.others, self.marks)

    def update(self, losses, others=()):
        for marks, runs in ((self.marks, (losses,)), (self.others, others)):
            at = np.concatenate([_above(run) for run in runs] or [[]])
            marks.set_data(at, np.full(len(at), TOP))


def _above(losses):
    """The middles of the stretches of steps in which the losses (n,) are above the rim, or no number."""
    above = np.concatenate([[False], ~(losses <= TOP), [False]])
    first, last = np.flatnonzero(above[1:] > above[:-1]), np.flatnonzero(above[1:] < above[:-1]) - 1
    return (first + last) / 2


def loss_of(axes, run, side, most):
    """Bindings of the loss of a run, `plain` or `cured`, on axes of steps that stay.  side: its place in a pair."""
    axes.set(xlim=(0, most), xticks=np.arange(0, most + 1, most // 4), ylim=(0, TOP), yticks=np.arange(0, TOP, 0.25))
    colour, dot = BLUE if run == "plain" else GREEN, {"color": ORANGE, "marker": "o", "markeredgecolor": INK}
    return (Shaped(Bundle(axes, colour), (f"bundles.{side}",)), Shaped(Guessing(axes), (f"{run}.guess",)),
            Stroke(axes, f"{run}.losses", look={"color": colour}, edge=True),
            Stroke(axes, f"{run}.losses", look={**dot, "linestyle": ""}, part="last", edge=True),
            Shaped(Spikes(axes), (f"{run}.losses", f"bundles.{side}")))
