"""The walk: every stop is right three ways, its terms add up, and it points at the line that does it."""
from pathlib import Path

import autograd
import numpy as np
import pytest
from conftest import oracle_loss, random_fit

import bpviz as bp
from bpviz.symbolic.walk import PHASES, TrainingStep

SIZES = [(1, 1, 1), (2, 2, 1), (2, 3, 2), (2, 2, 2, 1)]
ROOT = Path(bp.__file__).parent


def fits():
    for k, activation in enumerate(bp.ACTIVATIONS):
        for j, loss in enumerate(bp.LOSSES):
            yield pytest.param(activation, loss, SIZES[(k + j) % len(SIZES)], id=f"{activation}, {loss}")


@pytest.mark.parametrize("activation, loss, sizes", list(fits()))
def test_every_stop(activation, loss, sizes):
    fit, theta = random_fit(3, sizes, activation, loss)
    optimizer = bp.GradientDescent(0.3)
    walk = TrainingStep(fit, bp.GradientDescent)
    found = [walk.find(k, theta, optimizer, row=1) for k in range(len(walk.stops))]
    row = bp.Fit(fit.network, fit.loss_name, bp.Data(fit.data.x[:, 1:2], fit.data.y[:, 1:2]))
    alone, whole = autograd.grad(oracle_loss(row))(theta), autograd.grad(oracle_loss(fit))(theta)
    of = {stop.kind: f for stop, f in zip(walk.stops, found, strict=True)}
    for w, key in zip(range(fit.n_params), walk._weights, strict=True):
        assert np.isclose(of["d", key].value, alone[w], rtol=1e-9, atol=1e-13)
        assert np.isclose(of["g", key].value, whole[w], rtol=1e-9, atol=1e-13)
        assert np.isclose(of["new", key].value, theta[w] - 0.3 * whole[w], rtol=1e-12)
    assert np.isclose(of["new", ("L",)].value, oracle_loss(fit)(theta - 0.3 * whole), rtol=1e-12)
    assert np.isclose(of["L", ()].value, oracle_loss(row)(theta), rtol=1e-12)
    for f in found:
        assert f.agree, f
        assert np.isclose(sum(value for _, _, value in f.terms), f.value, rtol=1e-9, atol=1e-14), f
        assert all(kind in f.known for kind in f.stop.reads if kind[0] != "t"), f
        assert f.stop.kind in f.known and f.stop.why and f.stop.latex


def test_nothing_is_shown_before_it_is_found():
    fit, theta = random_fit(0, (2, 2, 1), "tanh", "squared error")
    walk = TrainingStep(fit, bp.GradientDescent)
    for k in range(len(walk.stops)):
        known = walk.find(k, theta, bp.GradientDescent(0.1)).known
        later = {stop.kind for stop in walk.stops[k + 1:]} - {stop.kind for stop in walk.stops[:k + 1]}
        assert not later & set(known)


def test_where_two_paths_meet_both_are_terms():
    """A hidden unit that feeds two outputs, and a weight used by several rows."""
    fit, theta = random_fit(0, (2, 2, 2), "sigmoid", "squared error", rows=4)
    walk = TrainingStep(fit, bp.GradientDescent)
    by_kind = {stop.kind: k for k, stop in enumerate(walk.stops)}
    hidden = walk.find(by_kind["d", ("a", 1, 1)], theta, bp.GradientDescent(0.1))
    assert len(hidden.terms) == 2
    rows = walk.find(by_kind["g", ("w", 1, 1, 1)], theta, bp.GradientDescent(0.1))
    assert len(rows.terms) == 4


def test_the_line_shown_is_the_line_in_the_file():
    fit, _ = random_fit(0, (2, 2, 1), "sigmoid", "squared error")
    for stop in TrainingStep(fit, bp.GradientDescent).stops:
        file, number, line = stop.code
        folder = "descent" if file == "optimizers.py" else "network"
        assert (ROOT / folder / file).read_text().splitlines()[number - 1].strip().startswith(line), stop


def test_phases_come_in_their_order():
    for rows, phases in ((1, ["forward", "loss", "backward", "update"]), (3, list(PHASES))):
        walk = TrainingStep(random_fit(0, (2, 2, 1), "sigmoid", "squared error", rows=rows)[0], bp.GradientDescent)
        marks = walk.marks()
        assert [phase for phase, _ in marks] == phases
        assert [k for _, k in marks] == sorted({k for _, k in marks})


def test_a_planted_fault_shows_as_a_disagreement(monkeypatch):
    fit, theta = random_fit(0, (2, 2, 1), "sigmoid", "squared error")
    walk = TrainingStep(fit, bp.GradientDescent)
    wrong = bp.Activation("sigmoid", bp.ACTIVATIONS["sigmoid"].value, lambda xp, z, a: a, "", "")
    monkeypatch.setitem(bp.ACTIVATIONS, "sigmoid", wrong)
    found = [walk.find(k, theta, bp.GradientDescent(0.1)) for k in range(len(walk.stops))]
    assert {f.stop.phase for f in found if not f.agree} >= {"backward", "rows", "update"}
    assert all(f.agree for f in found if f.stop.phase in ("forward", "loss"))


def strolls():
    """(walk, theta) at ordinary, saturated, tiny and trained weights."""
    for activation, loss in (("sigmoid", "squared error"), ("tanh", "binary cross-entropy"), ("elu", "squared error")):
        fit, theta = random_fit(5, (2, 2, 1), activation, loss)
        walk = TrainingStep(fit, bp.GradientDescent)
        trained = bp.descend(fit, theta, bp.GradientDescent(0.5), 3000).theta[:, -1]
        for place in (theta, 12 * theta, 1e-9 * theta, trained):
            yield walk, place


def test_small_slopes_are_checked_as_strictly_as_large_ones(monkeypatch):
    """A wrong slope of 1e-13 is a fault like any other, and a right one near a cancellation is not."""
    for walk, theta in strolls():
        assert all(walk.find(k, theta, bp.GradientDescent(0.3)).agree for k in range(len(walk.stops))), theta
    walk = TrainingStep(bp.Fit(bp.Network((1, 1), bias=False), "squared error", bp.Data([1.0], [0.0])), bp.GradientDescent)
    right = bp.ACTIVATIONS["sigmoid"]
    monkeypatch.setitem(bp.ACTIVATIONS, "sigmoid", bp.Activation(
        "sigmoid", right.value, lambda xp, z, a: 1.01 * a * (1 - a), "", ""))
    delta, = (walk.find(k, np.array([-16.0]), bp.GradientDescent(0.3)) for k, stop in enumerate(walk.stops)
              if stop.kind == ("d", ("z", 1, 1)))
    assert abs(delta.value) < 1e-12 and not delta.agree


@pytest.mark.parametrize("k, row, sentence", [
    (-1, 0, "k: got -1; allowed is a whole number from 0 to"), (10**6, 0, "k: got 1000000"),
    (0, 9, "row: got 9; allowed is a whole number from 0 to 2"), (0.5, 0, "k: got 0.5")])
def test_refusals(k, row, sentence):
    fit, theta = random_fit(0, (2, 2, 1), "sigmoid", "squared error")
    with pytest.raises(ValueError) as error:
        TrainingStep(fit, bp.GradientDescent).find(k, theta, bp.GradientDescent(0.1), row)
    assert sentence in str(error.value)


def test_a_penalty_is_refused():
    fit, _ = random_fit(0, (2, 2, 1), "sigmoid", "squared error", l2=0.1)
    with pytest.raises(ValueError, match="l2=0.1; allowed is 0"):
        TrainingStep(fit, bp.GradientDescent)


def test_what_is_kept_of_a_place_serves_no_other():
    """Theta, row and rate changed one at a time and back, on one walk: the numbers of a walk made for each."""
    fit, theta = random_fit(0, (2, 2, 1), "sigmoid", "squared error")
    walk = TrainingStep(fit, bp.GradientDescent)
    rates = bp.GradientDescent(0.1), bp.GradientDescent(0.2)
    for place in ((theta, rates[0], 0), (theta, rates[0], 1), (theta, rates[1], 1), (2 * theta, rates[1], 1), (theta, rates[0], 0)):
        fresh = TrainingStep(fit, bp.GradientDescent, walk.chain)
        for k in (*range(0, len(walk.stops), 5), len(walk.stops) - 1):
            assert walk.find(k, *place) == fresh.find(k, *place), (k, place)


@pytest.mark.parametrize("loss", ["squared error", "binary cross-entropy", "softmax cross-entropy"])
def test_a_walk_on_other_data_is_the_walk_made_for_them(loss):
    fit, theta = random_fit(3, (2, 3, 2), "tanh", loss)
    other = random_fit(4, (2, 3, 2), "tanh", loss)[0].data
    walk, optimizer = TrainingStep(fit, bp.GradientDescent), bp.GradientDescent(0.3)
    before = [walk.find(k, theta, optimizer).value for k in range(len(walk.stops))]
    moved = walk.on(other)
    fresh = TrainingStep(bp.Fit(fit.network, fit.loss_name, other), bp.GradientDescent)
    for k in range(len(walk.stops)):
        found, wanted = moved.find(k, theta, optimizer, 1), fresh.find(k, theta, optimizer, 1)
        assert (found.value, found.by_hand, found.terms, found.known) == (wanted.value, wanted.by_hand, wanted.terms, wanted.known)
        assert found.agree
    assert before == [walk.find(k, theta, optimizer).value for k in range(len(walk.stops))]
