"""A place tells the browser the values under the pointer: on every scale those that Matplotlib itself says."""
import json

import numpy as np
import pytest

from bpviz.base.work import finished
from bpviz.explorers import all_explorers
from bpviz.plots.places import Glance, Pick, Slide, along, spots_at
from bpviz.plots.pushed import GlancedPath
from bpviz.plots.style import figure, place, step_axis


def axes_of(**look):
    axes = place(figure(400, 300), 50, 20, 380, 260)
    axes.set(**look)
    return axes


def at(values, share):
    """What js/drag.js makes of them."""
    return float(np.interp(share, np.linspace(0, 1, len(values)), values))


@pytest.mark.parametrize("look", [{"xlim": (-3, 7)}, {"xscale": "log", "xlim": (0.01, 200)}, {"xlim": (4, -4)}])
def test_the_values_along_an_axis_are_those_under_its_pixels(look):
    axes = axes_of(**look)
    box = axes.get_window_extent()
    for share in np.linspace(0, 1, 57):
        wanted = axes.transData.inverted().transform((box.x0 + share * box.width, box.y0))[0]
        assert at(along(axes.xaxis), share) == pytest.approx(wanted, rel=2e-3, abs=1e-9)


def test_the_steps_along_a_step_axis_are_right_to_a_pixel():
    axes = axes_of()
    step_axis(axes, 3000)
    box = axes.get_window_extent()
    for share in np.linspace(0, 1, 57):
        pixel = axes.transData.transform((at(along(axes.xaxis), share), 0))[0]
        assert abs(pixel - box.x0 - share * box.width) < 1


def test_a_spot_is_where_its_point_is_seen():
    axes = axes_of(xlim=(-2, 2), yscale="log", ylim=(1e-3, 10))
    x, y = np.array([-1.0, 1.5]), np.array([0.01, 5.0])
    told = Pick(axes, "row", spots_at(axes, x, y, 10)).told()["spots"]
    box = axes.get_window_extent()
    for (value, x0, y0, x1, y1), k, point in zip(told, (1, 2), axes.transData.transform(np.column_stack([x, y])), strict=True):
        assert value == k
        assert (x0 + x1) / 2 * box.width + box.x0 == pytest.approx(point[0], abs=0.5)
        assert (y0 + y1) / 2 * box.height + box.y0 == pytest.approx(point[1], abs=0.5)
        assert (x1 - x0) * box.width == pytest.approx(20, abs=0.5)
        assert (y1 - y0) * box.height == pytest.approx(20, abs=0.5)


@pytest.mark.parametrize("explorer", all_explorers().values(), ids=lambda one: one.name)
def test_every_place_moves_sliders_that_can_be_moved_by_keys_too(explorer):
    scene = finished(explorer.scene(explorer.values()))
    _, drawing = explorer.picture(scene, 940)
    sliders = {knob.name for knob in explorer.sliders}
    for one in drawing.places:
        told = one.told()
        assert set(told["knobs"]) <= sliders
        if isinstance(one, Slide):
            knob = explorer.knob(one.knob)
            low, high = sorted((told["across"][0], told["across"][-1]))
            assert low <= knob.high
            assert high >= knob.low
        if isinstance(one, Pick):
            for value, *_ in one.spots:
                assert explorer.knob(one.knob).check(value) == value


@pytest.mark.parametrize("n", [2, 30, 96, 97, 5000])
def test_a_path_can_be_pointed_at_where_it_is_seen(n):
    rng, axes = np.random.default_rng(n), axes_of(xlim=(-6, 6), ylim=(-6, 6))
    path, theta = GlancedPath(), rng.normal(size=(2, n)).cumsum(axis=1) / n ** 0.5
    path.update(theta, 7, "Step 7", None)
    told = Glance(axes, "moment", path).told()
    steps, u, v = np.array(told["points"]).T
    assert len(steps) <= 97 and steps[0] == 0 and steps[-1] == n - 1 and (np.diff(steps) > 0).all()
    np.testing.assert_allclose([12 * u - 6, 12 * v - 6], theta[:, steps.astype(int)], atol=2e-3)
    assert (told["kind"], told["knobs"], told["value"], told["words"]) == ("glance", ["moment"], 7, "Step 7")


def test_a_path_that_runs_away_or_was_pushed_or_stands_still_has_places_that_can_be_told():
    axes, path = axes_of(xlim=(-6, 6), ylim=(-6, 6)), GlancedPath()
    path.update(np.array([[0.0, 1e300, np.nan, np.inf], [1.0, -1e9, 2.0, np.nan]]), 1, "", None)
    assert np.isfinite(json.loads(json.dumps(Glance(axes, "moment", path).told()))["points"]).all()
    for theta, bent in ((np.zeros((2, 1)), None), (np.zeros((2, 9)), np.zeros((2, 3)))):
        path.update(theta, 1, "", bent)
        assert Glance(axes, "moment", path).told()["points"] == []
    path.update(np.zeros((2, 500)), 1, "", None)
    assert [point[0] for point in Glance(axes, "moment", path).told()["points"]] == [0, 499]
