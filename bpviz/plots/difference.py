"""The V curve of difference quotients, and the price of a gradient."""
import numpy as np

from bpviz.plots.motion import Stroke, Upright
from bpviz.plots.style import BLUE, GREEN, INK, ORANGE, VERMILION
from bpviz.symbolic.difference import LEAST

LOOK = {"forward": (VERMILION, "s"), "central": (BLUE, "o"), "complex": (GREEN, "^")}
SAID = {"forward": "forward", "central": "central", "complex": "complex step"}


def marks_at(axes):
    """Bindings: a line down at `h`, and a mark on each curve at its `marks`."""
    return (Upright(axes, "h", {"color": INK, "linewidth": 1.2, "linestyle": (0, (4, 2))}),
            *(Stroke(axes, f"marks.{name}", "h", {"linestyle": "", "marker": marker, "color": colour, "markersize": 10,
                                                "markeredgecolor": INK}) for name, (colour, marker) in LOOK.items()))


def marks_of_size(axes):
    """Bindings: marks at the chosen `size`, (units, weights, operations backprop, operations differences)."""
    look = {"linestyle": "", "marker": "o", "color": ORANGE, "markersize": 11, "markeredgecolor": INK}
    return tuple(Stroke(axes, f"size.{k}", "size.1", look, edge=True) for k in (2, 3))     # up to 20,000 operations


def draw_errors(axes, h, errors):
    """errors: {method: relative error at each h}."""
    eps = np.finfo(float).eps
    for name, (colour, marker) in LOOK.items():
        axes.plot(h, np.maximum(errors[name], LEAST), color=colour, linewidth=1.8, marker=marker, markevery=16,
                  markersize=5, label=SAID[name])
    axes.set_xscale("log")
    axes.set_yscale("log")
    axes.set(xlim=(1e-16, 1), ylim=(3e-18, 30), xlabel="step h", title="Relative error of the slope",
             xticks=[1e-16, 1e-12, 1e-8, 1e-4, 1], yticks=[1e-16, 1e-12, 1e-8, 1e-4, 1])
    axes.minorticks_off()
    for power, name, at in ((1, "forward", 1e-3), (2, "central", 1e-2)):
        k = np.argmin(abs(np.log(h / at)))
        axes.plot(h, errors[name][k] * (h / h[k]) ** power, color=INK, linewidth=0.9, linestyle=(0, (1, 2)))
    axes.plot(h, eps / h, color=INK, linewidth=0.9, linestyle=(0, (1, 2)))
    axes.annotate("rounding: eps / h", (3e-13, eps / 3e-13), xytext=(16, 12), textcoords="offset points", fontsize=9)
    best = {name: int(np.argmin(errors[name])) for name in ("forward", "central")}
    for name, k in best.items():
        axes.plot(h[k], max(errors[name][k], LEAST), "o", markersize=13, markerfacecolor="none",
                  markeredgecolor=LOOK[name][0], markeredgewidth=2)


def draw_cost(axes, cost):
    """cost: rows (units, weights, operations backprop, operations differences)."""
    weights = cost[:, 1]
    axes.plot(weights, cost[:, 3], color=BLUE, marker="o", markersize=4, label="differences")
    axes.plot(weights, cost[:, 2], color=VERMILION, marker="s", markersize=4, label="backward pass")
    axes.set_yscale("log")
    axes.set(xlabel="weights", title="Operations a gradient", xlim=(0, weights[-1] * 1.05),
             ylim=(cost[:, 2].min() / 3, cost[:, 3].max() * 12))
    axes.minorticks_off()
