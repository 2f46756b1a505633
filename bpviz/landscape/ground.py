"""What the ground under the end of a descent is like: a point, a level surface, or a plateau that goes on outwards.

A gradient next to 0 and curvatures next to 0 decide nothing: they are found on a valley floor, on a plateau that
falls for ever, and at the bottom of x^4. So the ground is walked on. Newton's method goes to the level point close to
the end. Then steps along the directions without curvature, each brought back down across them, must find ground that
is just as deep: else it is no level surface. And the way is followed back towards smaller weights: where the loss is
another there, the ground only looked level because the units are saturated so far out. (An analytic function that is
constant along a piece of a curve is so along the whole; units of straight pieces, such as relu, are not asked.)

place, values   (P,): the level point, and its Hessian's eigenvalues, ascending
"""
from dataclasses import dataclass

import numpy as np

from bpviz.calculus.activations import ACTIVATIONS
from bpviz.calculus.dual import curvature_of
from bpviz.landscape.newton import level_near, signs
from bpviz.landscape.reduction import fitted
from bpviz.landscape.slopes import Slopes

POINT, SADDLE, TOP, FLOOR, OPEN, FLAT, UNDECIDED = (
    "a minimum", "a saddle", "a maximum", "a level surface", "flat outwards", "flat ground", "undecided")
NOTHING = 1e-15               # ground bent less than that is flat: what units that are all but saturated leave
SWEEPS, ASIDE, HALVES, INNERMOST = 30, 0.02, 6, 0.3
WAYS, BESIDE, ROUNDING = 64, 1e-5, 1e-13             # a look at the ground beside a kink
SAME = 1e-9           # depths this much of (largest curvature * step^2) apart, or less, are the same


@dataclass(frozen=True)
class Ground:
    """kind: one of the module's constants.  place, values: (P,).  dimension: how many curvatures are 0.
    inner: where it is OPEN, (how long the weights are further in, how much higher the loss is there), else None.
    """
    kind: str
    place: np.ndarray
    values: np.ndarray
    dimension: int
    inner: tuple | None = None


def ground_near(objective, theta, reach):
    """The Ground at the level point within `reach` of theta (P,), or None if Newton's method finds none there."""
    place, values = (part[:, 0] for part in level_near(Slopes(objective), theta[:, None], reach))
    if np.isnan(place).any():
        return None
    up, down = signs(values)
    flat = int(len(values) - up - down)
    if flat == len(values) or np.abs(values).max() < NOTHING:
        return None if _falls_beside(objective, theta) else Ground(FLAT, place, values, flat)
    if down:
        return Ground(TOP if down == len(values) else SADDLE, place, values, flat)
    if not flat:
        return Ground(POINT, place, values, 0)
    if fitted(Slopes(objective), place[:, None], np.array([flat]))[0]:          # a surface, by the list's own test
        return Ground(FLOOR, place, values, flat)
    if not _same_around(objective, place, flat):
        return Ground(UNDECIDED, place, values, flat)
    inner = None if straight(objective) else _other_inwards(objective, place, flat)
    return Ground(FLOOR if inner is None else OPEN, place, values, flat, inner)


def _falls_beside(objective, theta):
    """Whether a kink is so close to theta (P,) that ground which is flat by its formulas falls beside it."""
    if not straight(objective):
        return False
    ways = np.random.default_rng(0).normal(size=(len(theta), WAYS))
    there = theta[:, None] + BESIDE * (1 + np.linalg.norm(theta)) * ways / np.linalg.norm(ways, axis=0)
    return bool((objective.loss(there) < objective.loss(theta) * (1 - ROUNDING)).any())


def straight(objective):
    """Whether every hidden unit answers in straight pieces (relu and its like), so that level ground can just end."""
    network = getattr(objective, "network", None)
    if network is None:
        return False
    far = np.array([-9.0, -1.3, 1.3, 9.0])
    slopes = [(f := ACTIVATIONS[name]).slope(np, far, f.value(np, far)) for name in network.activations[:-1]]
    return all(np.all(s[0] == s[1]) and np.all(s[2] == s[3]) for s in slopes)


def straight_down(objective, theta, flat):
    """The middle of the valley straight across from theta (P,), over its `flat` least curved directions, or None."""
    return _down_across(objective, theta, _directions(objective, theta, flat)[1])


def _directions(objective, point, flat):
    """The `flat` directions with the least curvature (P, flat), the others (P, P - flat), and the largest curvature."""
    values, vectors = np.linalg.eigh(curvature_of(objective)(point))
    order = np.argsort(np.abs(values))
    return vectors[:, order[:flat]], vectors[:, order[flat:]], np.abs(values).max()


def _same_around(objective, place, flat):
    """Whether steps both ways along every flat direction find other ground that is just as deep."""
    along, _, top = _directions(objective, place, flat)
    step = ASIDE * (1 + np.linalg.norm(place))
    for way in np.concatenate([along.T, -along.T]):
        there = level_near(Slopes(objective), (place + step * way)[:, None], step)[0][:, 0]
        if not (there - place) @ way >= step / 2:
            return False
        if abs(objective.loss(there) - objective.loss(place)) > SAME * top * step ** 2:
            return False
    return True


def _other_inwards(objective, place, flat):
    """(length of the weights, how much higher the loss is) further in along the flat directions; None if it is not."""
    point, level, found = place, float(objective.loss(place)), None
    for _ in range(HALVES):
        along, across, top = _directions(objective, point, flat)
        radial = along @ (along.T @ point)
        if np.linalg.norm(radial) < INNERMOST:
            break
        point = _down_across(objective, point - radial / 2, across)
        if point is None:
            break
        loss = float(objective.loss(point))
        apart = abs(loss - level)
        if apart > SAME * max(abs(level), 1e-3 * top):
            found = float(np.linalg.norm(point)), loss - level
            if apart > 0.01 * abs(level):                 # enough to be seen in three digits
                break
    return found


def _down_across(objective, point, across):
    """Newton's method in the directions `across` only: down to the middle of the valley, or None."""
    curvature = curvature_of(objective)
    for _ in range(SWEEPS):
        with np.errstate(all="ignore"):
            H, slope = across.T @ curvature(point) @ across, across.T @ objective.gradient(point)
            if not np.isfinite(H).all() or np.linalg.eigvalsh(H)[0] <= 0:
                return None
        step = across @ np.linalg.solve(H, slope)
        point = point - step
        if np.abs(step).max() <= 1e-12 * (1 + np.abs(point).max()):
            return point
    return None
