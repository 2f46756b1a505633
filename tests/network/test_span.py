"""Between the ends that are drawn lie all answers of a network whose last activation has ends, and all targets."""
import numpy as np
import pytest

import bpviz as bp
from bpviz.network.span import answer_span

ENDS = {"sigmoid": (0, 1), "tanh": (-1, 1), "softsign": (-1, 1), "lecun tanh": (-1.7159, 1.7159)}      # by hand
LOW = {"relu": 0, "softplus": 0, "elu": -1, "swish": -0.278464543, "gelu": -0.169971207}     # minima by scipy, to 9 digits


def fit(activation, y=(0.8, 0.4, 0.2)):
    data = bp.Data([[*range(len(y))]], [y])
    return bp.Fit(bp.Network((1, 1, 1), activation, bias=False), "squared error", data)


@pytest.mark.parametrize("activation", ENDS)
def test_the_span_holds_every_answer_and_is_no_wider(activation):
    low, high = answer_span(fit(activation))
    theta = np.random.default_rng(0).normal(size=(2, 4000)) * 30
    answers = fit(activation).predict(theta, np.linspace(-9, 9, 41))
    assert low - 1e-3 <= answers.min() and answers.max() <= high + 1e-3
    assert (low, high) == pytest.approx(ENDS[activation], abs=2e-4)


@pytest.mark.parametrize("activation", bp.ACTIVATIONS)
@pytest.mark.parametrize("y", [(0.8, 0.4, 0.2), (1.0,), (0.0,), (-30.0, 2.0), (5.0, 5.0)])
def test_targets_lie_inside_and_open_ends_have_room(activation, y):
    low, high = answer_span(fit(activation, y))
    assert low <= min(y) and max(y) <= high and np.isfinite([low, high]).all() and low < high
    if activation not in ENDS:
        assert high > max(y)
        assert low < min(y) if activation not in LOW else low == pytest.approx(min(LOW[activation], min(y)), abs=5e-4)


def test_the_last_layer_alone_says_the_span():
    network = bp.Network((1, 2, 1), ("tanh", "sigmoid"))
    assert answer_span(bp.Fit(network, "squared error", bp.Data([1.0], [0.5]))) == pytest.approx((0, 1))


def test_a_cross_entropy_answers_by_its_own_unit():
    assert answer_span(bp.Fit(bp.Network((1, 1), "identity"), "cross-entropy", bp.Data([1.0, 2.0], [0, 1]))) == (0, 1)
