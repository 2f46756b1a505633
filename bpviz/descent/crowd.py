"""Many networks on their way at once, (P, N): where they are, not where they were.

A plain step of ours goes by the fastest kernel there is (descent/kernels.py); noise, clipping, an optimizer of one's
own and a gradient that somebody else works out, piece by piece (`step`), go by the optimizer's own lines. What is kept
on the way is the business of who asks: restarts keep the losses, `settle` who has arrived.
"""
import numpy as np

from bpviz.descent.kernels import kernel
from bpviz.descent.path import FAR


class Crowd:
    """N networks, moved on together.  theta: (P, N), now.  done: steps made.  who: (n,), which are still on the way.

    engine: a kernel, by default the fastest there is.  handed: whether every gradient is handed to `step`.
    """

    def __init__(self, objective, update, starts, engine=None, handed=False):
        self.objective, self.update, self.theta, self.done = objective, update, starts.copy(), 0
        self.who = np.arange(starts.shape[1])
        by_kernel = update.is_bare and update.optimizer.known and not handed
        self.engine = (engine or kernel(objective, update.optimizer)) if by_kernel else None
        self.state = self.engine.start(starts.shape[1]) if self.engine else update.optimizer.start(starts)

    def advance(self, count):
        """Make `count` steps. Nobody warns: who overflows holds inf or nan; by the own lines, the last point before."""
        if self.engine:
            self.engine.advance(self.theta, self.state, self.update.rates(self.done, count))
        else:
            for _ in range(count):
                self.step()
            return
        self.done += count

    def step(self, gradient=None):
        """One step by the optimizer's own lines.  gradient: (P, N), at theta; None: found here."""
        with np.errstate(all="ignore"):
            near = self.near()
            everyone = near.all()
            theta = self.theta if everyone else np.where(near, self.theta, 0.0)
            if gradient is None and self.update.noise is None:
                gradient = self.objective.gradient(theta)
            ahead, self.state = self.update.step(self.objective, theta, gradient, self.state, self.done)
            self.theta = ahead if everyone else np.where(near, ahead, self.theta)
        self.done += 1

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
            self.state = tuple(part[..., stay] if np.ndim(part) else part for part in self.state)
