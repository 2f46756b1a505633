"""Answers written by hand, by somebody who had not read the known mistakes: what is said of them, and what is not."""
import ast
import re

import numpy as np
import pytest
from by_hand import ANSWERS, CLASSES, READ, verdict
from run_here import changed, judged

from bpviz.coursework.diagnosis.draws import draws, same
from bpviz.coursework.diagnosis.edges import value
from bpviz.coursework.diagnosis.operators import all_mistakes
from bpviz.coursework.kinds.partials import chain, network, two_layers

NET, CHAIN = two_layers(), chain()


def test_the_table_names_every_answer_once():
    assert [one.name for one in ANSWERS] == list(READ) and len(READ) == 50
    assert all(before in CLASSES and now in CLASSES and now != "false" for _, before, now in READ.values())


@pytest.mark.parametrize("answer", ANSWERS, ids=[one.name for one in ANSWERS])
def test_each_is_judged_as_it_was_read(answer):
    found, (key, _, now) = verdict(answer), READ[answer.name]
    assert found.key == key
    assert found.status == ("right" if now == "right" else "wrong")
    assert bool(answer.first) == (found.status == "wrong")
    if now == "stopped":                        # no number came back: nothing is named
        assert not found.first and not found.lines and "stopped" in found.words and "inner sizes" in found.words
        return
    assert found.first == (f"dL/{answer.first}" if answer.first else "")
    wrong = f"It first goes wrong at dL/{answer.first}" if answer.first else "partials are right"
    assert wrong in found.words or key.endswith(": not filled in")
    none = "none of the mistakes that are known here fits dL/" + answer.first
    assert (now == "nothing fits" and not key.endswith(": shape")) == (none in found.words)


# ---- the laws behind what was mended

@pytest.mark.parametrize("net", [NET, CHAIN, network(units=("tanh", "relu", "sigmoid"))],
                         ids=["rows", "chain", "deep"])
def test_a_sentence_that_says_what_a_part_is_says_its_line(net):
    some, seen = draws(net, np.random.default_rng(0)), 0
    for one in all_mistakes(net):
        said = re.match(rf"dL/{one.part} is (?:the same as |only )?([^,:]+)[,:]", one.says)
        line = said and said[1].replace("dL/", "")
        try:
            ast.parse(line or " ", mode="eval")
        except SyntaxError:
            continue                            # words, no formula
        found = [[value(row, draw) for draw in some] for row in (line, one.line)]
        assert same(*found), (one.key, one.says)
        seen += 1
    assert seen >= 3 * (net is CHAIN) + 1


@pytest.mark.parametrize(("net", "pair", "half"), [
    (NET, ("do", "dz2"), False), (NET, ("da1", "dz1"), False), (NET, ("da1", "dz1"), True),
    (CHAIN, ("da2", "dz2"), False), (CHAIN, ("dw2", "dw1"), False), (CHAIN, ("dw2", "dw1"), True), (CHAIN, ("da1", "dz1"), True)],
    ids=lambda one: "-".join(one) if isinstance(one, tuple) else ("behind another" if one is True else "alone" if one is False else one.name))
def test_two_names_crossed_in_the_return_are_said_to_be_that(net, pair, half):
    first = net.parts[0]
    line = next(edge.line for edge in net.edges if edge.part == first)
    code = changed(net, **({first: f"({line}) / 2"} if half else {}))
    one, other = pair
    crossed = code.replace(f'"{one}": {one}', f'"{one}": {other}').replace(f'"{other}": {other}', f'"{other}": {one}')
    assert crossed != code
    found = judged(net, crossed)
    assert found.first == f"dL/{first if half else one}"
    assert found.key == (f"{first}: half" if half else f"{one}: changed places")
    assert f"dL/{one} and dL/{other} have changed places" in found.words
    assert "slope" not in found.words and "Besides" not in found.words or half
    status = {row.part.removeprefix("dL/"): row.status for row in found.lines}
    assert {part for part, said in status.items() if said == "wrong"} == {*pair, *([first] if half else [])}


@pytest.mark.parametrize("factor", [1, 1000], ids=["cut to 0", "cut"])
def test_an_array_of_integers_is_said_to_be_one(factor):
    found = judged(NET, changed(NET, dW2=f"({factor} * (a1.T @ dz2)).astype(int)"))
    assert (found.key, found.first) == ("dW2: whole numbers", "dL/dW2") and "array of integers" in found.words


@pytest.mark.parametrize("part", NET.parts)
def test_of_zeros_nothing_is_said_but_that_they_are_zeros(part):
    line = next(edge.line for edge in NET.edges if edge.part == part)
    found = judged(NET, changed(NET, **{part: f"np.zeros(np.shape({line}))"}))
    assert (found.key, found.first) == (f"{part}: zero", f"dL/{part}")
    assert "0 everywhere" in found.words and "comes back" not in found.words
