"""What each layer of a deep network passes on of the gradient, and where it is lost: numbers, reasons, a table.

Measured are one network (network/gradient_flow.py, network/jacobians.py) and a band of others drawn alike; beside
them stands what theory expects (network/mean_field.py).
"""
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from bpviz.base.result import ShowsItself
from bpviz.base.work import Part, within
from bpviz.calculus.activations import ACTIVATIONS
from bpviz.calculus.steepest import steepness
from bpviz.network.fit import Fit
from bpviz.network.gradient_flow import gradients_by_layer
from bpviz.network.starts import initial_weights
from bpviz.words.catalogue import Said
from bpviz.words.numbers import loss4, or_dash, plain, power_of_ten, share

ENOUGH, ROWS = 0.05, 12


@dataclass(frozen=True)
class Band:
    """Gradients (seeds, L) and ratios (seeds, L - 1) of other seeds, at the start of training."""
    gradients: tuple = ()
    ratios: tuple = ()

    @cached_property
    def ends(self):
        """(lowest, highest) gradients, and the same of the ratios; None for none."""
        return tuple((np.min(found, axis=0), np.max(found, axis=0)) if found else None
                     for found in (self.gradients, self.ratios))


def other_seeds(fit, start, gain, sigma_b, seeds):
    """The Band of so many networks drawn in the same way, as Parts; the first one, of none, is there at once."""
    band = Band()
    yield Part(0.0, band)
    for k in range(seeds):
        low, middle, high = (np.array([0.0, 0.5, 1.0]) + k) / seeds
        theta = yield from within(initial_weights.parts(fit.network, start, 1000 + k, gain, sigma_b), low, middle)
        flow = yield from within(gradients_by_layer.parts(fit, theta), middle, high)
        band = Band((*band.gradients, flow.gradient), (*band.ratios, flow.ratio))
        yield Part(high, band)


@dataclass(frozen=True, repr=False)
class PassedOn(ShowsItself):
    """What is known of the gradient's way through a network of L layers, whose hidden ones share an activation.

    fit, theta: the network, and its weights (P,) now.  flow: LayerGradients.  path: the strongest path on the first
    row.  band: other seeds.  expected: (L - 1,) ratios by theory or None.  cure: what the network has against it, or
    None.  reached: steps trained.  moved: (L,), of each W its way from the start, as a share of its length.  losses:
    (first, now).  stuck: the step at which the weights ran away, or None.
    largest: singular values, (of each Jacobian, of each W), or None while they are being found; product: log10 of the
    largest of all layers together.
    """
    fit: Fit
    theta: np.ndarray
    flow: object
    path: object
    band: Band
    expected: np.ndarray | None
    cure: str | None
    reached: int
    moved: np.ndarray
    losses: tuple
    stuck: int | None
    largest: tuple | None = None
    product: float | None = None

    @property
    def activation(self):
        """Of the hidden layers."""
        return self.fit.network.activations[0]

    @cached_property
    def zero(self):
        """Of each layer, whether its weights are all 0."""
        return tuple(not W.any() for W, _ in self.fit.network.layers(self.theta))

    @cached_property
    def learns(self):
        """Of each layer, whether its weights (0) and its biases (1) have a gradient: (L, 2) booleans."""
        network = self.fit.network
        blocks = network.split(self.flow.slopes)
        return np.array([[any(blocks[name].any() for name in names if (name in network.weight_blocks) == weight)
                          for weight in (True, False)] for names in network.layer_blocks])

    @cached_property
    def alike(self):
        """Whether the units of every hidden layer hear and say the same, so that training cannot tell them apart."""
        layers = self.fit.network.layers(self.theta)
        return all(np.ptp(W, axis=1).max() == 0 and np.ptp(b) == 0 and np.ptp(after, axis=0).max() == 0
                   for (W, b), (after, _) in zip(layers, layers[1:], strict=False))

    @property
    def words(self):
        sentences = [*_multiplies(self), _bound(self), _flat(self), _trained(self)]
        return str(Said("vanishing", tuple(filter(None, sentences))))

    def table(self):
        flow, path, L = self.flow, self.path, len(self.flow.gradient)
        shown = range(L) if L <= ROWS else np.unique(np.round(np.linspace(0, L - 1, ROWS)).astype(int))
        ratio, running, factor = ([*part, None] for part in (flow.ratio, path.running, path.factor))
        largest = [None] * L if self.largest is None else [*self.largest[0], None]
        rows = [(str(k + 1), plain(flow.gradient[k]), plain(flow.delta[k]), plain(flow.activation[k]),
                 or_dash(ratio[k]), or_dash(largest[k]), plain(flow.slope[k]), share(flow.saturated[k]),
                 share(flow.dead[k]), or_dash(factor[k]), or_dash(running[k]), plain(self.moved[k])) for k in shown]
        together = "" if self.product is None else (f"; all layers together stretch by at most "
                                                      f"{power_of_ten(self.product)}")
        return (f"Layer by layer, loss {loss4(flow.loss)}{together}",
                ("layer", "|dL/dW|", "|dL/dz|", "|a|", "passed on", "at most", "mean f′", "flat", "dead",
                 "path: factor", "product", "moved"), rows)


def bounded(activation):
    """Whether the answers of this activation stay between -1 and 1."""
    with np.errstate(all="ignore"):
        return bool(np.abs(ACTIVATIONS[activation].value(np, np.array([-1e9, 1e9]))).max() <= 1)


def flat_name(activation):
    """What an answer with next to no slope is called: saturated where answers are bounded, silent where it is 0."""
    with np.errstate(all="ignore"):
        silent = not np.any(ACTIVATIONS[activation].value(np, np.array([-9.0, -1.0])))
    return "saturated" if bounded(activation) else "silent" if silent else "flat"


def _multiplies(result):
    flow, L = result.flow, len(result.flow.gradient)
    first, last = flow.gradient[0], flow.gradient[-1]
    if not np.isfinite(flow.gradient).all() or not np.isfinite(flow.delta).all():
        return [("too_large", {"layers": L})]
    learns = result.learns
    if not learns[0].any():
        reached = np.flatnonzero(learns.any(axis=1))
        return [("none_reaches", {"layers": L, "first": reached[0] + 1 if len(reached) else None,
                                  "biases": bool(len(reached) and not learns[reached[0], 0])}), _lost(result)]
    return [("size", {"whole": flow.factor ** (L - 1)}),
            ("multiplies", {"factor": flow.factor, "speed": first / last if last > 0 else np.inf * first, "layers": L,
                            "expected": None if result.expected is None else _mean(result.expected),
                            "steps": result.reached}),
            ("alike", {}) if result.alike else None]


def _mean(values):
    """The geometric mean, 0 where one of them is; nan where others are inf."""
    with np.errstate(all="ignore"):
        return float(np.exp(np.log(values).mean()))


def _lost(result):
    """Where the gradient becomes exactly 0 on its way back, and why."""
    flow = result.flow
    through = np.flatnonzero(flow.delta > 0)
    if not len(through):
        return "lost", {"why": "nothing in"}
    last = int(through[0])                                         # counted from 0: this layer is still reached
    if last == 0:
        return "lost", {"why": "too small"}
    if flow.dead[last - 1] == 1:
        return "lost", {"why": "all dead", "layer": last}
    if result.zero[last]:
        return "lost", {"why": "zero weights", "layer": last + 1}
    return "lost", {"why": "some dead" if flow.dead[last - 1] > 0 else "zeros", "layer": last,
                    "dead": flow.dead[last - 1]}


def _bound(result):
    """How much a layer can keep at most, where that is what matters."""
    activation = result.activation
    if result.largest is None:
        return None
    jacobian, weights = map(_mean, result.largest)
    if not np.isfinite(jacobian) or not np.any(result.largest[1]):
        return None
    silent, empty = (int(np.sum(part == 0)) for part in result.largest)
    slope = steepness(ACTIVATIONS[activation])[1]
    layers = len(result.largest[0])
    return "bound", {"row": {"jacobian": jacobian, "silent": silent, "layers": layers}, "cure": result.cure,
                     "activation": activation, "slope": slope, "silent": silent,
                     "norm": {"weights": weights, "slope": slope, "empty": empty, "layers": layers,
                              "kept": None if slope is None else slope * weights}}


def _flat(result):
    flow, hidden = result.flow, slice(0, -1)
    flat, stuck, dead = (float(part[hidden].mean()) for part in (flow.saturated, flow.stuck, flow.dead))
    if not np.isfinite(flow.activation).all() or not (flat > ENOUGH or stuck > 0):
        return None
    return "no_slope", {"share": flat, "stuck": stuck, "dead": dead, "name": flat_name(result.activation)}


def _trained(result):
    if not result.reached:
        return None
    if result.stuck is not None and result.stuck <= result.reached:
        return "ran_away", {"step": result.stuck}
    before, after = result.losses
    return "trained", {"steps": result.reached, "before": before, "after": after, "first": result.moved[0],
                       "last": result.moved[-1], "layers": len(result.moved)}
