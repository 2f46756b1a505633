"""Which learning rates train the network, and which let it run away? The border between them.

Every pixel is a descent of its own from the same start, with its own pair of hyperparameters: the rates of
two groups of weights, or one rate and the scale of the initial weights. A pixel converges if the mean of the
losses after each of the last 20 steps lies below the loss at the start, by more than rounding makes (a share of
1e-12), else it diverges; one whose weights are found beyond 10^6 (looked at every 10 steps, and after each of the
last 20) has diverged for good. How fast either happens shades it.

box dimension   the slope of log N against log 1/s, where N boxes of side s (in pixels) meet the border: 1 for a
                smooth curve, more for a border that is crinkled at every scale looked at

Source: Sohl-Dickstein 2024, arXiv:2402.06184, "The boundary of neural network trainability is fractal",
sections 2 and 3.
"""
from dataclasses import dataclass, replace

import numpy as np

from bpviz.base.arguments import choice, fit_of_layers, numeric, one_network, real, sequence, whole
from bpviz.base.records import checked_fields
from bpviz.base.result import Drawn
from bpviz.base.work import Part, in_parts, within
from bpviz.descent import optimizers
from bpviz.descent.crowd import Crowd
from bpviz.descent.method import Optimizer, knob
from bpviz.descent.optimizers import GradientDescent
from bpviz.descent.path import FAR
from bpviz.descent.update import update
from bpviz.landscape.planes import limits
from bpviz.words.catalogue import say
from bpviz.words.numbers import share1

LAST = 20                    # steps after each of which the final loss is taken, for its mean
PIECE, BATCH = 10, 4096
WORST = 10.0                 # for the shade: a loss so many times that of the start, or more, counts as so many
ROUNDING = 1e-12             # a loss is lower only by more than this share of it
CONVERGED, DIVERGED = 1, -1
MOST_SIDE = 2000
MOST_DECADES = 100           # 10^100 squared is still a float


@dataclass(frozen=True)
class RatesOfTheirOwn(Optimizer):
    """An optimizer of rate 1 in which every weight of every network has a rate of its own, the state's first (P, N)."""
    optimizer: Optimizer
    rate: float = knob(1.0, above=0)

    @property
    def known(self):
        return self.optimizer.known

    def start(self, theta):
        return (np.ones_like(theta), *self.optimizer.start(theta))

    def step(self, theta, gradient, state, scale=1.0):
        rates, *inner = state
        ahead, inner = self.optimizer.step(theta, gradient, tuple(inner), self.rate * scale * rates)
        return ahead, (rates, *inner)


@dataclass(frozen=True, eq=False, repr=False)
class Trainability(Drawn):
    """A map over two hyperparameters. x, y: (cells,), log10 of them.

    outcome: (cells, cells), 1 converged, -1 diverged, 0 not known yet; row = y.
    shade: (cells, cells), 0 to 1: how slowly it converged, or how soon it diverged.
    known: (cells, cells) booleans, really computed; the others copy their neighbour until they are.
    steps: of every descent.
    """
    x: np.ndarray
    y: np.ndarray
    outcome: np.ndarray
    shade: np.ndarray
    known: np.ndarray
    steps: int
    drawn = "trainability"

    def __post_init__(self):
        checked_fields(self, outcome="y x", x="x", y="y", shade="y x", known="y x")

    @property
    def share(self):
        return float(self.known.mean())

    @property
    def converged(self):
        """The share of the pixels that converge."""
        return float((self.outcome == CONVERGED).mean())

    @property
    def words(self):
        return say("results", "trainability", converged=self.converged, steps=self.steps, known=self.share)

    def table(self):
        rows = [(name, f"{(self.outcome == value).sum():,}", share1((self.outcome == value).mean()))
                for name, value in (("converged", CONVERGED), ("diverged", DIVERGED), ("not known yet", 0))]
        return f"A map of {len(self.y)} x {len(self.x)} pixels", ("outcome", "pixels", "share"), rows


@in_parts
def trainability(fit, theta, low, high, cells=200, steps=200, *, over="rates", optimizer=None):
    """The map over [low, high] (two numbers each, log10): a Trainability.

    over: "rates": x is the rate of the first layer, y that of all others; "scale": x is the rate, y multiplies theta.
    fit: a Fit.  theta: (P,), the start.  cells: pixels a side.  steps: of every descent.
    optimizer: whose steps they take, with the pixel's rates for its own; None: plain gradient descent. One of your own
        is handed its rates as an array shaped like theta.
    Raises ValueError for an optimizer that has no steps of a given length.
    `trainability.parts` takes the same and yields Parts: the Trainability so far, from coarse to fine.
    """
    theta = one_network("theta", theta, fit_of_layers("fit", fit, "bp.restarts").n_params)
    (low, high), cells, steps = limits(low, high), whole("cells", cells, 8, 2000), whole("steps", steps, LAST, 100_000)
    choice("over", over, ("rates", "scale"))
    optimizer = GradientDescent() if optimizer is None else optimizers.checked(optimizer, flow=False)
    for name, ends in (("low", low), ("high", high)):
        for end in ends:
            real(name, float(end), -MOST_DECADES, MOST_DECADES)
    x, y = (np.linspace(low[k], high[k], cells) for k in (0, 1))
    outcome, shade = np.zeros((cells, cells), int), np.zeros((cells, cells))
    known = np.zeros((cells, cells), bool)
    rows, columns = np.meshgrid(np.arange(cells), np.arange(cells), indexing="ij")
    for stride in (8, 4, 2, 1):
        new = (rows % stride == 0) & (columns % stride == 0) & ~known
        places = np.argwhere(new)
        for first in range(0, len(places), BATCH):
            i, j = places[first:first + BATCH].T
            before, after = known.sum() / known.size, (known.sum() + len(i)) / known.size
            answer = yield from within(_train(fit, theta, x[j], y[i], steps, over, optimizer), before, after)
            outcome[i, j], shade[i, j] = answer
            known[i, j] = True
            near = (rows // stride * stride, columns // stride * stride)
            there = known[near]
            filled = np.where(known, outcome, np.where(there, outcome[near], outcome))
            outcome, shade = filled, np.where(known, shade, np.where(there, shade[near], shade))
            yield Part(after, Trainability(x, y, outcome.copy(), shade.copy(), known.copy(), steps))


def _train(fit, theta, x, y, steps, over, optimizer):
    """Descents with these hyperparameters, as Parts: the result is (outcome, shade)."""
    N, P = len(x), fit.n_params
    first_layer = np.arange(P) < fit.network.n_in * fit.network.sizes[1] + fit.network.bias * fit.network.sizes[1]
    rates = np.where(first_layer[:, None], 10 ** x, 10 ** (y if over == "rates" else x))
    starts = np.repeat(theta[:, None], N, axis=1) * (1.0 if over == "rates" else 10 ** y)
    crowd = Crowd(fit, update(fit, RatesOfTheirOwn(replace(optimizer, rate=1.0))), starts)
    if crowd.engine:
        crowd.state[:P] = rates
    else:
        crowd.state = rates, *crowd.state[1:]
    start, total, lower, lost_at = fit.loss(starts), np.zeros(N), np.zeros(N), np.full(N, steps)
    while crowd.done < steps:
        count = 1 if crowd.done >= steps - LAST else min(PIECE, steps - LAST - crowd.done)
        crowd.advance(count)
        near = crowd.near() & (lost_at == steps)                                  # who is lost stays lost
        lost_at = np.where(near | (lost_at < steps), lost_at, crowd.done)
        crowd.theta = np.where(near, crowd.theta, FAR * 1.5)
        loss = np.where(near, fit.loss(np.where(near, crowd.theta, 0.0)), np.inf)
        with np.errstate(all="ignore"):
            total += np.where(loss < WORST * start, loss / start, WORST) * count
            if crowd.done > steps - LAST:
                lower += (start - loss) / LAST                                    # exactly 0 where nothing moved
        yield Part(crowd.done / steps)
    converged = lower > np.where(np.isfinite(start), ROUNDING * np.abs(start), 0.0)
    slow = np.clip(total / steps, 0, 1)
    soon = 1 - lost_at / steps
    yield Part(1.0, (np.where(converged, CONVERGED, DIVERGED), np.where(converged, slow, soon)))


def border(outcome):
    """The pixels that have another outcome than the one to the right or above: booleans, (cells, cells)."""
    edge = np.zeros(outcome.shape, bool)
    edge[:, :-1] |= outcome[:, :-1] != outcome[:, 1:]
    edge[:-1] |= outcome[:-1] != outcome[1:]
    return edge


@dataclass(frozen=True)
class Dimension:
    """A box dimension. sides: in pixels.  counts: boxes that meet the border.  value: the slope.  decades: log10 of the
    largest side over the smallest: nothing is claimed about any other scale."""
    value: float
    sides: tuple
    counts: tuple

    @property
    def decades(self):
        return float(np.log10(self.sides[-1] / self.sides[0]))


def box_dimension(edge, sides=(1, 2, 4, 8, 16, 32)):
    """The box dimension of a border by least squares over these box sides: a Dimension.

    edge: a Trainability, whose border is meant, or its pixels: (rows, columns) booleans, or
    numbers that are not 0 there.
    sides: of the boxes, in pixels, two or more different ones.  nan if there is no border.
    Estimator: grid boxes from one corner, slope of log counts on log 1/side. Raises ValueError for another shape.
    Source: Sohl-Dickstein 2024, arXiv:2402.06184, section 3; Falconer 2014, Fractal Geometry, section 2.1.
    """
    edge = border(edge.outcome) if isinstance(edge, Trainability) else edge
    edge = edge if isinstance(edge, np.ndarray) and edge.dtype == bool else numeric("edge", edge) != 0
    if edge.ndim != 2 or not edge.size:
        raise ValueError(f"edge: got shape {edge.shape}; allowed is (rows, columns)")
    sides = sequence("sides", sides, "allowed are whole numbers")
    sides = sorted({whole("sides", side, 1, MOST_SIDE) for side in sides})
    if len(sides) < 2:
        raise ValueError(f"sides: got {len(sides)} different; allowed are 2 or more")
    counts = []
    for side in sides:
        n, m = (-(-length // side) for length in edge.shape)
        padded = np.zeros((n * side, m * side), bool)
        padded[:edge.shape[0], :edge.shape[1]] = edge
        counts.append(int(padded.reshape(n, side, m, side).any(axis=(1, 3)).sum()))
    if min(counts) == 0:
        return Dimension(float("nan"), tuple(sides), tuple(counts))
    slope = np.polyfit(np.log(1 / np.array(sides)), np.log(counts), 1)[0]
    return Dimension(float(slope), tuple(sides), tuple(counts))
