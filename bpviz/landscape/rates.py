"""The loss at which descent from one start ends, over many learning rates; and the rate each minimum can hold."""
import numpy as np

from bpviz.base.work import Part
from bpviz.descent.descend import descend
from bpviz.descent.optimizers import GradientDescent


def stability_limits(points):
    """((label, the largest rate at which plain descent can settle there), ...) of the minima of a CriticalPoints."""
    return tuple((points.label[k], GradientDescent().stability_limit(points.eigenvalues[:, k].max()))
                 for k in points.minima)


def final_losses(objective, start, rates, steps):
    """The final loss at each of these rates, inf where it runs away, nan where it is not known yet, as Parts."""
    final = np.full(len(rates), np.nan)
    for done, k in enumerate(order(len(rates)), start=1):
        one = descend(objective, start, GradientDescent(rate=rates[k]), steps, until_settled=True)
        final[k] = np.inf if one.ended == "ran away" else one.loss[-1]
        yield Part(done / len(rates), final.copy())


def order(n):
    """Every eighth first, then those in between: the curve is there at once, and fills up."""
    return list(dict.fromkeys(k for step in (8, 4, 2, 1) for k in range(0, n, step)))
