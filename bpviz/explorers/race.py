"""The race of optimizers: who ends where, and who reaches the best minimum how often; facts and a table."""
import math
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from bpviz.descent.path import SETTLED
from bpviz.descent.restarts import sign_test
from bpviz.explorers.choices import OURS
from bpviz.words.catalogue import Said, say
from bpviz.words.numbers import amount, share1

CLOSE, STAY = 0.25, 32    # a path so close to a minimum for so many steps ends in it; a shorter while, it is near


def ended(scene, path):
    """(where a path ended, whether it may be passing by): the letter of a minimum close by, or what became of it.

    A path that did not stay close to its minimum may be passing by. A valley is spoken of only where level points are
    close by; where there is no minimum, what counts as best.
    """
    points = scene.land.points
    if path.ended == "ran away":
        return "ran away", False
    close = [k for k in points.minima if np.linalg.norm(points.theta[:, k] - path.end) < CLOSE]
    if close:
        passing = path.ended != SETTLED and not _stayed(path, points.theta[:, close[0]])
        label = points.label[close[0]]
        return say("escape", "near", label=label) if passing else label, passing
    if path.loss[-1] > scene.level:
        return "nowhere yet", False
    if not len(points.minima):
        return scene.best[0], False
    apart = np.linalg.norm(points.valley - path.end[:, None], axis=0)
    return "the valley" if apart.size and apart.min() < CLOSE else "nowhere yet", False


def _stayed(path, place):
    """Whether the path has been close to this place (P,) for STAY steps."""
    apart = np.linalg.norm(path.theta[:, -STAY - 1:] - place[:, None], axis=0)
    return len(apart) > STAY and bool((apart < CLOSE).all())


@dataclass(frozen=True)
class Race:
    """What the race has brought so far.

    paths: one Path a racer.  ends: see `ended`, of each.  runs: {racer: Restarts or None}.
    shown: the racer whose inner state is shown.  tries: how many restarts.  rates: {racer: its learning rate}.
    now: {racer: its Moment}, each at the step looked at.  penalties: {racer: the share of its final loss that the
    penalty is}, empty without one.
    """
    paths: dict
    ends: dict
    runs: dict
    level: float
    best: tuple
    shown: str
    tries: int
    rates: dict
    now: dict
    penalties: dict

    @property
    def step_now(self):
        """The step at which they are looked at: the racer's that went furthest."""
        return max(one.step for one in self.now.values())

    @property
    def heading_now(self):
        return say("escape", "now", step=self.step_now, all=len({one.step for one in self.now.values()}) == 1)

    def reached(self, name):
        """(share, low, high) of this racer, or None while it has not run."""
        run = self.runs[name]
        if run is None or not run.steps.any():
            return None
        k, n, low, high = run.reached(self.level)
        return k / n, low, high

    @property
    def shares(self):
        """Of each racer, what it reached."""
        return [self.reached(name) for name in self.paths]

    @property
    def final(self):
        """The losses at which the starts of the one looked into ended; none before they are known."""
        run = self.runs[self.shown]
        return np.zeros(0) if run is None else run.loss

    @cached_property
    def inner(self):
        """{name: its length at each step} of up to three parts of the state of the one looked into."""
        parts = [(name, part) for name, part in (self.paths[self.shown].inner or {}).items() if part.ndim == 2]
        return {name: np.linalg.norm(part, axis=0) for name, part in parts[:3]}

    @property
    def inside(self):
        """The three lines of the inner state, None where there are fewer."""
        return (*self.inner.values(), None, None, None)[:3]

    @property
    def heading(self):
        """What the lines inside are, each after its dash."""
        lines = [{"dash": dash, "name": name} for dash, name in zip(("—", "- -", "-·-"), self.inner, strict=False)]
        return say("escape", "heading", lines=lines, any=bool(lines), state=bool(self.paths[self.shown].inner))


def words(result):
    racers = list(result.paths)
    there = [name for name in racers if result.ends[name][0] in result.best]
    at_end = "from_here", {"count": len(there), "others": len(racers) - len(there), "of": len(racers), "there": there,
                           "rest": [name for name in racers if name not in there],
                           "most": 2 * len(there) > len(racers), "best": result.best}
    here = at_end, _passing(result)
    counted = {name: share for name in racers if (share := result.reached(name)) is not None}
    if len(counted) < len(racers):
        return _said(*here, ("under_way", {"done": len(counted), "of": len(racers)}))
    return _said(*here, *_counted(result, counted), None if result.shown in OURS.racers else _inside(result))


def _passing(result):
    """Who is near a minimum at the end and was not seen to stay; None where nobody is."""
    near = [name for name, (_, passing) in result.ends.items() if passing]
    return ("passing", {"names": near[:3], "more": max(len(near) - 3, 0)}) if near else None


def _said(*sentences):
    return str(Said("escape", tuple(filter(None, sentences))))


def _counted(result, counted):
    """What the count over many starts says: who reaches the best minimum most often, and what restarts make of it."""
    facts = {"starts": _starts(result), "best": result.best, "level": result.level}
    most = max(share for share, _, _ in counted.values())
    if most == 0:
        return [("none_reached", facts)]
    first = [name for name in counted if counted[name][0] == most]
    (p, low, high), (plain, _, _) = counted[first[0]], counted["gradient descent"]
    racers = {"few": [{"name": name, "rate": result.rates[name]} for name in first[:2]], "more": max(len(first) - 2, 0)}
    facts.update(racers=len(first), first=racers, share=p, low=low, high=high,
                 plain=None if "gradient descent" in first else plain, plain_rate=result.rates["gradient descent"])
    return [("most_often", facts), None if facts["plain"] is None else _told_apart(result, first[0], len(counted)),
            ("with_restarts", {"tries": result.tries, "name": first[0], "starts": _starts(result), "all": p == 1,
                               **{name: _chance(share, result.tries)
                                  for name, share in (("chance", p), ("low", low), ("high", high))}})]


def _told_apart(result, name, racers):
    """Whether the best is ahead of gradient descent by more than chance: both went from the same starts.

    chance: of any of the others to be so far ahead or behind, were there nothing between them (Bonferroni's bound).
    """
    mine, plain = (result.runs[one].loss <= result.level for one in (name, "gradient descent"))
    ahead, behind = int((mine & ~plain).sum()), int((plain & ~mine).sum())
    return "told_apart", {"name": name, "ahead": ahead, "behind": behind, "racers": racers,
                          "chance": min(1.0, (racers - 1) * sign_test(ahead, behind))}


def _starts(result):
    """How many random starts were counted."""
    return max((len(run.loss) for run in result.runs.values() if run is not None), default=0)


def _chance(p, tries):
    """How likely at least one of `tries` starts gets there, if each does with probability p: certain only for p = 1."""
    return 1.0 if p == 1 else min(1 - (1 - p) ** tries, math.nextafter(1, 0))


def _inside(result):
    """What the optimizer remembers at the end: the length of what is kept for each weight, a number as it is."""
    inner = (result.paths[result.shown].inner or {}).items()
    parts = [{"name": name, "long": True, "value": np.linalg.norm(part[:, -1])}
             for name, part in inner if part.ndim == 2]
    parts += [{"name": name, "long": False, "value": part[-1]} for name, part in inner if part.ndim == 1]
    return "inside", {"name": result.shown, "any": bool(parts), "parts": parts}


def table(result):
    rows = []
    for name in result.paths:
        share = result.reached(name)
        count = ("…", "…", "…") if share is None else (
            share1(share[0]), f"{share1(share[1])} to {share1(share[2])}", share1(_chance(share[0], result.tries)))
        part = result.penalties.get(name)
        told = "" if part is None else " " + say("escape", "penalty", share=part)
        rows.append((name, amount(result.paths[name].loss[-1]) + told, result.ends[name][0], *count))
    return (say("escape", "table", starts=_starts(result), inside=_inside(result)[1]),
            ("optimizer", "final loss", "ends in", say("escape", "reach", best=result.best), "95 % interval",
             say("escape", "with", tries=result.tries)), rows)
