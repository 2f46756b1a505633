"""Many networks on their way at once, (P, N): where they are, not where they were.

A plain step goes by the fastest kernel there is (descent/kernels.py); noise and clipping go by the optimizer's own
lines. What is kept on the way is the business of who asks: restarts keep the losses, `settle` who has arrived.
"""
import numpy as np

from bpviz.descent.kernels import kernel
from bpviz.descent.path import FAR


class Crowd:
    """N networks, moved on together.  theta: (P, N), now.  done: steps made.  who: (n,), which are still on the way.

    engine: a kernel, by default the fastest there is.
    """

    def __init__(self, objective, update, starts, engine=None):
        self.objective, self.update, self.theta, self.done = objective, update, starts.copy(), 0
        self.who = np.arange(starts.shape[1])
        self.engine = (engine or kernel(objective, update.optimizer)) if update.is_bare else None
        self.state = self.engine.start(starts.shape[1]) if self.engine else update.optimizer.start(starts)

    def advance(self, count):
        """Make `count` steps. Nobody warns: who overflows holds inf or nan; by the own lines, the last point before."""
        if self.engine:
            self.engine.advance(self.theta, self.state, self.update.rates(self.done, count))
        else:
            with np.errstate(all="ignore"):
                for k in range(self.done, self.done + count):
                    self._step(k)
        self.done += count

    def _step(self, k):
        near = self.near()
        theta = np.where(near, self.theta, 0.0)
        gradient = self.objective.gradient(theta) if self.update.noise is None else None
        ahead, self.state = self.update.step(self.objective, theta, gradient, self.state, k)
        self.theta = np.where(near, ahead, self.theta)

    def near(self):
        """Who has not run away: (n,) booleans."""
        with np.errstate(invalid="ignore"):
            return (np.abs(self.theta) <= FAR).all(axis=0)

    def keep(self, stay):
        """Only these go on.  stay: (n,) booleans."""
        self.theta, self.who = self.theta[:, stay], self.who[stay]
        if self.engine:
            self.state = self.state[:, stay]
        else:
            self.state = tuple(part[:, stay] if np.ndim(part) else part for part in self.state)
