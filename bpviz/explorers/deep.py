"""A deep network to look into, and its training, kept so that a moved slider goes on from what is there.

The task is exclusive or in hiding: 16 inputs on a sphere (mean square 1), the target is 1 where the first two have
the same sign. The hidden layers share one activation; the output is a sigmoid under cross-entropy.
"""
from dataclasses import dataclass, field

import numpy as np

from bpviz.base.work import Part, within
from bpviz.descent.crowd import Crowd
from bpviz.descent.method import Optimizer
from bpviz.descent.update import update
from bpviz.network.data import Data
from bpviz.network.fit import Fit
from bpviz.network.gradient_flow import gradients_by_layer, norm
from bpviz.network.shape import Network

INPUTS, ROWS, CLIP = 16, 256, 1.0
KEPT_NUMBERS = 12_000_000            # weights kept of one training, so that going back costs nothing


def task(inputs=INPUTS):
    """So many inputs of mean square 1, 256 rows; target 1 where the first two inputs have the same sign."""
    x = np.random.default_rng(0).standard_normal((inputs, ROWS))
    x = x / np.sqrt((x * x).mean(axis=0))
    return Data(x, (x[0] * x[1] > 0).astype(float), f"exclusive or in {inputs} inputs")


TASK = task()


def deep_fit(depth, width, activation, cures=()):
    """`depth` layers after the inputs, all but the last of `width` units; cures: of "skip" and "layer_norm"."""
    names = (activation,) * (depth - 1) + ("sigmoid",)
    network = Network((INPUTS, *(width,) * (depth - 1), 1), names, **dict.fromkeys(cures, True))
    return Fit(network, "cross-entropy", TASK)


@dataclass
class Training:
    """A descent from `start` (P,), as far as it has come; its gradient comes in pieces, with what each layer is like.

    thetas: {step: weights}, all of them while they fit into KEPT_NUMBERS, else the first and the last.
    losses, moved: {step: the loss, and how far each layer's W has moved from its start, as a share of its length}.
    stuck: the step after which a weight would have been beyond a million, or no number; or None.
    """
    fit: Fit
    start: np.ndarray
    optimizer: Optimizer
    clip: float | None
    thetas: dict = field(default_factory=dict)
    losses: dict = field(default_factory=dict)
    moved: dict = field(default_factory=dict)
    stuck: int | None = None

    def __post_init__(self):
        self.thetas[0], self.moved[0] = self.start, np.zeros(len(self.fit.network.sizes) - 1)
        self._begin()

    def _begin(self):
        self.walk = Crowd(self.fit, update(self.fit, self.optimizer, clip=self.clip), self.start[:, None], handed=True)

    def going_to(self, steps):
        """Train until `steps` are done, as Parts: the result after each step is its number."""
        if steps not in self.thetas and steps < self.walk.done:
            self._begin()                                                # not all that it visited could be kept
        while steps not in self.thetas:
            at, theta = self.walk.done, self.walk.theta[:, 0]
            flow = yield from within(gradients_by_layer.parts(self.fit, theta), at / steps, (at + 1) / steps)
            self.losses[at] = flow.loss
            self.walk.step(flow.slopes[:, None])
            if not self.walk.near().all():
                self.stuck = at if self.stuck is None else self.stuck    # it ran away: it stays where it was
                self.walk.theta = theta[:, None]
            self._keep(at + 1, self.walk.theta[:, 0])
            yield Part((at + 1) / steps, at + 1)

    def _keep(self, step, theta):
        if (len(self.thetas) + 1) * theta.size > KEPT_NUMBERS:
            self.thetas = {0: self.start}
        self.thetas[step] = theta
        layers = zip(self.fit.network.layers(theta), self.fit.network.layers(self.start), strict=True)
        self.moved[step] = np.array([_share(norm(W - W0), norm(W0)) for (W, _), (W0, _) in layers])


def _share(part, whole):
    return part / whole if whole > 0 else (0.0 if part == 0 else 1.0)
