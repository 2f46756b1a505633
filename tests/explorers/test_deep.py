"""The training of a deep network goes as a loop by hand, with any optimizer, in one go, piecemeal, and gone back to."""
import numpy as np
import pytest

import bpviz as bp
from bpviz.base.work import finished
from bpviz.explorers import deep

OWN = bp.own_optimizer(lambda theta: (0 * theta, 0), lambda theta, gradient, state, rate: (
    theta - rate / (1 + state[1]) * (0.9 * state[0] + gradient), (0.9 * state[0] + gradient, state[1] + 1)), 0.3)
HOW = [(bp.GradientDescent(0.5), None), (bp.GradientDescent(0.5), 0.01), (bp.Adam(0.01), None), (OWN, None), (OWN, 0.01)]


def by_hand(fit, theta, optimizer, clip, steps):
    """The weights after each step: (steps + 1, P)."""
    state, places = optimizer.start(theta), [theta]
    for _ in range(steps):
        gradient = fit.gradient(theta)
        if clip is not None:
            gradient = gradient * min(1.0, clip / (np.linalg.norm(gradient) + 1e-6))
        theta, state = optimizer.step(theta, gradient, state)
        places.append(theta)
    return np.array(places)


@pytest.mark.parametrize("kept", [deep.KEPT_NUMBERS, 0], ids=["all kept", "the last kept"])
@pytest.mark.parametrize("optimizer, clip", HOW, ids=str)
def test_it_goes_as_a_loop_by_hand(optimizer, clip, kept, monkeypatch):
    monkeypatch.setattr(deep, "KEPT_NUMBERS", kept)
    fit = deep.deep_fit(3, 5, "tanh")
    theta = bp.initial_weights(fit.network, "Glorot normal", 1)
    places, training = by_hand(fit, theta, optimizer, clip, 12), deep.Training(fit, theta, optimizer, clip)
    for asked in (4, 9, 9, 2, 0, 12, 3):                           # further, there already, back, the start, the end
        finished(training.going_to(asked))
        assert np.allclose(training.thetas[asked], places[asked], rtol=1e-9, atol=1e-12)
    assert np.allclose([training.losses[k] for k in range(12)], [fit.loss(place) for place in places[:12]], rtol=1e-9)


def test_work_that_was_dropped_in_a_step_goes_on_as_if_it_had_not_been(monkeypatch):
    fit = deep.deep_fit(3, 5, "tanh")
    theta = bp.initial_weights(fit.network, "Glorot normal", 1)
    training = deep.Training(fit, theta, OWN, None)
    dropped = training.going_to(10)
    for _ in range(7):
        next(dropped)
    finished(training.going_to(10))
    assert np.allclose(training.thetas[10], by_hand(fit, theta, OWN, None, 10)[10], rtol=1e-9)


def test_one_that_runs_away_stays_before_the_step_that_took_it():
    fit = deep.deep_fit(3, 5, "relu")
    theta = bp.initial_weights(fit.network, "He", 1)
    training = deep.Training(fit, theta, bp.GradientDescent(1e9), None)
    finished(training.going_to(5))
    assert training.stuck is not None and np.abs(training.thetas[5]).max() <= 1e6
    assert np.array_equal(training.thetas[5], training.thetas[training.stuck])
