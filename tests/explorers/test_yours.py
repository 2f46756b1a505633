"""The walk with a learner's numbers: what it says of them is recomputed here, from the arrays, by other code."""
import re

import numpy as np
import pytest

from bpviz.base.work import Memory, finished
from bpviz.base.written import as_python
from bpviz.coursework.apart.run import FunctionRun
from bpviz.coursework.diagnosis.beside import compared
from bpviz.coursework.exercise import Exercise, Judgement, Line
from bpviz.coursework.kinds.partials import chain, two_layers
from bpviz.explorers import all_explorers
from bpviz.explorers.yours import walk_of
from bpviz.network.data import DATA
from bpviz.network.walked import EXAMPLES
from bpviz.plots.blit import Blit
from bpviz.plots.style import style
from bpviz.words.catalogue import say

WALK = all_explorers()["backprop"]
NETWORKS = ("article 2-2-1", "two outputs 2-2-2", "xor 2-2-1, four rows")
PARTS = ("do", "dz2", "dW2", "db2", "da1", "dz1", "dW1", "db1")
OPERATORS = {"twice": lambda v, rng: 2 * v, "half": lambda v, rng: v / 2, "sign": lambda v, rng: -v,
             "seven": lambda v, rng: 7 * v, "minus third": lambda v, rng: -v / 3, "zero": lambda v, rng: 0 * v,
             "noise": lambda v, rng: v * rng.lognormal(0, 2, v.shape) * rng.choice([-1, 1], v.shape),
             "a little": lambda v, rng: 1.0002 * v, "nan": lambda v, rng: np.nan * v, "right": lambda v, rng: v}

ELSEWHERE = say("yours", "elsewhere")


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


def inputs_of(name):
    """The example as a learner's function gets it: rows first."""
    example, data = EXAMPLES[name], DATA[EXAMPLES[name].data]
    i, h, o = len(data.x), int(example.hidden), len(data.y)
    W1, b1, W2, b2 = np.split(np.array(example.theta), np.cumsum([i * h, h, h * o]))
    return dict(x=data.x.T, t=data.y.T, W1=W1.reshape(i, h), b1=b1, W2=W2.reshape(h, o), b2=b2)


def backward(x, t, W1, b1, W2, b2):
    """All partials, in the textbook's own form."""
    a1 = sigmoid(x @ W1 + b1)
    o = sigmoid(a1 @ W2 + b2)
    do = 2 * (o - t) / len(x)
    dz2 = do * o * (1 - o)
    da1 = dz2 @ W2.T
    dz1 = da1 * a1 * (1 - a1)
    return dict(do=do, dz2=dz2, dW2=a1.T @ dz2, db2=dz2.sum(0), da1=da1, dz1=dz1, dW1=x.T @ dz1, db1=dz1.sum(0))


def verdict_on(inputs, theirs, first, follows=()):
    return Judgement("wrong", "so so", "key", tuple(Line(f"dL/{part}", "follows") for part in follows), first, "",
                   {"inputs": inputs, "theirs": theirs})


def near(said, value):
    """Whether a number printed with three digits or more is this value."""
    said = as_python(said).rstrip(".,:").replace(",", "")
    if said in ("nan", "inf", "-inf"):
        return str(float(value)) == said
    return abs(float(said) - value) <= 0.006 * abs(float(said)) + 1e-15


def judged(sentence, mine, right, share):
    """Whether every claim of a sentence about one number is true: mine times share against right."""
    mine, sentence = mine * share, as_python(sentence)
    head = re.match(r"Yours(, times (\d+) for the mean over (\d+) rows,)? is ", sentence)
    if not head or (head[2] is not None) != (share > 1) or (share > 1 and not int(head[2]) == int(head[3]) == share):
        return False
    rest = sentence[head.end():].removesuffix(": it follows from your numbers before it.").removesuffix(".")
    if rest == "the same":
        return abs(mine - right) <= 1.1e-5 * abs(right) + 1e-12
    number, _, relation = rest.partition(", ")
    claim = re.fullmatch(r"(.*?)the right (\S+?)(,? with the other sign)?", relation)
    if not claim or not near(number, mine) or not near(claim[2], right) or number == claim[2]:
        return False
    what, other = claim[1].strip(), bool(claim[3])
    if what == "not":
        return mine == 0 or right == 0 or not np.isfinite(mine)
    ratio = mine / right
    if (ratio < 0) != other:
        return False
    exact = {"twice": 2, "half": 0.5, "a third of": 1 / 3, "a quarter of": 0.25, "": 1, "close to": 1}
    if what in exact:
        return abs(abs(ratio) - exact[what]) <= 2e-3 * exact[what]
    about, times = re.fullmatch(r"(about )?(\S+) times", what).groups()
    if "e+" in times:                                          # 250, and not 2.5e+02
        return False
    return abs(abs(ratio) - float(times)) <= (0.06 if about else 2e-3) * float(times)


def own_number(theirs, stop, row, rows):
    """(the learner's number at a stop, by how much it counts), or None: read from the arrays by the stop's name."""
    found = re.fullmatch(r"dL/d([awzb])(\d)\[(\d)(?:,(\d))?\]( of all rows)?", stop.text)
    if not found:
        return None
    letter, layer, j, k, mean = found.groups()
    if letter in "az":
        return theirs["do" if letter + layer == "a2" else f"d{letter}{layer}"][row, int(j) - 1], rows
    if rows > 1 and not mean:
        return None
    return (theirs[f"dW{layer}"][int(j) - 1, int(k) - 1] if letter == "w" else theirs[f"db{layer}"][int(j) - 1]), 1


@pytest.mark.parametrize("name", NETWORKS)
def test_what_is_said_of_theirs_is_true(name):
    rng, claims, met = np.random.default_rng(5), 0, set()
    inputs = inputs_of(name)
    rows = len(inputs["x"])
    for operator in OPERATORS.values():
        right, part = backward(**inputs), str(rng.choice(PARTS))
        theirs = {**right, part: operator(right[part], rng), "db1": operator(right["db1"], rng)}
        opened = walk_of(verdict_on(inputs, theirs, part, follows=["db1"]))
        if opened is None:
            assert operator in (OPERATORS["right"],) and np.allclose(theirs[part], right[part])
            continue
        explorer, at = opened
        scene, _ = explorer.finish(explorer.values(**at))
        for k in rng.choice(len(scene.walk.stops), 9, replace=False):
            stop = scene.walk.stops[k]
            result = finished(explorer.compute(scene, {**explorer.values(**at), "step": k + 1}, Memory()))
            own = own_number(theirs, stop, result.row, rows)
            assert (result.yours is None) == (own is None), stop.text
            if own is None:
                continue
            claims += 1
            assert judged(result.yours.sentence, own[0], result.found.value, own[1]), (stop.text, result.yours, own)
            same = abs(own[0] * own[1] - result.found.value) <= 1e-5 * abs(result.found.value) + 1e-12
            assert result.yours.mark == ("✓" if same else "→" if "b1" in stop.text else "✗")
            assert result.yours.sentence in explorer.words(result)
            met.add(result.yours.mark)
    assert claims > 20 and met == {"✓", "✗", "→"}


def test_a_whole_multiple_is_one_and_no_ratio_is_too_large_for_words():
    rng = np.random.default_rng(3)
    pairs = [(sign * right * ratio, right) for right in (0.073, -4e-9) for sign in (1, -1) for ratio in (
        *rng.integers(2, 200, 9), *rng.uniform(2, 3000, 40), 1e5, 123456.7, 1e20, 1e300)]
    for mine, right in [*pairs, (1e300, 1e-20), (1e-300, 1e20), (-5e-324, 3.0), (1e308, -1e-308)]:
        said = str(compared(mine, right)).removeprefix("✗ ")
        with np.errstate(all="ignore"):
            ratio = abs(np.float64(mine) / right)
        if "not the right" in said:
            assert ratio in (0, np.inf), said
            continue
        assert judged(said, mine, right, 1) and len(said) < 120, said
        whole = re.search(r"Yours is \S+(?: × \S+)?, (\d+) times the right", said)
        assert not whole or abs(ratio - int(whole[1])) < 2e-3, (said, ratio)


def test_the_oracle_notices_a_changed_number_and_a_changed_word():
    said = "Yours is 0.146, twice the right 0.073."
    assert judged(said, 0.146, 0.073, 1)
    for wrong in (said.replace("twice", "half"), said.replace("0.146", "0.246"), said.replace("0.073.", "0.093."),
                  said.replace("twice", "3 times"), said.replace("073.", "073 with the other sign."), "Yours is the same."):
        assert not judged(wrong, 0.146, 0.073, 1), wrong
    assert not judged(said, 0.146, 0.073, 4)


@pytest.mark.parametrize("name", NETWORKS)
@pytest.mark.parametrize("part", PARTS)
def test_it_opens_where_theirs_first_goes_wrong(name, part):
    inputs = inputs_of(name)
    theirs = backward(**inputs)
    entry = np.unravel_index(np.argmax(np.abs(theirs[part])), theirs[part].shape)
    theirs[part] = theirs[part].copy()
    theirs[part][entry] *= 3                                                     # one entry only, in one row
    explorer, at = walk_of(verdict_on(inputs, theirs, f"dL/{part}"))
    _, result = explorer.finish(explorer.values(**at))
    own, share = own_number(theirs, result.found.stop, result.row, len(inputs["x"]))
    assert own == theirs[part][entry] and str(result.yours).startswith("✗ Yours") and "3 times the right" in str(result.yours)
    if part in ("do", "dz2", "da1", "dz1"):
        assert at["row"] == entry[0] + 1


def test_scalars_on_one_row_of_an_example():
    """1-1-1 without rows: x, t, w1 and w2 are numbers."""
    data = DATA["seesaw"]
    x, t, w1, w2 = data.x[0, 1], data.y[0, 1], 1.0, 2.0
    a1 = sigmoid(w1 * x)
    a2 = sigmoid(w2 * a1)
    da2 = 2 * (a2 - t)
    dz2 = -da2 * a2 * (1 - a2)
    theirs = dict(da2=da2, dz2=dz2, dw2=dz2 * a1, da1=dz2 * w2, dz1=dz2 * w2 * a1 * (1 - a1), dw1=dz2 * w2 * a1 * (1 - a1) * x)
    inputs = dict(x=x, t=t, w1=w1, w2=w2)
    explorer, at = walk_of(verdict_on(inputs, theirs, "dz2"))
    assert at["row"] == 2
    scene, result = explorer.finish(explorer.values(**at))
    assert result.found.stop.text == "dL/dz2" or result.found.stop.text == "dL/dz2[1]"
    assert result.yours.sentence.endswith("with the other sign.") and "times 3" not in result.yours.sentence
    other_row = explorer.finish({**explorer.values(**at), "row": 1})[1]
    assert other_row.yours is None
    of = [explorer.finish({**explorer.values(**at), "step": k + 1})[1].yours for k in range(len(scene.walk.stops))]
    assert [said.mark for said in of if said] == ["✓", *"✗" * 5]


def run_here(function, calls, seconds=10.0):
    """What apart.run gives, in this process."""
    return FunctionRun(tuple({name: np.asarray(value, float) for name, value in function(**call).items()} for call in calls))


@pytest.mark.parametrize("asks", [two_layers(), chain()], ids=["2-2-?", "1-1-1"])
def test_every_mistake_that_is_diagnosed_can_be_shown(asks):
    """The public inputs of the exercises are examples of the walk, and it opens at the part that the verdict names."""
    exercise, opened = Exercise("L98-q1", "t", "p", asks, ("a", "b", "c"), "w"), 0
    for mutant in asks.mutants(exercise.given()):
        scope = {"np": np, "sigmoid": sigmoid}
        exec(exercise.answer_cell(inside=mutant.code), scope)
        with np.errstate(all="ignore"):
            verdict = exercise.judge(scope[asks.name], run_here)
        explorer, at = walk_of(verdict)
        result = explorer.finish(explorer.values(**at))[1]
        shown = re.match(r"dL/d(\w)(\d)?", result.found.stop.text)
        part = verdict.first.removeprefix("dL/").removeprefix("d").replace("o", "a2").lower()
        assert str(result.yours).startswith("✗ Yours") and f"{shown[1]}{shown[2]}" == part, (mutant.key, result.yours)
        opened += 1
    assert opened >= 10


def test_menus_leave_and_come_back():
    inputs = inputs_of("two outputs 2-2-2")
    theirs = backward(**inputs)
    explorer, at = walk_of(verdict_on(inputs, {**theirs, "dW2": 2 * theirs["dW2"]}, "dW2"))
    asked = explorer.values(**at)
    assert explorer.read(explorer.state(asked)) == WALK.read(explorer.state(asked)) == asked
    here = explorer.finish(asked)[1]
    assert "twice the right" in explorer.words(here) and explorer.finish({**asked, "rate": 5.0})[1].yours == here.yours
    for menu, choice in (("example", "article 2-2-1"), ("hidden", "3"), ("activation", "tanh"), ("loss", "cross-entropy")):
        left = explorer.finish(explorer.values(**{**asked, **explorer.knob(menu).also(choice), menu: choice}))[1]
        assert left.yours.sentence == ELSEWHERE and explorer.words(left).endswith(ELSEWHERE), menu
    assert explorer.finish({**asked, "seed": 3})[1].yours.sentence == ELSEWHERE
    assert explorer.finish(asked)[1].yours == here.yours


def test_the_walk_itself_says_nothing_of_yours():
    result = WALK.finish(WALK.values(step=12))[1]
    assert result.yours is None and "Yours" not in WALK.words(result)


def test_what_cannot_be_shown():
    inputs = inputs_of("two outputs 2-2-2")
    theirs = backward(**inputs)
    wrong = {**theirs, "dW2": 2 * theirs["dW2"]}
    assert walk_of(Judgement("wrong", "so so")) is None
    assert walk_of(verdict_on({**inputs, "W1": 2 * inputs["W1"]}, wrong, "dW2")) is None            # no example's weights
    assert walk_of(verdict_on({**inputs, "x": 2 * inputs["x"]}, wrong, "dW2")) is None
    assert walk_of(verdict_on({"x": 1.0}, wrong, "dW2")) is None
    assert walk_of(verdict_on(inputs, theirs, "dW2")) is None                                       # nothing is wrong
    assert walk_of(verdict_on(inputs, wrong, "no such part")) is None
    for nothing in ({**theirs, "dW2": np.array("text")}, {part: value for part, value in theirs.items() if part != "dW2"}):
        explorer, at = walk_of(verdict_on(inputs, nothing, "dW2"))
        result = explorer.finish(explorer.values(**at))[1]
        assert result.found.stop.text == "dL/dw2[1,1]" and str(result.yours) == "– You give no numbers here."
    flat = {**theirs, "dW2": np.zeros((2, 3))}
    explorer, at = walk_of(verdict_on(inputs, flat, "dW2"))
    assert str(explorer.finish(explorer.values(**at))[1].yours) == "✗ Yours has the shape (2, 3); (2, 2) is asked for."


@pytest.mark.parametrize("width", [1110, 740, 360])
def test_it_has_room_in_the_picture(width):
    """The sentence about theirs is seen whole, above the reason, and the line below it is still inside the picture."""
    name = "xor 2-2-1, four rows"
    inputs = inputs_of(name)
    theirs = {part: -1.23456 * value for part, value in backward(**inputs).items()}
    explorer, at = walk_of(verdict_on(inputs, theirs, "do", follows=PARTS))
    values = explorer.values(**at)
    scene, _ = explorer.finish(values)
    with style():
        canvas, drawing = explorer.picture(scene, width)
        Blit(canvas, ())
    right = canvas.axes[2]
    yours, why, code, _ = right.texts[-4:]                        # the last one measures only
    seen = 0
    for k in range(7, 31, 2):
        result = finished(explorer.compute(scene, {**values, "step": k + 1}, Memory()))
        drawing.update(result)
        assert yours.get_text().replace("\n", " ") == str(result.yours or "")
        if not result.yours:
            continue
        seen += 1
        image, left, low = yours.prepare(yours.get_text())
        x, y = yours.get_transform().transform(yours.get_unitless_position())
        assert x + left + image.shape[1] - 3 <= canvas.bbox.x1 and y + low > why.get_transform().transform((0, why.get_position()[1]))[1] - 4
        assert code.get_transform().transform(code.get_position())[1] + code.prepare(code.get_text())[2] + 3 >= 0
    assert seen >= 7
