"""Still pictures: right words, real pixels, refusals."""
import io
import re

import numpy as np
import pytest
from PIL import Image

import bpviz as bp
from bpviz.plots.still import Still


def pixels(still):
    return np.asarray(Image.open(io.BytesIO(still.png)).convert("RGB"))


def test_one_weight_marks_its_minima():
    data = bp.Data([0.01, 0.12, 1.44], [0.75] * 3)
    squared, matching = (bp.picture.one_weight(bp.Fit(bp.Network((1, 1), bias=False), loss, data), -1, 1000)
                         for loss in ("squared error", "cross-entropy"))
    assert "has 3 minima between −1 and 1000: at 0.8771 and 10.39 and 109.8." in squared.words
    assert "has 1 minimum" in matching.words and 'alt="The loss of one weight' in squared._repr_html_()
    marks = [(pixels(s) == (213, 94, 0)).all(axis=2).sum() for s in (squared, matching)]
    assert 2.5 * marks[1] < marks[0] < 3.5 * marks[1]                 # three marks, and one
    steep = bp.picture.one_weight(bp.Fit(bp.Network((1, 1), bias=False), "squared error", data), -1, 0)
    assert steep.words == "The loss of one weight has no minimum between −1 and 0."


def test_one_weight_refuses_more():
    with pytest.raises(ValueError, match=r"fit: got 2 weights; allowed is 1"):
        bp.picture.one_weight(bp.Fit(bp.Network((1, 1)), "squared error", bp.DATA["seesaw"]))
    with pytest.raises(ValueError, match="low: got"):
        bp.picture.one_weight(bp.Fit(bp.Network((1, 1), bias=False), "squared error", bp.DATA["seesaw"]), 5, 1)


def test_a_map_of_basins_is_drawn_with_its_words(two_weights):
    found = bp.basins(two_weights("seesaw"), cells=40, optimizer=bp.GradientDescent(20.0), steps=1500)
    still = bp.picture.basins(found, ("w1", "w2"))
    assert still.words.startswith("Of all starts in this plane: A (minimum, loss 0.03112) 5") and still.width == 480
    picture = pixels(still)
    blue, orange = ((np.abs(picture - np.array(c)).max(axis=2) < 3).mean() for c in ((89, 163, 205), (237, 192, 89)))
    assert 0.3 < blue < 0.45 and 0.25 < orange < 0.4                     # A and B, in shares of the whole picture
    white = (picture == 255).all(axis=2)
    for w1, w2 in found.minima.theta.T:                                  # a letter in each circle, not under it
        x, y = round(2 * (84 + 370 * (w1 + 6) / 12)), round(2 * (384 - 370 * (w2 + 6) / 12))
        inside = np.s_[y - 12:y + 13, x - 12:x + 13]
        assert (picture[inside].max(axis=2) < 80).sum() > 20 and white[inside].mean() > 0.3
    valley = bp.basins(two_weights("linear saddle", "identity"), cells=16, optimizer=bp.GradientDescent(0.02), steps=500)
    assert "A (valley floor, loss 0)" in bp.picture.basins(valley).words


def test_the_spread_of_every_layer():
    rng = np.random.default_rng(0)
    net = bp.Network((8, *(40,) * 4, 3), "tanh")
    fit = bp.Fit(net, "softmax cross-entropy", bp.Data(rng.normal(size=(8, 50)), np.eye(3)[:, rng.integers(0, 3, 50)]))
    thetas = {name: bp.initial_weights(net, name) for name in ("uniform", "Glorot uniform")}
    still = bp.picture.layers(fit, thetas)
    for name, theta in thetas.items():
        trace = bp.backprop(fit, theta)
        assert (f"{name}: from layer 1 to layer 4 the spread of the answers goes from {trace.a[1].std():.2g} to "
                f"{trace.a[4].std():.2g}") in still.words
    assert pixels(still).shape == (2 * (2 * 214 + 26), 1440, 3) and (pixels(still) < 100).any()
    with pytest.raises(ValueError, match="thetas: got"):
        bp.picture.layers(fit, {})
    with pytest.raises(ValueError, match="allowed is one with a hidden layer"):
        bp.picture.layers(bp.Fit(bp.Network((1, 1)), "squared error", bp.DATA["seesaw"]), {"a": np.zeros(2)})


def test_the_words_of_a_loss_curve_are_true_of_the_path(two_weights, monkeypatch):
    """Read back from the sentence: both losses, how many steps were really taken, and whether the last one ran away.

    Every length and every kind of sentence is drawn too, the first time that it comes.
    """
    fit, rng, seen, drawn, draw = two_weights("seesaw"), np.random.default_rng(2), set(), set(), bp.picture.still

    def drawn_once(width, height, boxes, curve, words, axes=None):
        kind = re.sub(r"from .* in ", "", words)
        if kind not in drawn:
            drawn.add(kind)
            return draw(width, height, boxes, curve, words, axes)
        return Still(b"", words, width)
    monkeypatch.setattr(bp.picture, "still", drawn_once)
    for _ in range(200):
        rate, steps = 10.0 ** rng.uniform(-2, 8), int(rng.choice([0, 1, 2, 30]))
        path = bp.descend(fit, rng.uniform(-6, 6, 2), bp.GradientDescent(rate), steps)
        kind, first, last, taken, rest = re.fullmatch(r"The loss (falls|goes) from (\S+) to (\S+) in (\d+) steps?(.*)\.",
                                                      bp.picture.loss_curve(path).words).groups()
        assert (float(first), float(last)) == (float(f"{fit.loss(path.theta[:, 0]):.4g}"), float(f"{fit.loss(path.end):.4g}"))
        moved = int((path.theta[:, 1:] != path.theta[:, :-1]).any(axis=0).sum())
        assert int(taken) == moved or (path.ended != "ran away" and int(taken) == steps)
        assert rest == ("; the next step ran away" if path.ended == "ran away" else "" if path.loss[-1] < path.loss[0]
                        else ": it does not fall") and (kind == "falls") == (rest == "")
        seen.add(rest)
    assert len(seen) == 3 and len(drawn) >= 8


def test_several_runs_stand_side_by_side_and_each_is_told(two_weights):
    fit = two_weights("seesaw")
    runs = {name: bp.descend(fit, [1.0, start], bp.GradientDescent(20.0), steps=40) for name, start in
            (("low", 2.0), ("high", -3.0), ("far", 5.0), ("near", 0.5))}
    still = bp.picture.loss_curve(runs)
    assert still.words == " ".join(f"{name}: {bp.picture.loss_curve(path).words}" for name, path in runs.items())
    assert pixels(still).shape == (2 * (2 * 218 + 4), 1520, 3)
    for bad in ({}, {"a": 3}, {k: runs["low"] for k in "abcdefghij"}, {5: runs["low"]}):
        with pytest.raises((ValueError, TypeError), match="path: got"):
            bp.picture.loss_curve(bad)
    cloud = bp.descend(fit, np.ones((2, 3)), bp.GradientDescent(1.0), steps=2)
    with pytest.raises(ValueError, match="path: got 'many' of"):
        bp.picture.loss_curve({"many": cloud})


@pytest.mark.parametrize("steps", [40, 300, 2000, 100_000])
def test_a_loss_curve_stands_whole_in_its_picture(steps):
    """"loss" at the left, the last number and the whole last dot at the right."""
    loss = 0.0145 * np.exp(-np.arange(steps + 1) / steps)
    path = bp.Path(np.zeros((2, steps + 1)), loss, loss, "out of steps")
    for still in (bp.picture.loss_curve(path), bp.picture.loss_curve({"one": path, "two": path, "three": path})):
        ink = (pixels(still) < 200).any(axis=2).any(axis=0)
        assert not ink[:4].any() and not ink[-8:].any() and ink[4:40].any()
    seen = pixels(bp.picture.loss_curve(path))
    blue = (np.abs(seen.astype(int) - (0, 114, 178)).max(axis=2) < 30)[:2 * 232 - 8, :]
    right = 2 * bp.picture.CURVE[2]
    assert blue[:, right + 3:right + 8].any() and not blue[:, right + 14:].any()


def test_a_goal_is_dotted_and_said(two_weights):
    fit = two_weights("seesaw")
    path = bp.descend(fit, [1.0, 2.0], bp.GradientDescent(20.0), steps=40)
    far, near = (bp.picture.loss_curve(path, goal=goal) for goal in (path.loss[-1] / 2, path.loss[-1] * 2))
    plain = bp.picture.loss_curve(path)
    green = [(np.abs(pixels(still) - np.array((0, 158, 115))).max(axis=2) < 9).sum() for still in (plain, far, near)]
    assert green[0] == 0 and min(green[1:]) > 100
    assert far.words == f"{plain.words} It should come down to {path.loss[-1] / 2:.4g}."
    assert near.words == f"{plain.words} It has come down to {path.loss[-1] * 2:.4g}, as it should."
    runs = {"low": path, "high": path}
    both = bp.picture.loss_curve(runs, goal={"high": 0.0})
    assert both.words == f"low: {plain.words} high: {plain.words} It should come down to 0."
    assert bp.picture.loss_curve(runs, goal=0).words.count("It should come down to 0.") == 2
    for bad in ({"highest": 0.1}, {"low": "a"}, -1):
        with pytest.raises((ValueError, TypeError), match="goal: got"):
            bp.picture.loss_curve(runs, goal=bad)


@pytest.fixture
def examined():
    """A relu network of which half of layer 1 is dead from a known step on, and its picture."""
    fit = bp.Fit(bp.Network((2, 4, 1), ("relu", "sigmoid")), "squared error", bp.DATA["xor"])
    theta = bp.initial_weights(fit.network, "He", seed=0)
    path = bp.descend(fit, theta, bp.GradientDescent(1.0), steps=3)
    dead = path.theta.copy()
    for unit in (1, 2):
        dead[fit.network.index(f"b1[{unit}]"), 2:] = -100.0
    return fit, bp.Path(dead, path.loss, path.gradient_norm, path.ended)


def test_a_training_is_examined(examined):
    """Sizes read back from the words; shades of slopes read back from the pixels; by hand, with plain NumPy."""
    fit, path = examined
    still = bp.picture.training(fit, path, step=2, goal=0.0)
    assert still.words.startswith(bp.picture.loss_curve(path, goal=0.0).words)
    found = re.search(r"Size of the gradient, at step 0 and at step 2: (\S+), then (\S+) in layer 1; (\S+), then (\S+) in layer 2\. "
                      r"Units of layer 1 that are flat on every row: (\d) of 4 at step 0, (\d) at step 2\.$", still.words)
    W1, b1 = (np.asarray(part, float) for part in fit.network.layers(path.theta[:, 0])[0])
    alive = (W1.T @ fit.data.x + b1.reshape(4, 1)) > 0
    assert int(found[5]) == (~alive).all(axis=1).sum() and int(found[6]) >= 2
    for theta, one, two in ((path.theta[:, 0], found[1], found[3]), (path.theta[:, 2], found[2], found[4])):
        slope = fit.gradient(theta)
        weights = [slope[fit.network.where[name][0]] for name in ("w1", "w2")]
        assert [float(one), float(two)] == [float(f"{np.sqrt((np.asarray(part) ** 2).sum()):.2g}") for part in weights]
    picture = pixels(still)
    across, up = 2 * (588 + 166 * (np.arange(4) + 0.5) / 4), 2 * (34 + 166 * (np.arange(5) + 0.5) / 5)
    shades = picture[np.ix_(up.astype(int), across.astype(int))][..., 0]
    o = fit.predict(path.theta[:, 0])[0]
    assert (shades[:4] == np.where(alive, 255, 0)).all()
    assert np.allclose(shades[4], 255 * 4 * o * (1 - o), atol=2)                     # 1/4 is a sigmoid's steepest
    later = picture[np.ix_(up.astype(int), (across + 2 * 222).astype(int))][..., 0]
    assert (later[:2] == 0).all()
    assert bp.picture.training(fit, path).words.endswith("at the end.") and still.width == 984


def test_a_training_of_softmax_has_no_slope_of_its_outputs_and_too_many_units_are_refused(examined):
    fit, path = examined
    rows = bp.Data.from_rows([[0, 1], [1, 0], [1, 1.0]], [0, 1, 2])
    soft = bp.Fit(bp.Network((2, 3, 3), "tanh"), "softmax cross-entropy", rows)
    run = bp.descend(soft, bp.initial_weights(soft.network, "He", seed=0), bp.GradientDescent(0.1), steps=2)
    assert "of 3 at step 0" in bp.picture.training(soft, run).words
    one = bp.Fit(bp.Network((1, 1)), "squared error", bp.DATA["seesaw"])
    alone = bp.picture.training(one, bp.descend(one, np.zeros(2), bp.GradientDescent(1.0), steps=0))
    assert "in layer 1." in alone.words and "layer 2" not in alone.words
    wide = bp.Fit(bp.Network((2, 40, 1)), "squared error", bp.DATA["xor"])
    still = bp.descend(wide, np.zeros(wide.n_params), bp.GradientDescent(1.0), steps=1)
    for bad, match in (((soft, path), "path: got one of shape"), ((fit, 3), "path: got 3"),
                       ((wide, still), "fit: got 41 units in layer 1 and at the output; allowed are at most 40")):
        with pytest.raises((ValueError, TypeError), match=match):
            bp.picture.training(*bad)
    with pytest.raises(ValueError, match="step: got 4; allowed is a whole number from 0 to 3"):
        bp.picture.training(fit, path, step=4)


def test_the_patients_of_lab_2_are_treated_by_their_knobs():
    patient = bp.patients[3]
    fit, path = patient.treat(w1=1.0, w2=2.0)
    assert path.theta[:, 0].tolist() == [1.0, 2.0] and path.loss[-1] <= patient.goal < patient.path.loss[-1]
    assert repr(patient) == "Patient(w1=-2.0, w2=-2.0, rate=2.0, optimizer='descent')"
    with pytest.raises(ValueError, match="knob: got 'units'; this patient has w1, w2, rate, optimizer"):
        patient.treat(units=3)
