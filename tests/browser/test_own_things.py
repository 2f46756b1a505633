"""What a learner brings of their own, in a real JupyterLab: a buggy backward pass in the walk, a menu's rate, a training that plays."""
import re

import pytest
from lab import MISSING, chromium, wait, write
from test_explorers import Other

pytestmark = [pytest.mark.browser, pytest.mark.skipif(chromium() is None, reason=MISSING)]

BUG = """import numpy as np
import bpviz as bp

def sigmoid(z):
    return 1 / (1 + np.exp(-z))

def backward(x, t, W1, b1, W2, b2):
    a1 = sigmoid(x @ W1 + b1)
    o = sigmoid(a1 @ W2 + b2)
    dz2 = 2 * (o - t) / len(x) * o * (1 - o)
    dz1 = dz2 @ W2.T
    return {"dz2": dz2, "dW2": a1.T @ dz2, "db2": dz2.sum(axis=0), "dz1": dz1, "dW1": x.T @ dz1, "db1": dz1.sum(axis=0)}"""
PANELS = {"bugged": "bp.explore.backprop(backward=backward, step=18)",
          "suited": "bp.explore.minima()",
          "played": "bp.explore.boundary(steps=60, moment=20)",
          "hills": 'bp.explore.minima(fit=bp.SURFACES["himmelblau"])',
          "bent": "bp.explore.boundary(backward=backward, steps=300)",
          "whole": 'bp.explore.surface(fit=bp.SURFACES["himmelblau"])'}


@pytest.fixture(scope="module")
def panel(jupyter):
    """A panel of one notebook, by its name."""
    lab = jupyter.room("own")
    write(lab.folder, "own.ipynb", BUG, *PANELS.values())
    with lab.open("own.ipynb") as notebook:
        notebook.run_all()

        def of(name):
            learner = Other(notebook, list(PANELS).index(name))
            learner.settle()
            return learner
        yield of


def test_a_bug_of_ones_own_is_named_in_the_walk_and_marked_where_it_is(panel):
    one = panel("bugged")
    wait(lambda: one.words().startswith("Your dz1 is wrong: for z1["), 30, "the entry to be named")
    assert "Wrong only by what came before: dW1, db1." in one.words()
    rows = one.live.locator("table tr").all_inner_texts()
    assert any("w2[1,1]" in row and "✓" in row for row in rows) and any("w1[1,1]" in row and "→" in row for row in rows), rows
    one.panel.get_by_label("example").first.select_option("xor 2-2-1, four rows")
    wait(lambda: one.knob("example") == "xor 2-2-1, four rows" and re.match(r"Your dz1 is wrong: for z1\[\d\] in row \d", one.words()),
         30, "the same on other data")
    assert one.error() == ""


def test_a_choice_of_the_menu_brings_a_rate_that_suits(panel):
    one = panel("suited")
    assert one.knob("rate") == "20"
    one.panel.get_by_label("activation f").first.select_option("identity")
    wait(lambda: one.knob("activation") == "identity" and float(one.knob("rate")) < 1, 20, "a smaller rate")
    one.settle()
    assert "an away" not in one.words() and one.error() == ""
    one.panel.get_by_label("activation f").first.select_option("sigmoid")
    wait(lambda: one.knob("rate") == "20", 20, "the rate of the data")


def test_the_boundary_plays_to_the_end_of_its_training(panel):
    one = panel("played")
    before, words = one.pixels(), one.words()
    one.live.get_by_text("Play", exact=True).click()
    wait(lambda: float(one.knob("moment")) >= 60, 60, "the last step")
    one.settle()
    assert one.words() == words and (abs(one.pixels() - before) > 30).any(axis=2).mean() > 0.005


def test_a_test_surface_is_dragged_from_one_minimum_into_another_and_nothing_of_a_network_is_there(panel):
    one = panel("hills")
    assert "“himmelblau”" in one.panel.inner_text() and re.match(r"Settled in minimum (\w)", one.words())
    assert not re.search(r"network|answers|\brows?\b", one.words()) and "its gradient" in one.live.locator("table").first.inner_text()
    shown = [label for label in ("data set", "activation f", "objective") if one.panel.get_by_label(label).first.is_visible()]
    assert not shown, shown
    before, mouse = one.words(), one.page.mouse
    one.live.locator("canvas").scroll_into_view_if_needed()
    mouse.move(*one.spot(1, 2))
    mouse.down()
    for k in range(1, 11):
        mouse.move(*one.spot(1 - 0.4 * k, 2 + 0.1 * k))
    mouse.up()
    wait(lambda: abs(float(one.knob("w1")) + 3) < 0.15 and abs(float(one.knob("w2")) - 3) < 0.15, 20, "the start to follow the mouse")
    wait(lambda: one.words().startswith("Settled in minimum") and one.words()[:20] != before[:20], 30, "another minimum")
    assert one.error() == "" and "loss 0, one of four equally deep" in one.words()


def test_a_bug_of_ones_own_bends_the_regions_beside_the_right_ones(panel):
    one = panel("bent")
    wait(lambda: one.words().startswith("Your dz1 is wrong: for z1["), 30, "the slope to be named")
    assert re.search(r"After 300 steps your loss on the training rows is 0\.\d+, that of the right one 0\.\d+\.", one.words())
    rows = one.live.locator("table tr").all_inner_texts()
    assert any("dW1" in row and "→" in row for row in rows) and any("dW2" in row and "✓" in row for row in rows), rows
    before = one.pixels()
    one.panel.get_by_label("data").first.select_option("circles")
    wait(lambda: one.knob("data") == "circles" and one.words().startswith("Your dz1 is wrong"), 30, "the same on other rows")
    one.settle()
    assert (abs(one.pixels() - before) > 30).any(axis=2).mean() > 0.05 and one.error() == ""


def test_the_hills_of_a_test_surface_are_its_whole_landscape(panel):
    one = panel("whole")
    wait(lambda: re.match(r"Loss \S+ at .*The way down by its gradient is drawn as far as", one.words()), 20, "the way down")
    assert "“himmelblau”" in one.panel.inner_text() and one.error() == ""
    words, mouse = one.words(), one.page.mouse
    one.live.locator("canvas").scroll_into_view_if_needed()
    mouse.move(*one.spot(-2.4, -2.4))
    mouse.down()
    for k in range(1, 9):
        mouse.move(*one.spot(-2.4 + 0.6 * k, -2.4 + 0.6 * k))
    mouse.up()
    wait(lambda: abs(float(one.knob("s")) - 2.4) < 0.2 and one.words() != words and "(3.00, 2.00)" in one.words(), 20, "another way down")
