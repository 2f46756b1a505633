"""Two losses of one unit and their slopes, over the score."""
from bpviz.plots.style import BLUE, INK, VERMILION

LOOK = {"squared error": (BLUE, "-", "o", "squared error"),
        "binary cross-entropy": (VERMILION, "--", "s", "cross-entropy")}
TICKS = (-10, -5, 0, 5, 10)


class TwoLosses:
    """Curves and marks on two axes; `update` moves them."""

    def __init__(self, left, right, scores):
        self.scores, self.handle, self.lines, self.marks = scores, None, {}, {}
        self.verticals = [axes.axvline(0, color=INK, linewidth=1.1, linestyle=(0, (4, 2))) for axes in (left, right)]
        for name, (colour, dash, mark, said) in LOOK.items():
            self.lines[name] = [axes.plot([], [], color=colour, linestyle=dash, label=said)[0]
                                for axes in (left, right)]
            self.marks[name] = [axes.plot([], [], mark, color=colour, markeredgecolor=INK, markersize=10)[0]
                                for axes in (left, right)]
        left.set(xlim=(scores[0], scores[-1]), ylim=(0, 10.5), title="Loss", xlabel="score z",
                 xticks=TICKS)
        right.set(xlim=(scores[0], scores[-1]), ylim=(-1.08, 1.08), title="Slope of the loss by z", xlabel="score z",
                  xticks=TICKS)
        right.axhline(0, color=INK, linewidth=0.8)
        right.legend(loc="upper left", frameon=False)
        self.artists = (*self.verticals, *sum(self.lines.values(), []), *sum(self.marks.values(), []))

    def update(self, z, losses, slopes, here):
        """losses, slopes: {name: array over the scores}.  here: {name: (loss, slope) at z}."""
        for line in self.verticals:
            line.set_xdata([z, z])
        for name in LOOK:
            for axis, curve in enumerate((losses[name], slopes[name])):
                self.lines[name][axis].set_data(self.scores, curve)
                self.marks[name][axis].set_data([z], [here[name][axis]])


def draw_two_losses(left, right, scores):
    """Returns the moving TwoLosses."""
    return TwoLosses(left, right, scores)
