"""The box for a formula of one's own, by keys and by mouse, live and in core widgets."""
import pytest
from lab import MISSING, chromium, wait, write
from shared import framed

pytestmark = [pytest.mark.browser, pytest.mark.skipif(chromium() is None, reason=MISSING)]
CELLS = "import bpviz as bp\nbp.explore.minima()", "bp.explore.minima(picture='core')"


def test_a_formula_is_typed_refused_and_taken(jupyter):
    lab = jupyter.room("formula")
    write(lab.folder, "formula.ipynb", *CELLS)
    with lab.open("formula.ipynb", fresh=True, width=1400, height=800) as notebook:
        notebook.run_all()
        page, cells = notebook.page, notebook.page.locator(".jp-CodeCell")
        live, core = (cells.nth(k).locator(".bpviz-panel") for k in (0, 1))
        live.locator("canvas").scroll_into_view_if_needed()
        framed(cells.first, "minima")
        closed = live.evaluate("(e) => e.getBoundingClientRect().height")
        field = live.get_by_label("your own f(z) =")
        assert closed <= 640 and not field.is_visible()
        live.get_by_role("button", name="more", exact=True).click()
        wait(lambda: live.locator("img[alt^='sigmoid and its slope']").is_visible(), 20, "the curves of now")
        tall = live.evaluate("(e) => e.getBoundingClientRect().height")
        state = live.locator(".bpviz-state")
        first = state.input_value()
        field.focus()
        page.keyboard.type("z^3")
        page.keyboard.press("Enter")
        refusal = live.locator(".bpviz-controls [role=alert]")
        wait(lambda: refusal.count() and "a power is written **, as in z**2" in refusal.inner_text(), 20, "a refusal")
        assert state.input_value() == first
        field.fill("")
        page.keyboard.type("z**3")
        page.keyboard.press("Enter")
        wait(lambda: "activation=yours;" in state.input_value(), 20, "the formula in the state")
        wait(lambda: live.locator("img[alt^='yours and its slope']").is_visible(), 20, "its curves")
        said = live.locator(".bpviz-controls [role=status]")
        assert said.inner_text().startswith("Proved: the slope used here minus SymPy's derivative is exactly 0.")
        assert live.locator(".bpviz-controls mjx-container, .bpviz-controls .MathJax").count() >= 2 and not refusal.count()
        assert abs(live.evaluate("(e) => e.getBoundingClientRect().height") - tall) < 1
        core.get_by_role("button", name="more", exact=True).click()
        core.get_by_label("your own f(z) =").fill("bent = z/(2+z**2)")
        core.get_by_role("button", name="Take it").click()
        wait(lambda: "activation=bent;" in core.get_by_label("State").input_value(), 20, "the formula in the core panel")
        assert "bent" in live.locator("select").nth(1).inner_text() or "bent" in live.inner_text()
