"""Over two weights, a point that is alone though its Hessian is singular: what it is, where it lies, whom it catches.

Source of the step with the root's order: Schröder 1870, Mathematische Annalen 2, 317-365.
"""
import numpy as np

from bpviz.landscape import reduction
from bpviz.landscape.newton import MAXIMUM, MINIMUM, SADDLE, eigen
from bpviz.landscape.slopes import ABOVE

CAUGHT = 0.25                 # how far a minimum with a singular Hessian may catch descents
CIRCLE = np.linspace(0, 2 * np.pi, 360, endpoint=False)
CROSSING = "crossing"


def kind_around(slopes, point, unit):
    """What a point (2,) with H = 0 is, by the gradient on circles around it: a kind, CROSSING, or None (all flat)."""
    here = np.hypot(*slopes.gradient(point))
    for h in (0.01 * unit, 0.1 * unit):
        def on_circle(angle, h=h):
            return point.reshape(2, *[1] * angle.ndim) + h * np.stack([np.cos(angle), np.sin(angle)])

        def slope(angle, on_circle=on_circle):
            return np.hypot(*slopes.gradient(on_circle(angle)))
        ring, size = on_circle(CIRCLE), slope(CIRCLE)
        noise = np.maximum(slopes.rounding(ring)[0], here)
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
        rise = slopes.loss(ring) - slopes.loss(point)
        return MINIMUM if (rise > 0).all() else MAXIMUM if (rise < 0).all() else SADDLE
    return None


def centre(slopes, point, unit):
    """Where a point (2,) that is alone with a singular H lies: Newton's method with the root's order, from both sides.

    A root of order m is known to a m-th part of the digits only, so of numbers that do as well the round one is taken.
    """
    column, H = point[:, None], slopes.hessian(point[:, None])
    if not slopes.flat(column, H, eigen(H)[0]).any():
        return point                                            # H is regular, but jumps: a kink of a slope
    vectors, flat = reduction.flattest(slopes, column, np.ones(1))
    along = (vectors[0] @ flat[0].astype(float))[:, None]

    def slope(t):
        place, b, _ = reduction.beside(slopes, column, vectors, flat, t * along)
        return place[:, 0], float((along * b).sum())
    ends, noise = [], slopes.rounding(column, H)[0][0]
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
    sizes = [np.abs(slopes.gradient(w)).max() for w in (round_one, middle, point)]
    least = ABOVE * noise
    return round_one if sizes[0] <= max(least, sizes[1]) else middle if sizes[1] <= max(least, sizes[2]) else point


def catch(slopes, point, unit):
    """How far around a minimum (2,), at most CAUGHT, every slope points back to it, so that descents come nearer."""
    out, radii = np.stack([np.cos(CIRCLE), np.sin(CIRCLE)]), CAUGHT * unit * np.linspace(0.02, 1, 50)
    back = (slopes.gradient(point[:, None, None] + radii[:, None] * out[:, None, :]) * out[:, None, :]).sum(axis=0)
    back = (back > 0).all(axis=1)
    return float(radii[np.argmin(back) - 1] if not back.all() and back[0] else radii[-1] if back.all() else 0.0)
