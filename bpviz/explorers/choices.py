"""Optimizers by their lines in a menu: those of each class (descent/optimizers.py), and gradient flow."""
from bpviz.descent.flow import GradientFlow
from bpviz.descent.optimizers import OPTIMIZERS

FLOW = GradientFlow.name
MAKERS = {name: record for record in OPTIMIZERS.values() for name in record.menu()}
RATES = {name: rate for record in OPTIMIZERS.values() for name, rate in record.menu().items()}
RACERS = tuple(MAKERS)                           # the flow has no steps of a given length: it races with nobody
ADAPTIVE = tuple(name for name, record in MAKERS.items() if record.adaptive)


def optimizer_named(name, rate, momentum=0.9):
    """The optimizer of this menu entry; momentum counts where it has one."""
    return GradientFlow() if name == FLOW else MAKERS[name].chosen(name, rate, momentum)


def facts_of(optimizer):
    """What a sentence wants to know of an optimizer."""
    return {"flow": isinstance(optimizer, GradientFlow), "momentum": optimizer.momentum, "nesterov": optimizer.nesterov,
            "name": optimizer.name, "rate": optimizer.rate}
