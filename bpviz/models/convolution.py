"""A convolution along a line, written by hand: the same few weights look at every place of a signal.

x      C channels of n numbers; input c n + p is number p of channel c: (C, n, rows, ...)
k, b   what filter f looks for, and its bias: (F, C, taps), (F,)
z      z[f,p] = sum over c, q of k[f,c,q] x[c, p stride + q - padding] + b[f]: (F, places, rows, ...)
a      f(z), and from it the mean of `pool` places in a row: (F, places/pool, rows, ...)
w, bo  a dense layer makes the scores of all these: (F places/pool, n_out), (n_out,)

Backward, the same weights at every place add up:
    dL/dk[f,c,q] = sum over p of delta[f,p] x[c, p stride + q - padding],   dL/db[f] = sum over p of delta[f,p]
    dL/dx[c,i]   = sum over f, q of k[f,c,q] delta[f,p], p the place that sees i through tap q, if there is one.

Everything is looked up in tables of places (`taps`), forward and backward; nothing is changed in place, so the lines
run on NumPy, Dual and Interval numbers, recorded ones and symbols.
Source: LeCun et al. 1989, Neural Computation 1, pp. 541 to 551; the tables are those of a transposed convolution in
Dumoulin and Visin 2016, arXiv:1603.07285.
"""
from dataclasses import dataclass
from functools import cached_property, lru_cache

import numpy as np

from bpviz.base.arguments import whole
from bpviz.calculus.activations import ACTIVATIONS
from bpviz.network.model import Model
from bpviz.network.stage import Alike, Fan, Stage

MOST = 4096


@lru_cache(maxsize=64)
def taps(size, kernel, stride, padding):
    """Which input each place sees through each tap, and the reverse: whole numbers (places, kernel), (size, kernel).

    `size`, one past the last input, stands for the padding; one past the last place, for no place.

    >>> seen, back = taps(3, 2, 1, 0)
    >>> seen.tolist(), back.tolist()
    ([[0, 1], [1, 2]], [[0, 2], [1, 0], [2, 1]])
    """
    places = (size + 2 * padding - kernel) // stride + 1
    seen = np.arange(places)[:, None] * stride + np.arange(kernel) - padding
    seen = np.where((seen >= 0) & (seen < size), seen, size)
    first = np.arange(size)[:, None] + padding - np.arange(kernel)         # where a place begins that sees it
    back = np.where((first >= 0) & (first % stride == 0) & (first // stride < places), first // stride, places)
    return seen, back


def _looked_up(v, table):
    """v (n, size, rows, ...) at the places of a table (m, taps), one past the last being 0: (n, m, taps, rows, ...)."""
    return np.concatenate([v, 0 * v[:, :1]], axis=1)[:, table]


def convolved(channels, seen, back):
    """(value, slope) of the convolution of so many channels by two tables of `taps`."""
    size = len(back)

    def patches(x):
        return _looked_up(x.reshape(channels, size, *x.shape[1:]), seen)

    def value(xp, k, b, x):
        return np.einsum("fcq...,cpqr...->fpr...", k, patches(x)) + b[:, None, None]

    def slope(xp, delta, z, k, b, x):
        yield np.einsum("fpr...,cpqr...->fcq...", delta, patches(x))
        yield delta.sum(axis=1).sum(axis=1)
        by_x = np.einsum("fcq...,fiqr...->cir...", k, _looked_up(delta, back))
        yield by_x.reshape(channels * size, *by_x.shape[2:])
    return value, slope


def activated(name):
    """(value, slope) of an activation, element by element."""
    record = ACTIVATIONS[name]
    return (lambda xp, z: record.value(xp, z)), (lambda xp, delta, a, z: (delta * record.slope(xp, z, a),))


def averaged(pool):
    """(value, slope) of the mean of every `pool` places in a row."""
    def value(xp, a):
        return a.reshape(a.shape[0], a.shape[1] // pool, pool, *a.shape[2:]).sum(axis=2) / pool

    def slope(xp, delta, mean, a):
        return (delta[:, np.arange(a.shape[1]) // pool] / pool,)
    return value, slope


def _flat(a):
    return a.reshape(a.shape[0] * a.shape[1], *a.shape[2:])


def dense(xp, w, b, a):
    return np.einsum("io...,ir...->or...", w, _flat(a)) + b[:, None]


def dense_slope(xp, delta, z, w, b, a):
    by_w, by_a = np.einsum("ir...,or...->io...", _flat(a), delta), np.einsum("io...,or...->ir...", w, delta)
    return by_w, delta.sum(axis=1), by_a.reshape(*a.shape[:2], *by_a.shape[1:])


@dataclass(frozen=True)
class Convolution(Model):
    """One convolution along a line, an activation, average pooling if wanted, and a dense layer of scores.

    length: how many numbers a channel has.  channels: how many there are: the data has channels * length inputs,
        channel after channel.
    filters: how many kernels look at them.  kernel: their taps.  stride: the step from place to place.
    padding: how many zeros stand before and after each channel.
    pool: the mean of so many places goes on; 1 for every place itself.
    activation: a name.  n_out: how many scores.
    Raises ValueError for sizes below 1, a kernel longer than the padded channel, and a pool that does not divide the
    number of places. A Model as network/model.py says: for a Fit, descend, restarts, prove.

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
        if self.kernel > self.length + 2 * self.padding:
            raise ValueError(f"kernel: got {self.kernel} taps; allowed are at most {self.length + 2 * self.padding}, "
                             "the length with its padding")
        if self.padding >= self.kernel:
            raise ValueError(f"padding: got {self.padding}; allowed is less than the kernel, {self.kernel}")
        if self.places % self.pool:
            raise ValueError(f"pool: got {self.pool}; allowed is what divides the number of places, {self.places}")

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
    def stages(self):
        tables = taps(self.length, self.kernel, self.stride, self.padding)
        work = self.filters * self.channels * self.kernel * self.places
        pooled = (Stage("mean", ("a",), (), *averaged(self.pool)),) if self.pool > 1 else ()
        return (Stage("z", ("x",), ("k", "b"), *convolved(self.channels, *tables), multiplications=work),
                Stage("a", ("z",), (), *activated(self.activation), activation=self.activation), *pooled,
                Stage("score", ("mean" if pooled else "a",), ("w", "bo"), dense, dense_slope))
