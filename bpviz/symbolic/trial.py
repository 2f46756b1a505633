"""A typed formula is tried before it is taken: near and far out, against mpmath, and in every world it will meet.

mpmath's numbers have 40 digits and exponents without end, so 1/(1 + e^-z) and its slope are right there as they stand.
"""
from types import SimpleNamespace

import numpy as np
import sympy
from mpmath import MPContext

from bpviz.calculus.dual import Dual
from bpviz.calculus.functions import FUNCTIONS
from bpviz.calculus.worlds import ObjectWorld
from bpviz.network.row import SHARING, Thrifty
from bpviz.network.unroll import RECORDING, Recorded, compiled_lines, name_of
from bpviz.symbolic.prove import plainly_zero, symbol
from bpviz.symbolic.stable import run
from bpviz.symbolic.xp import XP

NUMBERS = MPContext()          # its digits are nobody else's
NUMBERS.dps = 40
NEAR = (0.0, 0.37, 1.0, 2.3, 7.1)
FAR = (30.0, 100.0, 300.0, 800.0, 1e4, 1e6)
TARGETS = (0.0, 0.6, 1.0)
SUCH = {"z": "log(1 + z**2)", "o": "sqrt(1 + (o-t)**2)"}
MOST = 1e9                     # e to more than that is not worked out
LARGEST, BEYOND = 1e300, NUMBERS.mpf("1e5000")
MET, SQUARED = 30.0, 1e150     # a unit meets any number to here, whose value is squared at the least


def _real(function):
    """On real numbers only: nan where there is no real value."""
    def call(*args):
        if any(NUMBERS.isnan(a) for a in args):
            return NUMBERS.nan
        try:
            value = function(*args)
        except (ValueError, ZeroDivisionError, OverflowError):
            return NUMBERS.nan
        return value if isinstance(value, NUMBERS.mpf) else NUMBERS.nan
    return call


def _exp(z):
    if not abs(z) < MOST:
        return NUMBERS.inf if z > 0 else NUMBERS.mpf(0)
    return NUMBERS.exp(z)


def _wave(function):
    """Far beyond what floats reach it is not worked out: some number between -1 and 1."""
    return lambda z: function(z) if abs(z) < BEYOND else NUMBERS.mpf(0)


def _digits():
    """The world of mpmath's numbers."""
    m = SimpleNamespace(**{name: getattr(NUMBERS, name) for name in dir(NUMBERS) if not name.startswith("_")})
    m.exp, m.sin, m.cos = _exp, _wave(NUMBERS.sin), _wave(NUMBERS.cos)
    return ObjectWorld({name: _real(function.in_digits(m)) for name, function in FUNCTIONS.items()}, constant=_number)


def _number(number):
    """A number of SymPy's with all its digits: 1 + 1e-30 is not 1."""
    return NUMBERS.mpf(str(number.evalf(NUMBERS.dps + 10)))


DIGITS = _digits()


def truth(expression, names, points):
    """The expression at points (len(names), n) in mpmath's numbers: a list, nan where it has no real value."""
    found = []
    for point in points.T:
        values = {symbol(name): NUMBERS.mpf(float(v)) for name, v in zip(names, point, strict=True)}
        try:
            value = run(DIGITS, expression, values)
            found.append(value if isinstance(value, NUMBERS.mpf) else NUMBERS.mpf(value))
        except (ZeroDivisionError, OverflowError, ValueError, TypeError):
            found.append(NUMBERS.nan)
    return found


def grid(names):
    """Where a formula is tried: (1, n) for z, (2, n) for o and t."""
    line = np.array([sign * v for v in NEAR + FAR for sign in (1, -1) if v or sign > 0])           # the nearest first
    if len(names) == 1:
        return line[None]
    return np.stack(np.meshgrid(line, TARGETS)).reshape(2, -1)


def fault(formula):
    """What is wrong with a Formula, in words; "" if nothing is."""
    points = grid(formula.names)
    by_sympy = sympy.diff(formula.typed, symbol(formula.names[0]))
    wanted = [truth(e, formula.names, points) for e in (formula.typed, by_sympy)]
    with np.errstate(all="ignore"):
        found = [np.broadcast_to(np.asarray(formula.on(np, e, *points), dtype=float), points.shape[1:])
                 for e in (formula.expression, formula.slope)]
    fine = np.isfinite(found[0]) & np.isfinite(found[1])
    for what, exact, got in zip(("its value", "its slope"), wanted, found, strict=True):
        for point, right, value in zip(points.T, exact, got, strict=True):
            if NUMBERS.isfinite(right) and abs(right) < LARGEST and not np.isfinite(value):
                place = ", ".join(f"{n} = {v:g}" for n, v in zip(formula.names, point, strict=True))
                size = NUMBERS.nstr(right, 4)
                return (f"at {place} {what} is {size}, but what it is made of is too large for floats there, or "
                        "swallowed by something larger; write it with sigmoid, tanh, or exp of what is below 0")
    if not fine.any():
        return f"this has no real value anywhere where it was tried (from {formula.names[0]} = -1e+06 to 1e+06)"
    spread = np.ptp(found[0][fine].reshape(-1)) if len(points) == 1 else np.abs(found[1][fine]).max()
    if spread <= 1e-12 * np.abs(found[0][fine]).max() and not (np.abs(found[1][fine]) > 1e-30).any():
        return f"this does not depend on {formula.names[0]} as far as floats can tell"
    return _gap(formula.names, points, found) or _elsewhere(formula, points[:, fine][:, ::7])


def _gap(names, points, found):
    """Where near 0 it has no value or no slope, in words: a unit is handed numbers of both signs, an output is any."""
    for what, got in zip(("value", "slope"), found, strict=True):
        for k in np.flatnonzero(np.abs(points[0]) <= MET):
            if not abs(got[k]) < SQUARED:
                place = ", ".join(f"{name} = {float(v):g}" for name, v in zip(names, points[:, k], strict=True))
                lack = f"is beyond {SQUARED:g}" if np.isfinite(got[k]) else "is no finite number"
                return (f"its {what} {lack} at {place}; allowed is a formula with a value and a slope for every "
                        f"{names[0]} from -{MET:g} to {MET:g}, such as {SUCH[names[0]]}")
    return ""


def _elsewhere(formula, points):
    """What other worlds say of it: recorded lines, dual numbers, symbols."""
    letters = [f"u{k}" for k in range(len(formula.names))]
    with np.errstate(all="ignore"):
        for expression in (formula.expression, formula.slope):
            expected = np.broadcast_to(formula.on(np, expression, *points), points.shape[1:])
            for world in (RECORDING, SHARING):
                tape = Thrifty()
                answer = formula.on(world, expression, *(Recorded(tape, letter) for letter in letters))
                if world is RECORDING:
                    one = compiled_lines(letters, tape, name_of(answer))
                    got = [one(*map(float, point)) for point in points.T]
                    if not np.allclose(got, expected, rtol=1e-6, atol=1e-9, equal_nan=True):
                        return "its value depends on the way it is computed: it loses all its digits"
            formula.on(np, expression, *(Dual(p, np.ones_like(p)) for p in points))
    z = [symbol(name) for name in formula.names]
    residue = sympy.diff(formula.on(XP, formula.expression, *z), z[0]) - formula.on(XP, formula.slope, *z)
    return "" if plainly_zero(residue) else "its slope cannot be proved here; write it in a simpler form"
