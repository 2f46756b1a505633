"""How to step downhill.

theta     (P, ...): the weights of one network or of many
gradient  (P, ...): dL/dtheta
rate      the learning rate (torch.optim's `lr`)

An optimizer is a frozen record with two pure functions: `start(theta)` makes its state, and
`step(theta, gradient, state)` returns the next theta and the next state.
"""
from dataclasses import dataclass

import numpy as np

from bpviz.calculus.arguments import real


@dataclass(frozen=True)
class GradientDescent:
    """theta <- theta - rate * gradient, with momentum as in torch.optim.SGD:

        g = gradient + weight_decay * theta
        v = momentum * v + g           (the first v is g itself)
        theta <- theta - rate * v      (nesterov: theta - rate * (g + momentum * v))

    Raises ValueError for a rate of 0 or below, a momentum outside [0, 1), a negative
    weight_decay, or nesterov without momentum.
    Source: torch.optim.SGD with dampening 0; Sutskever et al. 2013, ICML, section 2.
    """
    rate: float = 0.1
    momentum: float = 0.0
    nesterov: bool = False
    weight_decay: float = 0.0

    def __post_init__(self):
        object.__setattr__(self, "rate", real("rate", self.rate, above=0))
        object.__setattr__(self, "momentum", real("momentum", self.momentum, 0, below=1))
        object.__setattr__(self, "weight_decay", real("weight_decay", self.weight_decay, 0))
        if not isinstance(self.nesterov, bool):
            raise ValueError(f"nesterov: got {self.nesterov!r}; allowed is True or False")
        if self.nesterov and self.momentum == 0:
            raise ValueError("nesterov: got True with momentum 0; allowed is True with a momentum above 0")

    def start(self, theta):
        return None if self.momentum == 0 else np.zeros_like(theta)

    def step(self, theta, gradient, v):
        if self.weight_decay:
            gradient = gradient + self.weight_decay * theta
        if self.momentum == 0:
            return theta - self.rate * gradient, None
        v = self.momentum * v + gradient
        return theta - self.rate * (gradient + self.momentum * v if self.nesterov else v), v

    def stability_limit(self, curvature):
        """The rate above which a minimum with this largest Hessian eigenvalue cannot hold the descent.

        Plain: 2 / lambda. Heavy ball: 2 (1 + m) / lambda. Nesterov: 2 (1 + m) / ((1 + 2m) lambda).
        Weight decay adds to the curvature.
        Source: Polyak 1964; Cohen et al. 2021, arXiv:2103.00065, section 2 and appendix B.
        """
        curvature = curvature + self.weight_decay
        m = self.momentum
        if curvature <= 0:
            return np.inf
        return 2 * (1 + m) / (curvature * (1 + 2 * m if self.nesterov else 1))
