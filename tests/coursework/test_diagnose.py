"""What is said of answers that return partials: mistakes are told apart, nothing is named that is not there."""
import importlib.util
import re
import textwrap
from pathlib import Path

import numpy as np
import pytest
from by_hand import ANSWERS
from run_here import changed, function, judged, run

from bpviz.coursework.apart import run as apart
from bpviz.coursework.apart.run import FunctionRun, Odd
from bpviz.coursework.diagnosis.draws import draws
from bpviz.coursework.diagnosis.edges import value
from bpviz.coursework.kinds.partials import chain, network, two_layers

SPEC = importlib.util.spec_from_file_location("confusion", Path(__file__).parents[2] / "benchmarks" / "confusion.py")
confusion = importlib.util.module_from_spec(SPEC)
SPEC.loader.exec_module(confusion)
NET, CHAIN = two_layers(), chain()
RIGHT = {edge.part: edge.line for edge in CHAIN.edges}
GRADIENTS = two_layers(asked=("dW2", "db2", "dW1", "db1"))
DEEP = network(units=("tanh", "relu", "sigmoid"))


def status(verdict):
    return {line.part.removeprefix("dL/"): line.status for line in verdict.lines}


# ---- told apart

@pytest.mark.parametrize(("net", "seeds"), [(NET, 3), (CHAIN, 4), (GRADIENTS, 1), (DEEP, 1)],
                         ids=["rows", "chain", "gradients", "deep"])
def test_every_mistake_gets_its_own_name_on_every_draw(net, seeds):
    table, _ = confusion.singles(net, seeds)
    assert {key: dict(row) for key, row in table.items()} == {key: {key: seeds} for key in table}


@pytest.mark.parametrize("net", [NET, CHAIN], ids=["rows", "chain"])
def test_of_two_mistakes_the_first_is_named_and_none_that_is_not_there(net):
    rng, order = np.random.default_rng(1), list(net.shapes)
    some = draws(net, np.random.default_rng(2))
    seen = {}
    while sum(seen.values()) < 300:
        first, second = rng.choice(np.array(net.mistakes, dtype=object), 2)
        if order.index(first.part) < order.index(second.part):
            results = confusion.answers(net, some, {first.part: first.line, second.part: second.line})
            if results is not None:
                said = confusion.names(net, some, results)
                kind = confusion.what_is_said(first.key, second.key, said)
                seen[kind] = seen.get(kind, 0) + 1
                assert said[0] == first.key and len(said) <= 2, (first.key, second.key, said)
                if kind == "the first named, another instead":       # then it is the same number as the second
                    theirs = [{**draw, **result} for draw, result in zip(some, results, strict=True)]
                    named = next(one for one in net.mistakes if one.key == said[1].split(" or ")[0])
                    assert named.part == second.part
                    assert all(np.allclose(value(named.line, one), one[second.part]) for one in theirs)
    assert seen["both named"] > 0.95 * sum(seen.values())


@pytest.mark.parametrize("net", [NET, GRADIENTS, CHAIN], ids=["rows", "gradients", "chain"])
def test_mistakes_that_nobody_registered_are_given_no_name(net):
    rng = np.random.default_rng(3)
    for seed in range(2):
        some = draws(net, np.random.default_rng(seed))
        for part in net.parts:
            right = [{name: draw[name] for name in net.parts} for draw in some]
            factor = rng.uniform(1.1, 1.9)
            noise = [rng.normal(size=one[part].shape) * (0.3 * np.abs(one[part]).max() + 0.01) for one in right]
            for change in (lambda a, k: a * rng.uniform(1.1, 1.9), lambda a, k, noise=noise: a + noise[k],
                           lambda a, k, factor=factor: np.roll(a, 1) if a.size > 1 else a * factor):
                results = tuple({**one, part: np.asarray(change(one[part], k))} for k, one in enumerate(right))
                verdict = confusion.verdict_on(net, some, results)
                assert (verdict.status, verdict.first, verdict.key) == ("wrong", f"dL/{part}", f"{part}: unknown")
                assert "none of the mistakes that are known here fits" in verdict.words and not verdict.misconception


@pytest.mark.parametrize(("part", "line", "name"), [
    ("do", "o - t", "half and times rows"), ("do", "t - o", "sign, half and times rows"),
    ("do", "2 * (o - t) / t.size", "over outputs"), ("do", "(o - t) * (o - t) / len(x)", "the loss itself"),
    ("do", "-2 * (o - t)", "sign and times rows"), ("dz2", "do * np.exp(-z2) / (1 + np.exp(-z2))", "1 - a"),
    ("dz2", "-do * np.exp(-z2) / (1 + np.exp(-z2)) ** 2", "sign"), ("dz2", "2 * (o - t) / len(x)", "slope left out"),
    ("dz2", "do * (o - o ** 2) ** 2", "slope twice"), ("db2", "dz2.mean(axis=0)", "over rows"),
    ("dW2", "np.einsum('nh,no->oh', a1, dz2)", "transposed"), ("dW1", "x.T @ (dz2 @ W2.T)", "before the slope"),
    ("da1", "np.dot(dz2, (W2 - a1.T @ dz2).T)", "updated weights"), ("dz1", "da1 * (1 - a1) * (1 + a1)", "tanh's slope"),
    ("dz2", "o - t", "cross-entropy and times rows"), ("do", "2 * (o - t) / x.shape[1]", "over inputs"),
    ("do", "2 * (o - t) / len(x) * (o - o ** 2)", "slope too early"), ("dW1", "np.dot(a1.T, dz1)", "own answer for input"),
    ("da1", "np.dot(dz2, W2.T) * a1 * (1 - a1)", "slope too early"), ("dz1", "np.where(z1 > 0, da1, 0)", "relu's slope"),
    ("dz2", "do * (o - t) * (1 + t - o)", "error for answer"), ("dW2", "W2 - 0.3 * a1.T @ dz2", "new weights"),
    ("dW1", "len(x) * np.outer(x.mean(axis=0), dz1.sum(axis=0))", "rows summed first"),
    ("db1", "np.array([dz1[0, j] for j in range(len(b1))])", "first row only"),
])
def test_a_mistake_is_known_however_it_is_written(part, line, name):
    assert judged(NET, changed(NET, **{part: line})).key == f"{part}: {name}"


@pytest.mark.parametrize("net", [NET, CHAIN, DEEP], ids=["rows", "chain", "deep"])
def test_what_stands_for_something_else_makes_the_numbers_right_when_it_is_put_back(net):
    """A sentence that names what stands in a line, and what belongs there: the one for the other is the right line."""
    some, seen = draws(net, np.random.default_rng(4)), set()
    for one in net.mistakes:
        said = (re.search(r"is made from (\w+), .*: it needs (\w+),", one.says)
                or re.search(r"the slope is (?:that of|made from) ([\w -]+)(?:, another unit: it belongs to| and not from) (\w+)",
                             one.says))
        if said and not one.also and (one.name != "another unit's slope" or net is CHAIN):
            put_back = one.line.replace(f"({said[1]})", said[2]) if " " in said[1] else re.sub(rf"\b{said[1]}\b", said[2], one.line)
            assert all(np.allclose(value(put_back, draw), draw[one.part]) for draw in some), (one.key, put_back)
            seen.add(one.name)
    assert seen >= {"own answer for input", "z for a"} | ({"error for answer"} if net is not DEEP else set())


def test_a_slope_that_comes_too_early_is_named_where_it_is_and_not_blamed_on_what_follows():
    for again in ("da2 * a2 * (1 - a2)", "da2"):
        verdict = judged(CHAIN, changed(CHAIN, da2="2 * (a2 - t) * a2 * (1 - a2)", dz2=again))
        assert verdict.key == "da2: slope too early" and "Besides" not in verdict.words
        assert "which belongs to dL/dz2, is in dL/da2 already" in verdict.words


def test_a_later_part_made_from_a_wrong_one_only_follows():
    verdict = judged(NET, changed(NET, dz2="do"))
    assert verdict.key == "dz2: slope left out" and verdict.first == "dL/dz2"
    assert list(status(verdict).values()) == ["right", "wrong"] + 6 * ["follows"]
    verdict = judged(NET, changed(NET, dz2="2 * do * o * (1 - o)", dW1="-(x.T @ dz1)"))
    assert verdict.key == "dz2: twice" and status(verdict)["dW1"] == "wrong"
    assert "Besides, given your numbers before it: every entry of dL/dW1 has the right size and the opp" in verdict.words
    assert verdict.words.endswith("dL/dW2, dL/db2, dL/da1, dL/dz1 and dL/db1 follow from these.")


def test_gradients_alone_cannot_tell_where_and_the_sentence_says_so():
    said = [judged(GRADIENTS, changed(GRADIENTS, **{part: line})) for part, line in (
        ("do", "4 * (o - t) / len(x)"), ("dz2", "2 * do * o * (1 - o)"))]
    assert said[0].words == said[1].words and said[0].key == said[1].key == "do: twice or dz2: twice"
    assert "somewhere between the loss and dL/dz2, every entry of dL/dz2 is exactly twice" in said[0].words
    assert list(status(said[0]).values()) == ["wrong", "follows", "follows", "follows"]
    later = judged(GRADIENTS, changed(GRADIENTS, do="4 * (o - t) / len(x)", da1="dz2 @ (W2 - dW2).T"))
    assert later.key == "do: twice or dz2: twice" and "already updated" in later.words


# ---- sentences

ENTRIES = re.compile(r"\b(entry|entries)\b")

def test_a_single_number_has_no_entries():
    assert not [one.key for one in CHAIN.mistakes if ENTRIES.search(one.says)]
    for part in CHAIN.parts:
        for line in ("{} * z1", "{} + 0.01", "-{} * x * x"):
            verdict = judged(CHAIN, changed(CHAIN, **{part: line.format(f"({RIGHT[part]})")}))
            assert verdict.status == "wrong" and not ENTRIES.search(verdict.words + str(verdict.lines)), verdict


@pytest.mark.parametrize(("part", "line", "name"), [
    ("dw2", "dz2 * w2", "weight for input"), ("da1", "dz2 * a1", "answer for weight"), ("dw1", "dz1 * w1", "weight for input")])
def test_the_three_moves_taken_for_one_another_have_names(part, line, name):
    verdict = judged(CHAIN, changed(CHAIN, **{part: line}))
    assert verdict.key == f"{part}: {name}" and verdict.first == f"dL/{part}"


FACTOR = {"exactly twice": lambda d: 2, "exactly half": lambda d: 0.5, "the opposite sign": lambda d: -1,
          "too large by the number of rows": lambda d: len(d["x"]), "too small by the number of rows": lambda d: 1 / len(d["x"]),
          "too small by the number of outputs": lambda d: 1 / d["t"].shape[1]}


@pytest.mark.parametrize("net", [NET, CHAIN, DEEP], ids=["rows", "chain", "deep"])
def test_what_a_sentence_says_of_the_numbers_is_so(net):
    some, checked = draws(net, np.random.default_rng(7)), 0
    for one in net.mistakes:
        pairs = [(value(one.line, draw), draw[one.part]) for draw in some]
        for words, factor in list(FACTOR.items())[:3 if net is CHAIN else None]:
            so = all(wrong.shape == right.shape and np.allclose(wrong, factor(draw) * right)
                     for draw, (wrong, right) in zip(some, pairs, strict=True))
            assert so if words in one.says else not so or one.name == "mean of paths", (one.key, words)
            checked += so
        for _, name in re.findall(r"is the same as (dL/)?(\w+)", one.says):
            assert all(np.array_equal(wrong, draw[name]) for draw, (wrong, _) in zip(some, pairs, strict=True)), one.key
        if "has lost its signs" in one.says:
            assert all((wrong >= 0).all() and np.allclose(wrong, np.abs(right)) for wrong, right in pairs)
        if "the first row only" in one.says or "the last row only" in one.says:
            row = slice(0, 1) if "first" in one.says else slice(-1, None)
            cut = [net.work_out({name: draw[name][row] if name in "xt" else draw[name] for name in net.inputs})[one.part]
                   / len(draw["x"]) for draw in some]
            assert all(np.allclose(wrong, alone) for (wrong, _), alone in zip(pairs, cut, strict=True)), one.key
        assert not set(re.findall(r"\b(dL/d\w+)", one.says)) - {f"dL/{part}" for part in net.shapes}
    assert checked >= 3 * len(net.edges)


@pytest.mark.parametrize("part", ["o", "t", "a1", "z1", "W2", "x"])
def test_what_a_sentence_says_is_left_out_is_left_out(part):
    """A part that "does not depend on" a number or "does not hold" it stays as it is when that number is moved."""
    draw = draws(NET, np.random.default_rng(1))[0]
    moved = {**draw, part: draw[part] + 0.1}
    for one in NET.mistakes:
        if re.search(rf"does not (depend on|hold)[a-z ,]* {part}\b", one.says):
            assert np.array_equal(value(one.line, draw), value(one.line, moved)), one.key
            right = next(edge.line for edge in NET.edges if edge.part == one.part)
            assert not np.array_equal(value(right, draw), value(right, moved))


@pytest.mark.parametrize("net", [NET, GRADIENTS], ids=["rows", "gradients"])
def test_no_words_hold_a_right_value(net):
    for mutant in net.mutants({}, None)[::9]:
        verdict = judged(net, mutant.code)
        rights = [np.abs(draw[part]).ravel() for draw in draws(net, np.random.default_rng(0)) for part in net.shapes]
        shown = {f"{number:.3g}" for number in np.concatenate(rights)}
        said = re.findall(r"\d+\.\d+", verdict.words + " ".join(line.off for line in verdict.lines))
        assert not any(number.startswith("0.") and number in shown for number in said)
        assert all(len(number.replace(".", "").lstrip("0")) <= 3 for number in said)
        assert 1 <= len(verdict.words.splitlines()) <= 2


# ---- nothing for nothing

NOTHING = {"zero": "0 * {line}", "constant": "np.ones_like({line})", "nan": "np.nan * ({line})", "inf": "({line}) / 0"}


@pytest.mark.parametrize("kind", NOTHING)
@pytest.mark.parametrize("part", ["do", "dz2", "da1", "dW1"])
def test_zeros_constants_and_nan_earn_nothing_nor_does_what_is_made_from_them(part, kind):
    line = next(edge.line for edge in NET.edges if edge.part == part)
    with np.errstate(all="ignore"):
        verdict = judged(NET, changed(NET, **{part: NOTHING[kind].format(line=line)}))
    parts, at = list(NET.parts), NET.parts.index(part)
    assert verdict.key == f"{part}: {kind}" and verdict.first == f"dL/{part}"
    made = {"do": parts[1:], "dz2": parts[2:], "da1": parts[5:], "dW1": []}[part]
    assert status(verdict) == {one: "no credit" if one == part or one in made else "right" for one in parts}
    assert at == 0 or "right" in verdict.words


def test_one_number_throughout_is_said_to_be_the_same_for_all_inputs_only_where_it_is():
    for make, says in ((lambda dz: 0 * dz + 3, "whatever comes in"), (lambda dz: 0 * dz + dz.mean(), "differ from each other")):
        def theirs(x, t, W1, b1, W2, b2, make=make):
            found = function(NET, NET.solution({}))(x, t, W1, b1, W2, b2)
            return {**found, "dz1": make(found["dz1"])}
        assert says in judged(NET, theirs).words


def test_a_shape_that_is_wrong_on_some_inputs_only_is_told_of_those():
    def theirs(x, t, W1, b1, W2, b2):
        found = function(NET, NET.solution({}))(x, t, W1, b1, W2, b2)
        return found if len(x) == 7 else {**found, "db1": found["db1"][:, None]}
    words = judged(NET, theirs).words
    got, asked = re.search(r"dL/db1 has the shape (\(.*?\)) where (\(.*?\)) is asked for", words).groups()
    assert got != asked


def test_all_zeros_and_all_ones_earn_nothing_at_all():
    for make in (np.zeros_like, np.ones_like):
        verdict = judged(NET, lambda x, t, W1, b1, W2, b2, make=make: {
            "do": make(t), "dz2": make(t), "dW2": make(W2), "db2": make(b2), "da1": make(x @ W1), "dz1": make(x @ W1),
            "dW1": make(W1), "db1": make(b1)})
        assert verdict.status == "wrong" and set(status(verdict).values()) == {"no credit"}


def test_partly_filled_in_says_what_is_done_and_what_is_still_to_do():
    verdict = judged(NET, changed(NET, da1="None", dz1="None", dW1="None") .replace("db1 = dz1.sum(axis=0)", "db1 = None"))
    assert verdict.status == "wrong" and verdict.key == "da1: not filled in"
    assert verdict.words == ("dL/do, dL/dz2, dL/dW2 and dL/db2 are right. "
                             "Still to do: dL/da1, dL/dz1, dL/dW1 and dL/db1.")
    one = judged(NET, changed(NET, dW2="2 * a1.T @ dz2", da1="None", dz1="...", dW1="...").replace(
        "db1 = dz1.sum(axis=0)", "db1 = ..."))
    assert one.key == "dW2: twice" and one.words.endswith("Still to do: dL/da1, dL/dz1, dL/dW1 and dL/db1.")
    nothing = judged(NET, lambda **_: dict.fromkeys(NET.parts))
    assert nothing.status == "not attempted"


# ---- right, in other ways

def test_float32_is_right_and_is_no_difference_quotient():
    inside = changed(NET, do="(2 * (o - t) / len(x)).astype(np.float32)") + "\n"
    single = "x, t, W1, b1, W2, b2 = (v.astype(np.float32) for v in (x, t, W1, b1, W2, b2))\n" \
             "a1 = sigmoid(x @ W1 + b1)\no = sigmoid(a1 @ W2 + b2)\n" + inside
    for seed in range(5):
        for code in (single, single.replace("return {", "return {k: np.asarray(v, dtype=float) for k, v in {")
                     .replace('"db1": db1}', '"db1": db1}.items()}')):
            verdict = judged(NET, code, seed)
            assert (verdict.status, verdict.key) == ("right", ""), verdict


def quotients(h, central):
    def backward(x, t, W1, b1, W2, b2):
        def loss(W1, b1, W2, b2):
            o = 1 / (1 + np.exp(-(1 / (1 + np.exp(-(x @ W1 + b1))) @ W2 + b2)))
            return ((o - t) ** 2).sum() / len(x)
        weights, found = [W1, b1, W2, b2], []
        for k, weight in enumerate(weights):
            slope = np.zeros_like(weight)
            for index in np.ndindex(weight.shape):
                up, down = [w.copy() for w in weights], [w.copy() for w in weights]
                up[k][index] += h
                down[k][index] -= h * central
                slope[index] = (loss(*up) - loss(*down)) / (h + h * central)
            found.append(slope)
        return dict(zip(("dW1", "db1", "dW2", "db2"), found, strict=True))
    return backward


def test_a_numerical_gradient_is_right_and_hears_what_it_costs():
    for h in (1e-4, 1e-5, 1e-6):
        verdict = judged(GRADIENTS, quotients(h, True))
        largest = max(sum(draw[name].size for name in ("W1", "b1", "W2", "b2"))
                      for draw in draws(GRADIENTS, np.random.default_rng(0)))
        assert (verdict.status, verdict.key) == ("right", "numerical")
        assert f"those cost {2 * largest} forward passes" in verdict.words
    assert judged(GRADIENTS, GRADIENTS.solution({})).key == ""


def test_a_quotient_to_one_side_whose_error_is_no_noise_is_nobodys_rate():
    for h in (1e-5, 1e-6, 1e-7):
        verdict = judged(GRADIENTS, quotients(h, False))
        assert "rate" not in verdict.words and (verdict.status == "right" or verdict.key.endswith(": near"))
    one_side = next(one.code for one in ANSWERS if one.name == "coarse differences")
    assert "h = 0.1" in one_side
    for h in (1e-2, 1e-4, 1e-6, 1e-8):
        for seed in range(5):
            assert "rate" not in judged(CHAIN, textwrap.dedent(one_side).strip().replace("h = 0.1", f"h = {h}"), seed).words


def test_a_coarse_quotient_is_told_as_one_and_never_as_a_mistake():
    for h in (1e-3, 3e-4):
        verdict = judged(GRADIENTS, quotients(h, False))
        assert verdict.status == "wrong" and verdict.key.endswith(": near"), verdict
        assert "as near as a difference quotient comes: is it one?" in verdict.words


def test_a_part_that_is_right_stays_right_whatever_was_returned_before_it():
    text = NET.solution({}).replace('"do": do', '"do": 2 * do')
    verdict = judged(NET, text)
    assert verdict.key == "do: twice" and [one for one in status(verdict).values()] == ["wrong"] + 7 * ["right"]


@pytest.mark.parametrize("rate", [1e-6, 1e-4, 0.003, 0.1, 0.5, 1, 3, 100, -0.2])
@pytest.mark.parametrize(("net", "words"), [(NET, "at dL/da1: dL/da1 is"), (CHAIN, "at dL/da1: dL/da1 is"),
                                            (GRADIENTS, "between dL/dz2 and dL/dz1"), (DEEP, "at dL/da2: dL/da2 is")],
                         ids=["rows", "chain", "gradients", "deep"])
def test_weights_updated_too_early_are_told_at_any_rate_and_no_part_of_it_passes_as_right(net, words, rate):
    k = 3 if net is DEEP else 2
    W, sign = ("w", "*") if net is CHAIN else ("W", "@")
    early = f"dz{k} {sign} ({W}{k} - {rate} * d{W}{k}){'.T' * (sign == '@')}"
    for seed in range(2):
        verdict = judged(net, changed(net, **{f"da{k - 1}": early}), seed)
        assert verdict.key == f"da{k - 1}: updated weights" and verdict.misconception == "M09"
        assert words in verdict.words and float(re.search(r"your rate: (.*?)\)", verdict.words)[1]) == rate
        assert verdict.status == "wrong" and "wrong" in status(verdict).values()


def test_in_float32_an_early_update_is_told_too_down_to_what_float32_can_hold():
    single = "W2 = W2.astype(np.float32)\na1 = a1.astype(np.float32)\no = sigmoid(a1 @ W2 + b2).astype(np.float32)\n"
    for rate in (1, 0.1, 0.01):
        lines = changed(NET, da1=f"(dz2 @ (W2 - np.float32({rate}) * dW2).T).astype(np.float32)")
        assert f"your rate: {rate})" in judged(NET, single + lines).words.replace("your rate: 1.0)", "your rate: 1)")


@pytest.mark.parametrize("size", [1e-4, 1e-6, 1e-8, 1e-10])
@pytest.mark.parametrize("net", [NET, CHAIN, GRADIENTS], ids=["rows", "chain", "gradients"])
def test_an_error_with_random_signs_is_nobodys_rate(net, size):
    for seed in range(20):
        some, rng = draws(net, np.random.default_rng(seed % 3)), np.random.default_rng(seed)
        results = tuple({part: np.asarray(draw[part] * (1 + size * rng.normal(size=draw[part].shape))) for part in net.parts}
                        for draw in some)
        verdict = confusion.verdict_on(net, some, results)
        assert "rate" not in verdict.words and (verdict.status == "right" or size == 1e-4)


# ---- shapes, names, types

@pytest.mark.parametrize(("part", "line", "key", "words"), [
    ("dW2", "(a1.T @ dz2).T", "dW2: transposed", "rows and columns have changed places"),
    ("dz2", "(do * o * (1 - o)).T", "dz2: turned", r"dL/dz2 has the shape \(5, 7\) where \(7, 5\) is asked for: rows and"),
    ("db2", "dz2.sum(axis=0, keepdims=True)", "db2: shape", r"the shape \(1, 5\) where \(5,\) is asked for\."),
    ("db2", "dz2", "db2: not summed", "still one number per row"),
    ("da1", "dz2 @ W2.T @ np.ones((len(W2), 2))", "da1: shape", r"the shape \(7, 2\) where \(7, 3\) is asked for"),
])
def test_a_wrong_shape_is_told_with_the_one_asked_for(part, line, key, words):
    broken = changed(NET, **{part: line})
    if part in ("dz2", "da1"):                                        # what comes after would stop
        broken = NET.solution({}).replace(f'"{part}": {part}', f'"{part}": {line}')
    verdict = judged(NET, broken)
    assert (verdict.status, verdict.key, verdict.first) == ("wrong", key, f"dL/{part}")
    assert re.search(words, verdict.words) and status(verdict)[part] == "wrong"


@pytest.mark.parametrize(("change", "words", "key"), [
    (('"dW2": dW2', '"dw2": dW2'), "at dL/dW2: dW2 is missing: there is dw2, call it dW2.$",
     "dW2: missing"),
    (('"dz1": dz1', '"delta1": dz1'), "Not given back: dL/dz1. Not asked for: delta1.", "dz1: missing"),
    (('"da1": da1, ', ""), "dL/dW1 and dL/db1 are right. Not given back: dL/da1.$", "da1: missing"),
    (('"dW1": dW1', '"dW1": "abc"'), "dL/dW1 is text 'abc', and numbers are asked for.", "dW1: no numbers"),
    (('"dW1": dW1', '"dW1": print'), "dL/dW1 is a function, and numbers are asked for.", "dW1: no numbers"),
    (('"dW1": dW1', '"dW1": [[1, 2], [3]]'), "dL/dW1 is a list whose rows differ in length, and numbers", "dW1: no numbers"),
])
def test_names_and_types(change, words, key):
    text = NET.solution({})
    assert change[0] in text
    verdict = judged(NET, text.replace(*change))
    assert verdict.status == "wrong" and re.search(words, verdict.words) and verdict.key == key


def test_names_that_nobody_asked_for_are_told_and_do_no_harm():
    verdict = judged(NET, NET.solution({}).replace("return {", 'return {"z1": z1, '))
    assert verdict.status == "right" and verdict.words == "All 8 partials are right. Not asked for: z1."


@pytest.mark.parametrize(("inside", "words"), [
    ("return 3.0", "backward gives one number; a dict with do, dz2, dW2, db2, da1, dz1, dW1, db1 is asked for."),
    ("return x", "backward gives one array of shape (7, 4); a dict"),
    ("return x, t", "backward gives a tuple of 2; a dict"), ("return 'abc'", "backward gives text 'abc'; a dict"),
    ("return {1: x}", "backward gives a dict whose keys are not names; a dict"),
])
def test_something_else_than_a_dict(inside, words):
    verdict = judged(NET, inside)
    assert verdict.status == "wrong" and verdict.words.startswith(words)


def test_lists_and_numbers_in_boxes_are_numbers():
    assert judged(NET, NET.solution({}).replace('"dW2": dW2', '"dW2": dW2.tolist()')).status == "right"
    assert judged(CHAIN, CHAIN.solution({}).replace('"dw1": dw1', '"dw1": [[dw1]]')).status == "right"
    pair = chain(gives="tuple")
    assert judged(pair, pair.solution({}).replace("return ", "return np.array([").rstrip() + "])").status == "right"


# ---- what is handed on

def test_the_example_is_public_and_shows_the_first_wrong_part():
    silent = set()
    for mutant in NET.mutants({}, None):
        verdict = judged(NET, mutant.code)
        inputs, theirs = verdict.example["inputs"], verdict.example["theirs"]
        assert any(inputs is one for one in NET.examples) and set(theirs) == set(NET.parts)
        part = verdict.first.removeprefix("dL/")
        right = NET.work_out(inputs)[part]
        if theirs[part].shape == right.shape and np.allclose(theirs[part], right):
            silent.add(mutant.key)
    assert silent == {"dW1: sizes of inputs"}                 # no example of the walk has a negative input


@pytest.mark.parametrize("kind", ["raised", "time", "memory", "died", "flood", "refused", "stopped"])
def test_what_did_not_run_is_told_in_the_words_of_the_run(kind):
    verdict = NET.judge(None, np.random.default_rng(0), {}, lambda function, calls: FunctionRun((), kind, "It stopped."))
    assert (verdict.status, verdict.words, verdict.lines) == ("wrong", "It stopped.", ())


def test_nothing_that_a_run_can_give_breaks_the_judge():
    rng, odd = np.random.default_rng(0), Odd("a generator")
    things = [odd, np.array(3.0), np.zeros((0, 3)), np.array([[True]]), np.array([1, 2], dtype=np.int8),
              np.array(np.inf), np.full((7, 5), 1e308), rng.normal(size=(7, 5))]
    for net in (NET, CHAIN, GRADIENTS):
        for first in things:
            for second in things[::3]:
                for shape in (dict.fromkeys, lambda parts, one: tuple(one for _ in parts), lambda parts, one: one):
                    def fake(function, calls, shape=shape, first=first, second=second, net=net):
                        return FunctionRun(tuple(shape(net.parts, first if k % 2 else second) for k in range(len(calls))))
                    verdict = net.judge(None, np.random.default_rng(0), {}, fake)
                    assert verdict.status == "wrong" and 1 <= len(verdict.words.splitlines()) <= 2
                    assert "nan nan" not in verdict.words and "Odd(" not in verdict.words


def test_in_a_process_of_its_own():
    def backward(x, t, w1, w2):
        a1 = 1 / (1 + np.exp(-w1 * x))
        a2 = 1 / (1 + np.exp(-w2 * a1))
        da2 = 2 * (a2 - t)
        dz2 = da2 * a2 * (1 - a2)
        da1 = dz2 * w2
        dz1 = da1 * a1
        return {"da2": da2, "dz2": dz2, "dw2": dz2 * a1, "da1": da1, "dz1": dz1, "dw1": dz1 * x}
    verdict = CHAIN.judge(backward, np.random.default_rng(0), {}, apart.run)
    assert verdict.key == "dz1: answer for slope" and verdict.first == "dL/dz1" and function and run
    assert CHAIN.judge(5, np.random.default_rng(0), {}, apart.run).words.startswith("A function is asked for")
