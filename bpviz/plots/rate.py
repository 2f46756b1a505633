"""The final loss over all learning rates, with the stability limits of the minima."""
import numpy as np

from bpviz.plots.style import BLUE, INK, ORANGE, VERMILION, WARM


class Sweep:
    """limits: ((label, rate), ...).  `update(rate, final)` draws the curve; a cross on top where it ran away.

    The upper part of the axes stays free for a Strip (plots/parabola.py).
    """

    def __init__(self, axes, rates, limits):
        axes.set_xscale("log")
        axes.set(xlim=(rates[0], rates[-1]), ylim=(0, 1.6), ylabel="final loss",
                 xlabel="learning rate", xticks=[0.01, 0.1, 1, 10, 100], yticks=[],
                 xticklabels=["0.01", "0.1", "1", "10", "100"])
        axes.minorticks_off()
        axes.grid(False)
        self.rates = rates
        for label, limit in limits:
            if rates[0] < limit < rates[-1]:
                axes.axvline(limit, ymax=0.58, color=VERMILION, linewidth=1.6, linestyle=(0, (5, 2)))
                axes.annotate(label, (limit, 0.8), xytext=(3, 0), textcoords="offset points", color=WARM,
                              fontweight="bold", fontsize=10)
        self.curve, = axes.plot([], [], color=BLUE)
        self.away, = axes.plot([], [], "x", color=INK, markersize=6)
        self.here = axes.axvline(rates[0], ymax=0.77, color=ORANGE, linewidth=3, alpha=0.8)
        self.artists = (self.here, self.curve, self.away)

    def update(self, rate, final):
        """final: the loss at the end per rate; inf where it ran away, nan where not known yet. Scaled to its top."""
        known, fine = ~np.isnan(final), np.isfinite(final)
        top = max(final[fine].max(), 1e-300) if fine.any() else 1.0
        self.curve.set_data(self.rates[fine], 0.85 * final[fine] / top)
        self.away.set_data(self.rates[known & ~fine], np.full((known & ~fine).sum(), 0.95))
        self.here.set_xdata([rate, rate])
