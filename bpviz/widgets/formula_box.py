"""A box to type an activation or a loss of one's own: refused in words, or proved, drawn, and chosen in the menu.

It says "proving" before it proves; the panel waits no longer than that takes (a tenth of a second, as measured).
"""
import html
from importlib import import_module

import ipywidgets as W

from bpviz.plots.curves import draw_formula
from bpviz.plots.still import still
from bpviz.widgets.home import post, running_loop
from bpviz.widgets.words import error_html, sentence
from bpviz.words.catalogue import say

WIDTH, HEIGHT = 440, 150        # of the plot, CSS pixels
SHOW_S = 0.05                   # for "proving" to reach the page


class FormulaBox:
    """widget: field, button, what is said, plot. knob: the Menu it is for.

    on_choose: (name), when a formula has been taken.  seen: whether it is unfolded: nothing is drawn before.
    name: what is drawn, what the menu stands on.
    """

    def __init__(self, knob, name, on_choose):
        self.knob, self.kind, self.name, self.on_choose = knob, knob.formula, name, on_choose
        self.seen, self.drawn, self.taken, self.asked = False, "", None, None
        label, tip, example = (say("page", f"formula_{key}", kind=self.kind, name="")
                               for key in ("label", "tip", "example"))
        self.field = W.Text(description=label, placeholder=example, continuous_update=False, tooltip=tip,
                            style={"description_width": "auto"}, layout=W.Layout(flex="1 1 200px", min_width="0"))
        self.button = W.Button(description="Take it", tooltip=tip, layout=W.Layout(width="auto", flex="0 0 auto"))
        self.tip = f"<p>{html.escape(tip)}</p>"
        self.said = W.HTMLMath(self.tip, layout=W.Layout(height="112px", overflow="auto", margin="0"))
        self.plot = W.HTML(layout=W.Layout(flex=f"0 1 {WIDTH}px", height=f"{HEIGHT + 4}px", margin="0"))
        self.field.observe(lambda change: post(lambda: self.type(change["new"])), "value")
        self.button.on_click(lambda _: post(lambda: self.type(self.field.value)))
        asked = W.HBox([self.field, self.button], layout=W.Layout(flex_flow="row wrap"))
        words = W.VBox([asked, self.said], layout=W.Layout(flex="1 1 300px", min_width="0"))
        self.widget = W.HBox([words, self.plot], layout=W.Layout(flex_flow="row wrap"))

    # ---- what is typed

    def type(self, text):
        """Take this formula, or say why not. Leaving the box and the button both ask: the same is asked once."""
        text = text.strip()
        if not text or text == self.asked:
            return
        self.asked = text
        self._say(f'<p role="status">{html.escape(say("page", "formula_proving"))}</p>')
        loop = running_loop()
        if loop is None:
            self._take(text)
        else:
            loop.call_later(SHOW_S, post, lambda: self.asked == text and self._take(text))

    def _take(self, text):
        try:
            self.taken = _symbolic().typed(self.kind, text)
        except Exception as error:
            self._say(error_html(sentence(error)))
            return
        self._say(taken_html(self.kind, self.taken))
        self.on_choose(self.taken.name)

    def _say(self, text):
        self.said.value = text

    # ---- what is shown

    def look(self, seen, name):
        """The box is unfolded or folded, the menu stands on this name."""
        self.seen = seen
        self.stands(name)

    def stands(self, name):
        """The menu stands on this name: its curves are drawn; what was said of another goes, and may be typed again."""
        self.name = name
        if self.taken is not None and name != self.taken.name:
            self.asked = self.taken = None
            self._say(self.tip)
        if self.seen and self.drawn != name:
            self.drawn, self.plot.value = name, plot_html(self.kind, name)


def _symbolic():
    """Loaded when first needed: a panel opens without SymPy."""
    return import_module("bpviz.symbolic.typed")


def taken_html(kind, taken):
    """Formula, slope and proof of a Typed. f is a function of z; a loss L of the output o is derived by o."""
    value, slope = ("f(z)", "f'(z)") if kind == "activation" else (r"L(o, t)", r"\frac{\partial L}{\partial o}")
    words = say("page", "formula_taken", name=taken.name, points=taken.points, jumps=taken.jumps)
    return (f"<p>${value} = {html.escape(taken.formula)}$</p><p>${slope} = {html.escape(taken.slope)}$</p>"
            f'<p role="status">{html.escape(words)}</p>')


def plot_html(kind, name):
    """The picture of an activation or a loss of this name with its slope; nothing for a loss of the score."""
    x, lines = _symbolic().curves(kind, name, reach=4.0)
    if not lines:
        return ""
    along = "z, the pre-activation" if kind == "activation" else "o, the output"
    return still(WIDTH, HEIGHT, (52, 30, WIDTH - 12, HEIGHT - 44), lambda axes: draw_formula(axes, x, lines, along),
                 say("page", "formula_drawn", kind=kind, name=name)).image
