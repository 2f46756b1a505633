"""Gradient clipping: a gradient longer than allowed is shortened, its direction kept.

    g <- g min(1, longest / (|g| + 1e-6))

It is what a descent needs where the gradient explodes: one step over a cliff would throw the weights far away. It
does nothing for a gradient that vanishes.
Source: Pascanu, Mikolov and Bengio 2013, ICML, algorithm 1; torch.nn.utils.clip_grad_norm_, with its 1e-6.
"""
import numpy as np

from bpviz.base.arguments import real


def clipped(gradient, longest):
    """The gradient (P, ...), each network's shortened to a norm of at most `longest`.

    Raises ValueError for a `longest` of 0 or below. A gradient that overflowed stays as it is.
    """
    longest = real("clip", longest, above=0)
    gradient = np.asarray(gradient, dtype=float)
    with np.errstate(all="ignore"):
        largest = np.abs(gradient).max(axis=0)                     # squares of 1e200 would overflow
        scale = np.where(largest > 0, largest, 1.0)
        norm = scale * np.sqrt(((gradient / scale) ** 2).sum(axis=0))
        return gradient * np.where(np.isfinite(norm), np.minimum(1.0, longest / (norm + 1e-6)), 1.0)
