"""What a learner may see next: worked out from the kept events alone, whatever stands in the file."""
import itertools

import numpy as np
import pytest
import sympy

import bpviz as bp
from bpviz.coursework.exercise import NOT_ATTEMPTED, Judgement, Line
from bpviz.coursework.learner.progress import HELD_BACK, Progress, attempt, fingerprint, honest, progress

ID = "L03-q2"


def hint(n):
    return {"kind": "hint", "id": ID, "n": n}


def wrong(part="dW2", off="twice", status="wrong"):
    return Judgement("wrong", f"{part} is {off}", f"{part}: {off}", (Line("dL/do", "right"), Line(f"dL/{part}", status, off)), part)


RIGHT = Judgement("right", "All 8 are right.")
TRIES = [attempt(ID, wrong(part), f"answer {k}") for k, part in enumerate(("dW2", "da1", "dz1"))]


def test_nothing_yet():
    now = progress([])
    assert now == Progress() and now.why_not == (
        "The worked solution opens when your answer is right, or after three hints (none so far) and three "
        "different attempts (none so far).")


def test_the_worked_solution_opens_after_passing_or_after_three_hints_and_three_attempts_in_any_order():
    hints = [hint(n) for n in (1, 2, 3)]
    assert progress([attempt(ID, RIGHT, "answer")]).why_not == ""
    for order in itertools.islice(itertools.permutations([*hints, *TRIES]), 0, 720, 7):
        assert progress(order).why_not == ""
        for left_out in {0, 1, 2, 3, 4, 5} - {order.index(h) for h in hints if h["n"] < 3}:
            fewer = [event for k, event in enumerate(order) if k != left_out]
            assert progress(fewer).why_not != "", fewer
    assert "three hints (two so far)" in progress([*hints[:2], *TRIES]).why_not
    assert "attempts (two so far)" in progress([*hints, *TRIES[:2]]).why_not


def test_an_attempt_counts_once():
    """The same code again, other code with the same verdict, comments, other names of locals: no new attempt."""
    again = [attempt(ID, wrong("dW2"), "answer 0"), attempt(ID, wrong("dW2"), "another answer"),
             attempt(ID, wrong("db2"), "answer 0")]
    assert progress([TRIES[0], *again]).attempts == 1
    assert progress([TRIES[0], attempt(ID, wrong("db2"), "another answer")]).attempts == 2


@pytest.mark.parametrize("verdict, is_honest", [
    (RIGHT, True), (wrong(), True), (wrong(status="no credit"), False), (NOT_ATTEMPTED, False),
    (Judgement("wrong", "line 3 of your function: ..."), False),                 # it did not run
    (Judgement("wrong", "backward stopped at line 3", "raised"), False), (Judgement("wrong", "got 'x'", "unreadable"), False),
    (Judgement("wrong", "A sign is lost.", "sign"), True),                       # a number, a choice, a proof
    (Judgement("wrong", "", "k", (Line("dL/do", "no credit"), Line("dL/dz2", "wrong"))), False),
    (Judgement("wrong", "", "k", (Line("dL/do", "wrong"), Line("dL/dz2", "no credit"))), True)])
def test_honest(verdict, is_honest):
    assert honest(verdict) is is_honest
    event = attempt(ID, verdict, "answer")
    assert progress([event]).attempts == int(is_honest)


def test_a_teacher_keeps_it_back():
    now = progress([attempt(ID, RIGHT, "answer", copy="ada", solution=False)])
    assert now.passed and now.held and now.copy == "ada" and now.why_not == HELD_BACK
    assert progress([attempt(ID, RIGHT, "a", solution=False), attempt(ID, RIGHT, "a")]).why_not == ""     # the last counts


def test_what_cannot_be_read_counts_for_nothing():
    rubbish = [{}, {"kind": 3}, {"kind": "hint"}, {"kind": "hint", "n": "three"}, {"kind": "hint", "n": 99},
               {"kind": "hint", "n": None}, {"kind": "hint", "n": [3]}, {"kind": "hint", "n": True and 4}, {"kind": "attempt"},
               {"kind": "attempt", "honest": 1, "code": "a", "said": "b"}, {"kind": "attempt", "honest": True, "code": 3, "said": []},
               {"kind": "attempt", "status": ["right"], "copy": {}, "solution": "no"}]
    for k in range(len(rubbish)):
        now = progress(rubbish[:k + 1])
        assert (now.hints, now.attempts, now.passed, now.held, now.copy) == (0, 0, False, False, "")


# ---- telling answers apart

def first(x, t):
    """A docstring."""
    o = x + t          # a comment
    return {"do": 2 * o}


def renamed(y, target):
    out = y + target

    return {"do": 2 * out}


def other(x, t):
    o = x + t
    return {"do": 3 * o}


def swapped(x, t):
    o = t + x
    return {"do": 2 * o}


def test_comments_and_names_of_locals_do_not_make_another_answer():
    assert fingerprint(renamed) == fingerprint(first)
    assert len({fingerprint(function) for function in (first, other, swapped)}) == 3


def holding(thing):
    array = np.empty(1, object)
    array[0] = thing
    return array


class Liar:
    def __repr__(self, *more, **named):
        raise RuntimeError("no")

    __eq__ = __hash__ = __array__ = __len__ = __iter__ = __repr__


@pytest.mark.parametrize("answer", [
    None, ..., 3, "text", "x" * 10**6, float("nan"), [1, [2, "b"]], (), Liar(), [Liar()], np.zeros(10**6), np.array(["a"]),
    holding(Liar()), print, len, lambda: 3, (n for n in ()), {"a": Liar()}, {1, 2}, type, 10**5000],
    ids=lambda a: type(a).__name__)
def test_every_answer_has_a_fingerprint(answer):
    assert fingerprint(answer) == fingerprint(answer) and len(fingerprint(answer)) == 16


def test_numbers_and_lists_are_told_apart():
    answers = [3, 3.5, "3", "3.5", [3], [3, 4], (3, 4), np.array([3.0, 4]), np.array([3.0, 5]), np.arange(100.0),
               np.arange(99.0), np.arange(100.0)[::-1], "a", "b", None, *sympy.symbols("x y"), sympy.Symbol("x") + 1,
               bp.GradientDescent(0.1), bp.GradientDescent(0.2)]
    assert len({fingerprint(answer) for answer in answers}) == len(answers)
