"""Worked examples that people learn from, computed again: what the source prints, and how the right value is known.

Each case gives the source's own loss, typed here a second time in plain Python; its derivatives by mpmath (30 digits) are
the right values. Where a source prints something else, the case says so, and what we answer is the right value.
"""
import math
from dataclasses import dataclass

import mpmath
import numpy as np
import pytest

import bpviz as bp


def sigmoid(z):
    return 1 / (1 + mpmath.exp(-z))


@dataclass(frozen=True)
class Example:
    """source: who and where.  fit, theta: as bpviz takes it.  loss: the same loss typed again, (list of P) -> number.
    printed: {weight: dL/dweight} as the source prints it, in our loss's units, with the digits it gives."""
    source: str
    fit: bp.Fit
    theta: list
    loss: object
    printed: dict


def mazur(w):
    w1, w3, w2, w4, b1, b2, w5, w7, w6, w8, b3, b4 = w
    h1, h2 = sigmoid(w1 * 0.05 + w2 * 0.1 + b1), sigmoid(w3 * 0.05 + w4 * 0.1 + b2)
    o1, o2 = sigmoid(w5 * h1 + w6 * h2 + b3), sigmoid(w7 * h1 + w8 * h2 + b4)
    return (o1 - 0.01) ** 2 + (o2 - 0.99) ** 2


def one_output(w):
    w1, w3, w2, w4, b1, b2, w5, w6, b3 = w
    h1, h2 = sigmoid(w1 * 0.05 + w2 * 0.1 + b1), sigmoid(w3 * 0.05 + w4 * 0.1 + b2)
    return (sigmoid(w5 * h1 + w6 * h2 + b3) - 0.01) ** 2


def worked_3_1(w):
    top, bottom = sigmoid(0.35 * w[0] + 0.9 * w[2]), sigmoid(0.35 * w[1] + 0.9 * w[3])
    return (sigmoid(w[4] * top + w[5] * bottom) - 0.5) ** 2


def cs231n(w):
    return (sigmoid(-w[0] - 2 * w[1] + w[2]) - CS231N_TARGET) ** 2


def micrograd(w):
    return (mpmath.tanh(2 * w[0] + 0 * w[1] + w[2]) - MICROGRAD_TARGET) ** 2


def nielsen(w):
    return sigmoid(w[0] + w[1]) ** 2


# A neuron's own slope do/dw is the gradient of (o - t)^2 with 2 (o - t) = 1.
CS231N_TARGET = 1 / (1 + math.exp(-1.0)) - 0.5
MICROGRAD_TARGET = math.sqrt(0.5) - 0.5
MICROGRAD_BIAS = 6.8813735870195432

EXAMPLES = {example.source: example for example in (
    Example("Mazur 2015, A Step by Step Backpropagation Example",       # his error has a factor 1/2, so ours is twice his
            bp.Fit(bp.Network((2, 2, 2), "sigmoid"), "squared error", bp.DATA["two outputs"]),
            [.15, .25, .20, .30, .35, .35, .40, .50, .45, .55, .60, .60], mazur,
            {"w1[1,1]": 2 * 0.000438568, "w2[1,1]": 2 * 0.082167041}),
    Example("The same network with one output, as many pages print it",
            bp.Fit(bp.Network((2, 2, 1), "sigmoid"), "squared error", bp.Data([[.05], [.1]], [.01])),
            [.15, .25, .20, .30, .35, .35, .40, .45, .60], one_output, {"w2[1,1]": 2 * 0.082167041}),
    Example("The Back Propagation Algorithm, worked example 3.1 (course notes, Robert Gordon University)",
            bp.Fit(bp.Network((2, 2, 1), "sigmoid", bias=False), "squared error", bp.Data([[.35], [.9]], [.5])),
            [.1, .4, .8, .6, .3, .9], worked_3_1, {"w2[1,1]": 2 * 0.0406 * 0.68, "w2[2,1]": 2 * 0.0406 * 0.6637}),
    Example("Stanford CS231n notes, Backpropagation, Intuitions: the sigmoid neuron",
            bp.Fit(bp.Network((2, 1), "sigmoid"), "squared error", bp.Data([[-1.0], [-2.0]], [CS231N_TARGET])),
            [2, -3, -3], cs231n, {"w1[1,1]": -0.20, "w1[2,1]": -0.39, "b1[1]": 0.20}),
    Example("Karpathy's lecture on micrograd: the tanh neuron",
            bp.Fit(bp.Network((2, 1), "tanh"), "squared error", bp.Data([[2.0], [0.0]], [MICROGRAD_TARGET])),
            [-3, 1, MICROGRAD_BIAS], micrograd, {"w1[1,1]": 1.0, "w1[2,1]": 0.0, "b1[1]": 0.5}),
    Example("Nielsen, Neural Networks and Deep Learning, chapter 3: a neuron badly wrong",
            bp.Fit(bp.Network((1, 1), "sigmoid"), "squared error", bp.Data([1.0], [0.0])),
            [2.0, 2.0], nielsen, {}),
)}


@pytest.mark.parametrize("source", EXAMPLES)
def test_the_gradient_is_the_right_one_three_ways_and_as_printed(source):
    case = EXAMPLES[source]
    with mpmath.workdps(30):
        at = [mpmath.mpf(w) for w in case.theta]
        right = np.array([float(mpmath.diff(lambda v, k=k: case.loss([*at[:k], v, *at[k + 1:]]), at[k]))
                          for k in range(len(at))])
        loss = float(case.loss(at))
    assert case.fit.loss(case.theta) == pytest.approx(loss, rel=1e-14)
    assert np.allclose(case.fit.gradient(case.theta), right, rtol=1e-12, atol=1e-16)
    for row, value in zip(bp.compare_gradients(case.fit, case.theta), right, strict=True):
        assert row.symbolic == pytest.approx(value, rel=1e-12, abs=1e-16)
        assert row.difference == pytest.approx(value, rel=1e-6, abs=1e-9)
    for weight, number in case.printed.items():
        assert right[case.fit.names.index(weight)] == pytest.approx(number, rel=2e-2, abs=1e-12)


def mazurs_way(theta, steps):
    """His descent: rate 0.5 on half our loss, biases left as they are."""
    fit = EXAMPLES["Mazur 2015, A Step by Step Backpropagation Example"].fit
    theta = np.array(theta, float)
    for _ in range(steps):
        theta = theta - 0.25 * fit.gradient(theta) * fit.network.is_weight
    return theta, float(fit.loss(theta)) / 2, fit.predict(theta)[:, 0]


def test_mazurs_weights_after_one_step_and_his_error_after_ten_thousand():
    start = EXAMPLES["Mazur 2015, A Step by Step Backpropagation Example"].theta
    assert mazurs_way(start, 0)[1] == pytest.approx(0.298371109, abs=5e-10)
    theta, error, _ = mazurs_way(start, 1)
    printed = {"w1[1,1]": .149780716, "w1[2,1]": .19956143, "w1[1,2]": .24975114, "w1[2,2]": .29950229,
               "w2[1,1]": .35891648, "w2[2,1]": .408666186, "w2[1,2]": .511301270, "w2[2,2]": .561370121}
    names = EXAMPLES["Mazur 2015, A Step by Step Backpropagation Example"].fit.names
    for weight, number in printed.items():
        assert theta[names.index(weight)] == pytest.approx(number, abs=5e-9)
    with mpmath.workdps(30):                                        # the page prints 0.291027924, wrong from the 7th digit on
        at = [mpmath.mpf(str(w)) for w in start]
        slopes = [mpmath.diff(lambda v, k=k: mazur([*at[:k], v, *at[k + 1:]]), at[k]) for k in range(12)]
        after = [w - mpmath.mpf("0.25") * g * (not name.startswith("b")) for w, g, name in zip(at, slopes, names, strict=True)]
        assert error == pytest.approx(float(mazur(after)) / 2, rel=1e-13) and round(error, 6) == 0.291028
    _, error, outputs = mazurs_way(start, 10_000)
    assert error == pytest.approx(0.0000351085, rel=1e-3) and np.allclose(outputs, [0.015912196, 0.984065734], atol=2e-6)


def test_worked_example_3_1_hands_back_through_weights_it_has_just_changed():
    """The notes print hidden errors of -2.406e-3 and -7.916e-3: those are the output's times the *new* weights.

    Backpropagation takes the weights that made the forward pass (known by mpmath above).
    """
    case = EXAMPLES["The Back Propagation Algorithm, worked example 3.1 (course notes, Robert Gordon University)"]
    trace = bp.backprop(case.fit, case.theta)
    ours = -trace.delta[0][:, 0] / 2                                # their sign, and their factor 1/2
    new = np.array(case.theta[4:]) + -trace.delta[1][0, 0] / 2 * trace.a[1][:, 0]
    theirs = -trace.delta[1][0, 0] / 2 * new * trace.a[1][:, 0] * (1 - trace.a[1][:, 0])
    assert np.allclose(theirs, [-2.406e-3, -7.916e-3], rtol=5e-3)
    assert np.allclose(ours, -np.array([0.0406 * 0.3 * 0.68 * 0.32, 0.0406 * 0.9 * 0.6637 * 0.3363]), rtol=5e-3)
    assert (np.abs(ours / theirs - 1) > 0.02).all()


@pytest.mark.parametrize("start,begins,ends", [((0.6, 0.9), 0.82, 0.09), ((2.0, 2.0), 0.98, 0.20)])
def test_nielsens_neuron_learns_slowly_where_it_is_badly_wrong(start, begins, ends):
    """Chapter 3, "The cross-entropy cost function": quadratic cost (y - a)^2 / 2, rate 0.15, 300 epochs; printed outputs."""
    fit = EXAMPLES["Nielsen, Neural Networks and Deep Learning, chapter 3: a neuron badly wrong"].fit
    path = bp.descend(fit, start, bp.GradientDescent(0.15 / 2), 300)
    assert fit.predict(start)[0, 0] == pytest.approx(begins, abs=5e-3)
    assert fit.predict(path.end)[0, 0] == pytest.approx(ends, abs=5e-3)


def test_goodfellows_relu_network_solves_xor_exactly():
    """Goodfellow, Bengio and Courville 2016, Deep Learning, section 6.1: W all 1, c = (0, -1), w = (1, -2), b = 0."""
    fit = bp.Fit(bp.Network((2, 2, 1), ("relu", "identity")), "squared error", bp.DATA["xor"])
    theta = fit.network.pack([([[1, 1], [1, 1]], [0, -1]), ([[1], [-2]], [0])])
    assert fit.predict(theta).tolist() == [[0, 1, 1, 0]] and fit.loss(theta) == 0
    assert fit.gradient(theta).tolist() == [0] * 9
    assert np.allclose(bp.critical_points(bp.Fit(bp.Network((2, 1), "identity"), "squared error", bp.DATA["xor"]),
                                          starts=50).theta[:, 0], [0, 0, 0.5], atol=1e-12)      # "outputs 0.5 everywhere"


def test_adams_first_steps_by_hand():
    """Kingma and Ba 2015, algorithm 1, on L = w^2 from 5 with rate 0.1 (a step worked by hand on many course pages).

    Known by the algorithm typed again in 30 digits.
    """
    with mpmath.workdps(30):
        w, m, v, b1, b2 = mpmath.mpf(5), mpmath.mpf(0), mpmath.mpf(0), mpmath.mpf(9) / 10, mpmath.mpf(999) / 1000
        places = [w]
        for t in range(1, 6):
            g = 2 * w
            m, v = b1 * m + (1 - b1) * g, b2 * v + (1 - b2) * g * g
            w = w - m / (1 - b1 ** t) / 10 / (mpmath.sqrt(v / (1 - b2 ** t)) + mpmath.mpf("1e-8"))
            places.append(w)

    class Square:
        n_params = 1
        loss = staticmethod(lambda theta: np.asarray(theta)[0] ** 2)
        gradient = staticmethod(lambda theta: 2 * np.asarray(theta))
    path = bp.descend(Square(), [5.0], bp.Adam(rate=0.1), 5)
    assert np.allclose(path.theta[0], np.array([float(place) for place in places]), rtol=1e-14)
    assert path.theta[0, 1] == pytest.approx(4.9, abs=1e-9)                  # "effective step 0.1"


@pytest.mark.parametrize("fault,source", [
    ("output slope forgotten", "Bot-Academy/NeuralNetworkFromScratch, pull request 3: the output's sigmoid slope is missing"),
    ("slope at a instead of z", "BoltzmannEntropy/interviews.ai, issue 4: x (1 - x) where y (1 - y) belongs"),
])
def test_a_fault_reported_in_public_code_shows_in_the_table(fault, source):
    from bpviz.coursework.puzzles import FAULTS, broken_pass, example
    fit, theta = example()
    rows = bp.compare_gradients(fit, theta, one_pass=broken_pass(FAULTS[fault]))
    assert any(not row.agree for row in rows) and all(row.symbolic == pytest.approx(row.difference, abs=1e-8) for row in rows)
