"""Intervals enclose: every rule on random intervals, against exact numbers inside them; and whole networks."""
import mpmath
import numpy as np
import pytest
from conftest import random_fit

import bpviz as bp
from bpviz.calculus.interval import RULES, Interval
from bpviz.landscape.slopes import enclosures

ONE = [np.negative, np.absolute, np.exp, np.expm1, np.tanh]
POSITIVE = [np.log, np.sqrt]
WAVES = [np.sin, np.cos]
TWO = [np.add, np.subtract, np.multiply, np.divide, np.maximum, np.minimum, np.logaddexp]


def random_interval(rng, positive=False):
    ends = np.sort(rng.normal(scale=3, size=(2, 300)), axis=0)
    if positive:
        ends = np.abs(ends) + 0.01
        ends.sort(axis=0)
    return Interval(*ends)


def inside(rng, x):
    return x.lo + rng.uniform(size=(20, 300)) * (x.hi - x.lo)


def test_every_rule_is_tested():
    """Those of what NumPy has not are in test_functions.py."""
    numpys = {function for function in RULES if isinstance(function, np.ufunc)}
    assert numpys == {*ONE, *POSITIVE, *WAVES, *TWO, np.power, np.heaviside}


@pytest.mark.parametrize("function", ONE + POSITIVE)
def test_images_are_enclosed(function):
    rng = np.random.default_rng(0)
    x = random_interval(rng, function in POSITIVE)
    image, values = function(x), function(inside(rng, x))
    assert ((image.lo <= values) & (values <= image.hi)).all()
    assert (image.hi - image.lo <= values.max(axis=0) - values.min(axis=0) + 0.9 * (np.abs(image.hi - image.lo) + 1)).all()


@pytest.mark.parametrize("function, exact", [(np.sin, mpmath.sin), (np.cos, mpmath.cos)])
def test_waves_are_enclosed_and_points_tightly(function, exact):
    rng = np.random.default_rng(4)
    x = random_interval(rng)
    image, values = function(x), function(inside(rng, x))
    assert ((image.lo <= values) & (values <= image.hi)).all() and image.lo.min() >= -1 and image.hi.max() <= 1
    points = rng.normal(scale=100, size=200)
    image = function(Interval(points, points))
    with mpmath.workdps(50):
        truth = [exact(mpmath.mpf(float(v))) for v in points]
    assert all(mpmath.mpf(float(lo)) <= v <= mpmath.mpf(float(hi)) for lo, v, hi in zip(image.lo, truth, image.hi, strict=True))
    assert (image.hi - image.lo < 1e-12).all()


@pytest.mark.parametrize("function", TWO)
def test_images_of_two_are_enclosed(function):
    rng = np.random.default_rng(1)
    x, y = random_interval(rng), random_interval(rng)
    for left, right in ((x, y), (x, 1.5), (-2.0, y), (x, x)):
        image = function(left, right)
        a = inside(rng, left) if isinstance(left, Interval) else left
        b = a if right is left else inside(rng, right) if isinstance(right, Interval) else right
        values = function(a, b)
        assert ((image.lo <= values) & (values <= image.hi)).all()


def test_powers_and_steps():
    rng = np.random.default_rng(2)
    x = random_interval(rng)
    for n in (0, 1, 2, 3, 4):
        image, values = x ** n, inside(rng, x) ** n
        assert ((image.lo <= values) & (values <= image.hi)).all()
    assert (x ** 2).lo.min() >= 0 and (x * x).lo.min() >= 0            # a square is known to be one
    image = np.heaviside(x, 0)
    assert ((image.lo <= np.heaviside(inside(rng, x), 0)) & (np.heaviside(inside(rng, x), 0) <= image.hi)).all()


@pytest.mark.parametrize("function, exact", [(np.exp, mpmath.exp), (np.tanh, mpmath.tanh), (np.expm1, mpmath.expm1),
                                             (np.log, mpmath.log), (np.sqrt, mpmath.sqrt)])
def test_a_point_encloses_the_true_value_to_50_digits(function, exact):
    """The widening is more than the error of NumPy's own functions."""
    x = np.abs(np.random.default_rng(3).normal(scale=5, size=400)) + 1e-3
    image = function(Interval(x, x))
    with mpmath.workdps(50):
        for value, lo, hi in zip(x, image.lo, image.hi, strict=True):
            truth = exact(mpmath.mpf(float(value)))
            assert mpmath.mpf(float(lo)) <= truth <= mpmath.mpf(float(hi))
    assert (image.hi - image.lo <= 40 * np.spacing(np.maximum(np.abs(image.hi), 1e-16))).all()


def test_what_overflows_is_large_not_infinite():
    """Both ends of the square of 1e200 are inf as floats; the square itself is not."""
    x = Interval(1e200, 2e200)
    for image in (x * x, x * Interval(1e200, 1e200), x ** 2, x ** 3, np.exp(Interval(800.0, 900.0))):
        assert 1e308 < image.lo < np.inf and image.hi == np.inf
    assert (1 / (x * x)).lo <= 1e-400 and (-(x * x)).hi == -(x * x).lo
    assert (Interval(-2e200, -1e200) * x).hi > -np.inf


def test_thirds_are_between_their_neighbours():
    third = Interval(1.0, 1.0) / 3.0
    assert third.lo < 1 / 3 < third.hi and (3.0 * third).lo < 1 < (3.0 * third).hi
    assert np.isinf((1.0 / Interval(-1.0, 1.0)).hi) and len(Interval([1.0, 2.0], [3.0, 4.0])) == 2


def test_what_has_no_rule_is_refused():
    with pytest.raises(TypeError):
        np.arctan(Interval(0.0, 1.0))


@pytest.mark.parametrize("activation", ["sigmoid", "tanh", "softplus", "swish", "softsign", "elu", "identity"])
@pytest.mark.parametrize("loss", ["squared error", "binary cross-entropy"])
def test_gradients_and_hessians_of_a_box_are_enclosed(activation, loss):
    fit = bp.Fit(bp.Network((1, 1, 1), activation, bias=False), loss, bp.DATA["seesaw"])
    rng = np.random.default_rng(4)
    middle = rng.uniform(-4, 4, size=(2, 50))
    for width in (1e-6, 1e-2, 0.3):
        g, H = enclosures(fit, Interval(middle - width, middle + width))
        for _ in range(20):
            theta = middle + rng.uniform(-width, width, size=middle.shape)
            gradient, hessian = fit.gradient(theta), fit.hessian(theta)
            assert ((g.lo <= gradient) & (gradient <= g.hi)).all()
            assert ((H.lo <= hessian + 1e-12) & (hessian - 1e-12 <= H.hi)).all()
    assert np.isfinite(H.lo).all()


def test_larger_networks_too():
    fit, theta = random_fit(0, (2, 3, 2), "tanh", "squared error")
    g, H = enclosures(fit, Interval(theta[:, None] - 1e-4, theta[:, None] + 1e-4))
    assert (g.lo[:, 0] <= fit.gradient(theta)).all() and (fit.gradient(theta) <= g.hi[:, 0]).all()
    assert H.shape == (fit.n_params, fit.n_params, 1) and (H.hi - H.lo).max() < 0.1
