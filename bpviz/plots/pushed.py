"""The dot of the moment on a path, which can be pulled aside, and the path that goes on from there."""
import numpy as np

from bpviz.plots.answers import inputs
from bpviz.plots.landscape import MOMENT
from bpviz.plots.motion import Shaped, Stroke
from bpviz.plots.places import Glance
from bpviz.plots.style import INK, PAPER

FAR = 50.0                       # weights further out count as there
BENT = {"color": INK, "linewidth": 1.7, "linestyle": (0, (4, 1.6))}


class PulledMark:
    """The dot: `update(theta, bent)`, (2,) the moment's weights and (2, n) the path after a push, or None.

    place: where it is, (2,); home: where it belongs; None before the first update. While it is pulled aside another
    dot stays at home, where the step is that the other pictures show; the pulled one is as dark as its path.
    """

    def __init__(self, axes):
        self.left, = axes.plot([], [], **MOMENT)
        self.dot, = axes.plot([], [], **MOMENT)
        self.colour = self.dot.get_markerfacecolor()
        self.artists, self.place, self.home = (self.left, self.dot), None, None

    def update(self, theta, bent):
        self.home, self.place = theta, theta if bent is None else bent[:, 0]
        self.dot.set_data(*self.place[:, None])
        self.dot.set_markerfacecolor(self.colour if bent is None else INK)
        self.left.set_data(*((), ()) if bent is None else theta[:, None])


class GlancedPath:
    """Where a path can be pointed at, for a Glance: `update(theta, step, words, bent)`, (2, n) and the moment's facts.

    From more than MOST points those are left out between which the path is shortest. A path that was pushed has none:
    what the push makes would be walked anew at every point.
    """
    MOST = 96

    def __init__(self):
        self.artists, self.points, self.value, self.words = (), (), 0, ""

    def update(self, theta, step, words, bent=None):
        self.value, self.words, self.points = step, words, ()
        if bent is None and theta.shape[1] > 1:
            theta = np.clip(np.nan_to_num(theta, nan=FAR), -FAR, FAR)
            some = evenly(theta, self.MOST)
            self.points = tuple(zip(some.tolist(), *theta[:, some].tolist(), strict=True))


def pointed_at(axes):
    """The binding and the Glance of a path that cannot be pushed."""
    glanced = GlancedPath()
    return Shaped(glanced, ("path.theta", "moment.step", "moment.here")), Glance(axes, "moment", glanced)


def evenly(theta, most):
    """At most so many of the indices of a path (2, n), evenly along its length, both ends among them."""
    n = theta.shape[1]
    if n <= most:
        return np.arange(n)
    along = np.concatenate([[0.0], np.hypot(*np.diff(theta)).cumsum()])
    return np.unique([*np.searchsorted(along, np.linspace(0, along[-1], most - 1)).clip(0, n - 1), n - 1])


def bent_path(landscape, loss, answers=None, data=None):
    """The PulledMark, then the bindings of the bent path: over the landscape, its loss, its answers at the end."""
    path = {"x": "pushed.path.theta.0"}
    return (PulledMark(landscape),
            Stroke(landscape, "pushed.path.theta.1", **path, look={"color": PAPER, "linewidth": 3.6}),
            Stroke(landscape, "pushed.path.theta.1", **path, look=BENT),
            Stroke(landscape, "pushed.path.theta.1", **path, part="last", look={
                "linestyle": "", "marker": "o", "markersize": 20, "markerfacecolor": "none", "markeredgecolor": INK,
                "markeredgewidth": 2}),
            Stroke(loss, "pushed.path.loss", "pushed.steps", look=BENT, edge=True),
            *([] if answers is None else [Stroke(answers, "pushed.answer", inputs(data), look=BENT)]))
