"""Is there a zero of the gradient nearby? A small gradient is no evidence: plateaus have one too.

H, Y    the Hessian at a point, and its inverse
N       the directions in which H bends nothing (its null space); R: the others, its range
b(t)    what is left of the gradient in N, t away along N, when R has been levelled: the slope of the loss on that curve

alone       Newton and Kantorovich: Y g is short, and H hardly changes over a box a little larger: one critical point
            is in it, and only one. "proved" where intervals enclose H on the box (Krawczyk), "measured" where H is
            only looked at on the box's faces.
sides       where H is singular: the signs of b on both sides of a point. Both nonzero: it is alone all the same, and
            the signs say what it is. Both 0 at every distance: it is one of a curve of level points,
followed    if the ground stays level on the way towards the origin. Where it begins to slope on that way, the point
            sits on a plateau that only flattens towards infinity: saturated units, no critical point.
Source: Kantorovich 1948; Krawczyk 1969, Computing 4; b(t): Golubitsky and Schaeffer 1985, Singularities and Groups in
Bifurcation Theory I, chapter 1 (Lyapunov-Schmidt reduction).
"""
import numpy as np

from bpviz.calculus.dual import hessian
from bpviz.calculus.interval import EPS, TINY, Interval
from bpviz.landscape.certify import enclosures, smooth

FLAT = 1e-7                   # an eigenvalue below this share of the largest is looked at as if it were 0
ROUNDING = 64 * EPS           # what the rounding of theta and of the sums leaves of a gradient, per curvature and size
RADII = (1e-9, 1e-7, 1e-5, 1e-3)
ASIDE = (1e-3, 1e-2, 1e-1)    # how far aside b is looked at
ABOVE = 4                     # b counts as 0 below so many roundings,
BENT = 1e-6                   # a curve that leaves its tangent by so much over the last of these turns
CLEAR = 100                   # and is clearly not 0 above so many
PROVED, MEASURED, HIGHER, LEVEL = "proved", "measured", "higher order", "level"


def curvature_of(objective):
    """The Hessian of an objective as a function: its own, or by dual numbers on its gradient."""
    return getattr(objective, "hessian", None) or (lambda theta: hessian(objective.gradient, theta))


def rounding(objective, H, theta):
    """What of gradient and Hessian is rounding: ((N,), (N,)), for theta (P, N) with H (P, P, N).

    By the size of H and theta, for theta itself is rounded; and by intervals where they can be used.
    """
    with np.errstate(all="ignore"):
        of_H = ROUNDING * np.abs(H).max(axis=(0, 1)) + TINY
        of_g = of_H * (1 + np.abs(theta).max(axis=0))
        if smooth(objective):
            g, H = enclosures(objective, Interval(theta, theta))
            of_g = np.maximum(of_g, np.nan_to_num((g.hi - g.lo).max(axis=0)))
            of_H = np.maximum(of_H, np.nan_to_num((H.hi - H.lo).max(axis=(0, 1))))
        return of_g, of_H


def eigen(H):
    """Eigenvalues ascending (N, P) and eigenvectors (N, P, P), as columns, of H (P, P, N)."""
    return np.linalg.eigh(np.moveaxis(np.nan_to_num(H), -1, 0))


def flat_directions(objective, theta, H, values):
    """Which eigenvalues (N, P) are next to 0: beside the largest, or beside rounding."""
    least = np.maximum(FLAT * np.abs(values).max(axis=1), len(theta) * rounding(objective, H, theta)[1])
    return np.abs(values) <= least[:, None]


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

def alone(objective, theta, curvature=None):
    """For each point theta (P, K): PROVED, MEASURED, or "" where no critical point of its own is shown to be near."""
    if not theta.shape[1]:
        return []
    curvature = curvature or curvature_of(objective)
    H = curvature(theta)
    values, vectors = eigen(H)
    with np.errstate(all="ignore"):
        inverse = np.einsum("kpi,ki,kqi->kpq", vectors, 1 / values, vectors)
    shown = np.full(theta.shape[1], "", dtype=object)
    able = np.flatnonzero(np.isfinite(inverse).all(axis=(1, 2)))
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


def _enclosed(fit, theta, H, Y, curvature):
    P, K = theta.shape
    g, _ = enclosures(fit, Interval(theta, theta))
    size, shown = np.maximum(np.abs(g.lo), np.abs(g.hi)).T, np.zeros(K, bool)
    for share in RADII:
        k = np.flatnonzero(~shown)
        radius = share * (1 + np.abs(theta[:, k]).max(axis=0, initial=0))
        _, box = enclosures(fit, Interval(theta[:, k] - radius, theta[:, k] + radius))
        with np.errstate(all="ignore"):
            middle, half = (np.moveaxis(part, -1, 0) for part in ((box.lo + box.hi) / 2, (box.hi - box.lo) / 2))
            change = np.abs(np.eye(P) - Y[k] @ middle) + np.abs(Y[k]) @ half
        shown[k] = _inside(Y[k], size[k], change, radius)
        if shown.all():
            break
    return shown


def _looked_at(objective, theta, H, Y, curvature):
    P, K = theta.shape
    size, shown = (np.abs(objective.gradient(theta)) + rounding(objective, H, theta)[0]).T, np.zeros(K, bool)
    faces = np.concatenate([np.eye(P), -np.eye(P)]).T                              # (P, 2P)
    for share in RADII:
        k = np.flatnonzero(~shown)
        radius = share * (1 + np.abs(theta[:, k]).max(axis=0, initial=0))
        around = theta[:, k, None] + radius[:, None] * faces[:, None, :]
        box = curvature(around.reshape(P, -1)).reshape(P, P, len(k), 2 * P)
        with np.errstate(all="ignore"):
            change = np.abs(np.eye(P) - np.einsum("kij,jmkf->fkim", Y[k], box)).max(axis=0) * P
        shown[k] = _inside(Y[k], 2 * size[k], change, radius)
        if shown.all():
            break
    return shown


# ---- singular Hessians

def beside(objective, curvature, theta, vectors, flat, away):
    """(point, b, rounding): theta + away with R levelled there, and b at that point, (P, M), (P, M), (M,).

    theta, away: (P, M).  vectors: (M, P, P), flat: (M, P), which of them span N.  nan where R could not be levelled
    nearby: that is another branch.
    """
    onto = np.einsum("mpk,mk,mqk->mpq", vectors, flat, vectors)                     # the projection on N
    rest, point = np.eye(len(theta)) - onto, theta + away
    for _ in range(8):
        g, H = objective.gradient(point), np.moveaxis(curvature(point), -1, 0)
        fine = np.isfinite(H).all(axis=(1, 2)) & np.isfinite(g).all(axis=0)
        H, g = np.where(fine[:, None, None], H, 0.0), np.where(fine, g, 0.0)
        step = _levelling(rest, onto, H, g)
        point = np.where(fine, point - step, np.nan)
        if not np.abs(step).max(initial=0) > 1e-14 * (1 + np.abs(point).max(initial=0)):
            break
    there = np.nan_to_num(point)
    g, noise = objective.gradient(there), rounding(objective, curvature(there), there)[0]
    b, left = np.einsum("mpq,qm->pm", onto, g), np.einsum("mpq,qm->pm", rest, g)
    far = np.linalg.norm(there - theta - away, axis=0) > np.maximum(np.linalg.norm(away, axis=0), ASIDE[0])
    bad = np.isnan(point).any(axis=0) | far | (np.abs(left).max(axis=0)
                                         > np.maximum(ABOVE * noise, 1e-3 * np.abs(b).max(axis=0)))
    return np.where(bad, np.nan, point), np.where(bad, np.nan, b), noise


def _levelling(rest, onto, H, g):
    """Newton's step within R: (P, M)."""
    if len(g) == 2 and (np.abs(np.trace(rest, axis1=1, axis2=2) - 1) < 1e-9).all():        # R is a line
        bend = np.einsum("mpq,mqp->m", rest, H)
        with np.errstate(all="ignore"):
            return np.einsum("mpq,qm->pm", rest, g) * np.where(bend != 0, 1 / bend, 0.0)
    big = np.abs(H).max(axis=(1, 2), keepdims=True)
    H = rest @ H @ rest + onto * np.where(big > 0, big, 1.0)
    return np.einsum("mpq,qm->pm", rest @ np.linalg.pinv(H, 1e-10, hermitian=True), g)


def flattest(curvature, theta, count):
    """(vectors, flat) as `beside` wants them: N is spanned by the `count` (K,) flattest directions of each point."""
    values, vectors = eigen(curvature(theta))
    return vectors, np.abs(values).argsort(axis=1).argsort(axis=1) < count[:, None]


def sides(objective, curvature, theta, unit=1.0):
    """The signs of b before and after points theta (P, K) with one flat direction: (2, K); and a curve's proof, (K,).

    -1 or 1: the point is alone, both signs hold at one distance.  0: b is 0 to rounding at all distances.
    nan: no answer, b is nonzero at the point itself, or to one side only.
    bent: the curve of signs 0 turns, and b stays 0 on it: no plateau does that, whose curves run straight outwards.
    """
    K, away = theta.shape[1], unit * np.array([0.0, *(-h for h in ASIDE), *ASIDE])
    vectors, flat = flattest(curvature, theta, np.ones(K))
    along = np.einsum("mpk,mk->pm", vectors, flat)
    point, b, noise = beside(objective, curvature, np.repeat(theta, len(away), axis=1),
                             np.repeat(vectors, len(away), axis=0), np.repeat(flat, len(away), axis=0),
                             (along[:, :, None] * away).reshape(len(theta), -1))
    b = (along[:, :, None] * b.reshape(len(theta), K, -1)).sum(axis=0).T              # (7, K)
    point, noise = point.reshape(len(theta), K, -1), noise.reshape(K, -1).T
    pairs, signs = len(ASIDE), np.full((2, K), np.nan)
    with np.errstate(invalid="ignore"):
        level = (np.abs(b) <= ABOVE * noise).all(axis=0)
        for k in range(pairs):
            both = b[[1 + k, 1 + pairs + k]]
            least = np.maximum(np.maximum(np.abs(b[0]), noise[0]), noise[[1 + k, 1 + pairs + k]].max(axis=0))
            clear = (np.abs(both) > CLEAR * least).all(axis=0) & np.isnan(signs[0])
            signs[:, clear] = np.sign(both[:, clear])
        bow = np.linalg.norm(point[..., pairs] + point[..., -1] - 2 * point[..., 0], axis=0) / unit
        signs[:, level] = 0.0
        return signs, level & (bow > BENT)


def followed(objective, curvature, theta, count, steps=20, share=0.15):
    """(level, outward), (K,) booleans each, for points theta (P, K) with `count` (K,) flat directions.

    level: b stays 0 on the way along N towards the origin, as far as N leads.  outward: it does not; where it begins,
    it grows and pulls to one side only, and the other way, up to twice as far out, b is 0 to rounding.
    """
    point, sizes, pulls = theta, [], []
    for _ in range(steps):
        point, size, pull = _moved(objective, curvature, point, count, -share)
        sizes.append(size)
        pulls.append(pull)
    sizes, pulls = np.array(sizes), np.array(pulls)
    risen = (sizes > 1).any(axis=0)
    first = np.clip(np.argmax(sizes > 1, axis=0), 0, steps - 3)
    next_three = first + np.arange(3)[:, None], np.arange(theta.shape[1])
    pull, size = pulls[next_three], sizes[next_three]
    fades = risen & np.isfinite(size).all(axis=0) & (pull == pull[0]).all(axis=0)
    fades &= (size[0] < size[1]) & (size[1] < size[2])
    point = theta
    for _ in range(5 if fades.any() else 0):
        point, size, _ = _moved(objective, curvature, point, count, share)
        fades &= size <= 1
    return ~risen, fades


def _moved(objective, curvature, point, count, share):
    """(point, size of b, its pull) after a step along N by this share of the point's part in it; above 1 is clear."""
    vectors, flat = flattest(curvature, point, count)
    along = np.einsum("mpk,mk,mqk,qm->pm", vectors, flat, vectors, point)
    moved, b, noise = beside(objective, curvature, point, vectors, flat, share * along)
    lost = np.isnan(moved).any(axis=0)
    with np.errstate(invalid="ignore"):
        size = np.where(lost, np.inf, np.abs(b).max(axis=0) / (CLEAR * noise))
        return np.where(lost, point, moved), size, np.where(lost, 0.0, np.sign((b * along).sum(axis=0)))
