"""What became of a descent, as facts with the reason in numbers; bpviz/words/en/verdict.toml says them.

A small gradient is no evidence: minima, saddles and plateaus all have one. So the end of the path is held against the
list of critical points, the exact Hessian there, the ground around it (landscape/ground.py), the way the weights are
going, and the largest learning rate each minimum can hold (its stability limit). A sentence says only what was
measured on the path or tried out: "takes it there" was walked on, "does not run away" was run.
"""
import numpy as np

from bpviz.base.arguments import instance, is_fit, real
from bpviz.base.arguments import objective as an_objective
from bpviz.calculus.dual import curvature_of
from bpviz.descent import noise as noises
from bpviz.descent import optimizers, schedules
from bpviz.descent.path import RAN_AWAY, STILL, Path
from bpviz.descent.settle import EVERY, NEAR, PATIENCE, near
from bpviz.landscape import ground
from bpviz.landscape.critical import MAXIMUM, MINIMUM, SADDLE, CriticalPoints
from bpviz.landscape.endings import (
    AWAY,
    BALANCED,
    BOUNCING,
    HOVERING,
    MOVING,
    PLATEAU,
    RESTING,
    SETTLED,
    STALLED,
    STANDING,
    VALLEY,
    Verdict,
)
from bpviz.landscape.reasons import Reasons, curvatures, minimum, of_the_ground, place_of
from bpviz.landscape.symmetry import copy_near
from bpviz.words.catalogue import Said
from bpviz.words.numbers import amount

TINY, SLIGHT = 0.01, 0.03  # tiny: below this share of the window's median gradient, and of the loss it could take off
QUIET, SWING = 24, 0.1  # a plateau is level: over so many last steps the loss changes by no more than this share of it
SHAKEN = 0.25           # as far around a minimum as noise may shake a descent that is still said to be there
STAY = EVERY * PATIENCE


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
             judge.at_rest, judge.standing, judge.beside_a_floor, judge.plateau)
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
        self.nearest, self.distance = points.nearest(self.end)
        self.why = Reasons(objective, path.theta[:, :self.n + 1], points, optimizer, self.curvature, **self.walk)
        moves = np.diff(self.theta[:, -STAY:], axis=1)
        self.last_step = float(np.linalg.norm(moves[:, -1:]))
        self.turning = float(((moves[:, 1:] * moves[:, :-1]).sum(axis=0) < 0).mean()) if self.n > 1 else 0.0

    def _apart(self, k):
        return np.linalg.norm(self.theta - self.points.theta[:, [k]], axis=0)

    def _verdict(self, kind, *sentences, point=None, steps=None):
        """sentences: (key, facts), or None where there is nothing to say."""
        return Verdict(kind, Said("verdict", tuple(filter(None, sentences))), point, self.n if steps is None else steps)

    def _where(self):
        return {"steps": self.n, "loss": self.path.loss[-1], "slope": self.gradient}

    def ran_away(self):
        if self.path.ended != RAN_AWAY:
            return None
        loss, start = self.path.loss[:self.n + 1], self.path.theta[:, 0]
        if not np.isfinite(loss[0] + self.path.gradient_norm[0]):
            return self._verdict(AWAY, ("no_step", {}), steps=0)
        ran = "ran_away", {"steps": self.n, "loss": loss[-1]}
        if self.n and (np.diff(loss[self.n // 2:]) < 0).all() and loss[-1] < loss[0]:
            return self._verdict(AWAY, ran, ("falling", {}))
        return self._verdict(AWAY, ran, self.why.all_too_fast() or self.why.local_limit(start, "start"),
                             self.why.slower(self.path.steps))

    def settled(self):
        k = self.nearest
        if k is None or self.points.kind[k] != MINIMUM or self.distance > NEAR:
            return None
        if limit := self.why.too_fast(k):
            if self.last_step > 1e-9:
                return None
            return self._verdict(BALANCED, ("balanced", {
                "minimum": minimum(self.points, k), "where": self._where(), "rate": self.why.rate, "limit": limit}),
                point=k)
        apart = self._apart(k)
        since = int(np.flatnonzero(apart > NEAR)[-1]) + 1 if (apart > NEAR).any() else 0
        if not self.why.plain and self.last_step > 1e-9:
            before, last = apart[since:][-STAY:-STAY // 2], apart[since:][-STAY // 2:]
            if self.n - since < STAY or last.max() > (0.99 if self.turning > 0.3 else 1) * before.max():
                return None
        reason = self.why.all_too_fast() or (self.why.restless() if self.last_step > 1e-9 else None)
        return self._verdict(SETTLED, ("settled", {
            "minimum": minimum(self.points, k), "steps": since, "slope": self.gradient,
            "curvatures": curvatures(self.points.eigenvalues[:, k])}), reason, point=k, steps=since)

    def hovering(self):
        """Around a minimum, and no nearer: the steps do not shrink, or noise shakes them."""
        k = self.nearest
        reach = SHAKEN if self.walk["noise"] is not None else near(self.optimizer)
        if (k is None or self.points.kind[k] != MINIMUM or self.n < STAY or self.last_step < STILL
                or self.why.too_fast(k)):
            return None
        apart = self._apart(k)
        stay = apart[-STAY:]
        nearing = stay[STAY // 2:].mean() < 0.9 * stay[:STAY // 2].mean()
        if stay.max() > (NEAR if nearing else reach):
            return None
        beyond = np.flatnonzero(apart > reach)
        since = int(beyond[-1]) + 1 if len(beyond) else 0
        return self._verdict(HOVERING, ("hovering", {
            "minimum": minimum(self.points, k), "last": STAY, "steps": self.n, "nearest": stay.min(),
            "farthest": stay.max(), "nearing": nearing, "slope": self.gradient}), self.why.restless(),
            point=k, steps=since)

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
        reason = self._odd() or self.why.shaken() or self.why.all_too_fast() or \
            self.why.local_limit(middle, "middle") or self.why.restless()
        period = next((p for p in range(2, 17)
                       if np.abs(tail[:, p:] - tail[:, :-p]).max() < 0.02 * size.max()), None)
        low, high = self.path.loss[-32:].min(), self.path.loss[-32:].max()
        return self._verdict(BOUNCING, ("bouncing", {
            "period": period, "losses": {"low": low, "high": high, "alike": amount(low) == amount(high)}, "last": 32,
            "steps": self.n, "length": lengths.mean(), "turning": self.turning}), reason)

    def _odd(self):
        return ("odd", {}) if self.why.odd else None

    def stalled(self):
        k = self.nearest
        if k is None or self.points.kind[k] not in (SADDLE, MAXIMUM) or self.distance > 0.25:
            return None
        if self.n and np.linalg.norm(self.end - self.theta[:, self.n // 2]) > 0.25:
            return None
        values, plain = self.points.eigenvalues[:, k], self.why.plain and not self.optimizer.weight_decay
        return self._verdict(STALLED, ("stalled", {
            "kind": self.points.kind[k], "label": self.points.label[k], "steps": self.n, "distance": self.distance,
            "slope": self.gradient, "curvatures": curvatures(values),
            "growth": 1 - self.optimizer.rate * values[0] if plain else None}), point=k)

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
        lossless = is_fit(self.objective) and abs(self.path.loss[-1]) <= ground.NOTHING
        if under.kind == ground.FLAT and lossless:
            kind = STANDING
        return self._verdict(kind, of_the_ground(under, self._where(), place_of(self.path.end), lossless))

    def at_rest(self):
        """Not moving, though the gradient is not 0."""
        held = self.why.held() if self.n and self.last_step < STILL and self.gradient > 1e-9 else None
        return held and self._verdict(RESTING, ("at_rest", {
            "where": self._where(), "held_by": held, "rate": self.why.rate, "name": self.optimizer.name,
            "step": self.last_step}))

    def standing(self):
        """Not moving, for there is no gradient, or the last step moved nothing."""
        level = self.gradient == 0 and self.why.plain and not self.optimizer.weight_decay
        if not level and not (self.n and self.last_step == 0):
            return None
        return self._verdict(STANDING, ("standing", {"where": self._where(), "level": bool(self.gradient == 0)}))

    def beside_a_floor(self):
        """On the way, with a valley floor close by."""
        under = ground.ground_near(self.objective, self.path.end, SHAKEN)
        if under is None or under.kind != ground.FLOOR:
            return None
        floor = ground.straight_down(self.objective, self.path.end, under.dimension)
        if floor is None:
            return None
        return self._verdict(MOVING, ("beside_a_floor", {
            "where": self._where(), "gap": np.linalg.norm(floor - self.path.end),
            "loss": self.objective.loss(under.place), "step": self.last_step}))

    def plateau(self):
        before = self.theta[:, self.n // 2]
        outside = ((self.path.end < self.points.low) | (self.path.end > self.points.high)).any()
        small = min((10 * TINY if outside else TINY) * self.points.steepness, SLIGHT * abs(self.path.loss[-1]))
        if not 0 < self.gradient < small or not self.n:
            return None
        if np.ptp(self.path.loss[:self.n + 1][-min(QUIET, self.n // 2 + 1):]) > SWING * abs(self.path.loss[-1]):
            return None                                                      # a quiet moment between two jumps
        minima = self.points.theta[:, self.points.minima]
        if minima.size and np.linalg.norm(minima - self.end[:, None], axis=0).min() < 1:
            return None
        outwards = self.objective.gradient(self.path.end) @ self.path.end < 0
        longer = np.linalg.norm(self.end) - np.linalg.norm(before)
        higher = self.path.loss[-1] - self.path.loss[self.n // 2]
        half = {"longer": longer >= 0, "longer_by": abs(longer), "higher": higher >= 0, "higher_by": abs(higher)}
        return self._verdict(PLATEAU, ("plateau", {
            "outside": outside, "where": self._where(), "place": place_of(self.path.end), "half": half}),
            ("still_slopes", {"outwards": outwards}))

    def moving(self):
        k, facts = self.nearest, {"where": self._where(), "near": None}
        if k is not None and self.points.kind[k] == MINIMUM and self.distance < 1:
            facts.update(near=self.points.label[k], distance=self.distance,
                         nearer=self._apart(k)[self.n // 2] > self.distance)
        here = ("moving" if self.n else "at_the_start"), facts
        if said := self._odd() or self.why.ahead(self.end):
            return self._verdict(MOVING, here, said)
        half = ("second_half", {"fell": self.path.loss[self.n // 2] - self.path.loss[-1], "step": self.last_step})
        return self._verdict(MOVING, here, half if self.n else None, self.why.all_too_fast())
