"""The kind "write these lines": what is said of a function's values, each given the learner's own before it."""
import numpy as np
import pytest
from run_here import run

from bpviz.coursework.diagnosis.edges import sigmoid
from bpviz.coursework.kinds.written import WrittenLines, WrongLine

UNIT = WrittenLines("unit", {"x": (3,), "w": (3,), "b": ()}, {"z": "x @ w + b", "a": "sigmoid(z)", "double": "2 * a"}, wrongs=(
    WrongLine("z", "x @ w", "no bias", "A unit hears its bias too."), WrongLine("a", "z", "not squeezed", "Squeeze it.", "M15")))
ONE = WrittenLines("half", {"w": ()}, {"new": "w / 2"}, (WrongLine("new", "2 * w", "twice", "That is twice."),))


def judged(asks, function):
    return asks.judge(function, np.random.default_rng(0), {}, run)


def unit(z=lambda x, w, b: x @ w + b, a=sigmoid, double=lambda a: 2 * a):
    def answer(x, w, b):
        heard = z(x, w, b)
        answered = a(heard)
        return {"z": heard, "a": answered, "double": double(answered)}
    return answer


def test_the_right_lines_pass_whatever_they_look_like():
    assert judged(UNIT, unit()).status == "right"
    assert judged(UNIT, unit(z=lambda x, w, b: b + sum(x * w), a=lambda z: (1 + np.tanh(z / 2)) / 2)).status == "right"
    assert judged(ONE, lambda w: w * 0.5).status == judged(ONE, lambda w: {"new": w / 2}).status == "right"


def test_what_follows_from_a_wrong_value_is_no_fault_of_its_own():
    verdict = judged(UNIT, unit(z=lambda x, w, b: x @ w))
    assert verdict.key == "z: no bias" and "A unit hears its bias too." in verdict.words
    assert "a and double follow from it." in verdict.words and [one.status for one in verdict.lines] == ["wrong", "follows", "follows"]


def test_a_second_fault_is_seen_behind_the_first():
    verdict = judged(UNIT, unit(z=lambda x, w, b: x @ w, a=lambda z: z))
    assert verdict.key == "z: no bias" and "Besides, given your numbers before it, a: Squeeze it." in verdict.words
    assert judged(UNIT, unit(a=lambda z: z)).misconception == "M15"


@pytest.mark.parametrize("function, key, said", [
    (lambda x, w, b: 3.0, "no dict", "unit should give a dict with z, a, double."),
    (lambda x, w, b: {"z": x @ w + b, "a": sigmoid(x @ w + b)}, "double: missing", "double is missing"),
    (unit(double=lambda a: "many"), "double: no numbers", "double is text"),
    (unit(double=lambda a: ...), "double: not filled in", "double is not filled in yet"),
    (unit(double=lambda a: np.array([a, a])), "double: shape", "double has the shape (2,), and one number is asked for."),
    (unit(double=lambda a: np.nan), "double: no number", "double is not always a number."),
    (unit(double=lambda a: 6 * a), "double: unknown", "it is 3 times what it should be"),
], ids=["number", "missing", "text", "dots", "shape", "nan", "other"])
def test_what_is_no_answer_is_said_in_a_sentence(function, key, said):
    verdict = judged(UNIT, function)
    assert (verdict.status, verdict.key) == ("wrong", key) and said in verdict.words, verdict


def test_nothing_written_is_not_attempted():
    for empty in (lambda x, w, b: None, lambda x, w, b: {"z": ..., "a": ..., "double": ...}, ..., None):
        assert judged(UNIT, empty).status == "not attempted", empty


def test_lines_that_are_given_stand_in_the_cell_and_are_worked_out():
    asks = WrittenLines("back", {"x": (2,), "t": ()}, {"dz": "2 * (z - t)"}, (WrongLine("dz", "z - t", "half", "The 2 is lost."),),
                        given_lines={"z": "x.sum()"}, says="The way back.", shares=("t",))
    assert "    z = x.sum()\n    {solution}" in asks.starter({}) and "Given are x (2,), t." in asks.starter({})
    assert judged(asks, lambda x, t: 2 * (x[0] + x[1] - t)).status == "right"
    assert judged(asks, lambda x, t: x.sum() - t).key == "dz: half"
    assert all(0 < asks.draw(np.random.default_rng(k))["t"] < 1 for k in range(9))
