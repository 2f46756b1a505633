"""An explorer's knobs as widgets: a menu for a choice; for a number, a slider with a box that holds its value.

A slider can only stand on its steps, and writes that place back into its own value even when it
was merely told where to stand. So the box is what counts; picture.js (in the browser) or the
panel (without it) lets the slider move the box only when it truly moved.
"""
import ipywidgets as W
import numpy as np

from bpviz.explorers.explorer import Menu

LABEL = "96px"


class Controls:
    """knobs: {name: the widget that holds its value}.  sliders: {name: slider}.  box: all of them, laid out."""

    def __init__(self, explorer, values):
        self.knobs, self.sliders, self.rows, rows = {}, {}, {}, []
        for knob in explorer.knobs:
            if isinstance(knob, Menu):
                self.knobs[knob.name] = menu(knob, values[knob.name])
                rows.append(self.knobs[knob.name])
            else:
                self.sliders[knob.name] = slider(knob, values[knob.name])
                self.knobs[knob.name] = number(knob, values[knob.name])
                rows.append(W.HBox([self.sliders[knob.name], self.knobs[knob.name]]))
                self.rows[knob.name] = rows[-1]
        for row in rows:
            row.layout = W.Layout(flex="1 1 340px", max_width="460px", overflow="hidden")
        self.box = W.HBox(rows, layout=W.Layout(flex_flow="row wrap"))

    def put(self, values):
        """Set every widget."""
        for name, value in values.items():
            self.knobs[name].value = value
            if name in self.sliders:
                if isinstance(self.sliders[name], W.FloatSlider):          # its reach may be that of another network
                    self.sliders[name].max = max(value, self.sliders[name].max)
                self.sliders[name].value = value

    def limit(self, highest):
        """Let these sliders reach just so far: {name: highest value}; None hides the slider."""
        for name, high in highest.items():
            self.rows[name].layout.display = "none" if high is None else None
            if high is not None:
                self.sliders[name].max = max(high, self.sliders[name].min)


def menu(knob, value):
    return W.Dropdown(options=list(knob.options()), value=value, description=knob.label,
                      style={"description_width": LABEL}, tooltip=knob.tip or None)


def slider(knob, value):
    words = dict(value=value, step=knob.step, description=knob.label, readout=False, continuous_update=True,
                 style={"description_width": LABEL}, layout=W.Layout(min_width="200px", flex="1 1 auto"))
    if knob.log:
        return W.FloatLogSlider(min=np.log10(knob.low), max=np.log10(knob.high), base=10, **words)
    return W.FloatSlider(min=knob.low, max=knob.high, **words)


def number(knob, value):
    """The slider's twin: to read, to type, with a name that screen readers hear.

    Unbounded on purpose: a bounded box would quietly change what was typed; the panel answers in a sentence.
    """
    return W.FloatText(value=value, step=1 if knob.whole else knob.low if knob.log else knob.step,
                       description=knob.label, layout=W.Layout(width="92px"), style={"description_width": "0"})
