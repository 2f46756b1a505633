"""The parabola along the gradient: its numbers by autograd, its steps by the public descent, its kinds by running it."""
from types import SimpleNamespace

import numpy as np
import pytest

import bpviz as bp
from bpviz.landscape import parabola as line
from bpviz.landscape.parabola import parabola_at

STARTS = [(-4.0, 0.0), (-2.4, 0.0), (1.0, 2.0), (3.0, -5.0), (-1.0, -1.5), (5.5, 5.5)]


@pytest.mark.parametrize("name", ["seesaw", "trident", "linear saddle"])
@pytest.mark.parametrize("start", STARTS)
def test_slope_and_curvature_are_those_of_the_loss_along_the_line(two_weights, name, start):
    """The loss along d, differentiated twice in complex numbers and by central differences."""
    fit, theta = two_weights(name), np.array(start)
    found = parabola_at(fit, theta, 5.0)
    gradient = fit.gradient(theta)
    down = -gradient / np.linalg.norm(gradient)
    h = 1e-4
    values = [float(fit.loss(theta + s * down)) for s in (-h, 0, h)]
    assert np.isclose(-(values[2] - values[0]) / (2 * h), found.slope, rtol=1e-5, atol=1e-9)
    slopes = [float(down @ fit.gradient(theta + s * down)) for s in (-h, h)]
    assert np.isclose((slopes[1] - slopes[0]) / (2 * h), found.curvature, rtol=1e-4, atol=1e-8)
    assert np.allclose(found.line, [float(fit.loss(theta + s * found.unit * down)) for s in line.SPOTS])


def descents(loss, gradient, rate):
    """The places (6,) of five steps of the public descent of one weight, from 0."""
    one = SimpleNamespace(n_params=1, loss=lambda s: loss(s[0]), gradient=lambda s: np.atleast_1d(gradient(s[0])))
    return bp.descend(one, np.zeros(1), bp.GradientDescent(rate), 5).theta[0]


@pytest.mark.parametrize("start", STARTS)
@pytest.mark.parametrize("rate", [1.0, 20.0, 34.0, 150.0])
def test_steps_are_those_of_the_descent(two_weights, start, rate):
    fit, theta = two_weights("seesaw"), np.array(start)
    found = parabola_at(fit, theta, rate)
    down = -fit.gradient(theta) / np.linalg.norm(fit.gradient(theta))
    on = descents(lambda s: found.loss - found.slope * s + found.curvature * s * s / 2,
                  lambda s: found.curvature * s - found.slope, rate)
    assert np.allclose(found.balls[0] * found.unit, on, rtol=1e-9)
    height = found.loss - found.slope * on + found.curvature * on ** 2 / 2
    assert np.allclose(found.balls[1], found.scaled(height), rtol=1e-7, atol=1e-7)
    truly = descents(lambda s: float(fit.loss(theta + s * down)), lambda s: float(down @ fit.gradient(theta + s * down)), rate)
    assert np.allclose(found.truly, truly, rtol=1e-7) and np.isclose(found.truly[1], on[1])
    assert np.allclose(found.heights, [float(fit.loss(theta + s * down)) for s in truly], rtol=1e-7)


@pytest.mark.parametrize("share, kind", [(0.1, "straight"), (0.49, "straight"), (0.51, "zigzags"), (0.99, "zigzags"),
                                         (1.01, "leaves"), (3.0, "leaves")])
def test_what_the_steps_do_is_what_they_are_said_to_do(two_weights, share, kind):
    """rate: a share of 2 / curvature. Which side of the bottom, and how far from it, step after step."""
    fit, theta = two_weights("seesaw"), np.array([-2.4, 0.0])
    limit = parabola_at(fit, theta, 1.0).limits[1]
    found = parabola_at(fit, theta, share * limit)
    gap = found.balls[0] - 1
    sides, grows = np.sign(gap[1:]) != np.sign(gap[:-1]), abs(gap[-1]) > abs(gap[0])
    assert found.kind == kind == ("leaves" if grows else "zigzags" if sides.all() else "straight" if not sides.any() else "")


def test_the_bottom_is_at_one_and_the_point_at_one_above_it(two_weights):
    found = parabola_at(two_weights("seesaw"), np.array([-2.4, 0.0]), 10.0)
    assert np.isclose(np.interp(0, line.SPOTS, found.curve), 1, atol=1e-2) and np.isclose(found.curve.min(), 0, atol=1e-3)
    assert np.isclose(found.scaled(found.loss - found.slope ** 2 / (2 * found.curvature)), 0)
    assert np.isclose(found.true_curve[np.abs(line.SPOTS).argmin()], found.curve[np.abs(line.SPOTS).argmin()], atol=0.01)


def test_no_bottom_no_limits_and_level_ground_no_parabola(two_weights):
    fit = two_weights("seesaw")
    assert parabola_at(fit, np.array([1.0, 2.0]), 20.0).kind == "down" and parabola_at(fit, np.array([1.0, 2.0]), 20.0).limits is None
    assert parabola_at(two_weights("linear saddle", "identity"), np.zeros(2), 1.0) is None
