"""One training step as a list of stops: forward, loss, backward, rows, update.

stop   one number being found: its name, the terms it is the sum of, why, and the line that finds it
kind   which number: ("z", (1, 2)) is z of layer 1, unit 2; ("d", ("z", 1, 2)) the slope of L by it;
       ("g", ("w", 1, 1, 2)) that slope's mean over the rows; ("new", ("w", 1, 1, 2)) the weight after the step

The formulas are those of the derivation (derive.py), and so is `value`; `by_hand` is the same
number from the hand-written pass (network/backprop.py). The two share no line.
"""
from copy import copy
from functools import cached_property

import numpy as np
import sympy

from bpviz.base.arguments import cloud, shown, whole
from bpviz.base.marks import code_line
from bpviz.calculus.activations import ACTIVATIONS
from bpviz.calculus.interval import EPS, Interval
from bpviz.network import backprop as hand
from bpviz.network.data import Data
from bpviz.network.fit import Fit
from bpviz.symbolic import norm_walk
from bpviz.symbolic.derive import Chain
from bpviz.symbolic.flow import flow
from bpviz.symbolic.output_unit import answered, answers, powers, reason
from bpviz.symbolic.speak import latex_name, name, term_latex, term_numbers
from bpviz.symbolic.stops import Reached, Station
from bpviz.words.catalogue import say
from bpviz.words.numbers import number, pretty, signed

PHASES = ("forward", "loss", "backward", "rows", "update")

# What finds a number -> the mark of its line in network/backprop.py.
MARKS = {"z": "z", "a": "a", "loss": "loss", "by output": "error", "through output": "output slope",
         "by answer": "passed back", "by score": "delta", "by weight": "slopes", "by normalised": "delta",
         "m": "normalise", "s": "normalise", "h": "normalise", "norm": "norm", "skip": "skip"}


def _width(enclosed):
    """How wide an Interval is, with room for the rounding of the other way; 0 for None, infinite for an overflow."""
    if enclosed is None:
        return 0.0
    width = float(enclosed.hi - enclosed.lo + 4 * EPS * np.maximum(np.abs(enclosed.lo), np.abs(enclosed.hi)))
    return width if np.isfinite(width) else np.inf


class TrainingStep:
    """All stops of one training step of `fit` under an optimizer, and their numbers at any weights.

    optimizer: the class whose `step(theta, gradient, state)` makes the last move, GradientDescent.
    chain: the derivation made earlier by Chain(fit).
    Raises ValueError for a fit with a penalty or frozen weights: the walk shows the plain gradient.
    """

    def __init__(self, fit, optimizer, chain=None):
        if fit.l2:
            raise ValueError(f"fit: got l2={fit.l2:g}; allowed is 0 for a walk")
        if fit.frozen:
            raise ValueError(f"fit: got frozen weights, {shown(fit.frozen)}; allowed is a fit without, for a walk")
        self.fit, self.chain, self._kept = fit, chain or Chain(fit), None
        self._answers = answers(self.chain)                      # of the output unit that the loss brings, if it does
        self._names = {s: latex_name(self.chain, s) for s in self.chain.pretty}
        self._weights = [self._key(w) for w in self.chain.weights]
        self.stops = (*self._pass(), *(self._rows() if fit.data.rows > 1 else ()), *self._update(optimizer))

    def on(self, data):
        """The same stops with other data of the same shape: nothing is derived again."""
        other = copy(self)
        other.chain, other._kept = self.chain.on(data), None
        other.fit = other.chain.fit
        other.__dict__.pop("_alone", None)
        return other

    def marks(self):
        """[(phase, index of its first stop)]."""
        phases = [stop.phase for stop in self.stops]
        return [(phase, phases.index(phase)) for phase in PHASES if phase in phases]

    # ---- the stops

    def _key(self, s):
        kind, indices = self.chain.pretty[s]
        return (kind, *indices)

    def _pass(self):
        chain = self.chain
        for s, step in chain.steps.items():
            if step.of == chain.L or step.of is not None and norm_walk.left_out(chain, step.of):
                continue
            if s == chain.L:
                for a, (shown, _) in self._answers.items():
                    layer, unit = chain.pretty[a][1]
                    why = say("derivation", "answers", unit=unit, layer=layer,
                              activation=self.fit.loss_record.output_name)
                    yield self._station("forward", a, (shown,), why, "a")
            finds, why = self._finds(s, step), step.why
            terms = sympy.Add.make_args(step.shown) if finds in ("z", "by answer", "skip") else (step.shown,)
            if finds == "skip":
                why = say("derivation", "skip_back", layer=chain.pretty[step.of][1][0] + 1)
            if step.of in chain.short and self._answers:
                unit = chain.pretty[step.of][1][1]
                terms, why = (list(self._answers)[unit - 1], -chain.t[unit - 1]), reason(chain, unit)
            latex = None
            if finds == "norm":
                skipped = [chain.d[v] for v in self._skipped_to(step.of)]
                (latex, terms), why = norm_walk.terms_back(chain, step.of, skipped)
            phase = "backward" if step.of is not None else "loss" if s == chain.L else "forward"
            yield self._station(phase, s, terms, why, finds, latex)

    def _station(self, phase, s, terms, why, finds, latex=None):
        reads = {self.chain.pretty[v] for term in terms for v in term.free_symbols}
        latex = latex or [term_latex(self.chain, term) for term in terms]
        return Station(phase, self.chain.pretty[s], self._names[s], name(self.chain, s),
                       tuple(zip(latex, terms, strict=True)), tuple(sorted(reads, key=str)),
                       why, code_line(hand, MARKS[finds]))

    def _skipped_to(self, v):
        """The z that a skip adds this z to, [] or [z of the next layer]."""
        _, (layer, unit) = self.chain.pretty[v]
        skips = self.fit.network.skips
        return [s for s, place in self.chain.pretty.items()
                if place == ("z", (layer + 1, unit)) and layer < len(skips) and skips[layer]]

    def _finds(self, s, step):
        """The key into MARKS for one step of the derivation."""
        kind, indices = self.chain.pretty[s]
        if kind != "d":
            return "loss" if kind == "L" else kind
        if step.of in self.chain.by_output:
            return "by output"
        network, layer = self.fit.network, indices[1]
        score = ("through output" if layer == len(network.sizes) - 1 else "norm" if network.norms[layer - 1] else
                 "skip" if network.skips[layer] else "by score")
        return {"w": "by weight", "b": "by weight", "a": "by answer", "h": "by normalised", "z": score}[indices[0]]

    def _rows(self):
        rows, code = self.fit.data.rows, code_line(hand, MARKS["by weight"])
        for w, key in zip(self.chain.weights, self._weights, strict=True):
            d = self.chain.d[w]
            yield Station("rows", ("g", key), self._names[d],
                          say("derivation", "of_all_rows", slope=name(self.chain, d)),
                       (), (("d", key),),
                       say("derivation", "row_by_row", rows=rows, reduction=self.fit.reduction), code)

    def _update(self, optimizer):
        source = "g" if self.fit.data.rows > 1 else "d"
        code = code_line(optimizer.step, "downhill")
        for w, key in zip(self.chain.weights, self._weights, strict=True):
            yield Station("update", ("new", key), rf"\mathrm{{new}}\;{self._names[w]}",
                       say("derivation", "new", weight=name(self.chain, w)), (),
                       ((key[0], key[1:]), (source, key)), say("derivation", "update"), code)
        yield Station("update", ("new", ("L",)), r"\mathrm{new}\;L", say("derivation", "new_loss"), (), (),
                   say("derivation", "once_more"), code_line(hand, MARKS["loss"]))

    # ---- their numbers

    @cached_property
    def _alone(self):
        """The fit of each row alone."""
        data = self.fit.data
        return [Fit(self.fit.network, self.fit.loss_name, Data(data.x[:, r:r + 1], data.y[:, r:r + 1]))
                for r in range(data.rows)]

    def find(self, k, theta, optimizer, row=0):
        """Station k at theta (P,), on one data row, under an optimizer (for the update): a Reached.

        Raises ValueError for a stop, row or theta that is not there.
        """
        k = whole("k", k, 0, len(self.stops) - 1)
        row = whole("row", row, 0, self.fit.data.rows - 1)
        theta = cloud("theta", theta, self.fit.n_params)
        stop = self.stops[k]
        per_row, after, stepped, around, *numbers = self.place(theta, row, optimizer)
        value, by_hand, enclosed = map(dict, numbers)
        if stop.kind == ("new", ("L",)):
            losses = [self.chain.values(after, r)[self.chain.L] for r in range(self.fit.data.rows)]
            value[stop.kind], by_hand[stop.kind] = float(self.chain.over_rows(losses)), float(self.fit.loss(stepped))
            enclosed[stop.kind] = self.fit.loss(around)
        seen = {earlier.kind for earlier in self.stops[:k + 1]} | {(key[0], key[1:]) for key in self._weights}
        known = {kind: float(v) for kind, v in value.items() if kind in seen or kind[0] in ("x", "t")}
        found = float(value[stop.kind])
        return Reached(stop, self._terms(stop, value, per_row, optimizer), found, float(by_hand.get(stop.kind, found)),
                       known, _width(enclosed.get(stop.kind)), flow(self.fit, stop, seen, value))

    def place(self, theta, row, optimizer):
        """All that the stops of one place share, kept from stop to stop: who goes along them stays there."""
        place = (theta.tobytes(), row, optimizer)
        if self._kept is None or self._kept[0] != place:
            self._kept = (place, self._numbers(theta, row, optimizer))
        return self._kept[1]

    def _numbers(self, theta, row, optimizer):
        """(values of each row, theta after the step, the same by the optimizer, and on Intervals, then three of
        {kind: number}: by the derivation, by the hand-written pass, and that on Intervals)."""
        per_row = [self.chain.values(theta, r) for r in range(self.fit.data.rows)]
        per_row = [{**values, **answered(self._answers, values)} for values in per_row]
        value = {kind: per_row[row][s] for s, kind in self.chain.pretty.items()}
        by_hand, enclosed = self._by_hand(theta, row), self._by_hand(Interval(theta, theta), row)
        gradient = np.array([self.chain.over_rows([values[self.chain.d[w]] for values in per_row])
                             for w in self.chain.weights])
        after = theta - optimizer.rate * gradient
        stepped, _ = optimizer.step(theta, hand.backprop(self.fit, theta).gradient, optimizer.start(theta))
        around = theta - optimizer.rate * hand.backprop(self.fit, Interval(theta, theta)).gradient
        for k, (key, mean, new, new_by_hand) in enumerate(zip(self._weights, gradient, after, stepped, strict=True)):
            value["g", key], value["new", key], by_hand["new", key] = mean, new, new_by_hand
            enclosed["new", key] = around[k]
        value["old", ("L",)] = float(self.chain.over_rows([values[self.chain.L] for values in per_row]))
        return per_row, after, stepped, around, value, by_hand, enclosed

    def _by_hand(self, theta, row):
        """{kind: number} of what the hand-written pass meets on one row; or Intervals, for such a theta."""
        fit = self._alone[row]
        trace, network, record = hand.backprop(fit, theta), fit.network, fit.loss_record
        found = {("L", ()): trace.loss}
        for k, (z, a, delta) in enumerate(zip(trace.z, trace.a[1:], trace.delta, strict=True), start=1):
            for j in range(len(z)):
                found["z", (k, j + 1)], found["a", (k, j + 1)] = z[j, 0], a[j, 0]
                found["d", ("z", k, j + 1)] = delta[j, 0]
            if network.norms[k - 1]:
                found.update(norm_walk.by_hand(k, z, trace.h[k - 1]))
        for k, (W, _) in enumerate(network.layers(theta)[1:], start=1):
            for i, passed_back in enumerate(np.einsum("io,o->i", W, trace.delta[k][:, 0])):
                found["d", ("a", k, i + 1)] = passed_back
                if network.norms[k - 1]:
                    slope = ACTIVATIONS[network.activations[k - 1]].slope(np, trace.h[k - 1][i], trace.a[k][i])
                    found["d", ("h", k, i + 1)] = passed_back * slope[0]
        if record.output is None:
            for j, slope in enumerate(record.slope(np, trace.z[-1], trace.a[-1], fit.data.y)[:, 0]):
                found["d", ("a", len(network.sizes) - 1, j + 1)] = slope
        for key, slope in zip(self._weights, trace.gradient, strict=True):
            found["d", key] = slope
        for key, slope in zip(self._weights, hand.backprop(self.fit, theta).gradient, strict=True):
            found["g", key] = slope
        return found

    def _terms(self, stop, value, per_row, optimizer):
        """((LaTeX, numbers put in, value), ...) of a stop."""
        if stop.phase == "rows":
            d = self.chain.d[self.chain.weights[self._weights.index(stop.kind[1])]]
            among, divisor = f" / {self.fit.divisor}" * (self.fit.reduction == "mean"), self.fit.divisor
            return tuple((rf"\mathrm{{row\ {r}}}", pretty(f"{number(v[d], 3)}{among}"), v[d] / divisor)
                         for r, v in enumerate(per_row, start=1))
        if stop.kind == ("new", ("L",)):
            return ((r"\mathrm{old}\;L", "", value["old", ("L",)]),
                    (r"\mathrm{change}", "", value[stop.kind] - value["old", ("L",)]))
        if stop.phase == "update":
            key = stop.kind[1]
            old, slope = value[key[0], key[1:]], value["g", key]
            weight = self._names[self.chain.weights[self._weights.index(key)]]
            return ((rf"\mathrm{{old}}\;{weight}", "", old),
                    (rf"-\,\eta\;\frac{{\partial L}}{{\partial {weight}}}",
                     pretty(f"-{number(optimizer.rate, 3)} · {signed(number(slope, 3))}"),
                     float(-optimizer.rate * slope)))
        numbers = {s: value[kind] for s, kind in self.chain.pretty.items()}
        if len(stop.terms) == 1:
            (latex, term), = stop.terms
            said = term_numbers(self.chain, term, numbers)
            return ((latex, powers(said) if stop.kind[0] == "a" else said, value[stop.kind]),)
        return norm_walk.worked(self.chain, stop, numbers)
