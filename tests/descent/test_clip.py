"""Gradient clipping: the length of torch's, the direction of the gradient, and what it is good for."""
import numpy as np
import pytest
from test_optimizers import TORCH, Valley

import bpviz as bp
from bpviz.descent.update import clipped


@pytest.mark.parametrize("size", [1e-3, 0.5, 1.0, 40.0, 1e200])
def test_length_and_direction(size):
    gradient = np.random.default_rng(0).normal(size=6)
    gradient *= size / np.linalg.norm(gradient)
    short = clipped(gradient, 0.7)
    assert np.isclose(np.linalg.norm(short / 0.7), min(size, 0.7 * size / (size + 1e-6)) / 0.7, rtol=1e-9)
    assert np.allclose(short / np.linalg.norm(short), gradient / size)


def test_every_network_of_a_cloud_by_itself():
    cloud = np.random.default_rng(0).normal(size=(5, 3, 2)) * np.array([[0.01, 1], [5, 0.1], [100, 0]])
    short = clipped(cloud, 1.0)
    for index in np.ndindex(3, 2):
        one = (slice(None), *index)
        assert np.allclose(short[one], clipped(cloud[one], 1.0))
    assert not short[:, 2, 1].any()


def test_what_overflowed_stays_as_it_is(recwarn):
    assert np.isinf(clipped(np.array([np.inf, 1.0]), 1.0)[0]) and not recwarn.list


def test_a_descent_with_clipping_takes_short_steps_and_survives_a_cliff():
    fit = bp.Fit(bp.Network((1, 1, 1), "identity", bias=False), "squared error", bp.DATA["linear saddle"])
    start, rate = np.array([9.0, 9.0]), 0.1
    assert bp.descend(fit, start, bp.GradientDescent(rate), 60).ended == "ran away"
    path = bp.descend(fit, start, bp.GradientDescent(rate), 400, clip=1.0)
    steps = np.linalg.norm(np.diff(path.theta, axis=1), axis=0)
    assert steps.max() <= rate * 1.0000001 and path.loss[-1] < 1e-6
    cloud = bp.descend(fit, np.stack([start, -start], axis=1), bp.GradientDescent(rate), 400, clip=1.0)
    assert np.allclose(cloud.theta[:, :, 0], path.theta, atol=1e-12)


def test_a_clip_that_never_bites_changes_nothing():
    fit = bp.Fit(bp.Network((2, 2, 1), "tanh"), "squared error", bp.DATA["xor"])
    start = np.random.default_rng(0).normal(size=9)
    free, held = (bp.descend(fit, start, bp.Adam(0.05), 50, clip=clip) for clip in (None, 1e9))
    assert np.allclose(free.theta, held.theta, rtol=1e-9, atol=1e-12)


@pytest.mark.parametrize("clip", [0, -1, np.nan, "one"])
def test_refusals(clip):
    fit = bp.Fit(bp.Network((2, 2, 1)), "squared error", bp.DATA["xor"])
    with pytest.raises(ValueError, match="clip: got"):
        bp.descend(fit, np.zeros(9), bp.GradientDescent(0.1), 3, clip=clip)


@pytest.mark.parametrize("text", TORCH["clips"])
def test_torch_takes_the_same_steps(text):
    path = bp.descend(Valley(), TORCH["start"], bp.GradientDescent(0.05), TORCH["steps"], clip=float(text))
    ours = path.theta[:, 1:][:, TORCH["every"] - 1::TORCH["every"]]
    assert np.allclose(ours, np.array(TORCH["clips"][text]).T, rtol=1e-12, atol=1e-14)
