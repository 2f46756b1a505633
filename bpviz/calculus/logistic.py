"""The sigmoid and its kin, right to the last digits far out on both sides: what the contract has and NumPy has not.

s(z) = 1 / (1 + e^-z)

With s known to be near 1, neither 1 - s nor s (1 - s) can be had from it: above z = 37 the float s is 1, while
1 - s = s(-z) is still e^-37, and stays an ordinary number down to e^-708. So the slopes are computed from z,
of e^-|z|, which never overflows. Dual numbers and Intervals bring methods of these names: their rules.
"""
import numpy as np


def _ruled(function):
    """`function` on floats; on an argument that brings a rule of that name, its rule."""
    def call(z):
        rule = getattr(z, function.__name__, None)
        return function(z) if rule is None else rule()
    call.__name__, call.__doc__ = function.__name__, function.__doc__
    return call


@_ruled
def sigmoid(z):
    """1 / (1 + e^-z), elementwise; complex numbers are welcome."""
    if np.iscomplexobj(z):
        return 1 / (1 + np.exp(-z))
    e = np.exp(-np.abs(z))
    return np.maximum(e, np.sign(z)) / (1 + e)           # 1 above the line from 0 on, below it e^z


@_ruled
def sigmoid_slope(z):
    """s'(z) = s(z) s(-z)."""
    e = np.exp(-np.abs(z))
    d = 1 + e
    return e / (d * d)


@_ruled
def tanh_slope(z):
    """1 - tanh(z)^2 = 4 s(2z) s(-2z)."""
    return 4 * sigmoid_slope(2 * z)


@_ruled
def softplus(z):
    """ln(1 + e^z): max(z, 0) and what is left of it, five times as fast as np.logaddexp."""
    return np.maximum(z, 0) + np.log1p(np.exp(-np.abs(z)))
