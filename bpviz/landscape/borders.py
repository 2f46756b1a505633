"""The borders between basins of gradient flow: the lines that flow into a saddle point.

A start exactly on such a line ends on the saddle, the next to it on one side in one minimum, on the other side in
another. So the border of two basins is the *stable manifold* of a saddle. Descending, one would fall off it; climbing
from the saddle, every error shrinks, so the line is walked uphill, from the saddle along the direction in which the
ground rises: d theta / ds = gradient / |gradient|, by the classical Runge-Kutta method in steps of equal length.
Source: Hirsch, Smale and Devaney 2013, Differential Equations, Dynamical Systems, and an Introduction to Chaos,
sections 8.3 and 9.3.
"""
from dataclasses import dataclass

import numpy as np

from bpviz.base.arguments import refuse
from bpviz.base.work import Part, in_parts
from bpviz.descent.flow import GradientFlow
from bpviz.descent.settle import NOWHERE, settle

STEP, LONGEST = 0.03, 60.0      # of a line: from one point to the next, and its whole length, in units of the weights
BESIDE = 1e-4                   # how far from the saddle a line and its two sides begin
LEVEL = 1e-14                   # a gradient below this has no direction
PIECES = 3000                   # of time, in which the flow from either side is followed


@dataclass(frozen=True)
class Border:
    """The line into one saddle. saddle: its label.  line: (2, n), through the saddle, up to the window's edges.

    sides: the labels of the minima in which the flow from either side of the saddle ends, None where it ends in none.
    """
    saddle: str
    line: np.ndarray
    sides: tuple


@in_parts
def borders(objective, points):
    """The Borders of all saddles of a CriticalPoints of two weights, in its order; a saddle on a level curve has none.

    Raises ValueError for points of more weights. `borders.parts` takes the same and yields Parts.
    """
    if len(points.theta) != 2:
        refuse("points", points, "allowed are the critical points of two weights")
    found = []
    saddles = [k for k in points.of_kind("saddle") if points.eigenvalues[0, k] < 0 < points.eigenvalues[1, k]]
    for k in saddles:
        found.append(_border(objective, points, k))
        yield Part(len(found) / (len(saddles) + 1), None)
    yield Part(1.0, tuple(found))


def _border(objective, points, k):
    saddle = points.theta[:, k]
    _, directions = np.linalg.eigh(objective.hessian(saddle))
    down, up = directions.T
    back, ahead = (_uphill(objective, saddle, side * BESIDE * up, points.low, points.high) for side in (-1, 1))
    starts = saddle[:, None] + BESIDE * np.array([-1, 1]) * down[:, None]
    ends = settle(objective, starts, GradientFlow(), PIECES, points.theta[:, points.minima])
    sides = tuple(None if end == NOWHERE else points.label[points.minima[end]] for end in ends.label)
    return Border(points.label[k], np.concatenate([back[:, ::-1], saddle[:, None], ahead], axis=1), sides)


def _uphill(objective, saddle, beside, low, high):
    """The points (2, n) on the way uphill, until it leaves the window, the ground is level or it has grown too long."""
    single = getattr(objective, "single", None)

    def way(theta):
        slope = objective.gradient(theta) if single is None else np.array(single(*theta.tolist())[1])
        size = np.hypot(*slope)
        return slope / size if LEVEL < size < np.inf else np.zeros(2)

    places = [saddle + beside]
    while len(places) * STEP < LONGEST and (low <= places[-1]).all() and (places[-1] <= high).all():
        at = places[-1]
        one = way(at)
        two = way(at + 0.5 * STEP * one)
        three = way(at + 0.5 * STEP * two)
        step = STEP / 6 * (one + 2 * two + 2 * three + way(at + STEP * three))
        if np.hypot(*step) < 0.5 * STEP:            # no way on: a level place, or a maximum that is jumped over
            break
        places.append(at + step)
    return np.array(places).T

