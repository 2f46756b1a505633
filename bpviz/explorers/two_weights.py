"""The network f(w2 f(w1 x)) of two weights: its whole loss landscape is a picture. What its explorers share."""
from dataclasses import dataclass

import numpy as np

from bpviz.base.work import Part, within
from bpviz.explorers.explorer import Menu, Slider
from bpviz.landscape.critical import CriticalPoints, critical_points
from bpviz.landscape.planes import Plane, window
from bpviz.network.data import DATA
from bpviz.network.fit import Fit
from bpviz.network.shape import Network
from bpviz.plots.answers import inputs
from bpviz.symbolic.derive import Chain
from bpviz.symbolic.gradient_table import captioned
from bpviz.words.catalogue import say

REACH = 6.0                             # the window is [-REACH, REACH] both ways
TOLD = 1e-9                             # a sum of squared errors below this is met by all rows


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


def data_menu(*sets):
    """The menu of data sets; sets: knobs that each data set has its own values for."""
    return Menu("data", "data set", data_sets, "seesaw", suited(*sets), "which examples the network learns")


def start_sliders(w1, w2):
    """The sliders of the two initial weights, to be dragged as `w1`, `w2`."""
    return [Slider(f"w{k}", f"w{k}", -REACH, REACH, value, 0.01, tip=f"initial weight of layer {k}")
            for k, value in ((1, w1), (2, w2))]


def start(values):
    """The initial weights (2,) that these sliders say."""
    return np.array([values["w1"], values["w2"]])


def landscape(data, activation=None, l2=0.0, fit=None):
    """The Landscape of a data set, as Parts. activation: None for the one that suits the data.  fit: this one instead.
    """
    if fit is None:
        network = Network((1, 1, 1), activation or DATA[data].activation or "sigmoid", bias=False)
        fit = Fit(network, "squared error", DATA[data], l2)
    plane = window(-REACH, REACH, 200)
    loss = plane.loss(fit)
    yield Part(0.1)
    chain = Chain(fit)
    points = yield from within(critical_points.parts(fit, -REACH, REACH), 0.1, 0.99)
    yield Part(1.0, Landscape(fit, plane, loss, points, chain))


def row_losses(fit, theta):
    """What each row costs at theta (P,): (rows,). Their mean (or sum) and the penalty are the loss."""
    record = fit.loss_record
    with np.errstate(all="ignore"):
        z, _, a = fit.network.forward(theta, fit.data.x, np, record.output)
        return record.value(np, z[-1], a[-1], fit.data.y)


@dataclass(frozen=True)
class Outputs:
    """What the network gives over x at the start and at the end of a path: (n,) each.

    costs: facts of the row that costs most at the end, None where there is but one, or no loss to speak of.
    """
    start: np.ndarray
    end: np.ndarray
    costs: dict | None


def answers(fit, path):
    """The Outputs of a descent."""
    start, end = np.moveaxis(fit.predict(path.theta[:, [0, -1]], inputs(fit.data))[0], -1, 0)
    (x,), (target,), (answer,) = fit.data.x, fit.data.y, fit.predict(path.end)
    cost = row_losses(fit, path.end)
    with np.errstate(over="ignore"):
        k, whole = cost.argmax(), cost.sum() + fit.divisor * fit.penalty(path.end)
    if len(cost) == 1 or not TOLD < whole < np.inf:
        return Outputs(start, end, None)
    return Outputs(start, end, {"share": cost[k] / whole, "x": x[k], "answer": answer[k], "target": target[k]})


def table(result):
    """The table of a result with the `gradients` at the start."""
    return captioned(result.gradients, say("minima", "table"), ("w1", "w2"))
