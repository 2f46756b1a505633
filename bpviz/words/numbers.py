"""Numbers in words: how a number is written in a sentence, a table or a label, in one place.

The catalogues (bpviz/words/catalogue.py) call some of these by name, as FORMATS; bpviz/words/say.js has the same.
"""
import math
import re

from bpviz.base.written import SUPERSCRIPT, as_written, power, times_ten

COUNT = {2: "two", 3: "three", 4: "four", 5: "five"}
NOTHING = 1e-12                # what is left of rounding where a loss is 0
DECIMAL = re.compile(r"^([+]?)(,?\.\d+[gf])$")
MOST_DECIMALS = 4              # of a share in per cent


def formatted(value, form):
    """A text, or a number by a format of Python, but as a person writes it; "-0.00" loses its sign.

    >>> formatted(-0.001, ".2f"), formatted(-0.25, "+.4g"), formatted(1.5e-8, ".3g")
    ('0.00', '−0.25', '1.5 × 10⁻⁸')
    """
    return value if isinstance(value, str) else as_written(format(value, DECIMAL.sub(r"\1z\2", form)))


def number(value, digits=4):
    """A number as Python prints it, in four significant digits; never "-0".

    >>> number(0.123456), number(-0.0)
    ('0.1235', '0')
    """
    return f"{value:z.{digits}g}"


def amount(loss, digits=3):
    """A loss in three digits; what is left of rounding is 0."""
    return "0" if abs(loss) < NOTHING else as_written(f"{loss:.{digits}g}")


def tidy(loss):
    """A loss in four digits, the way maps and their legends print it; what is left of rounding is 0."""
    return amount(loss, 4)


def plain(value, digits=2):
    """A number as a person writes it.

    >>> plain(0.2134), plain(99.6), plain(4e-9), plain(-12345.0), plain(0)
    ('0.21', '100', '4.0 × 10⁻⁹', '−1.2 × 10⁴', '0')
    """
    if value == 0:
        return "0"
    if not math.isfinite(value):
        return "more than any number here"
    mantissa, exponent = f"{abs(value):.{digits - 1}e}".split("e")             # which power of ten: after rounding
    if 1e-3 <= abs(value) < 1e4:
        return pretty(f"{value:.{digits}g}" if int(exponent) < digits else f"{value:,.0f}")
    return ("−" if value < 0 else "") + times_ten(mantissa, exponent)


def plain1(value):
    """The same in one digit."""
    return plain(value, 1)


def plain3(value):
    """The same in three digits."""
    return plain(value, 3)


def close(text):
    """A number in words where a picture has little room: "4.2×10⁶"."""
    return text.replace(" × ", "×")


def or_dash(value):
    """A number as a person writes it; a dash for None."""
    return "–" if value is None else plain(value)


def loss4(value):
    """A loss in four decimals; a huge one with its power of ten."""
    return as_written(f"{value:z.4f}") if value < 1e4 else plain(value)


def rounded_up(value):
    """A size that others are below, in one digit: rounded up, so that they stay below it.

    >>> rounded_up(4.2e-10), rounded_up(4e-10), rounded_up(9.1e-10)
    ('5 × 10⁻¹⁰', '4 × 10⁻¹⁰', '10⁻⁹')
    """
    size = abs(value)
    text = f"{size:.0e}"
    return as_written(f"{float(f'{int(text[0]) + 1}{text[1:]}' if float(text) < size else text):.1g}")


def share(value, decimals=0):
    """A share in per cent: 0 and 100 are said of none and of all alone, else it gets as many decimals as that takes.

    >>> share(0.25), share(199 / 200), share(2e-4), share(0.0), share(1.0), share(1 - 1e-9)
    ('25%', '99.5%', '0.02%', '0%', '100%', 'more than 99.9999%')
    """
    for text in (f"{value:z.{more}%}" for more in range(decimals, MOST_DECIMALS + 1)):
        if value in (0, 1) or float(text[:-1]) not in (0, 100):
            return as_written(text)
    return "less than 0.0001%" if value < 0.5 else "more than 99.9999%"


def share1(value):
    """The same in one decimal, or more."""
    return share(value, 1)


def power_of_ten(log):
    """10^log, however large or small.

    >>> power_of_ten(2.0), power_of_ten(5.999), power_of_ten(-400.5)
    ('100', '1.0 × 10⁶', '3.2 × 10⁻⁴⁰¹')
    """
    whole = math.floor(log)
    if -3 <= whole < 4:
        return plain(10.0 ** log)
    mantissa, carried = f"{10 ** (log - whole):.1e}".split("e")
    return f"{mantissa} × {power(whole + int(carried))}"


def count(n):
    """How many: a small number as a word, a large one in groups of three digits."""
    return COUNT.get(n, f"{n:,}")


def steps_of(n, more=""):
    return f"{n:,} {more}step" + ("" if n == 1 else "s")


def pretty(text):
    """Plain text with true minus signs, powers of ten, dots and powers; brackets around all of it are left out.

    >>> pretty("(-0.5*a**2)"), pretty("-2e-07")
    ('−0.5 · a²', '−2 × 10⁻⁷')
    >>> pretty("z*s**(-2)")
    'z · s⁻²'
    """
    if re.fullmatch(r"\([^()]*\)", text):
        text = text[1:-1]
    if "**" in text:
        text = re.sub(r"\*\*(\d+(?![\d.])|\(-\d+\))", lambda to: to[1].strip("()").translate(SUPERSCRIPT), text)
        text = text.replace("**", "^")
    return as_written(text).replace("*", " · ").replace("-", "−")


def minus(value):
    """A number in four digits with a true minus sign."""
    return pretty(number(value))


def signed(digits):
    """A negative number in brackets, so that it can be multiplied."""
    return f"({digits})" if digits.startswith(("-", "−")) else digits


def with_sign(value, digits=3):
    """A number in so many decimals with its sign, + too; what they make 0 has none.

    >>> with_sign(-0.25), with_sign(0.25), with_sign(-0.0001)
    ('−0.250', '+0.250', '0.000')
    """
    text = f"{value:+.{digits}f}"
    return pretty(text if float(text) else text[1:])


def capital(words):
    """The words with a capital letter in front."""
    return words[:1].upper() + words[1:]


def sentence(words):
    """The words as a sentence of its own."""
    return capital(words) + "."


FORMATS = {written.__name__: written for written in
           (amount, tidy, plain, plain1, plain3, loss4, share, share1, rounded_up, count, minus)}
