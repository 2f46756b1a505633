"""What the network answers at a place in a landscape: a curve over x, a plane in two colours, or a dot a row."""
import numpy as np

from bpviz.network.span import answer_span
from bpviz.plots.answers import answers_axes, name_of_input
from bpviz.plots.boundary import output_image
from bpviz.plots.motion import Cells, Over, Stroke
from bpviz.plots.style import BLUE, INK, ORANGE, PAPER, VERMILION

SMALL = 180                      # pixels of the plane, a side
HERE = {"color": VERMILION, "linewidth": 2.6}


def draw_curve(axes, fit, name):
    """The data of one input, and the binding of the curve of this name."""
    return (Stroke(axes, name, answers_axes(axes, fit), HERE),)


def draw_plane(axes, fit, window, middle, name):
    """The rows of two inputs, round below the middle of the targets, square above; and the binding of their plane."""
    axes.set(xlim=window[0], ylim=window[1], **{f"{axis}label": name_of_input(fit.data, f"$x_{k}$")
                                                     for k, axis in ((1, "x"), (2, "y"))})
    axes.grid(False)
    axes.locator_params(nbins=4)
    above = fit.data.y[0] > middle
    size = 9 if fit.data.rows < 20 else 5
    dots = [axes.plot(*fit.data.x[:, which], mark, markersize=size, markerfacecolor=colour, markeredgecolor=INK,
                      linestyle="", label=label)[0]
            for which, mark, colour, label in ((~above, "o", BLUE, "low target"), (above, "s", ORANGE, "high target"))]
    return Cells(axes, lambda output: output_image(output, SMALL), (name,)), Over(tuple(dots))


def draw_rows_met(axes, fit, which, name):
    """The binding of a dot for each row and output: its target across, the answer up; the line is where it is met."""
    low, high = answer_span(fit)
    room = 0.06 * (high - low)
    ends = low - room, high + room
    axes.set(xlim=ends, ylim=ends, xlabel="target", ylabel="answer")
    axes.plot(ends, ends, color=INK, linewidth=1.0, linestyle=(0, (4, 2)))
    return (Stroke(axes, name, np.asarray(fit.data.y[:, which]).ravel(), {
        "linestyle": "", "marker": "o", "markersize": 5, "markerfacecolor": PAPER, "markeredgecolor": VERMILION,
        "markeredgewidth": 1.4}, most=10_000, edge=True),)
