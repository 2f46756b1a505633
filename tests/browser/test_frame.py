"""The frame around every picture: one screen, folds, the buttons under it."""
import pytest
from lab import MISSING, chromium, wait, write

from bpviz.explorers import all_explorers

pytestmark = [pytest.mark.browser, pytest.mark.skipif(chromium() is None, reason=MISSING)]
EXPLORERS = list(all_explorers())
MOST = 640                              # CSS pixels, of a panel in a window of 1400 x 800
TALLER = ("backprop", "basins", "chain_rule", "escape", "rate")      # their pictures are higher yet: the list may only shrink

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
    write(lab.folder, "frame.ipynb", *["import bpviz as bp\nbp.explore." + name + "()" for name in EXPLORERS])
    with lab.open("frame.ipynb", fresh=True, width=1400, height=800) as notebook:
        notebook.run_all()
        yield notebook.page


def panel(page, name):
    """The panel of an explorer, on the screen, with a frame of its own."""
    output = page.locator(".jp-CodeCell").nth(EXPLORERS.index(name))
    live = output.locator(".bpviz-picture")

    def framed():                       # JupyterLab moves its cells while the notebook fills
        live.locator("canvas").scroll_into_view_if_needed()
        return live.get_attribute("data-frame") and live.locator(".bpviz-words strong").count()
    wait(framed, 60, f"a frame of {name}", step=0.2)
    return output.locator(".bpviz-panel")


@pytest.mark.parametrize("name", EXPLORERS)
def test_every_panel_stands_on_one_screen(page, name):
    found = panel(page, name).evaluate(FRAME)
    assert found["rows"] <= 2 and found["knobs"] <= 6, found
    assert 0 <= found["above"] <= 12 and found["lines"] == 1, found
    assert found["words"].startswith(found["bold"]) and found["bold"], found
    assert (found["height"] <= MOST) == (name not in TALLER), found
