"""A formula typed into a panel, with or without a name: refused in words, or in the menus with what is shown of it."""
from dataclasses import dataclass
from itertools import count

import numpy as np
import sympy

from bpviz.base.arguments import Table
from bpviz.calculus.activations import ACTIVATIONS
from bpviz.calculus.losses import LOSSES
from bpviz.symbolic.own import Formula, own_activation, own_loss, source_of
from bpviz.symbolic.prove import symbol
from bpviz.symbolic.stable import Absolute, Maximum
from bpviz.symbolic.trial import grid

KINDS = Table("kind", {"activation": (ACTIVATIONS, own_activation, ("z",)), "loss": (LOSSES, own_loss, ("o", "t"))})
NAME = "yours"                # what it is called where no name is typed; the next ones are yours 2, yours 3


@dataclass(frozen=True)
class Typed:
    """A formula that is in the menus now. formula, slope: in LaTeX, the slope by the first of `names`.

    points: how many it was tried at, against mpmath's 40 digits.  jumps: whether abs, max or min is in it,
    at whose kinks nothing is proved.
    """
    name: str
    formula: str
    slope: str
    points: int
    jumps: bool


def typed(kind, text):
    """The Typed of `formula` or `name = formula`, an "activation" or a "loss". ValueError says why it is refused."""
    table, own, names = KINDS[kind]
    name, equals, formula = text.partition("=")
    if not equals:
        name, formula = "", text
    name, formula = name.strip(), formula.strip()
    record = own(formula, name or free(table, source_of(formula)))
    shown = Formula(formula, names)
    slope = sympy.diff(shown.typed, symbol(names[0]))
    return Typed(record.name, shown.latex, sympy.latex(slope), grid(names).shape[1],
                 shown.expression.has(Absolute, Maximum))


def free(table, source):
    """A name for a formula of this source: the one it has, else the first that nothing has."""
    names = (NAME if k == 1 else f"{NAME} {k}" for k in count(1))
    return next(name for name in names if name not in table or table[name].source == source)


def curves(kind, name, reach=6.0, n=401):
    """(x, {line: (value, slope)}) to draw: f over z in [-reach, reach]; a loss over o in [-1, 2] for t = 0 and t = 1.

    Where there is no real value, nan. No lines for a loss that makes the output itself, of a score: it has no such o.
    """
    record = KINDS[kind][0].get(name)
    if record is None or kind == "loss" and record.output is not None:
        return np.array([]), {}
    with np.errstate(all="ignore"):
        if kind == "activation":
            z = np.linspace(-reach, reach, n)
            a = np.broadcast_to(record.value(np, z), z.shape)
            return z, {"f": (a, np.broadcast_to(record.slope(np, z, a), z.shape))}
        o = np.linspace(-1.0, 2.0, n)
        lines = {}
        for t in (0.0, 1.0):
            at = o[None], np.full((1, n), t)
            lines[f"t = {t:g}"] = (np.broadcast_to(record.value(np, at[0], *at), n),
                                   np.broadcast_to(record.slope(np, at[0], *at), (1, n))[0])
    return o, lines
