"""What has the network learned? Its decision boundary, on the rows it has seen and on rows it has not.

Too large a network draws its line around every noisy row. The penalty l2 and dropout are cures: they make the
training loss worse and, with luck, the test accuracy better.
"""
from dataclasses import dataclass
from operator import attrgetter

import numpy as np

from bpviz.base.work import Part
from bpviz.coursework.diagnosis.own_training import NoTraining, OwnTraining
from bpviz.descent.adaptive import Adam
from bpviz.descent.descend import descend
from bpviz.descent.generalisation import Generalisation
from bpviz.descent.noise import Dropout
from bpviz.descent.stop import shares_right
from bpviz.explorers import two_weights
from bpviz.explorers.explorer import Explorer, Menu, Slider, Small, each
from bpviz.explorers.own_data import OWN_DATA, of_data, parted, window_of
from bpviz.explorers.own_trained_backward import TRAINED_BACKWARD, with_trained_backward
from bpviz.network.data import CLOUDS, Data
from bpviz.network.fit import Fit
from bpviz.network.shape import Network
from bpviz.plots.answers import name_of_input
from bpviz.plots.boundary import Rows, output_image
from bpviz.plots.landscape import DRAG_STEP, moment_on, titled
from bpviz.plots.layout import Layout, Legend, Row, Stack, Tall, Tile
from bpviz.plots.motion import Cells, Drawing, Shaped, Stroke
from bpviz.plots.places import Slide
from bpviz.plots.style import BLUE, GREEN, VERMILION, step_axis
from bpviz.words.catalogue import say

CELLS, REACH, TEST_ROWS, MOST_STEPS, RATE = 96, 2.0, 200, 2000, 0.05
SIZES = {"2 units": (2,), "4 units": (4,), "12 units": (12,), "6 and 6 units": (6, 6)}


@dataclass(frozen=True)
class Scene:
    """The network, its loss, and which data: a cloud, or one's own; where the window begins and ends on both axes."""
    network: Network
    cloud: object
    own: Data | None = None
    window: tuple = ((-REACH, REACH), (-REACH, REACH))
    loss: str = "cross-entropy"


@dataclass(frozen=True, repr=False)
class Result(Generalisation):
    """With the step looked at, and the output over the plane there, (cells, cells).

    yours: the training of a learner's own backward pass, where one was given, and yours_output: its output over the
    plane at that step; None where there is none.
    """
    step: int
    output: np.ndarray
    yours: OwnTraining | NoTraining | None = None
    yours_output: np.ndarray | None = None

    @property
    def heading(self):
        """How many rows are right at the step looked at, the title of the picture."""
        train, test = shares_right((self.train, self.test), self.path.theta[:, self.step])
        return say("boundary", "moment", step=self.step, train=train, test=test)

    @property
    def yours_heading(self):
        """The same of the learner's own, the title of its picture."""
        if self.yours is None or not self.yours.runs:
            return say("backward", "legend")
        step = self.yours.at(self.step)
        train, test = self.yours.shares(step)
        return say("backward", "moment", step=step, same=step == self.step, train=train, test=test)


def scene(values, own=None, activation="tanh", loss="cross-entropy"):
    yield Part(0.5)
    hidden = SIZES[values["units"]]
    network = Network((2, *hidden, 1), (activation,) * len(hidden) + ("sigmoid",))
    yield Part(1.0, Scene(network, CLOUDS[values["data"]], loss=loss) if own is None else
               Scene(network, None, own, window_of(own), loss))


def _data(scene, values):
    """The rows to learn from, and those of the test."""
    seed, noise = values["seed"], values["noise"]
    if scene.own is not None:
        return parted(scene.own, values["rows"], seed)
    return scene.cloud(values["rows"], noise, seed), scene.cloud(TEST_ROWS, noise, seed + 1000)


def compute(scene, values, memory):
    seed, asked = values["seed"], values["steps"]
    train, test = (Fit(scene.network, scene.loss, data, l2)
                   for data, l2 in zip(_data(scene, values), (values["l2"], 0.0), strict=True))

    def work():
        start = np.random.default_rng(seed).normal(size=train.n_params) * 0.7
        dropout = Dropout(values["dropout"], seed) if values.get("dropout") else None
        return descend.parts(train, start, Adam(RATE), asked, noise=dropout)

    key = tuple(values.get(name) for name in ("rows", "noise", "seed", "l2", "dropout", "steps"))
    yield from each(memory.resume(key, work), lambda path: _result(
        path, train, test, asked, min(values["moment"], path.kept), scene.window, _left(values)))


def _left(values):
    """What is left to try where the network fits poorly: no knob that stands at its end."""
    left = {"units": values["units"] != list(SIZES)[-1], "steps": values["steps"] < MOST_STEPS,
            "penalty": values["l2"] > 0, "dropout": values.get("dropout", 0) > 0}
    return tuple(name for name, can in left.items() if can)


def _result(path, train, test, asked, step, window, tries):
    return Result(train, test, path, asked, step, over_plane(train, path.theta[:, step], window), tries=tries)


def over_plane(fit, theta, window):
    """What the network answers at theta (P,) over the window: (cells, cells)."""
    plane = np.stack(np.meshgrid(*(np.linspace(*ends, CELLS) for ends in window))).reshape(2, -1)
    return fit.predict(theta, plane)[0].reshape(CELLS, CELLS)


MARKS = Legend(44, columns=4, each=100, look=(("handletextpad", 0.2),))
KEY = Legend(44, columns=2, each=165, look=(("handlelength", 1.6),))
LOSS = "Loss, penalty left out"
LAYOUT = Layout(
    wide=Row((Tile("plane", (68, 32, 0, 98), aspect=1, legend=MARKS),
              Tile("loss", (72, 32, 24, 98), title=LOSS, legend=KEY))),
    tall=424,
    narrow=Stack((Tile("plane", (68, 32, 16, 96), aspect=1, most=246, legend=MARKS),
                  Tile("loss", (62, 34, 20, 98), high=180, title=LOSS, legend=KEY))))


WITH_YOURS = Layout(
    wide=Row((Tile("plane", (68, 32, 0, 98), aspect=1, legend=MARKS), Tile("yours", (44, 32, 0, 98), aspect=1),
              Tile("loss", (58, 32, 16, 98), title=LOSS, legend=KEY))),
    tall=Tall(0.38, 330, 400), turn=880,
    narrow=Stack((Tile("plane", (68, 32, 16, 48), aspect=1, most=246), Tile("yours", (68, 32, 16, 96), aspect=1,
                                                                         most=246, legend=MARKS),
                  Tile("loss", (62, 34, 20, 112), high=180, title=LOSS, legend=KEY))))


def draw(axes, scene, yours=False):
    plane, curve = axes.plane, axes.loss
    rows = Rows(plane, scene.window)
    plane.set(xlabel=_input(scene, 1), ylabel=_input(scene, 2))
    theirs = _yours(axes, scene) if yours else ()
    step_axis(curve, MOST_STEPS)
    curve.set(xlabel=DRAG_STEP, ylim=(0, 1.2))
    lines = [Stroke(curve, f"losses.{k}", "steps", {"color": colour, "linestyle": dash, "label": name}, edge=True)
             for k, (colour, dash, name) in enumerate(((BLUE, "-", "training rows"), (VERMILION, "--", "test rows")))]
    return Drawing((Cells(plane, output_image, ("output",)), Shaped(rows, ("train.data", "test.data")), *theirs, *lines,
                    moment_on(curve, "step"), titled(plane, "heading")), places=(Slide(curve, "moment"),))


def _input(scene, k):
    """What the axis of input k is called."""
    return f"$x_{k}$" if scene.own is None else name_of_input(scene.own, f"$x_{k}$")


def _yours(axes, scene):
    """The bindings of the training of a learner's own backward pass: its plane, and its loss beside the right ones."""
    rows = Rows(axes.yours, scene.window)
    axes.yours.set(xlabel=_input(scene, 1))
    line = {"color": GREEN, "linestyle": (0, (4, 2)), "linewidth": 2.2, "label": say("backward", "rows_of_yours")}

    def image(output):
        return None if output is None else output_image(output)
    return (Cells(axes.yours, image, ("yours_output",)), Shaped(rows, ("train.data", "test.data")),
            Stroke(axes.loss, "yours.losses", "yours.looked", line, edge=True), titled(axes.yours, "yours_heading"))


def with_own(explorer, given):
    """Of data, with the training of a backward pass, or both, of the learner's own."""
    if "data" in given:
        explorer = of_data(explorer, given)
    return explorer if "backward" not in given else with_trained_backward(
        explorer, given["backward"], Adam(RATE), SIZES, over_plane, WITH_YOURS)


EXPLORER = Explorer(
    name="boundary", title="Decision boundary",
    question="What has the network learned, and does it hold for rows that it has not seen?",
    knobs=(
        Menu("data", "data", lambda: tuple(CLOUDS), "moons", tip="what is to be told apart"),
        Menu("units", "hidden", lambda: tuple(SIZES), "12 units", tip="how large the network is"),
        Slider("rows", "rows", 10, 200, 40, 1, whole=True, tip="how many rows it learns from", rare=True),
        Slider("noise", "noise", 0.0, 0.5, 0.25, 0.01, tip="how much the rows are scattered"),
        Slider("l2", "penalty l2", 0.0, 0.05, 0.0, 0.0005, tip="weight of the sum of squared weights"),
        Slider("dropout", "dropout", 0.0, 0.8, 0.0, 0.05, tip="the share of hidden units left out in each step"),
        Slider("steps", "steps", 10, MOST_STEPS, 600, 0.01, log=True, whole=True, tip="how long it trains"),
        Slider("seed", "seed", 0, 20, 0, 1, whole=True, tip="other rows and another start", rare=True),
        two_weights.moment_slider(MOST_STEPS, rare=True),
    ),
    scene=scene, compute=compute, draw=draw, layout=LAYOUT, main=("units", "l2"),
    plays="moment", until=attrgetter("path.kept"),
    takes={**OWN_DATA, **TRAINED_BACKWARD}, with_own=with_own,
    small=Small({"CELLS": 16}, {"steps": 40}),
)
