"""Walk downhill and keep the path.

An objective is anything with n_params, loss(theta) and gradient(theta). `descend` walks to the
end; `descending` does the same in slices, so that a panel can stay alive meanwhile.
"""
import math
import time
from dataclasses import dataclass

import numpy as np

from bpviz.calculus.arguments import cloud, real, whole

SETTLED, OUT_OF_STEPS, RAN_AWAY = "settled", "out of steps", "ran away"
MAX_STEPS = 500_000
MAX_NUMBERS = 200_000_000
FAR = 1e6                      # a weight beyond this has run away


@dataclass(frozen=True)
class Path:
    """A descent: every theta it visited, start included.

    theta: (P, steps + 1, ...).  loss, gradient_norm: (steps + 1, ...).
    ended: per network (a str for one, an array of str for many) "settled" (the gradient fell below
    the tolerance: at a minimum, but a saddle or a plateau can do that too, see
    landscape/verdict.py), "out of steps", or "ran away" (a weight beyond 1e6, inf or nan; the
    path stays at the last finite point).
    """
    theta: np.ndarray
    loss: np.ndarray
    gradient_norm: np.ndarray
    ended: object

    def __post_init__(self):
        shape = self.theta.shape[1:]
        if self.loss.shape != shape or self.gradient_norm.shape != shape:
            raise ValueError(f"Path: got loss {self.loss.shape} and gradient_norm {self.gradient_norm.shape}; "
                             f"allowed is {shape}, as theta has")

    @property
    def steps(self):
        """How many steps were taken."""
        return self.theta.shape[1] - 1

    @property
    def end(self):
        """The last theta: (P, ...)."""
        return self.theta[:, -1]

    def __repr__(self):
        if not isinstance(self.ended, str):
            kinds, counts = np.unique(self.ended, return_counts=True)
            return f"Path of {self.ended.size} networks: " + ", ".join(
                f"{n} {kind}" for kind, n in zip(kinds, counts, strict=True))
        advice = {SETTLED: "", OUT_OF_STEPS: "; more steps or a larger rate would take it further",
                  RAN_AWAY: "; a smaller rate would keep it"}[self.ended]
        return (f"Path: {self.ended} after {self.steps} steps, loss {self.loss[-1]:.4g}, "
                f"|gradient| {self.gradient_norm[-1]:.2g}{advice}")


def descend(objective, theta, optimizer, steps=500, *, until_settled=False, tolerance=1e-9):
    """Walk `steps` steps downhill from theta (P, ...): returns a Path.

    until_settled: stop as soon as the gradient norm is below `tolerance` (one network only).
    Raises ValueError for a theta of another shape or with NaN, more than 500,000 steps, or a path of
    more than 2 * 10^8 numbers. Overflow ends as "ran away", never as a NumPy warning.
    """
    *_, path = descending(objective, theta, optimizer, steps, until_settled=until_settled,
                          tolerance=tolerance, slice_s=np.inf)
    return path


def descending(objective, theta, optimizer, steps=500, *, until_settled=False, tolerance=1e-9, slice_s=0.004):
    """The same in slices of about `slice_s` seconds: yields the Path so far, the last one complete."""
    theta = cloud("theta", theta, objective.n_params)
    steps = whole("steps", steps, 0, MAX_STEPS)
    tolerance = real("tolerance", tolerance, 0)
    size = theta.size * (steps + 1)
    if size > MAX_NUMBERS:
        raise ValueError(f"steps: got {steps:,} for {theta.size:,} weights; allowed are at most "
                         f"{MAX_NUMBERS // max(theta.size, 1):,}, or fewer networks at once")
    if theta.ndim == 1:
        yield from _descend_one(objective, theta, optimizer, steps, until_settled, tolerance, slice_s)
    else:
        if until_settled:
            raise ValueError("until_settled: got True for many networks; allowed is True for one network, theta (P,)")
        yield from _descend_many(objective, theta, optimizer, steps, tolerance, slice_s)


def _pass(objective):
    """theta (P,) -> (loss, gradient), by straight-line code where the objective has it."""
    single = getattr(objective, "single", None)
    if single is None:
        return lambda theta: (float(objective.loss(theta)), objective.gradient(theta))

    def run(theta):
        loss, gradient = single(*theta.tolist())
        return loss, np.array(gradient)
    return run


class _Walk:
    """One network on its way: where it is, what it visited (the first n rows), and how it ended if it did."""

    def __init__(self, objective, theta, optimizer, steps, tolerance):
        self.run, self.optimizer, self.tolerance = _pass(objective), optimizer, tolerance
        self.theta, self.state, self.n, self.ended = theta, optimizer.start(theta), 0, None
        self.thetas, self.numbers = np.empty((steps + 1, len(theta))), np.empty((2, steps + 1))

    def visit(self, count, until_settled):
        """Visit up to `count` more points."""
        end = len(self.thetas)
        with np.errstate(all="ignore"):
            for n in range(self.n, min(self.n + count, end)):
                loss, gradient = self.run(self.theta)
                norm = math.sqrt(gradient @ gradient)
                near = abs(loss) + norm < math.inf and max(map(abs, self.theta.tolist())) <= FAR
                if near or n == 0:                       # the start itself is always part of the path
                    self.thetas[n], self.numbers[0, n], self.numbers[1, n] = self.theta, loss, norm
                    self.n = n + 1
                if not near:
                    self.ended = RAN_AWAY
                    return
                if norm < self.tolerance and (until_settled or self.n == end):
                    self.ended = SETTLED
                    return
                self.theta, self.state = self.optimizer.step(self.theta, gradient, self.state)
        if self.n == end:
            self.ended = OUT_OF_STEPS

    def stay(self):
        """Fill the rest of the rows with the last one."""
        self.thetas[self.n:], self.numbers[:, self.n:] = self.thetas[self.n - 1], self.numbers[:, self.n - 1:self.n]
        self.n = len(self.thetas)

    def path(self):
        loss, norm = self.numbers[:, :self.n]
        return Path(self.thetas[:self.n].T, loss, norm, self.ended or OUT_OF_STEPS)


def _descend_one(objective, theta, optimizer, steps, until_settled, tolerance, slice_s):
    walk, deadline = _Walk(objective, theta, optimizer, steps, tolerance), time.perf_counter() + slice_s
    while True:
        walk.visit(64, until_settled)
        if walk.ended:
            break
        if time.perf_counter() > deadline:
            yield walk.path()
            deadline = time.perf_counter() + slice_s
    if walk.ended == RAN_AWAY and not until_settled:
        walk.stay()                                       # keep the promised length
    yield walk.path()


def _descend_many(objective, theta, optimizer, steps, tolerance, slice_s):
    shape = theta.shape[1:]
    path = np.empty((theta.shape[0], steps + 1, *shape))
    loss, norm = np.empty((steps + 1, *shape)), np.empty((steps + 1, *shape))
    alive, state = np.ones(shape, bool), optimizer.start(theta)
    deadline = time.perf_counter() + slice_s

    def so_far(n):
        ended = np.where(alive, np.where(norm[n - 1] < tolerance, SETTLED, OUT_OF_STEPS), RAN_AWAY)
        return Path(path[:, :n], loss[:n], norm[:n], ended)

    with np.errstate(all="ignore"):
        for k in range(steps + 1):
            gradient = objective.gradient(theta)
            path[:, k], loss[k] = theta, objective.loss(theta)
            norm[k] = np.sqrt((gradient * gradient).sum(axis=0))
            if k == steps:
                break
            ahead, state = optimizer.step(theta, gradient, state)
            with np.errstate(invalid="ignore"):
                alive = alive & np.isfinite(norm[k]) & (np.abs(ahead) <= FAR).all(axis=0)
            theta = np.where(alive, ahead, theta)
            if time.perf_counter() > deadline:
                yield so_far(k + 1)
                deadline = time.perf_counter() + slice_s
    yield so_far(steps + 1)
