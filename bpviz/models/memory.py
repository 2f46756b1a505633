"""How long does a recurrent network remember? Success and gradient against the delay, and the border foretold.

Every kind learns to tell the first symbol after each delay (models/tasks.py), by the same descent, from a few starts.
right  the share of fresh sequences, never trained on, whose first symbol is told
share  |dL/dh_1| / |dL/dh_T| at the start, over all rows: what is left of the gradient that far back
border the delay at which that share falls below FAINT, from what one step multiplies it by (models/through_time.py)

A border is foretold before anything is trained: what lies beyond it had no gradient to learn from. What lies within may
fail for other reasons.
"""
from dataclasses import dataclass

import numpy as np

from bpviz.base.arguments import real, sequence, whole
from bpviz.base.records import checked_fields
from bpviz.base.refusals import Table, listed
from bpviz.base.result import ShowsItself
from bpviz.base.work import Part, in_parts, within
from bpviz.descent.descend import descend
from bpviz.descent.optimizers import GradientDescent, checked
from bpviz.descent.stop import Stop
from bpviz.models.gated import GRU, LSTM
from bpviz.models.recurrent import Recurrent
from bpviz.models.tasks import LONGEST_DELAY, remember
from bpviz.models.through_time import FAINT, border_of, rate_of, state_gradients
from bpviz.network.fit import Fit
from bpviz.network.gradient_flow import norm
from bpviz.network.starts import initial_weights
from bpviz.words.catalogue import say

KINDS = Table("kind", {"Elman": Recurrent, "LSTM": LSTM, "GRU": GRU})
LEARNED, FRESH = 0.95, 500               # told right of fresh sequences; how many of them
ENOUGH = 0.02                            # a loss at which a descent stops


@dataclass(frozen=True, repr=False)
class Remembered(ShowsItself):
    """K kinds, D delays, N starts each; nan for what has not been tried yet.

    kinds: names.  delays: in rising order.  right, share, rate: (K, D, N), see above; rate is what one step back
    multiplies the gradient by at the start.  steps: (K, D, N), how long was trained.  chance: right by guessing.
    """
    kinds: tuple
    delays: tuple
    right: np.ndarray
    share: np.ndarray
    rate: np.ndarray
    steps: np.ndarray
    chance: float

    def __post_init__(self):
        checked_fields(self, right="K D N", share="K D N", rate="K D N", steps="K D N")

    @property
    def learned(self):
        """The share of the starts from which a delay was learned: (K, D); nan for what has not been tried."""
        return np.where(np.isnan(self.right), np.nan, self.right >= LEARNED).mean(axis=2)

    @property
    def reach(self):
        """(K,): the longest delay up to which every one was learned from most starts; 0 for none."""
        good = np.cumprod(np.nan_to_num(self.learned) > 0.5, axis=1).sum(axis=1)
        return np.array([0, *self.delays])[good]

    @property
    def border(self):
        """(K,): the delay at which less than FAINT of the gradient is left, by the median rate of the longest delay
        tried; inf where it stays, nan where none has been tried."""
        tried = [kind[~np.isnan(kind).any(axis=1)] for kind in self.rate]
        return np.array([border_of(np.median(rates[-1])) if len(rates) else np.nan for rates in tried])

    @property
    def words(self):
        facts = [{"kind": kind, "reach": int(reach) or None, "all": reach == self.delays[-1],
                  "border": round(border) if border < 1e4 else None}
                 for kind, reach, border in zip(self.kinds, self.reach, self.border, strict=True)
                 if not np.isnan(border)]
        return say("results", "memory", kinds=facts, faint=FAINT)

    def table(self):
        rows = [(kind, str(delay), "–" if np.isnan(self.learned[k, d]) else f"{self.right[k, d].mean():.2f}",
                 "–" if np.isnan(self.learned[k, d]) else f"{np.median(self.share[k, d]):.1e}",
                 "–" if np.isnan(self.learned[k, d]) else f"{self.steps[k, d].mean():.0f}")
                for k, kind in enumerate(self.kinds) for d, delay in enumerate(self.delays)]
        return say("results", "memory_table"), ("network", "delay", "right", "gradient left", "steps"), rows


@in_parts
def memory(kinds=("Elman", "LSTM", "GRU"), delays=(2, 5, 10, 20), *, hidden=16, tries=2, steps=150, rows=128,
           symbols=2, optimizer=None, clip=1.0, start="uniform", gain=None, gate_bias=2.0, seed=0):
    """Train every kind on every delay, from a few starts: a Remembered.

    kinds: some of "Elman", "LSTM" and "GRU".  delays: how many symbols come after the one to remember, rising.
    hidden: units of the state.  tries: starts of each.  steps: of the descent, at most; it stops at a loss of 0.02.
    rows: sequences to learn from.  symbols: of how many kinds they are.
    optimizer: of bp.OPTIMIZERS; None: gradient descent at rate 0.5.  clip: as of bp.descend; None:
        any.  start, gain: of bp.initial_weights; gain None: 1, and 3 for the networks with gates, whose memory does
        not go through the weights.
    gate_bias: of the gates that keep, the LSTM's forget and the GRU's update gates, at the start; 0: as drawn.
    seed: of sequences and starts.
    Raises ValueError for anything else. `memory.parts` takes the same and yields Parts, the Remembered so far after
    every descent.
    """
    names = sequence("kinds", kinds, f"allowed are some of {listed(list(KINDS))}", len(KINDS))
    makes = [KINDS[name] for name in names]
    given = sequence("delays", delays, "allowed are whole numbers, rising", 50)
    given = tuple(whole("delays", delay, 1, LONGEST_DELAY) for delay in given)
    if not names or not given or list(given) != sorted(set(given)):
        raise ValueError(f"delays: got {delays} for {names}; allowed are rising whole numbers, and at least one kind")
    tries, seed, gate_bias = whole("tries", tries, 1, 100), whole("seed", seed, 0), real("gate_bias", gate_bias)
    optimizer = checked(GradientDescent(0.5) if optimizer is None else optimizer)
    found = {name: np.full((len(names), len(given), tries), np.nan) for name in ("right", "share", "rate", "steps")}
    places = [(k, d, n) for d in range(len(given)) for k in range(len(names)) for n in range(tries)]
    work = np.cumsum([0, *(given[d] + 1 for _, d, _ in places)])
    for at, done, ahead in zip(places, work / work[-1], work[1:] / work[-1], strict=False):
        k, d, n = at
        model = makes[k](given[d] + 1, symbols, hidden, 1 if symbols == 2 else symbols)
        fit = Fit(model, "cross-entropy", remember(given[d], symbols, rows, seed + n))
        gated = hasattr(model, "open_gates")
        theta = initial_weights(model, start, seed + n, (3.0 if gated else 1.0) if gain is None else gain)
        if gate_bias and gated:
            theta = model.open_gates(theta, gate_bias)
        left = np.array([norm(slope) for slope in state_gradients(fit, theta)])
        path = yield from within(descend.parts(fit, theta, optimizer, steps, clip=clip, stop=Stop(loss=ENOUGH)), done,
                                 ahead)
        found["right"][at] = told_right(fit, path.theta[:, -1], remember(given[d], symbols, FRESH, seed + 1000 + n))
        found["share"][at], found["rate"][at] = left[0] / left[-1], rate_of(left)
        found["steps"][at] = len(path.loss) - 1
        yield Part(float(ahead), Remembered(names, given, **{name: array.copy() for name, array in found.items()},
                                            chance=1 / symbols))


def told_right(fit, theta, data):
    """The share of the rows of these data that a fit's network tells right at theta (P,): of classes, as the data."""
    answers = fit.predict(theta, data.x)
    if len(answers) == 1:
        return float(((answers > 0.5) == (data.y > 0.5)).mean())
    return float((answers.argmax(axis=0) == data.y.argmax(axis=0)).mean())
