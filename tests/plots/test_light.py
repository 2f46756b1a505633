"""Where quantities stand: every number, arrow and piece of a formula has its name at its own place, and keeps inside the picture."""
import re

import numpy as np
import pytest

from bpviz.explorers import all_explorers
from bpviz.widgets.projector import Projector

NAME = re.compile(r"^(dL/d)?[abwxtzL]\d*(\[\d+(,\d+)?\])?$")
WALKS = [{"step": 1}, {"step": 12}, {"step": 20}, {"step": 32}, {"hidden": "4-4", "step": 60}, {"example": "xor 2-2-1, four rows", "step": 40},
         {"hidden": "3", "step": 26}]
CHAINS = [{}, {"network": "1-1-2"}, {"network": "1-2-1", "weight": 4}, {"network": "1-1-1-1", "activation": "tanh"}]


def lit(name, width, values):
    projector, result = Projector(all_explorers()[name]), None
    for part in projector.work(projector.explorer.values(**values), width, 1.0):
        result = part.result or result
    frame = projector.frame(result).copy()
    return projector.where(result), result, frame, projector


@pytest.mark.parametrize("name, values", [*(("backprop", v) for v in WALKS), *(("chain_rule", v) for v in CHAINS)], ids=str)
@pytest.mark.parametrize("width", [360, 940])
def test_spots_have_names_and_keep_inside(name, values, width):
    told, result, frame, _ = lit(name, width, values)
    names = {one for spot in told["lights"] for one in spot[0].split()}
    assert names and all(map(NAME.match, names)), names
    for words, _, *place, thick in told["lights"]:
        assert words and min(place) >= 0 and max(place) <= 1 and 0 < thick * frame.shape[0] < 90
    weights = {f"dL/d{weight}" for weight in result.gradients and [row.weight for row in result.gradients]}
    assert weights <= set(told["products"]["terms"]) and set(told["products"]["rows"]) == weights


@pytest.mark.parametrize("name, values", [("backprop", {"step": 20}), ("chain_rule", {"network": "1-1-2"})], ids=str)
def test_a_spot_with_a_value_lies_on_its_ink(name, values):
    """Where a number is said to be there is ink in the middle of the spot, and none where it ends below and above."""
    told, _, frame, _ = lit(name, 1150, values)
    high, wide = frame.shape[:2]
    dark = frame[:, :, :3].min(axis=2) < 140
    found = 0
    for _, value, x0, y0, x1, y1, thick in told["lights"]:
        if value and y0 == y1:
            left, right = int(min(x0, x1) * wide) - 3, int(max(x0, x1) * wide) + 4
            middle, reach = int(y0 * high), int(thick * high / 2)
            assert dark[middle - reach:middle + reach + 1, left:right].any(), value
            found += 1
    assert found > 15


def test_arrows_of_the_walk_join_the_units_that_their_weight_joins():
    told, _, frame, projector = lit("backprop", 940, {"step": 20})
    units = {names.split()[0]: np.array(place[:2]) for names, value, *place, _ in told["lights"]
             if re.match(r"(a\d|x)\[", names) and not value and place[:2] == place[2:]}
    arrows = {names.split()[0]: place for names, value, *place, _ in told["lights"] if names.startswith("w") and " " in names}
    assert set(arrows) == {name for name in projector.scene.fit.names if name.startswith("w")}
    for name, place in arrows.items():
        layer, i, j = map(int, re.findall(r"\d+", name))
        tail, tip = units[f"a{layer - 1}[{i}]" if layer > 1 else f"x[{i}]"], units[f"a{layer}[{j}]"]
        along, way = np.array(place[2:]) - place[:2], tip - tail
        assert abs(along[0] * way[1] - along[1] * way[0]) < 1e-3 and along @ way > 0
        assert np.hypot(*(np.array(place[:2]) - tail)) < 0.1 and np.hypot(*(np.array(place[2:]) - tip)) < 0.1


def test_numbers_stand_at_the_units_whose_they_are():
    """The texts of the walk, found by their words: the value at the spot is the value of the quantity."""
    told, result, _, _ = lit("backprop", 940, {"step": 20})
    known = {}
    from bpviz.symbolic.speak import kind_name
    for kind, value in result.found.known.items():
        known[kind_name(kind)] = value
    said = 0
    for names, value, *_ in told["lights"]:
        number = re.search(r"−?\d\.\d{3}$", value)
        if number and " " not in names and names in known:
            assert abs(float(number[0].replace("−", "-")) - known[names]) <= 5.001e-4, (names, value)
            said += 1
    assert said > 20


@pytest.mark.parametrize("name, values", [("backprop", {"step": 20}), ("backprop", {"step": 17}), ("chain_rule", {}), ("chain_rule", {"network": "1-1-2"})], ids=str)
def test_pieces_of_a_formula_make_the_formula(name, values):
    _, result, _, _ = lit(name, 940, values)
    if name == "chain_rule":
        assert ["".join(latex for latex, _ in pieces) for pieces in result.pieces] == [line[0] for line in result.lines]
    else:
        assert ["".join(latex for latex, _ in part) for part in result.parts] == [latex for latex, _, _ in result.terms]
