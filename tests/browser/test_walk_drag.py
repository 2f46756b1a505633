"""An input and a target of the walk are dragged up and down in a real JupyterLab, and go back."""
import json

import pytest
from lab import MISSING, chromium, wait
from test_lab import learning

pytestmark = [pytest.mark.browser, pytest.mark.skipif(chromium() is None, reason=MISSING)]


@pytest.fixture(scope="module")
def walker(jupyter):
    with learning(jupyter, "lifted", "import bpviz as bp", "walk = bp.explore.backprop(step=9)\nwalk") as learner:
        yield learner


def lift(walker, knob, pixels):
    """Drag what this slider belongs to up by so many CSS pixels."""
    place = next(one for one in json.loads(walker.live.get_attribute("data-places")) if one["knobs"] == [knob])
    (left, top, right, bottom), (_, x0, y0, x1, y1) = place["inside"], place["spots"][0]
    box, mouse = walker.canvas.bounding_box(), walker.page.mouse
    x = box["x"] + box["width"] * (left + (x0 + x1) / 2 * (right - left))
    y = box["y"] + box["height"] * (bottom - (y0 + y1) / 2 * (bottom - top))
    mouse.move(x, y)
    mouse.down()
    for k in range(1, 9):
        mouse.move(x + k, y - pixels * k / 8)
        walker.page.wait_for_timeout(30)
    mouse.up()


def test_a_state_holds_what_was_moved(walker):
    state = walker.live.locator(".bpviz-state")
    state.fill("backprop; step=9; shift_x2=0.3")
    state.press("Enter")
    wait(lambda: "x[2] was moved, from 0.1 to 0.4." in walker.words(), 10, "the second input")
    walker.live.get_by_role("button", name="Reset", exact=True).click()
    wait(lambda: "was moved" not in walker.words(), 10, "it to go back")


def test_an_input_and_a_target_are_dragged_and_go_back(walker):
    lift(walker, "shift_x1", 40)
    wait(lambda: "x[1] was moved, from 0.5 to 0.9." in walker.words(), 20, "the input to be moved")
    lift(walker, "shift_t1", -24)
    wait(lambda: "t[1] was moved, from 0.6 to 0.36." in walker.words(), 20, "the target to be moved")
    assert float(walker.knob("shift_x1")) == 0.4 and float(walker.knob("shift_t1")) == -0.24 and walker.error() == ""
    assert "shift_x1=0.4; shift_x2=0; shift_t1=-0.24" in walker.live.locator(".bpviz-state").input_value()
    walker.live.get_by_role("button", name="Undo", exact=True).click()
    wait(lambda: "t[1]" not in walker.words() and "x[1] was moved" in walker.words(), 10, "the target to go back")
    walker.live.get_by_role("button", name="Reset", exact=True).click()
    wait(lambda: "was moved" not in walker.words() and walker.knob("shift_x1") == "0", 10, "the input to go back")


def test_an_input_and_a_target_are_moved_by_keys(walker):
    for label, said in (("move input 1", "x[1] was moved, from 0.5 to 0.52."), ("move target 1", "t[1] was moved, from 0.6 to 0.62.")):
        walker.panel.locator(f"[aria-label='{label}'].noUi-handle").focus()
        walker.page.keyboard.press("ArrowRight")
        walker.page.keyboard.press("ArrowRight")
        wait(lambda said=said: said in walker.words(), 20, said)
    assert float(walker.knob("shift_x1")) == 0.02 == float(walker.knob("shift_t1")) and walker.error() == ""
