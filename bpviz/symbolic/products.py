"""Every slope of one row as the sum of products that the chain rule makes it of, with the factors as numbers.

dL/dv = sum over all c that v goes into of (dL/dc) (dc/dv), see derive.py: each term is a slope found before, times a
local factor; the first slopes of all have only the factor, which comes from the loss. (Reverse accumulation: Griewank
and Walther 2008, section 3.2.)
"""
from dataclasses import dataclass

import sympy

from bpviz.symbolic.speak import name, term_text
from bpviz.symbolic.values import NUMBERS
from bpviz.symbolic.values import value as value_at


@dataclass(frozen=True)
class Products:
    """terms: {slope: ((slope before or "", factor in letters, its names, its value or None), ...)}, from the loss on.

    rows: {slope: its number on each row}, of the weights.  row: which row the terms are of, from 0.
    divisor: by what their sum over the rows is divided.
    """
    terms: dict
    rows: dict
    row: int
    divisor: float

    def told(self):
        """All of it as lists, for a page."""
        return {"terms": {slope: [list(term) for term in terms] for slope, terms in self.terms.items()},
                "rows": self.rows, "row": self.row, "divisor": self.divisor}


def alone(formula, before, by):
    """The factor of one slope (None: of none) in a sum over the slopes `by`."""
    return formula.xreplace({s: sympy.Integer(int(s == before)) for s in by if s in formula.free_symbols})


def local_value(step, before, by, known):
    """The factor by which a step multiplies the slope before it, or None: its formula in 30 digits."""
    formula = step.formula
    return value_at(formula, {s: NUMBERS.mpf(int(s == before) if s in by else known[s]) for s in formula.free_symbols})


class ProductsOf:
    """The products of a chain, in letters; `at` puts the numbers in."""

    def __init__(self, chain):
        self.chain = chain
        self.by = {s: step for s, step in chain.steps.items() if step.of is not None and step.of != chain.L}
        self.letters = [(s, step, self._terms(step)) for s, step in self.by.items()]

    def _terms(self, step):
        """[(slope before or None, its name, the factor in letters, its names), ...] of one step."""
        before = [s for s in self.by if s in step.formula.free_symbols] or [None]
        return [(s, "" if s is None else name(self.chain, s), *self._factor(alone(step.shown, s, self.by)))
                for s in before]

    def _factor(self, factor):
        names = sorted(name(self.chain, s) for s in factor.free_symbols)
        return term_text(self.chain, factor), " ".join(names)

    def at(self, rows, row=0, divisor=1.0):
        """The Products on one row.  rows: [{symbol: value}, ...] of every row."""
        known, terms = rows[row], {}
        for s, step, letters in self.letters:
            found = [(named, text, names, local_value(step, before, self.by, known))
                     for before, named, text, names in letters]
            terms[name(self.chain, s)] = tuple((*words, None if value is None else float(value))
                                               for *words, value in found)
        shares = {name(self.chain, self.chain.d[w]): [float(values[self.chain.d[w]]) for values in rows]
                  for w in self.chain.weights}
        return Products(terms, shares, row, float(divisor))
