"""What became of a descent, in words and with the reason in numbers.

A small gradient is no evidence: minima, saddles and plateaus all have one. So the end of the
path is held against the list of critical points, the exact Hessian there, the way the weights
are going, and the largest learning rate each minimum can hold (its stability limit).
"""
import textwrap
from dataclasses import dataclass

import numpy as np

from bpviz.calculus.arguments import instance
from bpviz.calculus.arguments import objective as an_objective
from bpviz.calculus.dual import hessian
from bpviz.calculus.records import checked_fields
from bpviz.descent import optimizers
from bpviz.descent.optimizers import GradientDescent
from bpviz.descent.path import RAN_AWAY, Path
from bpviz.landscape.critical import MINIMUM, SADDLE, CriticalPoints

NEAR = 0.01             # closer than this to a minimum, for good, is settled in it
TINY = 0.01             # a gradient below this share of the window's median one is tiny
SETTLED, STALLED, PLATEAU, BOUNCING, MOVING, VALLEY, AWAY = (
    "settled", "stalled near a saddle", "drifting along a plateau", "bouncing", "still moving",
    "settled on a valley floor", "ran away")
COUNT = {2: "two", 3: "three", 4: "four", 5: "five"}


@dataclass(frozen=True)
class Verdict:
    """kind: one of the module's constants.  words: the sentence.  point: index of the critical point meant, or None.
    steps: the step from which on it held, or the last one."""
    kind: str
    words: str
    point: int | None
    steps: int

    def __post_init__(self):
        checked_fields(self)

    def __str__(self):
        return textwrap.fill(self.words, 88)


def verdict(objective, path, points, optimizer):
    """The Verdict on one path (theta (2, n)) of an objective with known critical points, walked by `optimizer`."""
    P = an_objective("objective", objective).n_params
    instance("path", path, Path, "a Path, what bp.descend gives")
    instance("points", points, CriticalPoints, "a CriticalPoints, what bp.critical_points gives")
    for name, theta, ndim in (("path", path.theta, 2), ("points", points.theta, 2)):
        if theta.ndim != ndim or len(theta) != P:
            raise ValueError(f"{name}: got theta of shape {theta.shape}; allowed is one of {P} weights, ({P}, n)")
    judge = _Judge(objective, path, points, optimizers.checked(optimizer))
    for question in (judge.ran_away, judge.settled, judge.bouncing, judge.stalled, judge.valley, judge.plateau):
        answer = question()
        if answer:
            return answer
    return judge.moving()


def g3(value):
    """Three significant digits, the way the verdicts print numbers."""
    return f"{value:.3g}"


class _Judge:
    """The questions asked of one path, each returning a Verdict or None."""

    def __init__(self, objective, path, points, optimizer):
        self.objective, self.path, self.points, self.optimizer = objective, path, points, optimizer
        self.end = path.end
        self.gradient = path.gradient_norm[-1]
        self.n = path.steps
        curvature = getattr(objective, "hessian", None) or (lambda theta: hessian(objective.gradient, theta))
        self.curvature = curvature
        self.plain = isinstance(optimizer, GradientDescent) and not optimizer.momentum
        H = curvature(self.end)
        self.eigenvalues = np.linalg.eigvalsh(H) if np.isfinite(H).all() else np.full(2, np.nan)
        self.nearest, self.distance = points.nearest(self.end)

    # small sentences used by several verdicts

    def limit(self, k):
        return self.optimizer.stability_limit(self.points.eigenvalues[-1, k])

    def too_fast(self, k):
        """Why this minimum cannot hold this rate, or "" if it can."""
        limit = self.limit(k)
        if self.optimizer.rate <= limit:
            return ""
        formula = "2/λmax"
        if self.optimizer.momentum:
            formula = "2(1+m)/((1+2m)λmax)" if self.optimizer.nesterov else "2(1+m)/λmax"
        return (f"rate {self.optimizer.rate:.4g} is above the stability limit {formula} = {g3(limit)} of minimum "
                f"{self.points.label[k]}: gradient descent cannot settle there")

    def all_too_fast(self):
        reasons = [reason for k in self.points.minima if (reason := self.too_fast(k))]
        return "; ".join(reasons)

    def local_limit(self, theta, where):
        """What the curvature at theta says about the rate, or "" if it says nothing."""
        H = self.curvature(theta)
        if not np.isfinite(H).all():
            return ""
        limit = self.optimizer.stability_limit(np.linalg.eigvalsh(H)[-1])
        if self.optimizer.rate < 0.9 * limit:
            return ""
        times = g3(self.optimizer.rate / limit)
        return f"rate {self.optimizer.rate:.4g} is {times} times what the curvature {where} allows ({g3(limit)})"

    def rank(self, k):
        minima = self.points.minima
        if len(minima) == 1:
            return "the only minimum in the window"
        lowest = self.points.loss[minima].min()
        equal = [j for j in minima if abs(self.points.loss[j] - self.points.loss[k]) <= 1e-9 * (1 + abs(lowest))]
        if len(equal) > 1:
            return f"one of {COUNT.get(len(equal), len(equal))} equally deep"
        place = ("the lowest", "the second lowest", "the third lowest")[minima.index(k)] \
            if minima.index(k) < 3 else f"number {minima.index(k) + 1} by depth"
        if k == minima[-1] and len(minima) > 2:
            place = "the highest"
        if len(minima) == 2:
            place = "the lower" if k == minima[0] else "the higher"
        return f"{place} of {COUNT.get(len(minima), len(minima))}"

    def hessian_words(self, eigenvalues):
        return "Hessian eigenvalues " + ", ".join(map(g3, eigenvalues))

    # the questions

    def ran_away(self):
        if self.path.ended != RAN_AWAY:
            return None
        reason = (self.all_too_fast() or self.local_limit(self.path.theta[:, 0], "at the start")
                  or "each step overshot farther than the one before")
        return Verdict(AWAY, f"Ran away after {_steps(self.n)}: the weights left for infinity "
                             f"(loss {g3(self.path.loss[-1])} at the last finite point). {_capital(reason)}.",
                       None, self.n)

    def settled(self):
        k = self.nearest
        if k is None or self.points.kind[k] != MINIMUM or self.distance > NEAR or self.too_fast(k):
            return None
        apart = np.linalg.norm(self.path.theta - self.points.theta[:, [k]], axis=0)
        note = f" {_capital(reason)}." if (reason := self.all_too_fast()) else ""
        since = int(np.flatnonzero(apart > NEAR)[-1]) + 1 if (apart > NEAR).any() else 0
        return Verdict(SETTLED, f"Settled in minimum {self.points.label[k]}, loss {self.points.loss[k]:.4f}, "
                                f"{self.rank(k)}, after {_steps(since)}; |gradient| {self.gradient:.0e}; "
                                f"{self.hessian_words(self.points.eigenvalues[:, k])}, both above 0.{note}", k, since)

    def bouncing(self):
        """A cycle: the last points repeat with some short period and do not shrink together."""
        tail = self.path.theta[:, -64:]
        if tail.shape[1] < 32:
            return None
        size = np.linalg.norm(tail - tail.mean(axis=1, keepdims=True), axis=0)
        if size.max() < 1e-3 or size[-16:].max() < 0.5 * size[:16].max():
            return None
        moves = np.diff(tail, axis=1)
        turns = (moves[:, 1:] * moves[:, :-1]).sum(axis=0) < 0
        if turns.mean() < 0.3:
            return None
        reason = (self.all_too_fast() or self.local_limit(tail.mean(axis=1), "in the middle of it")
                  or f"steps of {g3(np.linalg.norm(moves, axis=0).mean())} on average keep overshooting the bottom")
        period = next((p for p in range(2, 17)
                       if np.abs(tail[:, p:] - tail[:, :-p]).max() < 0.02 * size.max()), None)
        cycle = f"a cycle of {period} steps" if period else "without a fixed period"
        return Verdict(BOUNCING, f"Bouncing, {cycle}, loss between {g3(self.path.loss[-32:].min())} and "
                                 f"{g3(self.path.loss[-32:].max())} over the last 32 of {_steps(self.n)}. "
                                 f"{_capital(reason)}.", None, self.n)

    def stalled(self):
        k = self.nearest
        if k is None or self.points.kind[k] != SADDLE or self.distance > 0.25:
            return None
        moved = np.linalg.norm(self.path.end - self.path.theta[:, max(0, self.n // 2)])
        if self.n and moved > 0.25:
            return None
        way_down = "one is below 0, so there is a way down"
        if self.plain:
            growth = 1 - self.optimizer.rate * self.points.eigenvalues[0, k]
            way_down += f"; at this rate the distance along it grows by a factor {growth:.4g} a step"
        return Verdict(STALLED, f"Stalled near saddle {self.points.label[k]} after {_steps(self.n)}, "
                                f"{g3(self.distance)} away: |gradient| {self.gradient:.0e}, yet "
                                f"{self.hessian_words(self.points.eigenvalues[:, k])}: {way_down}.", k, self.n)

    def valley(self):
        if not self.points.valley.shape[1] or self.gradient > 1e-6 or not self.eigenvalues[1] > 0:
            return None
        if np.linalg.norm(self.points.valley - self.end[:, None], axis=0).min() > 0.5:
            return None
        return Verdict(VALLEY, f"Settled on a valley floor, loss {g3(self.path.loss[-1])}, after {_steps(self.n)}: a "
                               f"whole curve of equally good points, so it is no single minimum; |gradient| "
                               f"{self.gradient:.0e}; {self.hessian_words(self.eigenvalues)}: 0 along the floor.",
                       None, self.n)

    def plateau(self):
        before, after = self.path.theta[:, self.n // 2], self.end
        outside = ((after < self.points.low) | (after > self.points.high)).any()
        if self.gradient >= (10 * TINY if outside else TINY) * self.points.steepness and self.gradient > 0:
            return None
        if self.gradient == 0:
            return Verdict(PLATEAU, f"Stuck on a plateau after {_steps(self.n)}, loss {g3(self.path.loss[-1])}: the "
                                    f"gradient is exactly 0 there, {self.hessian_words(self.eigenvalues)}; flat "
                                    f"ground, not a minimum.", None, self.n)
        growth = np.linalg.norm(after) - np.linalg.norm(before)
        minima = self.points.theta[:, self.points.minima]
        if growth <= 0 or (minima.size and np.linalg.norm(minima - after[:, None], axis=0).min() < 1):
            return None
        where = "towards infinity" if outside else "outwards"
        return Verdict(PLATEAU, f"Drifting along a plateau {where}: after {_steps(self.n)} the weights are at "
                                f"({g3(after[0])}, {g3(after[1])}) and grew by {g3(growth)} over the second half, "
                                f"while |gradient| is only {self.gradient:.0e}. Not a minimum, though the loss hardly "
                                f"moves from {self.path.loss[-1]:.4f}: the ground still slopes outwards.", None, self.n)

    def moving(self):
        reason = self.all_too_fast()
        words = (f"Still moving after {_steps(self.n)}: loss {self.path.loss[-1]:.4f}, |gradient| {self.gradient:.0e}")
        k = self.nearest
        if k is not None and self.points.kind[k] == MINIMUM and self.distance < 1 and not self.too_fast(k):
            rate, low = self.optimizer.rate, self.points.eigenvalues[0, k]
            words += f", {g3(self.distance)} away from minimum {self.points.label[k]}"
            if self.distance > NEAR and self.plain and 0 < rate * low < 1:
                more = np.log(self.distance / NEAR) / -np.log1p(-rate * low)
                words += f", about {max(1, round(more)):,} more steps"
            words += ". More steps would take it there."
        elif reason:
            words += f". {_capital(reason)}."
        else:
            words += ". More steps or a larger rate would take it further."
        return Verdict(MOVING, words, None, self.n)


def _steps(n):
    return f"{n:,} step" + ("" if n == 1 else "s")


def _capital(sentence):
    return sentence[:1].upper() + sentence[1:]
