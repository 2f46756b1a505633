"""The gradient of every layer of a deep network: sizes, ratios, answers, flat units, one path, and what moves."""
import numpy as np

from bpviz.plots.depth import DecadeAxis, LayerAxis, LayerBars
from bpviz.plots.label import label
from bpviz.plots.pixels import PixelMap
from bpviz.plots.style import BLUE, GREEN, INK, ORANGE, VERMILION

BAND = "#9ecae1"


class Sizes:
    """|dL/dW| of every layer with the band of other seeds: `update(gradient, low, high)`, (L,) each or None."""

    def __init__(self, axes):
        self.x, self.y = LayerAxis(axes), DecadeAxis(axes)
        self.band, = axes.fill([], [], facecolor=BAND, edgecolor=BLUE, alpha=0.55, linewidth=0.6, label="other seeds")
        self.line, = axes.plot([], [], "-o", color=BLUE, markersize=5, markeredgecolor=INK, markeredgewidth=0.6,
                               label="this one")
        self.artists = (self.band, self.line, *self.x.artists, *self.y.artists)

    def update(self, gradient, low, high):
        layers = np.arange(1, len(gradient) + 1)
        self.x.update(len(gradient))
        self.y.update(gradient, *(() if low is None else (low, high)))
        self.line.set_data(self.x.at(layers), self.y.at(gradient))
        self.band.set_visible(low is not None)
        if low is not None:
            around = np.concatenate([layers, layers[::-1]])
            self.band.set_xy(np.stack([self.x.at(around), np.concatenate([self.y.at(low), self.y.at(high)[::-1]])], 1))


class Ratios:
    """What each layer multiplies the gradient by, measured, spread, expected: `update(ratio, low, high, expected)`."""

    def __init__(self, axes):
        self.x, self.y = LayerAxis(axes), DecadeAxis(axes, centred=True)
        axes.axhline(0.5, color=INK, linewidth=1.0)
        self.spread, = axes.plot([], [], color=BAND, linewidth=5, solid_capstyle="butt", label="other seeds")
        self.dots, = axes.plot([], [], "o", color=BLUE, markersize=5, markeredgecolor=INK, markeredgewidth=0.6,
                               label="this one")
        self.theory, = axes.plot([], [], "--", color=VERMILION, linewidth=2, label="theory")
        self.artists = (self.spread, self.theory, self.dots, *self.x.artists, *self.y.artists)

    def update(self, ratio, low, high, expected):
        layers = np.arange(1, len(ratio) + 1)
        self.x.update(len(ratio) + 1)
        extra = [part for part in (low, high, expected) if part is not None]
        self.y.update(ratio, *extra)
        between = self.x.at(layers + 0.5)
        self.dots.set_data(between, self.y.at(ratio))
        self.theory.set_data(*(([], []) if expected is None else (between, self.y.at(expected))))
        if low is None:
            self.spread.set_data([], [])
        else:                                            # one line, broken by NaN between the layers
            gap = np.full(len(ratio), np.nan)
            self.spread.set_data(np.stack([between] * 3, 1).ravel(),
                                 np.stack([self.y.at(low), self.y.at(high), gap], 1).ravel())


class Answers:
    """A histogram of the answers in every layer, as a column of grey: `update(histogram)`, (L, bins).

    reach: (lowest, highest) answer shown.  edges: of the bins.  ticks: ((place, words), ...).
    """

    def __init__(self, axes, edges, reach, ticks):
        self.keep = (edges[:-1] >= reach[0] - 1e-9) & (edges[1:] <= reach[1] + 1e-9)
        axes.set(ylim=reach, yticks=[place for place, _ in ticks], yticklabels=[words for _, words in ticks])
        axes.grid(False)
        self.x, self.map = LayerAxis(axes), PixelMap(axes)
        self.artists = (self.map, *self.x.artists)

    def update(self, histogram):
        self.x.update(len(histogram))
        counts = histogram[:, self.keep].T
        share = np.sqrt(counts / np.maximum(counts.max(axis=0), 1))[:, :, None]          # roots: rare answers show
        wide = np.repeat(share, 12, axis=1)
        wide[:, ::12] = 0                                                                # a gap between the layers
        paper, ink = np.array([255.0, 255, 255]), np.array([0.0, 70, 130])
        self.map.set_cells((paper + wide * (ink - paper)).astype(np.uint8))


class Flat:
    """Shares of flat answers, of units flat on every row, and of dead units: `update(saturated, stuck, dead)`."""

    def __init__(self, axes, name):
        axes.set(ylim=(0, 1), yticks=[0, 0.5, 1], yticklabels=["0", "50", "100"])
        self.x = LayerAxis(axes)
        self.bars = [LayerBars(axes, "#f5d491", 0.8, f"{name}"),
                     LayerBars(axes, VERMILION, 0.5, "on all rows"),
                     LayerBars(axes, INK, 0.24, "dead")]
        self.artists = (*sum((bars.artists for bars in self.bars), ()), *self.x.artists)

    def update(self, *shares):
        self.x.update(len(shares[0]))
        for bars, share in zip(self.bars, shares, strict=True):
            bars.update(self.x, share)


class FactorBars:
    """The factors along one path and their running product from the loss back: `update(factor, running)`, (L - 1,).

    A factor is a bar from 1: hanging down where it takes away, standing up where it adds, as much as the line moves.
    """

    def __init__(self, axes):
        self.x, self.y = LayerAxis(axes), DecadeAxis(axes)
        self.bars = LayerBars(axes, "#f5d491", 0.7, "factor")
        self.line, = axes.plot([], [], "-s", color=GREEN, markersize=5, markeredgecolor=INK, markeredgewidth=0.6,
                               label="product so far")
        self.artists = (*self.bars.artists, self.line, *self.x.artists, *self.y.artists)

    def update(self, factor, running):
        layers = np.arange(1, len(factor) + 1)
        self.x.update(len(factor) + 1)
        self.y.update(np.abs(factor), np.abs(running), [1.0])
        self.bars.update(self.x, self.y.at(factor), 0.5, self.y.at(1.0))
        self.line.set_data(self.x.at(layers), self.y.at(running))


class Moved:
    """How far each layer's weights have moved, as a share of their length: `update(moved)`, (L,)."""

    def __init__(self, axes):
        self.x, self.y = LayerAxis(axes), DecadeAxis(axes)
        self.bars = LayerBars(axes, ORANGE, 0.8, "_moved")
        self.none = label(axes, 0.5, 0.375, "none yet: Train", ha="center", fontsize=11)
        self.artists = (*self.bars.artists, self.none, *self.x.artists, *self.y.artists)

    def update(self, moved):
        self.x.update(len(moved))
        self.none.set_visible(not moved.any())
        self.y.update(moved)
        self.bars.update(self.x, self.y.at(moved))
