"""A flat window onto the landscape: two directions through a point, and the loss over them.

origin         (P,): where both coordinates are 0
first, second  (P,): the directions of the horizontal and the vertical axis
"""
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from bpviz.base.arguments import MOST_NUMBERS, Table, choice, cloud, numeric, refuse, shown, whole
from bpviz.base.arguments import objective as an_objective

MAX_CELLS, FURTHEST = 2000, 1e9
SCALES = {                    # name: (from coordinate to place on the axis, back)
    "linear": (np.asarray, np.asarray),
    "log": (np.log, np.exp),
    "asinh": (np.arcsinh, np.sinh),             # as log far out, as linear around 0, and negative numbers have a place
}


def limits(low, high, n=2):
    """low and high as n floats each: one number serves all axes; low must be below high."""
    low, high = (_per_axis(name, value, n) for name, value in (("low", low), ("high", high)))
    if not (low < high).all():
        raise ValueError(f"low: got {shown(low.tolist())} with high {shown(high.tolist())}; allowed is low below high")
    return low, high


def _per_axis(name, value, n):
    numbers = numeric(name, value)
    if numbers.ndim > 1 or numbers.size not in (1, n):
        came = f"shape {numbers.shape}" if numbers.ndim > 1 else f"{numbers.size:,} numbers"
        raise ValueError(f"{name}: got {came}; allowed are {f'1 or {n:,} numbers' if n > 1 else '1 number'}")
    if (np.abs(numbers) > FURTHEST).any():
        refuse(name, value, f"allowed are numbers from {-FURTHEST:g} to {FURTHEST:g}")
    return np.broadcast_to(numbers, (n,))


@dataclass(frozen=True, eq=False)
class Plane:
    """origin + s first + t second for s, t from low to high, `cells` points a side.

    scale: how the points are spaced, and the axes of pictures: "linear"; "log", of numbers above 0; "asinh", which is
    as "log" far out on both sides of 0 and "linear" around it.
    Raises ValueError for directions of length 0 or parallel ones, for 0 cells, and for "log" from 0 or below.
    """
    origin: np.ndarray
    first: np.ndarray
    second: np.ndarray
    low: object = -6.0
    high: object = 6.0
    cells: int = 200
    scale: str = "linear"

    def __post_init__(self):
        origin = numeric("origin", self.origin)
        if origin.ndim != 1 or len(origin) < 2:
            raise ValueError(f"origin: got shape {origin.shape}; allowed is (P,), P at least 2")
        object.__setattr__(self, "origin", origin)
        for name in ("first", "second"):
            direction = cloud(name, getattr(self, name), len(origin))
            if direction.shape != origin.shape:
                raise ValueError(f"{name}: got shape {direction.shape}; allowed is {origin.shape}")
            object.__setattr__(self, name, direction)
        lengths = np.linalg.norm(self.first) * np.linalg.norm(self.second)
        if lengths == 0 or abs(self.first @ self.second) > (1 - 1e-12) * lengths:
            raise ValueError("second: got a direction parallel to first, or of length 0; allowed is another direction")
        low, high = limits(self.low, self.high)
        choice("scale", self.scale, tuple(SCALES))
        if self.scale == "log" and not (low > 0).all():
            refuse("low", self.low, "allowed with scale 'log' are numbers above 0")
        object.__setattr__(self, "low", low)
        object.__setattr__(self, "high", high)
        object.__setattr__(self, "cells", whole("cells", self.cells, 2, MAX_CELLS))

    @classmethod
    def of_weights(cls, objective, first=0, second=1, origin=None, **window):
        """The plane of two weights, by row or by name; the others stay as in `origin` (default 0).

        objective: a Fit or a Surface.  first, second: rows of theta, or names such as "w1[1,1]".
        window: low, high, cells and scale, as in Plane.
        """
        P = an_objective("objective", objective).n_params
        if P < 2:
            raise ValueError(f"objective: got {P} weight; allowed are two or more for a plane")
        origin = np.zeros(P) if origin is None else cloud("origin", origin, P).copy()
        rows = []
        for name, weight in (("first", first), ("second", second)):
            row = _row(objective, name, weight)
            rows.append(row)
            origin[row] = 0.0
        if rows[0] == rows[1]:
            raise ValueError(f"second: got {shown(second)}, the same weight as first; allowed is another weight")
        return cls(origin, np.eye(P)[rows[0]], np.eye(P)[rows[1]], **window)

    @cached_property
    def axes(self):
        """The two coordinate vectors, (cells,) each."""
        there, back = SCALES[self.scale]
        axes = tuple(back(np.linspace(there(self.low[k]), there(self.high[k]), self.cells)) for k in (0, 1))
        for k, axis in enumerate(axes):
            axis[[0, -1]] = self.low[k], self.high[k]                       # there and back leaves rounding
        return axes

    @cached_property
    def theta(self):
        """(P, cells, cells): row = second coordinate, column = first, as matplotlib's contour wants it."""
        if len(self.origin) * self.cells ** 2 > MOST_NUMBERS:
            raise ValueError(f"cells: got {self.cells:,} a side for {len(self.origin):,} weights; allowed are at most "
                             f"{int((MOST_NUMBERS / len(self.origin)) ** 0.5):,} for all of them at once")
        s, t = np.meshgrid(*self.axes)
        return (self.origin[:, None, None] + self.first[:, None, None] * s + self.second[:, None, None] * t)

    def loss(self, objective):
        """The loss over the plane: (cells, cells)."""
        if an_objective("objective", objective).n_params != len(self.origin):
            raise ValueError(f"objective: got {objective.n_params:,} weights; allowed are {len(self.origin):,}, as the "
                             "plane has")
        return objective.loss(self.theta)


def _row(objective, name, weight):
    """The row of theta that is meant, by its number or its name."""
    if not isinstance(weight, str):
        return whole(name, weight, 0, objective.n_params - 1)
    if hasattr(objective, "network"):
        return objective.network.index(weight)
    names = getattr(objective, "names", range(objective.n_params))
    return Table("weight", {str(each): row for row, each in enumerate(names)})[weight]


def window(low, high, cells=200):
    """The plane of a two-weight objective itself."""
    return Plane(np.zeros(2), np.array([1.0, 0.0]), np.array([0.0, 1.0]), low, high, cells)


def plane_of_starts(objective, low, high, cells, plane):
    """The plane that is given, if it belongs to this objective, or the window of an objective of two weights."""
    an_objective("objective", objective)
    if plane is None:
        if objective.n_params != 2:
            raise ValueError(f"plane: got None for {objective.n_params} weights; allowed is a Plane, such as "
                             "Plane.of_weights(fit, 0, 1)")
        return window(low, high, whole("cells", cells, 2, MAX_CELLS))
    if not isinstance(plane, Plane) or len(plane.origin) != objective.n_params:
        refuse("plane", plane, f"allowed is a Plane through {objective.n_params:,} weights")
    return plane
