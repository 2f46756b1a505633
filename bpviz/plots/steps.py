"""A derivation as lines: formula, the numbers put in, the value."""
import re

from bpviz.base.work import value_of
from bpviz.plots.label import label
from bpviz.plots.light import in_pieces, written
from bpviz.plots.style import GRID, INK, WARM, pixels

MOST_APART, TIGHT = 45, 34            # CSS pixels from line to line: at most; below which a fraction does not fit
HIGH = 40                             # CSS pixels: a fraction of 12 points, in the Matplotlib that draws it highest
BRACED = r"((?:[^{}]|\{(?:[^{}]|\{[^{}]*\})*\})*)"
SLOPE = re.compile(r"\\frac\{\\partial L\}\{\\partial " + BRACED + r"\}")
FRACTION = r"\frac{\partial L}"
LEAST, TWO_LINED = 8.0, 9.0       # points: smaller words go on two lines; how large they are there at most


def flat(latex):
    """LaTeX with its slopes written on one line."""
    return SLOPE.sub(r"\\partial L/\\partial \1", latex)


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

    Where the axes are wide, backward lines stand beside forward ones, and numbers beside their formula; else below.
    """
    WIDE, WIDE_LINE, NARROW_LINE = 800, 24, 66              # from which width on; from one line to the next

    def __init__(self, axes):
        width, height = pixels(axes)
        wide = width >= self.WIDE
        line = self.WIDE_LINE if wide else self.NARROW_LINE
        axes.set(xlim=(0, width), ylim=(height, 0))
        axes.set_axis_off()
        self.width, self.line, self.room, self.wide = width, line, height - 14, wide
        self.heads = [label(axes, 0, 0, words, fontsize=11, fontweight="bold", color=colour)
                      for words, colour in (("Forward", INK), ("Backward", WARM))]
        self.rows = [[label(axes, 0, 0, fontsize=13), label(axes, 0, 0, linespacing=1.15 if wide else 1.0, spelt=True),
                      label(axes, width, 0, fontsize=11.5, fontweight="bold", ha="right", spelt=True)]
                     for _ in range(int((2 if wide else 1) * height / line))]
        self.ruler, self.spots = label(axes, 0, 0, fontsize=13, visible=False), []
        self.rule, = axes.plot([0, width], [0, 0], color=GRID, linewidth=1.2)
        self.artists = (self.rule, *self.heads, *sum(self.rows, []))

    def update(self, lines, spoken=()):
        """lines: ((LaTeX, numbers, value, reason, backward or not), ...), forward ones first.

        spoken: of each line its LaTeX in pieces with the names of what is in them.
        """
        value_of(self.pieces(lines, spoken))

    def pieces(self, lines, spoken=()):
        """The same as a generator of pieces of work: setting one formula may take 20 ms."""
        first = next(k for k, line in enumerate(lines) if line[4])
        for texts in self.rows:
            for text in texts:
                text.set_text("")
        yield from (self._beside if self.wide else self._below)(lines, first)
        spots = []
        for row, each in zip(self.rows, spoken, strict=False):
            spots += self._spots(row, each)
            yield
        self.spots = spots

    def _spots(self, row, pieces):
        """Where the quantities of a line stand, for Light."""
        formula, _, result = row
        drawn = pieces if FRACTION in formula.get_text() else [(flat(latex), names) for latex, names in pieces]
        return [*in_pieces(self.ruler, drawn, formula, 24), written(pieces[0][1], result)]

    def _beside(self, lines, first):
        """Forward on the left, backward on the right."""
        column = self.width / 2 - 16
        self.rule.set_data([self.width / 2] * 2, [4, self.room])
        for head, left in zip(self.heads, (0, self.width / 2 + 16), strict=True):
            head.set(x=left, y=10)
        step = min(MOST_APART, (self.room - 46) / max(first - 1, len(lines) - first - 1, 2))
        for k, (row, line) in enumerate(zip(self.rows, lines, strict=False)):
            left, place = (0, k) if k < first else (self.width / 2 + 16, k - first)
            tight = step < TIGHT
            latex, most = flat(line[0]) if tight else line[0], 10.5 if tight else min(13, 1 + 12 * step / HIGH)
            yield self._line(row, (latex, *line[1:]), left, column, 42 + place * step, 0, most)

    def _below(self, lines, first):
        """Backward below forward, on each line the numbers below the formula."""
        y, step = 14, min(1.3 * self.line, (self.room - 3.6 * self.line) / (len(lines) - 2))
        self.heads[0].set_y(y)
        for k, (row, line) in enumerate(zip(self.rows, lines, strict=False)):
            if k == first:
                rule = y + 0.44 * self.line + 14
                self.rule.set_ydata([rule, rule])
                self.heads[1].set_y(rule + 16)
                y = rule + 16
            y += 0.75 * self.line if k in (0, first) else step
            yield self._line(row, line, 0, self.width, y, 0.46 * self.line)

    def _line(self, row, line, left, across, y, below, most=13):
        """One line in a column from `left` on; the numbers so far below the formula, or beside it if 0; formulas
        of `most` points."""
        (latex, numbers, value), (formula, filled, result) = line[:3], row
        share = 1.0 if below else 0.45
        result.set(text=f"= {value}", x=left + across, y=y + below)
        formula.set(text=f"${latex}$", x=left + (14 if below else 0), y=y, fontsize=13)
        formula.set_fontsize(min(most if below else most - 1, 13 * (share * across - 20) / formula.wide()))
        begin = 22 if below else share * across
        fit(filled, f"= {numbers}", across - begin - 8 - result.wide(), 11 if below else 10)
        filled.set(x=left + begin, y=y + below + (3 * filled.get_text().count("\n") if below else 0))
