"""Lessons with records, all of them: notebook and records name the same exercises and predictions; a prediction's cell
holds nothing else, and nothing in the notebook tells its outcome."""
import ast
import json
import re

import pytest
from reading import notebook_of

from bpviz.coursework import course
from bpviz.coursework.kinds.quantities import Choice
from bpviz.coursework.misconceptions import MISCONCEPTIONS

by_lesson = pytest.mark.parametrize("lesson", course.lessons())


def notebook(lesson):
    return json.loads(notebook_of(lesson).read_text(encoding="utf-8"))


def sources(lesson, kind=None):
    return ["".join(cell["source"]) for cell in notebook(lesson)["cells"] if kind in (None, cell["cell_type"])]


@by_lesson
def test_every_record_stands_in_its_notebook_once_and_in_order(lesson):
    code, module = "\n".join(sources(lesson, "code")), course.lessons()[lesson]
    assert notebook(lesson)["metadata"]["bpviz"] == {"lesson": lesson}
    assert re.findall(r'bp\.predict\("([^"]+)"\)', code) == [one.id for one in module.PREDICTIONS]
    assert re.findall(r'bp\.check\("([^"]+)"', code) == [one.id for one in module.EXERCISES]
    assert f'bp.predictions("{lesson}")' in code
    assert all(one.id.startswith(f"{lesson}-") for one in (*module.EXERCISES, *module.PREDICTIONS))


@by_lesson
def test_a_prediction_stands_alone_and_nothing_uses_it(lesson):
    """bp.predict(...) is the one expression of its cell; nowhere else is it named, so nothing can hold its value."""
    for source in sources(lesson, "code"):
        tree = ast.parse(source)
        named = [node for node in ast.walk(tree) if "predict" in (getattr(node, "attr", ""), getattr(node, "id", ""))]
        if named:
            statement, = tree.body
            assert isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Call), source
            assert len(named) == 1 and statement.value.func is named[0] and named[0].value.id == "bp", source
            assert [type(arg) for arg in statement.value.args] == [ast.Constant] and not statement.value.keywords


@by_lesson
def test_no_outcome_stands_in_the_notebook(lesson):
    text = " ".join(" ".join(sources(lesson)).replace("*", "").split())
    for one in course.lessons()[lesson].PREDICTIONS:
        truth = one.truth()
        for sentence in re.split(r"(?<=[.:]) ", one.says(truth)):
            assert sentence.replace("*", "") not in text, (one.id, sentence)
        assert not isinstance(one.asks, Choice) or (truth not in text and truth not in one.question)


@by_lesson
def test_each_lesson_can_show_a_misconception(lesson):
    """At least one wrong answer of a prediction is what somebody would give who believes one of the 22."""
    tags = {tag for one in course.lessons()[lesson].PREDICTIONS if isinstance(one.asks, Choice)
            for _, tag, _ in one.asks.options}
    assert tags - {""} and tags - {""} <= set(MISCONCEPTIONS)


@by_lesson
def test_answers_do_not_take_each_others_name(lesson):
    """Else the check of one, run once more, would look at the answer to the other."""
    names = [one.asks.name for one in course.lessons()[lesson].EXERCISES]
    assert len(set(names)) == len(names)


@by_lesson
def test_the_letters_of_a_prompt_are_those_of_its_choice(lesson):
    for one in course.lessons()[lesson].EXERCISES:
        asks = getattr(one.asks, "asks", None)
        for text in asks.texts if isinstance(asks, Choice) else ():
            assert f"{asks.letter(text)}) {text}" in one.prompt, (one.id, text)
