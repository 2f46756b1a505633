"""Optimizers by their lines in a menu: those of each class (descent/optimizers.py), the flow, the learner's own."""
from dataclasses import dataclass, replace
from functools import cached_property

from bpviz.base.arguments import refuse
from bpviz.descent.flow import GradientFlow
from bpviz.descent.method import Optimizer
from bpviz.descent.optimizers import OPTIMIZERS, checked

FLOW = GradientFlow.name
RATES = 0.001, 100.0            # as far as the panels' sliders reach
MAKERS = {name: record for record in OPTIMIZERS.values() for name in record.menu()}
ADAPTIVE = tuple(name for name, record in MAKERS.items() if record.adaptive)


@dataclass(frozen=True)
class Choices:
    """The optimizers that an explorer offers: ours, then `own` where the learner gave one.

    Raises ValueError for an `own` without steps of a given length, of a name that is in the menu already, or of a rate
    beyond the sliders.
    """
    own: Optimizer | None = None

    def __post_init__(self):
        if self.own is not None and checked(self.own, flow=False).name in (*MAKERS, FLOW):
            refuse("optimizer", self.own.name, "allowed is the name itself, or one of a name that no other has")
        if self.own is not None and not RATES[0] <= self.own.rate <= RATES[1]:
            raise ValueError(f"optimizer: got one of rate {self.own.rate:g}; allowed in a panel is a rate from "
                             f"{RATES[0]:g} to {RATES[1]:g}")

    @cached_property
    def rates(self):
        """{name: the rate it begins with}."""
        ours = {name: rate for record in OPTIMIZERS.values() for name, rate in record.menu().items()}
        return ours if self.own is None else {**ours, self.own.name: self.own.rate}

    @property
    def racers(self):
        """Their names; the flow has no steps of a given length: it races with nobody."""
        return tuple(self.rates)

    def named(self, name, rate, momentum=0.9):
        """The optimizer of this line; momentum counts where it has one."""
        if name == FLOW:
            return GradientFlow()
        if self.own is not None and name == self.own.name:
            return replace(self.own, rate=rate)
        return MAKERS[name].chosen(name, rate, momentum)


OURS = Choices()


def facts_of(optimizer):
    """What a sentence wants to know of an optimizer."""
    return {"flow": isinstance(optimizer, GradientFlow), "momentum": optimizer.momentum, "nesterov": optimizer.nesterov,
            "name": optimizer.name, "rate": optimizer.rate}
