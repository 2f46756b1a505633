"""A learner's way through an exercise in a real JupyterLab: predict, drag, go wrong, read why, be helped, mend, pass."""
import re
import shutil

import pytest
import small_exercise
from lab import MISSING, ROOT, Notebook, browser, chromium, jupyterlab, wait
from test_lab import write

from bpviz.coursework.answers import NAME

pytestmark = [pytest.mark.browser, pytest.mark.skipif(chromium() is None, reason=MISSING)]
SET_UP = f"""import sys; sys.path.insert(0, {str(ROOT / "tests")!r})
import numpy as np, time, bpviz as bp
import own_lesson, small_exercise
small_exercise.install(L99=own_lesson.LESSON)"""
RIGHT = "def backward(x, t, W1, b1, W2, b2):\n    " + small_exercise.SOLUTION.replace("\n", "\n    ")
TWICE = RIGHT.replace('"dW2": a1.T', '"dW2": 2 * a1.T')
CELLS = [SET_UP, 'bp.predict("L99-p1")', TWICE, 'bp.check("L98-q2", backward)', '"the end"']


@pytest.fixture(scope="module")
def lab(tmp_path_factory):
    home = tmp_path_factory.mktemp("coursework")
    (home / "nb").mkdir()
    for name in ("story.ipynb", "restarted.ipynb", "narrow.ipynb"):
        write(home / "nb", name, *CELLS)
    with jupyterlab(home / "nb", home / "home") as (address, token), browser() as chrome:
        yield chrome, address, token, home / "nb"
    shutil.rmtree(home, ignore_errors=True)


class Desk:
    """A notebook with a check in it; hands and eyes on cell k."""

    def __init__(self, lab, name, width=1400):
        *at, self.folder = lab
        self.notebook = Notebook(*at, name, width=width, height=1000)
        self.page = self.notebook.page

    def cell(self, k):
        return self.page.locator(".jp-CodeCell").nth(k)

    def check(self):
        return self.cell(3).locator(".bpviz-check")

    def helps(self):
        return self.cell(3).locator(".bpviz-help")

    def button(self, name):
        return self.helps().get_by_role("button", name=re.compile(name))

    def said(self):
        """What the buttons have brought, without the walk."""
        return self.helps().locator(".jp-OutputArea").first.inner_text()

    def walk(self):
        return self.helps().locator(".bpviz-picture")

    def run(self, k, source=None):
        """Run cell k, with other lines in it if they are given, and wait for the kernel."""
        if source is not None:
            self.cell(k).locator(".cm-content").click()
            self.page.keyboard.press("Control+A")
            self.page.keyboard.insert_text(source)
        else:
            self.cell(k).locator(".jp-InputPrompt").click()
        before = self.cell(k).locator(".jp-InputPrompt").first.inner_text()
        self.page.keyboard.press("Shift+Enter")
        wait(lambda: re.search(r"\[\d+\]", now := self.cell(k).locator(".jp-InputPrompt").first.inner_text()) and now != before,
             30, f"cell {k} to run")

    def at_rest(self, thing):
        """Where a thing is once the page has stopped moving."""
        thing.scroll_into_view_if_needed()

        def resting():
            before = thing.bounding_box()
            self.page.wait_for_timeout(400)
            return before if before == thing.bounding_box() else None
        return wait(resting, 20, "the page to rest")

    def close(self):
        assert self.notebook.errors == []
        self.notebook.close()


def test_the_story(lab):
    desk = Desk(lab, "story.ipynb")
    page = desk.page
    desk.notebook.run_all()

    asked = desk.cell(1).locator(".bpviz-asked")                                        # a prediction, committed
    asked.get_by_text("In the higher minimum").click()
    asked.get_by_text("rather sure").click()
    assert "OUTCOME" not in page.content()
    asked.get_by_role("button", name="Commit").click()
    asked.get_by_text("OUTCOME-ONE").wait_for(timeout=20_000)
    panel = desk.cell(1).locator(".bpviz-picture")
    panel.wait_for(state="visible", timeout=30_000)

    state = panel.locator(".bpviz-state")                                               # dragged
    wait(lambda: "w1=-3;" in state.input_value(), 20, "the panel")
    wait(lambda: panel.get_attribute("data-frame"), 20, "the first frame")
    box = desk.at_rest(desk.cell(1).locator(".noUi-handle").first)
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.mouse.down()
    page.mouse.move(box["x"] + 60, box["y"] + box["height"] / 2, steps=6)
    page.mouse.up()
    wait(lambda: "w1=-3;" not in state.input_value(), 20, "the start to follow its slider")

    assert desk.check().inner_text().startswith("✗ Not right yet: Backward on rows (L98-q2)")      # wrong, and why
    assert "dL/dW2 is where it first goes wrong." in desk.check().inner_text()
    assert desk.check().locator("tr").all_inner_texts()[2].split("\t") == ["dL/dW2", "✗ wrong", "not the right size"]
    assert desk.button("Worked solution").is_disabled()

    desk.button("Hint").focus()                                                         # a hint, by keyboard
    page.keyboard.press("Enter")
    wait(lambda: "Hint 1 of 3. Begin at the loss." in desk.said(), 10, "the first hint")
    assert page.evaluate("document.activeElement.textContent").startswith("Hint (2 of 3)")

    desk.button("Show me").click()                                                      # the walk, at the wrong edge
    words = desk.walk().locator(".bpviz-words")
    wait(lambda: desk.walk().count() and "twice the right 0.164" in words.inner_text(), 30, "the walk")
    assert "dL/dw2[1,1] = 0.1643" in words.inner_text()
    wait(lambda: desk.walk().get_attribute("data-frame"), 20, "the walk's first frame")
    desk.at_rest(desk.walk().get_by_role("button", name="backward"))
    desk.walk().get_by_role("button", name="backward").click()
    wait(lambda: "Yours is the same." in words.inner_text(), 10, "the walk to go to where theirs is right")

    before = desk.helps().locator(".bpviz-buttons").bounding_box()                      # mended, passed
    desk.run(2, RIGHT)
    desk.run(3)
    wait(lambda: desk.check().inner_text().startswith("✓ Right"), 20, "the check to pass")
    assert before["height"] < 120 and desk.walk().count() == 0
    desk.button("Worked solution").click()
    wait(lambda: "noted as read" in desk.said() and "dz2 = do * o * (1 - o)" in desk.said(), 10, "the worked solution")

    kinds = [line.split('"kind": "')[1].split('"')[0] for line in (desk.folder / NAME).read_text().splitlines()]
    assert kinds == ["attempt", "prediction", "hint", "attempt", "solution"]
    desk.close()


def test_after_a_restart_the_buttons_say_so_and_nothing_is_lost(lab):
    desk = Desk(lab, "restarted.ipynb")
    desk.notebook.run_all()
    desk.button("Show me").click()
    wait(lambda: desk.walk().count(), 30, "the walk")
    desk.notebook.menu("Kernel", "Restart Kernel…")
    desk.page.locator(".jp-Dialog button:has-text('Restart')").click()
    row = desk.helps().locator(".bpviz-buttons")
    wait(lambda: not row.is_visible(), 20, "the buttons to go")
    said = desk.helps().evaluate("(e) => getComputedStyle(e, '::before').content")
    assert "The kernel was restarted. Run this cell again (Shift+Enter)." in said
    desk.notebook.idle()
    desk.notebook.menu("Run", "Run All Cells")
    wait(row.is_visible, 30, "the buttons to be back")
    assert desk.check().inner_text().startswith("✗") and desk.walk().count() == 0
    assert desk.button("Hint").inner_text() == "Hint (2 of 3)"               # as in the first notebook of this folder,
    assert desk.button("Worked solution").is_enabled()                       # where it was passed
    desk.close()


@pytest.mark.parametrize("width", [760, 1400])
def test_nothing_is_cut_off(lab, width):
    """Verdict, buttons and hints within the cell, in both widths; the buttons stay where they are when a hint comes."""
    desk = Desk(lab, "narrow.ipynb", width=width)
    desk.notebook.run_all()
    at = desk.at_rest(desk.button("Hint"))
    desk.button("Hint").click()
    desk.helps().get_by_text("Hint 1 of 3").wait_for()
    assert desk.button("hint|Hint").bounding_box()["x"] == at["x"] and desk.button("hint|Hint").bounding_box()["y"] == at["y"]
    cut = desk.cell(3).evaluate("""(cell) => [...cell.querySelectorAll('.bpviz-check, .bpviz-check *, .bpviz-help button, .bpviz-why-not')]
        .filter((e) => e.tagName !== 'STYLE' && e.scrollWidth > e.clientWidth + 1 && getComputedStyle(e).display !== 'inline')
        .map((e) => e.className + ' ' + e.textContent.slice(0, 40))""")
    assert cut == []
    desk.close()
