"""The backward pass of one small network as plain straight-line Python.

A slider needs hundreds of descent steps within milliseconds, and on a handful of weights NumPy
spends its time on bookkeeping. So the very lines of backprop.py run once on `Recorded` numbers,
which write down each operation; the list, compiled, is the same arithmetic in the same order
without any arrays (the trick of taping, Griewank and Walther 2008, section 4.6).
"""
import math

import numpy as np

from bpviz.calculus.functions import FUNCTIONS
from bpviz.calculus.worlds import ObjectWorld
from bpviz.network.frozen import still

MAX_LINES = 1500            # beyond that NumPy is the faster one, and writing the program takes longer than walking


def _divide(u, v):
    """As arrays do: 1/0 is inf, 0/0 nan."""
    if v == 0:
        return math.nan if u == 0 or u != u else math.copysign(math.inf, u) * math.copysign(1, v)
    return u / v


HELPERS = {"divide": _divide, **{f.spelled: f.quiet or f.number for f in FUNCTIONS.values()}}


def _elementwise(operation):
    """The operation with a whole array is the array's business: NumPy does it entry by entry."""
    return lambda self, other: NotImplemented if isinstance(other, np.ndarray) else operation(self, other)


class Recorded:
    """A number that is not known yet; arithmetic on it appends a line to the tape.

    opposite: the number that this one is the negative of, if it was written so.  A tape with `known`, {expression:
    name}, has no expression twice.
    """

    def __init__(self, tape, name, opposite=None):
        self.tape, self.name, self.opposite = tape, name, opposite

    def write(self, expression, opposite=None):
        known = getattr(self.tape, "known", {})
        if expression not in known:
            known[expression] = f"v{len(self.tape)}"
            self.tape.append(f"{known[expression]} = {expression}")
        return Recorded(self.tape, known[expression], opposite)

    @_elementwise
    def __add__(self, other):
        return self if _is(other, 0) else self.write(f"{self.name} + {name_of(other)}")

    @_elementwise
    def __mul__(self, other):
        if _is(other, 1):
            return self
        return self.write(f"{self.name} * {name_of(other)}")

    __radd__, __rmul__ = __add__, __mul__

    @_elementwise
    def __sub__(self, other):
        return self if _is(other, 0) else self.write(f"{self.name} - {name_of(other)}")

    def __rsub__(self, other):
        return self.write(f"{name_of(other)} - {self.name}")

    def __neg__(self):
        return self.write(f"-{self.name}", self)

    @_elementwise
    def __truediv__(self, other):
        if isinstance(other, Recorded):
            return self.write(f"divide({self.name}, {other.name})")
        return self if _is(other, 1) else self.write(f"{self.name} / {name_of(other)}")

    def __rtruediv__(self, other):
        return self.write(f"divide({name_of(other)}, {self.name})")

    def __pow__(self, n):
        return self if n == 1 else self.write(" * ".join([self.name] * n))

    def __abs__(self):                     # what np.abs calls on each
        return self.write(f"absolute({self.name})")

    def _unknown(self, *_):
        raise TypeError("a recorded number is not known yet: nothing can be decided by it")

    __bool__ = __eq__ = __ne__ = _unknown          # Python would take one branch and never say so
    __hash__ = object.__hash__

    def sqrt(self):                        # what np.sqrt calls on each element of an object array
        return self.write(f"sqrt({self.name})")


def _is(value, number):
    return not isinstance(value, Recorded) and value == number


def name_of(value):
    return value.name if isinstance(value, Recorded) else repr(float(value))


def recorder(function):
    def record(*args):
        known = next((a for a in args if isinstance(a, Recorded)), None)
        if known is None:
            return HELPERS[function](*args)
        return known.write(f"{function}({', '.join(map(name_of, args))})")
    return record


RECORDERS = {name: recorder(function.spelled) for name, function in FUNCTIONS.items()}
RECORDING = ObjectWorld(RECORDERS)


def operations(fit):
    """How many arithmetic operations one loss takes, and one loss with all its slopes: (forward, both), counted."""
    network, record, counts = fit.network, fit.loss_record, []
    for backward in (False, True):
        tape = []
        theta = np.array([Recorded(tape, f"w{k}") for k in range(fit.n_params)], dtype=object)
        x, t = fit.data.x.astype(object), fit.data.y.astype(object)
        if backward:
            network.forward_and_backward(record, theta, x, t, RECORDING)
        else:
            z, _, a = network.forward(theta, x, RECORDING, record.output)
            _ = record.value(RECORDING, z[-1], a[-1], t).sum(axis=0) / fit.divisor
        counts.append(len(tape))
    return tuple(counts)


def recorded(tape, letter, shape):
    """An object array of unknown numbers, called letter0, letter1, ..."""
    names = np.array([Recorded(tape, f"{letter}{k}") for k in range(int(np.prod(shape)))], dtype=object)
    return names.reshape(shape)


def unroll(fit):
    """(w_1, ..., w_P) floats -> (loss, (dL/dw_1, ..., dL/dw_P)), equal to backprop(fit, theta).

    Never raises on overflow: inf and nan come back as numbers. Returns None for a network so
    large that the program would be longer than MAX_LINES: there NumPy is the faster one anyway.
    """
    lines = all_rows(fit)
    if lines is None:
        return None
    tape, loss, gradient = lines
    return compiled_lines([f"w{k}" for k in range(fit.n_params)], tape, f"{loss}, ({', '.join(gradient)},)")


def compiled_lines(names, lines, answer):
    """A Python function of these names that runs the lines and returns the answer."""
    scope = dict(HELPERS)
    text = [f"def run({', '.join(names)}):", *lines, f"return {answer}"]
    exec("\n    ".join(text), scope)         # our own lines only: numbers by repr, names from the lists above
    return scope["run"]


def all_rows(fit):
    """The whole backward pass from w0, w1, ...: (lines, name of the loss, names of the gradient); None if too long."""
    if 4 * fit.network.multiplications * fit.data.rows > MAX_LINES:
        return None
    tape = []
    theta = recorded(tape, "w", fit.n_params)
    trace = fit.network.forward_and_backward(fit.loss_record, theta, fit.data.x.astype(object),
                                             fit.data.y.astype(object), RECORDING)
    loss, gradient = trace.loss, list(still(fit, trace.gradient))
    if fit.l2:
        loss = loss + fit.penalty(theta)
    for k in np.flatnonzero(fit.pull):
        gradient[k] = gradient[k] + theta[k] * fit.pull[k]
    return tape, name_of(loss), [name_of(slope) for slope in gradient]
