"""Messages between panel and kernel that are lost, in a real JupyterLab: the panel asks again by itself."""
import pytest
from lab import MISSING, chromium
from test_lab import learning

pytestmark = [pytest.mark.browser, pytest.mark.skipif(chromium() is None, reason=MISSING)]
DEAF = """import bpviz as bp
from bpviz.widgets.panel import Panel
heard, true = [], Panel._browser_says
def half(panel, picture, message, buffers):
    heard.append(message["kind"])
    if message["kind"] not in ("hello", "size"):
        true(panel, picture, message, buffers)
Panel._browser_says = half"""


def test_a_panel_whose_hello_and_size_are_lost_asks_again(jupyter):
    """It stood there with its first frame, for good."""
    with learning(jupyter, "deaf", DEAF, "bp.explore.minima(w1=1.25)") as learner:          # waits for a frame
        assert learner.words().startswith("Settled in minimum") and learner.knob("w1") == "1.25"
        assert learner.live.locator(".bpviz-hold").inner_text() == ""
