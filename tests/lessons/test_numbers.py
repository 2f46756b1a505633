"""Every number a lesson's text quotes is one its code gives, and every printed answer is one its check accepts."""
import contextlib
import io
import re
import tomllib
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import reading
from conftest import kept_tables
from reading import LESSONS, holds, notebook_of, quoted

# quoted/LNN.toml: numbers that no cell nearby prints, each an expression in the lesson's names that gives it, or { why = "..." }.
LISTED = {cell: texts for path in sorted((Path(__file__).parent / "quoted").glob("*.toml"))
          for cell, texts in tomllib.loads(path.read_text(encoding="utf-8")).items()}
HELPERS = {"basin_b": "lambda k: (lambda p: p.theta[k, p.minima[1]])(bp.critical_points(two_weights('trident')))"}
# Exercises whose text shows no answer: one that is right, from the hint.
ANSWERS = {"L06-26": "[2.6, -4.1]", "L08-20": "0.005", "L09-32": "1 / 8", "L09-34": "0.5 ** 0.5",
           "L09-36": "dict(skip=True)"}
MORE = {"L09-36": {"my_rate": "0.01"}}


@pytest.fixture(scope="module", params=LESSONS, ids=lambda p: p.stem)
def lesson(request):
    """(its file, what reading and running it gave), run once for all the tests of it."""
    with kept_tables():
        return request.param, reading.run(request.param)


def test_quoted_numbers_are_computed(lesson):
    path, read = lesson
    names = {**read.names, **{name: eval(text, read.names) for name, text in HELPERS.items() if "two_weights" in read.names}}
    used = set()
    for cell, number in read.loose():
        listed = LISTED.get(cell, {}).get(number.text)
        assert listed, f"{path.name}, {cell}: {number.text!r} is what no cell nearby computes, in: {number.line}"
        used.add((cell, number.text))
        if not isinstance(listed, dict):
            assert holds(number, np.array([float(eval(listed, names))])), (cell, number.text, eval(listed, names))
    there = {(cell, text) for cell, texts in LISTED.items() for text in texts if notebook_of(cell.partition("-")[0]) == path}
    assert used == there, f"no longer needed: {there - used}"


def test_what_is_seen_before_running_is_what_running_gives(lesson):
    """The words beside a lesson's still pictures; the pictures themselves are made by the same call, tools/stills.py."""
    path, read = lesson
    for cell, (now, stored) in read.stills.items():
        assert " ".join(stored.split()) == " ".join(now.split()), f"{cell}; run: python tools/stills.py {path.name[:2]}"


def answer_of(read, cell):
    """The Python text of the right answer: the last number, or the quoted word, or the formula, of the fold-out."""
    told = read.exercises[cell][1]
    if told is None:
        return ANSWERS[cell]
    if told.startswith('"') or "(" in told and "np." in told:
        return told
    return re.findall(r"[-−]?\d+(?:\.\d+)?", told)[-1].replace("−", "-")


def attempt(read, cell, answer):
    """What the check prints for an answer; AssertionError where it refuses."""
    source = re.sub(r"^(my_\w+) = None", lambda m: f"{m[1]} = {answer}", read.exercises[cell][0], count=1, flags=re.M)
    for name, value in MORE.get(cell, {}).items():
        source = re.sub(rf"^(.*){name} = .*$", f'my_start, {name} = "Glorot normal", {value}', source, count=1, flags=re.M)
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        exec(compile(source, cell, "exec"), dict(read.names))
    return printed.getvalue()


def test_printed_answers_are_accepted_and_others_are_not(lesson):
    """The fold-out's answer goes through the lesson's own check; an answer a tenth larger does not."""
    path, read = lesson
    assert read.exercises or "bp.check(" in path.read_text(encoding="utf-8")       # those are records, with laws of their own
    for cell, (_, told) in read.exercises.items():
        answer = answer_of(read, cell)
        assert re.search(r"^right", attempt(read, cell, answer), re.M | re.I), (cell, answer)
        if told is not None and not answer.startswith('"'):
            with pytest.raises(AssertionError):
                attempt(read, cell, f"1.1 * ({answer})")


def test_a_wrong_number_is_noticed(lesson):
    """The reader can fail: most numbers of three digits and more are missed when their last digit is off."""
    path, read = lesson
    numbers = [(number, read.near(before)) for _, before, text in read.texts for number in quoted(text)
               if len(re.sub(r"\D|^[0.]+", "", number.text)) >= 3 and holds(number, read.near(before))]
    missed = [not holds(replace(number, value=number.value + 6 * number.half), near) for number, near in numbers]
    assert not missed or np.mean(missed) >= 0.6, (path.name, [n.text for n, _ in numbers], missed)


@pytest.mark.parametrize("text, found", [
    ("The output (0.28) is above 0.2", ["0.28", "0.2"]), ("### 8. Your turn 123.4", []), ("see lesson 26, `x = 44`", []),
    ("Poole et al. (2016) and 1,000 units", ["1,000"]), ("Ten *million*", ["Ten *million"]), ("about 95 % of 12", ["95%"]),
    ("about $10^{-8}$ forward", ["10^{-8}"]), ("in one run of five", ["one run of five"]), ("five steps, 9 numbers", []),
    ("<details><summary>Answer</summary>About −0.03, or 7.</details>", ["−0.03", "7"]), ("a 2-2-1 network at 20.0 %", ["20.0%"]),
])
def test_what_counts_as_quoted(text, found):
    assert [number.text for number in quoted(text)] == found


def test_rounding_and_signs():
    number, = quoted("about 0.2668")
    assert not holds(number, np.array([0.4433, 0.2669, 0.26674])) and holds(number, np.array([-0.26683]))
    number, = quoted("Ten million")
    assert not holds(number, np.array([1.7e7])) and holds(number, np.array([0.98e7]))
