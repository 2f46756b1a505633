"""The chain rule of a whole network, as a list of small named steps.

x[i], t[j]          input i and target j of one row
z1[j], a1[j]        pre-activation and activation of unit j of layer 1
m1, s1, h1[j]       with layer norm: mean and standard deviation of the layer's z, and z normalised
L                   the loss of the row, with the penalty, if there is one (of a sum over rows, each has its share)
dL/dv               how fast L rises with v

Forward, every z, a and L is a step: a formula in earlier names. Backward, so is every dL/dv:
    dL/dv = sum over all c that v goes into of (dL/dc) (dc/dv),
with each dc/dv found by sympy.diff on the one formula of c. A step is named once and used by name, so the list grows
linearly with the network; the formula of one gradient, written out, would grow exponentially with depth. (Reverse
accumulation: Griewank and Walther 2008, section 3.2.)

The numbers of a derivation come from SymPy alone: they share no line with network/backprop.py.
"""

import numpy as np
import sympy
from sympy.core.parameters import distribute

from bpviz.base.arguments import Table, fit_of_layers
from bpviz.base.arguments import fit as a_fit
from bpviz.calculus.activations import ACTIVATIONS
from bpviz.network.backprop import EPS
from bpviz.network.shape import Network
from bpviz.symbolic.chain_rule import ChainRule
from bpviz.symbolic.derivation import Step, reason
from bpviz.symbolic.model_chain import ModelChain
from bpviz.symbolic.prove import penalty_of_a_row
from bpviz.symbolic.unit import proved, slope_of
from bpviz.symbolic.xp import XP
from bpviz.words.catalogue import say

MOST_WEIGHTS = 1000            # 1,051 weights took 4.5 s, 1,801 took 13 s


def _few_enough(fit):
    if fit.n_params > MOST_WEIGHTS:
        raise ValueError(f"fit: got a network of {fit.n_params:,} weights; allowed are at most {MOST_WEIGHTS:,}, "
                         "since a derivation has a step for every weight")
    return fit


class Chain(ChainRule):
    """All steps of a fit of a Network, layer by layer. Made by `derive`."""

    def __init__(self, fit):
        super().__init__(_few_enough(fit_of_layers("fit", fit, "bp.derive")))
        self._feeds = {}             # symbol -> the symbols it goes into
        with distribute(False):      # 2 (a - t) stays as it is
            self._forward()
            self._backward()

    def _symbol(self, kind, *indices):
        return self.named("_".join([kind, *map(str, indices)]), kind, *indices)

    def _add(self, s, formula, shown, why):
        formula = sympy.sympify(formula)
        self.steps[s] = Step(s, formula, sympy.sympify(shown), why)
        for v in sorted(formula.free_symbols, key=str):
            self._feeds.setdefault(v, []).append(s)

    def _forward(self):
        fit, network = self.fit, self.fit.network
        self.x = [self._symbol("x", i + 1) for i in range(network.n_in)]
        self.t = [self._symbol("t", j + 1) for j in range(network.n_out)]
        self.weights = []
        a, z = self.x, []
        for k, (n_in, n_out) in enumerate(zip(network.sizes, network.sizes[1:], strict=False), start=1):
            W = [[self._symbol("w", k, i + 1, j + 1) for j in range(n_out)] for i in range(n_in)]
            b = [self._symbol("b", k, j + 1) for j in range(n_out)] if network.bias else [sympy.Integer(0)] * n_out
            self.weights += [*sum(W, []), *(b if network.bias else [])]
            last = k == len(network.sizes) - 1
            before, z = z, [self._symbol("z", k, j + 1) for j in range(n_out)]
            for j in range(n_out):
                skipped = before[j] if network.skips[k - 1] else sympy.Integer(0)
                self._add(z[j], *2 * (sum((W[i][j] * a[i] for i in range(n_in)), b[j]) + skipped,),
                          say("derivation", "pre_activation", unit=j + 1, layer=k))
            if last and fit.loss_record.output is not None:
                a = z
                break
            name, unit = network.activations[k - 1], sympy.Function(network.activations[k - 1])
            a = [self._symbol("a", k, j + 1) for j in range(n_out)]
            pre = self._normalised(k, z) if network.norms[k - 1] else z
            for j in range(n_out):
                self._add(a[j], ACTIVATIONS[name].value(XP, pre[j]), unit(pre[j]),
                          say("derivation", "answers", unit=j + 1, layer=k, activation=name))
        record = fit.loss_record
        z, o, t = (np.array(s, dtype=object)[:, None] for s in (z, a, self.t))
        self.L = self._symbol("L")
        loss = sympy.sympify(record.value(XP, z, o, t)[0]) + penalty_of_a_row(fit, self.weights)
        self._add(self.L, loss, loss, say("derivation", "loss", name=record.name, penalty=fit.l2 != 0,
                                            rows=fit.data.rows, reduction=fit.reduction))
        self.by_output, self.short = {}, {}       # dL/dz or dL/do: as it is computed, and as books write it, if proved
        self.output_units, self.slope_units = {}, {}              # long expressions, and their names when shown
        answers = o if record.output is None else record.output(XP, z)
        outputs, slopes = (o if record.output is None else z), record.slope(XP, z, answers, t)
        if record.output is not None:
            self._say_output_units(z[:, 0], answers)
        books = slopes if record.short is None else record.short(answers, t)
        all_targets = {self.t[-1]: 1 - sum(self.t[:-1])} if record.output_name == "softmax" else {}
        for v, slope, short in zip(outputs[:, 0], map(sympy.sympify, slopes[:, 0]), books[:, 0], strict=True):
            exact = sympy.diff(loss, v)
            self.by_output[v] = slope if proved(exact, slope) else exact
            if proved(exact, short, all_targets):
                self.short[v] = short

    def _normalised(self, k, z):
        """The steps of layer norm on layer k: mean, standard deviation, and what is left."""
        m, s = self._symbol("m", k), self._symbol("s", k)
        h = [self._symbol("h", k, j + 1) for j in range(len(z))]
        self._add(m, *2 * (sum(z) / len(z),), say("derivation", "mean", layer=k))
        self._add(s, *2 * (sympy.sqrt(sum((v - m) ** 2 for v in z) / len(z) + sympy.Float(EPS)),),
                  say("derivation", "deviation", layer=k))
        for j, v in enumerate(z):
            self._add(h[j], *2 * ((v - m) / s,), say("derivation", "normalised", unit=j + 1, layer=k))
        return h

    def _say_output_units(self, z, answers):
        """So that a person reads sigmoid(z) - t, not the sigmoid written out."""
        for j, answer in enumerate(answers[:, 0], start=1):
            pre = [v for v in z if v in answer.free_symbols]
            name = self.fit.loss_record.output_name + (f"_{j}" if len(pre) > 1 else "")
            self.output_units[answer] = sympy.Function(name)(*pre)

    def _local(self, c, v):
        """(dc/dv from the one formula of c, the same as it is shown)."""
        if c == self.L and v in self.by_output:
            return self.by_output[v], self.short.get(v, self.by_output[v])
        kind, indices = self.pretty[c]
        if kind == "a":
            name = self.fit.network.activations[indices[0] - 1]
            z, a, *slopes = slope_of(ACTIVATIONS[name])
            slope, shown = (form.xreplace({z: v, a: c}) for form in slopes)
            if shown.count_ops() > 6:             # then a person reads f'(z)
                shown = sympy.Function(name + "'")(v)
                self.slope_units[slope] = shown
            return slope, shown
        formula = self.steps[c].formula
        known = {1 / formula: 1 / c} if kind == "s" else {}           # the root that s is has a name already
        return 2 * (sympy.diff(formula, v).xreplace(known),)

    def _backward(self):
        d = {self.L: sympy.Integer(1)}
        for v in [*reversed([s for s in self.steps if s != self.L]), *self.weights]:
            into = self._feeds.get(v, [])
            local = [self._local(c, v) for c in into]
            kind, indices = self.pretty[v]
            d[v] = self._symbol("d", kind, *indices)
            total, shown = (sum((d[c] * slope for c, slope in zip(into, form, strict=True)), sympy.Integer(0))
                            for form in (zip(*local, strict=True) if local else ((), ())))
            shown = shown.xreplace(self.output_units) if self.L in into else shown
            self.steps[d[v]] = Step(d[v], total, shown, reason(self, v, into), v)
        self.d = d


def chain_of(fit):
    """The steps of a fit: layer by layer for a Network, stage by stage for any other model."""
    return (Chain if isinstance(fit.network, Network) else ModelChain)(fit)


def derive(fit):
    """{weight name: Derivation} for every weight of the fit, generated from its network, or its model's stages.

    >>> import bpviz as bp
    >>> fit = bp.Fit(bp.Network((1, 1, 1), "identity", bias=False), "squared error", bp.DATA["linear saddle"])
    >>> bp.derive(fit)["w1[1,1]"].expression
    2*w_2_1_1*x_1*(-t_1 + w_1_1_1*w_2_1_1*x_1)
    """
    chain = chain_of(_few_enough(a_fit("fit", fit)))
    return Table("weight", {name: chain.derivation(name) for name in fit.names})
