"""The final loss over all learning rates, with the stability limits of the minima."""
import numpy as np

from bpviz.plots.landscape import loss_axis
from bpviz.plots.style import BLUE, INK, ORANGE, VERMILION, WARM

PART = 0.62                     # of the height that is for losses; above it a Strip stands (plots/parabola.py)


class Sweep:
    """land: a record of `loss` and `points`.  limits: ((label, rate), ...).

    `update(rate, final)` draws the curve; a cross on top where it ran away.
    """

    def __init__(self, axes, rates, land, limits):
        axes.set_xscale("log")
        axes.set(xlim=(rates[0], rates[-1]), ylabel="final loss", xlabel="learning rate",
                 xticks=[0.01, 0.1, 1, 10, 100],
                 xticklabels=["0.01", "0.1", "1", "10", "100"])
        loss_axis(axes, land, PART)
        axes.minorticks_off()
        axes.grid(False)
        self.rates, self.low, self.top = rates, axes.get_ylim()[0], _up(axes, PART - 0.02)
        for label, limit in limits:
            if rates[0] < limit < rates[-1]:
                axes.axvline(limit, ymax=0.58, color=VERMILION, linewidth=1.6, linestyle=(0, (5, 2)))
                axes.annotate(label, (limit, 0.5), xycoords=axes.get_xaxis_transform(), xytext=(3, 0),
                              textcoords="offset points", color=WARM, fontweight="bold", fontsize=10)
        self.curve, = axes.plot([], [], color=BLUE)
        self.away, = axes.plot([], [], "x", color=INK, markersize=6)
        self.here = axes.axvline(rates[0], ymax=0.77, color=ORANGE, linewidth=3, alpha=0.8)
        self.artists = (self.here, self.curve, self.away)

    def update(self, rate, final):
        """final: the loss at the end per rate; inf where it ran away, nan where not known yet."""
        known, fine = ~np.isnan(final), np.isfinite(final)
        self.curve.set_data(self.rates[fine], np.clip(final[fine], self.low, self.top))
        self.away.set_data(self.rates[known & ~fine], np.full((known & ~fine).sum(), self.top))
        self.here.set_xdata([rate, rate])


def _up(axes, share):
    """The loss at this share of the height of the axes."""
    return float(axes.transData.inverted().transform(axes.transAxes.transform((0, share)))[1])
