"""Trainings: the losses of several side by side; or one examined by its loss, its gradients and its slopes."""
import numpy as np
from matplotlib.ticker import NullFormatter

from bpviz.plots.curves import draw_loss_curve
from bpviz.plots.style import BLUE, GREEN, VERMILION
from bpviz.words.catalogue import say

LINES = ({"color": BLUE, "linewidth": 5, "markersize": 11}, {"color": VERMILION, "linewidth": 2, "markersize": 6})


def draw_goal(axes, goal):
    """A loss to come down to, dotted; None: there is none."""
    if goal is None:
        return
    axes.axhline(goal, color=GREEN, linestyle=":")
    if axes.get_ylim()[1] < 1.05 * goal:
        axes.set_ylim(0, 1.05 * goal)


def draw_gradients(axes, gradients):
    """The size of each layer's gradient in powers of ten, the first thick.  gradients: (name, (layers,)) of two times.

    A gradient of 0 has no place on this scale, and is not drawn.
    """
    layers = np.arange(1, len(gradients[0][1]) + 1)
    for (name, size), line in zip(gradients, LINES, strict=True):
        there = (size > 0) & np.isfinite(size)
        axes.plot(layers[there], size[there], "o-", label=name if there.any() else f"{name}: 0", **line)
    axes.set(xlabel="layer", xlim=(0.7, len(layers) + 0.3), yscale="log", title=say("pictures", "size"))
    seen = np.concatenate([size[(size > 0) & np.isfinite(size)] for _, size in gradients])
    low, high = (0.9 * seen.min(), 1.1 * seen.max()) if seen.size else (1e-3, 1.0)
    low, high = np.floor(np.log10(low)), np.ceil(np.log10(high))
    room = max(1.0, 0.6 * (high - low))                       # above all lines, for the names
    axes.set_ylim(10.0 ** low, 10.0 ** (high + room))
    axes.yaxis.set_minor_formatter(NullFormatter())
    axes.set_xticks(layers[::len(layers) // 5 or 1])
    axes.legend(frameon=False, loc="upper left", handlelength=1.4, borderaxespad=0.2, labelspacing=0.3)


def draw_slopes(axes, slopes, names, title):
    """Slopes of units, black 0 and white 1, a row each.  slopes: (units, rows of the data).  names: of the units."""
    axes.imshow(slopes, vmin=0, vmax=1, aspect="auto", cmap="gray", interpolation="nearest")
    axes.grid(False)
    for side in axes.spines.values():                          # white fields need an edge
        side.set_visible(True)
    last, apart = len(names) - 1, -(-len(names) // 13)
    named = [*range(0, last + 1 - apart, apart), last]          # as many as have room, the last one among them
    axes.set(xlabel=say("pictures", "data_row"), xticks=[], yticks=named, title=title)
    axes.set_yticklabels([names[k] for k in named])


def draw_training(axes, loss, goal, times, seen, rows):
    """All four on their axes.  times: two names.  seen: an Examined at both.  rows: how many of the data at most."""
    curve, middle, *right = axes
    draw_loss_curve(curve, loss)
    curve.set_title("loss")
    draw_goal(curve, goal)
    draw_gradients(middle, list(zip(times, seen.gradients, strict=True)))
    for one, name, slopes in zip(right, times, seen.slopes, strict=True):
        draw_slopes(one, slopes[:, :rows], seen.names, say("pictures", "slopes", when=name))


def side_by_side(many):
    """(width, height, boxes) of so many small pictures, three in a row at most."""
    width, rows = 760 // min(many, 3), -(-many // 3)
    boxes = tuple((width * (k % 3) + 76, 218 * (k // 3) + 34, width * (k % 3) + width - 30, 218 * (k // 3) + 170)
                  for k in range(many))
    return 760, 218 * rows + 4, boxes


def draw_side_by_side(places, paths, goals):
    """The losses of several runs, a small picture each, with those `goals` that there are.  paths: {name: Path}."""
    for axes, (name, path) in zip(places, paths.items(), strict=True):
        line, _ = draw_loss_curve(axes, path.loss)
        line.set_linewidth(1.3)                                # a small picture: a loss that bounces stays a line
        draw_goal(axes, goals.get(name))
        axes.set_title(name)
