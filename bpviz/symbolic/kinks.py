"""The kinks of a loss along the walk: what raises it on one side of a number need not lower it on the other."""
from bpviz.calculus.activations import ACTIVATIONS
from bpviz.symbolic.nudge import sides, sides_of_weight


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


def may_have_kinks(fit):
    """Whether the slope of an activation or of the loss of a Fit jumps somewhere."""
    return fit.loss_record.slope_jumps or any(ACTIVATIONS[name].slope_jumps for name in fit.network.activations)
