"""Where the ground is level: minima, saddle points, maxima.

H  the Hessian, exact: dual numbers on the hand-written gradient (calculus/dual.py)

Newton's method (theta <- theta - H^-1 g) runs on the *gradient*, from every point of two grids (two weights: an even
one and one that is finer towards the origin) or from random starts (more), so it is drawn to level ground of any
kind, and again from between what it found until nothing new comes. A small gradient at the end is no evidence: each
end is asked whether a zero of the gradient is there (landscape/nearby.py), and named by the signs of the eigenvalues
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
from bpviz.landscape import stationary, two_weights
from bpviz.landscape.newton import MAXIMUM, MINIMUM, SADDLE, newton
from bpviz.landscape.planes import limits
from bpviz.landscape.points import CriticalPoints, in_order, labels

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
    if P == 2:
        starts = whole("starts", 40 if starts is None else starts, 4, 400)
        work = two_weights.search(objective, *limits(low, high), starts)
    else:
        starts = whole("starts", 1000 if starts is None else starts, 1, 100_000)
        work = _search(objective, *limits(low, high, P), starts, seed)
    points = yield from within(work, 0.0, 0.2 if certify else 0.99)
    held = objective.network.held if hasattr(objective, "network") else ()
    if not certify:
        yield Part(1.0, replace(points, held=held))
        return
    certificate = yield from within(proof.certify.parts(objective, points.theta, points.low, points.high), 0.2, 0.99)
    if certificate.listed < certificate.points.shape[1]:
        points = two_weights.with_more(objective, points, certificate.points)
        certificate = replace(certificate, listed=proof.listed(certificate.points, points.theta))
    yield Part(1.0, replace(points, certificate=certificate, held=held))


def _search(objective, low, high, starts, seed):
    """More than two weights: random starts and 0, symmetric copies merged, one point for each level surface."""
    P = objective.n_params
    first = np.random.default_rng(seed).uniform(low[:, None], high[:, None], size=(P, starts))
    steepness = two_weights.typical(np.linalg.norm(objective.gradient(first), axis=0))
    if ((low <= 0) & (high >= 0)).all():
        first = np.concatenate([np.zeros((P, 1)), first], axis=1)
    ends = yield from within(newton(objective, first, low[:, None], high[:, None]), 0.0, 0.7)
    found, flats = yield from within(stationary.judged(objective, ends), 0.7, 0.99)
    theta = np.array([point.theta for point in found]).T.reshape(P, -1)
    kept, copies = stationary.families(objective, theta)
    theta, found, loss = theta[:, kept], [found[k] for k in kept], objective.loss(theta[:, kept])
    order = in_order([point.kind for point in found], loss, theta)
    found, theta = [found[k] for k in order], theta[:, order]
    kind, evidence, dimension = (tuple(getattr(point, name) for point in found)
                                 for name in ("kind", "evidence", "dimension"))
    values = np.array([point.values for point in found]).T.reshape(P, -1)
    yield Part(1.0, CriticalPoints(theta, loss[order], np.linalg.norm(objective.gradient(theta), axis=0), values, kind,
                                   labels(kind), np.zeros((P, 0)), low, high, steepness,
                                   tuple(copies[k] for k in order), dimension, evidence=evidence, flats=flats,
                                   starts=first.shape[1]))
