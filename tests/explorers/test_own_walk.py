"""A fit of one's own in the walk through a training step: every number is that of a backward pass in plain NumPy."""
import numpy as np
import pytest
from test_sweep import drawn, legible_at_every_width, no_surfaces  # noqa: F401

import bpviz as bp
from bpviz.base.work import Memory, finished
from bpviz.explorers import all_explorers

EXPLORER = all_explorers()["backprop"]
F = {"sigmoid": (lambda z: 1 / (1 + np.exp(-z)), lambda z: np.exp(-z) / (1 + np.exp(-z)) ** 2),
     "tanh": (np.tanh, lambda z: 1 / np.cosh(z) ** 2), "identity": (lambda z: z, np.ones_like)}


def random_fit(seed):
    rng = np.random.default_rng(seed)
    sizes = tuple(int(n) for n in rng.integers(1, 5, rng.integers(2, 5)))
    names = tuple(str(rng.choice(list(F))) for _ in sizes[1:])
    rows = int(rng.integers(1, 5))
    fit = bp.Fit(bp.Network(sizes, names, bias=bool(rng.integers(2))), "squared error",
                 bp.Data(rng.normal(size=(sizes[0], rows)), rng.normal(size=(sizes[-1], rows)), "mine"))
    return fit, rng.normal(size=fit.n_params)


def by_hand(fit, theta):
    """z, slopes by z per row and the gradient, by matrices in plain NumPy."""
    sizes, at, layers = fit.network.sizes, 0, []
    for n, m in zip(sizes[:-1], sizes[1:], strict=True):
        W, at = theta[at:at + n * m].reshape(n, m), at + n * m
        b, at = (theta[at:at + m], at + m) if fit.network.bias else (np.zeros(m), at)
        layers.append((W, b))
    a, zs, answers = fit.data.x, [], [fit.data.x]
    for (W, b), name in zip(layers, fit.network.activations, strict=True):
        zs.append(W.T @ a + b[:, None])
        a = F[name][0](zs[-1])
        answers.append(a)
    delta, deltas, parts = 2 * (a - fit.data.y), [], []
    for k in range(len(layers) - 1, -1, -1):
        delta = delta * F[fit.network.activations[k]][1](zs[k])
        deltas.insert(0, delta)
        parts.insert(0, np.concatenate([(answers[k] @ delta.T).ravel(), *([delta.sum(axis=1)] if fit.network.bias else [])]))
        delta = layers[k][0] @ delta
    return zs, deltas, np.concatenate(parts) / fit.data.rows


def shown(given, **values):
    explorer = EXPLORER.with_own(EXPLORER, given)
    values = explorer.values(**values)
    scene = finished(explorer.scene(values))
    return explorer, scene, finished(explorer.compute(scene, values, Memory())), values


@pytest.mark.parametrize("seed", range(8))
def test_every_stop_and_the_table_are_those_of_matrices_by_hand(seed):
    fit, theta = random_fit(seed)
    zs, deltas, gradient = by_hand(fit, theta)
    explorer, scene, result, values = shown({"fit": fit, "theta": theta})
    assert [row.weight for row in result.gradients] == list(fit.names)
    assert np.allclose([row.symbolic for row in result.gradients], gradient, rtol=1e-9, atol=1e-12)
    rng, stops = np.random.default_rng(seed), result.stops
    assert explorer.limits(scene)["step"] == explorer.knob("step").high == stops and explorer.knob("row").high == fit.data.rows
    for k in rng.choice(stops, min(stops, 12), replace=False):
        row = int(rng.integers(fit.data.rows))
        one = finished(explorer.compute(scene, {**values, "step": int(k) + 1, "row": row + 1}, Memory()))
        letter, place = one.found.stop.kind
        if letter == "z":
            assert one.found.value == pytest.approx(zs[place[0] - 1][place[1] - 1, row])
        elif letter == "d" and place[0] == "z":
            assert one.found.value == pytest.approx(deltas[place[1] - 1][place[2] - 1, row])
        elif letter in "dg" and place[0] == "w" and (letter == "g" or fit.data.rows == 1):
            name = f"w{place[1]}[{place[2]},{place[3]}]"
            assert one.found.value == pytest.approx(gradient[fit.network.index(name)])
        assert one.found.agree


def test_without_theta_they_are_drawn_and_the_menus_are_its_own():
    fit, theta = random_fit(5)
    explorer, scene, result, values = shown({"fit": fit})
    drawn_ = np.round(np.random.default_rng(0).uniform(-1, 1, fit.n_params), 2)
    assert np.allclose([row.symbolic for row in result.gradients], by_hand(fit, drawn_)[2])
    assert values["example"] == "mine (yours)" and values["loss"] == "squared error"
    assert values["hidden"] == ("-".join(map(str, fit.network.sizes[1:-1])) or "none")
    assert explorer.read(explorer.state(values)) == values
    other = finished(explorer.compute(scene, {**values, "seed": 3}, Memory()))
    assert np.allclose([row.symbolic for row in other.gradients],
                       by_hand(fit, np.round(np.random.default_rng(3).uniform(-1, 1, fit.n_params), 2))[2])


@pytest.mark.parametrize("sizes", [(1, 1), (4, 4, 4, 4), (1, 4, 1), (3, 2, 4)])
def test_its_picture_is_legible_at_every_width(sizes, no_surfaces):  # noqa: F811
    rng = np.random.default_rng(1)
    fit = bp.Fit(bp.Network(sizes, "tanh"), "squared error",
                 bp.Data(rng.normal(size=(sizes[0], 2)), rng.normal(size=(sizes[-1], 2)), "a name of mine"))
    explorer, scene, result, values = shown({"fit": fit, "theta": rng.normal(size=fit.n_params)})
    for step in (1, result.stops // 2, result.stops):
        one = finished(explorer.compute(scene, {**values, "step": step}, Memory()))
        legible_at_every_width(explorer, scene, one)
    _, _, blit = drawn(explorer, scene, result)
    assert blit.frame().any()


def test_a_panel_opens_with_it_resets_to_it_and_comes_back_with_it():
    fit, theta = random_fit(2)
    panel = bp.explore.backprop(fit=fit, theta=theta, step=3, picture="core")
    state = panel.state
    panel.set(step=1)
    panel._reset()
    assert panel.state == state and "mine" in state
    panel.close()
    again = bp.explore.backprop(fit=fit, theta=theta, state=state, picture="core")
    assert again.state == state and "<table" in again.still()
    again.close()
    with pytest.raises(ValueError, match="example: got 'mine .yours.'.* has but the name: give it too"):
        bp.explore.backprop(state=state, picture="core")


NET = bp.Network((2, 2, 1))


@pytest.mark.parametrize("given, words", [
    ({"fit": 3}, "^fit: got 3; allowed is a Fit"), ({"theta": [1.0]}, "^theta: got .*beside the fit"),
    ({"fit": bp.Fit(bp.Network((2, 5, 1)), "squared error", bp.DATA["xor"])}, "^fit: got a network of sizes .2, 5, 1.; backprop.*surface"),
    ({"fit": bp.Fit(bp.Network((2, 2, 2, 2, 1)), "squared error", bp.DATA["xor"])}, "four layers|4 layers.*surface"),
    ({"fit": bp.Fit(NET, "squared error", bp.DATA["moons"])}, "^fit: got one of .* rows; backprop walks through 12.*surface"),
    ({"fit": bp.Fit(NET, "squared error", bp.DATA["xor"], 0.1)}, "^fit: got one with the penalty l2=0.1; backprop.*surface"),
    ({"fit": bp.Fit(NET, "squared error", bp.DATA["xor"], reduction="sum")}, "^fit: got one with reduction='sum'"),
    ({"fit": bp.Fit(NET, "squared error", bp.DATA["xor"], frozen=("b1[1]",))}, "^fit: got one with frozen weights"),
    ({"fit": bp.Fit(NET, "squared error", bp.DATA["xor"]), "theta": [1.0, 2]}, "^theta: got shape")],
    ids=["number", "theta alone", "five units", "five layers", "rows", "penalty", "sum", "frozen", "short theta"])
def test_what_it_cannot_show_is_refused_with_what_can(given, words):
    with pytest.raises(ValueError, match=words):
        bp.explore.backprop(picture="core", **given)


@pytest.mark.parametrize("n", [3, 4])
def test_skips_and_layer_norm_of_ones_own_are_walked(n):
    network = bp.Network((2, n, n, 1), "tanh", skip=True, layer_norm=True)
    fit = bp.Fit(network, "squared error", bp.DATA["xor"])
    theta = np.random.default_rng(2).normal(size=fit.n_params)
    plain = all_explorers()["backprop"]
    walk = plain.with_own(plain, {"fit": fit, "theta": theta})
    values = walk.values()
    assert values["cures"] == "skip + layer norm"
    scene, _ = walk.finish(values)
    last = walk.finish(walk.values(step=walk.limits(scene)["step"]))[1]
    assert last.loss[0] == pytest.approx(float(fit.loss(theta))) and last.missing == ()
    assert {("s", (1,)), ("m", (2,)), ("h", (2, n))} <= set(last.found.known)
