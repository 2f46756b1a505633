"""Learning rates: where descent from one start ends over many, which one a minimum can hold, which one to begin with.

A rate to begin with is 1, 2 or 5 times a power of ten. `suited_rate` is for one start: half of 2/|λ|, as in
Nesterov 2004, Introductory Lectures on Convex Optimization, section 1.2.3, where it is the rate of the best bound; |λ|
the largest along the first steps, not at the start alone. `bearable_rate` is for a window full of starts.
"""
from bisect import bisect_right
from dataclasses import dataclass, replace

import numpy as np

from bpviz.base.work import Part
from bpviz.calculus.dual import curvature_of
from bpviz.descent.descend import descend
from bpviz.descent.optimizers import GradientDescent
from bpviz.descent.path import RAN_AWAY
from bpviz.landscape.planes import limits

TIDY = tuple(float(f"{digit}e{power}") for power in range(-7, 4) for digit in (1, 2, 5))
FIRST, SIDE = 500, 11            # steps that are tried; starts a side
ROUNDED = 1e-12                  # a loss that rises by no more than this share of itself is rounded
LONG, FEW = 0.01, 0.1            # a last step that turns back and is longer bounces; so large a share may


def stability_limits(points):
    """((label, the largest rate at which plain descent can settle there), ...) of the minima of a CriticalPoints."""
    return tuple((points.label[k], GradientDescent().stability_limit(points.eigenvalues[:, k].max()))
                 for k in points.minima)


def final_losses(objective, start, rates, steps):
    """The final loss at each of these rates, inf where it runs away, nan where it is not known yet, as Parts."""
    final = np.full(len(rates), np.nan)
    for done, k in enumerate(order(len(rates)), start=1):
        one = descend(objective, start, GradientDescent(rate=rates[k]), steps, until_settled=True)
        final[k] = np.inf if one.ended == "ran away" else one.loss[-1]
        yield Part(done / len(rates), final.copy())


def order(n):
    """Every eighth first, then those in between: the curve is there at once, and fills up."""
    return list(dict.fromkeys(k for step in (8, 4, 2, 1) for k in range(0, n, step)))


@dataclass(frozen=True)
class Suited:
    """A rate to begin with from `start` (2,).  curvature: the largest |λ| along its first `steps`, start included.

    suits: whether the rate is at most half of 2/|λ|, the loss nowhere rises, and the weights do not run away.
    """
    rate: float
    start: np.ndarray
    steps: int
    curvature: float
    suits: bool

    @property
    def facts(self):
        """For words: with half of 2/|λ|, None on ground without curvature."""
        w1, w2 = self.start
        return {"rate": self.rate, "w1": w1, "w2": w2, "steps": self.steps, "curvature": self.curvature,
                "half": 1 / self.curvature if self.curvature > 0 else None, "suits": self.suits}


def suited_rate(objective, start, low, high):
    """The Suited of plain descent from start (2,): the first that suits, downward from half of 2/|λ| at the start.

    low, high: the rates allowed. Where none suits it is the lowest.
    """
    curvature = curvature_of(objective)

    def largest(theta):
        H = curvature(theta)
        return float(np.abs(np.linalg.eigvalsh(np.moveaxis(H, -1, 0))).max()) if np.isfinite(H).all() else np.inf

    here = largest(np.reshape(start, (-1, 1)))
    ladder = [rate for rate in TIDY if low <= rate <= high]
    begin = bisect_right(ladder, 1 / here) if here > 0 else len(ladder)
    for rate in reversed(ladder[:max(begin, 1)]):
        path = descend(objective, start, GradientDescent(rate=rate), FIRST, until_settled=True)
        n, most = path.kept, largest(path.theta[:, :path.kept + 1])
        rises = (np.diff(path.loss[:n + 1]) > ROUNDED * np.abs(path.loss[:n])).any()
        found = Suited(rate, np.array(start), n, most, bool(
            path.ended != RAN_AWAY and rate * most <= 1 and not rises))
        if found.suits:
            break
    return found


@dataclass(frozen=True)
class Bearable:
    """A rate, and how many of so many starts on a grid over the window run away with it, or bounce after `steps`."""
    rate: float
    starts: int
    steps: int
    away: int
    bouncing: int

    @property
    def bears(self):
        """Whether none runs away and hardly any bounces."""
        return self.away == 0 and self.bouncing <= FEW * self.starts

    @property
    def facts(self):
        """For words."""
        return {"rate": self.rate, "starts": self.starts, "steps": self.steps, "bears": self.bears,
                "bouncing": self.bouncing}


def bearable_rate(objective, optimizer, lowest, low, high):
    """The Bearable of this optimizer's rate where it bears its starts; else of a tidy one below it.

    That is the second highest that bears them, since between the starts of a grid the border is jagged.
    lowest: the lowest rate allowed, taken where none is bearable.  low, high: one number or two, the ends of the grid,
    SIDE by SIDE over two weights.
    """
    axes = np.linspace(*limits(low, high), SIDE).T
    starts = np.stack(np.meshgrid(*axes)).reshape(2, -1)

    holds = optimizer.stability_limit(1.0) < np.inf          # the steps of others never shrink, whatever the rate

    def tried(rate):
        path = descend(objective, starts, replace(optimizer, rate=rate), FIRST)
        last, before = (path.theta[:, -k] - path.theta[:, -k - 1] for k in (1, 2))
        away = path.ended == RAN_AWAY
        turns = holds & ~away & ((last * before).sum(axis=0) < 0) & (np.linalg.norm(last, axis=0) > LONG)
        return Bearable(rate, SIDE * SIDE, FIRST, int(away.sum()), int(turns.sum()))

    ladder = [*(rate for rate in TIDY if lowest <= rate < optimizer.rate), optimizer.rate]
    known, least, high = {}, 0, len(ladder) - 1
    at = high
    while least < high or at not in known:                   # by halves: what a rate bears, a lower one bears
        known[at] = tried(ladder[at])
        least, high = (at, high) if known[at].bears else (least, max(at - 1, 0))
        at = (least + high + 1) // 2
    if known[at].bears and 0 < at < len(ladder) - 1:
        at -= 1
    return known.get(at) or tried(ladder[at])
