"""Numbers in words: by hand, and against exact decimals wherever rounding has an edge."""
import doctest
import re
from fractions import Fraction
from pathlib import Path

import mpmath
import pytest

from bpviz.base import written as base
from bpviz.descent.restarts import wilson
from bpviz.plots.walk import digits
from bpviz.words import numbers
from bpviz.words.catalogue import Catalogue

ROOT = Path(numbers.__file__).parents[1]


def test_examples_in_docstrings():
    for module in (numbers, base):
        assert doctest.testmod(module).attempted >= 3 and not doctest.testmod(module).failed


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


EDGES = [sign * digits * 10.0 ** power for power in range(-14, 15) for sign in (1, -1)
         for digits in (1, 9.4, 9.5, 9.6, 9.94, 9.95, 9.96, 9.994, 9.995, 9.996, 9.9994, 9.9995, 9.9996, 9.99995, 9.999999, 1.0000001, 1.25,
                        1.35, 1.5, 2.5, 4.49999, 4.5, 0.0)]
POWERS = str.maketrans("⁻⁰¹²³⁴⁵⁶⁷⁸⁹−", "-0123456789-")
BARE = re.compile(r"^([−+]?)10(?=[⁻⁰¹²³⁴⁵⁶⁷⁸⁹])")


def read(text):
    """(the number that a text says, half a unit of its last digit) as Fractions."""
    text = text.replace("×10", " × 10")
    digits, _, power = BARE.sub(r"\g<1>1 × 10", text).replace(",", "").translate(POWERS).partition(" × 10")
    digits, _, exponent = digits.partition("e")
    size = Fraction(10) ** (int(power or 0) + int(exponent or 0))
    zeros = len(text) - len(text.rstrip("0")) if re.fullmatch(r"[−+]?[\d,]{2,}", text) else 0      # the last digit of 1,200 is 2
    return Fraction(digits) * size, size * 10 ** zeros / 10 ** len(digits.partition(".")[2]) / 2


FORMS = {"plain": (numbers.plain, 2), "plain3": (numbers.plain3, 3), "loss4": (numbers.loss4, None), "number": (numbers.number, None),
         "minus": (numbers.minus, None), "with_sign": (numbers.with_sign, None), "walk": (digits, None), "tidy": (numbers.tidy, None), "plain1": (numbers.plain1, 1),
         "amount": (numbers.amount, None)}


@pytest.mark.parametrize("name", FORMS)
def test_what_is_written_is_the_number_rounded(name):
    """Near every edge of rounding: the nearest number with the digits shown, as many as asked for, and no sign at a 0."""
    written, wanted = FORMS[name]
    for value in EDGES:
        text = written(value)
        said, half = read(text)
        assert abs(said - Fraction(value)) <= half or name in ("tidy", "amount") and abs(value) < numbers.NOTHING, (value, text)
        assert said != 0 or not text.startswith(("-", "−", "+")), (value, text)
        if wanted and value:
            assert "e" not in text and not text.lstrip("−").startswith("10."), (value, text)
            assert abs(said - Fraction(value)) <= abs(Fraction(value)) / 2 / 10 ** (wanted - 1), (value, text)
        if name == "walk":
            assert len(text.lstrip("−")) <= 7, (value, text)


def test_a_bound_is_no_less_than_the_number():
    for value in EDGES:
        if value > 0:
            said, half = read(numbers.rounded_up(value))
            assert float(said) >= value and said - Fraction(value) <= 2 * half, value


def test_a_power_of_ten_has_one_digit_in_front():
    for log in (k + part for k in range(-330, 320) for part in (0.0, 1e-9, 0.5, 0.9777, 0.99, 0.9999, 0.999999999)):
        text = numbers.power_of_ten(log)
        said, half = read(text)
        with mpmath.workdps(30):
            true = mpmath.mpf(10) ** log
            assert abs(mpmath.mpf(said.numerator) / said.denominator - true) <= (half.numerator / mpmath.mpf(half.denominator)) * (1 + 1e-9), text
        assert " × " not in text or re.fullmatch(r"[1-9]\.\d × 10\S+", text), text


@pytest.mark.parametrize("spec", ["+.4g", ".2f", ".1f", ".3g", ".6g", ",.3g"])
def test_no_sentence_has_a_negative_nothing(tmp_path, spec):
    (tmp_path / "room.toml").write_text(f'[[key]]\nsay = "{{n:{spec}}}"\n', encoding="utf-8")
    for value in (-0.0, *EDGES):
        text = Catalogue(tmp_path).say("room", "key", n=value)
        assert read(text)[0] != 0 or "−" not in text, text
        assert not base.SIGN.search(text) and not base.POWER.search(text), text


def test_what_is_written_for_a_person_is_read_back_by_python():
    for value in EDGES:
        for spec in (".4g", ".1e", "+.7e", ",.2f", ".17g"):
            text = format(value, spec)
            written = base.as_written(f"at ({text}, w1) of a 1-1-1 network")
            assert "1-1-1" in written and not base.POWER.search(written) and not base.SIGN.search(written)
            back = base.as_python(written).removeprefix("at (").removesuffix(", w1) of a 1-1-1 network")
            assert float(back.replace(",", "")) == float(text.replace(",", "")), (text, written, back)


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
