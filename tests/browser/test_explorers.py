"""Every explorer but the first (test_lab.py), driven once in a real JupyterLab and a real Chromium."""
import contextlib
import json

import numpy as np
import pytest
from lab import MISSING, chromium, wait, write
from shared import far_away
from test_lab import Learner

from bpviz.explorers import all_explorers, phase

pytestmark = [pytest.mark.browser, pytest.mark.skipif(chromium() is None, reason=MISSING)]
OTHERS = [name for name in all_explorers() if name not in ("minima", "backprop", "puzzle")]
LITTLE = {"cure": "depth=3, width=4"}              # all of them work in one kernel


@pytest.fixture(scope="module")
def notebooks(jupyter):
    """The notebooks that are open, by name; each run once."""
    lab, opened = jupyter.room("explorers"), {}
    for name, explorers in (("walk", ["backprop"]), ("others", OTHERS)):
        write(lab.folder, f"{name}.ipynb", "import bpviz as bp",
              *(f"{one} = bp.explore.{one}({LITTLE.get(one, '')})\n{one}" for one in explorers))
    with contextlib.ExitStack() as stack:
        def get(name):
            if name not in opened:
                opened[name] = stack.enter_context(lab.open(name, height=1400))
                opened[name].run_all()
            return opened[name]
        yield get


@pytest.fixture
def walker(notebooks):
    learner = Learner(notebooks("walk.ipynb"))
    learner.settle()
    return learner


def press(learner, text):
    learner.live.locator(f".bpviz-walk button:text-is('{text}')").click()


def says(learner, start, seconds=10):
    wait(lambda: learner.words().startswith(start), seconds, f"the words {start!r}")


def test_walking_step_by_step(walker):
    press(walker, "forward")
    says(walker, "Forward: step 1 of 32. z1[1] = 0.17")
    first = walker.pixels()
    press(walker, "Step")
    says(walker, "Forward: step 2 of 32. z1[2]")
    walker.settle()
    assert np.abs(walker.pixels() - first).max() > 50
    press(walker, "Back")
    says(walker, "Forward: step 1 of 32")
    press(walker, "Back")                                       # there is nothing before the first
    walker.settle()
    assert walker.knob("step") == "1" and walker.error() == ""
    press(walker, "backward")
    says(walker, "Backward: step 8 of 32. dL/da2[1]")
    press(walker, "update")
    says(walker, "Update: step 23 of 32. new w1[1,1]")
    assert walker.live.locator("table").inner_text().count("✓ agree") == 9


def test_it_plays_by_itself_and_stops_at_the_end(walker):
    walker.number("step").fill("30")
    walker.number("step").press("Enter")
    says(walker, "Update: step 30 of 32")
    press(walker, "Play")
    says(walker, "Update: step 32 of 32. new loss", 20)
    assert "the step went downhill" in walker.words()
    wait(lambda: walker.live.locator(".bpviz-walk button:text-is('Play')").count() == 1, 10, "the end of playing")


def test_another_network_begins_at_its_first_step(walker):
    press(walker, "update")
    says(walker, "Update: step 23 of 32")
    walker.panel.get_by_label("example").first.select_option("xor 2-2-1, four rows")
    says(walker, "Forward: step 1 of 41, row 1 of 4", 20)
    press(walker, "rows")
    says(walker, "All rows: step 23 of 41")
    walker.number("data row").fill("9")
    walker.number("data row").press("Enter")
    wait(lambda: "data row: got 9" in walker.error(), 10, "the refusal of row 9")
    walker.number("data row").fill("4")
    walker.number("data row").press("Enter")
    wait(lambda: walker.error() == "" and walker.knob("row") == "4", 10, "row 4")
    walker.panel.get_by_label("example").first.select_option("article 2-2-1")
    says(walker, "Forward: step 1 of 32", 20)


def test_reset_right_after_a_step_and_the_same_step_again(walker):
    """The kernel's widgets learn of a step half a second later; Reset must move the browser's all the same."""
    for _ in range(4):
        press(walker, "update")
        says(walker, "Update: step 23 of 32")
        walker.live.get_by_text("Reset").click()
        says(walker, "Forward: step 1 of 32")
        wait(lambda: walker.number("step").input_value() == "1", 5, "the number 1")


def test_a_step_that_the_kernel_hears_of_after_a_menu_does_not_come_back(walker):
    """However slow the link: its echo does not stand in the number, and the same step can be asked for again."""
    with far_away(walker.notebook, 1):
        press(walker, "update")
        walker.panel.get_by_label("example").first.select_option("xor 2-2-1, four rows")
        says(walker, "Forward: step 1 of 41, row 1 of 4", 20)
        walker.page.wait_for_timeout(1500)                                  # the echo is there now
        assert walker.number("step").input_value() == walker.knob("step") == "1"
        press(walker, "rows")
        says(walker, "All rows: step 23 of 41")
        walker.live.get_by_text("Reset").click()
        says(walker, "Forward: step 1 of 32", 20)
        walker.page.wait_for_timeout(1500)
        assert walker.number("step").input_value() == walker.knob("step") == "1"


class Other(Learner):
    """Hands and eyes on the k-th panel of the notebook of the other explorers."""

    def __init__(self, notebook, k):
        self.notebook, self.page = notebook, notebook.page
        self.panel = self.page.locator(".jp-OutputArea-output:has(.bpviz-picture)").nth(k)
        self.live = self.panel.locator(".bpviz-picture")
        self.live.scroll_into_view_if_needed()
        self.canvas = self.live.locator("canvas")
        wait(lambda: self.live.get_attribute("data-frame"), 30, "the first frame")
        self.come()
        self.unfold()

    def come(self):
        """Bring the panel on the screen. While a notebook fills, JupyterLab moves its cells; those it moves out of
        sight it does not lay out (`content-visibility: auto`), and text that is not laid out reads as empty."""
        wait(lambda: self.words() or self.live.scroll_into_view_if_needed(), 30, "the panel to come on the screen")

    def settle(self):
        self.come()
        super().settle()
        self.come()


@pytest.mark.parametrize("name", OTHERS)
def test_every_other_explorer_answers_its_sliders(notebooks, name):
    learner = Other(notebooks("others.ipynb"), OTHERS.index(name))
    learner.settle()
    explorer = all_explorers()[name]
    knob = next(knob for knob in explorer.sliders if knob.name in ("x", "h", "rate", "z", "s", "noise", "scale", "sigma_w"))
    words, before = learner.words(), learner.pixels()
    assert len(words) > 40 and before.std() > 10
    handle = learner.handle(sorted(explorer.sliders, key=lambda slider: slider.rare).index(knob))
    handle.focus()
    for _ in range(4):
        learner.page.keyboard.press("ArrowLeft")
    wait(lambda: float(learner.knob(knob.name)) < knob.value, 10, f"{knob.name} to be smaller")
    learner.settle()
    assert learner.words() != words and np.abs(learner.pixels() - before).max() > 50
    assert learner.error() == ""


def test_the_chain_rule_unfolds_and_is_proved(notebooks):
    learner = Other(notebooks("others.ipynb"), OTHERS.index("chain_rule"))
    tree = learner.panel.locator(".bpviz-tree")
    assert tree.locator("mjx-container, .MathJax").count() > 3            # formulas are set, not printed as dollars
    tree.locator("summary").first.click()
    inner = tree.locator("summary").nth(2)
    inner.click()
    wait(lambda: tree.locator("details[open]").count() == 2, 5, "the inner step to unfold")
    learner.panel.get_by_text("Prove it").click()
    wait(lambda: "exactly 0, for every one of the 2 weights" in learner.panel.inner_text(), 20, "the proof")
    learner.panel.get_by_text("NumPy code").click()
    wait(lambda: "import numpy as np" in learner.panel.inner_text(), 10, "the script")
    learner.panel.get_by_label("network").first.select_option("1-2-1")
    wait(lambda: "import numpy as np" not in learner.panel.inner_text(), 10, "the old answer to go")
    assert learner.number("weight 4").is_visible() and learner.error() == ""


def test_the_map_of_basins_refines_while_the_start_is_dragged(notebooks):
    learner = Other(notebooks("others.ipynb"), OTHERS.index("basins"))
    learner.panel.get_by_label("optimizer").first.select_option("Adam")
    wait(lambda: "is of Adam" in learner.words(), 20, "the map of Adam")
    box = learner.canvas.bounding_box()
    mouse = learner.page.mouse
    mouse.move(box["x"] + 150, box["y"] + 120)
    mouse.down()
    for k in range(20):
        mouse.move(box["x"] + 150 + 6 * k, box["y"] + 120 + 5 * k)
        learner.page.wait_for_timeout(30)
    mouse.up()
    wait(lambda: "refined" not in learner.words() and "% of all starts end within 0.15 of A" in learner.words(), 60,
         "the whole map")
    assert float(learner.knob("w1")) > -3 and learner.error() == ""
    assert "Settled in minimum" in learner.words() or "Hovers around minimum" in learner.words()
    assert "settle nowhere" not in learner.words() or learner.live.locator("table").inner_text().count("%") >= 2


def test_a_dragged_box_zooms_and_keys_move_the_window(notebooks):
    learner = Other(notebooks("others.ipynb"), OTHERS.index("trainability"))
    learner.live.get_by_text("Reset").click()
    wait(lambda: float(learner.knob("reach")) == 1.5 and "3 decades wide" in learner.words(), 20, "the first window")
    inside = json.loads(learner.live.get_attribute("data-places"))[0]["inside"]
    box = learner.canvas.bounding_box()

    def at(u, v):
        return (box["x"] + box["width"] * (inside[0] + u * (inside[2] - inside[0])),
                box["y"] + box["height"] * (inside[1] + v * (inside[3] - inside[1])))
    mouse = learner.page.mouse
    mouse.move(*at(0.5, 0.5))
    mouse.down()
    mouse.move(*at(0.6, 0.55))
    mouse.move(*at(0.75, 0.75))
    frame = learner.live.locator(".bpviz-frame")
    assert frame.is_visible()
    mouse.up()
    wait(lambda: "0.75 decades wide" in learner.words(), 20, "the smaller window")
    assert not frame.is_visible()
    assert abs(float(learner.knob("reach")) - 0.375) < 0.02 and abs(float(learner.knob("x")) - (0.5 + 0.375)) < 0.03
    assert abs(float(learner.knob("y")) - (-0.5 - 0.375)) < 0.03
    wait(lambda: "of the runs made" not in learner.words(), 60, "all runs of the window")
    learner.canvas.focus()
    learner.page.keyboard.press("ArrowRight")
    wait(lambda: float(learner.knob("x")) > 0.92, 10, "the window to move right")
    learner.page.keyboard.press("-")
    wait(lambda: "1.5 decades wide" in learner.words(), 20, "the larger window")
    assert learner.error() == ""


def test_train_shows_which_layers_move(notebooks):
    learner = Other(notebooks("others.ipynb"), OTHERS.index("vanishing"))
    wait(lambda: "The gradient dL/dz vanishes" in learner.words() and "a quarter of the gradient" in learner.words(), 30, "the verdict")
    assert learner.live.get_by_text("Play", exact=True).count() == 0
    learner.live.get_by_text("Train", exact=True).click()
    wait(lambda: float(learner.knob("steps")) >= 3, 20, "the training to run")
    learner.live.get_by_text("Pause", exact=True).click()
    learner.settle()
    wait(lambda: "the loss went from" in learner.words(), 20, "what the training did")
    moved = [row.split("\t")[-1] for row in learner.live.locator("table").inner_text().strip().splitlines()[2:]]
    assert "10⁻" in moved[0] and "10⁻" not in moved[-1]                    # layer 1 hardly moves, the last one does
    learner.panel.get_by_label("cure").first.select_option("skip")
    wait(lambda: "keeps its size" in learner.words(), 30, "the skip to help")
    assert learner.error() == ""


def test_the_point_in_the_plane_of_phases_is_dragged_into_chaos(notebooks):
    learner = Other(notebooks("others.ipynb"), OTHERS.index("phase"))
    learner.settle()
    assert "the ordered phase" in learner.words()
    first = float(learner.knob("sigma_w"))
    inside, limits = json.loads(learner.live.get_attribute("data-places"))[0]["inside"], (phase.LEAST, phase.MOST_W, 0.0, phase.MOST_B)
    learner.canvas.scroll_into_view_if_needed()
    box = learner.canvas.bounding_box()

    def at(w, b):
        u, v = (w - limits[0]) / (limits[1] - limits[0]), (b - limits[2]) / (limits[3] - limits[2])
        return (box["x"] + box["width"] * (inside[0] + u * (inside[2] - inside[0])),
                box["y"] + box["height"] * (inside[3] - v * (inside[3] - inside[1])))
    mouse = learner.page.mouse
    mouse.move(*at(first, 0.3))
    mouse.down()
    for k in range(8):
        mouse.move(*at(first + 0.2 * k, 0.3 + 0.05 * k))
        learner.page.wait_for_timeout(30)
    mouse.up()
    wait(lambda: abs(float(learner.knob("sigma_w")) - first - 1.4) < 0.05, 20, "the point to arrive")
    learner.settle()
    assert "the chaotic phase" in learner.words() and learner.error() == ""


def pulled(learner, place, way):
    """Drag in a place of the picture along points in shares of it, across from the left and up from the bottom."""
    left, top, right, bottom = json.loads(learner.live.get_attribute("data-places"))[place]["inside"]
    learner.canvas.scroll_into_view_if_needed()
    box, mouse = learner.canvas.bounding_box(), learner.page.mouse
    for k, (u, v) in enumerate(way):
        mouse.move(box["x"] + box["width"] * (left + u * (right - left)), box["y"] + box["height"] * (bottom - v * (bottom - top)))
        if k == 0:
            mouse.down()
        learner.page.wait_for_timeout(40)
    mouse.up()


def test_the_bar_of_momentum_and_the_start_in_its_valley_are_dragged(notebooks):
    learner = Other(notebooks("others.ipynb"), OTHERS.index("momentum"))
    learner.live.get_by_text("Reset").click()
    wait(lambda: learner.knob("rate") == "1.9", 20, "the first rate")
    pulled(learner, 0, [(0.46, 0.6), (0.6, 0.5), (2.78 / 4.1, 0.48 / 1.04)])
    wait(lambda: abs(float(learner.knob("rate")) - 2.78) < 0.05 and abs(float(learner.knob("momentum")) - 0.44) < 0.02, 20, "the bar")
    learner.settle()
    assert ", without running away" in learner.words()
    pulled(learner, 1, [(0.1, 0.75), (0.3, 0.6), (0.75, 0.25)])
    wait(lambda: abs(float(learner.knob("w1")) - 3) < 0.2 and abs(float(learner.knob("w2")) + 3) < 0.2, 20, "the start")
    learner.canvas.focus()
    learner.page.keyboard.press("ArrowUp")
    wait(lambda: float(learner.knob("momentum")) > 0.44, 10, "the key to move the bar")
    learner.panel.get_by_label("on", exact=True).first.select_option("seesaw, minimum B")
    wait(lambda: learner.knob("rate") == "25" and "Flat: rate × λ = 0.0447" in learner.words(), 30, "the network")
    assert learner.error() == "" and not learner.number("condition number κ").is_visible()


def test_the_rate_is_dragged_along_its_axis_past_the_limit_of_the_parabola(notebooks):
    learner = Other(notebooks("others.ipynb"), OTHERS.index("rate"))
    learner.live.get_by_text("Reset").click()
    wait(lambda: learner.knob("rate") == "20", 20, "the first rate")
    learner.settle()
    assert "zigzag in" in learner.words()

    def share(rate):
        return np.log(rate / 0.01) / np.log(10 ** 2.3 / 0.01)
    pulled(learner, 1, [(share(20), 0.5), (share(10), 0.5), (share(40), 0.5)])
    wait(lambda: abs(float(learner.knob("rate")) - 40) < 2, 20, "the rate")
    learner.settle()
    assert "steps there leave" in learner.words()
    pulled(learner, 1, [(share(40), 0.9), (share(3), 0.5)])
    wait(lambda: abs(float(learner.knob("rate")) - 3) < 0.2, 20, "the rate")
    learner.settle()
    assert "go straight in" in learner.words() and learner.error() == ""
