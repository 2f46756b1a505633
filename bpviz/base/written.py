"""Numbers in a text: as Python writes them, for code and files, and as a person does, for a page."""
import re
from decimal import Decimal

SUPERSCRIPT, ON_THE_LINE = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹"), str.maketrans("⁻⁰¹²³⁴⁵⁶⁷⁸⁹", "-0123456789")
POWER = re.compile(r"(?<![\w.])(\d[\d,]*(?:\.\d+)?)e([+-]?\d+)(?!\w)")
SIGN = re.compile(r"(?<![\w.)\]}-])-(?=\.?\d|inf\b)")                       # of a number; not the hyphen of a name
RAISED = re.compile(r"(?:(\d[\d,]*(?:\.\d+)?) × )?\b10([⁻⁰¹²³⁴⁵⁶⁷⁸⁹]+)")


def as_written(text):
    """A text in which the numbers are no longer Python's but a person's: true minus signs, powers of ten if they help.

    >>> as_written("-0.5, 1.2e+03"), as_written("8.3e-09 at (-2, 1e+06)"), as_written("a 1-1-1 network")
    ('−0.5, 1,200', '8.3 × 10⁻⁹ at (−2, 10⁶)', 'a 1-1-1 network')
    """
    return SIGN.sub("−", POWER.sub(_in_short, text))


def _in_short(found):
    """From a thousandth to ten thousand without the power."""
    mantissa, exponent = found[1].replace(",", ""), int(found[2])
    return f"{Decimal(mantissa).scaleb(exponent):,f}" if -4 < exponent < 4 else times_ten(mantissa, exponent)


def as_python(text):
    """The other way round: the numbers of a text as Python reads them.

    >>> as_python("−0.5"), as_python("8.3 × 10⁻⁹ at (−2, 10⁶)")
    ('-0.5', '8.3e-9 at (-2, 1e6)')
    """
    text = RAISED.sub(lambda found: f"{found[1] or 1}e{found[2].translate(ON_THE_LINE)}", text)
    return re.sub(r"−(?=\.?\d)", "-", text)


def times_ten(mantissa, exponent):
    """A mantissa, as text, times a power of ten; of 1 times it the power alone."""
    return power(exponent) if mantissa == "1" else f"{mantissa} × {power(exponent)}"


def power(exponent):
    """A power of ten as plain text.

    >>> power(-8)
    '10⁻⁸'
    """
    return "10" + str(int(exponent)).translate(SUPERSCRIPT)
