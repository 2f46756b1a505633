"""Order and chaos: how the spread of the initial weights and biases decides how deep a signal can reach.

In the ordered phase two inputs become one and gradients vanish; in the chaotic phase neighbours are torn apart and
gradients explode. Only near the line between them do both travel far. Drag the point.
"""
from dataclasses import dataclass

import numpy as np

from bpviz.base.work import Memory, Part
from bpviz.calculus.activations import ACTIVATIONS
from bpviz.explorers.explorer import Explorer, Menu, Slider, Small
from bpviz.network.backprop import backprop
from bpviz.network.data import Data
from bpviz.network.fit import Fit
from bpviz.network.gradient_flow import norm
from bpviz.network.mean_field import LOWEST, MeanField, critical_line, plane, units
from bpviz.network.shape import Network
from bpviz.plots.landscape import START
from bpviz.plots.layout import Layout, Legend, Row, Stack, Tile
from bpviz.plots.motion import Drawing, Line, Over, Shaped
from bpviz.plots.phase import Layers, draw_phase, lengths
from bpviz.words.catalogue import Said
from bpviz.words.numbers import plain

LEAST, MOST_W, MOST_B, CELLS = 0.1, 4.0, 2.0, 64
LAYERS, WIDTH, LONGEST, FIRST = 30, 128, 8.0, 0.6        # FIRST: the correlation of the two inputs


@dataclass(frozen=True)
class Scene:
    """chi over the plane, and the critical line."""
    activation: str
    chi: np.ndarray
    line: tuple


@dataclass(frozen=True)
class Result:
    """theory: a MeanField.  way: lengths layer by layer, (LAYERS,).  correlation, gradient: (expected, measured) by
    layer, measured None where nothing can be: of two inputs, and |dL/dz|^2 as a share of the last layer's.
    """
    theory: MeanField
    curve: tuple
    way: np.ndarray
    correlation: tuple
    gradient: tuple
    measured: dict | None

    @property
    def stairs(self):
        """The lengths' way as stairs between the diagonal and the map: (across, up)."""
        stairs = np.repeat(self.way, 2)
        return stairs[:-1], np.concatenate([[0.0], stairs[2:]])


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
    theory = MeanField(scene.activation, values["sigma_w"], values["sigma_b"])
    q = np.linspace(0, LONGEST, 60)
    way = _lengths(theory)
    correlations = _correlations(theory, way)
    chi = theory.chi(np.clip(way, LOWEST, 1e12))
    expected = np.cumprod(np.append(1.0, chi[:-1][::-1]))[::-1]

    def result(measured):
        pairs = [None, None] if measured is None else [measured["correlation"], measured["gradient"]]
        return Result(theory, (q, theory.length(q)), way, (correlations, pairs[0]), (expected, pairs[1]), measured)

    if scene.activation not in ACTIVATIONS:
        yield Part(1.0, result(None))
        return
    drawn = memory.get("draws", lambda: Memory(4)).get(values["seed"], lambda: _draw(values["seed"]))
    yield Part(0.5)
    yield Part(1.0, result(_measure(scene, drawn, theory)))


def _lengths(theory):
    """q of layers 1 to LAYERS, for inputs of mean square 1."""
    way = [theory.sigma_w ** 2 + theory.sigma_b ** 2]
    for _ in range(LAYERS - 1):
        way.append(float(theory.length(min(way[-1], 1e12))))
    return np.array(way)


def _correlations(theory, way):
    """The correlation of two inputs, layer by layer, at the lengths that the theory expects there."""
    c = [(theory.sigma_w ** 2 * FIRST + theory.sigma_b ** 2) / way[0]]
    for q in way[:-1]:
        c.append(float(theory.correlation(c[-1], float(np.clip(q, LOWEST, 1e12)))))
    return np.array(c)


def _draw(seed):
    """Weights and biases of one network with a standard deviation of 1, and two inputs of correlation FIRST."""
    rng = np.random.default_rng(seed)
    x, other = np.linalg.qr(rng.standard_normal((WIDTH, 2)))[0].T * np.sqrt(WIDTH)
    pair = np.stack([x, FIRST * x + np.sqrt(1 - FIRST ** 2) * other], axis=1)
    layers = [(rng.standard_normal((WIDTH, WIDTH)) / np.sqrt(WIDTH), rng.standard_normal(WIDTH))
              for _ in range(LAYERS)]
    return layers, pair, rng.standard_normal((WIDTH, 2))          # the last: how wrong the output is


def _off_by(network, theta, pair, error):
    """Data on which this network is wrong by just this error: one that knows nothing of its weights."""
    output = Fit(network, "squared error", Data(pair, pair)).predict(theta)
    return Data(pair, output - error)


def _measure(scene, drawn, theory):
    """What a real network of these sigmas does: correlation of the two, mean square, |dL/dz|^2, by layer."""
    layers, pair, error = drawn
    network = Network((WIDTH,) * (LAYERS + 1), (scene.activation,) * (LAYERS - 1) + ("identity",))
    theta = network.join([(W * theory.sigma_w, b * theory.sigma_b) for W, b in layers])
    trace = backprop(Fit(network, "squared error", _off_by(network, theta, pair, error)), theta)
    with np.errstate(all="ignore"):
        lengths = np.array([norm(z) ** 2 / z.size for z in trace.z])
        sides = [z / np.maximum(np.linalg.norm(z, axis=0), 1e-300) for z in trace.z]
        size = np.array([norm(delta) for delta in trace.delta])
        return {"correlation": np.array([float(side[:, 0] @ side[:, 1]) for side in sides]), "length": lengths,
                "gradient": np.square(size / size[-1])}


PLANE, CORRELATION, GRADIENT, LENGTHS = ("Paler: signals reach deeper", "Correlation of two inputs",
                                         "Gradient |dL/dz|², last: 1", "Lengths $q$, layer by layer")
KINDS = Legend(38, columns=2, look=(("fontsize", 9),))
LAYOUT = Layout(
    wide=Row((Tile("plane", (64, 32, 0, 56), share=0.5, title=PLANE),
              Stack((Tile("correlation", (74, 32, 20, 0), high=124, title=CORRELATION),
                     Tile("gradient", (74, 80, 20, 0), high=124, title=GRADIENT, legend=KINDS),
                     Tile("lengths", (74, 100, 20, 56), high=124, title=LENGTHS)), share=0.5))),
    narrow=Stack((Tile("plane", (64, 32, 20, 58), aspect=0.95, title=PLANE),
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
    correlation = Layers(axes.correlation, LAYERS, WIDTH)
    gradient = Layers(axes.gradient, LAYERS, WIDTH, decades=True)
    return Drawing((Over((phase,)), Line(axes.plane, "theory.sigma_b", "theory.sigma_w", START),
                    Shaped(correlation, ("correlation.0", "correlation.1")),
                    Shaped(gradient, ("gradient.0", "gradient.1")), *lengths(axes.lengths, LONGEST)), axes.plane)


def words(result):
    theory = result.theory
    sentences = [("phase", {"sigma_w": theory.sigma_w, "sigma_b": theory.sigma_b, "phase": theory.phase}),
                 ("reach", {"lengths": {"q": theory.fixed_point}, "chi": theory.slope, "phase": theory.phase,
                            "depth": theory.depth_scale})]
    if result.measured is None:
        sentences.append(("theory_alone", {"activation": theory.activation}))
    else:
        sentences.append(("measured", {"layers": LAYERS, "width": WIDTH, "gradient": result.gradient[1][0],
                                       "expected": result.gradient[0][0]}))
    return str(Said("phase", tuple(sentences)))


def table(result):
    theory, rows = result.theory, []
    for k in (0, 4, 9, 19, LAYERS - 1):
        measured = ("–",) * 3 if result.measured is None else tuple(
            plain(float(result.measured[name][k]), 3) for name in ("length", "correlation", "gradient"))
        rows.append((str(k + 1), plain(float(result.way[k]), 3), measured[0], plain(float(result.correlation[0][k]), 3),
                     measured[1], plain(float(result.gradient[0][k]), 3), measured[2]))
    return (f"Theory of wide networks and one network of width {WIDTH}, {theory.activation}",
            ("layer", "q, theory", "measured", "correlation, theory", "measured", "|dL/dz|², theory", "measured"), rows)


EXPLORER = Explorer(
    name="phase", title="Order and chaos in random networks",
    question="How strong may the initial weights be, if a signal is to travel deep?",
    knobs=(
        Menu("activation", "activation", lambda: tuple(units()), "tanh", tip="what the units answer with"),
        Slider("sigma_w", "weights σ_w", LEAST, MOST_W, 1.3, 0.01, tip="spread of a weight, times the root of n_in"),
        Slider("sigma_b", "biases σ_b", 0.0, MOST_B, 0.3, 0.01, tip="standard deviation of a bias"),
        Slider("seed", "seed", 0, 99, 0, 1, whole=True, tip="another network of the same kind"),
    ),
    scene=scene, compute=compute, draw=draw, words=words, table=table, layout=LAYOUT, handle=("sigma_w", "sigma_b"),
    small=Small({"CELLS": 24}),
)
