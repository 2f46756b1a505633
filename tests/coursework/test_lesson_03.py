"""Lesson 3 as its author promises it: records and notebook say the same, outcomes are true, nothing is given away."""
import json
import re
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

import bpviz as bp
from bpviz.coursework import course
from bpviz.coursework.exercise import BEGIN
from bpviz.coursework.kinds.quantities import Choice
from bpviz.coursework.lessons import experiments_03 as lab
from bpviz.coursework.misconceptions import MISCONCEPTIONS
from bpviz.network.walked import EXAMPLES

PATH = Path(__file__).resolve().parents[2] / "lessons" / "03_backpropagation.ipynb"
CELLS = json.loads(PATH.read_text(encoding="utf-8"))["cells"]
SOURCES = ["".join(cell["source"]) for cell in CELLS]
MARKDOWN = [text for cell, text in zip(CELLS, SOURCES, strict=True) if cell["cell_type"] == "markdown"]
CODE = [text for cell, text in zip(CELLS, SOURCES, strict=True) if cell["cell_type"] == "code"]
LESSON = course.lessons()["L03"]
PREDICTIONS, EXERCISES = LESSON.PREDICTIONS, LESSON.EXERCISES
by_id = pytest.mark.parametrize("one", PREDICTIONS, ids=lambda one: one.id)
of_id = pytest.mark.parametrize("one", EXERCISES, ids=lambda one: one.id)


# ---- the notebook and the records

def test_a_panel_comes_only_after_a_prediction_that_asks_about_it():
    """The first panel of the core is opened by an answer; a picture comes before the first formula."""
    first_panel = next(k for k, text in enumerate(SOURCES) if "bp.explore." in text and CELLS[k]["cell_type"] == "code")
    assert any("bp.predict(" in text for text in SOURCES[:first_panel])
    first_formula = next(k for k, text in enumerate(SOURCES) if "$" in text)
    assert any("bp.picture." in text for text in SOURCES[:first_formula])


def test_core_first_then_what_is_optional():
    core = [one.core for one in EXERCISES]
    assert core == sorted(core, reverse=True) and sum(core) >= 2 and len(core) - sum(core) >= 3
    heading = re.compile(r"^## .*", re.M)
    headings = [title for text in MARKDOWN for title in heading.findall(text)]
    optional = ["(optional)" in title for title in headings if re.match(r"## \d", title)]
    assert optional == sorted(optional) and any(optional)


# ---- what the outcomes are, found another way

def nine(theta, x, t):
    """Loss and gradient of a 2-2-1 network on one row, written out by hand."""
    w11, w12, w21, w22, b1, b2, v1, v2, c = theta
    f = lambda z: 1 / (1 + np.exp(-z))                           # noqa: E731
    h1, h2 = f(w11 * x[0] + w21 * x[1] + b1), f(w12 * x[0] + w22 * x[1] + b2)
    o = f(v1 * h1 + v2 * h2 + c)
    d = 2 * (o - t) * o * (1 - o)
    e1, e2 = d * v1 * h1 * (1 - h1), d * v2 * h2 * (1 - h2)
    return (o - t) ** 2, np.array([e1 * x[0], e2 * x[0], e1 * x[1], e2 * x[1], e1, e2, d * h1, d * h2, d]), (h1, h2, d)


ROW = (0.5, 0.1), 0.6


def oracle_weights():
    _, gradient, (h1, h2, _) = nine(lab.ARTICLE, *ROW)
    assert h1 > h2 and abs(gradient[6]) > abs(gradient[7])
    return "The one behind the larger answer", [abs(gradient[6]), abs(gradient[7])]


def oracle_paths():
    v = lab.TWO_OUTPUTS
    f = lambda z: 1 / (1 + np.exp(-z))                           # noqa: E731
    h = f(np.array([v[0] * 0.05 + v[2] * 0.1 + v[4], v[1] * 0.05 + v[3] * 0.1 + v[5]]))
    o = f(np.array([v[6] * h[0] + v[8] * h[1] + v[10], v[7] * h[0] + v[9] * h[1] + v[11]]))
    d = 2 * (o - [0.01, 0.99]) * o * (1 - o)
    return "They are added", [d[0] * v[6], d[1] * v[7], d[0] * v[6] + d[1] * v[7]]


def oracle_rows():
    rows = [((0, 0), 0), ((0, 1), 1), ((1, 0), 1), ((1, 1), 0)]
    parts = [nine(lab.XOR, x, t)[1][6] / 4 for x, t in rows]
    assert abs(sum(parts)) < 0.1 * max(map(abs, parts))
    return "It hardly moves", [*parts, sum(parts)]


def oracle_order():
    _, gradient, (h1, h2, d) = nine(lab.ARTICLE, *ROW)
    early = lab.ARTICLE[6:8] - 0.5 * gradient[6:8]
    wrong = np.array([d * early[0] * h1 * (1 - h1), d * early[1] * h2 * (1 - h2)])
    off = np.abs(wrong / gradient[4:6] - 1).max()
    assert off > 0.01
    return "They come out wrong", [100 * off, 0.5]


def descended(gradient, theta, steps, x, t):
    for _ in range(steps):
        theta = theta - 0.5 * gradient(theta, x, t)
    return theta


def without_slope(theta, x, t):
    _, gradient, (h1, h2, _) = nine(theta, x, t)
    factor = np.array([h1 * (1 - h1), h2 * (1 - h2)])
    return np.concatenate([gradient[:6] / np.tile(factor, 3), gradient[6:]])


def oracle_training():
    start, end = nine(lab.ARTICLE, *ROW)[0], nine(descended(without_slope, lab.ARTICLE, 300, *ROW), *ROW)[0]
    assert end < start / 100
    rows = [(np.array(x), t) for x, t in (((0, 0), 0), ((0, 1), 1), ((1, 0), 1), ((1, 1), 0))]
    theta, losses = lab.XOR, []
    for k in range(2001):
        losses.append(np.mean([nine(theta, *row)[0] for row in rows]) if k in (0, 2000) else 0.0)
        theta = theta - 0.5 * np.mean([without_slope(theta, *row) for row in rows], axis=0)
    assert losses[-1] > 0.9 * losses[0]
    return "It falls to almost 0", [losses[0], losses[-1], 2000]


def oracle_nudging():
    nudge = lambda theta, x, t: np.array([(nine(theta + h, x, t)[0] - nine(theta - h, x, t)[0]) / 2e-6   # noqa: E731
                                          for h in 1e-6 * np.eye(9)])
    ours = descended(lambda theta, x, t: nine(theta, x, t)[1], lab.ARTICLE, 100, *ROW)
    assert np.allclose(descended(nudge, lab.ARTICLE, 100, *ROW), ours, atol=1e-6)
    return "It takes the very same path", [18]


def oracle_zeros():
    theta = descended(lambda theta, x, t: nine(theta, x, t)[1], np.zeros(9), 100, *ROW)
    assert np.array_equal(theta[[0, 2, 4, 6]], theta[[1, 3, 5, 7]]) and theta.all()
    return "They are exact twins", []


def oracle_rates():
    start, gradient, _ = nine(lab.ARTICLE, *ROW)
    losses = [nine(lab.ARTICLE - rate * gradient, *ROW)[0] for rate in np.linspace(0, 12, 97)]
    best = np.linspace(0, 12, 97)[np.argmin(losses)]
    return np.array(losses), [round(best), 100, nine(lab.ARTICLE - 100 * gradient, *ROW)[0] / start]


def oracle_never_zeroed():
    steps, slopes, w = [1.0], [], 1.0
    for _ in range(14):
        slopes.append(2 * w)
        w = w - 0.1 * sum(slopes)
        steps.append(w)
    return np.interp(np.linspace(0, 14, 97), range(15), steps), []


ORACLES = {"L03-p1": lambda: (6.0, [6]), "L03-p2": oracle_weights, "L03-p3": oracle_paths, "L03-p4": oracle_rows,
           "L03-p5": oracle_order, "L03-p6": oracle_rates, "L03-p7": oracle_never_zeroed, "L03-p8": oracle_training,
           "L03-p9": oracle_nudging, "L03-p10": oracle_zeros}


def numbers_in(text):
    """(value, half of the last digit) of each number, digits in code and names left out."""
    plain = re.sub(r"`[^`]*`|[Ll]esson \d+|[Oo]utput \d|`?\bw\d", " ", text).replace("−", "-").replace(" %", "")
    return [(float(word), 0.5 * 10.0 ** -len(word.partition(".")[2]))
            for word in re.findall(r"(?<![\w.])[-+]?\d+(?:\.\d+)?(?![\w])", plain)]


@by_id
def test_the_outcome_is_true_and_so_is_every_number_in_it(one):
    right, numbers = ORACLES[one.id]()
    truth = one.truth()
    if isinstance(one.asks, Choice):
        assert truth.startswith(right) and one.asks.compare(truth, truth).status == "right"
    else:
        assert np.allclose(truth, right, rtol=1e-9, atol=1e-12)
    said = one.says(truth)
    for value, half in numbers_in(said):
        assert value == 0 or any(abs(value - number) <= half * 1.0001 for number in numbers), (value, said)
    assert len(numbers_in(said)) >= len(numbers)                 # each number of the oracle is told
    assert 10 < len(said.split()) < 70


def test_a_wrong_number_in_an_outcome_would_be_noticed():
    said = "The two gradients have the sizes 0.033 and 0.028."
    _, numbers = oracle_weights()
    assert [any(abs(v - n) <= half for n in numbers) for v, half in numbers_in(said)] == [True, False]


def test_the_experiments_use_the_weights_of_the_walk():
    for weights, name in ((lab.ARTICLE, "article 2-2-1"), (lab.TWO_OUTPUTS, "two outputs 2-2-2"),
                          (lab.XOR, "xor 2-2-1, four rows")):
        assert tuple(weights) == EXAMPLES[name].theta


# The numbers that questions and prompts quote: expressions in bp, np and lab that give them.
QUOTED = {
    "L03-p2": {"0.6": "lab.ARTICLE[6]", "0.542": "lab.output_weights()[0][0]", "-0.9": "lab.ARTICLE[7]",
               "0.453": "lab.output_weights()[0][1]"},
    "L03-p6": {"12": "lab.RATES[1]", "0.0145": "lab.after_one_step(0)[0]"},
}
GIVEN = {"L03-p1": "2 1", "L03-p3": "1", "L03-p6": "0", "L03-p7": "1 0.1 14", "L03-p8": "300", "L03-p9": "", "L03-p10": "0 100"}


@by_id
def test_the_numbers_in_a_question_are_computed(one):
    text = " ".join([one.question, *(one.asks.texts if isinstance(one.asks, Choice) else ())])
    given = set(map(float, GIVEN.get(one.id, "").split()))
    names = {"lab": lab, "np": np, "bp": bp}
    listed = {float(word): float(eval(how, names)) for word, how in QUOTED.get(one.id, {}).items()}
    for value, half in numbers_in(text):
        if value in listed:
            assert abs(listed[value] - value) <= half, value
        else:
            assert value in given or value == 0, f"{value} in: {text}"


# ---- nothing is given away

@of_id
def test_hints_are_three_and_the_last_is_not_the_answer(one):
    lines = [line.strip() for line in one.asks.solution(one.given()).splitlines() if line.strip()]
    assert len(set(one.hints)) == 3 and all(20 < len(hint) < 260 for hint in one.hints)
    told = " ".join(" ".join([*one.hints, one.prompt]).split())
    whole = [line for line in lines if len(line) > 8 and line in told]
    assert not whole, whole
    for line in lines:
        right = line.partition("=")[2].strip()
        if len(right) > 7 and not right.startswith(("[", "(")):
            assert right not in " ".join(one.hints), right
    assert 60 < len(one.worked)


TOLD = {"L03-p3": "paths add|add .*paths|2 paths", "L03-p4": "rows add|add .*rows", "L03-p5": "old weights|first all",
        "L03-p8": "even trains|it trains|falling loss"}


def test_nothing_tells_an_outcome_where_the_eye_falls_before_the_answer():
    """Up to the next section, and in the last cell, where Run All leaves the page."""
    for name, words in TOLD.items():
        k = SOURCES.index(f'bp.predict("{name}")')
        near = next(j for j in range(k + 1, len(SOURCES)) if re.search("^## ", SOURCES[j], re.M))
        for text in [*(text.partition("\n## ")[0] for text in SOURCES[k + 1:near + 1]), SOURCES[-1]]:
            assert not re.search(words, text, re.I), (name, re.search(words, text, re.I))


def test_no_two_exercises_give_each_other_away():
    """A line of one exercise's solution does not stand in the prompt or answer cell of another."""
    handed = {one.id: one.prompt_cell() + one.answer_cell(inside="") for one in EXERCISES}
    for one in EXERCISES:
        for line in map(str.strip, one.asks.solution(one.given()).splitlines()):
            if len(line) > 8:
                assert not [other for other, text in handed.items() if line in text and other != one.id], (one.id, line)
    assert all(BEGIN in one.answer_cell() for one in EXERCISES)


# ---- misconceptions

SHOWN = {"M01", "M02", "M09", "M10", "M11", "M12", "M13"}


def test_the_misconceptions_that_belong_here_can_show():
    tags = [tag for one in PREDICTIONS for tag in (
        [tag for _, tag, _ in one.asks.options] if isinstance(one.asks, Choice) else
        getattr(one.asks, "beliefs", {}).values())]
    tags += [mutant.misconception for one in EXERCISES for mutant in one.asks.mutants(one.given())]
    assert set(filter(None, tags)) >= SHOWN and set(filter(None, tags)) <= set(MISCONCEPTIONS)


@by_id
def test_who_holds_a_misconception_is_told_apart(one):
    """A simulated learner who believes it chooses the tagged option, and the verdict names the misconception."""
    truth = one.truth()
    if isinstance(one.asks, Choice):
        for text, tag, _ in one.asks.options:
            verdict = one.asks.compare(text, truth)
            assert verdict.misconception == (tag if text != truth else "") and (verdict.status == "right") == (text == truth)
        assert 3 <= len(one.asks.options) <= 4
    elif getattr(one.asks, "beliefs", {}):
        falling = np.linspace(truth[0], truth.min(), 97)
        assert one.asks.compare(falling, truth).misconception in one.asks.beliefs.values()


# ---- how long it takes

WORDS, FORMULA, PREDICTION, STEPPING = 180, 0.25, 0.75, 1.5             # words a minute; minutes each
EXERCISE = {"L03-q1": 5.0, "L03-q2": 10.0}                              # minutes, estimated


def core_minutes():
    """How long the core takes: reading, formulas, predictions, the walks that they open, exercises."""
    end = next(k for k, text in enumerate(SOURCES) if re.match(r"## \d+\. .*\(optional\)", text))
    texts = [text for cell, text in zip(CELLS[:end], SOURCES, strict=False) if cell["cell_type"] == "markdown"]
    asked = [one for one in PREDICTIONS if any(f'"{one.id}"' in text for text in SOURCES[:end])]
    words = sum(len(re.sub(r"\$[^$]*\$|[|#*`-]", " ", text).split()) for text in texts)
    words += sum(len(one.question.split()) + len(one.says(one.truth()).split()) for one in asked)
    formulas = sum(len(re.findall(r"\$\$?[^$]+\$\$?", text)) for text in texts)
    return (words / WORDS + FORMULA * formulas + PREDICTION * len(asked) + STEPPING * sum(one.shows is not None for one in asked)
            + sum(EXERCISE[one.id] for one in EXERCISES if one.core)), words


def test_the_core_takes_the_time_that_is_promised():
    minutes, words = core_minutes()
    promised = int(re.search(r"\*\*Time:\*\* (\d+) minutes", SOURCES[0])[1])
    assert 30 <= minutes <= 40 and abs(promised - minutes) <= 5, (minutes, words)


# ---- the numbers that prompts, hints and worked solutions quote

NAMES = {"L03-q7": {"0.5": "lab.RATE"}, "L03-q8": {"1.2": "1.2", "3": "3"}, "L03-q10": {"0.31": "0.31"}}


@of_id
def test_numbers_in_prompts_hints_and_worked_solutions_are_given_or_computed(one):
    """Whole numbers under 13 are counts and steps; every other number is given in the prompt, in the code, or listed."""
    given = one.given()
    code = " ".join([one.asks.solution(given), one.asks.starter(given), *(str(value) for value in given.values())])
    known = {float(word) for word in re.findall(r"(?<![\w.])\d+(?:\.\d+)?", code)}
    for name, how in NAMES.get(one.id, {}).items():
        known |= {float(name)} if abs(eval(how, {"lab": lab}) - float(name)) < 1e-9 else set()
    for text in (one.prompt_cell(), *one.hints, one.worked):
        for value, half in numbers_in(re.sub(r"```.*?```|\$[^$]*\$", " ", text, flags=re.S)):
            assert abs(value) in known or (half == 0.5 and abs(value) < 13), (value, text)


def test_the_rate_of_the_worked_answer_and_what_the_hints_say_about_rates():
    """At 0.5 the step is downhill and leaves more than half; ten times as much is better; far out it is worse."""
    before, at, ten, far = lab.after_one_step([0.0, 0.5, 5.0, 50.0])
    assert before / 2 < at < before and ten < at and far > before


def test_the_drawn_parabola_is_the_one_of_the_prompt():
    one = next(one for one in EXERCISES if one.id == "L03-q8")
    rates = np.linspace(0, 1.2, 97)
    landed = 3 - rates * 2 * (3 - 1)
    assert np.allclose(one.asks.truth({}), (landed - 1) ** 2) and one.asks.asks.y[1] > one.asks.truth({}).max()


def test_the_first_question_is_there_without_sympy():
    """The records load in a fresh Python without SymPy or Matplotlib, which take half a second each."""
    code = ("import sys; from bpviz.coursework import course; course.predictions(), course.exercises(); "
            "print([name for name in ('sympy', 'matplotlib', 'IPython') if name in sys.modules])")
    assert subprocess.check_output([sys.executable, "-c", code], text=True, cwd=PATH.parents[1]).strip() == "[]"
