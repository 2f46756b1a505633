"""Weights that stay where they start: their slope is 0, and whatever an optimizer does to them is undone.

frozen  names of weights, a field of a Fit; objectives without the field have none
An optimizer with weight decay moves a weight of slope 0 too, so a step is asked about both.
"""
import numpy as np


def free(objective):
    """(P,) booleans: which weights may move; None where all may."""
    return objective.free if getattr(objective, "frozen", ()) else None


def still(objective, gradient):
    """The gradient (P, ...), 0 for the weights that are frozen."""
    return held(objective, 0.0, gradient)


def held(objective, before, after):
    """`after` (P, ...), with the frozen weights as they were `before`; numbers of any world."""
    may = free(objective)
    if may is None:
        return after
    may = may.reshape((-1,) + (1,) * (after.ndim - 1))
    return np.where(may, after, before) if type(after) is np.ndarray else after * may + before * ~may
