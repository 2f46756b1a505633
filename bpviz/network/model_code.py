"""A script that needs only NumPy of any model: its stages run once on arrays that are pieces of Python text.

An array of text has an example beside it, from which it knows its shape. Each stage's value, each delta and the whole
gradient become a line; what happens within a stage stands in that line as the stage does it.
"""
from types import SimpleNamespace

import numpy as np

from bpviz.calculus.functions import ARRAYS, FUNCTIONS
from bpviz.network.written import Writer, Written, array_text, bare, head_of, text_of

SIGNS = {"+": np.add, "-": np.subtract, "*": np.multiply, "/": np.divide, "**": np.power}


class Array(Written):
    """An array that is a piece of Python text, with an example of it."""

    def __init__(self, text, example):
        super().__init__(text)
        self.example = np.asarray(example)
        self.shape, self.ndim = self.example.shape, self.example.ndim

    def _join(self, sign, other, swap=False):
        left, right = (other, self) if swap else (self, other)
        return Array(f"({text_of(left)} {sign} {text_of(right)})", SIGNS[sign](_example(left), _example(right)))

    def __neg__(self):
        return Array(f"(-{self.text})", -self.example)

    def __len__(self):
        return len(self.example)

    def __iter__(self):
        return (self[k] for k in range(len(self)))

    def __getitem__(self, key):
        keys = ", ".join(map(_key, key if isinstance(key, tuple) else (key,)))
        return Array(f"{self.text}[{keys}]", self.example[key])

    def sum(self, axis):
        return Array(f"{self.text}.sum(axis={axis})", self.example.sum(axis=axis))

    def reshape(self, *shape):
        example = self.example.reshape(*shape)
        return Array(f"{self.text}.reshape({', '.join(map(str, example.shape))})", example)

    def __array_function__(self, function, types, args, kwargs):
        told = [*map(_argument, args), *(f"{name}={_argument(value)}" for name, value in kwargs.items())]
        return Array(f"np.{function.__name__}({', '.join(told)})", function(*_example(args), **kwargs))

    def __array_ufunc__(self, ufunc, method, *inputs, **kwargs):
        return Array(f"np.{ufunc.__name__}({', '.join(map(_argument, inputs))})", ufunc(*map(_example, inputs)))


class Theta:
    """theta (P,) in blocks that have names."""

    def __init__(self, model, theta):
        self.names = {place.start: name for name, (place, _) in model.where.items()}
        self.theta, self.shape = theta, theta.shape

    def __getitem__(self, place):
        return Block(self.names[place.start], self.theta[place])


class Block(Array):
    """A block of weights, all its entries in a row; in its own shape it is called by its name alone."""

    def __init__(self, name, entries):
        super().__init__(f"{name}.ravel()", entries)
        self.name = name

    def reshape(self, shape):
        return Array(self.name, self.example.reshape(shape))


def _example(value):
    if isinstance(value, list | tuple):
        return type(value)(map(_example, value))
    return value.example if isinstance(value, Array) else value


def _argument(value):
    if isinstance(value, list | tuple):
        return f"[{', '.join(map(_argument, value))}]"
    if isinstance(value, Written):
        return bare(value)
    return array_text(value) if isinstance(value, np.ndarray) else repr(value)


def _key(key):
    if isinstance(key, slice):
        return ":".join("" if end is None else str(end) for end in (key.start, key.stop)) + (
            "" if key.step is None else f":{key.step}")
    return "..." if key is Ellipsis else array_text(key) if isinstance(key, np.ndarray) else repr(key)


def _on_arrays(name):
    def call(*arguments):
        written = getattr(Writer, name)(*(Written(text_of(a)) for a in arguments))
        return Array(written.text, getattr(ARRAYS, name)(*map(_example, arguments)))
    return call


WORLD = SimpleNamespace(exact=True, **{name: _on_arrays(name) for name in FUNCTIONS})


def model_code(fit, theta):
    """The script of a fit of any model at theta (P,)."""
    model, record, lines = fit.network, fit.loss_record, []

    def named(name, value):
        name = "d_" + name.removeprefix("dL/d") if name.startswith("dL/d") else f"v_{name}"
        lines.append(f"{name} = {bare(value)}")
        return Array(name, value.example)

    blocks, x, t = Theta(model, theta), Array("x", fit.data.x), Array("t", fit.data.y)
    with np.errstate(all="ignore"):
        trace = model.forward_and_backward(record, blocks, x, t, WORLD, named)
        loss = trace.loss + fit.penalty(blocks) if fit.l2 else trace.loss
    lines += [f"loss = {bare(loss)}", f"gradient = {bare(trace.gradient)}"]
    for name, (place, _) in model.where.items():
        pull = float(max(fit.pull[place]))
        lines += [f"gradient[{place.start}:{place.stop}] += {pull!r} * {name}.ravel()"] if pull else []
    lines += [f"gradient[{model.index(name)}] = 0.0  # {name} is frozen" for name in fit.frozen]
    head = head_of(fit, model.called)
    head += [f"{name} = {array_text(block)}" for name, block in model.split(theta).items()]
    tail = ['print("loss", float(loss))']
    tail += [f'print("dL/d{name}", gradient[{place.start}:{place.stop}].reshape({shape}).tolist())'
             for name, (place, shape) in model.where.items()]
    lines = [*head, "", "# forward: v_ is what a stage writes; then backward: d_ is dL by it", *lines, "", *tail]
    if any("math." in line for line in lines):
        lines.insert(1, "import math\n")
    return "\n".join(lines) + "\n"
