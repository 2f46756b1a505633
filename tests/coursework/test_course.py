"""Records of the course: what every exercise and prediction must have."""
import ast

import pytest

from bpviz.coursework.course import exercises, lessons, predictions
from bpviz.coursework.exercise import BEGIN, END, Exercise, Verdict


def test_ids_are_of_their_lesson_and_said_once():
    for name, module in lessons().items():
        every = [one.id for one in (*module.EXERCISES, *module.PREDICTIONS)]
        assert len(set(every)) == len(every) and all(each.startswith(name) for each in every)


@pytest.mark.parametrize("id", list(exercises()))
def test_cells_of_an_exercise(id):
    one = exercises()[id]
    for copy in ("", "0123456789abcdef"):
        cell = one.answer_cell(copy)
        ast.parse(cell)
        assert cell.count(BEGIN) == cell.count(END) == 1 and "{" + "solution}" not in cell
        ast.parse(one.check_cell(copy))
        assert one.given(copy) == one.given(copy)
        for name in one.given(copy):
            assert "{" + name + "}" not in one.prompt_cell(copy)
    assert len(one.hints) == 3 and all(one.hints) and one.worked and one.asks.mutants(one.given())


def test_an_unknown_id_tells_the_near_miss():
    with pytest.raises(ValueError, match="exercise: got 'nonsense'"):
        exercises()["nonsense"]
    with pytest.raises(ValueError, match="prediction: got 'nonsense'"):
        predictions()["nonsense"]


def test_records_refuse_what_does_not_fit():
    with pytest.raises(ValueError, match="id: got 'q2'"):
        Exercise("q2", "", "", None, ("", "", ""), "")
    with pytest.raises(ValueError, match="hints: got 1 for L03-q2"):
        Exercise("L03-q2", "", "", None, ("one",), "")
    with pytest.raises(ValueError, match="status: got 'ok'"):
        Verdict("ok", "")
