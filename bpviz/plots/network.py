"""A network as a diagram: circles that answer, arrows that weigh.

Numbers sit where they act: the weight on its arrow, the answer in its circle, its
pre-activation below it. Arrows are as thick as their weight is large; negative ones are dashed.
"""
from operator import mul

import numpy as np

from bpviz.plots.apart import apart, covered
from bpviz.plots.canvas import Sheet
from bpviz.plots.style import BLUE, INK, ORANGE, PAPER, WARM
from bpviz.words.numbers import formatted, minus

RADIUS = 0.23
MOST_UNITS = 6
ROUND, RIM = 42, 2.2                                      # a circle and its rim, points
SHARES = np.arange(0.08, 0.921, 0.01)                     # of an arrow, where its number may stand


def wide(sizes):
    """How far apart two layers are, in units of the diagram: further where many arrows lie between them."""
    return 2.1 if max(map(mul, sizes, sizes[1:])) <= 9 else 3.2


def draw_network(axes, network, layers, z, a, target=None):
    """The network with its weights and one row's numbers. Returns the artists.

    layers: [(W, b), ...].  z, a: per layer (units,), a with the inputs first.  target: (outputs,) or None.
    """
    if max(network.sizes) > MOST_UNITS:
        raise ValueError(f"network: got a layer of {max(network.sizes)} units; a diagram has room for {MOST_UNITS}")
    artists = []
    across = wide(network.sizes)
    spots = [[(across * k, (n - 1) / 2 * 1.25 - 1.25 * j) for j in range(n)] for k, n in enumerate(network.sizes)]
    bottom, highest = (end(y for column in spots for _, y in column) for end in (min, max))
    top = highest + 0.55
    axes.set(xlim=(-0.6, spots[-1][0][0] + 1.5), ylim=(bottom - 0.85, top + 0.3))
    axes.set_axis_off()
    below = []
    for k, (_, b) in enumerate(layers):
        for j, (x, y) in enumerate(spots[k + 1]):
            words = f"z {formatted(z[k][j], '.3f')}" + ("" if b is None else f"\nbias {formatted(b[j], '+.2f')}")
            below.append(axes.text(x, y - RADIUS - 0.14, words, ha="center", va="top", fontsize=9, color=INK,
                                   linespacing=1.1, bbox={"boxstyle": "square,pad=0.02", "facecolor": PAPER,
                                                          "edgecolor": "none"}))
    sheet, point = Sheet(1, 1, axes.figure.dpi), axes.figure.dpi / 72
    dot = (ROUND + RIM) / 2 * point
    taken = [covered(text, sheet).extents for text in below]
    taken += [(x - dot, y - dot, x + dot, y + dot) for column in spots for x, y in axes.transData.transform(column)]
    for k, (W, _) in enumerate(layers):
        artists += _arrows(axes, spots[k], spots[k + 1], W, taken)
    artists += below
    for k, column in enumerate(spots):
        colour = ORANGE if k == 0 else BLUE
        for j, (x, y) in enumerate(column):
            artists += axes.plot(x, y, "o", markersize=ROUND, markerfacecolor=PAPER, markeredgecolor=colour,
                                 markeredgewidth=RIM, zorder=3)
            answer = formatted(a[k][j], ".3f")
            answer = answer.rstrip("0").rstrip(".") if k == 0 else answer
            inside = axes.text(x, y, answer, ha="center", va="center", fontsize=10.5, fontweight="bold", zorder=4)
            width = inside.get_window_extent(sheet).width / point
            inside.set_fontsize(10.5 if width < ROUND - RIM / 2 else 10.5 * (ROUND - 3 * RIM) / width)
            artists.append(inside)
    hidden = len(spots) - 2
    tops = ["inputs", *["hidden layer" + (f" {k + 1}" if hidden > 1 else "") for k in range(hidden)], "output"]
    for column, name in zip(spots, tops, strict=True):
        artists.append(axes.text(column[0][0], top, name, ha="center", fontsize=11, fontweight="bold"))
    if target is not None:
        for (x, y), t in zip(spots[-1], target, strict=True):
            artists.append(axes.text(x + 0.42, y, f"target {minus(t)}", va="center", fontsize=10.5, color=WARM,
                                     fontweight="bold"))
    return artists


def _arrows(axes, before, after, W, taken):
    """The weights between two layers: arrows between the rims, their numbers in small boxes part of the way along.

    taken: boxes on which no number may lie.
    """
    artists, labels, lines, first = [], [], [], []
    for (i, j), w in np.ndenumerate(W):
        start, end = np.array(before[i]), np.array(after[j])
        along = (end - start) / np.hypot(*(end - start))
        tail, tip = start + 1.1 * RADIUS * along, end - 1.2 * RADIUS * along
        line = {"arrowstyle": "-|>", "color": INK, "shrinkA": 0, "shrinkB": 0, "linewidth": 0.8 + min(abs(w), 3),
                "linestyle": "-" if w >= 0 else (0, (3, 2))}
        artists.append(axes.annotate("", tip, tail, zorder=1, arrowprops=line))
        labels.append(axes.text(*tail, formatted(w, ".2f"), ha="center", va="center", fontsize=9.5, zorder=2,
                                bbox={"boxstyle": "round,pad=0.15", "facecolor": PAPER, "edgecolor": "none"}))
        lines.append((tail, tip))
        first.append(0.3 if i % 2 == 0 else 0.36)
    for label, (tail, tip), share in zip(labels, lines, apart(axes, labels, lines, first, SHARES, taken), strict=True):
        label.set_position(tail + share * (tip - tail))
    return artists + labels
