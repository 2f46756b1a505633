"""The network f(w2 f(w1 x)) of two weights: its whole loss landscape is a picture. What its explorers share."""
from dataclasses import dataclass, replace

import numpy as np

from bpviz.base.arguments import whole
from bpviz.base.work import Part, within
from bpviz.explorers.explorer import Menu, Slider
from bpviz.landscape.critical import CriticalPoints, critical_points
from bpviz.landscape.given import GivenSlopes, given_slopes
from bpviz.landscape.planes import Plane, window
from bpviz.network.data import DATA, Data
from bpviz.network.fit import Fit
from bpviz.network.shape import Network
from bpviz.plots.answers import MET, MOST_BARS, inputs
from bpviz.symbolic.compare import compare_gradients
from bpviz.symbolic.derive import Chain
from bpviz.symbolic.gradient_table import captioned
from bpviz.words.catalogue import say

REACH = 6.0                             # the window is [-REACH, REACH] both ways
MOST_ROWS = max(data.rows for data in DATA.values() if len(data.x) == len(data.y) == 1)


@dataclass(frozen=True)
class Landscape:
    """The objective, its surface, its critical points, its derivation: None where it is no network's loss."""
    fit: Fit
    plane: Plane
    loss: np.ndarray
    points: CriticalPoints
    chain: Chain | None

    @property
    def answers(self):
        """Whether there is a network that answers, on rows of data."""
        return self.chain is not None

    def starts(self, many):
        """So many starts (2, many), drawn evenly from the window, always the same."""
        low, high = self.plane.low[:, None], self.plane.high[:, None]
        return np.random.default_rng(0).uniform(low, high, size=(2, many))

    def gradients(self, start):
        """The gradient at start (2,), found in all the ways there are, each beside the others."""
        return compare_gradients(self.fit, start, self.chain) if self.answers else given_slopes(self.fit, start)


def data_sets():
    """The names of the data sets with one input and one output."""
    return [name for name, data in DATA.items() if len(data.x) == len(data.y) == 1]


def suited(*knobs):
    """{data set: {knob: value}}: what each data set says of itself, its `activation` and its `rate`, for a menu."""
    return {name: {knob: getattr(DATA[name], knob) for knob in knobs if getattr(DATA[name], knob)}
            for name in data_sets()}


def data_menu(*sets, steers=(), **begin):
    """The menu of data sets.  sets: knobs that each has its own values for.  begin: {knob: value} at any of them.
    steers: see Menu.
    """
    return Menu("data", "data set", data_sets, "seesaw", {None: begin, **suited(*sets)},
                "which examples the network learns", steers=steers)


def start_sliders(w1, w2, rare=False):
    """The sliders of the two initial weights, to be dragged as `w1`, `w2`."""
    return [Slider(f"w{k}", f"w{k}", -REACH, REACH, value, 0.01, tip=f"initial weight of layer {k}", rare=rare)
            for k, value in ((1, w1), (2, w2))]


def start(values):
    """The initial weights (2,) that these sliders say."""
    return np.array([values["w1"], values["w2"]])


def landscape(data, activation=None, l2=0.0, fit=None):
    """The Landscape of a data set, as Parts. activation: None for the one that suits the data.  fit: this one instead.

    The window of an objective that is no Fit is its own, `low` to `high`.
    Raises ValueError for a loss that is no finite number somewhere in the window.
    """
    given = "activation" if fit is None else "fit"
    fit = made(data, activation, l2) if fit is None else fit
    chain = Chain(fit) if hasattr(fit, "network") else None
    low, high = (-REACH, REACH) if chain else (fit.low, fit.high)
    plane = window(low, high, 200)
    loss = plane.loss(fit)
    _finite_everywhere(plane, loss, given, activation if given == "activation" else None)
    yield Part(0.1)
    points = yield from within(critical_points.parts(fit, low, high), 0.1, 0.99)
    yield Part(1.0, Landscape(fit, plane, loss, points, chain))


def _finite_everywhere(plane, loss, given, name):
    """Refuse a landscape with a hole, by the argument that made it.  name: what was chosen, None for a thing."""
    if np.isfinite(loss).all():
        return
    row, column = np.argwhere(~np.isfinite(loss))[0]
    (x, y), got = plane.axes, "one" if name is None else repr(name)
    reach = dict.fromkeys(f"{low:g} to {high:g}" for low, high in zip(plane.low, plane.high, strict=True))
    raise ValueError(f"{given}: got {got} whose loss is {loss[row, column]:g} at w1 = {x[column]:.3g}, "
                     f"w2 = {y[row]:.3g}; allowed is one whose loss is a finite number for all weights from "
                     f"{' and '.join(reach)}")


def made(data, activation=None, l2=0.0):
    """The Fit of a data set. activation: None for the one that suits the data."""
    return Fit(Network((1, 1, 1), activation or DATA[data].activation or "sigmoid", bias=False), "squared error",
               DATA[data], l2)


@dataclass(frozen=True)
class Outputs:
    """What the network gives over x at the start and at the end of a path: (n,) each.

    costs: facts of the row that costs most at the end, None where there is but one, or no loss to speak of.
    """
    start: np.ndarray
    end: np.ndarray
    costs: dict | None


def answers(land, path):
    """The Outputs of a descent, None without a network."""
    if not land.answers:
        return None
    fit = land.fit
    start, end = np.moveaxis(fit.predict(path.theta[:, [0, -1]], inputs(fit.data))[0], -1, 0)
    (x,), (target,), (answer,) = fit.data.x, fit.data.y, fit.predict(path.end)
    cost = fit.by_row(path.end)
    with np.errstate(over="ignore"):
        k, total = cost.argmax(), cost.sum() + (fit.penalty(path.end) if fit.l2 else 0.0)
    if len(cost) == 1 or not MET < total * len(cost) < np.inf:
        return Outputs(start, end, None)
    return Outputs(start, end, {"share": cost[k] / total, "x": x[k], "answer": answer[k], "target": target[k]})


@dataclass(frozen=True)
class Moment:
    """One step of a path: its number, weights (2,), loss, and the words that say so.

    answer: what the network gives over x there, (n,).  parts: what each row, and the penalty if there is one, adds to
    the loss, (rows,) or (rows + 1,); of more than MOST_BARS rows see `gathered`.  Both None without a network.
    """
    step: int
    theta: np.ndarray
    loss: float
    answer: np.ndarray | None
    parts: np.ndarray | None
    words: str

    @property
    def here(self):
        """The same in full, for who points at it."""
        return say("minima", "here", step=self.step, w1=self.theta[0], w2=self.theta[1], loss=self.loss)


def gathered(parts):
    """The parts of the loss as the bars show them: (rows,), of many rows the largest, then the sum of the others."""
    if len(parts) <= MOST_BARS:
        return parts
    parts = np.sort(parts)[::-1]
    return np.append(parts[:MOST_BARS - 1], parts[MOST_BARS - 1:].sum())


def moment(land, path, step):
    """The Moment of this step of a descent, or of its last one."""
    fit, step = land.fit, min(step, path.kept)
    theta, loss = path.theta[:, step], float(path.loss[step])
    words = say("minima", "moment", step=step, loss=loss)
    if not land.answers:
        return Moment(step, theta, loss, None, None, words)
    parts = gathered(fit.by_row(theta))
    if fit.l2:
        parts = np.append(parts, fit.penalty(theta))
    return Moment(step, theta, loss, fit.predict(theta, inputs(fit.data))[0], parts, words)


def moment_slider(most, rare=False):
    """The slider of the step that is looked at; at first the last one."""
    return Slider("moment", "look at step", 1, most, most, 0.01, log=True, whole=True,
                  tip="along the path: the curve, the loss and the rows of this step", rare=rare)


def row_slider():
    """The slider of the row whose own landscape is shown; 0 for the whole."""
    return Slider("row", "row alone", 0, MOST_ROWS, 0, 1, whole=True,
                  tip="the landscape of this example alone; 0: of all", rare=True)


@dataclass(frozen=True)
class Alone:
    """The landscape of one row alone: its number from 1, its loss over the window, what it is called.

    Of the whole data set: number 0, and no loss, since the landscape itself is there.
    """
    row: int
    loss: np.ndarray | None
    words: str
    x: float | None = None

    def part(self, fit, moment):
        """Facts of what this row adds to the loss of a Moment; None of the whole data set, or where no number is one.
        """
        part = float(fit.by_row(moment.theta)[self.row - 1]) if self.row else np.inf
        if not (np.isfinite(part) and np.isfinite(moment.loss)):
            return None
        return {"x": self.x, "part": part, "loss": moment.loss, "step": moment.step}


def alone(land, row, memory):
    """The Alone of this row, 0 for the whole. The mean of these losses over the rows, and the penalty, are the loss."""
    if not land.answers:
        return Alone(0, None, say("minima", "together"))
    fit, row = land.fit, whole("row", row, 0, land.fit.data.rows)
    if row == 0:
        return Alone(0, None, say("minima", "together"))
    x, y = fit.data.x[:, [row - 1]], fit.data.y[:, [row - 1]]
    loss = memory.get(("alone", row), lambda: land.plane.loss(replace(fit, data=Data(x, y), l2=0.0)))
    return Alone(row, loss, say("minima", "alone", x=x[0, 0]), float(x[0, 0]))


def rows(land):
    """How far the slider of rows reaches, if there is one."""
    return {"row": land.fit.data.rows} if land.answers else {}


def table(result):
    """The table of a result with the `gradients` at the start."""
    if isinstance(result.gradients, GivenSlopes):
        return result.gradients.table()
    return captioned(result.gradients, say("minima", "table"), ("w1", "w2"))
