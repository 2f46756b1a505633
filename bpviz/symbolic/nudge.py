"""A weight nudged: what the loss really does beside what its slope promises, and how far the two may be apart."""
from dataclasses import dataclass

import numpy as np

from bpviz.base.arguments import real

NUDGES = (0.01, 0.1, 1.0)


@dataclass(frozen=True)
class Nudge:
    """by: how far the weight is moved.  moved: how far the loss moves.  promised: the slope times `by`.

    broken: whether the promise is off by more than a tenth of it.
    """
    by: float
    moved: float
    promised: float

    @property
    def broken(self):
        return not abs(self.moved - self.promised) <= 0.1 * abs(self.promised) + 1e-12


def nudged(fit, index, theta, slope, by):
    """The Nudge of weight number `index`, from 0, by this much at theta (P,), where the loss has this slope by it.

    By Taylor's theorem the loss moves by slope * by, give or take by^2 / 2 times the largest curvature on the way.
    """
    by = real("by", by, -10.0, 10.0)
    after = np.array(theta, dtype=float)
    after[index] += by
    return Nudge(by, float(fit.loss(after) - fit.loss(theta)), float(slope * by))
