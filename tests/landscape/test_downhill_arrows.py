"""Arrows on a slice: minus the slopes where there are any, none where all that is left is rounding."""
import numpy as np
import pytest

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


def counting(off):
    """A Fit whose loss is the share of answers that are more than this off."""
    off = f"abs(o - t) - {off}"
    bp.own_loss(f"0.5 + 0.5*({off}) / abs({off})", name="mistakes in a test")
    return bp.Fit(bp.Network((1, 1, 1), "sigmoid", bias=False), "mistakes in a test", bp.DATA["trident"])


@pytest.mark.parametrize("s, t", [(0.0, 0.0), (-2.0, 1.0), (1.5, -2.5)])
def test_words_call_level_ground_level(s, t):
    """On lesson 1's staircase they told the size of rounding."""
    level, bent = (bp.explore.surface(fit=fit, theta=np.array([1.0, 2.0]), s=s, t=t, picture="core") for fit in (
        counting(0.25), bp.Fit(bp.Network((1, 1, 1), "sigmoid", bias=False), "squared error", bp.DATA["trident"])))
    assert "w1[1,1] and w2[1,1]: at the point the ground is level, its gradient is 0 to within rounding; out of sight: 0 of 2 directions" in level.words
    assert "10⁻" not in level.words and "|gradient| 0." in bent.words and "level" not in bent.words
    level.close(), bent.close()


def test_the_count_of_mistakes_has_no_way_down():
    """As lesson 1 counts, and with a mistake that an answer can be 0.2 off to the last digit."""
    fit = counting(0.2)
    _, t, across, up = downhill(fit, np.array([1.0, 2.0]), np.eye(2), 3.0, 11)
    on_a_jump = 2.0 + t == 0                               # w2 is 0, all answers one half: 0.2 off to the last digit
    assert not across[~on_a_jump].any() and not up[~on_a_jump].any() and on_a_jump.sum() == 11
