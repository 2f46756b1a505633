"""What became of a descent, in words and with the reason in numbers.

A small gradient is no evidence: minima, saddles and plateaus all have one. So the end of the path is held against the
list of critical points, the exact Hessian there, the ground around it (landscape/ground.py), the way the weights are
going, and the largest learning rate each minimum can hold (its stability limit). A sentence says only what was
measured on the path or tried out: "takes it there" was walked on, "does not run away" was run.
"""
import textwrap
from dataclasses import dataclass

import numpy as np

from bpviz.base.arguments import instance, real
from bpviz.base.arguments import objective as an_objective
from bpviz.base.records import checked_fields
from bpviz.calculus.dual import curvature_of
from bpviz.descent import noise as noises
from bpviz.descent import optimizers, schedules
from bpviz.descent.path import RAN_AWAY, Path
from bpviz.descent.settle import EVERY, NEAR, PATIENCE, near
from bpviz.landscape import ground
from bpviz.landscape.critical import MAXIMUM, MINIMUM, SADDLE, CriticalPoints
from bpviz.landscape.reasons import Reasons, curvatures, of_the_ground, place_of, rank
from bpviz.landscape.symmetry import copy_near
from bpviz.words.numbers import amount, capital, steps_of

TINY, SLIGHT = 0.01, 0.03  # tiny: below this share of the window's median gradient, and of the loss it could take off
FROZEN = 1e-7           # a step shorter than this does not move a weight to speak of
SHAKEN = 0.25           # as far around a minimum as noise may shake a descent that is still said to be there
STAY = EVERY * PATIENCE
SETTLED, HOVERING, BALANCED, VALLEY, STALLED, PLATEAU, RESTING, BOUNCING, MOVING, AWAY = (
    "settled", "hovering around a minimum", "balanced on a minimum", "settled on a valley floor",
    "stalled near a saddle", "drifting along a plateau", "at rest on a slope", "bouncing", "still moving", "ran away")


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


def verdict(objective, path, points, optimizer, *, noise=None, schedule=None, clip=None):
    """The Verdict on the path (theta (P, n)) of one network, of an objective with known critical points.

    optimizer, noise, schedule, clip: those the path was walked with.
    Raises ValueError for a path of many networks, or of another number of weights than the objective has.
    """
    P = an_objective("objective", objective).n_params
    instance("path", path, Path, "a Path, what bp.descend gives")
    instance("points", points, CriticalPoints, "a CriticalPoints, what bp.critical_points gives")
    for name, theta in (("path", path.theta), ("points", points.theta)):
        if theta.ndim != 2 or len(theta) != P:
            raise ValueError(f"{name}: got theta of shape {theta.shape}; allowed is one of {P} weights, ({P}, n)")
    noise, clip = noises.checked(noise, objective), None if clip is None else real("clip", clip, above=0)
    judge = _Judge(objective, path, points, optimizers.checked(optimizer), noise, schedules.checked(schedule), clip)
    asked = (judge.ran_away, judge.settled, judge.hovering, judge.bouncing, judge.stalled, judge.level,
             judge.beside_a_floor, judge.plateau)
    return next(filter(None, (question() for question in asked)), None) or judge.moving()


class _Judge:
    """The questions asked of one path, each returning a Verdict or None."""

    def __init__(self, objective, path, points, optimizer, noise, schedule, clip):
        self.objective, self.path, self.points, self.optimizer = objective, path, points, optimizer
        self.walk = {"noise": noise, "schedule": schedule, "clip": clip}
        self.curvature = curvature_of(objective)
        self.n = path.kept
        self.theta = path.theta[:, :self.n + 1]
        if points.copies:                              # the list names one of many symmetric copies
            self.theta = copy_near(getattr(objective, "network", None), self.theta, points.theta)
        self.end, self.gradient = self.theta[:, -1], path.gradient_norm[-1]
        self.slope = "|gradient| " + ("exactly 0" if self.gradient == 0 else f"{self.gradient:.0e}")
        self.nearest, self.distance = points.nearest(self.end)
        self.why = Reasons(objective, path.theta[:, :self.n + 1], points, optimizer, self.curvature, **self.walk)
        moves = np.diff(self.theta[:, -STAY:], axis=1)
        self.last_step = float(np.linalg.norm(moves[:, -1:]))
        self.turning = float(((moves[:, 1:] * moves[:, :-1]).sum(axis=0) < 0).mean()) if self.n > 1 else 0.0

    def _apart(self, k):
        return np.linalg.norm(self.theta - self.points.theta[:, [k]], axis=0)

    def _name(self, k):
        return f"minimum {self.points.label[k]}, loss {amount(self.points.loss[k])}, {rank(self.points, k)}"

    def _where(self):
        return f"after {steps_of(self.n)}, loss {amount(self.path.loss[-1])}, {self.slope}"

    def ran_away(self):
        if self.path.ended != RAN_AWAY:
            return None
        loss, start = self.path.loss[:self.n + 1], self.path.theta[:, 0]
        if not np.isfinite(loss[0] + self.path.gradient_norm[0]):
            words = "No step was taken: at the start the loss or its gradient is no number, or too large for one."
            return Verdict(AWAY, words, None, 0)
        words = (f"Ran away after {steps_of(self.n)}, loss {amount(loss[-1])} there: the next one took a weight beyond "
                 "a million, or the loss beyond all numbers.")
        if self.n and (np.diff(loss[self.n // 2:]) < 0).all() and loss[-1] < loss[0]:
            words += " The loss was falling all the while: no bottom was met."
            return Verdict(AWAY, words, None, self.n)
        reason = self.why.all_too_fast() or self.why.local_limit(start, "at the start")
        words += f" {capital(reason)}." if reason else ""
        return Verdict(AWAY, words + self.why.slower(self.path.steps), None, self.n)

    def settled(self):
        k = self.nearest
        if k is None or self.points.kind[k] != MINIMUM or self.distance > NEAR:
            return None
        name = self._name(k)
        if reason := self.why.too_fast(k):
            if self.last_step > 1e-9:
                return None
            return Verdict(BALANCED, f"Stands on {name}, {self._where()}. {capital(reason)}; the least push "
                                     "would throw it off.", k, self.n)
        apart = self._apart(k)
        since = int(np.flatnonzero(apart > NEAR)[-1]) + 1 if (apart > NEAR).any() else 0
        if not self.why.plain and self.last_step > 1e-9:
            before, last = apart[since:][-STAY:-STAY // 2], apart[since:][-STAY // 2:]
            if self.n - since < STAY or last.max() > (0.99 if self.turning > 0.3 else 1) * before.max():
                return None
        reason, restless = self.why.all_too_fast(), self.why.restless() if self.last_step > 1e-9 else ""
        note = f" {capital(reason)}." if reason else f" {restless}".rstrip()
        return Verdict(SETTLED, f"Settled in {name}, after {steps_of(since)}; at the end "
                                f"{self.slope}; {curvatures(self.points.eigenvalues[:, k])}.{note}", k, since)

    def hovering(self):
        """Around a minimum, and no nearer: the steps do not shrink, or noise shakes them."""
        k = self.nearest
        reach = SHAKEN if self.walk["noise"] is not None else near(self.optimizer)
        if (k is None or self.points.kind[k] != MINIMUM or self.n < STAY or self.last_step < FROZEN
                or self.why.too_fast(k)):
            return None
        apart = self._apart(k)
        stay = apart[-STAY:]
        nearing = stay[STAY // 2:].mean() < 0.9 * stay[:STAY // 2].mean()
        if stay.max() > (NEAR if nearing else reach):
            return None
        beyond = np.flatnonzero(apart > reach)
        since = int(beyond[-1]) + 1 if len(beyond) else 0
        came = "" if nearing else " and came no nearer"
        return Verdict(HOVERING, f"Hovers around {self._name(k)}: over the last {STAY} of {steps_of(self.n)} it was "
                                 f"{stay.min():.3g} to {stay.max():.3g} away{came}; {self.slope}. "
                                 f"{self.why.restless()}".rstrip(), k, since)

    def bouncing(self):
        """A cycle: the last points repeat with some short period and do not shrink together."""
        tail = self.theta[:, -STAY:]
        if tail.shape[1] < 32:
            return None
        size = np.linalg.norm(tail - tail.mean(axis=1, keepdims=True), axis=0)
        lengths = np.linalg.norm(np.diff(tail, axis=1), axis=0)
        resting = size[-16:].max() < 0.5 * size[:16].max() or lengths[-8:].max() < 0.1 * lengths.max()
        if size.max() < 1e-3 or resting or self.turning < 0.3:
            return None
        middle = self.path.theta[:, -tail.shape[1]:].mean(axis=1)
        reason = self.why.odd or self.why.shaken() or self.why.all_too_fast() or \
            self.why.local_limit(middle, "in the middle of it")
        reason = f" {capital(reason)}." if reason else f" {self.why.restless()}".rstrip()
        period = next((p for p in range(2, 17)
                       if np.abs(tail[:, p:] - tail[:, :-p]).max() < 0.02 * size.max()), None)
        cycle = f"a cycle of {period} steps" if period else "without a fixed period"
        low, high = amount(self.path.loss[-32:].min()), amount(self.path.loss[-32:].max())
        between = f"loss {low}" if low == high else f"loss between {low} and {high}"
        return Verdict(BOUNCING, f"Bouncing, {cycle}, {between} over the last 32 of {steps_of(self.n)}; a step is "
                                 f"{lengths.mean():.3g} long on average, "
                                 f"{self.turning:.0%} of them turn back.{reason}", None, self.n)

    def stalled(self):
        k = self.nearest
        if k is None or self.points.kind[k] not in (SADDLE, MAXIMUM) or self.distance > 0.25:
            return None
        if self.n and np.linalg.norm(self.end - self.theta[:, self.n // 2]) > 0.25:
            return None
        way_down = "so there is a way down"
        if self.why.plain and not self.optimizer.weight_decay:
            growth = 1 - self.optimizer.rate * self.points.eigenvalues[0, k]
            way_down += f"; at this rate the distance along it grows by a factor {growth:.4g} a step"
        what = "saddle" if self.points.kind[k] == SADDLE else "maximum"
        return Verdict(STALLED, f"Stalled near {what} {self.points.label[k]} after {steps_of(self.n)}, "
                                f"{self.distance:.3g} away: {self.slope}, yet "
                                f"{curvatures(self.points.eigenvalues[:, k])}, {way_down}.", k, self.n)

    def level(self):
        """Close to level ground that the list has no point for: what is this ground?"""
        tail = self.theta[:, -STAY:]
        still = np.linalg.norm(tail - self.end[:, None], axis=0).max() < 2 * NEAR and self.n >= STAY
        if not still and self.gradient > 1e-9:
            return None
        under = ground.ground_near(self.objective, self.path.end, NEAR)
        if under is None or (under.kind == ground.UNDECIDED and self.gradient > 1e-9):
            return None
        listed, apart = self.points.nearest(under.place)
        if under.kind == ground.POINT and apart < NEAR and self.points.kind[listed] == MINIMUM:
            return None                                              # the list has it; the descent is not there to stay
        kind = {ground.FLOOR: VALLEY, ground.OPEN: PLATEAU, ground.FLAT: PLATEAU, ground.POINT: SETTLED,
                ground.UNDECIDED: RESTING, ground.SADDLE: STALLED, ground.TOP: STALLED}[under.kind]
        words = of_the_ground(under, self._where(), place_of(self.path.end))
        return Verdict(kind, words, None, self.n)

    def beside_a_floor(self):
        """On the way, with a valley floor close by."""
        under = ground.ground_near(self.objective, self.path.end, SHAKEN)
        if under is None or under.kind != ground.FLOOR:
            return None
        floor = ground.straight_down(self.objective, self.path.end, under.dimension)
        if floor is None:
            return None
        gap, loss = np.linalg.norm(floor - self.path.end), amount(float(self.objective.loss(under.place)))
        return Verdict(MOVING, f"Still moving {self._where()}, {gap:.3g} off a valley floor (equally good points of "
                               f"loss {loss}); the last step was {self.last_step:.3g} long.", None, self.n)

    def plateau(self):
        before = self.theta[:, self.n // 2]
        outside = ((self.path.end < self.points.low) | (self.path.end > self.points.high)).any()
        small = min((10 * TINY if outside else TINY) * self.points.steepness, SLIGHT * abs(self.path.loss[-1]))
        if not 0 < self.gradient < small or not self.n:
            return None
        minima = self.points.theta[:, self.points.minima]
        if minima.size and np.linalg.norm(minima - self.end[:, None], axis=0).min() < 1:
            return None
        outwards = self.objective.gradient(self.path.end) @ self.path.end < 0
        changes = (np.linalg.norm(self.end) - np.linalg.norm(before), self.path.loss[-1] - self.path.loss[self.n // 2])
        grew, fell = (f"{up if change >= 0 else down} by {abs(change):.3g}"
                      for change, up, down in zip(changes, ("grew", "rose"), ("shrank", "fell"), strict=True))
        way = f"; over the second half they {grew} and the loss {fell}" if self.n else ""
        what = f"{'Drifting along' if self.n else 'On'} a plateau{', beyond the window' if outside else ''}"
        return Verdict(PLATEAU, f"{what}, {self._where()}: the weights are at {place_of(self.path.end)}{way}. The "
                                "gradient is small, yet this is no minimum: the ground still slopes "
                                f"{'outwards' if outwards else 'inwards'}.", None, self.n)

    def moving(self):
        k = self.nearest
        words = f"Still moving {self._where()}" if self.n else f"At the start, {self._where()}"
        if self.n and self.last_step < FROZEN and self.gradient > 1e-9 and (reason := self.why.held()):
            return Verdict(RESTING, f"At rest on a slope, {self._where()}: {reason}.", None, self.n)
        if k is not None and self.points.kind[k] == MINIMUM and self.distance < 1:
            nearer = "nearer" if self._apart(k)[self.n // 2] > self.distance else "no nearer"
            words += (f", {self.distance:.3g} away from minimum {self.points.label[k]}, {nearer} than half the steps "
                      "before" if self.n else f", {self.distance:.3g} away from minimum {self.points.label[k]}")
        if self.why.odd:
            return Verdict(MOVING, f"{words}. {capital(self.why.odd)}.", None, self.n)
        if ahead := self.why.ahead(self.end):
            return Verdict(MOVING, f"{words}. {ahead}", None, self.n)
        if self.n:
            fell = self.path.loss[self.n // 2] - self.path.loss[-1]
            ahead = (f"The loss fell by {fell:.3g} over the second half" if fell > 0 else
                     "The loss did not fall over the second half")
            ahead += f", and the last step was {self.last_step:.3g} long."
        reason = f" {capital(reason)}." if (reason := self.why.all_too_fast()) else ""
        return Verdict(MOVING, f"{words}. {ahead}{reason}".strip(), None, self.n)
