"""The towers of lesson 9: deep networks, what comes back through them, and what they learn; worked out when asked."""
from functools import cache

import numpy as np

from bpviz.calculus.activations import ACTIVATIONS
from bpviz.descent.descend import descend
from bpviz.descent.optimizers import GradientDescent
from bpviz.network.backprop import backprop
from bpviz.network.data import DATA, Data
from bpviz.network.fit import Fit
from bpviz.network.gradient_flow import gradients_by_layer
from bpviz.network.shape import Network
from bpviz.network.starts import STARTS, initial_weights

LAYERS, WIDTH, RATE, STEPS = 12, 64, 0.5, 200
LARGER = 6                                # times the weights, in the second prediction
RELU = {"depth": 30, "width": 4}          # towers of which some are dead from birth
DRAWS = 100
PUSHED, PUSHED_TO, LATER = 4, -20.0, 300  # the layer whose biases are pushed, where to, and the steps after that
REACH = 3.0                               # of a slice, to each side, as in the panel


@cache
def rows():
    """256 rows of 16 inputs of mean square 1; the target is 1 where the first two have the same sign."""
    x = np.random.default_rng(0).standard_normal((16, 256))
    x /= np.sqrt((x ** 2).mean(axis=0))
    return Data(x, 1.0 * (x[0] * x[1] > 0), "exclusive or in hiding")


@cache
def tower(activation="sigmoid", depth=LAYERS, width=WIDTH, cure=""):
    """A fit of so many layers, the last one a sigmoid unit. cure: "skip", "layer_norm", or ""."""
    units = (activation,) * (depth - 1) + ("sigmoid",)
    network = Network((16,) + (width,) * (depth - 1) + (1,), units, **({cure: True} if cure else {}))
    return Fit(network, "cross-entropy", rows())


@cache
def flow(activation="sigmoid", start="Glorot normal", scale=1.0, depth=LAYERS, width=WIDTH):
    """What comes back through a tower, layer by layer, before it is trained."""
    fit = tower(activation, depth, width)
    return gradients_by_layer(fit, initial_weights(fit.network, start, 0, scale))


def reaching(scale=1.0):
    """The gradient of layer 1, as a share of that of the last layer, with all weights so many times as large."""
    sizes = flow(scale=scale).gradient
    return sizes[0] / sizes[-1]


@cache
def dead_at_birth():
    """Of DRAWS relu towers with He's start: in how many nothing comes back to layer 1, not the smallest number."""
    fit = tower("relu", **RELU)
    return sum(not backprop(fit, initial_weights(fit.network, "He", seed)).delta[0].any() for seed in range(DRAWS))


@cache
def learned(cure, steps=STEPS, width=16):
    """The loss of a narrower sigmoid tower after so many steps with a cure."""
    fit = tower(width=width, cure=cure)
    return float(descend(fit, initial_weights(fit.network, seed=0), GradientDescent(RATE), steps).loss[-1])


@cache
def guessing():
    """The loss of whoever answers the same number to every row, the best one."""
    ones = rows().y.mean()
    return float(-ones * np.log(ones) - (1 - ones) * np.log(1 - ones))


@cache
def exploding(clip_error=False, depth=20):
    """The length of the gradient of a relu tower whose weights are too large. clip_error: o - t kept from -1 to 1."""
    fit = tower("relu", depth)
    theta = initial_weights(fit.network, "He", 0, 1.3)
    if not clip_error:
        return float(np.linalg.norm(fit.gradient(theta)))
    trace, layers = backprop(fit, theta), fit.network.layers(theta)
    dz, square = np.clip(trace.a[-1] - fit.data.y, -1, 1) / fit.data.rows, 0.0
    for k in range(depth - 1, -1, -1):                           # the three moves, with the clipped error at the start
        square += np.square(trace.a[k] @ dz.T).sum() + np.square(dz.sum(axis=1)).sum()
        if k:
            dz = (layers[k][0] @ dz) * (trace.a[k] > 0)
    return float(np.sqrt(square))


@cache
def pushed():
    """How far any weight or bias up to the pushed layer has moved since then, and the loss at the end."""
    fit = tower("relu", 8, 16)
    theta = initial_weights(fit.network, "He", 0)
    theta[fit.network.where[f"b{PUSHED}"][0]] = PUSHED_TO
    path = descend(fit, theta, GradientDescent(0.1), LATER)
    before = slice(0, fit.network.where[f"b{PUSHED}"][0].stop)
    return float(np.abs(path.end - theta)[before].max()), float(path.loss[-1])


@cache
def slices(cells=25):
    """How much the loss differs within a slice: along two weights of layer 1, and along two of layer 12."""
    fit = Fit(Network((2, *(4,) * 11, 1), "sigmoid"), "cross-entropy", DATA["xor"])
    across, up = (grid.ravel() for grid in np.meshgrid(*[np.linspace(-REACH, REACH, cells)] * 2))
    spans = []
    for pair in (("w1[1,1]", "w1[2,1]"), ("w12[1,1]", "w12[2,1]")):
        theta = np.repeat(initial_weights(fit.network, seed=0)[:, None], cells * cells, axis=1)
        for name, change in zip(pair, (across, up), strict=True):
            theta[fit.names.index(name)] += change
        spans.append(float(np.ptp(fit.loss(theta))))
    return tuple(spans)


def kept(start, width=WIDTH):
    """What a wide relu layer multiplies the length of dL/dz by: half of its units are silent."""
    z = np.linspace(-1, 1, 1001)[np.arange(1001) != 500]
    slopes = ACTIVATIONS["relu"].slope(np, z, np.maximum(z, 0))
    return float(np.sqrt(width * STARTS[start].variance(width, width) * np.square(slopes).mean()))
