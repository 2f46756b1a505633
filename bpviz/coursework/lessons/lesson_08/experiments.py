"""The trainings behind lesson 8: noisy moons with penalty and dropout, a unit far off, slices, clipped errors."""
from functools import cache

import numpy as np

from bpviz.coursework.lessons.networks import level_ground
from bpviz.descent.adaptive import Adam
from bpviz.descent.descend import descend
from bpviz.descent.noise import Dropout
from bpviz.descent.optimizers import GradientDescent
from bpviz.network.data import CLOUDS, DATA, Data
from bpviz.network.fit import Fit
from bpviz.network.shape import Network

# ---- as the panel `boundary` trains: 2-12-1, Adam

UNITS, ROWS, NOISE, UNSEEN, RATE, STEPS = 12, 40, 0.25, 200, 0.05, 600
STRONG, CLEARLY = 0.05, 0.94                    # a penalty that is too strong; which share of unseen rows is asked for


def classifier(data, units=UNITS, l2=0.0):
    """A network 2-units-1 with its cross-entropy on these rows."""
    return Fit(Network((2, units, 1), ("tanh", "sigmoid")), "cross-entropy", data, l2)


@cache
def moons(l2=0.0, dropout=0.0):
    """The panel's training on moons: losses of training and of unseen rows (k,), shares right, weights at the end."""
    plain, unseen = (classifier(CLOUDS["moons"](rows, NOISE, seed)) for rows, seed in ((ROWS, 0), (UNSEEN, 1000)))
    start = np.random.default_rng(0).normal(size=plain.n_params) * 0.7
    out = Dropout(dropout, 0) if dropout else None
    path = descend(classifier(plain.data, l2=l2), start, Adam(RATE), STEPS, noise=out)
    theta = path.end
    right = tuple(float(((fit.predict(theta)[0] > 0.5) == (fit.data.y[0] > 0.5)).mean()) for fit in (plain, unseen))
    return plain.loss(path.theta), unseen.loss(path.theta), right, theta


def border(l2, cells=48):
    """Of the plane: which share the network and the straight line nearest to it see alike; which share is class 1."""
    axis = np.linspace(-2, 2, cells)
    plane = np.stack(np.meshgrid(axis, axis)).reshape(2, -1)
    output = classifier(CLOUDS["moons"](ROWS, NOISE, 0)).predict(moons(l2)[3], plane)[0]
    heard = np.log(output / (1 - output))
    columns = np.stack([np.ones(plane.shape[1]), *plane], axis=1)
    line = columns @ np.linalg.lstsq(columns, heard, rcond=None)[0]
    return float(((line > 0) == (heard > 0)).mean()), float((heard > 0).mean())


# ---- a penalty under which nothing learns: circles

CIRCLES, HEAVY, LIGHT, MANY = 0.1, 0.03, 0.005, 48


@cache
def on_circles(l2, units=UNITS, momentum=0.0, seed=0, adam=False):
    """One training, plain descent unless asked: (the share of rows that are right, the weights at its end)."""
    fit = classifier(CLOUDS["circles"](ROWS, CIRCLES, 0), units, l2)
    how = Adam(RATE) if adam else GradientDescent(0.1 if momentum else 0.5, momentum)
    end = descend(fit, np.random.default_rng(seed).normal(size=fit.n_params) * 0.7, how, 300).end
    return float(((fit.predict(end)[0] > 0.5) == (fit.data.y[0] > 0.5)).mean()), end


def under_heavy():
    """The loss with the heavy penalty: where training with it ends, and at the weights found with the light one."""
    fit = classifier(CLOUDS["circles"](ROWS, CIRCLES, 0), UNITS, HEAVY)
    return tuple(float(fit.loss(on_circles(l2)[1])) for l2 in (HEAVY, LIGHT))


# ---- a unit far off: one row, two weights

FAR, INPUT, TARGET, FAR_RATE, FAR_STEPS, PULL = (-5.0, 1.0), 4.0, 0.8, 5.0, 500, 0.002


@cache
def far_off(l2=0.0):
    """The two-weight network on one row that its hidden unit hardly hears."""
    return Fit(Network((1, 1, 1), "sigmoid", bias=False), "squared error", Data([INPUT], [TARGET], "one row"), l2)


@cache
def brought_back(l2=0.0):
    """The weights (2, k) of its training from far off."""
    return descend(far_off(l2), np.array(FAR), GradientDescent(FAR_RATE), FAR_STEPS).theta


# ---- the landscape with a penalty: seesaw

ON_SEESAW = 0.01


def minima(l2=0.0):
    """Where the minima of seesaw are, (2, n)."""
    points = level_ground("seesaw", l2)
    return points.theta[:, points.minima]


# ---- slices through a trained XOR network, as the panel `surface` trains it

SLICED, ASIDE = 8, 1.0                          # its seed; how far a slice is looked at


@cache
def sliced():
    """The loss at the point, and how far it falls and rises in two slices through it: (low, high) each."""
    fit = Fit(Network((2, 2, 1), ("tanh", "sigmoid")), "squared error", DATA["xor"])
    start = np.random.default_rng(SLICED).normal(size=fit.n_params)
    theta = descend(fit, start, Adam(0.05), 2000, until_settled=True).end
    here, steps, found = float(fit.loss(theta)), np.linspace(-ASIDE, ASIDE, 41), []
    for pair in (("w1[1,1]", "w1[2,1]"), ("w2[1,1]", "w2[2,1]")):
        one, two = np.eye(fit.n_params)[[fit.names.index(name) for name in pair]]
        loss = fit.loss(theta[:, None, None] + one[:, None, None] * steps + two[:, None, None] * steps[:, None])
        found.append((float(loss.min()) - here, float(loss.max()) - here))
    return here, *found


# ---- clipping: o = w1 w2, target 1

CLIP_START, CLIP_RATE, CLIP_STEPS, LIMIT = (3.0, 2.0), 0.02, 400, 1.0


@cache
def clipped(what):
    """The output w1 w2 after training with the "error" or the "gradient" clipped at 1."""
    w1, w2 = CLIP_START
    for _ in range(CLIP_STEPS):
        error = w1 * w2 - 1
        if what == "error":
            blame = 2 * error * (abs(error) < LIMIT)            # the clipped error does not change outside
            slopes = np.array([blame * w2, blame * w1])
        else:
            slopes = 2 * error * np.array([w2, w1])
            slopes = slopes * min(1.0, LIMIT / max(np.linalg.norm(slopes), 1e-300))
        w1, w2 = np.array([w1, w2]) - CLIP_RATE * slopes
    return float(w1 * w2)


# ---- the same function with other weights: a hidden layer of ReLU

@cache
def steeper(times):
    """How many times as steep a slice along an output weight becomes when a ReLU layer is scaled up and down."""
    fit = Fit(Network((2, 3, 1), ("relu", "identity")), "squared error", DATA["xor"])
    theta = np.abs(np.random.default_rng(1).normal(size=fit.n_params))      # so that every unit hears something
    layers = fit.network.layers(theta.copy())
    (W1, b1), (W2, b2) = layers
    other = fit.network.pack([(W1 * times, b1 * times), (W2 / times, b2)])
    k = fit.names.index("w2[1,1]")
    return float(fit.hessian(other)[k, k] / fit.hessian(theta)[k, k])
