"""Level ground of a network with any number of weights, as far as many random starts find it.

Newton's method runs on the gradient from random starts in the window, with exact Hessians: dual numbers
on the hand-written gradient (calculus/dual.py). What it ends in is merged: duplicates, and symmetric
copies (landscape/symmetry.py), which are one family; and each is asked whether a zero of the gradient is there
(landscape/nearby.py). A list found this way is never complete for sure.

dimension   of the surface of level points around a point, by the directions in which the search, begun close
            around it, ends on level points again: a point (0), a curve (1), a surface (2, ...)
copies      how many symmetric copies of a family's point lie apart

Where no curvature is below 0 and some are 0, the Hessian leaves open what the point is: then descents are
started all around it. If one gets lower than the point, it is a saddle all the same.
Source: the descent test follows Hamey 1998, Neural Networks 11, "XOR has no local minima", section 2.
"""
import time
from dataclasses import dataclass

import numpy as np

from bpviz.calculus.dual import curvature_of
from bpviz.descent.optimizers import GradientDescent
from bpviz.descent.restarts import restarts
from bpviz.descent.stop import Stop
from bpviz.landscape import along as curves
from bpviz.landscape import nearby
from bpviz.landscape.nearby import ABOVE, FLAT, HIGHER, LEVEL
from bpviz.landscape.points import MAXIMUM, MINIMUM, SADDLE, flats_of
from bpviz.landscape.symmetry import MOST_COPIES, count, symmetries

SWEEPS, LEAP = 100, 1.0
SAME, SAME_LOSS = 1e-4, 1e-6
LOWER = 1e-10                 # a descent that gets lower than a point by more than this share has left it downhill
ROUND, ROUND_STARTS = 0.01, 32          # how far around a point, and from how many starts, its surface is felt out
POLISH = 4                    # Newton steps after the search
EACH = 3                      # how many points of one surface (same loss, same curvatures) are tested


def newton_step(g, H, theta, across=False):
    """H^-1 g for each of N points, (P, N), at most LEAP along flat directions.

    A direction in which both H and g are 0 to rounding is left alone; one in which g still slopes is not: on a
    plateau the step along it stays long however small the slope, and leads out of the window.
    across: all flat directions are left alone, however g slopes: the way onto a surface of level points.
    """
    with np.errstate(all="ignore"):
        fine = np.isfinite(H).all(axis=(0, 1)) & np.isfinite(g).all(axis=0)
        H, g = np.where(fine, H, np.eye(len(g))[:, :, None]), np.where(fine, g, 0)
        values, vectors = nearby.eigen(H)                                           # (N, P), (N, P, P)
        big = np.abs(values).max(axis=1, keepdims=True)
        along = np.einsum("npk,pn->nk", vectors, g)
        noise = nearby.ROUNDING * big * (1 + np.abs(theta).max(axis=0))[:, None]
        flat = np.abs(values) <= FLAT * big
        step = along / np.where(values == 0, 1e-300, values)
        step = np.where(flat, np.where(across | (np.abs(along) <= noise), 0, np.clip(step, -LEAP, LEAP)), step)
        return np.where(fine, np.einsum("npk,nk->pn", vectors, step), np.nan)


def newton_from(objective, theta, low, high, slice_s=np.inf):
    """Newton on the gradient from theta (P, N): yields shares done, at last what converged inside, (P, K).

    First across flat directions only, which finds surfaces of level points, but stops on plateaus too; then along
    all directions, from there and from the start.
    """
    for ends in _walked(objective, theta, low, high, slice_s, across=True):
        if isinstance(ends, float):
            yield 0.5 * ends
    for more in _walked(objective, np.concatenate([theta, ends], axis=1), low, high, slice_s):
        if isinstance(more, float):
            yield 0.5 + 0.5 * more
    yield more


def _walked(objective, theta, low, high, slice_s, across=False):
    curvature, found, ready = curvature_of(objective), [], time.perf_counter() + slice_s
    for sweep in range(SWEEPS):
        step = newton_step(objective.gradient(theta), curvature(theta), theta, across)
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
    lower = Stop(loss=level - LOWER * (1 + abs(level)))
    runs = restarts(objective, GradientDescent(1 / max(top, 1e-3)), tries, steps, starts=starts, stop=lower)
    return bool((runs.ended == "loss reached").any())


@dataclass(frozen=True)
class Found:
    """One critical point: kind, evidence and dimension as in CriticalPoints; theta, eigenvalues (P,)."""
    theta: np.ndarray
    values: np.ndarray
    kind: str
    evidence: str
    dimension: int


def judged(objective, theta):
    """What Newton's ends theta (P, K) are: yields the share done, at last (list of Found, Flats)."""
    curvature = curvature_of(objective)
    theta = np.unique(np.round(theta, 10), axis=1) + 0.0
    for _ in range(POLISH):
        theta = theta - newton_step(objective.gradient(theta), curvature(theta), theta)
    theta = np.round(theta, 15) + 0.0
    shown = nearby.alone(objective, theta, curvature)
    values = nearby.eigen(curvature(theta))[0] if theta.shape[1] else np.zeros((0, len(theta)))
    found = [Found(theta[:, k], values[k], _by_signs(values[k]), way, 0) for k, way in enumerate(shown) if way]
    groups = _surfaces(objective, theta, values, [k for k, way in enumerate(shown) if not way])
    flats, surfaces = [], set()
    for n, group in enumerate(groups):
        answers = [_singular(objective, curvature, theta[:, k]) for k in group[:EACH]]
        here = [answer for answer in answers if isinstance(answer, Found)]
        for point in here:
            surface = (point.kind, round(float(objective.loss(point.theta)), 6))
            if point.evidence == HIGHER or surface not in surfaces:
                found.append(point)
                surfaces.add(surface)
        if not here:
            g = np.linalg.norm(objective.gradient(theta[:, group]), axis=0)
            flats.append((theta[:, group[0]], objective.loss(theta[:, group[0]]), g.max(), all(answers)))
        yield (n + 1) / len(groups)
    yield found, flats_of(flats, len(theta))


def _by_signs(values):
    return MINIMUM if values[0] > 0 else MAXIMUM if values[-1] < 0 else SADDLE


def _surfaces(objective, theta, values, left):
    """The indices `left`, in groups of one loss and as many curvatures below 0; those nearest the origin first."""
    groups = {}
    loss = objective.loss(theta)
    for k in sorted(left, key=lambda k: np.abs(theta[:, k]).max()):
        below = int((values[k] < -FLAT * np.abs(values[k]).max()).sum())
        groups.setdefault((round(float(loss[k]), 6), below), []).append(k)
    return list(groups.values())


@np.errstate(all="ignore")
def _singular(objective, curvature, theta):
    """A Found, if a zero of the gradient is shown to be at theta (P,); else whether the ground is flat outwards."""
    point = theta[:, None]
    H = curvature(point)
    values = nearby.eigen(H)[0]
    flat = nearby.flat_directions(objective, point, H, values)
    many = int(flat.sum())
    if np.abs(objective.gradient(point)).max() > ABOVE * nearby.rounding(objective, H, point)[0][0] or not many:
        return False
    values = np.where(flat, 0.0, values)[0]
    if many == 1:
        before, after = curves.sides(objective, curvature, point)[:, 0]
        if before:
            if np.isnan(before):
                return False
            along = np.array([after]) if before != after else np.array([-1.0, 1.0])
            signs = np.sort(np.append(values[~flat[0]], along))
            return Found(theta, values, _by_signs(signs), HIGHER, 0)
    if not curves.fitted(objective, point, np.array([many]))[0]:
        level, outward = curves.followed(objective, curvature, point, np.array([many]))
        if not level[0]:
            return bool(outward[0])
    vectors = nearby.eigen(H)[1][0][:, flat[0]]
    curve = many == 1 or np.linalg.norm(vectors.T @ theta) > ROUND          # on a level way already
    dimension = _dimension(objective, theta)
    if dimension is None and not curve:
        return False
    dimension = max(dimension or 0, int(curve))
    kind = SADDLE if values[0] < 0 < values[-1] else MAXIMUM if values[0] < 0 else MINIMUM
    if kind == MINIMUM and falls_away(objective, theta):
        kind = SADDLE
    return Found(theta, values, kind, LEVEL if dimension else HIGHER, dimension)


@np.errstate(all="ignore")
def on_a_surface(objective, theta):
    """Whether theta (P,), at which H is singular, is shown to be one of a curve or surface of level points."""
    curvature, point = curvature_of(objective), theta[:, None]
    for _ in range(POLISH):
        point = point - newton_step(objective.gradient(point), curvature(point), point)
    answer = _singular(objective, curvature, point[:, 0])
    return isinstance(answer, Found) and answer.evidence == LEVEL


def _dimension(objective, theta, seed=0):
    """Of the surface of level points through theta (P,): 0 if the search, begun close around it, only comes back.

    None if it too often comes to no end close by.
    """
    away = np.random.default_rng(seed).normal(size=(len(theta), ROUND_STARTS))
    around = theta[:, None] + ROUND * away / np.linalg.norm(away, axis=0)
    *_, ends = newton_from(objective, around, (theta - 5 * ROUND)[:, None], (theta + 5 * ROUND)[:, None])
    if ends.shape[1] < ROUND_STARTS // 2:
        return None
    sizes = np.linalg.svd(ends - theta[:, None], compute_uv=False) / np.sqrt(ends.shape[1])
    return int((sizes > 0.1 * max(sizes[0], ROUND)).sum())
