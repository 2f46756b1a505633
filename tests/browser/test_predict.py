"""Predictions in a real JupyterLab: not to be seen before the commit, confirmed at once, kept for good."""
import json
import math
import shutil
import time

import pytest
from lab import MISSING, ROOT, chromium, wait, write

pytestmark = [pytest.mark.browser, pytest.mark.skipif(chromium() is None, reason=MISSING)]
SETUP = "import own_lesson\nown_lesson.install()\nimport bpviz as bp"
CELLS = (SETUP, 'bp.predict("L99-p1")', 'bp.predict("L99-p2")', 'bp.predict("L99-p3")', 'curve = bp.sketch("L99-q8")',
         'print("the end is reached")')
# what tells the outcome: the sentences, the truth's numbers, the panel, and what is said of options
OUTCOMES = ("OUTCOME", "this happens:", "It is 0.25", "Settled in minimum", "Not so wild")


@pytest.fixture(scope="module")
def lab(jupyter):
    lab = jupyter.room("predict")
    shutil.copy(ROOT / "tests" / "own_lesson.py", lab.folder)
    return lab


class Asked:
    """Hands and eyes on the predictions of a notebook."""

    def __init__(self, notebook):
        self.notebook, self.page = notebook, notebook.page

    def part(self, k):
        return self.page.locator(".bpviz-asked").nth(k)

    def state(self, k):
        return self.part(k).get_attribute("data-state")

    def says(self, k):
        return self.part(k).inner_text()

    def button(self, k):
        return self.part(k).locator(".bpviz-asked-commit")

    def draw(self, k, height):
        """Draw height(u), shares of the plot, with the mouse from edge to edge."""
        canvas = self.part(k).locator("canvas")
        canvas.scroll_into_view_if_needed()
        box, mouse = canvas.bounding_box(), self.page.mouse
        margin = float(canvas.get_attribute("data-left"))
        left, width, top, tall = box["x"] + margin, box["width"] - margin - 18, box["y"] + 14, box["height"] - 60
        for j in range(41):
            mouse.move(left + width * j / 40, top + tall * (1 - height(j / 40)))
            if j == 0:
                mouse.down()
        mouse.up()

    def restart(self):
        self.notebook.restart()
        self.notebook.idle()

    def print(self, code):
        """What the last cell prints when it is made of this code and run."""
        editor = self.page.locator(".jp-CodeCell").last.locator(".cm-content")
        editor.click()
        self.page.keyboard.press("Control+a")
        self.page.keyboard.insert_text(code)
        self.page.keyboard.press("Control+Enter")
        self.notebook.idle()
        return self.page.locator(".jp-CodeCell").last.locator(".jp-OutputArea-output").last.inner_text().strip()


@pytest.fixture(scope="module")
def wire():
    """What the kernel has sent over the websockets."""
    return []


@pytest.fixture(scope="module")
def learner(lab, wire):
    """One notebook, run once; the tests use it one after another."""
    write(lab.folder, "lesson.ipynb", *CELLS)

    def heard(payload):
        wire.append(payload if isinstance(payload, bytes) else payload.encode())
    with lab.open("lesson.ipynb", fresh=True, heard=heard) as notebook:
        notebook.run_all()
        learner = Asked(notebook)
        learner.part(3).wait_for()
        learner.page.wait_for_timeout(3000)                   # a learner thinks; the kernel imports ahead
        yield learner


def test_the_outcome_is_not_there_before_the_commit(lab, learner, wire):
    """Not on the page, not in what came over the wire, not in the notebook's file; and Run All reaches the end."""
    assert "the end is reached" in learner.page.content() and len(wire) > 30
    learner.notebook.menu("File", "Save Notebook")
    wait(lambda: "Not answered yet" in (lab.folder / "lesson.ipynb").read_text(), 10, "the saved notebook")
    places = {"page": learner.page.content(), "file": (lab.folder / "lesson.ipynb").read_text(),
              "wire": b"".join(wire).decode("utf-8", "replace")}
    assert all("How large is the slope of the sigmoid" in text for text in places.values())      # so they can be read
    assert [(word, name) for word in OUTCOMES for name, text in places.items() if word in text] == []
    assert learner.page.locator(".bpviz-picture").count() == 0
    assert not (lab.folder / "bpviz_answers.jsonl").exists()
    assert [learner.state(k) for k in range(4)] == ["asks"] * 4
    assert [learner.button(k).is_disabled() for k in range(3)] == [True] * 3
    assert learner.page.locator(".bpviz-asked-static:visible").count() == 0          # no question twice


def test_every_control_has_a_name(learner):
    for k in range(4):
        nameless = learner.part(k).evaluate("""part => [...part.querySelectorAll('input, button, canvas, fieldset')]
            .filter(e => !e.getAttribute('aria-label') && !e.getAttribute('aria-labelledby') && !e.textContent.trim()
                && !(e.labels && e.labels.length && e.labels[0].textContent.trim())).map(e => e.outerHTML.slice(0, 120))""")
        assert nameless == []
    names = learner.page.evaluate("""[...document.querySelectorAll('.bpviz-asked')].map(part =>
        [...new Set([...part.querySelectorAll('input[type=radio]')].map(e => e.name))])""")
    assert len({name for part in names for name in part}) == sum(map(len, names)) == 4      # else one would switch another


def test_a_choice_committed_by_mouse(lab, learner, wire):
    one = learner.part(0)
    one.get_by_label("In the lower minimum").check()
    assert learner.button(0).is_disabled() and "say how sure you are" in learner.says(0)
    one.get_by_label("sure", exact=True).check()
    began = time.perf_counter()
    learner.button(0).click()
    wait(lambda: "OUTCOME-ONE" in learner.says(0), 10, "the outcome", step=0.005)
    words_ms = 1000 * (time.perf_counter() - began)
    learner.page.locator(".bpviz-picture[data-frame]").wait_for()
    panel_ms = 1000 * (time.perf_counter() - began)
    print(f"outcome after {words_ms:.0f} ms, panel after {panel_ms:.0f} ms")
    assert words_ms < 1000 and panel_ms < 8000
    said = learner.says(0)
    assert "✗ Not so, and you were sure" in said and "you said so" in said and "this happens" in said
    assert not learner.button(0).is_visible() and one.locator("input:visible").count() == 0
    wait(lambda: "Settled in minimum B" in learner.page.locator(".bpviz-words").first.inner_text(), 10, "the live panel")
    assert any(b"OUTCOME-ONE" in frame for frame in wire)
    event, = map(json.loads, (lab.folder / "bpviz_answers.jsonl").read_text().splitlines())
    assert event == {"kind": "prediction", "id": "L99-p1", "answer": "In the lower minimum", "sure": 2}


def test_a_number_committed_by_keyboard_alone(learner):
    """With a decimal comma; letters typed into the field are no shortcuts of the page."""
    box, keys = learner.part(1).locator(".bpviz-asked-number"), learner.page.keyboard
    cells = learner.page.locator(".jp-Cell").count()
    box.focus()
    keys.type("abdd")
    assert "write a number from 0 to 1000" in learner.says(1) and learner.page.locator(".jp-Cell").count() == cells
    keys.press("Control+a")
    keys.type("0,3")
    keys.press("Tab")
    keys.press("ArrowRight")                              # "a guess" had the focus; now "rather sure"
    keys.press("Tab")
    assert learner.page.evaluate("document.activeElement.textContent") == "Commit"
    keys.press("Enter")
    wait(lambda: "You said 0.3. It is 0.25." in learner.says(1), 10, "the outcome")
    assert "rather sure" in learner.says(1)
    assert learner.page.evaluate("document.activeElement.className") == "bpviz-asked-outcome"     # read aloud, not lost


def test_a_curve_committed_by_mouse(learner):
    learner.draw(2, lambda u: 0.5 + 0.4 * math.cos(6 * u))
    learner.part(2).get_by_label("a guess").check()
    before = learner.part(2).locator("canvas").screenshot()
    learner.button(2).click()
    wait(lambda: "OUTCOME-THREE" in learner.says(2), 10, "the outcome")
    assert "yours" in learner.says(2) and "what happens" in learner.says(2)
    warm = """canvas => { const d = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height).data;
        let warm = 0, cool = 0;
        for (let k = 0; k < d.length; k += 4) {
          if (d[k] > 190 && d[k + 1] < 120 && d[k + 2] < 60) warm += 1;
          if (d[k] < 60 && d[k + 1] > 90 && d[k + 2] > 150) cool += 1;
        }
        return [warm, cool]; }"""
    warm, cool = learner.part(2).locator("canvas").evaluate(warm)
    assert warm > 500 and cool > 500 and before                             # both curves are on the canvas
    assert "what happens" in learner.part(2).locator("canvas").get_attribute("aria-label")


def test_a_sketch_by_mouse_and_by_keys(learner):
    learner.draw(3, lambda u: u)
    code = "from bpviz.coursework.course import exercises; p = curve.points; print(len(p), exercises()['L99-q8'].judge(curve, None).status)"
    assert learner.print(code) == "97 right"
    learner.part(3).locator(".bpviz-asked-clear").click()
    canvas, keys = learner.part(3).locator("canvas"), learner.page.keyboard
    canvas.focus()
    for _ in range(4):
        keys.press("Shift+ArrowDown")
    for _ in range(16):
        keys.press("Shift+ArrowRight")
        keys.press("ArrowUp")
    learner.page.wait_for_timeout(800)
    code = "print(len(curve.points), [round(100 * curve.points[k][1]) for k in (0, 48, 96)])"
    assert learner.print(code) == "97 [1, 5, 10]"             # 0.02, 0.18 and 0.34 of 0.3
    assert learner.part(3).locator("[role=status]").first.inner_text() == "rate 12: 0.102"


def test_restart_rename_and_a_copied_folder_keep_the_answer(lab, learner):
    learner.restart()
    wait(lambda: "OUTCOME-ONE" in learner.says(0), 5, "the outcome, still there without its kernel")
    learner.notebook.run_all()
    for k, name in enumerate(("ONE", "TWO", "THREE")):
        wait(lambda k=k, name=name: f"OUTCOME-{name}" in learner.says(k), 20, f"outcome {name} at once")
    assert learner.page.locator(".bpviz-asked-commit:visible").count() == 0
    shutil.copytree(lab.folder, lab.folder.parent / "copy")
    shutil.move(lab.folder.parent / "copy", lab.folder / "copied")
    (lab.folder / "copied" / "lesson.ipynb").rename(lab.folder / "copied" / "renamed.ipynb")
    with lab.open("copied/renamed.ipynb") as notebook:
        notebook.run_all()
        other = Asked(notebook)
        wait(lambda: "You said 0.3" in other.says(1), 20, "the answer in the copy")
    assert len((lab.folder / "bpviz_answers.jsonl").read_text().splitlines()) == 3


def test_reopened_without_a_kernel_the_still_is_there(lab, learner):
    learner.notebook.menu("File", "Save Notebook")
    wait(lambda: "OUTCOME-THREE" in (lab.folder / "lesson.ipynb").read_text(), 10, "the saved notebook")
    write(lab.folder, "still.ipynb")
    (lab.folder / "still.ipynb").write_text((lab.folder / "lesson.ipynb").read_text())
    with lab.open("still.ipynb", fresh=True) as again:
        page = again.page
        page.locator(".bpviz-asked-static").first.wait_for(state="visible")
        page.locator(".bpviz-asked-static img").first.wait_for(state="visible")              # both curves
        page.wait_for_timeout(1500)                                        # time enough for a widget to be missed
        text = page.locator(".jp-Notebook").inner_text()
        assert "You said 0.3. It is 0.25." in text and "✓ In the higher minimum" in text and "(this happens)" in text
        assert "model not found" not in text and "Loading widget" not in text and page.locator(".bpviz-asked").count() == 0
        assert page.locator("figure.bpviz-static img").first.evaluate("image => image.naturalWidth") > 500


@pytest.fixture
def alone(lab):
    """A notebook in a folder without answers; its last cell runs until the folder has a file `enough`."""
    folder = lab.folder / "alone"
    folder.mkdir()
    shutil.copy(ROOT / "tests" / "own_lesson.py", folder)
    write(folder, "a.ipynb", SETUP, 'bp.predict("L99-p1")', 'bp.predict("L99-p2")', 'bp.predict("L99-p3")',
          "import pathlib, time\nwhile not pathlib.Path('enough').exists():\n    time.sleep(0.02)")
    with lab.open("alone/a.ipynb") as notebook:
        yield Asked(notebook)


def test_a_busy_kernel_and_a_dead_one_lose_nothing(lab, alone):
    """A click is confirmed at once while a cell runs; what never reached a kernel that died is sent to the next one."""
    learner, enough = alone, lab.folder / "alone" / "enough"
    kept = enough.with_name("bpviz_answers.jsonl")
    learner.notebook.menu("Run", "Run All Cells")
    one, two = learner.part(0), learner.part(1)
    one.get_by_label("In the higher minimum").check()
    one.get_by_label("rather sure").check()
    began = time.perf_counter()
    learner.button(0).click()
    wait(lambda: learner.state(0) == "kept", 3, "the lock", step=0.005)
    print(f"confirmed after {1000 * (time.perf_counter() - began):.0f} ms, the kernel being busy")
    assert time.perf_counter() - began < 1 and "Kept. It is shown as soon as the running cells are done." in learner.says(0)
    assert one.locator("input:enabled").count() == 0 and not learner.button(0).is_visible()
    enough.touch()
    wait(lambda: "OUTCOME-ONE" in learner.says(0), 20, "the outcome when the cell is over")
    assert "✓ Right, and you were rather sure." in learner.says(0)
    assert len(kept.read_text().splitlines()) == 1

    learner.notebook.idle()
    enough.unlink()
    learner.page.locator(".jp-CodeCell").last.locator(".cm-content").click()
    learner.page.keyboard.press("Control+Enter")                            # busy once more
    two.locator(".bpviz-asked-number").fill("0.25")
    two.get_by_label("a guess").check()
    learner.button(1).click()
    wait(lambda: learner.state(1) == "kept", 3, "the lock")
    learner.part(2).get_by_label("sure", exact=True).check()
    learner.restart()
    for k in (1, 2):
        wait(lambda k=k: "The kernel was restarted: run the cells above again, then this one (Shift+Enter)" in learner.says(k), 10, "that line")
    assert learner.part(2).get_by_label("sure", exact=True).is_checked() and learner.button(2).is_disabled()
    assert "OUTCOME-ONE" in learner.says(0)
    assert len(kept.read_text().splitlines()) in (1, 2)                     # 2: its listening thread was quicker than its end
    enough.touch()
    learner.notebook.run_all()
    wait(lambda: "You said 0.25, and so it is." in learner.says(1), 20, "the commit to reach the new kernel")
    assert len(kept.read_text().splitlines()) == 2
    wait(lambda: learner.state(2) == "asks", 10, "the third question")
    assert learner.part(2).get_by_label("sure", exact=True).is_checked()
