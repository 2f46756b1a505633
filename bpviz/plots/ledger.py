"""The chain rule on the road from the loss back to a weight: a factor on each arrow, the product so far below it."""
import numpy as np

from bpviz.base.work import value_of
from bpviz.plots.label import label
from bpviz.plots.light import written
from bpviz.plots.style import BLUE, INK, ORANGE, PAPER, WARM, pixels
from bpviz.words.catalogue import say

MOST_FACTORS, MOST_ROADS = 7, 2


def coloured(value):
    """WARM above 0 (more raises the loss), BLUE below, as in the walk; the sign is always written too."""
    return WARM if value > 0 else BLUE if value < 0 else INK


class Ledger:
    """In axes of CSS pixels, y downward: each road from the loss on the right back to the weight on the left.

    On narrow axes a road is a list instead, a factor a line.  number: (value) -> text.
    """
    NARROW = 540

    def __init__(self, axes, number):
        width, height = pixels(axes)
        axes.set(xlim=(0, width), ylim=(height, 0))
        axes.set_axis_off()
        self.width, self.number, self.wide = width, number, width >= self.NARROW
        self.height = height if self.wide else height - 22
        self.lines = [axes.plot([], [], color=INK, linewidth=1.3)[0] for _ in range(MOST_ROADS)]
        self.heads, = axes.plot([], [], "<", color=INK, markersize=6, linewidth=0)
        self.nodes, = axes.plot([], [], "o", markersize=25, markerfacecolor=PAPER, markeredgecolor=INK, linewidth=0)
        self.ends, = axes.plot([], [], "s", markersize=23, markerfacecolor="#fff0cc", markeredgecolor=ORANGE,
                               markeredgewidth=2, linewidth=0)
        self.texts = [label(axes, 0, 0, fontsize=10, ha="center", spelt=True)
                      for _ in range(MOST_ROADS * (4 * MOST_FACTORS + 1))]
        self.spots = []                               # of now, for Light
        self.note = label(axes, 2, height - 9, fontsize=9, color="#5a5a5a")
        self.artists = (*self.lines, self.heads, self.nodes, self.ends, *self.texts, self.note)

    def update(self, roads):
        """roads: as Spelled.roads."""
        value_of(self.pieces(roads))

    def pieces(self, roads):
        """The same as a generator of pieces of work, a formula each."""
        texts = iter(self.texts)
        for text in self.texts:
            text.set_text("")

        self.spots = []

        def put(words, x, y, size, room, colour=INK, weight="normal", names=""):
            text = next(texts)
            text.set(text=words, x=x, y=y, fontsize=size, color=colour, fontweight=weight)
            text.set_fontsize(min(size, max(6 if words.startswith("$") else 8, size * room / text.wide())))
            if names and words:
                self.spots.append((*written(names, text)[:6], 26) if words.startswith("$") else written(names, text))

        self.note.set_text("" if self.wide else say("chain_rule", "ledger_short", roads=len(roads)))
        yield from (self._across if self.wide else self._down)(roads, put)

    def _across(self, roads, put):
        high, marks, one = self.height / len(roads), ([], [], []), len(roads) == 1
        above, beside, lower = (24, 30, 44) if one else (19, 9, 23)
        for artist, size in ((self.nodes, 25), (self.ends, 23)):
            artist.set_markersize(size if one else 0.75 * size)
        for line, k in zip(self.lines, range(MOST_ROADS), strict=True):
            line.set_data([], [])
            if k >= len(roads):
                continue
            y, x = (k + 0.5) * high - (8 if one else -2), np.linspace(self.width - 22, 48, len(roads[k]) + 1)
            room = x[0] - x[1]
            line.set_data([x[0], x[-1]], [y, y])
            for points, places in zip(marks, (x[:-1], x[-1:], (x[1:] + x[:-1]) / 2), strict=True):
                points += [(each, y) for each in places]
            put("$L$", x[0], y, 12, 40, names="L")
            for j, (place, factor, value, product, (name, names)) in enumerate(roads[k]):
                middle = (x[j] + x[j + 1]) / 2
                put(f"${place}$", x[j + 1], y, 10 if one else 9, 60, names=name)
                put(f"${factor}$", middle, y - above, 10, room if one else room - 26, names=names)
                times = "" if value is None else f"× {self.number(value)}"
                put(times, middle, y + beside, 9.5 if one else 9, room - 30, names=names)
                put(self.number(product), x[j + 1], y + lower, 10, room - 4, coloured(product), "bold",
                    name if one else "")          # on one of two roads it is not yet the slope
                yield
        for artist, points in zip((self.nodes, self.ends, self.heads), marks, strict=True):
            artist.set_data(*zip(*points, strict=True))

    def _down(self, roads, put):
        count = sum(map(len, roads))
        step, y = min(30, (self.height - 8) / count), 14
        for road in roads:
            for _, factor, value, product, (name, names) in road:
                put(f"$\\times\\;{factor}$", 0.22 * self.width, y, 10.5, 0.4 * self.width, names=names)
                put("" if value is None else f"× {self.number(value)}", 0.57 * self.width, y, 10, 0.24 * self.width,
                    names=names)
                put(self.number(product), 0.86 * self.width, y, 10, 0.26 * self.width, coloured(product), "bold",
                    name if len(roads) == 1 else "")
                y += step
                yield


class NudgeTable:
    """In axes of CSS pixels, y downward: nudges of a weight, how far the loss moved, and what its slope promised."""

    def __init__(self, axes, number):
        width, height = pixels(axes)
        axes.set(xlim=(0, width), ylim=(height, 0))
        axes.set_axis_off()
        self.number, across = number, (0, 0.62 * width, width)
        self.head = [label(axes, x, 10, say("chain_rule", f"nudge_{part}"), fontsize=9.5, color="#5a5a5a",
                           ha="right" if x else "left")
                     for part, x in zip(("by", "moved", "said"), across, strict=True)]
        self.rooms = width, 0.62 * width - 56, 0.38 * width - 8
        self.rule, = axes.plot([0, width], [21, 21], color=INK, linewidth=1)
        self.rows = [[label(axes, x, 34 + 20 * k, fontsize=10, spelt=True, ha="left" if x == 0 else "right",
                            fontweight="normal" if k else "bold") for x in across] for k in range(4)]
        self.last = label(axes, 0, height - 9, fontsize=9, color="#5a5a5a")
        self.artists = (*self.head, self.rule, *sum(self.rows, []), self.last)

    def update(self, weight, nudge, others):
        """weight: its name.  nudge, others: Nudges, the one asked for and three to compare it with."""
        self.head[0].set_text(weight)
        shown = (nudge, *(one for one in others if one.by != nudge.by))
        for text in sum(self.rows[len(shown):], []):
            text.set_text("")
        for row, one in zip(self.rows, shown, strict=False):
            name = f"{'−' if one.by < 0 else '+'} {abs(one.by):g}"
            moved = say("chain_rule", "nudge_lost") if one.lost else self.number(one.moved)
            marks = moved, self.number(one.promised) + (" ✗" if one.broken else "")
            for text, words, room in zip(row, (name, *marks), self.rooms, strict=True):
                text.set(text=words, fontsize=10)
                text.set_fontsize(min(10, max(8, 10 * room / text.wide())))
        self.last.set_text(say("chain_rule", "nudge_note"))
