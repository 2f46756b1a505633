"""Adam's numbers of one step as bars, one for each of two weights; numbers beside them."""
import numpy as np
from matplotlib.collections import LineCollection, PolyCollection
from matplotlib.transforms import ScaledTranslation

from bpviz.plots.label import label
from bpviz.plots.landscape import below_zero, side_labels
from bpviz.plots.motion import Words
from bpviz.plots.style import GREEN, INK, ORANGE, PAPER, VERMILION, pixels
from bpviz.words.catalogue import say
from bpviz.words.numbers import close, minus, plain3

LOOKS = ((GREEN, None), (ORANGE, "////"))                     # of w1 and of w2: hue and hatch
DECADES, LONGEST = (-3, 5), 1.5                               # of the rates; of the steps, in learning rates
TICKS = -2, 0, 2, 4                                           # decades of the rates that have a number
ROWS = {"gradient": 15, "mean": 45, "root": 75, "rates": 143, "move": 207}    # middles, CSS pixels from the top
KEY, OWN, MOVES, HIGH = 101, 122, 186, 238                    # where lines of words stand; how high it all is
APART, HALF = 6.5, 5.5                                        # of a row's two bars from its middle; of a bar
LEFT = 60                                                     # points from the axes to where titles begin


class StepBars:
    """One AdamStep as five rows of two bars, one a weight, in axes HIGH CSS pixels high; `update(step, largest)`.

    Gradient, mean and root are on one scale, `largest` the full width; with the means as they are before correction as
    diamonds.  Then the rates that the weights have of their own, powers of ten from the learning rate on; and the
    step, in learning rates. What is cut at the rim has an arrow there.
    """

    def __init__(self, axes):
        axes.set(xlim=(-1, 1), ylim=(HIGH, 0))
        axes.set_axis_off()
        self.middles = np.array([[y - APART, y + APART] for y in ROWS.values()])
        self.feet = np.array([0, 0, 0, self._log(0), 0])
        self.lengths = np.zeros((len(ROWS), 2))
        axes.add_collection(LineCollection([[(foot, y - 14), (foot, y + 14)] for foot, y in
                                            zip(self.feet, ROWS.values(), strict=True)], colors=INK, linewidths=1.1))
        self.ticks = self._scales(axes)
        self.bars = [axes.add_collection(PolyCollection([], facecolor=face, edgecolor=INK, hatch=hatch, linewidth=0.8))
                     for face, hatch in LOOKS]
        marks = {"linestyle": "", "markeredgecolor": INK, "clip_on": False}
        self.raw, = axes.plot([], [], "D", markersize=5, markerfacecolor=PAPER, **marks)
        self.cut = [axes.plot([], [], mark, color=VERMILION, markersize=7, **marks)[0] for mark in "<>"]
        beside = [axes.transData + ScaledTranslation(x / 72, 0, axes.get_figure(root=True).dpi_scale_trans)
                  for x in (-5, 6)]
        for name, y in ROWS.items():
            label(axes, -1, y, say("adam", f"row_{name}"), ha="right", fontsize=10, transform=beside[0])
        self.numbers = [[label(axes, 1, y, spelt=True, fontsize=9.5, transform=beside[1]) for y in row]
                        for row in self.middles]
        self.artists = (*self.bars, self.raw, *self.cut, *self.ticks.values(), *sum(self.numbers, []))

    @staticmethod
    def _log(decades):
        low, high = DECADES
        return 2 * (decades - low) / (high - low) - 1

    def _scales(self, axes):
        """The lines below the last two rows, with the numbers of the steps; {decade: the place of a rate's number}."""
        steps = {-1 / LONGEST: "−rate", 0.0: "0", 1 / LONGEST: "+rate"}
        for name, places in (("rates", [self._log(k) for k in TICKS]), ("move", steps)):
            y = ROWS[name] + 14
            axes.plot([-1, 1], [y, y], color=INK, linewidth=0.8)
            for x in places:
                axes.plot([x, x], [y, y + 4], color=INK, linewidth=0.8)
        for x, text in steps.items():
            label(axes, x, ROWS["move"] + 25, text, ha="center", fontsize=9.5)
        told = TICKS[1::2] if pixels(axes)[0] < 250 else TICKS
        ticks = {k: label(axes, self._log(k), ROWS["rates"] + 25, ha="center", fontsize=9.5) for k in told}
        for x in (-1 / LONGEST, 1 / LONGEST):
            axes.plot([x, x], [ROWS["move"] - 14, ROWS["move"] + 14], color=INK, linewidth=1, linestyle=(0, (3, 2)))
        return ticks

    def update(self, step, largest):
        whole = largest if largest > 0 else 1.0
        with np.errstate(all="ignore"):
            logs = self._log(np.log10(step.rates / step.optimizer.rate))
        for k, tick in self.ticks.items():
            tick.set_text(close(plain3(step.optimizer.rate * 10.0 ** k)))
        rows = ((step.gradient, step.gradient / whole), (step.mean, step.mean / whole), (step.root, step.root / whole),
                (step.rates, logs), (step.move, step.in_rates / LONGEST))
        lengths = np.array([ends for _, ends in rows])
        lengths = np.where(np.isnan(lengths), self.feet[:, None], lengths)
        for texts, (values, _) in zip(self.numbers, rows, strict=True):
            for k, (text, value) in enumerate(zip(texts, values, strict=True)):
                text.set_text(f"w{k + 1}  {plain3(value)}" if np.isfinite(value) else f"w{k + 1}  –")
        for k, bars in enumerate(self.bars):
            y, end, foot = self.middles[:, k], np.clip(lengths[:, k], -1, 1), self.feet
            bars.set_verts(np.stack([np.stack([foot, y - HALF], 1), np.stack([end, y - HALF], 1),
                                     np.stack([end, y + HALF], 1), np.stack([foot, y + HALF], 1)], axis=1))
        for mark, rim, beyond in zip(self.cut, (-1, 1), (lengths < -1 - 1e-9, lengths > 1 + 1e-9), strict=True):
            mark.set_data(np.full(beyond.sum(), rim), self.middles[beyond])
        with np.errstate(all="ignore"):
            self.raw.set_data(np.append(step.m, np.sqrt(step.v)) / whole, self.middles[1:3].ravel())


def written(axes):
    """Bindings: the words between the rows, in the places that ROWS leaves."""
    left = axes.transData + ScaledTranslation(-LEFT / 72, 0, axes.get_figure(root=True).dpi_scale_trans)
    bold = {"fontsize": 11 if pixels(axes)[0] > 220 else 9.5, "fontweight": "bold"}
    return tuple(Words(label(axes, -1, y, transform=left, **look), name) for y, name, look in (
        (KEY, "scale", {"fontsize": 9}), (OWN, "heads.own", bold), (MOVES, "heads.rate", bold)))


def loss_from_the_lowest(axes, land):
    """The axis of losses of a landscape: from its lowest minimum up in powers of ten, or from 0 where that is near 0.

    Minima are named at the side, those of one loss by the first and the last of them.
    """
    levels = land.points.loss[land.points.minima]
    names = np.array(land.points.label)[land.points.minima]
    high, middle, lowest = float(np.nanmax(land.loss)), float(np.nanmedian(land.loss)), min(levels, default=0.0)
    if (least := below_zero(land)) is not None:
        axes.set_ylim(least, float(np.nanquantile(land.loss, 0.9)))
    elif 1e-3 * high < lowest < 0.5 * high:
        axes.set_yscale("log")
        ticks = [t for k in range(-4, 4) for t in (10.0 ** k, 3 * 10.0 ** k) if lowest < t < high]
        axes.set(ylim=(0.8 * lowest, 1.1 * high), yticks=ticks, yticklabels=[minus(t) for t in ticks])
    elif high > 30 * middle or high > 30:
        axes.set_yscale("log")
        axes.set_ylim(max(middle, 1e-6) * 1e-8, high * 3)
    else:
        axes.set_ylim(0, high * 1.05)
    axes.minorticks_off()
    side_labels(axes, np.maximum(levels, axes.get_ylim()[0]), names)
