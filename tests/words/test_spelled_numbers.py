"""Numbers in words, by hand."""
import doctest

import pytest

from bpviz.words import numbers


def test_examples_in_docstrings():
    assert doctest.testmod(numbers).attempted >= 4 and not doctest.testmod(numbers).failed


@pytest.mark.parametrize("written, value, text", [
    (numbers.amount, -1e-13, "0"), (numbers.amount, 0.12345, "0.123"), (numbers.tidy, 0.12345, "0.1235"),
    (numbers.number, -0.0, "0"), (numbers.plain, float("inf"), "more than any number here"),
    (numbers.plain, 1234.5, "1,234"), (numbers.plain3, 123.4, "123"), (numbers.or_dash, None, "–"),
    (numbers.loss4, 0.5, "0.5000"), (numbers.loss4, 2e5, "2.0 × 10⁵"), (numbers.share, 0.001, "fewer than 1 %"),
    (numbers.share, 0.5, "50%"), (numbers.power_of_ten, 2.0, "100"), (numbers.power_of_ten, -400.5, "3.2 × 10⁻⁴⁰¹"),
    (numbers.count, 3, "three"), (numbers.count, 1200, "1,200"), (numbers.steps_of, 1, "1 step"),
    (numbers.steps_of, 2000, "2,000 steps"), (numbers.minus, -0.25, "−0.25"),
    (numbers.signed, "-0.5", "(-0.5)"), (numbers.with_sign, -0.25, "−0.250"), (numbers.with_sign, 0.25, "+0.250"),
    (numbers.sentence, "a unit learns", "A unit learns."), (numbers.capital, "", "")])
def test_a_number_in_words(written, value, text):
    assert written(value) == text
