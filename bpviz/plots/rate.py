"""The final loss over all learning rates, with the stability limits of the minima."""
import numpy as np

from bpviz.plots.landscape import loss_axis
from bpviz.plots.style import BLUE, INK, ORANGE, VERMILION, WARM, pixels

PART = 0.62                     # of the height that is for losses; above it a Strip stands (plots/parabola.py)


class Sweep:
    """land: a record of `loss` and `points`.  limits: ((label, rate), ...).

    `update(rate, final)` draws the curve; a cross on top where it ran away.
    """

    def __init__(self, axes, rates, land, limits):
        axes.set_xscale("log")
        ticks = [tick for power in range(-9, 9) if rates[0] * 0.999 <= (tick := float(f"1e{power}")) <= rates[-1]]
        axes.set(xlim=(rates[0], rates[-1]), ylabel="final loss", xlabel="learning rate", xticks=ticks,
                 xticklabels=[f"{tick:g}" for tick in ticks])
        loss_axis(axes, land, PART)
        axes.minorticks_off()
        axes.grid(False)
        self.low, self.top = axes.get_ylim()[0], _up(axes, PART - 0.02)
        self.rates = rates
        self._limits(axes, sorted((limit, label) for label, limit in limits if rates[0] < limit < rates[-1]))
        self.curve, = axes.plot([], [], color=BLUE)
        self.away, = axes.plot([], [], "x", color=INK, markersize=6)
        self.here = axes.axvline(rates[0], ymax=0.77, color=ORANGE, linewidth=3, alpha=0.8)
        self.artists = (self.here, self.curve, self.away)

    def _limits(self, axes, limits):
        """A dashed line at each (limit, label), ascending; labels that would stand on one another stand together."""
        together, wide = [], pixels(axes)[0] / np.log10(self.rates[-1] / self.rates[0])
        for limit, name in limits:
            axes.axvline(limit, ymax=0.58, color=VERMILION, linewidth=1.6, linestyle=(0, (5, 2)))
            if together and wide * np.log10(limit / together[-1][0]) < 13:
                together[-1] = limit, f"{together[-1][1]} {name}"
            else:
                together.append((limit, name))
        for limit, names in together:
            axes.annotate(names, (limit, 0.5), xycoords=axes.get_xaxis_transform(), xytext=(3, 0),
                          textcoords="offset points", color=WARM, fontweight="bold", fontsize=10)

    def update(self, rate, final):
        """final: the loss at the end per rate; inf where it ran away, nan where not known yet."""
        known, fine = ~np.isnan(final), np.isfinite(final)
        self.curve.set_data(self.rates[fine], np.clip(final[fine], self.low, self.top))
        self.away.set_data(self.rates[known & ~fine], np.full((known & ~fine).sum(), self.top))
        self.here.set_xdata([rate, rate])


def _up(axes, share):
    """The loss at this share of the height of the axes."""
    return float(axes.transData.inverted().transform(axes.transAxes.transform((0, share)))[1])
