"""A backward pass of one's own beside the right one: its path, the entry that is wrong, and what is said of both, by other code."""
import re
import sys
import threading
import time
from pathlib import Path

import numpy as np
import pytest
from test_sweep import drawn, legible_at_every_width, no_surfaces  # noqa: F401

import bpviz as bp
from bpviz.base.work import Memory, finished
from bpviz.base.written import as_python
from bpviz.explorers import all_explorers, own_backward
from bpviz.explorers.own_backward import Waiting

sys.path.insert(0, str(Path(__file__).parent))
import own_numbers as own  # noqa: E402

EXPLORER = all_explorers()["minima"]
DATA = ("seesaw", "trident", "plateaus", "linear saddle")


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


def right(x, t, w1, w2):
    a1 = sigmoid(x * w1)
    a2 = sigmoid(a1 * w2)
    da2 = 2 * (a2 - t)
    dz2 = da2 * a2 * (1 - a2)
    dw2 = dz2 * a1
    da1 = dz2 * w2
    dz1 = da1 * a1 * (1 - a1)
    return {"da2": da2, "dz2": dz2, "dw2": dw2, "da1": da1, "dz1": dz1, "dw1": dz1 * x}


def no_slope(x, t, w1, w2):
    a1 = sigmoid(x * w1)
    a2 = sigmoid(a1 * w2)
    da2 = 2 * (a2 - t)
    dz2 = da2 * a2 * (1 - a2)
    dw2 = dz2 * a1
    da1 = dz2 * w2
    dz1 = da1
    return {"da2": da2, "dz2": dz2, "dw2": dw2, "da1": da1, "dz1": dz1, "dw1": dz1 * x}


def no_two(x, t, w1, w2):
    a1 = sigmoid(x * w1)
    a2 = sigmoid(a1 * w2)
    da2 = a2 - t
    dz2 = da2 * a2 * (1 - a2)
    da1 = dz2 * w2
    return {"da2": da2, "dz2": dz2, "dw2": dz2 * a1, "da1": da1, "dw1": da1 * a1 * (1 - a1) * x}


def other_sign(x, t, w1, w2):
    found = right(x, t, w1, w2)
    return {"dw1": -found["dw1"], "dw2": found["dw2"]}


def wrong_below(x, t, w1, w2):
    found = right(x, t, w1, w2)
    return {**found, "dw1": 3 * found["dw1"]} if w2 < 1.5 else found


def never_ends_left(x, t, w1, w2):
    while w1 < 0:
        pass
    return right(x, t, w1, w2)


def stops_left(x, t, w1, w2):
    return right(x, t, w1, w2) if w1 > 0 else 1 / 0


FUNCTIONS = {"right": (right, None), "no_slope": (no_slope, "dz1"), "no_two": (no_two, "da2"), "other_sign": (other_sign, "dw1"),
             "wrong_below": (wrong_below, None)}


def shown(function, **given):
    explorer = EXPLORER.with_own(EXPLORER, {"backward": function})
    values = explorer.values(**given)
    scene = finished(explorer.scene(values))
    return explorer, scene, finished(explorer.compute(scene, values, Memory())), values


def by_hand(function, data, start, rate, steps):
    """The path of these slopes, in plain loops."""
    path, w = [np.array(start, float)], np.array(start, float)
    for _ in range(steps):
        found = [function(x, t, *w) for x, t in zip(data.x[0], data.y[0], strict=True)]
        w = w - rate * np.array([np.mean([one[name] for one in found]) for name in ("dw1", "dw2")])
        if np.abs(w).max() >= 1e6:
            break
        path.append(w)
    return np.array(path).T


@pytest.mark.parametrize("name", FUNCTIONS)
def test_path_entry_and_sentences_are_those_of_loops_by_hand(name):
    """Over starts, rates and data at random; each sentence claim by claim."""
    function, entry = FUNCTIONS[name]
    rng, seen = np.random.default_rng(len(name)), set()
    for k in range(6):
        data = bp.DATA[DATA[k % 4]]
        values = {"data": data.name, "w1": float(rng.uniform(-4, 4)), "w2": float(rng.uniform(-4, 4)), "rate": 0.5 + 3 * rng.random(),
                  "steps": int(rng.integers(20, 300))}
        explorer, scene, result, _ = shown(function, **values)
        path = by_hand(function, data, (values["w1"], values["w2"]), values["rate"], values["steps"])
        mine, n = result.yours.path, result.yours.path.shape[1]
        assert np.allclose(mine, path[:, :n], rtol=1e-6, atol=1e-9) and (n == path.shape[1] or np.ptp(path[:, n - 1:], axis=1).max() < 1e-9)
        net = own.Two("sigmoid", data.x, data.y)
        assert np.allclose(result.yours.loss, net.loss(mine)) and scene.fit.network.activations == ("sigmoid",) * 2
        words = result.yours.words
        if entry:
            assert words.startswith(f"At the start your {entry} is wrong")
            row = float(re.search(r"for the row x = (\S+):", words)[1].replace("−", "-"))
            assert row in data.x[0]
        elif name == "right":
            assert words == f"Your slopes are right at every step of your path: {n - 1} steps."
        else:
            first = next((k for k in range(n - 1) if mine[1, k] < 1.5), None)
            assert words.startswith("Your slopes are right" if first != 0 else "At the start your dw1 is wrong")
            if first:
                assert f"right for {first} step" in words
        seen.add(judged(words, scene, mine, result.path.theta))
        assert explorer.words(result).startswith(words) and "Of the right path: " in explorer.words(result)
    assert name == "right" or seen - {None}


def judged(words, scene, mine, truth):
    """What is said of both ends, against the places of the minima. Returns which sentence it was."""
    minima = {scene.points.label[k]: scene.points.theta[:, k] for k in scene.points.minima}

    def close(path):
        near = {label: np.linalg.norm(place - path[:, -1]) for label, place in minima.items()}
        label = min(near, key=near.get) if near else None
        return label if near and near[label] < 0.25 else None
    if said := re.search(r"Your path bends to (\w+); the right one ends in (\w+)\.", words):
        assert (said[1], said[2]) == (close(mine), close(truth)) and said[1] != said[2]
        return "bends"
    if said := re.search(r"Both paths end close to (\w+) all the same", words):
        assert said[1] == close(mine) == close(truth)
        return "same"
    if said := re.search(r"Your path (.*?); the right one (.*?)\.$", words):
        for text, path in zip(said.groups(), (mine, truth), strict=True):
            if at := re.match(r"ends close to saddle (\w+), which is no minimum", text):
                place = scene.points.theta[:, scene.points.label.index(at[1])]
                curved = np.linalg.eigvalsh(scene.fit.hessian(place))
                assert close(path) is None and np.linalg.norm(place - path[:, -1]) < 0.25 and curved[0] < 0
                continue
            at = re.match(r"ends at \((\S+), (\S+)\), close to no minimum", text)
            assert text.startswith("runs away") or (close(path) is None and np.allclose(
                [float(as_python(at[1])), float(as_python(at[2]))], path[:, -1], atol=0.0051) if at else f"close to {close(path)}," in text)
        return "other"
    return None


@pytest.mark.parametrize("name", FUNCTIONS)
def test_what_their_network_ends_up_answering_is_a_line_of_the_answers_and_in_their_key(name):
    for data in DATA[:3]:
        explorer, scene, result, _ = shown(FUNCTIONS[name][0], data=data, steps=60)
        figure, drawing = explorer.picture(scene, 960)
        drawing.update(result)
        axes = next(one for one in figure.axes if one.get_title(loc="left").startswith("What the network answers")
                    or one.get_title().startswith("What the network answers"))
        line, = (one for one in axes.lines if one.get_label() == "yours")
        x, y = line.get_data()
        w1, w2 = result.yours.path[:, -1]
        with np.errstate(over="ignore"):
            assert np.allclose(y, sigmoid(w2 * sigmoid(w1 * x))) and len(x) > 100
        key = [text.get_text() for text in axes.get_legend().get_texts()]
        assert sorted(key) == ["data", "end", "start", "this step", "yours"]


def stays(x, t, w1, w2):
    return {"dw1": 0.0, "dw2": 0.0}


def test_a_saddle_is_named():
    _, scene, _, _ = shown(stays, steps=2)
    k = list(scene.points.kind).index("saddle")
    place = scene.points.theta[:, k]
    _, scene, result, _ = shown(stays, w1=float(place[0]) + 0.1, w2=float(place[1]), steps=2)
    assert f"Your path ends close to saddle {scene.points.label[k]}, which is no minimum" in result.yours.words
    assert np.linalg.eigvalsh(scene.fit.hessian(place))[0] < 0


@pytest.mark.parametrize("name", FUNCTIONS)
def test_the_table_marks_each_entry_as_the_chain_rule_has_it(name):
    """The right numbers of one row by differences of the loss; the marks by which function it is."""
    function, entry = FUNCTIONS[name]
    explorer, _, result, values = shown(function, w1=-1.25, w2=2.5)
    caption, header, rows = explorer.table(result)
    assert [row[0] for row in rows] == ["da2", "dz2", "dw2", "da1", "dz1", "dw1"] and header[1:3] == ("yours", "right")
    x = float(re.search(r"x = (\S+)$", caption)[1].replace("−", "-"))
    t = float(bp.DATA["seesaw"].y[0, list(bp.DATA["seesaw"].x[0]).index(x)])
    w1, w2, h = -1.25, 2.5, 1e-6
    z1, a1 = x * w1, sigmoid(x * w1)
    z2 = a1 * w2
    losses = {"da2": lambda d: (sigmoid(z2) + d - t) ** 2, "dz2": lambda d: (sigmoid(z2 + d) - t) ** 2,
              "dw2": lambda d: (sigmoid(a1 * (w2 + d)) - t) ** 2, "da1": lambda d: (sigmoid((a1 + d) * w2) - t) ** 2,
              "dz1": lambda d: (sigmoid(sigmoid(z1 + d) * w2) - t) ** 2, "dw1": lambda d: (sigmoid(sigmoid(x * (w1 + d)) * w2) - t) ** 2}
    given = function(x, t, w1, w2)
    for label, mine, truth, mark in rows:
        slope = (losses[label](h) - losses[label](-h)) / (2 * h)
        assert float(truth.replace("−", "-")) == pytest.approx(slope, rel=1e-3)
        if label not in given:
            assert (mine, mark[0]) == ("–", "–")
            continue
        assert float(mine.replace("−", "-")) == pytest.approx(given[label], rel=1e-3)
        same = abs(given[label] - slope) < 1e-4 * abs(slope)
        assert mark[0] == ("✗" if label == entry else "✓" if same else "→")


def test_a_function_that_never_ends_somewhere_is_told_in_words_and_the_panel_goes_on(monkeypatch):
    monkeypatch.setattr(own_backward, "SECONDS", 0.5)
    panel = bp.explore.minima(backward=never_ends_left, w1=5.0, w2=1.0, steps=30, picture="core").finish()
    assert panel.words.startswith("Your slopes are right")
    panel.set(w1=-2.0)
    panel.finish()
    assert "There is no path of yours from here: never_ends_left had not ended after 0.5 seconds" in panel.words
    assert "while w1 < 0" in panel.words and "Of the right path: " in panel.words and len(panel.explorer.table(panel.result)[1]) == 6
    panel.set(w1=4.5)
    panel.finish()
    assert panel.words.startswith("Your slopes are right") and "<table" in panel.still()
    panel.close()
    assert not [one for one in threading.enumerate() if one.name == Waiting.THREAD]


def test_the_panel_answers_while_the_function_is_at_work(monkeypatch):
    """The right path comes at once, theirs later: no part of the work blocks for longer than a frame or two."""
    monkeypatch.setattr(own_backward, "SECONDS", 0.6)
    explorer = EXPLORER.with_own(EXPLORER, {"backward": never_ends_left})
    values = explorer.values(w1=-2.0, steps=30)
    scene, longest, first, began = finished(explorer.scene(values)), 0.0, None, time.perf_counter()
    for part in explorer.compute(scene, values, Memory()):
        longest, began = max(longest, time.perf_counter() - began), time.perf_counter()
        first = first or part.result
    assert first.yours.words == "" and "Your function is at work" in explorer.words(first) and first.path.steps == 30
    assert part.result.yours.words and part.share == 1 and longest < 0.4


@pytest.mark.parametrize("function, words", [
    (3, "backward: A function is asked for"), (lambda x, t, w: {}, "takes \\(x, t, w\\); what is asked for takes \\(x, t, w1, w2\\)"),
    (stops_left, None), (lambda x, t, w1, w2: None, "backward: .* gives no dict with dw1 and dw2"),
    (lambda x, t, w1, w2: {"dw1": [1, 2], "dw2": 0}, "gives something else than one number"),
    (lambda x, t, w1, w2: {"dw1": 1 / 0, "dw2": 0}, "stopped.*ZeroDivisionError")],
    ids=["number", "arguments", "fine here", "none", "list", "raises"])
def test_what_is_no_backward_pass_is_refused(function, words):
    if words is None:
        explorer, _, result, _ = shown(function, w1=-1.0)
        assert "There is no path of yours from here: stops_left stopped at line" in explorer.words(result)
        return
    with pytest.raises(ValueError, match=words):
        bp.explore.minima(backward=function, picture="core")


def test_not_beside_a_fit_of_ones_own_and_not_elsewhere():
    fit = bp.Fit(bp.Network((1, 1, 1), bias=False), "squared error", bp.DATA["seesaw"])
    with pytest.raises(ValueError, match="^backward: got .*not both"):
        bp.explore.minima(backward=right, fit=fit, picture="core")
    with pytest.raises(ValueError, match="backward: got one of your own; rate takes none. .*bp.explore.minima"):
        bp.explore.rate(backward=right, picture="core")


def test_its_menus_state_and_picture(no_surfaces):  # noqa: F811
    explorer, scene, result, values = shown(no_slope, w1=-3.0, w2=3.0)
    assert explorer.knob("activation").options() == ("sigmoid",) and explorer.values(data="linear saddle")["activation"] == "sigmoid"
    assert EXPLORER.values(data="linear saddle")["activation"] == "identity"
    assert explorer.read(explorer.state(values)) == values
    legible_at_every_width(explorer, scene, result)
    canvas, _, blit = drawn(explorer, scene, result)
    assert blit.frame().any() and any(line.get_label() == "yours" for axes in canvas.axes for line in axes.lines)
    assert np.array_equal([line for axes in canvas.axes for line in axes.lines if line.get_markersize() == 22][0].get_xdata(),
                          np.clip(result.yours.path[0, -1:], -1e4, 1e4))
