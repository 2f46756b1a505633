"""A lesson of the tests' own, L99: a prediction of each kind and a curve to sketch; its outcomes are easy to look for.

    with own_lesson.installed(): ...            in a test
    import own_lesson; own_lesson.install()     in a notebook
"""
from contextlib import contextmanager
from types import ModuleType

import numpy as np

import bpviz as bp
from bpviz.coursework import course
from bpviz.coursework.exercise import Exercise
from bpviz.coursework.kinds.quantities import Choice, Curve, Number, Quantity
from bpviz.coursework.prediction import Prediction

SEESAW = bp.Fit(bp.Network((1, 1, 1), "sigmoid", bias=False), "squared error", bp.DATA["seesaw"])
COMPUTED = []                                           # the predictions whose truth was worked out


def truth_of(id, value):
    def truth():
        COMPUTED.append(id)
        return value()
    return truth


def losses():
    return SEESAW.loss(np.stack([np.linspace(-6, 6, 97), np.full(97, 2.0)]))


PREDICTIONS = (
    Prediction("L99-p1", "From `w1 = -3`, where does gradient descent settle?",
               Choice((("In the lower minimum", "M14"), "In the higher minimum", ("It swings for ever", "M13", "Not so wild."))),
               truth_of("L99-p1", lambda: "b"), lambda truth: "OUTCOME-ONE: it rolls into the basin in which it starts.",
               ("minima", {"data": "seesaw", "w1": -3.0})),
    Prediction("L99-p2", "How large is the slope of the sigmoid at its steepest?", Number(0, 1000, tolerance=0.05),
               truth_of("L99-p2", lambda: 0.25), lambda truth: f"OUTCOME-TWO: {truth:.3g}, and nowhere more."),
    Prediction("L99-p3", "Draw the loss against `w1` where `w2 = 2`.", Curve((-6, 6), (0, 0.3), "w1", "loss"),
               truth_of("L99-p3", losses), lambda truth: f"OUTCOME-THREE: nowhere below {truth.min():.2g}."),
)
EXERCISES = (Exercise("L99-q8", "A sketch", "Draw it.", Quantity(
    "my_curve", Curve((0, 12), (0, 0.3), "rate", "loss"), lambda given: np.linspace(0, 0.3, 97)), ("a", "b", "c"), "Why."),)

LESSON = ModuleType("lesson_99")
LESSON.PREDICTIONS, LESSON.EXERCISES = PREDICTIONS, EXERCISES
_real = course.lessons


def _put(lessons):
    course.lessons = lessons
    course.exercises.cache_clear()
    course.predictions.cache_clear()


def install():
    """From now on it is one of the course's lessons."""
    _put(lambda: {**_real(), "L99": LESSON})


@contextmanager
def installed():
    """As long as this lasts it is one of the course's lessons."""
    install()
    try:
        yield
    finally:
        _put(_real)
