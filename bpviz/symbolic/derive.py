"""The chain rule of a whole network, as a list of small named steps.

x[i], t[j]          input i and target j of one row
z1[j], a1[j]        what unit j of layer 1 hears and answers
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
from copy import copy
from dataclasses import replace
from functools import cached_property

import numpy as np
import sympy
from sympy.core.parameters import distribute

from bpviz.base.arguments import Table, cloud, fit_of_layers, one_network, whole
from bpviz.calculus.activations import ACTIVATIONS
from bpviz.network.backprop import EPS
from bpviz.network.data import Data
from bpviz.symbolic import exact
from bpviz.symbolic.derivation import Derivation, Step, reason
from bpviz.symbolic.prove import penalty_of_a_row, symbol
from bpviz.symbolic.unit import proved, slope_of
from bpviz.symbolic.xp import XP
from bpviz.words.catalogue import say

MOST_WEIGHTS = 1000            # 1,051 weights took 4.5 s, 1,801 took 13 s


class Chain:
    """All steps of a fit, forward and backward, and a fast function of them. Made by `derive`."""

    def __init__(self, fit):
        fit_of_layers("fit", fit, "bp.compare_gradients", "bp.prove")
        if fit.n_params > MOST_WEIGHTS:
            raise ValueError(f"fit: got a network of {fit.n_params:,} weights; allowed are at most {MOST_WEIGHTS:,}, "
                             "since a derivation has a step for every weight")
        self.fit = fit
        self.pretty = {}             # symbol -> (kind, indices), from which speak.py makes names
        self.steps = {}              # symbol -> Step, in order
        self._feeds = {}             # symbol -> the symbols it goes into
        with distribute(False):      # 2 (a - t) stays as it is
            self._forward()
            self._backward()

    def _symbol(self, kind, *indices):
        s = symbol("_".join([kind, *map(str, indices)]))
        self.pretty[s] = (kind, indices)
        return s

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
                          say("derivation", "hears", unit=j + 1, layer=k))
            if last and fit.loss_record.output is not None:
                a = z
                break
            name, unit = network.activations[k - 1], sympy.Function(network.activations[k - 1])
            a = [self._symbol("a", k, j + 1) for j in range(n_out)]
            heard = self._normalised(k, z) if network.norms[k - 1] else z
            for j in range(n_out):
                self._add(a[j], ACTIVATIONS[name].value(XP, heard[j]), unit(heard[j]),
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
            heard = [v for v in z if v in answer.free_symbols]
            name = self.fit.loss_record.output_name + (f"_{j}" if len(heard) > 1 else "")
            self.output_units[answer] = sympy.Function(name)(*heard)

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

    def on(self, data):
        """The same derivation for other data of the same shape: nothing is derived again."""
        _ = self._compiled, self._precise
        other = copy(self)
        other.fit = replace(self.fit, data=data)
        return other

    def derivation(self, name):
        """The Derivation of one weight: only the steps it needs."""
        goal = self.d[self.weights[self.fit.network.index(name)]]
        needed, stack = set(), [goal, self.L]     # the loss itself belongs to the story
        while stack:
            s = stack.pop()
            if s in self.steps and s not in needed:
                needed.add(s)
                stack += self.steps[s].formula.free_symbols
        return Derivation(name, tuple(step for s, step in self.steps.items() if s in needed), self)

    @cached_property
    def _compiled(self):
        """All steps as one NumPy function: (weights, inputs, targets) -> dL/dtheta and every step's value."""
        return sympy.lambdify(self._symbols, self._outputs, [exact.ON_FLOATS, "numpy"], cse=self._as_it_stands)

    @cached_property
    def _precise(self):
        """The same in many digits, for one network and one row: a function for dL/dtheta, and one for the steps."""
        return tuple(exact.program(self._symbols, part, self._as_it_stands) for part in self._outputs)

    @property
    def _symbols(self):
        return [self.weights, self.x, self.t]

    @property
    def _outputs(self):
        return [self.d[w] for w in self.weights], [*self.steps]

    def _as_it_stands(self, expressions):
        """For lambdify: the parts that formulas share are the steps."""
        return [(step.symbol, step.formula) for step in self.steps.values()], expressions

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
            return exact.evaluate(self._precise[0], theta, data, rough[0], self.fit.divisor)
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
        steps = exact.evaluate(self._precise[1], theta, one, self._run(theta, one.x, one.y)[1])
        known = dict(zip([*self.weights, *self.x, *self.t], [*theta, *one.x[:, 0], *one.y[:, 0]], strict=True))
        return {s: float(v) for s, v in [*known.items(), *zip(self.steps, steps, strict=True)]}


def derive(fit):
    """{weight name: Derivation} for every weight of the fit, generated from its network.

    >>> import bpviz as bp
    >>> fit = bp.Fit(bp.Network((1, 1, 1), "identity", bias=False), "squared error", bp.DATA["linear saddle"])
    >>> bp.derive(fit)["w1[1,1]"].expression
    2*w_2_1_1*x_1*(-t_1 + w_1_1_1*w_2_1_1*x_1)
    """
    chain = Chain(fit)
    return Table("weight", {name: chain.derivation(name) for name in fit.names})
