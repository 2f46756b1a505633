"""The lines of a derivation keep clear of one another, however high a formula is and however long its numbers are."""
import itertools

import pytest

from bpviz.explorers.chain_rule import LAYOUT, MOST_STEPS
from bpviz.plots.steps import Steps
from bpviz.plots.style import style

HIGH = r"\frac{\partial L}{\partial z^{(1)}_{1}} = \frac{\partial L}{\partial a^{(1)}_{1}}\,\left(1 - \left(a^{(1)}_{1}\right)^{2}\right)"
LONG = "(−6.04e−10) · 6 + (−4.92e−05) · (−6)"


@pytest.mark.parametrize("lines", [6, 10, MOST_STEPS])
@pytest.mark.parametrize("width", [320, 360, 500, 679, 680, 900, 1400])
def test_lines_do_not_touch(width, lines):
    with style():
        page = LAYOUT.page(width)
        steps = Steps(page.axes.steps)
        steps.update([(HIGH, LONG, "−4.92e−05", "", k >= lines // 2) for k in range(lines)])
        boxes = [(text.get_text(), text.get_window_extent()) for text in steps.artists[1:] if text.get_text()]
    assert len(boxes) == 3 * lines + 2
    for (one, a), (two, b) in itertools.combinations(boxes, 2):
        assert min(a.x1, b.x1) - max(a.x0, b.x0) <= 2 or min(a.y1, b.y1) - max(a.y0, b.y0) <= 2, (one, two)
