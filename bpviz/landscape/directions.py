"""Directions through a landscape of many weights, to slice it along.

A random direction is normalised filter by filter: the weights into each unit get the same length as those of the
network itself. Otherwise a slice would look flat or steep merely because the weights are large or small.
Source: Li, Xu, Taylor, Studer and Goldstein 2018, NeurIPS, "Visualizing the loss landscape of neural nets", section 4.
"""
import numpy as np

from bpviz.base.arguments import cloud

TRIES = 64


def filter_normalised(network, theta, rng):
    """A random direction (P,): for every unit its incoming weights are as long as theta's; biases stay as they are (0).

    theta: (P,), one network.  rng: a numpy Generator.
    """
    theta = cloud("theta", theta, network.n_params)
    layers = []
    for W, b in network.layers(theta):
        d = rng.normal(size=W.shape)
        d = d * np.linalg.norm(W, axis=0) / np.linalg.norm(d, axis=0)
        layers.append((d, np.zeros_like(b) if network.bias else None))
    return network.join(layers)


def two_random(network, theta, seed):
    """Two filter-normalised random directions, the second made orthogonal to the first: (2, P).

    Of very small networks, where both can come out parallel, the second is drawn anew until they are not.
    """
    rng = np.random.default_rng(seed)
    first, second = filter_normalised(network, theta, rng), filter_normalised(network, theta, rng)
    if first @ first > 0:
        for _ in range(TRIES):
            across = second - (second @ first) / (first @ first) * first
            if across @ across > 1e-12 * (second @ second):
                break
            second = filter_normalised(network, theta, rng)
        second = across
    return np.stack([first, second])
