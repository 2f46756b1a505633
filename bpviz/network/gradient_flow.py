"""What becomes of the gradient on its way back through a deep network, layer by layer, in numbers.

delta_k  dL/dz of layer k (n_k, rows), from the hand-written backward pass (network/backprop.py)
ratio    |delta_k| / |delta_(k+1)|: what one layer multiplies the gradient by on its way back

Where most ratios are below 1 the gradient vanishes exponentially with depth, above 1 it explodes. network/jacobians.py
takes one row apart further, network/mean_field.py says what to expect of random weights.
Source: Hochreiter 1991 (diploma thesis, TU Munich); Bengio, Simard and Frasconi 1994, IEEE Trans. Neural Networks 5;
Glorot and Bengio 2010, AISTATS, section 4.
"""
from dataclasses import dataclass
from math import hypot

import numpy as np

from bpviz.base.arguments import fit as a_fit
from bpviz.base.arguments import one_network
from bpviz.base.records import checked_fields
from bpviz.base.result import Drawn
from bpviz.base.work import Part, in_parts
from bpviz.calculus.activations import ACTIVATIONS
from bpviz.calculus.steepest import steepness
from bpviz.network.backprop import backprop
from bpviz.words.catalogue import say
from bpviz.words.numbers import share1

FLAT = 0.05                      # a unit answers flatly where its slope is below this share of the steepest slope
REACH, BINS = 4.0, 384           # histograms: how far, in the units of `squeezed`; how many bins
WORK = 400_000_000               # multiplications in one piece of work, some tens of ms


@dataclass(frozen=True, repr=False)
class LayerGradients(Drawn):
    """What one forward and backward pass meets in each of the L layers after the inputs; arrays (L,) unless said.

    The layers of a Model (network/model.py) are its stages with weights, each with the activation that it goes into.

    gradient: |dL/dW|, Frobenius norm.  delta: |dL/dz| over units and rows.  activation: |a| over units and rows.
    ratio: (L - 1,): |delta_k| / |delta_(k+1)|, what layer k + 1 multiplies the gradient by on its way back.
    slope: mean f' over units and rows.
    saturated: share of answers given with a slope below 5 % of the steepest the activation has (relu: silent ones).
    stuck: share of units that answer so on every row.  dead: share of units whose slope is exactly 0 on every row.
    histogram: (L, BINS): how often which answer, over EDGES in the units of `squeezed`.
    loss, slopes: the loss and its whole gradient, (P,), of the rows seen.
    rows, of: how many rows have been seen, of how many.
    """
    gradient: np.ndarray
    delta: np.ndarray
    activation: np.ndarray
    slope: np.ndarray
    saturated: np.ndarray
    stuck: np.ndarray
    dead: np.ndarray
    histogram: np.ndarray
    loss: float
    rows: int
    of: int
    slopes: np.ndarray
    drawn = "gradients_by_layer"

    def __post_init__(self):
        checked_fields(self, gradient="L", delta="L", activation="L", slope="L", saturated="L", stuck="L", dead="L",
                       histogram="L bins", slopes="P")

    @property
    def ratio(self):
        with np.errstate(all="ignore"):
            return self.delta[:-1] / self.delta[1:]

    @property
    def factor(self):
        """What a layer multiplies the gradient by, the geometric mean of all ratios; nan where nothing comes in."""
        with np.errstate(all="ignore"):
            return float((self.delta[0] / self.delta[-1]) ** (1 / max(len(self.delta) - 1, 1)))

    @property
    def words(self):
        return say("results", "layer_gradients", layers=len(self.delta), first=self.delta[0], last=self.delta[-1],
                   factor=self.factor, loss=self.loss)

    def table(self):
        ratios = ["", *(f"{ratio:.3g}" for ratio in self.ratio)]
        rows = [(str(k + 1), f"{self.gradient[k]:.3g}", f"{self.delta[k]:.3g}", ratios[k], f"{self.activation[k]:.3g}",
                 share1(self.saturated[k]), share1(self.dead[k])) for k in range(len(self.delta))]
        return ("The gradient layer by layer",
                ("layer", "|dL/dW|", "|dL/dz|", "times, on the way back", "|a|", "flat answers", "dead units"), rows)


EDGES = np.linspace(-REACH, REACH, BINS + 1)


def squeezed(a):
    """Answers on an axis that is plain up to 1 and counts powers of ten beyond: 10 is at 2, 100 at 3, -10 at -2."""
    size = np.abs(a)
    return np.where(size <= 1, a, np.copysign(1 + np.log10(np.maximum(size, 1)), a))


def steepest(name):
    """The largest |f'| of the activation of this name (calculus/steepest.py)."""
    return steepness(ACTIVATIONS[name])[0]


@in_parts
def gradients_by_layer(fit, theta):
    """Measure every layer of `fit` at theta (P,): a LayerGradients. Raises ValueError for another shape or NaN.

    `gradients_by_layer.parts` takes the same and yields Parts: the LayerGradients of the rows seen so far. The loss
    and the gradient are means or sums over rows, so the pieces (of WORK multiplications) add up exactly.
    """
    theta = one_network("theta", theta, a_fit("fit", fit).n_params)
    rows = fit.data.rows
    pieces = np.array_split(np.arange(rows), min(rows, -(-rows * 3 * fit.n_params // WORK)))
    tally, slow = _Tally(fit), [FLAT * steepest(name) for name in fit.network.activations]
    for batch in pieces:
        with np.errstate(all="ignore"):
            tally.add(backprop(fit, theta, rows=None if len(pieces) == 1 else batch), len(batch), slow)
            flow = tally.so_far()
        yield Part(flow.rows / flow.of, flow)


class _Tally:
    """Sums over the rows seen so far."""

    def __init__(self, fit):
        self.fit, self.rows, L = fit, 0, len(fit.network.layer_blocks)
        self.loss, self.gradient = 0.0, 0.0
        self.delta, self.activation, self.slope, self.flat = np.zeros((4, L))
        self.lively, self.alive = [False] * L, [False] * L            # then per unit
        self.histogram = np.zeros((L, BINS))

    def add(self, trace, rows, slow):
        fit = self.fit
        share = fit.loss_record.divisor(rows) / fit.divisor
        self.rows += rows
        self.loss += share * float(trace.loss)
        self.gradient = self.gradient + share * trace.gradient
        layers = zip(fit.network.activations, fit.network.layered(trace.h, trace.a),
                     fit.network.layered(trace.delta, trace.a), strict=True)
        for k, (name, (h, a), (delta, _)) in enumerate(layers):
            slope = ACTIVATIONS[name].slope(np, h, a)
            slope = slope.reshape(-1, rows)                                  # units, whatever axes they stand in
            steep = np.abs(slope)
            lively = steep >= slow[k]
            self.delta[k] = np.hypot(self.delta[k], share * norm(delta))     # a batch divides by its own rows
            self.activation[k] = np.hypot(self.activation[k], norm(a))
            self.slope[k] += slope.mean() * rows
            self.flat[k] += rows - lively.sum() / len(lively)
            self.lively[k] = self.lively[k] | lively.any(axis=1)
            self.alive[k] = self.alive[k] | (steep > 0).any(axis=1)
            self.histogram[k] += _counts(a)

    def so_far(self):
        seen = self.fit.divisor / self.fit.loss_record.divisor(self.rows)      # a mean over the rows seen, not over all
        gradient = self.gradient * seen
        network = self.fit.network
        blocks = network.split(gradient)
        norms = np.array([hypot(*(norm(blocks[name]) for name in names if name in network.weight_blocks))
                          for names in network.layer_blocks])
        stuck, dead = (1 - np.array([units.mean() for units in kind]) for kind in (self.lively, self.alive))
        return LayerGradients(norms, self.delta * seen, self.activation.copy(), self.slope / self.rows,
                              self.flat / self.rows, stuck, dead, self.histogram.copy(), self.loss * seen, self.rows,
                              self.fit.data.rows, gradient)


def norm(values):
    """The root of the sum of all squares; numbers as small as 1e-200 or as large as 1e200 are squared without loss."""
    flat = values.ravel()
    with np.errstate(all="ignore"):
        square = float(flat @ flat)
    if 1e-280 < square < 1e280:
        return np.sqrt(square)
    largest = float(np.abs(flat).max())
    return largest * np.sqrt(np.square(flat / largest).sum()) if 0 < largest < np.inf else largest


def _counts(a):
    """Answers per bin of EDGES; those further out are counted at the ends, and NaN nowhere."""
    place = squeezed(a.ravel()) if max(a.max(), -a.min()) > 1 else a.ravel()
    place = place[np.isfinite(place)] if not np.isfinite(place.sum()) else place
    bins = np.clip((place + REACH) * (BINS / (2 * REACH)), 0, BINS - 1).astype(np.intp)
    return np.bincount(bins, minlength=BINS)
