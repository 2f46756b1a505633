"""What is being found in a walk, written out: symbols, numbers put in, value, why, and the line that does it."""
import textwrap

from bpviz.plots.label import label
from bpviz.plots.light import in_pieces, written
from bpviz.plots.style import INK, WARM, pixels

MOST_TERMS = 6


class WorkedFormula:
    """What is being found, term by term: symbols, numbers put in, value; the sum; why; and where bpviz does it.

    Axes are in CSS pixels, y downward.
    """
    TERM, FIRST = 42, 22       # from one term to the next; where the first line stands
    CODE = 17                  # a line of the smallest words

    def __init__(self, axes):
        width, height = pixels(axes)
        axes.set(xlim=(0, width), ylim=(height, 0))
        axes.set_axis_off()
        self.height = height
        self.width, self.most = width, (14, 11) if width > 330 else (12.5, 10)      # points, of formulas, numbers

        def text(x=0, y=0, **words):
            return label(axes, x, y, **words)

        self.rows = [[text(fontsize=self.most[0]), text(fontsize=11), text(width, fontsize=self.most[1], ha="right")]
                     for _ in range(MOST_TERMS + 1)]
        self.rule, = axes.plot([0.70 * width, width], [0, 0], color=INK, linewidth=1.2)
        self.total, self.check = text(fontsize=12.5, fontweight="bold"), text(fontsize=10)
        self.yours = text(fontsize=11, va="top", linespacing=1.35)
        self.why = text(fontsize=11, va="top", linespacing=1.35)
        self.code = text(fontsize=9, va="top", linespacing=1.35, color="#666666")
        self.ruler, self.spots = text(fontsize=self.most[0], visible=False), []
        self.artists = (*sum(self.rows, []), self.rule, self.total, self.check, self.yours, self.why, self.code)

    def update(self, latex, terms, value, check, why, code, yours="", pieces=("", ())):
        """terms: ((LaTeX, numbers, value), ...), at most 6.  value, check, why, code: words.

        yours: what is said of a learner's own number, with its mark, or "".
        pieces: the name of what is found, and of each term its LaTeX in pieces with the names of what is in them.
        """
        lines = self._one(latex, *terms[0]) if len(terms) == 1 else self._several(latex, terms)
        step = self.TERM if len(lines) < 5 else 36 if len(lines) < 6 else 33 if len(lines) < 7 else 31
        lines += [((0, ""), (0, ""), "")] * (len(self.rows) - len(lines))
        y = self.FIRST
        for row, line in zip(self.rows, lines, strict=True):
            for text, (x, words) in zip(row, (*line[:2], (self.width, line[2])), strict=True):
                text.set(text=words, x=x, y=y)
        self._fitted(len(terms) > 1)
        for row, line in zip(self.rows, lines, strict=True):
            for text in row:
                text.set_y(y)
            y += step if any((line[0][1], line[1][1], line[2])) else 0
        several = len(terms) > 1
        self.rule.set_visible(several)
        self.rule.set_ydata([y - 18, y - 18])
        self.total.set(text=f"= {value}", x=self.width if several else 0, y=y, ha="right" if several else "left")
        self.check.set(text=check, y=y + 25)
        y += 38
        for text, words in ((self.yours, yours), (self.why, why), (self.code, code)):
            wrapped = self._wrapped(words)
            if text is self.code and y + self.CODE * (1 + wrapped.count("\n")) > self.height:
                wrapped = ""                                           # of the words, these can be missed first
            text.set(text=wrapped, y=y)
            y += 21 * (1 + wrapped.count("\n")) + 7 if words else 0
        self.yours.set_color(INK if yours.startswith("✓") else WARM)
        self.spots = self._spots(latex, *pieces)

    def _spots(self, latex, found, parts):
        """Where the quantities of the formula stand, for Light."""
        (first, numbers, _), *others = self.rows
        if len(parts) == 1:
            pieces, lines = ((latex, found), (r"\;=\;", ""), *parts[0]), [(others[0][1], parts[0])]
            spots = in_pieces(self.ruler, pieces, first)
        else:
            spots = in_pieces(self.ruler, ((latex, found), (r"\;=", "")), first)
            for (formula, *_), part in zip(others, parts, strict=False):
                shift = (("+\\;" if formula.get_text().startswith("$+") else r"\quad\,", ""), *part)
                spots += in_pieces(self.ruler, shift, formula)
            lines = [(row[1], part) for row, part in zip(others, parts, strict=False)]
        spots += [written(" ".join(filter(None, (names for _, names in part))), filled) for filled, part in lines
                  if filled.get_text()]
        lines, (x, y) = 1 + self.code.get_text().count("\n"), self.code.get_position()
        high = 19 * lines
        end = max(self.code.wide() - high / 2, x + high / 2)
        code = (found, "", x + high / 2, y + high / 2, end, y + high / 2, high)
        return [spot for spot in [*spots, written(found, self.total), code] if spot[0]]

    def _fitted(self, several):
        """Formulas and numbers too long for their place get smaller; numbers begin where the longest formula ends."""
        large, small = self.most if several else (14, 11)
        for formula, numbers, value in self.rows:
            numbers.set_fontsize(9)
            room = self.width - value.wide() - numbers.wide() if several and value.get_text() else self.width
            formula.set_fontsize(large)
            formula.set_fontsize(max(7, min(large, large * room / formula.wide())))
        begin = max(formula.wide() for formula, _, value in self.rows if not several or value.get_text())
        for _, numbers, value in self.rows:
            if several:
                numbers.set_x(begin)
            free = self.width - numbers.get_position()[0] - (value.wide() if value.get_text() else 0)
            numbers.set_fontsize(small)
            numbers.set_fontsize(min(small, max(9, small * free / numbers.wide())))
            if several and numbers.wide() > free + 6:                  # one of them has to do, with the sum below
                beyond = numbers.get_position()[0] + numbers.wide() > self.width + 6
                (numbers if beyond else value).set_text("")

    def _wrapped(self, words):
        return "\n".join(textwrap.wrap(words, int(self.width / 8.3)))

    def prepare(self, latex, symbols):
        """Raster the formulas of a stop ahead of time; yields after each. symbols: the LaTeX of its terms."""
        terms = [(one, "", "") for one in symbols]
        lines = self._one(latex, *terms[0]) if len(terms) == 1 else self._several(latex, terms)
        for (_, words), _, _ in lines:
            if words:
                self.rows[0][0].prepare(words)
                yield

    @staticmethod
    def _one(latex, symbols, numbers, _):
        return [((0, f"${latex}\\;=\\;{symbols}$"), (0, ""), ""), ((0, ""), (0, f"= {numbers}"), "")]

    def _several(self, latex, terms):
        lines = [((0, f"${latex}\\;=$"), (0, ""), "")]
        for k, (symbols, numbers, part) in enumerate(terms):
            sign = "" if symbols.startswith("-") else "+\\;" if k else r"\quad\,"
            put_in = f"= {numbers}" if numbers else ""
            lines.append(((0, f"${sign}{symbols}$"), (0.33 * self.width, put_in), f"= {part}"))
        return lines
