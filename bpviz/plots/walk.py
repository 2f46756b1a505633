"""One step of backpropagation as a picture: the network with its numbers on the left, the formula on the right.

Every number sits where it acts: a pre-activation and its slope below the circle, its answer
inside, its bias above, a weight near the arrow's tail and the slope by it near the tip. The number
being found is in a thick solid frame, bold; the numbers it is made of are in dashed frames.
"""
import textwrap

import numpy as np
from matplotlib.patches import FancyBboxPatch, Rectangle

from bpviz.plots.label import label
from bpviz.plots.style import BLUE, INK, ORANGE, PAPER, WARM, pixels

MOST_UNITS, MOST_TERMS, MOST_READS = 3, 5, 8
RADIUS = 26
LINE = 16                      # from one line of small text to the next, CSS pixels
TAG = (70, 17)                 # room for a number, CSS pixels
NOTE = 18                      # room for the line at the bottom
TARGET = 100                   # room for the widest one, "target −0.600" in its frame
NOW = {"facecolor": "#fff0cc", "edgecolor": ORANGE, "linewidth": 2.8}
READ = {"facecolor": "none", "edgecolor": BLUE, "linewidth": 1.5, "linestyle": (0, (3, 1.5))}


def digits(value):
    """A number short enough for the diagram."""
    if value == 0 or 1e-3 <= abs(value) < 999.995:
        return f"{value:z.{3 if abs(value) < 99.9995 else 2}f}".replace("-", "−")
    return f"{value:.0e}".replace("e-0", "e-").replace("e+0", "e").replace("-", "−")


# The mean of a slope over the rows stands where the slope stands; a new weight where the weight stands.
HOME = {"g": lambda place: ("d", place), "new": lambda place: (place[0], place[1:])}


def home(kind):
    """The place of a number on the diagram, as a kind."""
    return HOME[kind[0]](kind[1]) if kind[0] in HOME else kind


class Diagram:
    """The network; `update(known, now, reads)` puts numbers on it. Axes are in CSS pixels, y downward.

    sizes: units per layer, at most 3 each.  bias: whether there are biases.  answers: whether the loss
    looks at what the outputs answer (a cross-entropy looks at their z).
    """

    def __init__(self, axes, sizes, bias, answers):
        width, height = pixels(axes)
        if max(sizes) > MOST_UNITS:
            raise ValueError(f"sizes: got {sizes!r}; the diagram has room for {MOST_UNITS} units in a layer")
        axes.set(xlim=(0, width), ylim=(height, 0))
        axes.set_axis_off()
        self.axes, self.texts, self.papers = axes, {}, {}         # papers: what hides an arrow behind its numbers
        self.scale = scale = min(1.0, max(0.72, (width - 2 * RADIUS) / (len(sizes) - 1) / 170))
        self.radius, self.line, self.tag = scale * RADIUS, scale * LINE, (scale * TAG[0], scale * TAG[1])
        edge = 0.5 * self.tag[0] + 7                       # room for a framed number over the outermost units
        top, across = 34, np.linspace(edge, width - max(edge, 0.5 * TARGET if scale == 1 else 0), len(sizes))
        self.spots = [[(x, top + (height - NOTE - top) * (j + 0.5) / n) for j in range(n)]
                      for x, n in zip(across, sizes, strict=True)]
        hidden = len(sizes) - 2
        names = ["inputs", *["hidden" + (f" {k + 1}" if hidden > 1 else "") for k in range(hidden)], "output"]
        for x, title in zip(across, names, strict=True):
            axes.text(x, 12, title, ha="center", va="center", fontsize=11, fontweight="bold")
        self.taken = [(x, y, *((self.tag[0], self.radius + 4 * self.line) if k else (0.8 * self.tag[0], self.radius)))
                      for k, column in enumerate(self.spots) for x, y in column]
        for k in range(1, len(sizes)):
            self._edges(k)
        for k, column in enumerate(self.spots):
            for j, (x, y) in enumerate(column, start=1):
                axes.plot(x, y, "o", markersize=2 * self.radius * 0.72, markerfacecolor=PAPER, zorder=3,
                          markeredgecolor=INK if k else ORANGE, markeredgewidth=1.6)
                self._unit(k, j, x, y, bias, k == len(sizes) - 1, answers)
        axes.text(4, height - 5, "∂a means dL/da: how fast the loss L rises with a", fontsize=9 if width > 330 else 8,
                  va="bottom", color=WARM)
        self.frames = [self._frame(READ) for _ in range(MOST_READS)] + [self._frame(NOW)]
        self.artists = (*self.papers.values(), *self.frames, *self.texts.values())

    def _text(self, kind, x, y, **words):
        self.texts[kind] = label(self.axes, x, y, ha="center", fontsize=9.5 * self.scale, visible=False, **words)

    def _frame(self, look):
        box = FancyBboxPatch((0, 0), *self.tag, boxstyle="round,pad=0,rounding_size=4", visible=False, clip_on=False,
                             zorder=2.5, **look)
        return self.axes.add_patch(box)

    def _edges(self, k):
        for i, start in enumerate(self.spots[k - 1], start=1):
            for j, end in enumerate(self.spots[k], start=1):
                start, end = np.array(start), np.array(end)
                along = (end - start) / np.hypot(*(end - start))
                tail, tip = start + (self.radius + 1) * along, end - (self.radius + 3) * along
                self.axes.annotate("", tip, tail, zorder=1,
                                   arrowprops={"arrowstyle": "-|>", "color": "#9a9a9a", "shrinkA": 0, "shrinkB": 0})
                x, y = self._free_spot(tail, tip)
                for kind, side, look in ((("w", (k, i, j)), -0.5, {}), (("d", ("w", k, i, j)), 0.5, {"color": WARM})):
                    self._text(kind, x, y + side * self.line, **look)
                    self.papers[kind] = self.axes.add_patch(Rectangle((0, 0), 1, 1, color=PAPER, zorder=2))

    def _free_spot(self, tail, tip):
        """Where on an edge its two numbers fit beside what is there already; near the tail if possible."""
        def crowd(spot):
            return sum(max(0, min(w - abs(spot[0] - x), h - abs(spot[1] - y))) ** 2 for x, y, w, h in self.taken)

        shares = (0.34, 0.27, 0.41, 0.2, 0.48, 0.55, 0.62, 0.69, 0.76, 0.3, 0.37, 0.44, 0.51, 0.58, 0.65)
        x, y = min((tail + share * (tip - tail) for share in shares), key=crowd)
        self.taken.append((x, y, 0.83 * self.tag[0], 2 * self.line + 2))
        return x, y

    def _unit(self, k, j, x, y, bias, last, answers):
        """What belongs to a unit: its answer inside; above, bias and target; below, z and the slopes."""
        self._text(("a" if k else "x", (k, j) if k else (j,)), x, y, fontweight="bold")
        if k == 0:
            return
        below = [("z", (k, j)), *([("d", ("a", k, j))] if answers or not last else []), ("d", ("z", k, j))]
        above = [*([("b", (k, j)), ("d", ("b", k, j))] if bias else []), *([("t", (j,))] if last else [])]
        for side, kinds in ((1, below), (-1, above)):
            for n, kind in enumerate(kinds):
                self._text(kind, x, y + side * (self.radius + (10 + 16 * n) * self.scale),
                           color={"d": WARM, "t": BLUE}.get(kind[0], INK))

    LABEL = {"z": "z ", "b": "b ", "t": "t ", "w": "", "a": "", "x": "", "d": "∂ "}
    OF = {"a": "∂a ", "z": "∂z ", "b": "∂b ", "w": "∂ "}

    def update(self, known, now, reads):
        """known: {kind: number}.  now: the kind being found.  reads: the kinds it is made of."""
        shown = {kind: value for kind, value in known.items() if kind[0] not in HOME}
        shown.update({home(kind): known[kind] for letter in HOME for kind in known if kind[0] == letter})
        for kind, text in self.texts.items():
            text.set_visible(kind in shown)
            if kind in shown:
                label = self.OF[kind[1][0]] if kind[0] == "d" else self.LABEL[kind[0]]
                if kind[0] == "t" and self.scale == 1:
                    label = "target "
                text.set_text(label + digits(shown[kind]))
                text.set_fontweight("bold" if kind == home(now) or kind[0] in "ax" else "normal")
            if kind in self.papers:
                self.papers[kind].set_visible(kind in shown)
                if kind in shown:
                    (x, y), wide = text.get_position(), text.wide()
                    self.papers[kind].set_bounds(x - wide / 2, y - self.line / 2, wide, self.line)
        framed = [*dict.fromkeys(map(home, reads))][:MOST_READS]
        framed += [None] * (MOST_READS - len(framed)) + [home(now)]
        for frame, kind in zip(self.frames, framed, strict=True):
            frame.set_visible(kind in shown and kind in self.texts)
            if frame.get_visible():
                text = self.texts[kind]
                (x, y), wide = text.get_position(), text.wide() + 4
                frame.set(x=x - wide / 2, y=y - self.tag[1] / 2, width=wide)


class WorkedFormula:
    """What is being found, term by term: symbols, numbers put in, value; the sum; why; and where bpviz does it.

    Axes are in CSS pixels, y downward.
    """
    TERM = 42                  # from one term to the next

    def __init__(self, axes):
        width, height = pixels(axes)
        axes.set(xlim=(0, width), ylim=(height, 0))
        axes.set_axis_off()
        self.width = width

        def text(x=0, y=0, **words):
            return label(axes, x, y, **words)

        self.head = text(0, 12, fontsize=11.5 if width > 330 else 10, fontweight="bold")
        self.rows = [[text(fontsize=14), text(fontsize=11), text(width, fontsize=11, ha="right")]
                     for _ in range(MOST_TERMS + 1)]
        self.rule, = axes.plot([0.70 * width, width], [0, 0], color=INK, linewidth=1.2)
        self.total, self.check = text(fontsize=12.5, fontweight="bold"), text(fontsize=10)
        self.yours = text(fontsize=11, va="top", linespacing=1.35)
        self.why = text(fontsize=11, va="top", linespacing=1.35)
        self.code = text(fontsize=9, va="top", linespacing=1.35, color="#666666")
        self.artists = (self.head, *sum(self.rows, []), self.rule, self.total, self.check, self.yours, self.why,
                        self.code)

    def update(self, head, latex, terms, value, check, why, code, yours=""):
        """terms: ((LaTeX, numbers, value), ...), at most 5.  value, check, why: words.  code: (file, number, line).

        yours: what is said of a learner's own number, with its mark, or "".
        """
        self.head.set_text(head)
        lines = self._one(latex, *terms[0]) if len(terms) == 1 else self._several(latex, terms)
        lines += [((0, ""), (0, ""), "")] * (len(self.rows) - len(lines))
        y = 52
        for row, line in zip(self.rows, lines, strict=True):
            for text, (x, words) in zip(row, (*line[:2], (self.width, line[2])), strict=True):
                text.set(text=words, x=x, y=y)
            y += self.TERM if any((line[0][1], line[1][1], line[2])) else 0
        several = len(terms) > 1
        self.rule.set_visible(several)
        self.rule.set_ydata([y - 16, y - 16])
        self.total.set(text=f"= {value}", x=self.width if several else 0, y=y, ha="right" if several else "left")
        self.check.set(text=check, y=y + 28)
        self.yours.set(text=self._wrapped(yours), y=y + 44, color=INK if yours.startswith("✓") else WARM)
        y += 22 * len(self.yours.get_text().splitlines())
        self.why.set(text=self._wrapped(why), y=y + 50)
        y += 50 + 22 * (1 + self.why.get_text().count("\n")) + 18
        where = "bpviz finds it for all units and rows at once: {}, line {}".format(*code[:2])
        self.code.set(text=self._wrapped(where), y=y)

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
