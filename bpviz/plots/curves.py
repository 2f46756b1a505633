"""Curves over one number: an activation with its slope, a loss against steps."""
import numpy as np

from bpviz.plots.style import BLUE, GREEN, INK, ORANGE, VERMILION
from bpviz.words.numbers import formatted


def draw_activation(axes, z, value, slope, name):
    """f(z) solid and f'(z) dashed; the steepest place is marked with its slope. Returns the artists."""
    artists = [*axes.plot(z, value, color=BLUE, label=f"{name}: f(z)"),
               *axes.plot(z, slope, color=VERMILION, linestyle="--", label="its slope f′(z)")]
    top = slope.argmax()
    artists += axes.plot(z[top], slope[top], "o", color=VERMILION)
    side = -1 if top and slope[-2] == slope[top] else 1               # a slope that stays: the words stand before it
    artists.append(axes.annotate(f"steepest: {formatted(slope[top], '.3g')}", (z[top], slope[top]),
                                 xytext=(10 * side, 6), ha="left" if side > 0 else "right",
                                 textcoords="offset points", color=INK))
    axes.set(xlabel="z", xlim=(z[0], z[-1]))
    axes.legend(frameon=False, loc="upper left")
    return artists


def draw_formula(axes, x, lines, along):
    """Values solid and slopes dashed over x; a second line of both has marks too.

    lines: {label: (value, slope)}, nan where there is none.  along: what x is.
    """
    looks = ((BLUE, VERMILION, ""), (GREEN, ORANGE, "o"))
    for (label, (value, slope)), (solid, dashed, mark) in zip(lines.items(), looks, strict=False):
        marks = dict(marker=mark, markersize=4, markevery=40)
        axes.plot(x, value, color=solid, label=label, **marks)
        axes.plot(x, slope, color=dashed, linestyle="--", label=f"{label}, slope", **marks)
    axes.set(xlabel=along, xlim=(x[0], x[-1]))
    axes.figure.legend(*axes.get_legend_handles_labels(), loc="upper center", ncols=4 if len(lines) > 1 else 2,
                       frameon=False, fontsize=9.5, handlelength=1.8, columnspacing=0.9,
                       borderaxespad=0.2)


def draw_loss_curve(axes, loss):
    """The loss at each step, step 0 first."""
    line, = axes.plot(range(len(loss)), loss, color=BLUE)
    last, = axes.plot(len(loss) - 1, loss[-1], "o", color=BLUE, clip_on=False, zorder=3)       # whole, on the edge too
    axes.set(xlabel="step", ylabel="loss", xlim=(0, max(len(loss) - 1, 1)), ylim=(0, 1.05 * max(loss)))
    return [line, last]


def draw_loss_over_weight(axes, w, loss, lowest):
    """The loss of one weight over asinh w, which shows small and large weights alike; lowest: indices of the minima."""
    axes.plot(np.arcsinh(w), loss, color=BLUE)
    axes.plot(np.arcsinh(w[lowest]), loss[lowest], "o", color=VERMILION, markersize=8)
    for index in lowest:
        axes.annotate(formatted(w[index], ".3g"), (np.arcsinh(w[index]), loss[index]), xytext=(0, -16), ha="center",
                      textcoords="offset points", color=INK)
    ticks = np.array([-1000, -100, -10, -1, 0, 1, 10, 100, 1000.0])
    ticks = ticks[(ticks >= 1.001 * w[0]) & (ticks <= 1.001 * w[-1])]
    low, high = loss.min(), loss.max()
    axes.set(xlabel="weight w, on the scale of asinh w", ylabel="loss", xticks=np.arcsinh(ticks),
             xticklabels=[formatted(tick, ",.0f") for tick in ticks], xlim=np.arcsinh(w[[0, -1]]),
             ylim=(low - 0.15 * (high - low), high + 0.05 * (high - low)))
