"""What every way downhill has: fields with ranges, a name, a stability limit, how it hovers.

A field made by `knob` carries its range: it is checked, and becomes a slider.
"""
import dataclasses
from dataclasses import field

import numpy as np

from bpviz.base.arguments import real, switch


def knob(default, slider=None, **limits):
    """A field with the range (low, high) of its slider; limits: what `arguments.real` checks."""
    return field(default=default, metadata={"slider": slider, "limits": limits})


RATE = {"above": 0}
SHARE = {"low": 0, "below": 1}
NOT_NEGATIVE = {"low": 0}


class Method:
    """A way downhill: checked fields, no stability limit of its own, no kernel of its own (descent/kernels.py)."""

    momentum, nesterov = 0.0, False
    hovers = 0.0                     # near a minimum steps stay this long, in rates; 0: they shrink with the gradient

    def __post_init__(self):
        for part in dataclasses.fields(self):
            value, limits = getattr(self, part.name), part.metadata.get("limits")
            if limits:
                object.__setattr__(self, part.name, real(part.name, value, **limits))
            elif part.type is bool:
                object.__setattr__(self, part.name, switch(part.name, value))

    def stability_limit(self, curvature):
        """The rate above which a minimum of this largest curvature cannot hold the descent; inf: there is none."""
        real("curvature", curvature, infinite=True)
        return np.inf

    def kernel(self, objective):
        """The kernel that it brings along; None: the fastest there is for its steps."""
        return None


class Optimizer(Method):
    """A way downhill in steps of a given length; the parts of its state have names."""

    inner = ()                       # names of the state's parts, in order

    @property
    def lr(self):
        """The rate, by torch's name."""
        return self.rate

    @property
    def name(self):
        """What it is called in a menu; an optimizer that is in none goes by its class."""
        return type(self).__name__
