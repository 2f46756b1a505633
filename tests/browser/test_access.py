"""For everybody: axe-core finds nothing to complain of in any panel, folds open, in JupyterLab's light and dark theme.

axe/ holds axe-core 4.10.3 as its package has it, with its licences: MPL 2.0, and of what it is made of.
"""
from functools import cache
from pathlib import Path

import pytest
from lab import MISSING, chromium, wait, write
from shared import framed

from bpviz.explorers import all_explorers

pytestmark = [pytest.mark.browser, pytest.mark.skipif(chromium() is None, reason=MISSING)]
EXPLORERS = list(all_explorers())
LITTLE = {"cure": "depth=3, width=4"}              # the same parts; 29 s of work less
AXE = (Path(__file__).parent / "axe" / "axe.min.js").read_text(encoding="utf-8")
THEME = """async (theme) => { await jupyterapp.commands.execute('apputils:change-theme', {theme}); }"""

# JupyterLab's body has no height and hides what overflows; all in it is placed on the window all the same, but axe then
# takes it for hidden, and its letters for letters without a contrast. Nor can it see through the shade at a table's rim.
LOOKS = "body { height: 100vh; } .bpviz-table { background-image: none !important; }"
# How high a window is that has the whole notebook in sight, CSS pixels; and whether it has.
WHOLE = "() => [...document.querySelectorAll('.jp-Cell')].reduce((high, cell) => high + cell.offsetHeight, 1000)"
IN_SIGHT = """() => { document.querySelector('.jp-WindowedPanel-outer').scrollTop = 0;
  const cells = [...document.querySelectorAll('.jp-Cell')].map((cell) => cell.getBoundingClientRect());
  return cells[0].top >= 0 && cells.at(-1).bottom <= innerHeight; }"""
HIGH = 1800                             # CSS pixels: a panel with all its folds open stands in such a window

# What axe finds in each of these panels: rule, part, why; and how many words it has measured. Landmarks and the order of
# headings are those of the whole page; in one panel no two regions have the same name. All at once: axe goes over the
# whole page in every run.
FINDS = """async (panels) => {
  const found = await axe.run({include: panels}, {elementRef: true,
    rules: Object.fromEntries(['region', 'heading-order', 'landmark-unique'].map((rule) => [rule, {enabled: false}]))});
  const twice = (names) => names.filter((name, k) => names.indexOf(name) < k);
  const of = (panel, rules) => rules.map(({id, nodes}) => [id, nodes.filter((node) => panel.contains(node.element))]);
  return panels.map((panel) => ({
    measured: of(panel, found.passes.filter((rule) => rule.id === 'color-contrast')).flatMap(([id, nodes]) => nodes)
      .filter((node) => node.any.some((check) => check.message.includes('sufficient'))).length,
    twice: twice([...panel.querySelectorAll('[role=region], section[aria-label]')].map((part) => part.ariaLabel)),
    violations: of(panel, found.violations).flatMap(([id, nodes]) => nodes.map((node) =>
      [id, node.html.slice(0, 200), [...node.any, ...node.all, ...node.none].map((check) => check.message)].join(' | ')))})); }"""


@pytest.fixture(scope="module")
def page(jupyter):
    """A notebook of all explorers."""
    lab = jupyter.room("access")
    write(lab.folder, "access.ipynb", *[f"import bpviz as bp\nbp.explore.{name}({LITTLE.get(name, '')})" for name in EXPLORERS])
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


def themed(page, theme):
    page.evaluate(THEME, theme)
    wait(lambda: page.evaluate("document.body.dataset.jpThemeName") == theme, 10, "the theme")


def finds(*panels):
    """What axe finds in each panel."""
    parts = [one.element_handle() for one in panels]
    return parts[0].evaluate("(first, panels) => (" + FINDS + ")(panels)", parts)


@pytest.fixture(scope="module")
def found(page):
    """theme -> {explorer: what axe finds in its panel}."""
    @cache
    def of(theme):
        panels = [panel(page, name) for name in EXPLORERS]
        themed(page, theme)
        page.set_viewport_size({"width": 1400, "height": page.evaluate(WHOLE)})                # all of them in sight: axe
        wait(lambda: page.evaluate(IN_SIGHT), 20, "the whole notebook to be in sight")         # sees nothing beyond an edge
        told = finds(*panels)
        page.set_viewport_size({"width": 1400, "height": HIGH})
        return dict(zip(EXPLORERS, told, strict=True))
    return of


@pytest.mark.parametrize("name", EXPLORERS)
@pytest.mark.parametrize("theme", ["JupyterLab Light", "JupyterLab Dark"])
def test_axe_finds_nothing_in_a_panel(found, name, theme):
    told = found(theme)[name]
    assert told["measured"] > 30 and told["violations"] == [] == told["twice"]


@pytest.mark.parametrize("theme", ["JupyterLab Light", "JupyterLab Dark"])
def test_axe_finds_nothing_in_the_window_of_products(page, theme):
    """With a factor that is moved, and what belongs to it lit up."""
    themed(page, theme)
    found = panel(page, "chain_rule")
    found.locator(".bpviz-table tbody tr").first.click()
    found.locator(".bpviz-window").wait_for(state="visible")
    found.locator(".bpviz-factor").first.press("ArrowRight")
    wait(lambda: found.locator(".bpviz-if").count() and found.locator(".bpviz-halo").count(), 5, "a what-if, lit")
    told, = finds(found)
    found.locator(".bpviz-window button:text-is('Close')").click()
    assert told["violations"] == []


def test_axe_would_tell(page):
    """A button without a name, pale letters, a picture without words: named one by one, in the panel that has them."""
    page.evaluate(THEME, "JupyterLab Light")
    other, found = panel(page, EXPLORERS[-1]), panel(page, EXPLORERS[0])          # the latter in sight
    found.evaluate("""(panel) => panel.insertAdjacentHTML('beforeend', `<div class="bad"><button></button>
        <img src="data:,"><p style="color: #aaa; background: #fff">pale</p></div>`)""")
    well, told = (one["violations"] for one in finds(other, found))
    found.evaluate("(panel) => panel.querySelector('.bad').remove()")
    assert {line.split(" | ")[0] for line in told} == {"button-name", "image-alt", "color-contrast"} and well == []
