"""Adam's numbers of one step as bars, one for each of two weights; numbers beside them."""
import numpy as np
from matplotlib.collections import PolyCollection
from matplotlib.transforms import ScaledTranslation

from bpviz.plots.label import label
from bpviz.plots.landscape import EDGE, side_labels
from bpviz.plots.style import GREEN, INK, ORANGE, PAPER, VERMILION
from bpviz.words.catalogue import say
from bpviz.words.numbers import plain3

LOOKS = ((GREEN, None), (ORANGE, "////"))                     # of w1 and of w2: hue and hatch
DECADES, LONGEST = (-3, 5), 1.5                               # of the rates; of the steps, in learning rates


def under(axes, below, left=0):
    """Where a line of words begins, so many CSS pixels below axes.  left: from their left edge, points."""
    return axes.transAxes + ScaledTranslation(left / 72, -below / 100, axes.get_figure(root=True).dpi_scale_trans)


def loss_from_the_lowest(axes, land):
    """The axis of losses of a landscape: from its lowest minimum up in powers of ten, or from 0 where that is near 0.

    Minima are named at the side, those of one loss by the first and the last of them.
    """
    levels = land.points.loss[land.points.minima]
    names = np.array(land.points.label)[land.points.minima]
    high, middle, lowest = float(np.nanmax(land.loss)), float(np.nanmedian(land.loss)), min(levels, default=0.0)
    if 1e-3 * high < lowest < 0.5 * high:
        axes.set_yscale("log")
        ticks = [t for k in range(-4, 4) for t in (10.0 ** k, 3 * 10.0 ** k) if lowest < t < high]
        axes.set(ylim=(0.8 * lowest, 1.1 * high), yticks=ticks, yticklabels=[f"{t:g}" for t in ticks])
    elif high > 30 * middle or high > 30:
        axes.set_yscale("log")
        axes.set_ylim(max(middle, 1e-6) * 1e-8, high * 3)
    else:
        axes.set_ylim(0, high * 1.05)
    axes.minorticks_off()
    one = [np.flatnonzero(np.abs(levels - level) <= 1e-9 * high) for level in levels]
    first = [k for k, alike in enumerate(one) if k == alike[0]]
    side_labels(axes, np.maximum(levels[first], axes.get_ylim()[0]),
                [names[k] if len(one[k]) == 1 else f"{names[k]}–{names[one[k][-1]]}" for k in first])


class WeightBars:
    """Rows of bars, two a row, one for each weight: `put(row, lengths, numbers)`; an arrow where one is cut at the rim.

    rows: their names.  foot: where bars begin.
    """

    def __init__(self, axes, rows, foot=0.0):
        n = len(rows)
        axes.set(ylim=(n, 0), yticks=np.arange(n) + 0.5, yticklabels=rows)
        axes.tick_params(axis="y", length=0)
        axes.grid(False)
        axes.axvline(foot, color=INK, linewidth=1.1)
        self.axes, self.foot = axes, foot
        self.middles = np.array([[k + 0.28, k + 0.72] for k in range(n)])
        self.lengths = np.full((n, 2), foot)
        self.bars = [axes.add_collection(PolyCollection([], facecolor=face, edgecolor=INK, hatch=hatch, linewidth=0.8))
                     for face, hatch in LOOKS]
        self.cut, = axes.plot([], [], ">", color=VERMILION, markersize=7, markeredgecolor=INK, clip_on=False)
        self.cut_left, = axes.plot([], [], "<", color=VERMILION, markersize=7, markeredgecolor=INK, clip_on=False)
        beside = axes.get_yaxis_transform() + ScaledTranslation(6 / 72, 0, axes.get_figure(root=True).dpi_scale_trans)
        self.numbers = [[label(axes, 1, y, spelt=True, fontsize=9.5, transform=beside, path_effects=EDGE) for y in row]
                        for row in self.middles]
        self.artists = (*self.bars, self.cut, self.cut_left, *sum(self.numbers, []))

    def put(self, row, lengths, values):
        """lengths: (2,) in the units of the axes, from the foot on if that is 0.  values: (2,) what is written."""
        self.lengths[row] = lengths
        for k, (text, value) in enumerate(zip(self.numbers[row], values, strict=True)):
            text.set_text(f"w{k + 1}  {plain3(value)}")

    def show(self):
        """Draw what was put."""
        low, high = self.axes.get_xlim()
        ends = np.clip(np.nan_to_num(self.lengths, nan=self.foot), low, high)
        for k, bars in enumerate(self.bars):
            y, end = self.middles[:, k], ends[:, k]
            up, down, foot = y - 0.19, y + 0.19, np.full(len(y), self.foot)
            bars.set_verts(np.stack([np.stack([foot, up], 1), np.stack([end, up], 1),
                                     np.stack([end, down], 1), np.stack([foot, down], 1)], axis=1))
        for mark, beyond, rim in ((self.cut, self.lengths > high, high), (self.cut_left, self.lengths < low, low)):
            mark.set_data(np.full(beyond.sum(), rim), self.middles[beyond])


class GradientBars:
    """The gradient, its mean and its root, on one scale for the whole run; `update(step, largest)`.

    largest: the largest |g| of the run, the full width.
    """

    def __init__(self, axes):
        axes.set(xlim=(-1, 1), xticks=[])
        self.rows = WeightBars(axes, [say("adam", f"row_{name}") for name in ("gradient", "mean", "root")])
        look = {"linestyle": "", "marker": "D", "markersize": 5, "markerfacecolor": PAPER, "markeredgecolor": INK,
                "clip_on": False}
        self.raw, = axes.plot([], [], **look)
        self.artists = (*self.rows.artists, self.raw)

    def update(self, step, largest):
        whole = largest if largest > 0 else 1.0
        for row, values in enumerate((step.gradient, step.mean, step.root)):
            self.rows.put(row, values / whole, values)
        self.rows.show()
        self.raw.set_data(np.append(step.m, np.sqrt(step.v)) / whole, self.rows.middles[1:].ravel())


class RateBars:
    """The rate that each weight has of its own, in learning rates, in powers of ten from 1 on; `update(step)`."""

    def __init__(self, axes):
        ticks = range(-2, DECADES[1], 2)
        axes.set(xlim=DECADES, xticks=list(ticks),
                 xticklabels=[f"× {10.0 ** k:g}" for k in ticks])
        self.rows = WeightBars(axes, [say("adam", "row_rates")])
        self.artists = self.rows.artists

    def update(self, step):
        with np.errstate(all="ignore"):
            logs = np.log10(step.rates / step.optimizer.rate)
        self.rows.put(0, logs, step.rates)
        self.rows.show()


class MoveBars:
    """How far each weight moves, in learning rates; `update(step)`."""

    def __init__(self, axes):
        axes.set(xlim=(-LONGEST, LONGEST), xticks=[-1, 0, 1], xticklabels=["−rate", "0", "+rate"])
        for rim in (-1, 1):
            axes.axvline(rim, color=INK, linewidth=1, linestyle=(0, (3, 2)))
        self.rows = WeightBars(axes, [say("adam", "row_move")])
        self.artists = self.rows.artists

    def update(self, step):
        self.rows.put(0, step.in_rates, step.move)
        self.rows.show()
