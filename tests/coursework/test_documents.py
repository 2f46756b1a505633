"""The documents for authors and teachers say what is: their code runs and passes the laws, their table is the records'."""
import ast
import re
from pathlib import Path

import numpy as np
import pytest

import bpviz as bp
from bpviz.coursework import apart, commands, course, handout, overview
from bpviz.coursework.exercise import Exercise
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
    assert overview.written(text) == text, "python -m bpviz.coursework.overview docs/teaching.md"
    for one in course.exercises().values():
        assert f"**{one.id}**" in text
    with pytest.raises(ValueError, match="without the marks"):
        overview.written("no table")


def test_the_commands_of_the_documents_exist():
    import argparse
    parser = argparse.ArgumentParser()
    commands.add_to(parser.add_subparsers())
    for line in re.findall(r"^python -m bpviz (.*)$", AUTHORS.read_text() + TEACHERS.read_text(), re.M):
        if not line.startswith("."):
            assert parser.parse_args(line.split()).action
