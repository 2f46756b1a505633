"""The pulse on the walk's arrows, in a real JupyterLab: it runs, is slowed, switched off, and off for less motion."""
import pytest
from lab import MISSING, chromium, wait
from test_lab import learning

pytestmark = [pytest.mark.browser, pytest.mark.skipif(chromium() is None, reason=MISSING)]


@pytest.fixture(scope="module")
def walker(jupyter):
    with learning(jupyter, "pulse", "import bpviz as bp", "walk = bp.explore.backprop(step=9)\nwalk") as learner:
        yield learner


def press(learner, text):
    learner.live.locator(f".bpviz-walk button:text-is('{text}')").click()


def durations(learner):
    """Of what runs on the arrows now, in milliseconds."""
    return learner.page.evaluate("() => [...document.querySelectorAll('.bpviz-dot')].map((dot) =>"
                                 " dot.getAnimations()[0].effect.getTiming().duration)")


def test_it_runs_where_the_number_in_work_comes_from(walker):
    press(walker, "Step")                                            # dL/da1[2], from the output back to unit 2
    wait(lambda: "step 10 " in walker.words(), 10, "step 10")
    wait(lambda: len(durations(walker)) == 1, 5, "a pulse on one arrow")
    place = walker.page.evaluate("""() => { const dot = document.querySelector('.bpviz-dot'), run = dot.getAnimations()[0];
        run.pause(); run.currentTime = 100; const stage = dot.closest('.bpviz-stage').getBoundingClientRect();
        const box = dot.getBoundingClientRect(); return [(box.x + box.width / 2 - stage.x) / stage.width,
        (box.y + box.height / 2 - stage.y) / stage.height]; }""")
    assert 0 <= place[0] <= 0.6 and 0.1 < place[1] < 0.9


def test_its_speed_is_chosen_and_it_is_switched_off(walker):
    walker.live.locator(".bpviz-pace").select_option("slow")
    press(walker, "Step")
    wait(lambda: "step 11 " in walker.words(), 10, "step 11")
    wait(lambda: durations(walker) and min(durations(walker)) == 2400, 5, "a slow pulse")
    walker.live.locator(".bpviz-pulsing input").uncheck()
    assert durations(walker) == []
    press(walker, "Step")
    wait(lambda: "step 12 " in walker.words(), 10, "step 12")
    walker.settle()
    assert durations(walker) == []
    walker.live.locator(".bpviz-pulsing input").check()


def test_less_motion_means_none(walker):
    walker.page.emulate_media(reduced_motion="reduce")
    press(walker, "Step")
    wait(lambda: "step 13 " in walker.words(), 10, "step 13")
    walker.settle()
    assert durations(walker) == []
    walker.page.emulate_media(reduced_motion="no-preference")


def test_it_is_stepped_by_keys(walker):
    walker.live.locator(".bpviz-walk button:text-is('Back')").focus()
    for step, key in ((12, "Enter"), (11, "Space")):
        walker.page.keyboard.press(key)
        wait(lambda step=step: f"step {step} " in walker.words(), 10, f"step {step}")
    wait(lambda: durations(walker) and min(durations(walker)) == 2400, 5, "a pulse on the arrow of this step")
    walker.page.keyboard.press("Tab")
    walker.page.keyboard.press("Enter")
    wait(lambda: "step 12 " in walker.words(), 10, "step 12 by Step, the next control")
