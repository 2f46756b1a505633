"""The slope of one unit as a derivation writes it: the formula of the record, where SymPy's derivative proves it."""
from functools import lru_cache

import sympy

from bpviz.symbolic.prove import symbol, vanish
from bpviz.symbolic.xp import XP


def proved(exact, other, known=()):
    """Whether `other` is proved equal to `exact`, with {symbol: expression} put in."""
    return vanish((exact - other).xreplace(dict(known))) == 0


@lru_cache(maxsize=64)
def slope_of(record):
    """(z, a, f'(z), f'(z) as books write it), both proved equal to SymPy's derivative, or that derivative."""
    z, a = symbol("z"), symbol("a")
    value = record.value(XP, z)
    exact = sympy.sympify(sympy.diff(value, z))
    formula = sympy.sympify(record.slope(XP, z, a))
    formula = formula if proved(exact, formula, {a: value}) else exact
    shown = formula if record.by_answer is None else sympy.sympify(record.by_answer(a))
    return z, a, formula, (shown if proved(exact, shown, {a: value}) else formula)
