"""A drawn prediction beside what happens, and how often a learner was right beside how sure they were."""
import numpy as np

from bpviz.descent.restarts import wilson
from bpviz.plots.style import BLUE, INK, PAPER, VERMILION


def draw_prediction(axes, curve, truth=None, yours=None):
    """What happens, solid; and what a learner drew, dashed beside the truth, solid alone. Returns the artists.

    curve: a Curve (coursework), for the ranges and names of the axes.  truth: heights (n,) from left to right.
    yours: points (n, 2).  None for either where there is none.
    """
    artists = []
    if truth is not None:
        artists += axes.plot(np.linspace(*curve.x, len(truth)), truth, color=VERMILION, label="what happens")
    if yours is not None:
        artists += axes.plot(*np.transpose(yours), color=BLUE, linestyle="-" if truth is None else "--", label="yours")
    axes.set(xlim=curve.x, ylim=curve.y, xlabel=curve.across, ylabel=curve.up)
    axes.legend(frameon=False, loc="lower center", bbox_to_anchor=(0.5, 1.0), ncols=2)
    return artists


def draw_reliability(axes, levels):
    """How often right (up) against how sure (across), one mark a sureness with Wilson's 95 % interval.

    levels: ((name, how many right, of how many, p held on average), ...). Returns the artists.
    """
    artists = axes.plot([0, 100], [0, 100], color=INK, linestyle="--", linewidth=1, label="as often right as sure")
    for name, right, of, held in levels:
        low, high = wilson(right, of)
        artists += axes.plot([100 * held] * 2, [100 * low, 100 * high], color=BLUE, linewidth=2)
        artists += axes.plot(100 * held, 100 * right / of, "o", color=BLUE, markersize=9)
        artists.append(axes.annotate(f"{name}\n{right} of {of}", (100 * held, 100 * right / of), xytext=(-10, 0),
                                     textcoords="offset points", ha="right", color=INK, fontsize=10,
                                     bbox={"facecolor": PAPER, "edgecolor": "none", "pad": 1, "alpha": 0.85},
                                     va="bottom" if right == 0 else "top" if right == of else "center"))
    axes.set(xlim=(0, 102), ylim=(-3, 103), xlabel="how sure you were, %", ylabel="how often you were right, %",
             xticks=range(0, 101, 25), yticks=range(0, 101, 25))
    axes.legend(frameon=False, loc="lower left", bbox_to_anchor=(0, 1.0), borderpad=0)
    return artists
