"""Your own activation or loss, typed as text: it trains, proves and draws like the built-in ones.

text   the formula, in z for an activation, in o and t for a loss; SymPy finds its slope
"""
import re
from dataclasses import dataclass
from functools import cached_property

import sympy

from bpviz.base.arguments import refuse
from bpviz.calculus.activations import ACTIVATIONS, Activation
from bpviz.calculus.losses import LOSSES, Loss
from bpviz.symbolic.formula import FormulaError, parse
from bpviz.symbolic.prove import symbol
from bpviz.symbolic.stable import Absolute, Maximum, run, stable
from bpviz.symbolic.trial import fault


@dataclass(frozen=True)
class Formula:
    """A typed formula with its slope by SymPy. names: what it depends on, the first is what it is derived by.

    typed: as it was typed.  expression, slope: written so that they hold far out (symbolic/stable.py).
    """
    text: str
    names: tuple

    @cached_property
    def typed(self):
        return parse(self.text, self.names)

    @cached_property
    def expression(self):
        return stable(self.typed)

    @cached_property
    def slope(self):
        return stable(sympy.sympify(sympy.diff(self.expression, symbol(self.names[0]))))

    @property
    def latex(self):
        """As typed; fractions that are decimals in disguise with six digits."""
        return sympy.latex(self.typed.replace(lambda e: e.is_Rational and e.q > 1000, lambda e: sympy.Float(e, 6)))

    def on(self, xp, expression, *arrays):
        """`expression` (this formula's own or its slope) on arrays, one for each name."""
        return run(xp, expression, dict(zip(map(symbol, self.names), arrays, strict=True)))


def tried(text, names):
    """The Formula of this text, tried near and far out and in every world; FormulaError says why it is refused."""
    formula = Formula(text, names)
    if not isinstance(text, str):
        parse(text, names)                               # says what is allowed
    try:
        _ = formula.typed
        wrong = fault(formula)
    except FormulaError:
        raise
    except (ArithmeticError, TypeError, ValueError, AttributeError, NotImplementedError, RecursionError) as e:
        wrong = f"this cannot be worked with ({type(e).__name__}); write it in a simpler form"
    if wrong:
        raise FormulaError(text, 1, wrong)
    return formula


def _named(table, name, record):
    """Put a record into a table, once."""
    if not isinstance(name, str) or not re.fullmatch(r"[A-Za-z][A-Za-z0-9 ]{0,19}", name):
        refuse("name", name, "allowed are up to 20 letters, digits and spaces, a letter first")
    if name in table and table[name].source != record.source:
        raise ValueError(f"name: got {name!r}, which is taken by {table[name].source}; allowed is another name")
    table.setdefault(name, record)
    return table[name]


def source_of(text):
    """What a record of this typed formula gives as its source: two of the same formula are one."""
    return f"the typed formula {text.strip()}"


def own_activation(text, name="own"):
    """An activation from a typed formula in z; from now on `name` is in every menu. Returns its record.

    text: the formula, such as "z*tanh(z)".  name: up to 20 letters, digits and spaces.
    >>> own_activation("z/(1+exp(-z))", "my swish").name
    'my swish'
    """
    formula = tried(text, ("z",))
    record = Activation(name, lambda xp, z: formula.on(xp, formula.expression, z),
                        lambda xp, z, a: formula.on(xp, formula.slope, z), formula.latex,
                        source_of(text),
                        slope_jumps=formula.expression.has(Absolute, Maximum))
    return _named(ACTIVATIONS, name, record)


def own_loss(text, name="own loss"):
    """A loss from a typed formula in o and t, summed over outputs; from now on `name` is a loss. Returns its record.

    text: the formula, such as "abs(o-t)".  name: up to 20 letters, digits and spaces.
    """
    formula = tried(text, ("o", "t"))
    record = Loss(name, lambda xp, z, o, t: formula.on(xp, formula.expression, o, t).sum(axis=0),
                  lambda xp, z, o, t: formula.on(xp, formula.slope, o, t), formula.latex,
                  source_of(text), slope_jumps=formula.expression.has(Absolute, Maximum))
    return _named(LOSSES, name, record)
