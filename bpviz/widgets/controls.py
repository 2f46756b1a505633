"""An explorer's knobs as widgets: a menu for a choice; for a number, a slider with a box that holds its value.

A slider can only stand on its steps, and writes that place back into its own value even when it
was merely told where to stand. So the box is what counts; js/knobs.js (in the browser) or the
controls (without it) let the slider move the box only when it truly moved.
"""
from contextlib import contextmanager
from threading import get_ident
from weakref import WeakSet

import ipywidgets as W
import numpy as np

from bpviz.explorers.explorer import Menu
from bpviz.widgets.formula_box import FormulaBox
from bpviz.widgets.home import post
from bpviz.words.catalogue import say

OPEN = WeakSet()                    # all there are: a formula typed into one panel is in the menus of all
LABEL, LETTER = 96, 6.9             # room for a knob's name, at least; an average letter of it, CSS pixels


class Controls:
    """knobs: {name: the widget that holds its value}.  sliders: {name: slider}.  box: all of them, laid out.

    on_move: (knob, value) when a knob's value is another one.  more: the button that shows the rare ones, and on
    narrow pages all but the leading ones, or None; the looks (picture.css) unfold them while it is pressed, so it
    needs no kernel.
    by_itself: whether sliders move their numbers here; else the browser sees to that.
    formulas: the boxes for formulas of one's own, one for each menu that takes them, under the rare knobs.
    """

    def __init__(self, explorer, values, on_move):
        self.knobs, self.sliders, self.rows, self.menus = {}, {}, {}, explorer.menus
        main, rare = [], []
        self.on_move, self.by_itself, self._telling = on_move, True, None
        long = [(knob.rare, round(LETTER * len(knob.label)) + 8) for knob in explorer.knobs]
        rooms = {fold: max([LABEL, *(wide for each, wide in long if each == fold)]) for fold in (False, True)}
        for knob in explorer.knobs:
            rows, label = rare if knob.rare else main, f"{rooms[knob.rare]}px"
            if isinstance(knob, Menu):
                self.knobs[knob.name] = menu(knob, values[knob.name], label)
                rows.append(self.knobs[knob.name])
                rows[-1].layout.display = "none" if knob.told else None
            else:
                self.sliders[knob.name] = slider(knob, values[knob.name], label)
                self.knobs[knob.name] = number(knob, values[knob.name])
                rows.append(W.HBox([self.sliders[knob.name], self.knobs[knob.name]], layout=row()))
                self.rows[knob.name] = rows[-1]
                self._listen(self.sliders[knob.name], self._slid, knob)
            if knob.name in explorer.leading:
                rows[-1].add_class("bpviz-lead")
            self._listen(self.knobs[knob.name], self._moved, knob)
        self.formulas = [FormulaBox(knob, values[knob.name], lambda name, knob=knob: self._typed(knob, name))
                         for knob in explorer.menus if knob.formula]
        self.box, self.more = folded(main, rare, [box.widget for box in self.formulas])
        OPEN.add(self)
        if self.formulas:
            self.more.observe(lambda change: post(lambda: self._unfolded(change["new"])), "value")

    def _listen(self, widget, action, knob):
        """Without what `put` does. Heard in any thread, done at home; not at all if something newer was heard since."""
        def heard(change):
            if self._telling != get_ident():
                post(lambda: change["new"] == widget.value and action(knob, change["new"]))
        widget.observe(heard, "value")

    def _typed(self, knob, name):
        """A formula typed here is one of the choices now, everywhere, and chosen here."""
        for each in list(OPEN):
            each.renew()
        self.on_move(knob, name)

    def _unfolded(self, seen):
        for box in self.formulas:
            box.look(seen, self.knobs[box.knob.name].value)

    def renew(self):
        """Let the menus offer what there is to choose by now; each stays where it is."""
        for knob in self.menus:
            menu, options = self.knobs[knob.name], tuple(knob.options())
            if menu.options != options and menu.value in options:
                with self._quietly(), menu.hold_sync():
                    value = menu.value
                    menu.options, menu.value = options, value

    def _slid(self, knob, place):
        if self.by_itself:
            self.knobs[knob.name].value = knob.slid(self.knobs[knob.name].value, place)

    def _moved(self, knob, value):
        self.on_move(knob, value)

    @contextmanager
    def _quietly(self):
        """What this thread sets is told to nobody here; what another hears meanwhile is."""
        self._telling = get_ident()
        try:
            yield
        finally:
            self._telling = None

    def put(self, values):
        """Set these widgets; nobody is told."""
        self.renew()
        with self._quietly():
            for name, value in values.items():
                self.knobs[name].value = value
                if name in self.sliders:
                    slider = self.sliders[name]                            # its reach may be that of another network
                    slider.max = max(reach(slider, value), slider.max)
                    slider.value = value
        for box in self.formulas:
            box.stands(self.knobs[box.knob.name].value)

    def limit(self, highest, idle=()):
        """Let these sliders reach just so far: {name: highest value}; None hides the slider.

        idle: names of sliders that do nothing now: they are pale and do not move.
        """
        with self._quietly():
            for name in self.sliders:
                for widget in (self.sliders[name], self.knobs[name]):
                    widget.disabled = name in idle
                (self.rows[name].add_class if name in idle else self.rows[name].remove_class)("bpviz-idle")
            for name, high in highest.items():
                self.rows[name].layout.display = "none" if high is None else None
                if high is not None:
                    self.sliders[name].max = max(reach(self.sliders[name], high), self.sliders[name].min)


def reach(slider, high):
    """What a slider calls its `max` if it is to go up to `high`: one in powers of ten says the power."""
    return float(np.log10(high)) if isinstance(slider, W.FloatLogSlider) else high


def folded(main, rare, below=()):
    """(a box of the main rows and, folded away, of the rare ones and what is below them; the button that unfolds these,
    None without any).
    """
    def rows(widgets, name, **room):
        return W.HBox(widgets, layout=W.Layout(flex_flow="row wrap", **room)).add_class(name)

    more = W.ToggleButton(False, description="more", tooltip=say("page", "more"),
                          layout=W.Layout(width="72px", flex="0 0 auto")) if rare or below or len(main) > 2 else None
    if more:
        more.add_class("bpviz-more")
        if not (rare or below):
            more.add_class("bpviz-more-narrow")
    first = W.HBox([rows(main, "bpviz-main", flex="1 1 270px", min_width="0"), *([more] if more else [])],
                   layout=W.Layout(flex_flow="row wrap"))
    folds = [*([rows(rare, "bpviz-rare")] if rare else []), *(each.add_class("bpviz-rare") for each in below)]
    box = W.VBox([first, *folds])
    return box.add_class("bpviz-controls"), more


def row():
    """How a knob lies among the others."""
    return W.Layout(flex="1 1 270px", min_width="0", max_width="460px", overflow="hidden")


def menu(knob, value, label):
    return W.Dropdown(options=list(knob.options()), value=value, description=knob.label,
                      style={"description_width": label}, tooltip=knob.tip or None, layout=row())


def slider(knob, value, label):
    words = dict(value=value, step=knob.step, description=knob.label, readout=False, continuous_update=True,
                 style={"description_width": label}, layout=W.Layout(min_width="180px", flex="1 1 180px"))
    if knob.log:
        return W.FloatLogSlider(min=np.log10(knob.low), max=np.log10(knob.high), base=10, **words)
    return W.FloatSlider(min=knob.low, max=knob.high, **words)


def number(knob, value):
    """The slider's twin: to read, to type, with a name that screen readers hear.

    Unbounded on purpose: a bounded box would quietly change what was typed; the panel answers in a sentence.
    """
    return W.FloatText(value=value, step=1 if knob.whole else knob.low if knob.log else knob.step,
                       description=knob.label, layout=W.Layout(width="80px"), style={"description_width": "0"})
