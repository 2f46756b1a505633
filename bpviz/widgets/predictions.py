"""`bp.predictions("L03")`: what came of the predictions of a lesson, and how well "sure" was meant."""
from dataclasses import dataclass

from bpviz.base.arguments import Table
from bpviz.coursework import course
from bpviz.coursework.learner.calibration import ENOUGH, Calibration, calibration
from bpviz.coursework.learner.outcome import kept
from bpviz.plots.predictions import draw_reliability
from bpviz.plots.still import still
from bpviz.widgets.asked import refused, worded
from bpviz.words.catalogue import say

WIDTH, HEIGHT = 460, 420


@dataclass(frozen=True)
class Summary:
    """What came of the predictions of a lesson, in sentences.

    lesson: the Calibration of its predictions.  so_far: that of all lessons, for the picture, or None for too few.
    """
    lesson: Calibration
    so_far: Calibration | None = None

    @property
    def picture(self):
        """How often right against how sure, of all lessons so far: a Still; None for fewer than ten answers."""
        return None if self.so_far is None else reliability(self.so_far)

    def _repr_html_(self):
        said = "".join(map(worded, self.lesson.lines)).replace("<p>", '<p style="margin:4px 0">')
        shown = "" if self.picture is None else self.picture._repr_html_()
        return f'<div style="max-width:60em;font-size:15px;line-height:1.45">{said}{shown}</div>'

    def __repr__(self):
        return "\n".join([*self.lesson.lines, *([] if self.picture is None else [self.picture.words])])


def reliability(found):
    """The picture of a Calibration: a Still."""
    levels = [{"name": name, "right": right, "of": of} for name, right, of, _ in found.levels]
    words = say("page", "reliability", many=len(found.outcomes), levels=levels)
    return still(WIDTH, HEIGHT, (62, 36, WIDTH - 16, HEIGHT - 56),
                  lambda axes: draw_reliability(axes, found.levels), words)


def predictions(lesson):
    """How many predictions of a lesson were right, how well you knew how sure to be, and which ideas to look at again.

    lesson: "L03". From ten answers on, of all lessons together, with a picture. Raises ValueError for an unknown
    lesson; a learner reads it as a sentence.
    """
    table = Table("lesson", course.lessons())
    try:
        module = table[lesson]
    except ValueError as error:
        return refused(error)
    so_far = [one for one in course.predictions().values() if kept(one) is not None]
    return Summary(calibration(module.PREDICTIONS), calibration(so_far) if len(so_far) >= ENOUGH else None)
