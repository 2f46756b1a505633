"""The verdict above a picture: whole lines and whole numbers, a mark where it goes on, nothing over it at any size."""
import pytest
from lab import MISSING, chromium, wait, write
from shared import framed

pytestmark = [pytest.mark.browser, pytest.mark.skipif(chromium() is None, reason=MISSING)]

# How many lines are shown, which are out of sight, the mark, numbers broken at a line's end; how far above the picture it ends.
VERDICT = """(panel) => {
  const live = panel.querySelector('.bpviz-picture'), words = live.querySelector('.bpviz-words'), box = (e) => e.getBoundingClientRect();
  const held = [...words.querySelectorAll('.bpviz-held')];
  return {lines: words.clientHeight / parseFloat(getComputedStyle(words).lineHeight), hides: words.scrollHeight - words.clientHeight,
    marked: live.querySelector('.bpviz-verdict').classList.contains('bpviz-longer'), tab: words.tabIndex,
    held: held.map((e) => e.textContent), broken: held.filter((e) => e.getClientRects().length > 1).length,
    above: box(live.querySelector('canvas')).top - Math.max(box(words).bottom, box(live.querySelector('.bpviz-wait')).bottom),
    sideways: panel.scrollWidth - panel.clientWidth}; }"""


@pytest.fixture(scope="module")
def page(jupyter):
    lab = jupyter.room("verdict")
    write(lab.folder, "verdict.ipynb", "import bpviz as bp\nbp.explore.rate()", "bp.explore.rate(size='lecture')")
    with lab.open("verdict.ipynb", fresh=True, width=1400, height=800) as notebook:
        notebook.page.evaluate("jupyterapp.commands.execute('application:toggle-left-area')")
        notebook.run_all()
        yield notebook.page


@pytest.mark.parametrize("width", [1400, 900, 700, 500])
@pytest.mark.parametrize("cell", [0, 1], ids=["usual", "lecture"])
def test_it_shows_whole_lines_and_numbers_and_a_mark_where_it_goes_on(page, cell, width, tmp_path):
    page.set_viewport_size({"width": width, "height": 800})
    found = framed(page.locator(".jp-CodeCell").nth(cell), "rate")
    page.wait_for_timeout(1000)
    wait(lambda: found.evaluate(VERDICT)["held"], 20, "a verdict")
    told = wait(lambda: (new := found.evaluate(VERDICT))["marked"] == (new["hides"] > 4) and new, 5, "the mark where there is more")
    page.screenshot(path=str(tmp_path / "verdict.png"))
    assert "5 × 10⁻⁶" in told["held"] and told["broken"] == 0 and told["sideways"] <= 0, told
    assert told["lines"] % 1 < 0.15 and told["lines"] >= 3, told
    assert told["above"] >= 0 and (told["tab"] == 0) == (told["hides"] > 1), told
    if told["marked"]:
        words = found.locator(".bpviz-verdict .bpviz-words")
        words.focus()
        page.keyboard.press("End")
        wait(lambda: not found.evaluate(VERDICT)["marked"], 10, "the end, and no mark there")
        words.evaluate("(e) => { e.scrollTop = 0; }")
