"""How steep is an activation at its steepest? A value that f' takes, and one that it is proved never to pass.

Points alone prove nothing: between two of them a narrow tooth may stand. So |f'| is enclosed over whole intervals
(interval.py), and every interval that may hide more than the best point seen is halved, until what may be hidden
is too little to be printed.
Source: Moore, Kearfott and Cloud 2009, Introduction to Interval Analysis, chapter 5 (Skelboe's algorithm).
"""
from functools import lru_cache

import numpy as np

from bpviz.calculus.interval import Interval

NEAR, FAR = 12.0, 1e100              # z in small intervals, and how far at all
ROUNDS, MOST = 60, 40_000            # halvings; intervals at once
DIGITS = 1e3                         # a bound is rounded up to a whole number of thousandths
SLACK = 1e-3                         # of a thousandth: what interval arithmetic loses even where f' is flat


@lru_cache(maxsize=64)
def steepness(record):
    """(steepest, bound) of |f'| of an Activation: the largest value seen, and a proved bound, in thousandths, or None.

    The bound holds for all z within 1e100 of 0. None: f' grows without end, or the halving came to no end; then the
    steepest is that of the points within 12 of 0.

    >>> from bpviz.calculus.activations import ACTIVATIONS
    >>> steepness(ACTIVATIONS["sigmoid"])
    (0.25, 0.25)
    """
    near, far = np.linspace(-NEAR, NEAR, 4801), np.append(np.linspace(NEAR, 100, 441), np.geomspace(100, FAR, 1601)[1:])
    near[2400] = 0.0                                                   # where ours have their kinks
    edges = np.concatenate([-far[:0:-1], near, far[1:]])
    low, high = edges[:-1], edges[1:]
    with np.errstate(all="ignore"):
        seen = float(np.nanmax(_steep(record, near)))
        reached = max(seen, float(np.nanmax(_steep(record, edges))))
        for _ in range(ROUNDS):
            middle = (low + high) / 2
            reached = max(reached, float(np.nanmax(_steep(record, middle), initial=0.0)))
            bound = float(np.ceil(reached * DIGITS - SLACK) / DIGITS)
            hidden = ~(_most(record, low, high) <= bound + SLACK / DIGITS)
            if not np.isfinite(bound) or 2 * hidden.sum() > MOST:
                break
            if not hidden.any():
                return reached, bound
            low, middle, high = low[hidden], middle[hidden], high[hidden]
            low, high = np.append(low, middle), np.append(middle, high)
    return seen, None


def _steep(record, z):
    return np.abs(record.slope(np, z, record.value(np, z))) + 0 * z


def _most(record, low, high):
    """What |f'| is at most in each interval; nan where that is not known."""
    z = Interval(np.where(low == 0, np.nextafter(0, 1), low), high)     # at a kink the slope is the one from the left
    slope = record.slope(np, z, record.value(np, z)) + 0 * z
    return np.maximum(np.abs(slope.lo), np.abs(slope.hi))
