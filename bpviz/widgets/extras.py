"""What some explorers show besides picture and words: text that folds, and buttons that answer or move knobs.

Text is HTML with formulas between dollar signs, which the notebook sets (W.HTMLMath).
"""
import ipywidgets as W

from bpviz.widgets.home import post
from bpviz.widgets.words import error_html, on_screen


class Extras:
    """widgets: to be put below the panel. `show(scene, result)` brings them up to date.

    go: ({knob: value}), what moves the knobs of the panel.
    """

    def __init__(self, explorer, go):
        self.explorer, self.go, self.now = explorer, go, None
        self.fold = W.HTMLMath() if explorer.fold else None
        self.answer = W.HTMLMath() if explorer.actions else None
        self.buttons = [W.Button(description=label, tooltip=tip, layout=W.Layout(width="auto"))
                        for label, tip, _ in explorer.actions]
        for button, (_, _, act) in zip(self.buttons, explorer.actions, strict=True):
            button.on_click(lambda _, act=act: post(lambda: self.act(act)))
        row = [*([self.fold] if explorer.fold else []), *self.buttons]
        if explorer.fold:
            self.fold.layout.flex = "1 1 auto"
        self.widgets = [*([W.HBox(row, layout=W.Layout(align_items="flex-start"))] if row else []),
                        *([self.answer] if self.buttons else [])]

    def show(self, scene, result):
        """Fold text for this result; an answer given for other values is taken away."""
        changed = self.now is not None and self.now[1] is not result
        self.now = scene, result
        if self.explorer.fold:
            text = self.explorer.fold(scene, result)
            if text != self.fold.value:
                self.fold.value = text
        if changed and self.answer is not None and self.answer.value:
            self.answer.value = ""

    def act(self, act):
        """Run an action; what goes wrong is said in its place."""
        try:
            answer = act(*self.now)
            if isinstance(answer, dict):
                self.go(answer)
            else:
                self.answer.value = answer
        except Exception as error:
            self.answer.value = error_html(on_screen(error, self.explorer.knobs))
