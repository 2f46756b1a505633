"""A weight is moved by hand while the network trains: back into the same minimum, or into another?

At the step that is looked at the two weights are moved by `push1`, `push2`, and descent goes on from there, for as
many steps as before. Plain gradient descent remembers nothing, so going on is starting there.
"""
from dataclasses import dataclass

import numpy as np

from bpviz.descent.descend import descend
from bpviz.descent.path import Path
from bpviz.explorers.explorer import Slider
from bpviz.landscape.endings import AWAY, VALLEY, settled_in
from bpviz.landscape.verdict import verdict
from bpviz.plots.answers import inputs
from bpviz.words.catalogue import say

FURTHEST = 12.0                  # a push reaches from one edge of the window to the other
PUSHES = ("push1", "push2")


@dataclass(frozen=True)
class Pushed:
    """A descent from where a push has taken the weights.

    path: the Path from there.  answer: what the network gives over x at its end, (n,), or None without a network.
    steps: (k,), the numbers of its steps, counted on from the one of the push.  words: what has become of it.
    """
    path: Path
    answer: np.ndarray | None
    steps: np.ndarray
    words: str


def push_sliders():
    """The sliders of how far each weight is moved by hand, at the step that is looked at."""
    return [Slider(name, f"push w{k}", -FURTHEST, FURTHEST, 0.0, 0.01, rare=True,
                   tip="moves this weight by hand at the step looked at, and trains on: drag the dot")
            for k, name in enumerate(PUSHES, start=1)]


def push(values):
    """How far the weights are moved: (2,)."""
    return np.array([values[name] for name in PUSHES])


def pushed(land, moment, by, optimizer, steps, was):
    """The Pushed of a Moment, moved by `by` (2,), or None where it is not moved.  was: the verdict without the push."""
    if not by.any():
        return None
    path = descend(land.fit, moment.theta + by, optimizer, steps, until_settled=True)
    now = verdict(land.fit, path, land.points, optimizer)
    to, before = (settled_in(one, land.points) for one in (now, was))
    words = say("minima", "pushed", step=moment.step, w1=path.theta[0, 0], w2=path.theta[1, 0], steps=steps,
                end={"to": to, "was": before, "same": to == before, "loss": path.loss[-1], "how": _how(now)})
    answer = land.fit.predict(path.end, inputs(land.fit.data))[0] if land.answers else None
    return Pushed(path, answer, moment.step + np.arange(path.steps + 1), words)


def _how(said):
    """What is said to have become of a descent that is in no minimum of the list; None for all the rest."""
    return "unlisted" if said.unlisted else {AWAY: "away", VALLEY: "valley"}.get(said.kind)
