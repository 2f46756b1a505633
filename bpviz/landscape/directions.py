"""Directions through a landscape of many weights, to slice it along.

A random direction is normalised filter by filter: the weights into each unit get the same length as those of the
network itself. Otherwise a slice would look flat or steep merely because the weights are large or small.
Source: Li, Xu, Taylor, Studer and Goldstein 2018, NeurIPS, "Visualizing the loss landscape of neural nets", section 4.
"""
import numpy as np

from bpviz.calculus.arguments import cloud


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
    """Two filter-normalised random directions, the second made orthogonal to the first: (2, P)."""
    rng = np.random.default_rng(seed)
    first, second = filter_normalised(network, theta, rng), filter_normalised(network, theta, rng)
    if first @ first > 0:
        second = second - (second @ first) / (first @ first) * first
    return np.stack([first, second])
