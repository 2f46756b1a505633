"""Every planted fault shows in the table, is named by a proof, and has one right answer."""
import numpy as np
import pytest

import bpviz as bp
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
    assert fault.line in puzzle.answer(fault.name) and fault.broken in puzzle.answer(fault.name)
    assert "DIFFERS" in repr(puzzle) and fault.shows not in repr(puzzle)
    with pytest.raises(ValueError, match="fault: got 'wrong sing', did you mean 'wrong sign'"):
        puzzle.answer("wrong sing")


def entries(name):
    fit, theta = example()
    return backprop(fit, theta, broken_pass(FAULTS[name])).gradient, fit.gradient(theta), fit


def test_what_the_hints_say_is_true():
    wrong, right, fit = entries("wrong sign")
    assert np.allclose(wrong, -right)
    wrong, right, fit = entries("factor 2")
    assert np.allclose(wrong, right / 2)
    wrong, right, fit = entries("summed instead of averaged")
    assert np.allclose(wrong, right * fit.data.rows)
    wrong, right, fit = entries("bias forgotten")
    assert np.allclose(wrong[fit.network.is_weight], right[fit.network.is_weight]) and not wrong[~fit.network.is_weight].any()
    for name in ("missing slope", "missing sum over paths", "transposed weights", "slope at a instead of z"):
        wrong, right, fit = entries(name)
        assert np.allclose(wrong[6:], right[6:]) and not np.allclose(wrong[:6], right[:6]), name
    wrong, right, fit = entries("z instead of a")
    later = np.array([name.startswith("w2") for name in fit.names])
    assert np.allclose(wrong[~later], right[~later]) and not np.isclose(wrong[later], right[later]).any()
    wrong, right, fit = entries("output slope forgotten")
    assert (abs(wrong) > abs(right)).all()
    wrong, right, fit = entries("missing slope")
    assert (abs(wrong[:6]) > abs(right[:6])).all()


def test_a_fault_that_fits_no_line_is_refused():
    with pytest.raises(ValueError, match="0 times in backprop.py; allowed is once"):
        broken_pass(FAULTS["wrong sign"].__class__("x", "no such line", "", ""))


@pytest.mark.parametrize("number", [0, 11, -1, 1.5, "1", None])
def test_a_puzzle_that_is_not_there(number):
    with pytest.raises(ValueError, match="puzzle: got .*; allowed is a whole number from 1 to 10"):
        bp.puzzles[number]
