"""What lab 2 measures on its patients: who is in a minimum, what more units do, whether a dead network wakes up."""
from functools import cache

import numpy as np

from bpviz.coursework.lessons.lab_2.clinic import ended, patients, treat
from bpviz.descent.descend import descend
from bpviz.descent.optimizers import GradientDescent

LEVEL, RISES, LARGE = 1e-6, 1e-5, 100       # a slope that is none; a curvature that is one; too many for all directions
WIDE = 30
SMALLER, LATER = 0.08, 1000                 # the rate of patient 2 from now on: a hundredth of its own; and the steps


def in_minimum(number):
    """Whether a patient ended where there is no slope left and the loss rises in every direction."""
    fit, path = treat(number)
    end = path.end
    if np.abs(fit.gradient(end)).max() > LEVEL:
        return False
    if fit.n_params > LARGE:                                   # one direction that does not rise is enough
        moved = end.copy()
        moved[0] += 0.1
        return bool(fit.loss(moved) - fit.loss(end) > RISES * 0.1 ** 2 / 2)
    return bool(np.linalg.eigvalsh(fit.hessian(end))[0] > RISES)


@cache
def minima():
    """How many of the six sit in a local minimum."""
    return sum(map(in_minimum, patients))


@cache
def widened():
    """The loss of patient 1 with its own units, and with many more."""
    return ended(1), ended(1, units=WIDE)


@cache
def slowly_on():
    """Patient 2 goes on at a far smaller rate: (how far any hidden weight moves, the loss at the end)."""
    fit, path = treat(2)
    later = descend(fit, path.end, GradientDescent(rate=SMALLER), LATER)
    hidden = slice(0, fit.network.where["w2"][0].start)
    return float(np.abs(later.end - path.end)[hidden].max()), float(later.loss[-1])
