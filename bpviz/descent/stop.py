"""When a descent has gone far enough: a loss, a gradient or a share of right answers that was asked for."""
from dataclasses import dataclass

import numpy as np

from bpviz.base.arguments import real, refuse

RULES = ("loss", "gradient", "accuracy")


@dataclass(frozen=True)
class Stop:
    """A rule that ends a descent: the first of these to be reached does.

    loss: at or below this one.  gradient: its norm at or below this one.
    accuracy: at least this share of the rows is right, 0 to 1.
    within: a row is right if each of its outputs is nearer than this to its target.
    None: not asked for. Raises ValueError if none of the three is, or for a number that is none.
    """
    loss: float | None = None
    gradient: float | None = None
    accuracy: float | None = None
    within: float = 0.5

    def __post_init__(self):
        for name, limits in zip(RULES, ({}, {"low": 0}, {"low": 0, "high": 1}), strict=True):
            if getattr(self, name) is not None:
                object.__setattr__(self, name, real(name, getattr(self, name), **limits))
        object.__setattr__(self, "within", real("within", self.within, above=0))
        if all(getattr(self, name) is None for name in RULES):
            raise ValueError("Stop: got no rule; allowed is one of loss, gradient and accuracy, or several")


REACHED = tuple(f"{rule} reached" for rule in RULES)


def met(stop, objective, theta, loss, norm):
    """The rule that each of theta (P, N) meets, "" for none: (N,) of text.

    loss: (N,).  norm: (N,), of the gradient; not looked at where no gradient is asked for.
    """
    rule = np.full(theta.shape[1], "", dtype="<U16")
    with np.errstate(all="ignore"):
        if stop.accuracy is not None:
            rule[right(objective, theta, stop.within) >= stop.accuracy - 1e-12] = "accuracy reached"
        if stop.gradient is not None:
            rule[norm <= stop.gradient] = "gradient reached"
        if stop.loss is not None:
            rule[loss <= stop.loss] = "loss reached"
    return rule


def right(fit, theta, within=0.5):
    """The share of rows whose outputs are all less than `within` from their targets, for each of theta (P, N): (N,)."""
    output = fit.predict(theta)                                      # (n_out, rows, N)
    return (np.abs(output - fit.data.y[:, :, None]) < within).all(axis=0).mean(axis=0)


def shares_right(fits, theta):
    """Of each fit, the share of its rows that one network gets right at theta (P,)."""
    return tuple(float(right(fit, theta[:, None])[0]) for fit in fits)


def checked(stop, objective):
    """The Stop, or None. Raises ValueError for what is none, and for an accuracy of what has no rows."""
    if stop is not None and not isinstance(stop, Stop):
        refuse("stop", stop, "allowed is None or a Stop, such as Stop(loss=0.01)")
    if stop is not None and stop.accuracy is not None and not hasattr(objective, "data"):
        raise ValueError(f"stop: got {stop!r} for a {type(objective).__name__}; allowed is an accuracy for a Fit")
    return stop
