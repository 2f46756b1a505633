"""What a learner's backward pass of the network of two weights did: where its path went, and which entry is wrong.

Judged is every step of their path against the right gradient there, not path against path: where steps bounce, two
paths part by rounding alone. The entries at the start are judged given the learner's own values before each, as in the
exercises.
"""
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from bpviz.coursework.diagnosis.beside import NEAR, distinct, near, relation
from bpviz.landscape.critical import MINIMUM, SADDLE
from bpviz.words.catalogue import Said, say
from bpviz.words.numbers import number, pretty

ENTRIES = ("da2", "dz2", "dw2", "da1", "dz1", "dw1")
CLOSE = 0.25                     # a path that ends this near a minimum is said to end close to it
ROUNDING = 1e-15                 # of the weights: as far as a step is known


def right_entries(x, t, w1, w2, theirs):
    """(right, given theirs): the six entries of one row by the chain rule, and each from their own entry before it.

    theirs: (6,) in the order of ENTRIES, NaN where they give none; the right one then stands for it.
    """
    a1 = 1 / (1 + np.exp(-x * w1))
    a2 = 1 / (1 + np.exp(-a1 * w2))
    right, follows = [], []
    for chain, own in ((right, False), (follows, True)):
        def before(name, chain=chain, own=own):
            k = ENTRIES.index(name)
            return theirs[k] if own and np.isfinite(theirs[k]) else chain[k]
        chain.append(2 * (a2 - t))
        chain.append(before("da2") * a2 * (1 - a2))
        chain.append(before("dz2") * a1)
        chain.append(before("dz2") * w2)
        chain.append(before("da1") * a1 * (1 - a1))
        chain.append(before("dz1") * x)
    return np.array(right), np.array(follows)


def written(mine):
    """A number of theirs in the table."""
    return say("backward", "nothing") if np.isinf(mine) else pretty(number(mine, 4))


@dataclass(frozen=True)
class OwnDescent:
    """A path (2, n + 1) made of a learner's own slopes, its loss (n + 1,), and the right path (2, m + 1) beside it.

    parts: their entries at the start, (rows, 6), NaN: not given, inf: no number.
    wrong_at: the first step whose slopes are wrong, None if none is.
    ended, right_ended: facts, where each path ended.  data: the rows.
    """
    path: np.ndarray
    loss: np.ndarray
    parts: np.ndarray
    wrong_at: int | None
    ended: dict
    right_ended: dict
    data: object

    @property
    def runs(self):
        return True

    @cached_property
    def entries(self):
        """(row, ((name, theirs, right, mark), ...)) of the first row with a wrong entry, or of the first row.

        mark: "✓", "✗", "→" (it follows from an earlier one) or "–" (not given).
        """
        found = [self._entries_of(k) for k in range(len(self.parts))]
        return next(((k, one) for k, one in enumerate(found) if any(mark == "✗" for *_, mark in one)), (0, found[0]))

    def _entries_of(self, row):
        theirs, (w1, w2) = self.parts[row], self.path[:, 0]
        with np.errstate(all="ignore"):
            right, follows = right_entries(self.data.x[0, row], self.data.y[0, row], w1, w2, theirs)

        def mark(mine, right, follows):
            if not np.isfinite(mine):
                return "–" if np.isnan(mine) else "✗"
            one, other = (near(mine, value) for value in (right, follows))
            return "✓" if one else "→" if other else "✗"
        return tuple((name, *map(float, values[:2]), mark(*values))
                     for name, *values in zip(ENTRIES, theirs, right, follows, strict=True))

    @property
    def first_wrong(self):
        """(name, theirs, right, row) of the first entry that is wrong at the start, or None."""
        row, entries = self.entries
        return next(((name, mine, right, row) for name, mine, right, mark in entries if mark == "✗"), None)

    @cached_property
    def words(self):
        wrong, steps = self.first_wrong, self.path.shape[1] - 1
        if wrong:
            name, mine, right, row = wrong
            known = {"name": name, "x": self.data.x[0, row]}
            if np.isinf(mine):
                first = "no_number", {**known, "right": pretty(number(right, 3))}
            else:
                ours, theirs = distinct(right, mine)
                first = "wrong_entry", {**known, "yours": theirs, "relation": say(
                    "yours", "relation", **{**relation(mine, right), "right": ours})}
        else:
            first = ("right", {"steps": steps}) if self.wrong_at is None else ("later", {"steps": self.wrong_at})
        mine, right = self.ended, self.right_ended
        same = mine["letter"] is not None and mine["letter"] == right["letter"]
        if self.wrong_at is None and not wrong:
            return str(Said("backward", (first,)))
        return str(Said("backward", (first, ("both_paths", {
            "mine": mine, "right": right, "same": same, "letters": None not in (mine["letter"], right["letter"])}))))

    def table(self):
        """Their entries at the start beside the right ones, of one row."""
        row, entries = self.entries
        shown = [(name, "–" if mark == "–" else written(mine), pretty(number(right, 4)),
                  say("backward", "mark", mark=mark)) for name, mine, right, mark in entries]
        return (say("backward", "table", x=self.data.x[0, row]), (
            say("backward", "entry_of"), say("backward", "yours"), say("backward", "right_one"), ""), shown)


@dataclass(frozen=True)
class NoPath:
    """Why there is no path of the learner's. words: the sentence; "" while it is waited for.

    path, loss: the last one that is known, from another start, to be shown meanwhile; or None.
    """
    words: str
    path: np.ndarray | None = None
    loss: np.ndarray | None = None

    @property
    def runs(self):
        return False


def own_descent(fit, path, parts, ran, rate, right, points):
    """The OwnDescent of a path (2, n + 1) from their slopes.

    right: the right Path.  points: the critical points.  ran: how theirs ended: "", "away" or "lost".
    """
    slopes = fit.gradient(path[:, :-1])
    with np.errstate(all="ignore"):
        off = np.abs(np.diff(path, axis=1) + rate * slopes).max(axis=0)
        allowed = NEAR * rate * np.abs(slopes).max(axis=0) + ROUNDING * (1 + np.abs(path[:, :-1]).max(axis=0))
    wrong = np.flatnonzero(~(off <= allowed))
    at = int(wrong[0]) if len(wrong) else path.shape[1] - 1 if ran and right.ended != "ran away" else None
    return OwnDescent(path, fit.loss(path), parts, at, _ended(fit, path, ran, points),
                      _ended(fit, right.theta, "away" if right.ended == "ran away" else "", points), fit.data)


def _ended(fit, path, ran, points):
    """Facts of where a path ended: the letter of the minimum or else the saddle that it is close to, place and loss."""
    end, letter, saddle = path[:, -1], None, None
    if not ran:
        gaps = np.linalg.norm(points.theta - end[:, None], axis=0)
        near = {kind: min((k for k, one in enumerate(points.kind) if one == kind and gaps[k] < CLOSE),
                          key=lambda k: gaps[k], default=None) for kind in (MINIMUM, SADDLE)}
        letter = None if near[MINIMUM] is None else points.label[near[MINIMUM]]
        saddle = None if near[SADDLE] is None or letter else points.label[near[SADDLE]]
    return {"letter": letter, "saddle": saddle, "ran": ran, "w1": float(end[0]), "w2": float(end[1]),
            "loss": float(fit.loss(end))}
