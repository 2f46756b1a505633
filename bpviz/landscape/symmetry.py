"""The same network in other clothes: hidden units exchanged, or both sides of a unit's weights turned around.

Exchanging two units of a hidden layer changes theta and nothing else. For an odd activation, f(-z) = -f(z)
(tanh, softsign, identity), so does turning the signs of all weights into a hidden unit and of all weights it
says. So every minimum comes in copies, n! per hidden layer of n units, times 2^n for odd activations: they
are one solution, not many. Layers joined by skips move together; a normalised layer can only be turned around
whole, which is left out here.
Source: Chen, Lu and Hecht-Nielsen 1993, Neural Computation 5, 910-927.
"""
import itertools
import math
from dataclasses import replace

import numpy as np

from bpviz.calculus.activations import ACTIVATIONS

MOST_COPIES = 50_000
SAME, SAME_LOSS = 1e-4, 1e-6     # places and losses this much of their size apart, or less, are the same


def is_odd(name):
    """Whether the activation of this name is odd, f(-z) = -f(z), judged at 400 points."""
    z = np.linspace(0.013, 9.0, 400)
    f = ACTIVATIONS[name].value
    return bool(np.allclose(f(np, -z), -f(np, z), rtol=1e-12, atol=1e-14))


def count(network):
    """How many copies of a general theta there are, itself included."""
    return math.prod(math.factorial(n) * (2 ** n if odd else 1) for n, odd, joined in _hidden(network) if not joined)


def _hidden(network):
    """Per hidden layer: how many units, whether each can be turned around, whether it moves with the layer before."""
    for k, n in enumerate(network.sizes[1:-1]):
        first = max(j for j in range(k + 1) if not network.skips[j])          # a chain of skips is odd as a whole
        last = next((j for j in range(k + 1, len(network.skips)) if not network.skips[j]), k + 1)
        odd = not network.layer_norm and all(map(is_odd, network.activations[first:last]))
        yield n, odd, network.skips[k]


def symmetries(network):
    """All copies as maps: (order, sign), each (G, P), so that theta[order[k]] * sign[k] is copy k of theta.

    Raises ValueError for a network with more than 50,000 copies.
    """
    if count(network) > MOST_COPIES:
        raise ValueError(f"network: got one with {count(network):,} symmetric copies; allowed are {MOST_COPIES:,}")
    choices = []
    for n, odd, joined in _hidden(network):
        signs = list(itertools.product((1.0, -1.0), repeat=n)) if odd else [(1.0,) * n]
        choices.append([None] if joined else
                       [(np.array(p), np.array(s)) for p in itertools.permutations(range(n)) for s in signs])
    rows = network.layers(np.arange(network.n_params))
    orders, flips = [], []
    for choice in itertools.product(*choices):
        into = [(np.arange(network.n_in), np.ones(network.n_in))]
        for moved in choice:
            into.append(moved or into[-1])
        into.append((np.arange(network.n_out), np.ones(network.n_out)))
        order, sign = [], []
        for k, (W, b) in enumerate(rows):
            (p, s), (q, t) = into[k], into[k + 1]
            order.append((W[np.ix_(p, q)], b[q] if network.bias else None))
            sign.append((s[:, None] * t[None, :], t if network.bias else None))
        orders.append(network.join(order))
        flips.append(network.join(sign))
    return np.array(orders), np.array(flips)


def copies(network, theta):
    """Every copy of theta (P,): (P, G)."""
    order, sign = symmetries(network)
    return (theta[order] * sign).T


def families(slopes, points):
    """Points (each a Found) merged: the first of each family, with how many copies of it lie apart (0: not known)."""
    network = slopes.network
    maps = symmetries(network) if hasattr(network, "sizes") and count(network) <= MOST_COPIES else None
    losses, kept = slopes.loss(np.array([point.theta for point in points]).T.reshape(slopes.n_params, -1)), []
    for k in np.argsort(losses, kind="stable"):
        theta, loss = points[k].theta, losses[k]
        if any(abs(loss - other) < SAME_LOSS * (1 + abs(other))
               and np.abs(cloud - theta[:, None]).max(axis=0).min() < SAME * (1 + np.abs(theta).max())
               for _, other, cloud in kept):
            continue
        kept.append((points[k], loss, (theta[maps[0]] * maps[1]).T if maps is not None else theta[:, None]))
    return [replace(point, copies=len(np.unique(np.round(cloud / SAME), axis=1).T) if maps is not None else 0)
            for point, _, cloud in kept]


def copy_near(network, path, places, most=2000):
    """The symmetric copy of a path (P, n) that ends nearest to one of `places` (P, K).

    The path itself for no network, one that is no list of layers, no places, or more copies than `most`.
    """
    if not hasattr(network, "sizes") or not places.shape[1] or not 1 < count(network) <= most:
        return path
    order, sign = symmetries(network)
    ends = (path[order, -1] * sign).T
    k = int(np.min([np.linalg.norm(ends - place[:, None], axis=0) for place in places.T], axis=0).argmin())
    return path[order[k]] * sign[k][:, None]
