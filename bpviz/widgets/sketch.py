"""`my_curve = bp.sketch("L03-q8")`: a canvas to draw a curve on, by mouse or keys, for `bp.check`."""
from IPython import get_ipython
from IPython.display import HTML, display

from bpviz.base.arguments import refuse
from bpviz.coursework.course import exercises
from bpviz.coursework.kinds.quantities import Curve
from bpviz.coursework.learner import answers
from bpviz.widgets import cells
from bpviz.widgets.asked import STILL_LOOKS, Asked, drawn, drawn_html, form, worded
from bpviz.widgets.home import ask, post
from bpviz.widgets.picture import release
from bpviz.widgets.saved import Saved, show_widget
from bpviz.widgets.words import LOOKS, error_html, sentence
from bpviz.words.catalogue import say


class Sketch:
    """A drawn curve. points: ((x, height), ...) from left to right, as it is now; None before anything is drawn."""

    def __init__(self, id, curve):
        self.id, self.curve, self.points, self.widget = id, curve, None, None
        self.saved = Saved(self._still)
        self._show()

    def _show(self):
        self._shown_by = _cell()
        if answers.attended():
            self.widget = self.widget or self._asked()
            show_widget(self.widget)
            cells.shown(self)
        self.saved.display()

    def _asked(self):
        return Asked(self._browser_says, form=form(self.id, "", self.curve, sketch=True))

    def _browser_says(self, _, message, buffers):
        if isinstance(message, dict) and message.get("kind") == "drawn":
            cells.somebody_looks()
            self.points = drawn(self.curve, message.get("heights")) or None
            post(self.saved.soon)

    def _still(self):
        words = say("page", "your_sketch", points=None if self.points is None else len(self.points))
        shown = "" if self.points is None else drawn_html(self.curve, words, yours=self.points)
        html = f'<style>{STILL_LOOKS}</style><div class="bpviz-asked-static">{worded(words)}{shown}</div>'
        return {"text/html": html, "text/plain": words}

    def close(self):
        """Give the widget back. What was drawn stays."""
        ask(self._close)

    def _close(self):
        if self.widget is not None:
            self.saved.now()
            cells.forget(self)
            release(self.widget)
            self.widget = None

    def _ipython_display_(self):
        """Shown as soon as it was made; as the last line of the same cell not once more."""
        if self._shown_by != _cell():
            self._show()

    def __repr__(self):
        return say("page", "sketch", points=None if self.points is None else len(self.points))


def _cell():
    return getattr(get_ipython(), "execution_count", None)


def sketch(id):
    """A canvas for the curve of an exercise; hand what it gives to `bp.check`.

    id: of the exercise, "L03-q8". Where a program runs the notebook there is nobody to draw, and it stays empty.
    Raises ValueError there for an exercise that asks for no curve; a learner reads it as a sentence, and gets None.
    """
    try:
        return Sketch(id, _curve(id))
    except ValueError as error:
        if not answers.attended():
            raise
        display(HTML(f"<style>{LOOKS}</style>{error_html(sentence(error))}"))


def _curve(id):
    curve = getattr(exercises()[id].asks, "asks", None)
    if not isinstance(curve, Curve):
        refuse("exercise", id, "allowed is one that asks for a curve")
    return curve
