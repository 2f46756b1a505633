"""What lies along the flat directions of a singular Hessian: a point that is alone, a level curve, or a plateau.

N       the directions in which the Hessian bends nothing (its null space); R: the others, its range
b(t)    what is left of the gradient in N, t away along N, when R has been levelled: the slope of the loss on that curve

sides       the signs of b on both sides of a point. Both nonzero: it is alone, and the signs say what it is. Both 0 at
            every distance: it looks like one of a curve of level points; it is,
followed    if b stays 0 far along N. Where it does not, the point sits on a plateau: units that are saturated, or far
            out on a straight piece, bend the ground too little to be seen from there.
fitted      where every target is met exactly and holds one direction, nothing needs to be followed.
Source: b(t): Golubitsky and Schaeffer 1985, Singularities and Groups in Bifurcation Theory I, chapter 1
(Lyapunov-Schmidt reduction).
"""
import numpy as np

from bpviz.calculus.interval import EPS
from bpviz.landscape.newton import eigen
from bpviz.landscape.slopes import ABOVE, size_of

ASIDE = (1e-3, 1e-2, 1e-1)    # how far aside b is looked at
CLEAR = 100                   # b is clearly not 0 above so many roundings
SHARE, WAY = 0.25, 10         # the steps by which level ground is followed, in parts of the weights; how many


def beside(slopes, theta, vectors, flat, away):
    """(point, b, left): theta + away with R levelled there, and the gradient's parts in N and R at it, all (P, M).

    theta, away: (P, M).  vectors: (M, P, P), flat: (M, P), which of them span N.  nan where levelling leads far
    away: that is another branch.
    """
    onto = np.einsum("mpk,mk,mqk->mpq", vectors, flat, vectors)                     # the projection on N
    rest, point = np.eye(len(theta)) - onto, theta + away
    for _ in range(8):
        there = np.where(np.isfinite(point), point, 0.0)
        g, H = slopes.gradient(there), np.moveaxis(slopes.hessian(there), -1, 0)
        fine = np.isfinite(H).all(axis=(1, 2)) & np.isfinite(g).all(axis=0) & np.isfinite(point).all(axis=0)
        H, g = np.where(fine[:, None, None], H, 0.0), np.where(fine, g, 0.0)
        step = _levelling(rest, onto, H, g)
        point = np.where(fine, point - step, np.nan)
        if not (np.abs(step) > 4 * EPS * size_of(point)).any():
            break
    point = np.where(np.isfinite(point).all(axis=0), point, np.nan)
    moved = np.linalg.norm(np.nan_to_num(point) - theta - away, axis=0)
    point = np.where(moved > np.maximum(np.linalg.norm(away, axis=0), ASIDE[0]), np.nan, point)
    g = np.where(np.isnan(point), np.nan, slopes.gradient(np.nan_to_num(point)))
    return point, np.einsum("mpq,qm->pm", onto, g), np.einsum("mpq,qm->pm", rest, g)


def levelled(b, left, noise):
    """b (P, M), nan where R is not level beside it or beside rounding (M,)."""
    far = np.abs(left).max(axis=0) > np.maximum(ABOVE * noise, 1e-3 * np.abs(b).max(axis=0))
    return np.where(far, np.nan, b)


def _levelling(rest, onto, H, g):
    """Newton's step within R: (P, M)."""
    if len(g) == 2 and (np.abs(np.trace(rest, axis1=1, axis2=2) - 1) < 1e-9).all():        # R is a line
        bend = np.einsum("mpq,mqp->m", rest, H)
        with np.errstate(all="ignore"):
            return np.einsum("mpq,qm->pm", rest, g) * np.where(bend != 0, 1 / bend, 0.0)
    big = np.abs(H).max(axis=(1, 2), keepdims=True)
    H = rest @ H @ rest + onto * np.where(big > 0, big, 1.0)
    return np.einsum("mpq,qm->pm", rest @ np.linalg.pinv(H, 1e-10, hermitian=True), g)


def flattest(slopes, theta, count):
    """(vectors, flat) as `beside` wants them: N is spanned by the `count` (K,) flattest directions of each point."""
    values, vectors = eigen(slopes.hessian(theta))
    return vectors, np.abs(values).argsort(axis=1).argsort(axis=1) < count[:, None]


@np.errstate(all="ignore")
def sides(slopes, theta, unit=1.0):
    """The signs of b before and after points theta (P, K) with one flat direction: (2, K).

    -1 or 1: the point is alone, both signs hold at one distance.  0: b is 0 to rounding at all distances.
    nan: no answer, b is nonzero at the point itself, or to one side only.
    """
    P, K, away = *theta.shape, unit * np.array([0.0, *(-h for h in ASIDE), *ASIDE])
    vectors, flat = flattest(slopes, theta, np.ones(K))
    along = np.einsum("mpk,mk->pm", vectors, flat)
    point, b, left = beside(slopes, *(np.repeat(part, len(away), axis=axis) for part, axis in
                                                    ((theta, 1), (vectors, 0), (flat, 0))),
                            (along[:, :, None] * away).reshape(P, -1))
    noise = slopes.rounding(np.nan_to_num(point))[0]
    b = (along[:, :, None] * levelled(b, left, noise).reshape(P, K, -1)).sum(axis=0).T          # (7, K)
    noise, pairs, signs = noise.reshape(K, -1).T, len(ASIDE), np.full((2, K), np.nan)
    for k in range(pairs):
        both, of_both = b[[1 + k, 1 + pairs + k]], noise[[1 + k, 1 + pairs + k]].max(axis=0)
        least = np.maximum(np.maximum(np.abs(b[0]), noise[0]), of_both)
        clear = (np.abs(both) > CLEAR * least).all(axis=0) & np.isnan(signs[0])
        signs[:, clear] = np.sign(both[:, clear])
    signs[:, (np.abs(b) <= ABOVE * noise).all(axis=0)] = 0.0
    return signs


@np.errstate(all="ignore")
def followed(slopes, theta, count):
    """(level, outward), (K,) booleans each, for points theta (P, K) with `count` (K,) flat directions.

    level: b stays 0 along N: on one flat direction both ways, on more of them towards the origin.  outward: it does
    not; where it begins on the way towards the origin, it grows and pulls to one side only, and the other way, up to
    twice as far out, b is 0 to rounding.
    """
    level, outward = np.zeros((2, theta.shape[1]), bool)
    one = np.flatnonzero(count == 1)
    if len(one):
        ways = np.repeat([-1.0, 1.0], len(one))
        sizes, _ = _way(slopes, *(np.concatenate([part, part], axis=-1) for part in
                                                (theta[:, one], count[one])), SHARE, on=ways)
        level[one] = (sizes <= 1).all(axis=0).reshape(2, -1).all(axis=0)
    rest = np.flatnonzero(~level)
    if len(rest):
        sizes, pulls = _way(slopes, theta[:, rest], count[rest], -SHARE)
        level[rest] = (sizes <= 1).all(axis=0) & (count[rest] > 1)
        outward[rest] = _rises(sizes, pulls)
    k = np.flatnonzero(outward)
    if len(k):
        outward[k] = (_way(slopes, theta[:, k], count[k], SHARE, steps=4)[0] <= 1).all(axis=0)
    return level, outward


def _rises(sizes, pulls):
    """Whether b, where it begins, grows over three steps and pulls to one side: (K,)."""
    first = np.clip(np.argmax(sizes > 1, axis=0), 0, len(sizes) - 3)
    three = first + np.arange(3)[:, None], np.arange(sizes.shape[1])
    size, pull = sizes[three], pulls[three]
    grows = (size[0] < size[1]) & (size[1] < size[2]) & (size[2] < np.inf) & (size[2] > 1)
    return grows & (pull == pull[0]).all(axis=0)


def _way(slopes, theta, count, share, steps=WAY, on=None):
    """(sizes, pulls), (steps, K): b on a way along N, a step being this share of the point's part in N.

    on: for one flat direction, (K,) of -1 or 1: of the point's length, and always this way along the curve.
    A size above 1 is clearly not rounding; inf where there is no way on. A step that fails is made smaller.
    """
    point, points, rows, before, part = theta, [], [], None, np.ones(theta.shape[1])
    for _ in range(steps):
        vectors, flat = flattest(slopes, point, count)
        along = np.einsum("mpk,mk,mqk,qm->pm", vectors, flat, vectors, point)
        if on is not None:
            along = on * np.einsum("mpk,mk->pm", vectors, flat) * (0.1 + np.linalg.norm(point, axis=0))
            along = along if before is None else along * np.where((along * before).sum(axis=0) < 0, -1, 1)
            before = along
        moved, b, left = beside(slopes, point, vectors, flat, share * part * along)
        lost = np.isnan(moved).any(axis=0)
        part = np.where(lost, part / 4, np.minimum(1, 2 * part))
        point = np.where(lost, point, moved)
        points.append(point)
        rows.append((np.where(lost & (part > 1e-3), 0, b), np.where(lost, 0, left), np.sign((b * along).sum(axis=0))))
    every = np.concatenate(points, axis=1)
    noise = slopes.rounding(every)[0].reshape(steps, -1)
    sizes = np.array([np.abs(levelled(b, left, least)).max(axis=0) / (CLEAR * least)
                      for (b, left, _), least in zip(rows, noise, strict=True)])
    return np.where(np.isnan(sizes), np.inf, sizes), np.array([pull for _, _, pull in rows])


def fitted(slopes, theta, count):
    """Whether points theta (P, K) with `count` (K,) flat directions fit every target exactly: (K,) booleans.

    Then, and if every target holds one direction, theta is one of a surface of such points (implicit functions).
    """
    objective = slopes.objective
    name = getattr(getattr(objective, "loss_record", None), "name", "")
    if name not in ("squared error", "half squared error") or objective.l2:
        return np.zeros(theta.shape[1], bool)
    t = objective.data.y[..., None]
    near = (np.abs(objective.predict(theta) - t) < 1e-9 * (1 + np.abs(t))).all(axis=(0, 1))
    return near & (t.size == len(theta) - count)
