"""A learner's own backward pass moves a second path beside the right one.

Their function runs in a process that can be ended; a thread waits for it, so that the panel answers meanwhile. While a
start is dragged, the last path of theirs that is known is shown, until the one from here is there.
"""
import threading
import time
from dataclasses import replace
from functools import partial

import numpy as np

from bpviz.base.work import Memory, Part
from bpviz.coursework.apart.run import ready
from bpviz.coursework.apart.stepped import stepped
from bpviz.coursework.diagnosis.own_descent import NoPath, own_descent
from bpviz.explorers import two_weights
from bpviz.explorers.own import standing_in
from bpviz.plots.answers import inputs
from bpviz.words.catalogue import say

BACKWARD = {"backward": "own_backward"}
SECONDS = 2.0                   # for one path
PAUSE_S, KEPT = 0.003, 24
TRIED = 1                       # steps, before a panel opens


class Waiting:
    """Runs one request at a time in a thread, and keeps what came of it: {key: result}."""
    THREAD = "bpviz-waiting"

    def __init__(self):
        self.found, self.latest, self.thread = Memory(KEPT), None, None

    def ask(self, key, make):
        """Begin, unless something runs still."""
        if self.thread is None or not self.thread.is_alive():
            self.thread = threading.Thread(None, lambda: self._keep(key, make()), self.THREAD, daemon=True)
            self.thread.start()

    def known(self, key):
        """What came of this request, None while it is not known."""
        return self.found.get(key, lambda: None) if key in self.found else None

    def _keep(self, key, result):
        self.latest = self.found.get(key, lambda: result)


def with_backward(explorer, given):
    """An explorer of the landscape over w1 and w2, with the path of this `backward` beside the right one.

    Raises ValueError for what is no function of (x, t, w1, w2), does not end, fails, or gives no dw1 and dw2.
    """
    backward = given["backward"]
    values = explorer.values()
    data = two_weights.DATA[values["data"]]
    path, _, _, run = stepped(backward, data, two_weights.start(values), values["rate"], TRIED, SECONDS)
    if path is None:
        raise ValueError(f"backward: {run.said}")
    ready()
    menu = explorer.knob("data")
    only = {name: {knob: value for knob, value in sets.items() if knob != "activation"}
            for name, sets in menu.sets.items()}
    knobs = tuple(replace(knob, sets=only) if knob is menu else knob for knob in explorer.knobs)
    return standing_in(replace(explorer, knobs=knobs), {"activation": ("sigmoid", {})}, {},
                       compute=partial(_compute, explorer.compute, backward),
                       draw=partial(explorer.draw, yours=True), words=partial(_words, explorer.words),
                       table=partial(_table, explorer.table))


def _compute(compute, backward, scene, values, memory):
    """The Parts of the explorer itself, then those in which the learner's path is there."""
    start, rate, steps = two_weights.start(values), values["rate"], values["steps"]
    waiting, key = memory.get("yours", Waiting), (*start.tolist(), rate, steps)

    def make():
        path, parts, ran, run = stepped(backward, scene.fit.data, start, rate, steps, SECONDS)
        return (path, parts, ran), run.said

    def result(right, found):
        if found is None:
            last = None if waiting.latest is None else waiting.latest[0][0]
            return replace(right, yours=NoPath("", last, None if last is None else scene.fit.loss(last)),
                           yours_answers=_answers(scene.fit, last))
        (path, parts, ran), said = found
        if path is None:
            return replace(right, yours=NoPath(say("backward", "no_path", why=said)))
        return replace(right, yours=own_descent(scene.fit, path, parts, ran, rate, right.path, scene.points),
                       yours_answers=_answers(scene.fit, path))

    right = None
    for part in compute(scene, values, memory):
        right = part.result or right
        yield Part(0.5 * part.share, part.result and result(part.result, waiting.known(key)))
    while key not in waiting.found:
        waiting.ask(key, make)
        time.sleep(PAUSE_S)
        yield Part(0.5)
    yield Part(1.0, result(right, waiting.known(key)))


def _answers(fit, path):
    """What the network answers at the end of a path (2, n), over x; None without one."""
    if path is None:
        return None
    with np.errstate(all="ignore"):                            # an end may be far away
        return fit.predict(path[:, -1], inputs(fit.data))[0]


def _words(words, result):
    return f"{result.yours.words or say('backward', 'waiting')} {say('backward', 'right_path', words=words(result))}"


def _table(table, result):
    return result.yours.table() if result.yours.runs else table(result)
