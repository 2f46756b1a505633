"""A convolution over an image, written by hand: the same few weights look at every place of a picture.

x      C channels of H rows of W pixels; input (c H + i) W + j is pixel i, j of channel c: (C, H, W, rows, ...)
k, b   what filter f looks for, and its bias: (F, C, K, K), (F,)
z      z[f,p,q] = b[f] + sum over c, u, v of k[f,c,u,v] x[c, p s + u - m, q s + v - m], stride s, padding m
a      f(z): (F, H', W', rows, ...), and from it the max, or the mean, of every pool × pool places: first along each
       row ("across"), then down ("pooled"). A max's delta goes to the place that was the largest; of equal ones, to the
       first.
k2, b2 a second convolution of what is left, if wanted: z2, and a2 = f(z2)
w, bo  a dense layer makes the scores of all numbers that are left

Backward, as on a line (models/convolution.py), the same weights at every place add up:
    dL/dk[f,c,u,v] = sum over p, q of delta[f,p,q] x[c, p s + u - m, q s + v - m].
The convolution is torch.nn.Conv2d, the pooling torch.nn.MaxPool2d(pool) and AvgPool2d(pool), the scores those of
torch.nn.Linear after Flatten; w is that layer's weight turned round, (n, n_out).
Source: LeCun et al. 1989, Neural Computation 1, pp. 541 to 551; max pooling: Ranzato, Huang, Boureau and LeCun 2007,
Unsupervised Learning of Invariant Feature Hierarchies, section 3.
"""
from dataclasses import dataclass
from functools import cached_property
from math import prod

from bpviz.base.arguments import whole
from bpviz.calculus.activations import ACTIVATIONS
from bpviz.models import sliding
from bpviz.models.sliding import crossed, pooled, taps
from bpviz.network.model import Model
from bpviz.network.stage import Alike, Fan, Stage

MOST = 4096
MOST_PIXELS = 256


@dataclass(frozen=True)
class Convolution2d(Model):
    """A convolution over an image, an activation, pooling, a second convolution if wanted, and a dense layer of scores.

    height, width: of the image.  channels: how many there are: the data has channels * height * width inputs, channel
        after channel, row after row.
    filters: how many kernels look at them.  kernel: they have kernel × kernel taps.  stride: the step from place to
        place, down and across.  padding: how many zeros stand around each channel.
    pool: what is made of pool × pool places goes on; 1 for every place itself.  pooling: "max" or "mean".
    activation: a name.  n_out: how many scores.
    second: how many filters look at what is left after pooling, with as many taps, stride 1, no padding, and the same
        activation; 0 for no second convolution.
    Raises ValueError for sizes below 1, a kernel larger than the padded image or than what is left for the second
    convolution, a stride larger than the image, and a pool that does not divide the number of places. A Model as
    network/model.py says: for a Fit, descend, restarts, prove.

    >>> Convolution2d(n_out=10).n_params, Convolution2d().names[:2]
    (410, ('k[1,1,1,1]', 'k[1,1,1,2]'))
    """
    height: int = 8
    width: int = 8
    channels: int = 1
    filters: int = 4
    kernel: int = 3
    stride: int = 1
    padding: int = 0
    pool: int = 2
    pooling: str = "max"
    activation: str = "relu"
    n_out: int = 1
    second: int = 0

    def __post_init__(self):
        for name in ("height", "width", "channels", "filters", "kernel", "stride", "pool", "n_out", "padding",
                     "second"):
            least, most = int(name not in ("padding", "second")), MOST_PIXELS if name in ("height", "width") else MOST
            object.__setattr__(self, name, whole(name, getattr(self, name), least, most))
        ACTIVATIONS[self.activation], sliding.POOLINGS[self.pooling]
        sliding.checked_places((self.height, self.width), self.kernel, self.stride, self.padding, self.pool)
        if self.second and self.kernel > min(self.left):
            raise ValueError(f"second: got filters of {self.kernel} × {self.kernel} taps for the "
                             f"{self.left[0]} × {self.left[1]} places left after pooling; allowed are taps that fit: a "
                             "kernel or a pool that is smaller, more padding, or second=0")

    @property
    def shape(self):
        """(channels, height, width) of an image: of x (n_in, rows) it is x.reshape(*shape, rows)."""
        return self.channels, self.height, self.width

    @property
    def n_in(self):
        return prod(self.shape)

    @property
    def places(self):
        """(down, across): at how many places a filter looks."""
        return tuple((size + 2 * self.padding - self.kernel) // self.stride + 1 for size in (self.height, self.width))

    @property
    def left(self):
        """(down, across): how many numbers of each filter are left after pooling."""
        return tuple(n // self.pool for n in self.places)

    @cached_property
    def blocks(self):
        """{name: shape}, in the order of theta."""
        F, K, last = self.filters, self.kernel, (self.filters, *self.left)
        blocks = {"k": (F, self.channels, K, K), "b": (F,)}
        if self.second:
            blocks |= {"k2": (self.second, F, K, K), "b2": (self.second,)}
            last = (self.second, *(n - K + 1 for n in self.left))
        return {**blocks, "w": (prod(last), self.n_out), "bo": (self.n_out,)}

    @property
    def alike(self):
        """Filters may be exchanged, each with what goes by its answers; a max knows a sign from its opposite."""
        turned_by = () if self.pool > 1 and self.pooling == "max" else (self.activation,)
        if not self.second:
            return (Alike(self.filters, {"k": (0,), "b": (0,), "w": (0,)}, turned_by),)
        return (Alike(self.filters, {"k": (0,), "b": (0,), "k2": (1,)}, turned_by),
                Alike(self.second, {"k2": (0,), "b2": (0,), "w": (0,)}, (self.activation,)))

    @cached_property
    def fans(self):
        """{block of weights: Fan}: a pixel goes to a place of every filter for each tap."""
        return {name: Fan(shape[0] * self.kernel ** 2, 0) if len(shape) == 4 else Fan(self.n_out)
                for name, shape in self.blocks.items() if name in self.weight_blocks}

    @cached_property
    def tables(self):
        """{block of a kernel: (what each place sees through each tap, the reverse)}, as `crossed` makes them."""
        K = self.kernel
        tables = {"k": crossed(*(taps(size, K, self.stride, self.padding) for size in self.shape[1:]))}
        return {**tables, "k2": crossed(*(taps(size, K, 1, 0) for size in self.left))} if self.second else tables

    @cached_property
    def stages(self):
        stages = [*self._looking("", "x", self.channels)]
        if self.pool > 1:
            stages += [Stage("across", ("a",), (), *pooled(self.pooling, self.pool, 2)),
                       Stage("pooled", ("across",), (), *pooled(self.pooling, self.pool, 1))]
        if self.second:
            stages += self._looking("2", stages[-1].writes, self.filters)
        return (*stages, Stage("score", (stages[-1].writes,), ("w", "bo"), sliding.dense, sliding.dense_slope))

    def _looking(self, which, at, channels):
        """The two stages of a convolution."""
        seen, back = self.tables[f"k{which}"]
        work = prod(self.blocks[f"k{which}"]) * prod(seen.shape[:2])
        return (Stage(f"z{which}", (at,), (f"k{which}", f"b{which}"), *sliding.convolved(channels, seen, back),
                      multiplications=work),
                Stage(f"a{which}", (f"z{which}",), (), *sliding.activated(self.activation), activation=self.activation))
