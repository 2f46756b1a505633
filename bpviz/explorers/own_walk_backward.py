"""A learner's own backward pass in the walk: its partials beside the right ones, stop by stop, the wrong ones marked.

It is run apart at the very data and weights that the walk stands on, once for each (explorers/own_backward.py), and
judged part by part, each given the learner's own parts before it (coursework/diagnosis/own_partials.py).
"""
import inspect
import re
import time
from dataclasses import dataclass, replace
from functools import partial

import numpy as np

from bpviz.base.work import Part, finished
from bpviz.coursework.apart.run import ready, run
from bpviz.coursework.diagnosis.beside import Beside, Yours, beside, first_wrong, part_named
from bpviz.coursework.diagnosis.own_partials import OwnPartials
from bpviz.explorers.own_backward import PAUSE_S, SECONDS, Waiting
from bpviz.network.data import Data
from bpviz.network.fit import Fit
from bpviz.network.walked import EXAMPLES
from bpviz.symbolic.standing import Standing
from bpviz.words.catalogue import say

WALKED_BACKWARD = {"backward": "own_walked_backward"}


@dataclass(frozen=True, repr=False)
class Judged(Standing):
    """Where one stands on the walk, and what a learner's function gave there.

    theirs: an OwnPartials, or None while it is waited for or where nothing came.  trouble: the sentence that says so.
    """
    theirs: OwnPartials | None = None
    trouble: str = ""

    @property
    def crosses(self):
        """{kind: mark} for the drawing: the slopes by weights are means over the rows, and marked where those stand."""
        if self.theirs is None:
            return {}
        means = self.rows == 1 or self.theirs.row is not None or self.found.stop.phase in ("rows", "update")
        return {kind: mark for kind, mark in self.theirs.crosses(self.row).items() if means or kind[1][0] in "az"}

    @property
    def where(self):
        """Nothing: what is said of theirs stands in the place of the line of bpviz."""
        return ""

    @property
    def words(self):
        return f"{self.theirs.words if self.theirs else self.trouble} {Standing.words.fget(self)}"

    def table(self):
        return self.theirs.table() if self.theirs else Standing.table(self)


def with_walked_backward(explorer, given, fit, layout):
    """The explorer of the walk with this `backward`, which opens at the first number of theirs that is wrong.

    fit: the learner's own, or None.  layout: with room for theirs.
    Raises ValueError for what is no function of (x, t, w1, w2) or of (x, t, W1, b1, W2, b2) and so on, for a fit that
    such a function cannot take, and for one that does not run, or gives none of the partials.
    """
    backward = given["backward"]
    layers, chain = layers_taken(backward)
    if fit is None:
        explorer = _only(explorer, layers, chain)
    else:
        _fits(fit, layers, chain)
    opened = {}

    def opening(values):
        """(where a walk of these choices opens, why nothing came of theirs)."""
        scene = finished(explorer.scene(values))
        theirs, said = partials_given(backward, scene.fit, scene.theta(0), 0)
        return _first_wrong(scene, theirs), said

    def suits(values):
        setting = explorer.setting(values)
        if setting not in opened:
            opened[setting], _ = opening(values)
        return opened[setting]
    values = explorer.values()
    opened[explorer.setting(values)], said = opening(values)
    if said:
        raise ValueError(f"backward: {said}")
    ready()
    return replace(explorer, compute=partial(_compute, explorer.compute, backward), layout=layout, takes={},
                   draw=partial(explorer.draw, judged=True), suits=suits)


def _first_wrong(scene, theirs):
    """{"step", "row"}: the stop, and the row, at which the first number of theirs goes wrong; {} at none.

    theirs: an OwnPartials, or None.
    """
    part = theirs.first_wrong if theirs else None
    found = part and first_wrong(_yours(theirs), scene.walk, theirs.theta, part)
    return {"step": found[0] + 1, "row": found[1] + 1} if found else {}


def _yours(theirs):
    """An OwnPartials, as what is held against the stops of the walk."""
    return Yours("", theirs.given, theirs.follows, theirs.row)


def layers_taken(backward):
    """(how many layers of weights, whether single numbers) a function takes, by the names of its arguments."""
    try:
        names = list(inspect.signature(backward).parameters)
    except (TypeError, ValueError):
        return 2, False                                       # what it is instead is said when it is run
    single = sum(bool(re.fullmatch(r"w\d", name)) for name in names)
    return (single, True) if single else (sum(bool(re.fullmatch(r"W\d", name)) for name in names) or 2, False)


def _only(explorer, layers, chain):
    """The explorer with those choices of its menus that such a function can take."""
    examples = tuple(one.name for one in EXAMPLES.values() if one.bias is not chain)
    hidden = tuple(one for one in explorer.knob("hidden").options() if len(one.split("-")) == layers - 1
                   and (one == "1" or not chain))
    if not hidden:
        last = f"{'w' if chain else 'W'}{layers}"
        raise ValueError(f"backward: got a function of weights up to {last}; allowed are W1 to W2 or W3 with their "
                         "biases, or w1 and w2; for another network give it as fit=... too")
    only = {"example": examples, "hidden": hidden, "cures": ("plain",), "activation": ("sigmoid",),
            "loss": ("squared error",)}

    def one(knob):
        if knob.name not in only:
            return knob
        options = only[knob.name]
        sets = {name: {key: value for key, value in each.items() if key != "hidden" or value in hidden}
                for name, each in knob.sets.items() if name is None or name in options}
        return replace(knob, options=lambda: options, value=knob.value if knob.value in options else options[0],
                       sets=sets, formula="")
    return replace(explorer, knobs=tuple(map(one, explorer.knobs)))


def _fits(fit, layers, chain):
    """Refuse a fit that a function of so many layers cannot take."""
    sizes = fit.network.sizes
    if len(sizes) - 1 != layers or (chain and (set(sizes) != {1} or fit.network.bias)) or (
            not chain and not fit.network.bias):
        raise ValueError(f"backward: got a function of {layers} layers of "
                         f"{'single weights and no bias' if chain else 'weights and biases'}, and a fit of a network "
                         f"of sizes {sizes} {'with' if fit.network.bias else 'without'} biases; allowed are two that "
                         "belong together")


def partials_given(backward, fit, theta, row):
    """(OwnPartials or None, the sentence that says why there are none) of this function at theta (P,)."""
    layers, chain = layers_taken(backward)
    pairs = fit.network.layers(theta)
    if chain:
        data = Data(fit.data.x[:, row:row + 1], fit.data.y[:, row:row + 1], fit.data.name)
        fit = Fit(fit.network, fit.loss_name, data)
        call = {"x": float(data.x[0, 0]), "t": float(data.y[0, 0]),
                **{f"w{k}": float(W[0, 0]) for k, (W, _) in enumerate(pairs, start=1)}}
    else:
        call = {"x": fit.data.x.T.copy(), "t": fit.data.y.T.copy()}
        for k, (W, b) in enumerate(pairs, start=1):
            call |= {f"W{k}": np.array(W), f"b{k}": np.array(b)}
    done = run(backward, [call], SECONDS)
    if done.kind:
        return None, done.said
    found = OwnPartials(fit, np.array(theta), {}, row if chain else None)
    given = done.results[0] if isinstance(done.results[0], dict) else {}
    numbers = {part_named(name, len(pairs)): np.asarray(value, float) for name, value in given.items()
               if isinstance(value, np.ndarray) and value.dtype.kind in "fiu"}
    theirs = {part: array.reshape(found.right[part].shape) if array.size == 1 == found.right[part].size else array
              for part, array in numbers.items() if part in found.right}
    if not theirs:
        return None, say("backward", "no_partials", name=backward.__name__, names=[
            found.name(part) for part in found.right])
    return replace(found, given=theirs), ""


def _compute(compute, backward, scene, values, memory):
    """The Part of the walk itself, then the one in which the learner's numbers are there."""
    right = finished(compute(scene, values, memory))
    theta = np.array(scene.theta(values["seed"]))
    row = int(values["row"]) - 1
    fit = scene.shifted(values, row, memory)[0].fit
    waiting = memory.get("yours", Waiting)
    key = theta.tobytes(), fit.data.x.tobytes(), fit.data.y.tobytes(), row if layers_taken(backward)[1] else None

    def judged(found):
        theirs, said = found or (None, say("backward", "waiting"))
        if theirs is None:
            return Judged(**{**vars(right), "yours": Beside("–", said) if not found else None}, trouble=said)
        return Judged(**{**vars(right), "yours": beside(_yours(theirs), fit, right.found, row)}, theirs=theirs)

    yield Part(0.5, judged(waiting.known(key)))
    while key not in waiting.found:
        waiting.ask(key, lambda: partials_given(backward, fit, theta, row))
        time.sleep(PAUSE_S)
        yield Part(0.5)
    yield Part(1.0, judged(waiting.known(key)))
