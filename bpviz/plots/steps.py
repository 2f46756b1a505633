"""A derivation as lines: formula, the numbers put in, the value."""
from bpviz.plots.label import label
from bpviz.plots.style import GRID, INK, WARM, pixels

WIDE_LETTER = 0.64                # the width of a letter as a share of its height, at most; bold ones 0.75


def fitting(words, room, size):
    """(a font size at which the words fit into `room` CSS pixels, their width): `size`, or less for long ones."""
    width = (len(words) + 2) * WIDE_LETTER * size * 100 / 72
    return max(6.0, min(size, round(2 * size * room / width) / 2)), width


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
        self.rows = [[label(axes, 0, 0, fontsize=13), label(axes, 0, 0, fontsize=11),
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
            room = (0.5 if self.wide else 1) * self.width - 30 - fitting(value, 999, 11.5)[1]
            filled.set_fontsize(fitting(numbers, room, 11)[0])
            formula.set(text=f"${latex}$", x=14, y=y)
            if self.wide:
                filled.set(text=f"= {numbers}", x=0.5 * self.width, y=y)
            else:
                filled.set(text=f"= {numbers}", x=22, y=y + 0.44 * self.line)
            result.set(text=f"= {value}", y=y if self.wide else y + 0.44 * self.line)
