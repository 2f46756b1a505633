"""Over two weights, where the Hessian is singular: what is alone, what is a curve, what is only flat.

spot    candidates that lie together; a few of each are tested, the others go with the nearest one tested
rank 1  H is flat in one direction: the slope on the curve along it tells (landscape/reduction.py, `sides`)
rank 0  H is 0: the slope on a circle around the point tells. Nowhere 0: the point is alone; 0 in places: curves cross

Newton's step shrinks to a point where curves cross, so points of a curve are also looked for across it alone.
"""
import numpy as np

from bpviz.landscape import reduction
from bpviz.landscape.degenerate import CROSSING, catch, centre, kind_around
from bpviz.landscape.found import HIGHER, Found, Level, flats_of
from bpviz.landscape.newton import MAXIMUM, MINIMUM, SADDLE, eigen
from bpviz.landscape.slopes import ABOVE, FLAT, ROUNDING

NOTHING = 1e-6                # curvatures below this share of the window's usual ones are next to 0
SPOTS, EACH = 64, 6           # spots are squares of 1/64 of the window, joined; so many of each are tested
ACROSS, GRID = 10, 20         # steps across a curve, from a grid of so many points a side
CLOSE = 0.01                  # within so much of a point that is alone there is no other
CURVE, FLAT_GROUND = "curve", "flat"


@np.errstate(all="ignore")
def frame(H):
    """The larger and the smaller curvature by size, (N,) each, and their directions, (2, N) each, of H (2, 2, N)."""
    values, vectors = eigen(H)
    low, high, across, along = *values.T, *vectors.transpose(2, 1, 0)
    up = np.abs(high) >= np.abs(low)
    return (np.where(up, high, low), np.where(up, low, high), np.where(up, along, across), np.where(up, across, along))


@np.errstate(all="ignore")
def level_curves(slopes, theta, low, high):
    """What candidates theta (2, n) with a singular Hessian are: a Level."""
    if not theta.shape[1]:
        return Level([], flats_of([], 2), theta, np.zeros(0, bool))
    unit = float(min(1.0, (high - low).max() / 12))
    theta = _snapped(slopes, theta)
    wide = _wide(slopes, theta, unit)
    flats, theta = _one_each(slopes, theta[:, wide]), theta[:, ~wide]
    least = NOTHING * _usual(slopes, low, high)
    if (np.abs(slopes.hessian(theta)).max(axis=(0, 1), initial=0) < least).any():           # curves may cross there
        theta = np.concatenate([theta, _creases(slopes, low, high)], axis=1)
    alone, valley = {}, [np.zeros(0, int)]                                                  # {place: kind}
    for spot, some, said, outward in _told(slopes, theta, (high - low) / SPOTS, unit, least):
        apart = np.abs(theta[:, spot, None] - theta[:, None, some]).max(axis=0)             # (spot, some)
        valley.append(spot[said[apart.argmin(axis=1)] == CURVE])
        for k, kind in zip(some, said, strict=True):
            if kind in (MINIMUM, SADDLE, MAXIMUM):
                _take(slopes, alone, centre(slopes, theta[:, k], unit), kind, CLOSE * unit)
        rest = np.isin(said, (FLAT_GROUND, CROSSING))
        if rest.any():
            place = theta[:, some[rest]]
            flats.append((place[:, 0], slopes.loss(place[:, 0]), np.hypot(*slopes.gradient(place)).max(),
                          outward[rest].all()))
    flats = [row for row in flats if not any(np.abs(row[0] - point).max() < CLOSE * unit for point in alone)]
    places = np.round(np.array(list(alone)).T.reshape(2, -1), 15) + 0.0
    points = [Found(place, values, kind, HIGHER, catch=catch(slopes, place, unit) if kind == MINIMUM else 0.0)
              for place, values, kind in zip(places.T, eigen(slopes.hessian(places))[0], alone.values(), strict=True)]
    return Level(points, flats_of(flats, 2), *_bent(slopes, theta[:, np.concatenate(valley)]))


def _usual(slopes, low, high):
    """The usual size of a curvature in the window, 1 if there is none."""
    sizes = np.abs(slopes.hessian(_grid(low, high, 5))).max(axis=(0, 1))
    return float(np.median(sizes[np.isfinite(sizes)])) if np.isfinite(sizes).any() else 1.0


def _told(slopes, theta, size, unit, least):
    """Spot by spot: (the indices of its candidates, of those that are tested, what these are, if flat outwards)."""
    spots = _spots(theta, size)
    tested = [spot[np.unique(np.linspace(0, len(spot) - 1, EACH).astype(int))] for spot in spots]
    if not spots:
        return
    counts = [len(some) for some in tested]
    what, outward = _judged(slopes, theta[:, np.concatenate(tested)],
                            np.repeat(np.arange(len(tested)), counts), unit, least)
    parts = (np.split(each, np.cumsum(counts)[:-1]) for each in (what, outward))
    for spot, some, said, out in zip(spots, tested, *parts, strict=True):
        yield spot, some, np.where((said == CROSSING) & (said == CURVE).any(), CURVE, said), out


def _take(slopes, alone, place, kind, close):
    """Take a place (2,) and its kind among those `alone`; of two close by that with the smaller gradient."""
    for other in alone:
        if np.abs(place - other).max() < close:
            if np.hypot(*slopes.gradient(place)) < np.hypot(*slopes.gradient(np.array(other))):
                alone[tuple(place)] = alone.pop(other)
            return
    alone[tuple(place)] = kind


def _bent(slopes, theta):
    """Those points of curves (2, n) at which the gradient is 0 and the ground bends, and whether up: (2, m), (m,)."""
    H = slopes.hessian(theta)
    large = frame(H)[0]
    of_g, of_H = slopes.rounding(theta, H)
    level = np.abs(slopes.gradient(theta)).max(axis=0, initial=0) <= ABOVE * of_g
    crossings = slopes.smooth or slopes.network is None          # else a kink: one side slopes
    level &= (np.abs(large) > 2 * of_H) | (crossings & (large == 0))
    return theta[:, level], large[level] >= 0


def _snapped(slopes, theta):
    """Candidates (2, n), each once; in place of one a rounder number that is as level, to rounding."""
    for digits in (6, 3):
        rounder = np.round(theta, digits) + 0.0
        here, there = (np.abs(slopes.gradient(place)).max(axis=0) for place in (theta, rounder))
        theta = np.where(there <= here, rounder, theta)
    return np.unique(theta, axis=1)


def _wide(slopes, theta, unit):
    """Which of theta (2, n) lie on ground whose gradient is exactly 0 all around, as numbers: (n,) booleans."""
    still = (slopes.gradient(theta) == 0).all(axis=0)
    around = theta[:, still, None] + 1e-3 * unit * np.array([[1, -0.3], [0.3, 1]])[:, None]
    still[still] = (slopes.gradient(around) == 0).all(axis=(0, 2))
    return still


def _one_each(slopes, theta):
    """Rows for `flats_of`, one for each loss: the place nearest to the origin; flat outwards where units saturate."""
    rows, loss = {}, slopes.loss(theta)
    for k in np.abs(theta).max(axis=0, initial=0).argsort(kind="stable"):
        rows.setdefault(round(float(loss[k]), 6), k)
    rows = list(rows.values())[:EACH]
    outward = np.zeros(len(rows), bool)
    if rows and slopes.smooth:
        _, outward = reduction.followed(slopes, theta[:, rows], np.full(len(rows), 2))
    return [(theta[:, k], loss[k], 0.0, out) for k, out in zip(rows, outward, strict=True)]


def _judged(slopes, theta, spot, unit, least):
    """What each point (2, m) is: an alone one of some kind, CURVE, FLAT_GROUND, CROSSING; and flat outwards, (m,).

    spot: (m,), which spot it is of; of each spot two points are followed along the curve, for all of its curve.
    """
    H = slopes.hessian(theta)
    large, small, _, _ = frame(H)
    count = slopes.flat(theta, H, np.stack([large, small], axis=1)).sum(axis=1).clip(1, 2)
    count[np.abs(large) < least] = 2
    what, one = np.full(len(large), FLAT_GROUND, dtype=object), count == 1
    outward = np.zeros(len(large), bool)
    if one.any():
        signs, curve = reduction.sides(slopes, theta[:, one], unit), np.sign(large[one])
        bottom, top = (signs[0] < 0) & (signs[1] > 0), (signs[0] > 0) & (signs[1] < 0)
        what[one] = np.select([signs[0] == 0, np.isnan(signs[0]), bottom & (curve > 0), top & (curve < 0)],
                              [CURVE, FLAT_GROUND, MINIMUM, MAXIMUM], SADDLE)
    for k in np.flatnonzero(~one):
        what[k] = kind_around(slopes, theta[:, k], unit) or FLAT_GROUND
    curve, exact = what == CURVE, reduction.fitted(slopes, theta, count)
    ends = [np.flatnonzero(curve & ~exact & (spot == n))[[0, -1]] for n in set(spot[curve & ~exact].tolist())]
    ask = np.unique(np.concatenate([*ends, np.flatnonzero(what == FLAT_GROUND)]).astype(int))
    if len(ask):
        level, outward[ask] = reduction.followed(slopes, theta[:, ask], count[ask])
        false = np.isin(spot, spot[ask[~level & curve[ask]]]) & curve & ~exact
        what[false] = FLAT_GROUND
        if not slopes.smooth:                              # exactly 0 all around is level, not fading
            outward &= (slopes.gradient(theta) != 0).any(axis=0)
    return what, outward


def _grid(low, high, n):
    return np.stack(np.meshgrid(np.linspace(low[0], high[0], n), np.linspace(low[1], high[1], n + 1))).reshape(2, -1)


def _creases(slopes, low, high):
    """Points of curves on which the ground is level: Newton across them only, along the larger curvature."""
    theta, reach = _grid(low, high, GRID), (high - low).max() / 8
    for _ in range(ACROSS):
        large, _, along, _ = frame(slopes.hessian(theta))
        with np.errstate(all="ignore"):
            step = np.clip((along * slopes.gradient(theta)).sum(axis=0) / large, -reach, reach)
        theta = (theta - step * along)[:, np.isfinite(step)]
    theta = theta[:, ((theta >= low[:, None]) & (theta <= high[:, None])).all(axis=0)]
    large, small, _, _ = frame(slopes.hessian(theta))
    size = np.abs(slopes.gradient(theta)).max(axis=0, initial=0)
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
