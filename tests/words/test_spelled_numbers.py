"""Numbers in words: by hand, and against exact decimals wherever rounding has an edge."""
import doctest
import re
from fractions import Fraction
from pathlib import Path

import pytest

from bpviz.descent.restarts import wilson
from bpviz.words import numbers

ROOT = Path(numbers.__file__).parents[1]


def test_examples_in_docstrings():
    assert doctest.testmod(numbers).attempted >= 4 and not doctest.testmod(numbers).failed


@pytest.mark.parametrize("written, value, text", [
    (numbers.amount, -1e-13, "0"), (numbers.amount, 0.12345, "0.123"), (numbers.tidy, 0.12345, "0.1235"),
    (numbers.number, -0.0, "0"), (numbers.plain, float("inf"), "more than any number here"),
    (numbers.plain, 1234.5, "1,234"), (numbers.plain3, 123.4, "123"), (numbers.or_dash, None, "–"),
    (numbers.loss4, 0.5, "0.5000"), (numbers.loss4, 2e5, "2.0 × 10⁵"), (numbers.share, 0.001, "0.1%"),
    (numbers.share, 0.5, "50%"), (numbers.power_of_ten, 2.0, "100"), (numbers.power_of_ten, -400.5, "3.2 × 10⁻⁴⁰¹"),
    (numbers.count, 3, "three"), (numbers.count, 1200, "1,200"), (numbers.steps_of, 1, "1 step"),
    (numbers.steps_of, 2000, "2,000 steps"), (numbers.minus, -0.25, "−0.25"),
    (numbers.signed, "-0.5", "(-0.5)"), (numbers.with_sign, -0.25, "−0.250"), (numbers.with_sign, 0.25, "+0.250"),
    (numbers.sentence, "a unit learns", "A unit learns."), (numbers.capital, "", "")])
def test_a_number_in_words(written, value, text):
    assert written(value) == text


SHARES = sorted({*(Fraction(k, n) for n in (1, 7, 200, 201, 999, 1000, 1001, 4096, 65_536) for k in (0, 1, 2, n // 2, n - 2, n - 1, n)
                   if 0 <= k <= n), *(Fraction(k, 200) for k in range(201)), Fraction(1, 10 ** 9), 1 - Fraction(1, 10 ** 9)})


@pytest.mark.parametrize("written", [numbers.share, numbers.share1])
def test_none_and_all_are_said_of_none_and_all_alone(written):
    """Of k in n: 0 per cent only for none, 100 only for all; what is said is near the share, or bounds it."""
    for true in SHARES:
        text = written(float(true))
        bound, said = re.fullmatch(r"(less than |more than )?([\d.]+)%", text).groups()
        said = Fraction(said) / 100
        assert (said == 0) == (true == 0) and (said == 1) == (true == 1), (true, text)
        assert not bound or (true < said if bound == "less than " else true > said), (true, text)
        decimals = len(text[:-1].partition(".")[2])
        assert bound or abs(said - true) <= Fraction(501, 100_000) / 10 ** decimals, (true, text)


def test_shares_are_written_in_one_place():
    """No other line of the package puts a number into per cents: each would round 199 of 200 to all of them."""
    places = [f"{path.relative_to(ROOT)}: {found[0]}" for path in sorted(ROOT.rglob("*.py")) + sorted(ROOT.rglob("*.toml"))
              for found in re.finditer(r"\{[^{}]*:[^{}]*%\}", path.read_text(encoding="utf-8"))
              if path.name != "numbers.py"]
    assert not places, places


@pytest.mark.parametrize("n", [1, 7, 200, 12_345])
def test_the_interval_of_none_begins_at_none_and_that_of_all_ends_at_all(n):
    assert wilson(0, n)[0] == 0 < wilson(0, n)[1] and wilson(n, n)[1] == 1 > wilson(n, n)[0]
    assert n == 1 or 0 < wilson(1, n)[0] and wilson(n - 1, n)[1] < 1
