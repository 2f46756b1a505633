"""A network as a diagram: circles that answer, arrows that weigh.

Numbers sit where they act: the weight on its arrow, the answer in its circle, its
pre-activation below it. Arrows are as thick as their weight is large; negative ones are dashed.
"""
import numpy as np

from bpviz.plots.style import BLUE, INK, ORANGE, PAPER, WARM
from bpviz.words.numbers import formatted, minus

RADIUS = 0.23
MOST_UNITS = 6


def draw_network(axes, network, layers, z, a, target=None):
    """The network with its weights and one row's numbers. Returns the artists.

    layers: [(W, b), ...].  z, a: per layer (units,), a with the inputs first.  target: (outputs,) or None.
    """
    if max(network.sizes) > MOST_UNITS:
        raise ValueError(f"network: got a layer of {max(network.sizes)} units; a diagram has room for {MOST_UNITS}")
    artists = []
    spots = [[(2.1 * k, (n - 1) / 2 * 1.25 - 1.25 * j) for j in range(n)] for k, n in enumerate(network.sizes)]
    for k, (W, b) in enumerate(layers):
        for (i, j), w in np.ndenumerate(W):
            artists += _arrow(axes, spots[k][i], spots[k + 1][j], w, 0.3 if i % 2 == 0 else 0.36)
        for j, (x, y) in enumerate(spots[k + 1]):
            below = f"z {formatted(z[k][j], '.3f')}" + ("" if b is None else f"\nbias {formatted(b[j], '+.2f')}")
            artists.append(axes.text(x, y - RADIUS - 0.14, below, ha="center", va="top", fontsize=9, color=INK,
                                     linespacing=1.1))
    for k, column in enumerate(spots):
        colour = ORANGE if k == 0 else BLUE
        for j, (x, y) in enumerate(column):
            artists += axes.plot(x, y, "o", markersize=42, markerfacecolor=PAPER, markeredgecolor=colour,
                                 markeredgewidth=2.2, zorder=3)
            answer = formatted(a[k][j], ".3f")
            artists.append(axes.text(x, y, answer.rstrip("0").rstrip(".") if k == 0 else answer, ha="center",
                                     va="center", fontsize=10.5, fontweight="bold", zorder=4))
    hidden = len(spots) - 2
    tops = ["inputs", *["hidden layer" + (f" {k + 1}" if hidden > 1 else "") for k in range(hidden)], "output"]
    top = max(y for column in spots for _, y in column) + 0.55
    for column, name in zip(spots, tops, strict=True):
        artists.append(axes.text(column[0][0], top, name, ha="center", fontsize=11, fontweight="bold"))
    if target is not None:
        for (x, y), t in zip(spots[-1], target, strict=True):
            artists.append(axes.text(x + 0.42, y, f"target {minus(t)}", va="center", fontsize=10.5, color=WARM,
                                     fontweight="bold"))
    bottom = min(y for column in spots for _, y in column)
    axes.set(xlim=(-0.6, spots[-1][0][0] + 1.5), ylim=(bottom - 0.85, top + 0.3))
    axes.set_axis_off()
    return artists


def _arrow(axes, start, end, w, share):
    """One weight: an arrow between the rims, its number in a small box part of the way along."""
    (x0, y0), (x1, y1) = start, end
    along = np.array([x1 - x0, y1 - y0])
    along = along / np.hypot(*along)
    tail, tip = np.array(start) + 1.1 * RADIUS * along, np.array(end) - 1.2 * RADIUS * along
    line = {"arrowstyle": "-|>", "color": INK, "shrinkA": 0, "shrinkB": 0, "linewidth": 0.8 + min(abs(w), 3),
            "linestyle": "-" if w >= 0 else (0, (3, 2))}
    arrow = axes.annotate("", tip, tail, zorder=1, arrowprops=line)
    spot = tail + share * (tip - tail)
    label = axes.text(*spot, formatted(w, ".2f"), ha="center", va="center", fontsize=9.5, zorder=2,
                      bbox={"boxstyle": "round,pad=0.15", "facecolor": PAPER, "edgecolor": "none"})
    return [arrow, label]
