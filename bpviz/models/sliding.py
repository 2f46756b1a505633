"""What convolutions are made of, on a line and on an image alike: tables of places, patches, pooling, scores.

A table (`taps`) says which input each place sees through each tap; the table of an image is crossed from those of its
two sides. By it a convolution is a dense layer on patches: every place of every row is a row, made of the channels *
taps inputs seen there, and every filter is a unit. Backward the reverse table is looked up, so nothing is scattered or
changed in place, and the lines run on NumPy, Dual and Interval numbers, recorded ones and symbols.

Pooling goes along one axis at a time: the mean or the max over a square is that of its rows, and then of these. A max
is a tournament: who comes later has to be larger to win, and the slope goes to the winner alone.
Source: Dumoulin and Visin 2016, arXiv:1603.07285 (the reverse table is that of a transposed convolution); Chellapilla,
Puri and Simard 2006, High performance convolutional neural networks for document processing, section 3 (the patches).
"""
from functools import lru_cache
from math import prod

import numpy as np

from bpviz.base.arguments import Table
from bpviz.calculus.activations import ACTIVATIONS
from bpviz.network.backprop import contract


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


def crossed(down, across):
    """(seen, back) of an image from the `taps` of its height and of its width: (*places, *taps), (*sizes, *taps).

    >>> crossed(taps(2, 2, 1, 0), taps(3, 2, 1, 0))[0].tolist()
    [[[[0, 1], [3, 4]], [[1, 2], [4, 5]]]]
    """
    def both(rows, columns, tall, wide):
        rows, columns = rows[:, None, :, None], columns[None, :, None, :]
        return np.where((rows < tall) & (columns < wide), rows * wide + columns, tall * wide)
    return (both(down[0], across[0], len(down[1]), len(across[1])),
            both(down[1], across[1], len(down[0]), len(across[0])))


def checked_places(shape, kernel, stride, padding, pool):
    """How many places a kernel has on a line or an image of this shape, along each axis.

    Raises ValueError for a kernel, a stride, a padding or a pool that does not fit.
    """
    def by(*sizes):
        return " × ".join(map(str, sizes * len(shape) if len(sizes) == 1 else sizes))
    padded = [size + 2 * padding for size in shape]
    of = f"on {by(*shape)} inputs" + (f" with padding {padding}" if padding else "")
    if kernel > min(padded):
        raise ValueError(f"kernel: got {by(kernel)} taps; allowed are at most {by(min(padded))}, {of}")
    if padding >= kernel:
        raise ValueError(f"padding: got {padding}; allowed is less than the kernel, {kernel}")
    if stride > max(shape):
        raise ValueError(f"stride: got {stride}; allowed are at most {max(shape)}, {of}")
    places = tuple((size - kernel) // stride + 1 for size in padded)
    if any(n % pool for n in places):
        fit = ", ".join(str(k) for k in range(1, min(places) + 1) if not any(n % k for n in places))
        raise ValueError(f"pool: got {by(pool)} of {by(*places)} places; allowed is what divides the number of places: "
                         f"{fit}")
    return places


def _looked_up(v, table):
    """v (n, size, rows, ...) at the places of a table (m, taps), one past the last being 0: (n, m, taps, rows, ...)."""
    if table.max() == v.shape[1]:
        v = np.concatenate([v, 0 * v[:, :1]], axis=1)
    return v.take(table, axis=1) if type(v) is np.ndarray else v[:, table]       # take lays the answer out in order


def _flat(v, networks):
    """v (..., rows, *networks) as (n, rows, *networks); networks: how many axes they have."""
    lead = v.ndim - 1 - networks
    return v.reshape(prod(v.shape[:lead]), *v.shape[lead:])


def convolved(channels, seen, back):
    """(value, slope) of the convolution of so many channels by two tables of `taps`, of a line or crossed for an image.

    It is a dense layer on patches: each place of each row is a row of its own, of the channels * taps inputs it sees.
    """
    axes = seen.ndim // 2
    (places, kernel), size = (seen.shape[:axes], seen.shape[axes:]), prod(back.shape[:axes])
    n_taps = prod(kernel)
    seen, back = seen.reshape(-1, n_taps).T, back.reshape(-1, n_taps).T                 # tap by tap

    def patches(x, networks):
        x = _flat(x, networks)
        met = _looked_up(x.reshape(channels, size, *x.shape[1:]), seen)
        return met.reshape(channels * n_taps, prod(places) * x.shape[1], *x.shape[2:])

    def value(xp, k, b, x):
        filters, *networks = len(k), *k.shape[2 + axes:]
        z = contract("io...,or...->ir...", k.reshape(filters, channels * n_taps, *networks), patches(x, len(networks)))
        z = z + b[:, None]
        return z.reshape(filters, *places, z.shape[1] // prod(places), *z.shape[2:])

    def slope(xp, delta, z, k, b, x):
        filters, *networks = len(k), *k.shape[2 + axes:]
        delta = delta.reshape(filters, prod(places), *delta.shape[1 + axes:])
        rows, *more = delta.shape[2:]
        each = delta.reshape(filters, prod(places) * rows, *more)
        by_k = contract("ir...,or...->io...", each, patches(x, len(networks)))
        yield by_k.reshape(filters, channels, *kernel, *by_k.shape[2:])
        yield each.sum(axis=1)
        turned = np.arange(filters * channels * n_taps).reshape(filters, channels, n_taps).swapaxes(0, 1)
        turned = k.reshape(turned.size, *networks)[turned.reshape(channels, filters * n_taps)]
        seers = _looked_up(delta, back).reshape(filters * n_taps, size * rows, *more)
        by_x = contract("io...,or...->ir...", turned, seers)
        yield by_x.reshape(*x.shape[:x.ndim - 1 - len(networks)], rows, *by_x.shape[2:])
    return value, slope


def activated(name):
    """(value, slope) of an activation, element by element."""
    record = ACTIVATIONS[name]
    return (lambda xp, z: record.value(xp, z)), (lambda xp, delta, a, z: (delta * record.slope(xp, z, a),))


def _mean(xp, members):
    return sum(members[1:], members[0]) / len(members)


def _mean_back(xp, delta, members):
    return [delta / len(members)] * len(members)


def _bests(xp, members):
    """The best so far, after each match of a tournament: who comes later has to be larger."""
    best = [members[0]]
    for member in members[1:]:
        best.append(xp.maximum(member, best[-1]))
    return best


def _max_back(xp, delta, members):
    into = []
    for member, best in zip(members[:0:-1], _bests(xp, members)[-2::-1], strict=True):      # the last match first
        won = xp.heaviside(member - best, 0)
        into.append(delta * won)
        delta = delta * (1 - won)
    return [delta, *into[::-1]]


def _max(xp, members):
    return _bests(xp, members)[-1]


POOLINGS = Table("pooling", {"mean": (_mean, _mean_back), "max": (_max, _max_back)})


def pooled(pooling, pool, axis=1):
    """(value, slope) of what a pooling makes of every `pool` places in a row along an axis."""
    answer, shares = POOLINGS[pooling]

    def members(a):
        groups = a.reshape(*a.shape[:axis], a.shape[axis] // pool, pool, *a.shape[axis + 1:])
        return [groups[(*(slice(None),) * (axis + 1), k)] for k in range(pool)]

    def value(xp, a):
        return answer(xp, members(a))

    def slope(xp, delta, best, a):
        into = np.stack(shares(xp, delta, members(a)), axis=axis + 1)
        return (into.reshape(*a.shape[:axis + 1], *into.shape[axis + 2:]),)
    return value, slope


def dense(xp, w, b, a):
    return contract("io...,ir...->or...", w, _flat(a, w.ndim - 2)) + b[:, None]


def dense_slope(xp, delta, z, w, b, a):
    by_w = contract("ir...,or...->io...", _flat(a, w.ndim - 2), delta)
    by_a = contract("io...,or...->ir...", w, delta)
    return by_w, delta.sum(axis=1), by_a.reshape(*a.shape[:a.ndim + 1 - w.ndim], *by_a.shape[1:])
