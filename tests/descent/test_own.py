"""An optimizer of one's own walks in every function that takes one, as a loop by hand, or as the built-in one it copies."""
import numpy as np
import pytest
from conftest import random_fit

import bpviz as bp
from bpviz.descent.settle import settle

COPY = bp.own_optimizer(lambda theta: (0 * theta,), lambda theta, gradient, state, rate: (
    theta - rate * (0.5 * state[0] + gradient), (0.5 * state[0] + gradient,)), 2.0)
BUILT_IN = bp.GradientDescent(2.0, 0.5)
SIGNS = bp.own_optimizer(lambda theta: (0,), lambda theta, gradient, state, rate: (
    theta - rate * np.where(gradient > 0, 1.0, -1.0) / np.sqrt(state[0] + 1), (state[0] + 1,)), 0.2, "signs")
TAKES_ONE = {
    "descend": lambda fit, starts, optimizer: bp.descend(fit, starts[:, 0], optimizer, 60).theta,
    "descend, many": lambda fit, starts, optimizer: bp.descend(fit, starts, optimizer, 60).theta,
    "descend, inner": lambda fit, starts, optimizer: bp.descend(fit, starts[:, 0], optimizer, 60, keep_inner=True).theta,
    "descend, schedule and clip": lambda fit, starts, optimizer: bp.descend(
        fit, starts[:, 0], optimizer, 60, schedule=bp.Exponential(0.9), clip=0.01).theta,
    "descend, noise": lambda fit, starts, optimizer: bp.descend(fit, starts[:, 0], optimizer, 60, noise=bp.MiniBatch(1)).theta,
    "restarts": lambda fit, starts, optimizer: bp.restarts(fit, optimizer, steps=60, starts=starts).end,
    "settle": lambda fit, starts, optimizer: settle(fit, starts, optimizer, 60).theta,
    "basins": lambda fit, starts, optimizer: bp.basins(
        fit, cells=8, optimizer=optimizer, steps=300, exact=True).label,
    "verdict": lambda fit, starts, optimizer: bp.verdict(
        fit, bp.descend(fit, starts[:, 0], optimizer, 60), bp.critical_points(fit), optimizer).kind,
}


@pytest.mark.parametrize("name", TAKES_ONE)
def test_a_copy_of_a_built_in_goes_where_that_goes(name, two_weights):
    fit, starts = two_weights("seesaw"), np.array([[1.0, -3.0, 2.0], [2.0, 3.0, 2.0]])
    mine, theirs = (TAKES_ONE[name](fit, starts, optimizer) for optimizer in (COPY, BUILT_IN))
    assert mine == theirs if isinstance(mine, str) else np.allclose(mine, theirs, rtol=1e-9, atol=1e-12)


@pytest.mark.parametrize("name", TAKES_ONE)
def test_one_that_asks_which_is_larger_walks_too(name, two_weights):
    TAKES_ONE[name](two_weights("seesaw"), np.array([[1.0, -3.0, 2.0], [2.0, 3.0, 2.0]]), SIGNS)


@pytest.mark.parametrize("shape", [(1, 2, 1), (2, 7, 2)], ids=str)
def test_such_a_one_goes_as_a_loop_by_hand(shape):
    fit, theta = random_fit(0, shape, "tanh", "squared error", rows=20)
    now = theta
    for k in range(40):
        now = now - 0.2 * np.where(fit.gradient(now) > 0, 1.0, -1.0) / np.sqrt(k + 1)
    assert np.allclose(bp.descend(fit, theta, SIGNS, 40).end, now, rtol=1e-10)
    assert np.allclose(bp.restarts(fit, SIGNS, steps=40, starts=theta[:, None]).end[:, 0], now, rtol=1e-10)


@pytest.mark.parametrize("first", [lambda k: k == 0, lambda k: not k, lambda k: not k != 0], ids=["equal", "not", "unequal"])
def test_one_that_decides_by_its_count_is_not_taken_at_its_first_decision(first, two_weights):
    """Its first step is twice as long: what cannot be recorded must not be recorded wrongly."""
    mine = bp.own_optimizer(lambda theta: (0,), lambda theta, gradient, state, rate: (
        theta - (2 if first(state[0]) else 1) * rate * gradient, (state[0] + 1,)), 0.3)
    fit, now = two_weights("seesaw"), np.array([1.0, 2.0])
    for k in range(30):
        now = now - (0.6 if k == 0 else 0.3) * fit.gradient(now)
    assert np.allclose(bp.descend(fit, np.array([1.0, 2.0]), mine, 30).end, now, rtol=1e-10)


@pytest.mark.parametrize("start, advance, words", [
    (3, COPY.advance, "start: got 3"), (lambda theta: theta.none, COPY.advance, "start: .*AttributeError"),
    (COPY.begin, lambda theta, gradient, state, rate: (theta[0], state), "advance: .*shapes"),
    (COPY.begin, lambda theta: theta, "advance: .*TypeError")])
def test_what_is_no_optimizer_is_refused(start, advance, words):
    with pytest.raises(ValueError, match=words):
        bp.own_optimizer(start, advance)
