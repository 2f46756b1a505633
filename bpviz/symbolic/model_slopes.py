"""SymPy's gradient of any model, by the chain rule between named values: see by_names.py, whose sums these are."""
from dataclasses import replace

import numpy as np
import sympy

from bpviz.base.arguments import one_network
from bpviz.symbolic import exact
from bpviz.symbolic.by_names import Sums, named_pass
from bpviz.symbolic.prove import grid, penalty_of_a_row, symbol
from bpviz.symbolic.xp import XP


class ModelSlopes:
    """dL/dtheta of a fit of any model: forward by its stages' formulas, back by sympy.diff of each alone.

    The backward pass that is written by hand is run for its forward half only; no number or formula of a delta is its.
    """

    def __init__(self, fit):
        self.fit, model = fit, fit.network
        theta = np.array([symbol(name) for name in model.names], dtype=object)
        x, t = grid("x", model.n_in, 1), grid("t", model.n_out, 1)
        trace, names = named_pass(model, fit.loss_record, theta, x, t, XP)
        trace = replace(trace, loss=trace.loss + penalty_of_a_row(fit, theta))
        sums, steps = Sums(model, trace, names), {}
        for stage in model.stages:
            steps.update({v: names.of[v] for v in names.by_value[stage.writes].flat})
        for stage in reversed(model.stages):
            deltas = names.by_value[f"dL/d{stage.writes}"]
            for v, delta in zip(names.by_value[stage.writes].flat, deltas.flat, strict=True):
                steps[delta] = _total(sums, v)
        every = [*theta, *x.flat, *t.flat, *steps]
        plain = {s: sympy.Symbol(f"v{k}", real=True) for k, s in enumerate(every)}       # names that a program can have
        self._symbols = [[plain[s] for s in part] for part in (theta, x.flat, t.flat)]
        self._steps = [(plain[s], formula.xreplace(plain)) for s, formula in steps.items()]
        self._slopes = [_total(sums, w).xreplace(plain) for w in theta]
        self._rough = sympy.lambdify(self._symbols, self._slopes, [exact.ON_FLOATS, "numpy"], cse=self._as_it_stands)
        self._precise = exact.program(self._symbols, self._slopes, self._as_it_stands)

    def _as_it_stands(self, expressions):
        return self._steps, expressions

    def gradient(self, theta):
        """dL/dtheta (P,) at theta (P,), in many digits, each number rounded once."""
        theta, data = one_network("theta", theta, self.fit.n_params), self.fit.data
        with np.errstate(all="ignore"):
            rough = self._rough(list(theta), list(data.x), list(data.y))
        return exact.evaluate(self._precise, theta, data, rough, self.fit.divisor)


def _total(sums, v):
    return sympy.Add(*(delta * slope for delta, slope in sums(v)))
