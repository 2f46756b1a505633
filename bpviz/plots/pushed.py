"""The dot of the moment on a path, which can be pulled aside, and the path that goes on from there."""
from bpviz.plots.answers import inputs
from bpviz.plots.landscape import MOMENT
from bpviz.plots.motion import Stroke
from bpviz.plots.style import INK, PAPER

BENT = {"color": INK, "linewidth": 1.7, "linestyle": (0, (4, 1.6))}


class PulledMark:
    """The dot: `update(theta, bent)`, (2,) the moment's weights and (2, n) the path after a push, or None.

    place: where it is, (2,); home: where it belongs; None before the first update.
    """

    def __init__(self, axes):
        self.dot, = axes.plot([], [], **MOMENT)
        self.artists, self.place, self.home = (self.dot,), None, None

    def update(self, theta, bent):
        self.home, self.place = theta, theta if bent is None else bent[:, 0]
        self.dot.set_data(*self.place[:, None])


def bent_path(landscape, answers, loss, data):
    """The PulledMark, then the bindings of the bent path: over the landscape, its answers at the end, its loss."""
    path = {"x": "pushed.path.theta.0"}
    return (PulledMark(landscape),
            Stroke(landscape, "pushed.path.theta.1", **path, look={"color": PAPER, "linewidth": 3.6}),
            Stroke(landscape, "pushed.path.theta.1", **path, look=BENT),
            Stroke(landscape, "pushed.path.theta.1", **path, part="last", look={
                "linestyle": "", "marker": "o", "markersize": 20, "markerfacecolor": "none", "markeredgecolor": INK,
                "markeredgewidth": 2}),
            Stroke(answers, "pushed.answer", inputs(data), look=BENT),
            Stroke(loss, "pushed.path.loss", "pushed.steps", look=BENT, edge=True))
