"""The walk through one training step with a learner's own numbers beside the right ones.

The learner's function was given the very data and weights of one of the walk's examples, rows first. `walk_of` finds
which, and the stop at which their numbers first go wrong; `with_yours` is the walk that says so at every stop. On
another network their numbers mean nothing, and the walk says that instead.

part    a partial, by the letter and layer of what it is for: "z2", "W1", "b1"; "a2" too where learners write do
"""
from dataclasses import dataclass, replace

import numpy as np

from bpviz.base.work import finished
from bpviz.descent.optimizers import GradientDescent
from bpviz.explorers.backprop import EXAMPLES, EXPLORER, layout
from bpviz.explorers.explorer import each
from bpviz.network.data import DATA
from bpviz.words.catalogue import say
from bpviz.words.numbers import number, pretty

NEAR = 1e-5                                 # of the right number: as near as a check asks for
ROOM = 66                                   # for three lines about theirs, CSS pixels


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


def beside(yours, scene, found, row):
    """What is said of the learner's number at a stop, a Found of this row; None where they have none to show."""
    letter, place = found.stop.kind
    sizes, rows = scene.fit.network.sizes, scene.fit.data.rows if yours.row is None else 1
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
    if np.isclose(mine, right, rtol=NEAR, atol=1e-12):
        return Beside("✓", say("yours", "same", rows=share))
    ours, theirs = distinct(right, mine)
    return Beside("→" if follows else "✗", say("yours", "other", rows=share, follows=follows, yours=theirs,
                                               relation={**relation(mine, right), "right": ours}))


def relation(mine, right):
    """How a wrong number relates to the right one, as facts: twice as large, a third of it with the other sign, ..."""
    if mine == 0 or right == 0 or not np.isfinite(mine):
        return {"kind": "incomparable"}
    size, opposite = abs(mine / right), bool(mine / right < 0)
    if abs(size - 1) < 1e-3:
        return {"kind": "as large", "opposite": opposite}
    part = next((n for n in (2, 3, 4) if abs(size * n - 1) < 1e-3), None)
    multiple = round(size) if round(size) and abs(size / round(size) - 1) < 1e-3 else None
    about = float(number(size, 3 if abs(size - 1) < 0.1 else 2))
    return {"kind": "times", "opposite": opposite, "times": {"part": part, "multiple": multiple, "about": about}}


def distinct(*values):
    """Numbers as text, with as many digits as it takes to tell them apart, three at least."""
    for digits in (3, 4, 5, 6, 9, 17):
        texts = [pretty(number(value, digits)) for value in values]
        if len(set(texts)) == len(values):
            break
    return texts


# ---- the explorer

def with_yours(yours):
    """The walk with these numbers beside the right ones. Its knobs and its state strings are the walk's own."""
    own = EXPLORER.values(example=yours.example)

    def compute(scene, values, memory):
        here = all(values[name] == own[name] for name in ("example", "hidden", "activation", "loss", "seed"))

        def said(result):
            return replace(result, yours=beside(yours, scene, result.found, result.row) if here else
                           Beside("–", say("yours", "elsewhere")))
        yield from each(EXPLORER.compute(scene, values, memory), said)
    return replace(EXPLORER, title=say("yours", "title"), question=say("yours", "question"), compute=compute,
                   layout=layout(ROOM))


def example_of(inputs):
    """(name of the example, row or None for all) whose data and weights these inputs are, rows first; None if none."""
    weights = [np.ravel(inputs[name]) for k in range(1, 9) for name in (f"W{k}", f"w{k}", f"b{k}") if name in inputs]
    for example in EXAMPLES.values() if weights and {"x", "t"} <= set(inputs) else ():
        data, theta = DATA[example.data], np.concatenate(weights)
        if not np.array_equal(theta, example.theta):
            continue
        x, t = np.ravel(inputs["x"]), np.ravel(inputs["t"])
        for row, columns in ((None, slice(None)), *((k, slice(k, k + 1)) for k in range(data.rows))):
            if np.array_equal(x, data.x[:, columns].T.ravel()) and np.array_equal(t, data.y[:, columns].T.ravel()):
                return example.name, row
    return None


def first_wrong(yours, scene, part):
    """(index of the stop, row) of the first entry of a part that is wrong, in the row where most are; None if none."""
    rows, wrong = range(scene.fit.data.rows) if yours.row is None else [yours.row], []
    for k, stop in enumerate(scene.walk.stops):
        if stop.phase in ("backward", "rows") and f"{stop.kind[1][0]}{stop.kind[1][1]}".replace("w", "W") == part:
            found = [(row, beside(yours, scene, scene.walk.find(k, scene.own, GradientDescent(1.0), row), row))
                     for row in rows]
            wrong += [(k, row) for row, said in found if said is not None and said.mark != "✓"]
    if not wrong:
        return None
    most = max(rows, key=lambda row: sum(there == row for _, there in wrong))
    return next(where for where in wrong if where[1] == most)


def walk_of(verdict):
    """(Explorer, knob values) that open the walk where the learner's numbers first go wrong; None if none shows it.

    verdict: with an `example`, the public inputs and what the learner's function gave for them, and a `first` part.
    """
    where = example_of(verdict.example["inputs"]) if verdict.example and verdict.first else None
    if where is None:
        return None
    values = EXPLORER.values(example=where[0])
    scene = finished(EXPLORER.scene(values))
    layers = len(scene.fit.network.sizes) - 1
    first = part_named(verdict.first, layers)
    theirs = {first: None} | {part_named(name, layers): array for name, array in verdict.example["theirs"].items()}
    follows = frozenset(part_named(line.part, layers) for line in verdict.lines if line.status == "follows")
    yours = Yours(where[0], theirs, follows, where[1])
    at = first_wrong(yours, scene, first)
    return at and (with_yours(yours), {"example": where[0], "step": int(at[0]) + 1, "row": int(at[1]) + 1})
