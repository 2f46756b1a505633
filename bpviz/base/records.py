"""Records that refuse parts which are not what their class says, or do not belong together."""
import numbers
from collections.abc import Callable
from dataclasses import fields
from functools import cache
from types import UnionType
from typing import get_args

import numpy as np

from bpviz.base.arguments import as_float, refuse

_WORDS = {np.ndarray: "an array of numbers", tuple: "a tuple", str: "text", int: "a whole number", float: "a number",
          bool: "True or False", dict: "a dict", Callable: "a function", type(None): "None"}


@cache
def _kinds(record):
    return tuple((field.name, get_args(field.type) if isinstance(field.type, UnionType) else (field.type,))
                 for field in fields(record) if field.type is not object)


def _is(value, kind):
    if kind is np.ndarray:
        return (isinstance(value, np.ndarray) and not isinstance(value, np.ma.MaskedArray)
                and value.dtype.kind in "fiub")
    if kind is int:
        return isinstance(value, numbers.Integral) and not isinstance(value, bool | np.timedelta64)
    if kind is float:
        return as_float(value) is not None
    if kind is Callable:
        return callable(value) and not isinstance(value, type)
    return isinstance(value, kind)


def checked_fields(record, **shapes):
    """Refuse a record whose fields are not what its class says they are.

    shapes: for each array the letters of its axes, "P N"; equal letters are equal lengths. A letter with an
    underline in front, "_n", may have any length.
    """
    for name, kinds in _kinds(type(record)):
        value = getattr(record, name)
        if type(value) is kinds[0] and (kinds[0] is not np.ndarray or value.dtype.kind in "fiub"):
            continue                                     # as it nearly always is
        if not any(_is(value, kind) for kind in kinds):
            allowed = " or ".join(_WORDS.get(kind, f"a {getattr(kind, '__name__', kind)}") for kind in kinds)
            refuse(name, value, f"allowed is {allowed}")
    lengths = {}
    for name, letters in shapes.items():
        shape, wanted = getattr(record, name).shape, letters.split()
        if len(shape) != len(wanted) or any(not letter.startswith("_") and lengths.setdefault(letter, n) != n
                                            for letter, n in zip(wanted, shape, strict=True)):
            known = [str(lengths.get(letter, letter.lstrip("_"))) for letter in wanted]
            raise ValueError(f"{name}: got shape {shape}; allowed is ({', '.join(known)}{',' * (len(known) == 1)})")
