"""The panel's lower half in core widgets only: for a front end that cannot load the live picture, or on request."""
import ipywidgets as W

from bpviz.widgets.home import post
from bpviz.widgets.words import error_html, said_html
from bpviz.words.catalogue import say


class Core:
    """box: picture, words and table, Reset and State; hidden until `show(True)`.

    on_reset: ().  on_state: (text), when something else than the last state was put into its box.
    """

    def __init__(self, on_reset, on_state):
        self.image = W.Image(format="png", layout=W.Layout(max_width="100%"))
        self.text = W.HTML(layout=W.Layout(max_width="100%"))
        self.text.add_class("bpviz-core-table")
        self.reset = W.Button(description="Reset", tooltip=say("page", "reset"),
                              layout=W.Layout(width="auto"))
        self.state = W.Text(description="State", continuous_update=False, style={"description_width": "auto"},
                            layout=W.Layout(flex="1 1 auto"))
        self.reset.on_click(lambda _: post(on_reset))
        self.state.observe(lambda change: post(lambda: self._typed(change["new"], on_state)), "value")
        self._state = ""
        foot = W.HBox([self.reset, self.state])
        foot.add_class("bpviz-controls")
        self.box = W.VBox([self.image, self.text, foot], layout=W.Layout(display="none"))

    @property
    def shown(self):
        return self.box.layout.display is None

    def show(self, wanted):
        self.box.layout.display = None if wanted else "none"

    def _typed(self, text, on_state):
        if text != self._state:
            on_state(text)

    def put(self, state, error, words="", table=None):
        """State, the error if there is one, and words and table of the last result if there is one."""
        self.text.value = error_html(error) + ("" if table is None else said_html(words, table))
        self._state = self.state.value = state

    def picture(self, png, width):
        """png: bytes.  width: in CSS pixels."""
        self.image.value, self.image.layout.width = png, f"{width}px"
