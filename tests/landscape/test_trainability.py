"""A pixel trains only if its loss falls: where nothing moves, or moves less than rounding shows, none does."""
import numpy as np
import pytest

import bpviz as bp

FITS = {"one unit": bp.Fit(bp.Network((1, 1, 1), "tanh", bias=False), "squared error",
                           bp.Data(np.array([[1.0, 0.3]]), np.array([[0.5, 0.2]]))),
        "xor": bp.Fit(bp.Network((2, 2, 1), "tanh"), "squared error", bp.DATA["xor"]),
        "xor, cross-entropy": bp.Fit(bp.Network((2, 3, 1), ("tanh", "sigmoid")), "cross-entropy", bp.DATA["xor"])}


@pytest.mark.parametrize("name", FITS)
@pytest.mark.parametrize("over", ["rates", "scale"])
def test_where_nothing_moves_nothing_trains(name, over):
    for seed in range(4):
        theta = np.random.default_rng(seed).normal(size=FITS[name].n_params)
        low, high = ((-40, -40), (-30, -30)) if over == "rates" else ((-40, -1), (-30, 1))
        assert bp.trainability(FITS[name], theta, low, high, 8, 60, over=over).converged == 0


def test_where_the_gradient_is_0_nothing_trains():
    """A dead unit: the gradient is exactly 0 at every rate."""
    fit = bp.Fit(bp.Network((1, 1, 1), "relu", bias=False), "squared error", FITS["one unit"].data)
    assert not fit.gradient(np.array([-1.0, -1.0])).any()
    found = bp.trainability(fit, [-1.0, -1.0], -1, 1, 8, 60)
    assert found.converged == 0 and "0.0% of the pixels" in found.words


@pytest.mark.parametrize("name", FITS)
def test_rounding_decides_over_no_pixel(name):
    """From rates that do nothing to rates that train there is one step, and no noise beside it."""
    for seed in range(4):
        theta = np.random.default_rng(seed).normal(size=FITS[name].n_params)
        found = bp.trainability(FITS[name], theta, -18, -6, 48, 60)
        diagonal = np.diag(found.outcome)
        assert (np.diff(diagonal) != 0).sum() == 1 and diagonal[0] == -1 and diagonal[-1] == 1
