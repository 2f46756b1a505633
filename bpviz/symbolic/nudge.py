"""A weight nudged: what the loss really does beside what its slope promises, and how far the two may be apart.

At a kink a loss has two slopes, one on either side: a nudge keeps the promise of the side it goes to, or breaks it.
"""
from dataclasses import dataclass

import numpy as np

from bpviz.base.arguments import real
from bpviz.calculus.activations import ACTIVATIONS
from bpviz.calculus.interval import Interval

NUDGES = (0.01, 0.1, 1.0)
BESIDE = 1e-9                     # how far from a point the slopes of its two sides are taken, unless it is nearer to 0
SAME = 1e-9                       # slopes that are nearer than this share of them are one, but for rounding


@dataclass(frozen=True)
class Nudge:
    """by: how far the weight is moved.  moved: how far the loss moves.  promised: the slope on that side times `by`.

    rounding: how far `moved` may be off, by running the loss on intervals.
    broken: whether the promise is off by more than a tenth of it, whatever rounding has done.
    lost: whether the loss moves, if at all, by less than its rounding, so that nothing can be seen of the promise.
    """
    by: float
    moved: float
    promised: float
    rounding: float = 0.0

    @property
    def broken(self):
        return not abs(self.moved - self.promised) <= 0.1 * abs(self.promised) + self.rounding

    @property
    def lost(self):
        return not self.broken and self.by != 0 and (self.moved, self.promised) != (0.0, 0.0) and bool(
            abs(self.moved) <= self.rounding)


def nudged(fit, index, theta, slope, by):
    """The Nudge of weight number `index`, from 0, by this much at theta (P,), where the loss has this slope by it.

    By Taylor's theorem the loss moves by slope * by, give or take by^2 / 2 times the largest curvature on the way.
    """
    by = real("by", by, -10.0, 10.0)
    after = np.array(theta, dtype=float)
    after[index] += by
    both = np.stack([theta, after], axis=1)
    enclosed = fit.loss(Interval(both, both))
    return Nudge(by, float(fit.loss(after) - fit.loss(theta)), float(slope * by),
                 float(np.sum(enclosed.hi - enclosed.lo)))


def sides(slope, at):
    """(slope on the left, on the right) of a point, where it is not that of the formula there: at a kink. Else None.

    slope: (places (5,)) -> the slopes there, (5,).  at: the point, a number.
    Where the slope is continuous what it changes by shrinks with the distance, and is gone when it is carried on to
    the point; a jump stays. The two are the same where jumps of several units cancel, but the formula has a third.
    """
    with np.errstate(all="ignore"):
        beside = min(BESIDE, abs(at) / 8) or BESIDE                  # kinks stand at 0 first of all
        far_left, left, here, right, far_right = slope(at + beside * np.arange(-2.0, 3.0))
        apart, left, right = right - left, 2 * left - far_left, 2 * right - far_right
        size, middle, jump = max(abs(left), abs(right)), (left + right) / 2, abs(right - left)
        if not np.isfinite([size, here]).all():
            return None
        if jump > SAME * size and 2 * jump > abs(apart) > jump / 2:
            return tuple(0.0 if abs(one) <= SAME * size else float(one) for one in (left, right))
        third = abs(here - middle) > max(SAME * max(size, abs(here)), abs(apart))
        return (float(middle), float(middle)) if third and jump <= SAME * size else None


def may_have_kinks(fit):
    """Whether the slope of an activation or of the loss of a Fit jumps somewhere."""
    return fit.loss_record.slope_jumps or any(ACTIVATIONS[name].slope_jumps for name in fit.network.activations)


def sides_of_weight(fit, index, theta):
    """The `sides` of the loss by weight number `index`, from 0, at theta (P,); None where nothing has a kink."""
    if not may_have_kinks(fit):
        return None
    def slope(places):
        cloud = np.repeat(np.array(theta, dtype=float)[:, None], len(places), axis=1)
        cloud[index] = places
        return fit.gradient(cloud)[index]
    return sides(slope, theta[index])
