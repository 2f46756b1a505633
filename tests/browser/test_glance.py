"""Pointing at the path of a descent in a real JupyterLab: the step there is shown for as long, and no knob moves."""
import json
import re

import numpy as np
import pytest
from lab import MISSING, chromium, value, wait
from test_lab import learning

import bpviz as bp

pytestmark = [pytest.mark.browser, pytest.mark.skipif(chromium() is None, reason=MISSING)]


@pytest.fixture(scope="module")
def pointing(jupyter):
    with learning(jupyter, "glance", "import bpviz as bp", "minima = bp.explore.minima()\nminima") as learner:
        yield learner


def path_of(learner):
    return next(one for one in json.loads(learner.live.get_attribute("data-places")) if one["kind"] == "glance")


def shown(learner):
    label = learner.live.locator(".bpviz-glance")
    return label.inner_text() if label.is_visible() else ""


def at(learner, k):
    """Where point k of the path is on the screen."""
    learner.canvas.scroll_into_view_if_needed()
    box, place = learner.canvas.bounding_box(), path_of(learner)
    (_, u, v), (left, top, right, bottom) = place["points"][k], place["inside"]
    return box["x"] + box["width"] * (left + u * (right - left)), box["y"] + box["height"] * (bottom - v * (bottom - top))


def test_the_step_under_the_pointer_is_said_and_shown_and_nothing_moves(pointing):
    state, before = pointing.state(), pointing.pixels()
    points = path_of(pointing)["points"]
    k = len(points) // 3
    step = points[k][0]
    pointing.page.mouse.move(*at(pointing, k))
    wait(lambda: shown(pointing), 10, "the label")
    found = re.fullmatch(r"Step (.+): w1 (.+), w2 (.+), loss (.+)", shown(pointing))
    said, *theta, loss = map(value, found.groups())
    assert abs(said - step) <= 2
    fit = bp.Fit(bp.Network((1, 1, 1), "sigmoid", bias=False), "squared error", bp.DATA["seesaw"])
    walked = bp.descend(fit, [1.0, 2.0], bp.GradientDescent(20.0), 500)
    np.testing.assert_allclose(walked.theta[:, int(said)], theta, atol=6e-4)
    assert loss == pytest.approx(float(fit.loss(theta)), rel=6e-3)
    pointing.settle()
    assert np.abs(pointing.pixels() - before).max() > 60                # the curve of that step, the line, the dot
    assert pointing.state() == state
    assert pointing.live.get_by_role("button", name="Undo", exact=True).is_disabled()


def test_leaving_puts_everything_back_and_asks_for_nothing_more(pointing):
    x, y = at(pointing, len(path_of(pointing)["points"]) // 3)
    pointing.page.mouse.move(x, y)
    wait(lambda: shown(pointing), 10, "the label")
    pointing.page.mouse.move(x, y + 90)                                  # still in the landscape, off the path
    wait(lambda: not shown(pointing), 10, "no label")
    pointing.settle()
    frame, still = pointing.live.get_attribute("data-frame"), pointing.pixels()
    for k in range(12):
        pointing.page.mouse.move(x + 3 * k, y + 90)
    pointing.page.wait_for_timeout(500)
    assert pointing.live.get_attribute("data-frame") == frame            # elsewhere it costs no frame
    pointing.page.mouse.move(5, 5)
    pointing.settle()
    assert np.abs(pointing.pixels() - still).max() <= 60


def test_the_path_is_pulled_from_the_step_that_is_pointed_at_and_the_start_keeps_its_place(pointing):
    x, y = at(pointing, len(path_of(pointing)["points"]) // 3)
    mouse = pointing.page.mouse
    mouse.move(x, y)
    wait(lambda: shown(pointing), 10, "the label")
    pointing.settle()
    step = value(re.match(r"Step (.+?):", shown(pointing))[1])
    mouse.down()
    for k in range(1, 7):
        mouse.move(x - 10 * k, y)
        pointing.page.wait_for_timeout(30)
    mouse.up()
    wait(lambda: pointing.knob("push1") != "0", 10, "a push")
    pointing.settle()
    assert float(pointing.knob("moment")) == step and pointing.knob("w1") == "1" and not shown(pointing)
    pointing.live.get_by_role("button", name="Undo", exact=True).click()
    wait(lambda: pointing.knob("push1") == "0" and pointing.knob("moment") == "10000", 10, "one undo is enough")
    pointing.settle()
    x, y = at(pointing, 0)
    mouse.move(x + 3, y)
    pointing.page.wait_for_timeout(400)
    assert not shown(pointing)
    mouse.down()
    mouse.move(x + 30, y)
    mouse.up()
    wait(lambda: pointing.knob("w1") != "1", 10, "the start to move")
    assert pointing.knob("push1") == "0" and pointing.error() == ""
