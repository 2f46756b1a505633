"""What plausible wrong answers are told that no record lists, and right ones in unusual form: read beforehand by a person.

Each answer was thought of without looking at the records. told: words that must be there.  untrue: words that must not.
"""
from decimal import Decimal
from fractions import Fraction

import numpy as np
import pytest
from run_here import run

from bpviz.coursework.course import exercises

A, L2 = np.linspace(0, 1, 25), np.linspace(0, 4, 25)


def f(z):
    return 1 / (1 + np.exp(-z))


def loss(w):
    return (f(w[1] * f(w[0] * 1.5)) - 0.2) ** 2


def by_each_weight(slope):
    return lambda w, h: np.array([slope(w, e, h) for e in np.eye(2)])


def descent(step, at_last=lambda w: (w - 1) ** 2, more=0):
    def losses(rate):
        given = exercises()["L05-q1"].given("")
        w = given["start"]
        for _ in range(given["steps"] + more):
            w = step(w, rate)
        return at_last(w)
    return losses


def downhill(w, rate):
    return w - rate * 2 * (w - 1)


WRONG = (
    ("L01-q8", 4 * A * (1 - A), "too high", "turns"), ("L01-q8", f(6 * A - 3), "never comes down", "That is the slope with a plus"),
    ("L02-q4", 2.6, "signs", ""), ("L07-q5", 1.6, "before the step", "rounded"), ("L07-q5", 0.03, "step alone", ""),
    ("L04-q1", by_each_weight(lambda w, e, h: (loss(w + h * e) - loss(w - h * e)) / 2 * h), "brackets", ""),
    ("L04-q1", by_each_weight(lambda w, e, h: (loss(w + 1e-6 * e) - loss(w - 1e-6 * e)) / 2e-6), "step h that is handed in", ""),
    ("L04-q7", lambda w, h: np.zeros(2), "slopes are 0", ""),
    ("L05-q1", descent(lambda w, rate: w - rate * (w - 1) ** 2), "loss itself", "slope of the start"),
    ("L05-q1", descent(lambda w, rate: w - rate * 2 * w), "lead to 0", ""), ("L05-q1", descent(downhill, lambda w: w * w), "bottom", ""),
    ("L05-q1", descent(downhill, lambda w: (w - 1) ** 2 / 2), "half", "rises"),
    ("L05-q1", descent(downhill, lambda w: abs(w - 1)), "square", "rises"),
    ("L05-q1", descent(downhill, more=1), "too many", ""), ("L05-q1", descent(downhill, more=-1), "missing", ""),
    ("L08-q3", 1 / (1 + 2 * L2), "its 2", ""), ("L08-q3", np.exp(-L2), "", "Yes"),
    ("L08-q8", (lambda e: e * (abs(e) < 1))(np.linspace(-3, 3, 97)), "far enough", "Yes"),
)
RIGHT = (
    ("L01-q5", Fraction(7)), ("L02-q4", Fraction(11, 5)), ("L05-q2", Decimal("0.125")), ("L08-q8", lambda e: 2 * e * (abs(e) < 1)),
    ("L08-q3", 1 / (1 + L2)), ("L01-q8", [0, 0.19, 0.25, 0.19, 0]), ("L05-q1", descent(downhill)),
    ("L05-q1", descent(lambda w, rate: w + 2 * rate - 2 * rate * w, lambda w: w * w - 2 * w + 1)),
    ("L06-q1", "c) the right one, x = 1.5"), ("L07-q4", "f g d1 e c a b2"), ("L02-q2", np.array([-0.4, 4.5])),
    ("L09-q3", (10, "dz1 = dz2 * (1 + w2 * (1 - a1 ** 2))")), ("L04-q1", by_each_weight(
        lambda w, e, h: (loss(w + h * e) - loss(w - h * e)) / 2 / h)),
)


@pytest.mark.parametrize("k", range(len(WRONG)), ids=lambda k: f"{k}: {WRONG[k][0]}")
def test_a_wrong_answer_is_told_what_is_true_of_it(k):
    id, answer, told, untrue = WRONG[k]
    verdict = exercises()[id].judge(answer, run)
    assert verdict.status == "wrong" and told in verdict.words and (not untrue or untrue not in verdict.words), verdict.words


@pytest.mark.parametrize("k", range(len(RIGHT)), ids=lambda k: f"{k}: {RIGHT[k][0]}")
def test_a_right_answer_counts_in_any_form(k):
    id, answer = RIGHT[k]
    verdict = exercises()[id].judge(answer, run)
    assert verdict.status == "right", verdict.words


def test_units_that_begin_at_zero_move_only_where_they_answer_something_there():
    """Why question 10 of the inventory has to say which units: with tanh or relu the other answer would be true, too."""
    def moved(unit, slope):
        W, v, b = np.zeros((2, 3)), np.zeros(3), 0.0
        for _ in range(50):
            a = unit(np.array([0.5, 0.1]) @ W)
            o = f(a @ v + b)
            dz = 2 * (o - 0.6) * o * (1 - o)
            W, v, b = W - 0.5 * np.outer([0.5, 0.1], dz * v * slope(a)), v - 0.5 * dz * a, b - 0.5 * dz
        return bool(W.any() or v.any())
    assert moved(f, lambda a: a * (1 - a))
    assert not moved(np.tanh, lambda a: 1 - a * a) and not moved(lambda z: np.maximum(z, 0), lambda a: 1.0 * (a > 0))
    from bpviz.coursework.inventory.items import ITEMS
    assert "sigmoids" in next(one.question for one in ITEMS if one.id == "I10")
