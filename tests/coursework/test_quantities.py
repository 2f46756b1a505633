"""What may be typed for a number, how curves are told apart by their shape, properties against brute force."""
import re
from types import SimpleNamespace

import numpy as np
import pytest

import bpviz as bp
from bpviz.coursework.apart.run import run
from bpviz.coursework.course import exercises
from bpviz.coursework.kinds.curve import Curve, in_words, moves
from bpviz.coursework.kinds.property import Must, Property
from bpviz.coursework.kinds.quantities import Choice, Number, Quantity, Slip, usual

TYPED = {"0.25": 0.25, "−0,03": -0.03, "-0.03": -0.03, " 1/4 ": 0.25, "-3 / 8": -0.375, "2e-3": 0.002, "2·10^-3": 0.002,
         "2*10**-3": 0.002, "3 × 10^2": 300, "12 %": 0.12, "12%": 0.12, "1 000": 1000, "1\u202f234,5": 1234.5, ".5": 0.5,
         "5.": 5, "+7": 7, "0,125": 0.125, "1e3": 1000}
NO_NUMBER = ("", " ", "abc", "1,000", "12,345,678", "1/0", "nan", "inf", "1e999", "--1", "1 2", "0x10", "1_000", "2**3",
             "1+1", "½", "1/2/3", "five", "1j", "9" * 61)


@pytest.mark.parametrize("text, value", TYPED.items())
def test_numbers_as_people_type_them(text, value):
    assert Number().read(text) == pytest.approx(value, rel=1e-15)


@pytest.mark.parametrize("text", NO_NUMBER)
def test_what_is_no_number(text):
    with pytest.raises(ValueError, match="^answer: got"):
        Number().read(text)


def test_numbers_of_all_sorts_and_their_limits():
    for one in (3, 3.0, np.float32(3), np.int8(3), np.array(3.0), np.array([3]), "3 steps"):
        assert Number(0, 10, unit="steps").read(one) == 3
    with pytest.raises(ValueError, match="got 11; allowed is a number from 0 to 10"):
        Number(0, 10).read(11)
    with pytest.raises(ValueError, match=r"got 2\.5; allowed is a whole number from 1 to 9"):
        Number(1, 9, whole=True).read(2.5)


def test_numbers_beside_the_right_one():
    ask = Number(tolerance=0.01)
    for answer, key in ((0.5, ""), (0.504, ""), (0.53, "a little too large"), (0.48, "a little too small"),
                        (0.9, "too large"), (5, "much too large"), (0.01, "much too small"), (-0.5, "other sign"),
                        (0, "0")):
        assert ask.compare(answer, 0.5).key == key, answer
    assert ask.compare(1e-14, 0).status == "right" and ask.compare(0.1, 0).key == "not 0"
    assert Number(absolute=0.1).compare(0.09, 0).status == "right"


def test_words_about_a_number_hold_no_number():
    rng = np.random.default_rng(0)
    for right, off in rng.normal(size=(500, 2)):
        words = Number(tolerance=0).compare(right * (1 + off), right).words
        assert not re.search(r"[1-9]", words), words


def test_choices_by_letter_number_or_text():
    ask = Choice(("It falls.", ("It −rises", "M02"), "neither"))
    for one in ("b", "B", "(b)", "b.", 2, np.int64(2), "it -RISES", "It  −rises"):
        assert ask.read(one) == "It −rises", one
    for one in ("d", 0, 4, 2.5, "", "x" * 500, "ab"):
        with pytest.raises(ValueError, match="one of the letters a, b, c"):
            ask.read(one)


def test_numbers_are_drawn_again_until_all_slips_differ():
    kind = Quantity("y", Number(), lambda given: given["a"], lambda rng: {"a": int(rng.integers(0, 3))},
                    (Slip("square", lambda right, given: right ** 2, "Not squared."), *usual("sign")))
    assert {kind.given(np.random.default_rng(seed))["a"] for seed in range(30)} == {2}      # 0 and 1 are their squares
    with pytest.raises(ValueError, match="slips: got some of y that are the same"):
        Quantity("y", Number(), lambda given: 2.0, slips=(Slip("same", lambda right, given: right, ""),)).given(
            np.random.default_rng(0))
    with pytest.raises(ValueError, match="slips: got none for y"):
        Quantity("y", Number(), lambda given: 2.0).mutants({})


# ---- curves

def drawn(turns, rng, noise=0.0):
    """A curve (97,) through the points `turns`, with a shaking hand."""
    x, y = np.transpose(turns)
    return np.interp(np.linspace(0, 1, 97), x, y) + noise * rng.normal(size=97)


def test_moves_are_those_that_a_curve_was_made_of():
    rng = np.random.default_rng(0)
    for _ in range(300):
        n = int(rng.integers(1, 5))
        x = np.concatenate([[0], np.sort(rng.choice(np.arange(1, 10), n - 1, replace=False)) / 10, [1]])
        up = (np.arange(n) + rng.integers(2)) % 2 == 0
        y = np.cumsum([0, *np.where(up, 1, -1) * rng.uniform(0.5, 1, n)])
        found, turns = moves(drawn(list(zip(x, y, strict=True)), rng, 0.01), 0.2)
        assert found == tuple("rises" if one else "falls" for one in up)
        assert np.allclose(np.array(turns) / 96, x[1:-1], atol=0.05)
    assert moves(np.full(97, 3.0), 0.1) == ((), ()) and in_words(()) == "stays level"


VALLEY = np.clip(0.1 + 0.0062 * (np.linspace(0, 20, 97) - 11.3) ** 2, 0, 1)


@pytest.mark.parametrize("change, key", [
    (lambda x, y: y, ""), (lambda x, y: y + 0.03 * np.sin(4 * x), ""), (lambda x, y: y * 1.1, ""),
    (lambda x, y: list(zip(x, y, strict=True))[::-1], ""), (lambda x, y: list(zip(x[2:95:7], y[2:95:7], strict=True)), ""),
    (lambda x, y: SimpleNamespace(points=list(zip(x, y, strict=True))), ""), (lambda x, y: y[::12].tolist(), ""),
    (lambda x, y: np.where(np.arange(97) % 7, y, np.nan), ""), (lambda x, y: [*map(float, y[:90]), *[None] * 7], ""),
    (lambda x, y: 0.9 - 0.8 * x / 20, "shape: falls all the way"), (lambda x, y: 0.8 * x / 20, "shape: rises all the way"),
    (lambda x, y: 1 - y, "shape: rises, then falls"), (lambda x, y: np.interp(x + 4, x, y), "turns too far left"),
    (lambda x, y: np.interp(x - 4, x, y, left=1.0), "turns too far right"),
    (lambda x, y: np.where(x > 11.3, y * 0.2 + 0.1, y), "ends too low"),
    (lambda x, y: np.where(x > 11.3, y * 1.9 - 0.09, y), "ends too high"),
    (lambda x, y: y[:50], "shape: falls all the way")])     # heights are spread over the width: half of it is all
def test_curves_are_judged_by_their_shape(change, key):
    ask = Curve((0, 20), (0, 1))
    assert ask.compare(change(ask.grid, VALLEY), VALLEY).key == key


def test_a_curve_must_reach_from_side_to_side():
    ask = Curve((0, 20), (0, 1), "rate")
    with pytest.raises(ValueError, match="does not reach from side to side; allowed is one from rate 0 to 20"):
        ask.read([(5, 0.2), (20, 0.4)])
    with pytest.raises(ValueError, match="does not reach"):
        ask.read([np.nan] * 97)


def test_a_function_is_drawn_by_running_it_apart():
    kind = Quantity("f", Curve((0, 20), (0, 1)), lambda given: VALLEY)

    def valley(rate):
        return 0.1 + 0.0062 * (rate - 11.3) ** 2 if rate < 100 else None

    def words(rate):
        return "abc"

    def fails(rate):
        return 1 / (rate - rate)

    def empty(rate):
        raise NotImplementedError

    judged = [kind.judge(one, None, {}, run) for one in (valley, words, fails, empty)]
    assert [one.status for one in judged] == ["right", "wrong", "wrong", "not attempted"]
    assert "does not return one number" in judged[1].words and judged[2].key == "raised"
    said = "Not attempted yet: f gives back None. Is `return` missing at its end?"
    assert kind.judge(empty, None, {}, lambda *_: SimpleNamespace(kind="not attempted", said=said)).words == said
    nothing_drawn = SimpleNamespace(points=None)
    assert kind.judge(nothing_drawn, None, {}, run).status == "not attempted"


# ---- properties

FIT = bp.Fit(bp.Network((1, 1, 1), "sigmoid", bias=False), "squared error", bp.DATA["seesaw"])
START = np.array([1.0, 2.0])
HALF = Property("my_rate", {"rate": Number(0, 200)}, lambda values, given: {
    "share": float(FIT.loss(START - values["rate"] * FIT.gradient(START)) / FIT.loss(START)),
    "uphill": float(FIT.gradient(START - values["rate"] * FIT.gradient(START)) @ FIT.gradient(START)) < 0},
    (Must("over", lambda found: found["share"] > 0.5 and found["uphill"], "Over the bottom.", {"rate": 150.0}),
     Must("short", lambda found: found["share"] > 0.5, "Too short: {share:.2f} is left.", {"rate": 0.01})),
    lambda given: {"rate": 32.0}, {"data": "seesaw", "w1": 1, "w2": 2.0})


def test_a_property_against_brute_force():
    x, t = (np.asarray(one) for one in (FIT.data.x[0], FIT.data.y[0]))

    def s(z):
        return 1 / (1 + np.exp(-z))

    def loss(w1, w2):
        return np.mean((s(w2 * s(w1 * x)) - t) ** 2)
    h = 1e-6
    slope = [(loss(1 + h, 2) - loss(1 - h, 2)) / (2 * h), (loss(1, 2 + h) - loss(1, 2 - h)) / (2 * h)]
    seen = set()
    for rate in np.linspace(0, 200, 401):
        share = loss(1 - rate * slope[0], 2 - rate * slope[1]) / loss(1, 2)
        if abs(share - 0.5) > 1e-4:
            status = HALF.judge(rate, None, {}, None).status
            assert status == ("right" if share <= 0.5 else "wrong"), rate
            seen.add(status)
    assert seen == {"right", "wrong"}


def test_a_property_takes_numbers_panels_and_states():
    panel = SimpleNamespace(values={"data": "seesaw", "w1": 1.0, "w2": 2.0, "rate": 32.0, "steps": 1.0})
    state = "minima; data=seesaw; activation=sigmoid; w1=1; w2=2; rate=32; steps=1"
    for answer in (32, 32.0, "32", "32,0", np.array(32.0), panel, state, "rate=32", "w1=1; rate=32", {"rate": 32}, panel.values):
        assert HALF.judge(answer, None, {}, None).status == "right", answer
    for answer, said in ((SimpleNamespace(values={**panel.values, "data": "trident"}), "allowed is data=seesaw"),
                         (state.replace("w1=1", "w1=3"), "allowed is w1=1"), (state.replace("rate=32", "rate=-1"), "from 0"),
                         ("minima; data=seesaw", "got no rate"), ([4, 4], "a number from 0 to 200")):
        verdict = HALF.judge(answer, None, {}, None)
        assert verdict.key == "unreadable" and said in verdict.words, verdict


@pytest.mark.parametrize("right", [-5.0, 0.0, 5.0])
def test_on_which_side_a_number_is_holds_for_both_signs(right):
    for mine in np.linspace(-20, 20, 81):
        words = Number().compare(float(mine), right).words
        if "large" in words or "small" in words:
            assert ("large" in words) == (mine > right), (mine, words)
        if " 0" in words:
            assert ("should not be 0" in words) == (mine == 0) and ("far from 0" not in words or abs(mine) > abs(right)), words


def test_every_choice_of_the_course_may_be_copied_from_its_prompt():
    asked = [one for one in exercises().values() if isinstance(getattr(one.asks, "asks", None), Choice)]
    for one in asked:
        lines = [line for line in one.prompt_cell().splitlines() if re.match(r"[a-z]\) ", line)]
        assert [one.asks.asks.read(line) for line in lines] == [one.asks.asks.read(line[3:] + ".") for line in lines] == \
            list(one.asks.asks.texts)
    assert asked


def test_a_panel_that_stands_where_it_began_is_no_attempt():
    """After a restart nobody has dragged it yet; unless it has the property from the start."""
    one = exercises()["L03-q7"]

    def panel(began, now):
        return SimpleNamespace(values={"rate": now}, asked={"rate": began})
    assert one.judge(panel(0.5, 0.5), None).status == "not attempted"
    assert one.judge(panel(0.5, 0.4), None).status == "wrong"
    assert one.judge(panel(0.5, 3.0), None).status == one.judge(panel(3.0, 3.0), None).status == "right"
