"""One step downhill, all of it: the optimizer on the gradient, which may be noisy or clipped, its rate scheduled.

    g = gradient of all rows, or of those that the noise lets it see
    g <- g min(1, clip / (|g| + 1e-6))
    theta, state <- optimizer.step(theta, g, state, schedule(k)); frozen weights stay

Clipping is what a descent needs where the gradient explodes: one step over a cliff would throw the weights far away. It
does nothing for a gradient that vanishes.
Source: Pascanu, Mikolov and Bengio 2013, ICML, algorithm 1; torch.nn.utils.clip_grad_norm_, with its 1e-6.
"""
from dataclasses import dataclass

import numpy as np

from bpviz.base.arguments import real
from bpviz.descent import noise as noises
from bpviz.descent import optimizers, schedules
from bpviz.network.frozen import held


@dataclass(frozen=True)
class Update:
    """optimizer, schedule, noise and clip of one descent. Made by `update`, which checks them."""
    optimizer: object
    schedule: object = schedules.Constant()
    noise: object = None
    clip: float | None = None

    @property
    def is_bare(self):
        """Whether a step is the optimizer's own lines on the gradient of all rows: these can be compiled."""
        return self.noise is None and self.clip is None

    def rates(self, first, count):
        """The rates of `count` steps from step `first` on: (count,)."""
        return np.array([self.optimizer.rate * self.schedule(k) for k in range(first, first + count)])

    def step(self, objective, theta, gradient, state, k):
        """The next theta and state.  gradient: of all rows at theta (P, ...); not asked for where there is noise."""
        if self.noise is not None:
            gradient = self.noise.on_the_way(objective, theta, k)
        if self.clip is not None:
            gradient = clipped(gradient, self.clip)
        ahead, state = self.optimizer.step(theta, gradient, state, self.schedule(k))
        return held(objective, theta, ahead), state


def update(objective, optimizer, schedule=None, noise=None, clip=None, flow=False):
    """The Update of these four. Raises ValueError for anything that is none.  flow: whether GradientFlow will do."""
    flow = flow and noise is None and clip is None                 # the flow sees all rows, in short steps
    return Update(optimizers.checked(optimizer, flow=flow), schedules.checked(schedule),
                  noises.checked(noise, objective), None if clip is None else real("clip", clip, above=0))


def clipped(gradient, longest):
    """The gradient (P, ...), each network's shortened to a norm of at most `longest`.

    Raises ValueError for a `longest` of 0 or below. A gradient that overflowed stays as it is.
    """
    longest = real("clip", longest, above=0)
    gradient = np.asarray(gradient, dtype=float)
    with np.errstate(all="ignore"):
        largest = np.abs(gradient).max(axis=0)                     # squares of 1e200 would overflow
        scale = np.where(largest > 0, largest, 1.0)
        norm = scale * np.sqrt(((gradient / scale) ** 2).sum(axis=0))
        return gradient * np.where(np.isfinite(norm), np.minimum(1.0, longest / (norm + 1e-6)), 1.0)
