"""A small exercise of the tests' own, L98-q2: the backward pass on rows, judged against its own lines, with three hints.

    with small_exercise.installed(): ...                in a test
    import small_exercise; small_exercise.install()     in a notebook
"""
from contextlib import contextmanager
from dataclasses import dataclass
from types import ModuleType

import numpy as np

from bpviz.coursework import course
from bpviz.coursework.exercise import NOT_ATTEMPTED, Exercise, Judgement, Line
from bpviz.network.data import DATA
from bpviz.network.walked import EXAMPLES

PARTS = ("do", "dz2", "dW2", "db2")
SOLUTION = """\
a1 = 1 / (1 + np.exp(-(x @ W1 + b1)))
o = 1 / (1 + np.exp(-(a1 @ W2 + b2)))
do = 2 * (o - t) / len(x)
dz2 = do * o * (1 - o)
return {"do": do, "dz2": dz2, "dW2": a1.T @ dz2, "db2": dz2.sum(axis=0)}"""


def example():
    """x, t, W1, b1, W2, b2 of the walk's "two outputs 2-2-2", rows first."""
    one = EXAMPLES["two outputs 2-2-2"]
    W1, b1, W2, b2 = np.split(np.array(one.theta), [4, 6, 10])
    data = DATA[one.data]
    return dict(x=data.x.T, t=data.y.T, W1=W1.reshape(2, 2), b1=b1, W2=W2.reshape(2, 2), b2=b2)


def right(x, t, W1, b1, W2, b2):
    a1 = 1 / (1 + np.exp(-(x @ W1 + b1)))
    o = 1 / (1 + np.exp(-(a1 @ W2 + b2)))
    do = 2 * (o - t) / len(x)
    dz2 = do * o * (1 - o)
    return dict(do=do, dz2=dz2, dW2=a1.T @ dz2, db2=dz2.sum(axis=0))


@dataclass(frozen=True)
class Asks:
    name: str = "backward"

    def given(self, rng):
        return {"n": int(rng.integers(3, 9))}

    def starter(self, given):
        return "def backward(x, t, W1, b1, W2, b2):\n    {solution}"

    def solution(self, given):
        return SOLUTION

    def mutants(self, given):
        return ()

    def judge(self, answer, rng, given, run):
        outcome = run(answer, [example()])
        if outcome.kind == "not attempted":
            return NOT_ATTEMPTED
        if outcome.kind:
            return Judgement("wrong", outcome.said)
        theirs, truth = outcome.results[0], right(**example())
        if not isinstance(theirs, dict) or set(theirs) != set(truth) or not all(
                isinstance(one, np.ndarray) for one in theirs.values()):
            return Judgement("wrong", f"Your function should give a dict with {', '.join(PARTS)}.")
        amiss = [part for part in PARTS if not np.allclose(theirs[part], truth[part])]
        if not amiss:
            return Judgement("right", "All 4 partials are right.")
        lines = tuple(Line(f"dL/{part}", "wrong" if part in amiss else "right", "not the right size" if part in amiss else "")
                      for part in PARTS)
        return Judgement("wrong", f"dL/{amiss[0]} is where it first goes wrong.\nIs there a factor <too> many?", f"{amiss[0]}: off",
                       lines, amiss[0], "M10", {"inputs": example(), "theirs": theirs})


EXERCISE = Exercise("L98-q2", "Backward on rows", "Write it.", Asks(),
                    ("Begin at the loss.", "The slope of $(o-t)^2$.", "Then the slope of the *sigmoid*."), "Because of the **chain rule**.")
LESSON = ModuleType("lesson_98")
LESSON.EXERCISES, LESSON.PREDICTIONS = (EXERCISE,), ()
_real = course.lessons


def _put(lessons):
    course.lessons = lessons
    course.exercises.cache_clear()
    course.predictions.cache_clear()


def install(**more):
    """From now on it is the course's only lesson, but for others given by their name."""
    _put(lambda: {"L98": LESSON, **more})


@contextmanager
def installed():
    """As long as this lasts it is the course's only lesson."""
    install()
    try:
        yield
    finally:
        _put(_real)
