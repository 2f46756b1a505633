"""The way down in a slice is the line of steepest descent in it, by SciPy's solver."""
import numpy as np
import pytest
from scipy.integrate import solve_ivp

import bpviz as bp
from bpviz.landscape.downhill import way_down

FITS = {"xor": bp.Fit(bp.Network((2, 2, 1), ("tanh", "sigmoid")), "squared error", bp.DATA["xor"]),
        "seesaw": bp.Fit(bp.Network((1, 1, 1), bias=False), "squared error", bp.DATA["seesaw"])}


def solved(fit, base, pair, place, long):
    """The same line by arc length: as many places as asked."""
    def slope(_, at):
        down = -pair @ fit.gradient(base + at @ pair)
        return down / max(np.linalg.norm(down), 1e-300)
    return solve_ivp(slope, (0, long), place, rtol=1e-8, atol=1e-10, dense_output=True).sol(np.linspace(0, long, 2000))


@pytest.mark.parametrize("name", FITS)
@pytest.mark.parametrize("seed", range(6))
def test_it_is_the_line_of_steepest_descent(name, seed):
    fit, rng = FITS[name], np.random.default_rng(seed)
    base = rng.normal(size=fit.n_params)
    pair = rng.normal(size=(2, fit.n_params)) / fit.n_params ** 0.5
    place = rng.uniform(-2, 2, 2)
    way = way_down(fit, base, pair, place, 3.0)
    assert (way[:, 0] == place).all() and (np.abs(way) <= 3 + 1e-12).all()
    losses = fit.loss(base[:, None] + pair.T @ way)
    assert (np.diff(losses) < 0).all()
    apart = np.hypot(*np.diff(way))
    n = min(40, len(apart))                                # where a valley is narrow, both hang on the last digits
    line = solved(fit, base, pair, place, apart[:n].sum())
    far = np.hypot(*(way[:, :n + 1, None] - line[:, None, :])).min(axis=1)
    assert far.max() < 0.08


def test_it_stands_still_where_the_ground_is_level_and_ends_in_a_bowl():
    bowl = bp.Fit(bp.Network((1, 1), "identity"), "squared error", bp.Data([0.0, 1.0], [1.0, 3.0]))
    base = np.array([0.0, 0.0])
    way = way_down(bowl, base, np.eye(2), (-1.0, -2.0), 3.0)
    np.testing.assert_allclose(way[:, -1], [2.0, 1.0], atol=0.12)
    assert way_down(bowl, np.array([2.0, 1.0]), np.eye(2), (0.0, 0.0), 3.0).shape == (2, 1)
