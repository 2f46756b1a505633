"""Lesson 6 in a real JupyterLab and a real Chromium, used as a learner uses it."""
import contextlib
import io
import json
import re

import nbformat
import numpy as np
import pytest
from lab import MISSING, ROOT, chromium, wait, write
from PIL import Image

pytestmark = [pytest.mark.browser, pytest.mark.skipif(chromium() is None, reason=MISSING)]
LIVE = ".bpviz-picture"


@contextlib.contextmanager
def learning(jupyter, name, *cells, words="", **more):
    """Hands and eyes on the first panel of a notebook of these code cells, opened and run, in a folder of its own.

    words: a text above the cells.  more: as Lab.open takes it.
    """
    lab = jupyter.room(name)
    write(lab.folder, f"{name}.ipynb", *cells, words=words)
    with lab.open(f"{name}.ipynb", **{"height": 1000, **more}) as notebook:
        notebook.run_all()
        learner = Learner(notebook)
        learner.settle()
        yield learner


@pytest.fixture(scope="module")
def lab(jupyter):
    return jupyter.room("lab")


class Learner:
    """Hands and eyes on the first panel of a notebook, all that folds in it unfolded."""

    def __init__(self, notebook):
        self.notebook, self.page = notebook, notebook.page
        self.panel = self.page.locator(".jp-OutputArea-output:has(.bpviz-picture)").first
        self.live = self.panel.locator(LIVE)
        self.live.wait_for(state="visible", timeout=60_000)
        self.canvas = self.live.locator("canvas")
        self.canvas.scroll_into_view_if_needed()        # a picture out of sight has no size, and asks for nothing
        wait(lambda: self.live.get_attribute("data-frame"), 30, "the first frame")
        self.unfold()

    def unfold(self):
        for closed in (".bpviz-more:not(.mod-active):visible", ".bpviz-folds [aria-expanded=false]"):
            while self.panel.locator(closed).count():
                self.panel.locator(closed).first.click()

    def words(self):
        return self.live.locator(".bpviz-words").inner_text()

    def state(self):
        return self.live.locator(".bpviz-state").input_value()

    def knob(self, name):
        found = re.search(rf"(?:^|; ){name}=([^;]+)", self.state())
        return found[1] if found else None

    def error(self):
        return self.live.locator(".bpviz-error").inner_text()

    def pixels(self):
        return np.asarray(Image.open(io.BytesIO(self.canvas.screenshot())).convert("RGB")).astype(int)

    def settle(self):
        """Wait until the picture is there, no work is under way, and no frame has come for 300 ms.

        Once in a while JupyterLab reconnects and makes a view anew; it must fill itself again, in time.
        """
        def still():
            frame = self.live.get_attribute("data-frame")
            self.page.wait_for_timeout(300)
            waits = self.live.locator(".bpviz-busy").evaluate("(bar) => bar.style.visibility !== 'hidden'")
            return frame is not None and not waits and self.live.get_attribute("data-frame") == frame
        wait(still, 60, "the picture to stand still")

    def number(self, label):
        return self.panel.get_by_label(label, exact=True).and_(self.panel.locator("input[type=number]"))

    def handle(self, k):
        handle = self.panel.locator(".noUi-handle").nth(k)
        handle.scroll_into_view_if_needed()             # the mouse goes where the screen is
        return handle

    def spot(self, w1, w2):
        """Where the point (w1, w2) of the landscape is on the screen."""
        box, inside = self.canvas.bounding_box(), self.inside
        u, v = (w1 + 6) / 12, (6 - w2) / 12
        return (box["x"] + box["width"] * (inside[0] + u * (inside[2] - inside[0])),
                box["y"] + box["height"] * (inside[1] + v * (inside[3] - inside[1])))

    @property
    def inside(self):
        """The landscape's axes in shares of the picture, measured on the picture itself: its coloured block."""
        pixels = self.pixels()
        coloured = np.ptp(pixels, axis=2) > 12
        columns = np.flatnonzero(coloured[:, : pixels.shape[1] * 6 // 10].mean(axis=0) > 0.5)
        rows = np.flatnonzero(coloured[:, columns].mean(axis=1) > 0.5)
        height, width = coloured.shape
        return columns[0] / width, rows[0] / height, (columns[-1] + 1) / width, (rows[-1] + 1) / height


@pytest.fixture(scope="module")
def lesson(lab):
    """Lesson 6 without the cells that only calculate (run as a test elsewhere), opened and run once; the tests of this
    file use its first panel one after another."""
    notebook = nbformat.read(ROOT / "lessons" / "06_local_minima.ipynb", 4)
    notebook.cells = [cell for cell in notebook.cells if cell.cell_type == "markdown"
                      or cell.source.startswith("import") or "bp.explore." in cell.source]
    nbformat.write(notebook, lab.folder / "lesson.ipynb")
    with lab.open("lesson.ipynb") as notebook:
        notebook.run_all()
        assert notebook.page.locator(".jp-mod-error").count() == 0
        yield notebook


@pytest.fixture
def learner(lesson):
    learner = Learner(lesson)
    state = learner.live.locator(".bpviz-state")
    state.fill("minima; data=seesaw; activation=sigmoid; w1=1; w2=2; rate=20; steps=500")
    state.press("Enter")
    wait(lambda: learner.words().startswith("Settled in minimum A, loss 0.0311"), 20, "the verdict after a reset")
    learner.settle()
    return learner


def test_the_panel_shows_picture_verdict_and_three_columns(learner):
    assert "the lower of two, after 191 steps" in learner.words()
    table = learner.live.locator("table").inner_text()
    assert "SymPy's derivation" in table and "backward pass" in table and "central difference" in table
    assert table.count("✓ agree") == 2
    assert learner.panel.locator(".bpviz-static").count() == 0 or not learner.page.locator(
        ".jp-OutputArea:has(.bpviz-picture) .bpviz-static").first.is_visible()
    assert learner.pixels().std() > 20


def test_arrow_keys_on_a_slider(learner):
    before = learner.pixels()
    learner.handle(0).focus()
    for _ in range(5):
        learner.page.keyboard.press("ArrowRight")
    wait(lambda: learner.knob("w1") == "1.05", 10, "w1 to be 1.05")
    learner.settle()
    assert np.abs(learner.pixels() - before).max() > 50
    assert learner.number("w1").input_value() == "1.05"


def test_dragging_a_slider_with_the_mouse(learner):
    before, box = learner.pixels(), learner.handle(0).bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    learner.page.mouse.move(x, y)
    learner.page.mouse.down()
    for k in range(1, 31):
        learner.page.mouse.move(x - 3 * k, y)
    learner.page.mouse.up()
    wait(lambda: float(learner.knob("w1")) < -2, 10, "w1 to be far left")
    wait(lambda: learner.words().startswith("Settled in minimum B, loss 0.0542"), 10, "minimum B")
    learner.settle()
    assert float(learner.number("w1").input_value()) == float(learner.knob("w1"))
    assert np.abs(learner.pixels() - before).max() > 50


def test_dragging_the_start_in_the_picture(learner):
    mouse, start, end = learner.page.mouse, np.array(learner.spot(1, 2)), np.array(learner.spot(-3, 3))
    mouse.move(*start)
    mouse.down()
    for share in np.linspace(0, 1, 25):
        mouse.move(*(start + share * (end - start)))
    mouse.up()
    wait(lambda: abs(float(learner.knob("w1")) + 3) < 0.06, 10, "w1 near -3")
    learner.settle()
    assert abs(float(learner.knob("w2")) - 3) < 0.06
    assert learner.words().startswith("Settled in minimum B, loss 0.0542")
    x, y = (int(v) for v in np.array(learner.spot(-3, 3)) - [learner.canvas.bounding_box()[k] for k in "xy"])
    orange = np.abs(learner.pixels()[y - 3:y + 4, x - 3:x + 4] - [230, 159, 0]).sum(axis=2)
    assert (orange < 40).mean() > 0.8                 # the start's square is where it was dropped


def test_the_paths_end_is_where_the_verdict_says(learner):
    """The ring of the end lies around minimum A's circle, at (3.36, -1.44), and its letter is to be seen."""
    x, y = (int(v) for v in np.array(learner.spot(3.3618, -1.445)) - [learner.canvas.bounding_box()[k] for k in "xy"])
    around = learner.pixels()[y - 18:y + 19, x - 18:x + 19]
    radius = np.hypot(*np.mgrid[-18:19, -18:19])
    warm = np.abs(around - [213, 94, 0]).sum(axis=2) < 60
    assert warm[(radius > 13) & (radius < 15)].mean() > 0.5 and not warm[radius < 7].any()
    assert (around.sum(axis=2)[radius < 7] < 250).sum() > 12


def test_arrow_keys_in_the_picture(learner):
    learner.canvas.focus()
    learner.page.keyboard.press("ArrowLeft")
    wait(lambda: learner.knob("w1") == "0.95", 10, "w1 to be 0.95")
    learner.page.keyboard.press("Shift+ArrowUp")
    wait(lambda: learner.knob("w2") == "2.5", 10, "w2 to be 2.5")


def test_a_typed_number_is_kept_exactly(learner):
    learner.number("learning rate").fill("3.777")
    learner.number("learning rate").press("Enter")
    wait(lambda: learner.knob("rate") == "3.777", 10, "the rate as typed")
    learner.settle()
    assert learner.knob("rate") == "3.777" and learner.number("learning rate").input_value() == "3.777"


def test_a_number_out_of_range_is_answered_in_a_sentence(learner):
    learner.number("w1").fill("99")
    learner.number("w1").press("Enter")
    wait(lambda: learner.error() == "w1: got 99; allowed is a finite number at least −6 and at most 6", 10, "the sentence")
    assert learner.words().startswith("Settled in minimum A") and learner.knob("w1") == "1"
    learner.number("w1").fill("-2.5")
    learner.number("w1").press("Enter")
    wait(lambda: learner.error() == "" and learner.knob("w1") == "-2.5", 10, "the error to go")


def test_menus_change_the_landscape(learner):
    learner.panel.get_by_label("data set").select_option("trident")
    wait(lambda: learner.knob("data") == "trident" and learner.knob("rate") == "2", 20, "trident with its rate")
    wait(lambda: "minimum" in learner.words(), 20, "a verdict on trident")
    learner.panel.get_by_label("data set").select_option("linear saddle")
    wait(lambda: "valley floor" in learner.words() and learner.knob("activation") == "identity", 20, "the valley")


def test_the_path_is_scrubbed_and_played_and_a_row_is_looked_at_alone(learner):
    """By the mouse in the picture, and by the sliders' keys."""
    live, mouse = learner.live, learner.page.mouse
    places = {place["knobs"][0] + place["kind"]: place for place in json.loads(live.get_attribute("data-places"))}

    def at(place, u, v):
        box, (left, top, right, bottom) = learner.canvas.bounding_box(), place["inside"]
        return box["x"] + box["width"] * (left + u * (right - left)), box["y"] + box["height"] * (bottom - v * (bottom - top))
    steps = places["momentslide"]
    mouse.move(*at(steps, 0.9, 0.5))
    mouse.down()
    for u in (0.8, 0.6, 0.4):
        mouse.move(*at(steps, u, 0.5))
        learner.page.wait_for_timeout(30)
    mouse.up()
    wanted = steps["across"][round(0.4 * (len(steps["across"]) - 1))]
    wait(lambda: abs(int(learner.knob("moment")) - wanted) <= 1, 10, "the step under the pointer")
    learner.settle()
    live.get_by_text("Play", exact=True).click()
    before = int(learner.knob("moment"))
    wait(lambda: int(learner.knob("moment")) > before + 2, 10, "the steps to go by")
    live.get_by_text("Pause", exact=True).click()
    learner.settle()
    value, x0, y0, x1, y1 = next(place for place in json.loads(live.get_attribute("data-places"))
                                 if place["kind"] == "pick")["spots"][1]
    points = next(place for place in json.loads(live.get_attribute("data-places")) if place["kind"] == "pick")
    whole = learner.pixels()
    mouse.click(*at(points, (x0 + x1) / 2, (y0 + y1) / 2))
    wait(lambda: learner.knob("row") == str(value), 10, "the row that was clicked")
    learner.settle()
    assert (learner.pixels() != whole).any(axis=2).mean() > 0.1                # another landscape
    mouse.click(*at(points, (x0 + x1) / 2, (y0 + y1) / 2))
    wait(lambda: learner.knob("row") == "0", 10, "the whole again, by a second click")
    learner.number("look at step").fill("3")
    learner.number("look at step").press("Enter")
    wait(lambda: learner.knob("moment") == "3", 10, "the step that was typed")
    assert learner.error() == ""


def test_a_weight_is_pulled_aside_while_the_network_trains(learner):
    """The dot of the step looked at is dragged: the path bends, and the words say where it goes from there."""
    learner.number("look at step").fill("3")
    learner.number("look at step").press("Enter")
    wait(lambda: learner.knob("moment") == "3", 10, "step 3")
    learner.settle()
    place = next(one for one in json.loads(learner.live.get_attribute("data-places")) if one["kind"] == "pull")
    (left, top, right, bottom), (_, x0, y0, x1, y1) = place["inside"], place["spots"][0]
    box, mouse = learner.canvas.bounding_box(), learner.page.mouse
    spot = (box["x"] + box["width"] * (left + (x0 + x1) / 2 * (right - left)),
            box["y"] + box["height"] * (bottom - (y0 + y1) / 2 * (bottom - top)))
    mouse.move(*spot)
    mouse.down()
    for k in range(1, 9):
        mouse.move(spot[0] - 12 * k, spot[1] - 2 * k)
        learner.page.wait_for_timeout(30)
    mouse.up()
    wait(lambda: "it now ends in B, without the push in A." in learner.words(), 20, "the other minimum")
    assert learner.knob("w1") == "1" and float(learner.knob("push1")) < -1.5 and learner.error() == ""
    learner.live.get_by_role("button", name="Undo", exact=True).click()                    # a drag of two knobs is one move
    wait(lambda: "Pushed" not in learner.words() and learner.knob("push1") == "0", 10, "the push undone")


def test_nonsense_in_the_state_is_answered_in_a_sentence(learner):
    state, before = learner.live.locator(".bpviz-state"), learner.pixels()
    for nonsense, sentence in (("hello", "state: got 'hello' first"), ("minima; w1=99", "w1: got 99; allowed"),
                               ("minima; dta=x", "did you mean 'data'"), ("", "state: got '' first")):
        state.fill(nonsense)
        state.press("Enter")
        wait(lambda sentence=sentence: sentence in learner.error(), 10, sentence)
    assert learner.words().startswith("Settled in minimum A")
    learner.handle(0).focus()
    learner.page.keyboard.press("ArrowRight")
    wait(lambda: learner.error() == "", 10, "the error to go with the next move")
    assert before.shape == learner.pixels().shape                 # nothing jumped


def test_the_longest_descent_does_not_queue(learner):
    """10,000 steps that never settle take several slices; while dragging, the newest value wins."""
    learner.live.locator(".bpviz-state").fill("minima; data=seesaw; w1=-5; w2=5; rate=0.01; steps=10000")
    learner.live.locator(".bpviz-state").press("Enter")
    wait(lambda: "after 10,000 steps" in learner.words(), 20, "the long descent")
    box = learner.handle(0).bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    learner.page.mouse.move(x, y)
    learner.page.mouse.down()
    for k in range(1, 60):
        learner.page.mouse.move(x + k, y)
    learner.page.mouse.up()
    final = float(learner.number("w1").input_value())
    assert final > -4
    wait(lambda: float(learner.knob("w1")) == final and "after 10,000 steps" in learner.words(), 5, "the last value")


def test_narrow_and_wide(learner):
    learner.page.set_viewport_size({"width": 700, "height": 1000})
    wait(lambda: learner.canvas.bounding_box()["height"] > learner.canvas.bounding_box()["width"], 10, "the narrow layout")
    learner.settle()
    panel, canvas = learner.panel.bounding_box(), learner.canvas.bounding_box()
    assert canvas["width"] <= panel["width"] + 1
    learner.page.set_viewport_size({"width": 1400, "height": 1000})
    wait(lambda: learner.canvas.bounding_box()["width"] > learner.canvas.bounding_box()["height"], 10, "the wide layout")
    learner.settle()


def test_every_control_has_an_accessible_name(learner):
    nameless = learner.panel.evaluate("""panel => [...panel.querySelectorAll('input, select, button, canvas, .noUi-handle')]
        .filter(e => !e.getAttribute('aria-label') && !e.textContent.trim() && !(e.labels && e.labels.length
                     && e.labels[0].textContent.trim())).map(e => e.outerHTML.slice(0, 120))""")
    assert nameless == []
    wait(lambda: "Settled in minimum A" in learner.canvas.get_attribute("aria-label"), 5, "the picture's own words")
    spoken = learner.live.locator(".bpviz-spoken[role=status]")
    learner.handle(0).focus()
    learner.page.keyboard.press("ArrowRight")
    wait(lambda: spoken.inner_text().startswith("Settled in minimum A"), 10, "the words to be read aloud")
    wait(lambda: spoken.inner_text() == "" and learner.words().startswith("Settled in minimum A"), 10, "them to stand in one place")


BROKEN = """
import bpviz as bp
from bpviz.calculus.activations import Activation

def value(xp, z):
    raise RuntimeError("this activation is broken")

bp.ACTIVATIONS["broken"] = Activation("broken", value, value, "", "")
panel = bp.explore.minima()
panel
"""
CORE = "bp.explore.minima(picture='core')"
STATE = """
p = bp.explore.minima(data='trident', w1=0.25)
q = bp.explore.minima(state=p.state)
print('same' if q.state == p.state else 'other')
"""
NO_SCRIPT = """
from bpviz.widgets.picture import Picture
Picture._esm = 'throw new Error("custom widgets are switched off")'
bp.explore.minima()
"""


@pytest.fixture(scope="module")
def panels(lab):
    """A notebook of panels that something is the matter with."""
    write(lab.folder, "panels.ipynb", *map(str.strip, (BROKEN, CORE, STATE, NO_SCRIPT)))
    with lab.open("panels.ipynb") as notebook:
        notebook.run_all()
        yield notebook


def cell(notebook, k):
    return notebook.page.locator(".jp-CodeCell").nth(k)


def test_a_broken_activation_shows_its_error_line(panels):
    learner = Learner(panels)
    before = learner.pixels()
    learner.panel.get_by_label("activation f").select_option("broken")
    wait(lambda: learner.error() == "RuntimeError: this activation is broken", 10, "the error line")
    menu = learner.panel.get_by_label("activation f")
    wait(lambda: menu.input_value() == "sigmoid", 5, "the menu to go back to what the picture shows")
    assert np.abs(learner.pixels() - before).max() < 60
    menu.select_option("tanh")
    wait(lambda: learner.error() == "" and "activation=tanh" in learner.state(), 10, "the error to go")


def test_the_state_rebuilds_in_another_cell(panels):
    assert cell(panels, 2).locator(".jp-OutputArea-output pre").last.inner_text().strip() == "same"


def test_without_the_live_picture_the_core_panel_works(panels):
    core = cell(panels, 1)
    image = core.locator(".jp-OutputArea-output .widget-image").first
    image.wait_for(state="visible")
    first = image.get_attribute("src")
    core.locator(".noUi-handle").nth(0).focus()
    panels.page.keyboard.press("ArrowLeft")              # w1 = 0.99; at 0.97 it is minimum B
    wait(lambda: image.get_attribute("src") != first, 10, "a new core image")
    assert "Settled in minimum A" in core.locator(".bpviz-core-table").inner_text()


def test_when_custom_widgets_cannot_load_the_core_image_takes_over(panels):
    """The script replaced by a script that throws: after a few seconds the core image is there, and works."""
    last = cell(panels, 3)
    image = last.locator(".jp-OutputArea-output .widget-image").first
    image.wait_for(state="visible", timeout=15_000)
    first = image.get_attribute("src")
    last.locator(".noUi-handle").nth(0).focus()
    panels.page.keyboard.press("ArrowLeft")
    wait(lambda: image.get_attribute("src") != first, 10, "a new core image")


def test_the_picture_survives_restart_and_reopen(lab):
    write(lab.folder, "still.ipynb", "import bpviz as bp\npanel = bp.explore.minima()\npanel")
    with lab.open("still.ipynb") as notebook:
        notebook.run_all()
        learner, page = Learner(notebook), notebook.page
        learner.number("w1").fill("-3")
        learner.number("w1").press("Enter")
        wait(lambda: learner.words().startswith("Settled in minimum B"), 10, "minimum B")
        still = page.locator(".bpviz-static img")
        wait(lambda: "minimum B" in still.first.get_attribute("alt"), 10, "the still picture of the last state")
        assert not still.first.is_visible()
        notebook.save()
        notebook.restart()
        gone = page.locator(".bpviz-gone")
        wait(lambda: "The kernel was restarted" in gone.first.inner_text(), 20, "the line about the kernel")
        assert learner.canvas.is_visible() and not still.first.is_visible() and learner.words().startswith("Settled in minimum B")
        with lab.open("still.ipynb", fresh=True) as again:
            picture = again.page.locator(".bpviz-static img").first
            picture.wait_for(state="visible", timeout=20_000)
            assert "Settled in minimum B" in picture.get_attribute("alt")
            assert picture.evaluate("image => image.naturalWidth") > 500
            assert "✓ agree" in again.page.locator(".bpviz-static table").inner_text()
