"""Prove the backward pass: run it on symbols, subtract the derivative of the forward loss, get 0.

residue  hand-written gradient - sympy.diff(forward loss), simplified; 0 means proved

A check at points can miss a fault that is small there; an identity between symbols cannot. What
is proved is the very code that trains the network, for one shape of network at a time, away
from the kinks of relu and its relatives (symbolic/xp.py says what happens on them).
"""
from collections import Counter

import numpy as np
import sympy
from sympy.core.parameters import distribute

from bpviz.base.arguments import instance, refuse, whole
from bpviz.base.work import Part, in_parts
from bpviz.calculus.losses import loss_named
from bpviz.network.backprop import forward_and_backward
from bpviz.network.model import Model
from bpviz.network.shape import Network
from bpviz.symbolic import by_names
from bpviz.symbolic.proof import Proof
from bpviz.symbolic.shared import derivatives, replaced
from bpviz.symbolic.xp import XP, Heaviside, LogAddExp, Sigmoid

MAX_WEIGHTS = 60


def symbol(name):
    """The real symbol called `name`; two calls give the same one."""
    return sympy.Symbol(name, real=True)


def grid(letter, n, rows):
    """Symbols (n, rows), letter[i,r]: inputs or targets."""
    return np.array([[symbol(f"{letter}[{i},{r}]") for r in range(1, rows + 1)]
                     for i in range(1, n + 1)], dtype=object)


def penalty_of_a_row(fit, weights):
    """The penalty as a formula in symbols, as the loss of one row has it: of a sum over rows, each has its share."""
    return fit.penalty(np.array(weights)) * sympy.Rational(fit.divisor, fit.data.rows) if fit.l2 else sympy.Integer(0)


class _Names:
    """Names for what is not polynomial in an expression: functions, reciprocals R = 1/e, and roots S^2 = e.

    related: whether it is noted what the names have to do with each other, other than s(-u) = 1 - s(u).
    written_out: whether sigmoid and tanh are written with exp, where an expression has both kinds.
    own_square: the names that stand for a Heaviside.  known: {R or S: ("reciprocal" or "root", e)}, inner ones first.
    """

    def __init__(self, related, written_out):
        self.related, self.written_out, self.of, self.own_square, self.known = related, written_out, {}, set(), {}
        self.walked = {}                                           # a part that comes again is walked once

    def name(self, e):
        if e not in self.of:
            self.of[e] = sympy.Dummy(real=True)
            if isinstance(e, Heaviside):
                self.own_square.add(self.of[e])
        return self.of[e]

    def _reciprocal(self, e):
        R = self.name(1 / e)
        if not self.related:
            return R
        self.known.setdefault(R, ("reciprocal", e))
        return R

    def _exp(self, u):
        """e^u as a product, one factor for each term of u; e^(log(e^v + e^w)) is the sum of the two."""
        product = sympy.Integer(1)
        for term in sympy.Add.make_args(sympy.expand(u)):
            c, rest = term.as_coeff_Mul()
            if not c.is_Rational or c == 0:
                c, rest = sympy.Integer(1), term
            whole = abs(c.p)                                       # e^(3u/2) is the third power of e^(u/2)
            e = sympy.exp(rest / c.q)
            if isinstance(rest, LogAddExp) and c.q == 1:
                e = self._exp(rest.args[0]) + self._exp(rest.args[1])
            elif not e.is_Rational:                                # e^(log 2) is 2
                e = self.name(e)
            product = product * (e ** whole if c.p > 0 else self._reciprocal(e) ** whole)
        return product

    def _sigmoid(self, u):
        """By the sign of u that SymPy calls the positive one, and s(-u) = 1 - s(u)."""
        u = sympy.expand(sympy.Add(*sympy.Add.make_args(u)))       # a difference of two sums that were kept whole
        if u.could_extract_minus_sign():
            return 1 - self._sigmoid(-u)
        if self.written_out:
            return self._reciprocal(1 + self._exp(-u))
        return self.name(Sigmoid(u))

    def walk(self, e):
        """The expression as a polynomial in the names."""
        if e not in self.walked:
            self.walked[e] = self._walk(e)
        return self.walked[e]

    def _walk(self, e):
        if isinstance(e, Sigmoid):
            return self._sigmoid(e.args[0])
        if isinstance(e, sympy.tanh):
            return 2 * self._sigmoid(2 * e.args[0]) - 1
        if isinstance(e, sympy.exp) and self.related:
            return self._exp(e.args[0])
        if e.is_Pow and not e.exp.is_Integer and not self.related:
            return self.name(e)
        if e.is_Pow and e.exp.is_Rational and e.exp.q == 2:
            base = self.walk(e.base)
            S = self.name(sympy.sqrt(base))
            self.known.setdefault(S, ("root", base))
            return S ** e.exp.p if e.exp.p > 0 else self._reciprocal(S) ** -e.exp.p
        if e.is_Pow and e.exp.is_Integer and e.exp < 0:
            return self._reciprocal(self.walk(e.base)) ** -e.exp
        if e.is_Pow and e.exp.is_Rational and not e.exp.is_Integer:              # b^(7/3) is b^2 times b^(1/3)
            whole, share = divmod(e.exp, 1)
            base = self.walk(e.base)
            power = base ** whole if whole >= 0 else self._reciprocal(base) ** -whole
            return power * self.name(base ** share)
        if isinstance(e, sympy.Function) or (e.is_Pow and not e.exp.is_Integer):
            return self.name(e.func(*map(sympy.expand, e.args)))
        if isinstance(e, sympy.NumberSymbol):                                    # pi
            return self.name(e)
        return e.func(*map(self.walk, e.args)) if e.args else e


def _is_zero(expression, related=True, written_out=False):
    """Whether the expression is 0 as a ratio of polynomials in its functions, with H^2 = H and S^2 = e."""
    names = _Names(related, written_out)
    polynomial = names.walk(expression)
    symbols = sorted(polynomial.free_symbols.union(names.known, *(e.free_symbols for _, e in names.known.values())),
                     key=lambda s: s.sort_key())
    if not symbols:
        return polynomial == 0
    ring = sympy.polys.rings.PolyRing(symbols, sympy.QQ)
    left = ring.from_expr(polynomial)
    for name, (kind, base) in reversed(names.known.items()):
        k, e = symbols.index(name), ring.from_expr(base)
        top = max(left.degree(ring.gens[k]), 0)
        parts = {}                              # power p of the name -> {the other powers: coefficient}
        for m, c in left.terms():
            parts.setdefault(m[k], {})[*m[:k], 0, *m[k + 1:]] = c
        left = ring.zero
        for p, part in parts.items():           # R^p times e^top is e^(top - p); S^p is e^(p // 2), times S if p is odd
            factor = e ** (top - p) if kind == "reciprocal" else e ** (p // 2) * ring.gens[k] ** (p % 2)
            left = left + ring.from_dict(part) * factor
    own_square = [s in names.own_square for s in symbols]
    once = Counter()
    for powers, coefficient in left.terms():
        once[tuple(min(p, 1) if own else p for p, own in zip(powers, own_square, strict=True))] += coefficient
    return not any(once.values())


def _plainly_not_zero(expression):
    """Whether 30 digits at one arbitrary point show that it is not 0; a fault is then found without algebra."""
    point = {s: sympy.Float(sympy.Rational(2 * k + 3, 3 * k + 7) * (-1) ** k, 30)
             for k, s in enumerate(sorted(expression.free_symbols, key=sympy.default_sort_key))}
    value = replaced(expression, point).doit()         # evalf would hunt for digits of an exact 0, which has none
    if value.is_number and not value.is_Float:        # an exact number is among them: digits, but not without end
        value = value.evalf(30, maxn=60)
    return value.is_Float and abs(value) > 1e-15


def plainly_zero(expression):
    """Whether it is 0 whatever its functions, reciprocals and roots are: quick, and enough for a slope by the rules."""
    return _is_zero(expression, related=False)


def vanish(expression):
    """The expression, simplified as far as a proof needs: what is identically 0 comes back as 0."""
    if _plainly_not_zero(expression):
        return expression
    if plainly_zero(expression) or _is_zero(expression):
        return sympy.Integer(0)
    return sympy.Integer(0) if _is_zero(expression, written_out=True) else expression


@in_parts
def prove(network, loss_name, rows=1, one_pass=None, reduction="mean"):
    """Prove the hand-written backward pass of `network` under a loss: a Proof, {weight: residue}, all 0 if it is right.

    network: a Network, or any Model (network/model.py), which is proved stage by stage.  loss_name: as in Fit.
    rows: how many symbolic examples there are.  reduction: "mean" or "sum" over them.
    one_pass: the backward pass to prove, see network/backprop.py.
    Raises ValueError for an unknown loss, for networks of more than 60 weights, and for models of more than 300.
    """
    rows = whole("rows", rows, 1, 8)
    instance("network", network, Model, "a Network or a Model")
    if one_pass is not None and (not callable(one_pass) or isinstance(one_pass, type)):
        refuse("one_pass", one_pass, "allowed is None or a function such as forward_and_backward")
    if one_pass is not None:
        instance("network", network, Network, "a Network, layer by layer, for a pass of one's own")
    in_stages = not isinstance(network, Network)
    most = by_names.MAX_WEIGHTS if in_stages else MAX_WEIGHTS
    if network.n_params > most:
        raise ValueError(f"network: got {network.n_params} weights; allowed are at most {most} for a proof")
    record = loss_named(loss_name, network.n_out, reduction, network.answers)
    theta = np.array([symbol(name) for name in network.names], dtype=object)
    x, t = grid("x", network.n_in, rows), grid("t", network.n_out, rows)
    return _in_stages(network, record, theta, x, t) if in_stages else _as_a_whole(
        network, record, theta, x, t, one_pass or forward_and_backward)


def _as_a_whole(network, record, theta, x, t, one_pass):
    with distribute(False):        # else SymPy turns (u + v)/2 into u/2 + v/2, and a unit's z is found no more
        trace = one_pass(network, record, theta, x, t, XP)
        if not hasattr(trace, "gradient"):
            refuse("one_pass", trace, "allowed is a function that returns a Trace")
        slopes = derivatives(trace.loss, set(theta))
        residues = [by_hand - slopes.get(weight, 0) for by_hand, weight in zip(trace.gradient, theta, strict=True)]
    short = {z: sympy.Dummy("z", real=True) for layer in trace.z for z in layer.flat if z.is_Add}
    found, back = {}, {z: pre for pre, z in short.items()}
    for name, residue in zip(network.names, residues, strict=True):
        yield Part(len(found) / network.n_params)
        found[name] = vanish(replaced(residue, short)).xreplace(back)
    yield Part(1.0, Proof(found))


def _in_stages(model, record, theta, x, t):
    trace, names = by_names.named_pass(model, record, theta, x, t, XP)
    found, faults, all_of_it = {}, {}, len(names.of) // 2 + len(theta)
    for k, (kind, name, residue) in enumerate(by_names.residues(model, trace, names, theta, vanish)):
        if kind == "weight":
            found[name] = residue
        elif residue != 0:
            faults[name] = residue
        yield Part((k + 1) / (all_of_it + 1))
    yield Part(1.0, Proof(found, faults))
