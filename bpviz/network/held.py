"""A network some of whose weights stand still: a Model of the others, for whoever looks for level ground among them.

theta   the free weights alone, (F, ...); `whole(theta)` is that of all weights, (P, ...), the held ones in their places

Its passes are those of the network itself, handed the whole theta; of the gradient the free rows are left.
"""
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from bpviz.network.model import Model


@dataclass(frozen=True, eq=False, repr=False)
class Held(Model):
    """`network`, with the weights that are not `free`, (P,) booleans, standing where `at`, (P,), has them."""
    network: Model
    at: np.ndarray
    free: np.ndarray

    def __repr__(self):
        return f"{self.network!r} with {', '.join(f'{name} = {value:g}' for name, value in self.held)}"

    @property
    def called(self):
        return f"{self.network.called} with {len(self.held):,} weights held"

    @cached_property
    def held(self):
        """((name, value), ...) of the weights that stand still."""
        return tuple((self.network.names[k], float(self.at[k])) for k in np.flatnonzero(~self.free))

    @cached_property
    def names(self):
        return tuple(self.network.names[k] for k in np.flatnonzero(self.free))

    n_params = property(lambda self: len(self.names))
    n_in, n_out = property(lambda self: self.network.n_in), property(lambda self: self.network.n_out)
    answers, units = property(lambda self: self.network.answers), property(lambda self: self.network.units)
    multiplications = property(lambda self: self.network.multiplications)
    activations = property(lambda self: self.network.activations)

    @cached_property
    def is_weight(self):
        return self.network.is_weight[self.free]

    @property
    def blocks(self):
        """Its weights come in no blocks. Raises ValueError: what asks for them takes the network itself."""
        raise ValueError(f"network: got {self.called}; allowed is {self.network.called}, with all its weights")

    stages = blocks

    def layered(self, values, a):
        return self.network.layered(values, a)

    @cached_property
    def _order(self):
        """Where each weight is found in the free ones followed by the held ones."""
        return np.argsort(np.argsort(~self.free, kind="stable"))

    def whole(self, theta):
        """The free weights (F, ...), of any world, as theta (P, ...) of the network itself."""
        still = self.at[~self.free].reshape((-1,) + (1,) * (theta.ndim - 1))
        return np.concatenate([theta, np.broadcast_to(still, still.shape[:1] + theta.shape[1:])])[self._order]

    def squares(self, theta):
        return self.network.squares(self.whole(theta))

    def forward(self, theta, x, xp=np, output=None):
        return self.network.forward(self.whole(theta), x, xp, output)

    def forward_and_backward(self, loss, theta, x, t, xp=np):
        trace = self.network.forward_and_backward(loss, self.whole(theta), x, t, xp)
        return replace(trace, gradient=trace.gradient[np.flatnonzero(self.free)])
