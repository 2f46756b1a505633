"""A convolution along a line, written by hand: the same few weights look at every place of a signal.

x      C channels of n numbers; input c n + p is number p of channel c: (C, n, rows, ...)
k, b   what filter f looks for, and its bias: (F, C, taps), (F,)
z      z[f,p] = sum over c, q of k[f,c,q] x[c, p stride + q - padding] + b[f]: (F, places, rows, ...)
a      f(z), and from it the mean of `pool` places in a row: (F, places/pool, rows, ...)
w, bo  a dense layer makes the scores of all these: (F places/pool, n_out), (n_out,)

Backward, the same weights at every place add up:
    dL/dk[f,c,q] = sum over p of delta[f,p] x[c, p stride + q - padding],   dL/db[f] = sum over p of delta[f,p]
    dL/dx[c,i]   = sum over f, q of k[f,c,q] delta[f,p], p the place that sees i through tap q, if there is one.

The steps are those of models/sliding.py, which an image shares.
Source: LeCun et al. 1989, Neural Computation 1, pp. 541 to 551.
"""
from dataclasses import dataclass
from functools import cached_property

from bpviz.base.arguments import whole
from bpviz.calculus.activations import ACTIVATIONS
from bpviz.models.sliding import activated, checked_places, convolved, dense, dense_slope, pooled, taps
from bpviz.network.model import Model
from bpviz.network.stage import Alike, Fan, Stage

MOST = 4096


@dataclass(frozen=True)
class Convolution(Model):
    """One convolution along a line, an activation, average pooling if wanted, and a dense layer of scores.

    length: how many numbers a channel has.  channels: how many there are: the data has channels * length inputs,
        channel after channel.
    filters: how many kernels look at them.  kernel: their taps.  stride: the step from place to place.
    padding: how many zeros stand before and after each channel.
    pool: the mean of so many places goes on; 1 for every place itself.
    activation: a name.  n_out: how many scores.
    Raises ValueError for sizes below 1, a kernel longer than the padded channel, a stride longer than the channel, and
    a pool that does not divide the number of places. A Model as network/model.py says: for a Fit, descend, restarts,
    prove.

    >>> Convolution(length=4, filters=1, kernel=2).names[:4]
    ('k[1,1,1]', 'k[1,1,2]', 'b[1]', 'w[1,1]')
    """
    length: int = 8
    channels: int = 1
    filters: int = 2
    kernel: int = 3
    stride: int = 1
    padding: int = 0
    pool: int = 1
    activation: str = "tanh"
    n_out: int = 1

    def __post_init__(self):
        for name in ("length", "channels", "filters", "kernel", "stride", "padding", "pool", "n_out"):
            object.__setattr__(self, name, whole(name, getattr(self, name), int(name != "padding"), MOST))
        ACTIVATIONS[self.activation]
        checked_places((self.length,), self.kernel, self.stride, self.padding, self.pool)

    @property
    def n_in(self):
        return self.channels * self.length

    @property
    def places(self):
        """How many places a filter looks at."""
        return (self.length + 2 * self.padding - self.kernel) // self.stride + 1

    @cached_property
    def blocks(self):
        """{name: shape}, in the order of theta."""
        F, n = self.filters, self.filters * self.places // self.pool
        return {"k": (F, self.channels, self.kernel), "b": (F,), "w": (n, self.n_out), "bo": (self.n_out,)}

    @property
    def alike(self):
        """Filters may be exchanged, each with what the scores make of it."""
        return (Alike(self.filters, {"k": (0,), "b": (0,), "w": (0,)}, (self.activation,)),)

    @cached_property
    def fans(self):
        """{block of weights: Fan}: a number goes to a place of every filter for each tap."""
        return {"k": Fan(self.filters * self.kernel, 0), "w": Fan(self.n_out)}

    @cached_property
    def tables(self):
        """{block of a kernel: (what each place sees through each tap, the reverse)}, as `taps` makes them."""
        return {"k": taps(self.length, self.kernel, self.stride, self.padding)}

    @cached_property
    def stages(self):
        work = self.filters * self.channels * self.kernel * self.places
        means = (Stage("mean", ("a",), (), *pooled("mean", self.pool)),) if self.pool > 1 else ()
        return (Stage("z", ("x",), ("k", "b"), *convolved(self.channels, *self.tables["k"]), multiplications=work),
                Stage("a", ("z",), (), *activated(self.activation), activation=self.activation), *means,
                Stage("score", ("mean" if means else "a",), ("w", "bo"), dense, dense_slope))
