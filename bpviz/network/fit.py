"""A network, a loss and data together: the number that training makes small.

Anything with `n_params`, `loss(theta)` and `gradient(theta)` is an *objective*; optimizers,
planes and the search for critical points know nothing more. A Fit is the objective of the
course; calculus/surfaces.py has others.
"""
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from bpviz.base.arguments import MOST_NUMBERS, cloud, instance, numeric, one_network, real, refuse, sequence, shown
from bpviz.calculus.dual import hessian
from bpviz.calculus.interval import Interval
from bpviz.calculus.losses import loss_named
from bpviz.network.backprop import backprop
from bpviz.network.data import Data
from bpviz.network.held import Held
from bpviz.network.model import Model
from bpviz.network.unroll import unroll

CACHED = 20_000                  # numbers (weights x rows x networks): more do not fit the cache of a processor


@dataclass(frozen=True, eq=False)
class Fit:
    """How well `network` fits `data`: loss(theta) = mean over rows of the row's loss + l2 * sum of w^2.

    loss_name: "squared error" (sum over outputs of (o - t)^2), "half squared error", "binary cross-entropy",
        "softmax cross-entropy", or "cross-entropy", which picks the binary one for one output.
        A cross-entropy replaces the network's last activation by its own sigmoid or softmax.
    l2: weight of the penalty on the squared weights; biases are not penalised.
    frozen: names of weights that stay where they start, such as ("b1[1]", "b1[2]"): their slope is 0, in every descent.
    reduction: "mean" over the rows, or their "sum", as in torch.nn; the penalty is the same for both. A batch of rows
        (bp.MiniBatch) is reduced in the same way: its own mean, or its own sum.
    Raises ValueError if data and network do not belong together, and for a name that is no weight's.
    """
    network: Model
    loss_name: str
    data: Data
    l2: float = 0.0
    frozen: tuple = ()
    reduction: str = "mean"
    is_fit = True

    def __post_init__(self):
        instance("network", self.network, Model, "a Network")
        instance("data", self.data, Data, "a Data, such as DATA['xor']")
        object.__setattr__(self, "l2", real("l2", self.l2, 0))
        names = sequence("frozen", self.frozen, 'allowed is a sequence of names such as ("b1[1]",)', 100_000)
        for name in names:
            try:
                self.network.index(name)
            except ValueError as error:
                raise ValueError(f"frozen: {str(error).removeprefix('weight: ')}") from None
        if len(set(names)) == self.network.n_params:
            refuse("frozen", names, "allowed are fewer, so that a weight is left to learn")
        object.__setattr__(self, "frozen", names)
        for what, units, size in (("inputs", len(self.data.x), self.network.n_in),
                                  ("targets", len(self.data.y), self.network.n_out)):
            if units != size:
                raise ValueError(f"data: {shown(self.data.name)} has {units} {what}; "
                                 f"{self.network.called} takes {size}{self._class_numbers(size)}")
        wrong = self.loss_record.accepts(self.data.y)
        if wrong:
            raise ValueError(f"data: {self.loss_record.name} got {wrong}{self._class_numbers(3)}")

    def _class_numbers(self, outputs):
        """A hint where the targets look like class numbers and should be one-hot."""
        y = self.data.y
        alike = len(y) == 1 and outputs > 1 and (y == np.round(y)).all() and y.min() >= 0 and 2 <= y.max() < 1000
        return (": class numbers become one-hot targets by bp.Data.from_rows(x.T, y, classes=True)" if alike else "")

    @cached_property
    def most_networks(self):
        """How many networks can be evaluated at once: every unit's answer to every row has to be held."""
        return MOST_NUMBERS // (self.data.rows * self.network.units)

    @cached_property
    def _most(self):
        """The same, as numbers in theta."""
        return self.network.n_params * self.most_networks

    def admit(self, theta):
        """theta as finite floats (P, ...), if there is room for what its networks answer; ValueError otherwise."""
        P = self.network.n_params
        theta = theta if type(theta) is np.ndarray else cloud("theta", theta, P)
        if theta.size > self._most and theta.shape[:1] == (P,):          # before every number is looked at
            numbers = theta[0].size * self.data.rows * self.network.units
            raise ValueError(f"theta: got {theta[0].size:,} networks; what their {self.network.units:,} units "
                             f"answer to {self.data.rows:,} rows are {numbers:,} numbers; allowed are at most "
                             f"{MOST_NUMBERS:,} at once: fewer networks or rows")
        return cloud("theta", theta, P)

    @cached_property
    def loss_record(self):
        return loss_named(self.loss_name, self.network.n_out, self.reduction, self.network.answers)

    @property
    def divisor(self):
        """What the sum over the rows is divided by: their number, or 1."""
        return self.loss_record.divisor(self.data.rows)

    @property
    def n_params(self):
        return self.network.n_params

    @property
    def names(self):
        return self.network.names

    def loss(self, theta):
        """The loss at theta: (P, ...) -> (...). An Interval theta gives an Interval that encloses it."""
        theta = theta if isinstance(theta, Interval) else self.admit(theta)
        with np.errstate(all="ignore"):
            value = self._values(theta).sum(axis=0) / self.divisor
            if self.l2:
                value = value + self.penalty(theta)
        return value

    def _values(self, theta):
        """The loss of each row: (rows, ...)."""
        extra, record = (1,) * (theta.ndim - 1), self.loss_record
        x, t = (array.reshape(array.shape + extra) for array in (self.data.x, self.data.y))
        z, _, a = self.network.forward(theta, x, np, record.output)
        return record.value(np, z[-1], a[-1], t)

    def by_row(self, theta):
        """What each row adds to the loss at theta: (P, ...) -> (rows, ...); with the penalty they sum to the loss."""
        with np.errstate(all="ignore"):
            return self._values(self.admit(theta)) / self.divisor

    def penalty(self, theta):
        """l2 times the sum of the squared weights, for theta of any world: (P, ...) -> (...)."""
        return self.network.squares(theta) * self.l2

    @cached_property
    def pull(self):
        """(P,): the penalty's slope by each weight is pull * weight; 0 for a bias and where a weight is frozen."""
        return 2 * self.l2 * (self.network.is_weight & self.free)

    @cached_property
    def free(self):
        """(P,) booleans: which weights are not frozen."""
        free = np.ones(self.n_params, bool)
        free[[self.network.index(name) for name in self.frozen]] = False
        return free

    def free_at(self, theta):
        """The Fit in its free weights alone, the frozen ones standing where theta (P,) has them: a Fit of F weights.

        Its `network.whole` makes theta (P, ...) of free weights (F, ...). Raises ValueError for another shape or NaN.
        """
        theta = one_network("theta", theta, self.n_params)
        return replace(self, network=Held(self.network, theta, self.free), frozen=())

    def gradient(self, theta, rows=None):
        """dL/dtheta by the hand-written backward pass: (P, ...) -> (P, ...); rows: of these rows only."""
        return backprop(self, theta, rows=rows).gradient

    def hessian(self, theta):
        """The exact second derivatives: (P, ...) -> (P, P, ...)."""
        theta = self.admit(theta)
        if theta.size * len(theta) > MOST_NUMBERS or theta.size > len(theta) * max(1, self.most_networks // len(theta)):
            raise ValueError(f"theta: got {theta[0].size:,} networks of {len(theta):,} weights; allowed are fewer: "
                             f"the Hessians take {theta.size * len(theta):,} numbers, at most {MOST_NUMBERS:,}")
        flat, n = theta.reshape(len(theta), -1), self.hessians_at_once
        pieces = [hessian(lambda dual: backprop(self, dual).gradient, flat[:, k:k + n])
                  for k in range(0, max(flat.shape[1], 1), n)]
        return np.concatenate(pieces, axis=-1).reshape(len(theta), *theta.shape)

    @property
    def hessians_at_once(self):
        """Of how many networks the second derivatives are worked out together, so that the numbers fit the cache."""
        return max(1, CACHED // (self.n_params * self.data.rows))

    def predict(self, theta, x=None):
        """The outputs for inputs x (n_in, rows), by default the data's: (n_out, rows, ...).

        x may be (rows,) for one input. Raises ValueError for any other shape: nothing is broadcast.
        """
        theta = cloud("theta", theta, self.n_params)
        x = self.data.x if x is None else self._inputs(x)
        if theta[0].size * x.shape[1] * self.network.units > MOST_NUMBERS:
            raise ValueError(f"x: got {x.shape[1]:,} rows for {theta[0].size:,} networks; allowed are fewer: what the "
                             f"units answer would be more than {MOST_NUMBERS:,} numbers at once")
        with np.errstate(all="ignore"):
            *_, a = self.network.forward(theta, x.reshape(x.shape + (1,) * (theta.ndim - 1)), np,
                                         self.loss_record.output)
        return a[-1]

    def _inputs(self, x):
        """New inputs as (n_in, rows), an example a column."""
        x, n = numeric("x", x), self.network.n_in
        if n == 1 and x.ndim == 1:
            x = x[None]
        if x.ndim != 2 or len(x) != n or x.size == 0:
            hint = (": one example is a column, x[:, None]" if x.shape == (n,) else
                    ": an example is a column, write x.T" if x.ndim == 2 and x.shape[1] == n else "")
            raise ValueError(f"x: got shape {x.shape}; allowed is ({n}, rows), an input a row and an example a column"
                             + hint)
        return x

    def __getstate__(self):
        """What a worker process is sent: the fields, not the programs made from them."""
        return {name: self.__dict__[name] for name in ("network", "loss_name", "data", "l2", "frozen", "reduction")}

    @cached_property
    def single(self):
        """For one network at a time: a function of P floats -> (loss, gradient), ten times as fast as NumPy."""
        return unroll(self)
