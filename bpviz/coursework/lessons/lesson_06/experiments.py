"""The small experiments of lesson 6: descents on landscapes of two weights, and one long plateau on XOR."""
from functools import cache

import numpy as np

from bpviz.coursework.lessons.networks import level_ground, two_hidden, two_weights
from bpviz.descent.descend import descend
from bpviz.descent.flow import GradientFlow
from bpviz.descent.optimizers import GradientDescent
from bpviz.descent.schedules import Cosine
from bpviz.landscape.basins import basins
from bpviz.landscape.verdict import verdict
from bpviz.network.data import Data
from bpviz.network.fit import Fit
from bpviz.network.shape import Network

RATE, LOW, HIGH = 20.0, -6.0, 6.0          # of `seesaw`; the window
TOWARDS_A, PASS, BESIDE_A = (0.75, 5.5), (-0.24, 0.0), (0.4, -4.3)
SHORT, LONG, LIMIT = 500, 5000, 0.1        # steps on the plateau of XOR; a loss that is well below it
SCALES, TARGET = (0.01, 0.12, 1.44), 0.75  # of the one weight with three examples
NEAR = 0.1


def minimum(data, name):
    """(weights (2,), loss, what each example adds (rows,), steepest curvature) of a minimum, by its letter."""
    found = level_ground(data)
    k = found.label.index(name)
    one = found.theta[:, k]
    return one, float(found.loss[k]), two_weights(data).by_row(one), float(found.eigenvalues[-1, k])


@cache
def walked(data, start, rate, steps=SHORT):
    """(path, verdict) of a descent, as the panel of minima has them."""
    optimizer = GradientDescent(rate=rate)
    path = descend(two_weights(data), start, optimizer, steps, until_settled=True)
    return path, verdict(two_weights(data), path, level_ground(data), optimizer)


def ends_in(data, start, rate, steps=SHORT):
    """The letter of the minimum in which it settles, or what else becomes of it: "drifting along a plateau"."""
    _, said = walked(data, tuple(map(float, start)), rate, steps)
    return level_ground(data).label[said.point] if said.kind == "settled" else said.kind


def starts(many):
    """Starts (2, many), spread evenly at random over the window, always the same."""
    return np.random.default_rng(0).uniform(LOW, HIGH, size=(2, many))


@cache
def many_ends(many=50):
    """{loss, rounded: how many of so many starts on `seesaw` end there}, the lowest first."""
    path = descend(two_weights("seesaw"), starts(many), GradientDescent(rate=RATE), 2000, until_settled=True)
    losses, counts = np.unique(path.loss[-1].round(4), return_counts=True)
    return dict(zip(losses.tolist(), counts.tolist(), strict=True))


def angle_to(data, start, name):
    """By how many degrees minus the gradient at the start points past a minimum."""
    down, way = -two_weights(data).gradient(np.array(start)), minimum(data, name)[0] - start
    return float(np.degrees(np.arccos(down @ way / np.linalg.norm(down) / np.linalg.norm(way))))


@cache
def falling_rate(many=200, steps=1000):
    """How many of so many starts on `seesaw` end in the lowest minimum, the rate falling slowly to 0."""
    path = descend(two_weights("seesaw"), starts(many), GradientDescent(rate=RATE), steps, schedule=Cosine(steps))
    return int((np.linalg.norm(path.theta[:, -1] - minimum("seesaw", "A")[0][:, None], axis=0) < NEAR).sum())


@cache
def on_xor(steps=LONG, rate=1.0):
    """The path of the network 2-2-1 on XOR, from nine small random weights."""
    small = np.random.default_rng(0).normal(scale=0.5, size=9)
    xor = two_hidden("xor")
    return descend(xor, small, GradientDescent(rate=rate), steps)


def first_below(limit=LIMIT):
    """The first step on XOR after which the loss is below a limit."""
    return int(np.argmax(on_xor().loss < limit))


@cache
def share(name, data="trident", rate=2.0, cells=40):
    """How many per cent of all starts in the window end in a minimum."""
    found = basins(two_weights(data), cells=cells, optimizer=GradientDescent(rate=rate), steps=10_000)
    return 100 * found.part(found.minima.names.index(name))


@cache
def flow_against_descent(rate=30.0, cells=20):
    """(cells of the map of `seesaw`, how many end elsewhere under descent than under flow, how many of those touch
    a cell of another colour)."""
    flow, jumps = (basins(two_weights("seesaw"), cells=cells, optimizer=one).label for one in
                   (GradientFlow(), GradientDescent(rate=rate)))
    beside = np.zeros(flow.shape, dtype=bool)
    for ahead, behind in (((slice(1, None), slice(None)), (slice(-1), slice(None))),
                          ((slice(None), slice(1, None)), (slice(None), slice(-1)))):
        edge = flow[ahead] != flow[behind]
        beside[ahead] |= edge
        beside[behind] |= edge
    return flow.size, int((flow != jumps).sum()), int(((flow != jumps) & beside).sum())


@cache
def one_weight(loss="squared error"):
    """Where one weight and three examples have minima, by a fine grid over all sizes of the weight."""
    neuron = Fit(Network((1, 1), "sigmoid", bias=False), loss, Data(list(SCALES), [TARGET] * 3))
    w = np.sinh(np.linspace(-2.0, 8.0, 20_001))
    heights = neuron.loss(w[None])
    return w[1:-1][(heights[1:-1] < heights[:-2]) & (heights[1:-1] < heights[2:])]
