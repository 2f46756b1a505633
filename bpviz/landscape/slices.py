"""Two slices through one point of a landscape, in different directions: what each of them shows and hides.

base       (P,), the point in the middle of the first slice
pair       (2, P), the directions of a slice: base + s pair[0] + t pair[1], s and t in [-reach, reach]
"""
from dataclasses import dataclass

import numpy as np

from bpviz.base.result import ShowsItself
from bpviz.words.catalogue import Said, say

ROUNDING = 1e-11                # of the largest loss of a slice: by less, a step of 1 along a slope changes nothing
NEGATIVE = 1e-9                 # a curvature below 0 by less, as a share of the largest, is the rounding in the Hessian


@dataclass(frozen=True)
class Slice:
    """The loss (cells, cells) along two directions (2, P), and their names."""
    loss: np.ndarray
    directions: np.ndarray
    names: tuple

    @property
    def units(self):
        """The directions, as long as 1."""
        return self.directions / np.maximum(np.linalg.norm(self.directions, axis=1, keepdims=True), 1e-300)


@dataclass(frozen=True, repr=False)
class Slices(ShowsItself):
    """Two slices through a point theta (P,), its loss, gradient (P,) and Hessian (P, P), None where it is too large."""
    first: Slice
    second: Slice
    theta: np.ndarray
    loss: float
    gradient: np.ndarray
    hessian: np.ndarray | None

    @property
    def words(self):
        return str(Said("surface", self.said()))

    def said(self):
        """What there is to say, ((key, facts), ...): what slice 1 shows of the gradient first, the loss last."""
        whole, inside = (float(np.linalg.norm(slope)) for slope in (self.gradient, self.first.units @ self.gradient))
        P, n, lower = len(self.gradient), len(self.second.loss), float(self.second.loss.min())
        level = whole <= ROUNDING * np.abs(self.first.loss[np.isfinite(self.first.loss)]).max(initial=0.0)
        shown = "shown", {"names": self.first.names,
                          "share": round(inside / whole, 12) if whole > 0 else 1.0,          # no rounding error in it
                          "gradient": None if level else whole, "hidden": P - 2 if P > 2 else 0, "weights": P}
        point = "point", {"loss": self.loss}
        if P == 2:
            return ("all_of_it", {}), shown, point
        second = "second", {"n": n, "names": self.second.names, "lower": lower if lower < self.loss else None}
        if self.hessian is None:
            return shown, second, point
        units = self.first.units
        negative, seen = self._negative(self.hessian), self._negative(units @ self.hessian @ units.T)
        return shown, ("curvature", {"negative": negative, "seen": seen, "unseen": negative - seen}), second, point

    def _negative(self, matrix):
        """How many curvatures of a matrix are below 0."""
        rounding = NEGATIVE * np.abs(np.linalg.eigvalsh(self.hessian)).max()
        return int((np.linalg.eigvalsh(matrix) < -rounding).sum())

    def table(self):
        rows = [(name, " and ".join(part.names), f"{np.linalg.norm(part.units @ self.gradient):.3e}",
                 f"{part.loss.min():.5f}", f"{part.loss.max():.5f}")
                for name, part in (("slice 1", self.first), ("slice 2", self.second))]
        header = ("", "directions", say("surface", "inside"), "lowest loss", "highest loss")
        return say("surface", "table"), header, rows


def places(base, pair, s):
    """The weights (P, n, n) at steps s (n,) along both directions: rows up, columns across."""
    return base[:, None, None] + pair[0][:, None, None] * s + pair[1][:, None, None] * s[:, None]


def slice_through(objective, base, pair, names, reach, cells):
    """The Slice of an objective."""
    return Slice(objective.loss(places(base, pair, np.linspace(-reach, reach, cells))), pair, names)


def downhill(objective, base, pair, reach, n):
    """n x n arrows on a slice, inside its edge: (places across, up, -slopes across, up), (n, n) each.

    Slopes that are rounding, as on the steps of a staircase, are 0: over the whole slice they would change nothing.
    """
    s = np.linspace(-reach, reach, n + 2)[1:-1]
    theta = places(base, pair, s)
    loss = np.abs(objective.loss(theta))
    slopes = np.einsum("kp,p...->k...", pair, objective.gradient(theta))
    level = np.hypot(*slopes) * reach <= ROUNDING * loss[np.isfinite(loss)].max(initial=0.0)
    return (*np.meshgrid(s, s), *np.where(level, 0.0, -slopes))


def pairs_of_weights(names, first, second):
    """((pair, names), ...) of two slices: along two weights, and along two others where there are more."""
    P = len(names)
    second = (second + 1) % P if first == second else second
    others = [k for k in range(P) if k not in (first, second)][:2] or [second, first]
    return tuple((np.eye(P)[pair], (names[pair[0]], names[pair[1]])) for pair in ([first, second], others))
