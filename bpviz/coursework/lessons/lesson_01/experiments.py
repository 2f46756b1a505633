"""The article's network asked, nudged and trained, and a loss that counts mistakes: the experiments of lesson 1."""
from functools import cache

import numpy as np

from bpviz.descent.descend import descend
from bpviz.descent.optimizers import GradientDescent
from bpviz.network.backprop import backprop
from bpviz.network.data import DATA, Data
from bpviz.network.fit import Fit
from bpviz.network.shape import Network
from bpviz.network.walked import WALKED

ARTICLE = np.array(WALKED["article"])
RATE, STEPS, LONG = 0.5, 40, 300
SMALLEST = dict(x=1.5, t=0.2, theta=np.array([0.8, -1.2]))            # as the panel of the chain rule begins
NUDGE, MISSES = 0.01, 0.25                                            # how far off an answer is a mistake
COUNTED = np.array([1.0, 2.0])                                        # where the panel of minima begins
NEVER_SEEN = (0.9, 0.1)


@cache
def fit(x=(0.5, 0.1), t=0.6):
    """The article's network on one example."""
    return Fit(Network((2, 2, 1), "sigmoid"), "squared error", Data(np.array(x)[:, None], [[t]], "one example"))


@cache
def smallest(data=None):
    """The network of two weights on the panel's one example, or on a data set by its name."""
    rows = DATA[data] if data else Data([SMALLEST["x"]], [SMALLEST["t"]], "one example")
    return Fit(Network((1, 1, 1), "sigmoid", bias=False), "squared error", rows)


def hidden(x, unit=1):
    """What a hidden unit of the article's network answers to this input; unit: counted from 0."""
    return float(backprop(fit(x), ARTICLE).a[1][unit, 0])


def moved(nudge, weight=0):
    """How far the loss of the smallest network moves when one weight is nudged."""
    theta = SMALLEST["theta"].copy()
    theta[weight] += nudge
    return float(smallest().loss(theta) - smallest().loss(SMALLEST["theta"]))


def blames():
    """dL/dz of the output unit, and of the two hidden units (2,), in the article's network."""
    trace = backprop(fit(), ARTICLE)
    return float(trace.delta[1][0, 0]), trace.delta[0][:, 0]


@cache
def trained():
    """The article's nine numbers after training."""
    return descend(fit(), ARTICLE, GradientDescent(rate=RATE), steps=STEPS).end


def asked(times=100):
    """What the trained numbers answer to an input never seen, and how far they have moved after so many questions."""
    theta = trained().copy()
    answers = {float(fit(NEVER_SEEN).predict(theta)[0, 0]) for _ in range(times)}
    answer, = answers
    return answer, float(np.abs(theta - trained()).max())


def mistakes(theta):
    """On how many of the four rows of trident the two-weight network misses its target by too much."""
    one = smallest("trident")
    return int((np.abs(one.predict(theta) - one.data.y) > MISSES).sum())


def counted():
    """The count at the start, and how far it moves at most when one of the weights is nudged up or down."""
    before = mistakes(COUNTED)
    nudges = [sign * NUDGE * unit for sign in (1, -1) for unit in np.eye(2)]
    return before, max(abs(mistakes(COUNTED + nudge) - before) for nudge in nudges)


@cache
def trained_with_plus():
    """The output after training that descends (output + target) squared."""
    return float(fit().predict(descend(fit(t=-0.6), ARTICLE, GradientDescent(rate=RATE), steps=LONG).end)[0, 0])


def answered(w2):
    """What the smallest network answers with this second weight, and its loss."""
    theta = np.array([SMALLEST["theta"][0], w2])
    return float(smallest().predict(theta)[0, 0]), float(smallest().loss(theta))
