"""What of a gradient and of a Hessian is rounding, and intervals that enclose both.

Numbers next to 0 are told from 0 by this: a gradient below a few roundings counts as 0, a curvature below one as flat.
"""
import numpy as np

from bpviz.calculus.activations import ACTIVATIONS
from bpviz.calculus.dual import Dual
from bpviz.calculus.interval import TINY, Interval
from bpviz.landscape.newton import FLAT, ROUNDING

ABOVE = 4                     # a gradient counts as 0 below so many roundings


def enclosures(fit, box):
    """Intervals around all gradients (P, N) and Hessians (P, P, N) of the box, an Interval (P, N)."""
    n = getattr(fit, "hessians_at_once", box.shape[1])
    if box.shape[1] > n:
        pieces = [enclosures(fit, box[:, k:k + n]) for k in range(0, box.shape[1], n)]
        return tuple(Interval(*(np.concatenate([getattr(piece, end) for piece in of_all], axis=-1)
                                for end in ("lo", "hi"))) for of_all in zip(*pieces, strict=True))
    P = fit.n_params
    copies = Interval(np.repeat(box.lo[:, None], P, axis=1), np.repeat(box.hi[:, None], P, axis=1))
    directions = np.broadcast_to(np.eye(P)[:, :, None], copies.shape)
    slope = fit.gradient(Dual(copies, Interval(directions, directions)))
    return slope.v[:, 0], slope.d


def smooth(objective):
    """Whether intervals can prove something about an objective: a Fit whose units all have a continuous slope."""
    return hasattr(objective, "network") and not any(ACTIVATIONS[name].slope_jumps
                                                     for name in objective.network.activations)


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
