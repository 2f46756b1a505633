"""Noise on the way down: a gradient that sees only some of the rows, or only some of the units.

Each is a frozen record with one pure function, `gradient(fit, theta, k)`: the noisy gradient of step k.
The noise is drawn from (seed, k), so any step can be drawn again; networks in a cloud get noise of
their own each.
"""
import math
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from bpviz.base.arguments import MOST_NUMBERS, cloud, fit_of_layers, instance, real, refuse, sequence, whole
from bpviz.base.arguments import fit as a_fit
from bpviz.descent.program import is_short
from bpviz.descent.schedules import LAST
from bpviz.network.frozen import still
from bpviz.network.shape import Network
from bpviz.network.unroll import RECORDING, Recorded, compiled_lines, recorded

SHUFFLED, CYCLIC = "shuffled", "cyclic"
MOST_ORDERED = 1_000_000        # rows in an order of one's own
FEW = 8                         # rows up to which one after the other in plain Python is faster than NumPy


@lru_cache(maxsize=64)
def _order(seed, turn, shape):
    """An order of the rows of its own for every network, in this turn through the data; kept, so read only."""
    order = np.random.default_rng((seed, turn)).random(shape).argsort(axis=0)
    order.flags.writeable = False
    return order


@lru_cache(maxsize=32)
def _any_row(fit):
    """The gradient of one row, whichever it is, as plain straight-line Python: (w..., x..., t...) -> P numbers."""
    if not is_short(fit, 1):
        return None
    tape, counts = [], {"w": (fit.n_params,), "x": (len(fit.data.x), 1), "t": (len(fit.data.y), 1)}
    given = {letter: recorded(tape, letter, shape) for letter, shape in counts.items()}
    trace = fit.network.forward_and_backward(fit.loss_record, *given.values(), RECORDING)
    slopes = [slope.name if isinstance(slope, Recorded) else repr(float(slope)) for slope in trace.gradient]
    return compiled_lines([number.name for part in given.values() for number in part.flat], tape,
                          f"({', '.join(slopes)},)")


@dataclass(frozen=True)
class MiniBatch:
    """The gradient over `rows` rows of the data, drawn without replacement until every row had its turn.

    It is their mean or their sum, as the Fit's `reduction` says.
    rows: how many a step; 1 is "online" learning.  seed: of numpy's default_rng.
    order: "shuffled", anew in every turn and for every network; "cyclic", as they stand in the data, again and again;
        or a tuple of row numbers, taken again and again.
    Source: Robbins and Monro 1951; Bottou 1998, Online learning and stochastic approximations, section 2.
    """
    rows: int = 1
    seed: int = 0
    order: object = SHUFFLED

    def __post_init__(self):
        object.__setattr__(self, "rows", whole("rows", self.rows))
        object.__setattr__(self, "seed", whole("seed", self.seed, 0))
        if not (isinstance(self.order, str) and self.order in (SHUFFLED, CYCLIC)):
            allowed = 'allowed is "shuffled", "cyclic" or a tuple of row numbers'
            order = () if isinstance(self.order, str) else sequence("order", self.order, allowed, MOST_ORDERED)
            object.__setattr__(self, "order", tuple(whole("order", row, 0, MOST_NUMBERS) for row in order))
            if not self.order:
                refuse("order", self.order, allowed)

    def drawn(self, total, k, shape):
        """Which of `total` rows step k sees: (rows, *shape) of row numbers, for networks of this shape."""
        total, k = whole("total", total, 1, MOST_NUMBERS), whole("k", k, 0, LAST)
        return self._drawn(total, k, _shape(shape, total))

    def _drawn(self, total, k, shape):
        if self.order != SHUFFLED:
            return self._in_turn(total, k, shape)
        rows = min(self.rows, total)
        each = -(-total // rows)                                 # steps until every row had its turn
        turn, part = divmod(k, each)
        order = _order(self.seed, turn, (total, *shape))
        return order[part * rows:(part + 1) * rows]

    def _in_turn(self, total, k, shape):
        """The rows of step k where they come in a given order, the same for all networks."""
        order = np.arange(total) if self.order == CYCLIC else np.array(self.order)
        if order.max() >= total:
            raise ValueError(f"order: got row {order.max()}; allowed are rows from 0 to {total - 1}")
        rows = order[np.arange(k * self.rows, (k + 1) * self.rows) % len(order)]
        return np.broadcast_to(rows.reshape(-1, *(1,) * len(shape)), (self.rows, *shape))

    def gradient(self, fit, theta, k):
        """The gradient of `fit` at theta (P, ...) over the rows of step k: (P, ...)."""
        theta = cloud("theta", theta, a_fit("fit", fit).n_params)
        return self.on_the_way(fit, theta, whole("k", k, 0, LAST))

    def on_the_way(self, fit, theta, k):
        """The same in the middle of a descent, which has checked all of it at its start."""
        rows = self._drawn(fit.data.rows, k, theta.shape[1:])
        slope = _any_row(fit) if theta.ndim == 1 and len(rows) <= FEW else None
        if slope is None:
            return fit.gradient(theta, rows=rows)
        numbers, x, t = theta.tolist(), fit.data.x[:, rows].T.tolist(), fit.data.y[:, rows].T.tolist()
        every = np.array([slope(*numbers, *one, *wanted) for one, wanted in zip(x, t, strict=True)])
        return still(fit, every.sum(axis=0) / fit.loss_record.divisor(len(every))) + fit.pull * theta


@dataclass(frozen=True)
class Dropout:
    """The gradient of a thinned network: each hidden unit is left out with probability `share` in this step.

    share: how many are left out.  seed: of numpy's default_rng.

    A unit that is left out says 0; those kept speak 1 / (1 - share) times as loud, so that the mean is the same.
    Speaking 0 is the same as having all outgoing weights 0, so the thinned network is the network at mask * theta.
    One draw a step, for all rows alike.
    Source: Srivastava et al. 2014, JMLR 15, section 4 (there kept units are scaled at test time instead).
    """
    share: float = 0.5
    seed: int = 0

    def __post_init__(self):
        object.__setattr__(self, "share", real("share", self.share, 0, below=1))
        object.__setattr__(self, "seed", whole("seed", self.seed, 0))

    def mask(self, network, k, shape):
        """What every weight is multiplied with at step k: (P, *shape)."""
        instance("network", network, Network, "a Network")
        return self._mask(network, whole("k", k, 0, LAST), _shape(shape, network.n_params))

    def _mask(self, network, k, rest):
        rng = np.random.default_rng((self.seed, k))
        layers = []
        for j, (n_in, n_out) in enumerate(zip(network.sizes, network.sizes[1:], strict=False)):
            loud = np.ones((n_in, *rest))
            if j > 0:
                loud = (rng.random((n_in, *rest)) >= self.share) / (1 - self.share)
            W = np.broadcast_to(loud[:, None], (n_in, n_out, *rest))
            layers.append((W, np.ones((n_out, *rest)) if network.bias else None))
        return network.join(layers)

    def gradient(self, fit, theta, k):
        """The gradient of `fit` thinned as in step k, at theta (P, ...): (P, ...)."""
        theta = cloud("theta", theta, fit_of_layers("fit", fit, "bp.MiniBatch").n_params)
        return self.on_the_way(fit, theta, whole("k", k, 0, LAST))

    def on_the_way(self, fit, theta, k):
        """The same in the middle of a descent, which has checked all of it at its start."""
        mask = self._mask(fit.network, k, theta.shape[1:])
        thinned = fit.gradient(mask * theta) * mask
        if fit.l2:                          # the penalty is on the weights themselves, not on the thinned ones
            thinned = thinned + fit.pull.reshape((-1,) + (1,) * (theta.ndim - 1)) * theta * (1 - mask * mask)
        return thinned


def _shape(shape, times):
    """The shape of a cloud as a tuple, if there is room for `times` numbers each."""
    shape = tuple(whole("shape", n, 0, MOST_NUMBERS) for n in
                  sequence("shape", shape, "allowed is the shape of the networks, () for one", 16))
    if math.prod(shape) * times > MOST_NUMBERS:
        raise ValueError(f"shape: got {shape}; allowed are at most {MOST_NUMBERS // times:,} networks at once")
    return shape


def checked(noise, objective):
    """The noise, if this objective has rows for it. Raises ValueError otherwise."""
    if noise is not None and not isinstance(noise, MiniBatch | Dropout):
        refuse("noise", noise, "allowed is None, MiniBatch(rows, seed) or Dropout(share, seed)")
    if noise is not None and not hasattr(objective, "data"):
        raise ValueError(f"noise: got {noise!r} for a {type(objective).__name__}; allowed is noise for a Fit")
    if isinstance(noise, Dropout):
        fit_of_layers("objective", objective, "bp.MiniBatch")
    return noise
