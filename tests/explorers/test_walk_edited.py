"""Inputs and targets of the walk that were moved: every number is that of a network written here, on the moved row."""
import numpy as np
import pytest

import bpviz as bp
from bpviz.explorers import all_explorers

WALK = all_explorers()["backprop"]


def numbers(values):
    """{kind: number} of all that a walk has found at its last step, the result of which comes second."""
    scene, _ = WALK.finish(values)
    last = {**values, "step": len(scene.walk.stops)}
    return scene, WALK.finish(last)[1]


def by_complex_step(values, x, t):
    """(loss, its slope by every weight) of a two-layer tanh network on rows x (n_in, rows), t: (loss) and (P,)."""
    n_in, n_out, hidden = len(x), len(t), int(values["hidden"])

    def loss(theta):
        W1, rest = theta[:n_in * hidden].reshape(n_in, hidden), theta[n_in * hidden:]
        b1, W2, b2 = rest[:hidden], rest[hidden:hidden * (n_out + 1)].reshape(hidden, n_out), rest[hidden * (n_out + 1):]
        z = W2.T @ np.tanh(W1.T @ x + b1[:, None]) + b2[:, None]
        if values["loss"] == "squared error":
            return ((np.tanh(z) - t) ** 2).sum(axis=0).mean()
        if n_out == 1:
            return (np.log(1 + np.exp(z)) - t * z).mean()
        return (np.log(np.exp(z).sum(axis=0)) - (t * z).sum(axis=0)).mean()
    theta = np.round(np.random.default_rng(values["seed"]).uniform(-1, 1, n_in * hidden + hidden + (hidden + 1) * n_out), 2)
    return loss(theta), np.array([loss(theta + 1e-30j * one).imag / 1e-30 for one in np.eye(len(theta))])


@pytest.mark.parametrize("loss", ["squared error", "cross-entropy"])
@pytest.mark.parametrize("example, x, t, row, shifts, there", [
    ("article 2-2-1", [[0.5], [0.1]], [[0.6]], 1, {"shift_x1": 0.2, "shift_t1": -0.35}, ([[0.7], [0.1]], [[0.25]])),
    ("two outputs 2-2-2", [[0.05], [0.1]], [[0.01], [0.99]], 1, {"shift_x2": -1.0, "shift_t1": 0.29}, ([[0.05], [-0.9]], [[0.3], None])),
    ("xor 2-2-1, four rows", [[0, 0, 1, 1], [0, 1, 0, 1]], [[0, 1, 1, 0]], 3, {"shift_x1": -0.5, "shift_t1": -0.1},
     ([[0, 0, 0.5, 1], [0, 1, 0, 1]], [[0, 1, 0.9, 0]])),
])
def test_every_number_is_that_of_the_moved_row(example, x, t, row, shifts, there, loss):
    values = WALK.values(example=example, activation="tanh", loss=loss, seed=7, row=row, **shifts)
    inputs, targets = there
    if targets[-1] is None:                                     # of a softmax the second target is what the first leaves
        targets = [targets[0], [1 - targets[0][0]] if loss == "cross-entropy" else t[1]]
    inputs, targets = np.array(inputs, dtype=float), np.array(targets, dtype=float)
    scene, result = numbers(values)
    wanted, slopes = by_complex_step(values, inputs, targets)
    assert result.loss[0] == pytest.approx(wanted, rel=1e-12)
    assert np.allclose([row.backprop for row in result.gradients.rows], slopes, rtol=1e-10, atol=1e-15)
    assert np.allclose([row.symbolic for row in result.gradients.rows], slopes, rtol=1e-10, atol=1e-15)
    known = result.found.known
    assert [known["x", (i + 1,)] for i in range(len(x))] == pytest.approx(inputs[:, row - 1])
    assert [known["t", (j + 1,)] for j in range(len(t))] == pytest.approx(targets[:, row - 1])
    said = result.words
    for letter, old, new in (("x", np.array(x, float), inputs), ("t", np.array(t, float), targets)):
        for k, (one, other) in enumerate(zip(old[:, row - 1], new[:, row - 1], strict=True), start=1):
            assert (f"{letter}[{k}] was moved" in said) == (abs(one - other) > 1e-9), said


@pytest.mark.parametrize("shift, target", [(2.0, 1.0), (-2.0, 0.0), (0.3, 0.9)])
def test_the_target_of_a_cross_entropy_stays_a_probability(shift, target):
    _, result = numbers(WALK.values(loss="cross-entropy", shift_t1=shift))
    assert result.found.known["t", (1,)] == target


def test_only_what_is_there_can_be_moved():
    for example, loss, hidden in (("article 2-2-1", "squared error", {"shift_t2"}), ("two outputs 2-2-2", "squared error", set()),
                                  ("two weights 1-1-1", "squared error", {"shift_x2", "shift_t2"}),
                                  ("two outputs 2-2-2", "cross-entropy", {"shift_t2"})):
        scene, _ = WALK.finish(WALK.values(example=example, loss=loss))
        assert {name for name, high in WALK.limits(scene).items() if high is None} == hidden
        _, drawing = WALK.picture(scene, 940)
        assert {place.knob for place in drawing.places} == {"shift_x1", "shift_x2", "shift_t1", "shift_t2"} - hidden


@pytest.mark.parametrize("width", [360, 940])
def test_an_input_is_taken_where_it_is_drawn(width):
    values = WALK.values(step=9)
    scene, result = WALK.finish(values)
    figure, drawing = WALK.picture(scene, width)
    drawing.update(result)
    diagram = figure.axes[1]
    box = diagram.get_window_extent()
    for place in drawing.places:
        (value, x0, y0, x1, y1), = place.told()["spots"]
        number = {"shift_x1": "0.500", "shift_x2": "0.100", "shift_t1": "0.600"}[place.knob]
        texts = [text for text in drawing.moving if getattr(text, "axes", None) is diagram and hasattr(text, "get_text")
                 and text.get_visible() and number in text.get_text()]
        seen = [diagram.transData.transform(text.get_position()) for text in texts]
        assert any(x0 < (x - box.x0) / box.width < x1 and min(y0, y1) < (y - box.y0) / box.height < max(y0, y1)
                   for x, y in seen), place.knob


def test_another_row_or_example_begins_unmoved():
    assert WALK.knob("row").also(2) == dict.fromkeys(("shift_x1", "shift_x2", "shift_t1", "shift_t2"), 0.0)
    for example in WALK.knob("example").corners:
        assert WALK.knob("example").also(example)["shift_x1"] == 0.0
    values = WALK.values(row=1, shift_x1=0.25, shift_t1=-0.5)
    assert WALK.read(WALK.state(values)) == values


@pytest.mark.parametrize("outputs, loss, sliders", [(3, "softmax cross-entropy", {"shift_x1", "shift_x2"}),
                                                    (2, "softmax cross-entropy", {"shift_x1", "shift_x2", "shift_t1"}),
                                                    (4, "squared error", {"shift_x1", "shift_x2", "shift_t1", "shift_t2"})])
def test_a_fit_of_ones_own_is_moved_too(outputs, loss, sliders):
    """Of more inputs and outputs than there are sliders; a number that has no slider stays."""
    rng = np.random.default_rng(outputs)
    data = bp.Data(rng.normal(size=(4, 2)), np.eye(outputs)[:, [0, 1]], "mine")
    fit = bp.Fit(bp.Network((4, 2, outputs), "tanh"), loss, data)
    walk = WALK.with_own(WALK, {"fit": fit, "theta": rng.normal(size=fit.n_params)})
    scene, _ = walk.finish(walk.values())
    assert {name for name, high in walk.limits(scene).items() if name.startswith("shift") and high} == sliders
    shifts = dict.fromkeys(("shift_x1", "shift_x2", "shift_t1", "shift_t2"), -0.25)
    _, result = walk.finish(walk.values(step=walk.limits(scene)["step"], row=2, **shifts))
    known = result.found.known
    assert np.allclose([known["x", (i,)] for i in (1, 2, 3, 4)], data.x[:, 1] - [0.25, 0.25, 0, 0], atol=1e-9)
    targets = data.y[:, 1] - ([0.25, 0.25, 0, 0] if loss == "squared error" else 0)
    assert np.allclose([known["t", (j,)] for j in range(1, outputs + 1)], targets, atol=1e-9)
