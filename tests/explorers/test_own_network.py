"""A network of one's own in the explorer of deep ones: its layers' gradients by plain matrices, its menus, what is refused."""
import numpy as np
import pytest
from test_sweep import legible_at_every_width, no_surfaces  # noqa: F401

import bpviz as bp
from bpviz.base.work import Memory, finished
from bpviz.explorers import all_explorers

EXPLORER = all_explorers()["vanishing"]
pytestmark = pytest.mark.usefixtures("less_work")


def shown(network, **values):
    explorer = EXPLORER.with_own(EXPLORER, {"network": network})
    values = {**explorer.values(), **values}
    scene = finished(explorer.scene(values))
    return explorer, scene, finished(explorer.compute(scene, values, Memory())), values


def by_hand(network, theta):
    """|dL/dW| of every layer of tanh units and a sigmoid under cross-entropy, in plain NumPy."""
    x = np.random.default_rng(0).standard_normal((network.sizes[0], 256))
    x = x / np.sqrt((x * x).mean(axis=0))
    t = (x[0] * x[1] > 0).astype(float)
    at, layers = 0, []
    for n, m in zip(network.sizes[:-1], network.sizes[1:], strict=True):
        W, at = theta[at:at + n * m].reshape(n, m), at + n * m
        b, at = (theta[at:at + m], at + m) if network.bias else (np.zeros(m), at)
        layers.append((W, b))
    a = [x]
    for W, b in layers:
        a.append(np.tanh(W.T @ a[-1] + b[:, None]))
    W, b = layers[-1]
    delta, norms = (1 / (1 + np.exp(-(W.T @ a[-2] + b[:, None]))) - t) / 256, []
    for k in range(len(layers) - 1, -1, -1):
        norms.insert(0, np.linalg.norm(a[k] @ delta.T))
        delta = (layers[k][0] @ delta) * (1 - a[k] ** 2)
    return norms


@pytest.mark.parametrize("sizes, bias", [((5, 7, 3, 1), True), ((2, 4, 4, 4, 4, 1), False), ((16, 12, 9, 8, 1), True)])
def test_the_gradient_of_every_layer_is_that_of_matrices_by_hand(sizes, bias):
    network = bp.Network(sizes, "tanh", bias=bias)
    for seed in (0, 3):
        _, _, result, _ = shown(network, seed=seed, scale=1.5)
        assert result.fit.network is network and len(result.theta) == network.n_params
        assert np.allclose(result.flow.gradient, by_hand(network, result.theta), rtol=1e-8)
    _, _, trained, _ = shown(network, steps=2)
    assert trained.reached == 2 and np.allclose(trained.flow.gradient, by_hand(network, trained.theta), rtol=1e-8)


def test_its_menus_state_and_picture(no_surfaces):  # noqa: F811
    network = bp.Network((4, 6, 6, 6, 1), "relu", skip=True, layer_norm=True)
    explorer, scene, result, values = shown(network)
    assert values["activation"] == "relu (yours)" and values["cure"] == "skip and layer norm" and result.cure == values["cure"]
    assert explorer.limits(scene)["depth"] is None is explorer.limits(scene)["width"]
    assert explorer.read(explorer.state(values)) == values
    legible_at_every_width(explorer, scene, result)
    assert explorer.words(result) and explorer.table(result)


def test_a_panel_opens_with_it_and_resets_to_it():
    panel = bp.explore.vanishing(network=bp.Network((3, 5, 5, 1), "tanh"), seed=2, picture="core")
    state = panel.state
    panel.set(seed=1, steps=1)
    panel._reset()
    assert panel.state == state and "tanh (yours)" in state
    panel.close()
    with pytest.raises(ValueError, match="activation: got 'tanh .yours.'"):
        bp.explore.vanishing(state=state, picture="core")


@pytest.mark.parametrize("network, words", [
    (3, "^network: got 3; allowed is a Network"), (bp.Network((2, 2, 1)), "^network: got one of 2 layers .*vanishing shows 3 to 50.*surface"),
    (bp.Network((2, 300, 3, 1)), "up to 300 units wide"), (bp.Network((2, 3, 3, 2)), "^network: got 2 inputs and 2 outputs.*surface"),
    (bp.Network((1, 3, 3, 1)), "^network: got 1 inputs"), (bp.Network((2, 3, 3, 1), ("tanh", "relu", "sigmoid")), "got hidden layers of relu, tanh")],
    ids=["number", "two layers", "wide", "two outputs", "one input", "mixed"])
def test_what_it_cannot_show_is_refused_with_what_can(network, words):
    with pytest.raises(ValueError, match=words):
        bp.explore.vanishing(network=network, picture="core")


def test_another_panel_names_the_one_that_takes_it():
    with pytest.raises(ValueError, match="network: got one of your own; minima takes none. These do: bp.explore.vanishing"):
        bp.explore.minima(network=bp.Network((3, 5, 5, 1)), picture="core")
