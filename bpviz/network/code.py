"""The network on screen as a script that needs only NumPy.

The formulas are not typed here a second time: the records of calculus/ run once on `Written`
numbers, which note down what is done to them.
"""
import inspect
import re

import numpy as np

from bpviz.base.arguments import fit_of_layers, one_network
from bpviz.calculus.activations import ACTIVATIONS
from bpviz.calculus.functions import FUNCTIONS
from bpviz.network.backprop import EPS, normalise, normalise_back

MOST_WRITTEN = 200_000         # numbers in one script, some 4 MB of it


class Written:
    """A number that is a piece of Python text. parts: how many rows it has, where needed.  minus: its negative."""

    def __init__(self, text, parts=0, minus=None):
        self.text, self.parts, self.minus = text, parts, minus

    def _join(self, sign, other, swap=False):
        left, right = (other, self) if swap else (self, other)
        return type(self)(f"({_text(left)} {sign} {_text(right)})")

    def __add__(self, other):
        return self._join("+", other)

    def __radd__(self, other):
        return self if other == 0 else self._join("+", other, swap=True)

    def __sub__(self, other):
        return self._join("-", other)

    def __rsub__(self, other):
        return self._join("-", other, swap=True)

    def __mul__(self, other):
        return self._join("*", other)

    def __rmul__(self, other):
        return self._join("*", other, swap=True)

    def __truediv__(self, other):
        return self._join("/", other)

    def __rtruediv__(self, other):
        return self._join("/", other, swap=True)

    def __pow__(self, n):
        return self._join("**", n)

    def __neg__(self):
        return self.minus or Written(f"(-{self.text})", minus=self)

    def sum(self, axis):
        return Written(f"{self.text}.sum(axis={axis})")

    def __array_function__(self, function, types, args, kwargs):
        return Written(f"np.{function.__name__}([{', '.join(map(_bare, args[0]))}])")           # np.stack

    def __iter__(self):
        return (Written(f"{self.text}[{k}]") for k in range(self.parts))


class _Entries(Written):
    """All entries of an array one after the other."""

    def sum(self, axis):
        return Written(f"{self.text}.sum()")


class _InBlocks:
    """theta as the script holds it: a piece of it is a block of weights, by name."""

    def __init__(self, network):
        self.names = {place.start: name.upper() for name, (place, _) in network.where.items()}

    def __getitem__(self, place):
        return _Entries(self.names[place.start])


def _text(value):
    return value.text if isinstance(value, Written) else repr(value)


class _Words:
    """An `xp` whose functions write themselves down."""
    exact = True                     # as the books write it; np.logaddexp does not overflow

    @staticmethod
    def by_math(name, z):
        """A function of math, element by element, where NumPy has none."""
        return Written(f"np.vectorize(math.{name}, otypes=[float])({_bare(z)})")


def _write(function):
    """How a script calls it: by what NumPy has."""
    if function.script:
        return lambda *args: function.script(_Words, *args)
    return lambda *args: Written(f"np.{function.name}({', '.join(map(_bare, args))})")


for _name, _function in FUNCTIONS.items():
    setattr(_Words, _name, staticmethod(_write(_function)))


def _bare(written):
    """The text without the outermost brackets."""
    text, depth = _text(written), 0
    if not text.startswith("("):
        return text
    for k, letter in enumerate(text):
        depth += (letter == "(") - (letter == ")")
        if depth == 0:
            return text[1:-1] if k == len(text) - 1 else text
    return text


def _without_docstring(function):
    """The lines of a function of network/backprop.py, for NumPy alone."""
    text = inspect.getsource(function).replace(f'    """{function.__doc__}"""\n', "").rstrip()
    return text.replace("(xp, z)", "(z)").replace("xp.", "np.").replace("EPS", repr(EPS)).splitlines()


def _array(values):
    return "np.array(" + np.array2string(np.asarray(values), separator=", ", threshold=10**9, max_line_width=10**6,
                                         formatter={"float": lambda v: repr(float(v))}).replace("\n", "") + ")"


def code(fit, theta):
    """A Python script with only NumPy: forward pass, loss and gradients of `fit` at theta (P,), as text.

    It prints the loss and the gradient of every weight; they equal fit.loss and fit.gradient to rounding.
    """
    numbers = fit_of_layers("fit", fit, "bp.backprop").n_params + fit.data.x.size + fit.data.y.size
    if numbers > MOST_WRITTEN:
        raise ValueError(f"fit: got {fit.n_params:,} weights and {fit.data.rows:,} rows, {numbers:,} numbers to write "
                         f"down; allowed are at most {MOST_WRITTEN:,}")
    theta = one_network("theta", theta, fit.n_params)
    network, record, z, a = fit.network, fit.loss_record, Written("z"), Written("a")
    o, t = (Written(letter, network.n_out) for letter in "ot")
    last = len(network.sizes) - 1
    used = list(dict.fromkeys(network.activations[:last if record.output is None else last - 1]))
    f = {name: "f" if len(used) == 1 else "f_" + "".join(c if c.isalnum() else "_" for c in name) for name in used}
    over = " / rows" if record.reduction == "mean" else ""
    lines = [f'"""A {"-".join(map(str, network.sizes))} network, {record.name}, the {record.reduction} over rows: '
             'forward, backward, nothing hidden."""', "import numpy as np", "",
             f"x = {_array(fit.data.x)}  # inputs, a column for each row of data",
             f"t = {_array(fit.data.y)}  # targets",
             *(["rows = x.shape[1]"] if over else [])]
    for k, (W, b) in enumerate(network.layers(theta), start=1):
        lines += [f"W{k} = {_array(W)}  # from unit i to unit j"]
        lines += [f"b{k} = {_array(b)}"] if network.bias else []
    for name in used:
        value, slope = ACTIVATIONS[name].value(_Words, z), ACTIVATIONS[name].slope(_Words, z, a)
        lines += ["", "", f"def {f[name]}(z):  # {name}", f"    return {_bare(value)}", "", "",
                  f"def {f[name]}_slope(z, a):", f"    return {_bare(slope)}"]
    if network.layer_norm:
        for function in (normalise, normalise_back):
            lines += ["", "", *_without_docstring(function)]
    heard = {k: f"h{k}" if network.norms[k - 1] else f"z{k}" for k in range(1, last + 1)}
    lines += ["", "", "# forward", "a0 = x"]
    for k in range(1, last + 1):
        lines += [f"z{k} = W{k}.T @ a{k - 1}" + (f" + b{k}[:, None]" if network.bias else "") +
                  (f" + z{k - 1}" if network.skips[k - 1] else "")]
        lines += [f"h{k}, s{k} = normalise(z{k})"] if network.norms[k - 1] else []
        lines += [f"a{k} = {f[network.activations[k - 1]]}({heard[k]})"] if k < last or record.output is None else [
            f"z = z{k}", f"a{k} = {_bare(record.output(_Words, Written('z', network.n_out)))}"]
    lines += [f"z, o = z{last}, a{last}"]
    z = Written("z", network.n_out)
    lines += [f"loss = np.sum({_bare(record.value(_Words, z, o, t))}){over}" +
              (f" + {_text(fit.penalty(_InBlocks(network)))}" if fit.l2 else ""), "", "# backward"]
    error = f"({_bare(record.slope(_Words, z, o, t))}){over}"
    lines += [f"d{last} = {error}" + (f" * {f[network.activations[-1]]}_slope(z{last}, a{last})"
                                      if record.output is None else "")]
    for k, place in zip(range(last, 0, -1), reversed(network.penalised), strict=True):
        lines += [f"dW{k} = a{k - 1} @ d{k}.T" + (f" + {float(max(fit.pull[place]))!r} * W{k}" if fit.l2 else "")]
        lines += [f"db{k} = d{k}.sum(axis=1)"] if network.bias else []
        for name in fit.frozen:
            letter, layer, *place = re.findall(r"[wb]|\d+", name)
            if int(layer) == k:
                entry = ", ".join(str(int(i) - 1) for i in place)
                lines += [f"d{'W' if letter == 'w' else 'b'}{k}[{entry}] = 0.0  # {name} is frozen"]
        if k > 1:
            lines += [f"d{k - 1} = (W{k} @ d{k}) * {f[network.activations[k - 2]]}_slope({heard[k - 1]}, a{k - 1})"]
            lines += [f"d{k - 1} = normalise_back(h{k - 1}, s{k - 1}, d{k - 1})"] if network.norms[k - 2] else []
            lines += [f"d{k - 1} = d{k - 1} + d{k}"] if network.skips[k - 1] else []
    lines += ["", 'print("loss", float(loss))']
    for k in range(1, last + 1):
        lines += [f'print("dL/dW{k}", dW{k}.tolist()' + (f', "dL/db{k}", db{k}.tolist())' if network.bias else ")")]
    if any("math." in line for line in lines):
        lines.insert(1, "import math\n")
    return "\n".join(lines) + "\n"
