"""How sure and how right: the sentences at the end of a lesson, beside numbers worked out a second time."""
import re
from itertools import product

import numpy as np
import own_lesson
import pytest

from bpviz.coursework.kinds.quantities import Choice, Number
from bpviz.coursework.learner import answers
from bpviz.coursework.learner.calibration import Calibration, calibration
from bpviz.coursework.learner.outcome import Outcome, kept, outcome, same
from bpviz.coursework.prediction import Prediction

HELD = {"choice": {0: 1 / 4, 1: 0.75, 2: 0.95}, "number": {0: 0.5, 1: 0.75, 2: 0.95}}
FOUR = Choice((("one", "M01"), "two", ("three", "M10", "Look again."), "four"))


def made(k, right, sure, kind):
    asks = FOUR if kind == "choice" else Number()
    truth, answer = ("two", "two" if right else "three") if kind == "choice" else (2.0, 2.0 if right else 5.0)
    return outcome(Prediction(f"L99-p{k}", "?", asks, lambda: truth, str), (answer, sure))


@pytest.mark.parametrize("seed", range(60))
def test_sentences_beside_a_count_of_ones_own(seed):
    rng = np.random.default_rng(seed)
    n = int(rng.integers(1, 25))
    given = [(k, bool(rng.random() < 0.6), int(rng.integers(3)), str(rng.choice(["choice", "number"]))) for k in range(n)]
    found = Calibration(tuple(made(*one) for one in given), ("L99-p77",))
    p, hit = np.array([HELD[kind][sure] for _, _, sure, kind in given]), np.array([right for _, right, _, _ in given])
    assert np.isclose(found.brier, np.mean((p - hit) ** 2)) and found.hits == hit.sum()
    text = " ".join(found.lines)
    assert text.startswith(f"You answered {n} of {n + 1} predictions; {hit.sum()} w") and "Not answered: L99-p77." in text
    for level, name in enumerate(("a guess", "rather sure", "sure")):
        mine = hit[[sure == level for _, _, sure, _ in given]]
        said = re.findall(rf"(?:^|[;.] ){name}: (\d+) of (\d+) right", text, re.I)
        assert said == ([(str(mine.sum()), str(len(mine)))] if len(mine) else [])
    gap, chance = hit.sum() - p.sum(), np.sqrt((p * (1 - p)).sum())
    verdict = ("sureness fits: going" if abs(gap) <= max(1, 2 * chance) else "surer than you were right" if gap < 0 else "more than you think")
    assert ("too few" in text) == (n < 5) != (verdict in text)
    assert n < 5 or f"about {round(p.sum())} would" in text and f"is {np.mean((p - hit) ** 2):.2f}: 0 is best" in text
    wrong = [f"L99-p{k}" for k, right, _, kind in given if kind == "choice" and not right]
    assert (f"“The loss goes down, so the gradient is right.” ({', '.join(wrong)})" in text) == bool(wrong)
    assert ("second look" in text) == bool(wrong)


def test_whoever_is_always_sure_and_always_wrong_or_right():
    wrong, right = (Calibration(tuple(made(k, hit, 2, "number") for k in range(8))) for hit in (False, True))
    assert "You were surer than you were right: going by how sure you were, about 8 would have been right; 0 were." in " ".join(wrong.lines)
    assert "Your sureness fits: going by how sure you were, about 8 would have been right; 8 were." in " ".join(right.lines)
    shy = Calibration(tuple(made(k, True, 0, "choice") for k in range(8)))
    assert "You know more than you think: going by how sure you were, about 2 would have been right; 8 were." in " ".join(shy.lines)


def test_nothing_answered():
    found = calibration(own_lesson.PREDICTIONS)
    assert found.lines == ("Not answered: L99-p1, L99-p2, L99-p3. Answer first, then run this cell again.",)


def test_the_first_answer_that_can_be_read_counts(tmp_path, monkeypatch):
    monkeypatch.setattr(answers, "_start_folder", tmp_path)
    monkeypatch.setattr(answers, "attended", lambda: True)
    one = own_lesson.PREDICTIONS[0]
    for answer, sure in (("of an older edition", 2), ([1, 2], 2), ({"a": 1}, 0), ("In the higher minimum", 1), ("In the lower minimum", 0)):
        answers.keep({"kind": "prediction", "id": one.id, "answer": answer, "sure": sure})
    assert kept(one) == ("In the higher minimum", 1) and kept(own_lesson.PREDICTIONS[1]) is None
    found = calibration(own_lesson.PREDICTIONS)
    assert [each.right for each in found.outcomes] == [True] and found.missing == ("L99-p2", "L99-p3")


@pytest.mark.parametrize("one, other, alike", [("a", "a", True), ("a", "b", False), (0.5, 0.5, True), (0.5, 0.6, False),
                                               (np.ones(3), np.ones(3), True), (np.ones(3), np.zeros(3), False),
                                               (np.ones(3), [1.0, 1.0, 1.0], True)])
def test_same(one, other, alike):
    assert same(one, other) is alike


def test_truth_is_worked_out_once_and_not_before(monkeypatch):
    asked = []
    one = Prediction("L99-p1", "?", Number(), lambda: asked.append(1) or 2.0, str)
    assert asked == []
    for _, sure in product(range(2), range(3)):
        outcome(one, (2.0, sure))
    assert asked == [1] and Outcome(one, 2.0).both == "What happens: 2."


def test_who_is_right_just_as_often_as_sure_hears_that_it_fits():
    """Nine times in ten at least, by chance alone: the sentence is about the learner and not about luck."""
    rng, fits = np.random.default_rng(3), 0
    for _ in range(300):
        sure = rng.integers(3, size=10)
        hits = rng.random(10) < [HELD["choice"][level] for level in sure]
        fits += Calibration(tuple(made(k, bool(hits[k]), int(sure[k]), "choice") for k in range(10))).verdict[:9] == "Your sure"
    assert fits >= 270
