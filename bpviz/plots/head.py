"""The first thing seen: what is so now, as a title, and one grey line below it."""
import textwrap

from bpviz.plots.label import label
from bpviz.plots.style import pixels

GREY = "#5a5a5a"


class Head:
    """In axes of CSS pixels, y downward: a finding, on two lines where it would not fit, and a line of set-up."""

    def __init__(self, axes):
        width, height = pixels(axes)
        axes.set(xlim=(0, width), ylim=(height, 0))
        axes.set_axis_off()
        self.width, self.tall = width, height > 50
        self.finding = label(axes, 2, 13, fontweight="bold")
        self.line = label(axes, 2, height - 9, fontsize=10, color=GREY)
        self.artists = (self.finding, self.line)

    def update(self, finding, line, longer=""):
        """longer: what the line says instead where there is room for it."""
        self.line.set(text=longer, fontsize=10)
        line = longer if longer and self.line.wide() <= self.width - 4 else line
        for text, words, size in ((self.finding, finding, 14), (self.line, line, 10)):
            text.set(text=words, fontsize=size)
            if self.tall and text is self.finding and text.wide() > self.width:
                halves = textwrap.wrap(words, len(words) // 2 + 6)
                text.set(text="\n".join(halves), fontsize=size - 1)
            now = text.get_fontsize()
            text.set_fontsize(min(now, max(8, now * (self.width - 4) / text.wide())))
        self.finding.set_y(22 if "\n" in self.finding.get_text() else 13)
