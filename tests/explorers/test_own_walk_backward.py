"""A backward pass of one's own in the walk: its numbers beside those of finite differences, the wrong ones marked and named."""
import re

import numpy as np
import pytest
from test_sweep import drawn, legible_at_every_width, no_surfaces  # noqa: F401
from test_yours import backward as right
from test_yours import sigmoid

import bpviz as bp
from bpviz.base.work import Memory, finished
from bpviz.base.written import as_python
from bpviz.explorers import all_explorers

EXPLORER = all_explorers()["backprop"]


def no_slope(x, t, W1, b1, W2, b2):
    a1 = sigmoid(x @ W1 + b1)
    o = sigmoid(a1 @ W2 + b2)
    do = 2 * (o - t) / len(x)
    dz2 = do * o * (1 - o)
    dz1 = dz2 @ W2.T
    return {"do": do, "dz2": dz2, "dW2": a1.T @ dz2, "db2": dz2.sum(axis=0), "da1": dz1, "dz1": dz1, "dW1": x.T @ dz1,
            "db1": dz1.sum(axis=0)}


def no_mean(x, t, W1, b1, W2, b2):
    return {name: array * len(x) for name, array in right(x, t, W1, b1, W2, b2).items()}


def one_entry(x, t, W1, b1, W2, b2):
    found = right(x, t, W1, b1, W2, b2)
    found["dW1"][1, 0] *= -1
    return found


def turned(x, t, W1, b1, W2, b2):
    return {"dW2": right(x, t, W1, b1, W2, b2)["dW2"].T, "db2": right(x, t, W1, b1, W2, b2)["db2"]}


def chain(x, t, w1, w2):
    a1 = sigmoid(x * w1)
    a2 = sigmoid(a1 * w2)
    da2 = a2 - t
    dz2 = da2 * a2 * (1 - a2)
    dz1 = dz2 * w2 * a1 * (1 - a1)
    return {"da2": da2, "dz2": dz2, "dw2": dz2 * a1, "dz1": dz1, "dw1": dz1 * x}


def deep(x, t, W1, b1, W2, b2, W3, b3):
    a1 = np.tanh(x @ W1 + b1)
    a2 = np.tanh(a1 @ W2 + b2)
    o = np.tanh(a2 @ W3 + b3)
    dz3 = 2 * (o - t) / len(x) * (1 - o ** 2)
    dz2 = dz3 @ W3.T * (1 - a2 ** 2)
    dz1 = dz2 @ W2 * (1 - a1 ** 2)
    return {"dz3": dz3, "dW3": a2.T @ dz3, "db3": dz3.sum(axis=0), "dz2": dz2, "dW2": a1.T @ dz2, "dz1": dz1, "dW1": x.T @ dz1}


FIRST = {"right": None, "no_slope": "dz1", "no_mean": "do", "one_entry": "dW1"}
AFTER = {"no_slope": "dW1, db1", "no_mean": "dz2, dW2, db2, da1, dz1, dW1, db1"}


def shown(given, **values):
    explorer = EXPLORER.with_own(EXPLORER, given)
    values = explorer.values(**values)
    scene = finished(explorer.scene(values))
    return explorer, scene, finished(explorer.compute(scene, values, Memory())), values


def slopes(fit, theta, h=1e-6):
    return np.array([(fit.loss(theta + h * e) - fit.loss(theta - h * e)) / (2 * h) for e in np.eye(len(theta))])


@pytest.mark.parametrize("name", FIRST)
@pytest.mark.parametrize("example, seed", [("article 2-2-1", 0), ("xor 2-2-1, four rows", 0), ("two outputs 2-2-2", 4)])
def test_table_and_verdict_against_difference_quotients(name, example, seed):
    function = globals()[name]
    explorer, scene, result, values = shown({"backward": function}, example=example, seed=seed, row=1)
    fit, theta = scene.fit, scene.theta(seed)
    truth = dict(zip(fit.names, slopes(fit, theta), strict=True))
    caption, header, rows = explorer.table(result)
    assert [row[0] for row in rows] == list(fit.names) and all(header)
    (W1, b1), (W2, b2) = fit.network.layers(theta)
    mine = function(fit.data.x.T, fit.data.y.T, W1, b1, W2, b2)
    theirs = {f"{part}{k}[{','.join(str(n + 1) for n in at)}]": array[at] for k in (1, 2) for part in "wb"
              for array in [mine[f"d{part.upper() if part == 'w' else part}{k}"]] for at in np.ndindex(array.shape)}
    for weight, yours, ours, mark in rows:
        same = np.isclose(theirs[weight], truth[weight], rtol=1e-4, atol=1e-9)
        assert float(ours.replace("−", "-")) == pytest.approx(truth[weight], rel=2e-3, abs=1e-6)
        assert float(yours.replace("−", "-")) == pytest.approx(theirs[weight], rel=2e-3, abs=1e-6)
        assert mark.startswith("✓") == bool(same)
    words = explorer.words(result)
    if FIRST[name] is None or (name == "no_mean" and fit.data.rows == 1):
        assert words.startswith("Your do, dz2, dW2, db2, da1, dz1, dW1, db1 are right at these weights.")
        return
    said = re.match(r"Your (\w+) is wrong: for (\S+)(?: in row (\d))? it is (\S+), (.*?)\.(?= |$)", as_python(words))
    assert said[1] == FIRST[name] and (name not in AFTER or f"Wrong only by what came before: {AFTER[name]}." in words)
    assert "before:" in words or name == "one_entry" and said[2] == "w1[2,1]" and "with the other sign" in said[5]


@pytest.mark.parametrize("function, given", [("no_slope", {}), ("deep", {})])
def test_the_stop_and_the_drawing_mark_what_is_wrong(function, given):
    if function == "deep":
        rng = np.random.default_rng(0)
        fit = bp.Fit(bp.Network((2, 3, 3, 1), "tanh"), "squared error", bp.Data(rng.normal(size=(2, 3)), rng.normal(size=3), "mine"))
        given = {"fit": fit, "theta": rng.normal(size=fit.n_params)}
    explorer, scene, result, values = shown({"backward": globals()[function], **given})
    bad = {"no_slope": ("z", 1), "deep": ("z", 1)}[function]
    assert {kind[1][:2] for kind in result.crosses if kind[1][0] == "z"} == {bad}
    seen = set()
    for step in range(1, result.stops + 1):
        kind = scene.walk.stops[step - 1].kind
        if kind[0] == "d" and kind[1][0] == "z":
            one = finished(explorer.compute(scene, {**values, "step": step}, Memory()))
            wrong = kind[1][:2] == bad
            assert one.yours.mark == ("✗" if wrong else "✓") and (kind in one.crosses) == wrong
            seen.add(kind[1][:2])
    assert bad in seen and len(seen) > 1
    assert explorer.words(result).startswith("Your dz1 is wrong: for z1[")


def test_a_chain_is_run_row_by_row():
    explorer, scene, result, values = shown({"backward": chain}, row=2)
    assert values["example"] == "two weights 1-1-1" and explorer.knob("hidden").options() == ("1",)
    x, t = scene.fit.data.x[0, 1], scene.fit.data.y[0, 1]
    w1, w2 = scene.theta(0)
    a2 = sigmoid(w2 * sigmoid(w1 * x))
    said = re.match(r"Your da2 is wrong: for a2\[1\] in row 2 it is (\S+), half the right (\S+)\. Wrong only by what came before: "
                    r"dz2, dw2, dz1, dw1\.", explorer.words(result))
    assert float(as_python(said[2])) == pytest.approx(2 * (a2 - t), rel=2e-3)


def test_a_wrong_shape_is_named():
    explorer, _, result, _ = shown({"backward": turned}, example="two outputs 2-2-2")
    assert explorer.words(result).startswith("Your db2 is right") or "dW2" in explorer.words(result)
    explorer, _, result, _ = shown({"backward": turned})
    assert explorer.words(result).startswith("Your dW2 has the shape (1, 2); (2, 1) is asked for.")


@pytest.mark.parametrize("example", ["article 2-2-1", "xor 2-2-1, four rows"])
def test_its_picture_is_legible_at_every_width(example, no_surfaces):  # noqa: F811
    explorer, scene, result, values = shown({"backward": no_slope}, example=example)
    for step in (result.stops // 2, result.stops - 3, result.stops):
        one = finished(explorer.compute(scene, {**values, "step": step}, Memory()))
        legible_at_every_width(explorer, scene, one)
    canvas, _, blit = drawn(explorer, scene, one)
    assert blit.frame().any() and any("✗" in text.get_text() for axes in canvas.axes for text in axes.texts)


def test_the_panel_waits_for_nothing_and_resets():
    panel = bp.explore.backprop(backward=no_slope, step=20, picture="core")
    panel.finish()
    assert panel.words.startswith("Your dz1 is wrong") and "<table" in panel.still()
    panel._choose("example", "xor 2-2-1, four rows")
    panel.finish()
    assert panel.words.startswith("Your dz1 is wrong")
    panel.close()


@pytest.mark.parametrize("given, words", [
    ({"backward": 3}, "^backward: A function is asked for"), ({"backward": lambda x, t, w: {}}, "^backward: .* takes .x, t, w.; what"),
    ({"backward": lambda x, t, W1, b1: {}}, "^backward: got a function of weights up to W1; allowed"),
    ({"backward": lambda x, t, W1, b1, W2, b2: {"dq": 1}}, "^backward: .* gives none of do, dz2, dW2"),
    ({"backward": lambda x, t, W1, b1, W2, b2: 1 / 0}, "ZeroDivisionError|division"),
    ({"backward": right, "fit": bp.Fit(bp.Network((2, 2, 2, 1)), "squared error", bp.DATA["xor"])},
     "^backward: got a function of 2 layers of weights and biases, and a fit of a network of sizes .2, 2, 2, 1. with biases")],
    ids=["number", "arguments", "one layer", "other names", "raises", "other fit"])
def test_what_is_no_backward_pass_is_refused(given, words):
    with pytest.raises(ValueError, match=words):
        bp.explore.backprop(picture="core", **given)


# ---- skips and layer norm

def test_alone_its_network_is_the_plain_one():
    """A function says nothing of skips and layer norm: what is right without them is not called wrong beside them."""
    for function in (right, deep_sigmoid):
        explorer, scene, result, _ = shown({"backward": function})
        assert explorer.knob("cures").options() == ("plain",) and explorer.words(result).startswith("Your d")
        assert not result.crosses and "are right at these weights." in explorer.words(result)
    with pytest.raises(ValueError, match="^cures: got 'layer norm'.*Allowed: plain"):
        bp.explore.backprop(backward=right, cures="layer norm", picture="core")
    assert len(EXPLORER.knob("cures").options()) == 4


def deep_sigmoid(x, t, W1, b1, W2, b2, W3, b3):
    a1 = sigmoid(x @ W1 + b1)
    a2 = sigmoid(a1 @ W2 + b2)
    o = sigmoid(a2 @ W3 + b3)
    dz3 = 2 * (o - t) / len(x) * o * (1 - o)
    dz2 = dz3 @ W3.T * a2 * (1 - a2)
    return {"dz3": dz3, "dz2": dz2, "dW2": a1.T @ dz2, "dW1": x.T @ (dz2 @ W2.T * a1 * (1 - a1))}


def normed(z):
    s = np.sqrt(z.var(axis=1, keepdims=True) + 1e-5)
    return (z - z.mean(axis=1, keepdims=True)) / s, s


def skipping(x, t, W1, b1, W2, b2, W3, b3):
    z1 = x @ W1 + b1
    a1 = np.tanh(z1)
    a2 = np.tanh(z1 + a1 @ W2 + b2)
    o = np.tanh(a2 @ W3 + b3)
    dz3 = 2 * (o - t) / len(x) * (1 - o ** 2)
    dz2 = dz3 @ W3.T * (1 - a2 ** 2)
    da1 = dz2 @ W2.T
    dz1 = da1 * (1 - a1 ** 2) + dz2
    return {"dz3": dz3, "dW3": a2.T @ dz3, "dz2": dz2, "dW2": a1.T @ dz2, "db2": dz2.sum(axis=0), "da1": da1, "dz1": dz1, "dW1": x.T @ dz1}


def skip_forgotten(x, t, W1, b1, W2, b2, W3, b3):
    found = skipping(x, t, W1, b1, W2, b2, W3, b3)
    dz1 = found["dz1"] - found["dz2"]
    return {**found, "dz1": dz1, "dW1": x.T @ dz1}


def norming(x, t, W1, b1, W2, b2):
    h, s = normed(x @ W1 + b1)
    a1 = np.tanh(h)
    o = np.tanh(a1 @ W2 + b2)
    dz2 = 2 * (o - t) / len(x) * (1 - o ** 2)
    g = dz2 @ W2.T * (1 - a1 ** 2)
    dz1 = (g - g.mean(axis=1, keepdims=True) - h * (g * h).mean(axis=1, keepdims=True)) / s
    return {"dz2": dz2, "dW2": a1.T @ dz2, "dz1": dz1, "dW1": x.T @ dz1, "db1": dz1.sum(axis=0)}


def norm_forgotten(x, t, W1, b1, W2, b2):
    h, _ = normed(x @ W1 + b1)
    dz1 = norming(x, t, W1, b1, W2, b2)["dz2"] @ W2.T * (1 - np.tanh(h) ** 2)
    return {**norming(x, t, W1, b1, W2, b2), "dz1": dz1, "dW1": x.T @ dz1, "db1": dz1.sum(axis=0)}


@pytest.mark.parametrize("function, wrong", [(skipping, ""), (skip_forgotten, "dz1"), (norming, ""), (norm_forgotten, "dz1")])
def test_of_a_fit_with_skips_or_layer_norm_the_judge_is_finite_differences(function, wrong):
    rng, sizes = np.random.default_rng(3), (2, 3, 3, 1) if function in (skipping, skip_forgotten) else (2, 3, 1)
    network = bp.Network(sizes, "tanh", skip=len(sizes) == 4, layer_norm=len(sizes) == 3)
    fit = bp.Fit(network, "squared error", bp.Data(rng.normal(size=(2, 4)), rng.uniform(-1, 1, 4), "mine"))
    theta = rng.normal(size=fit.n_params)
    explorer, scene, result, values = shown({"backward": function, "fit": fit, "theta": theta})
    truth = dict(zip(fit.names, slopes(fit, theta), strict=True))
    for weight, yours, ours, mark in explorer.table(result)[2]:
        assert float(ours.replace("−", "-")) == pytest.approx(truth[weight], rel=2e-3, abs=1e-6)
        if yours != "–":
            assert mark.startswith("✓") == bool(np.isclose(float(yours.replace("−", "-")), truth[weight], rtol=2e-3, atol=1e-6)), weight
    words = explorer.words(result)
    assert words.startswith(f"Your {wrong} is wrong" if wrong else "Your dz") and ("are right at these weights" in words) != bool(wrong)
    assert not wrong or "Wrong only by what came before: dW1" in words
    marks, memory = {}, Memory()
    for step in range(1, result.stops + 1):
        kind = scene.walk.stops[step - 1].kind
        if kind[0] in "dg":
            one = finished(explorer.compute(scene, {**values, "step": step}, memory))
            marks |= {} if one.yours is None else {kind: one.yours.mark}
    assert {mark for kind, mark in marks.items() if kind[1][:2] == ("z", 1)} == ({"✗"} if wrong else {"✓"})
    assert {mark for kind, mark in marks.items() if kind[1][:2] == ("z", 2)} == {"✓"}


@pytest.mark.parametrize("function, example, part, row", [
    ("no_slope", "article 2-2-1", ("z", 1), 1), ("one_entry", "article 2-2-1", ("w", 1, 2, 1), 1),
    ("one_entry", "xor 2-2-1, four rows", ("w", 1, 2, 1), 1), ("no_mean", "xor 2-2-1, four rows", ("a", 2, 1), 1),
    ("last_row", "xor 2-2-1, four rows", ("z", 2, 1), 4), ("turned", "two outputs 2-2-2", ("w", 2), 1),
    ("chain", "two weights 1-1-1", ("a", 2, 1), 1), ("right", "article 2-2-1", None, 1)])
def test_it_opens_where_the_first_number_goes_wrong(function, example, part, row):
    panel = bp.explore.backprop(backward=globals()[function], example=example, picture="core")
    explorer, values = panel.explorer, panel.values
    scene = finished(explorer.scene(values))
    marks = [finished(explorer.compute(scene, {**values, "step": step}, Memory())).yours for step in range(1, int(values["step"]) + 1)]
    wrong = [one is not None and one.mark == "✗" for one in marks]
    assert values["row"] == row and wrong == [False] * (len(wrong) - 1) + [part is not None]
    assert values["step"] == 1 if part is None else scene.walk.stops[int(values["step"]) - 1].kind[1][:len(part)] == part
    panel.close()
    given = bp.explore.backprop(backward=globals()[function], example=example, step=2, picture="core")
    assert given.values["step"] == 2
    given.close()


def last_row(x, t, W1, b1, W2, b2):
    found = right(x, t, W1, b1, W2, b2)
    return {**found, "dz2": found["dz2"] * (np.arange(len(x)) < len(x) - 1)[:, None]}


def test_another_example_opens_at_its_own_first_wrong_number():
    panel = bp.explore.backprop(backward=no_slope, picture="core")
    before = panel.values["step"]
    panel._choose("example", "xor 2-2-1, four rows")
    panel.finish()
    scene = finished(panel.explorer.scene(panel.values))
    assert before > 1 and scene.walk.stops[int(panel.values["step"]) - 1].kind[1][:2] == ("z", 1)
    panel.close()
