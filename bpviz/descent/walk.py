"""One network on its way downhill, every place that it visits kept.

The engine that takes its steps is the fastest that can: a handful of weights and rows goes as plain Python
(descent/program.py), all other Fits on kept arrays (descent/arrays.py); noise and clipping take the optimizer's own
lines, and so does what is no Fit.
"""
import math
import time
from dataclasses import replace

import numpy as np

from bpviz.base.work import PIECE_S
from bpviz.descent import stop as stops
from bpviz.descent.arrays import bound
from bpviz.descent.path import FAR, OUT_OF_STEPS, RAN_AWAY, SETTLED, Path
from bpviz.descent.program import is_short, stepper

AT_ONCE, MOST_AT_ONCE = 64, 65_536      # one network's steps between two looks at where it is; weights times steps
STAYS = 32                              # so many still steps at the end are no chance


class Walk:
    """Where one network is, what it visited (the first n rows), and how it ended if it did.

    update: an Update.  inner: an Inner that keeps the optimizer's state, or None.  stop: a Stop, or None.
    carried: whether momentum takes it on where the gradient is 0.
    """

    def __init__(self, objective, update, theta, steps, settled_below, inner=None, stop=None):
        optimizer = update.optimizer
        self.objective, self.update, self.settled_below, self.rate = objective, update, settled_below, optimizer.rate
        self.inner, self.stop = inner, stop
        self.fused, self.theta, self.state, self.bound = None, theta, optimizer.start(theta), None
        is_fit = hasattr(objective, "network")
        unit = replace(optimizer, rate=1.0) if update.is_bare and inner is None and is_fit else None
        ready = stepper(objective, unit) if unit else None
        large = is_fit and not is_short(objective, objective.data.rows)
        self.single = None if ready or large else getattr(objective, "single", None)
        if ready:
            self.fused, self.state = ready
            self.theta = tuple(theta.tolist())
        elif large:
            self.bound = (unit and bound(objective, unit)) or bound(objective)
        self.whole = self.bound is not None and self.bound.move is not None
        self.n, self.ended, self.carried = 0, None, bool(optimizer.momentum)
        self.thetas, self.numbers = np.empty((steps + 1, len(theta))), np.empty((2, steps + 1))
        if self.whole:
            self.bound.theta[...] = theta
            self.slopes = np.empty((min(AT_ONCE, steps + 1, max(1, MOST_AT_ONCE // len(theta))), len(theta)))

    def _step(self, n):
        """(loss, gradient, next theta, next state) at the place of now."""
        if self.fused:
            return self.fused(*self.theta, *self.state, self.rate * self.update.schedule(n))
        if self.single:
            loss, gradient = self.single(*self.theta.tolist())
            gradient = np.array(gradient)
        elif self.bound:
            self.bound.theta[...] = self.theta
            self.bound.look()
            loss, gradient = float(self.bound.loss), self.bound.gradient.copy()
        else:
            loss, gradient = float(self.objective.loss(self.theta)), self.objective.gradient(self.theta)
        return loss, gradient, *self.update.step(self.objective, self.theta, gradient, self.state, n)

    def _visit_whole(self, count, until_settled):
        """The same by a plan that takes the whole step: walk on, then see where it should have ended."""
        first, end = self.n, len(self.thetas)
        stop = min(first + min(count, len(self.slopes)), end)
        thetas, losses, slopes, at = self.thetas, self.numbers[0], self.slopes, self.bound
        theta, loss, gradient, scale = at.theta, at.loss, at.gradient, at.scale
        with np.errstate(all="ignore"):
            for n in range(first, stop):
                at.look()
                thetas[n], losses[n], slopes[n - first] = theta, loss, gradient
                scale[...] = self.rate * self.update.schedule(n)
                at.move()
            walked = slopes[:stop - first]
            norms = self.numbers[1, first:stop] = np.sqrt(np.einsum("np,np->n", walked, walked))
            lost = ~((np.abs(losses[first:stop]) + norms < math.inf) & (np.abs(thetas[first:stop]).max(axis=1) <= FAR))
        settled = (norms < self.settled_below) & (until_settled | (np.arange(first, stop) == end - 1))
        if until_settled and self.carried and settled.any():
            settled &= np.abs(np.diff(thetas[first:stop], axis=0, append=theta[None])).max(axis=1) < self.settled_below
        ends = np.flatnonzero(lost | settled)
        self.n = stop
        if len(ends):
            self.ended = RAN_AWAY if lost[ends[0]] else SETTLED
            last = first + int(ends[0])
            self.n = last if lost[ends[0]] and last else last + 1        # the start itself is always part of the path
        elif self.n == end:
            self.ended = OUT_OF_STEPS

    def visit(self, count, until_settled):
        """Visit up to `count` more points; the walk ends at the first that the stop rule is met at."""
        first, rests = self.n, self.update.optimizer.rests
        (self._visit_whole if self.whole else self._visit)(count, until_settled and rests)
        if not rests and self.ended == SETTLED:
            self._look_back(until_settled)
        if self.stop is not None:
            loss, norm = self.numbers[:, first:self.n]
            met = stops.met(self.stop, self.objective, self.thetas[first:self.n].T, loss, norm)
            at = np.flatnonzero(met != "")
            if len(at):
                self.n, self.ended = first + int(at[0]) + 1, str(met[at[0]])

    def _visit(self, count, until_settled):
        end, first, places, numbers = len(self.thetas), self.n, [], []
        with np.errstate(all="ignore"):
            for n in range(self.n, min(self.n + count, end)):
                loss, gradient, ahead, state = self._step(n)
                norm, furthest = _sizes(gradient, self.theta)
                near = abs(loss) + norm < math.inf and furthest <= FAR
                if near or n == 0:                       # the start itself is always part of the path
                    places.append(self.theta)
                    numbers.append((loss, norm))
                    if self.inner is not None:
                        self.inner.keep(n, self.state)
                    self.n = n + 1
                if not near:
                    self.ended = RAN_AWAY
                    break
                if norm < self.settled_below and (self.n == end or until_settled and not (
                        self.carried and _furthest(ahead, self.theta) >= self.settled_below)):
                    self.ended = SETTLED
                    break
                self.theta, self.state = ahead, state
        if places:
            self.thetas[first:self.n], self.numbers[:, first:self.n] = places, np.array(numbers).T
        if self.n == end and not self.ended:
            self.ended = OUT_OF_STEPS

    def _look_back(self, until_settled):
        """All steps are walked: has it been seen to stay? The path ends where it came to."""
        moved = np.abs(np.diff(self.thetas[:self.n], axis=0, prepend=self.thetas[:1])).max(axis=1)
        above = np.flatnonzero(np.maximum(self.numbers[1, :self.n], moved) >= self.settled_below)
        first = int(above[-1]) + 1 if len(above) else 0
        if first and self.n - first < STAYS:
            self.ended = OUT_OF_STEPS
        elif until_settled:
            self.n = first + 1

    def go(self, until_settled):
        """Walk to the end; yields every few milliseconds."""
        count, deadline = AT_ONCE if self.fused else 4, time.perf_counter() + PIECE_S
        while True:
            began = time.perf_counter()
            self.visit(count, until_settled)
            if self.ended:
                return
            now = time.perf_counter()
            count = int(min(AT_ONCE, max(1, count * PIECE_S / 2 / (now - began))))   # a slow network: fewer at a time
            if now > deadline:
                yield
                deadline = time.perf_counter() + PIECE_S

    def stay(self):
        """Fill the rest of the rows with the last one."""
        self.thetas[self.n:], self.numbers[:, self.n:] = self.thetas[self.n - 1], self.numbers[:, self.n - 1:self.n]
        if self.inner is not None:
            self.inner.stay(self.n - 1, self.n)
        self.n = len(self.thetas)

    def path(self):
        loss, norm = self.numbers[:, :self.n]
        inner = None if self.inner is None else self.inner.up_to(self.n)
        return Path(self.thetas[:self.n].T, loss, norm, self.ended or OUT_OF_STEPS, inner)


def _furthest(ahead, theta):
    """The longest way of a weight in one step."""
    return max(abs(new - old) for new, old in zip(ahead, theta, strict=True))


def _sizes(gradient, theta):
    """(gradient norm, largest |weight|): in plain Python for the tuples of a program, which are few numbers."""
    if isinstance(theta, tuple):
        return math.sqrt(sum([slope * slope for slope in gradient])), max(map(abs, theta))
    return math.sqrt(gradient @ gradient), float(np.abs(theta).max())
