"""What an expression is at a point, to 30 digits: no algebra, so it can check what algebra says.

SymPy's own evalf may ask for gigabytes at e^e^e^50; here such a number is no number.
"""
import random
from types import SimpleNamespace

import mpmath

from bpviz.calculus.functions import FUNCTIONS

NUMBERS = mpmath.MPContext()                             # its digits are nobody else's
NUMBERS.dps = 30
FARTHEST = 100_000                                       # as far as exp is followed


def places(symbols, ranges, n):
    """n places to try, {symbol: number}, the same on every call. ranges: {name: (low, high)}, else from -2 to 2."""
    rng = random.Random(1)
    for _ in range(n):
        yield {s: NUMBERS.mpf(rng.uniform(*ranges.get(s.name, (-2, 2)))) for s in symbols}


def value(expression, point):
    """The expression at a point {symbol: number}, to 30 digits, or None where it has no real value of any size."""
    try:
        return _value(expression, point)
    except (ZeroDivisionError, ValueError):
        return None


def _value(e, point):
    if e.is_Symbol:
        return point[e]
    if e.is_Rational:
        return NUMBERS.mpf(e.p) / e.q
    if e.is_number and not e.args:                       # pi, and numbers with a point
        return NUMBERS.mpf(e.evalf(NUMBERS.dps))
    args = [_value(arg, point) for arg in e.args]
    if e.is_Add:
        return NUMBERS.fsum(args)
    if e.is_Mul:
        return NUMBERS.fprod(args)
    if e.is_Pow:
        base, exponent = args
        if e.exp.is_Integer:
            return base ** int(e.exp)
        return VALUES["exp"](exponent * VALUES["log"](base)) if base != 0 or exponent < 0 else base
    return VALUES[type(e).__name__](*args)


def _exp(u):
    if u > FARTHEST:
        raise ValueError("larger than any number that is worked with")
    return NUMBERS.exp(max(u, -FARTHEST))


def _log(u):
    if u <= 0:
        raise ValueError("no real value")
    return NUMBERS.log(u)


_WORLD = SimpleNamespace(**{name: getattr(NUMBERS, name) for name in dir(NUMBERS) if not name.startswith("_")})
_WORLD.exp, _WORLD.log = _exp, _log
# SymPy's name of a function -> its value.
VALUES = {name: function.in_digits(_WORLD) for function in FUNCTIONS.values() for name in function.named}
