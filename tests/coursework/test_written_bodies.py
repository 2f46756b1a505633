"""The kinds "write this function": what is said of a whole body by what it gives."""
import numpy as np
import pytest
from run_here import run

from bpviz.coursework.apart.run import run as apart
from bpviz.coursework.kinds.body import WrittenBody, WrittenSlopes, WrongLines

SUMS = WrittenBody("sums", ("x", "h"), ("rows", "total"), "Sums, times h.", 'return {"rows": x.sum(axis=1) * h, "total": x.sum() * h}',
                   (WrongLines("no h", 'return {"rows": x.sum(axis=1), "total": x.sum()}', "Where is h?", "M15"),),
                   lambda rng: [{"x": rng.normal(size=(2, 3)), "h": 0.4} for _ in range(3)])
SLOPES = WrittenSlopes("nudge", ("w",), ("slopes",), "The slopes.", "slopes += 2 * w\nreturn slopes",
                       (WrongLines("half", "return w", "Half of it."),), lambda rng: [{"w": rng.normal(size=3)} for _ in range(3)],
                       begins="slopes = np.zeros(len(w))")


def judged(asks, function):
    return asks.judge(function, np.random.default_rng(0), {}, run)


def sums(rows=lambda x, h: x.sum(axis=1) * h, total=lambda x, h: x.sum() * h):
    return lambda x, h: {"rows": rows(x, h), "total": total(x, h)}


@pytest.mark.parametrize("function, key, said", [
    (lambda x, h: x, "no dict", "`sums` should give back a dict with rows and total."),
    (lambda x, h: {"rows": x.sum(axis=1) * h}, "total: no such table", "total is missing from what comes back."),
    (sums(rows=lambda x, h: "many"), "rows: no such table", "rows holds no numbers."),
    (sums(rows=lambda x, h: x), "rows: no such table", "rows has the shape (2, 3), and (2,) is asked for."),
    (sums(rows=lambda x, h: x.sum()), "rows: no such table", "rows is one number, and (2,) is asked for."),
    (sums(total=lambda x, h: 7.0), "other", "rows is right. total is not. Are the functions that it calls all checked?"),
    (sums(lambda x, h: x[:, 0] * np.inf, lambda x, h: np.nan), "other", "It runs, but no table is right."),
    (sums(lambda x, h: x.sum(axis=1), lambda x, h: x.sum()), "no h", "Where is h?"),
], ids=["array", "missing", "text", "shape", "number", "one", "none", "known"])
def test_tables(function, key, said):
    verdict = judged(SUMS, function)
    assert (verdict.status, verdict.key) == ("wrong", key) and said in verdict.words, verdict
    assert judged(SUMS, sums()).status == "right" and [line.part for line in judged(SUMS, sums()).lines] == ["rows", "total"]


@pytest.mark.parametrize("function, key, said", [
    (lambda w: w[0], "shape", "is `return slopes` there, at the end?"),
    (lambda w: 2 * w[:2], "shape", "is `return slopes` there, at the end?"),
    (lambda w: (2.0, w, 1.0), "shape", "is `return slopes` there, at the end?"),
    (lambda w: w * [2, 2, 3], "some", "The slope of weight 1 is right, and not every one of the others is. Was everything put back"),
    (lambda w: w * [3, 2, 2], "some", "The slope of weight 2 is right, and not every one of the others is."),
    (lambda w: w * np.inf, "other", "they are not the slopes that are asked for."),
    (lambda w: w, "half", "Half of it."),
], ids=["number", "short", "ragged", "first", "second", "inf", "known"])
def test_slopes(function, key, said):
    verdict = judged(SLOPES, function)
    assert (verdict.status, verdict.key, verdict.lines) == ("wrong", key, ()) and said in verdict.words, verdict


def test_slopes_may_come_as_an_array_or_as_numbers():
    assert judged(SLOPES, lambda w: 2 * w).status == judged(SLOPES, lambda w: [2 * one for one in w]).status == "right"
    assert judged(SLOPES, lambda w: tuple(2 * w)).status == "right"


def test_lines_that_change_their_arguments_spoil_nothing_for_the_next():
    asks = WrittenBody("moved", ("x",), ("x",), "Twice.", 'x *= 2\nreturn {"x": x}',
                       (WrongLines("ten", 'x *= 10\nreturn {"x": x}', "Ten."), WrongLines("third", 'return {"x": x / 3}', "A third.")),
                       lambda rng: [{"x": rng.normal(size=3)} for _ in range(3)])
    assert judged(asks, lambda x: {"x": x / 3}).key == "third" and judged(asks, lambda x: {"x": 2 * x}).status == "right"


def test_without_a_return_it_says_so():
    verdict = SUMS.judge(lambda x, h: None, np.random.default_rng(0), {}, apart)
    assert verdict.status == "not attempted" and "Is `return` missing at its end?" in verdict.words
