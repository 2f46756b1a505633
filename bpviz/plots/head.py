"""The first thing seen: what is so now, as a title, and one grey line below it."""
from bpviz.plots.label import label
from bpviz.plots.style import pixels

GREY = "#5a5a5a"


class Head:
    """In axes of CSS pixels, y downward: a finding, smaller where it would not fit, and a line of set-up."""

    def __init__(self, axes):
        width, height = pixels(axes)
        axes.set(xlim=(0, width), ylim=(height, 0))
        axes.set_axis_off()
        self.width = width
        self.finding = label(axes, 2, 13, fontweight="bold")
        self.line = label(axes, 2, 35, fontsize=10, color=GREY)
        self.artists = (self.finding, self.line)

    def update(self, finding, line):
        for text, words, size in ((self.finding, finding, 14), (self.line, line, 10)):
            text.set(text=words, fontsize=size)
            text.set_fontsize(min(size, max(9, size * (self.width - 4) / text.wide())))
