"""Runs and counts of lesson 7: heavy balls, races over many starts, five runs that fail, wide networks of XOR."""
from functools import cache

import numpy as np

from bpviz.coursework.lessons.networks import level_ground, two_weights
from bpviz.descent.adam_step import adam_step
from bpviz.descent.adaptive import Adam
from bpviz.descent.descend import descend
from bpviz.descent.heavy_ball import DOWN, Quadratic
from bpviz.descent.noise import MiniBatch
from bpviz.descent.optimizers import GradientDescent
from bpviz.descent.restarts import restarts
from bpviz.descent.schedules import StepDecay
from bpviz.network.data import DATA
from bpviz.network.fit import Fit
from bpviz.network.shape import Network

# ---- a ball in a long valley, as the panel opens

CONDITION, RATE, MOMENTUM, BEGIN = 25.0, 1.9, 0.6, (-5.0, 3.0)
MOST_MOMENTUM, COLUMNS = 0.9, 97


@cache
def steps_down(momentum, steps=200):
    """After how many steps the ball has a thousandth of its first loss, for good."""
    path = descend(Quadratic(1 / CONDITION, 1.0), BEGIN, GradientDescent(RATE, momentum), steps)
    return int(np.flatnonzero(path.loss > DOWN * path.loss[0])[-1]) + 1


def steps_over_momentum():
    """The same for each momentum of a grid from 0 to MOST_MOMENTUM, (n,)."""
    return np.array([steps_down(float(m)) for m in np.linspace(0, MOST_MOMENTUM, COLUMNS)], float)


# ---- networks of two weights, many starts

STARTS, STEPS, REACH = 200, 500, 6.0
TRIDENT, PLAIN = two_weights("trident"), {"trident": 2.0, "seesaw": 20.0}
OPTIMIZERS = {"plain": GradientDescent(PLAIN["trident"]), "momentum": GradientDescent(PLAIN["trident"] / 10, 0.9),
              "Adam": Adam(0.05)}


@cache
def minima(data="trident"):
    """(places (2, K), losses (K,), letters) of the minima, the deepest first."""
    points = level_ground(data)
    return points.theta[:, points.minima], points.loss[points.minima], [points.label[k] for k in points.minima]


@cache
def level(data="trident"):
    """Up to which loss the deepest minimum counts as reached: a fifth of the way up to the next one."""
    losses = minima(data)[1]
    return float(losses[0] + 0.2 * (losses[1] - losses[0]))


def reached(runs, data="trident"):
    """How many of these runs reached the deepest minimum."""
    return int((runs.loss <= level(data)).sum())


@cache
def count(name="plain", steps=STEPS):
    """From how many of the panel's 200 starts in trident this optimizer reaches A."""
    return reached(restarts(TRIDENT, OPTIMIZERS[name], STARTS, steps, low=-REACH, high=REACH))


@cache
def with_noise(data, noisy):
    """From how many of 200 starts plain descent reaches A, with one row a step or with all of them."""
    return reached(restarts(two_weights(data), GradientDescent(PLAIN[data]), STARTS, STEPS, low=-REACH, high=REACH,
                            noise=MiniBatch(1) if noisy else None), data)


@cache
def twenty_counts():
    """How many of 200 starts reach A under plain descent, in twenty counts with starts of their own, (20,)."""
    runs = restarts(TRIDENT, OPTIMIZERS["plain"], 20 * STARTS, STEPS, low=-REACH, high=REACH, seed=1)
    return (runs.loss <= level()).reshape(20, STARTS).sum(axis=1)


@cache
def slower_and_longer():
    """From how many of the 200 starts plain descent reaches A in 5000 steps, its rate halved every 1000."""
    return reached(restarts(TRIDENT, OPTIMIZERS["plain"], STARTS, 5000, low=-REACH, high=REACH,
                            schedule=StepDecay(1000, 0.5)))


def ends(name, start, steps=STEPS):
    """(loss, letter of the minimum close by or "none") at the end of this optimizer's run from a start in trident."""
    path = descend(TRIDENT, start, OPTIMIZERS[name], steps)
    places, _, letters = minima()
    away = np.linalg.norm(places - path.end[:, None], axis=0)
    return float(path.loss[-1]), letters[away.argmin()] if away.min() < 0.25 else "none"


@cache
def patient(steps):
    """Plain descent in trident from (-6, -6): its losses (steps + 1,) and the letter where it ends."""
    return descend(TRIDENT, (-6.0, -6.0), OPTIMIZERS["plain"], steps).loss, ends("plain", (-6.0, -6.0), steps)[1]


# ---- Adam's first step

TWO_SLOPES = (3.5, 2.0)


@cache
def first_step():
    """The slopes (2,) at TWO_SLOPES in trident, and how far Adam's first step moves each weight, (2,)."""
    adam = Adam(0.1)
    step = adam_step(TRIDENT, descend(TRIDENT, TWO_SLOPES, adam, 1, keep_inner=True), adam, 1)
    return np.abs(step.gradient), np.abs(step.move)


# ---- five runs that fail

FAILED = (("seesaw", "sigmoid", (-4, -3), 60), ("linear saddle", "identity", (2, -2), 0.02),
          ("plateaus", "sigmoid", (5, -1), 4), ("seesaw", "relu", (2, -1), 1), ("seesaw", "sigmoid", (-5, 3), 20))


@cache
def in_minima():
    """Which of the five runs ended in a minimum: no slope left, and a curvature above 0 in each direction."""
    found = []
    for data, activation, start, rate in FAILED:
        one = two_weights(data, activation)
        end = descend(one, start, GradientDescent(rate), STEPS).end
        level_there = np.abs(one.gradient(end)).max() < 1e-6
        found.append(bool(level_there and np.linalg.eigvalsh(one.hessian(end))[0] > 1e-5))
    return tuple(found)


# ---- wide networks

TRIED = 40


@cache
def failing(width, reach):
    """The share of XOR's starts from -reach to reach at which a network 2-width-1 does not learn in 1500 steps."""
    runs = restarts(Fit(Network((2, width, 1)), "squared error", DATA["xor"]), GradientDescent(5.0), TRIED, 1500,
                    low=-reach, high=reach, seed=1)
    return float((runs.loss > 0.05).mean())
