"""The small experiments of lab 1: a 2-3-2 network learns to add two bits, by right and by wrong backward passes."""
from functools import cache

import numpy as np

from bpviz.descent.descend import descend
from bpviz.descent.optimizers import GradientDescent
from bpviz.network.backprop import backprop
from bpviz.network.data import Data
from bpviz.network.fit import Fit
from bpviz.network.shape import Network

X = np.array([[0, 0], [0, 1], [1, 0], [1, 1]], float)
T = np.array([[0, 0], [1, 0], [1, 0], [0, 1]], float)           # the sum of two bits: its last bit, and what is carried
START = {"W1": np.array([[0.3, 0.8, 0.3], [-1.3, 0.9, 0.4]]), "b1": np.zeros(3),
         "W2": np.array([[0.3, 0.1], [0.5, -0.7], [-0.2, -0.5]]), "b2": np.zeros(2)}
THETA = np.concatenate([table.ravel() for table in START.values()])
FIT = Fit(Network((2, 3, 2), ("tanh", "sigmoid")), "squared error", Data(X.T, T.T, "adding two bits"))
STEPS, RATE = 1000, 1.0                                         # of a training with a wrong slope
RACES = ((200, 0.004), (250, 0.003), (300, 0.002), (400, 0.0015))           # steps, and the loss to come below in them


def numbers_in_dW1(rows=5):
    """How many numbers the gradient of the first layer's weights holds, with so many rows."""
    x = np.random.default_rng(0).normal(size=(2, rows))
    fit = Fit(FIT.network, "squared error", Data(x, np.abs(np.tanh(x)), "some rows"))
    (W1, _), *_ = fit.network.layers(fit.gradient(THETA))
    return W1.size


def sloped(theta, slope):
    """The gradient (P,) at theta with another slope of the hidden units, slope: (z, a) -> an array."""
    trace = backprop(FIT, theta)
    (_, _), (W2, _) = FIT.network.layers(theta)
    dz1 = (np.asarray(W2, float) @ trace.delta[1]) * slope(trace.z[0], trace.a[1])
    return np.concatenate([(dz1 @ FIT.data.x.T).T.ravel(), dz1.sum(axis=1), FIT.gradient(theta)[9:]])


def wrong_place(z, a):
    """The slope of tanh, taken where the answer is instead of what is heard."""
    return 1 - np.tanh(a) ** 2


@cache
def trained(wrong):
    """The loss after STEPS steps, with the right slope or that from the wrong place."""
    theta = THETA
    for _ in range(STEPS):
        theta = theta - RATE * (sloped(theta, wrong_place) if wrong else FIT.gradient(theta))
    return float(FIT.loss(theta))


def wrong_signs():
    """How many slopes of the first layer's weights have the wrong sign at the start, taken from the wrong place."""
    return int((FIT.gradient(THETA)[:6] * sloped(THETA, wrong_place)[:6] < 0).sum())


def early():
    """{table: whether its gradient agrees}, with the second layer updated before the blame goes back through it."""
    right, theta = FIT.gradient(THETA), THETA.copy()
    theta[9:15] -= RATE * right[9:15]
    (_, _), (new, _) = FIT.network.layers(theta)
    trace = backprop(FIT, THETA)
    dz1 = (np.asarray(new, float) @ trace.delta[1]) * (1 - trace.a[1] ** 2)
    theirs = np.concatenate([(dz1 @ FIT.data.x.T).T.ravel(), dz1.sum(axis=1), right[9:]])
    return {name: bool(np.allclose(theirs[part], right[part], rtol=1e-5))
            for name, part in {"W1": slice(6), "b1": slice(6, 9), "W2": slice(9, 15), "b2": slice(15, 17)}.items()}


def after(rate, steps):
    """The loss after so many steps of this rate."""
    with np.errstate(all="ignore"):
        return float(descend(FIT, THETA, GradientDescent(rate=rate), steps=steps).loss[-1])
