"""Is there a zero of the gradient nearby? A small gradient is no evidence: plateaus have one too.

H, Y    the Hessian at a point, and its inverse

alone   Newton and Kantorovich: Y g is short, and H hardly changes over a box a little larger: one critical point
        is in it, and only one. "proved" where intervals enclose H on the box (Krawczyk), "measured" where H is only
        looked at in the middles of the box's faces.

Where H is singular, landscape/reduction.py looks on.
Source: Kantorovich 1948; Krawczyk 1969, Computing 4.
"""
import numpy as np

from bpviz.calculus.interval import EPS, Interval
from bpviz.landscape.found import MEASURED, PROVED
from bpviz.landscape.newton import eigen
from bpviz.landscape.slopes import enclosures

RADII = (1e-9, 1e-7, 1e-5, 1e-3)


@np.errstate(all="ignore")
def alone(slopes, theta):
    """For each point theta (P, K): PROVED, MEASURED, or "" where no critical point of its own is shown to be near."""
    if not theta.shape[1]:
        return []
    H = slopes.hessian(theta)
    values, vectors = eigen(H)
    inverse = np.einsum("kpi,ki,kqi->kpq", vectors, 1 / values, vectors)
    shown = np.full(theta.shape[1], "", dtype=object)
    able = np.flatnonzero(np.isfinite(inverse).all(axis=(1, 2)))
    able = able[_may_be_alone(slopes.gradient(theta[:, able]), theta[:, able], H[:, :, able], inverse[able])]
    for way, test in ((PROVED, _enclosed if slopes.smooth else None), (MEASURED, _looked_at)):
        if test is not None and len(able):
            shown[able[test(slopes, theta[:, able], H[:, :, able], inverse[able])]] = way
            able = np.flatnonzero((shown == "") & np.isin(np.arange(len(shown)), able))
    return shown.tolist()


def _inside(Y, g, change, radius):
    """Whether the map theta - Y g(theta) takes the box of this radius (K,) into itself and draws it together.

    g: (K, P), at most so large at the middle.  change: (K, P, P), at most |1 - Y H| on the box.
    """
    with np.errstate(all="ignore"):
        moved = np.einsum("kij,kj->ki", np.abs(Y), g) + change.sum(axis=2) * radius[:, None]
        return (moved * (1 + 1e-9) < radius[:, None]).all(axis=1)


def _radius(theta, share):
    return share * (1 + np.abs(theta).max(axis=0, initial=0))


def _may_be_alone(g, theta, H, Y):
    """What any box needs: (K,) booleans. Every interval is wider than EPS of its middle, a larger box has wider ones.

    Where H is singular to rounding this already fails, so no time goes into boxes there.
    """
    H = np.moveaxis(H, -1, 0)
    with np.errstate(all="ignore"):
        change = np.abs(np.eye(len(theta)) - Y @ H) + np.abs(Y) @ np.abs(EPS * H)
    return _inside(Y, np.abs(g).T, change, _radius(theta, RADII[-1]))


def _change(Y, H):
    """At most |1 - Y H| for H in an Interval (P, P, K): (K, P, P)."""
    with np.errstate(all="ignore"):
        middle, half = (np.moveaxis(part, -1, 0) for part in ((H.lo + H.hi) / 2, (H.hi - H.lo) / 2))
        return np.abs(np.eye(len(middle[0])) - Y @ middle) + np.abs(Y) @ half


def _enclosed(slopes, theta, _, Y):
    shown = np.zeros(theta.shape[1], bool)
    g, H = enclosures(slopes.objective, Interval(theta, theta))
    size = np.maximum(np.abs(g.lo), np.abs(g.hi)).T
    hopeful = _inside(Y, size, _change(Y, H), _radius(theta, RADII[-1]))        # a box has at least what its middle has
    for share in RADII:
        k = np.flatnonzero(hopeful & ~shown)
        if not len(k):
            break
        radius = _radius(theta[:, k], share)
        _, H = enclosures(slopes.objective, Interval(theta[:, k] - radius, theta[:, k] + radius))
        shown[k] = _inside(Y[k], size[k], _change(Y[k], H), radius)
    return shown


def _looked_at(slopes, theta, H, Y):
    P, K = theta.shape
    size, shown = (np.abs(slopes.gradient(theta)) + slopes.rounding(theta, H)[0]).T, np.zeros(K, bool)
    faces = np.concatenate([np.eye(P), -np.eye(P)]).T                              # (P, 2P)
    hopeful = _inside(Y, 2 * size, np.zeros_like(Y), _radius(theta, RADII[-1]))
    for share in RADII:
        k = np.flatnonzero(hopeful & ~shown)
        if not len(k):
            break
        radius = _radius(theta[:, k], share)
        around = theta[:, k, None] + radius[:, None] * faces[:, None, :]
        box = slopes.hessian(around.reshape(P, -1)).reshape(P, P, len(k), 2 * P)
        with np.errstate(all="ignore"):
            change = np.abs(np.eye(P) - np.einsum("kij,jmkf->fkim", Y[k], box)).max(axis=0) * P
        shown[k] = _inside(Y[k], 2 * size[k], change, radius)
    return shown
