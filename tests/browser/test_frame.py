"""The frame around every picture: one screen, folds, the buttons under it."""
from pathlib import Path

import pytest
from lab import MISSING, chromium, wait, write
from shared import framed

from bpviz.explorers import all_explorers
from bpviz.plots.layout import SIDE_BY_SIDE
from bpviz.widgets.live import drawn, high

pytestmark = [pytest.mark.browser, pytest.mark.skipif(chromium() is None, reason=MISSING)]
EXPLORERS = list(all_explorers())
LITTLE = {"cure": "depth=3, width=4", "basins": "steps=10", "escape": "steps=10"}      # all of them work in one kernel
MOST = 640                              # CSS pixels, of a panel in a window of 1400 x 800

# Of a panel: its height from title to folds, how many rows its knobs take, and that its verdict stands above its picture.
FRAME = """(panel) => {
  const box = (e) => e.getBoundingClientRect(), live = panel.querySelector('.bpviz-picture');
  const knobs = [...panel.querySelectorAll('.bpviz-main > *')].filter((e) => e.offsetParent);
  const title = panel.querySelector('.bpviz-title');
  return {height: box(panel).height, rows: new Set(knobs.map((e) => Math.round((box(e).top - box(knobs[0]).top) / 20))).size, knobs: knobs.length,
    lines: Math.round(box(title).height / parseFloat(getComputedStyle(title.querySelector('h3')).lineHeight)),
    above: box(live.querySelector('canvas')).top - box(live.querySelector('.bpviz-words')).bottom,
    say: box(live.querySelector('.bpviz-say')).height, title: box(title).height, controls: box(panel.querySelector('.bpviz-controls')).height,
    tools: box(live.querySelector('.bpviz-tools')).height, picture: box(live.querySelector('canvas')).height,
    bold: live.querySelector('.bpviz-words strong').textContent, words: live.querySelector('.bpviz-words').textContent}; }"""


@pytest.fixture(scope="module")
def page(jupyter):
    """A notebook of all explorers in a window of 1400 x 800."""
    lab = jupyter.room("frame")
    write(lab.folder, "frame.ipynb", *[f"import bpviz as bp\nbp.explore.{name}({LITTLE.get(name, '')})" for name in EXPLORERS])
    with lab.open("frame.ipynb", fresh=True, width=1400, height=800) as notebook:
        notebook.run_all()
        yield notebook.page


def panel(page, name):
    """The panel of an explorer, on the screen, with a frame of its own."""
    return framed(page.locator(".jp-CodeCell").nth(EXPLORERS.index(name)), name)


@pytest.mark.parametrize("name", EXPLORERS)
def test_every_panel_stands_on_one_screen(page, name):
    found = panel(page, name).evaluate(FRAME)
    assert found["rows"] <= 2 and found["knobs"] <= 6, found
    assert 0 <= found["above"] <= 12 and found["lines"] == 1, found
    assert found["words"].startswith(found["bold"]) and found["bold"], found
    assert found["height"] <= MOST, found


def test_undo_copy_and_save_with_mouse_and_keys(page):
    found = panel(page, "minima")
    live, state = found.locator(".bpviz-picture"), found.locator(".bpviz-state")
    first = state.input_value()
    button = {text: live.get_by_role("button", name=text, exact=True) for text in ("Undo", "Redo", "Reset", "Copy code")}
    assert button["Undo"].get_attribute("aria-disabled") == "true"
    handle = found.locator("[aria-label='learning rate'].noUi-handle")
    wait(lambda: handle.get_attribute("aria-valuetext") == "20", 10, "the rate to be told as 20")
    handle.focus()
    page.keyboard.press("ArrowLeft")
    wait(lambda: "rate=19.5" in state.input_value(), 10, "a smaller rate")
    wait(lambda: handle.get_attribute("aria-valuetext") == "19.5", 10, "the rate to be told as 19.5")
    page.keyboard.press("Control+z")
    wait(lambda: state.input_value() == first, 10, "undo by keys")
    page.keyboard.press("Control+Shift+z")
    wait(lambda: "rate=19.5" in state.input_value(), 10, "redo by keys")
    button["Copy code"].click()
    told = live.locator(".bpviz-told")
    wait(lambda: told.inner_text() == "Copied: bp.explore.minima(rate=19.5)", 20, "what was copied")
    live.get_by_role("button", name="save", exact=True).click()
    for name, begins in (("Picture (PNG)", b"\x89PNG"), ("Picture (SVG)", b"<?xml"), ("Numbers (CSV)", b"weight,")):
        with page.expect_download() as download:
            live.get_by_role("button", name=name).click()
        assert Path(download.value.path()).read_bytes().startswith(begins)
    button["Undo"].click()
    wait(lambda: state.input_value() == first, 10, "undo by its button")
    button["Redo"].click()
    wait(lambda: "rate=19.5" in state.input_value(), 10, "redo by its button")
    button["Reset"].click()
    wait(lambda: state.input_value() == first, 10, "Reset")


def test_folds_open_by_keys_and_what_is_rare_works(page):
    found = panel(page, "minima")
    more, rare = found.locator(".bpviz-more"), found.locator(".bpviz-rare").first
    assert not rare.is_visible() and not found.locator(".bpviz-picture .bpviz-table").is_visible()
    wait(lambda: found.locator(".bpviz-told").inner_text() == "", 20, "what was copied and saved to be told no longer")
    tall = found.bounding_box()["height"]
    more.focus()
    page.keyboard.press("Enter")
    wait(rare.is_visible, 5, "the rare knobs")
    steps = rare.get_by_label("steps", exact=True).and_(rare.locator("input[type=number]"))
    steps.fill("99999999")
    steps.press("Enter")
    wait(lambda: "steps: got 99999999" in found.locator(".bpviz-error").inner_text(), 30, "the sentence")
    numbers = found.get_by_role("button", name="numbers", exact=True)
    numbers.focus()
    page.keyboard.press("Enter")
    wait(found.locator(".bpviz-picture .bpviz-table").is_visible, 5, "the table")
    page.keyboard.press("Enter")
    more.click()
    wait(lambda: found.bounding_box()["height"] == tall and not rare.is_visible(), 5, "all folded, as high as before")
    steps_now = found.locator(".bpviz-state").input_value()
    assert "steps=500" in steps_now and found.locator("canvas").get_attribute("role") == "application"


def test_pin_keeps_a_ghost_and_says_how_it_compares_and_the_tools_stay_in_one_row(page, tmp_path):
    found = panel(page, "minima")
    live, pinned = found.locator(".bpviz-picture"), found.locator(".bpviz-pinned")
    wait(lambda: live.locator(".bpviz-told").inner_text() == "", 20, "what was copied and saved to be told no longer")
    before = found.evaluate(FRAME)
    live.get_by_role("button", name="Pin", exact=True).click()
    wait(lambda: "the same minimum" in pinned.text_content(), 20, "the comparison with itself")
    assert found.evaluate(FRAME)["height"] == before["height"] and before["tools"] < 40, before
    handle = found.locator("[aria-label='w1'].noUi-handle")
    handle.focus()
    page.keyboard.press("Home")
    wait(lambda: pinned.text_content().startswith("Pinned from (1.00, 2.00): ") and "the same" not in pinned.text_content(), 20,
         "the comparison with another start")
    page.screenshot(path=str(tmp_path / "pinned.png"))
    live.get_by_role("button", name="Unpin", exact=True).click()
    wait(lambda: pinned.text_content() == "", 20, "no ghost")
    assert not panel(page, "backprop").get_by_role("button", name="Pin", exact=True).count()


def test_lecture_size_grows_the_picture_s_letters_the_words_and_goes_back(page, tmp_path):
    found = panel(page, "basins")
    live, before = found.locator(".bpviz-picture"), found.evaluate(FRAME)
    live.get_by_role("button", name="state").click()
    switch = live.get_by_role("button", name="Lecture size", exact=True)
    switch.click()
    wait(lambda: found.evaluate(FRAME)["picture"] > 1.3 * before["picture"], 30, "a larger picture")
    canvas = "(c) => Math.abs(c.width / c.height / (c.offsetWidth / c.offsetHeight) - 1)"
    wait(lambda: live.locator("canvas").evaluate(canvas) < 0.01, 10, "a picture that is not stretched")
    assert found.evaluate(FRAME)["title"] > 1.2 * before["title"]
    page.set_viewport_size({"width": 1400, "height": 1500})
    page.wait_for_timeout(1500)
    page.screenshot(path=str(tmp_path / "lecture.png"))
    page.set_viewport_size({"width": 1400, "height": 800})
    switch.click()
    live.get_by_role("button", name="state").click()
    wait(lambda: found.evaluate(FRAME)["height"] == before["height"], 30, "the size of before")


# Of a panel in a lecture: how far down its picture begins, how wide and high that is, what of the notebook is in sight,
# how many knobs are shown, how large the letters of the verdict are, how many of its lines are seen as a whole.
HALL = """(panel) => {
  const box = (e) => e.getBoundingClientRect(), live = panel.querySelector('.bpviz-picture'), canvas = box(live.querySelector('canvas'));
  const words = live.querySelector('.bpviz-words');
  const zoom = parseFloat(getComputedStyle(live.querySelector('.bpviz-verdict')).zoom) || 1;
  return {above: canvas.top - box(panel).top, wide: canvas.width, high: canvas.height, sight: box(panel.closest('.jp-WindowedPanel-outer')).height,
    knobs: [...panel.querySelectorAll('.bpviz-main > *')].filter((e) => e.offsetParent).length, letters: 14 * zoom,
    more: panel.querySelectorAll('.bpviz-more').length, sideways: panel.scrollWidth - panel.clientWidth,
    page: box(live).width, lines: words.clientHeight / parseFloat(getComputedStyle(words).lineHeight)}; }"""


@pytest.mark.parametrize("name", EXPLORERS)
def test_in_a_lecture_the_main_picture_and_the_verdict_stand_on_one_screen(page, name):
    explorer, found = all_explorers()[name], panel(page, name)
    live = found.locator(".bpviz-picture")

    def switch():
        for button in ("state", "Lecture size", "state"):
            live.get_by_role("button", name=button, exact=True).click()

    def hall():
        told = found.evaluate(HALL)
        narrower, scale = drawn(explorer, "lecture", int(told["page"]) // 10 * 10)
        told["down"] = told["above"] + explorer.layout.main(narrower) * scale
        return told if abs(told["high"] - high(explorer, "lecture", int(told["page"]) // 10 * 10)) <= 1 else None
    switch()
    try:
        told = wait(hall, 60, f"the larger picture of {name}", step=0.2)
        assert told["down"] <= told["sight"] and told["sideways"] <= 0 and told["wide"] <= told["page"] + 1, told
        assert told["letters"] >= 20 and told["lines"] >= 2.9, told
        assert told["knobs"] == 0 if told["more"] else told["knobs"] == 2, told
        if told["more"]:
            found.locator(".bpviz-more").click()
            wait(lambda: found.evaluate(HALL)["knobs"] >= 2, 10, "the knobs")
            found.locator(".bpviz-more").click()
            wait(lambda: found.evaluate(HALL)["knobs"] == 0, 10, "no knobs")
    finally:
        switch()


# Of a panel whose title stands at the top of the notebook, CSS pixels: what of it is in sight, how wide its picture is and
# how high, how far down that begins, how many knobs are shown, how many lines the verdict has room for.
NARROW = """(panel) => {
  const box = (e) => e.getBoundingClientRect(), live = panel.querySelector('.bpviz-picture');
  const words = live.querySelector('.bpviz-words'), canvas = box(live.querySelector('canvas'));
  return {sight: box(panel.closest('.jp-WindowedPanel-outer')).height, width: Math.floor(box(live).width / 10) * 10,
    picture: Math.round(canvas.height), above: canvas.top - box(panel).top, sideways: panel.scrollWidth - panel.clientWidth,
    knobs: [...panel.querySelectorAll('.bpviz-main > *')].filter((e) => e.offsetParent).length,
    lines: words.clientHeight / parseFloat(getComputedStyle(words).lineHeight)}; }"""


def first_picture(layout, width):
    """How far down the first tile goes that is more than a line of words, CSS pixels: in it one drags or clicks, or looks."""
    return next(bottom for _, (_, top, _, bottom) in layout.boxes(width).values() if bottom - top > 100)


@pytest.fixture(scope="module", params=["open", "closed"])
def narrow(page, request):
    """The notebook in a window of 900 x 800, with the file browser open or closed, from here to the end of this file."""
    page.set_viewport_size({"width": 900, "height": 800})
    if page.locator(".jp-FileBrowser").first.is_visible() != (request.param == "open"):
        page.evaluate("jupyterapp.commands.execute('application:toggle-left-area')")
    return page, request.param


@pytest.mark.parametrize("name", EXPLORERS)
def test_two_knobs_the_verdict_and_the_picture_stand_in_a_window_of_900(narrow, name):
    page, sidebar = narrow
    explorer, found = all_explorers()[name], panel(page, name)

    def fitting():                      # the picture of this width, not the one of before
        told = found.evaluate(NARROW)
        return told if abs(told["picture"] - explorer.layout.height(told["width"])) <= 1 else None
    told = wait(fitting, 60, f"a picture of {name} as wide as the page", step=0.2)
    wide = told["width"] >= SIDE_BY_SIDE
    assert wide == (sidebar == "closed") and told["sideways"] <= 0, told
    assert told["knobs"] == 2 if not wide else 2 <= told["knobs"] <= 6, told
    assert abs(told["lines"] - 4) < 0.03, told                    # a line is there or not
    whole = explorer.layout.arranged(told["width"]) is explorer.layout.wide
    down = told["picture"] if whole else first_picture(explorer.layout, told["width"])
    assert told["above"] + down <= told["sight"], told


def test_a_verdict_longer_than_its_box_is_reached_by_keys_while_frames_come(narrow):
    """basins says more than four lines; while a knob is turned no frame stands still for long."""
    page, _ = narrow
    found = panel(page, "basins")
    words, handle = found.locator(".bpviz-picture .bpviz-words"), found.locator("[aria-label='w1'].noUi-handle")
    longer = "(words) => words.scrollHeight > words.clientHeight + 1"
    picture = found.locator(".bpviz-picture")

    def still():                        # nothing that was said before is still to be read aloud
        frame = picture.get_attribute("data-frame")
        page.wait_for_timeout(900)
        return words.evaluate(longer) and picture.get_attribute("data-frame") == frame
    wait(still, 60, "a verdict that is longer, and stands still")
    words.evaluate("(words) => { words.removeAttribute('tabindex'); window.reached = []; new MutationObserver(() => "
                   "requestAnimationFrame(() => requestAnimationFrame(() => window.reached.push([words.tabIndex === 0, words.scrollHeight > words.clientHeight + 1])))"
                   ").observe(words, {childList: true}); }")
    handle.focus()
    for _ in range(12):
        page.keyboard.press("ArrowRight")
        page.wait_for_timeout(60)
    seen = wait(lambda: page.evaluate("window.reached"), 10, "other words")[:3]
    assert all(tab for tab, long in seen if long) and any(long for _, long in seen), seen
    for _ in range(12):
        page.keyboard.press("ArrowLeft")
    words.focus()
    assert words.evaluate("(words) => words === document.activeElement")
    page.keyboard.press("End")
    wait(lambda: words.evaluate("(words) => words.scrollTop > 0"), 5, "its end")


OVER = """(panel) => {
  const parts = [...panel.querySelectorAll('canvas, button, input, select, .noUi-target, .widget-label, .bpviz-title > *')]
    .filter((e) => e.checkVisibility({visibilityProperty: true}) && e.offsetWidth && !e.closest('.bpviz-spoken'));
  const box = (e) => e.getBoundingClientRect(), page = box(panel);
  const over = (a, b) => Math.min(a.right, b.right) - Math.max(a.left, b.left) > 2 && Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top) > 2;
  const name = (e) => `${e.tagName} ${e.className} ${e.textContent.slice(0, 20)}`;
  return {over: parts.flatMap((a, k) => parts.slice(k + 1).filter((b) => !a.contains(b) && !b.contains(a) && over(box(a), box(b)))
      .map((b) => [name(a), name(b)])),
    out: parts.filter((e) => box(e).left < page.left - 1 || box(e).right > page.right + 1).map(name),
    cut: parts.filter((e) => e.matches('button, .widget-label') && e.scrollWidth > e.clientWidth + 1).map(name)}; }"""


@pytest.mark.parametrize("name", EXPLORERS)
def test_at_200_percent_nothing_is_cut_off_and_two_knobs_work(narrow, name):
    """A window of 1400 x 800 at 200 % has 700 x 400 CSS pixels."""
    page, sidebar = narrow
    if sidebar == "open":
        return                              # at this size one closes it: half of the window is its own
    page.set_viewport_size({"width": 700, "height": 400})
    try:
        explorer, found = all_explorers()[name], panel(page, name)

        def fitting():
            told = found.evaluate(NARROW)
            return told if abs(told["picture"] - explorer.layout.height(told["width"])) <= 1 else None
        told = wait(fitting, 60, f"a picture of {name} as wide as the page", step=0.2)
        assert told["sideways"] <= 0 and told["knobs"] == 2, told
        assert found.evaluate(OVER) == {"over": [], "out": [], "cut": []}
        state = found.locator(".bpviz-state")
        first, knob = state.input_value(), next(k for k in explorer.sliders if k.name in explorer.leading)
        handle = found.locator(f"[aria-label='{knob.label}'].noUi-handle").first
        handle.focus()
        page.keyboard.press("ArrowRight" if knob.value < knob.high else "ArrowLeft")
        wait(lambda: state.input_value() != first, 20, f"{knob.label} to move")
        found.locator(".bpviz-picture").get_by_role("button", name="Reset", exact=True).click()
    finally:
        page.set_viewport_size({"width": 900, "height": 800})
