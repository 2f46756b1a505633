"""One definition, several worlds.

Activations, losses, the forward and the backward pass are written once, against a namespace `xp`.
With `xp = numpy` they compute. With an `ObjectWorld` the very same lines run on arrays of
objects: on SymPy expressions (`symbolic/xp.py`), which proves them, or on `Recorded` numbers
(`network/unroll.py`), which writes them down as a program.

The whole contract is this list; NumPy has all of it:

    exp(z)  expm1(z)  log(z)  tanh(z)  abs(z)  sin(z)  cos(z)  sqrt(z)  logaddexp(u, v)
    maximum(u, v)  minimum(u, v)  heaviside(z, value_at_0)
"""
import numpy as np

UNARY = ("exp", "expm1", "log", "tanh", "abs", "sin", "cos", "sqrt")
BINARY = ("logaddexp", "maximum", "minimum", "heaviside")


class ObjectWorld:
    """An `xp` whose functions act on each element of an object array.

    functions: {name: callable on one element} for every name in UNARY and BINARY.
    """

    def __init__(self, functions):
        missing = set(UNARY + BINARY) ^ set(functions)
        if missing:
            raise ValueError(f"functions: got {sorted(functions)}; too many or missing: {sorted(missing)}")
        for name in UNARY:
            setattr(self, name, np.frompyfunc(functions[name], 1, 1))
        for name in BINARY:
            setattr(self, name, np.frompyfunc(functions[name], 2, 1))
