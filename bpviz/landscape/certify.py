"""A proof that a list of critical points is complete: branch and bound with interval arithmetic.

box   a rectangle [low, high] of the window
g, H  intervals that enclose the gradient and the Hessian on the box

A box is thrown away if 0 is not in g for some weight: no critical point there, proved. Otherwise Krawczyk's
operator K = m - Y g(m) + (I - Y H)(box - m), with Y about H^-1, is looked at on a box half as large again: if K lies
inside it, there is one critical point in it and only one. Else the box is cut in two. What is still open
when boxes have become too small or too many is undecided, and the list is then not called complete.
Source: Krawczyk 1969, Computing 4; Moore, Kearfott and Cloud 2009, Introduction to Interval Analysis, chapter 8;
gradient in mean-value form (chapter 6).
"""
import time
from dataclasses import dataclass, replace

import numpy as np

from bpviz.base.work import Part, in_parts
from bpviz.calculus.activations import ACTIVATIONS
from bpviz.calculus.interval import Interval
from bpviz.landscape.slopes import enclosures
from bpviz.words.catalogue import say

FIRST, SMALLEST, MOST_BOXES, MOST_SECONDS = 24, 1e-7, 60_000, 18.0
INFLATED = 1.5


@dataclass(frozen=True)
class Certificate:
    """What is proved about the window.

    points: (2, n), the middles of n tiny boxes, each proved to hold exactly one critical point.  radius: their size.
    undecided: (2, 2, m), [low, high] of boxes about which nothing is proved.  boxes: how many were looked at.
    seconds: of work.  listed: how many of the n the list has that it was held against, 0 before.
    """
    points: np.ndarray
    radius: float
    undecided: np.ndarray
    boxes: int
    seconds: float
    listed: int = 0

    def against(self, theta):
        """The same proof, held against a list of points theta (2, K)."""
        apart = np.abs(self.points[:, :, None] - theta[:, None, :]).max(axis=0)                 # (n, K)
        return replace(self, listed=int((apart < 1e-6).any(axis=1).sum()))

    @property
    def complete(self):
        """Every critical point in the window is in the list, proved."""
        return self.undecided.shape[2] == 0 and self.listed == self.points.shape[1]

    @property
    def words(self):
        some = self.undecided.shape[2] > 0
        return say("results", "certificate", complete=self.complete, listed=self.listed, proved=self.points.shape[1],
                   undecided=self.undecided.shape[2],
                   low=self.undecided[0].min(axis=1).tolist() if some else None,
                   high=self.undecided[1].max(axis=1).tolist() if some else None)


def check(objective):
    """Raises ValueError for an objective about which nothing can be proved: not two weights, or a slope that jumps."""
    if not hasattr(objective, "network") or objective.n_params != 2:
        raise ValueError(f"certify: got True for {objective.n_params} weights; allowed is a Fit of a network with two")
    for name in objective.network.activations:
        if ACTIVATIONS[name].slope_jumps:
            raise ValueError(f"certify: got activation {name!r}; allowed are activations with a continuous slope")


@in_parts
def certify(fit, low, high):
    """Prove where in the window [low, high] every critical point is, and say what is left open: a Certificate.

    TypeError where an activation has no rule for intervals. `certify.parts` takes the same and yields Parts.
    """
    began, looked = time.process_time(), 0
    edges = [np.linspace(low[k], high[k], FIRST + 1) for k in (0, 1)]
    corner = np.stack(np.meshgrid(*(e[:-1] for e in edges))).reshape(2, -1)
    lo, hi = corner, corner + (high - low)[:, None] / FIRST
    hi = np.minimum(hi * (1 + 1e-15 * np.sign(hi)), high[:, None])
    held, open_boxes, area = [], [], lo.shape[1]
    total = float(np.prod(high - low))
    while lo.shape[1]:
        looked += lo.shape[1]
        box = Interval(lo, hi)
        verdict, core = _look(fit, box)
        held.append(core[:, :, verdict == ONE])
        going = verdict == OPEN
        lo, hi = lo[:, going], hi[:, going]
        tiny = (hi - lo).max(axis=0) < SMALLEST
        if tiny.any():
            open_boxes.append(np.stack([lo[:, tiny], hi[:, tiny]]))
            lo, hi = lo[:, ~tiny], hi[:, ~tiny]
        if lo.shape[1] > MOST_BOXES or time.process_time() - began > MOST_SECONDS:
            open_boxes.append(np.stack([lo, hi]))
            break
        lo, hi = _halved(lo, hi)
        area = float(np.prod(hi - lo, axis=0).sum())
        yield Part(1 - area / total)
    undecided = np.concatenate(open_boxes, axis=2) if open_boxes else np.zeros((2, 2, 0))
    points, radius = _distinct(fit, np.concatenate(held, axis=2), low, high)
    seconds = time.process_time() - began
    yield Part(1.0, Certificate(points, radius, undecided, looked, seconds))


NONE, ONE, OPEN = 0, 1, 2


def _look(fit, box):
    """What each box holds: NONE, ONE (a critical point, proved; `core` is where) or OPEN. core: (2, 2, N)."""
    verdict = np.full(box.shape[1], OPEN)
    g, H = enclosures(fit, box)
    gm, _ = enclosures(fit, Interval(box.middle, box.middle))
    away = box - box.middle
    mean_value = Interval(*np.stack([_ends(gm[i] + (H[i, 0] * away[0] + H[i, 1] * away[1])) for i in (0, 1)], axis=1))
    lo, hi = np.maximum(g.lo, mean_value.lo), np.minimum(g.hi, mean_value.hi)
    verdict[((lo > 0) | (hi < 0)).any(axis=0)] = NONE
    core = np.zeros((2, 2, box.shape[1]))
    left = np.flatnonzero(verdict == OPEN)
    if not len(left):
        return verdict, core
    part = box[:, left]
    half = INFLATED * (part.hi - part.lo) / 2
    wide = Interval(part.middle - half, part.middle + half)
    K = _krawczyk(fit, wide, gm[:, left])
    inside = ((K.lo > wide.lo) & (K.hi < wide.hi)).all(axis=0)
    missed = ((K.lo > part.hi) | (K.hi < part.lo)).any(axis=0)
    verdict[left[inside]] = ONE
    verdict[left[missed]] = NONE
    core[:, :, left] = np.stack([np.maximum(K.lo, wide.lo), np.minimum(K.hi, wide.hi)])
    return verdict, core


def _ends(interval):
    return np.stack([interval.lo, interval.hi])


def _krawczyk(fit, box, g_middle):
    """K = m - Y g(m) + (I - Y H)(box - m), (2, N); everything where Y does not exist."""
    _, H = enclosures(fit, box)
    (a, b), (_, d) = H.middle
    with np.errstate(all="ignore"):
        determinant = a * d - b * b
        Y = np.stack([np.stack([d, -b]), np.stack([-b, a])]) / determinant
        Y = np.where(np.isfinite(Y), Y, 0.0)
        m = box.middle
        away = box - m
        rows = []
        for i in (0, 1):
            row = m[i] - (Y[i, 0] * g_middle[0] + Y[i, 1] * g_middle[1])
            for j in (0, 1):
                entry = float(i == j) - (Y[i, 0] * H[0, j] + Y[i, 1] * H[1, j])
                row = row + entry * away[j]
            rows.append(row)
    K = np.stack(rows)
    bad = ~np.isfinite(determinant) | (determinant == 0) | ~np.isfinite(K.lo + K.hi).all(axis=0)
    return Interval(np.where(bad, -np.inf, K.lo), np.where(bad, np.inf, K.hi))


def _halved(lo, hi):
    """Every box cut in two across its longer side."""
    longer = np.argmax(hi - lo, axis=0)
    middle, first, second = (lo + hi) / 2, hi.copy(), lo.copy()
    every = np.arange(lo.shape[1])
    first[longer, every] = second[longer, every] = middle[longer, every]
    return np.concatenate([lo, second], axis=1), np.concatenate([first, hi], axis=1)


def _distinct(fit, cores, low, high):
    """The points in these boxes (each holds one), told apart, inside the window: (points (2, n), radius)."""
    box = Interval(cores[0], cores[1])
    for _ in range(40):
        if not box.shape[1]:
            break
        gm, _ = enclosures(fit, Interval(box.middle, box.middle))
        K = _krawczyk(fit, box, gm)
        box = Interval(np.maximum(K.lo, box.lo), np.minimum(K.hi, box.hi))
    kept = []
    for k, middle in enumerate(box.middle.T):
        apart = all((np.abs(middle - other) > 1e-8).any() for other, _ in kept)
        if apart and ((middle >= low) & (middle <= high)).all():
            kept.append((middle, float((box.hi - box.lo)[:, k].max() / 2)))
    return np.array([m for m, _ in kept]).T.reshape(2, -1), max((r for _, r in kept), default=0.0)
