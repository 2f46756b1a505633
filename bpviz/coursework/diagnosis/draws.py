"""The inputs on which a learner's partials are judged, and which mistakes are one and the same number on all of them.

Two outputs would make "half" and "a mean over the outputs" the same on every draw, so it is the shape that has to be
general: rows, inputs, hidden and outputs all different, none of them 1 or 2, none the product of others.
"""
import numpy as np

from bpviz.coursework.diagnosis.edges import value
from bpviz.coursework.diagnosis.operators import all_mistakes, merged

SAME, GAP = 1e-9, 1e-3               # relative to the largest entry: one and the same number; as near as two may come
SIZES = ((7, 4, 5, 3), (5, 4, 3, 7), (11, 4, 3, 5))  # n, i, o, h: no 1, no 2, none the product of others
MORE = (13, 17, 19, 23, 29)                           # for deeper nets
TRIES = 300


def same(first, second, near=SAME):
    """Whether two lists of arrays, one per draw, are the same numbers, relative to the largest entry of each draw.

    A generator is asked no further than the first draw that differs.
    """
    return all(distance(one, other) <= near for one, other in zip(first, second, strict=True))


def distance(one, other):
    """How far two arrays are apart at most, relative to their largest entry; inf for other shapes or no numbers."""
    if one is None or other is None or one.shape != other.shape:
        return np.inf
    with np.errstate(all="ignore"):
        apart = np.abs(one - other).max(initial=0)
        scale = max(np.abs(one).max(initial=0), np.abs(other).max(initial=0))
    return 0.0 if apart == 0 else apart / scale if np.isfinite(apart) and np.isfinite(scale) else np.inf


def nearest(mine, zero, one):
    """(rate, arrays): what comes nearest to mine on the line from zero to one, all of them lists of one array per draw.

    One rate over all draws, by least squares; (None, None) where there is no line, or the shapes are others.
    """
    if any(array is None for some in (mine, zero, one) for array in some):
        return None, None
    if any(not a.shape == b.shape == c.shape for a, b, c in zip(mine, zero, one, strict=True)):
        return None, None
    along, amiss = (np.concatenate([np.ravel(b - a) for a, b in zip(zero, end, strict=True)]) for end in (one, mine))
    length = along @ along
    if not 0 < length < np.inf or not np.isfinite(amiss).all():
        return None, None
    rate = along @ amiss / length
    return rate, [a + rate * (b - a) for a, b in zip(zero, one, strict=True)]


def told_apart(partials):
    """(Mistake, ...): real identities merged into one, those left out that are no mistake, no
    numbers or only a constant on this network.

    Found from draws, not written down: the same on a dozen draws of general shapes is the same on all.
    """
    rng = np.random.default_rng(0)
    some = [random_draw(partials, rng, k) for k in range(12)]
    kept = []
    for mistake in all_mistakes(partials):
        found = [value(mistake.line, draw) for draw in some]
        right = [draw[mistake.part] for draw in some]
        if (any(one is None or not np.isfinite(one).all() for one in found) or same(found, right)
                or all(constant(one) for one in found) or len({one.item(0) for one in found}) == 1):
            continue
        twin = next((k for k, (other, theirs) in enumerate(kept)
                     if other.part == mistake.part and same(theirs, found)), None)
        if twin is None:
            kept.append((mistake, found))
        else:
            other, theirs = kept[twin]
            kept[twin] = merged((other, mistake)), theirs
    return tuple(mistake for mistake, _ in kept)


def random_draw(partials, rng, k):
    """One draw of the k-th shape, weights and inputs near 1, targets between 0 and 1."""
    letters = list(dict.fromkeys(letter for shape in partials.inputs.values() for letter in shape.split()))
    size = dict(zip(letters, SIZES[k % len(SIZES)] + MORE, strict=False))
    shapes = {name: tuple(size[letter] for letter in shape.split()) for name, shape in partials.inputs.items()}
    return partials.work_out({name: (rng.uniform(0, 1, shape) if name == "t" else rng.normal(size=shape))
                              if shape else float(rng.uniform(0, 1) if name == "t" else rng.normal())
                              for name, shape in shapes.items()})


def draws(partials, rng):
    """(draw, ...) of different shapes, on none of which two mistakes come closer than GAP: three on rows.

    Of single numbers five, on which no two mistakes are that close each time: one number alone can agree by chance.
    """
    rows = any(partials.inputs.values())
    taken, count = [], 3 if rows else 5
    for _ in range(TRIES):
        if rows:
            one = random_draw(partials, rng, len(taken))
            taken += [one] if spread(partials, [one]) >= GAP else []
        else:
            taken = [random_draw(partials, rng, k) for k in range(count)]
        if len(taken) == count and (rows or spread(partials, taken) >= GAP):
            return tuple(taken)
    raise ValueError(f"partials: two mistakes of {partials.name} are nearly the same on {TRIES} draws; allowed are "
                     "mistakes that can be told apart")


def spread(partials, some):
    """The smallest distance between two mistakes at one part, or a mistake and the right value, on these draws.

    0 where a right part is one and the same number throughout, or a mistake is 0: nothing could be said about it.
    """
    least = np.inf
    for edge in partials.edges:
        rights = [draw[edge.part] for draw in some]
        if all(constant(right) for right in rights):
            return 0.0
        mistakes = [one for one in partials.mistakes if one.part == edge.part]
        lines = [edge.line, *(one.line for one in mistakes)]
        given = {line: [value(line, draw) for draw in some]
                 for line in (*lines, *(one.at_0 for one in mistakes if one.at_0))}
        largest, alive = 0.0, False
        for k, right in enumerate(rights):
            found = [given[line][k] for line in lines]
            flat = np.array([one.ravel() for one in found if one is not None and one.shape == right.shape])
            if not np.isfinite(flat).all():
                return 0.0
            size = np.abs(flat).max(axis=1)
            alive = alive | (size > 0)
            largest = np.maximum(largest, np.abs(flat[:, None] - flat).max(axis=2)
                                 / np.maximum(np.maximum(size[:, None], size), np.finfo(float).tiny))
        if not np.all(alive):
            return 0.0
        np.fill_diagonal(largest, np.inf)
        least = min(least, largest.min(), *(from_line(one, lines, given) for one in mistakes if one.at_0))
    return least


def from_line(mistake, lines, given):
    """How near the lines of its part come to a mistake that has a rate, whatever the rate. given: {line: arrays}."""
    zero, one = given[mistake.at_0], given[mistake.line]
    least = np.inf
    for line in lines:
        if line not in (mistake.at_0, mistake.line):
            nearby = nearest(given[line], zero, one)[1]
            if nearby is not None:
                least = min(least, max(map(distance, given[line], nearby)))
    return least


def constant(array):
    """Whether it holds one number, over and over, or only zeros."""
    return not array.any() or array.size > 1 and bool((array == array.flat[0]).all())
