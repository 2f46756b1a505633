"""The network f(w2 f(w1 x)) of two weights: its whole loss landscape is a picture. What its explorers share."""
from dataclasses import dataclass

import numpy as np

from bpviz.base.work import Part, within
from bpviz.landscape.critical import CriticalPoints, critical_points
from bpviz.landscape.planes import Plane, window
from bpviz.network.data import DATA
from bpviz.network.fit import Fit
from bpviz.network.shape import Network
from bpviz.plots.landscape import side_labels
from bpviz.symbolic.derive import Chain

REACH = 6.0                             # the window is [-REACH, REACH] both ways


@dataclass(frozen=True)
class Landscape:
    """The objective, its surface, its critical points, its derivation."""
    fit: Fit
    plane: Plane
    loss: np.ndarray
    points: CriticalPoints
    chain: Chain


def data_sets():
    """The names of the data sets with one input and one output."""
    return [name for name, data in DATA.items() if len(data.x) == len(data.y) == 1]


def suited(*knobs):
    """{data set: {knob: value}}: what each data set says of itself, its `activation` and its `rate`, for a menu."""
    return {name: {knob: getattr(DATA[name], knob) for knob in knobs if getattr(DATA[name], knob)}
            for name in data_sets()}


def landscape(data, activation=None, l2=0.0):
    """The Landscape of a data set, as Parts. activation: None for the one that suits the data."""
    network = Network((1, 1, 1), activation or DATA[data].activation or "sigmoid", bias=False)
    fit = Fit(network, "squared error", DATA[data], l2)
    plane = window(-REACH, REACH, 200)
    loss = plane.loss(fit)
    yield Part(0.1)
    chain = Chain(fit)
    points = yield from within(critical_points.parts(fit, -REACH, REACH), 0.1, 0.99)
    yield Part(1.0, Landscape(fit, plane, loss, points, chain))


def loss_axis(axes, scene):
    """Linear where the losses in the window are of one size, logarithmic where they are not."""
    high, middle = float(np.nanmax(scene.loss)), float(np.nanmedian(scene.loss))
    if high > 30 * middle or high > 30:
        axes.set_yscale("log")
        axes.set_ylim(max(middle, 1e-6) * 1e-8, high * 3)
        axes.minorticks_off()
    else:
        axes.set_ylim(0, high * 1.05)
    minima = scene.points.minima
    side_labels(axes, scene.points.loss[minima], [scene.points.label[k] for k in minima])
