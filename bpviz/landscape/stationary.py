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
import itertools
from dataclasses import dataclass

import numpy as np

from bpviz.base.work import Part, finished
from bpviz.calculus.dual import curvature_of
from bpviz.descent.optimizers import GradientDescent
from bpviz.descent.restarts import restarts
from bpviz.descent.stop import Stop
from bpviz.landscape import along as curves
from bpviz.landscape import nearby
from bpviz.landscape.nearby import ABOVE, HIGHER, LEVEL
from bpviz.landscape.newton import FLAT, MAXIMUM, MINIMUM, SADDLE, eigen, kind_of, newton, newton_step
from bpviz.landscape.points import flats_of
from bpviz.landscape.symmetry import MOST_COPIES, count, symmetries

SAME, SAME_LOSS = 1e-4, 1e-6
LOWER = 1e-10                 # a descent that gets lower than a point by more than this share has left it downhill
ROUND, ROUND_STARTS = 0.01, 32          # how far around a point, and from how many starts, its surface is felt out
POLISH = 4                    # Newton steps after the search
EACH = 3                      # how many points of one surface (same loss, same curvatures) are tested


def families(objective, theta):
    """Points (P, K) merged: (index of each family's first point, how many copies of it lie apart; 0: not known)."""
    network = getattr(objective, "network", None)
    maps = symmetries(network) if hasattr(network, "sizes") and count(network) <= MOST_COPIES else None
    loss, kept, known = objective.loss(theta), [], []
    for k in np.argsort(loss, kind="stable"):
        point = theta[:, k]
        if any(abs(loss[k] - loss[j]) < SAME_LOSS * (1 + abs(loss[j]))
               and np.abs(cloud - point[:, None]).max(axis=0).min() < SAME * (1 + np.abs(point).max())
               for j, cloud in zip(kept, known, strict=True)):
            continue
        kept.append(int(k))
        known.append((point[maps[0]] * maps[1]).T if maps is not None else point[:, None])
    return kept, [len(np.unique(np.round(cloud / SAME), axis=1).T) if maps is not None else 0 for cloud in known]


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
    """What Newton's ends theta (P, K) are: as Parts: the result is (list of Found, Flats)."""
    curvature = curvature_of(objective)
    theta = np.unique(np.round(theta, 10), axis=1) + 0.0
    for _ in range(POLISH):
        theta = theta - sum(newton_step(objective.gradient(theta), curvature(theta), theta))
    theta = np.round(theta, 15) + 0.0
    shown = nearby.alone(objective, theta, curvature)
    values = eigen(curvature(theta))[0] if theta.shape[1] else np.zeros((0, len(theta)))
    found = [Found(theta[:, k], values[k], kind_of(values[k], 0.0), way, 0) for k, way in enumerate(shown) if way]
    groups = _surfaces(objective, theta, values, [k for k, way in enumerate(shown) if not way])
    tested = [group[:EACH] for group in groups]
    answers = _singular(objective, curvature, theta[:, [k for group in tested for k in group]])
    flats, surfaces = [], set()
    for n, group in enumerate(groups):
        said = list(itertools.islice(answers, len(tested[n])))
        here = [answer for answer in said if isinstance(answer, Found)]
        for point in here:
            surface = (point.kind, round(float(objective.loss(point.theta)), 6))
            if point.evidence == HIGHER or surface not in surfaces:
                found.append(point)
                surfaces.add(surface)
        if not here:
            g = np.linalg.norm(objective.gradient(theta[:, group]), axis=0)
            flats.append((theta[:, group[0]], objective.loss(theta[:, group[0]]), g.max(), all(said)))
        yield Part((n + 1) / len(groups))
    yield Part(1.0, (found, flats_of(flats, len(theta))))


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
    """For each of theta (P, K) a Found, if a zero of the gradient is shown to be there; else whether it fades outwards.

    What can be asked of all at once is asked first; then one answer is worked out after the other.
    """
    K, H = theta.shape[1], curvature(theta)
    values, vectors = eigen(H)
    flat = nearby.flat_directions(objective, theta, H, values)
    many, noise = flat.sum(axis=1), nearby.rounding(objective, H, theta)[0]
    level = (np.abs(objective.gradient(theta)).max(axis=0, initial=0) <= ABOVE * noise) & (many > 0)
    values, signs, outward = np.where(flat, 0.0, values), np.zeros((2, K)), np.zeros(K, bool)
    one = np.flatnonzero(level & (many == 1))
    if len(one):
        signs[:, one] = curves.sides(objective, curvature, theta[:, one])
    level &= ~np.isnan(signs[0])
    ask = np.flatnonzero(level & (signs[0] == 0) & ~curves.fitted(objective, theta, many))
    if len(ask):
        level[ask], outward[ask] = curves.followed(objective, curvature, theta[:, ask], many[ask])
    for k, point in enumerate(theta.T):
        if not level[k]:
            yield bool(outward[k])
        elif signs[0, k]:                                       # alone: it rises or falls both ways along the curve
            before, after = signs[:, k]
            along = [after] if before != after else [-1.0, 1.0]
            yield Found(point, values[k], kind_of([*values[k][~flat[k]], *along], 0.0), HIGHER, 0)
        else:
            yield _on_a_surface(objective, point, values[k], vectors[k][:, flat[k]])


def _on_a_surface(objective, theta, values, flat):
    """The Found of a level point theta (P,) that may lie on a surface of such; False if no test shows what it is.

    flat: (P, n), the directions in which H is 0.
    """
    curve = flat.shape[1] == 1 or np.linalg.norm(flat.T @ theta) > ROUND        # on a level way already
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
        point = point - sum(newton_step(objective.gradient(point), curvature(point), point))
    answer, = _singular(objective, curvature, point)
    return isinstance(answer, Found) and answer.evidence == LEVEL


def _dimension(objective, theta, seed=0):
    """Of the surface of level points through theta (P,): 0 if the search, begun close around it, only comes back.

    None if it too often comes to no end close by.
    """
    away = np.random.default_rng(seed).normal(size=(len(theta), ROUND_STARTS))
    around = theta[:, None] + ROUND * away / np.linalg.norm(away, axis=0)
    ends = finished(newton(objective, around, (theta - 5 * ROUND)[:, None], (theta + 5 * ROUND)[:, None]))
    if ends.shape[1] < ROUND_STARTS // 2:
        return None
    sizes = np.linalg.svd(ends - theta[:, None], compute_uv=False) / np.sqrt(ends.shape[1])
    return int((sizes > 0.1 * max(sizes[0], ROUND)).sum())
