"""Named steps, forward and back, as functions of numbers: what every derivation is, however its steps were found.

s        a symbol; `steps[s]` says by which formula in earlier symbols it is made
d[v]     the symbol of dL/dv
The numbers come from SymPy's formulas alone, in floats, and where those do not do, in many digits (exact.py).
"""
from copy import copy
from dataclasses import replace
from functools import cached_property

import numpy as np
import sympy

from bpviz.base.arguments import cloud, one_network, whole
from bpviz.network.data import Data
from bpviz.symbolic import exact
from bpviz.symbolic.derivation import Derivation
from bpviz.symbolic.prove import symbol


class ChainRule:
    """The steps of a fit. Who makes them sets weights, x, t (lists of symbols), L, d and steps, in order.

    pretty: {symbol: (kind, indices)}, from which speak.py makes names.
    """

    def __init__(self, fit):
        self.fit, self.pretty, self.steps, self._slopes_by = fit, {}, {}, {}

    def named(self, name, kind, *indices):
        """The symbol called `name`, which a program can have, for what `kind` and `indices` say."""
        s = symbol(name)
        self.pretty[s] = (kind, indices)
        return s

    def on(self, data):
        """The same derivation for other data of the same shape: nothing is derived again."""
        _ = self._compiled, self._slopes_in_digits, self._steps_in_digits
        other = copy(self)
        other.fit = replace(self.fit, data=data)
        return other

    def derivation(self, name):
        """The Derivation of one weight: only the steps it needs."""
        goal = self.d[self.weights[self.fit.network.index(name)]]
        return Derivation(name, tuple(self._needed(goal, self.L)), self)     # the loss itself belongs to the story

    def _needed(self, *goals, without=()):
        """The steps that lead to these symbols, in order; without: symbols that are given, and not made."""
        needed, stack = set(), [*goals]
        while stack:
            s = stack.pop()
            if s in self.steps and s not in needed and s not in without:
                needed.add(s)
                stack += self.steps[s].formula.free_symbols
        return [step for s, step in self.steps.items() if s in needed]

    def slope_by(self, s, known, values):
        """dL/ds where the number s itself is each of values (n,), and what goes into it stays: (n,).

        s: a symbol that has a slope.  known: {symbol: number} of one row, as `values` gives them.
        """
        inputs = [one for one in (*self.weights, *self.x, *self.t) if one != s]
        if s not in self._slopes_by:
            steps = [(step.symbol, exact.whole(step.formula)) for step in self._needed(self.d[s], without=[s])]
            self._slopes_by[s] = sympy.lambdify([inputs, s], self.d[s], [exact.ON_FLOATS, "numpy"],
                                                cse=lambda slope: (steps, slope))
        with np.errstate(all="ignore"):
            found = self._slopes_by[s]([known[one] for one in inputs], np.asarray(values, float))
        return np.broadcast_to(found, np.shape(values))

    @cached_property
    def _compiled(self):
        """All steps as one NumPy function: (weights, inputs, targets) -> dL/dtheta and every step's value."""
        return sympy.lambdify(self._symbols, self._outputs, [exact.ON_FLOATS, "numpy"], cse=self._as_it_stands)

    @cached_property
    def _slopes_in_digits(self):
        """dL/dtheta in many digits, for one network and one row: a function."""
        return exact.program(self._symbols, self._outputs[0], self._as_it_stands)

    @cached_property
    def _steps_in_digits(self):
        """The same for every step's value."""
        return exact.program(self._symbols, self._outputs[1], self._as_it_stands)

    @property
    def _symbols(self):
        return [self.weights, self.x, self.t]

    @property
    def _outputs(self):
        return [self.d[w] for w in self.weights], [*self.steps]

    def _as_it_stands(self, expressions):
        """For lambdify: the parts that formulas share are the steps."""
        return [(step.symbol, exact.whole(step.formula)) for step in self.steps.values()], expressions

    def _run(self, theta, x, t):
        theta = cloud("theta", theta, self.fit.n_params)
        extra = (1,) * (theta.ndim - 1)
        with np.errstate(all="ignore"):
            return self._compiled(list(theta[:, None]), list(x.reshape(x.shape + extra)),
                                  list(t.reshape(t.shape + extra)))

    def gradient(self, theta):
        """dL/dtheta at theta (P, ...), mean or sum over rows, from the SymPy steps: (P, ...).

        One network's is evaluated in many digits and rounded once; so are those of a cloud where floats overflow.
        """
        theta, data = cloud("theta", theta, self.fit.n_params), self.fit.data
        rough = self._run(theta, data.x, data.y)
        if theta.ndim == 1:
            return exact.evaluate(self._slopes_in_digits, theta, data, rough[0], self.fit.divisor)
        shape = (data.rows, *theta.shape[1:])
        found = np.stack([self.over_rows(np.broadcast_to(g, shape)) for g in rough[0]])
        for place in np.argwhere(~np.isfinite(found).all(axis=0)):
            found[:, *place] = self.gradient(theta[:, *place])
        return found

    def over_rows(self, numbers):
        """What the rows' numbers (rows, ...) become in the loss and its slopes: their mean or their sum."""
        return np.sum(numbers, axis=0) / self.fit.divisor

    def values(self, theta, row=0):
        """{symbol: float} for every name of the derivation, at theta (P,) and one row of the data."""
        data = self.fit.data
        theta, row = one_network("theta", theta, self.fit.n_params), whole("row", row, 0, data.rows - 1)
        one = Data(data.x[:, row:row + 1], data.y[:, row:row + 1])
        steps = exact.evaluate(self._steps_in_digits, theta, one, self._run(theta, one.x, one.y)[1])
        known = dict(zip([*self.weights, *self.x, *self.t], [*theta, *one.x[:, 0], *one.y[:, 0]], strict=True))
        return {s: float(v) for s, v in [*known.items(), *zip(self.steps, steps, strict=True)]}
