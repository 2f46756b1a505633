"""Choices that several explorers offer: optimizers by name with rates that suit, and the network of two weights."""
from bpviz.descent.flow import GradientFlow
from bpviz.descent.optimizers import AdaGrad, Adam, AdamW, GradientDescent, RMSprop

FLOW = "gradient flow"
MAKE = {
    "gradient descent": lambda rate, momentum: GradientDescent(rate),
    "momentum": lambda rate, momentum: GradientDescent(rate, momentum) if momentum else GradientDescent(rate),
    "Nesterov": lambda rate, momentum: GradientDescent(rate, momentum, bool(momentum)),
    "AdaGrad": lambda rate, momentum: AdaGrad(rate),
    "RMSprop": lambda rate, momentum: RMSprop(rate),
    "Adam": lambda rate, momentum: Adam(rate),
    "AdamW": lambda rate, momentum: AdamW(rate),
    FLOW: lambda rate, momentum: GradientFlow(),
}
RATES = {"gradient descent": 3.0, "momentum": 1.0, "Nesterov": 1.0, "AdaGrad": 0.5, "RMSprop": 0.02, "Adam": 0.05,
         "AdamW": 0.05}
ADAPTIVE = ("AdaGrad", "RMSprop", "Adam", "AdamW")


def optimizer_named(name, rate, momentum=0.9):
    """The optimizer of this menu entry; momentum counts where it has one."""
    return MAKE[name](rate, momentum)


def facts_of(optimizer):
    """What a sentence wants to know of an optimizer."""
    return {"flow": isinstance(optimizer, GradientFlow), "momentum": optimizer.momentum, "nesterov": optimizer.nesterov,
            "name": "gradient descent" if isinstance(optimizer, GradientDescent) else type(optimizer).__name__,
            "rate": optimizer.rate}
