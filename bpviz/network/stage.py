"""What a model is made of (network/model.py): stages, what its blocks of weights join, and units that are alike."""
from collections.abc import Callable
from dataclasses import dataclass

from bpviz.base.records import checked_fields


@dataclass(frozen=True)
class Stage:
    """One step of a forward pass, its value beside its slope.

    writes: the name of its value.  reads: names of the values it is made of.  weights: names of its blocks.
    value: (xp, *weights, *read) -> the value.
    slope: (xp, delta, value, *weights, *read) -> dL by each of the weights and then by each value read, in a row. Of a
        generator no more is asked than is wanted: the slope by the inputs, where "x" is read last, mostly is not.
    multiplications: about how many the value takes for one row, where that is more than it has numbers or weights.
    activation: the name of the activation in it, by which curvatures and kinks are judged.
    """
    writes: str
    reads: tuple
    weights: tuple
    value: Callable
    slope: Callable
    multiplications: int = 0
    activation: str = "identity"

    def __post_init__(self):
        checked_fields(self)


@dataclass(frozen=True)
class Fan:
    """How a block of weights joins units to units: what initial weights go by.

    n_out: to how many units one number goes.  axis: the axis of the block that counts the units; along the others lie
    the n_in weights into one unit.
    """
    n_out: int
    axis: int = 1


@dataclass(frozen=True)
class Alike:
    """Hidden units of one kind, which may be exchanged: theta is another then, the function is the same.

    n: how many units.
    blocks: {name: the axes of the block along which they lie, unit after unit, as many entries each}.
    turned_by: the names of all activations that a unit's answer goes through: where they are odd, the signs of all
        weights into a unit and out of it may be turned around; () where that changes the function, as beside a mean
        over units.
    """
    n: int
    blocks: dict
    turned_by: tuple = ()
