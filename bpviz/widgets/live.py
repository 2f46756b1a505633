"""The live picture of an explorer: how large it is, how it is made, and how long it is waited for."""
import time

import ipywidgets as W

from bpviz.plots.layout import SIDE_BY_SIDE
from bpviz.widgets.home import post, running_loop
from bpviz.widgets.picture import Picture
from bpviz.widgets.words import headed
from bpviz.words.catalogue import say

WIDTH, NARROWEST, WIDEST, GRAIN = 940, 300, 1600, 10       # of pictures, CSS pixels: they come in multiples of GRAIN
NARROW = 600                           # a page in which pictures stand below one another
PATIENCE_S, TICK_S = 4.0, 0.25
SIZES = {"normal": 1.0, "lecture": 1.6}                    # how much larger letters and lines are, at most
HALL = 520                             # CSS pixels, of a main picture on one screen of 1400 x 800
last_size = [WIDTH, 1.0]               # what a browser told last; the next panel begins with that


def within(width, ratio):
    """A size that a browser told, (width in CSS pixels, device pixels to each), as pictures are made."""
    return int(min(max(width or WIDTH, NARROWEST), WIDEST)) // GRAIN * GRAIN, float(min(max(ratio or 1.0, 1.0), 3.0))


def drawn(explorer, size, width):
    """(how wide a picture is drawn, CSS pixels, how much larger it is then shown): for a lecture a narrower one.

    So letters and lines grow together. On a wide page it is as much larger as its main picture still stands on one
    screen of a hall, in either arrangement of its layout, and never wider than that arrangement.
    """
    scale = max(1.0, min(SIZES[size], width / NARROWEST))
    if width < SIDE_BY_SIDE:
        return width / scale, scale
    while scale > 1:
        for wide in (min(width / scale, SIDE_BY_SIDE - GRAIN), width / scale):
            if explorer.layout.main(wide) * scale <= HALL:
                return wide, scale
        scale -= 0.02
    return width, 1.0


def high(explorer, size, width):
    """How high its picture of this width is, CSS pixels."""
    narrower, scale = drawn(explorer, size, width)
    return round(explorer.layout.height(narrower) * scale)


def wide(explorer, size, width):
    """How wide its picture is on a page of this width, CSS pixels."""
    narrower, scale = drawn(explorer, size, width)
    return round(narrower * scale)


def room(explorer, size):
    """How wide and how high pictures on pages of every width are, see Picture."""
    widths = range(NARROWEST, WIDEST + 1, GRAIN)
    return {"least": NARROWEST, "grain": GRAIN, "widths": [wide(explorer, size, width) for width in widths],
            "heights": [high(explorer, size, width) for width in widths]}


def live_picture(explorer, controls, width, size="normal", hears=None):
    """The Picture of an explorer that watches these controls, with room for what is `width` wide.  hears: see Heard."""
    knobs, handle, box = explorer.sliders, list(explorer.handle), list(explorer.box)
    moved = dict(zip(("across", "up"), (explorer.knob(name).label for name in handle), strict=False))
    return Picture(hears=hears,     # all at once: the browser reads the sliders as soon as the picture exists
        sliders=controls.sliders, numbers={knob.name: controls.knobs[knob.name] for knob in knobs},
        knobs={knob.name: {"log": knob.log, "digits": knob.digits, "low": knob.low, "high": knob.high,
                           "sets": knob.sets} for knob in knobs},
        handle=handle, box=box, plays=explorer.plays, play=explorer.play,
        room=room(explorer, size),
        layout=W.Layout(min_height=f"{high(explorer, size, width) + around(width)}px"),
        label=" ".join([headed(explorer.title), *(say("page", "arrow_keys", moves=what, **moved) for what, there in
                                                  (("point", handle), ("window", box and not handle),
                                                   ("light", explorer.products)) if there)]))


def around(width):
    """How much room the verdict above a picture of this width and the tools below it take, CSS pixels (picture.css)."""
    return 108 if width >= SIDE_BY_SIDE else 184


class Patience:
    """Calls on_over() if no live picture was heard of for PATIENCE_S.

    A cell that keeps the kernel busy keeps it from hearing, too: that time does not count.
    """

    def __init__(self, on_over):
        self.on_over, self.left, self.timer, self.ended = on_over, PATIENCE_S, None, False

    def begin(self):
        loop = running_loop()
        if loop is not None and self.timer is None and not self.ended:
            self.timer = loop.call_later(TICK_S, self._tick, loop, time.monotonic())

    def _tick(self, loop, since):
        now = time.monotonic()
        self.left -= TICK_S if now - since < 2 * TICK_S else 0
        if self.ended:
            self.timer = None
        elif self.left > 0:
            self.timer = loop.call_later(TICK_S, self._tick, loop, now)
        else:
            self.ended, self.timer = True, None
            post(self.on_over)

    def end(self):
        self.ended = True
