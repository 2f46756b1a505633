"""Order and chaos: how the spread of the initial weights and biases decides how deep a signal can reach.

In the ordered phase two inputs become one and gradients vanish; in the chaotic phase neighbours are torn apart and
gradients explode. Only near the line between them do both travel far. Drag the point.
"""
from dataclasses import dataclass

import numpy as np

from bpviz.base.work import Memory, Part
from bpviz.calculus.activations import ACTIVATIONS
from bpviz.explorers.explorer import Explorer, Menu, Slider, Small
from bpviz.network import signals
from bpviz.network.mean_field import MeanField, critical_line, plane, units
from bpviz.plots.landscape import START
from bpviz.plots.layout import Layout, Legend, Row, Stack, Tile
from bpviz.plots.motion import Drawing, Over, Shaped, Stroke
from bpviz.plots.phase import Layers, draw_phase, lengths

LEAST, MOST_W, MOST_B, CELLS = 0.1, 4.0, 2.0, 64


@dataclass(frozen=True)
class Scene:
    """chi over the plane, and the critical line."""
    activation: str
    chi: np.ndarray
    line: tuple


def scene(values):
    yield Part(0.2)
    name = values["activation"]
    sigma_w, sigma_b = np.linspace(LEAST, MOST_W, CELLS), np.linspace(0, MOST_B, CELLS)
    chi = plane(name, sigma_w, sigma_b)
    yield Part(0.8)
    line_w, line_b, _ = critical_line(name, np.geomspace(1e-6, 1e6, 600))
    if len(line_w) and line_b.max() < 1e-3:              # relu and its like: chi does not depend on the biases
        line_w, line_b = np.full(2, line_w[0]), np.array([0.0, MOST_B])
    yield Part(1.0, Scene(name, chi, (line_w, line_b)))


def compute(scene, values, memory):
    theory, measures = MeanField(scene.activation, values["sigma_w"], values["sigma_b"]), None
    expects = signals.expected(theory)
    if scene.activation in ACTIVATIONS:
        drawn = memory.get("draws", lambda: Memory(4)).get(values["seed"], lambda: signals.drawn(values["seed"]))
        yield Part(0.5)
        measures = signals.measured(theory, *drawn)
    yield Part(1.0, signals.Signals(theory, *expects, measures))


PLANE, CORRELATION, GRADIENT, LENGTHS = ("Paler: reaches deeper", "Two inputs correlate",
                                         "|dL/dz|², last: 1", "Lengths $q$, layer by layer")
KINDS = Legend(42, columns=2, each=160, look=(("fontsize", 9),))
LAYOUT = Layout(
    wide=Row((Tile("plane", (64, 32, 0, 56), share=0.34, title=PLANE),
              Stack((Tile("correlation", (60, 32, 26, 50), share=0.5, title=CORRELATION),
                     Tile("lengths", (60, 32, 26, 56), share=0.5, title=LENGTHS)), share=0.33),
              Tile("gradient", (60, 32, 26, 96), share=0.33, title=GRADIENT, legend=KINDS))), tall=424,
    narrow=Stack((Tile("plane", (64, 32, 20, 58), aspect=0.95, most=240, title=PLANE),
                  Tile("correlation", (72, 34, 20, 0), high=136, title=CORRELATION),
                  Tile("gradient", (72, 86, 20, 0), high=136, title=GRADIENT, legend=KINDS),
                  Tile("lengths", (72, 110, 20, 60), high=136, title=LENGTHS))))


def draw(axes, scene):
    at = np.linspace(LEAST, MOST_W, CELLS)
    means = [(name, scene.chi < 1 if name == "ordered" else scene.chi > 1) for name in ("ordered", "chaotic")]
    labels = [(at[where.nonzero()[1]].mean(), MOST_B * where.nonzero()[0].mean() / (CELLS - 1), name)
              for name, where in means if where.mean() > 0.04]
    phase = draw_phase(axes.plane, scene.chi, scene.line, (LEAST, MOST_W, MOST_B), labels)
    axes.correlation.set(ylim=(-0.1, 1.05), yticks=[0, 0.5, 1])
    correlation = Layers(axes.correlation, signals.LAYERS, signals.WIDTH)
    gradient = Layers(axes.gradient, signals.LAYERS, signals.WIDTH, decades=True)
    return Drawing((Over((phase,)), Stroke(axes.plane, "theory.sigma_b", "theory.sigma_w", START),
                    Shaped(correlation, ("correlation", "measured.correlation")),
                    Shaped(gradient, ("gradient", "measured.gradient")), *lengths(axes.lengths, signals.LONGEST)),
                   axes.plane)


EXPLORER = Explorer(
    name="phase", title="Order and chaos in random networks",
    question="How strong may the initial weights be, if a signal is to travel deep?",
    knobs=(
        Menu("activation", "activation", lambda: tuple(units()), "tanh", tip="what the units answer with"),
        Slider("sigma_w", "weights σ_w", LEAST, MOST_W, 1.3, 0.01, tip="spread of a weight, times the root of n_in"),
        Slider("sigma_b", "biases σ_b", 0.0, MOST_B, 0.3, 0.01, tip="standard deviation of a bias"),
        Slider("seed", "seed", 0, 99, 0, 1, whole=True, tip="another network of the same kind"),
    ),
    scene=scene, compute=compute, draw=draw, layout=LAYOUT, handle=("sigma_w", "sigma_b"),
    small=Small({"CELLS": 24}),
)
