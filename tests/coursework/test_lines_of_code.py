"""Lines put in order, against all orders there are; planted faults, mended by lines of every sort."""
import itertools

import numpy as np
import pytest
from test_kinds import KINDS

from bpviz.coursework.apart.run import run
from bpviz.coursework.kinds.ordering import Ordering, Twin
from bpviz.coursework.kinds.runnable import made, same, sets, trace, uses

LINES = ("a = np.tanh(w * x)", "da = 2 * (a - t)", "dw = da * (1 - a ** 2) * x", "dx = da * (1 - a ** 2) * w",
         "w = w - 0.5 * dw")
TRAIN = Ordering("order", LINES, ("w", "dx"), lambda rng: dict(zip("xtw", rng.normal(size=3), strict=True)),
                 (Twin("da = 2 * (a - t)", "da = 2 * (t - a)", "The other way round."),))
POINTS = ({"x": 0.7, "t": -0.4, "w": 1.1}, {"x": -1.2, "t": 0.9, "w": 0.3})


def outcome(lines):
    """What the lines give as one program, or None if it fails: Python's own way, line by line not looked at."""
    found = []
    for point in POINTS:
        scope = {"np": np, **point}
        try:
            exec("\n".join(lines), scope)
        except NameError:
            return None
        found += [scope["w"], scope["dx"]]
    return np.array(found)


RIGHT = outcome(LINES)


def works(lines):
    found = outcome(lines)
    return found is not None and np.allclose(found, RIGHT, rtol=1e-9)


def test_every_order_is_judged_as_it_runs_and_the_first_line_that_cannot_stand_there_is_named():
    given = TRAIN.given(np.random.default_rng(1))
    labels = {label: text for label, (_, text, _) in TRAIN._labels(given).items()}
    single = [label for label in labels if len(label) == 1]
    pair = [label for label in labels if len(label) == 2]
    assert len(single) == 4 and len(pair) == 2
    orders = [order for twin in pair for order in itertools.permutations([*single, twin])]
    good = {order for order in orders if works([labels[one] for one in order])}
    assert 1 < len(good) < 10 and len(orders) == 240
    for order in orders:
        verdict = TRAIN.judge(list(order), np.random.default_rng(2), given, None)
        assert (verdict.status == "right") == (order in good), order
        if verdict.status == "wrong":
            k = next(k for k in range(5) if not any(one[:k + 1] == order[:k + 1] for one in good))
            assert verdict.words.startswith(f"Line {order[k]} "), (order, verdict)
            assert (f"wrong twin: {labels[order[k]]}" == verdict.key) == (labels[order[k]] == TRAIN.twins[0].wrong)


def test_what_is_not_an_order_is_told():
    given = TRAIN.given(np.random.default_rng(1))
    solution = {}
    exec(TRAIN.solution(given), solution)
    right = solution["order"]
    paired = next(one for one in right if len(one) == 2)
    twin, letter = paired[0] + {"1": "2", "2": "1"}[paired[1]], paired[0]
    lone = next(one for one in right if len(one) == 1)
    for answer, words in (([*right, lone], f"got {lone} 2 times"), ([*right, twin], f"got both {letter}1 and {letter}2"),
                          ([one for one in right if one != lone], f"got no {lone}"),
                          ([one for one in right if one != paired], f"got neither {letter}1 nor {letter}2"),
                          ([letter], f"got '{letter}'; allowed is {letter}1 or {letter}2"), (["z"], "got 'z'"),
                          ([3], "got 3"), ("", "allowed is")):
        verdict = TRAIN.judge(answer, np.random.default_rng(2), given, None)
        assert verdict.key == "unreadable" and words in verdict.words, verdict
    for answer in (" ".join(right), ", ".join(right), np.array(right), [one.upper() + ")" for one in right], tuple(right)):
        assert TRAIN.judge(answer, np.random.default_rng(2), given, None).status == "right"
    assert TRAIN.judge([...], np.random.default_rng(2), given, None).status == "not attempted"


def test_copies_are_shuffled_and_never_shown_in_the_right_order():
    shown = set()
    for seed in range(60):
        given = TRAIN.given(np.random.default_rng(seed))
        shown.add(given["lines"])
        order = [k for k, _, twin in TRAIN._labels(given).values() if twin is None]
        assert sorted(order) == list(range(5)) != order
        assert all(line in given["lines"] for line in (*LINES, TRAIN.twins[0].wrong))
    assert len(shown) > 40


@pytest.mark.parametrize("which", range(3))
def test_every_planted_fault_gives_other_numbers_than_the_right_lines_and_than_the_other_faults(which):
    kind = KINDS["fault"]
    calls = kind.calls(np.random.default_rng(0))
    right, broken = made(kind.head, kind.lines), [made(kind.head, kind._lines(k)) for k in range(3)]
    assert not same(broken[which](**calls[0]), right(**calls[0]))
    assert all(not same(broken[which](**calls[0]), broken[k](**calls[0])) for k in range(3) if k != which)


def fault_of(which):
    kind = KINDS["fault"]
    rng = next(rng for rng in map(np.random.default_rng, range(50)) if kind.given(rng)["which"] == which)
    given = kind.given(np.random.default_rng(next(s for s in range(50)
                       if kind.given(np.random.default_rng(s))["which"] == which)))
    return kind, given, rng


@pytest.mark.parametrize("answer, status, key", [
    (4, "right", ""), ("4", "right", ""), ("line 4", "right", ""), ("Line 4:", "right", ""), ((4,), "right", ""), (4.0, "right", ""), ((4, "factor 2"), "right", ""),
    ((4, "Factor 2"), "right", ""), ((4, "wrong sign"), "wrong", "kind: wrong sign"), (3, "wrong", "another line"),
    ((3, "factor 2"), "wrong", "another line"), ((4, "do = 2 * o - 2 * t"), "right", ""),
    ((4, "do = (o - t) * 2.0"), "right", ""), ((4, "do = o - t; do *= 2"), "wrong", "no line"),
    ((4, "do = 2 * (t - o)"), "wrong", "mended line: wrong"), ((4, "do = 2 * (o - q)"), "wrong", "mended line: raised"),
    ((4, "do ="), "wrong", "no line"), ((4, "import os"), "wrong", "no line"), ((4, "print(3)"), "wrong", "no line"),
    ((4, "do = 2 * (o - t)\nx = 3"), "wrong", "no line"), ((4, "do = __import__('os')._exit(1)"), "wrong", "mended line: died"),
    (0, "wrong", "unreadable"), (10, "wrong", "unreadable"), (4.5, "wrong", "unreadable"), ("x", "wrong", "unreadable"),
    ((4, 5), "wrong", "unreadable"), ((4, "a", "b"), "wrong", "unreadable"), ((4, ""), "wrong", "unreadable")])
def test_answers_to_a_planted_fault(answer, status, key):
    kind, given, _ = fault_of(0)
    assert "do = o - t" in given["listing"].splitlines()[4] and given["listing"].splitlines()[4].startswith("4")
    verdict = kind.judge(answer, np.random.default_rng(1), given, run)
    assert (verdict.status, verdict.key) == (status, key), verdict


def test_lines_are_read_without_running_them():
    assert sets("w = w - 0.5 * dw") == ["w"] and uses("w = w - 0.5 * dw") == {"w", "dw"}
    assert sets("a, b = c") == ["a", "b"] and "w" in uses("w -= dw")
    steps, said = trace(["b = a + 1", "c = b / q"], {"a": 1.0})
    assert steps == [{"b": 2.0}] and "q" in said
    assert same({"a": np.ones(2)}, {"a": np.ones(2)}) and not same({"a": 1}, {"b": 1}) and not same((1, 2), (1,))
    assert not same("text", 1.0) and not same(np.ones(2), np.ones((2, 1))) and same((1.0, 2.0), (1.0, 2.0))


def test_numbers_that_differ_in_the_fifth_digit_are_others():
    right = np.array([3.0, -0.02])
    assert same(right + 3e-7, right) and not same(right + [0, 1e-5], right) and not same((right, 1.00001), (right, 1.0))
