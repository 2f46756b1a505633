"""A learner's own numbers beside the right ones, stop by stop of the walk through one training step.

part    a partial, by the letter and layer of what it is for: "z2", "W1", "b1"; "a2" too where learners write do
"""
from dataclasses import dataclass

import numpy as np

from bpviz.descent.optimizers import GradientDescent
from bpviz.words.catalogue import say
from bpviz.words.numbers import number, pretty

COUNTED = 1e4                               # a number so many times as large is a whole multiple only by chance
NEAR = 1e-5                                 # of the right number: as near as a check asks for
NOTHING = 1e-12                             # numbers that are less apart are the same


def near(mine, right):
    """Which of a learner's numbers are the right ones, as near as a check asks for: arrays of one shape -> bool."""
    return np.isclose(mine, right, rtol=NEAR, atol=NOTHING)


@dataclass(frozen=True)
class Yours:
    """A learner's numbers on one example. theirs: {part: array, or None}, rows first.

    follows: parts that are right given their own numbers before them.
    row: the only row that their function was given, or None for all of them.
    """
    example: str
    theirs: dict
    follows: frozenset = frozenset()
    row: int | None = None


@dataclass(frozen=True)
class Beside:
    """What is said of a learner's number at one stop. mark: "✓", "✗", "→" (it follows from an earlier one) or "–"."""
    mark: str
    sentence: str

    def __str__(self):
        return f"{self.mark} {self.sentence}"


def part_named(name, layers):
    """The part of a name that learners use: "dL/dW2", "dw2", "do".  layers: how many layers of weights there are."""
    name = name.removeprefix("dL/").removeprefix("d")
    return f"a{layers}" if name == "o" else name.replace("w", "W")


def beside(yours, fit, found, row):
    """What is said of the learner's number at a stop, a Reached of this row; None where they have none to show."""
    letter, place = found.stop.kind
    sizes, rows = fit.network.sizes, fit.data.rows if yours.row is None else 1
    one_row = letter == "d" and place[0] in "az"                    # else of a weight: a mean over the rows
    if letter not in "dg" or yours.row not in (None, row) or (not one_row and (letter == "d") == (rows > 1)):
        return None
    (name, layer), units = place[:2], [unit - 1 for unit in place[2:]]
    part = f"{name}{layer}".replace("w", "W")
    if part not in yours.theirs:
        return None
    array = np.asarray(yours.theirs[part])
    if array.dtype.kind not in "fiu":
        return Beside("–", say("yours", "none"))
    shape = {"w": (sizes[layer - 1], sizes[layer]), "b": (sizes[layer],)}.get(name, (rows, sizes[layer]))
    if array.shape != shape and array.size * np.prod(shape) != 1:
        return Beside("✗", say("yours", "shape", yours=str(array.shape), asked=str(shape)))
    at = (row if rows > 1 else 0, *units) if one_row else tuple(units)
    share = rows if one_row else 1
    return compared(share * float(array.reshape(shape)[at]), found.value, share, part in yours.follows)


def compared(mine, right, share=1, follows=False):
    """A learner's number beside the right one, as a Beside.

    share: by how much theirs was multiplied, the loss being a mean over so many rows.  follows: whether theirs is
    right given their own numbers before it.
    """
    if near(mine, right):
        return Beside("✓", say("yours", "same", rows=share))
    ours, theirs = distinct(right, mine)
    return Beside("→" if follows else "✗", say("yours", "other", rows=share, follows=follows, yours=theirs,
                                               relation={**relation(mine, right), "right": ours}))


def relation(mine, right):
    """How a wrong number relates to the right one, as facts: twice as large, a third of it with the other sign, ..."""
    size = 0.0 if right == 0 else abs(float(mine) / float(right))              # inf beyond the largest number
    if size == 0 or not np.isfinite(size):
        return {"kind": "incomparable"}
    opposite = (mine < 0) != (right < 0)
    if abs(size - 1) < 1e-3:
        return {"kind": "as large", "opposite": opposite}
    part = next((n for n in (2, 3, 4) if abs(size * n - 1) < 1e-3), None)
    multiple = round(size) if 1 < size < COUNTED and abs(size - round(size)) < 1e-3 else None
    about = float(number(size, 3 if abs(size - 1) < 0.1 else 2))
    return {"kind": "times", "opposite": opposite, "times": {"part": part, "multiple": multiple, "about": about}}


def distinct(*values):
    """Numbers as text, with as many digits as it takes to tell them apart, three at least."""
    for digits in (3, 4, 5, 6, 9, 17):
        texts = [pretty(number(value, digits)) for value in values]
        if len(set(texts)) == len(values):
            break
    return texts


def first_wrong(yours, walk, theta, part):
    """(index of the stop, row) of the first entry of a part that is wrong, in the row where most are; None if none."""
    rows, wrong = range(walk.fit.data.rows) if yours.row is None else [yours.row], []
    for k, stop in enumerate(walk.stops):
        if stop.phase in ("backward", "rows") and f"{stop.kind[1][0]}{stop.kind[1][1]}".replace("w", "W") == part:
            found = [(row, beside(yours, walk.fit, walk.find(k, theta, GradientDescent(1.0), row), row))
                     for row in rows]
            wrong += [(k, row) for row, said in found if said is not None and said.mark != "✓"]
    if not wrong:
        return None
    most = max(rows, key=lambda row: sum(there == row for _, there in wrong))
    return next(where for where in wrong if where[1] == most)
