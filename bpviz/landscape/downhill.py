"""The way that leads down inside a slice: only its two directions move, all others stay.

In steps s and t along the pair of directions the slope is pair @ gradient; the way follows the arrows of the slice, and
has no learning rate: it is the line of steepest descent that gradient flow would take.
"""
import numpy as np

from bpviz.base.arguments import is_fit
from bpviz.descent.program import is_short

STEP, LEAST, MOST = 0.04, 1e-3, 120      # its steps: how long, as a share of the reach; after halving; how many
LEVEL = 1e-7                             # a slope below this is none, of a network's loss


def way_down(fit, base, pair, place, reach, level=LEVEL):
    """Places (2, n) in a slice of an objective's loss, from a place (2,) downhill, inside the reach.

    The slice goes through base (P,) along a pair (2, P); reach: it goes from -reach to reach both ways, or from low to
    high, a pair of (2,). The way ends where the slope is not above `level`, at the edge, or where no step of LEAST
    leads lower; each step is made by the slope of its middle.
    """
    low, high = reach if isinstance(reach, tuple) else (np.full(2, -reach), np.full(2, reach))
    half = float((high - low).min()) / 2
    short = is_fit(fit) and is_short(fit, fit.data.rows)

    def looked(where):
        """The loss there, and the way down of length 1, None where it is level."""
        theta = base + where @ pair
        loss, gradient = fit.single(*theta.tolist()) if short else (fit.loss(theta), fit.gradient(theta))
        slope = -(pair @ np.array(gradient))
        size = float(np.linalg.norm(slope))
        return float(loss), slope / size if level < size < np.inf else None

    way, step = [np.array(place, float)], STEP * half
    loss, first = looked(way[0])
    while len(way) < MOST and step > LEAST * half and first is not None:
        middle = looked(way[-1] + step / 2 * first)[1]
        there = way[-1] + step * (first if middle is None else middle)
        lower, after = looked(there)
        if not lower < loss:
            step /= 2
            continue
        moved = there - way[-1]
        room = np.where(moved > 0, high - way[-1], low - way[-1]) / np.where(moved == 0, np.inf, moved)
        inside = float(np.where(moved == 0, 1.0, room).clip(0, 1).min())
        way.append(way[-1] + inside * moved)
        loss, first = lower, after
        if inside < 1:
            break
    return np.array(way).T
