"""Laws over all kinds of exercises: on sample records of each kind, and on every exercise of the course."""
import ast
import hashlib
import itertools
import linecache
import re

import numpy as np
import pytest
from hostile import HOSTILE
from run_here import run as here

from bpviz.coursework.apart.run import run
from bpviz.coursework.course import exercises
from bpviz.coursework.exercise import NOT_ATTEMPTED, Exercise
from bpviz.coursework.kinds.body import WrittenBody, WrittenCurve, WrittenSlopes, WrongLines
from bpviz.coursework.kinds.curve import Curve
from bpviz.coursework.kinds.derivation import TypedDerivation
from bpviz.coursework.kinds.fault import Planted, PlantedFault, listed
from bpviz.coursework.kinds.ordering import Ordering, Twin
from bpviz.coursework.kinds.partials import two_layers
from bpviz.coursework.kinds.proof import TypedFormula, WrongFormula
from bpviz.coursework.kinds.property import Must, Property
from bpviz.coursework.kinds.quantities import Choice, Number, Quantity, Slip, usual
from bpviz.coursework.kinds.written import WrittenLines, WrongLine
from bpviz.coursework.misconceptions import MISCONCEPTIONS


def parabola(values, given):
    """What one step of descent from w = 3.62 on 0.05 (w - 1.37)^2 does."""
    w = 3.62 - values["rate"] * 0.1 * (3.62 - 1.37)
    return {"share": (w - 1.37) ** 2 / (3.62 - 1.37) ** 2, "w": w}


def draw_smallest(rng):
    """Inputs of the smallest network."""
    return {name: float(value) for name, value in zip(("x", "t", "w1", "w2"), rng.normal(size=4), strict=True)}


BACKWARD = ("a1 = 1 / (1 + np.exp(-w1 * x))", "o = w2 * a1", "do = 2 * (o - t)", "dw2 = do * a1", "da1 = do * w2",
            "dz1 = da1 * a1 * (1 - a1)", "dw1 = dz1 * x", 'return {"dw2": dw2, "dw1": dw1}')
KINDS = {
    "number": Quantity("my_slope", Number(), draw=lambda rng: {"a": rng.integers(21, 49) / 100},
                       truth=lambda given: given["a"] * (1 - given["a"]), working="my_slope = {a} * (1 - {a})",
                       slips=(Slip("slope of tanh", lambda right, given: 1 - given["a"] ** 2, "That is for tanh."),
                              *usual("sign", "twice", "half", "reciprocal"))),
    "whole number": Quantity("my_count", Number(1, 100, whole=True), truth=lambda given: 37, slips=(
        Slip("weights only", lambda right, given: 30, "The biases have gradients too."),)),
    "choice": Quantity("my_choice", Choice((("It falls in every step.", "M02"), "It may rise.",
                                            ("It never falls.", "", "Then nothing would be learned."))),
                       truth=lambda given: "It may rise."),
    "curve": Quantity("my_curve", Curve((0, 20), (0, 1), "rate", "loss"),
                      truth=lambda given: 0.08 + 0.0062 * (np.linspace(0, 20, 97) - 11.3) ** 2),
    "property": Property("my_rate", {"rate": Number(0, 100)}, parabola, (
        Must("too small", lambda found: found["share"] > 0.5 and found["w"] > 1.37,
             "Your step leaves {share:.2f} of the loss: it is too short.", {"rate": 0.05}),
        Must("too large", lambda found: found["share"] > 0.5, "Your step jumps over the bottom: {share:.2f} is left.",
             {"rate": 23.0}, "M13")), solves=lambda given: {"rate": 7.321}),
    "two numbers": Property("my_start", {"w1": Number(-6, 6), "w2": Number(-6, 6)}, lambda values, given: {
        "off": abs(values["w1"] * values["w2"] - 2.6)}, (
        Must("off", lambda found: found["off"] > 0.01, "Your product is off by {off:.2g}.", {"w1": 1.0, "w2": 1.0}),),
        solves=lambda given: {"w1": 0.5123, "w2": 2.6 / 0.5123}, setting={"data": "seesaw"}),
    "fault": PlantedFault("my_fault", "backward(x, t, w1, w2)", BACKWARD, (
        Planted("do = 2 * (o - t)", "do = o - t", "factor 2", "The 2 of the square is missing."),
        Planted("dz1 = da1 * a1 * (1 - a1)", "dz1 = da1", "missing slope", "The slope of the sigmoid is missing."),
        Planted("dw1 = dz1 * x", "dw1 = -dz1 * x", "wrong sign", "The sign is wrong.")),
        lambda rng: [draw_smallest(rng) for _ in range(3)], "M11"),
    "fault of two layers": listed("my_fault", two_layers(), (
        "dW2: transposed", "dz1: slope left out", "do: half", "da1: sign", "db1: first row only"), "M11"),
    "proof": TypedFormula("my_proof", ("o", "t"), "2*(o - t)", {"o": (0, 1)}, (
        WrongFormula("target only", "-2*t", "The answer has a say in it too."),)),
    "derivation": TypedDerivation("my_lines", ("x", "t", "w1", "w2"), {
        "z1": "w1*x", "a1": "sigmoid(z1)", "o": "w2*a1", "L": "(o - t)**2"}, "dL/dw1",
        ("dL/do = 2*(o - t)", "dL/da1 = dL/do * w2", "dL/dz1 = dL/da1 * a1*(1 - a1)", "dL/dw1 = dL/dz1 * x"),
        wrongs=(WrongFormula("no slope", "dL/dz1 = dL/da1", "The slope of the sigmoid is missing.", "M10"),)),
    "ordering": Ordering("my_order", (*BACKWARD[:-1], "w2 = w2 - 0.5 * dw2", "w1 = w1 - 0.5 * dw1"), ("w1", "w2"),
                         draw_smallest, (Twin("do = 2 * (o - t)", "do = 2 * (t - o)", "The sign is wrong.", "M03"),)),
    "lines": WrittenLines("my_unit", {"x": (3,), "w": (3,), "b": ()}, {"z": "x @ w + b", "a": "sigmoid(z)"}, wrongs=(
        WrongLine("z", "x @ w", "no bias", "A unit hears its bias too.", "M15"),
        WrongLine("a", "z", "not squeezed", "What it hears goes through the sigmoid."))),
    "body": WrittenBody("my_sums", ("x", "h"), ("up", "total"), "Each row\'s sum, and that of all, times h.",
                        'return {"up": x.sum(axis=1) * h, "total": x.sum() * h}', (
        WrongLines("no h", 'return {"up": x.sum(axis=1), "total": x.sum()}', "Where is h?"),
        WrongLines("columns", 'return {"up": x.sum(axis=0)[:2] * h, "total": x.sum() * h}', "Those are columns.", "M15")),
                        lambda rng: [{"x": rng.normal(size=(2, 3)), "h": 0.4} for _ in range(3)]),
    "slopes": WrittenSlopes("my_slopes", ("w", "h"), ("slopes",), "The slopes of the loss.",
                            "for k in range(len(w)):\n    slopes[k] = 2 * w[k] * h\nreturn slopes", (
        WrongLines("too early", "for k in range(len(w)):\n    slopes[k] = 2 * w[k] * h\n    return slopes", "Too early."),
        WrongLines("one for all", "return slopes + 2 * h", "One for all.", "M01")),
                            lambda rng: [{"w": rng.normal(size=3), "h": 0.4} for _ in range(3)],
                            above="def loss(w):\n    return (w ** 2).sum()", begins="slopes = np.zeros(len(w))"),
    "curve of a function": WrittenCurve("my_heights", Curve((0, 1), (0, 4)), takes="rate", begins="w = {w}",
                                        draw=lambda rng: {"w": int(rng.integers(2, 5))}, says="The height.",
                                        truth=lambda given: given["w"] * np.linspace(0, 1, 97) ** 2,
                                        slips=(Slip("level", lambda right, given: 0 * right + 0.2, "It rises.", "M02"),),
                                        working="return w * rate ** 2",
                                        wrong={"level": "return 0.2", "shape: falls all the way": "return {w} - w * rate"}),
}
ALL = {**{name: Exercise(f"L00-q{k}", name, "What?", kind, ("a", "b", "c"), "Because.")
          for k, (name, kind) in enumerate(KINDS.items(), 1)}, **exercises()}
COPIES = ("", *map(str, range(7)))
CASES = [(name, copy) for name, one in ALL.items() for copy in (COPIES[:3] if one.given() else COPIES[:1])]


def answer_of(one, copy="", inside=None):
    """What the answer cell defines, run as a notebook runs it: its source can be found."""
    cell = one.answer_cell(copy, inside)
    name = f"<cell {hashlib.sha256(cell.encode()).hexdigest()[:12]}>"
    linecache.cache[name] = (len(cell), None, cell.splitlines(True), name)
    scope = {"np": np, "sigmoid": None, "__name__": "__main__"}
    set_up = "def sigmoid(z):\n    return 1 / (1 + np.exp(-z))\n"
    linecache.cache["<set-up>"] = (len(set_up), None, set_up.splitlines(True), "<set-up>")
    exec(compile(set_up, "<set-up>", "exec"), scope)
    exec(compile(cell, name, "exec"), scope)
    return scope[one.asks.name]


def heart(verdict):
    return verdict.status, verdict.words, verdict.key, verdict.first, verdict.misconception


def secrets(one, copy):
    """Texts that no verdict on a wrong answer may hold."""
    given, asks = one.given(copy), one.asks
    if isinstance(asks, Quantity):
        right = asks.truth(given)
        if isinstance(asks.asks, Choice):
            return [asks.asks.read(right)]
        if isinstance(asks.asks, Curve):
            return [f"{height:.2g}" for height in asks.asks.read(right)]
        return [f"{right:.3g}", f"{right:.2g}"]
    if isinstance(asks, Property):
        return [f"{value:.3g}" for value in asks.solves(given).values()]
    if isinstance(asks, PlantedFault):
        return [asks.faults[given["which"]].line]
    if isinstance(asks, TypedFormula):
        return [asks.right, str(asks._right)]
    if isinstance(asks, TypedDerivation):
        return [line.partition("= ")[2] for line in asks.lines if len(line.partition("= ")[2]) > 8]
    return [asks.solution(given)]


@pytest.mark.parametrize("name, copy", CASES)
def test_the_solution_passes_and_the_hand_out_is_not_attempted(name, copy):
    one = ALL[name]
    ast.parse(one.answer_cell(copy))
    verdict = one.judge(answer_of(one, copy), run, copy)
    assert verdict.status == "right" and verdict.words, verdict
    if "def " not in one.answer_cell(copy):
        assert one.judge(answer_of(one, copy, ""), run, copy).status == "not attempted"
    assert heart(one.judge(..., run, copy)) == heart(one.judge(None, run, copy)) == heart(NOT_ATTEMPTED)


@pytest.mark.parametrize("name, copy", CASES)
def test_every_mutant_is_wrong_with_its_own_key_and_sentence(name, copy):
    one, hidden = ALL[name], secrets(ALL[name], copy)
    mutants = one.asks.mutants(one.given(copy))
    assert len({mutant.key for mutant in mutants}) == len(mutants) >= 1
    for mutant in mutants:
        answer = answer_of(one, copy, mutant.code)
        verdict = one.judge(answer, here, copy)
        assert (verdict.status, verdict.key) == ("wrong", mutant.key), (mutant, verdict)
        assert mutant.says in verdict.words and verdict.misconception == mutant.misconception, (mutant, verdict)
        assert not mutant.misconception or mutant.misconception in MISCONCEPTIONS
        assert heart(one.judge(answer, here, copy)) == heart(verdict)
        found = [text for text in hidden if re.search(rf"(?<![\w.]){re.escape(text)}(?![\w])", verdict.words)]
        assert not found, (verdict.words, found)


@pytest.mark.parametrize("name", ALL)
def test_given_is_stable_and_a_copys_own(name):
    one = ALL[name]
    every = [one.given(copy) for copy in COPIES]
    assert every == [one.given(copy) for copy in COPIES]
    assert not every[0] or len({str(given) for given in every}) > 1


class Liar:
    """Says yes to everything."""
    values, points = {"rate": object()}, "all"

    def __eq__(self, other):
        return True

    __hash__ = None

    def __float__(self):
        return 0.2

    def __array__(self, *args, **kwargs):
        return np.array(0.2)

    def __getattr__(self, name):
        raise RuntimeError(name)


class LyingFloat(float):
    """A number that is equal to all numbers."""

    def __eq__(self, other):
        return True

    __hash__ = float.__hash__

    def __sub__(self, other):
        return 0.0


LIARS = {"liar": Liar(), "lying float": LyingFloat(7.0), "liars": [Liar()] * 3, "liar in a pair": (Liar(), Liar()),
         "liar in a dict": {"rate": Liar(), "w1": Liar(), "w2": Liar()}, "many": range(10**9),
         "loop": lambda x: next(iter(int, 1)) if x == "never" else "abc", "names": ["dL/do = q"], "labels": ["a", "a"],
         "open text": "((", "code": "__import__('os').getcwd()", "state": "minima; w1=nan", "states": ";;;=;=",
         "pair": ("line", 3), "words": "a b c", "nested": [[1, 2], [3, 4], [5]], "points": [(0, 1), ("x", 2)]}


@pytest.mark.parametrize("name", KINDS)
def test_a_hostile_answer_gets_one_sentence(name):
    one = ALL[name]
    for label, answer in itertools.chain(HOSTILE.items(), LIARS.items()):
        verdict = one.judge(answer, run)
        assert verdict.status != "right", label
        assert verdict.words and "\n" not in verdict.words and len(verdict.words) < 500, (label, verdict)
        assert verdict.status == "not attempted" or verdict.key, label


class Ends:
    """An object that ends Python whatever it is asked, its class too."""

    @property
    def __class__(self):
        raise SystemExit(3)

    def __getattr__(self, name):
        raise SystemExit(3)


@pytest.mark.parametrize("name", list(exercises()))
def test_an_answer_that_ends_python_does_not(name):
    verdict = exercises()[name].judge(Ends(), run)
    assert verdict.status == "wrong" and verdict.words and "\n" not in verdict.words


@pytest.mark.parametrize("asks", [Choice(("up", "down")), Number(0, 5), Number(whole=True), Curve((0, 1), (0, 1))],
                         ids=["choice", "number", "whole number", "curve"])
def test_what_cannot_be_read_is_a_sentence_too(asks):
    for label, answer in itertools.chain(HOSTILE.items(), LIARS.items()):
        try:
            asks.compare(answer, asks.read({Choice: "up", Number: 4, Curve: [0, 1]}[type(asks)]))
        except ValueError as refusal:
            assert str(refusal).startswith("answer") and "\n" not in str(refusal), label


def test_the_misconceptions_are_all_there_in_one_sentence():
    assert list(MISCONCEPTIONS) == [f"M{k:02d}" for k in range(1, 23)]
    assert len(set(MISCONCEPTIONS.values())) == 22
    for text in MISCONCEPTIONS.values():
        assert re.fullmatch(r"[A-Z][^.]*\.", text)
