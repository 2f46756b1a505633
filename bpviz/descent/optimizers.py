"""How to step downhill: the formulas, argument meanings and defaults of torch.optim.

theta     (P, ...): the weights of one network or of many
gradient  (P, ...): dL/dtheta
rate      the learning rate (torch.optim's `lr`)
m, v      running means of the gradient and of its square

An optimizer is a frozen record with two pure functions. `start(theta)` makes its state, a tuple of
arrays shaped like theta, and of plain numbers. `step(theta, gradient, state, scale)` returns the next
theta and the next state; `scale` multiplies the rate (descent/schedules.py). Both are plain
arithmetic, so the same lines also run on recorded numbers and become a compiled kernel
(descent/kernels.py).

Names that differ from torch.optim: rate is lr, rate_decay lr_decay, initial
initial_accumulator_value; torch's are taken too, Adam(lr=0.01). All else is called as there.

Here stands descent by the gradient itself; the optimizers that divide it by its size are in descent/adaptive.py.
"""
from dataclasses import dataclass

import numpy as np

from bpviz.base.arguments import Table, real, refuse
from bpviz.descent.adaptive import ADAPTIVE
from bpviz.descent.method import NOT_NEGATIVE, RATE, SHARE, Method, Optimizer, knob
from bpviz.descent.torchs_names import with_torchs_names


@with_torchs_names
@dataclass(frozen=True)
class GradientDescent(Optimizer):
    """theta <- theta - rate * gradient, with momentum as in torch.optim.SGD:

        g = gradient + weight_decay * theta
        v = momentum * v + g           (the first v is g itself)
        theta <- theta - rate * v      (nesterov: theta - rate * (g + momentum * v))

    rate: the learning rate, torch's lr, which is taken too.
    Raises ValueError for a rate of 0 or below, a momentum outside [0, 1), a negative
    weight_decay, or nesterov without momentum.
    Source: torch.optim.SGD with dampening 0; Polyak 1964; Sutskever et al. 2013, ICML, section 2.
    """
    name, suggested, known = "gradient descent", 3.0, True
    variants = {"momentum": 1.0, "Nesterov": 1.0}
    rate: float = knob(0.1, (0.01, 100), **RATE)
    momentum: float = knob(0.0, (0, 0.99), **SHARE)
    nesterov: bool = False
    weight_decay: float = knob(0.0, (0, 0.1), **NOT_NEGATIVE)

    def __post_init__(self):
        super().__post_init__()
        if self.nesterov and self.momentum == 0:
            raise ValueError("nesterov: got True with momentum 0; allowed is True with a momentum above 0")

    @property
    def inner(self):
        return ("v",) if self.momentum else ()

    def start(self, theta):
        return () if self.momentum == 0 else (np.zeros_like(theta),)

    def step(self, theta, gradient, state, scale=1.0):
        if self.weight_decay:
            gradient = gradient + self.weight_decay * theta
        if self.momentum == 0:
            return theta - self.rate * scale * gradient, ()                      # mark: downhill
        v = self.momentum * state[0] + gradient
        return theta - self.rate * scale * (gradient + self.momentum * v if self.nesterov else v), (v,)

    @classmethod
    def chosen(cls, name, rate, momentum):
        momentum = momentum if name in cls.variants else 0.0
        return cls(rate, momentum, name == "Nesterov" and momentum > 0)

    @property
    def limit_facts(self):
        formula = "Nesterov" if self.nesterov else "heavy ball" if self.momentum else "plain"
        return {"formula": formula, "decay": self.weight_decay != 0}

    def stability_limit(self, curvature):
        """The rate above which a minimum with this largest Hessian eigenvalue cannot hold the descent.

        Plain: 2 / lambda. Heavy ball: 2 (1 + m) / lambda. Nesterov: 2 (1 + m) / ((1 + 2m) lambda).
        Weight decay adds to the curvature.
        Source: Polyak 1964; Cohen et al. 2021, arXiv:2103.00065, section 2 and appendix B.
        """
        curvature = real("curvature", curvature, infinite=True) + self.weight_decay
        m = self.momentum
        if curvature <= 0:
            return np.inf
        return 2 * (1 + m) / (curvature * (1 + 2 * m if self.nesterov else 1))


OPTIMIZERS = Table("optimizer", {one.name: one for one in (GradientDescent, *ADAPTIVE)})


def checked(optimizer, name="optimizer", flow=True):
    """The optimizer. Raises ValueError for anything that is not one, a class not called yet among them.

    flow: whether GradientFlow will do, which has no steps of a given length.
    """
    if isinstance(optimizer, Method) and not isinstance(optimizer, Optimizer) and not flow:
        refuse(name, optimizer, "allowed is an optimizer with steps of a given length (the flow is for `basins`)")
    if not isinstance(optimizer, Method):
        called = f", with brackets: {optimizer.__name__}()" if isinstance(optimizer, type) else ""
        refuse(name, optimizer, f"allowed is an optimizer, such as GradientDescent(rate=0.5){called}")
    return optimizer
