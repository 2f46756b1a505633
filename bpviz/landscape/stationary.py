"""Level ground of a network with any number of weights, as far as many random starts find it.

Newton's method runs on the gradient from random starts in the window, with exact Hessians: dual numbers
on the hand-written gradient (calculus/dual.py). What converges is merged: duplicates, and symmetric
copies (landscape/symmetry.py), which are one family. A list found this way is never complete for sure.

dimension   the number of curvatures that are 0: a point (0), a curve (1), a surface (2, ...) of level points
copies      how many symmetric copies of a family's point lie apart

Where no curvature is below 0 and some are 0, the Hessian leaves open what the point is: then descents are
started all around it. If one gets lower than the point, it is a saddle all the same.
Source: the descent test follows Hamey 1998, Neural Networks 11, "XOR has no local minima", section 2.
"""
import time

import numpy as np

from bpviz.descent.optimizers import GradientDescent
from bpviz.descent.restarts import restarting
from bpviz.landscape.ends import FLAT, curvature_of, newton_step
from bpviz.landscape.symmetry import MOST_COPIES, count, symmetries

SWEEPS, LEAP = 100, 1.0
SAME, SAME_LOSS = 1e-4, 1e-6
LOWER = 1e-10                 # a descent that gets lower than a point by more than this share has left it downhill


def newton_from(objective, theta, low, high, slice_s=np.inf):
    """Newton on the gradient from theta (P, N): yields shares done, at last what converged inside, (P, K)."""
    curvature, found, ready = curvature_of(objective), [], time.perf_counter() + slice_s
    for sweep in range(SWEEPS):
        step = newton_step(objective.gradient(theta), curvature(theta))
        length = np.linalg.norm(step, axis=0)
        done = length < 1e-11 * (1 + np.linalg.norm(theta, axis=0))
        inside = ((theta >= low) & (theta <= high)).all(axis=0)
        found.append(theta[:, done & inside])
        going = ~done & np.isfinite(length)
        theta = (theta - step * np.minimum(1, LEAP / np.maximum(length, 1e-300)))[:, going]
        near = ((theta > low - 2 * LEAP) & (theta < high + 2 * LEAP)).all(axis=0)
        theta = theta[:, near]
        if not theta.shape[1]:
            break
        if time.perf_counter() > ready:
            yield (sweep + 1) / SWEEPS
            ready = time.perf_counter() + slice_s
    yield np.concatenate(found, axis=1)


def families(objective, theta):
    """Points (P, K) merged: (index of each family's first point, how many copies of it lie apart)."""
    network = getattr(objective, "network", None)
    maps = symmetries(network) if network is not None and count(network) <= MOST_COPIES else None
    loss, kept, known = objective.loss(theta), [], []
    for k in np.argsort(loss, kind="stable"):
        point = theta[:, k]
        if any(abs(loss[k] - loss[j]) < SAME_LOSS * (1 + abs(loss[j]))
               and np.abs(cloud - point[:, None]).max(axis=0).min() < SAME * (1 + np.abs(point).max())
               for j, cloud in zip(kept, known, strict=True)):
            continue
        kept.append(int(k))
        known.append((point[maps[0]] * maps[1]).T if maps is not None else point[:, None])
    return kept, [len(np.unique(np.round(cloud / SAME), axis=1).T) for cloud in known]


def falls_away(objective, theta, seed=0, reach=0.05, tries=32, steps=600):
    """Whether descents that start close around theta (P,) get lower than it: a test where the Hessian decides nothing.

    Plain gradient descent at half the rate that theta's largest curvature allows, from random points `reach` away.
    """
    level, rng = float(objective.loss(theta)), np.random.default_rng(seed)
    away = rng.normal(size=(len(theta), tries))
    starts = theta[:, None] + reach * away / np.linalg.norm(away, axis=0)
    top = float(np.abs(np.linalg.eigvalsh(curvature_of(objective)(theta[:, None])[:, :, 0])).max())
    walk = restarting(objective, GradientDescent(1 / max(top, 1e-3)), tries, steps, starts=starts)
    return any(so_far.loss.min() < level - LOWER * (1 + abs(level)) for so_far in walk)


def kind_of(objective, theta, values):
    """(kind, dimension) of the level point theta (P,) with Hessian eigenvalues `values` (P,)."""
    top = np.abs(values).max()
    negative, zero = int((values < -FLAT * top).sum()), int((np.abs(values) <= FLAT * top).sum())
    if negative == len(values):
        return "maximum", 0
    if negative:
        return "saddle", zero
    if zero and falls_away(objective, theta):
        return "saddle", zero
    return "minimum", zero
