"""What is pinned, as a ghost behind what is so now: grey and dashed, with its start by its side."""
import numpy as np
from matplotlib.patheffects import withStroke

from bpviz.plots.motion import Ghost, Shaped, Stroke, Upright
from bpviz.plots.style import PAPER, pixels
from bpviz.words.catalogue import say

GREY = "#5a5a5a"
DASHED = {"color": GREY, "linewidth": 2.0, "linestyle": (0, (3, 1.6))}
MARK = {"color": GREY, "markerfacecolor": PAPER, "markeredgewidth": 1.6, "linestyle": ""}


class StartName:
    """The weights at which a pinned path began, written by its start; `update(theta)`: (2, n), None for none.

    clear: places (2, K) that it keeps clear of if it can.
    """

    def __init__(self, axes, clear):
        self.axes, self.clear = axes, clear
        self.name = axes.text(0, 0, "", fontsize=9.5, color=GREY, ha="center", va="center",
                              path_effects=[withStroke(linewidth=3, foreground=PAPER)])
        self.artists = (self.name,)

    def update(self, theta):
        if theta is None:
            self.name.set_text("")
            return
        (left, right), (low, high) = self.axes.get_xlim(), self.axes.get_ylim()
        (x, y), (wide, tall) = theta[:, 0], pixels(self.axes)
        across, up = (right - left) / wide, (high - low) / tall                  # data units to a pixel
        self.name.set_text(say("pins", "name", w1=float(x), w2=float(y)))
        half = pixels(self.name)[0] / 2 + 4
        x = np.clip(x, left + half * across, right - half * across)
        free = [side for side in (15 * up, -15 * up) if low + 10 * up < y + side < high - 10 * up]
        free.sort(key=lambda side: self._hidden(x, y + side, (half + 8) * across, 17 * up))
        self.name.set_position((x, y + free[0]))

    def _hidden(self, x, y, half, tall):
        return bool(((abs(self.clear[0] - x) < half) & (abs(self.clear[1] - y) < tall)).any())


def path_ghost(axes, theta="path.theta"):
    """Bindings of a pinned descent over the landscape: halo, line, start and end.  theta: the name of (2, n)."""
    both = {"x": f"{theta}.0", "y": f"{theta}.1"}
    return (Ghost(Stroke(axes, **both, look={"color": PAPER, "linewidth": 3.8})),
            Ghost(Stroke(axes, **both, look=DASHED)),
            Ghost(Stroke(axes, **both, look={**MARK, "marker": "s", "markersize": 8}, part="first")),
            Ghost(Stroke(axes, **both, look={**MARK, "markerfacecolor": "none", "marker": "o", "markersize": 15},
                         part="last")))


def name_ghost(axes, clear, theta="path.theta"):
    """The binding of the name of a pinned descent, by its start.  clear: places (2, K) that it keeps clear of."""
    return Ghost(Shaped(StartName(axes, clear), (theta,)))


def curve_ghost(axes, y, x=None):
    """The binding of a pinned curve.  y: the name of (n,).  x: (n,), or 0, 1, 2 ..."""
    return Ghost(Stroke(axes, y, x, DASHED, edge=x is None))


def place_ghost(axes, x):
    """The binding of a pinned place on an axis.  x: the name of a number."""
    return Ghost(Upright(axes, x, {**DASHED, "linewidth": 1.6}))
