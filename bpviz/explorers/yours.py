"""The walk through one training step with a learner's own numbers beside the right ones.

The learner's function was given the very data and weights of one of the walk's examples, rows first. `walk_of` finds
which, and the stop at which their numbers first go wrong; `with_yours` is the walk that says so at every stop. On
another network their numbers mean nothing, and the walk says that instead.
"""
from dataclasses import replace

from bpviz.base.work import finished
from bpviz.coursework.diagnosis.beside import Beside, Yours, beside, first_wrong, part_named
from bpviz.explorers.backprop import EXPLORER, ROOM, layout
from bpviz.explorers.explorer import each
from bpviz.network.walked import example_of
from bpviz.words.catalogue import say


def with_yours(yours):
    """The walk with these numbers beside the right ones. Its knobs and its state strings are the walk's own."""
    own = EXPLORER.values(example=yours.example)

    def compute(scene, values, memory):
        here = all(values[name] == own[name] for name in ("example", "hidden", "activation", "loss", "seed"))

        def said(result):
            return replace(result, yours=beside(yours, scene.fit, result.found, result.row) if here else
                           Beside("–", say("yours", "elsewhere")))
        yield from each(EXPLORER.compute(scene, values, memory), said)
    return replace(EXPLORER, title=say("yours", "title"), question=say("yours", "question"), compute=compute,
                   layout=layout(ROOM))


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
    at = first_wrong(yours, scene.walk, scene.own, first)
    return at and (with_yours(yours), {"example": where[0], "step": int(at[0]) + 1, "row": int(at[1]) + 1})
