"""The numbers of a derivation without rounding: SymPy's steps in many digits.

In double precision 1 - tanh(z)^2 is 0 from z = 19 on and e^800 is infinite; the steps are right, their
numbers are not. Here the same steps run in 50 digits, and where that is not enough in 400: more than any
two doubles can lie apart, so what comes out is the derivative at these very weights, rounded once.
Of 1 + erf(-12) or 1 + tanh(-60) no digit is left of 50 either, and double precision agrees that it is 0: such
sums are computed as functions of their own.
Source: Johansson et al., mpmath, arbitrary-precision arithmetic.
"""
from functools import cache

import mpmath
import numpy as np
import sympy

from bpviz.calculus.functions import ARRAYS, FUNCTIONS
from bpviz.symbolic.xp import Sigmoid


def _context(digits):
    context = mpmath.MPContext()
    context.dps = digits
    return context


FEW, MANY = _context(50), _context(400)
ALIKE = 1e-6                           # doubles and FEW's digits agree to this: then few are enough


# Those that NumPy has not, in floats.
ON_FLOATS = {symbols: getattr(ARRAYS, name) for name, function in FUNCTIONS.items() if not function.in_numpy
             for symbols in function.named}


NORMAL_CDF = sympy.Function("normal_cdf", real=True)


def whole(formula):
    """A formula with c + c erf(u), c - c tanh(u) and their like as functions that are next to 0 without a difference.

    >>> u = sympy.Symbol("u", real=True)
    >>> whole(u * (1 + sympy.tanh(u)) / 2), whole(sympy.erf(u) - 1)
    (u*Sigmoid(2*u), -2*normal_cdf(-sqrt(2)*u))
    """
    if not formula.has(sympy.erf, sympy.tanh):
        return formula
    return formula.replace(lambda part: part.is_Add, _without_difference)


def _without_difference(total):
    number, rest = total.as_coeff_Add()
    for term in sympy.Add.make_args(rest) if number else ():
        size, function = term.as_coeff_Mul()
        if isinstance(function, sympy.erf | sympy.tanh) and abs(size) == abs(number):
            u = function.args[0] * size / number
            return 2 * number * (NORMAL_CDF(sympy.sqrt(2) * u) if isinstance(function, sympy.erf) else
                                 Sigmoid(2 * u)) + (rest - term)
    return total


def words(context):
    """{name: function} of everything in a context, and of the functions of symbolic/xp.py."""
    known = {name: getattr(context, name) for name in dir(context) if not name.startswith("_")}
    return known | {name: function.in_digits(context) for function in FUNCTIONS.values() for name in function.named}


def program(symbols, outputs, shared):
    """The outputs as one function of a context of mpmath and lists of its numbers, named by `symbols`.

    shared: see sympy.lambdify, cse.  A context is a number of digits; these are nobody else's.
    """
    @cache
    def lines(context):
        return sympy.lambdify(symbols, outputs, [words(context), "mpmath"], cse=shared)
    return lambda context, *numbers: lines(context)(*numbers)


def evaluate(compiled, theta, data, rough, divisor=1):
    """A program's outputs at theta (P,), summed over the rows of data and divided, as floats, each rounded once.

    rough: the same from double precision, one number or one per row for each. nan where there is no value.
    """
    try:
        rough = [float(np.mean(near)) * data.rows / divisor for near in rough]
        found = _summed(compiled, theta, data, divisor, FEW)
        if not all(np.isfinite(near) and few != 0 and abs(few - float(near)) <= ALIKE * abs(few)
                   for few, near in zip(found, rough, strict=True)):
            found = _summed(compiled, theta, data, divisor, MANY)
        return np.array([float(v) for v in found])
    except (ArithmeticError, ValueError, TypeError):      # a division by 0, or the root of a negative number
        return np.full(len(rough), np.nan)


def _summed(compiled, theta, data, divisor, context):
    rows = [compiled(context, *([context.mpf(float(v)) for v in part] for part in (theta, x, t)))
            for x, t in zip(data.x.T, data.y.T, strict=True)]
    return [context.fsum(column) / divisor for column in zip(*rows, strict=True)]
