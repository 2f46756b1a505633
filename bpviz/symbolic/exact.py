"""The numbers of a derivation without rounding: SymPy's steps in many digits.

In double precision 1 - tanh(z)^2 is 0 from z = 19 on and e^800 is infinite; the steps are right, their
numbers are not. Here the same steps run in 50 digits, and where that is not enough in 400: more than any
two doubles can lie apart, so what comes out is the derivative at these very weights, rounded once.
Source: Johansson et al., mpmath, arbitrary-precision arithmetic.
"""
import mpmath
import numpy as np
import sympy

from bpviz.calculus.functions import ARRAYS, FUNCTIONS

FEW, MANY = 50, 400                    # digits
ALIKE = 1e-6                           # doubles and FEW digits agree to this: then few are enough


# The functions of symbolic/xp.py in mpmath.
WORDS = {name: function.in_digits(mpmath) for function in FUNCTIONS.values() for name in function.named}
# Those that NumPy has not, in floats.
ON_FLOATS = {symbols: getattr(ARRAYS, name) for name, function in FUNCTIONS.items() if not function.in_numpy
             for symbols in function.named}


def program(symbols, outputs, shared):
    """The outputs as one function of lists of mpf named by `symbols`. shared: see sympy.lambdify, cse."""
    return sympy.lambdify(symbols, outputs, [WORDS, "mpmath"], cse=shared)


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


def _summed(compiled, theta, data, divisor, digits):
    with mpmath.workdps(digits):
        rows = [compiled(*([mpmath.mpf(float(v)) for v in part] for part in (theta, x, t)))
                for x, t in zip(data.x.T, data.y.T, strict=True)]
        return [mpmath.fsum(column) / divisor for column in zip(*rows, strict=True)]
