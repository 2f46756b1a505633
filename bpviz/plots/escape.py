"""A race of optimizers: paths, curves, shares with their intervals, a histogram.

Each racer has a look of its own: colour, dash and mark. A learner's own optimizer shares none of ours.
"""
import numpy as np

from bpviz.plots.answers import answers_axes
from bpviz.plots.landscape import START
from bpviz.plots.motion import Stroke
from bpviz.plots.style import BLUE, GREEN, INK, ORANGE, PAPER, PURPLE, VERMILION, pixels

COLOURS = BLUE, VERMILION, ORANGE, GREEN, PURPLE, "#56b4e9", INK
DASHES = "-", (0, (5, 1.5)), (0, (3, 1, 1, 1)), (0, (1, 1)), (0, (3, 1, 1, 1, 1, 1))
ENDS = "osD^vPX*h"
OWN = "#9c0060", (0, (8, 1.5)), "p"


def look(k):
    """Colour, dash and mark of line k; no two of the first 35 share colour and dash, as 7 and 5 have no divisor."""
    return COLOURS[k % len(COLOURS)], DASHES[k % len(DASHES)], ENDS[k % len(ENDS)]


def looks(ours, own):
    """The looks of so many racers: ours first, then those of the learner's own."""
    return [*map(look, range(ours)), *[OWN] * own]


def look_of(one):
    """A look, as for axes.plot."""
    colour, dash, mark = one
    return {"color": colour, "linestyle": dash, "marker": mark, "markersize": 6}


def runners(axes, racers, most):
    """Bindings of several `paths` on one landscape, each with its mark at the moment looked at, `now`.

    racers: {name: look}.  most: points of each.
    """
    halos, lines, ends = [], [], []
    for name, (colour, dash, mark) in racers.items():
        both = {"x": f"paths.{name}.theta.0", "y": f"paths.{name}.theta.1", "most": most}
        halos.append(Stroke(axes, **both, look={"color": PAPER, "linewidth": 3.4}))
        lines.append(Stroke(axes, **both, look={"color": colour, "linestyle": dash, "linewidth": 1.9}))
        ends.append(Stroke(axes, f"now.{name}.theta.1", f"now.{name}.theta.0", {
            "linestyle": "", "marker": mark, "color": colour, "markersize": 9, "markeredgecolor": INK}))
    start = f"paths.{next(iter(racers))}.theta"
    return (*halos, *lines, *ends, Stroke(axes, f"{start}.1", f"{start}.0", START, part="first"))


def racers_answers(axes, fit, racers):
    """The data on the axes, and the bindings of what each racer's network answers over x now."""
    x = answers_axes(axes, fit)
    return [Stroke(axes, f"now.{name}.answer", x, {"color": colour, "linestyle": dash, "linewidth": 1.7})
            for name, (colour, dash, _) in racers.items()]


class Shares:
    """A bar for each racer of {name: look}: `update([(share, low and high of its 95 % interval) or None, ...])`."""

    def __init__(self, axes, racers):
        axes.set(xlim=(0, 1), ylim=(len(racers) - 0.5, -0.5), yticks=range(len(racers)), yticklabels=list(racers),
                 xticks=[0, 0.5, 1], xticklabels=["0", "50", "100"])
        axes.tick_params(axis="y", labelsize=9, length=0, pad=20)
        for k, (name, (colour, _, mark)) in enumerate(racers.items()):
            axes.plot(-11 / pixels(axes)[0], k, mark, color=colour, markeredgecolor=INK, markersize=8, clip_on=False,
                      label=name)
        axes.grid(False, axis="y")
        self.bars = axes.barh(range(len(racers)), 0, height=0.62, color=[colour for colour, _, _ in racers.values()],
                              edgecolor=INK, linewidth=0.8).patches
        self.spans = [axes.plot([], [], color=INK, linewidth=2, marker="|", markersize=8)[0] for _ in racers]
        self.artists = (*self.bars, *self.spans)

    def update(self, shares):
        for k, (bar, span, share) in enumerate(zip(self.bars, self.spans, shares, strict=True)):
            bar.set_width(share[0] if share else 0)
            span.set_data([share[1], share[2]] if share else [], [k, k] if share else [])


class Histogram:
    """How many descents ended with which loss: `update(losses (n,))`; infinite ones stand at the right edge.

    low, high: the losses at the ends of the `bins`.  levels: ((loss, name), ...), marked.
    """

    def __init__(self, axes, low, high, bins, levels):
        self.edges = np.linspace(low, high, bins + 1)
        axes.set(xlim=(low, high + (high - low) / bins), ylim=(0, 1), yticks=[])
        for level, name in levels:
            axes.axvline(level, color=INK, linewidth=0.9, linestyle=(0, (2, 2)))
            axes.annotate(name, (level, 1), ha="center", va="bottom", fontsize=10, fontweight="bold",
                          annotation_clip=False)
        self.bars = axes.bar(self.edges, 0, width=(high - low) / bins, align="edge", color="#9ecae1", edgecolor=INK,
                             linewidth=0.7).patches
        self.artists = tuple(self.bars)

    def update(self, losses):
        counts, _ = np.histogram(losses, self.edges)
        counts = np.append(counts, (~(losses <= self.edges[-1])).sum())
        for bar, count in zip(self.bars, counts, strict=True):
            bar.set_height(0.92 * count / max(counts.max(), 1))
