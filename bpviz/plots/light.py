"""Where the quantities of a picture stand, by name, so that the browser can light up all that is one thing.

A spot is a capsule: (names, value, x0, y0, x1, y1, thick), the names of the quantities that stand there, parted by
blanks ("w1[1,1] dL/dw1[1,1]" of an arrow), what is written there, and a line of this thickness in data coordinates of
axes in CSS pixels, y downward. The kernel draws none of it: what belongs together has a name in common (js/halo.js).
"""
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

HIGH = 17                      # of a line of text, CSS pixels


def written(names, text, high=HIGH):
    """The spot of a label's words."""
    (x, y), wide = text.get_position(), text.wide()
    left = x - {"left": 0.0, "center": 0.5, "right": 1.0}[text.get_horizontalalignment()] * wide
    return names, text.get_text(), *_line(left - 2, left + wide + 2, 0.5 * high, y), high


def in_pieces(ruler, pieces, formula, high=26):
    """The spots of the named pieces of a formula's label that is as long as they are together.

    ruler: a Label that is not seen, to measure with.  pieces: ((LaTeX, names), ...), see symbolic/speak.py.
    """
    wide = []
    for latex, _ in pieces:
        ruler.set_text(f"${latex}$" if latex.strip() else "")
        wide.append(ruler.wide() if latex.strip() else 0.0)
    (x, y), share = formula.get_position(), formula.wide() / max(sum(wide), 1e-9)
    ends, flat = x + share * np.cumsum([0.0, *wide]), 0.5 * high
    return [(names, "", *_line(left, right, flat, y), high)
            for (_, names), left, right in zip(pieces, ends[:-1], ends[1:], strict=True) if names]


def _line(left, right, flat, y):
    """From end to end of a capsule around what stands between left and right; a point where that is short."""
    middle, half = (left + right) / 2, max(0.0, (right - left) / 2 + 2 - flat)
    return middle - half, y, middle + half, y


@dataclass(frozen=True)
class Light:
    """spots: () -> the spots of now, in data coordinates of the axes."""
    axes: object
    spots: Callable

    def told(self):
        """[[names, value, x0, y0, x1, y1, thick], ...] in shares of the picture, from its upper left corner; the
        thickness in shares of its height."""
        spots = self.spots()
        if not spots:
            return []
        to, whole = self.axes.transData, self.axes.get_figure(root=True).transFigure.inverted()
        ends = np.array([spot[2:6] for spot in spots], float).reshape(-1, 2)
        shares = whole.transform(to.transform(ends)) * [1, -1] + [0, 1]
        one, two = whole.transform(to.transform([(0, 0), (0, 1)]))
        pixel = abs(two[1] - one[1])
        return [[*spot[:2], *place, round(spot[6] * pixel, 5)]
                for spot, place in zip(spots, shares.reshape(-1, 4).round(5).tolist(), strict=True)]
