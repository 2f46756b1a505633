"""Parts taken up once give what SymPy's own diff and xreplace give, term by term where they come again."""
import numpy as np
import pytest
import sympy
from conftest import random_fit

import bpviz as bp
from bpviz.network.backprop import forward_and_backward
from bpviz.symbolic.prove import grid, symbol
from bpviz.symbolic.shared import derivatives, replaced
from bpviz.symbolic.values import NUMBERS, value
from bpviz.symbolic.xp import XP, Heaviside, Sigmoid


def the_loss(activation, loss):
    """The forward loss of a small network in symbols, with its weights, and an arbitrary point."""
    fit, theta = random_fit(0, (1, 2, 1), activation, loss, rows=1)
    names = np.array([symbol(name) for name in fit.network.names], dtype=object)
    x, t = grid("x", 1, 1), grid("t", fit.network.n_out, 1)
    trace = forward_and_backward(fit.network, fit.loss_record, names, x, t, XP)
    numbers = [*theta, *fit.data.x.flat, *fit.data.y.flat]
    return trace.loss, names, {s: NUMBERS.mpf(v) for s, v in zip([*names, *x.flat, *t.flat], numbers, strict=True)}


@pytest.mark.parametrize("loss", bp.LOSSES)
@pytest.mark.parametrize("activation", bp.ACTIVATIONS)
def test_derivatives_are_those_of_sympy(activation, loss):
    expression, weights, point = the_loss(activation, loss)
    ours = derivatives(expression, set(weights))
    for weight in weights:
        exact, got = (value(slope, point) for slope in (sympy.diff(expression, weight), ours.get(weight, sympy.Integer(0))))
        assert abs(got - exact) < 1e-20 * (1 + abs(exact)), weight


def test_every_rule_and_what_it_does_not_depend_on():
    x, y, u = (symbol(name) for name in "xyu")
    for e in (x * y * sympy.sin(x), x ** y, (x * y) ** sympy.Rational(5, 2), 1 / (1 + x ** 2), sympy.exp(x) ** -3, x, y, sympy.pi,
              sympy.Integer(3), Sigmoid(x * y) * Heaviside(x - y), sympy.atan2(x, y), sympy.log(x + sympy.sqrt(y)) / x):
        ours = derivatives(e, {x, y, u})
        assert set(ours) <= e.free_symbols
        for s in (x, y, u):
            difference = ours.get(s, sympy.Integer(0)) - sympy.diff(e, s)
            assert abs(difference.subs({x: sympy.Float("1.7", 30), y: sympy.Float("0.6", 30)})) < 1e-25, (e, s)


def test_replaced_is_xreplace():
    x, y, z = (symbol(name) for name in "xyz")
    part = x * sympy.sin(y)
    for rule in ({x: y}, {part: z}, {x: y, y: x}, {part: x, x: z}, {sympy.sin(y): sympy.Integer(2)}, {}):
        for e in (part + part ** 2 + sympy.exp(part), x, z, sympy.Integer(1), sympy.cos(part * z) / x):
            assert replaced(e, rule) == e.xreplace(rule), (e, rule)


def test_a_part_that_comes_again_is_taken_up_once():
    """Twelve doublings: whoever follows every copy of a part takes up 4096 of them."""
    asked = []

    class Twice(sympy.Function):
        nargs = 2

        def fdiff(self, argindex=1):
            asked.append(self)
            return sympy.Integer(1)
    e = x = symbol("x")
    for _ in range(12):
        e = Twice(e, e)
    assert derivatives(e, {x}) == {x: 2 ** 12} and len(asked) == 2 * 12
    new = replaced(e, {x: symbol("y")})
    for _ in range(12):
        assert new.args[0] is new.args[1]
        new = new.args[0]
    assert new == symbol("y")
