"""Whatever argument of whatever explorer is refused, the sentence begins with the name that was typed; on screen with the label seen."""
import inspect

import numpy as np
import pytest

import bpviz as bp
from bpviz.base.work import finished
from bpviz.explorers import all_explorers
from bpviz.explorers.explorer import Explorer, Menu

EXPLORERS = all_explorers()
ARGUMENTS = [(name, argument) for name in EXPLORERS for argument in inspect.signature(getattr(bp.explore, name)).parameters]
NONSENSE = {"number": 1e300, "nan": float("nan"), "text": "no such thing", "nothing": ..., "class": int, "list": [3, [4]], "dict": {"a": 1},
            "array": np.zeros((2, 2)), "yes": True}
pytestmark = pytest.mark.usefixtures("less_work")


@pytest.mark.parametrize("name, argument", ARGUMENTS)
def test_nonsense_is_refused_by_the_argument_that_was_typed(name, argument):
    for label, value in NONSENSE.items():
        if argument == "state" and label == "text":
            value = f"{name}; no such thing"
        with pytest.raises(ValueError, match=f"^{argument}: ") as error:
            getattr(bp.explore, name)(**{argument: value, **({} if argument == "picture" else {"picture": "core"})}).close()
        assert str(error.value).count("\n") == 0 and len(str(error.value)) < 500, label


def beyond(explorer):
    """[(knob, a value beyond, the end)] of the sliders that could stand further than the menus let them."""
    highest = explorer.limits(finished(explorer.scene(explorer.values())))
    return [(knob, knob.high, highest[knob.name]) for knob in explorer.sliders
            if knob.whole and highest.get(knob.name) is not None and highest[knob.name] < knob.high]


WITH_LIMITS = [name for name, explorer in EXPLORERS.items() if explorer.limits is not Explorer.limits]


@pytest.mark.parametrize("name", WITH_LIMITS)
def test_beyond_the_choice_of_the_menus_the_argument_is_named_and_on_screen_the_label(name):
    explorer = EXPLORERS[name]
    panel = getattr(bp.explore, name)(picture="core")
    panel._prepare()
    for knob, value, end in beyond(explorer):
        said = f"got {value:g}; allowed is a whole number from {knob.low:g} to {end:g}"
        with pytest.raises(ValueError) as error:
            getattr(bp.explore, name)(**{knob.name: value}, picture="core")._prepare()
        assert str(error.value) == f"{knob.name}: {said}"
        before = panel.values
        panel._moved(knob, value)
        panel.worker.finish() if panel.error is None else None
        assert panel.error == f"{knob.label}: {said}" and panel.values == before
    panel.close()


@pytest.mark.parametrize("name", EXPLORERS)
def test_what_is_typed_on_screen_is_refused_by_its_label(name):
    explorer = EXPLORERS[name]
    panel = getattr(bp.explore, name)(picture="core")
    panel._prepare()
    for knob in explorer.knobs:
        if not isinstance(knob, Menu):
            panel._moved(knob, 2 * knob.high + 1)
            assert panel.error.startswith(f"{knob.label}: got {2 * knob.high + 1:g}"), (knob.name, panel.error)
    panel.close()


@pytest.mark.parametrize("name, argument", [(name, one) for name, explorer in EXPLORERS.items() for one in
                                            [*explorer.takes, *(["optimizer"] if explorer.joined else [])]])
def test_the_dots_of_copied_code_are_refused_with_what_to_put_there(name, argument):
    with pytest.raises(ValueError) as error:
        getattr(bp.explore, name)(**{argument: ..., "picture": "core"})
    assert str(error.value) == f"{argument}: got ..., which stands for your own; put its name there, as {argument}=my_{argument}"
