"""The 22 misconceptions over the course: each is asked about by a prediction, and again later in another dress."""
from pathlib import Path

import pytest

from bpviz.coursework import course
from bpviz.coursework.kinds.quantities import Choice
from bpviz.coursework.misconceptions import MISCONCEPTIONS


def tags_of_prediction(one):
    if isinstance(one.asks, Choice):
        truth = one.asks.read(one.truth())
        return {tag for text, tag, _ in one.asks.options if text != truth}        # a wrong answer carries it
    return set(getattr(one.asks, "beliefs", {}).values())


PREDICTED, ASKED = {}, {}                   # {misconception: [(lesson, id), ...]}, in the order of the course
ORDER = ("L01", "L02", "L03", "L04", "LAB1", "L05", "L06", "L07", "L08", "L09", "LAB2")
for lesson in (key for key in ORDER if key in course.lessons()):
    module = course.lessons()[lesson]
    for one in module.PREDICTIONS:
        for tag in tags_of_prediction(one) - {""}:
            PREDICTED.setdefault(tag, []).append((lesson, one.id))
            ASKED.setdefault(tag, []).append((lesson, one.id))
    for one in module.EXERCISES:
        for tag in {mutant.misconception for mutant in one.asks.mutants(one.given())} - {""}:
            ASKED.setdefault(tag, []).append((lesson, one.id))


@pytest.mark.parametrize("tag", MISCONCEPTIONS)
def test_it_is_provoked_by_a_prediction_and_met_again_in_a_later_lesson(tag):
    first, _ = PREDICTED[tag][0]
    later = [id for lesson, id in ASKED[tag] if ORDER.index(lesson) > ORDER.index(first)]
    assert later, f"{tag}: only {ASKED[tag]}"


def test_every_lesson_is_in_the_order_of_the_course():
    assert set(course.lessons()) <= set(ORDER)


def test_there_are_as_many_exercises_as_the_course_promises():
    exercises = course.exercises().values()
    readme = (Path(__file__).resolve().parents[2] / "README.md").read_text(encoding="utf-8")
    assert len(exercises) >= 45 and f"{len(exercises)} exercises that are checked, {len(course.predictions())} predictions" in readme
    for key, module in course.lessons().items():
        core = sum(one.core for one in module.EXERCISES)
        assert core >= 2 and (key.startswith("LAB") or len(module.EXERCISES) - core >= 3), key
