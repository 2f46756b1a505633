"""The slopes of an objective: gradient and exact Hessian, what of both is rounding, and intervals that enclose them.

Numbers next to 0 are told from 0 by this: a gradient below a few roundings counts as 0, a curvature below one as flat.
"""
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from bpviz.calculus.activations import ACTIVATIONS
from bpviz.calculus.dual import Dual, curvature_of
from bpviz.calculus.interval import EPS, TINY, Interval

FLAT = 1e-7                   # an eigenvalue below this share of the largest is looked at as if it were 0
ROUNDING = 64 * EPS           # what the rounding of theta and of the sums leaves of a gradient, per curvature and size
ABOVE = 4                     # a gradient counts as 0 below so many roundings


def enclosures(objective, box):
    """Intervals around all gradients (P, N) and Hessians (P, P, N) of the box, an Interval (P, N)."""
    n = getattr(objective, "hessians_at_once", box.shape[1])
    if box.shape[1] > n:
        pieces = [enclosures(objective, box[:, k:k + n]) for k in range(0, box.shape[1], n)]
        return tuple(Interval(*(np.concatenate([getattr(piece, end) for piece in of_all], axis=-1)
                                for end in ("lo", "hi"))) for of_all in zip(*pieces, strict=True))
    P = len(box.lo)
    copies = Interval(np.repeat(box.lo[:, None], P, axis=1), np.repeat(box.hi[:, None], P, axis=1))
    directions = np.broadcast_to(np.eye(P)[:, :, None], copies.shape)
    slope = objective.gradient(Dual(copies, Interval(directions, directions)))
    return slope.v[:, 0], slope.d


def size_of(theta):
    """The size of each weight, for its rounding: (P, N); a 0 counts as a little beside the others."""
    return np.abs(theta) + 1e-9 * (1 + np.abs(theta).max(axis=0, initial=0))


@dataclass(frozen=True, eq=False)
class Slopes:
    """An objective with its exact Hessian, and what of its slopes is rounding: what a search for level ground works on.

    n_params; loss, gradient and hessian, of theta (P, ...): as a Fit has them.
    smooth: whether intervals can prove something of it: it is a Fit whose units all have a continuous slope.
    """
    objective: object

    @property
    def n_params(self):
        return self.objective.n_params

    @property
    def loss(self):
        return self.objective.loss

    @property
    def gradient(self):
        return self.objective.gradient

    @cached_property
    def hessian(self):
        return curvature_of(self.objective)

    @cached_property
    def network(self):
        """The network of a Fit, None of any other objective."""
        return getattr(self.objective, "network", None)

    @cached_property
    def smooth(self):
        return self.network is not None and not any(ACTIVATIONS[f].slope_jumps for f in self.network.activations)

    @np.errstate(all="ignore")
    def rounding(self, theta, H=None):
        """What of gradient and Hessian is rounding: ((N,), (N,)), for theta (P, N); H (P, P, N) if it is known.

        By the size of H and theta, for theta itself is rounded; and by intervals where they can be used.
        """
        H = self.hessian(theta) if H is None else H
        of_H = ROUNDING * np.abs(H).max(axis=(0, 1)) + TINY
        of_g = ROUNDING * np.einsum("pqn,qn->pn", np.abs(H), size_of(theta)).max(axis=0) + TINY
        if (box := self._interval(theta)) is not None:
            g, H = box
            of_g = np.maximum(of_g, np.nan_to_num((g.hi - g.lo).max(axis=0)))
            of_H = np.maximum(of_H, np.nan_to_num((H.hi - H.lo).max(axis=(0, 1))))
        return of_g, of_H

    def _interval(self, theta):
        """Intervals around gradient and Hessian at theta, or None where there are none."""
        if self.network is not None:
            return enclosures(self.objective, Interval(theta, theta)) if self.smooth else None
        try:
            g, H = enclosures(self.objective, Interval(theta, theta))
            return (g, H) if isinstance(g, Interval) and isinstance(H, Interval) else None
        except Exception:                # somebody's own gradient: it may want arrays, and raise whatever it likes
            return None

    def flat(self, theta, H, values):
        """Which eigenvalues (N, P) are next to 0: beside the largest, or beside rounding."""
        least = np.maximum(FLAT * np.abs(values).max(axis=1), len(theta) * self.rounding(theta, H)[1])
        return np.abs(values) <= least[:, None]
