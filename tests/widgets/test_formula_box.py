"""The box for a formula of one's own: taken, drawn, proved, chosen; refused in words; known to every open menu."""
import asyncio
import html
import re
from importlib import import_module

import numpy as np
import pytest
from matplotlib.figure import Figure

import bpviz as bp
from bpviz.explorers import all_explorers
from bpviz.plots.curves import draw_formula
from bpviz.symbolic.own import own_activation, own_loss
from bpviz.symbolic.typed import curves, typed

TYPED = [(name, menu.name) for name, explorer in all_explorers().items() for menu in explorer.menus if menu.formula]
TEXT = {"activation": "z/(2+z**2)", "loss": "(o-t)**4/(1+o**2)"}
STEP = 1e-30                    # of the complex step


@pytest.fixture(autouse=True)
def menus_of_before():
    before = {table: list(table) for table in ("ACTIVATIONS", "LOSSES")}
    yield
    for table, names in before.items():
        for name in set(getattr(bp, table)) - set(names):
            del getattr(bp, table)[name]


@pytest.fixture(autouse=True)
def less_work(monkeypatch):
    """Fewer cells, starts and steps: what is tested here is the box, not what a panel computes of a formula."""
    for explorer in all_explorers().values():
        for name, value in explorer.small.constants.items():
            monkeypatch.setattr(import_module(f"bpviz.explorers.{explorer.name}"), name, value)


def opened(name, **given):
    """The panel as its user calls it, no slider further than tests need it."""
    explorer = all_explorers()[name]
    values = explorer.values()
    less = {knob: value for knob, value in explorer.small.cut(values).items() if value != values[knob]}
    return getattr(bp.explore, name)(**less, **given)


def box_of(panel, menu):
    return next(box for box in panel.controls.formulas if box.knob.name == menu)


def by_python(text, **values):
    """The typed text as Python reads it, on complex numbers."""
    functions = {"exp": np.exp, "tanh": np.tanh, "sin": np.sin, "sqrt": np.sqrt}
    return eval(text, {"__builtins__": {}}, {**functions, **values})


def test_panels_with_such_menus():
    assert set(TYPED) == {*((name, "activation") for name in ("backprop", "chain_rule", "cure", "minima", "vanishing")),
                          ("backprop", "loss"), ("chain_rule", "loss")}


@pytest.mark.parametrize("name, menu, picture", [*((*each, "live") for each in TYPED), ("minima", "activation", "core")])
def test_a_formula_is_chosen_and_its_state_rebuilds_the_panel(name, menu, picture):
    panel = opened(name, picture=picture)
    box_of(panel, menu).field.value = TEXT[menu]
    panel.finish()
    assert panel.error is None and panel.values[menu] == "yours" == panel.knobs[menu].value
    again = getattr(bp.explore, name)(state=panel.state).finish()
    assert again.values == panel.values and again.words == panel.words
    panel.undo()
    assert panel.values[menu] != "yours" == panel.knobs[menu].options[-1]


@pytest.mark.parametrize("kind, own, text", [
    ("activation", own_activation, "import os"), ("activation", own_activation, "z^2"), ("activation", own_activation, "3"),
    ("activation", own_activation, "log(exp(z)+1)/exp(z)"), ("activation", own_activation, "open(z)"),
    ("loss", own_loss, "t**2"), ("loss", own_loss, "z"), ("activation", own_activation, "a+b=z")])
def test_a_refusal_says_the_words_of_the_function_and_moves_nothing(kind, own, text):
    panel = bp.explore.backprop()
    before, words = panel.state, panel.words
    name, equals, formula = text.partition("=")
    with pytest.raises(ValueError) as refused:
        own(formula, name) if equals else own(text)
    box = box_of(panel, kind)
    box.field.value = text
    assert str(refused.value) in html.unescape(box.said.value) and 'role="alert"' in box.said.value
    assert panel.state == before and panel.words == words and panel.error is None
    assert "yours" not in panel.knobs[kind].options
    box.field.value = TEXT[kind]
    assert panel.values[kind] == "yours" and "alert" not in box.said.value


@pytest.mark.parametrize("name, menu, text", [*((*each, text) for each in TYPED if each[1] == "activation"
                                                for text in ("log(z)", "1/z", "exp(exp(z))", "exp(z)", "z**16")),
                                              ("backprop", "loss", "-t*log(o)-(1-t)*log(1-o)"), ("backprop", "loss", "exp(o)")])
def test_what_the_box_takes_the_panel_can_show(name, menu, text):
    """Refused in words, by the box or by the panel, or drawn: never taken and then met by an error of a library."""
    panel = opened(name)
    box, before = box_of(panel, menu), panel.state
    box.field.value = text
    assert panel.error is None or re.search("^activation f: got 'yours' .*; allowed is ", panel.error)
    refused = 'role="alert"' in box.said.value or panel.error is not None
    assert refused == (panel.state == before) == (panel.values[menu] != "yours")


def test_what_is_said_of_a_formula_goes_with_it():
    panel = bp.explore.minima()
    box = box_of(panel, "activation")
    tip = box.said.value
    box.field.value = "sin(z)"
    assert "Proved" in box.said.value
    panel.set(activation="tanh")
    assert box.said.value == tip != box.field.placeholder


def test_a_name_may_be_given_and_the_next_formula_has_the_next_name():
    panel, other = bp.explore.minima(), bp.explore.vanishing()
    box = box_of(panel, "activation")
    seen = []
    for text in ("z**3", "z*tanh(z)", "bent = z/(2+z**2)", "z**3", " z**3", "sigmoid = z"):
        box.field.value = text
        seen.append(panel.values["activation"])
    assert seen == ["yours", "yours 2", "bent", "yours", "yours", "yours"]
    assert "taken by" in box.said.value
    assert panel.knobs["activation"].options[-3:] == other.knobs["activation"].options[-3:] == ("yours", "yours 2", "bent")
    assert other.values["activation"] == "sigmoid" == other.knobs["activation"].value
    other.set(activation="bent")
    assert other.knobs["activation"].value == "bent"


def test_the_same_formula_again_after_another_choice():
    panel = bp.explore.minima()
    box = box_of(panel, "activation")
    box.field.value = "z**3"
    panel.set(activation="tanh")
    box.button.click()
    assert panel.values["activation"] == "yours"


def test_a_menu_of_before_is_refused_by_a_formula_that_only_another_kernel_knows():
    with pytest.raises(ValueError, match=r"^activation: got 'bent'.*type it again, or bp.own_activation\(formula, name\)$"):
        bp.explore.minima(state="minima; activation=bent; w1=2")
    with pytest.raises(ValueError, match=r"^loss: got 'bent'.*bp.own_loss\(formula, name\)$"):
        bp.explore.backprop(loss="bent")
    own_activation("z**3", "bent")
    assert bp.explore.minima(state="minima; activation=bent; w1=2").values["activation"] == "bent"


def test_one_made_in_a_cell_can_be_set_in_a_panel_that_was_open_before():
    panel = bp.explore.minima()
    own_activation("z**3", "bent")
    panel.set(activation="bent")
    assert panel.knobs["activation"].value == "bent" and panel.error is None


def test_proving_is_said_before_it_is_done():
    async def one():
        panel = bp.explore.minima()
        box = box_of(panel, "activation")
        box.field.value = "z**3"
        first = box.said.value, panel.values["activation"]
        for _ in range(100):
            await asyncio.sleep(0.02)
            if panel.values["activation"] == "yours":
                break
        return first, box.said.value, panel
    (said, stood), then, panel = asyncio.run(one())
    assert "proving its slope" in said and stood == "sigmoid"
    assert r"f'(z) = 3 z^{2}" in then and "Proved: " in then and panel.values["activation"] == "yours"


@pytest.mark.parametrize("text, jumps", [("z**3", False), ("abs(z)+z", True), ("max(0,z)*tanh(z)", True), ("tanh(z)", False)])
def test_what_is_said_to_be_proved(text, jumps):
    assert typed("activation", text).jumps is jumps
    assert not (jumps and not typed("activation", text).points)


@pytest.mark.parametrize("text", ["z**3", "z/(1+exp(-z))", "z*tanh(z)+sin(2*z)", "sqrt(1+z**2)-1"])
def test_drawn_values_and_slopes_of_an_activation_by_complex_step(text):
    axes = Figure().subplots()
    draw_formula(axes, *curves("activation", typed("activation", text).name), "z")
    value, slope = (line.get_ydata() for line in axes.lines)
    z = axes.lines[0].get_xdata()
    assert np.allclose(value, by_python(text, z=z), rtol=1e-12, atol=1e-14)
    assert np.allclose(slope, by_python(text, z=z + 1j * STEP).imag / STEP, rtol=1e-11, atol=1e-13)
    assert len(z) == len(axes.lines[1].get_xdata()) and len(axes.lines) == 2


@pytest.mark.parametrize("text", ["(o-t)**2/2", "(o-t)**4/(1+o**2)", "exp(-o*o)*t+o**2"])
def test_drawn_values_and_slopes_of_a_loss_by_complex_step(text):
    axes = Figure().subplots()
    draw_formula(axes, *curves("loss", typed("loss", text).name), "o")
    o = axes.lines[0].get_xdata()
    for t, (value, slope) in enumerate(zip(axes.lines[::2], axes.lines[1::2], strict=True)):
        assert value.get_label() == f"t = {t}" and slope.get_linestyle() == "--"
        assert np.allclose(value.get_ydata(), by_python(text, o=o, t=t), rtol=1e-12, atol=1e-14)
        assert np.allclose(slope.get_ydata(), by_python(text, o=o + 1j * STEP, t=t).imag / STEP, rtol=1e-11, atol=1e-13)


def test_nothing_is_drawn_before_it_is_unfolded_and_then_what_the_menu_stands_on():
    panel = bp.explore.minima()
    box = box_of(panel, "activation")
    assert box.plot.value == ""
    panel.controls.more.value = True
    assert "sigmoid and its slope" in box.plot.value
    panel.set(activation="tanh")
    assert "tanh and its slope" in box.plot.value
    panel.knobs["activation"].value = "relu"
    assert "relu and its slope" in box.plot.value
    panel.controls.more.value = False
    panel.set(activation="elu")
    assert "relu and its slope" in box.plot.value


def test_a_loss_of_the_score_has_no_curve_over_the_output():
    panel = bp.explore.backprop()
    box = box_of(panel, "loss")
    panel.controls.more.value = True
    assert "squared error and its slope" in box.plot.value
    panel.set(loss="cross-entropy")
    assert box.plot.value == "" and panel.error is None
