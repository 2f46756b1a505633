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
from dataclasses import fields
from functools import cached_property
from itertools import product
from math import prod

import numpy as np

from bpviz.base.arguments import Table
from bpviz.network.backprop import Trace
from bpviz.network.stage import Fan


class Model:
    """Stages in a row, and the weights they use: what a Fit, a proof and a program need to know of a network.

    A kind of model gives n_in, n_out (how many inputs and outputs), blocks (a dict of name: shape, in the order of
    theta; a name that begins with b is a bias, which no penalty is on; nor is one on those in `gains`) and stages (a
    tuple of Stage); and `fans`, if a block of weights is no matrix (n_in, n_out); and `alike`, a tuple of Alike, if it
    knows its symmetric copies.

    A layer of it is a stage with weights, and the activation that this stage goes into, if it goes into one.
    """

    answers = 1                            # in the scores of a row, one after the other, as one for each step
    held = ()                              # of a Held, the weights that stand still
    gains = ()                             # names of blocks that begin at 1 and, as a bias, bear no penalty
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
    def weight_blocks(self):
        """The names of the blocks that are neither biases nor gains."""
        return tuple(name for name in self.blocks if not name.startswith("b") and name not in self.gains)

    @cached_property
    def is_weight(self):
        """(P,) booleans: False for the entries of a bias or a gain."""
        is_weight = np.concatenate([np.full(prod(shape), name in self.weight_blocks)
                                    for name, shape in self.blocks.items()])
        is_weight.flags.writeable = False
        return is_weight

    @cached_property
    def penalised(self):
        """Where in theta the blocks lie that a penalty is on: slices."""
        return tuple(self.where[name][0] for name in self.weight_blocks)

    def squares(self, theta):
        """The sum of the squares of all weights that a penalty is on, for theta of any world: (P, ...) -> (...)."""
        return sum((theta[place] * theta[place]).sum(axis=0) for place in self.penalised)

    def index(self, name):
        """The row of theta that holds the weight called `name`. Raises ValueError for a name that is not there."""
        return Table("weight", {name: k for k, name in enumerate(self.names)})[name]

    @cached_property
    def fans(self):
        """{block of weights: Fan}; a block is missing that is no matrix, if the model does not say what it is."""
        return {name: Fan(self.blocks[name][1]) for name in self.weight_blocks if len(self.blocks[name]) == 2}

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
        rows, blocks = loss.divisor(x.shape[1]), self.split(theta)
        values, written = self._values(theta, x, xp, named)
        x, *z = values.values()
        o = z[-1] if loss.output is None else loss.output(xp, z[-1])
        delta, slopes = self._back(xp, loss.slope(xp, z[-1], o, t) / rows, blocks, values, written, named)
        gradient = self.join({block: slopes[block] if block in slopes else 0 * w for block, w in blocks.items()})
        return Trace(tuple(z), tuple(z), (x, *z[:-1], o), tuple(delta[stage.writes] for stage in self.stages),
                     loss.value(xp, z[-1], o, t).sum(axis=0) / rows, gradient)

    def _back(self, xp, last, blocks, values, written, named=None, to_inputs=False):
        """({value: delta}, {block: slope}) from the delta of the last value."""
        delta, slopes = {self.stages[-1].writes: last}, {}
        for stage in reversed(self.stages):
            name = stage.writes
            if name not in delta:                                 # no way from here to the loss
                delta[name] = 0 * values[name]
            if named is not None:
                delta[name] = named(f"dL/d{name}", delta[name])
            used = [blocks[block] for block in stage.weights], [values[read] for read in stage.reads]
            found = iter(stage.slope(xp, delta[name], written[name], *used[0], *used[1]))
            reads = stage.reads if to_inputs or stage.reads[-1] != "x" else stage.reads[:-1]
            for into, names in ((slopes, stage.weights), (delta, reads)):
                for read in names:
                    slope = next(found)
                    into[read] = into[read] + slope if read in into else slope
        return delta, slopes

    def to_inputs(self, theta, x, d, xp=np):
        """dL/dx, of the shape of x (n_in, rows, ...), from d, dL/dz of the scores z (n_out, rows, ...).

        With d = 1 for one score and 0 for the others it says which inputs that score hangs on.
        """
        values, written = self._values(theta, x, xp)
        return self._back(xp, d, self.split(theta), values, written, to_inputs=True)[0]["x"]

    def __getstate__(self):
        """What a worker process is sent: the fields, not what was made from them."""
        return {field.name: self.__dict__[field.name] for field in fields(self)}
