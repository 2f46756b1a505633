"""Shift-Tab on `bp.explore.NAME` lists every knob with its range, and what it lists is what is taken."""
import ast
import inspect
import re

import pytest

import bpviz as bp
from bpviz.explorers import all_explorers
from bpviz.explorers.explorer import Slider

EXPLORERS = all_explorers()


@pytest.mark.parametrize("name", EXPLORERS)
def test_every_knob_is_in_the_signature_and_in_the_docstring(name):
    explorer, opener = EXPLORERS[name], getattr(bp.explore, name)
    assert opener.__name__ == name and opener.__doc__.startswith(explorer.title) and explorer.question in opener.__doc__
    told = {parameter.name: parameter.default for parameter in inspect.signature(opener).parameters.values()}
    own = dict.fromkeys([*(["optimizer"] if explorer.joined else []), *explorer.takes])
    assert told == {**own, **explorer.values(), "state": None, "picture": "live", "size": "normal"}
    for knob in explorer.knobs:
        line, = re.findall(rf"^{knob.name}: (.*)$", opener.__doc__, re.M)
        if isinstance(knob, Slider):
            low, high, first = map(float, re.search(r"from (\S+) to (\S+), at first (\S+)$", line).groups())
            assert (low, high, first) == (knob.low, knob.high, knob.value) == (knob.check(low), knob.check(high), first)
        else:
            choices, first, _, moved = re.search(r"one of (.*); at first '(.*?)'(; a choice also sets (.*))?$", line).groups()
            others = {name for choice in knob.options() for name in explorer.values(**{knob.name: choice})
                      if name != knob.name and explorer.values(**{knob.name: choice})[name] != explorer.values()[name]}
            assert others <= set(filter(None, (moved or "").split(", "))) <= {other.name for other in explorer.knobs}
            assert ast.literal_eval(f"[{choices}]") == list(knob.options()) and first == knob.value


def test_it_opens_what_it_names():
    opened = bp.explore.difference(h=0.5, picture="core")
    assert opened.values["h"] == 0.5 and "h=0.5" in opened.state
    opened.close()
    with pytest.raises(ValueError, match="knob: got 'hh', did you mean 'h'"):
        bp.explore.difference(hh=1)


@pytest.mark.parametrize("name", EXPLORERS)
def test_a_whole_slider_asks_for_a_whole_number_whatever_came(name):
    for knob in (knob for knob in EXPLORERS[name].sliders if knob.whole):
        assert type(knob.check(float(knob.low))) is int
        for wrong in (knob.high + 1, knob.low - 1, knob.low + 0.5, float("inf"), float("nan"), -1e300, "3", None, True):
            with pytest.raises(ValueError, match=rf"^{knob.name}: got .*; allowed is a whole number from {knob.low:g} to {knob.high:g}$"):
                knob.check(wrong)
