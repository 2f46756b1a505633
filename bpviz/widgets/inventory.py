"""`bp.inventory("before")`: twenty questions, one after the other; answers are kept, nothing is told the first time."""
import ipywidgets as W
from IPython.display import HTML, display

from bpviz.base.arguments import refuse
from bpviz.coursework.inventory.items import ITEMS
from bpviz.coursework.inventory.scored import WHENS, answered, told
from bpviz.coursework.learner import answers
from bpviz.widgets import cells
from bpviz.widgets.asked import STILL_LOOKS, Asked, form, meant, refused, worded
from bpviz.widgets.home import ask, post
from bpviz.widgets.picture import release
from bpviz.widgets.saved import Saved, show_widget
from bpviz.widgets.words import error_html, sentence
from bpviz.words.catalogue import say


class Inventory:
    """One round of questions in one cell.  when: "before" or "after"."""

    def __init__(self, when):
        self.when, self.item, self.asked = when, None, None
        self.saved, self.note = Saved(self._still), ""
        self.widget = W.VBox([])
        self.widget.add_class("bpviz-predict")
        self._next()

    def show(self):
        """Show it in the running cell, at the first question that was not answered."""
        show_widget(self.widget)
        self.saved.display()
        cells.shown(self)

    def close(self):
        """Give the widgets back; what is on the page becomes the still."""
        def now():
            if self.widget is not None:
                self.saved.now()
                cells.forget(self)
                release(self.widget)
            self.widget = self.asked = None
        ask(now)

    # ---- what comes in

    def _browser_says(self, asked, message, buffers):
        """In whatever thread messages are heard: the answer is kept at once, the next question comes at home."""
        cells.somebody_looks()
        if not isinstance(message, dict) or message.get("kind") != "commit" or asked is not self.asked:
            return
        try:
            answer, sure = meant(self.item.asks, message)
            self.note = answers.keep({"kind": "inventory", "id": f"{self.when}-{self.item.id}", "answer": answer,
                                      "sure": sure})
        except Exception as error:
            asked.refuse(sentence(error))
        else:
            post(lambda: self._committed(asked))

    def _committed(self, asked):
        if self.widget is not None and asked is self.asked:
            self._next(follows=True)
            self.saved.now()

    # ---- what goes out

    def _next(self, follows=False):
        """The first question without an answer, or what is said when there is none."""
        done, old = answered(self.when).outcomes, self.asked
        self.item = next((one for one in ITEMS if one.id not in done), None)
        if self.item is None:
            self.asked = None
            self.widget.children = [W.HTML(self._said_html())]
        else:
            number = ITEMS.index(self.item) + 1
            self.asked = Asked(self._browser_says, form=form(
                f"{self.when}-{self.item.id}", self.item.question, self.item.asks, follows=follows,
                head=say("page", "inventory_head", number=number, many=len(ITEMS)), kept=say("page", "inventory_kept")))
            self.widget.children = [self.asked, *([W.HTML(error_html(self.note))] if self.note else [])]
        if old is not None:
            release(old)

    @property
    def words(self):
        """What is said so far: how far one is; after the second round, what came of both."""
        done = answered(self.when)
        if not done.complete:
            return [say("page", "inventory_open", done=len(done.outcomes), many=len(ITEMS))]
        if self.when == "before":
            return [say("page", "inventory_before", many=len(ITEMS))]
        return told(answered("before"), done)

    def _said_html(self):
        said = "".join(map(worded, self.words))
        return f'<style>{STILL_LOOKS}</style><div class="bpviz-asked-static bpviz-inventory">{said}</div>'

    def _still(self):
        return {"text/html": self._said_html(), "text/plain": "\n".join(self.words)}


def inventory(when):
    """Twenty questions about what you believe of networks and learning: before lesson 1, and again after lesson 9.

    when: "before" or "after". Answers are kept in bpviz_answers.jsonl beside the notebook, the first one counts.
    Nothing is told after the first time; after the second you see what changed. Where a program runs the notebook
    nobody is asked.
    Raises ValueError for another word there; a learner reads it as a sentence.
    """
    try:
        if not isinstance(when, str) or when not in WHENS:
            refuse("when", when, 'allowed is "before" or "after"')
    except ValueError as error:
        return refused(error)
    if answers.attended():
        Inventory(when).show()
    else:
        display(HTML(f"<p>{say('page', 'inventory_open', done=0, many=len(ITEMS))}</p>"))
