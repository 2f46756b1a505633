"""The derivation of any model: forward by its stages' formulas, back by sympy.diff of each formula alone.

v        one number of what a stage writes, z[1,2] for entry (1, 2) of the stage that writes "z"
dL/dv    the sum over all c that v goes into of (dL/dc) (dc/dv): by_names.py, whose sums these are
"""
from dataclasses import replace

import numpy as np
import sympy
from sympy.core.parameters import distribute

from bpviz.calculus.activations import ACTIVATIONS
from bpviz.symbolic.by_names import Sums, named_pass
from bpviz.symbolic.chain_rule import ChainRule
from bpviz.symbolic.derivation import Step
from bpviz.symbolic.prove import grid, penalty_of_a_row, symbol
from bpviz.symbolic.unit import slope_of
from bpviz.symbolic.xp import XP
from bpviz.words.catalogue import say

LONGEST = 6               # operations of a slope that is written out; a longer one is shown as f'(z)


class ModelChain(ChainRule):
    """All steps of a fit of any model, stage by stage.

    The backward pass that is written by hand is run for its forward half only; no number or formula of a delta is its.
    """

    def __init__(self, fit):
        super().__init__(fit)
        model = fit.network
        theta = np.array([symbol(name) for name in model.names], dtype=object)
        x, t = grid("x", model.n_in, 1), grid("t", model.n_out, 1)
        trace, names = named_pass(model, fit.loss_record, theta, x, t, XP)
        plain = {s: self._entry("weight", name) for s, name in zip(theta, model.names, strict=True)}
        plain |= {s: self.named(f"{letter}_{i}", letter, i) for letter, part in (("x", x), ("t", t))
                  for i, s in enumerate(part.flat, start=1)}
        plain |= {v: self._entry("value", v.name.replace(",1]", "]"))
                  for stage in model.stages for v in names.by_value[stage.writes].flat}
        self.weights, self.x, self.t = ([plain[s] for s in part] for part in (theta, x.flat, t.flat))
        self.L, self.d = self.named("L", "L"), {}
        with distribute(False):
            loss = sympy.sympify(trace.loss) + penalty_of_a_row(fit, theta)
            for stage in model.stages:
                for v in names.by_value[stage.writes].flat:
                    formula = names.of[v].xreplace(plain)
                    self._add(plain[v], formula, formula, say("derivation", "stage", stage=stage.writes))
            whole = loss.xreplace(plain)
            self._add(self.L, whole, whole, say("derivation", "loss", name=fit.loss_record.name, penalty=fit.l2 != 0,
                                                rows=fit.data.rows, reduction=fit.reduction))
            self._backward(Sums(model, replace(trace, loss=loss), names), names, theta, plain)

    def _entry(self, kind, name):
        """The symbol of a name such as k[1,2]; one that is taken gets a line more."""
        block, *place = name.removesuffix("]").replace("[", ",").split(",")
        written = "_".join([block, *place])
        while symbol(written) in self.pretty:
            written += "_"
        return self.named(written, kind, block, *place)

    def _add(self, s, formula, shown, why, of=None):
        self.steps[s] = Step(s, formula, shown, why, of)

    def _backward(self, sums, names, theta, plain):
        """dL/dv of every value, from the last stage to the first, and of every weight."""
        stages = [stage.writes for stage in reversed(self.fit.network.stages)]
        values = [(v, delta) for writes in stages for v, delta in zip(
            names.by_value[writes].flat, names.by_value[f"dL/d{writes}"].flat, strict=True)]
        into, units = {delta: v for v, delta in values}, _units(self.fit.network, names)
        for v, delta in [*values, *((w, None) for w in theta)]:
            terms = sums(v)
            kind, indices = self.pretty[plain[v]]
            self.d[plain[v]] = plain[delta] = self.named(f"d_{plain[v].name}", "d", kind, *indices)
            slopes = [_as_written(units.get(into.get(d)), into.get(d), v, slope) for d, slope in terms]
            formula, shown = (sympy.Add(*(d * slope for (d, _), slope in zip(terms, form, strict=True))).xreplace(plain)
                              for form in (zip(*slopes, strict=True) if slopes else ((), ())))
            self._add(plain[delta], formula, shown, _reason(kind, [d for d, _ in terms]), plain[v])


def _units(model, names):
    """{symbol: its activation} of the values that are an activation of one other value and nothing else."""
    found = {}
    for stage in model.stages:
        if stage.activation != "identity" and not stage.weights and len(stage.reads) == 1:
            record = ACTIVATIONS[stage.activation]
            for c in names.by_value[stage.writes].flat:
                read = names.of[c].free_symbols
                if len(read) == 1 and names.of[c] == record.value(XP, *read):
                    found[c] = record
    return found


def _as_written(record, c, v, slope):
    """(dc/dv, the same as books write it); record: of the activation of v that c is, or None."""
    if record is None:
        return slope, slope
    z, a, *slopes = slope_of(record)
    slope, shown = (form.xreplace({z: v, a: c}) for form in slopes)
    return slope, shown if shown.count_ops() <= LONGEST else sympy.Function(record.name + "'")(v)


def _reason(kind, deltas):
    """Why dL/dv is what it is, in words. deltas: of what v goes into, 1 for the loss itself."""
    if 1 in deltas:
        return say("derivation", "with_penalty") if kind == "weight" else say("derivation", "direct", kind="z")
    return say("derivation", "added", many=len(deltas)) if len(deltas) > 1 else say("derivation", "its_share")
