"""Prove a model stage by stage: every value and every delta has a name, and the chain rule holds between the names.

v      a value that a stage writes, or a weight
c      a value that v goes into, by the formula c = g(v, ...)
dL/dv = sum over all c of (dL/dc) (dc/dv)

The model runs once, on symbols. What a stage writes is noted as a formula and handed on as a fresh symbol; what comes
back as a delta likewise. So every formula is as small as its stage, and for every value and every weight the sum above,
its dc/dv by sympy.diff, must be what the backward pass has written there.

That sum is right for a weight only if the deltas in it are. Where the line of a delta is wrong, the delta is off by an
unknown `wrong(dL/dv)`; it goes through all the sums, and a weight that it reaches is not proved.
Source: the chain rule over named values, Griewank and Walther 2008, Evaluating Derivatives, section 3.2.
"""
import numpy as np
import sympy
from sympy.core.parameters import distribute

MAX_WEIGHTS = 300


class Names:
    """The hook of a model's run (network/model.py): keeps the formula of each value and hands on symbols.

    of: {symbol: formula}.  by_value: {value's name: array of its symbols}.
    Symbols are dummies: none can be mistaken for a weight, an input or a target of the same name.
    """

    def __init__(self):
        self.of, self.by_value = {}, {}

    def __call__(self, name, formulas):
        symbols = np.empty(formulas.shape, dtype=object)
        for place in np.ndindex(formulas.shape):
            symbols[place] = sympy.Dummy(f"{name}[{','.join(str(k + 1) for k in place)}]", real=True)
            self.of[symbols[place]] = sympy.sympify(formulas[place])
        self.by_value[name] = symbols
        return symbols


def named_pass(model, loss, theta, x, t, xp):
    """(trace, names) of one pass of a model over symbols, every value and delta named."""
    names, _ = Names(), model.stages                 # refused here, where a model has none
    with distribute(False):
        trace = model.forward_and_backward(loss, theta, x, t, xp, names)
    return trace, names


class Sums:
    """The chain rule between the names: `sums(v)` is the sum over c of dL/dc dc/dv, as {dL/dc: dc/dv}."""

    def __init__(self, model, trace, names):
        self.into = {}                                   # symbol -> [(dL/dc, formula of c)]
        pairs = [(sympy.Integer(1), sympy.sympify(trace.loss))]
        for stage in model.stages:
            pairs += [(delta, names.of[c]) for c, delta in zip(names.by_value[stage.writes].flat,
                                                               names.by_value[f"dL/d{stage.writes}"].flat, strict=True)]
        for pair in pairs:
            for symbol in pair[1].free_symbols:
                self.into.setdefault(symbol, []).append(pair)

    def __call__(self, v):
        return [(delta, sympy.diff(formula, v)) for delta, formula in self.into.get(v, ())]


def residues(model, trace, names, theta, vanish):
    """Yields (what, name, residue): "delta" for each delta, from the last to the first, then "weight" for each weight.

    A residue in which a delta's unknown error is left has `wrong(...)` in it; one of a delta's own line has not.
    """
    sums, wrong = Sums(model, trace, names), {}

    def left(by_hand, v):
        """(residue of its own line, what wrong deltas add to it)."""
        terms = sums(v)
        own = vanish(by_hand - sympy.Add(*(delta * slope for delta, slope in terms)))
        return own, sympy.Add(*(wrong[delta] * slope for delta, slope in terms if delta in wrong))

    for stage in reversed(model.stages):
        for v, delta in zip(names.by_value[stage.writes].flat, names.by_value[f"dL/d{stage.writes}"].flat, strict=True):
            own, handed_on = left(names.of[delta], v)
            if own != 0 or handed_on != 0:
                wrong[delta] = sympy.Symbol(f"wrong({delta.name})", real=True)
            yield "delta", delta.name, _shown(own)
    for weight, by_hand in zip(theta, trace.gradient, strict=True):
        own, handed_on = left(by_hand, weight)
        yield "weight", weight.name, _shown(own + handed_on)


def _shown(residue):
    """With symbols that print as they are called."""
    return residue.xreplace({s: sympy.Symbol(s.name, real=True) for s in residue.free_symbols if s.is_Dummy})
