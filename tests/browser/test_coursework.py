"""A learner's way through lesson 3 in a real JupyterLab: predict, drag, go wrong, read why, be helped, mend, pass."""
import re
import time

import pytest
import small_exercise
from lab import MISSING, ROOT, chromium, wait, write

from bpviz.coursework.course import exercises
from bpviz.coursework.learner.answers import NAME
from bpviz.coursework.notebooks.handout import handed

pytestmark = [pytest.mark.browser, pytest.mark.skipif(chromium() is None, reason=MISSING)]
SET_UP = f"""import sys; sys.path.insert(0, {str(ROOT / "tests")!r})
import numpy as np, bpviz as bp
import small_exercise
small_exercise.install()"""
TWICE = ("def backward(x, t, W1, b1, W2, b2):\n    " + small_exercise.SOLUTION.replace("\n", "\n    ")).replace(
    '"dW2": a1.T', '"dW2": 2 * a1.T')
SMALL = [SET_UP, TWICE, 'bp.check("L98-q2", backward)']
ROWS = exercises()["L03-q2"]


@pytest.fixture(scope="module")
def lab(jupyter):
    lab = jupyter.room("coursework")
    for folder in ("lesson", "small"):
        (lab.folder / folder).mkdir()
    source = (ROOT / "lessons" / "03_backpropagation.ipynb").read_bytes()
    (lab.folder / "lesson" / "story.ipynb").write_bytes(handed(source, "lesson 3"))
    for name in ("restarted.ipynb", "narrow.ipynb"):
        write(lab.folder / "small", name, *SMALL)
    return lab


class Desk:
    """A notebook with a check in it; hands and eyes on its cells, each known by words of its source."""

    def __init__(self, notebook, check):
        self.notebook, self.page = notebook, notebook.page
        self.checked = self.cell(check)

    def cell(self, words):
        return self.page.locator(".jp-CodeCell").filter(has=self.page.locator(".cm-content").filter(has_text=words)).first

    def check(self):
        return self.checked.locator(".bpviz-check")

    def helps(self):
        return self.checked.locator(".bpviz-help")

    def button(self, name):
        return self.helps().get_by_role("button", name=re.compile(name))

    def said(self):
        """What the buttons have brought, without the walk."""
        return self.helps().locator(".jp-OutputArea").first.inner_text()

    def walk(self):
        return self.helps().locator(".bpviz-picture")

    def run(self, cell, source=None):
        """Run a cell, with other lines in it if they are given, and wait for the kernel."""
        if source is not None:
            cell.locator(".cm-content").click()
            self.page.keyboard.press("Control+A")
            self.page.keyboard.insert_text(source)
        else:
            cell.locator(".jp-InputPrompt").click()
        prompt = cell.locator(".jp-InputPrompt").first
        before = prompt.inner_text()
        self.page.keyboard.press("Shift+Enter")
        end = time.monotonic() + 3                            # a cell with a still has the number 1 before it has run, too
        while prompt.inner_text() == before and time.monotonic() < end:
            self.page.wait_for_timeout(50)
        wait(lambda: re.search(r"\[\d+\]", prompt.inner_text()), 60, f"{source or 'a cell'} to run")

    def look_at(self, panel):
        """Bring a panel's picture into sight and wait until it has its words and the page has stopped moving."""
        panel.wait_for(state="visible", timeout=30_000)
        wait(lambda: panel.locator(".bpviz-words").inner_text(), 30, "the first words")
        self.at_rest(panel.locator("canvas"))

    def at_rest(self, thing):
        """Where a thing is once the page has stopped moving."""
        thing.scroll_into_view_if_needed()

        def resting():
            before = thing.bounding_box()
            self.page.wait_for_timeout(400)
            return before if before == thing.bounding_box() else None
        return wait(resting, 20, "the page to rest")

    def drag(self, handle, by):
        """Drag a slider's handle so many pixels to the right."""
        box = self.at_rest(handle)
        x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
        self.page.mouse.move(x, y)
        self.page.mouse.down()
        self.page.mouse.move(x + by, y, steps=6)
        self.page.mouse.up()
        self.page.wait_for_timeout(500)


def mistaken(key):
    """The answer cell of L03-q2 with one known mistake in it."""
    return ROWS.answer_cell(inside=next(one.code for one in ROWS.asks.mutants(ROWS.given()) if one.key == key))


@pytest.fixture
def lesson(lab):
    with lab.open("lesson/story.ipynb", fresh=True) as notebook:             # as a learner comes to it
        yield Desk(notebook, 'bp.check("L03-q2"')


def test_the_story(lab, lesson):
    """Lesson 3 as it is handed out, from the first cell to the worked solution of its main exercise."""
    desk, page = lesson, lesson.page
    desk.run(desk.cell("bp.picture.network"))
    desk.run(desk.cell('bp.predict("L03-p1")'))

    asked = desk.cell('bp.predict("L03-p1")').locator(".bpviz-predict")                # a prediction, committed
    asked.get_by_role("textbox").fill("5")
    asked.get_by_text("rather sure").click()
    assert "for each of three units" not in page.content()
    asked.get_by_role("button", name="Commit").click()
    asked.get_by_text("a z and an a for each of three units").wait_for(timeout=20_000)

    panel = asked.locator(".bpviz-picture")                                             # dragged
    desk.look_at(panel)
    assert "step=1;" in panel.locator(".bpviz-state").input_value()
    wait(lambda: desk.drag(asked.locator(".noUi-handle").first, 60) or
         "step=1;" not in panel.locator(".bpviz-state").input_value(), 30, "the step to follow its slider")

    desk.run(desk.checked)                                                              # too early, then not filled in
    assert desk.check().inner_text().startswith("backward is not there yet: first run the cell with your answer")
    assert desk.checked.locator(".jp-RenderedText[data-mime-type*=stderr], .jp-mod-error").count() == 0
    answer = desk.cell("def backward(x, t, W1, b1, W2, b2)")
    desk.run(answer)
    desk.run(desk.checked)
    assert desk.check().inner_text().startswith("– Not attempted yet: Backward, for all rows at once (L03-q2)")
    desk.run(answer, mistaken("dz2: twice"))                                            # wrong, and why
    desk.run(desk.checked)
    said = desk.check().inner_text()
    assert said.startswith("✗ Not right yet") and "It first goes wrong at dL/dz2: every entry of dL/dz2 is exactly twice" in said
    table = [row.split("\t") for row in desk.check().locator("tr").all_inner_texts()]
    assert table[:3] == [["dL/do", "✓ right", ""], ["dL/dz2", "✗ wrong", "twice"], ["dL/dW2", "→ follows from it", "twice"]]
    assert len(table) == 8 and desk.button("Worked solution").is_disabled()

    desk.button("Hint").focus()                                                         # a hint, by keyboard
    page.keyboard.press("Enter")
    wait(lambda: "Hint 1 of 3. It is the small network again" in desk.said(), 10, "the first hint")
    assert page.evaluate("document.activeElement.textContent").startswith("Hint (2 of 3)")

    desk.button("Show me").click()                                                      # the walk, at the wrong edge
    words = desk.walk().locator(".bpviz-words")
    wait(lambda: desk.walk().count() and "twice the right" in words.inner_text(), 30, "the walk")
    assert "dL/dz2[1] = " in words.inner_text() and "Yours, times 4 for the mean over 4 rows, is " in words.inner_text()
    desk.look_at(desk.walk())
    desk.at_rest(desk.walk().get_by_role("button", name="backward"))
    desk.walk().get_by_role("button", name="backward").click()
    wait(lambda: "is the same." in words.inner_text(), 10, "the walk to go to where theirs is right")

    desk.run(answer, ROWS.answer_cell())                                                # mended, passed
    desk.run(desk.checked)
    wait(lambda: desk.check().inner_text().startswith("✓ Right"), 20, "the check to pass")
    assert desk.walk().count() == 0
    desk.button("Worked solution").click()
    wait(lambda: "noted as read" in desk.said() and "dz2 = do * o * (1 - o)" in desk.said(), 10, "the worked solution")

    kinds = [line.split('"kind": "')[1].split('"')[0] for line in (lab.folder / "lesson" / NAME).read_text().splitlines()]
    assert kinds == ["prediction", "attempt", "hint", "attempt", "solution"]


@pytest.fixture
def restarted(lab):
    with lab.open("small/restarted.ipynb") as notebook:
        notebook.run_all()
        yield Desk(notebook, "bp.check")


def test_after_a_restart_the_buttons_say_so_and_nothing_is_lost(lab, restarted):
    desk = restarted
    desk.button("Hint").click()
    wait(lambda: "Hint 1 of 3" in desk.said(), 20, "a hint")
    desk.button("Show me").click()
    wait(lambda: desk.walk().count(), 30, "the walk")
    desk.notebook.restart()
    row = desk.helps().locator(".bpviz-buttons")
    wait(lambda: not row.is_visible(), 20, "the buttons to go")
    said = desk.helps().evaluate("(e) => getComputedStyle(e, '::before').content")
    assert "The kernel was restarted. Run the cells above again, then this one (Shift+Enter)." in said
    desk.notebook.idle()
    desk.notebook.menu("Run", "Run All Cells")
    wait(row.is_visible, 30, "the buttons to be back")
    assert desk.check().inner_text().startswith("✗") and desk.walk().count() == 0
    assert desk.button("Hint").inner_text() == "Hint (2 of 3)"
    desk.notebook.save()                                                   # opened again later, with nobody behind it
    desk.notebook.menu("Kernel", "Shut Down Kernel")
    with lab.open("small/restarted.ipynb", fresh=True) as again:
        check = again.page.locator(".bpviz-check")
        check.wait_for(state="visible", timeout=60_000)
        again.page.wait_for_timeout(1500)                                  # time enough for a widget to be missed
        assert not any(one.is_visible() for one in again.page.get_by_text("Error displaying widget").all())


@pytest.fixture(scope="module")
def narrow(lab):
    with lab.open("small/narrow.ipynb") as notebook:
        notebook.run_all()
        yield Desk(notebook, "bp.check")


@pytest.mark.parametrize("width", [760, 1400])
def test_nothing_is_cut_off(narrow, width):
    """Verdict, buttons and hints within the cell, in both widths; the buttons stay where they are when a hint comes."""
    desk = narrow
    desk.page.set_viewport_size({"width": width, "height": 1000})
    desk.run(desk.checked)                                                 # no hint is shown yet
    at = desk.at_rest(desk.button("Hint"))
    desk.button("Hint").click()
    desk.helps().get_by_text("Hint 1 of 3").wait_for()
    assert desk.button("hint|Hint").bounding_box()["x"] == at["x"] and desk.button("hint|Hint").bounding_box()["y"] == at["y"]
    cut = desk.checked.evaluate("""(cell) => [...cell.querySelectorAll('.bpviz-check, .bpviz-check *, .bpviz-help button, .bpviz-why-not')]
        .filter((e) => e.tagName !== 'STYLE' && e.scrollWidth > e.clientWidth + 1 && getComputedStyle(e).display !== 'inline')
        .map((e) => e.className + ' ' + e.textContent.slice(0, 40))""")
    assert cut == []
