"""Typed formulas proved equal, or refuted: against values worked out by mpmath, which knows nothing of the algebra."""
import random
import re
import threading
import time

import mpmath
import pytest
import sympy

from bpviz.symbolic import equal
from bpviz.symbolic.forward import Forward

MATH = {name: getattr(mpmath, name) for name in ("exp", "log", "tanh", "sin", "cos", "sqrt")} | {
    "abs": abs, "max": max, "min": min, "sigmoid": lambda u: 1 / (1 + mpmath.exp(-u))}
RANGES = {"a": (0.1, 0.9), "x": (-2, 2), "w": (-2, 2)}
SAME = (("a*(1 - a)", "a - a**2"), ("(x - w)**2", "x**2 - 2*w*x + w**2"), ("sigmoid(x)", "1/(1 + exp(-x))"),
        ("tanh(x)", "2*sigmoid(2*x) - 1"), ("1 - tanh(x)**2", "4*sigmoid(2*x)*(1 - sigmoid(2*x))"),
        ("exp(x + w)", "exp(x)*exp(w)"), ("log(a/(1 - a))", "log(a) - log(1 - a)"), ("abs(x)", "max(x, -x)"),
        ("sigmoid(-x)", "1 - sigmoid(x)"), ("x/a + w/a", "(x + w)/a"), ("sqrt(a**2)", "a"), ("sin(x)**2", "1 - cos(x)**2"),
        ("exp(-x)/(1 + exp(-x))**2", "sigmoid(x)*(1 - sigmoid(x))"), ("max(x, w)", "x + w - min(x, w)"))
TOUCH = ("{} + x", "2*({})", "-({})", "({})*a", "({}) - 1/7", "({})**2", "({}) + sin(w)", "({}) + 1e-9")


def number(text, point):
    with mpmath.workdps(30):
        text = re.sub(r"(?<![\w.])(\d[\d.]*(?:e-?\d+)?)", r"mpf('\1')", text)
        return eval(text, {"mpf": mpmath.mpf, **MATH, **{name: mpmath.mpf(value) for name, value in point.items()}})


def holds(one, other):
    """Whether two texts have the same value at forty places, by mpmath."""
    rng = random.Random(5)
    for _ in range(40):
        point = {name: rng.uniform(*ends) for name, ends in RANGES.items()}
        if abs(number(one, point) - number(other, point)) > 1e-18:
            return False
    return True


def compared(one, other):
    return equal.compare(equal.read(one, tuple(RANGES)), equal.read(other, tuple(RANGES)), RANGES)


@pytest.mark.parametrize("one, other", SAME)
def test_any_form_is_proved_and_what_differs_is_not(one, other):
    assert holds(one, other)
    assert compared(one, other).status == compared(other, one).status == "proved"
    for touch in TOUCH:
        changed = touch.format(one)
        assert not holds(changed, other)
        assert compared(changed, other).status == "differ", changed


@pytest.mark.parametrize("one, other", SAME)
def test_what_is_left_over_is_the_difference(one, other):
    for touch in TOUCH:
        found = compared(touch.format(one), other)
        if found.residue:
            assert holds(f"({touch.format(one)}) - ({other})", found.residue)
        if found.times:
            assert holds(touch.format(one), f"({found.times})*({other})")


def test_times_conditions_and_chances():
    assert compared("2*x", "x").times == "2" and compared("x/2", "x").times == "1/2" and compared("-x", "x").times == "-1"
    assert compared("x*w", "x").times == "" and compared("x", "x*w").missing == ("w",)
    assert compared("abs(x)", "x").only == "x > 0" and compared("max(x, w)", "w").only == "w > x"
    assert equal.compare(equal.read("2*x/n", "xn"), equal.read("x/n + x/2", "xn"), {"n": (1, 9)}).chance == "n = 2"


def test_no_residue_shows_the_right_formula():
    for typed in ("x*w", "x**2", "5*w*x - a", "0*x + 1"):
        found = compared(typed, "a*(x - w)")
        assert not found.residue, (typed, found)


def test_sympy_expressions():
    x, a = sympy.symbols("x a")
    assert equal.compare(equal.read(a - a ** 2, ("a",)), equal.read("a*(1 - a)", ("a",))).status == "proved"
    for odd, word in ((sympy.gamma(x), "gamma"), (sympy.Symbol("q"), "q"), (sympy.oo, "no real number"),
                      (sum(x ** k for k in range(300)), "operations"), (sympy.Eq(x, a), "allowed is a formula")):
        with pytest.raises(ValueError, match=word):
            equal.read(odd, ("x", "a"))


def test_it_ends_within_its_time_and_leaves_nothing_running():
    def endless():
        while True:
            try:
                sum(range(1000))
            except Exception:
                pass

    before, began = threading.active_count(), time.perf_counter()
    with pytest.raises(equal.TimeUp):
        equal.within(0.2, endless)
    assert time.perf_counter() - began < 2 and threading.active_count() == before
    with pytest.raises(ZeroDivisionError):
        equal.within(5, lambda: 1 / 0)
    assert equal.within(5, lambda: 3) == 3


def grown(rng, depth):
    """A random formula."""
    if depth == 0:
        return rng.choice(["x", "w", "a", "2", "0.5", "1", "3"])
    one, other = grown(rng, depth - 1), grown(rng, depth - 1)
    name = rng.choice(["exp", "log", "tanh", "sin", "cos", "sqrt", "abs", "sigmoid", "max", "min"])
    return rng.choice([f"({one} {rng.choice('+-*/')} {other})"] * 6 + [f"({one})**{rng.choice([2, 3, -1, 0])}"] + 3 * [
        f"{name}({one}, {other})" if name in ("max", "min") else f"{name}({one})"])


def test_random_formulas_are_judged_as_their_values_say():
    rng, seen = random.Random(4), {"proved": 0, "differ": 0}
    while min(seen.values()) < 50:
        text, more = grown(rng, rng.randrange(1, 4)), grown(rng, 1)
        typed = rng.choice(["({0}) + ({1}) - ({1})", "-(-({0}))", "({0})*({1})/({1})", "({0})*2/2", "({0}) + ({1})",
                            "({0})*({1})", "({1}) - ({0})"]).format(text, more)
        try:
            found = compared(typed, text)
            same = holds(typed, text)
        except (ValueError, ZeroDivisionError, TypeError):       # no formula, or not a real number everywhere
            continue
        assert found.status == ("proved" if same else "differ"), (typed, text)
        seen[found.status] += 1


def test_slopes_of_a_forward_pass():
    net = Forward({"z1": "w1*x", "z2": "w2*x", "o": "sigmoid(z1)*tanh(z2) + z1", "L": "(o - t)**2"}, ("x", "w1", "w2", "t"))
    point = {"x": 0.7, "w1": -0.4, "w2": 1.3, "t": 0.2}

    def loss(x):
        with mpmath.workdps(30):
            z1, z2 = point["w1"] * x, point["w2"] * x
            return (MATH["sigmoid"](z1) * mpmath.tanh(z2) + z1 - point["t"]) ** 2
    slope = net.slope("L", "x").xreplace({equal.symbol(name): value for name, value in point.items()}).evalf()
    assert abs(slope - mpmath.diff(loss, 0.7)) < 1e-12
    assert net.slope("z1", "w2") == 0 and net.slope("o", "o") == 1
