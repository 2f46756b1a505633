"""The borders of basins, against SciPy's flow of the formula on paper: on either side of a line another minimum."""
import numpy as np
import pytest
from scipy.integrate import solve_ivp

import bpviz as bp
from bpviz.landscape.borders import STEP, borders

NET = bp.Network((1, 1, 1), "sigmoid", bias=False)


def found(name):
    fit = bp.Fit(NET, "squared error", bp.DATA[name])
    points = bp.critical_points(fit, -6, 6)
    return fit, points, borders(fit, points)


def slope(fit):
    """The gradient of the mean of (f(w2 f(w1 x)) - t)^2, by hand."""
    (x,), (t,) = fit.data.x, fit.data.y

    def by_hand(_, w):
        a = 1 / (1 + np.exp(-w[0] * x))
        o = 1 / (1 + np.exp(-w[1] * a))
        blame = 2 * (o - t) * o * (1 - o) / len(x)
        return -np.array([np.sum(blame * w[1] * a * (1 - a) * x), np.sum(blame * a)])
    return by_hand


def end(fit, start, seconds=1e6):
    return solve_ivp(slope(fit), (0, seconds), start, method="LSODA", rtol=1e-9, atol=1e-12)


def reached(fit, points, start):
    last = end(fit, start).y[:, -1]
    return next((points.label[k] for k in points.minima if np.linalg.norm(points.theta[:, k] - last) < 0.05), None)


@pytest.mark.parametrize("name", ["seesaw", "trident"])
def test_beside_a_border_the_flow_ends_in_its_two_sides(name):
    fit, points, lines = found(name)
    assert [line.saddle for line in lines] == [points.label[k] for k in points.of_kind("saddle")]
    for line in lines:
        n = line.line.shape[1]
        assert set(line.sides) <= {points.label[k] for k in points.minima} and len(set(line.sides)) == 2
        for k in np.linspace(0.08 * n, 0.92 * n, 9).astype(int):
            along = line.line[:, k + 1] - line.line[:, k - 1]
            across = np.array([-along[1], along[0]]) / np.hypot(*along) * 0.03
            ends = {reached(fit, points, line.line[:, k] + side * across) for side in (-1, 1)}
            assert ends == set(line.sides), (line.saddle, line.line[:, k])


@pytest.mark.parametrize("name", ["seesaw", "trident"])
def test_the_flow_from_a_border_passes_its_saddle(name):
    fit, points, lines = found(name)
    for line in lines:
        saddle = points.theta[:, points.label.index(line.saddle)]
        n = line.line.shape[1]
        for k in (n // 10, n // 3, 2 * n // 3, 9 * n // 10):
            way = end(fit, line.line[:, k]).y
            assert np.hypot(*(way - saddle[:, None])).min() < 0.1
        assert np.hypot(*np.diff(line.line, axis=1)).max() <= STEP * 1.001
        assert (np.abs(line.line[:, [0, -1]]) > 5.9).any(axis=0).all()               # from edge to edge


def test_level_curves_and_larger_networks_have_none():
    fit = bp.Fit(bp.Network((1, 1, 1), "identity", bias=False), "squared error", bp.DATA["linear saddle"])
    (line,) = borders(fit, bp.critical_points(fit, -6, 6))
    assert line.sides == (None, None)                                    # it parts two arms of a valley, no two minima
    large = bp.Fit(bp.Network((2, 2, 1)), "squared error", bp.DATA["article"])
    points = bp.critical_points(large, starts=20)
    with pytest.raises(ValueError, match="points: got .*allowed are the critical points of two weights"):
        borders(large, points)
