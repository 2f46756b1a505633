"""Explorers are pure: scenes are frozen all the way down, and the same values give the same answer, whatever was before."""
import html
from dataclasses import fields, is_dataclass, replace
from types import MappingProxyType

import numpy as np
import pytest

from bpviz.base.result import ShowsItself
from bpviz.base.work import Memory, finished
from bpviz.explorers import all_explorers

EXPLORERS = all_explorers()


pytestmark = pytest.mark.usefixtures("less_work")


def freeze(thing, place="scene"):
    """Refuse what can change: records that are not frozen, dicts, lists, sets; arrays are made read-only."""
    if isinstance(thing, np.ndarray):
        thing.flags.writeable = False
    elif is_dataclass(thing):
        assert type(thing).__dataclass_params__.frozen, f"{place} is a record that can change"
        for field in fields(thing):
            freeze(getattr(thing, field.name), f"{place}.{field.name}")
    elif isinstance(thing, MappingProxyType):
        for key, value in thing.items():
            freeze(value, f"{place}[{key!r}]")
    elif isinstance(thing, tuple):
        for k, value in enumerate(thing):
            freeze(value, f"{place}[{k}]")
    else:
        assert not isinstance(thing, dict | list | set | bytearray), f"{place} is a {type(thing).__name__}"


def same(one, other):
    """Whether two results are equal, number for number."""
    if isinstance(one, np.ndarray):
        return one.shape == other.shape and np.array_equal(one, other, equal_nan=one.dtype.kind == "f")
    if is_dataclass(one):
        return type(one) is type(other) and all(same(getattr(one, field.name), getattr(other, field.name))
                                                for field in fields(one) if field.compare)
    if isinstance(one, dict):
        return list(one) == list(other) and all(same(one[key], other[key]) for key in one)
    if isinstance(one, list | tuple):
        return len(one) == len(other) and all(map(same, one, other))
    return one == other or one is other or (one != one and other != other) or type(one).__eq__ is object.__eq__


def places(explorer):
    """Two positions of all knobs."""
    first = explorer.values()
    rng = np.random.default_rng(1)
    second = {knob.name: knob.slid(knob.value, rng.uniform(knob.low, knob.high)) for knob in explorer.sliders}
    return [explorer.small.cut(values) for values in (first, {**first, **second})]


def within_limits(explorer, scene, values):
    return {name: min(value, explorer.limits(scene).get(name) or value) if not isinstance(value, str) else value
            for name, value in values.items()}


@pytest.mark.parametrize("explorer", EXPLORERS.values(), ids=list(EXPLORERS))
def test_the_same_values_give_the_same_answer_on_a_scene_that_cannot_change(explorer):
    scene = finished(explorer.scene(explorer.values()))
    freeze(scene)
    first, second = (within_limits(explorer, scene, values) for values in places(explorer))
    alone = [finished(explorer.compute(scene, values, Memory())) for values in (first, second)]
    memory = Memory()
    for values, result in zip((first, second, first), (*alone, alone[0]), strict=True):
        dropped = explorer.compute(scene, values, memory)
        next(dropped), next(dropped, None)
        dropped.close()                                         # a slider moved on: the work is taken up again
        again = finished(explorer.compute(scene, values, memory))
        assert same(again, result) or same(without_before(again), without_before(result))
        assert explorer.words(again) == explorer.words(result) and explorer.table(again) == explorer.table(result)


def without_before(result):
    """Basins show the map of other knobs, faded, until their own begins."""
    return replace(result, before=None) if hasattr(result, "before") else result


class Read(dict):
    """Knob values that note which of them are asked for."""

    def __init__(self, values):
        super().__init__(values)
        self.names = set()

    def __getitem__(self, name):
        self.names.add(name)
        return super().__getitem__(name)

    def get(self, name, default=None):
        self.names.add(name)
        return super().get(name, default)


@pytest.mark.parametrize("explorer", EXPLORERS.values(), ids=list(EXPLORERS))
def test_a_scene_reads_the_menus_that_it_says_it_depends_on(explorer):
    values = Read(explorer.values())
    finished(explorer.scene(values))
    assert values.names & {menu.name for menu in explorer.menus} == {menu.name for menu in explorer.menus if menu.scene}


@pytest.mark.parametrize("explorer", [one for one in EXPLORERS.values() if not all(menu.scene for menu in one.menus)],
                         ids=lambda explorer: explorer.name)
def test_one_memory_serves_every_choice_of_a_menu_on_which_the_scene_does_not_depend(explorer):
    first = explorer.small.cut(explorer.values())
    scene, memory = finished(explorer.scene(first)), Memory(1000)
    for menu in explorer.menus:
        for choice in () if menu.scene else menu.corners:
            values = explorer.small.cut({**first, menu.name: choice})
            kept, fresh = (finished(explorer.compute(scene, values, one)) for one in (memory, Memory()))
            assert same(without_before(kept), without_before(fresh)), (menu.name, choice)
            assert explorer.words(kept) == explorer.words(fresh) and explorer.table(kept) == explorer.table(fresh)


@pytest.mark.parametrize("explorer", EXPLORERS.values(), ids=list(EXPLORERS))
def test_shares_rise_to_1_and_the_last_part_is_the_answer(explorer):
    scenes = list(explorer.scene(explorer.values()))
    parts = list(explorer.compute(scenes[-1].result, within_limits(explorer, scenes[-1].result, places(explorer)[0]), Memory()))
    for work in (scenes, parts):
        shares = [part.share for part in work]
        assert shares == sorted(shares) and 0 <= shares[0] and shares[-1] == 1 and work[-1].result is not None
    shows_itself(explorer, parts[-1].result)


def shows_itself(explorer, result):
    """A result of a room below says in a notebook and in a terminal what the panel says of it."""
    if isinstance(result, ShowsItself):
        words, caption = explorer.words(result), explorer.table(result)[0]
        assert words and repr(result).startswith(f"{words}\n{caption}")
        assert html.escape(words) in result._repr_html_() and html.escape(caption) in result._repr_html_()


def test_what_can_change_is_found():
    for wrong in ({"a": 1}, ([1],), MappingProxyType({"a": {1}})):
        with pytest.raises(AssertionError, match=r"^scene"):
            freeze(wrong)
    assert not same(np.ones(2), np.zeros(2)) and not same((1, [2.0]), (1, [3.0])) and same(np.nan, np.nan)
