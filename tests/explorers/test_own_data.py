"""Data of one's own in the boundary: parted into rows to learn from and rows to be tested on, all of them in the window."""
import sys
from pathlib import Path

import numpy as np
import pytest
from test_sweep import drawn, legible_at_every_width, no_surfaces  # noqa: F401

import bpviz as bp
from bpviz.base.work import Memory, finished
from bpviz.explorers import all_explorers

sys.path.insert(0, str(Path(__file__).parent))
import sentences  # noqa: E402

EXPLORER = all_explorers()["boundary"]
pytestmark = pytest.mark.usefixtures("less_work")


def own_rows(rows, seed=0, far=1.0):
    rng = np.random.default_rng(seed)
    x = rng.normal(0, far, (2, rows))
    return bp.Data(x, (x[0] + 0.3 * rng.normal(size=rows) > 0) * 1.0, f"my rows {seed}")


DATA = own_rows(40)


def shown(data, **given):
    explorer = EXPLORER.with_own(EXPLORER, {"data": data})
    values = {**explorer.small.cut(explorer.values(**given)), **given}
    scene = finished(explorer.scene(values))
    return explorer, scene, finished(explorer.compute(scene, values, Memory())), values


@pytest.mark.parametrize("rows, most", [(15, 12), (16, 12), (40, 32), (103, 82)])
def test_every_row_is_learned_from_or_tested_on_and_stands_in_the_window(rows, most):
    data = own_rows(rows, rows, 7.0)
    explorer, scene, result, values = shown(data)
    assert values["rows"] == most == result.train.data.rows and explorer.knob("rows").high == most
    both = np.concatenate([np.vstack([part.data.x, part.data.y]) for part in (result.train, result.test)], axis=1)
    assert sorted(map(tuple, both.T)) == sorted(map(tuple, np.vstack([data.x, data.y]).T))
    for (low, high), values in zip(scene.window, data.x, strict=True):
        assert low < values.min() and values.max() < high < values.max() + 0.1 * np.ptp(values)
    corner = result.train.predict(result.theta, np.array([[scene.window[0][0]], [scene.window[1][1]]]))[0, 0]
    assert result.output[-1, 0] == pytest.approx(corner)
    other = shown(data, seed=1)[2]
    assert not np.array_equal(other.train.data.x, result.train.data.x)


def test_every_claim_about_it_is_true():
    rng, claims, wrong = np.random.default_rng(2), 0, []
    for seed in range(3):
        explorer = EXPLORER.with_own(EXPLORER, {"data": own_rows(30 + 7 * seed, 50 + seed)})
        state = sentences.random_state(explorer, rng)
        for kind, true, found in sentences.judged(state):
            claims += 1
            wrong += [] if true else [(kind, found, explorer.words(state.results[-1]))]
    assert not wrong and claims > 9


def test_its_menu_state_panel_and_picture(no_surfaces):  # noqa: F811
    explorer, scene, result, values = shown(DATA)
    assert explorer.read(explorer.state(values)) == values and explorer.knob("data").options() == ("my rows 0 (yours)",)
    legible_at_every_width(explorer, scene, result)
    assert drawn(explorer, scene, result)[2].frame().any()
    panel = bp.explore.boundary(data=DATA, steps=20, picture="core")
    state = panel.state
    panel.set(seed=3)
    panel._reset()
    assert panel.state == state and "rows=32" in state
    panel.close()
    assert bp.explore.boundary(data="circles", steps=20, picture="core").values["data"] == "circles"


@pytest.mark.parametrize("data, words", [
    (bp.DATA["seesaw"], "^data: got 1 input and 1 target; boundary shows two inputs"), (own_rows(8), "^data: got 8 rows; boundary takes 15"),
    (bp.Data(DATA.x, DATA.y * 0.5), "^data: got the target 0.5; boundary shows targets of 0 and 1.*surface"), ([1, 2], "^data: got .1, 2.; allowed is the name")])
def test_what_it_cannot_show_is_refused(data, words):
    with pytest.raises(ValueError, match=words):
        bp.explore.boundary(data=data, picture="core")


def test_elsewhere_the_menu_alone_is_meant():
    with pytest.raises(ValueError, match="data: got one of your own; minima takes none.*bp.explore.boundary"):
        bp.explore.minima(data=DATA, picture="core")


def test_where_a_panel_takes_no_data_it_says_the_way_in_a_fit_and_that_way_goes():
    own = bp.Data.from_rows([[-1.0], [0.5], [2.0]], [0.8, 0.4, 0.2])
    fits = [name for name, one in all_explorers().items() if "fit" in one.takes]
    for name, explorer in all_explorers().items():
        if "data" in explorer.takes:
            continue
        with pytest.raises(ValueError, match="^data: got ") as error:
            getattr(bp.explore, name)(data=own, picture="core")
        said = str(error.value)
        if name in fits:
            assert 'Here give them in a fit, fit=bp.Fit(network, "squared error", data)' in said
        else:
            assert all(one in said for one in fits) and 'fit=bp.Fit(network, "squared error", data)' in said
    for name in fits:
        network = bp.Network((1, 1, 1), "sigmoid", bias=False)
        getattr(bp.explore, name)(fit=bp.Fit(network, "squared error", own), picture="core").close()
