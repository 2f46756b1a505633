"""The array namespace of symbols: run backprop.py on SymPy expressions.

Kinks are written with Heaviside, a function that is its own square and has slope 0. That is all the proofs
need, and it is far quicker than Piecewise. It means: every identity is proved away from z = 0,
where the two one-sided slopes of a kinked activation differ and 0 counts as the left side.
"""
import sympy

from bpviz.calculus.functions import FUNCTIONS
from bpviz.calculus.worlds import ObjectWorld


class RealFunction(sympy.Function):
    """A function of real numbers that SymPy has not. body(printer): how it is written in LaTeX."""

    def _eval_is_extended_real(self):
        return True

    def _latex(self, printer, exp=None):
        return self.body(printer) if exp is None else rf"{self.body(printer)}^{{{exp}}}"


class Heaviside(RealFunction):
    """1 for z > 0, else 0.

    >>> z = sympy.Symbol("z", real=True)
    >>> Heaviside(z)**3 - Heaviside(z), Heaviside(z).diff(z), Heaviside(sympy.Integer(-2))
    (0, 0, 0)
    """
    nargs = 1
    pargs = property(lambda self: self.args)              # what SymPy prints of a Heaviside

    @classmethod
    def eval(cls, z):
        if z.is_number and z.is_extended_real:
            return sympy.Integer(1) if z > 0 else sympy.Integer(0)

    def fdiff(self, argindex=1):
        return sympy.Integer(0)

    def _eval_power(self, exponent):
        return self if exponent.is_Integer and exponent > 0 else None

    def body(self, printer):
        return rf"\left[{printer._print(self.args[0])} > 0\right]"

    def _numpycode(self, printer):
        return f"heaviside({printer._print(self.args[0])}, 0)"


def maximum(u, v):
    """max(u, v) = v + (u - v) Heaviside(u - v)."""
    difference = sympy.sympify(u) - v
    return v + difference * Heaviside(difference)


def minimum(u, v):
    """min(u, v) = u - (u - v) Heaviside(u - v)."""
    difference = sympy.sympify(u) - v
    return u - difference * Heaviside(difference)


def minus(u, v):
    """u - v of two sums that stay whole, so that a unit's z is found in it."""
    return sympy.Add(u, -v, evaluate=False) if u.is_Add or v.is_Add else u - v


class LogAddExp(RealFunction):
    """log(e^u + e^v), kept whole: SymPy's own log inside an exp would turn e^(w log q) into q^w.

    >>> u, v = sympy.symbols("u v", real=True)
    >>> LogAddExp(u, v).diff(u), LogAddExp(u, v).diff(v)
    (Sigmoid(u - v), Sigmoid(-u + v))
    """
    nargs = 2

    def doit(self, **hints):
        return sympy.log(sum(sympy.exp(arg.doit()) for arg in self.args))

    def fdiff(self, argindex=1):
        u, v = self.args if argindex == 1 else self.args[::-1]
        return Sigmoid(minus(u, v))

    def body(self, printer):
        u, v = (printer._print(sympy.exp(arg)) for arg in self.args)
        return rf"\ln\left({u} + {v}\right)"

    def _numpycode(self, printer):
        return f"logaddexp({', '.join(map(printer._print, self.args))})"


class Sigmoid(RealFunction):
    """1 / (1 + e^-z), kept whole: written out, its slope e^-z / (1 + e^-z)^2 is inf / inf far out.

    >>> z = sympy.Symbol("z", real=True)
    >>> Sigmoid(z).diff(z), Sigmoid(sympy.Integer(0))
    (Sigmoid(-z)*Sigmoid(z), 1/2)
    """
    nargs = 1

    @classmethod
    def eval(cls, z):
        if z.is_number:
            return 1 / (1 + sympy.exp(-z))

    def fdiff(self, argindex=1):
        return self * Sigmoid(-self.args[0])

    def _eval_is_finite(self):
        return True

    def body(self, printer):
        return rf"\mathrm{{sigmoid}}\left({printer._print(self.args[0])}\right)"

    def _numpycode(self, printer):
        return f"(1/(1 + exp(-({printer._print(self.args[0])}))))"


def exp(z):
    """e^z; in e^(z - LogAddExp(u, v)) z stays whole."""
    for term in sympy.Add.make_args(z):
        if isinstance(-term, LogAddExp) and z.is_Add:
            return sympy.exp(minus(z - term, -term))
    return sympy.exp(z)


class tanh(sympy.tanh):                       # noqa: N801 - printers go by the name of the class
    """SymPy's tanh, left as it stands: SymPy's own turns tanh(-z) into -tanh(z), for ever where a sum keeps its sign.

    >>> z = sympy.Symbol("z", real=True)
    >>> tanh(z).diff(z), tanh(sympy.Integer(0))
    (4*Sigmoid(-2*z)*Sigmoid(2*z), 0)
    """

    @classmethod
    def eval(cls, z):
        if z.is_number:
            return sympy.tanh(z)

    def fdiff(self, argindex=1):
        return 4 * Sigmoid(2 * self.args[0]) * Sigmoid(-2 * self.args[0])

    def _eval_is_finite(self):
        return True


# Where SymPy's own function of that name will not do.
OWN = {"exp": exp, "tanh": tanh, "abs": lambda z: z * (2 * Heaviside(z) - 1), "logaddexp": LogAddExp,
       "sigmoid": Sigmoid, "maximum": maximum, "minimum": minimum, "heaviside": lambda z, middle: Heaviside(z)}


def _on_symbols(name, function):
    if name in OWN:
        return OWN[name]
    if function.written is not None:
        return lambda *args: function.written(XP, *args)
    return getattr(sympy, name, None) or function.in_digits(sympy)


SYMBOLS = {name: _on_symbols(name, function) for name, function in FUNCTIONS.items()}
XP = ObjectWorld(SYMBOLS, exact=True)
