"""Predictions and exercises of all lessons: what they say is true, found another way (truths/), and gives nothing away."""
import re

import numpy as np
import pytest
from truths import TRUTHS

import bpviz as bp
from bpviz.coursework import course
from bpviz.coursework.exercise import BEGIN
from bpviz.coursework.kinds.quantities import Choice
from bpviz.coursework.misconceptions import MISCONCEPTIONS

PREDICTIONS, EXERCISES = course.predictions(), course.exercises()
by_prediction = pytest.mark.parametrize("one", PREDICTIONS.values(), ids=list(PREDICTIONS))
by_exercise = pytest.mark.parametrize("one", EXERCISES.values(), ids=list(EXERCISES))


def truth_of(one, table):
    return getattr(TRUTHS[one.id.partition("-")[0]], table)


def listed(one):
    """The numbers that are quoted in its text and computed: {as it stands: value}."""
    names = {"lab": getattr(TRUTHS[one.id.partition("-")[0]], "lab", None), "np": np, "bp": bp}
    return {float(word): float(eval(how, names)) for word, how in truth_of(one, "QUOTED").get(one.id, {}).items()}


def given(one):
    return set(map(float, truth_of(one, "GIVEN").get(one.id, "").split()))


def numbers_in(text):
    """(value, half of the last digit) of each number, digits in code and names left out."""
    plain = re.sub(r"`[^`]*`|[Ll]essons? \d+|[Oo]utput \d|`?\bw\d", " ", text).replace("−", "-").replace(" %", "")
    return [(float(word.replace(",", "")), 0.5 * 10.0 ** -len(word.partition(".")[2]))
            for word in re.findall(r"(?<![\w.])[-+]?\d+(?:,\d{3})*(?:\.\d+)?(?![\w])", plain)]


# ---- what is said is true

@by_prediction
def test_the_outcome_is_true_and_so_is_every_number_in_it(one):
    right, numbers = truth_of(one, "ORACLES")[one.id]()
    truth = one.truth()
    if isinstance(one.asks, Choice):
        assert truth.startswith(right) and one.asks.compare(truth, truth).status == "right"
    else:
        assert np.allclose(truth, right, rtol=1e-9, atol=1e-12)
    said = one.says(truth)
    for value, half in numbers_in(said):
        assert value == 0 or any(abs(value - number) <= half * 1.0001 for number in numbers), (value, said)
    assert len(numbers_in(said)) >= len(numbers)                 # each number of the oracle is told
    assert 10 < len(said.split()) < 80


def test_a_wrong_number_in_an_outcome_would_be_noticed():
    said = "The two gradients have the sizes 0.033 and 0.028, after 2,000 steps."
    _, numbers = TRUTHS["L03"].ORACLES["L03-p2"]()
    assert [any(abs(v - n) <= half for n in numbers) for v, half in numbers_in(said)] == [True, False, False]


@by_prediction
def test_the_numbers_in_a_question_are_computed(one):
    text = " ".join([one.question, *(one.asks.texts if isinstance(one.asks, Choice) else ())])
    computed, free = listed(one), given(one)
    for value, half in numbers_in(text):
        if value in computed:
            assert abs(computed[value] - value) <= half * 1.0001, value
        else:
            assert value in free or value == 0, f"{value} in: {text}"


@by_exercise
def test_numbers_in_prompts_hints_and_worked_solutions_are_given_or_computed(one):
    """Whole numbers under 13 are counts and steps; every other number is given in the prompt, in the code, or listed."""
    numbers = one.given()
    code = " ".join([one.asks.solution(numbers), one.asks.starter(numbers), *(str(value) for value in numbers.values())])
    known = {float(word) for word in re.findall(r"(?<![\w.])\d+(?:\.\d+)?", code)} | given(one)
    computed = listed(one)
    for text in (one.prompt_cell(), *one.hints, one.worked):
        for value, half in numbers_in(re.sub(r"```.*?```|\$[^$]*\$", " ", text, flags=re.S)):
            if value in computed:
                assert abs(computed[value] - value) <= half * 1.0001, (value, text)
            else:
                assert abs(value) in known or (half == 0.5 and abs(value) < 13), (value, text)


# ---- nothing is given away

@by_exercise
def test_hints_are_three_and_the_last_is_not_the_answer(one):
    lines = [line.strip() for line in one.asks.solution(one.given()).splitlines() if line.strip()]
    assert len(set(one.hints)) == 3 and all(20 < len(hint) < 260 for hint in one.hints)
    told = " ".join(" ".join([*one.hints, one.prompt]).split())
    whole = [line for line in lines if len(line) > 8 and line in told]
    assert not whole, whole
    for line in lines:
        right = line.partition("=")[2].strip()
        if len(right) > 7 and not right.startswith(("[", "(")):
            assert right not in " ".join(one.hints), right
    assert 60 < len(one.worked)


@pytest.mark.parametrize("lesson", course.lessons())
def test_no_two_exercises_give_each_other_away(lesson):
    """A line of one exercise's solution does not stand in the prompt or answer cell of another."""
    exercises = course.lessons()[lesson].EXERCISES
    handed = {one.id: one.prompt_cell() + one.answer_cell(inside="") for one in exercises}
    for one in exercises:
        for line in map(str.strip, one.asks.solution(one.given()).splitlines()):
            if len(line) > 8 and not line.startswith("return "):
                assert not [other for other, text in handed.items() if line in text and other != one.id], (one.id, line)
    assert all(BEGIN in one.answer_cell() for one in exercises)


# ---- misconceptions

@by_prediction
def test_who_holds_a_misconception_is_told_apart(one):
    """A simulated learner who believes it chooses the tagged option, and the verdict names it. This tests tags, not people."""
    truth = one.truth()
    if isinstance(one.asks, Choice):
        for text, tag, _ in one.asks.options:
            verdict = one.asks.compare(text, truth)
            assert verdict.misconception == (tag if text != truth else "") and (verdict.status == "right") == (text == truth)
            assert not tag or tag in MISCONCEPTIONS
        assert 2 <= len(one.asks.options) <= 5
    elif getattr(one.asks, "beliefs", {}):
        falling = np.linspace(truth[0], truth.min(), 97)
        assert one.asks.compare(falling, truth).misconception in one.asks.beliefs.values()
