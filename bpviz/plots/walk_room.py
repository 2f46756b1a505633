"""Room for the numbers on the diagram of a walk: how high units stand, what stands above and below them, where on an
arrow.

All in CSS pixels, y downward. A row is a tuple of kinds that stand on one line.
"""
import numpy as np

SHARES = np.linspace(0.14, 0.8, 23)                 # of an arrow
LINE, SLACK = 12.0, 1.0        # as high as a number is; between two numbers, at least
LEAST = 14.5                   # radius of the smallest unit
ROWS = {True: 26.0, False: 39.0}        # for the rows between two units where h and its slope share one, or do not
PAIR = 145.0                   # from layer to layer, where they do


def radius_of(radius, most, ends, apart):
    """The radius of units, smaller where a layer of layer norm with `most` units would have no room for its rows."""
    top, floor = ends
    return min(radius, max(LEAST, (floor - top - ROWS[apart >= PAIR] * (most + 1)) / (2 * most)))


def heights(many, ends, radius, rise):
    """How high the units of a layer stand: with gaps of one size where they are many, else each in its share of the
    height, from its upper edge `rise` of it."""
    top, floor = ends
    if many < 3:
        return [top + (floor - top) * (j + rise) / many for j in range(many)]
    gap = (floor - top - 2 * radius * many) / (many + 1)
    return [top + gap + radius + (gap + 2 * radius) * j for j in range(many)]


def shared_out(units, fits, apart, now):
    """[(rows above, rows below), ...] of the units of a layer from the top on, so that as many lines stand in each gap
    as fit there, if that can be.

    units: [(kinds above, kinds below), ...], the nearest first.  fits: of the gap above the first unit, of those
    between, of that below the last.  apart: from layer to layer.  Where lines are missing, h and its slope stand side
    by side, or h is left out (its number is in the formula) unless it is the one of `now`.
    """
    rows = [tuple([(kind,) for kind in kinds] for kinds in unit) for unit in units]

    def over(gap):
        """How many lines too many stand in a gap."""
        return (len(rows[gap - 1][1]) if gap else 0) + (len(rows[gap][0]) if gap < len(rows) else 0) - fits[gap]

    for _ in range(6 * len(rows)):
        gap = next((gap for gap in range(len(rows) + 1) if over(gap) > 0), None)
        if gap is None or not (gap and (apart >= PAIR and _paired(rows[gap - 1][1]) or
                                        over(gap - 1) < 0 and _turned(rows[gap - 1], 1))
                               or gap < len(rows) and over(gap + 1) < 0 and _turned(rows[gap], 0)
                               or gap and _without_h(rows[gap - 1][1], now)):
            break
    return rows


def _paired(rows):
    """Put h and its slope on one line, if both have lines of their own."""
    pair = [row for row in rows if len(row) == 1 and "h" in (row[0][0], row[0][1][0] if row[0][1] else "")]
    if len(pair) != 2:
        return False
    rows[:] = [(*pair[0], *pair[1]), *(row for row in rows if row not in pair)]
    return True


def _without_h(rows, now):
    """Leave out h, if it is there."""
    kept = [row for row in rows if row[0][0] != "h" or len(row) > 1 or now in row]
    left_out = len(kept) < len(rows)
    rows[:] = kept
    return left_out


def _turned(unit, side):
    """Move a row of a unit to its other side; from below the first that stands alone, from above the furthest."""
    rows = [row for row in unit[side] if len(row) == 1]
    if not rows:
        return False
    row = rows[0 if side else -1]
    unit[side].remove(row)
    unit[1 - side].append(row)
    return True


def free_share(tail, tip, first, size, taken):
    """The share of an arrow at which a box of this size has most room beside what is there.

    first: the share to take if it is free.  taken: ((x, y, wide, high), ...) boxes by their middles.
    """
    if not len(taken):
        return first
    shares = np.array((first, *sorted(SHARES, key=lambda share: abs(share - first))))
    places = tail + shares[:, None] * (tip - tail)
    x, y, wide, high = np.array(taken, float).T
    across = (wide + size[0]) / 2 + SLACK - np.abs(places[:, :1] - x)
    up = (high + size[1]) / 2 + SLACK - np.abs(places[:, 1:] - y)
    crowd = (np.clip(np.minimum(across, up), 0, None) ** 2).sum(axis=1)
    return float(shares[np.argmin(crowd)])
