"""What no number is, typed into any field of any panel: a sentence, and the field and the state as they were; the end of a path."""
import pytest
from lab import MISSING, chromium, wait, write
from test_explorers import LITTLE, Other
from test_lab import Learner

from bpviz.explorers import all_explorers

pytestmark = [pytest.mark.browser, pytest.mark.skipif(chromium() is None, reason=MISSING)]
NO_NUMBERS = "1e999", "nan", "--", ""
EXPLORERS = list(all_explorers())
LESS = {**LITTLE, "basins": "steps=10", "escape": "steps=10"}       # what is typed is no matter of how long a map takes


@pytest.fixture(scope="module")
def typed(jupyter):
    lab = jupyter.room("typed")
    write(lab.folder, "typed.ipynb", "import bpviz as bp", *(f"bp.explore.{name}({LESS.get(name, '')})" for name in EXPLORERS))
    write(lab.folder, "end.ipynb", "import bpviz as bp", "bp.explore.minima(w1=1, w2=2)")
    return lab


@pytest.fixture(scope="module")
def panels(typed):
    with typed.open("typed.ipynb") as notebook:
        notebook.run_all(300)
        yield notebook


@pytest.mark.parametrize("name", EXPLORERS)
def test_what_is_no_number_gets_a_sentence_and_moves_nothing(panels, name):
    learner = Other(panels, EXPLORERS.index(name))
    wait(learner.words, 60, "the first words")                    # long work may go on
    fields = learner.panel.locator("input[type=number]:visible")
    assert fields.count() >= len([knob for knob in all_explorers()[name].sliders if not knob.rare])
    fields = fields.and_(learner.panel.locator(":enabled"))         # a knob that does nothing now takes nothing
    for k in range(fields.count()):
        field, state = fields.nth(k), learner.state()
        label, before = field.evaluate("(e) => e.getAttribute('aria-label') || e.labels[0].textContent"), field.input_value()
        for text in NO_NUMBERS if k == 0 else [NO_NUMBERS[k % 4]]:
            field.fill("")
            field.press_sequentially(text)
            field.press("Enter")
            wait(lambda label=label: learner.error().startswith(f"{label}: got no number; allowed is a number such as"), 10, (label, text))
            wait(lambda field=field, before=before: field.input_value() == before, 10, (label, text, "the value before"))
            assert learner.state() == state
    refusal = learner.error()
    learner.settle()
    assert learner.error() == refusal                               # whatever frames came meanwhile
    learner.page.keyboard.press("Shift")
    wait(lambda: learner.error() == "", 10, "the refusal to go")


# CSS pixels from the end of a number to the word "end" that stands after it in its field, were the number 10000.
BETWEEN = """(field) => { const box = field.closest('.bpviz-at-end'), style = getComputedStyle(field), word = getComputedStyle(box, '::after');
  const pen = document.createElement('canvas').getContext('2d'), left = field.getBoundingClientRect().left;
  pen.font = style.font;
  const ends = left + parseFloat(style.borderLeftWidth) + parseFloat(style.paddingLeft) + pen.measureText('10000').width;
  return box.getBoundingClientRect().right - parseFloat(word.right) - parseFloat(word.width) - ends; }"""


def test_the_step_shown_is_the_step_drawn(typed):
    """The slider of the step stands beyond the end of the path: its number is the last step, and says that it is the end."""
    with typed.open("end.ipynb") as notebook:
        notebook.run_all()
        learner = Learner(notebook)
        learner.settle()
        field = learner.number("look at step")
        steps = int(learner.number("steps").input_value())
        ends = "(e) => e.closest('.bpviz-at-end') !== null"

        def shown():
            return int(field.input_value())
        wait(lambda: shown() <= steps and field.evaluate(ends), 10, "the end")
        assert learner.knob("moment") == "10000"
        last = shown()
        assert field.evaluate(BETWEEN) >= 3, "between the number and the word after it"
        learner.live.locator(".bpviz-walk").get_by_text("Back", exact=True).click()
        wait(lambda: shown() == last - 1 == int(learner.knob("moment")) and not field.evaluate(ends), 10, "the step before")
        weight = learner.number("w2")
        weight.fill("")
        weight.press_sequentially("0,5")
        weight.press("Enter")
        wait(lambda: learner.knob("w2") == "0.5" and learner.error() == "", 10, "a decimal comma")
        learner.live.get_by_text("↶", exact=True).click()
        wait(lambda: learner.knob("w2") == "2", 10, "the weight before")
        field.fill("9000")
        field.press("Enter")
        wait(lambda: learner.knob("moment") == "9000" and shown() == last and field.evaluate(ends), 10, "the end again")
        learner.settle()
        told = "(panel) => [...panel.querySelectorAll('.noUi-handle')].map((e) => [e.getAttribute('aria-label'), e.getAttribute('aria-valuetext')])"
        wait(lambda: ["look at step", f"{last}, the end"] in learner.panel.evaluate(told), 10, "the slider to say so")
