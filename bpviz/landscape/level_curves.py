"""Over two weights, where the Hessian is singular: what is alone, what is a curve, what is only flat.

spot    candidates that lie together; a few of each are tested, the others go with the nearest one tested
rank 1  H is flat in one direction: the slope on the curve along it tells (landscape/reduction.py, `sides`)
rank 0  H is 0: the slope on a circle around the point tells. Nowhere 0: the point is alone; 0 in places: curves cross

Newton's step shrinks to a point where curves cross, so points of a curve are also looked for across it alone.
"""
import numpy as np

from bpviz.calculus.dual import curvature_of
from bpviz.landscape import reduction
from bpviz.landscape.found import HIGHER, Found, Level, flats_of
from bpviz.landscape.newton import FLAT, MAXIMUM, MINIMUM, ROUNDING, SADDLE, eigen
from bpviz.landscape.rounding import ABOVE, flat_directions, rounding, smooth

NOTHING = 1e-6                # curvatures below this share of the window's usual ones are next to 0
SPOTS, EACH = 64, 6           # spots are squares of 1/64 of the window, joined; so many of each are tested
ACROSS, GRID = 10, 20         # steps across a curve, from a grid of so many points a side
CAUGHT = 0.25                 # how far a minimum with a singular Hessian may catch descents
CLOSE = 0.01                  # within so much of a point that is alone there is no other
CIRCLE = np.linspace(0, 2 * np.pi, 360, endpoint=False)
CURVE, FLAT_GROUND, CROSSING = "curve", "flat", "crossing"


@np.errstate(all="ignore")
def frame(H):
    """The larger and the smaller curvature by size, (N,) each, and their directions, (2, N) each, of H (2, 2, N)."""
    values, vectors = eigen(H)
    low, high, across, along = *values.T, *vectors.transpose(2, 1, 0)
    up = np.abs(high) >= np.abs(low)
    return (np.where(up, high, low), np.where(up, low, high), np.where(up, along, across), np.where(up, across, along))


@np.errstate(all="ignore")
def level_curves(objective, theta, low, high):
    """What candidates theta (2, n) with a singular Hessian are: a Level."""
    if not theta.shape[1]:
        return Level([], flats_of([], 2), theta, np.zeros(0, bool))
    curvature, unit = curvature_of(objective), float(min(1.0, (high - low).max() / 12))
    theta = _snapped(objective, theta)
    wide = _wide(objective, theta, unit)
    flat, theta = _one_each(objective, curvature, theta[:, wide]), theta[:, ~wide]
    usual = np.abs(curvature(_grid(low, high, 5))).max(axis=(0, 1))
    usual = float(np.median(usual[np.isfinite(usual)])) if np.isfinite(usual).any() else 1.0
    if (np.abs(curvature(theta)).max(axis=(0, 1), initial=0) < NOTHING * usual).any():      # curves may cross there
        theta = np.concatenate([theta, _creases(objective, curvature, low, high)], axis=1)
    if not theta.shape[1]:
        return Level([], flats_of(flat, 2), theta, np.zeros(0, bool))
    spots = _spots(theta, (high - low) / SPOTS)
    tested = [spot[np.unique(np.linspace(0, len(spot) - 1, EACH).astype(int))] for spot in spots]
    what, outward = _judged(objective, curvature, theta[:, np.concatenate(tested)],
                            np.repeat(np.arange(len(tested)), [len(some) for some in tested]), unit, NOTHING * usual)
    alone, kinds, valley, n = np.zeros((2, 0)), [], [], 0
    for spot, some in zip(spots, tested, strict=True):
        said, out = what[n:n + len(some)], outward[n:n + len(some)]
        n += len(some)
        said = [CURVE if word == CROSSING and CURVE in said else word for word in said]
        apart = np.abs(theta[:, spot, None] - theta[:, None, some]).max(axis=0)             # (spot, some)
        nearest = np.array(said, dtype=object)[apart.argmin(axis=1)]
        valley.append(spot[nearest == CURVE])
        for k, word in zip(some, said, strict=True):
            if word in (MINIMUM, SADDLE, MAXIMUM):
                point = _centre(objective, curvature, theta[:, k], unit)
                near = np.flatnonzero(np.abs(alone - point[:, None]).max(axis=0) < CLOSE * unit)
                if not len(near):
                    alone, kinds = np.concatenate([alone, point[:, None]], axis=1), [*kinds, word]
                elif np.hypot(*objective.gradient(point)) < np.hypot(*objective.gradient(alone[:, near[0]])):
                    alone[:, near[0]] = point
        rest = np.array([word in (FLAT_GROUND, CROSSING) for word in said])
        if rest.any():
            k = some[rest]
            size = np.hypot(*objective.gradient(theta[:, k]))
            flat.append((theta[:, k[0]], objective.loss(theta[:, k[0]]), size.max(), out[rest].all()))
    flat = [row for row in flat if not (np.abs(alone - row[0][:, None]).max(axis=0) < CLOSE * unit).any()]
    valley = theta[:, np.concatenate(valley)]
    H = curvature(valley)
    large = frame(H)[0]
    of_g, of_H = rounding(objective, H, valley)
    level = np.abs(objective.gradient(valley)).max(axis=0, initial=0) <= ABOVE * of_g
    crossings = smooth(objective) or not hasattr(objective, "network")          # else a kink: one side slopes
    level &= (np.abs(large) > 2 * of_H) | (crossings & (large == 0))
    valley, large = valley[:, level], large[level]
    alone = np.round(alone, 15) + 0.0
    points = [Found(point, values, kind, HIGHER, catch=_catch(objective, point, unit) if kind == MINIMUM else 0.0)
              for point, values, kind in zip(alone.T, eigen(curvature(alone))[0], kinds, strict=True)]
    return Level(points, flats_of(flat, 2), valley, large >= 0)


def _catch(objective, point, unit):
    """How far around a minimum (2,), at most CAUGHT, every slope points back to it, so that descents come nearer."""
    out, radii = np.stack([np.cos(CIRCLE), np.sin(CIRCLE)]), CAUGHT * unit * np.linspace(0.02, 1, 50)
    back = (objective.gradient(point[:, None, None] + radii[:, None] * out[:, None, :]) * out[:, None, :]).sum(axis=0)
    back = (back > 0).all(axis=1)
    return float(radii[np.argmin(back) - 1] if not back.all() and back[0] else radii[-1] if back.all() else 0.0)


def _snapped(objective, theta):
    """Candidates (2, n), each once; in place of one a rounder number that is as level, to rounding."""
    for digits in (6, 3):
        rounder = np.round(theta, digits) + 0.0
        here, there = (np.abs(objective.gradient(place)).max(axis=0) for place in (theta, rounder))
        theta = np.where(there <= here, rounder, theta)
    return np.unique(theta, axis=1)


def _wide(objective, theta, unit):
    """Which of theta (2, n) lie on ground whose gradient is exactly 0 all around, as numbers: (n,) booleans."""
    still = (objective.gradient(theta) == 0).all(axis=0)
    around = theta[:, still, None] + 1e-3 * unit * np.array([[1, -0.3], [0.3, 1]])[:, None]
    still[still] = (objective.gradient(around) == 0).all(axis=(0, 2))
    return still


def _one_each(objective, curvature, theta):
    """Rows for `flats_of`, one for each loss: the place nearest to the origin; flat outwards where units saturate."""
    rows, loss = {}, objective.loss(theta)
    for k in np.abs(theta).max(axis=0, initial=0).argsort(kind="stable"):
        rows.setdefault(round(float(loss[k]), 6), k)
    rows = list(rows.values())[:EACH]
    outward = np.zeros(len(rows), bool)
    if rows and smooth(objective):
        _, outward = reduction.followed(objective, curvature, theta[:, rows], np.full(len(rows), 2))
    return [(theta[:, k], loss[k], 0.0, out) for k, out in zip(rows, outward, strict=True)]


def _judged(objective, curvature, theta, spot, unit, least):
    """What each point (2, m) is: an alone one of some kind, CURVE, FLAT_GROUND, CROSSING; and flat outwards, (m,).

    spot: (m,), which spot it is of; of each spot two points are followed along the curve, for all of its curve.
    """
    H = curvature(theta)
    large, small, _, _ = frame(H)
    count = flat_directions(objective, theta, H, np.stack([large, small], axis=1)).sum(axis=1).clip(1, 2)
    count[np.abs(large) < least] = 2
    what, one = np.full(len(large), FLAT_GROUND, dtype=object), count == 1
    outward = np.zeros(len(large), bool)
    if one.any():
        signs, curve = reduction.sides(objective, curvature, theta[:, one], unit), np.sign(large[one])
        bottom, top = (signs[0] < 0) & (signs[1] > 0), (signs[0] > 0) & (signs[1] < 0)
        what[one] = np.select([signs[0] == 0, np.isnan(signs[0]), bottom & (curve > 0), top & (curve < 0)],
                              [CURVE, FLAT_GROUND, MINIMUM, MAXIMUM], SADDLE)
    for k in np.flatnonzero(~one):
        what[k] = _around(objective, curvature, theta[:, k], unit)
    curve, exact = what == CURVE, reduction.fitted(objective, theta, count)
    ends = [np.flatnonzero(curve & ~exact & (spot == n))[[0, -1]] for n in set(spot[curve & ~exact].tolist())]
    ask = np.unique(np.concatenate([*ends, np.flatnonzero(what == FLAT_GROUND)]).astype(int))
    if len(ask):
        level, outward[ask] = reduction.followed(objective, curvature, theta[:, ask], count[ask])
        false = np.isin(spot, spot[ask[~level & curve[ask]]]) & curve & ~exact
        what[false] = FLAT_GROUND
        if not smooth(objective):                              # exactly 0 all around is level, not fading
            outward &= (objective.gradient(theta) != 0).any(axis=0)
    return what, outward


def _around(objective, curvature, point, unit):
    """What a point (2,) with H = 0 is, by the gradient on circles around it."""
    here = np.hypot(*objective.gradient(point))
    for h in (0.01 * unit, 0.1 * unit):
        def on_circle(angle, h=h):
            return point.reshape(2, *[1] * angle.ndim) + h * np.stack([np.cos(angle), np.sin(angle)])

        def slope(angle, on_circle=on_circle):
            return np.hypot(*objective.gradient(on_circle(angle)))
        ring, size = on_circle(CIRCLE), slope(CIRCLE)
        noise = np.maximum(rounding(objective, curvature(ring), ring)[0], here)
        if (size <= ABOVE * noise).all():
            continue
        dips = np.flatnonzero((size <= np.roll(size, 1)) & (size <= np.roll(size, -1)))
        angle, span = CIRCLE[dips], CIRCLE[1]
        for _ in range(24):                                     # closer and closer to where the gradient is smallest
            tries = angle + span * np.linspace(-1, 1, 9)[:, None]
            angle = np.take_along_axis(tries, slope(tries).argmin(axis=0)[None], 0)[0]
            span /= 3
        if (slope(angle) <= reduction.CLEAR * noise.max()).any():
            return CROSSING
        rise = objective.loss(ring) - objective.loss(point)
        return MINIMUM if (rise > 0).all() else MAXIMUM if (rise < 0).all() else SADDLE
    return FLAT_GROUND


def _centre(objective, curvature, point, unit):
    """Where a point (2,) that is alone with a singular H lies: Newton's method with the root's order, from both sides.

    A root of order m is known to a m-th part of the digits only, so of numbers that do as well the round one is taken.
    """
    column, H = point[:, None], curvature(point[:, None])
    if not flat_directions(objective, column, H, eigen(H)[0]).any():
        return point                                            # H is regular, but jumps: a kink of a slope
    vectors, flat = reduction.flattest(curvature, column, np.ones(1))
    along = (vectors[0] @ flat[0].astype(float))[:, None]

    def slope(t):
        place, b, _ = reduction.beside(objective, curvature, column, vectors, flat, t * along)
        return place[:, 0], float((along * b).sum())
    ends, noise = [], rounding(objective, H, column)[0][0]
    for t in (-0.01 * unit, 0.01 * unit):
        place, order = point, None
        for _ in range(6):
            place, b = slope(t)
            rise = (slope(1.001 * t)[1] - slope(0.999 * t)[1]) / (0.002 * t)
            if not abs(b) > reduction.CLEAR * noise or not rise:
                break
            order = order or max(1.0, round(t * rise / b))
            t -= order * b / rise
        ends.append(place)
    middle = (ends[0] + ends[1]) / 2 if np.isfinite(ends).all() else point
    round_one = np.round(middle, 6) + 0.0
    sizes = [np.abs(objective.gradient(w)).max() for w in (round_one, middle, point)]
    least = ABOVE * noise
    return round_one if sizes[0] <= max(least, sizes[1]) else middle if sizes[1] <= max(least, sizes[2]) else point


def _grid(low, high, n):
    return np.stack(np.meshgrid(np.linspace(low[0], high[0], n), np.linspace(low[1], high[1], n + 1))).reshape(2, -1)


def _creases(objective, curvature, low, high):
    """Points of curves on which the ground is level: Newton across them only, along the larger curvature."""
    theta, reach = _grid(low, high, GRID), (high - low).max() / 8
    for _ in range(ACROSS):
        large, _, along, _ = frame(curvature(theta))
        with np.errstate(all="ignore"):
            step = np.clip((along * objective.gradient(theta)).sum(axis=0) / large, -reach, reach)
        theta = (theta - step * along)[:, np.isfinite(step)]
    theta = theta[:, ((theta >= low[:, None]) & (theta <= high[:, None])).all(axis=0)]
    large, small, _, _ = frame(curvature(theta))
    size = np.abs(objective.gradient(theta)).max(axis=0, initial=0)
    with np.errstate(all="ignore"):
        level = size <= ROUNDING * np.abs(large) * (1 + np.abs(theta).max(axis=0, initial=0))
    return theta[:, level & (np.abs(small) <= FLAT * np.abs(large)) & (large != 0)]


def _spots(theta, size):
    """The indices of candidates (2, n) that lie together: squares of this size that touch, ordered along one weight."""
    square = {}
    for k, (i, j) in enumerate(np.floor(theta.T / size).astype(int).tolist()):
        square.setdefault((i, j), []).append(k)
    spots = []
    while square:
        first, members = square.popitem()
        border = [first]
        while border:
            i, j = border.pop()
            for near in [(i + a, j + b) for a in (-1, 0, 1) for b in (-1, 0, 1)]:
                if near in square:
                    members = members + square.pop(near)
                    border.append(near)
        members = np.array(members)
        spots.append(members[np.lexsort(theta[:, members].round(6))])
    return spots
