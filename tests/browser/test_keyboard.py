"""A panel without a mouse: Tab comes to every control, each has a name, and none of them holds the keys back."""
import pytest
from lab import MISSING, chromium, wait, write

pytestmark = [pytest.mark.browser, pytest.mark.skipif(chromium() is None, reason=MISSING)]

# What can be worked in a panel now: each with a number of its own.
MARKED = """(panel) => {
  const all = [...panel.querySelectorAll('button, input, select, summary, canvas, .noUi-handle, [tabindex="0"]')];
  const seen = all.filter((e) => e.checkVisibility({visibilityProperty: true}) && e.tabIndex >= 0 && !e.closest('[inert]') && !e.disabled);
  seen.forEach((e, k) => { e.dataset.walked = k; });
  return seen.length; }"""

# Where the keys go: the number of the control, what a screen reader calls it, whether a ring is around it.
HERE = """() => {
  const e = document.activeElement, look = getComputedStyle(e), labels = [...(e.labels || [])].map((label) => label.textContent);
  return {walked: e.dataset.walked === undefined ? null : Number(e.dataset.walked), tag: e.tagName, panel: !!e.closest('.bpviz-panel'),
    name: (e.getAttribute('aria-label') || labels.join(' ') || e.textContent || e.title || '').trim(),
    ring: look.outlineStyle !== 'none' && parseFloat(look.outlineWidth) >= 2}; }"""


@pytest.fixture(scope="module")
def page(jupyter):
    lab = jupyter.room("keyboard")
    write(lab.folder, "keys.ipynb", "import bpviz as bp\nbp.explore.minima()", "after = 1")
    with lab.open("keys.ipynb", fresh=True, width=1400, height=1000) as notebook:
        notebook.run_all()
        live = notebook.page.locator(".bpviz-picture")
        wait(lambda: live.get_attribute("data-frame") and live.locator(".bpviz-words strong").count(), 60, "a frame")
        yield notebook.page


def walk(page, panel, key, many):
    """What has the keys after each of so many presses, as long as it is in the panel."""
    found = []
    for _ in range(many):
        page.keyboard.press(key)
        here = page.evaluate(HERE)
        if not here["panel"]:
            break
        found.append(here)
    return found


def test_tab_comes_to_every_control_and_out_again(page):
    panel = page.locator(".bpviz-panel")
    panel.get_by_role("button", name="more").focus()
    page.keyboard.press("Enter")                                    # with the rare knobs
    wait(lambda: panel.locator(".noUi-handle:not([aria-label])").count() == 0, 30, "the names of the sliders")
    count = panel.evaluate(MARKED)
    assert count > 30
    panel.locator("[data-walked='0']").focus()
    first = page.evaluate(HERE)
    met = [first, *walk(page, panel, "Tab", 2 * count)]
    assert [here["walked"] for here in met if here["walked"] is not None] == list(range(count))
    assert len(met) < 2 * count                                     # and then the keys are out of the panel
    assert not [here for here in met if not here["name"]]
    assert not [here for here in met if not here["ring"]]
    back = walk(page, panel, "Shift+Tab", 2 * count)
    assert [here["walked"] for here in back if here["walked"] is not None] == list(range(count))[::-1]


def test_the_picture_takes_arrows_and_lets_go(page):
    panel = page.locator(".bpviz-panel")
    canvas, state = panel.locator("canvas"), panel.locator(".bpviz-state")
    canvas.focus()
    assert canvas.get_attribute("role") == "application" and canvas.get_attribute("aria-label")
    before = state.input_value()
    page.keyboard.press("ArrowRight")
    wait(lambda: state.input_value() != before, 10, "the start to move")
    page.keyboard.press("Tab")
    assert page.evaluate(HERE)["tag"] != "CANVAS" and page.evaluate(HERE)["panel"]
    canvas.focus()
    page.keyboard.press("Shift+Tab")
    assert page.evaluate(HERE)["tag"] != "CANVAS"
    canvas.focus()
    page.keyboard.press("Escape")
    page.keyboard.press("Tab")
    assert page.evaluate(HERE)["tag"] != "CANVAS"


@pytest.mark.parametrize("name", ["Reset", "numbers"])
def test_shift_enter_after_a_button_runs_the_cell_and_goes_on(page, name):
    panel = page.locator(".bpviz-panel")
    button = panel.get_by_role("button", name=name, exact=True)
    button.focus()
    page.keyboard.press("Enter")
    runs = page.locator(".jp-CodeCell .jp-InputPrompt").first.inner_text()
    page.keyboard.press("Shift+Enter")
    wait(lambda: page.locator(".jp-CodeCell .jp-InputPrompt").first.inner_text() not in (runs, "[*]:"), 30, "the cell to run again")
    assert page.locator(".jp-Cell.jp-mod-active").inner_text().strip().endswith("after = 1")
