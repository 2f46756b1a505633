"""How steep each unit of layer 1 and of the output answers on each row, beside the size of each layer's gradient."""
from dataclasses import dataclass

import numpy as np

from bpviz.calculus.activations import ACTIVATIONS
from bpviz.network.backprop import backprop
from bpviz.network.gradient_flow import FLAT, gradients_by_layer, steepest

MOST_UNITS = 40


@dataclass(frozen=True)
class Examined:
    """What was measured at some thetas.

    layers: those whose units are looked at, from 0.  units: how many each of them has.
    gradients: (layers of the network,) for each theta.  slopes: (units, rows) for each, 1 is the steepest.
    last: the last layer, from 0.
    """
    layers: list
    units: list
    last: int
    gradients: list
    slopes: list

    @property
    def names(self):
        """Of the units: numbers in layer 1, o for outputs."""
        return [name for k, n in zip(self.layers, self.units, strict=True)
                for name in (["o"] * n if k == self.last else map(str, range(1, n + 1)))]

    @property
    def flat(self):
        """How many units of the first of these layers are flat on every row, at each theta."""
        return [int((slopes[:self.units[0]] < FLAT).all(axis=1).sum()) for slopes in self.slopes]

    @property
    def ends(self):
        """The gradient of layer 1 and of the last layer at two thetas, as facts for a sentence."""
        before, after = self.gradients
        return [{"layer": k + 1, "before": before[k], "after": after[k]} for k in sorted({0, self.last})]


def examined(fit, thetas):
    """Measure `fit`, of a Network, at these thetas. Raises ValueError for more than 40 units to be looked at.

    A softmax is no unit with a slope of its own, so such an output is not looked at.
    """
    last = len(fit.network.sizes) - 2
    layers = [0] if fit.loss_record.output_name == "softmax" else sorted({0, last})
    units = [fit.network.sizes[k + 1] for k in layers]
    if sum(units) > MOST_UNITS:
        raise ValueError(f"fit: got {sum(units):,} units in layer 1 and at the output; allowed are at most "
                         f"{MOST_UNITS}")
    return Examined(layers, units, last, [gradients_by_layer(fit, theta).gradient for theta in thetas],
                    [_steepness(fit, theta, layers) for theta in thetas])


def _steepness(fit, theta, layers):
    """Slopes from 0 to 1 of the units in these layers, one below the other: (units, rows)."""
    with np.errstate(all="ignore"):
        trace = backprop(fit, theta)
        names = [fit.network.activations[k] for k in layers]
        return np.vstack([np.abs(ACTIVATIONS[name].slope(np, trace.h[k], trace.a[k + 1])) / steepest(name)
                          for k, name in zip(layers, names, strict=True)])
