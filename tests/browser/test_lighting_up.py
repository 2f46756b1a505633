"""What is one thing lights up together, and a gradient opens into its products: by mouse and keys, in a real JupyterLab."""

import numpy as np
import pytest
from lab import MISSING, chromium, value, wait
from test_lab import learning

pytestmark = [pytest.mark.browser, pytest.mark.skipif(chromium() is None, reason=MISSING)]
LESSON = "Point at `w1[1,1]`, at <data value=\"dL/dw1[1,1]\">$\\frac{\\partial L}{\\partial w}$</data>, not at `w9[1,1]`."
SPOTS = """(names) => { const layer = document.querySelector('.bpviz-stage'), box = layer.getBoundingClientRect();
  return [...document.querySelectorAll('.bpviz-halo')].map((halo) => { const at = halo.getBoundingClientRect();
    return [(at.x + at.width / 2 - box.x) / box.width, (at.y + at.height / 2 - box.y) / box.height]; }); }"""


@pytest.fixture(scope="module")
def walker(jupyter):
    cells = "import bpviz as bp", "walk = bp.explore.backprop(step=20)\nwalk", "print(walk.picture.frames)"
    with learning(jupyter, "lighting", *cells, words=LESSON) as learner:
        wait(lambda: learner.page.locator(".jp-RenderedMarkdown .bpviz-word").count() == 2, 10, "the words of the lesson are found")
        yield learner


def lit(learner, kind=".bpviz-halo"):
    return learner.page.locator(kind).count()


def number_at(learner, k=1):
    """The first factor of the window's line k, in full, and the product of that line."""
    return value(learner.live.locator(".bpviz-factor").nth(k).get_attribute("title"))


def product(learner):
    return np.prod([number_at(learner, k) for k in range(learner.live.locator(".bpviz-factor").count())])


def titled(learner):
    text = learner.live.locator(".bpviz-window strong").inner_text()
    return value(text.split("=")[1])


def row(learner, name):
    return learner.live.locator(f".bpviz-table tbody tr:has(td:text-is('{name}'))")


def point_at_row(learner):
    """Until the page stands still under the pointer."""
    def lights():
        learner.page.mouse.move(2, 2)
        row(learner, "w1[1,1]").hover()
        return lit(learner) >= 3
    wait(lights, 10, "halos of the arrow, the weight and its slope")


def test_a_row_of_the_table_lights_arrow_number_and_word(walker):
    frames = walker.live.get_attribute("data-frame")
    point_at_row(walker)
    marked = walker.page.locator(".jp-RenderedMarkdown .bpviz-lit")
    wait(lambda: marked.count() == 2, 5, "the code, and the formula in the text")
    walker.page.mouse.move(2, 2)
    wait(lambda: lit(walker) == 0 and marked.count() == 0, 5, "all dark again")
    assert walker.live.get_attribute("data-frame") == frames          # the kernel was not asked


def test_a_word_of_the_lesson_lights_the_picture_by_mouse_and_by_tab(walker):
    words = walker.page.locator(".jp-RenderedMarkdown .bpviz-word")
    assert words.count() == 2                                         # w9[1,1] is nothing that the panel has
    words.first.scroll_into_view_if_needed()
    words.first.hover()
    wait(lambda: lit(walker) >= 2, 5, "the weight's arrow and number")
    walker.page.mouse.move(2, 2)
    words.first.focus()
    wait(lambda: lit(walker) >= 2, 5, "the same by the keyboard")
    assert walker.page.evaluate("() => document.activeElement.tagName") == "CODE"
    words.first.blur()
    wait(lambda: lit(walker) == 0, 5, "dark again")


def test_the_arrow_keys_go_from_number_to_number_and_enter_opens_a_gradient(walker):
    walker.canvas.scroll_into_view_if_needed()
    walker.canvas.focus()
    places = set()
    for key in ("ArrowRight", "ArrowRight", "ArrowDown", "ArrowDown", "ArrowRight"):
        walker.page.keyboard.press(key)
        wait(lambda: lit(walker) > 0, 5, "a halo")
        places.add(str(walker.page.evaluate(SPOTS)))
    assert len(places) >= 4 and walker.canvas.get_attribute("role") == "application"
    for _ in range(40):                                               # on to some gradient
        if "dL/d" in walker.live.locator(".bpviz-spoken").inner_text():
            break
        walker.page.keyboard.press("ArrowDown" if _ % 4 else "ArrowRight")
    walker.page.keyboard.press("Enter")
    window = walker.live.locator(".bpviz-window")
    wait(window.is_visible, 5, "the window of products")
    walker.page.keyboard.press("Escape")
    wait(lambda: not window.is_visible(), 5, "closed")
    assert walker.page.evaluate("() => document.activeElement.tagName") == "CANVAS"
    walker.page.keyboard.press("Escape")


def test_a_click_opens_the_products_and_a_dragged_factor_takes_the_gradient_along(walker):
    row(walker, "w1[1,1]").click()
    walker.live.locator(".bpviz-window").wait_for(state="visible")
    true = value(row(walker, "w1[1,1]").locator("td").nth(1).inner_text())
    assert np.isclose(product(walker), true, rtol=1e-6) and np.isclose(titled(walker), true, rtol=1e-3)
    factor = walker.live.locator(".bpviz-factor").nth(1)
    factor.scroll_into_view_if_needed()
    before, box = number_at(walker), factor.bounding_box()
    walker.page.mouse.move(box["x"] + 10, box["y"] + 8)
    walker.page.mouse.down()
    walker.page.mouse.move(box["x"] + 60, box["y"] + 8, steps=5)
    walker.page.mouse.up()
    assert number_at(walker) > before + 0.05 and np.isclose(titled(walker), product(walker), rtol=1e-3)
    assert "What if" in walker.live.locator(".bpviz-whatif").inner_text()
    assert value(row(walker, "w1[1,1]").locator("td").nth(1).inner_text()) == true      # the network is as it was
    moved = number_at(walker)
    factor.focus()
    walker.page.keyboard.press("ArrowRight")
    assert number_at(walker) > moved
    walker.live.locator(".bpviz-bar button:text-is('As it is')").click()
    assert number_at(walker) == before and np.isclose(titled(walker), true, rtol=1e-3)
    walker.live.locator(".bpviz-bar button:text-is('Close')").click()


def test_a_click_on_the_number_in_the_picture_opens_it_too_and_another_step_keeps_it(walker):
    point_at_row(walker)
    places = walker.page.evaluate(SPOTS)
    walker.canvas.scroll_into_view_if_needed()
    box = walker.canvas.bounding_box()
    x, y = max(places, key=lambda place: place[1])                    # the slope stands under the weight and the arrow
    walker.page.mouse.click(box["x"] + x * box["width"], box["y"] + y * box["height"])
    window = walker.live.locator(".bpviz-window")
    window.wait_for(state="visible")
    assert titled(walker) != 0 and window.locator("strong").inner_text().startswith("dL/dw1[1,1]")
    walker.live.locator(".bpviz-walk button:text-is('Step')").click()
    wait(lambda: "step 21 " in walker.words(), 10, "step 21")
    assert window.is_visible()
    window.focus()
    walker.page.keyboard.press("Escape")


def test_a_click_on_an_arrow_opens_its_products_beside_the_drawing(walker):
    """Not on its numbers: near its tip. The halo is drawn around them, and the window covers neither output nor loss."""
    point_at_row(walker)
    assert walker.page.locator(".bpviz-halos > g[mask] .bpviz-halo").count() == 1      # of the arrow alone
    walker.canvas.scroll_into_view_if_needed()
    arrow = walker.page.locator(".bpviz-halos > g[mask] .bpviz-halo").bounding_box()
    walker.page.mouse.click(arrow["x"] + arrow["width"] - 14, arrow["y"] + arrow["height"] / 2)
    window = walker.live.locator(".bpviz-window")
    window.wait_for(state="visible")
    assert window.locator("strong").inner_text().startswith("dL/dw1[1,1] = ")
    stage, box = walker.live.locator(".bpviz-stage").bounding_box(), window.bounding_box()
    assert box["x"] >= stage["x"] + 0.6 * stage["width"] and box["x"] + box["width"] <= stage["x"] + stage["width"]
    results = window.locator(".bpviz-product")
    assert all(results.nth(k).bounding_box()["height"] < 30 for k in range(results.count())) and results.count() >= 4


def test_a_slope_on_the_way_opens_into_its_own_products_and_back(walker):
    """A what-if goes along: the factor that was moved is still moved in the products of the slope it is in."""
    window, passed = walker.live.locator(".bpviz-window"), walker.live.locator(".bpviz-passed")
    row(walker, "w1[1,1]").click()
    window.wait_for(state="visible")
    walker.live.locator(".bpviz-factor").nth(1).press("ArrowRight")
    first, before = passed.first.inner_text(), window.locator("strong").inner_text()
    passed.first.focus()
    walker.page.keyboard.press("Enter")
    wait(lambda: window.locator("strong").inner_text() == first.replace("] ", "] = "), 5, "the slope's own products")
    assert walker.live.locator(".bpviz-changed").count() == 1 and "What if" in walker.live.locator(".bpviz-whatif").inner_text()
    window.locator("button:text-is('Back')").click()
    assert window.locator("strong").inner_text() == before and not window.locator("button:text-is('Back')").is_visible()
    walker.page.keyboard.press("Escape")
    wait(lambda: not window.is_visible(), 5, "closed")
