"""The activations written a second time, in the textbooks' own form: an oracle must not share bpviz's lines.

One table for every test. An entry is (value, slope), functions of (m, z) over a namespace m: NumPy with SciPy,
autograd, or mpmath with as many digits as wanted. Both are written so that 50 digits lose nothing far out. At a kink
the slope is the one from the left.
"""
from functools import partial
from types import SimpleNamespace

import autograd.numpy as anp
import autograd.scipy.special
import numpy as np
import scipy.special


def sigmoid(m, z):
    return 1 / (1 + m.exp(-z))


def rising(m, z):
    return m.where(z > 0, 1.0, 0.0)


ACTIVATIONS = {
    "sigmoid": (sigmoid, lambda m, z: sigmoid(m, z) * sigmoid(m, -z)),
    "tanh": (lambda m, z: m.tanh(z), lambda m, z: 4 * sigmoid(m, 2 * z) * sigmoid(m, -2 * z)),
    "relu": (lambda m, z: m.where(z > 0, z, 0 * z), rising),
    "leaky relu": (lambda m, z: m.where(z > 0, z, z / 100), lambda m, z: 1 / m.where(z > 0, 1.0, 100.0)),
    "elu": (lambda m, z: m.where(z > 0, z, m.expm1(m.where(z > 0, 0 * z, z))),
            lambda m, z: m.exp(m.where(z > 0, 0 * z, z))),
    "softplus": (lambda m, z: m.log1p(m.exp(-abs(z))) + m.where(z > 0, z, 0 * z), sigmoid),
    "swish": (lambda m, z: z * sigmoid(m, z), lambda m, z: sigmoid(m, z) * (1 + z * sigmoid(m, -z))),
    "gelu": (lambda m, z: z * m.erfc(-z / m.sqrt(2)) / 2,
             lambda m, z: m.erfc(-z / m.sqrt(2)) / 2 + z * m.exp(-z * z / 2) / m.sqrt(2 * m.pi)),
    "softsign": (lambda m, z: z / (1 + abs(z)), lambda m, z: 1 / (1 + abs(z)) ** 2),
    "lecun tanh": (lambda m, z: m.tanh(z * 2 / 3) * 17159 / 10000,
                   lambda m, z: 4 * sigmoid(m, z * 4 / 3) * sigmoid(m, -z * 4 / 3) * 17159 / 15000),
    "identity": (lambda m, z: z, lambda m, z: 1 + 0 * z),
}


def digits(m):
    """An mpmath context as such a namespace."""
    return SimpleNamespace(**{name: getattr(m, name) for name in ("exp", "expm1", "log1p", "tanh", "sqrt", "pi")},
                           erfc=lambda z: m.erfc(max(min(z, m.mpf(10) ** 6), -m.mpf(10) ** 6)),       # 0 or 2 beyond
                           where=lambda condition, u, v: m.mpf(u if condition else v))


def on(m):
    """{name: (value, slope)}, functions of z alone, over the namespace m."""
    return {name: tuple(partial(function, m) for function in pair) for name, pair in ACTIVATIONS.items()}


FLOATS = SimpleNamespace(**{**vars(np), "erfc": scipy.special.erfc})
AUTOGRAD = SimpleNamespace(**{**vars(anp), "erfc": autograd.scipy.special.erfc})
