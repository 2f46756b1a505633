"""A law over all panels that take rows of one's own: standardised inputs are called so, above the panel and on every axis of an input."""
import re

import numpy as np
import pytest
from test_sweep import legible_at_every_width, no_surfaces  # noqa: F401

import bpviz as bp
from bpviz.base.work import Memory, finished
from bpviz.explorers import all_explorers

EXPLORERS = all_explorers()
TAKING = [name for name, one in EXPLORERS.items() if {"fit", "data"} & set(one.takes)]
INPUT = re.compile(r"^((input )?\$x\$|\$x_\d\$)")
pytestmark = pytest.mark.usefixtures("less_work")


def read(tmp_path, inputs, rows, standardise):
    rng, names = np.random.default_rng(0), ("hours", "rooms", "age")[:inputs]
    lines = [",".join((*names, "passed"))] + [",".join(f"{one:.3f}" for one in rng.normal(20, 5, inputs)) + f",{k % 2}.0" for k in range(rows)]
    file = tmp_path / "own.csv"
    file.write_text("\n".join(lines), encoding="utf-8")
    return bp.Data.read(str(file), list(names), "passed", standardise=standardise)


def things(tmp_path, name, standardise):
    """What this panel takes: one for each number of inputs that it shows."""
    if "data" in EXPLORERS[name].takes:
        return [{"data": read(tmp_path, 2, 30, standardise)}]
    if name == "surface":
        return [{"fit": bp.Fit(bp.Network((n, 3, 1)), "squared error", read(tmp_path, n, 6, standardise))} for n in (1, 2, 3)]
    network = bp.Network((2, 2, 1)) if name == "backprop" else bp.Network((1, 1, 1), bias=False)
    return [{"fit": bp.Fit(network, "squared error", read(tmp_path, network.sizes[0], 4, standardise))}]


@pytest.mark.parametrize("name", TAKING)
def test_standardised_inputs_are_called_so(name, tmp_path, no_surfaces):  # noqa: F811
    for standardise in (True, False):
        for given in things(tmp_path, name, standardise):
            explorer = EXPLORERS[name].with_own(EXPLORERS[name], given)
            values = explorer.small.cut(explorer.values())
            scene = finished(explorer.scene(values))
            result = finished(explorer.compute(scene, values, Memory()))
            said = "standardised. Inputs standardised: hours minus " in explorer.question
            assert said == standardise and (not standardise or explorer.question.count("standardised") == 2)
            figure, drawing = explorer.picture(scene, 960)
            drawing.update(result)
            labels = [text for axes in figure.axes for text in (axes.get_xlabel(), axes.get_ylabel()) if INPUT.match(text)]
            assert all(text.endswith(", standardised") == standardise for text in labels), labels
            assert labels or name in ("backprop", "rate", "escape", "adam") or len(given["fit"].data.x) == 3, name
            if standardise and labels:
                legible_at_every_width(explorer, scene, result)


def test_the_parts_of_data_stay_standardised(tmp_path):
    from bpviz.explorers.own_data import parted
    data = read(tmp_path, 2, 30, True)
    assert all(part.scaling == data.scaling and part.name == data.name for part in parted(data, 20, 3))


def test_it_is_said_beside_a_backward_pass_and_an_optimizer_of_ones_own(tmp_path):
    from test_own_walk_backward import right
    data, two = read(tmp_path, 2, 30, True), read(tmp_path, 1, 4, True)
    panel = bp.explore.boundary(data=data, backward=right, steps=10, picture="core")
    assert data.why in panel.explorer.question
    panel.close()
    mine = bp.own_optimizer(lambda theta: (), lambda theta, gradient, state, rate: (theta - rate * gradient, ()), 0.25, "plain")
    panel = bp.explore.escape(fit=bp.Fit(bp.Network((1, 1, 1), bias=False), "squared error", two), optimizer=mine, picture="core")
    assert two.why in panel.explorer.question
    panel.close()
