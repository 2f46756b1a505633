"""What a network of one input and one output answers over x, the data on it: at the start dashed, at the end solid.

A minimum is a way of answering: here it is seen which rows it meets, and which it gives up.
"""
import numpy as np

from bpviz.plots.motion import Stroke
from bpviz.plots.style import INK, ORANGE, PAPER, VERMILION

MARGIN = 0.15                   # beyond the data, a share of how far they reach
AROUND_ONE = 2.0                # beyond a single row


def inputs(data, many=161):
    """Where the answers are worked out: (many,), from left of the data to right of them."""
    low, high = data.x.min(), data.x.max()
    more = MARGIN * (high - low) or AROUND_ONE
    return np.linspace(low - more, high + more, many)


def draw_answers(axes, data):
    """The data on axes of a size that stays, and the bindings of the curves `answers.start` and `answers.end`."""
    x = inputs(data)
    low, high = min(0.0, data.y.min()), max(1.0, data.y.max())
    axes.set(xlim=(x[0], x[-1]), ylim=(low - 0.08 * (high - low), high + 0.08 * (high - low)), xlabel="input $x$")
    axes.plot(data.x[0], data.y[0], "o", color=INK, markerfacecolor=PAPER, markersize=8, markeredgewidth=1.8, zorder=4,
              label="data")
    return (Stroke(axes, "answers.start", x, {"color": ORANGE, "linestyle": "--", "label": "start"}),
            Stroke(axes, "answers.end", x, {"color": VERMILION, "linewidth": 2.4, "label": "end"}))
