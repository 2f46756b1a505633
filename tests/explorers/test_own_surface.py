"""A fit of any network in the slices: at one's own weights, and in the plane of a path, whose share is told."""
import re

import numpy as np
import pytest
from test_sweep import drawn, legible_at_every_width, no_surfaces  # noqa: F401

import bpviz as bp
from bpviz.base.work import Memory, finished
from bpviz.explorers import all_explorers
from bpviz.landscape.path_plane import path_plane

EXPLORER = all_explorers()["surface"]
pytestmark = pytest.mark.usefixtures("less_work")
FIT = bp.Fit(bp.Network((2, 5, 3, 1), ("tanh", "tanh", "sigmoid")), "cross-entropy", bp.CLOUDS["moons"](30), 0.001)
START = bp.initial_weights(FIT.network, "Glorot normal", 1)
PATH = bp.descend(FIT, START, bp.Adam(0.03), 120)
LARGE = bp.Fit(bp.Network((2, 60, 1), ("tanh", "sigmoid")), "cross-entropy", bp.CLOUDS["moons"](30))
TWO = bp.Fit(bp.Network((1, 1, 1), bias=False), "squared error", bp.DATA["seesaw"])


def shown(given, **values):
    explorer = EXPLORER.with_own(EXPLORER, given)
    values = explorer.values(**values)
    scene = finished(explorer.scene(values))
    return explorer, scene, finished(explorer.compute(scene, values, Memory())), values


@pytest.mark.parametrize("P, n", [(3, 40), (40, 12), (2, 9), (6, 6), (5, 3000), (1200, 1100)])
def test_the_plane_is_that_of_a_singular_value_decomposition(P, n):
    theta = np.random.default_rng(P).normal(size=(P, n)).cumsum(axis=1)
    plane = path_plane(theta, 2.0)
    away = theta - theta[:, -1:]
    U, S, _ = np.linalg.svd(away, full_matrices=False)
    exact = 1e-9 if min(P, n) <= 1000 else 1e-3                             # of longer ones not every point is asked
    assert plane.held == pytest.approx((S[:2] ** 2).sum() / (S ** 2).sum(), rel=exact)
    assert plane.along == pytest.approx(S[0] ** 2 / (S ** 2).sum(), rel=exact)
    assert np.abs(plane.places).max() == pytest.approx(2.0) and np.allclose(plane.places[:, -1], 0, atol=1e-9)
    first, second = plane.directions
    assert first @ second == pytest.approx(0, abs=1e-9 * (first @ first)) and first @ first == pytest.approx(second @ second)
    assert abs(first @ U[:, 0]) == pytest.approx(np.linalg.norm(first), rel=exact)


def test_a_straight_path_lies_in_its_plane_and_one_that_stands_has_none():
    theta = np.linspace([0.0, 1.0, 2.0], [1.0, -1.0, 2.5], 7).T
    assert path_plane(theta, 1.0).held == pytest.approx(1) and np.allclose(path_plane(theta, 1.0).places[1], 0, atol=1e-9)
    with pytest.raises(ValueError, match="path: got one that does not move"):
        path_plane(np.ones((3, 4)), 1.0)


@pytest.mark.parametrize("fit", [FIT, LARGE])
def test_slice_path_and_sentence_by_other_code(fit):
    path = bp.descend(fit, bp.initial_weights(fit.network, "Glorot normal", 1), bp.Adam(0.03), 60)
    explorer, scene, result, _ = shown({"fit": fit, "path": path})
    n, (one, two) = len(result.first.loss), result.first.directions
    axis = np.linspace(-3, 3, n)
    for i, j in ((0, 0), (n // 2, 3), (n - 1, n - 2)):
        assert result.first.loss[i, j] == pytest.approx(fit.loss(path.end + axis[j] * one + axis[i] * two))
    for k in (0, 20, 60):                                                    # the path where its points project to
        s, t = result.track.places[:, k]
        left = path.theta[:, k] - path.end - s * one - t * two
        assert abs(left @ one) < 1e-9 * (1 + one @ one) and abs(left @ two) < 1e-9 * (1 + two @ two)
    away = path.theta - path.end[:, None]
    values = np.linalg.svd(away, compute_uv=False) ** 2
    said = re.match(r"The plane holds (?:more than )?(\d+)% of your path, .* first direction alone (?:more than )?(\d+)%\.", explorer.words(result))
    assert abs(int(said[1]) - 100 * values[:2].sum() / values.sum()) <= 1.01
    assert abs(int(said[2]) - 100 * values[0] / values.sum()) <= 1.01
    assert ("Hessian" in result.words) == (fit.n_params <= 200)
    assert explorer.knob("slice").options() == ("plane of the path",) and explorer.limits(scene)["first"] is None


@pytest.mark.parametrize("given", [{"fit": FIT}, {"fit": FIT, "theta": START}, {"fit": FIT, "path": PATH}, {"fit": TWO, "theta": [1.0, 2.0]}],
                         ids=["fit", "theta", "path", "two weights"])
def test_its_menus_state_and_picture(given, no_surfaces):  # noqa: F811
    explorer, scene, result, values = shown(given)
    assert explorer.read(explorer.state(values)) == values and values["network"].endswith("(yours)")
    assert explorer.knob("first").high == given["fit"].n_params
    if "theta" in given:
        assert np.array_equal(result.theta, given["theta"]) and explorer.knob("weights").options() == ("yours",)
    legible_at_every_width(explorer, scene, result)
    assert drawn(explorer, scene, result)[2].frame().any()


def test_a_panel_opens_resets_and_comes_back():
    panel = bp.explore.surface(fit=FIT, path=PATH, s=0.5, picture="core")
    state = panel.state
    panel.set(s=-1)
    panel._reset()
    assert panel.state == state and panel.words.startswith("The plane holds")
    panel.close()
    again = bp.explore.surface(fit=FIT, path=PATH, state=state, picture="core")
    assert again.state == state
    again.close()


@pytest.mark.parametrize("given, words", [
    ({"theta": START}, "^theta: got .* beside the fit"), ({"fit": FIT, "theta": START[:3]}, "^theta: got shape"),
    ({"fit": FIT, "theta": START, "path": PATH}, "^theta: got .*not both"), ({"fit": FIT, "path": 3}, "^path: got 3; allowed is a Path"),
    ({"fit": LARGE, "path": PATH}, "^path: got one of shape"), ({"fit": 3}, "^fit: got 3"),
    ({"fit": bp.Fit(bp.Network((1, 1), bias=False), "squared error", bp.DATA["seesaw"])}, "^fit: got one of 1 weights")])
def test_what_it_cannot_show_is_refused(given, words):
    with pytest.raises(ValueError, match=words):
        bp.explore.surface(**given, picture="core")
