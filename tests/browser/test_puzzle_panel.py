"""The puzzle in a real JupyterLab: lines and arrows are clicked, hints asked for, the next puzzle opened; by keys too."""
import json

import pytest
from lab import MISSING, chromium, wait, write
from test_lab import Learner

from bpviz.coursework.random_puzzle import random_puzzle

pytestmark = [pytest.mark.browser, pytest.mark.skipif(chromium() is None, reason=MISSING)]
FIRST, SECOND = random_puzzle(10), random_puzzle(11)


@pytest.fixture(scope="module")
def notebook(jupyter):
    lab = jupyter.room("puzzle")
    write(lab.folder, "puzzle.ipynb", "import bpviz as bp", "panel = bp.explore.puzzle(puzzle=10)\npanel")
    with lab.open("puzzle.ipynb", height=1200) as opened:
        opened.run_all()
        yield opened


@pytest.fixture
def learner(notebook):
    learner = Learner(notebook)
    learner.live.get_by_text("Reset").click()
    says(learner, "Puzzle 10: one of the 12 lines is wrong.")
    learner.settle()
    return learner


def says(learner, start):
    wait(lambda: learner.words().startswith(start), 15, f"the words {start!r}")


def click(learner, which, value):
    """Click the middle of the last spot of this line (which = 1) or entry (which = 0)."""
    learner.canvas.scroll_into_view_if_needed()
    place, box = json.loads(learner.live.get_attribute("data-places"))[which], learner.canvas.bounding_box()
    _, x0, y0, x1, y1 = [spot for spot in place["spots"] if spot[0] == value][-1]
    left, top, right, bottom = place["inside"]
    learner.page.mouse.click(box["x"] + box["width"] * (left + (x0 + x1) / 2 * (right - left)),
                             box["y"] + box["height"] * (bottom - (y0 + y1) / 2 * (bottom - top)))


def press(learner, k, key, times=1):
    learner.handle(k).focus()
    for _ in range(times):
        learner.page.keyboard.press(key)


def test_a_wrong_line_an_arrow_the_guilty_line_and_the_next_puzzle(learner):
    first = learner.pixels()
    click(learner, 1, 2)
    says(learner, "Not line 2: ")
    assert FIRST.right[FIRST.guilty - 1].text not in learner.panel.inner_text()
    click(learner, 0, 3)
    wait(lambda: f"{FIRST.fit.names[2]}: this code says" in learner.words(), 15, "the entry of the arrow")
    assert learner.live.locator("table").inner_text().count("✗ differ") >= 1
    click(learner, 1, FIRST.guilty)
    says(learner, f"Found: line {FIRST.guilty}. ")
    assert FIRST.right[FIRST.guilty - 1].text in learner.words()
    learner.settle()
    assert abs(learner.pixels() - first).max() > 50
    learner.panel.get_by_text("Next puzzle").click()
    says(learner, f"Puzzle 11: one of the {len(SECOND.lines)} lines is wrong.")
    assert [learner.knob(name) for name in ("puzzle", "line", "entry", "hint")] == ["11", "0", "0", "0"]
    learner.panel.get_by_text("Hint", exact=True).click()
    wait(lambda: "Hint 1: " in learner.words() and "Hint 2: " not in learner.words(), 15, "the first hint")
    click(learner, 1, SECOND.guilty)
    says(learner, f"Found: line {SECOND.guilty}. ")
    assert learner.error() == ""


def test_by_keys(learner):
    press(learner, 1, "ArrowRight", 2)
    says(learner, "Not line 2: ")
    press(learner, 2, "ArrowRight")
    wait(lambda: f"{FIRST.fit.names[0]}: this code says" in learner.words(), 15, "the first entry")
    press(learner, 3, "ArrowRight", 3)
    wait(lambda: "Hint 3: " in learner.words(), 15, "the third hint")
    press(learner, 1, "ArrowRight", FIRST.guilty - 2)
    says(learner, f"Found: line {FIRST.guilty}. ")
    press(learner, 0, "ArrowRight")
    says(learner, f"Puzzle 11: one of the {len(SECOND.lines)} lines is wrong.")
    wait(lambda: [learner.knob(name) for name in ("line", "entry", "hint")] == ["0", "0", "0"], 10, "a fresh start")
    assert learner.number("line").input_value() == learner.number("hints").input_value() == "0"
    assert learner.error() == ""


def test_a_number_typed_opens_that_puzzle_afresh(learner):
    press(learner, 1, "ArrowRight", FIRST.guilty)
    says(learner, f"Found: line {FIRST.guilty}. ")
    learner.number("puzzle").fill("4321")
    learner.number("puzzle").press("Enter")
    says(learner, "Puzzle 4321: ")
    wait(lambda: learner.knob("line") == "0", 10, "no line")
    learner.number("puzzle").fill("10000")
    learner.number("puzzle").press("Enter")
    wait(lambda: "puzzle: got 10000; allowed is a whole number from 0 to 9999" in learner.error(), 10, "the refusal")
