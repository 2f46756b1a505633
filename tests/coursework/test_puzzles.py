"""Every planted fault shows in the table, is named by a proof, and has one right answer."""
from textwrap import indent

import numpy as np
import pytest

import bpviz as bp
from bpviz.base.written import as_written
from bpviz.coursework.puzzles import FAULTS, ORDER, broken_pass, example
from bpviz.network.backprop import backprop

ALL = list(bp.puzzles)


def test_there_are_enough_and_each_fault_comes_once():
    assert len(bp.puzzles) == len(ALL) >= 8 and sorted(ORDER) == sorted(FAULTS) == sorted(bp.puzzles.faults)


@pytest.mark.parametrize("puzzle", ALL, ids=ORDER)
def test_the_table_shows_it_and_only_in_the_middle_column(puzzle):
    rows = puzzle.compare()
    right = bp.compare_gradients(*example())
    assert not all(row.agree for row in rows)
    for row, truth in zip(rows, right, strict=True):
        assert truth.agree and row.symbolic == truth.symbolic and row.difference == truth.difference
        if not row.agree:
            assert f"{row.backprop:+.6f}" != f"{truth.backprop:+.6f}"       # seen in the printed table
    assert max(abs(row.backprop / truth.backprop - 1) for row, truth in zip(rows, right, strict=True)) > 0.05


@pytest.mark.parametrize("puzzle", ALL, ids=ORDER)
def test_a_puzzle_shows_its_table_and_the_names_to_choose_from_in_a_notebook_and_in_lines_of_88(puzzle):
    page, printed = puzzle._repr_html_(), repr(puzzle)
    assert page.count("<tr>") == 1 + len(puzzle.compare()) and f"Puzzle {puzzle.number}" in page
    assert max(map(len, printed.splitlines())) <= 88
    for said, shown in ((page, as_written), (printed, str)):
        assert all(name in " ".join(said.split()) for name in FAULTS)
        assert all(shown(number) in said for row in puzzle.compare() for number in (row.weight, *row.numbers))
        assert (said.count("✗ differ"), said.count("✓ agree")) == tuple(
            sum(row.agree is agree for row in puzzle.compare()) for agree in (False, True))


@pytest.mark.parametrize("puzzle", ALL, ids=ORDER)
def test_a_proof_names_the_residue(puzzle):
    residues = puzzle.prove()
    wrong = {name for name, residue in residues.items() if residue != 0}
    marked = {row.weight for row in puzzle.compare() if not row.agree}
    assert wrong and {name[:2] for name in wrong} == {name[:2] for name in marked}      # the same kinds, in the same layers


@pytest.mark.parametrize("puzzle", ALL, ids=ORDER)
def test_answers(puzzle):
    fault = FAULTS[ORDER[puzzle.number - 1]]
    for name in FAULTS:
        said = puzzle.answer(name)
        assert said.startswith("Right: ") == (name == fault.name) and said.startswith("No: ") == (name != fault.name)
    said = puzzle.answer(fault.name)
    assert indent(fault.line, "    ") in said and indent(fault.broken, "    ") in said
    assert "✗ differ" in repr(puzzle) and fault.shows not in repr(puzzle)
    with pytest.raises(ValueError, match="fault: got 'wrong sing', did you mean 'wrong sign'"):
        puzzle.answer("wrong sing")


def ratios(name):
    """{weight: faulty entry / right entry} on the puzzles' own example, the right one by differences of the loss."""
    fit, theta = example()
    wrong, h = backprop(fit, theta, broken_pass(FAULTS[name])).gradient, 1e-6
    up, down = (fit.loss(theta[:, None] + sign * h * np.eye(len(theta))) for sign in (1, -1))
    return dict(zip(fit.names, wrong / ((up - down) / (2 * h)), strict=True))


def are(values, factor):
    return np.allclose(list(values), factor, rtol=1e-6, atol=1e-6)


def one_has_the_wrong_sign(values):
    return sum(value < 0 for value in values) == 1


# The sentence of each fault, word for word, and what it claims about the entries of the (first, last) layer's table.
CLAIMS = {
    "the last layer is right; before it every entry is several times too large, one even with the wrong sign":
        lambda first, last, all_: are(last, 1) and min(map(abs, first)) > 3 and one_has_the_wrong_sign(first),
    "every entry has the right size and the opposite sign: the network would climb":
        lambda first, last, all_: are(all_.values(), -1),
    "the last layer is right; before it only the path through the first unit counts":
        lambda first, last, all_: are(last, 1) and not np.isclose(first, 1, rtol=1e-3).any(),
    "every entry is exactly half: the 2 of (o - t)^2 was lost": lambda first, last, all_: are(all_.values(), 0.5),
    "the last layer is right; before it the wrong weights carry the slopes back":
        lambda first, last, all_: are(last, 1) and not np.isclose(first, 1, rtol=1e-3).any(),
    "the last layer is right; before it each entry is off by a factor of its own, some hardly, one even in sign":
        lambda first, last, all_: are(last, 1) and not np.isclose(first, 1, rtol=1e-4).any() and len(
            {round(value, 3) for value in first}) == 6 and sum(abs(value - 1) < 0.1 for value in first) == 2
        and one_has_the_wrong_sign(first),
    "weights are right, every bias entry is 0":
        lambda first, last, all_: all(are([v], 1 if name[0] == "w" else 0) for name, v in all_.items()),
    "every entry is too large by the number of rows": lambda first, last, all_: are(all_.values(), 3),
    "biases and the first layer are right; later weights are too large, one even with the wrong sign":
        lambda first, last, all_: are(first, 1) and are([v for name, v in all_.items() if name[0] == "b"], 1)
        and min(abs(v) for name, v in all_.items() if name[:2] == "w2") > 2 and one_has_the_wrong_sign(last),
    "weights are right, every bias entry is too small by the number of rows":
        lambda first, last, all_: all(are([v], 1 if name[0] == "w" else 1 / 3) for name, v in all_.items()),
    "every entry of every layer is too large, each by a factor of its own, one even with the wrong sign":
        lambda first, last, all_: min(map(abs, all_.values())) > 1.5 and len(
            {round(value, 3) for value in all_.values()}) == 12 and one_has_the_wrong_sign(all_.values()),
}


@pytest.mark.parametrize("name", FAULTS)
def test_what_a_hint_says_is_true_of_its_table(name):
    found = ratios(name)
    first, last = ([value for weight, value in found.items() if weight[1] == layer] for layer in "12")
    assert CLAIMS[FAULTS[name].shows](first, last, found), found


def test_the_fault_of_the_path_counts_the_first_unit_only():
    """With the second output's blame silenced by a weight of 0 the fault does not show: only that path was lost."""
    fit, theta = example()
    alone = theta.copy()
    alone[[7, 9]] = 0                                           # w2[1,2], w2[2,2]: the paths to the second output
    wrong = backprop(fit, alone, broken_pass(FAULTS["missing sum over paths"])).gradient
    assert np.allclose(wrong, fit.gradient(alone), rtol=1e-12)


def test_a_fault_that_fits_no_line_is_refused():
    with pytest.raises(ValueError, match="mark: got 'no such line'; allowed is one of .*'delta'"):
        broken_pass(FAULTS["wrong sign"].__class__("x", "no such line", "", "", "", ""))


@pytest.mark.parametrize("number", [0, 12, -1, 1.5, "1", None])
def test_a_puzzle_that_is_not_there(number):
    with pytest.raises(ValueError, match="puzzle: got .*; allowed is a whole number from 1 to 11"):
        bp.puzzles[number]
