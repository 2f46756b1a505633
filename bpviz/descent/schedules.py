"""A learning rate that changes on the way: rate at step k = rate * schedule(k), k = 0, 1, 2, ...

Each schedule is a frozen record that is called with the step number. Formulas as in
torch.optim.lr_scheduler, stepped once after every step.
"""
from dataclasses import dataclass

import numpy as np

from bpviz.base.arguments import Table, real, refuse, whole

LAST = 10 ** 15              # steps; no descent is that long


class Schedule:
    """Called with the number of a step, from 0, it gives the factor of the rate there, as `_factor` says."""

    def __call__(self, k):
        return self._factor(k if type(k) is int and 0 <= k <= LAST else whole("k", k, 0, LAST))


@dataclass(frozen=True)
class Constant(Schedule):
    """The rate as it is: factor 1 at every step."""

    def _factor(self, k):
        return 1.0


@dataclass(frozen=True)
class StepDecay(Schedule):
    """Times `factor` after every `every` steps: factor^floor(k / every).  (torch: StepLR(step_size, gamma))"""
    every: int = 100
    factor: float = 0.5

    def __post_init__(self):
        object.__setattr__(self, "every", whole("every", self.every))
        object.__setattr__(self, "factor", real("factor", self.factor, 0, 1))

    def _factor(self, k):
        return self.factor ** (k // self.every)


@dataclass(frozen=True)
class Exponential(Schedule):
    """Times `factor` after every step: factor^k.  (torch: ExponentialLR(gamma))"""
    factor: float = 0.99

    def __post_init__(self):
        object.__setattr__(self, "factor", real("factor", self.factor, 0, 1))

    def _factor(self, k):
        return self.factor ** k


@dataclass(frozen=True)
class Cosine(Schedule):
    """Half a cosine from 1 down to `least` over `steps` steps, and `least` from then on.

    least + (1 - least) (1 + cos(pi k / steps)) / 2.  (torch: CosineAnnealingLR(T_max, eta_min), up to k = T_max)
    Source: Loshchilov and Hutter 2017, ICLR, eq. 5, without restarts.
    """
    steps: int = 1000
    least: float = 0.0

    def __post_init__(self):
        object.__setattr__(self, "steps", whole("steps", self.steps))
        object.__setattr__(self, "least", real("least", self.least, 0, 1))

    def _factor(self, k):
        return float(self.least + (1 - self.least) * (1 + np.cos(np.pi * min(k / self.steps, 1.0))) / 2)


SCHEDULES = Table("schedule", {"constant": Constant, "step": StepDecay, "exponential": Exponential, "cosine": Cosine})


def checked(schedule):
    """A schedule, or Constant for None. Raises ValueError for anything that is not one."""
    if schedule is None:
        return Constant()
    if not callable(schedule) or isinstance(schedule, type):
        called = f", with brackets: {schedule.__name__}()" if isinstance(schedule, type) else ""
        refuse("schedule", schedule, "allowed is None or one of Constant, StepDecay, Exponential, Cosine, or a "
               f"function of the step{called}")
    try:
        first = schedule(0)
    except Exception as error:
        refuse("schedule", schedule, f"at step 0 it failed with {type(error).__name__}; allowed is a function of "
               "the step")
    real("schedule", first)
    return schedule
