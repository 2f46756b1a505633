"""The way on the hills: as high as the ground, and dotted where other ground stands before it, by brute force."""
import numpy as np
import pytest
from matplotlib.path import Path
from scipy.interpolate import RegularGridInterpolator

from bpviz.plots.surface import View, dense, loss_image, ranked


def ground(seed, n=24):
    rng, (s, t) = np.random.default_rng(seed), np.meshgrid(np.linspace(-1, 1, n), np.linspace(-1, 1, n))
    return sum(rng.normal() * 0.4 * np.cos(rng.uniform(1, 4) * (s * np.cos(a) + t * np.sin(a)) + rng.uniform(0, 6))
               for a in rng.uniform(0, 6, 4))


@pytest.mark.parametrize("seed", range(3))
def test_heights_are_those_between_the_corners(seed):
    heights, rng = ground(seed), np.random.default_rng(seed)
    axis = np.linspace(-1, 1, len(heights))
    x, y = rng.uniform(-1, 1, (2, 200))
    between = RegularGridInterpolator((axis, axis), heights)(np.stack([y, x], axis=1))
    np.testing.assert_allclose(View(heights, 30, 40).height(x, y), between, atol=1e-12)


@pytest.mark.parametrize("seed", range(4))
def test_what_is_hidden_lies_behind_a_nearer_face(seed):
    rng, heights = np.random.default_rng(seed), ground(seed)
    turn, tilt = rng.uniform(-180, 180), rng.uniform(10, 60)
    view = View(heights, turn, tilt)
    x, y = rng.uniform(-0.95, 0.95, (2, 60))
    places, hidden = view.seen(x, y, view.height(x, y)), view.hidden(x, y)
    quads, a = view.quads()[0], np.deg2rad(turn)
    axis = np.linspace(-1, 1, len(heights))
    s, t = (axis[:-1] + axis[1:]) / 2, (axis[:-1] + axis[1:]) / 2
    depths = np.sort((np.sin(a) * s[None, :] + np.cos(a) * t[:, None]).ravel())[::-1]       # of the faces, as they are drawn
    sure = 0
    for k in range(60):
        before = depths < np.sin(a) * x[k] + np.cos(a) * y[k] - 0.15
        up, here, low = (any(Path(quad).contains_point(places[:, k] + (0, far)) for quad in quads[before]) for far in (0.06, 0, -0.06))
        if up == here == low:                                # else it is at an outline
            sure += 1
            assert here == hidden[k]
    assert sure > 30


def test_a_dense_way_keeps_its_corners_and_leaves_no_gap():
    way = np.array([[0.0, 0.5, 0.5], [0.0, 0.0, -0.7]])
    fine = dense(way)
    assert np.hypot(*np.diff(fine)).max() < 0.031 and all((np.abs(fine - corner[:, None]).max(axis=0) < 1e-12).any() for corner in way.T)
    assert dense(np.zeros((2, 1))).shape == (2, 1)


def test_a_row_without_a_loss_takes_nothing_from_the_others():
    """More than 2% of the points: the picture was black."""
    whole = ground(1, 32)
    holed = whole.copy()
    holed[3] = np.nan
    share, others = ranked(holed), np.arange(32) != 3
    assert np.isfinite(share).all() and (share[3] >= share[others].max()).all() and np.ptp(share[others]) > 0.9
    assert (np.argsort(share[others].ravel()) == np.argsort(whole[others].ravel())).mean() > 0.97
    assert loss_image(holed).min() > 30 and loss_image(np.where(others[:, None], 1.0, np.nan)).min() > 30
    assert np.isfinite(ranked(np.full((4, 4), np.nan))).all()
