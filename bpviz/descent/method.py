"""What every way downhill has: fields with ranges, a name and lines of menus, a stability limit, how it hovers.

A field made by `knob` carries its range: it is checked, and becomes a slider.
"""
import dataclasses
from dataclasses import field

import numpy as np

from bpviz.base.arguments import real, refuse, switch


def knob(default, slider=None, **limits):
    """A field with the range (low, high) of its slider; limits: what `arguments.real` checks."""
    return field(default=default, metadata={"slider": slider, "limits": limits})


def pair(default, **limits):
    """A field of two numbers, each within the same limits."""
    return field(default=default, metadata={"pair": True, "limits": limits})


RATE = {"above": 0}
SHARE = {"low": 0, "below": 1}
NOT_NEGATIVE = {"low": 0}


class Method:
    """A way downhill: checked fields, no stability limit of its own, no kernel of its own (descent/kernels.py)."""

    momentum, nesterov = 0.0, False
    adaptive = False                 # whether the size of a step hardly depends on that of the gradient
    hovers = 0.0                     # near a minimum steps stay this long, in rates; 0: they shrink with the gradient
    known = False                    # whether its steps are a formula of ours, of which we know what can hold it

    def __post_init__(self):
        for part in dataclasses.fields(self):
            value, limits = getattr(self, part.name), part.metadata.get("limits")
            if part.metadata.get("pair"):
                if not isinstance(value, tuple | list) or len(value) != 2:
                    refuse(part.name, value, f"allowed are two numbers like {part.default}")
                object.__setattr__(self, part.name, tuple(real(part.name, one, **limits) for one in value))
            elif limits:
                object.__setattr__(self, part.name, real(part.name, value, **limits))
            elif part.type is bool:
                object.__setattr__(self, part.name, switch(part.name, value))

    @property
    def rests(self):
        """Whether a gradient of 0 is known to hold it for good, once its steps are short too."""
        return self.known and not self.hovers

    def stability_limit(self, curvature):
        """The rate above which a minimum of this largest curvature cannot hold the descent; inf: none is known."""
        real("curvature", curvature, infinite=True)
        return np.inf

    @property
    def limit_facts(self):
        """By which formula the stability limit goes, and whether weight decay is in it, for who says it in words."""
        return {"formula": "own", "decay": False}

    def kernel(self, objective):
        """The kernel that it brings along; None: the fastest there is for its steps."""
        return None


class Optimizer(Method):
    """A way downhill in steps of a given length; the parts of its state have names."""

    inner = ()                       # names of the state's parts, in order
    suggested = 0.05                 # a rate that suits a network of two weights
    variants = {}                    # further lines of a menu that it makes: {name: its suggested rate}

    @property
    def lr(self):
        """The rate, by torch's name."""
        return self.rate

    @property
    def name(self):
        """What it is called in a menu; an optimizer that is in none goes by its class."""
        return type(self).__name__

    @classmethod
    def menu(cls):
        """The lines of a menu that this class makes: {name: suggested rate}."""
        return {cls.name: cls.suggested, **cls.variants}

    @classmethod
    def chosen(cls, name, rate, momentum):
        """The optimizer of this line of the menu; momentum: for the lines that have one."""
        return cls(rate)
