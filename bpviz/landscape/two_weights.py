"""The search for level ground over two weights, by Newton's method on the gradient.

It starts from an even grid and from one that is ever finer towards the origin (a list may crowd there: weights far
out matter less), then from between the points found, until nothing new comes.

H       the Hessian; its two eigenvalues are the curvatures: the larger one and the smaller one by size
ends    (2, n), where the search came to rest: candidates. Where H is regular, landscape/nearby.py tells whether a
        critical point is there; where it is singular, landscape/singular.py.
"""
import time

import numpy as np

from bpviz.base.work import PIECE_S, Part, within
from bpviz.calculus.dual import curvature_of
from bpviz.landscape import nearby
from bpviz.landscape.nearby import HIGHER
from bpviz.landscape.newton import FLAT, eigen, kind_of
from bpviz.landscape.points import CriticalPoints, in_order, labels
from bpviz.landscape.singular import singular_points

CONVERGED = 1e-12             # |gradient| at which Newton may stop, times the window's largest curvature
LEVEL = 1e-12                 # an eigenvalue below this share of the window's largest curvature is 0
SWEEPS, PATIENT = 80, 40      # after so many sweeps, small but not still is enough: Newton is slow at singular points
LEAST = 1e-4                  # how near the origin the second grid begins, in parts of the window
ROUNDS, MOST_BETWEEN = 4, 2000


def search(objective, low, high, starts):
    """The CriticalPoints, as Parts.  low, high: (2,).  starts: points of the even grid, a side."""
    curvature = curvature_of(objective)
    even = _grid(*(np.linspace(low[k], high[k], starts) for k in (0, 1)))
    scale = largest(curvature(even))
    steepness = typical(np.hypot(*objective.gradient(even)))
    theta, count = np.concatenate([even, _grid(*(_towards_origin(low[k], high[k], 3 * starts // 5) for k in (0, 1)))],
                                  axis=1), 0
    points, singular = np.zeros((2, 0)), []
    for k in range(ROUNDS):
        count += theta.shape[1]
        ends = yield from within(_newton(objective, curvature, theta, low, high, scale),
                                 0.8 + 0.15 * (k - 1) / ROUNDS if k else 0.0, 0.8 + 0.15 * k / ROUNDS)
        found, flat = _sorted(curvature, np.concatenate([points, ends], axis=1), scale)
        singular.append(flat)
        if found.shape[1] == points.shape[1]:
            break
        points, theta = found, _between(found)
        if theta.shape[1] > MOST_BETWEEN:
            break
    yield Part(0.95)
    yield Part(1.0, listed(objective, points, np.concatenate(singular, axis=1), low, high, steepness, count))


def largest(H):
    """The largest curvature among these Hessians, 1 if there is none."""
    return float(np.nanmax(np.abs(np.where(np.isfinite(H), H, 0)))) or 1.0


def typical(steepness):
    """The median of these steepnesses, 1 if there is none: a loss need not have a value everywhere."""
    return float(np.median(steepness[np.isfinite(steepness)])) if np.isfinite(steepness).any() else 1.0


def _grid(first, second):
    return np.stack(np.meshgrid(first, second)).reshape(2, -1)


def _towards_origin(low, high, n):
    """About n places from low to high, ever closer towards 0, or towards the end nearest to 0."""
    middle, share = min(max(0.0, low), high), np.geomspace(LEAST, 1, max(2, n // 2))
    return np.unique(np.concatenate([middle - (middle - low) * share, middle + (high - middle) * share]))


def _between(points):
    """New starts: the middles of all pairs of points (2, K), and each first weight with each second one."""
    i, j = np.triu_indices(points.shape[1], 1)
    return np.concatenate([(points[:, i] + points[:, j]) / 2, np.stack([points[0, i], points[1, j]]),
                           np.stack([points[0, j], points[1, i]])], axis=1)


def _newton(objective, curvature, theta, low, high, scale):
    """Newton on the gradient from theta (2, N), as Parts: the result is what came to rest inside, (2, n)."""
    reach, found, first, ready = (high - low).max() / 8, [], theta.shape[1], time.perf_counter() + PIECE_S
    for sweep in range(SWEEPS):
        g = objective.gradient(theta)
        step = nearby.newton_step(g, curvature(theta))
        length, small = np.hypot(*step), np.hypot(*g) < CONVERGED * scale
        done = small & ((length < 1e-9 * (1 + np.hypot(*theta))) | (sweep >= PATIENT))
        inside = ((theta >= low[:, None]) & (theta <= high[:, None])).all(axis=0)
        found.append(theta[:, done & inside])
        going = ~done & np.isfinite(length)
        theta = (theta - step * np.minimum(1, reach / np.maximum(length, 1e-300)))[:, going]
        near = ((theta > low[:, None] - reach) & (theta < high[:, None] + reach)).all(axis=0)
        theta = theta[:, near]
        if theta.shape[1] == 0:
            break
        if time.perf_counter() > ready:
            yield Part(1 - theta.shape[1] / first)
            ready = time.perf_counter() + PIECE_S
    yield Part(1.0, np.concatenate(found, axis=1))


def _sorted(curvature, theta, scale):
    """Ends (2, n) in two heaps: points at which H is regular, each once, polished; and those where it is not."""
    theta = np.unique(np.round(theta, 9), axis=1)
    large, small, _, _ = nearby.frame(curvature(theta))
    flat = (np.abs(small) < FLAT * np.abs(large)) | (np.abs(small) < LEVEL * scale)
    keep = np.zeros((2, 0))
    for point in theta[:, ~flat].T:
        if (np.abs(point[:, None] - keep).max(axis=0) > 1e-6 * (1 + np.abs(keep).max(axis=0))).all():
            keep = np.concatenate([keep, point[:, None]], axis=1)
    return keep, theta[:, flat]


@np.errstate(all="ignore")
def listed(objective, points, singular, low, high, steepness, starts):
    """The CriticalPoints of candidates: points (2, K), where H is regular, and singular (2, n), where it is not."""
    curvature = curvature_of(objective)
    for _ in range(3):
        points = points - nearby.newton_step(objective.gradient(points), curvature(points))
        points = points[:, np.isfinite(points).all(axis=0)]            # beside a pole the step leads nowhere
    shown = nearby.alone(objective, points, curvature)
    regular = np.array([way != "" for way in shown], dtype=bool)
    rest = singular_points(objective, np.concatenate([singular, points[:, ~regular]], axis=1), low, high)
    theta = np.round(np.concatenate([points[:, regular], rest.theta], axis=1), 15) + 0.0      # no -0, no 1e-53
    values = eigen(curvature(theta))[0].T if theta.shape[1] else theta
    kinds = [kind_of(e, 0.0) for e in values.T[:regular.sum()]]
    kinds, evidence = [*kinds, *rest.kind], [*filter(None, shown), *[HIGHER] * len(rest.kind)]
    loss, norm = objective.loss(theta), np.hypot(*objective.gradient(theta))
    order = in_order(kinds, loss, theta)
    kind = tuple(kinds[k] for k in order)
    return CriticalPoints(theta[:, order], loss[order], norm[order], values[:, order], kind, labels(kind), rest.valley,
                          low, high, steepness, evidence=tuple(evidence[k] for k in order), valley_floor=rest.floor,
                          flats=rest.flats, starts=starts, catch=np.append(np.zeros(regular.sum()), rest.catch)[order])


def with_more(objective, points, theta):
    """A CriticalPoints with more of its kind: the points theta (2, n) that a proof has found."""
    theta, singular = _sorted(curvature_of(objective), np.concatenate([points.theta, theta], axis=1), 0.0)
    return listed(objective, theta, np.concatenate([singular, points.valley], axis=1), points.low, points.high,
                  points.steepness, points.starts)
