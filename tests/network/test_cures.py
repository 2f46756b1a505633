"""Skips and layer norm: the hand-written backward pass against autograd, the complex step, SymPy and a proof."""
import contextlib
import io

import autograd
import autograd.numpy as anp
import numpy as np
import pytest
from conftest import ORACLE_ACTIVATIONS

import bpviz as bp
from bpviz.landscape.symmetry import copies, count
from bpviz.network.backprop import EPS, forward

CURES = [{"skip": True}, {"layer_norm": True}, {"skip": True, "layer_norm": True}]
SIZES = (2, 3, 3, 2, 2, 2)


def a_fit(cure, activation="tanh", sizes=SIZES, loss="squared error", rows=4, seed=0, bias=True):
    rng = np.random.default_rng(seed)
    net = bp.Network(sizes, activation, bias, **cure)
    y = rng.uniform(0.1, 0.9, size=(sizes[-1], rows))
    if loss == "cross-entropy":
        y = np.eye(sizes[-1])[:, rng.integers(0, sizes[-1], rows)] if sizes[-1] > 1 else (y > 0.5) * 1.0
    return bp.Fit(net, loss, bp.Data(rng.normal(size=(sizes[0], rows)), y)), rng.normal(size=net.n_params)


def oracle(fit):
    """Written a second time, unit by unit where it matters: the stream z, its normalisation, plain numpy.dot."""
    net, x, t = fit.network, fit.data.x, fit.data.y

    def loss(theta):
        a, start, stream = x.T, 0, None
        last = len(net.sizes) - 2
        for k in range(last + 1):
            n, m = net.sizes[k], net.sizes[k + 1]
            W = anp.reshape(theta[start:start + n * m], (n, m))
            start += n * m
            z = anp.dot(a, W)
            if net.bias:
                z = z + theta[start:start + m]
                start += m
            if net.skip and 0 < k < last and n == m:
                z = z + stream
            stream = z
            h = z
            if net.layer_norm and k < last:
                mean = anp.mean(z, axis=1, keepdims=True)
                h = (z - mean) / anp.sqrt(anp.mean((z - mean) ** 2, axis=1, keepdims=True) + EPS)
            a = ORACLE_ACTIVATIONS[net.activations[k]](h)
        return anp.mean(anp.sum((a - t.T) ** 2, axis=1))
    return loss


@pytest.mark.parametrize("cure", CURES, ids=str)
@pytest.mark.parametrize("activation", bp.ACTIVATIONS)
def test_gradient_agrees_with_autograd(cure, activation):
    fit, theta = a_fit(cure, activation)
    assert np.isclose(fit.loss(theta), oracle(fit)(theta), rtol=1e-12)
    assert np.allclose(fit.gradient(theta), autograd.grad(oracle(fit))(theta), rtol=1e-9, atol=1e-12)


@pytest.mark.parametrize("cure", CURES, ids=str)
def test_gradient_agrees_with_the_complex_step(cure):
    fit, theta = a_fit(cure, "sigmoid")
    slopes = []
    for k in range(len(theta)):
        tilted = theta.astype(complex)
        tilted[k] += 1e-30j
        *_, a = forward(fit.network, tilted, fit.data.x)
        slopes.append((((a[-1] - fit.data.y) ** 2).sum(axis=0).mean()).imag / 1e-30)
    assert np.allclose(fit.gradient(theta), slopes, rtol=1e-12, atol=1e-15)


@pytest.mark.parametrize("cure", CURES, ids=str)
def test_every_way_to_the_gradient_agrees(cure):
    fit, theta = a_fit(cure, loss="cross-entropy")
    assert all(row.agree for row in bp.compare_gradients(fit, theta))
    hessian = fit.hessian(theta)
    assert np.allclose(hessian, hessian.T, atol=1e-12)
    step = 1e-6 * np.eye(fit.n_params)
    slopes = (fit.gradient(theta[:, None] + step) - fit.gradient(theta[:, None] - step)) / 2e-6
    assert np.allclose(hessian, slopes, atol=1e-7)
    loss, gradient = fit.single(*theta)
    assert np.isclose(loss, fit.loss(theta), rtol=1e-12) and np.allclose(gradient, fit.gradient(theta), atol=1e-13)


@pytest.mark.parametrize("cure", CURES, ids=str)
def test_a_cloud_equals_a_loop(cure):
    fit, _ = a_fit(cure)
    cloud = np.random.default_rng(1).normal(size=(fit.n_params, 3, 2))
    for index in np.ndindex(3, 2):
        one = (slice(None), *index)
        assert np.allclose(fit.gradient(cloud)[one], fit.gradient(cloud[one]), rtol=1e-12, atol=1e-14)


@pytest.mark.parametrize("cure", CURES, ids=str)
def test_the_script_has_the_cures_in_it(cure):
    fit, theta = a_fit(cure, ("tanh", "relu", "sigmoid", "tanh", "identity"))
    scope = {}
    with contextlib.redirect_stdout(io.StringIO()):
        exec(bp.code(fit, theta), scope)
    assert np.isclose(scope["loss"], fit.loss(theta), rtol=1e-12)
    for k, (W, b) in enumerate(fit.network.layers(fit.gradient(theta)), start=1):
        assert np.allclose(scope[f"dW{k}"], W, atol=1e-13) and np.allclose(scope[f"db{k}"], b, atol=1e-13)


PROVED = [((2, 2, 2, 1), "tanh", {"skip": True}), ((2, 2, 2, 2, 1), "sigmoid", {"skip": True}),
          ((1, 2, 2, 1), "relu", {"skip": True}), ((2, 3, 1), "tanh", {"layer_norm": True}),
          ((2, 3, 1), "sigmoid", {"layer_norm": True}), ((2, 3, 2), "relu", {"layer_norm": True})]


def zero(residues):
    return all(residue == 0 for residue in residues.values())


@pytest.mark.parametrize("sizes, activation, cure", PROVED, ids=str)
@pytest.mark.parametrize("loss", ["squared error", "cross-entropy"])
def test_the_cures_are_proved(sizes, activation, cure, loss):
    assert zero(bp.prove(bp.Network(sizes, activation, **cure), loss))


def test_both_cures_together_are_proved():                 # some seconds: two roots, one within the other
    assert zero(bp.prove(bp.Network((1, 2, 2, 1), "identity", bias=False, skip=True, layer_norm=True), "squared error"))


FAULTS = {"the skip forgets the delta after it": ("delta[0] = delta[0] + delta[1]", "pass", (2, 2, 2, 1), {"skip": True}),
          "the norm forgets the mean": ("(g - g.sum(axis=0) / len(h) - h", "(g - h", (2, 3, 1), {"layer_norm": True}),
          "the norm forgets the spread": (" - h * ((g * h).sum(axis=0) / len(h))", "", (2, 3, 1), {"layer_norm": True}),
          "the norm is not undone": ("delta[0] = normalise_back(h[k - 1], spread, delta[0])", "pass", (2, 3, 1),
                                     {"layer_norm": True})}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_in_a_cure_leaves_a_residue(fault, monkeypatch):
    from bpviz.network import backprop
    old, new, sizes, cure = FAULTS[fault]
    source = open(backprop.__file__, encoding="utf-8").read()
    assert source.count(old) == 1
    scope = {"__name__": "mutant"}
    exec(compile(source.replace(old, new), "mutant", "exec"), scope)
    residues = bp.prove(bp.Network(sizes, "tanh", **cure), "squared error", one_pass=scope["forward_and_backward"])
    assert any(residue != 0 for name, residue in residues.items() if name.startswith("w1"))


def test_the_derivation_names_mean_and_spread():
    fit, theta = a_fit({"layer_norm": True, "skip": True}, sizes=(1, 2, 2, 1))
    text = bp.derive(fit)["w1[1,1]"].text(theta)
    assert "m1 = (z1[1] + z1[2])/2" in text and "+ z1[1]    (unit 1 of layer 2" in text and "s2" in text
    assert r"s_{1}" in bp.derive(fit)["w1[1,1]"].latex()


@pytest.mark.parametrize("cure", CURES, ids=str)
@pytest.mark.parametrize("activation", ["tanh", "sigmoid"])
def test_every_symmetric_copy_has_the_same_loss(cure, activation):
    fit, theta = a_fit(cure, activation, sizes=(2, 2, 2, 1))
    every = copies(fit.network, theta)
    assert every.shape[1] == count(fit.network) > 1
    assert np.allclose(fit.loss(every), fit.loss(theta), rtol=1e-12)


def test_a_skip_gives_the_first_layer_its_gradient_back():
    sizes = (4,) + (16,) * 20 + (1,)
    plain, theta = a_fit({}, "sigmoid", sizes=sizes)
    cured, _ = a_fit({"skip": True}, "sigmoid", sizes=sizes)
    theta = 0.25 * theta
    first = [np.linalg.norm(fit.network.layers(fit.gradient(theta))[0][0]) for fit in (plain, cured)]
    assert first[0] < 1e-8 and first[1] > 1e-4


REFUSED = [
    (lambda: bp.Network((2, 2, 1), skip=True), "skip: got True for sizes (2, 2, 1); allowed with two hidden layers"),
    (lambda: bp.Network((2, 3, 2, 1), skip=True), "skip: got True for sizes (2, 3, 2, 1)"),
    (lambda: bp.Network((2, 2, 2, 1), skip="yes"), "skip: got 'yes'; allowed is True or False"),
    (lambda: bp.Network((2, 1, 1), layer_norm=True), "layer_norm: got True for sizes (2, 1, 1); allowed with hidden"),
    (lambda: bp.Network((2, 1), layer_norm=True), "layer_norm: got True for sizes (2, 1)"),
    (lambda: bp.Network((2, 2, 1), layer_norm=1), "layer_norm: got 1; allowed is True or False"),
]


@pytest.mark.parametrize("action, sentence", REFUSED, ids=[s for _, s in REFUSED])
def test_refusals(action, sentence):
    with pytest.raises(ValueError) as error:
        action()
    assert sentence in str(error.value)
