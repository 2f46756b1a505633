"""What a person meets besides dragging: Run All, a number out of range, the dark theme, a kernel that is gone."""
import os
import signal

import pytest
from lab import MISSING, chromium, wait, write
from test_lab import Learner

pytestmark = [pytest.mark.browser, pytest.mark.skipif(chromium() is None, reason=MISSING)]
GONE = "The kernel was restarted. Run the cells above again, then this one (Shift+Enter)."

# The height of every cell's output, and what is wrong with it, whenever that changes while the notebook runs.
WATCH = """() => { window.seen = []; let before;
  const visible = (e) => e.offsetParent !== null;
  const look = () => {
    const areas = [...document.querySelectorAll('.jp-OutputArea:has(.bpviz-picture)')].filter(visible);
    const now = areas.map((area) => { const picture = area.querySelector('.bpviz-picture canvas').getBoundingClientRect();
      const stage = area.querySelector('.bpviz-stage').getBoundingClientRect();
      return {height: Math.round(area.getBoundingClientRect().height),
              two: [...area.querySelectorAll('.bpviz-static, .widget-image')].filter(visible).length,
              gap: Math.round(stage.height - picture.height), at: Math.round(performance.now())}; });
    const key = JSON.stringify(now.map(({height, two, gap}) => [height, two, gap]));
    if (key !== before) window.seen.push(now);
    before = key;
    requestAnimationFrame(look);
  };
  look(); }"""

# The contrast of every text of a panel against what it stands on, the worst first.
CONTRAST = """(panel) => {
  const parse = (c) => (c.match(/[\\d.]+/g) || [0, 0, 0, 0]).map(Number);
  const light = ([r, g, b]) => { const f = (v) => (v /= 255) <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4;
    return 0.2126 * f(r) + 0.7152 * f(g) + 0.0722 * f(b); };
  const ground = (e) => { for (; e; e = e.parentElement) { const c = parse(getComputedStyle(e).backgroundColor);
    if (c.length < 4 || c[3] > 0.99) return c; } return [255, 255, 255]; };
  const found = [];
  for (const e of panel.querySelectorAll('*')) {
    const own = e.tagName === 'INPUT' || e.tagName === 'SELECT' ? e.value : [...e.childNodes].filter((n) => n.nodeType === 3)
      .map((n) => n.textContent).join('').trim();
    if (!own || e.tagName === 'STYLE' || e.tagName === 'OPTION' || e.offsetParent === null || e.closest('.bpviz-spoken')) continue;
    const [a, b] = [light(parse(getComputedStyle(e).color)), light(ground(e))].sort((x, y) => y - x);
    found.push([(a + 0.05) / (b + 0.05), own.slice(0, 40)]);
  }
  return found.sort(([a], [b]) => a - b); }"""

# Every two parts of a panel that are to be seen and lie over each other.
OVERLAPS = """(panel) => {
  const parts = [...panel.querySelectorAll('canvas, button, input, select, .bpviz-gone, .bpviz-hold, .bpviz-busy progress, .bpviz-words, table')]
    .filter((e) => e.checkVisibility({visibilityProperty: true}) && (e.textContent || !e.matches('div')));
  const over = (a, b) => Math.min(a.right, b.right) - Math.max(a.left, b.left) > 1 && Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top) > 1;
  const name = (e) => `${e.tagName} ${e.className} ${e.textContent.slice(0, 20)}`;
  return parts.flatMap((a, k) => parts.slice(k + 1).filter((b) => !a.contains(b) && !b.contains(a)
    && over(a.getBoundingClientRect(), b.getBoundingClientRect())).map((b) => [name(a), name(b)])); }"""


@pytest.fixture(scope="module")
def lab(jupyter):
    lab = jupyter.room("states")
    write(lab.folder, "states.ipynb", "import time, bpviz as bp\np = bp.explore.minima()\np", "w = bp.explore.chain_rule()\nw",
          "q = bp.explore.minima(picture='core', data='trident', w1=-2)\nq", "time.sleep(2)")
    write(lab.folder, "walk.ipynb", "import os, time, bpviz as bp\nprint('process', os.getpid())\nbp.explore.vanishing(depth=20, width=128)",
          "while not time.sleep(0.1): pass")
    return lab


@pytest.fixture(scope="module")
def notebook(lab):
    with lab.open("states.ipynb", fresh=True, width=1000, height=3600) as notebook:      # nothing is loaded yet
        yield notebook


def test_nothing_jumps_while_the_notebook_runs(notebook):
    """Each output has its height soon after it is there, one picture and no gap, though the kernel is still busy."""
    notebook.page.evaluate(WATCH)
    notebook.run_all()
    notebook.page.wait_for_timeout(1500)
    seen = notebook.page.evaluate("() => window.seen")
    Learner(notebook).settle()
    for k in range(2):
        states = [now[k] for now in seen if len(now) > k]
        early = [state for state in states if state["at"] < states[0]["at"] + 700]
        heights = [state["height"] for state in states if state not in early[:-1]]
        assert max(heights) - min(heights) <= 24, heights
        assert not any(state["two"] for state in states) and not any(state["gap"] > 40 for state in states if state not in early)


def test_a_number_out_of_range_gives_way_to_the_last_good_one_with_its_sentence(notebook):
    learner = Learner(notebook)
    for good, typed, sentence in (("2.5", "99", "w1: got 99; allowed is a finite number at least −6 and at most 6"),
                                  ("2.25", "", "w1: got no number; allowed is a number such as 2.25")):
        learner.number("w1").fill(good)
        learner.number("w1").press("Enter")
        wait(lambda good=good: learner.error() == "" and learner.knob("w1") == good, 10, "a good value")
        learner.number("w1").fill(typed)
        learner.number("w1").press("Enter")
        wait(lambda sentence=sentence: learner.error() == sentence, 10, sentence)
        wait(lambda good=good: learner.number("w1").input_value() == good, 5, "the last good value")
        learner.page.wait_for_timeout(700)                       # what the browser tells late changes nothing
        assert learner.number("w1").input_value() == learner.knob("w1") == good and learner.error() == sentence
    core = notebook.page.locator(".bpviz-core")
    box = core.get_by_label("w1", exact=True).and_(core.locator("input[type=number]"))
    box.fill("77")
    box.press("Enter")
    wait(lambda: "w1: got 77" in core.locator(".bpviz-error").inner_text(), 10, "the sentence of the core panel")
    wait(lambda: box.input_value() == "-2", 5, "the core panel's last good value")
    if not core.get_by_label("data set").is_visible():
        notebook.page.locator(".bpviz-core .bpviz-more:visible").click()
    core.get_by_label("data set").select_option("seesaw")
    wait(lambda: "Settled in minimum" in core.locator(".bpviz-words").inner_text(), 20, "seesaw")
    core.get_by_text("Reset").click()
    wait(lambda: "data=trident" in core.get_by_label("State").input_value(), 10, "Reset to what the cell asked for")
    assert "w1=-2;" in core.get_by_label("State").input_value() and box.input_value() == "-2"


@pytest.mark.parametrize("theme", ["JupyterLab Dark", "JupyterLab Light"])
def test_all_words_of_a_panel_can_be_read(notebook, theme):
    learner = Learner(notebook)
    notebook.menu("Settings", "Theme", theme)
    learner.page.wait_for_function(f"document.body.dataset.jpThemeName === '{theme}'")
    learner.number("w1").fill("99")
    learner.number("w1").press("Enter")
    wait(lambda: "got 99" in learner.error(), 10, "an error")
    panels = notebook.page.locator(".bpviz-panel")
    for k in range(panels.count()):
        worst = panels.nth(k).evaluate(CONTRAST)
        assert len(worst) > 20 and worst[0][0] >= 4.5, worst[:4]
    arrow = learner.panel.locator("select").first.evaluate("(e) => getComputedStyle(e).backgroundImage.includes('%23ddd')")
    assert arrow == (theme == "JupyterLab Dark")                  # the arrow is a picture, black but for this
    cut = notebook.page.evaluate("""() => [...document.querySelectorAll('.bpviz-panel .widget-label')]
        .filter((e) => e.clientWidth > 20 && e.scrollWidth > e.clientWidth + 1).map((e) => e.textContent)""")
    assert cut == []


# Of every table that is to be seen: how much of it is beyond its edge, whether that edge says so, and what a keyboard finds.
TABLES = """() => [...document.querySelectorAll('table')].filter((e) => e.offsetParent).map((e) => {
    const box = e.closest('.bpviz-table'), look = box && getComputedStyle(box);
    return {beyond: box ? box.scrollWidth - box.clientWidth : -1, named: box && box.tabIndex === 0 && Boolean(box.ariaLabel),
            signed: look && look.backgroundAttachment.includes('local') && look.backgroundAttachment.includes('scroll')}; })"""


STILLS = ".bpviz-static { display: block !important; } .bpviz-picture, .bpviz-core { display: none !important; }"


def test_a_table_fits_its_page_or_shows_that_there_is_more(lab):
    """The panels and the printed stills of a whole notebook, in outputs of three widths."""
    write(lab.folder, "tables.ipynb", "import bpviz as bp\nbp.explore.minima()", "bp.explore.chain_rule()",
          "bp.explore.minima(picture='core')", "bp.explore.saturation()")
    with lab.open("tables.ipynb", fresh=True, height=3600) as notebook:
        notebook.run_all()
        Learner(notebook).settle()
        notebook.page.evaluate("() => document.querySelectorAll('.bpviz-folds [aria-expanded=false]').forEach((e) => e.click())")
        for wide, hides in ((1400, ""), (700, ""), (360, ""), (700, STILLS), (360, STILLS)):
            style = notebook.page.add_style_tag(content=f".jp-OutputArea-output {{ max-width: {wide}px; }} {hides}")
            notebook.page.wait_for_timeout(700)
            tables = notebook.page.evaluate(TABLES)
            assert len(tables) >= 3 and all(table["named"] and table["signed"] for table in tables), (wide, hides, tables)
            assert wide == 360 or all(table["beyond"] <= 0 for table in tables), (wide, hides, tables)
            style.evaluate("e => e.remove()")


def test_what_is_said_of_a_silent_or_lost_kernel_lies_over_nothing(lab):
    """While a cell runs, and when the kernel is killed in the midst of long work and of playing: nothing moves by itself."""
    with lab.open("walk.ipynb", width=1400, height=1400) as notebook:
        page = notebook.page
        page.locator(".jp-Cell").first.click()
        page.keyboard.press("Shift+Enter")
        learner = Learner(notebook)
        learner.settle()
        tall, hold = learner.live.bounding_box()["height"], learner.live.locator(".bpviz-hold")
        page.locator(".jp-Cell .jp-InputPrompt").nth(1).click()
        page.keyboard.press("Shift+Enter")
        for wide in (1400, 900, 500):
            page.set_viewport_size({"width": wide, "height": 1400})
            page.wait_for_timeout(500)
            learner.handle(0).focus()
            page.keyboard.press("ArrowRight")
            wait(lambda: "the kernel was restarted" in hold.inner_text(), 20, "the line that there is no answer yet")
            assert learner.panel.evaluate(OVERLAPS) == []
            assert wide < 1400 or abs(learner.live.bounding_box()["height"] - tall) <= 1
        page.set_viewport_size({"width": 1400, "height": 1400})
        notebook.menu("Kernel", "Interrupt Kernel")
        wait(lambda: hold.inner_text() == "", 20, "an answer")
        learner.settle()
        busy = learner.live.locator(".bpviz-busy progress")
        learner.live.get_by_role("button", name="Train").click()
        wait(busy.is_visible, 20, "long work while it plays")
        assert learner.panel.evaluate(OVERLAPS) == []
        os.kill(int(page.locator("text=/^process [0-9]+/").first.inner_text().split()[1]), signal.SIGKILL)
        page.locator(".jp-Dialog button:has-text('Ok')").click()
        wait(lambda: learner.live.locator(".bpviz-gone").inner_text() == GONE, 20, "the line")
        page.wait_for_timeout(3000)                                                      # two steps of Play
        assert not busy.is_visible() and hold.inner_text() == "" and learner.panel.evaluate(OVERLAPS) == []
        row = learner.live.locator(".bpviz-walk")
        assert row.evaluate("e => [e.inert, getComputedStyle(e).opacity < 1]") == [True, True] and "Pause" not in row.inner_text()


def test_a_kernel_that_is_gone_is_one_line_in_the_panel(lab, notebook):
    page, learner = notebook.page, Learner(notebook)
    notebook.save()
    notebook.restart()
    wait(lambda: page.locator(".bpviz-gone").first.inner_text() == GONE, 20, "the line")
    before = page.locator("#does-not-exist, .bpviz-core").evaluate("e => getComputedStyle(e, '::before').content")
    assert GONE in before
    icons = page.evaluate("""() => [...document.querySelectorAll('.bpviz-panel .jupyter-widgets-disconnected')]
        .filter((e) => !['none', 'normal'].includes(getComputedStyle(e, '::before').content)).length""")
    assert icons == 0 and not page.locator(".bpviz-static").first.is_visible()           # the picture is there already
    box = learner.handle(0).bounding_box()
    page.mouse.move(box["x"] + 5, box["y"] + 5)
    page.mouse.down()
    page.mouse.move(box["x"] + 60, box["y"] + 5)
    page.mouse.up()
    learner.canvas.click(position={"x": 150, "y": 150}, force=True)
    page.set_viewport_size({"width": 900, "height": 3600})
    page.wait_for_timeout(600)
    assert notebook.errors == []                                                         # no "Cannot send"
    with lab.open("states.ipynb", fresh=True) as again:
        again.page.locator(".bpviz-again").first.wait_for(state="visible", timeout=20_000)
        assert again.page.locator(".bpviz-again").first.inner_text().endswith("Run the cells above again, then this one (Shift+Enter).")
        assert again.page.locator(".bpviz-static img").first.is_visible()
        assert not any(e.is_visible() for e in again.page.get_by_text("Error displaying widget").all())
