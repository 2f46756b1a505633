"""The kinks of a loss along the walk: what raises it on one side of a number need not lower it on the other."""
from bpviz.symbolic.nudge import may_have_kinks, sides, sides_of_weight


def sides_at(walk, k, theta, known):
    """The `sides` of what stop k of a TrainingStep finds the slope by, at theta (P,); None for all else.

    known: {symbol: number} of the row.
    A slope of one row is that of the row's loss, a mean slope that of the whole loss.
    """
    (letter, place), fit, chain = walk.stops[k].kind, walk.fit, walk.chain
    if letter not in ("d", "g") or not may_have_kinks(fit):
        return None
    s = next(one for one, (kind, indices) in chain.pretty.items() if (kind, *indices) == place)
    if letter == "g":
        return sides_of_weight(fit, chain.weights.index(s), theta)
    return sides(lambda values: chain.slope_by(s, known, values), known[s])

