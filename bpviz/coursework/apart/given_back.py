"""What a learner's function gave back, as JSON: its numbers, or a few words for what is none.

Runs in the spare process (child.py): standard library and NumPy only. A value may lie about its length, its class and
what it equals; it is asked for nothing but its numbers, and that only here, where it can break nothing.
"""
import base64
import numbers
import sys
import types

import numpy as np

LARGEST = 10_000                     # numbers in one array
REAL = "iuf"                         # the kinds of dtype that are numbers
NAMED = {"b": "True and False", "c": "complex numbers", "U": "text", "T": "text", "S": "bytes", "M": "dates",
         "m": "lengths of time", "V": "records"}


def pack_array(array):
    """An array as JSON, its dtype kept to the last bit."""
    return {"dtype": array.dtype.str, "shape": list(array.shape), "data": base64.b64encode(array.tobytes()).decode()}


def odd(words):
    return {"odd": words}


def said(value):
    """What a value is, in a few words, for one that is no number."""
    kind = type(value)
    for classes, words in ((str, lambda: f"text {value[:40]!r}"), (bytes, lambda: "bytes"),
                           (types.NoneType, lambda: "None"), (types.EllipsisType, lambda: "..."),
                           (types.GeneratorType, lambda: "a generator (`yield` where `return` belongs)"),
                           (types.CoroutineType, lambda: "a coroutine (`async def` where `def` belongs)"),
                           ((types.FunctionType, types.BuiltinFunctionType, types.MethodType, np.ufunc),
                            lambda: "a function"), (type, lambda: "a class"), (types.ModuleType, lambda: "a module"),
                           (dict, lambda: "a dict"), ((set, frozenset), lambda: "a set"), (bool, lambda: str(value)),
                           (complex, lambda: "a complex number")):
        if issubclass(kind, classes):
            return words()
    if issubclass(kind, np.ndarray):
        return "an array"
    name = str(type.__dict__["__name__"].__get__(kind))[:40]
    return f"{'an' if name[:1].lower() in 'aeiou' else 'a'} {name}"


def is_number(value):
    return issubclass(type(value), numbers.Real) and not issubclass(type(value), bool)


def too_many(rows):
    """Whether there are more than LARGEST items in a list and the lists inside it, or it never ends."""
    left, level = LARGEST, [rows]
    while level and left >= 0:
        left -= sum(map(len, level))
        level = [one for row in level for one in row if type(one) in (list, tuple)] if left >= 0 else []
    return left < 0


def numbers_of(value):
    """A packed array for what is numbers: arrays, numbers, lists of them; else what it is, in words."""
    kind = type(value)
    masked = sys.modules.get("numpy.ma")                     # loading it takes longer than all the rest
    if masked and issubclass(kind, masked.MaskedArray):
        if masked.getmaskarray(value).any():
            return odd("a masked array")
        value = value.data
    elif issubclass(kind, list | tuple):
        if too_many(value):
            return odd(f"a {'list' if issubclass(kind, list) else 'tuple'} of more than {LARGEST:,} items")
    elif issubclass(kind, range):
        value = value if len(value) <= LARGEST else np.broadcast_to(0, len(value))
    elif is_number(value) and not issubclass(kind, np.generic):
        value = value if issubclass(kind, int | float) else float(value)
    elif not issubclass(kind, np.ndarray | np.generic) and not hasattr(kind, "__array__"):
        return odd(said(value))
    try:
        array = np.asarray(value)
    except ValueError:
        return odd("a list whose rows differ in length")
    if type(array) is not np.ndarray:
        array = np.ndarray.view(array, np.ndarray)
    shape = f" of shape {array.shape}" if array.ndim else ""
    if array.dtype.kind == "O" and array.size <= LARGEST and all(is_number(one) for one in array.ravel().tolist()):
        try:
            array = array.astype(float)                      # fractions, whole numbers of many digits
        except OverflowError:
            return odd("a whole number too large for a float")
    if array.dtype.kind not in REAL:
        words = f"an array of {NAMED.get(array.dtype.kind, 'objects')}, shape {array.shape}"
        return odd(words if array.ndim else said(array[()]))
    if array.size > LARGEST:
        return odd(f"an array{shape}, more than {LARGEST:,} numbers")
    return pack_array(array.astype(array.dtype.newbyteorder("="), copy=False))


def pack(value):
    """numbers_of, whatever the value does."""
    try:
        return numbers_of(value)
    except (MemoryError, KeyboardInterrupt, SystemExit):
        raise
    except BaseException:
        return odd(f"{said(value)} that cannot be read as numbers")


def pack_result(value):
    """What one call gave: {"dict": ...}, {"tuple": ...}, or numbers, or what came instead of them."""
    kind = type(value)
    if issubclass(kind, dict):
        items = list(dict.items(value))
        if len(items) > 100 or any(type(key) is not str or len(key) > 40 for key, _ in items):
            return odd("a dict whose keys are not names")
        return {"dict": [[key, pack(item)] for key, item in items]}
    several = issubclass(kind, tuple) or (issubclass(kind, list) and any(type(one) is np.ndarray and one.ndim
                                                                        for one in value[:100]))
    if several and len(value) <= 100:
        return {"tuple": [pack(one) for one in value]}
    return pack(value)
