"""Over more than two weights, where the Hessian is singular: what is a point, what a whole surface, what is only flat.

dimension   of the surface of level points around a point, by the directions in which the search, begun close
            around it, ends on level points again: a point (0), a curve (1), a surface (2, ...)

Where no curvature is below 0 and some are 0, the Hessian leaves open what the point is: then descents are
started all around it. If one gets lower than the point, it is a saddle all the same.
Source: the descent test follows Hamey 1998, Neural Networks 11, "XOR has no local minima", section 2.
"""
import itertools

import numpy as np

from bpviz.base.work import Part, finished
from bpviz.descent.optimizers import GradientDescent
from bpviz.descent.restarts import restarts
from bpviz.descent.stop import Stop
from bpviz.landscape import reduction
from bpviz.landscape.found import HIGHER, LEVEL, Found, Level, flats_of
from bpviz.landscape.newton import MAXIMUM, MINIMUM, SADDLE, eigen, kind_by_signs, newton, polished, signs
from bpviz.landscape.slopes import ABOVE, Slopes

LOWER = 1e-10                 # a descent that gets lower than a point by more than this share has left it downhill
ROUND, ROUND_STARTS = 0.01, 32          # how far around a point, and from how many starts, its surface is felt out
EACH = 3                      # how many points of one surface (same loss, same curvatures) are tested


def level_surfaces(slopes, theta):
    """What candidates theta (P, K) with a singular Hessian are, as Parts: the result is a Level."""
    values = eigen(slopes.hessian(theta))[0] if theta.shape[1] else np.zeros((0, len(theta)))
    groups = _surfaces(slopes, theta, values)
    tested = [group[:EACH] for group in groups]
    answers = _singular(slopes, theta[:, [k for group in tested for k in group]])
    points, flats, surfaces = [], [], set()
    for n, group in enumerate(groups):
        said = list(itertools.islice(answers, len(tested[n])))
        here = [answer for answer in said if isinstance(answer, Found)]
        for point in here:
            surface = (point.kind, round(float(slopes.loss(point.theta)), 6))
            if point.evidence == HIGHER or surface not in surfaces:
                points.append(point)
                surfaces.add(surface)
        if not here:
            g = np.linalg.norm(slopes.gradient(theta[:, group]), axis=0)
            flats.append((theta[:, group[0]], slopes.loss(theta[:, group[0]]), g.max(), all(said)))
        yield Part((n + 1) / len(groups))
    P = len(theta)
    yield Part(1.0, Level(points, flats_of(flats, P), np.zeros((P, 0)), np.zeros(0, bool)))


def _surfaces(slopes, theta, values):
    """Indices of theta (P, K), in groups of one loss and as many curvatures below 0; those nearest the origin first."""
    groups = {}
    loss = slopes.loss(theta)
    for k in sorted(range(theta.shape[1]), key=lambda k: np.abs(theta[:, k]).max()):
        groups.setdefault((round(float(loss[k]), 6), int(signs(values[k])[1])), []).append(k)
    return list(groups.values())


@np.errstate(all="ignore")
def _singular(slopes, theta):
    """For each of theta (P, K) a Found, if a zero of the gradient is shown to be there; else whether it fades outwards.

    What can be asked of all at once is asked first; then one answer is worked out after the other.
    """
    K, H = theta.shape[1], slopes.hessian(theta)
    values, vectors = eigen(H)
    flat = slopes.flat(theta, H, values)
    many, noise = flat.sum(axis=1), slopes.rounding(theta, H)[0]
    level = (np.abs(slopes.gradient(theta)).max(axis=0, initial=0) <= ABOVE * noise) & (many > 0)
    values, sides, outward = np.where(flat, 0.0, values), np.zeros((2, K)), np.zeros(K, bool)
    one = np.flatnonzero(level & (many == 1))
    if len(one):
        sides[:, one] = reduction.sides(slopes, theta[:, one])
    level &= ~np.isnan(sides[0])
    ask = np.flatnonzero(level & (sides[0] == 0) & ~reduction.fitted(slopes, theta, many))
    if len(ask):
        level[ask], outward[ask] = reduction.followed(slopes, theta[:, ask], many[ask])
    for k, point in enumerate(theta.T):
        if not level[k]:
            yield bool(outward[k])
        elif sides[0, k]:                                       # alone: it rises or falls both ways along the curve
            before, after = sides[:, k]
            along = [after] if before != after else [-1.0, 1.0]
            yield Found(point, values[k], kind_by_signs(np.append(values[k][~flat[k]], along), 0.0), HIGHER, 0)
        else:
            yield _on_a_surface(slopes, point, values[k], vectors[k][:, flat[k]])


def _on_a_surface(slopes, theta, values, flat):
    """The Found of a level point theta (P,) that may lie on a surface of such; False if no test shows what it is.

    flat: (P, n), the directions in which H is 0.
    """
    curve = flat.shape[1] == 1 or np.linalg.norm(flat.T @ theta) > ROUND        # on a level way already
    dimension = _dimension(slopes, theta)
    if dimension is None and not curve:
        return False
    dimension = max(dimension or 0, int(curve))
    kind = SADDLE if values[0] < 0 < values[-1] else MAXIMUM if values[0] < 0 else MINIMUM
    if kind == MINIMUM and falls_away(slopes.objective, theta):
        kind = SADDLE
    return Found(theta, values, kind, LEVEL if dimension else HIGHER, dimension)


@np.errstate(all="ignore")
def on_a_surface(objective, theta):
    """Whether theta (P,), at which H is singular, is shown to be one of a curve or surface of level points."""
    slopes = Slopes(objective)
    answer, = _singular(slopes, polished(slopes, theta[:, None]))
    return isinstance(answer, Found) and answer.evidence == LEVEL


def falls_away(objective, theta, seed=0, reach=0.05, tries=32, steps=600):
    """Whether descents that start close around theta (P,) get lower than it: a test where the Hessian decides nothing.

    Plain gradient descent at half the rate that theta's largest curvature allows, from random points `reach` away.
    """
    level, rng = float(objective.loss(theta)), np.random.default_rng(seed)
    away = rng.normal(size=(len(theta), tries))
    starts = theta[:, None] + reach * away / np.linalg.norm(away, axis=0)
    top = float(np.abs(np.linalg.eigvalsh(Slopes(objective).hessian(theta[:, None])[:, :, 0])).max())
    lower = Stop(loss=level - LOWER * (1 + abs(level)))
    runs = restarts(objective, GradientDescent(1 / max(top, 1e-3)), starts, steps, stop=lower)
    return bool((runs.ended == "loss reached").any())


def _dimension(slopes, theta, seed=0):
    """Of the surface of level points through theta (P,): 0 if the search, begun close around it, only comes back.

    None if it too often comes to no end close by.
    """
    away = np.random.default_rng(seed).normal(size=(len(theta), ROUND_STARTS))
    around = theta[:, None] + ROUND * away / np.linalg.norm(away, axis=0)
    ends = finished(newton(slopes, around, theta - 5 * ROUND, theta + 5 * ROUND))
    if ends.shape[1] < ROUND_STARTS // 2:
        return None
    sizes = np.linalg.svd(ends - theta[:, None], compute_uv=False) / np.sqrt(ends.shape[1])
    return int((sizes > 0.1 * max(sizes[0], ROUND)).sum())
