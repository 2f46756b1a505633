"""Axes whose scale moves with what is shown: layers along, powers of ten up; and bars by layer.

Matplotlib's own ticks belong to the unmoving background; here the axes go from 0 to 1 and the ticks are labels.
"""
import numpy as np
from matplotlib.collections import PolyCollection

from bpviz.plots.label import label
from bpviz.plots.style import INK, pixels
from bpviz.words.numbers import formatted, power, power_of_ten

SPANS = (1, 2, 5, 10, 20, 50, 100, 200)              # decades between two ticks
TICKS = 4                                            # gaps between ticks



class LayerAxis:
    """The layers 1 to L along axes from 0 to 1: `update(L)`, then `at(k)` says where layer k stands."""

    def __init__(self, axes):
        axes.set(xlim=(0, 1), xticks=[])
        axes.set_xlabel("layer, inputs to loss", fontsize=9.5, labelpad=14)
        axes.grid(False, axis="x")
        self.axes, self.layers = axes, 1
        self.labels = [label(axes, 0, 0, ha="center", va="top", fontsize=10) for _ in range(6)]
        self.artists = tuple(self.labels)

    def update(self, layers):
        self.layers = layers
        step = next(step for step in (1, 2, 5, 10, 20) if layers / step <= 5)
        shown = [1, *range(step, layers + 1, step)] if step > 1 else [*range(1, layers + 1)]
        shown = [k for k in dict.fromkeys(shown) if k == 1 or k - 1 >= 0.6 * step]
        _, height = pixels(self.axes)
        for k, text in enumerate(self.labels):
            text.set_text(str(shown[k]) if k < len(shown) else "")
            if k < len(shown):
                text.set(x=self.at(shown[k]), y=self.low - 5 / height * self.span)

    @property
    def low(self):
        return self.axes.get_ylim()[0]

    @property
    def span(self):
        low, high = self.axes.get_ylim()
        return high - low

    def at(self, k):
        return (np.asarray(k) - 0.5) / self.layers


class DecadeAxis:
    """Powers of ten up axes from 0 to 1: `update(values)` chooses the range, then `at(values)` says where they stand.

    low, high: powers of ten between which the range is chosen.  centred: keep 1 in the middle.
    """

    def __init__(self, axes, centred=False):
        axes.set(ylim=(0, 1), yticks=np.linspace(0, 1, TICKS + 1), yticklabels=[])
        axes.tick_params(axis="y", length=0)
        self.axes, self.centred, self.bottom, self.top = axes, centred, -1, 1
        left, right = axes.get_xlim()
        self.labels = [label(axes, left - 0.012 * (right - left), 0, ha="right", fontsize=10) for _ in range(TICKS + 1)]
        self.artists = tuple(self.labels)

    def update(self, *groups):
        """groups: arrays of numbers that are to be seen; what is not positive or not finite has no place."""
        with np.errstate(all="ignore"):
            logs = np.log10(np.concatenate([np.ravel(group) for group in groups]))
        logs = logs[np.isfinite(logs)]
        low, high = (logs.min(), logs.max()) if len(logs) else (-1.0, 1.0)
        if self.centred:
            reach = max(abs(low), abs(high), 0.15)
            reach = next((r for r in (0.301, 1, 2, 4, 10, 20, 50, 100) if reach <= r), 400)
            self.bottom, self.top = -reach, reach
        else:
            for span in SPANS:
                steady = max(1, span // 2)               # the range moves in steps, not with every frame
                self.top = np.ceil((high + 0.02) / steady) * steady
                self.bottom = self.top - TICKS * span
                if self.bottom <= low:
                    break
        for place, text in zip(np.linspace(0, 1, TICKS + 1), self.labels, strict=True):
            text.set(y=place, text=_tick(self.bottom + place * (self.top - self.bottom)))

    def at(self, values):
        """Between 0 and 1; what is 0 stands at the bottom, what is infinite at the top."""
        with np.errstate(all="ignore"):
            logs = np.log10(np.abs(np.asarray(values, dtype=float)))
        return np.clip((np.nan_to_num(logs, nan=-999, neginf=-999, posinf=999) - self.bottom) /
                       (self.top - self.bottom), 0, 1)


def _tick(exponent):
    if abs(exponent) <= 2:
        return formatted(10 ** exponent, ".3g")
    return power(round(exponent)) if abs(exponent - round(exponent)) < 1e-9 else power_of_ten(exponent)


class LayerBars:
    """Bars by layer, each kind of its own width, from the floor up: `update(axis, heights)`, heights (L,) in the axes'
    own units; shift: by how many layers they stand further right; floor: where they begin, if not
    at the bottom."""

    def __init__(self, axes, colour, wide, name):
        self.bars = axes.add_collection(PolyCollection([], facecolor=colour, edgecolor=INK, linewidth=0.6))
        self.bars.set_label(name)
        self.wide, self.artists = wide, (self.bars,)

    def update(self, axis, heights, shift=0.0, floor=None):
        layers = np.arange(1, len(heights) + 1) + shift
        left, right = axis.at(layers - self.wide / 2), axis.at(layers + self.wide / 2)
        floor = np.full(len(heights), axis.low if floor is None else floor)
        heights = np.asarray(heights, dtype=float)
        self.bars.set_verts(np.stack([np.stack([left, floor], 1), np.stack([left, heights], 1),
                                      np.stack([right, heights], 1), np.stack([right, floor], 1)], axis=1))
