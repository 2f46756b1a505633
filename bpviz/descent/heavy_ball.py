"""Descent with momentum beside plain descent, to one minimum: how far theory by the curvature there tells the run.

Of the two directions of the Hessian at the minimum each is a damped oscillator (descent/oscillator.py). What theory
says of them stands beside what is measured: on a quadratic loss over the whole run, on any other over its last steps
near the minimum, where that loss is nearly quadratic.
Source: Polyak 1964, "Some methods of speeding up the convergence of iteration methods"; Goh 2017, Distill.
"""
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from bpviz.base.result import ShowsItself
from bpviz.base.work import Part, in_parts, within
from bpviz.descent import oscillator
from bpviz.descent.descend import descend
from bpviz.descent.optimizers import GradientDescent
from bpviz.descent.path import RAN_AWAY
from bpviz.words.catalogue import Said, say

DOWN = 1e-3                   # the share of the first loss, above that of the minimum, at which a run is down
NEAR = 0.3                    # the distance from the minimum of a network within which its run is measured
STILL_SEEN = 1e-9             # a distance that rounding does not reach
BENT = 0.3                    # how far a direction follows the square of the other one, about
AGREE = 0.005                 # factors a step that are this close are one
BORDER = 0.02                 # h this close to a border, as a share of it, is at the border


@dataclass(frozen=True)
class Quadratic:
    """L = (flat w1^2 + steep w2^2) / 2: an objective of two weights, its minimum 0 at (0, 0)."""
    flat: float
    steep: float

    n_params = 2

    def loss(self, theta):
        """The loss at theta: (2, ...) -> (...)."""
        return 0.5 * (self.flat * theta[0] ** 2 + self.steep * theta[1] ** 2)

    def gradient(self, theta):
        """Its two slopes: (2, ...) -> (2, ...)."""
        return np.array([self.flat * theta[0], self.steep * theta[1]])


@dataclass(frozen=True)
class Bottom:
    """A minimum: theta (2,), loss, curvatures (2,) ascending, directions (2, 2) in columns; label "" of a quadratic.

    others: the other minima of the same loss, as (label, theta).
    """
    theta: np.ndarray
    loss: float
    curvatures: np.ndarray
    directions: np.ndarray
    label: str = ""
    others: tuple = ()

    @property
    def exact(self):
        """Whether the loss is its own parabola."""
        return not self.label


@dataclass(frozen=True)
class Eigendirection:
    """One direction at a minimum, h = rate * curvature: what theory says of it, and what a run shows (or None)."""
    curvature: float
    h: float
    theory: str
    factor: float
    seen: str | None
    measured: float | None
    border: bool

    @property
    def agrees(self):
        """Whether theory and run are one; None where nothing could be measured."""
        return None if self.seen is None else self.seen == self.theory and abs(self.factor - self.measured) <= AGREE


@dataclass(frozen=True)
class Rolled:
    """A path, its losses above the minimum as shares of the first (steps + 1,), and when it was down, or None.

    distance: of its end from the minimum.
    """
    path: object
    share: np.ndarray
    down: int | None
    distance: float

    @cached_property
    def walk(self):
        """Its weights up to the last one kept: (2, steps + 1)."""
        return self.path.theta[:, :self.path.kept + 1]

    def facts(self, bottom):
        """How it went to a Bottom, for words."""
        label = bottom.label
        other = next((name for name, theta in bottom.others if np.linalg.norm(self.path.end - theta) <= NEAR), None)
        how = ("away" if self.path.ended == RAN_AWAY else "down" if self.down is not None else
               "level" if np.isnan(self.share).all() else "elsewhere" if label and self.distance > NEAR else "slow")
        return {"how": how, "steps": self.path.kept if self.down is None else self.down, "label": label,
                "distance": self.distance, "other": other}


@dataclass(frozen=True, repr=False)
class HeavyBall(ShowsItself):
    """Two runs from one start at one rate, with momentum and without, and what theory says of the directions.

    fastest: (rate, momentum) of the smallest factor.  ends: (2,) the rates at which the steep direction is where the
    two directions are now, flat first: the ends of a bar in the plane of rate and momentum.
    """
    rate: float
    momentum: float
    bottom: Bottom
    heavy: Rolled
    plain: Rolled
    directions: tuple
    fastest: tuple

    @cached_property
    def ends(self):
        return np.array([each.h for each in self.directions]) / self.bottom.curvatures[1]

    @cached_property
    def height(self):
        return np.full(2, self.momentum)

    @cached_property
    def ground(self):
        return np.zeros(2)

    @cached_property
    def floor(self):
        """The lower of the minimum's loss and the lowest loss that a run reached."""
        losses = [run.path.loss[:run.path.kept + 1] for run in (self.heavy, self.plain)]
        lowest = min(float(np.nanmin(loss, initial=np.inf)) for loss in losses)
        reach = abs(self.heavy.path.loss[0] - self.bottom.loss)
        return lowest if lowest < self.bottom.loss - 1e-6 * reach else self.bottom.loss

    @property
    def below(self):
        """Whether a run came below the minimum that is meant."""
        return self.floor < self.bottom.loss

    @cached_property
    def shares(self):
        """{run: its losses above the floor, as shares of the first}: (steps + 1,) each, nan if it starts there."""
        whole = self.heavy.path.loss[0] - self.floor
        with np.errstate(all="ignore"):
            return {name: (run.path.loss - self.floor) / (whole if whole > 0 else np.nan)
                    for name, run in (("heavy", self.heavy), ("plain", self.plain))}

    @cached_property
    def met(self):
        """{run: (2,) the step at which it was down and its share there, nan where it never was}."""
        return {name: np.full(2, np.nan) if run.down is None else np.array([run.down, self.shares[name][run.down]])
                for name, run in (("heavy", self.heavy), ("plain", self.plain))}

    @cached_property
    def level(self):
        """(where the minimum lies among the shares, its name); or the 1/1000, where no run came below it."""
        if not self.below:
            return DOWN, ""
        whole = self.heavy.path.loss[0] - self.floor
        return ((self.bottom.loss - self.floor) / whole if whole > 0 else np.nan), self.bottom.label

    @cached_property
    def heads(self):
        """{view: its title}, what is so now."""
        flat, steep = (each.theory for each in self.directions)
        label = self.bottom.label
        return {"loss": say("momentum", "title_loss", below=self.below, label=label),
                "plane": say("momentum", "title_plane", flat=flat, steep=steep, alike=flat == steep),
                "plain": say("momentum", "title_plain", **self.plain.facts(self.bottom)),
                "heavy": say("momentum", "title_heavy", **self.heavy.facts(self.bottom))}

    @property
    def words(self):
        label, alike = self.bottom.label, self.bottom.curvatures[0] == self.bottom.curvatures[1]
        far = self.heavy.distance > NEAR and not self.bottom.exact
        said = [("pair", {"momentum": self.momentum, "heavy": self.heavy.facts(self.bottom),
                          "plain": self.plain.facts(self.bottom)})]
        for name, each in zip(("each",) if alike else ("flat", "steep"), self.directions, strict=False):
            said.append(("direction", {
                "name": name, "h": each.h, "theory": each.theory, "factor": each.factor,
                "seen": each.seen, "measured": each.measured, "agrees": each.agrees, "border": each.border,
                "quadratic": self.bottom.exact, "far": far, "label": label}))
        flat, steep = self.bottom.curvatures
        rate, momentum = self.fastest
        said.append(("far", {"label": label}) if far else
                    ("fastest", {"rate": rate, "momentum": momentum, "factor": momentum ** 0.5,
                                 "plain": (steep - flat) / (steep + flat)}))
        return str(Said("momentum", tuple(said)))

    def table(self):
        rows = [(name, f"{each.curvature:.4g}", f"{each.h:.4g}", each.theory, each.seen or "–", f"{each.factor:.4f}",
                 "–" if each.measured is None else f"{each.measured:.4f}")
                for name, each in zip(("flat", "steep"), self.directions, strict=True)]
        return say("momentum", "table"), ("direction", "λ", "rate × λ", "theory", "run", "factor", "run's"), rows


@in_parts
def heavy_ball(objective, bottom, start, rate, momentum, steps):
    """The HeavyBall of an objective of two weights from `start` (2,), of so many steps, to a Bottom.

    Raises ValueError for a rate of 0 or below and a momentum outside [0, 1).
    `heavy_ball.parts` takes the same and yields Parts.
    """
    runs = []
    for k, m in enumerate((momentum, 0.0)):
        walk = descend.parts(objective, start, GradientDescent(rate, m), steps)
        path = yield from within(walk, 0.5 * k, 0.5 * k + 0.5)
        runs.append(_rolled(bottom, path))
    yield Part(1.0, HeavyBall(rate, momentum, bottom, *runs, _directions(bottom, runs[0].path, rate, momentum),
                              oscillator.fastest(*bottom.curvatures)))


def _rolled(bottom, path):
    above, distance = path.loss - bottom.loss, float(np.linalg.norm(path.end - bottom.theta))
    if not above[0] > 0:                                    # nothing to descend
        return Rolled(path, np.full(len(above), np.nan), None, distance)
    share = above / above[0]
    last = int(np.flatnonzero(share > DOWN)[-1])
    there = path.ended != RAN_AWAY and (bottom.exact or distance <= NEAR)
    return Rolled(path, share, last + 1 if there and last < path.steps else None, distance)


def _directions(bottom, path, rate, momentum):
    away = (bottom.directions.T @ (path.theta - bottom.theta[:, None]))[:, :path.kept + 1]       # (2, steps + 1)
    far, floor = np.hypot(*away), oscillator.TINY
    if not bottom.exact:
        beyond = np.flatnonzero(far > NEAR)
        first = beyond[-1] + 1 if len(beyond) else 0
        away, far = away[:, first:], far[first:]
        floor = np.maximum(STILL_SEEN, BENT * far ** 2)          # below that it only follows the other direction
    found = []
    for curvature, values in zip(bottom.curvatures, away, strict=True):
        h = float(rate * curvature)
        borders = np.array(oscillator.borders(momentum))
        found.append(Eigendirection(float(curvature), h, oscillator.behaviour(h, momentum),
                                    oscillator.factor(h, momentum), *oscillator.measured(values, floor),
                                    bool((np.abs(h - borders) <= BORDER * borders).any())))
    return tuple(found)
