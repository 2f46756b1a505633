"""A derivation as lines: formula, the numbers put in, the value."""
from bpviz.plots.label import label
from bpviz.plots.style import GRID, INK, WARM, pixels

LEAST, TWO_LINED = 8.0, 9.0       # points: smaller words go on two lines; how large they are there at most


def fit(label, words, room, size):
    """Write words on a label no wider than `room` CSS pixels: smaller than `size` points, or on two lines."""
    label.set(text=words, fontsize=size)
    if LEAST > (size := min(size, size * room / label.wide())):
        breaks = [k for k in range(len(words) - 2) if words[k] == " " and words[k + 1] in "+·−" and words[k + 2] == " "]
        middle = min(breaks, key=lambda k: abs(2 * k - len(words)), default=0)
        label.set(text=f"{words[:middle]}\n{words[middle:]}".strip(), fontsize=TWO_LINED)
        size = min(TWO_LINED, TWO_LINED * room / label.wide())
    label.set_fontsize(size)


class Steps:
    """Axes in CSS pixels, y downward, with room for the lines of a derivation below one another.

    Numbers stand beside their formula where the axes are wide, else below it.
    """
    WIDE, WIDE_LINE, NARROW_LINE = 680, 44, 66              # from which width on; from one line to the next

    def __init__(self, axes):
        width, height = pixels(axes)
        wide = width >= self.WIDE
        line = self.WIDE_LINE if wide else self.NARROW_LINE
        axes.set(xlim=(0, width), ylim=(height, 0))
        axes.set_axis_off()
        self.width, self.line, self.room, self.wide = width, line, height - 14, wide
        self.heads = [label(axes, 0, 0, words, fontsize=11, fontweight="bold", color=colour)
                      for words, colour in (("Forward", INK), ("Backward", WARM))]
        self.rows = [[label(axes, 0, 0, fontsize=13), label(axes, 0, 0, linespacing=1.15 if wide else 1.0),
                      label(axes, width, 0, fontsize=11.5, fontweight="bold", ha="right")]
                     for _ in range(int(height / line))]
        self.rule, = axes.plot([0, width], [0, 0], color=GRID, linewidth=1.2)
        self.artists = (self.rule, *self.heads, *sum(self.rows, []))

    def update(self, lines):
        """lines: ((LaTeX, numbers, value, reason, backward or not), ...), forward ones first."""
        first, y = next(k for k, line in enumerate(lines) if line[4]), 14
        room = self.room - (2.8 if self.wide else 3.6) * self.line
        step = min(1.3 * self.line, room / (len(lines) - 2))             # few lines stand wider apart
        self.heads[0].set_y(y)
        for k, row in enumerate(self.rows):
            for text in row:
                text.set_text("")
            if k >= len(lines):
                continue
            latex, numbers, value = lines[k][:3]
            if k == first:
                rule = y + (24 if self.wide else 0.44 * self.line + 14)
                self.rule.set_ydata([rule, rule])
                self.heads[1].set_y(rule + 16)
                y = rule + 16
            y += 0.75 * self.line if k in (0, first) else step
            formula, filled, result = row
            below = 0 if self.wide else 0.46 * self.line
            across = (0.5 if self.wide else 1) * self.width
            result.set(text=f"= {value}", y=y + below)
            formula.set(text=f"${latex}$", x=14, y=y, fontsize=13)
            formula.set_fontsize(min(13, 13 * (across - 20) / formula.wide()))
            fit(filled, f"= {numbers}", across - 30 - result.wide(), 11)
            filled.set(x=0.5 * self.width if self.wide else 22,
                       y=y + below + (0 if self.wide else 3 * filled.get_text().count("\n")))
