"""A forward pass as a few formulas, and every slope in it: what lines of a derivation are proved against.

    Forward({"z": "w*x", "a": "sigmoid(z)", "L": "(a - t)**2"}).slope("L", "w")     in x, w and t alone
"""
import sympy

from bpviz.symbolic.equal import read
from bpviz.symbolic.prove import symbol


class Forward:
    """formulas: {name: text}, each in names before it and in inputs and weights, which are all names that are not set.

    inputs: these names, in the order in which they appear.
    """

    def __init__(self, formulas, inputs):
        self.inputs, self.formulas = tuple(inputs), {}
        for name, text in formulas.items():
            self.formulas[symbol(name)] = read(text, (*self.inputs, *(known.name for known in self.formulas)))

    @property
    def names(self):
        """All names, inputs first."""
        return (*self.inputs, *(known.name for known in self.formulas))

    def written_out(self, expression, keep=None):
        """The expression in inputs and weights alone. keep: a name that stays."""
        for known, formula in reversed(self.formulas.items()):
            if known.name != keep:
                expression = expression.xreplace({known: formula})
        return expression

    def slope(self, top, bottom):
        """The derivative of one name along another, through every path, in inputs and weights alone."""
        whole = self.written_out(symbol(top), keep=bottom)
        return self.written_out(sympy.diff(whole, symbol(bottom)))
