"""Arrows whose thickness is a size, and whose colour and dash together are a sign; and the key that says so.

Forward, blue and solid is a number above 0, vermilion and dashed one below. Backward, vermilion and dashed is a weight
of which more raises the loss, blue and solid one of which more lowers it. A picture shows one of the two at a time.
"""
import numpy as np
from matplotlib.patches import Polygon

from bpviz.plots.label import label
from bpviz.plots.style import BLUE, INK, VERMILION

THIN, THICK = 1.3, 9.0                       # of the smallest size and of the largest, CSS pixels
NOT_YET, ROAD = "#b8b8b8", "#ffe2a3"
DASHED = (0, (1.7, 0.9))


def look(way, number, most):
    """(colour, dashed or not, thickness in CSS pixels) of an arrow with this number; None is not found yet."""
    if number is None:
        return NOT_YET, False, 1.0
    if number == 0:
        return INK, False, 1.0
    share = min(abs(number) / most, 1.0) if np.isfinite([most, number]).all() else 1.0
    dashed = (number < 0) == (way == "forward")
    return VERMILION if dashed else BLUE, dashed, THIN + (THICK - THIN) * share


class Arrow:
    """One arrow in axes of CSS pixels, from tail to tip, arrays (2,): a shaft, a head, and the road below."""

    def __init__(self, axes, tail, tip, zorder=1):
        self.tail, self.tip = tail, tip
        self.band, = axes.plot(*zip(tail, tip, strict=True), color=ROAD, linewidth=0.72 * 17, zorder=zorder - 0.5,
                               solid_capstyle="round", visible=False)
        self.shaft, = axes.plot([], [], zorder=zorder, solid_capstyle="butt", dash_capstyle="butt")
        self.head = axes.add_patch(Polygon([tail, tip, tip], closed=True, linewidth=0, zorder=zorder))

    @property
    def artists(self):
        return self.band, self.shaft, self.head

    def update(self, way, number, most, on_road):
        colour, dashed, thick = look(way, number, most)
        along = (self.tip - self.tail) / np.hypot(*(self.tip - self.tail))
        across, long, half = np.array([-along[1], along[0]]), 7 + 0.9 * thick, 3.2 + 0.62 * thick
        neck = self.tip - long * along
        self.shaft.set(data=([self.tail[0], neck[0]], [self.tail[1], neck[1]]), color=colour, linewidth=0.72 * thick,
                       linestyle=DASHED if dashed else "-")
        self.head.set(xy=[self.tip, neck + half * across, neck - half * across], facecolor=colour)
        self.band.set_visible(on_road)


class Key:
    """What the arrows mean, in the words that it is given, on one line or two from (x, y) on, CSS pixels downward."""
    LINE, SAMPLE = 17, 26

    def __init__(self, axes, x, y, wide):
        self.x, self.y, self.wide, words = x, y, wide, {"fontsize": 9.5 if wide > 420 else 9}
        self.title = label(axes, x, y, **words)
        self.words = [label(axes, 0, 0, **words) for _ in range(5)]
        self.samples = [axes.plot([], [], solid_capstyle="butt", dash_capstyle="butt")[0] for _ in range(5)]
        self.artists = (self.title, *self.samples, *self.words)

    def update(self, way, most, title, plus, minus, size, road, note):
        """title, plus, minus, size, road, note: words, "" for what is not there; the note needs no sample."""
        self.title.set_text(f"{title}   {note}")
        if self.title.wide() > self.wide:
            self.title.set_text(title)
        else:
            note = ""
        x, y = self.x, self.y + self.LINE
        for text, sample, words, number in zip(self.words, self.samples, (plus, minus, size, road, note),
                                               (most / 2, -most / 2, most, None, None), strict=True):
            text.set_text(words)
            sample.set_visible(bool(words) and words != note)
            if not words:
                continue
            room = 0 if words == note else self.SAMPLE + 5
            if x + room + text.wide() > self.wide:
                x, y = self.x, y + self.LINE
            colour, dashed, thick = look(way, number, most) if number is not None else (ROAD, False, 13)
            if words == size:
                colour, dashed = INK, False
            sample.set(data=([x, x + self.SAMPLE], [y, y]), color=colour, linewidth=0.72 * thick,
                       linestyle=DASHED if dashed else "-")
            text.set(x=x + room, y=y)
            x += room + text.wide() + 12
