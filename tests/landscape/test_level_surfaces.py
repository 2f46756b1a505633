"""Critical points of any number of weights: symmetric copies, families, level surfaces, the descent test."""
import itertools

import numpy as np
import pytest
from conftest import random_fit
from scipy.optimize import root

import bpviz as bp
from bpviz.landscape.level_surfaces import falls_away
from bpviz.landscape.symmetry import copies, count, is_odd, symmetries
from bpviz.models.convolution import Convolution

XOR = bp.DATA["xor"]


def xor(activation="tanh", l2=0.0):
    return bp.Fit(bp.Network((2, 2, 1), activation), "squared error", XOR, l2=l2)


@pytest.mark.parametrize("sizes, activation, bias, expected", [
    ((2, 2, 1), "tanh", True, 8), ((2, 2, 1), "sigmoid", True, 2), ((1, 3, 2), "tanh", False, 48), ((2, 3, 2, 1), "relu", True, 12),
    ((2, 2, 2, 1), ("tanh", "sigmoid", "tanh"), True, 16), ((2, 1), "tanh", True, 1), ((1, 1, 1), "tanh", False, 2)])
def test_every_copy_computes_the_same(sizes, activation, bias, expected):
    net = bp.Network(sizes, activation, bias)
    theta = np.random.default_rng(0).normal(size=net.n_params)
    every = copies(net, theta)
    assert every.shape == (net.n_params, expected) and count(net) == expected
    assert len(np.unique(every.round(12), axis=1).T) == expected and np.array_equal(every[:, 0], theta)
    data = bp.Data(np.random.default_rng(1).normal(size=(sizes[0], 6)), np.zeros((sizes[-1], 6)))
    outputs = bp.Fit(net, "squared error", data).predict(every)
    assert np.allclose(outputs, outputs[..., :1], atol=1e-12)


MODELS = [(Convolution(1, 1, 2, 1), 8), (Convolution(1, 1, 2, 1, activation="sigmoid"), 2), (Convolution(2, 1, 2, 1, pool=2), 8),
          (Convolution(1, 1, 3, 1, activation="softsign"), None), (bp.Network((1, 2, 1), "tanh", bias=False), 8),
          (bp.Network((1, 2, 1), "sigmoid"), 2), (bp.Network((2, 2), "tanh", bias=False), 1)]


@pytest.mark.parametrize("model, expected", [case for case in MODELS if case[1]], ids=str)
def test_the_copies_are_all_orders_and_signs_of_theta_that_leave_the_function_as_it_is(model, expected):
    """Every order of the weights and every sign is tried, whatever the model says of itself."""
    rng = np.random.default_rng(3)
    P, theta = model.n_params, rng.normal(size=model.n_params)
    data = bp.Data(rng.normal(size=(model.n_in, 5)), np.zeros((model.n_out, 5)))
    fit, sign = bp.Fit(model, "squared error", data), np.array(list(itertools.product((1.0, -1.0), repeat=P))).T
    outputs, found = fit.predict(theta)[..., None], []
    for order in itertools.permutations(range(P)):
        tried = theta[list(order)][:, None] * sign
        found.append(tried[:, np.abs(fit.predict(tried) - outputs).max(axis=(0, 1)) < 1e-9])
    found, every = np.unique(np.concatenate(found, axis=1), axis=1), copies(model, theta)
    assert found.shape[1] == count(model) == expected
    assert np.allclose(found, np.unique(every, axis=1), rtol=0, atol=0)


@pytest.mark.parametrize("model", [model for model, _ in MODELS] + [bp.Network((2, 2, 2, 1), "tanh", skip=True),
                                                                   bp.Network((2, 2, 2, 1), "tanh", layer_norm=True),
                                                                   Convolution(5, 2, 2, 2, 1, 1, 3, "tanh", 2)], ids=str)
def test_loss_and_slopes_of_every_copy_are_those_of_the_first(model):
    rng = np.random.default_rng(4)
    fit = bp.Fit(model, "squared error", bp.Data(rng.normal(size=(model.n_in, 5)), rng.uniform(size=(model.n_out, 5))), l2=0.1)
    every = copies(model, rng.normal(size=model.n_params))
    (order, sign), slopes = symmetries(model), fit.gradient(every)
    assert len(np.unique(every.round(9), axis=1).T) == every.shape[1] == count(model)
    assert np.allclose(fit.loss(every), fit.loss(every[:, 0]), atol=1e-12)
    assert np.allclose((slopes[:, 0][order] * sign).T, slopes, atol=1e-12)


def test_a_family_of_filters_is_listed_once_and_what_is_not_known_is_said():
    rng = np.random.default_rng(0)
    data = bp.Data(rng.normal(size=(2, 4)).round(1), rng.uniform(0.1, 0.9, size=(1, 4)).round(1))
    fit = bp.Fit(Convolution(2, 1, 2, 1, pool=2), "squared error", data, l2=0.003)
    points = bp.critical_points(fit, starts=300)
    for k in range(len(points)):
        cloud = copies(fit.network, points.theta[:, k])
        assert points.copies[k] == len(np.unique(cloud.round(5), axis=1).T)
        others = np.delete(points.theta, k, axis=1)
        assert np.abs(cloud[:, :, None] - others[:, None, :]).max(axis=0).min(initial=1) > 1e-4
    assert max(points.copies) == 8 and "one of 8 symmetric copies" in repr(points)

    class Silent(Convolution):
        alike = None
    silent = bp.critical_points(bp.Fit(Silent(2, 1, 2, 1, pool=2), "squared error", data, l2=0.003), starts=40)
    assert set(silent.copies) == {None} and "copies unknown" in repr(silent) and "symmetric" not in repr(silent)
    with pytest.raises(ValueError, match="copies are not known"):
        symmetries(Silent())


def test_odd_activations():
    assert {name for name in bp.ACTIVATIONS if is_odd(name)} >= {"tanh", "softsign", "identity"}
    assert not is_odd("sigmoid") and not is_odd("relu") and not is_odd("swish")


def test_too_many_copies_are_refused():
    with pytest.raises(ValueError, match="allowed are 50,000"):
        symmetries(bp.Network((1, 12, 1), "tanh"))


def test_xor_with_a_penalty_has_one_best_solution_in_eight_copies():
    points = bp.critical_points(xor(l2=0.002))
    assert points.kind[0] == "minimum" and points.copies[0] == 8 and points.dimension[0] == 0
    assert np.isclose(points.loss[0], 0.161348, atol=1e-6) and points.gradient_norm.max() < 1e-9
    assert len(set(points.label)) == len(points) and "one of 8 symmetric copies" in repr(points)
    assert "others may be missing" in repr(points) and "complete" not in repr(points)
    for k in range(len(points)):                                       # no family is shown twice
        cloud = copies(xor().network, points.theta[:, k])
        others = np.delete(points.theta, k, axis=1)
        assert np.abs(cloud[:, :, None] - others[:, None, :]).max(axis=0).min() > 1e-4


def test_an_independent_root_finder_agrees_with_each_point():
    fit = xor(l2=0.002)
    points = bp.critical_points(fit, starts=300)
    for k in range(len(points)):
        if points.dimension[k] == 0:
            found = root(fit.gradient, points.theta[:, k] + 1e-4, tol=1e-13)
            assert np.allclose(found.x, points.theta[:, k], atol=1e-6)
            values = np.linalg.eigvalsh(fit.hessian(points.theta[:, k]))
            assert points.kind[k] == ("minimum" if values[0] > 0 else "saddle")


def test_the_descent_test():
    class Monkey:                                  # x^3 - 3 x y^2: the Hessian is 0 at the origin, which is a saddle
        n_params = 2

        def loss(self, w):
            return w[0] ** 3 - 3 * w[0] * w[1] ** 2

        def gradient(self, w):
            return np.stack([3 * w[0] ** 2 - 3 * w[1] ** 2, -6 * w[0] * w[1]])

    class Bowl:                                    # x^4 + y^4: the Hessian is 0 at the origin, which is a minimum
        n_params = 2

        def loss(self, w):
            return w[0] ** 4 + w[1] ** 4

        def gradient(self, w):
            return 4 * w ** 3
    assert falls_away(Monkey(), np.zeros(2)) and not falls_away(Bowl(), np.zeros(2))


def test_starts_and_seed():
    few, again, other = (bp.critical_points(xor(l2=0.002), starts=60, seed=s) for s in (0, 0, 1))
    assert np.array_equal(few.theta, again.theta) and few.theta.shape != other.theta.shape or not np.allclose(few.theta, other.theta)
    assert len(bp.critical_points(random_fit(0, (2, 1), "sigmoid", "squared error")[0], starts=1)) <= 1
