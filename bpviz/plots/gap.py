"""The loss beside the outputs: a sum of squared gaps as squares whose side is the gap, any other loss as a box."""
import numpy as np
from matplotlib.patches import Rectangle

from bpviz.plots.label import label
from bpviz.plots.style import INK, ORANGE, VERMILION
from bpviz.words.catalogue import say

MOST = 54                      # the side of the largest gap's square, CSS pixels
BOX = 74, 40                   # of another loss, whose number stands in it
PALE = "#f7dfd0"


class LossColumn:
    """In axes of CSS pixels: at x, beside the outputs at `spots`, between top and floor.

    name: what stands above it.  places: where the loss is reached from each output.  reach: how far in front of it an
    arrow ends.  room: for what is written there, side by side with the outputs' own numbers.
    """
    room = 102

    def __init__(self, axes, x, spots, ends, squared):
        self.x, self.spots, self.squared = x, spots, squared
        self.name = say("backprop", "loss_title", squared=squared, outputs=len(spots))
        top, floor = ends
        middle = np.mean([y for _, y in spots])
        self.each = min(MOST, (floor - top) / len(spots) - (44 if len(spots) < 3 else 60))
        self.places = [(x, y if squared else middle) for _, y in spots]
        self.reach = 0.5 * (MOST if squared else BOX[0]) + 5
        self.squares = [axes.add_patch(Rectangle((x, y), 0, 0, facecolor=PALE, edgecolor=VERMILION, linewidth=1.8,
                                                 visible=False)) for _, y in (spots if squared else ())]
        self.answers = [label(axes, x, 0, ha="center", fontsize=9.5) for _ in self.squares]
        self.start = [axes.plot(px - self.reach, py, "s", markersize=7, markerfacecolor=ORANGE, markeredgecolor=INK,
                                visible=False)[0] for px, py in (self.places if squared else self.places[:1])]
        if not squared:
            axes.add_patch(Rectangle((x - 0.5 * BOX[0], middle - 0.5 * BOX[1]), *BOX, facecolor=PALE,
                                     edgecolor=VERMILION, linewidth=1.8))
        self.artists = (*self.squares, *self.answers, *self.start)

    def target(self, unit):
        """Where the target of output 1, 2, ... is written: above its square; beside a box, off the arrow to it."""
        side = 1 if not self.squared and unit > (len(self.spots) + 1) // 2 else -1
        return self.x, self.spots[unit - 1][1] + side * (0.5 * self.each + 11)

    def update(self, gaps, digits, back):
        """gaps: as Flow.gaps.  digits: (number) -> text.  back: whether the slopes are on their way back from here."""
        largest = max((abs(answer - target) for answer, target in gaps), default=0) or 1.0
        for k, (square, text) in enumerate(zip(self.squares, self.answers, strict=True)):
            there = k < len(gaps)
            square.set_visible(there)
            text.set_text(f"answer {digits(gaps[k][0])}" if there else "")
            if there:
                (x, y), side = self.places[k], self.each * min(abs(gaps[k][0] - gaps[k][1]) / largest, 1.0)
                square.set_bounds(x - side / 2, y - side / 2, side, side)
                text.set_y(y + 0.5 * self.each + 11)
        for mark in self.start:
            mark.set_visible(back)
