"""Start weights dragged in the pictures of adam and basins, a step dragged where basins trains, and momentum's Pin."""
import numpy as np
import pytest
from lab import MISSING, chromium, wait, write
from test_explorers import Other, pulled

pytestmark = [pytest.mark.browser, pytest.mark.skipif(chromium() is None, reason=MISSING)]
PANELS = {"adam": "", "basins": "steps=40", "momentum": ""}


@pytest.fixture(scope="module")
def by_hand(jupyter):
    """A panel, by its name, as it was at first."""
    lab = jupyter.room("hand")
    write(lab.folder, "hand.ipynb", "import bpviz as bp", *(f"bp.explore.{name}({more})" for name, more in PANELS.items()))
    with lab.open("hand.ipynb") as notebook:
        notebook.run_all()

        def panel(name):
            learner = Other(notebook, list(PANELS).index(name))
            learner.settle()
            return learner
        yield panel


def share(learner, k, *values):
    """Where these values are in place k of the picture, in shares."""
    place = learner.live.evaluate("(live, k) => JSON.parse(live.dataset.places)[k]", k)
    return [(value - axis[0]) / (axis[-1] - axis[0]) for value, axis in zip(values, (place["across"], place["up"]), strict=True)]


@pytest.mark.parametrize("name", ["adam", "basins"])
def test_the_start_is_dragged_and_picture_and_words_follow(by_hand, name):
    learner = by_hand(name)
    words, before = learner.words(), learner.pixels()
    start = [float(learner.knob(knob)) for knob in ("w1", "w2")]
    pulled(learner, 0, [share(learner, 0, *start), share(learner, 0, 0, 0), share(learner, 0, 4, -4)])
    wait(lambda: abs(float(learner.knob("w1")) - 4) < 0.1 and abs(float(learner.knob("w2")) + 4) < 0.1, 20, "the start under the pointer")
    wait(lambda: learner.words() != words, 30, "other words")
    learner.settle()
    assert (abs(learner.pixels() - before) > 30).any(axis=2).mean() > 0.01 and learner.error() == ""
    learner.live.get_by_role("button", name="Undo", exact=True).click()
    wait(lambda: [float(learner.knob(knob)) for knob in ("w1", "w2")] == start and learner.words() == words, 30, "one move taken back")


def test_the_step_of_basins_is_dragged_while_its_map_trains_on(by_hand):
    """The whole map is another one, of more steps; the line of the step follows the pointer meanwhile."""
    learner = by_hand("basins")
    learner.number("steps").fill("400")
    learner.number("steps").press("Enter")
    wait(lambda: learner.knob("steps") == "400", 20, "more steps")
    places = learner.live.evaluate("(live) => JSON.parse(live.dataset.places).map(({kind, knobs}) => [kind, ...knobs])")
    k = places.index(["slide", "moment"])
    across = learner.live.evaluate("(live, k) => JSON.parse(live.dataset.places)[k].across", k)
    there = np.interp(0.4, np.linspace(0, 1, len(across)), across)
    pulled(learner, k, [(0.9, 0.5), (0.6, 0.5), (0.4, 0.5)])
    wait(lambda: abs(int(learner.knob("moment")) - there) <= 1 + 0.1 * there, 20, f"step {there}, under the pointer")
    moment = learner.knob("moment")
    learner.settle()
    assert learner.knob("moment") == moment and learner.error() == "", (moment, learner.knob("moment"))


def test_momentum_pins_its_bar_and_compares_another_with_it(by_hand):
    learner = by_hand("momentum")
    pinned = learner.live.locator(".bpviz-pinned")
    learner.live.get_by_role("button", name="Pin", exact=True).click()
    wait(pinned.text_content, 20, "what is pinned")
    same, before = pinned.text_content(), learner.pixels()
    rate = float(learner.knob("rate"))
    pulled(learner, 0, [share(learner, 0, rate, float(learner.knob("momentum"))), share(learner, 0, rate / 2, 0.3)])
    wait(lambda: abs(float(learner.knob("rate")) - rate / 2) < 0.1, 20, "another bar")
    wait(lambda: pinned.text_content() not in ("", same), 20, "the comparison with it")
    learner.settle()
    assert (abs(learner.pixels() - before) > 30).any(axis=2).mean() > 0.005
    learner.live.get_by_role("button", name="Unpin", exact=True).click()
    wait(lambda: pinned.text_content() == "", 20, "nothing pinned")
    assert learner.error() == ""
