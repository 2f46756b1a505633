"""One step of Adam taken apart: what stands in m and v for each weight, its rate of its own, and how far it moves.

t                 which step, 1, 2, ...: it leads from theta[t-1] to theta[t]
gradient          g at theta[t-1]
m, v              running means of g and of g^2, with this g in them
mean, square      both corrected for having started at 0: m / (1 - beta1^t), v / (1 - beta2^t)
rates             rate / (sqrt(square) + eps): by what the corrected mean is multiplied
move              -rates * mean

Since `mean` and `square` are weighted means of g and of g^2, neither |mean| nor sqrt(square) is ever above the largest
|g| so far.
Source: Kingma and Ba 2015, ICLR, algorithm 1.
"""
from dataclasses import dataclass
from functools import cached_property

import numpy as np


@dataclass(frozen=True)
class AdamStep:
    """t: a number.  theta, gradient, m, v: (P,) each.  optimizer: the Adam that makes it."""
    t: int
    theta: np.ndarray
    gradient: np.ndarray
    m: np.ndarray
    v: np.ndarray
    optimizer: object

    @cached_property
    def mean(self):
        return self.m / (1 - self.optimizer.betas[0] ** self.t)

    @cached_property
    def square(self):
        return self.v / (1 - self.optimizer.betas[1] ** self.t)

    @cached_property
    def root(self):
        """sqrt(square), of the size of a gradient: (P,)."""
        return np.sqrt(self.square)

    @cached_property
    def rates(self):
        return self.optimizer.rate / (self.root + self.optimizer.eps)

    @cached_property
    def move(self):
        return -self.rates * self.mean

    @cached_property
    def in_rates(self):
        """The move in learning rates: (P,)."""
        return self.move / self.optimizer.rate

    @cached_property
    def uncorrected(self):
        """How many times as long the step would be with m and v as they are; None where there is no step."""
        bare = self.optimizer.rate * self.m / (np.sqrt(self.v) + self.optimizer.eps)
        length = float(np.linalg.norm(self.move))
        return float(np.linalg.norm(bare)) / length if length > 0 else None


def adam_step(objective, path, optimizer, step):
    """The AdamStep number `step`, or the last one made, of a Path that Adam walked on this objective.

    path: of one network, with its `inner` kept.
    """
    t = max(1, min(step, path.kept))
    theta, (beta1, beta2) = path.theta[:, t - 1], optimizer.betas
    gradient = objective.gradient(theta)
    m = beta1 * path.inner["m"][:, t - 1] + (1 - beta1) * gradient
    v = beta2 * path.inner["v"][:, t - 1] + (1 - beta2) * gradient * gradient
    return AdamStep(t, theta, gradient, m, v, optimizer)
