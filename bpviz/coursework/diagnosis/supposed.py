"""Where an exercise does not ask for every partial: what may be wrong at those that nobody sees.

Mistakes that the asked parts cannot tell apart, a 2 too many at dL/do or at dL/dz2, are found from draws and become
one, in one sentence.
"""
from dataclasses import dataclass, replace

import numpy as np

from bpviz.coursework.diagnosis.draws import random_draw, same
from bpviz.coursework.diagnosis.operators import merged


@dataclass(frozen=True)
class Supposition:
    """hidden: edges that are not asked for.  asked: the edges after them.  supposed: None, and the hidden Mistakes."""
    hidden: tuple
    asked: tuple
    supposed: tuple


def stages(partials):
    """(Supposition, ...), on the way back. With every part asked for there is one, and nothing is hidden."""
    found = []
    for edge in partials.edges:
        asked = edge.part in partials.parts
        if not found or not asked and found[-1][1]:
            found.append(([], []))
        found[-1][asked].append(edge)
    return tuple(Supposition(tuple(hidden), tuple(asked), supposed(partials, hidden, asked))
                 for hidden, asked in found if asked)


def supposed(partials, hidden, asked):
    """(None, Mistake, ...): what may be wrong at hidden edges; None is nothing."""
    rng, groups, parts = np.random.default_rng(1), [], [edge.part for edge in hidden]
    some = [random_draw(partials, rng, k) for k in range(6)] if hidden else []
    for mistake in partials.mistakes:
        if mistake.part in parts:
            nets = [partials.work_out({name: draw[name] for name in partials.inputs}, {mistake.part: mistake.line})
                    for draw in some]
            seen = [net[edge.part] for net in nets for edge in asked]
            if not same(seen, [draw[edge.part] for draw in some for edge in asked]):
                twins = next((twins for other, twins in groups if same(other, seen)), None)
                if twins is None:
                    groups.append((seen, [mistake]))
                else:
                    twins.append(mistake)
    return (None, *(as_one(twins, hidden) for _, twins in groups))


def as_one(twins, hidden):
    """Mistakes at hidden parts that look the same from outside, as one: where it happens, and what."""
    start, end = hidden[0].needs, f"dL/{hidden[-1].part}"
    one, last = merged(twins), twins[-1]
    says = last.says.replace(f"dL/{last.part}", end) if {twin.name for twin in twins} == {last.name} else one.says
    where = f"somewhere between {f'dL/{start}' if start else 'the loss'} and {end}"
    return replace(one, says=f"{where}, {says}")
