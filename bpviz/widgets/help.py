"""The buttons under a verdict: Hint, Show me, Worked solution. Core widgets only, so that every front end has them."""
import ipywidgets as W

from bpviz.coursework.learner.guidance import next_hint, now, worked_solution
from bpviz.coursework.learner.progress import HELD_BACK, HINTS
from bpviz.widgets import cells
from bpviz.widgets.home import post
from bpviz.widgets.picture import release
from bpviz.widgets.saved import Saved, show_widget
from bpviz.widgets.verdicts import LOOKS


class Help:
    """The buttons of one check, and a place below them for what they show.

    verdict: of this check.  held: whether the hand-out keeps the worked solution back.
    """

    def __init__(self, exercise, verdict, held=False):
        self.exercise, self.verdict, self.held, self.panel = exercise, verdict, held, None
        self.saved = Saved(self._still)
        self.shows = bool(verdict.example and verdict.first)
        self.hint, self.show, self.solution = (
            W.Button(description=label, tooltip=tip, layout=W.Layout(width="auto")) for label, tip in (
                ("Hint", "one step further, not the answer"),
                ("Show me", "the walk, where your numbers first go wrong"),
                ("Worked solution", "how it is done, and why")))
        for button, action in ((self.hint, self._hint), (self.show, self._show_me), (self.solution, self._solution)):
            button.on_click(lambda _, action=action: post(lambda: self._try(action)))
        self.why_not, self.said, self.place = W.HTML(), W.Output(), W.VBox([])
        buttons = [*([] if verdict.status == "right" else [self.hint]), *([self.show] if self.shows else []),
                   *([] if held else [self.solution]), self.why_not]
        row = W.HBox(buttons, layout=W.Layout(flex_flow="row wrap"))
        row.add_class("bpviz-buttons")
        self.widget = W.VBox([W.HTML(f"<style>{LOOKS}</style>"), row, self.said, self.place])
        self.widget.add_class("bpviz-help")
        self._bring_up_to_date()

    def display(self):
        """Show them in the output of the running cell, with room for the still picture of the walk."""
        show_widget(self.widget)
        if self.shows:
            self.saved.display()
        cells.shown(self)

    def _still(self):
        if self.panel is None:
            return {"text/html": "", "text/plain": ""}
        return {"text/html": self.panel.still(), "text/plain": self.panel.words}

    def close(self):
        """Give all of it back; called when the cell is run again."""
        cells.forget(self)
        if self.panel is not None:
            self.panel.close()
        if self.widget is not None:
            for widget in (self.widget, self.hint, self.show, self.solution):      # not all of them may be on the page
                release(widget)
        self.widget = self.panel = None

    # ---- what the buttons do

    def _hint(self):
        self._say(*next_hint(self.exercise))

    def _solution(self):
        state = now(self.exercise)
        if state.why_not:                          # another cell may have changed it since the button was drawn
            self._say(state.why_not)
        else:
            self._say(*worked_solution(self.exercise, state.copy))

    def _show_me(self):
        from bpviz.explorers.yours import walk_of  # only now: a check needs neither SymPy nor a picture
        from bpviz.widgets.panel import Panel

        walk = walk_of(self.verdict)
        if walk is None:
            return self._say("The walk has no picture of this one.")
        explorer, values = walk
        if self.panel is None:
            self.panel = Panel(explorer, **values)
            self.place.children = (self.panel.within(self.saved),)
            self.show.description = "Show me: opened below ↓"              # it may be below the edge of the window
            self.saved.now()
        else:
            self.panel.set(**values)

    def _say(self, said, note=""):
        said = f"{said}\n\n{note}" if note else said
        self.said.outputs = ({"output_type": "display_data", "metadata": {},
                              "data": {"text/markdown": said, "text/plain": said}},)

    def _try(self, action):
        """What goes wrong is said in the place of the answer: nobody sees an exception of a button."""
        if self.widget is None:
            return
        try:
            action()
        except Exception as error:
            self._say(f"That did not work: {type(error).__name__}: {error}")
        self._bring_up_to_date()

    def _bring_up_to_date(self):
        state = now(self.exercise)
        self.hint.description = f"Hint ({state.hints + 1} of {HINTS})" if state.hints < HINTS else "The hints again"
        why_not = HELD_BACK if self.held else state.why_not
        self.solution.disabled = bool(why_not)
        self.why_not.value = f'<span class="bpviz-why-not">{why_not}</span>'
