"""The gradient check itself, checked: it never calls a right gradient wrong, and no wrong one right.

The oracle is a loss written a second time, in 120 digits and plain loops, and its difference quotient with
h = 1e-40: no rounding and no truncation that a double could see. A kink within 1e-40 is the one thing it
cannot judge, and says so.
"""
from dataclasses import replace

import mpmath
import numpy as np
import oracles
import pytest

import bpviz as bp
from bpviz.coursework.puzzles import FAULTS, broken_pass
from bpviz.network.backprop import forward_and_backward
from bpviz.symbolic.derive import Chain

mp = mpmath.mp.clone()
mp.dps = 120
UNITS = {name: value for name, (value, _) in oracles.on(oracles.digits(mp)).items()}


def slow_loss(fit, theta):
    """The loss in 120 digits: one weight, one row, one unit at a time."""
    network, total, left = fit.network, mp.mpf(0), iter(theta)
    layers, penalty = [], mp.mpf(0)
    for n_in, n_out in zip(network.sizes, network.sizes[1:], strict=False):
        W = [[next(left) for _ in range(n_out)] for _ in range(n_in)]
        layers.append((W, [next(left) for _ in range(n_out)] if network.bias else [mp.mpf(0)] * n_out))
        penalty += sum(w * w for row in W for w in row)
    for x, t in zip(fit.data.x.T, fit.data.y.T, strict=True):
        a, z, t = [mp.mpf(v) for v in map(float, x)], [], [mp.mpf(v) for v in map(float, t)]
        for k, (W, b) in enumerate(layers):
            before, z = z, [sum(w[j] * v for w, v in zip(W, a, strict=True)) + b[j] for j in range(len(b))]
            if network.skips[k]:
                z = [u + v for u, v in zip(z, before, strict=True)]
            heard = z
            if network.norms[k]:
                m = sum(z) / len(z)
                s = mp.sqrt(sum((v - m) ** 2 for v in z) / len(z) + mp.mpf(1e-5))
                heard = [(v - m) / s for v in z]
            a = [UNITS[network.activations[k]](v) for v in heard]
        name = fit.loss_record.name
        if name in ("squared error", "half squared error"):
            total += sum((u - v) ** 2 for u, v in zip(a, t, strict=True)) / (2 if "half" in name else 1)
        elif name == "binary cross-entropy":
            total += sum(mp.log1p(mp.exp(-abs(u))) + max(u, 0) - v * u for u, v in zip(z, t, strict=True))
        else:
            top = max(z)
            whole = top + mp.log(sum(mp.exp(u - top) for u in z))
            total += sum((whole - u) * v for u, v in zip(z, t, strict=True))    # targets add up to 1 only but for rounding
    return total / fit.data.rows + mp.mpf(fit.l2) * penalty


def truth(fit, theta):
    """dL/dtheta as floats (P,), nan where the slopes of the two sides are not the same."""
    theta, h, found = [mp.mpf(float(w)) for w in theta], mp.mpf(10) ** -40, []
    here = slow_loss(fit, theta)
    for k in range(len(theta)):
        up, down = (slow_loss(fit, theta[:k] + [theta[k] + step] + theta[k + 1:]) for step in (h, -h))
        right, left = (up - here) / h, (here - down) / h
        found.append(float((up - down) / (2 * h)) if abs(right - left) <= 1e-8 * (abs(left) + abs(right)) + 1e-15
                     else float("nan"))
    return np.array(found)


def fit_of(activation, loss, rng, **cures):
    sizes = (2, 2, 2, 1) if cures else [(1, 1, 1), (2, 2, 1), (1, 3), (2, 2)][int(rng.integers(4))]
    if sizes[-1] < bp.LOSSES[loss].least_outputs:
        sizes = (*sizes[:-1], 2)
    network = bp.Network(sizes, activation, bool(rng.integers(2)), **cures)
    return bp.Fit(network, loss, data_of(sizes, loss, rng, 1.0), float(rng.choice([0.0, 0.03])))


def data_of(sizes, loss, rng, size):
    rows = int(rng.integers(1, 4))
    x = size * rng.normal(size=(sizes[0], rows))
    y = rng.uniform(0, 1, size=(sizes[-1], rows))
    return bp.Data(x if rng.random() < 0.7 else np.round(x), y / y.sum(axis=0) if "softmax" in loss else y)


def states(fit, rng, how_many):
    """(fit, theta): ordinary ones, saturated ones, inputs of 1000 and more, whole numbers (kinks), zeros, optima."""
    for k in range(how_many):
        kind = ("plain", "large inputs", "saturated", "tiny", "whole", "zero", "optimum", "large inputs, tiny weights")[k % 8]
        size = 10 ** rng.uniform(0, 6) if "inputs" in kind else 1.0
        one = replace(fit, data=data_of(fit.network.sizes, fit.loss_record.name, rng, size))
        theta = rng.normal(size=fit.n_params)
        if kind == "saturated":
            theta = theta * 10 ** rng.uniform(1, 3)
        elif kind == "tiny":
            theta = theta * 10 ** rng.uniform(-12, -1)
        elif kind == "whole":
            theta = np.round(theta)
        elif kind == "zero":
            theta = theta * (rng.random(fit.n_params) < 0.5)
        elif kind == "optimum":
            theta = bp.descend(one, theta, bp.GradientDescent(0.1), 400).theta[:, -1]
            theta = theta if np.isfinite(theta).all() else rng.normal(size=fit.n_params)
        elif "tiny" in kind:
            theta = theta / size
        yield kind, one, theta


def check_right(fit, theta, rows, exact):
    """The bars hold what they promise, and nothing right is called wrong."""
    for row, slope in zip(rows, exact, strict=True):
        assert row.answer in ("agree", "cannot tell") and row.because, (fit, theta.tolist(), row)
        assert row.agree == (row.answer == "agree")
        if np.isfinite(slope) and np.isfinite([row.symbolic, row.bar]).all():
            kinked = "relu" in fit.network.activation                 # sides that differ by less than the oracle sees
            assert abs(row.symbolic - slope) <= 4e-16 * abs(slope) + (1e-15 if kinked else 1e-60) or "joined" in row.because, (theta, row, slope)
            assert abs(row.backprop - slope) <= row.bar, (theta, row, slope)
            assert abs(row.difference - slope) <= row.bar, (theta, row, slope)
        elif np.isnan(slope):
            assert not row.agree, (theta, row)


def faulty(k, change):
    """The backward pass with one entry changed."""
    def one_pass(*words):
        right = forward_and_backward(*words)
        factor, offset = np.ones(len(right.gradient)), np.zeros(len(right.gradient))
        factor[k], offset[k] = change
        return replace(right, gradient=right.gradient * factor + offset)
    return one_pass


def check_wrong(fit, theta, chain, exact, rng):
    """One entry is off: it is called wrong where its error is above its bar, and nothing else is."""
    k = int(rng.integers(fit.n_params))
    change = [(1.001, 0.0), (0.999, 0.0), (2.0, 0.0), (-1.0, 0.0), (0.0, 0.0), (1.0, 1e-6)][int(rng.integers(6))]
    rows = bp.compare_gradients(fit, theta, chain, faulty(k, change))
    off = abs(rows[k].backprop - exact[k])
    assert rows[k].because and all(row.answer != "differ" for j, row in enumerate(rows) if j != k), (theta, rows)
    if np.isfinite([off, rows[k].bar]).all() and off > rows[k].bar:
        assert rows[k].answer == "differ", (theta, change, rows[k], exact[k])
        return 1
    return 0


CASES = [(activation, loss, {}) for activation in bp.ACTIVATIONS for loss in bp.LOSSES]
CASES += [("tanh", "squared error", {"skip": True}), ("relu", "squared error", {"layer_norm": True}),
          ("sigmoid", "binary cross-entropy", {"skip": True, "layer_norm": True})]


def sweep(activation, loss, cures, how_many, seed=0):
    """Many states of one kind of network: [(kind, answer, because), ...] and how many planted faults were called."""
    rng = np.random.default_rng([seed, CASES.index((activation, loss, cures))])
    fit = fit_of(activation, loss, rng, **cures)
    chain, told, called = Chain(fit), [], 0
    for kind, one, theta in states(fit, rng, how_many):
        exact, there = truth(one, theta), chain.on(one.data)
        rows = bp.compare_gradients(one, theta, there)
        check_right(one, theta, rows, exact)
        called += check_wrong(one, theta, there, exact, rng)
        told += [(kind, row.answer, row.because) for row in rows]
    return told, called


@pytest.mark.parametrize("activation, loss, cures", CASES)
def test_right_is_never_called_wrong_and_wrong_is(activation, loss, cures):
    told, called = sweep(activation, loss, cures, how_many=8)
    assert called and all(answer == "agree" for kind, answer, _ in told if kind == "plain")


def answers(fit, theta, **words):
    return [row.answer for row in bp.compare_gradients(fit, theta, **words)]


def test_the_check_holds_where_it_used_to_cry_wolf():
    """Large inputs, the optimum of a regression, and scores of 800."""
    large = bp.Fit(bp.Network((1, 1), "tanh", bias=False), "squared error", bp.Data([1000.0], [0.5]))
    assert answers(large, [1e-3]) == ["agree"]
    line = bp.Fit(bp.Network((1, 1), "identity"), "squared error", bp.Data([1.0, 2, 3], [1.0, 2, 4]))
    assert answers(line, [1.5, -2 / 3]) == ["agree"] * 2
    three = bp.Fit(bp.Network((1, 3), "identity", bias=False), "cross-entropy", bp.Data([[1.0]], [[1], [0], [0]]))
    rows = bp.compare_gradients(three, [800.0] * 3)
    assert [row.answer for row in rows] == ["agree"] * 3
    assert np.allclose([row.symbolic for row in rows], [-2 / 3, 1 / 3, 1 / 3], rtol=1e-15)
    derivation = bp.derive(three)["w1[1,1]"]
    assert derivation.at([800.0] * 3) == rows[0].symbolic and "nan" not in derivation.text([800.0] * 3)
    assert np.allclose(derivation.at(np.array([[800.0, 0.0]] * 3)), -2 / 3, rtol=1e-15)         # a cloud of two networks


def test_a_kink_is_said_in_words():
    """At a kink the slopes of the two sides differ, and the check says so instead of taking a side."""
    relu = bp.Fit(bp.Network((1, 1), "relu"), "squared error", bp.Data([1.0], [1.0]))
    row, _ = bp.compare_gradients(relu, [1.0, -1.0])
    assert row.answer == "cannot tell" and row.because == (
        "a pre-activation is the very point where the activation is joined from two pieces")
    assert (row.symbolic, row.backprop) == (0, 0) and abs(row.difference + 1) < 1e-6
    near, _ = bp.compare_gradients(relu, [1.0, -1.0 + 1e-9])
    assert near.answer in ("agree", "cannot tell") and near.because


@pytest.mark.parametrize("fault", FAULTS)
def test_every_planted_fault_is_called_wherever_it_changes_an_entry(fault):
    rng, one_pass = np.random.default_rng(7), broken_pass(FAULTS[fault])
    fit = bp.Fit(bp.Network((2, 2, 2), "tanh"), "squared error", bp.Data(rng.normal(size=(2, 3)), rng.uniform(size=(2, 3))))
    chain = Chain(fit)
    for size in (0.1, 1.0, 4.0):
        theta = rng.normal(scale=size, size=fit.n_params)
        exact = truth(fit, theta)
        for row, slope in zip(bp.compare_gradients(fit, theta, chain, one_pass), exact, strict=True):
            assert row.answer == ("differ" if abs(row.backprop - slope) > row.bar else "agree"), (size, row)


@pytest.mark.parametrize("activation, formula", [("gelu", ""), ("half erf", "z/2 + z*erf(z/sqrt(2))/2"), ("half tanh", "z*(1 + tanh(z))/2")])
def test_what_is_lost_in_any_number_of_digits_is_not_lost(activation, formula):
    """1 + erf(-17), of which 50 digits leave as little as doubles do: both said the same wrong slope."""
    with mpmath.workdps(900):
        cut = {"tanh": lambda z: z * (1 + mpmath.tanh(z)) / 2}.get(activation.split()[-1], lambda z: z * mpmath.erfc(-z / mpmath.sqrt(2)) / 2)
        if formula:
            bp.own_activation(formula, activation)
        for x, t, w in ((-4.0, 0.69, (-6.0, -1.0)), (-1.0, 0.27, (-6.0, -3.86)), (3.5, 0.5, (5.0, -2.0)), (1.5, 0.4, (-3.0, 2.0)), (4.0, 0.1, (5.0, -3.5))):
            fit = bp.Fit(bp.Network((1, 1, 1), activation, bias=False), "squared error", bp.Data([[x]], [[t]], "one"))
            table = bp.compare_gradients(fit, np.array(w))
            for k, row in enumerate(table):
                def loss(by, k=k, w=w, x=x, t=t):
                    v = [mpmath.mpf(one) + (by if j == k else 0) for j, one in enumerate(w)]
                    return (cut(v[1] * cut(v[0] * x)) - t) ** 2
                step = mpmath.mpf(10) ** -300
                slope = float((loss(step) - loss(-step)) / (2 * step))
                assert row.symbolic == pytest.approx(slope, rel=1e-13, abs=1e-300) and row.answer != "differ", (w, row, slope)
