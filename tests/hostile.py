"""Values that no argument of the wrong kind may let through: {label: value}, each made once.

Nothing here is an acceptable number, switch or name but by accident of Python or NumPy: text that `float` reads, True
that counts as 1, masked entries that `asarray` uncovers, dates that become nanoseconds, things without an end.
"""
import datetime
import decimal
import itertools
from unittest.mock import MagicMock

import numpy as np

import bpviz as bp


class Unprintable:
    """Fails whatever is done with it."""

    def __repr__(self):
        raise RuntimeError("no repr")

    def __float__(self):
        raise RuntimeError("no float")

    def __array__(self, *args, **kwargs):
        raise RuntimeError("no array")


class Endless:
    """A sequence that never ends."""

    def __len__(self):
        return 10**9

    def __getitem__(self, k):
        return 0.0


def inside_itself():
    items = [1.0]
    items.append(items)
    return items


def deep():
    items = [1.0]
    for _ in range(3000):
        items = [items]
    return items


SEESAW = bp.Fit(bp.Network((1, 1, 1), "sigmoid", bias=False), "squared error", bp.DATA["seesaw"])
NOTHING = np.broadcast_to(0.0, (10**7,))                # as wide as asked, and no memory
HOSTILE = {
    "text": "0.5", "no text": "", "text False": "False", "text nan": "nan", "long text": "x" * 10**6, "unicode": "½",
    "bytes": b"1", "bytearray": bytearray(b"\1\2"), "memoryview": memoryview(b"\1\2"), "np text": np.str_("1"),
    "True": True, "False": False, "np.True": np.True_, "bools": np.array([True, False]), "bool in a list": [True, 2.0],
    "complex": 1 + 0j, "np complex": np.complex128(1), "complex array": np.array([1 + 2j, 0]),
    "complex in a list": [1j, 2.0], "None": None, "Ellipsis": ...,
    "nan": float("nan"), "inf": float("inf"), "minus inf": -np.inf, "np.float32 nan": np.float32("nan"),
    "nan in a list": [float("nan"), 1.0], "nan array": np.array([np.nan, 1.0]), "inf array": np.array([1.0, np.inf]), "huge": 10**30, "minus huge": -10**30, "huger": 10**400, "hugest": 10**6000,
    "huge in a list": [10**400, 1], "long double": np.longdouble("1e400"), "long doubles": np.array([1, 2], "g") * 1e4000
    if np.finfo("g").max > 1e308 else np.array([np.inf, 1]),
    "0-d": np.array(0.5), "0-d text": np.array("x"), "decimal": decimal.Decimal("0.5"),
    "masked": np.ma.masked, "masked array": np.ma.array([1.0, 2.0], mask=[False, True]),
    "masked in a list": [1.0, np.ma.masked], "masked rows": [np.ma.array([1.0, 2.0], mask=[False, True])] * 2,
    "NaT": np.datetime64("NaT"), "date": datetime.date(2020, 1, 1), "datetime64": np.datetime64("2020"),
    "timedelta64": np.timedelta64(3), "timedelta": datetime.timedelta(1), "dates": np.array(["2020", "2021"], "M8[D]"),
    "timedeltas": np.array([1, 2], "m8[s]"), "timedelta in a list": [np.timedelta64(1), 2],
    "objects": np.array([None, 1.0], dtype=object), "numbers as text": np.array(["1", "2"]), "texts": ["1", "2"],
    "structured": np.zeros(2, dtype=[("a", float), ("b", float)]), "void": np.void(b"ab"),
    "set": {1, 2}, "frozenset": frozenset([1.0]), "dict": {0: 1.0, 1: 2.0}, "keys": {0: 1}.keys(), "no list": [],
    "no tuple": (), "no dict": {}, "ragged": [[1.0, 2.0], [3.0]], "deep": deep(), "inside itself": inside_itself(),
    "nine axes": np.zeros((1,) * 9), "no numbers": np.zeros((0, 3)),
    "endless": itertools.count(), "cycle": itertools.cycle([1.0]), "generator": (1.0 for _ in itertools.count()),
    "iterator": iter([1.0, 2.0]), "zip": zip([1.0], [2.0], strict=True), "endless sequence": Endless(),
    "range": range(10**12), "range in a list": [range(10**12), range(10**12)], "wide": NOTHING, "wide list": [0.0] * 10**7,
    "wide row": NOTHING[None], "wide column": NOTHING[:, None], "wider": np.broadcast_to(0.0, (2, 3 * 10**9)),
    "class": float, "function": len, "lambda": lambda *args: "x", "module": np, "object": object(),
    "unprintable": Unprintable(), "mock": MagicMock(), "Table": bp.ACTIVATIONS, "Adam": bp.Adam, "an Adam": bp.Adam(),
    "a GradientFlow": bp.GradientFlow(), "Fit": bp.Fit, "a Fit": SEESAW, "a Network": SEESAW.network, "Network": bp.Network,
    "a Data": SEESAW.data, "a Surface": bp.SURFACES["booth"], "a Plane": bp.Plane(np.zeros(2), [1, 0], [0, 1]),
    "an activation": bp.ACTIVATIONS["tanh"], "a loss": bp.LOSSES["squared error"], "StepDecay": bp.StepDecay,
    "a MiniBatch": bp.MiniBatch(), "a Path": bp.descend(SEESAW, [1.0, 1.0], bp.Adam(), 2), "rng": np.random.default_rng(0),
}
