"""For everybody: axe-core finds nothing to complain of in any panel, folds open, in JupyterLab's light and dark theme.

axe/ holds axe-core 4.10.3 as its package has it, with its licences: MPL 2.0, and of what it is made of.
"""
from pathlib import Path

import pytest
from lab import MISSING, chromium, wait, write
from shared import framed

from bpviz.explorers import all_explorers

pytestmark = [pytest.mark.browser, pytest.mark.skipif(chromium() is None, reason=MISSING)]
EXPLORERS = list(all_explorers())
AXE = (Path(__file__).parent / "axe" / "axe.min.js").read_text(encoding="utf-8")
THEME = """async (theme) => { await jupyterapp.commands.execute('apputils:change-theme', {theme}); }"""

# JupyterLab's body has no height and hides what overflows; all in it is placed on the window all the same, but axe then
# takes it for hidden, and its letters for letters without a contrast. Nor can it see through the shade at a table's rim.
LOOKS = "body { height: 100vh; } .bpviz-table { background-image: none !important; }"
HIGH = 1800                             # CSS pixels: a panel with all its folds open stands in such a window

# What axe finds in a panel: rule, part, why; and how many words it has measured. Landmarks and the order of headings
# are those of the whole page.
FINDS = """async (panel) => {
  const found = await axe.run(panel, {rules: {'region': {enabled: false}, 'heading-order': {enabled: false}}});
  const contrast = found.passes.filter((rule) => rule.id === 'color-contrast').flatMap((rule) => rule.nodes);
  return {measured: contrast.filter((node) => node.any.some((check) => check.message.includes('sufficient'))).length,
    violations: found.violations.flatMap((rule) => rule.nodes.map((node) =>
      [rule.id, node.html.slice(0, 200), [...node.any, ...node.all, ...node.none].map((check) => check.message)].join(' | ')))}; }"""


@pytest.fixture(scope="module")
def page(jupyter):
    """A notebook of all explorers."""
    lab = jupyter.room("access")
    write(lab.folder, "access.ipynb", *["import bpviz as bp\nbp.explore." + name + "()" for name in EXPLORERS])
    with lab.open("access.ipynb", fresh=True, width=1400, height=HIGH) as notebook:
        notebook.run_all()
        notebook.page.evaluate(AXE)
        notebook.page.add_style_tag(content=LOOKS)
        yield notebook.page
        notebook.page.evaluate(THEME, "JupyterLab Light")


def panel(page, name):
    """The panel of an explorer, on the screen, with a frame of its own and every fold open."""
    output = page.locator(".jp-CodeCell").nth(EXPLORERS.index(name))
    found = framed(output, name)
    closed = output.locator(".bpviz-panel [aria-expanded=false], .bpviz-more:not(.mod-active)").locator("visible=true")
    while closed.count():
        closed.first.click()
    found.evaluate("(panel) => panel.scrollIntoView()")
    return found


@pytest.mark.parametrize("name", EXPLORERS)
@pytest.mark.parametrize("theme", ["JupyterLab Light", "JupyterLab Dark"])
def test_axe_finds_nothing_in_a_panel(page, name, theme):
    page.evaluate(THEME, theme)
    wait(lambda: page.evaluate("document.body.dataset.jpThemeName") == theme, 10, "the theme")
    found = panel(page, name).evaluate(FINDS)
    assert found["measured"] > 30 and found["violations"] == []


@pytest.mark.parametrize("theme", ["JupyterLab Light", "JupyterLab Dark"])
def test_axe_finds_nothing_in_the_window_of_products(page, theme):
    """With a factor that is moved, and what belongs to it lit up."""
    page.evaluate(THEME, theme)
    wait(lambda: page.evaluate("document.body.dataset.jpThemeName") == theme, 10, "the theme")
    found = panel(page, "chain_rule")
    found.locator(".bpviz-table tbody tr").first.click()
    found.locator(".bpviz-window").wait_for(state="visible")
    found.locator(".bpviz-factor").first.press("ArrowRight")
    wait(lambda: found.locator(".bpviz-if").count() and found.locator(".bpviz-halo").count(), 5, "a what-if, lit")
    told = found.evaluate(FINDS)
    found.locator(".bpviz-window button:text-is('Close')").click()
    assert told["violations"] == []


def test_axe_would_tell(page):
    """A button without a name, pale letters, a picture without words: named one by one."""
    page.evaluate(THEME, "JupyterLab Light")
    found = panel(page, EXPLORERS[0])
    found.evaluate("""(panel) => panel.insertAdjacentHTML('beforeend', `<div class="bad"><button></button>
        <img src="data:,"><p style="color: #aaa; background: #fff">pale</p></div>`)""")
    told = found.evaluate(FINDS)["violations"]
    found.evaluate("(panel) => panel.querySelector('.bad').remove()")
    assert {line.split(" | ")[0] for line in told} == {"button-name", "image-alt", "color-contrast"}
