"""A deep network to look into, and its training, kept so that a moved slider goes on from what is there.

The task is exclusive or in hiding: 16 inputs on a sphere (mean square 1), the target is 1 where the first two have
the same sign. The hidden layers share one activation; the output is a sigmoid under cross-entropy.
"""
from dataclasses import dataclass, field

import numpy as np

from bpviz.base.work import Part, within
from bpviz.descent.optimizers import GradientDescent
from bpviz.descent.update import update
from bpviz.network.data import Data
from bpviz.network.fit import Fit
from bpviz.network.gradient_flow import gradients_by_layer, norm
from bpviz.network.shape import Network

INPUTS, ROWS, CLIP = 16, 256, 1.0
KEPT_NUMBERS = 12_000_000            # weights kept of one training, so that going back costs nothing


def task():
    """16 inputs of mean square 1, 256 rows; target 1 where the first two inputs have the same sign."""
    x = np.random.default_rng(0).standard_normal((INPUTS, ROWS))
    x = x / np.sqrt((x * x).mean(axis=0))
    return Data(x, (x[0] * x[1] > 0).astype(float), "exclusive or in 16 inputs")


TASK = task()


def deep_fit(depth, width, activation, cures=()):
    """`depth` layers after the inputs, all but the last of `width` units; cures: of "skip" and "layer_norm"."""
    names = (activation,) * (depth - 1) + ("sigmoid",)
    network = Network((INPUTS, *(width,) * (depth - 1), 1), names, **dict.fromkeys(cures, True))
    return Fit(network, "cross-entropy", TASK)


@dataclass
class Training:
    """Gradient descent from `start` (P,), as far as it has come.

    thetas: {step: weights}, all of them while they fit into KEPT_NUMBERS, else the first and the last.
    losses, moved: {step: the loss, and how far each layer's W has moved from its start, as a share of its length}.
    stuck: the step after which the weights would have been no numbers, or None.
    """
    fit: Fit
    start: np.ndarray
    optimizer: GradientDescent
    clip: float | None
    thetas: dict = field(default_factory=dict)
    losses: dict = field(default_factory=dict)
    moved: dict = field(default_factory=dict)
    stuck: int | None = None

    def __post_init__(self):
        self.thetas[0], self.moved[0] = self.start, np.zeros(len(self.fit.network.sizes) - 1)

    def going_to(self, steps):
        """Train until `steps` are done, as Parts: the result after each step is its number."""
        at = max(step for step in self.thetas if step <= steps)
        theta, one = self.thetas[at], update(self.fit, self.optimizer, clip=self.clip)
        while at < steps:
            flow = yield from within(gradients_by_layer.parts(self.fit, theta), at / steps, (at + 1) / steps)
            self.losses[at] = flow.loss
            with np.errstate(all="ignore"):
                ahead, _ = one.step(self.fit, theta, flow.slopes, (), at)
            if not np.isfinite(ahead).all() and self.stuck is None:
                self.stuck = at                                          # it ran away: it stays where it was
            theta = ahead if np.isfinite(ahead).all() else theta
            at += 1
            self._keep(at, theta)
            yield Part(at / steps, at)

    def _keep(self, step, theta):
        if (len(self.thetas) + 1) * theta.size > KEPT_NUMBERS:
            self.thetas = {0: self.start}
        self.thetas[step] = theta
        layers = zip(self.fit.network.layers(theta), self.fit.network.layers(self.start), strict=True)
        self.moved[step] = np.array([_share(norm(W - W0), norm(W0)) for (W, _), (W0, _) in layers])


def _share(part, whole):
    return part / whole if whole > 0 else (0.0 if part == 0 else 1.0)
