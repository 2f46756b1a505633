"""Panels that hold something of the learner's own: their line of code, their boxes, their rate, their frames."""
import numpy as np
import pytest

import bpviz as bp
from bpviz.explorers import first_rate
from bpviz.widgets import export

STEEP = bp.Fit(bp.Network((1, 1, 1), "identity", bias=False), "squared error", bp.Data([[-2.0, 3.0]], [[-1.0, 2.0]], "steep"))
DEEP = bp.Network((3, 4, 4, 4, 1), "tanh", bias=False)


def backward(x, t, w1, w2):
    return {"dw1": 0.0, "dw2": 0.0}


OWN = [("minima", {"fit": STEEP}, 'fit=..., w1=2'), ("minima", {"backward": backward}, "backward=..., w1=2"),
       ("backprop", {"fit": STEEP, "theta": np.array([1.0, 2.0])}, "fit=..., theta=..., row=2"),
       ("vanishing", {"network": DEEP}, "network=..., scale=2")]


@pytest.mark.parametrize("name, given, line", OWN, ids=[line for *_, line in OWN])
def test_the_line_of_code_names_what_is_to_be_filled_in(name, given, line):
    knob, value = line.rsplit(" ")[-1].split("=")
    panel = getattr(bp.explore, name)(**given, **{knob: float(value)}, picture="core")
    assert panel.code == f"bp.explore.{name}({line})"


@pytest.mark.parametrize("name", ["minima", "backprop"])
def test_no_formula_can_be_typed_where_the_menu_has_one_choice(name):
    assert getattr(bp.explore, name)(picture="core").controls.formulas
    assert not getattr(bp.explore, name)(fit=STEEP, picture="core").controls.formulas


def test_adam_begins_with_a_rate_of_plain_descent_that_a_fit_bears():
    panel = bp.explore.adam(fit=STEEP, picture="core")
    assert "run away" not in panel.words and panel.explorer.values()["plain"] < 1


def test_the_rate_that_suits_is_looked_for_once(monkeypatch):
    asked, explorer = [], bp.explore.minima(fit=STEEP, picture="core").explorer
    values = explorer.values()
    monkeypatch.setattr(first_rate, "suited_rate", lambda *given: asked.append(given))
    for _ in range(3):
        assert export.code(explorer, values) == "bp.explore.minima(fit=...)"
    assert not asked


def test_weights_without_biases_have_no_slider_for_them():
    explorer = bp.explore.vanishing(network=DEEP, picture="core").explorer
    scene, _ = explorer.finish(explorer.values())
    assert explorer.limits(scene)["bias"] is None
