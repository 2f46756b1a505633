"""Windows on other scales, directions that are given, and what a point is by its eigenvalues."""
import numpy as np
import oracles
import pytest
from scipy.optimize import root

import bpviz as bp
from bpviz.base.work import finished
from bpviz.landscape.directions import two_random
from bpviz.landscape.newton import SWEEPS, newton, newton_step


def valley():
    """A network of one unit on one row: its loss is least along w1 w2 = const."""
    return bp.Fit(bp.Network((1, 1, 1), "identity", bias=False), "squared error", bp.Data([1.0], [8.0]))


@pytest.mark.parametrize("scale, there, low, high", [("linear", np.asarray, -3, 5), ("log", np.log, 1e-3, 1e4),
                                                      ("asinh", np.arcsinh, -1e3, 20)])
def test_points_of_a_window_are_even_on_its_scale(scale, there, low, high):
    axes = bp.Plane(np.zeros(2), [1, 0], [0, 1], low, high, cells=21, scale=scale).axes
    for axis in axes:
        assert axis[0] == low and axis[-1] == high
        gaps = np.diff(there(axis))
        assert np.allclose(gaps, (there(high) - there(low)) / 20) and (np.diff(axis) > 0).all()


@pytest.mark.parametrize("scale, low", [("log", 0.1), ("asinh", -6.0)])
def test_a_map_and_its_picture_are_on_the_scale(two_weights, scale, low):
    fit, optimizer = two_weights("seesaw"), bp.GradientDescent(20.0)
    plane = bp.Plane(np.zeros(2), [1, 0], [0, 1], low, 6.0, cells=24, scale=scale)
    found = bp.basins(fit, plane=plane, optimizer=optimizer, steps=800, exact=True)
    for column, row in ((3, 5), (20, 2), (11, 22)):
        start = np.array([plane.axes[0][column], plane.axes[1][row]])
        end = bp.descend(fit, start, optimizer, 800).theta[:, -1]
        k = found.label[row, column]
        assert k == found.at(*start) and (k < 0 or np.allclose(found.minima.theta[:, k], end, atol=0.02))
    from matplotlib.figure import Figure
    axes = bp.picture.basins(found, axes=Figure().add_subplot())
    assert axes.get_xscale() == axes.get_yscale() == scale and np.allclose(axes.get_xlim(), (low, 6))


def test_a_surface_on_a_scale_is_the_loss_there():
    fit, plane = valley(), bp.Plane.of_weights(valley(), low=0.01, high=100.0, cells=9, scale="log")
    assert np.allclose(plane.loss(fit), (np.outer(plane.axes[1], plane.axes[0]) - 8) ** 2)


@pytest.mark.parametrize("given, sentence", [
    (dict(scale="log"), "low: got -6.0; allowed with scale 'log' are numbers above 0"),
    (dict(scale="log", low=[0, 1], high=3), "allowed with scale 'log' are numbers above 0"),
    (dict(scale="root"), "scale: got 'root'; allowed is 'linear' or 'log' or 'asinh'")])
def test_refused_scales(given, sentence):
    with pytest.raises(ValueError) as error:
        bp.Plane(np.zeros(2), [1, 0], [0, 1], **given)
    assert sentence in str(error.value)


def test_a_given_direction_becomes_as_long_as_the_weights_of_every_unit():
    network, rng = bp.Network((3, 4, 2), "tanh"), np.random.default_rng(0)
    theta, direction = rng.normal(size=(2, network.n_params))
    made = bp.filter_normalised(network, theta, direction)
    for (W, _), (d, c), (given, _) in zip(*map(network.layers, (theta, made, direction)), strict=True):
        assert np.allclose(np.linalg.norm(d, axis=0), np.linalg.norm(W, axis=0)) and not c.any()
        cosine = (d * given).sum(axis=0) / np.linalg.norm(d, axis=0) / np.linalg.norm(given, axis=0)
        assert np.allclose(cosine, 1)
    assert np.allclose(bp.filter_normalised(network, theta, 1e-200 * direction), made)      # its length says nothing
    assert np.allclose(bp.filter_normalised(network, 3 * theta, direction), 3 * made)
    assert not bp.filter_normalised(network, theta, np.zeros(network.n_params)).any()


def test_two_random_directions_are_normalised_too():
    network = bp.Network((3, 4, 2), "tanh", bias=False)
    theta = np.random.default_rng(1).normal(size=network.n_params)
    first, second = two_random(network, theta, 7)
    assert np.allclose(bp.filter_normalised(network, theta, first), first) and abs(first @ second) < 1e-9


@pytest.mark.parametrize("values, kind", [
    ([1.0, 2.0], "minimum"), ([-1.0, -2.0, -3.0], "maximum"), ([-1.0, 0.0, 2.0], "saddle"), ([0.0, 2.0], "undecided"),
    ([1e-9, 2.0], "undecided"), ([-2.0, 1e-9], "undecided"), ([0.0, 0.0], "undecided"), ([-3.0], "maximum")])
def test_kinds(values, kind):
    assert bp.kind_of(values) == kind and bp.kind_of(np.array(values) * 1e-6) == kind


def test_the_kinds_of_a_list_are_those_of_their_eigenvalues(two_weights):
    points = bp.critical_points(two_weights("trident"))
    assert [bp.kind_of(values) for values in points.eigenvalues.T] == list(points.kind)
    assert bp.kind_of([1e-9, 1.0], flat=0) == "minimum"


def test_a_newton_step_of_a_bowl_leads_to_its_bottom_and_flat_directions_are_told_apart():
    H = np.diag([2.0, -3.0, 0.0])[:, :, None]
    theta = np.array([[1.0], [1.0], [5.0]])
    step, along = newton_step(np.array([[2.0], [-3.0], [0.5]]), H, theta)
    assert np.allclose(step[:, 0], [1, 1, 0]) and np.allclose(along[:, 0], [0, 0, 1])       # as far as a leap
    _, along = newton_step(np.array([[2.0], [-3.0], [1e-16]]), H, theta)
    assert not along.any()                                                                  # rounding is no slope
    step, along = newton_step(np.full((3, 1), np.nan), H, theta)
    assert np.isnan(step).all() and np.isnan(along).all()


def test_walkers_end_where_the_gradient_is_zero():
    fit = bp.Fit(bp.Network((1, 2, 1), "tanh", bias=False), "squared error", bp.Data([[-1.0, 0.5, 2.0]], [[0.2, -0.4, 0.9]]))
    first = np.random.default_rng(0).uniform(-3, 3, size=(4, 200))
    low = np.full(4, -3.0)
    ends = finished(newton(fit, first, low, -low))
    assert ends.shape[1] > 20 and np.abs(fit.gradient(ends)).max() < 1e-8 and (np.abs(ends) <= 3).all()


def test_walkers_that_go_to_and_fro_are_let_go(two_weights, monkeypatch):
    """They leap across a ridge where H is singular, back and forth, and would do so to the last step."""
    fit, low = two_weights("trident"), np.full(2, -6.0)
    first, asked = np.stack(np.meshgrid(*[np.linspace(-6, 6, 40)] * 2)).reshape(2, -1), []

    class Counted:
        loss, hessian = fit.loss, fit.hessian

        def gradient(self, theta):
            asked.append(theta.shape[1])
            return fit.gradient(theta)
    ends = finished(newton(Counted(), first, low, -low))
    short = len(asked)
    monkeypatch.setattr("bpviz.landscape.newton.LEAPS", SWEEPS)
    every = finished(newton(Counted(), first, low, -low))
    assert short < 60 < SWEEPS <= len(asked) - short and np.array_equal(ends, every)


def test_the_dimension_of_a_line_and_of_a_full_picture():
    line = np.zeros((64, 96), bool)
    line[:, 40] = True
    assert np.isclose(bp.box_dimension(line, sides=(1, 2, 4, 8)).value, 1)
    assert np.isclose(bp.box_dimension(np.ones((64, 64)), sides=(1, 2, 4, 8)).value, 2)
    fit = valley()
    found = bp.trainability(fit, [0.5, 0.5], -4, 1, cells=32, steps=40)
    assert 0.5 < bp.box_dimension(found, sides=(1, 2, 4)).value < 2


@pytest.mark.parametrize("given, sentence", [(dict(sides=(2, 2)), "sides: got 1 different; allowed are 2 or more"),
                                             (dict(sides=(0, 2)), "sides: got 0"), (dict(edge=[1, 0]), "edge: got shape (2,)")])
def test_refused_boxes(given, sentence):
    with pytest.raises(ValueError) as error:
        bp.box_dimension(**{"edge": np.eye(8), **given})
    assert sentence in str(error.value)


def test_the_critical_line_is_where_the_slope_is_one():
    w, b, q = bp.critical_line("tanh", [0.1, 1.0, 5.0])
    assert np.allclose([bp.MeanField("tanh", *pair).slope_at(length) for *pair, length in zip(w, b, q, strict=True)], 1)
    with pytest.raises(ValueError, match="q: got"):
        bp.critical_line("tanh", [-1.0])


def by_hand(activation, x, t):
    """The gradient of the mean squared error of f(w2 f(w1 x)) as a function of (w1, w2), by the chain rule on paper."""
    f, slope = oracles.on(oracles.FLOATS)[activation]

    def gradient(w):
        w = np.nan_to_num(w)
        h = f(w[0] * x)
        blame = 2 * (f(w[1] * h) - t) * slope(w[1] * h) / len(x)
        return np.array([blame @ (w[1] * slope(w[0] * x) * x), blame @ h])
    return gradient


@pytest.mark.parametrize("reach", [6.0, 100.0])
@pytest.mark.parametrize("activation", ["sigmoid", "tanh", "swish", "softplus"])
@pytest.mark.parametrize("data", ["seesaw", "trident"])
def test_no_window_loses_a_point_that_another_search_finds(two_weights, data, activation, reach):
    """SciPy's hybrid method from 80 places, even and crowded towards 0. Valleys may hardly bend along their floors."""
    fit, rng = two_weights(data, activation), np.random.default_rng(0)
    points = bp.critical_points(fit, -reach, reach)
    far = np.abs(points.theta[:, :, None] - points.theta[:, None, :]).max(axis=0) + 9 * np.eye(len(points))
    assert (far > 1e-4).all()                                                       # and each is listed once
    even = rng.uniform(-reach, reach, size=(40, 2))
    known = [[0.0323436802, -46.6066018548]] if (data, activation, reach) == ("seesaw", "swish", 100) else []   # fifty digits
    slope_of = by_hand(activation, *fit.data.x, *fit.data.y)
    for start in [*known, *even, *np.sinh(even / reach * np.arcsinh(reach))]:
        with np.errstate(over="ignore"):
            found = root(slope_of, start, jac=lambda w: np.transpose([(slope_of(w + d) - slope_of(w - d)) / (2 * d.sum())
                                                                      for d in 1e-6 * np.eye(2)]), tol=1e-13).x
        if np.isfinite(found).all() and np.abs(found).max() <= reach:
            H, g = fit.hessian(found), fit.gradient(found)
            sizes = np.abs(np.linalg.eigvalsh(H))
            if sizes.max() > 1e-9 and sizes.min() > 1e-11 * sizes.max() and np.abs(np.linalg.solve(H, g)).max() < 1e-6:
                assert points.nearest(found)[1] < 1e-3 * (1 + np.abs(found).max()), (found, sizes)
