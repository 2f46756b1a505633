"""A learner's own backward pass trains the network of the boundary beside the right one: same rows, start and rate.

It runs apart (explorers/own_backward.py), and meanwhile the last picture of theirs stays. The network is that of
lesson 3, as in the walk without a fit: sigmoid units and the squared error. A function cannot leave units out, so there
is no dropout; the penalty is added to its slopes.
"""
import time
from dataclasses import replace
from functools import partial

from bpviz.base.work import Memory, Part, finished
from bpviz.coursework.apart.run import ready
from bpviz.coursework.apart.trained import trained
from bpviz.coursework.diagnosis.own_training import NoTraining, OwnTraining
from bpviz.descent.generalisation import looks
from bpviz.explorers.own import standing_in
from bpviz.explorers.own_backward import PAUSE_S, TRIED, Waiting
from bpviz.explorers.own_walk_backward import layers_taken, partials_given
from bpviz.network.fit import Fit
from bpviz.words.catalogue import say

TRAINED_BACKWARD = {"backward": "own_trained_backward"}
SECONDS = 5.0                   # for one training of 2,000 steps on 200 rows, on a busy machine


def with_trained_backward(explorer, backward, optimizer, sizes, over_plane, layout):
    """The explorer of boundaries with the training of this `backward` beside the right one.

    optimizer: of both.  sizes: {choice of the menu of units: hidden layers}.  over_plane: (fit, theta, window) -> what
    a network answers there.  layout: with room for theirs.
    Raises ValueError for what is no function of (x, t, W1, b1, W2, b2) and so on, does not end, fails, or gives no
    slopes of the shapes of its weights.
    """
    units = _units(backward, sizes)
    knobs = tuple(knob for knob in explorer.knobs if knob.name != "dropout")
    menu = explorer.knob("units")
    first = menu.value if menu.value in units else units[0]
    knobs = tuple(replace(knob, options=lambda: units, value=first) if knob is menu else knob for knob in knobs)
    run = partial(_run, backward, optimizer)
    own = standing_in(replace(explorer, knobs=knobs), {}, {}, layout=layout,
                      scene=partial(explorer.scene, activation="sigmoid", loss="squared error"),
                      compute=partial(_compute, explorer.compute, run, over_plane),
                      draw=partial(explorer.draw, yours=True), words=partial(_words, explorer.words),
                      table=partial(_table, explorer.table))
    values = {**own.values(), "steps": TRIED}
    scene = finished(own.scene(values))
    right = finished(explorer.compute(scene, values, Memory()))
    _, said = run(right)
    if said:
        raise ValueError(f"backward: {said}")
    ready()
    return own


def _units(backward, sizes):
    """The choices of units that a function of so many layers takes."""
    layers, chain = layers_taken(backward)
    units = tuple(name for name, hidden in sizes.items() if len(hidden) == layers - 1)
    if chain or not units:
        last = f"{'w' if chain else 'W'}{layers}"
        raise ValueError(f"backward: got a function of weights up to {last}; boundary takes one of W1 to W2 or W3, "
                         "with their biases")
    return units


def _run(backward, optimizer, right):
    """((partials, path, looks), "") of their training from the right one's start, or (None, why there is none)."""
    start, fit = right.path.theta[:, 0], right.train
    plain = _plain(fit)
    path, looked, done = trained(backward, fit, start, optimizer, right.asked, looks(right.asked), SECONDS)
    if path is None:
        return None, done.said
    partials, said = partials_given(backward, plain, start, 0)
    return (None, said) if partials is None else ((partials, path, looked), "")


def _plain(fit):
    """The fit without its penalty, which no learner's slopes have."""
    return Fit(fit.network, fit.loss_name, fit.data)


def _compute(compute, run, over_plane, scene, values, memory):
    """The Parts of the explorer itself, then those in which the learner's training is there."""
    key = tuple(values.get(name) for name in ("rows", "noise", "seed", "l2", "steps"))
    waiting, last = memory.get("yours", Waiting), memory.get("last_of_theirs", lambda: [None])

    def result(right, found):
        if found is None:
            return replace(right, yours=NoTraining(""), yours_output=last[0])
        theirs, said = found
        if theirs is None:
            return replace(right, yours=NoTraining(say("backward", "no_training", why=said)))
        partials, path, looked = theirs
        yours = memory.get(("theirs", *key), lambda: OwnTraining(
            partials, path, *looked, right.asked, _plain(right.train), _plain(right.test), right.theta))
        last[0] = over_plane(right.train, path[:, yours.at(right.step)], scene.window)
        return replace(right, yours=yours, yours_output=last[0])

    right = None
    for part in compute(scene, values, memory):
        right = part.result or right
        done = part.result is not None and right.path.steps == right.asked
        yield Part(0.5 * part.share, part.result and result(right, waiting.known(key) if done else None))
    while key not in waiting.found:
        waiting.ask(key, lambda: run(right))
        time.sleep(PAUSE_S)
        yield Part(0.5)
    yield Part(1.0, result(right, waiting.known(key)))


def _words(words, result):
    return f"{result.yours.words or say('backward', 'waiting')} {say('backward', 'right_network', words=words(result))}"


def _table(table, result):
    return result.yours.table() if result.yours.runs else table(result)
