"""A deep network trained by plain descent, and what is seen of it on the way: losses, gradients, how far it moved."""
from dataclasses import dataclass

import numpy as np

from bpviz.base.work import Part
from bpviz.descent.crowd import Crowd
from bpviz.descent.optimizers import GradientDescent
from bpviz.descent.update import update
from bpviz.network.backprop import backprop
from bpviz.network.gradient_flow import norm

SHOWN = 20                           # steps from one result to the next
GUESSES = 0.98                       # of the loss of the best constant answer: above that it is no better than guessing


@dataclass(frozen=True)
class Trained:
    """A training as far as it has come. losses: (k + 1,), before each step and now.

    steps: (m,), at which it was looked at.  delta: (m, L), |dL/dz| of each layer.  moved: (m, L), how far each layer's
    W has moved from its start, as a share of its length.  right: (m,), the share of rows on the right side of a half.
    guess: the loss of the best constant answer.  away: the number of the step, counted from 1, that took a weight beyond
    a million or to no number (it is not gone), or None.
    """
    name: str
    losses: np.ndarray
    steps: np.ndarray
    delta: np.ndarray
    moved: np.ndarray
    right: np.ndarray
    guess: float
    away: int | None

    def learned(self, step):
        """Whether it does better than guessing at this step."""
        return bool(step < len(self.losses) and self.losses[step] <= GUESSES * self.guess)

    def at(self, step):
        """The last look before this step or at it."""
        return int(np.searchsorted(self.steps, step, side="right")) - 1


def training(name, fit, theta, rate, steps, looked=True):
    """Train from theta (P,), as Parts of the Trained so far, one every SHOWN steps.

    steps: how many.  looked: whether it is looked at at every step, or only at the first one.
    """
    crowd = Crowd(fit, update(fit, GradientDescent(rate)), theta[:, None], handed=True)
    first = [W for W, _ in fit.network.layers(theta)]
    share_of_ones = fit.data.y.mean()
    guess = float(-np.log(share_of_ones) * share_of_ones - np.log1p(-share_of_ones) * (1 - share_of_ones))
    losses, looks, away = [], [], None
    for step in range(steps + 1):
        at = crowd.theta[:, 0]
        with np.errstate(all="ignore"):
            trace = backprop(fit, at)
        losses.append(float(trace.loss))
        if looked or step == 0:
            layers = fit.network.layers(at)
            moved = [norm(W - begin) / max(norm(begin), 1e-300) for (W, _), begin in zip(layers, first, strict=True)]
            right = ((trace.a[-1] > 0.5) == (fit.data.y > 0.5)).mean()
            looks.append((step, [norm(delta) for delta in trace.delta], moved, right))
        if step < steps:
            crowd.step(trace.gradient[:, None])
            away = None if crowd.near().all() else step + 1
        done = step == steps or away is not None or not np.isfinite(losses[-1])
        yield Part(1.0 if done else step / steps,
                   Trained(name, np.array(losses), *map(np.array, zip(*looks, strict=True)), guess, away)
                   if step % SHOWN == 0 or done else None)
        if done:
            return
