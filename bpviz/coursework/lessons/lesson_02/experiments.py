"""The small experiments of lesson 2: nudges through chains of machines, factors that fade or grow, a silent unit."""
from functools import cache

import numpy as np

from bpviz.calculus.activations import ACTIVATIONS
from bpviz.descent.descend import descend
from bpviz.descent.optimizers import GradientDescent
from bpviz.network.backprop import backprop
from bpviz.network.data import CLOUDS, Data
from bpviz.network.fit import Fit
from bpviz.network.shape import Network

X, T = 1.5, 0.2                                       # the one example
PAIR = np.array([0.8, -1.2])                          # w1, w2
SMALL = np.full(3, 0.1)                               # three tanh units in a row
SILENT = np.array([-0.8, 0.6, 1.0, 0.5])              # of a 1-2-1 network of relu units: unit 1 hears a negative number
MACHINES = np.array([2.0, 3.0, 0.5])
AT, BY = 5.0, 0.01                                    # where the machines' input stands, and how far it is nudged
TEN, HELD = 10, 0.5                                   # sigmoids in a row, each kept where it answers one half
TINY = 1e-4                                           # a nudge of a weight, for accuracy
UNSEEN = 2.5


@cache
def chain(*sizes, activation="sigmoid"):
    """The network of these sizes without biases, on the one example."""
    return Fit(Network(sizes, activation, bias=False), "squared error", Data([X], [T]))


def growth():
    """How far the last of three machines in a row moves when the input of the first is nudged."""
    machines = chain(1, 1, 1, 1, activation="identity")
    before, after = (float(machines.predict(MACHINES, np.array([[x]]))[0, 0]) for x in (AT, AT + BY))
    return after - before


def slopes_of_sigmoid(n=97):
    """The slope of the sigmoid at n places from -6 to 6, (n,)."""
    z, sigmoid = np.linspace(-6, 6, n), ACTIVATIONS["sigmoid"]
    return sigmoid.slope(np, z, sigmoid.value(np, z))


def factors(w1, w2, x=X, t=T):
    """The five factors of dL/dw1 of the two-weight network, from the loss back, (5,)."""
    fit = Fit(Network((1, 1, 1), "sigmoid", bias=False), "squared error", Data([x], [t]))
    trace, record = backprop(fit, np.array([w1, w2])), ACTIVATIONS["sigmoid"]
    first, second = (float(record.slope(np, z, a)[0, 0]) for z, a in zip(trace.z, trace.a[1:], strict=True))
    return np.array([2 * (float(trace.a[2][0, 0]) - t), second, w2, first, x])


def nudged_loss(by=BY):
    """The loss of the two-weight network before and after its first weight is nudged."""
    fit = chain(1, 1, 1)
    return float(fit.loss(PAIR)), float(fit.loss(PAIR + [by, 0.0]))


@cache
def share_left(weights=tuple(SMALL)):
    """Of dL/dz of the third of three tanh units in a row, which share arrives at the first."""
    trace = backprop(chain(1, 1, 1, 1, activation="tanh"), np.array(weights))
    return float(trace.delta[0][0, 0] / trace.delta[-1][0, 0])


def through_ten(weight):
    """How fast the last of ten sigmoids in a row moves when the input of the first one moves, all held at one half."""
    ten = Fit(Network((1,) * (TEN + 1), "sigmoid"), "squared error", Data([HELD], [T]))
    trace = backprop(ten, np.tile([weight, -weight * HELD], TEN))
    return float(trace.delta[0][0, 0] * weight / (2 * (trace.a[-1][0, 0] - T)))


@cache
def silent_trained(steps=1000, rate=0.1):
    """The four weights of the relu network before and after training; its loss before and after."""
    fit = chain(1, 2, 1, activation="relu")
    after = descend(fit, SILENT, GradientDescent(rate=rate), steps=steps).theta[:, -1]
    return SILENT, after, (float(fit.loss(SILENT)), float(fit.loss(after)))


@cache
def nudged_accuracy():
    """For how many weights of a moons network a tiny nudge changes accuracy, and for how many loss; of how many."""
    data = CLOUDS["moons"](40, 0.25, 0)
    fit = Fit(Network((2, 12, 1), ("tanh", "sigmoid")), "squared error", data)
    theta = np.random.default_rng(0).normal(size=fit.n_params) * 0.7
    every = theta[:, None] + np.column_stack([np.zeros(fit.n_params), TINY * np.eye(fit.n_params)])
    right = np.array([int(((fit.predict(one) > 0.5) == (data.y > 0.5)).sum()) for one in every.T])
    losses = fit.loss(every)
    return int((right[1:] != right[0]).sum()), int((losses[1:] != losses[0]).sum()), fit.n_params


@cache
def used(steps=2000, rate=1.0):
    """The two-weight network, trained on its one example: what it answers there, and to an input it never saw."""
    fit = chain(1, 1, 1)
    theta = descend(fit, PAIR, GradientDescent(rate=rate), steps=steps).theta[:, -1]
    return tuple(float(fit.predict(theta, np.array([[x]]))[0, 0]) for x in (X, UNSEEN))
