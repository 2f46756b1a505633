"""The same network in other clothes: hidden units exchanged, or both sides of a unit's weights turned around.

Exchanging two units of a hidden layer changes theta and nothing else. For an odd activation, f(-z) = -f(z)
(tanh, softsign, identity), so does turning the signs of all weights into a hidden unit and of all weights it
says. So every minimum comes in copies, n! per hidden layer of n units, times 2^n for odd activations: they
are one solution, not many. Which units may be exchanged the model says (`alike`, network/model.py); one that does not
say has copies that are not known.
Source: Chen, Lu and Hecht-Nielsen 1993, Neural Computation 5, 910-927.
"""
import itertools
import math
from dataclasses import replace
from functools import reduce

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
    """How many copies of a general theta there are, itself included; None where the model does not say."""
    return None if network.alike is None else math.prod(
        math.factorial(units.n) * (2 ** units.n if _turns(units) else 1) for units in network.alike)


def known(network):
    """Whether the copies of a theta of this network, or None for no network, are known and not too many to look at."""
    many = count(network) if hasattr(network, "alike") else None
    return many is not None and many <= MOST_COPIES


def _turns(units):
    return bool(units.turned_by) and all(map(is_odd, units.turned_by))


def symmetries(network):
    """All copies as maps: (order, sign), each (G, P), so that theta[order[k]] * sign[k] is copy k of theta.

    Raises ValueError for a network with more than 50,000 copies, or one that does not say which there are.
    """
    if not known(network):
        if count(network) is None:
            raise ValueError(f"network: got {network.called}, whose copies are not known; allowed is one with `alike`")
        raise ValueError(f"network: got one with {count(network):,} symmetric copies; allowed are {MOST_COPIES:,}")
    choices = []
    for units in network.alike:
        signs = list(itertools.product((1.0, -1.0), repeat=units.n)) if _turns(units) else [(1.0,) * units.n]
        choices.append([(np.array(p), np.array(s)) for p in itertools.permutations(range(units.n)) for s in signs])
    orders, flips = [], []
    for choice in itertools.product(*choices):
        moved, order, sign = list(zip(network.alike, choice, strict=True)), [], []
        for name, (place, shape) in network.where.items():
            along, turned = [np.arange(n) for n in shape], [np.ones(n) for n in shape]
            for units, (p, s) in moved:
                for axis in units.blocks.get(name, ()):
                    along[axis] = along[axis].reshape(units.n, -1)[p].ravel()
                    turned[axis] = np.repeat(s, shape[axis] // units.n)
            order.append(place.start + np.ravel_multi_index(np.ix_(*along), shape).ravel())
            sign.append(reduce(np.multiply.outer, turned).ravel())
        orders.append(np.concatenate(order))
        flips.append(np.concatenate(sign))
    return np.array(orders), np.array(flips)


def copies(network, theta):
    """Every copy of theta (P,): (P, G)."""
    order, sign = symmetries(network)
    return (theta[order] * sign).T


def families(slopes, points):
    """Points (each a Found) merged: the first of each family, how many copies of it lie apart (None: not known)."""
    network = slopes.network
    maps = symmetries(network) if known(network) else None
    losses, kept = slopes.loss(np.array([point.theta for point in points]).T.reshape(slopes.n_params, -1)), []
    for k in np.argsort(losses, kind="stable"):
        theta, loss = points[k].theta, losses[k]
        if any(abs(loss - other) < SAME_LOSS * (1 + abs(other))
               and np.abs(cloud - theta[:, None]).max(axis=0).min() < SAME * (1 + np.abs(theta).max())
               for _, other, cloud in kept):
            continue
        kept.append((points[k], loss, (theta[maps[0]] * maps[1]).T if maps is not None else theta[:, None]))
    return [replace(point, copies=len(np.unique(np.round(cloud / SAME), axis=1).T) if maps is not None else None)
            for point, _, cloud in kept]


def copy_near(network, path, places, most=2000):
    """The symmetric copy of a path (P, n) that ends nearest to one of `places` (P, K).

    The path itself for no network, copies that are not known, no places, or more copies than `most`.
    """
    if not known(network) or not places.shape[1] or not 1 < count(network) <= most:
        return path
    order, sign = symmetries(network)
    ends = (path[order, -1] * sign).T
    k = int(np.min([np.linalg.norm(ends - place[:, None], axis=0) for place in places.T], axis=0).argmin())
    return path[order[k]] * sign[k][:, None]
