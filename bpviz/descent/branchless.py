"""exp and its kin without a branch, so that a compiler can do four or eight numbers at once.

Needs numba (extra `fast`). exp(x) = 2^n exp(r) with r = x - n ln 2 in [-0.35, 0.35], where exp(r) is its
Taylor polynomial of degree 13 (error below 1e-17) and 2^n is made from its bits. The others follow from
exp; they are right to 4e-16 of their value. Beyond 709.4 exp is inf, below -708.3 it is 0.
Source: Muller 2016, Elementary Functions, section 9.
"""
import math
from types import FunctionType

from llvmlite import ir
from numba import njit, types
from numba.extending import intrinsic

from bpviz.calculus.functions import FUNCTIONS

FAST = dict(error_model="numpy", fastmath={"contract"}, inline="never")
MAGIC = 6755399441055744.0                 # 1.5 * 2^52: adding it rounds to a whole number, held in the low bits
LOG2E, LN2_HIGH, LN2_LOW = 1.4426950408889634, 0.693147180369123816490, 1.90821492927058770002e-10


@intrinsic
def _power_of_two(typing, shifted):
    """2^n from the bits of n + MAGIC."""
    def generate(context, builder, signature, arguments):
        whole = ir.IntType(64)
        bits = builder.bitcast(arguments[0], whole)
        moved = builder.shl(builder.add(bits, ir.Constant(whole, 1023)), ir.Constant(whole, 52))
        return builder.bitcast(moved, ir.DoubleType())
    return types.float64(types.float64), generate


@njit(**FAST)
def _split(x):
    """(r, 2^n as it is shifted in) of an x that is held within +-709: nan stays nan."""
    x = 709.4 if x > 709.4 else x
    x = -708.3 if x < -708.3 else x
    shifted = x * LOG2E + MAGIC
    n = shifted - MAGIC
    return (x - n * LN2_HIGH) - n * LN2_LOW, _power_of_two(shifted)


@njit(**FAST)
def _series(first, r):
    """first + r^2/2 + r^3/6 + ... + r^13/13!"""
    r2 = r * r                               # in pairs (Estrin): a shorter chain than Horner's, so more at a time
    r4 = r2 * r2
    low = (first + (0.5 + r * (1 / 6.0)) * r2) + ((1 / 24.0 + r * (1 / 120.0))
                                                  + (1 / 720.0 + r * (1 / 5040.0)) * r2) * r4
    high = ((1 / 40320.0 + r * (1 / 362880.0)) + (1 / 3628800.0 + r * (1 / 39916800.0)) * r2) + (
        1 / 479001600.0 + r * (1 / 6227020800.0)) * r4
    return low + high * (r4 * r4)


@njit(**FAST)
def exp(x):
    r, power = _split(x)
    y = _series(1.0 + r, r) * power
    y = math.inf if x > 709.4 else y
    return 0.0 if x < -708.3 else y


@njit(**FAST)
def expm1(x):
    r, power = _split(x)
    y = _series(r, r) * power + (power - 1.0)            # r first: near 0 it is all there is
    return math.inf if x > 709.4 else y


@njit(**FAST)
def logaddexp(u, v):
    """max + log1p(exp(-|u - v|)), the log by its series in s = y / (2 + y): 2 (s + s^3/3 + s^5/5 + ...)."""
    d = u - v
    distance = d if d > 0 else -d
    y = exp(-distance)
    s = y / (2.0 + y)
    q = s * s
    p = 1 / 33.0
    for k in (31.0, 29.0, 27.0, 25.0, 23.0, 21.0, 19.0, 17.0, 15.0, 13.0, 11.0, 9.0, 7.0, 5.0, 3.0, 1.0):
        p = p * q + 1.0 / k
    return (u if d > 0 else v) + 2.0 * s * p


@njit(**FAST)
def fmin(u, v):
    """The smaller one, and v where u is no number."""
    return u if u < v else v


@njit(**FAST)
def maximum(u, v):
    return u if u > v else v


@njit(**FAST)
def minimum(u, v):
    return u if u < v else v


@njit(**FAST)
def heaviside(z, middle):
    return 1.0 if z > 0 else (0.0 if z < 0 else middle)


@njit(**FAST)
def absolute(x):
    return x if x > 0 else -x


@njit(**FAST)
def divide(u, v):
    return u / v


def _compiled(function):
    """A record's function of one float, compiled, and with it what it calls in its own file."""
    if not isinstance(function, FunctionType):                     # math.sqrt and the like
        return njit(**FAST)(lambda x: function(x))
    of = function.__globals__
    names = [name for name in function.__code__.co_names if isinstance(of.get(name), FunctionType)]
    called = {name: _compiled(of[name]) for name in names}
    return njit(**FAST)(FunctionType(function.__code__, {**of, **called}, function.__name__, function.__defaults__))


# The functions that have no form without a branch here: as they are on floats.
globals().update({f.spelled: _compiled(f.number) for f in FUNCTIONS.values() if f.spelled not in globals()})
