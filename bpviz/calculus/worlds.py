"""One definition, several worlds.

Activations, losses, the forward and the backward pass are written once, against a namespace `xp`.
With `xp = numpy` they compute. With an `ObjectWorld` the very same lines run on arrays of
objects: on SymPy expressions (`symbolic/xp.py`), which proves them, or on `Recorded` numbers
(`network/unroll.py`), which writes them down as a program.

The whole contract is this list; NumPy has the first two lines of it, and `beyond(xp)` the third:

    exp(z)  expm1(z)  log(z)  tanh(z)  abs(z)  sin(z)  cos(z)  sqrt(z)  logaddexp(u, v)
    maximum(u, v)  minimum(u, v)  heaviside(z, value_at_0)
    sigmoid(z)  sigmoid_slope(z)  tanh_slope(z)  softplus(z)
"""
import numpy as np

from bpviz.calculus import logistic

EXTRA = ("sigmoid", "sigmoid_slope", "tanh_slope", "softplus")
UNARY = ("exp", "expm1", "log", "tanh", "abs", "sin", "cos", "sqrt", *EXTRA)
BINARY = ("logaddexp", "maximum", "minimum", "heaviside")


def beyond(xp):
    """The namespace where the world of `xp` keeps what NumPy has not: beyond(np).sigmoid(z)."""
    return logistic if xp is np else xp


class ObjectWorld:
    """An `xp` whose functions act on each element of an object array.

    functions: {name: callable on one element} for every name in UNARY and BINARY.
    exact: nothing overflows or is rounded here, so a formula may be left as the books write it.
    """

    def __init__(self, functions, exact=False):
        self.exact = exact
        missing = set(UNARY + BINARY) ^ set(functions)
        if missing:
            raise ValueError(f"functions: got {sorted(functions)}; too many or missing: {sorted(missing)}")
        for name in UNARY:
            setattr(self, name, np.frompyfunc(functions[name], 1, 1))
        for name in BINARY:
            setattr(self, name, np.frompyfunc(functions[name], 2, 1))
