"""Directions through a landscape of many weights, to slice it along.

A direction is normalised filter by filter: the weights into each unit get the same length as those of the network
itself. Otherwise a slice would look flat or steep merely because the weights are large or small.
Source: Li, Xu, Taylor, Studer and Goldstein 2018, NeurIPS, "Visualizing the loss landscape of neural nets", section 4.
"""
import numpy as np

from bpviz.base.arguments import cloud, instance
from bpviz.network.shape import Network

TRIES = 64


def filter_normalised(network, theta, direction):
    """A direction, made as long as theta unit by unit: the weights into each unit are as long as theta's. (P,)

    network: a Network.  theta: (P,), where the slice goes through.  direction: (P,), such as the difference of two
    trained networks, or random numbers. What it does to biases is left out (0); a unit into which it moves no weight
    stays. Raises ValueError for another shape or NaN.
    Source: Li et al. 2018, section 4: d <- d |theta| / |d|, for each filter.
    """
    P = instance("network", network, Network, "a Network").n_params
    theta, direction = cloud("theta", theta, P), cloud("direction", direction, P)
    for name, value in (("theta", theta), ("direction", direction)):
        if value.ndim != 1:
            raise ValueError(f"{name}: got shape {value.shape}; allowed is ({P:,},)")
    layers = []
    for (W, b), (d, _) in zip(network.layers(theta), network.layers(direction), strict=True):
        size = np.abs(d).max(axis=0, initial=0)                     # first to 1: the square of 1e-200 is 0
        d = d / np.where(size > 0, size, 1)
        length = np.linalg.norm(d, axis=0)
        layers.append((d * np.linalg.norm(W, axis=0) / np.where(length > 0, length, 1),
                       np.zeros_like(b) if network.bias else None))
    return network.join(layers)


def _random(network, theta, rng):
    """A random direction (P,), filter-normalised."""
    drawn = [(rng.normal(size=W.shape), b) for W, b in network.layers(theta)]
    return filter_normalised(network, theta, network.join(drawn))


def two_random(network, theta, seed):
    """Two filter-normalised random directions, the second made orthogonal to the first: (2, P).

    Of very small networks, where both can come out parallel, the second is drawn anew until they are not.
    """
    rng = np.random.default_rng(seed)
    first, second = _random(network, theta, rng), _random(network, theta, rng)
    if first @ first > 0:
        for _ in range(TRIES):
            across = second - (second @ first) / (first @ first) * first
            if across @ across > 1e-12 * (second @ second):
                break
            second = _random(network, theta, rng)
        second = across
    return np.stack([first, second])
