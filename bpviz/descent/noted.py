"""Arrays that write down what is done to them: the trick of network/unroll.py, for whole arrays instead of numbers.

A `Noted` array takes part in any NumPy arithmetic. Every call goes onto its tape, with an example of the result, which
tells shape and type. The same call on the same arguments is noted once.
"""
import numpy as np

from bpviz.network.backprop import PLAIN

BASIC = (int, slice, type(None), type(Ellipsis))
ABOUT = (np.shape, np.ndim, np.size, np.iscomplexobj, np.isrealobj, np.result_type)      # ask for no number
MANY = 2000                     # numbers from which the quicker of two ways to the same result is worth its call


def step_up(z, out=None):
    """np.heaviside(z, 0), ten times as fast: 1 above 0, else 0; nan stays nan."""
    return np.clip(np.ceil(z, out=out), 0, 1, out=out)


def log_sum_exp(z, out=None):
    """np.logaddexp.reduce(z): log of the sum of e^z over the first axis, the largest term aside, the rest by log1p."""
    top = z.max(axis=0)
    below = z < top
    rest = np.multiply(np.exp(z - top), below).sum(axis=0) + (len(z) - 1 - np.add.reduce(below, axis=0, dtype=np.int8))
    return np.add(top, np.log1p(rest), out=out)


def _largest(z, out=None):
    return np.maximum.reduce(z, axis=0, out=out)


# A call on every row, in one on all rows: (how, from how many numbers on it is quicker).
FOLDS = {np.logaddexp: (log_sum_exp, MANY), np.maximum: (_largest, 0)}


def _folded(ufunc, u, v):
    """(z, n) if ufunc(u, v) is ufunc(ufunc(z[0], z[1]), ...) of the first n rows of z, else None."""
    z, row = getattr(v, "row", None) or (None, None)
    before = getattr(u, "row" if row == 1 else "fold", None)
    so_far = {1: (z, 0)}.get(row, (ufunc, z, row))
    return (z, row + 1) if row and before and all(a is b or (isinstance(a, int) and a == b)
                                                  for a, b in zip(before, so_far, strict=True)) else None


def _quicker(ufunc, inputs):
    """(ufunc, inputs) that give the same, faster on many numbers: NumPy does a scalar operand one number at a time."""
    z, number = inputs if len(inputs) == 2 else (None, None)
    if isinstance(z, Noted) and isinstance(number, int | float) and z.size >= MANY and z.dtype == float:
        if ufunc is np.heaviside and number == 0:
            return step_up, (z,)
        if ufunc in (np.maximum, np.minimum):
            return np.clip, (z, number, np.inf) if ufunc is np.maximum else (z, -np.inf, number)
    return ufunc, inputs


class Noted(np.lib.mixins.NDArrayOperatorsMixin):
    """An array that is not known yet; NumPy's functions on it are written down. k: its place on the tape."""

    def __init__(self, tape, k, example):
        self.tape, self.k, self.example = tape, k, np.asarray(example)

    shape, ndim, size, dtype = (property(lambda self, name=name: getattr(self.example, name))
                                for name in ("shape", "ndim", "size", "dtype"))

    def __len__(self):
        return len(self.example)

    def __iter__(self):
        return (self[k] for k in range(len(self)))

    def __bool__(self):
        raise TypeError("a number that is not known yet decides nothing")

    def __array__(self, *_, **__):
        raise TypeError("an array that is not known yet has no numbers")

    def __getitem__(self, key):
        if not all(isinstance(part, BASIC) for part in (key if isinstance(key, tuple) else (key,))):
            raise TypeError(f"index: got {key!r}; allowed are views")
        row = self.tape.note("view", _at, (self, key))
        if isinstance(key, int):
            row.row = self, key
        return row

    def reshape(self, *shape):
        return self.tape.note("view", np.reshape, (self, shape[0] if len(shape) == 1 else shape))

    @property
    def T(self):
        return self.tape.note("view", np.transpose, (self,))

    def sum(self, axis=None):
        return self.tape.note("sum", np.add.reduce, (self, axis))

    def mean(self, axis=None):
        total = self.sum(axis)
        return total / (self.size // total.size)

    def __array_ufunc__(self, ufunc, method, *inputs, **kwargs):
        if method != "__call__" or kwargs or ufunc.nout != 1:
            return NotImplemented
        if ufunc is np.power and _is(inputs[1], 2):
            ufunc, inputs = np.square, inputs[:1]
        if ufunc in (np.multiply, np.divide) and _is(inputs[1], 1) and self.dtype == float:
            return self
        if ufunc is np.multiply and _is(inputs[0], 1) and self.dtype == float:
            return self
        fold = _folded(ufunc, *inputs) if ufunc in FOLDS else None
        if fold and 3 <= fold[1] == len(fold[0]) <= 127 and fold[0].size >= FOLDS[ufunc][1]:
            return self.tape.note("apart", FOLDS[ufunc][0], (fold[0],))
        result = self.tape.note("ufunc", *_quicker(ufunc, inputs))
        if fold:
            result.fold = (ufunc, *fold)
        return result

    def __array_function__(self, function, types, args, kwargs):
        if function is np.einsum and args[0] in PLAIN and args[1].ndim == args[2].ndim == 2:
            left, right = {"io...,ir...->or...": lambda u, v: (u.T, v), "io...,or...->ir...": lambda u, v: (u, v),
                           "ir...,or...->io...": lambda u, v: (u, v.T)}[args[0]](*args[1:])
            return self.tape.note("apart", np.dot, (left, right))
        if function is np.concatenate and not kwargs and len(args) == 1 and all(part.ndim == 1 for part in args[0]):
            return self.tape.note("join", np.concatenate, (tuple(args[0]),))
        if function in ABOUT:
            return function(*put(args, lambda part: part.example), **kwargs)
        return self.tape.note("call", lambda *parts: function(*parts, **kwargs), args)


def _is(value, number):
    return isinstance(value, int | float) and value == number


def _at(array, key):
    return array[key]


class Tape:
    """What was noted: steps [(kind, function, arguments)], and `noted`, the result of each.

    kinds: given; view: of its first argument's buffer; ufunc: may write over what it reads; sum, apart: may not;
    join: vectors end to end; call: cannot write into a buffer.
    """

    def __init__(self):
        self.steps, self.noted, self._known = [], [], {}

    def unknown(self, example):
        """An array that is given before every run."""
        return self._add(("given", None, ()), example)

    def note(self, kind, function, args):
        key = kind, function, tuple(map(_key, args))
        if key not in self._known:
            self._known[key] = self._add((kind, function, args), function(*put(args, lambda part: part.example)))
        return self._known[key]

    def _add(self, step, example):
        if not isinstance(example, np.ndarray | np.generic):
            raise TypeError(f"{step[1]}: got {type(example).__name__}; allowed is an array")
        self.steps.append(step)
        self.noted.append(Noted(self, len(self.noted), example))
        return self.noted[-1]


def _key(part):
    """What tells one argument from another: its place on the tape, its value, or which object it is."""
    if isinstance(part, Noted):
        return "noted", part.k
    if isinstance(part, tuple | list):
        return tuple(map(_key, part))
    return (type(part), repr(part)) if isinstance(part, int | float | slice) else id(part)


def put(args, value):
    """The arguments with every noted array replaced by value(it), lists and tuples gone through."""
    return [value(part) if isinstance(part, Noted) else type(part)(put(part, value))
            if isinstance(part, tuple | list) else part for part in args]
