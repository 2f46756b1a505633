"""Walk downhill and keep the path.

An objective is anything with n_params, loss(theta) and gradient(theta). `descend` walks to the
end; `descending` does the same in slices, so that a panel can stay alive meanwhile.
"""
import math
import time
from dataclasses import dataclass, replace

import numpy as np

from bpviz.base.arguments import MOST_NUMBERS, cloud, real, switch, whole
from bpviz.base.arguments import objective as an_objective
from bpviz.descent import noise as noises
from bpviz.descent import optimizers, schedules
from bpviz.descent.arrays import bound
from bpviz.descent.clip import clipped
from bpviz.descent.path import FAR, OUT_OF_STEPS, RAN_AWAY, SETTLED, Inner, Path
from bpviz.descent.program import is_short, stepper
from bpviz.network.frozen import held

MAX_STEPS = 500_000
AT_ONCE, MOST_AT_ONCE = 64, 65_536      # one network's steps between two looks at where it is; weights times steps


def descend(objective, theta, optimizer, steps=500, *, until_settled=False, tolerance=1e-9, schedule=None,
            noise=None, clip=None, keep_inner=False):
    """Walk `steps` steps downhill from theta (P, ...): returns a Path.

    objective: a Fit, or anything with n_params, loss and gradient.  optimizer: such as GradientDescent(rate=0.5).
    until_settled: stop as soon as every network's gradient norm is below `tolerance` (or it ran away); each network
        stays where it settled.
    schedule: multiplies the rate of step k by schedule(k), see descent/schedules.py; None: constant.
    noise: MiniBatch or Dropout (descent/noise.py); the path's loss and gradient norm are still those of all rows.
    clip: shorten a gradient that is longer than this, see descent/clip.py; None: never.
    keep_inner: keep the optimizer's state at every step, in Path.inner.
    Raises ValueError for a theta of another shape or with NaN, more than 500,000 steps, or a path of
    more than 2 * 10^8 numbers. Overflow ends as "ran away", never as a NumPy warning.
    """
    *_, path = descending(objective, theta, optimizer, steps, until_settled=until_settled, tolerance=tolerance,
                          schedule=schedule, noise=noise, clip=clip, keep_inner=keep_inner, slice_s=np.inf)
    return path


def descending(objective, theta, optimizer, steps=500, *, until_settled=False, tolerance=1e-9, schedule=None,
               noise=None, clip=None, keep_inner=False, slice_s=0.004):
    """The same in slices of about `slice_s` seconds: yields the Path so far, the last one complete."""
    theta = cloud("theta", theta, an_objective("objective", objective).n_params)
    optimizer = optimizers.checked(optimizer)
    until_settled, keep_inner = switch("until_settled", until_settled), switch("keep_inner", keep_inner)
    steps = whole("steps", steps, 0, MAX_STEPS)
    tolerance = real("tolerance", tolerance, 0)
    schedule, noise = schedules.checked(schedule), noises.checked(noise, objective)
    clip = None if clip is None else real("clip", clip, above=0)
    size = theta.size * (steps + 1)
    if size > MOST_NUMBERS:
        raise ValueError(f"steps: got {steps:,} for {theta.size:,} weights; allowed are at most "
                         f"{MOST_NUMBERS // max(theta.size, 1):,}, or fewer networks at once")
    inner = Inner(optimizer, theta, steps) if keep_inner else None
    way = _Way(objective, optimizer, schedule, noise, clip, inner)
    go = _descend_one if theta.ndim == 1 else _descend_many
    yield from go(way, theta, steps, until_settled, tolerance, slice_s)


@dataclass(frozen=True)
class _Way:
    """How one step goes: the optimizer on the (perhaps noisy) gradient, its rate scheduled."""
    objective: object
    optimizer: object
    schedule: object
    noise: object
    clip: float | None
    inner: Inner | None

    def step(self, k, theta, gradient, state):
        if self.noise is not None:
            gradient = self.noise.on_the_way(self.objective, theta, k)
        if self.clip is not None:
            gradient = clipped(gradient, self.clip)
        ahead, state = self.optimizer.step(theta, gradient, state, self.schedule(k))
        return held(self.objective, theta, ahead), state

    def keep(self, k, state):
        if self.inner is not None:
            self.inner.keep(k, state)

    def kept(self, n):
        return None if self.inner is None else self.inner.up_to(n)


class _Walk:
    """One network on its way: where it is, what it visited (the first n rows), and how it ended if it did.

    Which engine takes its steps: a handful of weights and rows goes fastest as plain Python (`fused`), all other
    Fits on kept arrays (`plan`); noise and clipping take the optimizer's own lines, and so does what is no Fit.
    """

    def __init__(self, way, theta, steps, tolerance):
        self.way, self.tolerance, self.rate = way, tolerance, way.optimizer.rate
        plain = way.noise is None and way.clip is None and way.inner is None and not hasattr(way.optimizer, "kernel")
        self.fused, self.theta, self.state, self.bound = None, theta, way.optimizer.start(theta), None
        is_fit = hasattr(way.objective, "network")
        unit = replace(way.optimizer, rate=1.0) if plain and is_fit else None
        ready = stepper(way.objective, unit) if unit else None
        large = is_fit and not is_short(way.objective, way.objective.data.rows)
        self.single = None if ready or large else getattr(way.objective, "single", None)
        if ready:
            self.fused, self.state = ready
            self.theta = tuple(theta.tolist())
        elif large:
            self.bound = (unit and bound(way.objective, unit)) or bound(way.objective)
        self.whole = self.bound is not None and self.bound.move is not None
        self.n, self.ended = 0, None
        self.thetas, self.numbers = np.empty((steps + 1, len(theta))), np.empty((2, steps + 1))
        if self.whole:
            self.bound.theta[...] = theta
            self.slopes = np.empty((min(AT_ONCE, steps + 1, max(1, MOST_AT_ONCE // len(theta))), len(theta)))

    def _step(self, n):
        """(loss, gradient, next theta, next state) at the place of now."""
        if self.fused:
            return self.fused(*self.theta, *self.state, self.rate * self.way.schedule(n))
        if self.single:
            loss, gradient = self.single(*self.theta.tolist())
            gradient = np.array(gradient)
        elif self.bound:
            self.bound.theta[...] = self.theta
            self.bound.look()
            loss, gradient = float(self.bound.loss), self.bound.gradient.copy()
        else:
            loss, gradient = float(self.way.objective.loss(self.theta)), self.way.objective.gradient(self.theta)
        return loss, gradient, *self.way.step(n, self.theta, gradient, self.state)

    def _visit_whole(self, count, until_settled):
        """`visit` by a plan that takes the whole step: walk on, then see where it should have ended."""
        first, end = self.n, len(self.thetas)
        stop = min(first + min(count, len(self.slopes)), end)
        thetas, losses, slopes, at = self.thetas, self.numbers[0], self.slopes, self.bound
        theta, loss, gradient, scale = at.theta, at.loss, at.gradient, at.scale
        with np.errstate(all="ignore"):
            for n in range(first, stop):
                at.look()
                thetas[n], losses[n], slopes[n - first] = theta, loss, gradient
                scale[...] = self.rate * self.way.schedule(n)
                at.move()
            walked = slopes[:stop - first]
            norms = self.numbers[1, first:stop] = np.sqrt(np.einsum("np,np->n", walked, walked))
            lost = ~((np.abs(losses[first:stop]) + norms < math.inf) & (np.abs(thetas[first:stop]).max(axis=1) <= FAR))
        settled = (norms < self.tolerance) & (until_settled | (np.arange(first, stop) == end - 1))
        ends = np.flatnonzero(lost | settled)
        self.n = stop
        if len(ends):
            self.ended = RAN_AWAY if lost[ends[0]] else SETTLED
            last = first + int(ends[0])
            self.n = last if lost[ends[0]] and last else last + 1        # the start itself is always part of the path
        elif self.n == end:
            self.ended = OUT_OF_STEPS

    def visit(self, count, until_settled):
        """Visit up to `count` more points."""
        if self.whole:
            return self._visit_whole(count, until_settled)
        end, first, places, numbers = len(self.thetas), self.n, [], []
        with np.errstate(all="ignore"):
            for n in range(self.n, min(self.n + count, end)):
                loss, gradient, ahead, state = self._step(n)
                norm, furthest = _sizes(gradient, self.theta)
                near = abs(loss) + norm < math.inf and furthest <= FAR
                if near or n == 0:                       # the start itself is always part of the path
                    places.append(self.theta)
                    numbers.append((loss, norm))
                    self.way.keep(n, self.state)
                    self.n = n + 1
                if not near:
                    self.ended = RAN_AWAY
                    break
                if norm < self.tolerance and (until_settled or self.n == end):
                    self.ended = SETTLED
                    break
                self.theta, self.state = ahead, state
        if places:
            self.thetas[first:self.n], self.numbers[:, first:self.n] = places, np.array(numbers).T
        if self.n == end and not self.ended:
            self.ended = OUT_OF_STEPS

    def stay(self):
        """Fill the rest of the rows with the last one."""
        self.thetas[self.n:], self.numbers[:, self.n:] = self.thetas[self.n - 1], self.numbers[:, self.n - 1:self.n]
        if self.way.inner is not None:
            self.way.inner.stay(self.n - 1, self.n)
        self.n = len(self.thetas)

    def path(self):
        loss, norm = self.numbers[:, :self.n]
        return Path(self.thetas[:self.n].T, loss, norm, self.ended or OUT_OF_STEPS, self.way.kept(self.n))


def _sizes(gradient, theta):
    """(gradient norm, largest |weight|): in plain Python for the tuples of a program, which are few numbers."""
    if isinstance(theta, tuple):
        return math.sqrt(sum([slope * slope for slope in gradient])), max(map(abs, theta))
    return math.sqrt(gradient @ gradient), float(np.abs(theta).max())


def _descend_one(way, theta, steps, until_settled, tolerance, slice_s):
    walk, deadline = _Walk(way, theta, steps, tolerance), time.perf_counter() + slice_s
    count = AT_ONCE if walk.fused else 4
    while True:
        began = time.perf_counter()
        walk.visit(count, until_settled)
        if walk.ended:
            break
        now = time.perf_counter()
        count = int(min(AT_ONCE, max(1, count * slice_s / 2 / (now - began))))      # a slow network: fewer at a time
        if now > deadline:
            yield walk.path()
            deadline = time.perf_counter() + slice_s
    if walk.ended == RAN_AWAY and not until_settled:
        walk.stay()                                       # keep the promised length
    yield walk.path()


def _descend_many(way, theta, steps, until_settled, tolerance, slice_s):
    shape = theta.shape[1:]
    path = np.empty((theta.shape[0], steps + 1, *shape))
    loss, norm = np.empty((steps + 1, *shape)), np.empty((steps + 1, *shape))
    alive, state = np.ones(shape, bool), way.optimizer.start(theta)
    deadline = time.perf_counter() + slice_s

    def so_far(n):
        ended = np.where(alive, np.where(norm[n - 1] < tolerance, SETTLED, OUT_OF_STEPS), RAN_AWAY)
        return Path(path[:, :n], loss[:n], norm[:n], ended, way.kept(n))

    with np.errstate(all="ignore"):
        for k in range(steps + 1):
            gradient = way.objective.gradient(theta)
            path[:, k], loss[k] = theta, way.objective.loss(theta)
            norm[k] = np.sqrt((gradient * gradient).sum(axis=0))
            way.keep(k, state)
            going = alive & (norm[k] >= tolerance) if until_settled else alive
            if k == steps or not going.any():
                break
            ahead, after = way.step(k, theta, gradient, state)
            alive = alive & np.isfinite(norm[k]) & (np.abs(ahead) <= FAR).all(axis=0)
            going = going & alive
            theta = np.where(going, ahead, theta)
            state = tuple(np.where(going, new, old) if np.ndim(new) else new
                          for new, old in zip(after, state, strict=True))
            if time.perf_counter() > deadline:
                yield so_far(k + 1)
                deadline = time.perf_counter() + slice_s
    yield so_far(k + 1)
