"""One definition, several worlds.

Activations, losses, the forward and the backward pass are written once, against a namespace `xp`.
With `xp = numpy` they compute. With an `ObjectWorld` the very same lines run on arrays of
objects: on SymPy expressions (`symbolic/xp.py`), which proves them, or on `Recorded` numbers
(`network/unroll.py`), which writes them down as a program.

The whole contract is the table of calculus/functions.py, a function of xp for each record; NumPy has most of them, and
`beyond(xp)` has them all.
"""
import numpy as np

from bpviz.calculus.functions import ARRAYS, FUNCTIONS


def beyond(xp):
    """The namespace where the world of `xp` keeps all of the contract: beyond(np).sigmoid(z)."""
    return ARRAYS if xp is np else xp


class ObjectWorld:
    """An `xp` whose functions act on each element of an object array.

    functions: {name: callable on one element} for every name in FUNCTIONS.
    exact: nothing overflows or is rounded here, so a formula may be left as the books write it.
    constant: makes one of this world's numbers from one of SymPy's; None: they stay as they are where the world is
        exact, and become floats elsewhere.
    """

    def __init__(self, functions, exact=False, constant=None):
        self.exact = exact
        if constant is not None:
            self.constant = constant
        missing = set(FUNCTIONS) ^ set(functions)
        if missing:
            raise ValueError(f"functions: got {sorted(functions)}; too many or missing: {sorted(missing)}")
        for name, record in FUNCTIONS.items():
            setattr(self, name, np.frompyfunc(functions[name], record.n_arguments, 1))
