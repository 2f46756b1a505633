"""Where the ground is level: minima, saddle points, maxima.

H  the Hessian, exact: dual numbers on the hand-written gradient (calculus/dual.py)

Newton's method (theta <- theta - H^-1 g) runs on the *gradient*, from every point of two grids (two weights: an even
one and one that is finer towards the origin) or from random starts (more), so it is drawn to level ground of any
kind, and again from between what it found until nothing new comes. A small gradient at the end is no evidence: each
end is asked whether a zero of the gradient is there (landscape/evidence.py), and named by the signs of the eigenvalues
of H; where an eigenvalue is 0, by the slope around the point: it may be alone, or lie on a curve of level points.
A list found this way is not called complete; `certify=True` proves that it is (landscape/certify.py).
Source of the iteration: Nocedal and Wright 2006, Numerical Optimization, section 3.3.
"""
from dataclasses import replace

import numpy as np

from bpviz.base.arguments import objective as an_objective
from bpviz.base.arguments import shown, switch, whole
from bpviz.base.work import Part, in_parts, within
from bpviz.landscape import certify as proof
from bpviz.landscape.classify import classified
from bpviz.landscape.newton import MAXIMUM, MINIMUM, SADDLE
from bpviz.landscape.planes import limits
from bpviz.landscape.points import CriticalPoints, in_order, labels
from bpviz.landscape.search import search
from bpviz.landscape.slopes import Slopes

MOST_WEIGHTS = 500
__all__ = ["MAXIMUM", "MINIMUM", "SADDLE", "CriticalPoints", "critical_points"]


@in_parts
def critical_points(objective, low=-6.0, high=6.0, starts=None, *, certify=False, seed=0):
    """All critical points inside the window that are found: a CriticalPoints.

    objective: a Fit, or anything with n_params, loss and gradient; of a Fit with frozen weights its `free_at(theta)`.
    low, high: one number for all weights, or one each.  starts: for two weights the points of the even grid, a side
    (40; three fifths of that of the second one); for more, how many random starts (1000), drawn from `seed`.
    certify: for two-weight networks, prove by interval arithmetic that the list is complete; points that only the
    proof finds are added. Minutes at most; `certificate` says what is proved.
    Raises ValueError for certify with more weights, or with an activation whose slope jumps.
    `critical_points.parts` takes the same and yields Parts.
    """
    if switch("certify", certify):
        proof.check(an_objective("objective", objective))
    P, seed = an_objective("objective", objective, MOST_WEIGHTS).n_params, whole("seed", seed, 0)
    if getattr(objective, "frozen", ()):
        raise ValueError(f"objective: got a Fit with frozen weights, {shown(objective.frozen)}; allowed is its "
                         "free_at(theta), a Fit of the free weights: where the others stand is no part of the Fit")
    usual, least, most = (40, 4, 400) if P == 2 else (1000, 1, 100_000)
    starts = whole("starts", usual if starts is None else starts, least, most)
    low, high = limits(low, high, P)
    slopes = Slopes(objective)
    found = yield from within(search(slopes, low, high, starts, seed), 0.0, 0.2 if certify else 0.7)
    if certify:
        proved = yield from within(proof.certify.parts(objective, low, high), 0.2, 0.95)
    candidates = np.concatenate([found.theta, proved.points], axis=1) if certify else found.theta
    level = yield from within(classified(slopes, candidates, low, high), 0.95 if certify else 0.7, 0.99)
    held = objective.network.held if hasattr(objective, "network") else ()
    points = _listed(slopes, level, held=held, low=low, high=high, steepness=found.steepness, starts=found.starts)
    yield Part(1.0, replace(points, certificate=proved.against(points.theta)) if certify else points)


def _listed(slopes, level, **searched):
    """The points of a Level as a list, minima first.  searched: what CriticalPoints say of the search."""
    P = slopes.n_params
    theta = np.array([point.theta for point in level.points]).T.reshape(P, -1)
    order = in_order([point.kind for point in level.points], slopes.loss(theta), theta)
    points, theta = [level.points[k] for k in order], theta[:, order]
    names = ["kind", "evidence", "dimension", *(["copies"] if P > 2 else [])]          # each of a family stands for all
    each = {name: tuple(getattr(point, name) for point in points) for name in names}
    return CriticalPoints(
        theta, slopes.loss(theta), np.linalg.norm(slopes.gradient(theta), axis=0),
        np.array([point.eigenvalues for point in points]).T.reshape(P, -1), label=labels(each["kind"]),
        catch=np.array([point.catch for point in points]), valley=level.valley, valley_floor=level.valley_floor,
        flats=level.flats, **each, **searched)
