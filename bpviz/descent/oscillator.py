"""Gradient descent with momentum in one direction of a quadratic loss: a damped oscillator, one step at a time.

x          the distance from the minimum along an eigenvector of the Hessian, whose eigenvalue is the curvature
h          rate * curvature
m          the momentum

    x[k+1] = (1 + m - h) x[k] - m x[k-1],   so x[k] is a sum of powers of the two roots of z^2 - (1 + m - h) z + m

    creeps    real roots, positive: overdamped            0 < h <= (1 - sqrt(m))^2
    swings    complex roots, of size sqrt(m): underdamped
    zigzags   real roots, negative: from side to side     (1 + sqrt(m))^2 <= h < 2 (1 + m)
    leaves    a root of size 1 or more                    h >= 2 (1 + m), or h <= 0

`measured` finds the same from the values of a run alone, by their signs and their size, and knows neither h nor m.
Source: Polyak 1964; O'Donoghue and Candes 2015, Found. Comput. Math. 15, section 4; Goh 2017, Distill, "Why Momentum
Really Works".
"""
import numpy as np

from bpviz.base.arguments import real

CREEPS, SWINGS, ZIGZAGS, LEAVES = "creeps", "swings", "zigzags", "leaves"
BEHAVIOURS = (CREEPS, SWINGS, ZIGZAGS, LEAVES)
FEWEST = 8                    # values that tell anything
TINY = 1e-120                 # below this their products lose digits


def borders(m):
    """The h at which swinging begins, at which it ends, and from which on the descent leaves: three of m's shape."""
    root = np.sqrt(m)
    return (1 - root) ** 2, (1 + root) ** 2, 2 * (1 + m)


def behaviour(h, m):
    """Which of BEHAVIOURS it is.  h: a number.  m: in [0, 1). Raises ValueError outside."""
    h, m = real("h", h), real("m", m, 0, below=1)
    swinging, over, limit = borders(m)
    if h <= 0 or h >= limit:
        return LEAVES
    return CREEPS if h <= swinging else SWINGS if h < over else ZIGZAGS


def factor(h, m):
    """The size of the larger root: by what x is multiplied a step, late in the run."""
    h, m = real("h", h), real("m", m, 0, below=1)
    middle, inner = (1 + m - h) / 2, ((1 + m - h) / 2) ** 2 - m
    return float(np.sqrt(m) if inner < 0 else abs(middle) + np.sqrt(inner))


def fastest(low, high):
    """(rate, m) of the smallest factor that two curvatures can have at once, sqrt(m).  0 < low <= high.

    Source: Polyak 1964; Goh 2017, "The Optimal Parameters".
    """
    low, high = np.sqrt(real("low", low, above=0)), np.sqrt(real("high", high, above=0))
    return float((2 / (low + high)) ** 2), float(((high - low) / (high + low)) ** 2)


def measured(values, floor=TINY):
    """(one of BEHAVIOURS, factor a step) of a run's successive values (n,); (None, None) where too few of them tell.

    From the first value on, up to where this one and the next are below `floor` (a number or (n,)): signs that never
    change creep, that change at every step late in the run zigzag, others swing; what grows leaves. The factor is the
    slope of log |x|, or, where it swings, of half the logarithm of x[k]^2 - x[k-1] x[k+1], which has no swing in it.
    """
    values, floor = np.asarray(values, dtype=float), np.broadcast_to(floor, np.shape(values))
    loud = np.abs(values) > floor
    silent = np.flatnonzero(~(loud[:-1] | loud[1:]))
    values = values[:silent[0] if len(silent) else len(values)]
    if len(values) < FEWEST:
        return None, None
    flips = np.signbit(values[1:]) != np.signbit(values[:-1])
    late = values[len(values) // 2:]
    every = flips[len(values) // 2:].all()
    if flips.any() and not every:
        size = np.abs(late[1:-1] ** 2 - late[:-2] * late[2:])
        return (SWINGS, _a_step(size, 0.5)) if (size > 0).all() else (None, None)
    if not (late != 0).all():
        return None, None
    step = _a_step(np.abs(late), 1.0)
    return (LEAVES if step > 1 else ZIGZAGS if every else CREEPS), step


def _a_step(size, power):
    """By what sizes (n,) to this power are multiplied from one to the next, by least squares of their logarithms."""
    k = np.arange(len(size)) - (len(size) - 1) / 2
    return float(np.exp(power * (k * np.log(size)).sum() / (k * k).sum()))
