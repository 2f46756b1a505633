"""Start again somewhere else: many descents from random starts, and what they end with.

The oldest cure for bad minima. One start reaches the best with probability p; at least one of n reaches
it with probability 1 - (1 - p)^n.
"""
import math
import numbers
import time
from dataclasses import dataclass

import numpy as np

from bpviz.base.arguments import MOST_NUMBERS, cloud, real, refuse, whole
from bpviz.base.arguments import objective as an_objective
from bpviz.base.records import checked_fields
from bpviz.base.result import Drawn, place_in
from bpviz.base.work import Part, in_parts
from bpviz.descent import stop as stops
from bpviz.descent.crowd import Crowd
from bpviz.descent.path import FAR, OUT_OF_STEPS, RAN_AWAY
from bpviz.descent.stop import REACHED
from bpviz.descent.update import update
from bpviz.words.catalogue import say
from bpviz.words.numbers import share1

PIECE = 16                     # steps between two looks at the clock
SHOWN_S = 0.1                  # seconds between two Parts that hold the Restarts so far
SMALL = 1e-6                   # losses below this are counted together


@dataclass(frozen=True, repr=False)
class Run:
    """One descent of Restarts. start, end: (P,).  loss: at the end; inf if it ran away.  steps, ended: as there."""
    start: np.ndarray
    end: np.ndarray
    loss: float
    steps: int
    ended: str

    def __repr__(self):
        return f"Run(loss {self.loss:.6g})" if np.isfinite(self.loss) else "Run(ran away)"


@dataclass(frozen=True, repr=False)
class Restarts(Drawn):
    """N descents, a list of Runs.

    start, end: (P, N).  loss: (N,), at the end; inf for those that ran away.  steps: (N,), how many each took.
    ended: (N,) of text: "out of steps", "ran away", or the stop rule that was met, such as "loss reached".
    """
    start: np.ndarray
    end: np.ndarray
    loss: np.ndarray
    steps: np.ndarray
    ended: object

    def __post_init__(self):
        checked_fields(self, start="P N", end="P N", loss="N", steps="N")
        if not (isinstance(self.ended, np.ndarray) and self.ended.dtype.kind == "U"
                and self.ended.shape == self.loss.shape):
            refuse("ended", self.ended, "allowed is an array of text, one for each descent")

    def reached(self, level):
        """(how many ended with a loss of at most `level`, how many there are, low and high of the 95 % interval)."""
        k, n = int((self.loss <= real("level", level)).sum()), len(self.loss)
        return (k, n, *wilson(k, n))

    def __len__(self):
        return len(self.loss)

    def __getitem__(self, k):
        if isinstance(k, slice):
            return [self[i] for i in range(*k.indices(len(self)))]
        k = place_in(self, k, "allowed is a whole number or a slice")
        return Run(self.start[:, k], self.end[:, k], float(self.loss[k]), int(self.steps[k]), str(self.ended[k]))

    def __iter__(self):
        return (self[k] for k in range(len(self)))

    @property
    def drawn(self):
        """There is a picture if any of them ended somewhere."""
        return "restarts" if np.isfinite(self.loss).any() else ""

    @property
    def words(self):
        lost, some = int((~np.isfinite(self.loss)).sum()), np.isfinite(self.loss).any()
        rules, counts = np.unique(self.ended, return_counts=True)
        met = [{"rule": rule, "n": n} for rule, n in zip(rules, counts, strict=True) if rule in REACHED]
        return say("results", "runs", many=len(self), walked={"low": self.steps.min(), "high": self.steps.max(),
                                                                  "equal": np.ptp(self.steps) == 0, "met": met},
                   lost=lost, lowest=self.loss.min() if some else None, median=np.median(self.loss))

    def table(self):
        """How many ended with which loss, lowest first; those that share four digits, or are below 1e-6, together."""
        names, counts = np.unique([0.0 if loss < SMALL else float(f"{loss:.4g}") for loss in self.loss],
                                  return_counts=True)
        rows = [("ran away" if np.isinf(loss) else f"{loss:.4g}" if loss else f"below {SMALL:g}", f"{n:,}",
                 share1(n / len(self)))
                for loss, n in zip(names, counts, strict=True)]
        return "How many ended with which loss", ("loss", "descents", "share"), rows


def wilson(successes, n, z=1.959963984540054):
    """Wilson's interval for the share of `successes` in n trials, by default of 95 %: (low, high).

    z: how many standard deviations wide to each side; 1.96 for 95 %, 2.58 for 99 %.
    Source: Wilson 1927, J. Amer. Statist. Assoc. 22, eq. 6.
    """
    n, z = whole("n", n, 1, 10**15), real("z", z, 0, 1000)
    p = whole("successes", successes, 0, n) / n
    middle, reach = p + z * z / (2 * n), z * math.sqrt(p * (1 - p) / n + z * z / (4 * n * n))
    low, high = ((middle + side) / (1 + z * z / n) for side in (-reach, reach))
    return max(0.0, low) if p else 0.0, min(1.0, high) if p < 1 else 1.0


def sign_test(first, second):
    """How likely chance alone parts pairs that differ as far as `first` to `second`, or farther: the two-sided p.

    Source: Dixon and Mood 1946, J. Amer. Statist. Assoc. 41; on pairs of yes and no it is McNemar's exact test.
    """
    n = first + second
    return min(1.0, 2 * sum(math.comb(n, k) for k in range(min(first, second) + 1)) / 2 ** n)


@in_parts
def restarts(objective, optimizer, starts=200, steps=500, *, low=-1.0, high=1.0, seed=0, schedule=None, noise=None,
             clip=None, stop=None):
    """Many descents from random starts, or from given ones: a Restarts.

    objective, optimizer, steps, schedule, clip: as in `descend`.
    starts: how many, drawn uniformly from [low, high]; or the starts themselves, (P, N).
    seed: of the starts that are drawn, for numpy's default_rng.
    noise: MiniBatch or Dropout, of its own for every start.  stop: a Stop ends each descent where it is met first.
    Raises ValueError for low not below high.
    """
    P = an_objective("objective", objective).n_params
    step = update(objective, optimizer, schedule, noise, clip, flow=True)
    steps, stop = whole("steps", steps, 0, 500_000), stops.checked(stop, objective)
    low = real("low", low, -FAR, FAR)
    high, seed = real("high", high, above=low, high=FAR), whole("seed", seed, 0)
    if isinstance(starts, numbers.Real):
        n = whole("starts", starts, 1, 1_000_000)
        if n * P > MOST_NUMBERS:
            raise ValueError(f"starts: got {n:,} networks of {P:,} weights; allowed are at most {MOST_NUMBERS // P:,}")
        starts = np.random.default_rng(seed).uniform(low, high, size=(P, n))
    starts = cloud("starts", starts, P)
    if starts.ndim != 2:
        raise ValueError(f"starts: got shape {starts.shape}; allowed is ({P}, N), or how many")
    runs = _Runs(Crowd(objective, step, starts), starts, steps, stop)
    yield Part(0.0, runs.so_far())
    ready = 0.0
    while runs.go_on():
        show = time.perf_counter() > ready
        yield Part(0.99 * runs.crowd.done / steps, runs.so_far() if show else None)
        ready = time.perf_counter() + SHOWN_S if show else ready
    yield Part(1.0, runs.so_far())


class _Runs:
    """Descents on their way: the crowd of those that go on, where the others ended, by which rule and when."""

    def __init__(self, crowd, starts, steps, stop):
        self.crowd, self.starts, self.asked, self.stop = crowd, starts, steps, stop
        self.end, self.ended = starts.copy(), np.full(starts.shape[1], "", dtype="<U16")
        self.steps = np.zeros(starts.shape[1], int)
        self.going = np.ones(starts.shape[1], bool)               # of the crowd
        self._look()

    def go_on(self):
        """A few steps more; False: nobody is left to take them, or none are."""
        crowd = self.crowd
        if crowd.done == self.asked or not self.going.any():
            return False
        crowd.advance(1 if self.stop is not None else min(PIECE, self.asked - crowd.done))
        self._look()
        return True

    def _look(self):
        """Who goes on; who met the stop rule stays there, and leaves the crowd if nobody's noise depends on it."""
        crowd, who = self.crowd, self.crowd.who[self.going]
        self.end[:, who], self.steps[who] = crowd.theta[:, self.going], crowd.done
        if self.stop is None:
            return
        norm = np.zeros(len(who))
        theta = np.where(crowd.near(), crowd.theta, 0.0)[:, self.going]
        if self.stop.gradient is not None:
            gradient = crowd.objective.gradient(theta)
            norm = np.sqrt((gradient * gradient).sum(axis=0))
        met = stops.met(self.stop, crowd.objective, theta, crowd.objective.loss(theta), norm)
        met[~crowd.near()[self.going]] = RAN_AWAY
        self.ended[who] = met
        self.going[self.going] = met == ""
        if crowd.update.noise is None and not self.going.all():
            crowd.keep(self.going)
            self.going = np.ones(len(crowd.who), bool)

    def so_far(self):
        with np.errstate(invalid="ignore"):
            near = (np.abs(self.end) <= FAR).all(axis=0)
        loss = self.crowd.objective.loss(np.where(near, self.end, 0.0))
        near &= np.isfinite(loss)
        ended = np.where(~near, RAN_AWAY, np.where(self.ended == "", OUT_OF_STEPS, self.ended))
        return Restarts(self.starts, self.end.copy(), np.where(near, loss, np.inf), self.steps.copy(), ended)
