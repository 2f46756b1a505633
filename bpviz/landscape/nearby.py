"""Is there a zero of the gradient nearby? A small gradient is no evidence: plateaus have one too.

H, Y    the Hessian at a point, and its inverse

alone   Newton and Kantorovich: Y g is short, and H hardly changes over a box a little larger: one critical point
        is in it, and only one. "proved" where intervals enclose H on the box (Krawczyk), "measured" where H is only
        looked at in the middles of the box's faces.

Where H is singular, landscape/along.py looks on.
Source: Kantorovich 1948; Krawczyk 1969, Computing 4.
"""
import numpy as np

from bpviz.calculus.dual import curvature_of
from bpviz.calculus.interval import EPS, TINY, Interval
from bpviz.landscape.certify import enclosures, smooth
from bpviz.landscape.newton import FLAT, ROUNDING, eigen

RADII = (1e-9, 1e-7, 1e-5, 1e-3)
ABOVE = 4                     # a gradient counts as 0 below so many roundings
PROVED, MEASURED, HIGHER, LEVEL = "proved", "measured", "higher order", "level"


def rounding(objective, H, theta):
    """What of gradient and Hessian is rounding: ((N,), (N,)), for theta (P, N) with H (P, P, N).

    By the size of H and theta, for theta itself is rounded; and by intervals where they can be used.
    """
    with np.errstate(all="ignore"):
        of_H = ROUNDING * np.abs(H).max(axis=(0, 1)) + TINY
        of_g = ROUNDING * np.einsum("pqn,qn->pn", np.abs(H), size_of(theta)).max(axis=0) + TINY
        if (box := _interval(objective, theta)) is not None:
            g, H = box
            of_g = np.maximum(of_g, np.nan_to_num((g.hi - g.lo).max(axis=0)))
            of_H = np.maximum(of_H, np.nan_to_num((H.hi - H.lo).max(axis=(0, 1))))
        return of_g, of_H


def _interval(objective, theta):
    """Intervals around gradient and Hessian at theta, or None where there are none."""
    if hasattr(objective, "network"):
        return enclosures(objective, Interval(theta, theta)) if smooth(objective) else None
    try:
        g, H = enclosures(objective, Interval(theta, theta))
        return (g, H) if isinstance(g, Interval) and isinstance(H, Interval) else None
    except Exception:                    # somebody's own gradient: it may want arrays, and raise whatever it likes
        return None


def size_of(theta):
    """The size of each weight, for its rounding: (P, N); a 0 counts as a little beside the others."""
    return np.abs(theta) + 1e-9 * (1 + np.abs(theta).max(axis=0, initial=0))


def flat_directions(objective, theta, H, values):
    """Which eigenvalues (N, P) are next to 0: beside the largest, or beside rounding."""
    least = np.maximum(FLAT * np.abs(values).max(axis=1), len(theta) * rounding(objective, H, theta)[1])
    return np.abs(values) <= least[:, None]


@np.errstate(all="ignore")
def frame(H):
    """The larger and the smaller curvature by size, (N,) each, and their directions, (2, N) each, of H (2, 2, N)."""
    (a, b), (_, d) = H
    mean, radius = (a + d) / 2, np.hypot((a - d) / 2, b)
    angle = np.arctan2(2 * b, a - d) / 2                       # of the eigenvector of mean + radius
    c, s = np.cos(angle), np.sin(angle)
    up = mean >= 0
    first, second = np.stack([c, s]), np.stack([-s, c])
    return (np.where(up, mean + radius, mean - radius), np.where(up, mean - radius, mean + radius),
            np.where(up, first, second), np.where(up, second, first))


def newton_step(g, H):
    """H^-1 g for each column; where H is nearly singular, the shortest step that levels what can be levelled."""
    large, small, along, across = frame(H)
    with np.errstate(all="ignore"):
        p = np.where(large != 0, (along * g).sum(axis=0) / large, 0)
        q = np.where(np.abs(small) > 1e-13 * np.abs(large), (across * g).sum(axis=0) / small, 0)
    return along * p + across * q


# ---- alone, by the first derivative of the gradient

@np.errstate(all="ignore")
def alone(objective, theta, curvature=None):
    """For each point theta (P, K): PROVED, MEASURED, or "" where no critical point of its own is shown to be near."""
    if not theta.shape[1]:
        return []
    curvature = curvature or curvature_of(objective)
    H = curvature(theta)
    values, vectors = eigen(H)
    inverse = np.einsum("kpi,ki,kqi->kpq", vectors, 1 / values, vectors)
    shown = np.full(theta.shape[1], "", dtype=object)
    able = np.flatnonzero(np.isfinite(inverse).all(axis=(1, 2)))
    able = able[_may_be_alone(objective.gradient(theta[:, able]), theta[:, able], H[:, :, able], inverse[able])]
    for way, test in ((PROVED, _enclosed if smooth(objective) else None), (MEASURED, _looked_at)):
        if test is not None and len(able):
            shown[able[test(objective, theta[:, able], H[:, :, able], inverse[able], curvature)]] = way
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


def _enclosed(fit, theta, _, Y, __):
    shown = np.zeros(theta.shape[1], bool)
    g, H = enclosures(fit, Interval(theta, theta))
    size = np.maximum(np.abs(g.lo), np.abs(g.hi)).T
    hopeful = _inside(Y, size, _change(Y, H), _radius(theta, RADII[-1]))        # a box has at least what its middle has
    for share in RADII:
        k = np.flatnonzero(hopeful & ~shown)
        if not len(k):
            break
        radius = _radius(theta[:, k], share)
        _, H = enclosures(fit, Interval(theta[:, k] - radius, theta[:, k] + radius))
        shown[k] = _inside(Y[k], size[k], _change(Y[k], H), radius)
    return shown


def _looked_at(objective, theta, H, Y, curvature):
    P, K = theta.shape
    size, shown = (np.abs(objective.gradient(theta)) + rounding(objective, H, theta)[0]).T, np.zeros(K, bool)
    faces = np.concatenate([np.eye(P), -np.eye(P)]).T                              # (P, 2P)
    hopeful = _inside(Y, 2 * size, np.zeros_like(Y), _radius(theta, RADII[-1]))
    for share in RADII:
        k = np.flatnonzero(hopeful & ~shown)
        if not len(k):
            break
        radius = _radius(theta[:, k], share)
        around = theta[:, k, None] + radius[:, None] * faces[:, None, :]
        box = curvature(around.reshape(P, -1)).reshape(P, P, len(k), 2 * P)
        with np.errstate(all="ignore"):
            change = np.abs(np.eye(P) - np.einsum("kij,jmkf->fkim", Y[k], box)).max(axis=0) * P
        shown[k] = _inside(Y[k], 2 * size[k], change, radius)
    return shown
