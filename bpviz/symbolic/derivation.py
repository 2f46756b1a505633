"""The records of a derivation: one line of it, and all lines that one weight needs."""
from dataclasses import dataclass
from functools import cached_property

import sympy
from sympy.core.parameters import distribute

from bpviz.base.arguments import cloud
from bpviz.words.catalogue import say


@dataclass(frozen=True)
class Step:
    """One line of a derivation: `symbol` = `formula`.

    formula: in earlier symbols.  shown: the same, as a person would write it (f(z) for an activation).
    why: the reason, in words.  of: the symbol v if this step is dL/dv, else None.
    """
    symbol: sympy.Symbol
    formula: sympy.Expr
    shown: sympy.Expr
    why: str
    of: sympy.Symbol | None = None


@dataclass(frozen=True)
class Derivation:
    """How dL/d(weight) comes about: `steps`, in an order in which each uses only earlier ones.

    For several rows the loss is their mean or their sum, and so is the gradient: the steps are those of
    any one row, and `at` takes the mean or the sum.
    """
    weight: str
    steps: tuple
    chain: object

    @property
    def forward(self):
        return tuple(step for step in self.steps if step.of is None)

    @property
    def backward(self):
        return tuple(step for step in self.steps if step.of is not None)

    @cached_property
    def expression(self):
        """dL/d(weight) for one row, written out in weights, inputs and targets: a SymPy expression."""
        written = {}
        with distribute(False):
            for step in self.steps:
                written[step.symbol] = step.formula.xreplace(written)
        return written[self.steps[-1].symbol]

    def at(self, theta):
        """The value at theta (P, ...), the mean or sum over the rows of the data: (...)."""
        theta = cloud("theta", theta, self.chain.fit.n_params)
        return self.chain.gradient(theta)[self.chain.fit.network.index(self.weight)]

    def text(self, theta=None, row=0):
        """The steps as plain text; with theta (P,), the numbers of data row `row` are put in."""
        from bpviz.symbolic.speak import text
        return text(self, theta, row)

    def latex(self, theta=None, row=0):
        """The steps as one LaTeX `aligned` block; with theta (P,), the numbers of data row `row` are put in."""
        from bpviz.symbolic.speak import latex
        return latex(self, theta, row)

    def _repr_latex_(self):
        return f"$\\displaystyle {self.latex()}$"

    def __repr__(self):
        return self.text()


def reason(chain, v, into):
    """Why dL/dv is what it is, in words; into: the symbols v goes into."""
    kind = chain.pretty[v][0]
    if kind in "wb" and chain.L in into:
        return say("derivation", "with_penalty")
    if kind == "a" and len(into) > 1:
        return say("derivation", "added", many=len(into))
    if chain.L in into:
        return say("derivation", "direct", kind=kind)
    if kind in "mshz" and not (len(into) == 1 and chain.pretty[into[0]][0] == "a"):
        return say("derivation", "added", many=len(into)) if len(into) > 1 else say("derivation", "its_share")
    return say("derivation", "chain_rule", kind=kind)
