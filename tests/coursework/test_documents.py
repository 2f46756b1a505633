"""The documents for authors and teachers say what is: their code runs and passes the laws, their table is the records'."""
import ast
import re
import textwrap
from importlib import import_module
from pathlib import Path

import numpy as np
import pytest
from run_here import run as here
from test_kinds import answer_of

import bpviz as bp
import bpviz_nbval
from bpviz.coursework import course
from bpviz.coursework.apart import run as apart
from bpviz.coursework.exercise import Exercise
from bpviz.coursework.kinds import quantities
from bpviz.coursework.notebooks import commands, handout, overview, release
from bpviz.coursework.prediction import Prediction

DOCS = Path(__file__).resolve().parents[2] / "docs"
AUTHORS, TEACHERS = (DOCS / name for name in ("writing_exercises.md", "teaching.md"))


def blocks():
    return re.findall(r"```python\n(.*?)```", AUTHORS.read_text(encoding="utf-8"), re.S)


def made(source):
    names = {}
    exec(source, names)
    return names


def test_an_exercise_of_twenty_lines_passes_the_laws_of_all_kinds():
    source = blocks()[0]
    assert len(source.strip().splitlines()) <= 20
    one, = made(source)["EXERCISES"]
    assert isinstance(one, Exercise) and made(source)["PREDICTIONS"] == ()
    numbers = set()
    for copy in ("", "ada", "bob", "cleo"):
        given = one.given(copy)
        assert given == one.given(copy)
        numbers.add(tuple(given.values()))

        def answer(code, given=given):
            names = {"np": np}
            exec(code, names)
            return names[one.asks.name]
        assert one.judge(answer(one.asks.solution(given)), apart.run, copy).status == "right"
        assert one.judge(answer(one.asks.starter(given).replace("{solution}", "")), apart.run, copy).status == "not attempted"
        for mutant in one.asks.mutants(given):
            verdict = one.judge(answer(mutant.code), apart.run, copy)
            assert (verdict.status, verdict.key) == ("wrong", mutant.key) and mutant.says in verdict.words
        for cell in (one.answer_cell(copy), one.check_cell(copy)):
            ast.parse(cell)
        assert "{" not in one.prompt_cell(copy)
    assert len(numbers) > 1


def test_the_cell_of_the_document_becomes_three(monkeypatch):
    one, = made(blocks()[0])["EXERCISES"]
    monkeypatch.setattr(course, "exercises", lambda: {one.id: one})
    cell = {"cell_type": "markdown", "id": "a", "metadata": {"bpviz": {"prompt": one.id}}, "source": []}
    assert '{"bpviz": {"prompt": "L10-q1"}}' in AUTHORS.read_text(encoding="utf-8")
    nb = handout.renew({"cells": [cell], "metadata": {"bpviz": {"lesson": "L10"}}, "nbformat": 4, "nbformat_minor": 5})
    assert [one["cell_type"] for one in nb["cells"]] == ["markdown", "code", "code"]


def test_the_prediction_of_the_document_is_one():
    one = made(blocks()[1])["STEEPEST"]
    assert isinstance(one, Prediction) and one.truth() in one.asks.texts and one.says(one.truth())
    assert one.asks.compare("b", one.truth()).status == "right" and one.shows[0] in dir(bp.explore)


def test_the_table_of_the_teachers_document_is_that_of_the_records():
    text = TEACHERS.read_text(encoding="utf-8")
    assert overview.written(text) == text, "python -m bpviz.coursework.notebooks.overview docs/teaching.md"
    for one in course.exercises().values():
        assert f"**{one.id}**" in text
    with pytest.raises(ValueError, match="without the marks"):
        overview.written("no table")


def test_the_commands_of_the_documents_exist():
    import argparse
    parser = argparse.ArgumentParser()
    commands.add_to(parser.add_subparsers())
    for line in re.findall(r"^python -m bpviz (.*)$", AUTHORS.read_text("utf-8") + TEACHERS.read_text("utf-8"), re.M):
        assert parser.parse_args(line.split()).action


def test_pytest_is_told_of_the_plugin_by_its_name():
    """Only an installed package has entry points; a checkout that run.py has set up has none."""
    texts = [path.read_text("utf-8") for path in (AUTHORS, TEACHERS, DOCS.parent / "README.md")]
    texts += [bpviz_nbval.__doc__, dict(release.released({}))[release.README].decode()]
    told = [line for text in texts for line in text.splitlines() if "--nbval-lax --bpviz" in line]
    assert len(told) == 5 and all("python -m pytest -p bpviz_nbval --nbval-lax --bpviz" in line for line in told)


KINDS = {"partials": "network", "quantities": "Quantity", "property": "Property", "fault": "PlantedFault", "proof": "TypedFormula",
         "derivation": "TypedDerivation", "ordering": "Ordering", "written": "WrittenLines"}
AROUND = {"np": np, "loss_before": 1.0, "loss_after": lambda rate: (1 - rate / 12) ** 2,
          "draw": lambda rng: dict(zip("wxt", rng.normal(size=3), strict=True))}


@pytest.mark.parametrize("file", KINDS)
def test_the_docstring_of_each_kind_holds_an_example_that_is_one(file):
    module = import_module(f"bpviz.coursework.kinds.{file}")
    example, = [block for block in module.__doc__.split("\n\n") if block.startswith("    ")]
    asks = eval(textwrap.dedent(example), {**vars(module), **vars(quantities), **AROUND})
    assert KINDS[file] in example and f"`{type(asks).__name__}" in AUTHORS.read_text("utf-8")
    one = Exercise("L00-q1", "An example", "What?", asks, ("a", "b", "c"), "Because.")
    for code, status in [(None, "right"), *((mutant.code, "wrong") for mutant in asks.mutants(one.given()))]:
        verdict = one.judge(answer_of(one, "", code), here)
        assert verdict.status == status, (code, verdict)


def test_authors_are_told_all_that_a_lesson_must_have():
    """What tests/test_house.py and tests/lessons/test_records.py ask of a notebook with records."""
    text = AUTHORS.read_text("utf-8")
    for word in ("bp.predict(", "bp.predictions(", "## Summary", "README", "misconception", "python -m bpviz cells ",
                 "python -m bpviz.coursework.notebooks.overview docs/teaching.md"):
        assert word in text, word
