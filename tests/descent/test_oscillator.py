"""The damped oscillator of momentum: theory by its roots against runs, against the matrix of a step, against a search."""
import numpy as np
import pytest
from scipy.optimize import minimize

import bpviz as bp
from bpviz.descent import oscillator
from bpviz.descent.heavy_ball import DOWN, Bottom, Quadratic, heavy_ball
from bpviz.landscape.critical import critical_points

GRID = [(h, m) for h in np.linspace(0.013, 4.31, 47) for m in np.linspace(0, 0.95, 24)]


def pushed(h, m, steps=900):
    """Positions of a ball of torch's rule on h x^2 / 2 at rate 1, from 1."""
    x, v = [1.0], 0.0
    while len(x) < steps and abs(x[-1]) < 1e9:
        v = m * v + h * x[-1]
        x.append(x[-1] - v)
    return np.array(x)


def seen(x):
    """What a run does, by its largest values and its changes of side; None where it is too short."""
    x = x[:np.flatnonzero(np.abs(x) > 1e-250)[-1] + 1]
    if len(x) < 20:
        return None
    third = len(x) // 3
    if np.abs(x[-third:]).max() > np.abs(x[:third]).max():
        return "leaves"
    sides = (x[1:] > 0) != (x[:-1] > 0)
    return "creeps" if not sides.any() else "zigzags" if sides[third:].all() else "swings"


def at_a_border(h, m, share=0.01):
    return any(abs(h - border) < share * border + 1e-4 for border in oscillator.borders(m))


def test_every_run_of_a_grid_does_what_theory_says():
    """1128 runs, those at a border left out: no behaviour is another."""
    told = 0
    for h, m in GRID:
        if not at_a_border(h, m) and (found := seen(pushed(h, m))):
            told += 1
            assert found == oscillator.behaviour(h, m), (h, m)
    assert told > 900


def test_measured_behaviour_and_speed_are_those_of_theory():
    told = 0
    for h, m in GRID:
        found, factor = oscillator.measured(pushed(h, m))
        if found and not at_a_border(h, m):
            told += 1
            assert found == oscillator.behaviour(h, m), (h, m)
            assert abs(factor - oscillator.factor(h, m)) < 2e-3, (h, m, factor)
    assert told > 900


def test_speed_is_that_of_the_largest_values_of_a_long_run():
    """The largest |x| of two stretches of 300 steps, 300 steps apart."""
    for h, m in ((0.02, 0.9), (1.0, 0.9), (3.0, 0.95), (0.004, 0.2), (2.05, 0.1)):
        x = np.abs(pushed(h, m, 900))
        speed = (x[600:900].max() / x[300:600].max()) ** (1 / 300)
        assert abs(speed - oscillator.factor(h, m)) < 1e-3, (h, m, speed)


def test_the_factor_is_the_spectral_radius_of_a_step():
    for h, m in GRID:
        step = np.array([[1 - h, -m], [h, m]])                      # (x, v) -> (x - (m v + h x), m v + h x)
        assert np.isclose(abs(np.linalg.eigvals(step)).max(), oscillator.factor(h, m), atol=1e-6)


@pytest.mark.parametrize("high", [1.0, 4.0, 25.0, 100.0])
def test_nothing_is_faster_than_the_fastest(high):
    def slower(place):
        rate, m = place
        return max(oscillator.factor(rate, m), oscillator.factor(rate * high, m)) if 0 <= m < 1 and rate > 0 else 9.0
    found = min((minimize(slower, start, method="Nelder-Mead", options={"xatol": 1e-9, "fatol": 1e-11, "maxiter": 4000})
                 for start in ((1 / high, 0.1), (1.5 / high, 0.5), (2.5 / high, 0.8))), key=lambda one: one.fun)
    rate, m = oscillator.fastest(1.0, high)
    assert slower((rate, m)) <= found.fun + 1e-6 and np.isclose(slower((rate, m)), np.sqrt(m), atol=1e-7)


def test_what_is_no_number_of_the_plane_is_refused():
    for call, sentence in ((lambda: oscillator.behaviour(1.0, 1.0), "m: got 1.0; allowed is a finite number at least 0"),
                           (lambda: oscillator.factor(np.nan, 0.5), "h: got nan"),
                           (lambda: oscillator.fastest(0.0, 1.0), "low: got 0.0; allowed is a finite number above 0")):
        with pytest.raises(ValueError, match=sentence):
            call()


def test_too_few_values_tell_nothing():
    assert oscillator.measured([1.0, 0.5, 0.25]) == (None, None) == oscillator.measured(np.zeros(50))
    assert oscillator.measured(0.5 ** np.arange(9.0)) == ("creeps", pytest.approx(0.5))


def valley(condition):
    flat = 1 / condition
    return Quadratic(flat, 1.0), Bottom(np.zeros(2), 0.0, np.array([flat, 1.0]), np.eye(2))


def test_down_is_down_from_then_on():
    """Against the two oscillators, run one by one."""
    for rate, m in ((1.9, 0.6), (2.78, 0.44), (0.3, 0.9), (1.9, 0.0)):
        result = heavy_ball(*valley(25.0), np.array([-5.0, 3.0]), rate, m, 600)
        x, y = -5 * pushed(rate / 25, m, 601), 3 * pushed(rate, m, 601)
        share = (x * x / 25 + y * y) / (25 / 25 + 9)
        first = next(k for k in range(601) if (share[k:] <= DOWN).all())
        assert result.heavy.down == first and np.allclose(result.heavy.share[:200], share[:200], rtol=1e-9, atol=1e-12)
        assert np.allclose(result.ends, [rate / 25, rate]) and [each.agrees for each in result.directions] == [True] * 2


@pytest.mark.parametrize("name, rate, m, start", [("A", 80.0, 0.5, (5.0, -3.5)), ("B", 20.0, 0.3, (-5.0, 2.0))])
def test_a_network_near_its_minimum_is_the_oscillator_of_its_curvature(two_weights, name, rate, m, start):
    """The step itself, differenced at the minimum: its spectral radius is theory's larger factor, and the run's."""
    fit = two_weights("seesaw")
    points = critical_points(fit)
    k = points.label.index(name)
    theta = points.theta[:, k]
    curvatures, directions = np.linalg.eigh(fit.hessian(theta))
    bottom = Bottom(theta, float(points.loss[k]), curvatures, directions, name)
    result = heavy_ball(fit, bottom, np.array(start), rate, m, 600)

    def step(both):
        v = m * both[2:] + fit.gradient(both[:2])
        return np.concatenate([both[:2] - rate * v, v])
    at, h = np.concatenate([theta, [0, 0]]), 1e-5
    jacobian = np.array([(step(at + h * e) - step(at - h * e)) / (2 * h) for e in np.eye(4)]).T
    radius = abs(np.linalg.eigvals(jacobian)).max()
    assert np.isclose(radius, max(each.factor for each in result.directions), atol=1e-5)
    flat = result.directions[0]
    assert flat.agrees and result.heavy.down and abs(flat.measured - flat.factor) < 0.002


def test_a_run_that_ends_elsewhere_is_not_said_to_be_down(two_weights):
    fit = two_weights("seesaw")
    points = critical_points(fit)
    k = points.label.index("B")
    bottom = Bottom(points.theta[:, k], float(points.loss[k]), *np.linalg.eigh(fit.hessian(points.theta[:, k])), "B")
    result = heavy_ball(fit, bottom, np.array([1.0, 2.0]), 20.0, 0.5, 600)
    assert result.heavy.down is None and result.heads["heavy"] == "Heavy ball: not at B"
    assert "The curvature at B need not tell" in result.words


def test_the_rule_is_that_of_the_public_optimizer():
    objective, bottom = valley(9.0)
    result = heavy_ball(objective, bottom, np.array([1.0, 1.0]), 1.5, 0.4, 50)
    path = bp.descend(objective, np.array([1.0, 1.0]), bp.GradientDescent(1.5, 0.4), 50)
    assert np.array_equal(result.heavy.path.theta, path.theta)
    assert (result.heavy.walk[0] == path.theta[0]).all() and len(result.table()[2]) == 2


@pytest.mark.parametrize("rate, m, sentence", [(0.0, 0.5, "rate: got 0.0"), (1.0, 1.0, "momentum: got 1.0")])
def test_rates_and_momenta_of_no_descent_are_refused(rate, m, sentence):
    with pytest.raises(ValueError, match=sentence):
        heavy_ball(*valley(4.0), np.array([1.0, 1.0]), rate, m, 10)
