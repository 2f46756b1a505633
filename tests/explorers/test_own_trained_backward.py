"""A backward pass of one's own trains the network of the boundary beside the right one: the training, the slope that is wrong and all
that is said of both, by loops and differences."""
import re
import sys
import threading
from pathlib import Path

import numpy as np
import pytest
from test_own_walk_backward import chain, no_mean, no_slope, turned
from test_sweep import drawn, legible_at_every_width, no_surfaces  # noqa: F401
from test_yours import backward as right
from test_yours import sigmoid

import bpviz as bp
from bpviz.base.work import Memory, finished
from bpviz.base.written import as_python
from bpviz.explorers import all_explorers, own_trained_backward
from bpviz.explorers.own_backward import Waiting

sys.path.insert(0, str(Path(__file__).parent))
import sentences  # noqa: E402

EXPLORER = all_explorers()["boundary"]
pytestmark = pytest.mark.usefixtures("less_work")


def later(x, t, W1, b1, W2, b2):
    """Right while the last bias is near its start."""
    found = right(x, t, W1, b1, W2, b2)
    return {**found, "dW2": found["dW2"] * (1 if abs(b2[0]) < 1.5 else -1)}


def no_numbers(x, t, W1, b1, W2, b2):
    found = right(x, t, W1, b1, W2, b2)
    return {**found, "dW1": found["dW1"] / (np.abs(W2).max() < 2.2)}


def never_ends(x, t, W1, b1, W2, b2):
    while len(x) > 30:
        pass
    return right(x, t, W1, b1, W2, b2)


def deep(x, t, W1, b1, W2, b2, W3, b3):
    a1 = sigmoid(x @ W1 + b1)
    a2 = sigmoid(a1 @ W2 + b2)
    o = sigmoid(a2 @ W3 + b3)
    dz3 = 2 * (o - t) / len(x) * o * (1 - o)
    dz2 = dz3 @ W3.T * a2 * (1 - a2)
    dz1 = dz2 @ W2.T * a1                                      # a wrong slope
    return {"dz3": dz3, "dW3": a2.T @ dz3, "db3": dz3.sum(0), "dz2": dz2, "dW2": a1.T @ dz2, "db2": dz2.sum(0), "dz1": dz1,
            "dW1": x.T @ dz1, "db1": dz1.sum(0)}


def sign(x, t, W1, b1, W2, b2):
    found = right(x, t, W1, b1, W2, b2)
    return {name: -found[name] if name == "dW2" else found[name] for name in ("dW1", "db1", "dW2", "db2")}


FUNCTIONS = {"right": (right, None), "no slope": (no_slope, "dz1"), "no mean": (no_mean, "do"), "sign": (sign, "dW2"), "deep": (deep, "dz1"),
             "later": (later, None), "no numbers": (no_numbers, None)}


def shown(function, own=None, **given):
    explorer = EXPLORER.with_own(EXPLORER, {"backward": function, **({"data": own} if own else {})})
    values = {**explorer.values(**given)}
    scene = finished(explorer.scene(values))
    return explorer, scene, finished(explorer.compute(scene, values, Memory())), values


def split(theta, sizes):
    found, at = {}, 0
    for k, (n, m) in enumerate(zip(sizes[:-1], sizes[1:], strict=True), start=1):
        found[f"W{k}"], found[f"b{k}"] = theta[at:at + n * m].reshape(n, m), theta[at + n * m:at + n * m + m]
        at += n * m + m
    return found


def answers(x, sizes, theta, bump=None):
    """The outputs (rows, 1); bump: (part, place, by), added to that pre-activation or answer on the way."""
    parts, a = split(theta, sizes), x
    for k in range(1, len(sizes)):
        z = a @ parts[f"W{k}"] + parts[f"b{k}"]
        for letter in "za":
            a = z if letter == "z" else sigmoid(a)
            if bump and bump[0] == f"{letter}{k}":
                a = a.copy()
                a[bump[1]] += bump[2]
    return a


def by_hand(function, fit, theta, steps, l2):
    """The training by these slopes: Adam as in algorithm 1 of Kingma and Ba, with plain lists."""
    x, t, sizes, path = fit.data.x.T, fit.data.y.T, fit.network.sizes, [theta]
    m = v = np.zeros(len(theta))
    for k in range(1, steps + 1):
        parts = split(theta, sizes)
        with np.errstate(all="ignore"):
            given = function(x, t, **parts)
        g = np.concatenate([np.ravel(given[f"d{name}"]) + 2 * l2 * np.ravel(part) * (name[0] == "W") for name, part in parts.items()])
        if not np.isfinite(g).all():
            break
        m, v = 0.9 * m + 0.1 * g, 0.999 * v + 0.001 * g ** 2
        theta = theta - 0.05 * (m / (1 - 0.9 ** k)) / (np.sqrt(v / (1 - 0.999 ** k)) + 1e-8)
        path.append(theta)
    return np.array(path).T


@pytest.mark.parametrize("name", FUNCTIONS)
def test_training_and_sentences_are_those_of_loops_by_hand(name):
    function, entry = FUNCTIONS[name]
    rng, cuts = np.random.default_rng(len(name)), []
    for seed in range(2):
        given = {"data": str(rng.choice(EXPLORER.knob("data").options())), "steps": int(rng.integers(60, 160)), "seed": seed,
                 "l2": float(rng.choice([0, 0.001]))}
        explorer, scene, result, values = shown(function, **given)
        assert set(scene.network.activations) == {"sigmoid"} and scene.loss == "squared error" and scene.network.bias
        fit, mine, start = result.train, result.yours, result.path.theta[:, 0]
        path = by_hand(function, fit, start, values["steps"], values["l2"])
        assert mine.theta.shape == path.shape and np.abs(mine.theta - path).max() < 1e-4, name
        if name == "right":
            assert np.abs(mine.theta - result.path.theta).max() < 1e-4
        x, t, sizes = fit.data.x.T, fit.data.y.T, fit.network.sizes

        def loss(theta, bump=None, x=x, t=t, sizes=sizes):
            return np.mean((answers(x, sizes, theta, bump) - t) ** 2)
        words = as_python(explorer.words(result))
        ends = [float(one) for one in re.search(r"training rows is ([\d.]+)[,;] that of the right one (?:is )?(\d+\.\d+)", words).groups()]
        assert np.allclose(ends, [loss(path[:, -1]), loss(result.path.theta[:, -1])], atol=6e-5)
        cut = path.shape[1] <= values["steps"]
        assert f"After {path.shape[1] - 1} step" in words and ("no numbers any more" in words) == cut and (name == "no numbers" or not cut)
        cuts.append(cut)
        slopes_judged(words, entry, function, loss, start, path, sizes, x, t)
        false = [claim for claim in sentences.boundary(sentences.State(explorer, values, scene, [result]), result, words) if not claim[1]]
        assert not false, false
    assert any(cuts) == (name == "no numbers")


def slopes_judged(words, entry, function, loss, start, path, sizes, x, t):
    """What is said of their slopes, against central differences."""
    h = 1e-6
    if entry is None:
        def gap(theta):
            truth = np.array([(loss(theta + h * one) - loss(theta - h * one)) / (2 * h) for one in np.eye(len(theta))])
            with np.errstate(all="ignore"):
                given = function(x, t, **split(theta, sizes))
                mine = np.concatenate([np.ravel(given[f"d{part}"]) for part in split(theta, sizes)])
            return np.abs(mine - truth).max() / np.abs(truth).max()
        if said := re.match(r"Your slopes are right at each of the (\d+) steps looked at\.", words):
            assert gap(start) < 1e-4 and gap(path[:, -1]) < 1e-3 and int(said[1]) <= path.shape[1]
        else:
            at = int(re.match(r"Your slopes are right at the start and wrong at step (\d+)\.", words)[1])
            assert gap(start) < 1e-4 and not gap(path[:, at]) < 0.01
        return
    said = re.match(r"Your (\w+) is wrong: for (\w)(\d)\[([\d,]+)\](?: in row (\d+))? it is (\S+?),", words)
    assert said[1] == entry, words
    place = tuple(int(n) - 1 for n in said[4].split(","))
    at = (int(said[5]) - 1, *place) if said[5] else place
    given = function(x, t, **split(start, sizes))[entry]
    assert float(said[6]) == pytest.approx(given[at], rel=6e-3)
    if said[5]:
        slope = (loss(start, (said[2] + said[3], at, h)) - loss(start, (said[2] + said[3], at, -h))) / (2 * h)
    else:
        theta = [start.copy(), start.copy()]
        split(theta[0], sizes)[said[2].upper() + said[3]][at] += h
        split(theta[1], sizes)[said[2].upper() + said[3]][at] -= h
        slope = (loss(theta[0]) - loss(theta[1])) / (2 * h)
    assert abs(given[at] - slope) > 1e-3 * abs(slope)


@pytest.mark.parametrize("name", ["no slope", "no numbers"])
def test_its_plane_title_and_curve_are_those_of_the_step_looked_at(name):
    for moment in (1, 17, 90):
        explorer, scene, result, values = shown(FUNCTIONS[name][0], steps=90, moment=moment)
        mine, sizes = result.yours, scene.network.sizes
        step = min(moment, mine.steps)
        axis = np.linspace(-2, 2, len(result.output))
        plane = np.stack(np.meshgrid(axis, axis)).reshape(2, -1).T
        assert np.allclose(result.yours_output.ravel(), answers(plane, sizes, mine.theta[:, step])[:, 0])
        said = re.fullmatch(r"Yours(?:, step (\d+))?: (\S+)% right, test (\S+)%", result.yours_heading)
        assert said[1] is None if step == moment else int(said[1]) == step
        for text, fit in zip(said.groups()[1:], (result.train, result.test), strict=True):
            hits = (answers(fit.data.x.T, sizes, mine.theta[:, step]) > 0.5) == (fit.data.y.T > 0.5)
            assert abs(float(text) - 100 * hits.mean()) < 0.51
        figure, drawing = explorer.picture(scene, 960)
        drawing.update(result)
        curve, = (line for axes in figure.axes for line in axes.lines if line.get_label() == "training rows, yours")
        losses = [np.mean((answers(result.train.data.x.T, sizes, mine.theta[:, k]) - result.train.data.y.T) ** 2) for k in mine.looked]
        assert np.array_equal(curve.get_xdata(), mine.looked) and np.allclose(curve.get_ydata(), np.minimum(losses, 1.2), atol=1e-5)


def test_the_table_holds_both_ends_and_the_length_of_each_slope():
    explorer, scene, result, _ = shown(no_slope, steps=60)
    caption, header, rows = explorer.table(result)
    assert caption.startswith("Yours after 60 steps") and header == ("", "yours", "right", "judged")
    given, fit = no_slope(result.train.data.x.T, result.train.data.y.T, **split(result.path.theta[:, 0], scene.network.sizes)), result.train
    marks = {}
    for label, mine, _, mark in rows[4:]:
        part = label.split()[2]
        marks[part] = mark[0]
        assert float(as_python(mine)) == pytest.approx(np.linalg.norm(given[part]), rel=1e-3)
    assert marks == {"dW1": "→", "db1": "→", "dW2": "✓", "db2": "✓"}
    for (label, *ends, _), one in zip(rows[:4], (fit, fit, result.test, result.test), strict=True):
        for said, theta in zip(ends, (result.yours.theta[:, -1], result.path.theta[:, -1]), strict=True):
            out = answers(one.data.x.T, scene.network.sizes, theta)
            truth = 100 * ((out > 0.5) == (one.data.y.T > 0.5)).mean() if label.startswith("right") else ((out - one.data.y.T) ** 2).mean()
            assert float(said.strip("%")) == pytest.approx(truth, abs=0.06 if label.startswith("right") else 6e-5)


def test_a_function_that_never_ends_somewhere_is_told_in_words_and_the_panel_goes_on(monkeypatch):
    monkeypatch.setattr(own_trained_backward, "SECONDS", 0.8)
    with pytest.raises(ValueError, match="^backward: never_ends had not ended after 0.8 seconds; it was at line"):
        bp.explore.boundary(backward=never_ends, picture="core")
    monkeypatch.setattr(own_trained_backward, "TRIED", 0)

    def never_left(x, t, W1, b1, W2, b2):
        while b2[0] < -3:
            pass
        return {"dW1": 0 * W1, "db1": 0 * b1, "dW2": 0 * W2, "db2": b2 * 0 + 1}
    panel = bp.explore.boundary(backward=never_left, steps=10, picture="core").finish()
    assert "After 10 steps your loss" in panel.words
    panel.set(steps=200)
    panel.finish()
    assert "There is no training of yours here: never_left had not ended after 0.8 seconds" in panel.words
    assert "while b2[0] < -3" in panel.words and "Of the right one: After 200 steps" in panel.words
    panel.set(steps=10)
    panel.finish()
    assert "After 10 steps your loss" in panel.words and "<table" in panel.still()
    panel.close()
    assert not [one for one in threading.enumerate() if one.name == Waiting.THREAD]


@pytest.mark.parametrize("function, words", [
    (3, "^backward: A function is asked for"), (chain, "^backward: got a function of weights up to w2; boundary takes one of W1 to W2 or W3"),
    (lambda x, t, W1, b1: {}, "^backward: got a function of weights up to W1"), (lambda x, t, W1, b1, W2: {}, "what is asked for takes"),
    (turned, "turned gives no dict with dW1, db1, dW2, db2"),
    (lambda x, t, W1, b1, W2, b2: {"dW1": W1.T, "db1": b1, "dW2": W2, "db2": b2}, r"gives dW1 in the shape \(12, 2\), .*numbers in the shape \(2, 12\)"),
    (lambda x, t, W1, b1, W2, b2: {"dW1": W1, "db1": "0", "dW2": W2, "db2": b2}, r"gives db1 in the shape \(\), or not as numbers"),
    (lambda x, t, W1, b1, W2, b2: None, "gives no dict with dW1, db1, dW2, db2"),
    (lambda x, t, W1, b1, W2, b2: 1 / 0, "ZeroDivisionError: division by zero")],
    ids=["number", "single weights", "one layer", "arguments", "missing", "shape", "text", "none", "raises"])
def test_what_is_no_backward_pass_is_refused(function, words):
    with pytest.raises(ValueError, match=words):
        bp.explore.boundary(backward=function, picture="core")


def test_its_menus_take_what_the_function_takes_and_it_goes_with_data_of_ones_own():
    assert EXPLORER.knob("units").options() == ("2 units", "4 units", "12 units", "6 and 6 units") and "dropout" in EXPLORER.values()
    assert shown(right, steps=10)[0].knob("units").options() == ("2 units", "4 units", "12 units")
    assert shown(deep, steps=10)[0].knob("units").options() == ("6 and 6 units",)
    with pytest.raises(ValueError, match="dropout"):
        bp.explore.boundary(backward=right, dropout=0.5, picture="core")
    rng = np.random.default_rng(0)
    own = bp.Data(rng.normal(size=(2, 30)), (rng.random(30) > 0.5) * 1.0, "mine")
    explorer, scene, result, values = shown(no_slope, own, steps=40)
    assert scene.own is own and explorer.words(result).startswith("Your dz1 is wrong") and result.yours.train.data.rows == 24
    assert explorer.read(explorer.state(values)) == values


@pytest.mark.parametrize("name", ["no slope", "no numbers"])
def test_its_picture_is_legible_at_every_width(name, no_surfaces):  # noqa: F811
    explorer, scene, result, _ = shown(FUNCTIONS[name][0], steps=120, moment=60)
    legible_at_every_width(explorer, scene, result)
    canvas, _, blit = drawn(explorer, scene, result)
    assert blit.frame().any() and any(line.get_label() == "training rows, yours" for axes in canvas.axes for line in axes.lines)
