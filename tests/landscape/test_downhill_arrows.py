"""Arrows on a slice: minus the slopes where there are any, none where all that is left is rounding."""
import numpy as np

import bpviz as bp
from bpviz.landscape.slices import downhill


class Staircase:
    """Level steps; its slopes, as a formula with abs() gives them, are rounding in random directions."""
    n_params = 2

    def loss(self, theta):
        return 0.25 * np.floor(theta[0]) + 1.0

    def gradient(self, theta):
        return 3e-18 * np.sin(1e3 * np.stack([theta[0] + theta[1], theta[0] - 2 * theta[1]]))


def test_no_arrow_where_only_rounding_is_left():
    _, _, across, up = downhill(Staircase(), np.array([1.0, 2.0]), np.eye(2), 3.0, 11)
    assert np.abs(Staircase().gradient(np.array([1.3, 2.1]))).min() > 0 and not across.any() and not up.any()


def test_everywhere_else_the_arrows_are_minus_the_slopes(two_weights):
    fit, base = two_weights("seesaw"), np.array([1.0, 2.0])
    s, t, across, up = downhill(fit, base, np.eye(2), 3.0, 11)
    slopes = fit.gradient(base[:, None, None] + np.stack([s, t]))
    assert np.array_equal(np.stack([across, up]), -slopes) and np.hypot(across, up).min() > 0


def test_the_count_of_mistakes_has_no_way_down():
    """Lesson 1's own: a mistake is an answer more than 0.2 off."""
    off = "abs(o - t) - 0.2"
    bp.own_loss(f"0.5 + 0.5*({off}) / abs({off})", name="mistakes in a test")
    fit = bp.Fit(bp.Network((1, 1, 1), "sigmoid", bias=False), "mistakes in a test", bp.DATA["trident"])
    _, t, across, up = downhill(fit, np.array([1.0, 2.0]), np.eye(2), 3.0, 11)
    on_a_jump = 2.0 + t == 0                               # w2 is 0, all answers one half: 0.2 off to the last digit
    assert not across[~on_a_jump].any() and not up[~on_a_jump].any() and on_a_jump.sum() == 11
