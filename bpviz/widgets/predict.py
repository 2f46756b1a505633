"""`bp.predict("L03-p1")`: asks, keeps the answer, and only then works out and shows what happens.

Before the answer the kernel has computed nothing of the outcome, so nothing of it is in the page, on the wire or in
the notebook's file. The widget that asks is asked.py with js/predict.js; what an answer is worth is
coursework/learner/outcome.py.
"""
from importlib import import_module

import ipywidgets as W
from IPython.display import display

from bpviz.coursework.course import predictions
from bpviz.coursework.learner import answers
from bpviz.coursework.learner.outcome import kept, outcome, plain, same
from bpviz.widgets import cells
from bpviz.widgets.asked import Asked, form, meant, refused, still, told
from bpviz.widgets.home import ask, post, running_loop
from bpviz.widgets.picture import release
from bpviz.widgets.saved import Saved, show_widget
from bpviz.widgets.words import error_html, sentence
from bpviz.words.catalogue import say

AHEAD = ("matplotlib.figure", "matplotlib.backends.backend_agg", "sympy", "bpviz.explorers", "bpviz.widgets.panel")
AHEAD_S = 0.3                           # the pause before each of them, in which the kernel is free for cells


class Predicting:
    """One prediction in one cell. after: the panel that opened with the outcome, or None."""

    def __init__(self, prediction):
        self.prediction = prediction
        self.after, self.outcome, self.notes, self._timer = None, None, (), None
        self.saved = Saved(self._still)
        self.asked = Asked(self._browser_says, form=form(prediction.id, prediction.question, prediction.asks))
        self.below = W.VBox([])
        self.widget = W.VBox([self.asked, self.below])
        self.widget.add_class("bpviz-predict")

    def show(self):
        """Show it in the running cell; answered already, with its outcome."""
        given = kept(self.prediction)
        if given is not None:
            self._reveal(given)
        show_widget(self.widget)
        self.saved.display()
        cells.shown(self)
        if given is None:
            self._import_ahead(list(AHEAD))

    def close(self):
        """Give the widgets back; what is on the page becomes the still."""
        ask(self._close)

    def _close(self):
        if self.widget is None:
            return
        if self._timer is not None:
            self._timer.cancel()
        if self.after is not None:
            self.after.close()                           # which saves its last picture, in our still
        else:
            self.saved.now()
        cells.forget(self)
        release(self.widget)
        self.widget = self.asked = self.below = self.after = None

    # ---- what comes in

    def _browser_says(self, asked, message, buffers):
        """In whatever thread messages are heard: the answer is kept at once, the outcome waits for the running cell."""
        cells.somebody_looks()
        if not isinstance(message, dict) or message.get("kind") != "commit" or self.outcome is not None:
            return
        try:
            answer, sure = meant(self.prediction.asks, message)
            note = ""
            if kept(self.prediction) is None:
                note = answers.keep({"kind": "prediction", "id": self.prediction.id, "answer": plain(answer),
                                     "sure": sure})
        except Exception as error:
            asked.refuse(sentence(error))
        else:
            post(lambda: self._committed(answer, sure, note))

    def _committed(self, answer, sure, note):
        if self.widget is None or self.outcome is not None:
            return
        given = kept(self.prediction) or (answer, sure)
        self._reveal(given, filter(None, (note, "" if same(given[0], answer) else say("page", "first_counts"))))
        self.saved.now()

    # ---- what goes out

    def _reveal(self, given, notes=()):
        """The outcome in words at once, then its panel. An error becomes a sentence: nobody reads a callback's own."""
        self.notes = tuple(notes)
        try:
            found = outcome(self.prediction, given)
            self.asked.told = told(found, self.notes)
            self.outcome = found
            self._open()
        except Exception as error:
            words = say("page", "no_outcome", why=sentence(error))
            self.notes = (*self.notes, words)
            if self.outcome is None:
                self.asked.told = {"right": False, "verdict": "", "line": "", "words": "", "notes": list(self.notes)}
            else:
                self.below.children = [W.HTML(error_html(words))]

    def _open(self):
        if self.prediction.shows is not None:
            self.after = panel(*self.prediction.shows)
            self.below.children = [self.after.within(self.saved)]

    def _still(self):
        after = "" if self.after is None or self.after.widget is None else self.after.still()
        return still(self.prediction, self.outcome, self.notes, after)

    def _import_ahead(self, names):
        """While the learner thinks, one import after the other whenever no cell runs: so the outcome comes quickly."""
        loop = running_loop()
        if loop is None or not names or self.widget is None:
            return

        def on():
            import_module(names[0])
            self._import_ahead(names[1:])
        self._timer = loop.call_later(AHEAD_S, on)


def panel(name, knobs):
    """The explorer of this name, opened as a panel; not on the page yet."""
    from bpviz import explore
    return getattr(explore, name)(**knobs)


def predict(id):
    """Ask for a prediction before the outcome can be seen; keep the answer, then show both together.

    id: of the prediction, "L03-p1". An answer is kept in bpviz_answers.jsonl beside the notebook, the first one counts.
    Where a program runs the notebook nobody is asked, and nothing is kept: the outcome is shown as text and still.
    Raises ValueError for an unknown id there; a learner reads it as a sentence.
    """
    there = answers.attended()
    try:
        one = predictions()[id]
    except ValueError as error:
        return refused(error)
    if there:
        Predicting(one).show()
        return
    after = ""
    if one.shows is not None:
        shown = panel(*one.shows).finish()
        after = shown.still()
        shown.close()
    display(still(one, outcome(one), after=after), raw=True)
