"""The elementary functions: each one record, from which every world takes its share.

s(z) = 1 / (1 + e^-z)

What formulas of this package are made of is this table and + - * / **. A record says what the function is on arrays,
on one float and in many digits, what its slopes are, and between which numbers its values lie on an interval. Dual
numbers, intervals, proofs, recorded programs, machine code, scripts and the box for typed formulas read it; to add a
function is to add a record here.

With s known to be near 1, neither 1 - s nor s (1 - s) can be had from it: above z = 37 the float s is 1, while
1 - s = s(-z) is still e^-37, and stays an ordinary number down to e^-708. So the slopes of sigmoid and tanh are
functions of z of their own, computed from e^-|z|, which never overflows.
"""
import math
from collections.abc import Callable
from dataclasses import dataclass
from types import SimpleNamespace

import numpy as np

from bpviz.base.arguments import Table
from bpviz.base.records import checked_fields
from bpviz.calculus import careful
from bpviz.calculus.careful import quietly

EPS = 2.0 ** -52
LIBRARY = 8 * EPS                      # NumPy's exp, tanh and so on are right to 4 ulp (its own tests)


# ---- where the values lie, given the ends (lo, hi) of each argument; rounding is added by calculus/interval.py

def rises(f, *ends):
    """A function that only rises."""
    return f(*(lo for lo, _ in ends)), f(*(hi for _, hi in ends))


def hill(f, z):
    """An even function above 0 that falls away from 0 on both sides: highest nearest to 0."""
    near, far = distance(None, z)
    return f(far), f(near)


def distance(_, z):
    lo, hi = z
    low, high = np.abs(lo), np.abs(hi)
    return np.where((lo <= 0) & (hi >= 0), 0.0, np.minimum(low, high)), np.maximum(low, high)


def wave(f, z):
    """sin or cos, whose slopes lie within ±1: the value in the middle, give or take half the width."""
    lo, hi = z
    half = (hi - lo) / 2 * (1 + LIBRARY) + EPS * np.maximum(np.abs(lo), np.abs(hi))
    middle = f((lo + hi) / 2)
    return middle - half - LIBRARY, middle + half + LIBRARY


def jump(f, z, middle):
    (lo, hi), (at, _) = z, middle
    low = f(lo, at)
    return np.where(hi > 0, low, np.minimum(low, at)), f(hi, at)


@dataclass(frozen=True)
class Function:
    """An elementary function, and what each world needs of it.

    name: in the contract of calculus/worlds.py.
    arrays: on NumPy arrays, elementwise: NumPy's own function, or one with an `out`.
    number: on floats, as plain as `math` has it: may raise where there is no value.
    slopes: (xp, *arguments, value) -> the derivative by each argument, over any world xp.
    image: (arrays, *(lo, hi)) -> (lo, hi), see above.  share: how much of a value rounding may be, at most.
    least, most: bounds that no value passes.
    quiet: number, with inf and nan in place of errors; None: number raises no error.
    digits: (m, *arguments) over a namespace m like mpmath; None: m has it by this name.
    written: (xp, *arguments), in other functions of this table, for worlds that round nothing; None: it is an atom.
    script: (xp, *arguments), in functions that NumPy has, right far out; None: as it is.
    symbols: what SymPy's functions for it are called, if not so.  typed: its name in a typed formula, or "".
    copies: how often a typed formula writes its arguments down, if more than once: then it has a kink.
    """
    name: str
    arrays: Callable
    number: Callable
    slopes: Callable
    image: Callable = rises
    share: float = LIBRARY
    least: float = -np.inf
    most: float = np.inf
    quiet: Callable | None = None
    digits: Callable | None = None
    written: Callable | None = None
    script: Callable | None = None
    symbols: tuple = ()
    typed: str = ""
    copies: int = 1

    def __post_init__(self):
        checked_fields(self)

    def __repr__(self):
        return f"Function({self.name!r})"

    def __call__(self, *arguments, out=None):
        """The function of arrays; of a Dual or an Interval, by its own rule."""
        ruled = getattr(type(arguments[0]), "elementary", None)
        if ruled is not None:
            return ruled(arguments[0], self)
        return self.arrays(*arguments) if out is None else np.copyto(out, self.arrays(*arguments))

    @property
    def __name__(self):
        return self.name

    @property
    def in_numpy(self):
        return isinstance(self.arrays, np.ufunc)

    @property
    def n_arguments(self):
        return self.arrays.nin if self.in_numpy else 1

    @property
    def named(self):
        """What SymPy's functions for it are called."""
        return self.symbols or (self.name,)

    @property
    def spelled(self):
        """Its name in NumPy, and in the programs that are written down: np.abs is called absolute."""
        return self.arrays.__name__ if self.in_numpy else self.name

    def in_digits(self, m):
        """The function over a namespace m like mpmath."""
        if self.digits is None:
            return getattr(m, self.name)
        return lambda *arguments: self.digits(m, *arguments)


def _up(xp, u, v):
    """1 where u > v, else 0."""
    return xp.heaviside(u - v, 0)


FUNCTIONS = Table("function", {record.name: record for record in (
    Function("exp", np.exp, math.exp, lambda xp, z, v: (v,), least=0.0, quiet=quietly(math.exp), typed="exp"),
    Function("expm1", np.expm1, math.expm1, lambda xp, z, v: (xp.exp(z),), least=-1.0, quiet=quietly(math.expm1),
             written=lambda xp, z: xp.exp(z) - 1),
    Function("log", np.log, math.log, lambda xp, z, v: (1 / z,), quiet=quietly(careful.log_or_minus_inf), typed="log"),
    Function("sqrt", np.sqrt, math.sqrt, lambda xp, z, v: (1 / (2 * v),), least=0.0, quiet=quietly(math.sqrt),
             typed="sqrt"),
    Function("tanh", np.tanh, math.tanh, lambda xp, z, v: (xp.tanh_slope(z),), least=-1.0, most=1.0, typed="tanh"),
    Function("sin", np.sin, math.sin, lambda xp, z, v: (xp.cos(z),), wave, 0.0, -1.0, 1.0, quietly(math.sin),
             typed="sin"),
    Function("cos", np.cos, math.cos, lambda xp, z, v: (-xp.sin(z),), wave, 0.0, -1.0, 1.0, quietly(math.cos),
             typed="cos"),
    Function("abs", np.abs, abs, lambda xp, z, v: (2 * xp.heaviside(z, 0.5) - 1,), distance, 0.0,
             digits=lambda m, z: abs(z), symbols=("Abs", "Absolute"), typed="abs", copies=2),
    Function("logaddexp", np.logaddexp, careful.logaddexp, lambda xp, u, v, _: (xp.sigmoid(u - v), xp.sigmoid(v - u)),
             quiet=quietly(careful.logaddexp), digits=lambda m, u, v: max(u, v) + m.log1p(m.exp(-abs(u - v))),
             symbols=("LogAddExp",)),
    Function("maximum", np.maximum, careful.larger, lambda xp, u, v, _: (_up(xp, u, v), 1 - _up(xp, u, v)), share=0.0,
             digits=lambda m, u, v: max(u, v), symbols=("Max", "Maximum"), typed="max", copies=3),
    Function("minimum", np.minimum, careful.smaller, lambda xp, u, v, _: (1 - _up(xp, u, v), _up(xp, u, v)), share=0.0,
             digits=lambda m, u, v: min(u, v), symbols=("Min", "Minimum"), typed="min", copies=3),
    Function("heaviside", np.heaviside, careful.heaviside, lambda xp, z, middle, v: (0.0, 0.0), jump, 0.0,
             digits=lambda m, z, middle=0: m.mpf(int(z > 0)), symbols=("Heaviside",)),
    Function("sigmoid", careful.sigmoids, careful.sigmoid, lambda xp, z, v: (xp.sigmoid_slope(z),), least=0.0,
             most=1.0, digits=lambda m, z: 1 / (1 + m.exp(-z)),
             script=lambda xp, z: xp.exp(-xp.logaddexp(0, -z)),
             symbols=("Sigmoid",), typed="sigmoid"),
    Function("sigmoid_slope", careful.sigmoid_slopes, careful.sigmoid_slope, lambda xp, z, v: (-v * xp.tanh(z / 2),),
             hill, least=0.0, digits=lambda m, z: 1 / ((1 + m.exp(-z)) * (1 + m.exp(z))),
             written=lambda xp, z: xp.sigmoid(z) * xp.sigmoid(-z),
             script=lambda xp, z: xp.exp(-(xp.logaddexp(0, z) + xp.logaddexp(0, -z)))),
    Function("tanh_slope", lambda z: 4 * careful.sigmoid_slopes(2 * z), careful.tanh_slope,
             lambda xp, z, v: (-2 * v * xp.tanh(z),), hill, least=0.0,
             digits=lambda m, z: 4 / ((1 + m.exp(-2 * z)) * (1 + m.exp(2 * z))),
             written=lambda xp, z: 4 * xp.sigmoid(2 * z) * xp.sigmoid(-2 * z),
             script=lambda xp, z: 4 * xp.exp(-2 * xp.logaddexp(z, -z))),
    Function("softplus", careful.softpluses, careful.softplus, lambda xp, z, v: (xp.sigmoid(z),), share=2 * LIBRARY,
             least=0.0, digits=lambda m, z: m.log1p(m.exp(z)), written=lambda xp, z: xp.logaddexp(z, 0),
             script=lambda xp, z: xp.logaddexp(z, 0)),
    Function("erf", careful.erfs, math.erf, lambda xp, z, v: (xp.sqrt(8) * xp.normal_density(z * xp.sqrt(2)),),
             least=-1.0, most=1.0, script=lambda xp, z: xp.by_math("erf", z), typed="erf"),
    Function("normal_density", careful.normal_densities, careful.normal_density, lambda xp, z, v: (-z * v,), hill,
             least=0.0, digits=lambda m, z: m.exp(-z * z / 2) / m.sqrt(2 * m.pi),
             script=lambda xp, z: xp.exp(-z * z / 2) * careful.PEAK),
    Function("normal_cdf", careful.normal_cdfs, careful.normal_cdf, lambda xp, z, v: (xp.normal_density(z),), least=0.0,
             most=1.0, digits=lambda m, z: m.erfc(-z / m.sqrt(2)) / 2,
             written=lambda xp, z: (1 + xp.erf(z / xp.sqrt(2))) / 2,
             script=lambda xp, z: xp.by_math("erfc", z * -math.sqrt(0.5)) / 2),
)})

# NumPy with what it has not, by the names of the contract.
ARRAYS = SimpleNamespace(**{name: record.arrays if record.in_numpy else record for name, record in FUNCTIONS.items()})
