"""Records of the course: what every exercise and prediction must have."""
import ast
import pkgutil
import re
from importlib import import_module
from pathlib import Path
from types import SimpleNamespace

import pytest

import bpviz.coursework as folder
from bpviz.coursework.course import exercises, lessons, predictions
from bpviz.coursework.exercise import BEGIN, END, Exercise, Judgement


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
            assert not re.search(rf"(\\[A-Za-z]+|[\^_}}]){{{name}}}", one.prompt), "a brace of LaTeX, not a number's"
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
        Judgement("ok", "")


FOLDERS = ["bpviz.coursework", *(f"bpviz.coursework.{name}" for _, name, inner in pkgutil.iter_modules(folder.__path__) if inner)]


@pytest.mark.parametrize("name", FOLDERS)
def test_a_folder_says_once_which_file_holds_what(name):
    """In the indented lines of its docstring: names of files, then, after two spaces, what they hold."""
    one = import_module(name)
    rows = [re.split(r" {2,}", row.strip())[0] for row in one.__doc__.splitlines() if row.startswith("    ")]
    named = [file for row in rows for file in re.findall(r"[a-z_0-9]+", row)]
    assert sorted(named) == sorted(path.stem for path in Path(one.__file__).parent.glob("[a-z]*.py"))


def test_the_folder_says_what_its_folders_hold():
    named = re.findall(r"^(\w+)  +\w", folder.__doc__, re.M)
    assert [f"bpviz.coursework.{name}" for name in sorted(named)] == FOLDERS[1:]


def test_a_prompt_shows_the_very_numbers_that_are_judged():
    numbers = {"rows": 9_042_222, "seen": 10 ** 16 + 1, "share": 0.1 + 0.2, "rate": 0.0625, "small": 1.5e-7, "whole": 1234567.0}
    one = Exercise("L03-q1", "", " ".join("{" + name + "}" for name in numbers), SimpleNamespace(given=lambda rng: numbers),
                   ("", "", ""), "")
    told = one.prompt_cell().split()[-len(numbers):]
    assert [float(word) for word in told] == pytest.approx(list(numbers.values()), rel=1e-11, abs=0)
    assert told[:3] == ["9042222", "10000000000000001", "0.3"]
