"""Start again somewhere else: many descents from random starts, and what they end with.

The oldest cure for bad minima. One start reaches the best with probability p; at least one of n reaches
it with probability 1 - (1 - p)^n.
"""
import math
from dataclasses import dataclass

import numpy as np

from bpviz.base.arguments import MOST_NUMBERS, cloud, real, whole
from bpviz.base.arguments import objective as an_objective
from bpviz.base.records import checked_fields
from bpviz.base.result import Drawn, place_in
from bpviz.descent import noise as noises
from bpviz.descent import optimizers, schedules
from bpviz.descent.kernels import kernel
from bpviz.descent.path import FAR
from bpviz.network.frozen import held
from bpviz.words.catalogue import say

PIECE = 16                     # steps between two looks at the clock
SMALL = 1e-6                   # losses below this are counted together


@dataclass(frozen=True, repr=False)
class Run:
    """One descent of Restarts. start, end: (P,).  loss: at the end; inf if it ran away."""
    start: np.ndarray
    end: np.ndarray
    loss: float

    def __repr__(self):
        return f"Run(loss {self.loss:.6g})" if np.isfinite(self.loss) else "Run(ran away)"


@dataclass(frozen=True, repr=False)
class Restarts(Drawn):
    """N descents, a list of Runs.

    start, end: (P, N).  loss: (N,), at the end; inf for those that ran away.  steps: made so far, of those asked for.
    """
    start: np.ndarray
    end: np.ndarray
    loss: np.ndarray
    steps: int
    asked: int

    def __post_init__(self):
        checked_fields(self, start="P N", end="P N", loss="N")

    @property
    def share(self):
        """How much of the work is done, 0 to 1."""
        return self.steps / max(self.asked, 1)

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
        return Run(self.start[:, k], self.end[:, k], float(self.loss[k]))

    def __iter__(self):
        return (self[k] for k in range(len(self)))

    @property
    def drawn(self):
        """There is a picture if any of them ended somewhere."""
        return "restarts" if np.isfinite(self.loss).any() else ""

    @property
    def words(self):
        lost, some = int((~np.isfinite(self.loss)).sum()), np.isfinite(self.loss).any()
        return say("results", "restarts", many=len(self), steps=self.steps, lost=lost,
                   lowest=self.loss.min() if some else None, median=np.median(self.loss))

    def table(self):
        """How many ended with which loss, lowest first; those that share four digits, or are below 1e-6, together."""
        names, counts = np.unique([0.0 if loss < SMALL else float(f"{loss:.4g}") for loss in self.loss],
                                  return_counts=True)
        rows = [("ran away" if np.isinf(loss) else f"{loss:.4g}" if loss else f"below {SMALL:g}", f"{n:,}",
                 f"{n / len(self):.1%}")
                for loss, n in zip(names, counts, strict=True)]
        return "How many ended with which loss", ("loss", "descents", "share"), rows


def wilson(k, n, z=1.959963984540054):
    """Wilson's interval for a share of k in n, by default of 95 %: (low, high).

    z: how many standard deviations wide to each side; 1.96 for 95 %, 2.58 for 99 %.
    Source: Wilson 1927, J. Amer. Statist. Assoc. 22, eq. 6.
    """
    n, z = whole("n", n, 1, 10**15), real("z", z, 0, 1000)
    p = whole("k", k, 0, n) / n
    middle, reach = p + z * z / (2 * n), z * math.sqrt(p * (1 - p) / n + z * z / (4 * n * n))
    return max(0.0, (middle - reach) / (1 + z * z / n)), min(1.0, (middle + reach) / (1 + z * z / n))


def restarts(objective, optimizer, n=200, steps=500, *, low=-1.0, high=1.0, seed=0, schedule=None, noise=None,
             starts=None):
    """Descend from n starts drawn uniformly from [low, high], or from `starts` (P, n): a Restarts.

    objective, optimizer, steps, schedule: as in `descend`.  seed: of the starts, for numpy's default_rng.
    noise: MiniBatch or Dropout, of its own for every start.  Raises ValueError for low not below high.
    """
    *_, done = restarting(objective, optimizer, n, steps, low=low, high=high, seed=seed, schedule=schedule, noise=noise,
                          starts=starts)
    return done


def restarting(objective, optimizer, n=200, steps=500, *, low=-1.0, high=1.0, seed=0, schedule=None, noise=None,
               starts=None):
    """The same in pieces of 16 steps: yields the Restarts so far, at last the whole."""
    P = an_objective("objective", objective).n_params
    optimizer, n, steps = optimizers.checked(optimizer), whole("n", n, 1, 1_000_000), whole("steps", steps, 0, 500_000)
    low = real("low", low, -FAR, FAR)
    high, seed = real("high", high, above=low, high=FAR), whole("seed", seed, 0)
    schedule, noise = schedules.checked(schedule), noises.checked(noise, objective)
    if starts is None:
        if n * P > MOST_NUMBERS:
            raise ValueError(f"n: got {n:,} networks of {P:,} weights; allowed are at most {MOST_NUMBERS // P:,}")
        starts = np.random.default_rng(seed).uniform(low, high, size=(P, n))
    starts = cloud("starts", starts, P)
    if starts.ndim != 2:
        raise ValueError(f"starts: got shape {starts.shape}; allowed is ({P}, n)")
    theta, done = starts.copy(), 0
    move = _by_kernel(objective, optimizer, theta) if noise is None else _by_noise(objective, optimizer, theta, noise)
    while True:
        yield _so_far(objective, starts, theta, done, steps)
        if done == steps:
            return
        count = min(PIECE, steps - done)
        theta = move(theta, done, [schedule(k) for k in range(done, done + count)])
        done += count


def _so_far(objective, start, theta, done, steps):
    with np.errstate(invalid="ignore"):
        near = (np.abs(theta) <= FAR).all(axis=0)
    loss = objective.loss(np.where(near, theta, 0.0))
    return Restarts(start, theta, np.where(near & np.isfinite(loss), loss, np.inf), done, steps)


def _by_kernel(objective, optimizer, theta):
    engine = kernel(objective, optimizer)
    state = engine.start(theta.shape[1])

    def move(theta, first, scales):
        theta = theta.copy()
        engine.advance(theta, state, optimizer.rate * np.array(scales))
        return theta
    return move


def _by_noise(objective, optimizer, theta, noise):
    state = optimizer.start(theta)

    def move(theta, first, scales):
        nonlocal state
        with np.errstate(all="ignore"):
            for k, scale in enumerate(scales, start=first):
                near = (np.abs(theta) <= FAR).all(axis=0)
                gradient = np.where(near, noise.on_the_way(objective, np.where(near, theta, 0.0), k), 0.0)
                ahead, state = optimizer.step(theta, gradient, state, scale)
                theta = np.where(near, held(objective, theta, ahead), theta)
        return theta
    return move
