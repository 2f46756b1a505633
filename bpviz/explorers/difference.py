"""Which step h is the right one for a difference quotient, and what checking costs.

Left the V curve: the error of three differences against h. Right the price: operations of one
backward pass against one difference per weight, counted, not asserted.
"""
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np

from bpviz.base.work import Part
from bpviz.explorers.explorer import Explorer, Menu, Slider
from bpviz.plots.difference import draw_cost, draw_errors, marks_at, marks_of_size
from bpviz.plots.layout import Layout, Legend, Row, Stack, Tile
from bpviz.plots.motion import Drawing
from bpviz.symbolic.difference import METHODS, Differences, Subject, errors, price, subjects

STEPS = np.logspace(-16, 0, 129)
MOST_UNITS = 12
SIDE_BY_SIDE = 720


@dataclass(frozen=True)
class Scene:
    """The curve of a function, and the price: cost has a row (units, weights, backprop, differences) per size."""
    subject: Subject
    errors: MappingProxyType
    cost: np.ndarray


def scene(values):
    subject = subjects()[values["function"]]
    yield Part(0.3)
    found = MappingProxyType(errors(subject, STEPS))
    yield Part(0.6)
    yield Part(1.0, Scene(subject, found, np.array([price(units) for units in range(1, MOST_UNITS + 1)])))


def compute(scene, values, memory):
    here = {name: float(found[0]) for name, found in errors(scene.subject, [values["h"]]).items()}
    best = {name: float(STEPS[np.argmin(scene.errors[name])]) for name in METHODS}
    yield Part(1.0, Differences(values["h"], here, best, tuple(int(n) for n in scene.cost[values["units"] - 1])))


METHODS_KEY, COST_KEY = Legend(46, columns=3, each=104), Legend(46, columns=2, each=115, look=(("handlelength", 1.5),))
LAYOUT = Layout(
    wide=Row((Tile("errors", (70, 34, 0, 84), share=0.56, legend=METHODS_KEY),
              Tile("cost", (88, 34, 22, 84), share=0.44, legend=COST_KEY))), tall=420,
    narrow=Stack((Tile("errors", (64, 34, 14, 84), high=232, legend=METHODS_KEY),
                  Tile("cost", (64, 34, 14, 84), high=220, legend=COST_KEY))))


def draw(axes, scene):
    draw_errors(axes.errors, STEPS, scene.errors)
    draw_cost(axes.cost, scene.cost)
    return Drawing((*marks_at(axes.errors), *marks_of_size(axes.cost)))


EXPLORER = Explorer(
    name="difference", title="Checking a gradient with differences",
    question="Which step h is the best one, and what does the check cost?",
    knobs=(
        Menu("function", "function", lambda: tuple(subjects()), "loss by w1[1,1], article", tip="whose slope is taken"),
        Slider("h", "step h", 1e-16, 1.0, 1e-2, 0.05, log=True, tip="how far apart the two points are"),
        Slider("units", "hidden units", 1, MOST_UNITS, 4, 1, whole=True, tip="n of the 4-n-1 network, for the price"),
    ),
    scene=scene, compute=compute, draw=draw, layout=LAYOUT, main=("h", "units"),
)
