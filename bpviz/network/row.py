"""The backward pass of one row of data, written for programs that run on thousands of networks (descent/).

The arithmetic of unroll.py in fewer lines: none is written twice, f and f' share their one exp, and what moves no
weight (the loss) is left out. Over numbers that may be inf on the way. The absolute error is below 4e-16; only
tanh loses digits near 0.

e  = e^-z, or e^-2z for tanh
"""
import re

from bpviz.calculus.worlds import ObjectWorld
from bpviz.network.unroll import HELPERS, RECORDERS, Recorded, name_of, recorded


class Thrifty(list):
    """A tape on which no expression is written twice. known: {expression: name}."""

    def __init__(self):
        super().__init__()
        self.known = {}


def _fast_sigmoid(z):
    """1 / (1 + e^-z); for a z known as -u of the e^-u of s(u): s(-u) = e^-u s(u), and 1 where that is inf times 0."""
    if z.opposite is None:
        return 1.0 / ((-z).write(f"exp({(-z).name})") + 1.0)
    s, e = _fast_sigmoid(z.opposite), (-z.opposite).write(f"exp({z.name})")
    return z.write(f"fmin({(e * s).name}, 1.0)")


def _fast_tanh(z):
    return _twice(z)[1] - 1.0


def _twice(z):
    """(e, 2 s(2z)) with e = e^-2z."""
    e = z.write(f"exp({(z * -2.0).name})")
    return e, 2.0 / (e + 1.0)


def _fast_tanh_slope(z):
    e, s = _twice(z)
    return z.write(f"fmin({(e * s).name}, 2.0)") * s


def _fast(name, function):
    """The recorder of `name` by `function` of Recorded numbers; of plain numbers as ever."""
    return lambda z: function(z) if isinstance(z, Recorded) else HELPERS[name](z)


SHARING = ObjectWorld({**RECORDERS, **{name: _fast(name, function) for name, function in {
    "sigmoid": _fast_sigmoid, "sigmoid_slope": lambda z: _fast_sigmoid(z) * _fast_sigmoid(-z),
    "tanh": _fast_tanh, "tanh_slope": _fast_tanh_slope,
    "softplus": lambda z: z.write(f"logaddexp({z.name}, 0.0)")}.items()}})


def one_row(fit):
    """The backward pass for one row of data as a program: (lines, gradient names).

    Its unknowns are the weights w0, w1, ..., the inputs x0, ... and the targets t0, ...; the rows' mean or sum and the
    penalty are left to whoever runs it.
    """
    network, tape = fit.network, Thrifty()
    trace = network.forward_and_backward(fit.loss_record, recorded(tape, "w", fit.n_params),
                                         recorded(tape, "x", (network.n_in, 1)),
                                         recorded(tape, "t", (network.n_out, 1)), SHARING)
    slopes = [name_of(slope) for slope in trace.gradient]
    return _needed(tape, slopes), slopes


def _needed(tape, names):
    """The lines that the numbers called `names` are made of: the loss itself, for one, moves no weight."""
    needed, lines = set(names), []
    for line in reversed(tape):
        name, _, expression = line.partition(" = ")
        if name in needed:
            needed.update(re.findall(r"\bv\d+\b", expression))
            lines.append(line)
    return lines[::-1]
