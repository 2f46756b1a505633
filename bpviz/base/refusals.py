"""The words of a refusal: what came, shortened, and tables of records that answer a wrong name with the right one."""
import difflib
import numbers
import reprlib

import numpy as np

from bpviz.base.elsewhere import helpful

LONGEST_TEXT, MOST_NAMES = 70, 24

_SHORT = reprlib.Repr()
_SHORT.maxlist = _SHORT.maxtuple = _SHORT.maxset = _SHORT.maxdict = 4
_SHORT.maxstring, _SHORT.maxlong, _SHORT.maxother, _SHORT.maxlevel = 50, 40, 50, 3
_PLAIN = (bool, int, float, complex, str, bytes, list, tuple, set, frozenset, dict, range, type(None))


def shown(value):
    """What came, in a few words: numbers, text and lists as they are written, shortened; all else by its kind."""
    if isinstance(value, type):
        return f"the class {value.__name__}"
    if isinstance(value, np.ma.MaskedArray):
        return f"a masked array of shape {value.shape}"
    if isinstance(value, np.ndarray) and value.dtype.names is None and value.size > 6:
        return f"an array of shape {value.shape} of {value.dtype}"
    if type(value) not in _PLAIN and not isinstance(value, np.generic | np.ndarray | numbers.Number | str):
        return a_thing(value)
    try:
        text = " ".join(_SHORT.repr(value).split())
    except Exception:                # a number of more digits than Python writes, an object whose repr fails
        return a_thing(value)
    return text if len(text) <= LONGEST_TEXT else text[:LONGEST_TEXT - 20] + "..." + text[-17:]


def a_thing(value):
    """An object by its type, and by its name if it has one: a Fit, a function "tanh"."""
    kind = type(value).__name__
    try:
        name = getattr(value, "__name__", None)
    except Exception:                # an object that answers no question about itself
        name = None
    named = f" {shown(name)}" if isinstance(name, str) and callable(value) else ""
    return ("an " if kind[0] in "AEIOaeiou" else "a ") + kind[:LONGEST_TEXT] + named


def refuse(name, value, allowed):
    """Raise the sentence. allowed: what may stand there, beginning with "allowed is" or "allowed are"."""
    raise ValueError(f"{name}: got {shown(value)}; {allowed}")


def listed(names):
    """Names in a row, the middle left out where there are too many."""
    if len(names) <= MOST_NAMES:
        return ", ".join(names)
    return f"{', '.join(names[:MOST_NAMES - 4])}, ... ({len(names):,} in all), {', '.join(names[-2:])}"


class Table(dict):
    """A dict of records by name; an unknown name is a ValueError that tells the near miss.

    >>> Table("colour", {"blue": 1, "black": 2})["blu"]
    Traceback (most recent call last):
    ValueError: colour: got 'blu', did you mean 'blue'? Allowed: blue, black
    """

    def __init__(self, kind, records):
        super().__init__(records)
        self.kind = kind

    def __getitem__(self, name):
        try:
            return super().__getitem__(name)             # which asks __missing__ where there is none
        except (TypeError, ValueError):                  # a list, a dict: what cannot be looked up at all
            if isinstance(name, str):
                raise
            return self.__missing__(name)

    def __missing__(self, name):
        if not isinstance(name, str):
            called = getattr(name, "name", None) if type(name).__module__.startswith("bpviz.") else None
            hint = f": write its name, {called!r}" if isinstance(called, str) and called in self else (
                f", for none write {'identity'!r}" if name is None and "identity" in self else "")
            raise ValueError(f"{self.kind}: got {shown(name)}; allowed is a name{hint}: {listed(list(self))}")
        word = helpful(self.kind, name[:100])
        if word:
            raise ValueError(f"{self.kind}: got {shown(name)}; {word}. Allowed: {listed(list(self))}")
        near = difflib.get_close_matches(name[:100].lower(), list(self)[:5000], n=1)
        hint = f", did you mean {near[0]!r}?" if near else "."
        raise ValueError(f"{self.kind}: got {shown(name)}{hint} Allowed: {listed(list(self))}")
