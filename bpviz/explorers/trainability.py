"""Which learning rates train the network? The border between trains and runs away, and how crinkled it is.

Every pixel is a training run of its own. Drag a box to zoom in: the runs are made anew, so the border stays
sharp at every size that float64 can tell apart.
"""
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from bpviz.base.work import Part
from bpviz.explorers.explorer import Explorer, Menu, Slider, Small, each
from bpviz.landscape.trainability import Trainability, border, box_dimension, trainability
from bpviz.network.data import DATA
from bpviz.network.fit import Fit
from bpviz.network.shape import Network
from bpviz.plots.layout import Layout, Row, Stack, Tile
from bpviz.plots.motion import Drawing, Shaped, Stroke
from bpviz.plots.trainability import BOX_LOOKS, HyperMap, box_axes
from bpviz.words.catalogue import Said

CELLS, MOST_STEPS, LEAST_REACH = 160, 1000, 1e-4
NETWORKS = {"2-2-1 tanh, xor": ((2, 2, 1), "tanh", "xor"), "2-4-1 tanh, xor": ((2, 4, 1), ("tanh", "identity"), "xor"),
            "2-4-1 relu, xor": ((2, 4, 1), ("relu", "identity"), "xor"),
            "1-1-1 linear": ((1, 1, 1), "identity", "linear saddle")}
AXES = {"two learning rates": "rates", "rate and initial scale": "scale"}


@dataclass(frozen=True)
class Scene:
    """The network, and what the map is over."""
    fit: Fit
    over: str


@dataclass(frozen=True)
class Result:
    """The map so far, its box dimension and that of a circle counted in the same way."""
    map: Trainability
    over: str
    reach: float

    @property
    def share(self):
        return self.map.share

    @cached_property
    def dimension(self):
        return box_dimension(border(self.map.outcome))

    @cached_property
    def control(self):
        return circle(len(self.map.x))


def circle(cells):
    """The box dimension of a circle on as many cells: what a smooth border gives."""
    i, j = np.indices((cells, cells)) / cells - 0.5
    return box_dimension(border((i * i + j * j < 0.09).astype(int)))


def scene(values):
    yield Part(0.5)
    sizes, activation, data = NETWORKS[values["network"]]
    network = Network(sizes, activation, bias=values["network"] != "1-1-1 linear")
    yield Part(1.0, Scene(Fit(network, "squared error", DATA[data]), AXES[values["axes"]]))


def compute(scene, values, memory):
    def work():
        middle, reach = np.array([values["x"], values["y"]]), values["reach"]
        theta = np.random.default_rng(values["seed"]).normal(size=scene.fit.n_params)
        return trainability.parts(scene.fit, theta, middle - reach, middle + reach, CELLS, values["steps"],
                                  over=scene.over)

    key = tuple(values[name] for name in ("x", "y", "reach", "seed", "steps"))
    yield from each(memory.resume(key, work), lambda found: Result(found, scene.over, values["reach"]))


MAP, BOXES = "Dark: it trains", "Boxes on the border"
LAYOUT = Layout(
    wide=Row((Tile("map", (88, 32, 64, 60), aspect=1, title=MAP),
              Tile("boxes", (0, 32, 24, 64), title=BOXES))),
    tall=424,
    narrow=Stack((Tile("map", (88, 32, 12, 64), aspect=1, most=234, title=MAP),
                  Tile("boxes", (88, 34, 20, 86), high=200, title=BOXES))))


def draw(axes, scene):
    second = "learning rate of layer 2" if scene.over == "rates" else "scale of the start"
    first = "learning rate of layer 1" if scene.over == "rates" else "learning rate"
    axes.map.set_xlabel(first, labelpad=22)
    axes.map.set_ylabel(second, labelpad=43)
    box_axes(axes.boxes)
    lines = [Stroke(axes.boxes, f"{name}.counts", f"{name}.sides", look) for name, look in BOX_LOOKS.items()]
    drawing = Drawing((Shaped(HyperMap(axes.map), ("map.x", "map.y", "map.outcome", "map.shade")), *lines), axes.map)
    axes.boxes.legend(frameon=False, loc="upper right")
    return drawing


def words(result):
    found, control = result.dimension, result.control
    train = "train", {"converged": result.map.converged, "made": result.share}
    if result.share < 1:                            # a map of coarse blocks has a border of its own
        return str(Said("trainability", (train, ("under_way", {}))))
    if np.isnan(found.value):
        return str(Said("trainability", (train, ("no_border", {}))))
    return str(Said("trainability", (
        train, ("border", {"dimension": found.value, "decades": found.decades, "smallest": found.sides[0],
                           "largest": found.sides[-1], "control": control.value,
                           "beyond": found.value - control.value}),
        ("window", {"wide": 2 * result.reach}))))


def table(result):
    found, control = result.dimension, result.control
    counts = zip(found.sides, found.counts, control.counts, strict=True)
    rows = [(str(side), f"{n:,}", f"{m:,}") for side, n, m in counts]
    return ("Boxes that meet the border", ("side, pixels", "this border", "a circle"), rows)


EXPLORER = Explorer(
    name="trainability", title="What trains?",
    question="Which pairs of hyperparameters train the network, and what does the border look like from near?",
    knobs=(
        Menu("network", "network", lambda: tuple(NETWORKS), "2-4-1 tanh, xor", tip="what is trained"),
        Menu("axes", "axes", lambda: tuple(AXES), "two learning rates",
             {"two learning rates": {"x": 0.5, "y": -0.5, "reach": 1.5},
              "rate and initial scale": {"x": -0.3, "y": -0.3, "reach": 1.2}}, "what is varied"),
        Slider("x", "log10 across", -3.0, 4.0, 0.5, 0.01, tip="the middle of the window, horizontally"),
        Slider("y", "log10 up", -3.0, 4.0, -0.5, 0.01, tip="the middle of the window, vertically"),
        Slider("reach", "half width", LEAST_REACH, 2.0, 1.5, 0.01, log=True, tip="of the window, in powers of ten"),
        Slider("seed", "start", 0, 20, 0, 1, whole=True, tip="another start", rare=True),
        Slider("steps", "steps", 20, MOST_STEPS, 200, 0.01, log=True, whole=True, tip="how long each run is"),
    ),
    scene=scene, compute=compute, draw=draw, words=words, table=table, layout=LAYOUT, box=("x", "y", "reach"),
    main=("x", "y"),
    small=Small({"CELLS": 24}, {"steps": 60}),
)
