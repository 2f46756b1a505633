"""What only lesson 3 has; the laws of all lessons are in tests/lessons."""
import json
import re
import subprocess
import sys
from pathlib import Path

import numpy as np

from bpviz.coursework import course
from bpviz.coursework.kinds.quantities import Choice
from bpviz.coursework.lessons.lesson_03 import experiments as lab
from bpviz.coursework.misconceptions import MISCONCEPTIONS
from bpviz.network.walked import EXAMPLES

PATH = Path(__file__).resolve().parents[2] / "lessons" / "03_backpropagation.ipynb"
CELLS = json.loads(PATH.read_text(encoding="utf-8"))["cells"]
SOURCES = ["".join(cell["source"]) for cell in CELLS]
LESSON = course.lessons()["L03"]
PREDICTIONS, EXERCISES = LESSON.PREDICTIONS, LESSON.EXERCISES


# ---- its experiments

def test_the_experiments_use_the_weights_of_the_walk():
    for weights, name in ((lab.ARTICLE, "article 2-2-1"), (lab.TWO_OUTPUTS, "two outputs 2-2-2"),
                          (lab.XOR, "xor 2-2-1, four rows")):
        assert tuple(weights) == EXAMPLES[name].theta


# ---- nothing is given away

TOLD = {"L03-p3": "paths add|add .*paths|2 paths", "L03-p4": "rows add|add .*rows", "L03-p5": "old weights|first all",
        "L03-p8": "even trains|it trains|falling loss"}


def test_nothing_tells_an_outcome_where_the_eye_falls_before_the_answer():
    """Up to the next section, and in the last cell, where Run All leaves the page."""
    for name, words in TOLD.items():
        k = SOURCES.index(f'bp.predict("{name}")')
        near = next(j for j in range(k + 1, len(SOURCES)) if re.search("^## ", SOURCES[j], re.M))
        for text in [*(text.partition("\n## ")[0] for text in SOURCES[k + 1:near + 1]), SOURCES[-1]]:
            assert not re.search(words, text, re.I), (name, re.search(words, text, re.I))


# ---- misconceptions

SHOWN = {"M01", "M02", "M09", "M10", "M11", "M12", "M13"}


def test_the_misconceptions_that_belong_here_can_show():
    tags = [tag for one in PREDICTIONS for tag in (
        [tag for _, tag, _ in one.asks.options] if isinstance(one.asks, Choice) else
        getattr(one.asks, "beliefs", {}).values())]
    tags += [mutant.misconception for one in EXERCISES for mutant in one.asks.mutants(one.given())]
    assert set(filter(None, tags)) >= SHOWN and set(filter(None, tags)) <= set(MISCONCEPTIONS)


# ---- what its exercises say

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
