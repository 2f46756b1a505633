"""`my_curve = bp.sketch("L03-q8")`: a canvas to draw a curve on, by mouse or keys, for `bp.check`."""
from IPython import get_ipython

from bpviz.calculus.arguments import refuse
from bpviz.coursework.course import exercises
from bpviz.coursework.quantities import Curve
from bpviz.widgets import cells
from bpviz.widgets.asked import Asked, drawn, form
from bpviz.widgets.home import ask
from bpviz.widgets.picture import release
from bpviz.widgets.saved import show_widget

NOTHING_YET = "a sketch, nothing drawn yet"


class Sketch:
    """A drawn curve. points: ((x, height), ...) from left to right, as it is now; None before anything is drawn."""

    def __init__(self, id, curve):
        self.curve, self.points = curve, None
        self.widget = Asked(form=form(id, "", curve, sketch=True))
        self.widget.on_msg(self._browser_says)
        self._show()

    def _show(self):
        self._shown_by = _cell()
        show_widget(self.widget)
        cells.shown(self)

    def _browser_says(self, _, message, buffers):
        if isinstance(message, dict) and message.get("kind") == "drawn":
            cells.somebody_looks()
            self.points = drawn(self.curve, message.get("heights")) or None

    def close(self):
        """Give the widget back. What was drawn stays."""
        ask(self._close)

    def _close(self):
        if self.widget is not None:
            cells.forget(self)
            release(self.widget)
            self.widget = None

    def _ipython_display_(self):
        """Shown as soon as it was made; as the last line of the same cell not once more."""
        if self.widget is not None and self._shown_by != _cell():
            self._show()

    def __repr__(self):
        return NOTHING_YET if self.points is None else f"a sketch of {len(self.points)} points"


def _cell():
    return getattr(get_ipython(), "execution_count", None)


def sketch(id):
    """A canvas for the curve of an exercise; hand what it gives to `bp.check`.

    id: of the exercise, "L03-q8". Where a program runs the notebook there is nobody to draw, and it stays empty.
    Raises ValueError for an exercise that asks for no curve.
    """
    curve = getattr(exercises()[id].asks, "asks", None)
    if not isinstance(curve, Curve):
        refuse("exercise", id, "allowed is one that asks for a curve")
    return Sketch(id, curve)
