"""Two losses of one unit and their slopes, over the score."""
from bpviz.plots.motion import Stroke, Upright
from bpviz.plots.style import BLUE, INK, VERMILION

LOOK = {"squared error": (BLUE, "-", "o", "squared error"),
        "binary cross-entropy": (VERMILION, "--", "s", "cross-entropy")}
TICKS = (-10, -5, 0, 5, 10)


def two_losses(left, right, scores):
    """Bindings: the `losses` and `slopes` over the scores, marks of what is `here`, lines down at the score `z`."""
    left.set(xlim=(scores[0], scores[-1]), ylim=(0, 10.5), title="Loss", xlabel="score z", xticks=TICKS)
    right.set(xlim=(scores[0], scores[-1]), ylim=(-1.08, 1.08), title="Slope of the loss by z", xlabel="score z",
              xticks=TICKS)
    right.axhline(0, color=INK, linewidth=0.8)
    for colour, dash, _, said in LOOK.values():
        right.plot([], [], color=colour, linestyle=dash, label=said)
    down = {"color": INK, "linewidth": 1.1, "linestyle": (0, (4, 2))}
    lines, marks = [], []
    for name, (colour, dash, mark, _) in LOOK.items():
        look = {"linestyle": "", "marker": mark, "color": colour, "markeredgecolor": INK, "markersize": 10}
        for axes, curves, here in ((left, "losses", f"here.{name}.0"), (right, "slopes", f"here.{name}.1.backprop")):
            lines.append(Stroke(axes, f"{curves}.{name}", scores, {"color": colour, "linestyle": dash}))
            marks.append(Stroke(axes, here, "z", look))
    return (Upright(left, "z", down), Upright(right, "z", down), *lines, *marks)
