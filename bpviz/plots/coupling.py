"""What joins units beside the weights between them: a band around units that depend on one another, and a skip."""
import numpy as np
from matplotlib.patches import FancyArrowPatch, FancyBboxPatch, Rectangle

from bpviz.plots.arrows import NOT_YET, ROAD
from bpviz.plots.label import label
from bpviz.plots.style import BLUE, GREEN, PAPER

PALE = "#eaf2f8"
BEND = 0.25                    # how far a skip bends, in lengths of it


def band(axes, x, wide, ends):
    """A band behind the units at x, from top to floor, CSS pixels: each of them depends on all."""
    top, floor = ends
    axes.add_patch(FancyBboxPatch((x - wide / 2, top), wide, floor - top, zorder=0.2, facecolor=PALE, edgecolor=BLUE,
                                  linewidth=1.2, linestyle=(0, (5, 2)), boxstyle="round,pad=0,rounding_size=14"))


class Skip:
    """A curved arrow from one unit over to the unit of the next layer to which its z is added; +1 is written on it.

    start, end: the middles of the two units.  radius: of a unit. CSS pixels, y downward.
    """

    ROOM = (24, 14)                # of the +1, CSS pixels

    def __init__(self, axes, start, end, radius):
        (x0, y0), (x1, y1) = start, end
        tail, tip = (x0 + 0.92 * radius, y0 - 0.5 * radius), (x1 - 0.92 * radius, y1 - 0.5 * radius)
        words = {"connectionstyle": f"arc3,rad={-BEND}", "shrinkA": 0, "shrinkB": 0, "zorder": 1.6}
        self.road = axes.add_patch(FancyArrowPatch(tail, tip, arrowstyle="-", linewidth=12, color=ROAD, visible=False,
                                                   **{**words, "zorder": 0.6}))
        self.arrow = axes.add_patch(FancyArrowPatch(tail, tip, arrowstyle="-|>", mutation_scale=13, linewidth=2.2,
                                                    linestyle=(0, (6, 1.5, 1.5, 1.5)), **words))
        middle = (np.array(tail) + tip) / 2 + BEND / 2 * np.array([tip[1] - tail[1], tail[0] - tip[0]])
        self.place = middle
        self.paper = axes.add_patch(Rectangle(middle - np.divide(self.ROOM, 2), *self.ROOM, color=PAPER, zorder=1.7))
        self.text = label(axes, *middle, "+1", ha="center", fontsize=9.5, fontweight="bold", color=GREEN)
        self.text.set_zorder(1.8)
        self.artists = (self.road, self.arrow, self.paper, self.text)

    def update(self, found, on_road, numbers):
        """found: whether the z it leads to is found.  on_road: whether the slope has come over it.

        numbers: ((x, y, wide, high), ...) of the numbers on the page, by their middles: they come before the +1.
        """
        x, y, wide, high = np.array(numbers, float).T
        across, up = np.abs([x - self.place[0], y - self.place[1]])
        covered = ((across < (wide + self.ROOM[0]) / 2) & (up < (high + self.ROOM[1]) / 2)).any()
        self.paper.set_visible(not covered)
        self.text.set_visible(not covered)
        self.arrow.set_color(GREEN if found else NOT_YET)
        self.road.set_visible(on_road)
