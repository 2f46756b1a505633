"""The backward pass of one small network as plain straight-line Python.

A slider needs hundreds of descent steps within milliseconds, and on a handful of weights NumPy
spends its time on bookkeeping. So the very lines of backprop.py run once on `Recorded` numbers,
which write down each operation; the list, compiled, is the same arithmetic in the same order
without any arrays (the trick of taping, Griewank and Walther 2008, section 4.6).
"""
import math

import numpy as np

from bpviz.calculus.worlds import ObjectWorld
from bpviz.network.backprop import forward, forward_and_backward

MAX_LINES = 1500            # beyond that NumPy is the faster one, and writing the program takes longer than walking


def _guarded(function):
    def call(*args):
        try:
            return function(*args)
        except OverflowError:
            return math.inf
        except (ValueError, ZeroDivisionError):
            return math.nan
    return call


def _logaddexp(u, v):
    high, low = (u, v) if u > v else (v, u)
    return high + math.log1p(math.exp(low - high)) if math.isfinite(high) else high + low * 0


HELPERS = {
    "exp": _guarded(math.exp), "expm1": _guarded(math.expm1), "log": _guarded(math.log), "tanh": math.tanh,
    "sin": _guarded(math.sin), "cos": _guarded(math.cos), "sqrt": _guarded(math.sqrt),
    "absolute": abs, "logaddexp": _guarded(_logaddexp), "divide": _guarded(lambda u, v: u / v),
    "maximum": lambda u, v: u if u > v or u != u else v,
    "minimum": lambda u, v: u if u < v or u != u else v,
    "heaviside": lambda z, middle: 1.0 if z > 0 else (0.0 if z < 0 else (middle if z == 0 else z)),
}


def _elementwise(operation):
    """The operation with a whole array is the array's business: NumPy does it entry by entry."""
    return lambda self, other: NotImplemented if isinstance(other, np.ndarray) else operation(self, other)


class Recorded:
    """A number that is not known yet; arithmetic on it appends a line to the tape."""

    def __init__(self, tape, name):
        self.tape, self.name = tape, name

    def _write(self, expression):
        name = f"v{len(self.tape)}"
        self.tape.append(f"{name} = {expression}")
        return Recorded(self.tape, name)

    @_elementwise
    def __add__(self, other):
        return self if _is(other, 0) else self._write(f"{self.name} + {_name(other)}")

    @_elementwise
    def __mul__(self, other):
        if _is(other, 1):
            return self
        return self._write(f"{self.name} * {_name(other)}")

    __radd__, __rmul__ = __add__, __mul__

    @_elementwise
    def __sub__(self, other):
        return self if _is(other, 0) else self._write(f"{self.name} - {_name(other)}")

    def __rsub__(self, other):
        return self._write(f"{_name(other)} - {self.name}")

    def __neg__(self):
        return self._write(f"-{self.name}")

    @_elementwise
    def __truediv__(self, other):
        if isinstance(other, Recorded):
            return self._write(f"divide({self.name}, {other.name})")
        return self if _is(other, 1) else self._write(f"{self.name} / {_name(other)}")

    def __rtruediv__(self, other):
        return self._write(f"divide({_name(other)}, {self.name})")

    def __pow__(self, n):
        return self._write(" * ".join([self.name] * n))

    def sqrt(self):                        # what np.sqrt calls on each element of an object array
        return self._write(f"sqrt({self.name})")


def _is(value, number):
    return not isinstance(value, Recorded) and value == number


def _name(value):
    return value.name if isinstance(value, Recorded) else repr(float(value))


def _recorder(function):
    def record(*args):
        known = next((a for a in args if isinstance(a, Recorded)), None)
        if known is None:
            return HELPERS[function](*args)
        return known._write(f"{function}({', '.join(map(_name, args))})")
    return record


RECORDING = ObjectWorld({**{name: _recorder(name) for name in HELPERS if name not in ("divide", "absolute")},
                         "abs": _recorder("absolute")})


def operations(fit):
    """How many arithmetic operations one loss takes, and one loss with all its slopes: (forward, both), counted."""
    network, record, counts = fit.network, fit.loss_record, []
    for backward in (False, True):
        tape = []
        theta = np.array([Recorded(tape, f"w{k}") for k in range(fit.n_params)], dtype=object)
        x, t = fit.data.x.astype(object), fit.data.y.astype(object)
        if backward:
            forward_and_backward(network, record, theta, x, t, RECORDING)
        else:
            z, a = forward(network, theta, x, RECORDING, record.output)
            _ = record.value(RECORDING, z[-1], a[-1], t).sum(axis=0) / fit.data.rows
        counts.append(len(tape))
    return tuple(counts)


def recorded(tape, letter, shape):
    """An object array of unknown numbers, called letter0, letter1, ..."""
    names = np.array([Recorded(tape, f"{letter}{k}") for k in range(int(np.prod(shape)))], dtype=object)
    return names.reshape(shape)


def one_row(fit):
    """The backward pass for one row of data as a program: (lines, gradient names).

    Its unknowns are the weights w0, w1, ..., the inputs x0, ... and the targets t0, ...; the mean over rows and the
    penalty are left to whoever runs it.
    """
    network, tape = fit.network, []
    trace = forward_and_backward(network, fit.loss_record, recorded(tape, "w", fit.n_params),
                                 recorded(tape, "x", (network.sizes[0], 1)),
                                 recorded(tape, "t", (network.sizes[-1], 1)), RECORDING)
    return tape, [_name(slope) for slope in trace.gradient]


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
    multiplications = sum(a * b for a, b in zip(fit.network.sizes, fit.network.sizes[1:], strict=False))
    if 4 * multiplications * fit.data.rows > MAX_LINES:
        return None
    tape = []
    theta = recorded(tape, "w", fit.n_params)
    trace = forward_and_backward(fit.network, fit.loss_record, theta,
                                 fit.data.x.astype(object), fit.data.y.astype(object), RECORDING)
    loss, gradient = trace.loss, list(trace.gradient)
    if fit.l2:
        for k in np.flatnonzero(fit.network.is_weight):
            loss = loss + theta[k] * theta[k] * fit.l2
            gradient[k] = gradient[k] + theta[k] * (2 * fit.l2)
    return tape, _name(loss), [_name(slope) for slope in gradient]
