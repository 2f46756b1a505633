"""Numbered lines of code to click: the chosen one has a frame and a mark, and below stands how it should read."""
from matplotlib.patches import FancyBboxPatch

from bpviz.plots.label import label
from bpviz.plots.style import GREEN, GRID, INK, VERMILION, WARM, pixels

MONO, GREY = "monospace", "#555555"
TITLE, ABOVE, ROW, GAP = 10, 36, 22, 10           # CSS pixels: of the title, the first line above, a row, between
SMALL = 16
PLAIN = {"facecolor": "#f4f4f4", "edgecolor": GRID, "linewidth": 0.8}
WRONG = {"facecolor": "#fbe9df", "edgecolor": VERMILION, "linewidth": 1.8}
FOUND = {"facecolor": "#e0f3ec", "edgecolor": GREEN, "linewidth": 1.8}


def listing_height(above, lines):
    """How high it is with so many lines above and so many of code, CSS pixels."""
    return ABOVE + SMALL * above + GAP + ROW * lines + 22


class Listing:
    """The picture; `update(listing, heading)` moves it. Axes are in CSS pixels, y downward.

    above: how many lines stand above the code.  most: how many lines of code there can be.
    spots: ((number of a line, x0, y0, x1, y1), ...), where a click means it.
    """

    def __init__(self, axes, above, most):
        wide, high = pixels(axes)
        axes.set(xlim=(0, wide), ylim=(high, 0))
        axes.set_axis_off()
        self.wide, self.spots, self.first = wide, (), ABOVE + SMALL * above + GAP
        self.title = label(axes, 0, TITLE, fontsize=11.5, fontweight="bold")
        self.above = [label(axes, 0, ABOVE + SMALL * k, fontsize=9, family=MONO, color=GREY) for k in range(above)]
        self.boxes = [axes.add_patch(FancyBboxPatch((1, self.top(k) + 1), wide - 3, ROW - 4, clip_on=False, zorder=1,
                                                    boxstyle="round,pad=0,rounding_size=3", **PLAIN))
                      for k in range(1, most + 1)]
        self.numbers = [label(axes, 22, self.top(k) + 9, str(k), ha="right", fontsize=9, family=MONO, color=GREY)
                        for k in range(1, most + 1)]
        self.texts = [label(axes, 32, self.top(k) + 9, fontsize=9.5, family=MONO) for k in range(1, most + 1)]
        self.mark = label(axes, wide - 10, 0, ha="right", fontsize=12, fontweight="bold")
        self.mended = label(axes, 0, 0, fontsize=9.5, fontweight="bold")
        self.artists = (*self.boxes, self.title, *self.above, *self.numbers, *self.texts, self.mark, self.mended)

    def top(self, k):
        """Where line k begins."""
        return self.first + ROW * (k - 1)

    def update(self, listing, heading):
        """listing: (lines above, lines, the line chosen or 0, whether it is the one, how it should read)."""
        above, lines, chosen, found, mended = listing
        self.title.set(text=heading, color=INK if not chosen or found else WARM)
        for text, words in zip(self.above, above, strict=True):
            text.set_text(words)
        for k, (box, number, text) in enumerate(zip(self.boxes, self.numbers, self.texts, strict=True), start=1):
            for artist in (box, number, text):
                artist.set_visible(k <= len(lines))
            text.set(text=lines[k - 1] if k <= len(lines) else "", fontweight="bold" if k == chosen else "normal")
            box.set(**((FOUND if found else WRONG) if k == chosen else PLAIN))
        self.mark.set(text="" if not chosen else "✓" if found else "✗", y=self.top(max(chosen, 1)) + 9,
                      color="#00664c" if found else WARM)
        self.mended.set(text=mended, y=self.top(len(lines) + 1) + 9, color="#00664c")
        self.spots = tuple((k, 0.0, float(self.top(k)), float(self.wide), float(self.top(k) + ROW))
                           for k in range(1, len(lines) + 1))
