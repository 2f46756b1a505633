"""The gradient layer by layer: against autograd, in pieces, at extreme sizes, along every path, under the bounds."""
import itertools

import autograd
import numpy as np
import pytest
from conftest import oracle_loss

import bpviz as bp
from bpviz.network.gradient_flow import EDGES, FLAT, REACH, norm, squeezed, steepest
from bpviz.network.jacobians import path_through, singular_values

CURES = [{}, {"skip": True}, {"layer_norm": True}, {"skip": True, "layer_norm": True}]


def deep(activation="tanh", depth=6, width=5, cure=None, rows=7, start="Glorot normal", scale=1.0, seed=0):
    rng = np.random.default_rng(seed)
    net = bp.Network((3, *(width,) * (depth - 1), 2), (activation,) * (depth - 1) + ("sigmoid",), **(cure or {}))
    fit = bp.Fit(net, "squared error", bp.Data(rng.normal(size=(3, rows)), rng.uniform(size=(2, rows))))
    return fit, bp.initial_weights(net, start, seed, scale, sigma_b=0.3)


@pytest.mark.parametrize("activation", bp.ACTIVATIONS)
def test_norms_agree_with_autograd(activation):
    fit, theta = deep(activation)
    flow = bp.gradients_by_layer(fit, theta)
    slopes = autograd.grad(oracle_loss(fit))(theta)
    assert np.allclose(flow.gradient, [np.linalg.norm(W) for W, _ in fit.network.layers(slopes)], rtol=1e-9)
    assert np.allclose(flow.slopes, slopes, rtol=1e-8, atol=1e-12) and np.isclose(flow.loss, fit.loss(theta))


@pytest.mark.parametrize("cure", CURES, ids=str)
@pytest.mark.parametrize("activation", ["sigmoid", "relu", "swish"])
def test_every_number_counted_by_hand(activation, cure):
    fit, theta = deep(activation, cure=cure, scale=3.0)
    flow, trace = bp.gradients_by_layer(fit, theta), bp.backprop(fit, theta)
    assert np.allclose(flow.delta, [np.linalg.norm(d) for d in trace.delta])
    assert np.allclose(flow.activation, [np.linalg.norm(a) for a in trace.a[1:]])
    assert np.allclose(flow.ratio, flow.delta[:-1] / flow.delta[1:])
    assert np.isclose(flow.factor, np.exp(np.log(flow.ratio).mean()))
    for k, (z, a) in enumerate(zip(trace.z, trace.a[1:], strict=True)):
        name = fit.network.activations[k]
        if fit.network.norms[k]:
            z = (z - z.mean(axis=0)) / np.sqrt(z.var(axis=0) + 1e-5)
        step = 1e-6
        f = bp.ACTIVATIONS[name].value
        slope = (f(np, z + step) - f(np, z - step)) / (2 * step)
        steep = np.abs(slope)
        assert np.isclose(flow.slope[k], slope.mean(), atol=1e-6)
        assert np.isclose(flow.saturated[k], (steep < FLAT * steepest(name)).mean())
        assert np.isclose(flow.stuck[k], (steep < FLAT * steepest(name)).all(axis=1).mean())
        assert np.isclose(flow.dead[k], (steep == 0).all(axis=1).mean())
        place = np.clip(squeezed(a), -3.999, 3.999) + REACH - REACH        # -1e-20 counts as 0, where a bin begins
        assert np.array_equal(flow.histogram[k], np.histogram(place, EDGES)[0])


@pytest.mark.parametrize("cure", CURES, ids=str)
def test_pieces_add_up(cure, monkeypatch):
    fit, theta = deep(cure=cure)
    whole = bp.gradients_by_layer(fit, theta)
    assert len(list(bp.gradients_by_layer.parts(fit, theta))) == 1
    monkeypatch.setattr("bpviz.network.gradient_flow.WORK", 2 * 3 * fit.n_params)
    parts = list(bp.gradients_by_layer.parts(fit, theta))
    *_, last = pieces = [part.result for part in parts]
    assert [flow.rows for flow in pieces] == [2, 4, 6, 7] and [part.share for part in parts][-1] == 1
    for name in ("gradient", "delta", "activation", "slope", "saturated", "stuck", "dead", "histogram", "loss", "slopes"):
        assert np.allclose(getattr(last, name), getattr(whole, name), rtol=1e-12, atol=1e-15), name
    first = bp.gradients_by_layer(bp.Fit(fit.network, "squared error", bp.Data(fit.data.x[:, :2], fit.data.y[:, :2])), theta)
    assert np.allclose(pieces[0].gradient, first.gradient) and np.isclose(pieces[0].loss, first.loss)
    assert np.allclose(pieces[0].delta, first.delta)


def test_a_gradient_of_1e_200_is_not_lost_and_nothing_is_printed(recwarn):
    fit, theta = deep("sigmoid", depth=50, scale=1e-4)
    flow = bp.gradients_by_layer(fit, theta)
    assert 0 < flow.gradient[0] < 1e-180 and 0 < flow.delta[0] < 1e-180 and 0 < flow.factor < 1e-3
    fit, theta = deep("identity", depth=50, scale=1e7)
    bp.gradients_by_layer(fit, theta), bp.layer_jacobians(fit, theta).product
    fit, theta = deep(start="zeros")
    flow = bp.gradients_by_layer(fit, np.zeros(fit.n_params))
    assert not flow.gradient[:-1].any() and flow.factor == 0 and len(bp.layer_jacobians(fit, 0 * theta).product) == 0
    assert not recwarn.list


def test_norm():
    rng = np.random.default_rng(0)
    for size in (1.0, 1e-200, 1e200):
        values = size * rng.normal(size=(4, 3))
        assert np.isclose(norm(values), size * np.linalg.norm(values / size), rtol=1e-14)
    assert norm(np.zeros(3)) == 0 and norm(np.array([np.inf, 1])) == np.inf


# ---- one row: Jacobians and paths

@pytest.mark.parametrize("cure", CURES, ids=str)
@pytest.mark.parametrize("activation", ["sigmoid", "tanh", "relu", "swish"])
def test_jacobians_hand_the_gradient_on(cure, activation):
    fit, theta = deep(activation, cure=cure)
    for row in (0, 3):
        jacobians = bp.layer_jacobians(fit, theta, row)
        delta = jacobians.deltas[-1]
        for J, expected in zip(reversed(jacobians.matrices), reversed(jacobians.deltas[:-1]), strict=True):
            delta = J.T @ delta
            assert np.allclose(delta, expected, rtol=1e-10, atol=1e-14)


@pytest.mark.parametrize("cure", CURES, ids=str)
def test_the_gradient_is_the_sum_over_all_paths(cure):
    fit, theta = deep(depth=5, width=3, cure=cure)
    jacobians = bp.layer_jacobians(fit, theta)
    total, largest = np.zeros(3), 0.0
    for units in itertools.product(range(3), range(3), range(3), range(3), range(2)):
        path = path_through(jacobians, units)
        share = path.running[0] * path.start
        total[units[0]] += share
        largest = max(largest, abs(share))
    assert np.allclose(total, jacobians.deltas[0], rtol=1e-12)
    strongest = bp.strongest_path(jacobians)
    assert np.isclose(abs(strongest.running[0] * strongest.start), largest, rtol=1e-12)


@pytest.mark.parametrize("activation", ["sigmoid", "tanh", "relu"])
def test_a_chain_of_single_units_has_one_path(activation):
    net = bp.Network((1,) * 9, activation)
    fit = bp.Fit(net, "squared error", bp.Data([0.7], [0.2]))
    theta = np.random.default_rng(1).uniform(0.5, 2, net.n_params)
    path = bp.strongest_path(bp.layer_jacobians(fit, theta))
    assert np.allclose(path.factor, path.weight * path.slope) and (path.units == 0).all()
    assert np.isclose(path.running[0] * path.start * fit.data.x[0, 0], fit.gradient(theta)[net.index("w1[1,1]")], rtol=1e-12)


def test_singular_values_and_their_product():
    fit, theta = deep(depth=6)
    jacobians = bp.layer_jacobians(fit, theta)
    whole = np.linalg.multi_dot(jacobians.matrices[::-1])
    assert np.allclose(10 ** jacobians.product, np.linalg.svd(whole, compute_uv=False)[:len(jacobians.product)], rtol=1e-9)
    for J, values in zip(jacobians.matrices, jacobians.values, strict=True):
        assert np.isclose((values ** 2).sum(), (J ** 2).sum()) and (np.diff(values) <= 0).all()
    assert np.isinf(singular_values(np.array([[np.inf, 1.0]]))).all()


@pytest.mark.parametrize("scale", [0.3, 1.0, 5.0])
@pytest.mark.parametrize("activation", bp.ACTIVATIONS)
def test_no_layer_keeps_more_than_the_bound(activation, scale):
    """|delta_k| <= max|f'| |W|_2 |delta_(k+1)|, for every layer and row; for sigmoid max f' is a quarter."""
    fit, theta = deep(activation, depth=8, width=12, scale=scale)
    trace, steep = bp.backprop(fit, theta), steepest(activation)
    assert activation != "sigmoid" or steep == 0.25
    for k, (W, _) in enumerate(fit.network.layers(theta)[1:]):
        most = steep * singular_values(W)[0]
        before, after = np.linalg.norm(trace.delta[k], axis=0), np.linalg.norm(trace.delta[k + 1], axis=0)
        assert (before <= most * after * (1 + 1e-9)).all()
        assert singular_values(bp.layer_jacobians(fit, theta).matrices[k])[0] <= most * (1 + 1e-9)


REFUSED = [
    (lambda fit: bp.gradients_by_layer(fit, np.zeros((fit.n_params, 2))), "one network"),
    (lambda fit: bp.gradients_by_layer(fit, np.zeros(3)), "theta: got shape (3,)"),
    (lambda fit: bp.layer_jacobians(fit, np.zeros(fit.n_params), row=7), "row: got 7; allowed is a whole number from 0 to 6"),
    (lambda fit: bp.layer_jacobians(bp.Fit(bp.Network((1, 1)), "squared error", bp.DATA["seesaw"]), np.zeros(2)),
     "allowed is one with a hidden layer"),
    (lambda fit: path_through(bp.layer_jacobians(fit, np.zeros(fit.n_params)), [0, 0]), "units: got 2; allowed are 6"),
    (lambda fit: path_through(bp.layer_jacobians(fit, np.zeros(fit.n_params)), [9] * 6), "units: got 9; allowed is"),
]


@pytest.mark.parametrize("action, sentence", REFUSED, ids=[s for _, s in REFUSED])
def test_refusals(action, sentence):
    with pytest.raises(ValueError) as error:
        action(deep()[0])
    assert sentence in str(error.value)
