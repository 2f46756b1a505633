"""The generated chain rule: right, linear in depth, sayable."""
import autograd
import numpy as np
import pytest
import sympy
from conftest import oracle_loss, random_fit

import bpviz as bp
from bpviz.symbolic import unit
from bpviz.symbolic.derive import Chain
from bpviz.symbolic.prove import vanish


@pytest.mark.parametrize("loss", list(bp.LOSSES))
@pytest.mark.parametrize("activation", list(bp.ACTIVATIONS))
def test_its_numbers_agree_with_autograd(activation, loss):
    fit, theta = random_fit(11, (2, 3, 2), activation, loss, l2=0.03)
    exact = autograd.grad(oracle_loss(fit))(theta)
    derivations = bp.derive(fit)
    for k, name in enumerate(fit.names):
        assert np.isclose(derivations[name].at(theta), exact[k], rtol=1e-9, atol=1e-12), name


def test_the_written_out_expression_is_sympys_derivative():
    fit, _ = random_fit(0, (2, 2, 1), "tanh", "squared error", rows=1)
    chain = Chain(fit)
    written = {}
    for step in chain.steps.values():
        if step.of is None:
            written[step.symbol] = step.formula.xreplace(written)
    for weight, derivation in zip(chain.weights, bp.derive(fit).values(), strict=True):
        assert weight in written[chain.L].free_symbols
        residue = derivation.expression - sympy.diff(written[chain.L], weight)
        numbers = {s: sympy.Rational(k + 2, 7) for k, s in enumerate(sorted(residue.free_symbols, key=str))}
        assert abs(residue.subs(numbers).evalf(40)) < 1e-30


def test_steps_grow_linearly_with_depth():
    counts = []
    for depth in (2, 4, 8, 16):
        fit, _ = random_fit(0, (2,) * depth + (1,), "tanh", "squared error")
        counts.append(len(Chain(fit).steps))
    assert np.allclose(np.diff(counts) / np.array([2, 4, 8]), (counts[1] - counts[0]) / 2)


def test_a_hidden_unit_with_two_outputs_shows_both_paths():
    fit, _ = random_fit(0, (1, 1, 2), "tanh", "squared error")
    text = bp.derive(fit)["w1[1,1]"].text()
    assert "dL/da1[1] = dL/dz2[1]*w2[1,1] + dL/dz2[2]*w2[1,2]" in text and "2 paths added" in text


def test_text_with_numbers_is_arithmetic_that_comes_out():
    fit = bp.Fit(bp.Network((1, 1, 1), "sigmoid", bias=False), "squared error", bp.DATA["seesaw"])
    theta = np.array([0.8, -1.2])
    lines = bp.derive(fit)["w1[1,1]"].text(theta, row=2).splitlines()
    values = [line.split("= ")[1] for line in lines if line.strip().startswith("= ")]
    for filled, value in zip(values[::2], values[1::2], strict=True):
        number = eval(filled, {"sigmoid": lambda z: 1 / (1 + np.exp(-z))})
        assert abs(number - float(value)) <= 2e-3 * abs(float(value)) + 1e-12, (filled, value)
    assert "(0.2)" not in lines[-1] and float(values[-1]) != 0


def test_latex_names_single_units_without_indices():
    fit = bp.Fit(bp.Network((1, 1, 1), "sigmoid", bias=False), "squared error", bp.DATA["seesaw"])
    latex = bp.derive(fit)["w1[1,1]"].latex()
    assert r"\frac{\partial L}{\partial w_{1}} &=" in latex and latex.count("&=") == latex.count("\\\\\n") + 1
    filled = bp.derive(fit)["w1[1,1]"].latex([1e-9, 2.0])
    assert r"10^{-9}" in filled


@pytest.mark.parametrize("activation", list(bp.ACTIVATIONS))
@pytest.mark.parametrize("loss", list(bp.LOSSES))
def test_shown_formulas_equal_the_formulas_used(activation, loss):
    """What is printed is what is computed, proved: a (1 - a) and o - t are shown, forms that keep both tails computed."""
    fit, _ = random_fit(0, (1, 1, 2), activation, loss)
    chain = Chain(fit)
    written = {unit: answer for units in (chain.output_units, chain.slope_units) for answer, unit in units.items()}
    answers = {s: step.formula for s, step in chain.steps.items() if chain.pretty[s][0] == "a"}
    whole = {chain.t[-1]: 1 - sum(chain.t[:-1])} if loss == "softmax cross-entropy" else {}
    for s, step in chain.steps.items():
        if chain.pretty[s][0] == "a":
            assert str(step.shown.func) == activation
        else:
            assert vanish((step.shown.xreplace(written) - step.formula).xreplace(whole).xreplace(answers)) == 0, s
    shown = " ".join(str(step.shown) for step in chain.steps.values())
    assert {"sigmoid": "(1 - a_1_1)", "tanh": "1 - a_1_1**2"}.get(activation, "") in shown
    assert {"binary cross-entropy": "-t_1 + sigmoid(z_2_1)"}.get(loss, "") in shown


def test_refusals():
    fit, theta = random_fit(0, (1, 1), "tanh", "squared error")
    with pytest.raises(ValueError, match="row: got 3; allowed is a whole number from 0 to 2"):
        bp.derive(fit)["w1[1,1]"].text(theta, row=3)
    with pytest.raises(ValueError, match=r"theta: got shape \(3,\)"):
        bp.derive(fit)["w1[1,1]"].at([1, 2, 3])
    with pytest.raises(ValueError, match=r"theta: got shape \(2, 3\); allowed is \(2,\), one network"):
        bp.derive(fit)["w1[1,1]"].text(np.ones((2, 3)))          # not the first of three


@pytest.mark.parametrize("loss", list(bp.LOSSES))
@pytest.mark.parametrize("activation", list(bp.ACTIVATIONS))
def test_three_ways_agree(activation, loss):
    fit, theta = random_fit(12, (2, 2, 2), activation, loss)
    rows = bp.compare_gradients(fit, theta)
    assert [row.weight for row in rows] == list(fit.names) and all(row.agree for row in rows)
    assert max(row.error for row in rows) < 1e-8


def test_a_wrong_backward_pass_is_marked(monkeypatch):
    right = bp.ACTIVATIONS["tanh"]
    wrong = type(right)("tanh", right.value, lambda xp, z, a: 1 - a, right.formula, "")
    fit, theta = random_fit(13, (2, 2, 1), "tanh", "squared error")
    monkeypatch.setitem(bp.ACTIVATIONS, "tanh", wrong)
    unit.slope_of.cache_clear()
    rows = bp.compare_gradients(fit, theta)
    unit.slope_of.cache_clear()
    assert not any(row.agree for row in rows if row.weight != "b2")
    for row in rows:
        assert abs(row.symbolic - row.difference) < 1e-8 < abs(row.symbolic - row.backprop)


def test_saturated_units_do_not_cry_wolf():
    fit = bp.Fit(bp.Network((1, 1, 1), "sigmoid", bias=False), "squared error", bp.DATA["trident"])
    for theta in ([60.0, -60.0], [1e5, 1e5], [0.0, 0.0], [-6.0, 6.0]):
        assert all(row.agree for row in bp.compare_gradients(fit, theta)), theta


def test_compare_takes_one_network():
    fit, _ = random_fit(0, (1, 1), "tanh", "squared error")
    with pytest.raises(ValueError, match=r"theta: got shape \(2, 3\); allowed is \(2,\), one network"):
        bp.compare_gradients(fit, np.ones((2, 3)))
