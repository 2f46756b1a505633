"""What a learner hands in, read without running anything of it: numbers, text, lists. All else is refused.

Only plain Python numbers, text, lists and tuples and NumPy's own numbers and arrays are looked into. An object that
lies about ==, float() or __array__ is never asked.
"""
import functools
import math
import re
from decimal import Decimal
from fractions import Fraction

import numpy as np

from bpviz.base.arguments import as_float, refuse
from bpviz.coursework.exercise import NOT_ATTEMPTED, Judgement

MOST_LETTERS, MOST_ITEMS = 60, 2000
UNREADABLE = "unreadable"                               # the key of every answer that is none
SIGNS = str.maketrans({"−": "-", "–": "-", "·": "*", "×": "*", "∂": "d", "σ": "sigmoid", "\u00a0": " ", "\u202f": " "})
NUMBER = r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d{1,3})?"
POWER = re.compile(rf"({NUMBER}) ?\* ?10 ?(?:\^|\*\*) ?\(?([+-]?\d{{1,3}})\)?")
FRACTION = re.compile(rf"({NUMBER}) ?/ ?({NUMBER})")


def answered(judge):
    """judge(self, answer, rng, given, run) that never raises: nothing handed in is "not attempted", what cannot be read
    is one sentence."""
    @functools.wraps(judge)
    def careful(self, answer, rng, given, run):
        if answer is None or answer is ...:
            return NOT_ATTEMPTED
        try:
            with np.errstate(all="ignore"):
                return judge(self, answer, rng, given, run)
        except ValueError as refusal:
            return Judgement("wrong", str(refusal), UNREADABLE)
        except Exception:                               # an object that fails at whatever is asked of it
            return Judgement("wrong", f"answer: got something that cannot be read; allowed is {self.wants}", UNREADABLE)
    return careful


def plain(value):
    """Whether the value is text, or a number of Python's or NumPy's own: nothing that can lie."""
    kind = type(value)
    return kind in (int, float, str) or (kind.__module__ == "numpy" and issubclass(kind, np.number)
                                         and value.dtype.kind in "fiu")


def part(answer, name, otherwise=None):
    """The attribute of that name of an object that may refuse to be asked, or `otherwise`."""
    try:
        return getattr(answer, name, otherwise)
    except Exception:
        return otherwise


def number(answer, allowed="a number such as 0.25"):
    """A finite float from a number, a fraction, an array of one number, or text: "-0,03", "1/4", "2e-3", "12 %"."""
    if type(answer) is np.ndarray and answer.size == 1 and answer.dtype.kind in "fiu":
        answer = answer.reshape(())[()]
    if type(answer) is np.str_:
        answer = str(answer)
    if type(answer) in (Fraction, Decimal):
        answer = float(answer)
    if not plain(answer):
        refuse("answer", answer, f"allowed is {allowed}")
    if type(answer) is str:
        return number_in_text(answer, allowed)
    value = as_float(answer)
    if not math.isfinite(value):
        refuse("answer", answer, f"allowed is {allowed}")
    return value


def number_in_text(words, allowed="a number such as 0.25"):
    """The number that is written there, with a decimal point or a decimal comma."""
    if len(words) > MOST_LETTERS:
        refuse("answer", words, f"allowed is {allowed}")
    text = re.sub(r"(?<=\d) (?=\d{3}(?!\d))", "", words.translate(SIGNS).strip())
    text, hundredths = (text[:-1].rstrip(), 100) if text.endswith("%") else (text, 1)
    if re.fullmatch(r"[+-]?[1-9]\d{0,2}(,\d{3})+", text):
        raise ValueError(f"answer: got {words!r}, where the comma can mean two things; write a point for decimals, "
                         "and nothing between thousands")
    text = text.replace(",", ".")
    try:
        if parts := POWER.fullmatch(text):
            value = float(parts[1]) * 10.0 ** int(parts[2])
        elif parts := FRACTION.fullmatch(text):
            value = float(parts[1]) / float(parts[2])
        elif re.fullmatch(NUMBER, text):
            value = float(text)
        else:
            value = math.nan
    except (ZeroDivisionError, OverflowError):
        value = math.nan
    if not math.isfinite(value):
        refuse("answer", words, f"allowed is {allowed}")
    return value / hundredths


def text(answer, allowed, most=400):
    """Text of one line or more, with the typographic signs that a keyboard lacks written plainly."""
    if type(answer) is np.str_:
        answer = str(answer)
    if type(answer) is not str or not answer.strip() or len(answer) > most:
        refuse("answer", answer, f"allowed is {allowed}")
    return answer.translate(SIGNS).strip()


def items(answer, allowed, most=MOST_ITEMS):
    """A list, a tuple or an array of one axis as a list of its items."""
    if type(answer) is np.ndarray and answer.ndim == 1 and answer.dtype.kind in "fiuU" and answer.size <= most:
        return answer.tolist()
    if type(answer) not in (list, tuple) or len(answer) > most:
        refuse("answer", answer, f"allowed is {allowed}")
    return list(answer)
