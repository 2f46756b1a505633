"""Derivations with a mistake: the first wrong line is named in all, and an oracle that knows no algebra agrees."""
import re

import mpmath
import numpy as np
import pytest
import sympy
from test_kinds import KINDS

from bpviz.coursework.kinds.derivation import TypedDerivation
from bpviz.coursework.kinds.proof import TypedFormula

TWO = TypedDerivation("lines", ("x", "t", "w1", "w2"), {
    "z1": "w1*x", "a1": "sigmoid(z1)", "z2": "w2*a1", "o": "sigmoid(z2)", "L": "(o - t)**2"}, "dL/dw1",
    ("dL/do = 2*(o - t)", "dL/dz2 = dL/do * o*(1 - o)", "dL/da1 = dL/dz2 * w2", "dL/dz1 = dL/da1 * a1*(1 - a1)",
     "dL/dw1 = dL/dz1 * x"))
PATHS = TypedDerivation("lines", ("x", "t", "u", "v"), {"a": "tanh(u*x)", "b": "tanh(v*x)", "o": "a + a*b", "L": "(o - t)**2"},
                   "dL/dx", ("dL/do = 2*(o - t)", "dL/da = dL/do * (1 + b)", "dL/db = dL/do * a",
                             "dL/dx = dL/da * (1 - a**2)*u + dL/db * (1 - b**2)*v"))
DO, DZ2, DA1, DZ1, DW1 = TWO.lines
WRONG = (                                # thirty derivations, and which line is the first that is wrong
    (TWO, ["dL/do = o - t", DZ2, DA1, DZ1, DW1], 1), (TWO, ["dL/do = 2*(t - o)", DZ2, DA1, DZ1, DW1], 1),
    (TWO, ["dL/do = 2*o - t", DZ2, DA1, DZ1, DW1], 1), (TWO, ["dL/do = (o - t)**2", DZ2, DA1, DZ1, DW1], 1),
    (TWO, ["dL/do = 0", DZ2, DA1, DZ1, DW1], 1), (TWO, ["dL/do = abs(o - t)", DZ2, DA1, DZ1, DW1], 1),
    (TWO, [DO, "dL/dz2 = dL/do", DA1, DZ1, DW1], 2), (TWO, [DO, "dL/dz2 = dL/do * o", DA1, DZ1, DW1], 2),
    (TWO, [DO, "dL/dz2 = dL/do * (1 - o**2)", DA1, DZ1, DW1], 2), (TWO, [DO, "dL/dz2 = dL/do * z2*(1 - z2)"], 2),
    (TWO, [DO, "dL/dz2 = dL/do * a1*(1 - a1)", DA1, DZ1, DW1], 2), (TWO, [DO, "dL/dz2 = dL/do + o*(1 - o)"], 2),
    (TWO, [DO, "dL/dz2 = (o - t)*o*(1 - o)", DA1, DZ1, DW1], 2), (TWO, [DO, "dL/dz2 = dL/do / (o*(1 - o))"], 2),
    (TWO, [DO, DZ2, "dL/da1 = dL/dz2 * a1", DZ1, DW1], 3), (TWO, [DO, DZ2, "dL/da1 = dL/dz2", DZ1, DW1], 3),
    (TWO, [DO, DZ2, "dL/da1 = dL/do * w2", DZ1, DW1], 3), (TWO, [DO, DZ2, "dL/da1 = dL/dz2 * w1", DZ1, DW1], 3),
    (TWO, [DO, DZ2, "dL/da1 = dL/dz2 * (w2 - dL/dz2*a1)", DZ1, DW1], 3),
    (TWO, [DO, DZ2, DA1, "dL/dz1 = dL/da1", DW1], 4), (TWO, [DO, DZ2, DA1, "dL/dz1 = dL/da1 * (1 - a1)", DW1], 4),
    (TWO, [DO, DZ2, DA1, "dL/dz1 = dL/da1 * o*(1 - o)", DW1], 4),
    (TWO, [DO, DZ2, DA1, "dL/dz1 = dL/da1 * sigmoid(a1)*(1 - sigmoid(a1))", DW1], 4),
    (TWO, [DO, DZ2, DA1, DZ1, "dL/dw1 = dL/dz1 * w1"], 5), (TWO, [DO, DZ2, DA1, DZ1, "dL/dw1 = dL/dz1"], 5),
    (TWO, [DO, DZ2, DA1, DZ1, "dL/dw1 = dL/da1 * x"], 5), (TWO, [DO, "dL/dw1 = dL/do * w2 * x"], 2),
    (TWO, ["dL/do = o - t", "dL/dz2 = (o - t)*o", DA1, DZ1, DW1], 1),
    (PATHS, [PATHS.lines[0], "dL/da = dL/do * b", *PATHS.lines[2:]], 2),
    (PATHS, [PATHS.lines[0], "dL/da = dL/do", *PATHS.lines[2:]], 2),
    (PATHS, [*PATHS.lines[:3], "dL/dx = dL/da * (1 - a**2)*u"], 4),
    (PATHS, [*PATHS.lines[:3], "dL/dx = (dL/da * (1 - a**2)*u + dL/db * (1 - b**2)*v)/2"], 4),
    (PATHS, [*PATHS.lines[:3], "dL/dx = dL/da * (1 - a**2)*v + dL/db * (1 - b**2)*u"], 4),
)
RIGHT = (
    (TWO, ["∂L/∂w1 = 2·(o − t)·o·(1 − o)·w2·a1·(1 − a1)·x"]),
    (TWO, [DO, "dL/dz2 = dL/do * (o - o**2)", "dL/dw1 = x*a1*(1-a1) * w2*dL/dz2"]),
    (TWO, ["dL/dw1 = dL/dz1 * dz1/dw1", "dz1/dw1 = x", "dL/dz1 = 2*(o-t)*o*(1-o)*w2*a1*(1-a1)"]),
    (TWO, ["dL/do = 2*(o - t) = 2*o - 2*t", DZ2, DA1, DZ1, DW1]),
    (TWO, ["o = 1/(1 + exp(-w2*a1))", DO, "do/dz2 = exp(-z2)/(1 + exp(-z2))**2", "dL/dz2 = dL/do * do/dz2", DA1, DZ1, DW1]),
    (TWO, "\n".join([DO, "", DZ2, DA1, DZ1, DW1])), (TWO, tuple(TWO.lines)),
    (PATHS, PATHS.lines), (PATHS, ["dL/dx = 2*(o - t)*((1 + b)*(1 - a**2)*u + a*(1 - b**2)*v)"]),
)


def place(kind, point):
    """{name: value} of the forward pass at a point, and a function name -> L as it hangs on that name."""
    scope = {"tanh": mpmath.tanh, "exp": mpmath.exp, "abs": abs, "sigmoid": lambda u: 1 / (1 + mpmath.exp(-u))}

    def forward(fixed):
        values = {**point, **fixed}
        for name, formula in kind.forward.items():
            if name not in fixed:
                values[name] = eval(formula, scope, values)
        return values
    return scope, forward


def first_wrong(kind, lines):
    """By numbers alone: the first line whose right side, with the true slopes in it, is not the slope on its left."""
    rng = np.random.default_rng(3)
    with mpmath.workdps(30):
        for k, line in enumerate(lines, 1):
            left, right = line.split("=")
            for _ in range(5):
                point = {name: mpmath.mpf(rng.uniform(-1.5, 1.5)) for name in kind.inputs}
                scope, forward = place(kind, point)

                def slope(top, bottom, forward=forward):
                    return mpmath.diff(lambda at: forward({bottom: at})[top], forward({})[bottom])
                text = re.sub(r"d(\w+)/d(\w+)", r"slope('\1','\2')", right)
                value = eval(text, {**scope, "slope": slope}, forward({}))
                if abs(value - slope(*re.fullmatch(r"d(\w+)/d(\w+)", left.strip()).groups())) > 1e-12:
                    return k
    return None


@pytest.mark.parametrize("kind, lines, first", WRONG, ids=range(len(WRONG)))
def test_the_first_wrong_line_is_named(kind, lines, first):
    assert first_wrong(kind, lines) == first
    verdict = kind.judge(lines, None, {}, None)
    left = lines[first - 1].split("=")[0].strip()
    assert verdict.status == "wrong" and verdict.first == left and verdict.key.startswith(f"{left}: "), verdict
    assert left in verdict.words and [line.status for line in verdict.lines[:first - 1]] == ["right"] * (first - 1)
    wrong = [line.part for line in verdict.lines if line.status == "wrong"]
    assert wrong == ([left, "dL/dz2"] if lines[1] == "dL/dz2 = (o - t)*o" else [left])      # the one with two mistakes


def test_there_are_thirty_of_them():
    assert len(WRONG) >= 30 and len({str(lines) for _, lines, _ in WRONG}) == len(WRONG)


@pytest.mark.parametrize("kind, lines", RIGHT, ids=range(len(RIGHT)))
def test_any_form_and_any_way_there_passes(kind, lines):
    assert kind.judge(lines, None, {}, None).status == "right"


def test_later_lines_are_judged_given_the_learners_own():
    verdict = TWO.judge(["dL/do = o - t", "dL/dz2 = (o - t)*o*(1 - o)", DA1, "dL/dz1 = dL/da1", DW1], None, {}, None)
    assert [line.status for line in verdict.lines] == ["wrong", "follows", "follows", "wrong", "follows"]
    assert verdict.key == "dL/do: half" and "3 of your later lines follow from it or from another wrong one." in verdict.words
    verdict = TWO.judge(["dL/do = o - t", "dL/dz2 = dL/do*o*(1 - o)", DA1], None, {}, None)
    assert verdict.words.endswith(" 2 of your later lines follow from it.")


def test_what_is_missing_is_named():
    for lines, words in (([DO, DZ2], "says what dL/dw1 is."), (["dL/dw1 = dL/dz1 * x"], "by way of dL/dz1"),
                         (["dL/dw1 = dL/dz1*dz1/dw1", "dL/dz1 = dL/dw1 / dz1/dw1"], "by way of")):
        verdict = TWO.judge(lines, None, {}, None)
        assert verdict.key == "not finished" and words in verdict.words, verdict
    for lines, words in ((["dL/dw1 = dL/dw1"], "says it by itself"), (["dL/dq = 1"], "slopes between x, t"),
                         (["foo"], "line 1: got 'foo'"), ([DO, "dL/dz2 = 2(o - t)"], "line 2: got '2(o - t)'"),
                         ([DO, "= 3"], "line 2"), (["dL/do = q"], "the name 'q' is unknown"), ([DO] * 30, "answer: got")):
        verdict = TWO.judge(lines, None, {}, None)
        assert verdict.key == "unreadable" and words in verdict.words, verdict
    assert TWO.judge([...], None, {}, None).status == TWO.judge([], None, {}, None).status == "not attempted"
    assert TWO.judge(" \n", None, {}, None).status == "not attempted"
    assert "got 'dL/do*2(1 - o)'" in TWO.judge([DO, "dL/dz2 = dL/do*2(1 - o)"], None, {}, None).words       # as typed


# ---- one formula

def test_a_proof_says_what_is_left_over_and_under_which_condition():
    proof = KINDS["proof"]
    o, t = sympy.symbols("o t")
    for answer in ("2*o - 2*t", "(o - t)**2/(o - t)*2", 2 * (o - t), sympy.exp(sympy.log(2)) * o - 2 * t, "2·(o − t)",
                   "2*sqrt(o**2) - 2*t"):
        assert proof.judge(answer, None, {}, None).status == "right", answer
    for answer, key, words in (("2*o - t", "left over", "yours minus the right one, is t."), ("o - t", "half", "2 missing"),
                               ("2*abs(o - t)", "only where", "only where o > t."), ("2*o", "missing t", "depend on t"),
                               ("o*t", "other", "nothing of it cancels"), ("3*(o - t)", "another factor", "fixed number"),
                               ("2*(o - t) + 1/7", "left over", "is 1/7."), (sympy.Symbol("q"), "unreadable", "with q"),
                               ("2(o - t)", "unreadable", "needs a sign in between")):
        verdict = proof.judge(answer, None, {}, None)
        assert (verdict.status, verdict.key) == ("wrong", key) and words in verdict.words, verdict


def test_a_proof_that_takes_too_long_is_given_up(monkeypatch):
    from bpviz.symbolic import equal
    monkeypatch.setattr(equal, "SECONDS", 0.05)

    def endless(*args):
        while True:
            sum(range(100))
    monkeypatch.setattr(equal, "compare", endless)
    verdict = TypedFormula("p", ("x",), "x**2").judge("x*x", None, {}, None)
    assert verdict.key == "too long" and "takes too long" in verdict.words
