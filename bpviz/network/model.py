"""What a network is to everything that trains, draws and proves it: a Model, a list of stages.

stage   one step of the forward pass with its slope beside it: it reads values and weights, and writes one value
block   weights that belong together, an array of its own shape; all blocks in a row are theta (P, ...)
value   what a stage writes, (..., rows, *networks): the rows of the data and the networks come last
delta   dL/dvalue, same shape

Forward, from the first stage to the last:   value = stage.value(xp, *weights, *read)
Backward, from the last to the first:        delta is handed to stage.slope(xp, delta, value, *weights, *read), which
                                             gives one slope for each weight block and each value read; what is read
                                             or used in several places (another time step, a skip) adds them up.

A model is written in one file: a frozen dataclass with `n_in`, `n_out`, `blocks` {name: shape} and `stages`; the first
stage reads "x" (n_in, rows, ...), the last writes the scores z (n_out, rows, ...). Stages use einsum, reshape, sum,
stack, gathers and the functions of `xp`, and change no array in place: so the same lines run on numbers, on Dual,
Interval and recorded numbers, and on symbols (calculus/worlds.py). Layers of dense units have a file of their own,
network/backprop.py, and are a Model too (network/shape.py).
Source: the chain rule over named values, Griewank and Walther 2008, Evaluating Derivatives, section 3.2.
"""
from collections.abc import Callable
from dataclasses import dataclass, fields
from functools import cached_property
from itertools import product
from math import prod

import numpy as np

from bpviz.base.arguments import Table
from bpviz.base.records import checked_fields
from bpviz.network.backprop import Trace


@dataclass(frozen=True)
class Stage:
    """One step of a forward pass, its value beside its slope.

    writes: the name of its value.  reads: names of the values it is made of.  weights: names of its blocks.
    value: (xp, *weights, *read) -> the value.
    slope: (xp, delta, value, *weights, *read) -> a sequence, dL by each of the weights and then by each value read;
        None by the inputs "x", where it would cost and nobody asks for it.
    multiplications: about how many the value takes for one row, where that is more than it has numbers or weights.
    activation: the name of the activation in it, by which curvatures and kinks are judged.
    """
    writes: str
    reads: tuple
    weights: tuple
    value: Callable
    slope: Callable
    multiplications: int = 0
    activation: str = "identity"

    def __post_init__(self):
        checked_fields(self)


@dataclass(frozen=True)
class Fan:
    """How a block of weights joins units to units: what initial weights go by.

    n_out: to how many units one number goes.  axis: the axis of the block that counts the units; along the others lie
    the n_in weights into one unit.
    """
    n_out: int
    axis: int = 1


@dataclass(frozen=True)
class Alike:
    """Hidden units of one kind, which may be exchanged: theta is another then, the function is the same.

    n: how many units.
    blocks: {name: the axes of the block along which they lie, unit after unit, as many entries each}.
    turned_by: the names of all activations that a unit's answer goes through: where they are odd, the signs of all
        weights into a unit and out of it may be turned around; () where that changes the function, as beside a mean
        over units.
    """
    n: int
    blocks: dict
    turned_by: tuple = ()


class Model:
    """Stages in a row, and the weights they use: what a Fit, a proof and a program need to know of a network.

    A kind of model gives n_in, n_out (how many inputs and outputs), blocks (a dict of name: shape, in the order of
    theta; a name that begins with b is a bias, which no penalty is on) and stages (a tuple of Stage); and `fans`, if
    a block of weights is no matrix (n_in, n_out); and `alike`, a tuple of Alike, if it knows its symmetric copies.

    A layer of it is a stage with weights, and the activation that this stage goes into, if it goes into one.
    """

    answers = 1                            # in the scores of a row, one after the other, as one for each step
    held = ()                              # of a Held, the weights that stand still
    alike = None                           # not known: a model need not say which of its units may be exchanged

    @property
    def called(self):
        """What it is called in refusals."""
        return f"a {type(self).__name__}"

    @cached_property
    def where(self):
        """{block: (where it lies in theta, its shape)}."""
        places, start = {}, 0
        for name, shape in self.blocks.items():
            places[name] = slice(start, start + prod(shape)), tuple(shape)
            start += prod(shape)
        return places

    @cached_property
    def n_params(self):
        """P, the number of weights, biases counted."""
        return sum(prod(shape) for shape in self.blocks.values())

    @cached_property
    def names(self):
        """The name of each row of theta: k[1,2] in a block k of two axes, b[1] in one of one."""
        return tuple(f"{name}[{','.join(map(str, place))}]" for name, shape in self.blocks.items()
                     for place in product(*(range(1, n + 1) for n in shape)))

    @cached_property
    def is_weight(self):
        """(P,) booleans: False for the entries of a block whose name begins with b."""
        is_weight = np.concatenate([np.full(prod(shape), not name.startswith("b"))
                                    for name, shape in self.blocks.items()])
        is_weight.flags.writeable = False
        return is_weight

    @cached_property
    def penalised(self):
        """Where in theta the blocks lie that a penalty is on: slices."""
        return tuple(place for name, (place, _) in self.where.items() if not name.startswith("b"))

    def squares(self, theta):
        """The sum of the squares of all weights that a penalty is on, for theta of any world: (P, ...) -> (...)."""
        return sum((theta[place] * theta[place]).sum(axis=0) for place in self.penalised)

    def index(self, name):
        """The row of theta that holds the weight called `name`. Raises ValueError for a name that is not there."""
        return Table("weight", {name: k for k, name in enumerate(self.names)})[name]

    @cached_property
    def fans(self):
        """{block of weights: Fan}; a block is missing that is no matrix, if the model does not say what it is."""
        return {name: Fan(shape[1]) for name, shape in self.blocks.items()
                if len(shape) == 2 and not name.startswith("b")}

    @cached_property
    def _layers(self):
        """Per layer: (place of the stage with its weights, place of the stage with its answer)."""
        into = {stage.reads[0]: k for k, stage in enumerate(self.stages)
                if not stage.weights and len(stage.reads) == 1 and stage.activation != "identity"}
        return tuple((k, into.get(stage.writes, k)) for k, stage in enumerate(self.stages) if stage.weights)

    @property
    def activations(self):
        """The name of each layer's activation, "identity" for a layer without one."""
        return tuple(self.stages[k].activation for _, k in self._layers)

    @property
    def layer_blocks(self):
        """Per layer the names of its blocks, biases too."""
        return tuple(self.stages[k].weights for k, _ in self._layers)

    def layered(self, values, a):
        """Per layer (pre-activations, or deltas; activations): from z, h or delta, and a, of a Trace."""
        return [(values[k], a[j + 1]) for k, j in self._layers]

    @cached_property
    def _counted(self):
        """(numbers, multiplications) that one row takes, by a walk with all weights 0."""
        (values, _), blocks = self._values(np.zeros(self.n_params), np.zeros((self.n_in, 1))), self.blocks
        numbers = {name: np.size(value) for name, value in values.items()}
        return sum(numbers.values()), sum(max(stage.multiplications, numbers[stage.writes],
                                              *(prod(blocks[name]) for name in stage.weights), 0)
                                          for stage in self.stages)

    @property
    def units(self):
        """How many numbers one network meets on one row, the inputs counted: what memory has to hold."""
        return self._counted[0]

    @property
    def multiplications(self):
        """About how many multiplications the forward pass takes for one row."""
        return self._counted[1]

    def split(self, theta):
        """theta (P, ...) as {block: array (*shape, ...)}. No copies."""
        return {name: theta[place].reshape(shape + theta.shape[1:]) for name, (place, shape) in self.where.items()}

    def join(self, blocks):
        """The inverse of `split`, unchecked: {block: array} as theta (P, ...), of numbers and symbols alike."""
        return np.concatenate([blocks[name].reshape((prod(shape),) + blocks[name].shape[len(shape):])
                               for name, (_, shape) in self.where.items()])

    def _values(self, theta, x, xp=np, named=None):
        """{name: value} of the whole forward pass, "x" first; and {name: value} as the stages themselves wrote them."""
        blocks, values, written = self.split(theta), {"x": x}, {}
        for stage in self.stages:
            value = stage.value(xp, *(blocks[name] for name in stage.weights), *(values[name] for name in stage.reads))
            written[stage.writes], values[stage.writes] = value, value if named is None else named(stage.writes, value)
        return values, written

    def forward(self, theta, x, xp=np, output=None, named=None):
        """Let x run through the model: returns (z, h, a), lists as in Trace, an entry for each stage.

        output: of a loss that brings its own output unit: what it makes of the last value.
        named: a function (name, value) -> value that sees every value and may put another in its place.
        """
        x, *z = self._values(theta, x, xp, named)[0].values()
        return z, z, [x, *z[:-1], z[-1] if output is None else output(xp, z[-1])]

    def forward_and_backward(self, loss, theta, x, t, xp=np, named=None):
        """One pass each way, for any `xp`; `loss` is a Loss record. Returns a Trace, an entry for each stage.

        named: as in `forward`; it sees every delta too, as "dL/d" and the value's name. A proof puts symbols there, and
            finds every stage alone between them: its slope is given the named delta and what it read by name, and its
            own value as it wrote it.
        """
        rows, blocks, slopes = loss.divisor(x.shape[1]), self.split(theta), {}
        values, written = self._values(theta, x, xp, named)
        x, *z = values.values()
        o = z[-1] if loss.output is None else loss.output(xp, z[-1])
        delta = {self.stages[-1].writes: loss.slope(xp, z[-1], o, t) / rows}
        for stage in reversed(self.stages):
            name = stage.writes
            if name not in delta:                                 # no way from here to the loss
                delta[name] = 0 * values[name]
            if named is not None:
                delta[name] = named(f"dL/d{name}", delta[name])
            used = [blocks[block] for block in stage.weights], [values[read] for read in stage.reads]
            found = list(stage.slope(xp, delta[name], written[name], *used[0], *used[1]))
            for into, names in ((slopes, stage.weights), (delta, stage.reads)):
                for read in names:
                    slope = found.pop(0)
                    if slope is not None:
                        into[read] = into[read] + slope if read in into else slope
        gradient = self.join({block: slopes[block] if block in slopes else 0 * w for block, w in blocks.items()})
        return Trace(tuple(z), tuple(z), (x, *z[:-1], o), tuple(delta[stage.writes] for stage in self.stages),
                     loss.value(xp, z[-1], o, t).sum(axis=0) / rows, gradient)

    def __getstate__(self):
        """What a worker process is sent: the fields, not what was made from them."""
        return {field.name: self.__dict__[field.name] for field in fields(self)}
