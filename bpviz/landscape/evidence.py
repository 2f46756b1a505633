"""Is there a zero of the gradient nearby? A small gradient is no evidence: plateaus have one too.

H, Y    the Hessian at a point, and its inverse

alone   Newton and Kantorovich: Y g is short, and H hardly changes over a box a little larger: one critical point
        is in it, and only one. "proved" where intervals enclose H on the box (Krawczyk), "measured" where H is only
        looked at in the middles of the box's faces. Boxes are cubes; where none will do, the box is as long in each
        weight as Y g is, a few times: in a valley that hardly bends along its floor it is long and thin.

Where H is singular, landscape/reduction.py looks on.
Source: Kantorovich 1948; Krawczyk 1969, Computing 4.
"""
import numpy as np

from bpviz.calculus.interval import EPS, TINY, Interval
from bpviz.landscape.found import MEASURED, PROVED
from bpviz.landscape.newton import eigen
from bpviz.landscape.slopes import FLAT, ROUNDING, enclosures

RADII = (1e-9, 1e-7, 1e-5, 1e-3)
LONG = (4, 64)                # a long box is so many times as long as Newton's step
STEPS = 4                     # whole Newton steps, by which a place in such a valley is made exact


@np.errstate(all="ignore")
def alone(slopes, theta, long=False):
    """For each point theta (P, K): PROVED, MEASURED, or "" where no critical point of its own is shown to be near.

    long: by a proof in long boxes alone, after `sharpened`.
    """
    if not theta.shape[1]:
        return []
    H = slopes.hessian(theta)
    values, vectors = eigen(H)
    inverse = np.einsum("kpi,ki,kqi->kpq", vectors, 1 / values, vectors)
    shown = np.full(theta.shape[1], "", dtype=object)
    able = np.flatnonzero(np.isfinite(inverse).all(axis=(1, 2)))
    able = able[_may_be_alone(slopes.gradient(theta[:, able]), theta[:, able], H[:, :, able], inverse[able])]
    for way, test in ((PROVED, _enclosed if slopes.smooth else None), (MEASURED, None if long else _looked_at)):
        if test is not None and len(able):
            shown[able[test(slopes, theta[:, able], H[:, :, able], inverse[able], long)]] = way
            able = np.flatnonzero((shown == "") & np.isin(np.arange(len(shown)), able))
    return shown.tolist()


def nearly_flat(slopes, theta):
    """Of which theta (P, K) a curvature is next to 0 and yet more than rounding: (K,) booleans."""
    sizes = np.abs(eigen(slopes.hessian(theta))[0])
    share = sizes.min(axis=1) / np.maximum(sizes.max(axis=1), TINY)
    return (share > ROUNDING) & (share <= FLAT)


@np.errstate(all="ignore")
def sharpened(slopes, theta):
    """(which, place): the indices of theta (P, K) that whole Newton steps leave close by, and where to, (P, n).

    Only where `alone` shows a point there does that mean anything: on level ground such steps are rounding.
    """
    place, which = theta, np.arange(theta.shape[1])
    for _ in range(STEPS):
        if not len(which):
            break
        values, vectors = eigen(slopes.hessian(place))
        place = place - np.einsum("kpi,ki,kqi,qk->pk", vectors, 1 / values, vectors, slopes.gradient(place))
        near = (np.abs(place - theta[:, which]) < _radius(theta[:, which], RADII[-1])).all(axis=0)
        place, which = place[:, near], which[near]
    return which, np.round(place, 15) + 0.0


def _inside(Y, g, change, radius):
    """Whether the map theta - Y g(theta) takes the box of this radius (P, K) into itself and draws it together.

    g: (K, P), at most so large at the middle.  change: (K, P, P), at most |1 - Y H| on the box.
    """
    with np.errstate(all="ignore"):
        moved = np.einsum("kij,kj->ki", np.abs(Y), g) + np.einsum("kij,jk->ki", change, radius)
        return (moved * (1 + 1e-9) < radius.T).all(axis=1)


def _radius(theta, share):
    return np.broadcast_to(share * (1 + np.abs(theta).max(axis=0, initial=0)), theta.shape)


def _radii(theta, Y, g, long):
    """The radii (P, K) of the boxes that are tried one after the other; g: (K, P), at most so large at theta."""
    moved = np.einsum("kij,kj->ik", np.abs(Y), g)
    return ((np.minimum(times * moved, _radius(theta, RADII[-1])) for times in LONG) if long else
            (_radius(theta, share) for share in RADII))


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


def _enclosed(slopes, theta, _, Y, long):
    shown = np.zeros(theta.shape[1], bool)
    g, H = enclosures(slopes.objective, Interval(theta, theta))
    size = np.maximum(np.abs(g.lo), np.abs(g.hi)).T
    hopeful = _inside(Y, size, _change(Y, H), _radius(theta, RADII[-1]))        # a box has at least what its middle has
    for radius in _radii(theta, Y, size, long):
        k = np.flatnonzero(hopeful & ~shown)
        if not len(k):
            break
        radius = radius[:, k]
        _, H = enclosures(slopes.objective, Interval(theta[:, k] - radius, theta[:, k] + radius))
        shown[k] = _inside(Y[k], size[k], _change(Y[k], H), radius)
    return shown


def _looked_at(slopes, theta, H, Y, _):
    P, K = theta.shape
    size, shown = (np.abs(slopes.gradient(theta)) + slopes.rounding(theta, H)[0]).T, np.zeros(K, bool)
    faces = np.concatenate([np.eye(P), -np.eye(P)]).T                              # (P, 2P)
    hopeful = _inside(Y, 2 * size, np.zeros_like(Y), _radius(theta, RADII[-1]))
    for radius in _radii(theta, Y, 2 * size, False):
        k = np.flatnonzero(hopeful & ~shown)
        if not len(k):
            break
        radius = radius[:, k]
        around = theta[:, k, None] + radius[:, :, None] * faces[:, None, :]
        box = slopes.hessian(around.reshape(P, -1)).reshape(P, P, len(k), 2 * P)
        with np.errstate(all="ignore"):
            change = np.abs(np.eye(P) - np.einsum("kij,jmkf->fkim", Y[k], box)).max(axis=0) * P
        shown[k] = _inside(Y[k], 2 * size[k], change, radius)
    return shown
