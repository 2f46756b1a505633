"""Dual numbers: a value together with how fast it moves.

v  a value, an array of any shape
d  its tangent: the speed of v when theta moves with speed `direction`

Run any NumPy code on Dual(theta, direction) instead of theta, and each answer carries its exact
directional derivative (Griewank and Walther 2008, Evaluating Derivatives, chapter 3). Run on a
hand-written *gradient* it gives exact columns of the Hessian, with nothing else to derive: this
is Pearlmutter's R-operator (1994, Neural Computation 6).

RULES is the table of derivatives: arithmetic here, the elementary functions by their records (functions.py).
"""
import numpy as np

from bpviz.calculus.functions import ARRAYS, FUNCTIONS
from bpviz.calculus.interval import Interval
from bpviz.calculus.pair import Pair


def _by_record(function):
    return lambda *arguments: function.slopes(ARRAYS, *arguments)


RULES = {
    np.add: lambda a, b, v: (1.0, 1.0),
    np.subtract: lambda a, b, v: (1.0, -1.0),
    np.multiply: lambda a, b, v: (b, a),
    np.divide: lambda a, b, v: (1 / b, -v / b),                  # b * b may overflow
    np.power: lambda a, n, v: (n * a ** (n - 1), 0.0),           # constant exponents only
    np.negative: lambda a, v: (-1.0,),
    **{function.arrays: _by_record(function) for function in FUNCTIONS.values()},
}


def _array(x):
    """Numbers as an array of floats; an Interval (calculus/interval.py) as it is."""
    return x if isinstance(x, Interval) else np.asarray(x, dtype=float)


def _value(x):
    return x.v if isinstance(x, Dual) else x


class Dual(Pair):
    """The pair (v, d); NumPy's functions act on it through RULES.

    >>> square = Dual(np.array(3.0), np.array(1.0)) ** 2
    >>> float(square.v), float(square.d)
    (9.0, 6.0)
    """
    sides = ("v", "d")

    def __init__(self, v, d):
        self.v = _array(v)
        d = _array(d)
        self.d = d if d.shape == self.v.shape else np.broadcast_to(d, self.v.shape)

    def sum(self, axis=None):
        return self.both(lambda array: array.sum(axis=axis))

    def mean(self, axis=None):
        return self.both(lambda array: array.mean(axis=axis))

    def elementary(self, function):
        """A function that NumPy has not, by its record."""
        v = function(self.v)
        return Dual(v, RULES[function.arrays](self.v, v)[0] * self.d)

    def __array_ufunc__(self, ufunc, method, *inputs, **kwargs):
        if method != "__call__" or ufunc not in RULES or kwargs:
            return NotImplemented
        plain = [_value(x) for x in inputs]
        v = ufunc(*plain)
        slopes = RULES[ufunc](*plain, v)
        d = sum(slope * x.d for slope, x in zip(slopes, inputs, strict=True) if isinstance(x, Dual))
        return Dual(v, d)

    def __array_function__(self, function, types, args, kwargs):
        if function is np.einsum:            # linear in each operand: the product rule
            formula, *operands = args
            d = 0
            for k, operand in enumerate(operands):
                if isinstance(operand, Dual):
                    d = d + np.einsum(formula, *(o.d if j == k else _value(o) for j, o in enumerate(operands)))
            return Dual(np.einsum(formula, *map(_value, operands)), d)
        if function in (np.concatenate, np.stack):
            parts, axis = args[0], kwargs.get("axis", 0)
            tangents = [p.d if isinstance(p, Dual) else np.zeros(np.shape(p)) for p in parts]
            return Dual(function([_value(p) for p in parts], axis=axis), function(tangents, axis=axis))
        return NotImplemented


def hessian(gradient, theta):
    """The exact Hessian of the loss whose gradient function is given.

    gradient: (P, ...) -> (P, ...), written with NumPy.  theta: (P, ...).  Returns (P, P, ...).

    >>> hessian(lambda w: np.stack([2 * w[0] * w[1], w[0] ** 2]), np.array([3.0, 5.0]))
    array([[10.,  6.],
           [ 6.,  0.]])
    """
    theta = np.asarray(theta, dtype=float)
    P = len(theta)
    copies = np.repeat(theta[:, None], P, axis=1)                     # (P, P, ...): one copy for each direction
    directions = np.eye(P).reshape((P, P) + (1,) * (theta.ndim - 1))
    with np.errstate(all="ignore"):
        slope = gradient(Dual(copies, directions))
    return np.array(slope.d) if isinstance(slope, Dual) else np.zeros((P, *theta.shape))      # it does not move


def curvature_of(objective):
    """The Hessian of an objective as a function: its own, or by dual numbers on its gradient."""
    return getattr(objective, "hessian", None) or (lambda theta: hessian(objective.gradient, theta))
