"""What lesson 5 tries out: balls in bowls, a long valley, many starts at several learning rates."""
from dataclasses import replace
from functools import cache

import numpy as np

from bpviz.calculus.surfaces import SURFACES, Surface
from bpviz.coursework.lessons.networks import level_ground, two_weights
from bpviz.descent.descend import descend
from bpviz.descent.optimizers import GradientDescent
from bpviz.network.data import DATA
from bpviz.network.fit import Fit
from bpviz.network.shape import Network

ROUND = Surface("round bowl", lambda x, y: x * x + y * y, lambda x, y: (2 * x, 2 * y), r"w_1^2 + w_2^2",
                (-3, -3), (3, 3), ((0, 0, 0),), "as wide in every direction: a ball in it moves on one line")
VALLEY = replace(SURFACES["bowl"], name="valley")                       # w1 squared + 10 w2 squared
BALL, NEXT_RATES, RACE, SMALL = -2.0, (0.75, 1.05), (0.25, 0.5, 0.95), 1e-4
ON_SLOPE = np.array([-2.5, 1.0])                                        # where the walk into the valley begins
EVEN = np.array([2.0, 0.2])                                             # where its two slopes are equal
STARTS, STEPS, NEAR = 200, 1000, 0.05


# ---- bowls and valleys

def ball(rate, steps=1):
    """Where the ball is on L = w squared, (steps + 1,)."""
    path = descend(ROUND, [BALL, 0.0], GradientDescent(rate=rate), steps=steps)
    return path.theta[0]


@cache
def steps_down(rate):
    """How many steps the ball takes until the loss is below SMALL."""
    return int(np.argmax(ball(rate, 200) ** 2 < SMALL))


def directions(theta=ON_SLOPE):
    """(the way of the first step, the way to the minimum), each in degrees below the horizontal."""
    (a, b), (c, d) = -VALLEY.gradient(theta), -np.asarray(theta)
    return float(np.degrees(np.arctan2(-b, a))), float(np.degrees(np.arctan2(-d, c)))


def halved(theta=EVEN):
    """The relative error of the gradient if its entry for w1 is halved, and if that for w2 is."""
    right = VALLEY.gradient(theta)
    return [float(np.linalg.norm(right * half - right) / np.linalg.norm(right)) for half in ([0.5, 1], [1, 0.5])]


# ---- the two-weight network

@cache
def minima(name="seesaw"):
    """{letter: (weights (2,), its largest curvature)}."""
    points = level_ground(name)
    return {points.label[k]: (points.theta[:, k], float(points.eigenvalues[-1, k])) for k in points.minima}


def limit(letter, name="seesaw"):
    """The largest rate that this minimum can hold."""
    return 2 / minima(name)[letter][1]


def flattest(letter, name="seesaw"):
    """The smallest curvature at this minimum."""
    return float(np.linalg.eigvalsh(two_weights(name).hessian(minima(name)[letter][0])).min())


def letter_at(end, name="seesaw"):
    """Which minimum these weights (2, ...) are beside, "" for none: an array of letters."""
    letters = np.full(np.shape(end)[1:], "")
    for letter, (theta, _) in minima(name).items():
        gap = np.linalg.norm(end - theta.reshape(2, *[1] * (np.ndim(end) - 1)), axis=0)
        letters = np.where(gap < NEAR, letter, letters)
    return letters


@cache
def ends(rate, name="seesaw"):
    """Where the descents from STARTS places of the window end, as letters."""
    starts = np.random.default_rng(0).uniform(-6, 6, (2, STARTS))
    return letter_at(descend(two_weights(name), starts, GradientDescent(rate=rate), steps=STEPS).end, name)


def trapped(rate=60.0, before=20.0):
    """Of those that end in B at the lower rate: (how many, how many reach A at this rate, how many B)."""
    there, now = ends(before) == "B", ends(rate)
    return tuple(int(many.sum()) for many in (there, there & (now == "A"), there & (now == "B")))


def settles(rate, w1, w2):
    """(the letter of the minimum that this descent on seesaw ends in or "", its last loss)."""
    path = descend(two_weights("seesaw"), [w1, w2], GradientDescent(rate=rate), steps=STEPS)
    return str(letter_at(path.end)), float(path.loss[-1])


@cache
def steps_near(rate):
    """From beside A: the steps until the weights are 0.01 away from it."""
    there = minima()["A"][0]
    path = descend(two_weights("seesaw"), there + 0.3, GradientDescent(rate=rate), steps=3000)
    return int(np.argmax(np.linalg.norm(path.theta - there[:, None], axis=0) < 0.01))


# ---- one sigmoid unit, sure and wrong

@cache
def until_right(loss, w=-6.0, enough=0.9):
    """Steps at rate 1 until a unit that hears w answers `enough`, where 1 is right."""
    one = Fit(Network((1, 1), "sigmoid", bias=False), loss, DATA["linear saddle"])      # one row: x = 1, t = 1
    path = descend(one, [w], GradientDescent(rate=1.0), steps=400)
    return int(np.argmax(1 / (1 + np.exp(-path.theta[0])) > enough))
