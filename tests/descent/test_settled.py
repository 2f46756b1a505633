"""Who is said to have settled stays: where nothing can drive it away, for thousands of steps; else as far as was walked."""
import numpy as np
import pytest

import bpviz as bp
from bpviz.explorers.choices import OURS

AVERAGED = bp.own_optimizer(lambda theta: (0 * theta,), lambda theta, gradient, state, rate: (
    theta - rate * gradient / np.sqrt(0.99 * state[0] + 0.01 * gradient ** 2 + 1e-30),
    (0.99 * state[0] + 0.01 * gradient ** 2,)), 0.06, "averaged")                     # RMSprop without its epsilon
PLAIN = bp.own_optimizer(lambda theta: (), lambda theta, gradient, state, rate: (theta - rate * gradient, ()), 0.5, "plain")
OPTIMIZERS = [*(OURS.named(name, 3 * rate) for name, rate in OURS.rates.items()),
              *(OURS.named(name, rate) for name, rate in OURS.rates.items()), AVERAGED, PLAIN]
SHORT, LONG = 800, 4000


@pytest.mark.parametrize("activation", ["sigmoid", "tanh", "relu", "swish"])
@pytest.mark.parametrize("data", ["seesaw", "trident"])
def test_who_has_settled_stays(data, activation, two_weights):
    fit, starts, settled = two_weights(data, activation), np.random.default_rng(1).uniform(-6, 6, (4, 2)), 0
    for optimizer in OPTIMIZERS:
        for start in starts:
            path = bp.descend(fit, start, optimizer, SHORT, until_settled=True)
            assert path.steps <= SHORT and path.ended in ("settled", "out of steps", "ran away")
            if path.ended == "settled":
                settled += 1
                on = bp.descend(fit, start, optimizer, LONG if optimizer.rests else SHORT).theta[:, path.steps:]
                assert np.abs(on - path.end[:, None]).max() < 1e-3, (optimizer, start, path.steps)
                assert np.array_equal(path.end, on[:, 0])
    assert settled > 5


def test_many_at_once_settle_where_one_does(two_weights):
    fit, starts = two_weights("seesaw", "relu"), np.random.default_rng(1).uniform(-6, 6, (2, 6))
    for optimizer in (bp.GradientDescent(0.5), bp.GradientDescent(0.5, 0.9), bp.Adam(0.05)):
        many = bp.descend(fit, starts, optimizer, SHORT, until_settled=True)
        for k, start in enumerate(starts.T):
            one = bp.descend(fit, start, optimizer, SHORT, until_settled=True)
            assert np.allclose(many.end[:, k], one.end, atol=1e-6)


@pytest.mark.parametrize("optimizer", [bp.GradientDescent(0.5), bp.Adam(0.05), bp.RMSprop(0.06), bp.Lion(0.02), AVERAGED], ids=repr)
def test_many_at_once_are_said_to_have_settled_as_one_is(optimizer, two_weights):
    fit, starts = two_weights("seesaw", "relu"), np.random.default_rng(1).uniform(-6, 6, (2, 24))
    many = bp.descend(fit, starts, optimizer, 300)
    assert list(many.ended) == [bp.descend(fit, start, optimizer, 300).ended for start in starts.T]
