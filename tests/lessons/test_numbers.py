"""Every number a lesson's text quotes is one its code gives."""
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


@pytest.fixture(scope="module", params=LESSONS, ids=lambda p: p.stem)
def lesson(request):
    """(its file, what reading and running it gave), run once for all the tests of it."""
    with kept_tables():
        return request.param, reading.run(request.param)


def test_quoted_numbers_are_computed(lesson):
    path, read = lesson
    used = set()
    for cell, number in read.loose():
        listed = LISTED.get(cell, {}).get(number.text)
        assert listed, f"{path.name}, {cell}: {number.text!r} is what no cell nearby computes, in: {number.line}"
        used.add((cell, number.text))
        if not isinstance(listed, dict):
            assert holds(number, np.array([float(eval(listed, read.names))])), (cell, number.text, eval(listed, read.names))
    there = {(cell, text) for cell, texts in LISTED.items() for text in texts if notebook_of(cell.partition("-")[0]) == path}
    assert used == there, f"no longer needed: {there - used}"


def test_what_is_seen_before_running_is_what_running_gives(lesson):
    """The words beside a lesson's still pictures; the pictures themselves are made by the same call, tools/stills.py."""
    path, read = lesson
    for cell, (now, stored) in read.stills.items():
        assert " ".join(stored.split()) == " ".join(now.split()), f"{cell}; run: python tools/stills.py {path.name[:2]}"


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
    ("About −0.03, or 7.", ["−0.03"]), ("a 2-2-1 network at 20.0 %", ["20.0%"]),
])
def test_what_counts_as_quoted(text, found):
    assert [number.text for number in quoted(text)] == found


def test_rounding_and_signs():
    number, = quoted("about 0.2668")
    assert not holds(number, np.array([0.4433, 0.2669, 0.26674])) and holds(number, np.array([-0.26683]))
    number, = quoted("Ten million")
    assert not holds(number, np.array([1.7e7])) and holds(number, np.array([0.98e7]))
