"""Two trainings side by side: the gradient by layer on one scale, the losses below, guessing as a dotted line."""
import numpy as np

from bpviz.plots.depth import DecadeAxis, LayerAxis, LayerBars
from bpviz.plots.label import label
from bpviz.plots.motion import Shaped, Stroke
from bpviz.plots.style import BLUE, GREEN, INK, ORANGE
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
        self.name = label(axes, 1, 0, say("cure", "guessing"), va="bottom", ha="right", fontsize=9.5,
                          transform=axes.get_yaxis_transform())
        self.artists = (self.line, self.name)

    def update(self, guess):
        self.line.set_ydata([guess, guess])
        self.name.set_y(guess)


def loss_of(axes, run, most):
    """Bindings of the loss of a run, `plain` or `cured`, on axes of steps that stay."""
    axes.set(xlim=(0, most), xticks=np.arange(0, most + 1, most // 4), ylim=(0, TOP), yticks=np.arange(0, TOP, 0.25))
    colour, dot = BLUE if run == "plain" else GREEN, {"color": ORANGE, "marker": "o", "markeredgecolor": INK}
    return (Shaped(Guessing(axes), (f"{run}.guess",)),
            Stroke(axes, f"{run}.losses", look={"color": colour}, edge=True),
            Stroke(axes, f"{run}.losses", look={**dot, "linestyle": ""}, part="last", edge=True))
