"""Softmax and sigmoid as stops of the walk: the answers by plain exp, the slope by the whole Jacobian, on symbols too."""
import re

import numpy as np
import pytest
import sympy
from conftest import random_fit

import bpviz as bp
from bpviz.explorers import all_explorers
from bpviz.symbolic.walk import TrainingStep

WALK = all_explorers()["backprop"]


def stops_of(loss, sizes, seed=3):
    fit, theta = random_fit(seed, sizes, "tanh", loss)
    walk = TrainingStep(fit, bp.GradientDescent)
    return fit, {stop.kind: walk.find(k, theta, bp.GradientDescent(0.3)) for k, stop in enumerate(walk.stops)}


@pytest.mark.parametrize("outputs", [2, 3, 4])
def test_the_slope_of_a_softmax_is_the_sum_over_its_jacobian(outputs):
    """dL/dz by the Jacobian diag(p) - p p', which no line of the walk has; every answer's stop reads every score."""
    fit, found = stops_of("softmax cross-entropy", (2, 3, outputs))
    kinds = [("a", (2, j)) for j in range(1, outputs + 1)]
    z = np.array([found["z", place].value for _, place in kinds])
    p = np.exp(z) / np.exp(z).sum()
    assert np.allclose([found[kind].value for kind in kinds], p, rtol=1e-14)
    t = fit.data.y[:, 0]
    jacobian = np.diag(p) - np.outer(p, p)
    assert np.allclose([found["d", ("z", 2, j)].value for j in range(1, outputs + 1)], jacobian @ (-t / p), rtol=1e-12, atol=1e-15)
    for kind in kinds:
        assert set(found[kind].stop.reads) == {("z", place) for _, place in kinds}
        assert set(found[kind].flow.now) == {(place, kind[1]) for _, place in kinds if place != kind[1]}
        slope = found["d", ("z", *kind[1])]
        assert set(slope.stop.reads) == {kind, ("t", kind[1][1:])} and len(slope.terms) == 2
        assert "every answer" in slope.stop.why and f"output {kind[1][1]} " in slope.stop.why
        assert found[kind].agree and slope.agree


@pytest.mark.parametrize("outputs", [2, 3])
def test_p_less_t_is_that_sum_on_symbols(outputs):
    z = sympy.symbols(f"z1:{outputs + 1}", real=True)
    t = [*sympy.symbols(f"t1:{outputs}", real=True)]
    t.append(1 - sum(t))
    p = [sympy.exp(one) / sum(map(sympy.exp, z)) for one in z]
    loss = -sum(target * sympy.log(one) for target, one in zip(t, p, strict=True))
    for j in range(outputs):
        through = sum(-t[k] / p[k] * sympy.diff(p[k], z[j]) for k in range(outputs))
        assert sympy.simplify(through - (p[j] - t[j])) == 0 == sympy.simplify(sympy.diff(loss, z[j]) - (p[j] - t[j]))


@pytest.mark.parametrize("outputs", [1, 2])
def test_a_sigmoid_answers_each_score_alone(outputs):
    fit, found = stops_of("binary cross-entropy", (2, 2, outputs))
    for j in range(1, outputs + 1):
        a, z = found["a", (2, j)], found["z", (2, j)].value
        assert a.stop.reads == (("z", (2, j)),) and a.flow.now == (((2, j), (2, j)),)
        assert a.value == pytest.approx(1 / (1 + np.exp(-z)), rel=1e-14) and a.agree
        slope = found["d", ("z", 2, j)]
        assert slope.value == pytest.approx((a.value - fit.data.y[j - 1, 0]), rel=1e-10) and "cancels" in slope.stop.why


def test_no_answer_of_a_softmax_is_known_before_all_scores_are():
    fit, found = stops_of("softmax cross-entropy", (2, 2, 3))
    for kind, reached in found.items():
        scores = {("z", (2, j)) for j in (1, 2, 3)}
        if kind[0] == "z":
            assert not any(known[0] == "a" and known[1][0] == 2 for known in reached.known)
        if kind == ("a", (2, 1)):
            assert scores <= set(reached.known)


def test_the_formula_is_one_fraction_over_all_scores():
    _, found = stops_of("softmax cross-entropy", (2, 2, 3))
    (latex, numbers, value), = found["a", (2, 2)].terms
    assert re.match(r"\\frac\{e\^\{z\^\{\(2\)\}_\{2\}\}\}", latex) and latex.count("e^{z") == 4 and numbers.count("e^") == 4 and "exp" not in numbers


def test_the_picture_holds_the_outputs_of_a_softmax_together():
    from matplotlib.patches import FancyBboxPatch
    for example, loss, together in (("two outputs 2-2-2", "cross-entropy", True), ("two outputs 2-2-2", "squared error", False),
                                    ("article 2-2-1", "cross-entropy", False)):
        values = WALK.values(example=example, loss=loss)
        scene, result = WALK.finish(values)
        figure, drawing = WALK.picture(scene, 940)
        drawing.update(result)
        diagram = figure.axes[1]
        still = [patch for patch in diagram.patches if isinstance(patch, FancyBboxPatch) and patch not in drawing.moving]
        assert len(still) == together
        if together:
            band = still[0].get_bbox()
            inside = [line for line in diagram.lines if line.get_marker() == "o" and band.contains(line.get_xdata()[0], line.get_ydata()[0])]
            assert len(inside) == 2
