"""Interval arithmetic: not a number but two, between which it surely lies.

lo, hi  arrays of one shape: every value meant lies in [lo, hi]

Run any NumPy code of this package on an Interval, and the answer encloses all answers for numbers in
it. Each result is widened by more than its rounding error, so a claim "0 is not in [lo, hi]" is a proof.
Works under Dual numbers too (calculus/dual.py): that encloses slopes, and so Hessians.
Source: Moore, Kearfott and Cloud 2009, Introduction to Interval Analysis, chapters 2 to 5.
"""
import numpy as np

from bpviz.calculus.functions import EPS, FUNCTIONS
from bpviz.calculus.pair import Pair

TINY = 1e-300                          # EPS is more than half an ulp of any normal number, and TINY more than any other
MOST = np.finfo(float).max


def _widened(lo, hi, share=EPS):
    lo, hi = np.minimum(lo, MOST), np.maximum(hi, -MOST)          # what overflows is at least MOST, not inf
    return Interval(lo - (share * np.abs(lo) + TINY), hi + (share * np.abs(hi) + TINY))


def _ends(x):
    return (x.lo, x.hi) if isinstance(x, Interval) else (x, x)


def _multiply(x, y):
    if x is y:
        return _square(x)
    (a, b), (c, d) = _ends(x), _ends(y)
    products = (a * c, a * d, b * c, b * d) if isinstance(y, Interval) and isinstance(x, Interval) else (a * c, b * d)
    lo = hi = products[0]
    for product in products[1:]:
        lo, hi = np.minimum(lo, product), np.maximum(hi, product)
    return _widened(lo, hi)


def _square(x):
    low, high = np.abs(x.lo), np.abs(x.hi)
    least = np.where((x.lo <= 0) & (x.hi >= 0), 0.0, np.minimum(low, high))
    most = np.maximum(low, high)
    return Interval(np.clip(least * least * (1 - EPS) - TINY, 0.0, MOST), most * most * (1 + EPS) + TINY)


def _divide(x, y):
    (a, b), (c, d) = _ends(x), _ends(y)
    across = (np.asarray(c) <= 0) & (np.asarray(d) >= 0)
    quotients = (a / c, a / d, b / c, b / d)
    lo, hi = np.minimum.reduce(np.broadcast_arrays(*quotients)), np.maximum.reduce(np.broadcast_arrays(*quotients))
    return _widened(np.where(across, -np.inf, lo), np.where(across, np.inf, hi))


def _power(x, n):
    result = x
    if n == 2:
        return _square(x)
    for _ in range(int(n) - 1):
        result = _multiply(result, x)
    return result if n else Interval(np.ones_like(x.lo), np.ones_like(x.hi))


def _by_record(function):
    """The rule of an elementary function: where its values lie, widened by its rounding, within its bounds."""
    def rule(*x):
        lo, hi = function.image(function.arrays, *map(_ends, x))
        image = _widened(lo, hi, function.share) if function.share else Interval(lo, hi)
        return Interval(np.maximum(image.lo, function.least), np.minimum(image.hi, function.most))
    return rule


RULES = {
    np.add: lambda x, y: _widened(_ends(x)[0] + _ends(y)[0], _ends(x)[1] + _ends(y)[1]),
    np.subtract: lambda x, y: _widened(_ends(x)[0] - _ends(y)[1], _ends(x)[1] - _ends(y)[0]),
    np.multiply: _multiply,
    np.divide: _divide,
    np.power: _power,
    np.negative: lambda x: Interval(-x.hi, -x.lo),
    **{function.arrays: _by_record(function) for function in FUNCTIONS.values()},
}


class Interval(Pair):
    """The numbers between lo and hi; NumPy's functions act on it through RULES.

    >>> product = Interval(-1.0, 2.0) * Interval(3.0, 4.0)
    >>> float(product.lo) <= -4.0, float(product.hi) >= 8.0, 8.0 - float(product.hi) > -1e-14
    (True, True, True)

    A function without a rule raises TypeError.
    """
    sides = ("lo", "hi")

    def __init__(self, lo, hi):
        self.lo, self.hi = np.asarray(lo, dtype=float), np.asarray(hi, dtype=float)

    @property
    def middle(self):
        return (self.lo + self.hi) / 2

    def elementary(self, function):
        """A function that NumPy has not, by its record."""
        with np.errstate(all="ignore"):
            return RULES[function.arrays](self)

    def sum(self, axis=None):
        """Widened by the rounding of all the additions."""
        lo, hi = self.lo.sum(axis=axis), self.hi.sum(axis=axis)
        terms = self.lo.size // max(lo.size, 1) + 1
        error = EPS * terms * np.maximum(np.abs(self.lo), np.abs(self.hi)).sum(axis=axis)
        return Interval(lo - error - TINY, hi + error + TINY)

    def __array_ufunc__(self, ufunc, method, *inputs, **kwargs):
        if method != "__call__" or ufunc not in RULES or kwargs:
            return NotImplemented
        with np.errstate(all="ignore"):
            return RULES[ufunc](*inputs)

    def __array_function__(self, function, types, args, kwargs):
        if function is np.einsum:
            return _einsum(*args)
        if function in (np.concatenate, np.stack):
            pairs = [_ends(part) for part in args[0]]
            return Interval(*(function(list(ends), *args[1:], **kwargs) for ends in zip(*pairs, strict=True)))
        if function in (np.broadcast_to, np.repeat):
            return self.both(lambda array: function(array, *args[1:], **kwargs))
        if function is np.shape:
            return self.shape
        return NotImplemented


def _einsum(formula, x, y):
    """A sum of products: every product as an Interval, then added up."""
    (first, second), out = formula.split("->")[0].split(","), formula.split("->")[1]
    first, second, out = (letters.replace("...", "") for letters in (first, second, out))
    summed = [letter for letter in dict.fromkeys(first + second) if letter not in out]
    order = [*summed, *out]

    def laid_out(z, letters):
        """Axes in `order`, missing ones of length 1, trailing axes kept."""
        lo, hi = _ends(z)
        there = sorted(range(len(letters)), key=lambda k: order.index(letters[k]))
        shape = [lo.shape[letters.index(letter)] if letter in letters else 1 for letter in order]

        def moved(array):
            rest = range(len(letters), array.ndim)
            return array.transpose(*there, *rest).reshape(*shape, *array.shape[len(letters):])
        return Interval(moved(lo), moved(hi)) if isinstance(z, Interval) else moved(lo)
    x, y = laid_out(x, first), laid_out(y, second)
    more = max(x.ndim, y.ndim)
    x, y = (z.reshape(z.shape + (1,) * (more - z.ndim)) for z in (x, y))
    product = x * y
    for _ in summed:
        product = product.sum(axis=0)
    return product
