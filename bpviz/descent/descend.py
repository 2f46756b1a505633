"""Walk downhill and keep the path.

An objective is anything with n_params, loss(theta) and gradient(theta). One network walks by walk.py; many at once,
each with its path, walk here: loss and gradient of all of them are wanted at every step.
"""
import time

import numpy as np

from bpviz.base.arguments import MOST_NUMBERS, cloud, real, switch, whole
from bpviz.base.arguments import objective as an_objective
from bpviz.base.work import PIECE_S, Part, in_parts
from bpviz.descent import stop as stops
from bpviz.descent.path import FAR, OUT_OF_STEPS, RAN_AWAY, SETTLED, Inner, Path
from bpviz.descent.update import update
from bpviz.descent.walk import STAYS, Walk

MAX_STEPS = 500_000
SHOWN_S = 0.1                  # seconds between two Parts that hold the Path so far


@in_parts
def descend(objective, theta, optimizer, steps=500, *, until_settled=False, settled_below=1e-9, schedule=None,
            noise=None, clip=None, stop=None, keep_inner=False):
    """Walk `steps` steps downhill from theta (P, ...): returns a Path.

    objective: a Fit, or anything with n_params, loss and gradient.  optimizer: such as GradientDescent(rate=0.5).
    until_settled: stop as soon as every network's gradient norm is below `settled_below` (or it ran away), under
        momentum its step too; each network stays where it settled. An optimizer whose steps stay long (RMSprop, Adam,
        Lion), or one of your own, may come away again: it walks all steps, and one network's path then ends where it
        came to stay.
    settled_below: a network has settled once its gradient norm is below this one.
    schedule: multiplies the rate of step k by schedule(k), see descent/schedules.py; None: constant.
    noise: MiniBatch or Dropout (descent/noise.py); the path's loss and gradient norm are still those of all rows.
    clip: shorten a gradient that is longer than this, see descent/update.py; None: never.
    stop: a Stop, such as Stop(loss=0.01), ends the walk of each network where it is met first; None: no such rule.
    keep_inner: keep the optimizer's state at every step, in Path.inner.
    Raises ValueError for a theta of another shape or with NaN, more than 500,000 steps, or a path of
    more than 2 * 10^8 numbers. Overflow ends as "ran away", never as a NumPy warning.
    """
    theta = cloud("theta", theta, an_objective("objective", objective).n_params)
    step = update(objective, optimizer, schedule, noise, clip)
    until_settled, keep_inner = switch("until_settled", until_settled), switch("keep_inner", keep_inner)
    steps, stop = whole("steps", steps, 0, MAX_STEPS), stops.checked(stop, objective)
    settled_below = real("settled_below", settled_below, 0)
    size = theta.size * (steps + 1)
    if size > MOST_NUMBERS:
        raise ValueError(f"steps: got {steps:,} for {theta.size:,} weights; allowed are at most "
                         f"{MOST_NUMBERS // max(theta.size, 1):,}, or fewer networks at once")
    inner, shown = Inner(step.optimizer, theta, steps) if keep_inner else None, 0.0
    kind = Walk if theta.ndim == 1 else _Paths
    walk = kind(objective, step, theta, steps, settled_below, inner, stop)
    for _ in walk.go(until_settled):
        show = time.perf_counter() - shown > SHOWN_S
        shown = time.perf_counter() if show else shown
        yield Part(0.99 * walk.n / (steps + 1), walk.path() if show else None)
    if walk.ended == RAN_AWAY and not until_settled:
        walk.stay()                                       # keep the promised length
    yield Part(1.0, walk.path())


class _Paths:
    """Many networks, theta (P, ...), and where each of them was: as Walk, of many at once."""

    ended = None                                          # each network has an ending of its own

    def __init__(self, objective, step, theta, steps, settled_below, inner, stop):
        self.objective, self.step, self.theta, self.steps = objective, step, theta, steps
        self.settled_below, self.inner, self.stop, self.n = settled_below, inner, stop, 0
        shape = theta.shape[1:]
        self.thetas = np.empty((theta.shape[0], steps + 1, *shape))
        self.loss, self.norm = np.empty((steps + 1, *shape)), np.empty((steps + 1, *shape))
        self.alive, self.met = np.ones(shape, bool), np.full(shape, "", dtype="<U16")

    def go(self, until_settled):
        theta, state, deadline = self.theta, self.step.optimizer.start(self.theta), time.perf_counter() + PIECE_S
        optimizer, before = self.step.optimizer, self.theta
        with np.errstate(all="ignore"):
            for k in range(self.steps + 1):
                gradient = self.objective.gradient(theta)
                loss, norm = self.objective.loss(theta), np.sqrt((gradient * gradient).sum(axis=0))
                self.thetas[:, k], self.loss[k], self.norm[k], self.n = theta, loss, norm, k + 1
                if self.inner is not None:
                    self.inner.keep(k, state)
                going = self.alive
                if until_settled and optimizer.rests:
                    moved = np.abs(theta - before).max(axis=0) if optimizer.momentum else 0
                    going = self.alive & (np.maximum(norm, moved) >= self.settled_below)
                if self.stop is not None:
                    going = going & self._not_met(theta, loss, norm)
                if k == self.steps or not going.any():
                    return
                ahead, after = self.step.step(self.objective, theta, gradient, state, k)
                self.alive = self.alive & np.isfinite(norm) & (np.abs(ahead) <= FAR).all(axis=0)
                going = going & self.alive
                before, theta = theta, np.where(going, ahead, theta)
                state = tuple(np.where(going, new, old) if np.ndim(new) else new
                              for new, old in zip(after, state, strict=True))
                if time.perf_counter() > deadline:
                    yield
                    deadline = time.perf_counter() + PIECE_S

    def _not_met(self, theta, loss, norm):
        """Who has not met the stop rule so far: booleans, of the networks' shape."""
        met = stops.met(self.stop, self.objective, theta.reshape(len(theta), -1), loss.ravel(), norm.ravel())
        self.met = np.where(self.met == "", met.reshape(loss.shape), self.met)
        return self.met == ""

    def _still(self):
        """Who has settled: booleans. As in Walk, an optimizer that may come away again must be seen to stay."""
        seen = 1 if self.step.optimizer.rests else STAYS
        below = (self.norm[max(0, self.n - seen):self.n] < self.settled_below).all(axis=0)
        if seen == 1:
            return below
        moved = np.abs(np.diff(self.thetas[:, max(0, self.n - seen):self.n], axis=1)).max(axis=0)
        return below & (moved < self.settled_below).all(axis=0)

    def path(self):
        last = np.where(self._still(), SETTLED, OUT_OF_STEPS)
        ended = np.where(self.met != "", self.met, np.where(self.alive, last, RAN_AWAY))
        return Path(self.thetas[:, :self.n], self.loss[:self.n], self.norm[:self.n], ended,
                    None if self.inner is None else self.inner.up_to(self.n))
