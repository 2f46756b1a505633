"""Typed formulas written so that they hold far out: 1/(1 + e^-z) as a sigmoid, not as 1/inf.

SymPy's slope of 1/(1 + e^-z) is e^-z / (1 + e^-z)^2: inf/inf at z = -800, where the truth is 0. So before anything is
derived, sums of exponentials are put under one logarithm, D = e^L with L = log(e^u + e^v + ...), which nothing
overflows (`LogAddExp`):
    log D = L      N / D^n = sum over the terms c e^w of N of c e^(w - n L)      e^(u - L) = sigmoid(u - v)
`run` walks an expression over any `xp` (calculus/worlds.py), so it computes, proves and records like built-in ones.
"""
import math
from functools import lru_cache, reduce

import numpy as np
import sympy

from bpviz.calculus.functions import FUNCTIONS
from bpviz.calculus.worlds import beyond
from bpviz.symbolic.xp import Heaviside, LogAddExp, RealFunction, Sigmoid

HUGE = float(np.finfo(float).max)
CONTRACT = {symbols: name for name, function in FUNCTIONS.items() for symbols in function.named}
MOST_TERMS = 40                        # of a sum of exponentials that is put under one logarithm


class Maximum(RealFunction):
    """The larger of two. Where they are equal the second has its say: see `largest`."""
    nargs = 2

    def fdiff(self, argindex=1):
        above = Heaviside(self.args[0] - self.args[1])
        return above if argindex == 1 else 1 - above

    def body(self, printer):
        return rf"\max\left({', '.join(map(printer._print, self.args))}\right)"


class Absolute(RealFunction):
    """|u|, with the slope from the left at 0."""
    nargs = 1

    @classmethod
    def eval(cls, u):
        return u if isinstance(u, Absolute) else None

    def fdiff(self, argindex=1):
        return 2 * Heaviside(self.args[0]) - 1

    def body(self, printer):
        return rf"\left|{printer._print(self.args[0])}\right|"


def largest(u, v):
    """max(u, v) = max(v, u), slopes included: where both are equal a number wins over what moves (slope 0, as torch's
    relu has it), and of two straight lines the one from the left."""
    if u.is_number and v.is_number:
        return u if u >= v else v
    if u == v:
        return u
    difference = sympy.expand(u - v)
    slopes = [sympy.diff(difference, s) for s in sorted(difference.free_symbols, key=str)[:1]]
    falls = slopes and (slopes[0].is_number and slopes[0] < 0 if slopes[0].is_number
                        else difference.could_extract_minus_sign())
    return Maximum(v, u) if u.is_number or (falls and not v.is_number) else Maximum(u, v)


def smallest(u, v):
    return -largest(-u, -v)


def _exponentials(e):
    """[(c, w)] with e the sum of all c exp(w), c free of exp; None where it is no such sum, or too long a one."""
    e = sympy.expand(e)
    terms = sympy.Add.make_args(e)
    if len(terms) > MOST_TERMS:
        return None
    parts = []
    for term in terms:
        powers = [f for f in sympy.Mul.make_args(term) if isinstance(f, sympy.exp)]
        rest = term / sympy.Mul(*powers)
        if rest.has(sympy.exp):
            return None
        parts.append((rest, sum((f.args[0] for f in powers), sympy.Integer(0))))
    return parts


def _log_of(e):
    """log e for a sum of exponentials with numbers above 0 before them, or None."""
    parts = _exponentials(e) if e.is_Add and e.has(sympy.exp) else None
    if parts is None or not all(c.is_Rational and c > 0 for c, _ in parts):
        return None
    return reduce(LogAddExp, sorted((w + _rounded_log(c) for c, w in parts), key=sympy.default_sort_key))


def _rounded_log(c):
    return sympy.Integer(0) if c == 1 else sympy.Rational(math.log(c))


def _power(c, w):
    """c e^w, as a sigmoid where it is e^(u - log(e^u + e^v))."""
    sign, raised = (1, w + _rounded_log(c)) if c.is_Rational and c > 0 else (
        (-1, w + _rounded_log(-c)) if c.is_Rational else (c, w))
    for term in sympy.Add.make_args(w):
        if isinstance(-term, LogAddExp):
            u, v = (-term).args
            if sympy.expand(raised - term - u) == 0:
                return sign * Sigmoid(sympy.expand(u - v))
            if sympy.expand(raised - term - v) == 0:
                return sign * Sigmoid(sympy.expand(v - u))
    return c * sympy.exp(w)


def stable(e):
    """The same function, written so that it neither overflows nor turns into 0/0 where exponentials are large."""
    if not e.args:
        return e
    if e.is_Mul or e.is_Pow:
        return _quotient([f.func(*map(stable, f.args)) if f.is_Pow else stable(f) for f in sympy.Mul.make_args(e)])
    e = e.func(*map(stable, e.args))
    known = _log_of(e.args[0]) if isinstance(e, sympy.log) else None
    return e if known is None else known


def _quotient(factors):
    """The product of the factors, those that are divided by put under logarithms."""
    under, above = sympy.Integer(0), []
    for factor in factors:
        known = _log_of(factor.base) if factor.is_Pow and factor.exp.is_Rational and factor.exp < 0 else None
        if known is None:
            above.append(factor)
        else:
            under += -factor.exp * known
    if under == 0:
        return sympy.Mul(*factors)
    top = [f for f in above if f.has(sympy.exp) and _exponentials(f) is not None]
    parts = _exponentials(sympy.Mul(*top))
    if parts is None:
        return sympy.Mul(*above) * _power(sympy.Integer(1), -under)
    rest = sympy.Mul(*(f for f in above if f not in top))
    return rest * sympy.Add(*(_power(c, w - under) for c, w in parts))


def tidy(e):
    """SymPy's |u| as ours."""
    return e.replace(sympy.Abs, Absolute)


def _endless(e):
    """Whether e can be inf where its arguments are ordinary numbers."""
    return e.has(sympy.exp, sympy.log) or any(p.exp.is_negative for p in e.atoms(sympy.Pow))


def run(xp, expression, values):
    """The expression over a namespace xp; values: {symbol: array}. Its numbers become those of the world."""
    exact = getattr(xp, "exact", False)
    answer = _made(expression, exact, getattr(xp, "constant", _as_it_is if exact else float))(xp, beyond(xp), values)
    return answer if expression.free_symbols else next(iter(values.values())) * 0 + answer


def _as_it_is(number):
    return number


@lru_cache(maxsize=4096)
def _made(e, exact, number):
    """e as a function of (xp, beyond(xp), values): what SymPy is asked about it is asked once, not at every run.

    exact: whether nothing overflows there.  number: what makes a number of the world from one of SymPy's.
    """
    if e.is_Symbol:
        return lambda xp, more, values: values[e]
    if e.is_number:
        constant = number(e)
        return lambda xp, more, values: constant
    if e.is_Add:
        first, *rest = (_made(arg, exact, number) for arg in e.args)
        return lambda xp, more, values: sum((term(xp, more, values) for term in rest), first(xp, more, values))
    if e.is_Mul:
        return _product(e, exact, number)
    if e.is_Pow and e.exp.is_Rational:
        base = _made(e.base, exact, number)
        power = _to_the(e.exp, number)
        return lambda xp, more, values: power(xp, base(xp, more, values))
    if exact and isinstance(e, Maximum):
        u, v = e.args
        u_v, v, gate = (_made(part, exact, number) for part in (u - v, v, Heaviside(u - v)))       # as in its slope
        return lambda *given: v(*given) + u_v(*given) * gate(*given)
    if isinstance(e, Heaviside):
        inner = _made(e.args[0], exact, number)
        return lambda xp, more, values: xp.heaviside(inner(xp, more, values), 0)
    if isinstance(e, LogAddExp) and 0 in e.args:
        inner = _made(e.args[0] if e.args[1] == 0 else e.args[1], exact, number)
        return lambda xp, more, values: more.softplus(inner(xp, more, values))
    name, args = CONTRACT[e.func.__name__], [_made(arg, exact, number) for arg in e.args]
    return lambda xp, more, values: getattr(more, name)(*(arg(xp, more, values) for arg in args))


def _product(e, exact, number):
    """A Heaviside switches off what is inf: 0 times inf would be nan."""
    gates = [f for f in e.args if f.has(Heaviside)]
    wild = [f for f in e.args if f not in gates and _endless(f)] if gates and not exact else []
    tame = [_made(f, exact, number) for f in e.args if f not in wild]
    wild = [_made(f, exact, number) for f in wild]

    def product(*given):
        xp, (first, *rest) = given[0], [f(*given) for f in tame]
        if wild:
            one, *others = (f(*given) for f in wild)
            rest.append(xp.maximum(xp.minimum(math.prod(others, start=one), HUGE), -HUGE))
        return math.prod(rest, start=first)
    return product


def _to_the(exponent, number):
    """A function of (xp, base): base to the power of a Rational, by roots where halving leads there."""
    if exponent < 0:
        power = _to_the(-exponent, number)
        return lambda xp, base: 1 / power(xp, base)
    whole, share = divmod(exponent, 1)
    if share == 0:
        whole = int(whole)
        return lambda xp, base: base ** whole
    if share.q & (share.q - 1):                         # not a half, a quarter, an eighth, ...
        share = number(exponent)
        return lambda xp, base: xp.exp(share * xp.log(base))
    roots, whole = share.q.bit_length() - 1, int(exponent * share.q)

    def power(xp, base):
        for _ in range(roots):
            base = xp.sqrt(base)
        return base ** whole
    return power
