"""The search for level ground, by Newton's method on the gradient: where it begins, and where it came to rest.

Over two weights it starts from an even grid and from one that is ever finer towards the origin (a list may crowd there:
weights far out matter less), then from between the points found, until nothing new comes. Over more weights it starts
from random places, and from 0. Where it comes to rest is a candidate, and no more: landscape/classify.py tells what
it is.
"""
from dataclasses import dataclass

import numpy as np

from bpviz.base.work import Part, within
from bpviz.landscape.newton import newton, regular

LEAST = 1e-4                  # how near the origin the second grid begins, in parts of the window
ROUNDS, MOST_BETWEEN = 4, 2000


@dataclass(frozen=True)
class Search:
    """theta: (P, K), the candidates.  starts: from how many starts.  steepness: the median |gradient| in the window."""
    theta: np.ndarray
    starts: int
    steepness: float


def search(slopes, low, high, starts, seed):
    """The Search of the window low, high (P,), as Parts.

    starts: for two weights, points of the even grid, a side; for more, how many random places, drawn from `seed`.
    """
    if slopes.n_params == 2:
        first = _grid(*(np.linspace(low[k], high[k], starts) for k in (0, 1)))
        finer = _grid(*(_towards_origin(low[k], high[k], 3 * starts // 5) for k in (0, 1)))
        theta, rounds = np.concatenate([first, finer], axis=1), ROUNDS
    else:
        first = np.random.default_rng(seed).uniform(low[:, None], high[:, None], size=(len(low), starts))
        theta = np.concatenate([first, np.zeros((len(low), int(((low <= 0) & (high >= 0)).all())))], axis=1)
        rounds = 1
    steepness, ends, count, points = _typical(slopes.gradient(first)), theta[:, :0], 0, theta[:, :0]
    for k in range(rounds):
        found = yield from within(newton(slopes, theta, low, high), 1 - 0.2 ** k, 1 - 0.2 ** (k + 1))
        ends, count, before = np.concatenate([ends, found], axis=1), count + theta.shape[1], points
        if rounds > 1:
            points = regular(slopes, ends)
            theta = _between(points)
            if points.shape == before.shape or theta.shape[1] > MOST_BETWEEN:
                break
    yield Part(1.0, Search(ends, count, steepness))


@np.errstate(over="ignore")
def _typical(gradient):
    """The median size of gradients (P, N), 1 if there is none: a loss need not have a value everywhere."""
    size = np.linalg.norm(gradient, axis=0)
    return float(np.median(size[np.isfinite(size)])) if np.isfinite(size).any() else 1.0


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
