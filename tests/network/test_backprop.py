"""The hand-written backward pass against autograd, the complex step, loops and itself."""
import autograd
import numpy as np
import pytest
from conftest import oracle_loss, random_fit
from hypothesis import given
from hypothesis import strategies as st

import bpviz as bp
from bpviz.network.backprop import backprop, forward

ACTIVATION, LOSS = list(bp.ACTIVATIONS), list(bp.LOSSES)
SMOOTH = ["sigmoid", "tanh", "softplus", "swish", "identity"]


def close(a, b, tolerance=1e-9):
    return np.abs(np.asarray(a) - b).max() <= tolerance * max(np.abs(b).max(), 1e-3)


@pytest.mark.parametrize("loss", LOSS)
@pytest.mark.parametrize("activation", ACTIVATION)
@pytest.mark.parametrize("sizes", [(1, 1), (2, 2, 1), (2, 3, 2), (3, 2, 4, 2)])
def test_gradient_agrees_with_autograd(sizes, activation, loss):
    fit, theta = random_fit(1, sizes, activation, loss, l2=0.01)
    assert close(fit.loss(theta), oracle_loss(fit)(theta), 1e-12)
    assert close(fit.gradient(theta), autograd.grad(oracle_loss(fit))(theta))


@given(st.data())
def test_gradient_agrees_with_autograd_on_random_networks(data):
    sizes = tuple(data.draw(st.lists(st.integers(1, 4), min_size=2, max_size=5)))
    names = tuple(data.draw(st.sampled_from(ACTIVATION)) for _ in sizes[1:])
    fit, theta = random_fit(data.draw(st.integers(0, 99)), sizes, names, data.draw(st.sampled_from(LOSS)),
                            rows=data.draw(st.integers(1, 4)), bias=data.draw(st.booleans()),
                            l2=data.draw(st.sampled_from([0.0, 0.3])))
    assert close(fit.gradient(theta), autograd.grad(oracle_loss(fit))(theta))


@pytest.mark.parametrize("activation", ["sigmoid", "tanh", "swish", "identity"])
def test_gradient_agrees_with_the_complex_step(activation):
    fit, theta = random_fit(3, (2, 3, 1), activation, "squared error")
    h, slopes = 1e-30, []
    for k in range(len(theta)):
        tilted = theta.astype(complex)
        tilted[k] += 1j * h
        *_, a = forward(fit.network, tilted, fit.data.x)
        slopes.append((((a[-1] - fit.data.y) ** 2).sum(axis=0).mean()).imag / h)
    assert close(fit.gradient(theta), slopes, 1e-13)


@pytest.mark.parametrize("loss", LOSS)
def test_a_cloud_equals_a_loop(loss):
    fit, _ = random_fit(4, (2, 3, 2), ("tanh", "sigmoid"), loss, l2=0.1)
    cloud = np.random.default_rng(5).normal(size=(fit.n_params, 4, 3))
    gradient, value = fit.gradient(cloud), fit.loss(cloud)
    assert gradient.shape == cloud.shape and value.shape == (4, 3)
    for index in np.ndindex(4, 3):
        one = cloud[(slice(None), *index)]
        assert np.allclose(gradient[(slice(None), *index)], fit.gradient(one), rtol=1e-13, atol=1e-15)
        assert np.isclose(value[index], fit.loss(one), rtol=1e-13)


@pytest.mark.parametrize("activation", SMOOTH)
@pytest.mark.parametrize("loss", LOSS)
def test_hessian_agrees_with_autograd(activation, loss):
    fit, theta = random_fit(6, (2, 2, 2), activation, loss, l2=0.05)
    assert close(fit.hessian(theta), autograd.hessian(oracle_loss(fit))(theta))


@pytest.mark.parametrize("loss", LOSS)
@pytest.mark.parametrize("activation", ACTIVATION)
def test_unrolled_program_equals_backprop(activation, loss):
    fit, theta = random_fit(7, (2, 3, 2), activation, loss, l2=0.02)
    value, gradient = fit.single(*theta.tolist())
    assert np.isclose(value, fit.loss(theta), rtol=1e-14)
    assert np.allclose(gradient, fit.gradient(theta), rtol=1e-13, atol=1e-17)


@pytest.mark.parametrize("activation", ACTIVATION)
def test_unrolled_program_survives_overflow(activation):
    fit = bp.Fit(bp.Network((1, 1, 1), activation, bias=False), "squared error", bp.DATA["trident"])
    for theta in ([1e200, -1e200], [1e308, 1e308], [-1e308, 1e-308]):
        value, gradient = fit.single(*theta)
        exact = backprop(fit, np.array(theta))
        assert np.array_equal(np.isfinite(value), np.isfinite(exact.loss))
        assert len(gradient) == 2


def test_a_large_network_is_not_unrolled():
    fit, _ = random_fit(0, (40, 40, 40), "tanh", "squared error", rows=10)
    assert fit.single is None


def test_trace_holds_every_layer_and_delta_is_the_slope_by_z():
    fit, theta = random_fit(8, (2, 3, 1), "tanh", "squared error")
    trace = bp.backprop(fit, theta)
    assert [z.shape for z in trace.z] == [d.shape for d in trace.delta] == [(3, 3), (1, 3)]
    assert [a.shape for a in trace.a] == [(2, 3), (3, 3), (1, 3)]
    assert np.allclose(trace.delta[-1], 2 * (trace.output - fit.data.y) * (1 - trace.output ** 2) / 3)
    assert np.allclose(trace.gradient[fit.network.index("b1[2]")], trace.delta[0][1].sum())


def test_the_articles_example():
    """The numbers of lesson 1: 2-2-1, inputs 0.5 and 0.1, target 0.6, written out by hand."""
    fit = bp.Fit(bp.Network((2, 2, 1), "sigmoid"), "squared error", bp.DATA["article"])
    W1, b1 = np.array([[0.1, 0.2], [0.3, 0.4]]), np.array([0.1, 0.1])
    W2, b2 = np.array([[0.5], [0.6]]), np.array([0.2])
    theta = fit.network.pack([(W1, b1), (W2, b2)])

    def f(z):
        return 1 / (1 + np.exp(-z))

    h = f(np.array([0.5 * 0.1 + 0.1 * 0.3 + 0.1, 0.5 * 0.2 + 0.1 * 0.4 + 0.1]))
    o = f(h @ W2[:, 0] + 0.2)
    delta = 2 * (o - 0.6) * o * (1 - o)
    expected = {"w2[1,1]": delta * h[0], "b2[1]": delta, "w1[2,1]": delta * 0.5 * h[0] * (1 - h[0]) * 0.1,
                "w1[1,2]": delta * 0.6 * h[1] * (1 - h[1]) * 0.5}
    gradient = dict(zip(fit.names, fit.gradient(theta), strict=True))
    assert np.isclose(fit.loss(theta), (o - 0.6) ** 2, rtol=1e-14)
    for name, value in expected.items():
        assert np.isclose(gradient[name], value, rtol=1e-13), name


def test_overflow_is_data_and_prints_nothing(recwarn):
    fit, theta = random_fit(9, (2, 2, 1), "identity", "squared error")
    fit.loss(theta * 1e200), fit.gradient(theta * 1e200), fit.hessian(theta * 1e200)
    assert not recwarn.list


def test_one_row_is_said_as_one():
    fit = bp.Fit(bp.Network((2, 2, 1)), "squared error", bp.DATA["article"])
    assert bp.backprop(fit, np.zeros(9)).words.endswith(", 1 row.")
