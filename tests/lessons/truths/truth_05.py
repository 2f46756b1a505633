"""Lesson 5 once more without its experiments: balls by closed form, the two-weight network and its descents in plain NumPy."""
from functools import cache

import numpy as np

from bpviz.coursework.lessons.lesson_05 import experiments as lab

ROWS = {"seesaw": ((-1.5, -0.5, 1.5), (0.8, 0.4, 0.2)), "trident": ((-10, -3, -0.5, 0.3), (0.6, 0.05, 0.3, 0.05))}


def f(z):
    return 1 / (1 + np.exp(-z))


def slopes(theta, name):
    """dL/dw1 and dL/dw2 of the mean squared error of f(w2 f(w1 x)), (2, n) for theta (2, n)."""
    x, t = (np.array(row, float)[:, None] for row in ROWS[name])
    a = f(theta[0] * x)
    o = f(theta[1] * a)
    d = 2 * (o - t) * o * (1 - o) / len(x)
    return np.array([(d * theta[1] * a * (1 - a) * x).sum(axis=0), (d * a).sum(axis=0)])


def loss(theta, name):
    x, t = (np.array(row, float)[:, None] for row in ROWS[name])
    return ((f(theta[1] * f(theta[0] * x)) - t) ** 2).mean(axis=0)


def walked(theta, rate, steps, name):
    for _ in range(steps):
        theta = theta - rate * slopes(theta, name)
    return theta


@cache
def bottom(name, w1, w2):
    """A minimum, by slow descent from nearby."""
    return walked(np.array([[w1], [w2]]), 1.0, 30_000, name)[:, 0]


def curvatures(place, name, h=1e-5):
    """The curvatures at a place, by central differences of the slopes."""
    H = np.stack([(slopes((place + e)[:, None], name) - slopes((place - e)[:, None], name))[:, 0] / (2 * h)
                  for e in h * np.eye(2)])
    return np.linalg.eigvalsh((H + H.T) / 2)


@cache
def many(rate, name="seesaw"):
    """200 descents of 1,000 steps: (how far from A, how far from B) each."""
    end = walked(np.random.default_rng(0).uniform(-6, 6, (2, 200)), rate, 1000, name)
    places = {"seesaw": ((3.4, -1.4), (-2.4, 0.5)), "trident": ((0.3, -4.4), (2.6, -4.1))}[name]
    return [np.linalg.norm(end - bottom(name, *place)[:, None], axis=0) < 0.05 for place in places]


def oracle_steps():
    lands = [-2 + 4 * rate for rate in (0.75, 1.05)]                   # the slope at -2 is -4
    assert lands[0] ** 2 < 4 < lands[1] ** 2
    return "It falls with 0.75. With 1.05", [0.75, 1.05, *lands, *(w * w for w in lands)]


def oracle_race():
    steps = [next(k for k in range(1000) if 4 * (1 - 2 * rate) ** (2 * k) < 1e-4) for rate in (0.25, 0.5, 0.95)]
    assert steps[1] < steps[0] < steps[2]
    return "0.5", [0.25, 0.5, 0.95, *steps]


def oracle_way():
    step, goal = np.degrees(np.arctan2(20 * 1.0, 2 * 2.5)), np.degrees(np.arctan2(1.0, 2.5))
    assert step > 45 and step - goal > 30
    return "Nearly straight down", [step, goal, step - goal]


def oracle_trap():
    (a20, b20), (a60, b60), (a120, _) = many(20.0), many(60.0), many(120.0)
    assert (a20 | b20).all() and not (b20 & (a60 | b60)).any() and (a60 == a20).all()
    starts = np.random.default_rng(0).uniform(-6, 6, (2, 200))[:, b20]
    moves = [starts := walked(starts, 60.0, steps, "seesaw") for steps in (2000, 1, 1, 1)]
    assert all((np.linalg.norm(one - other, axis=0) > 1).all() for one, other in zip(moves[1:], moves, strict=False))
    return "In neither", [b20.sum(), 1000, a60.sum(), 0, 20, 60, 120, (b20 & a120).sum()]


def oracle_price():
    place, counts = bottom("seesaw", 3.4, -1.4), []
    for rate in (2.0, 20.0):
        theta, steps = (place + 0.3)[:, None], 0
        while np.linalg.norm(theta[:, 0] - place) >= 0.01:
            theta, steps = theta - rate * slopes(theta, "seesaw"), steps + 1
        counts.append(steps)
    assert 9 < counts[0] / counts[1] < 11
    return "About 10 times", counts


def oracle_narrow():
    assert not many(10.0, "trident")[0].any() and many(2.0, "trident")[0].any()
    return "None of them", [10, 2 / curvatures(bottom("trident", 0.3, -4.4), "trident")[1]]


def oracle_slope():
    right = np.array([2 * 2.0, 20 * 0.2])
    errors = [np.linalg.norm(wrong - right) / np.linalg.norm(right) for wrong in (right * [0.5, 1], right * [1, 0.5])]
    assert np.isclose(*errors) and right[0] == right[1]
    return "The number does not tell", [*errors, right[0]]


def oracle_square():
    counts = []
    for slope in (lambda o: 2 * (o - 1) * o * (1 - o), lambda o: o - 1):
        w, steps = -6.0, 0
        while f(w) <= 0.9:
            w, steps = w - slope(f(w)), steps + 1
        counts.append(steps)
    assert counts[0] > 10 * counts[1] and counts[1] == lab.until_right("binary cross-entropy")
    return "More than ten times", counts[:1]


ORACLES = {"L05-p1": oracle_steps, "L05-p2": oracle_race, "L05-p3": oracle_way, "L05-p4": oracle_trap, "L05-p5": oracle_price,
           "L05-p6": oracle_narrow, "L05-p7": oracle_slope, "L05-p8": oracle_square}

QUOTED = {
    "L05-p1": {"-2": "lab.BALL", "4": "lab.BALL ** 2", "-4": "2 * lab.BALL", "0.75": "lab.NEXT_RATES[0]", "1.05": "lab.NEXT_RATES[1]"},
    "L05-p2": {"-2": "lab.BALL", "0.25": "lab.RACE[0]", "0.5": "lab.RACE[1]", "0.95": "lab.RACE[2]", "0.0001": "lab.SMALL"},
    "L05-p3": {"-2.5": "lab.ON_SLOPE[0]", "1": "lab.ON_SLOPE[1]"},
    "L05-p4": {"200": "lab.STARTS", "106": "(lab.ends(20.0) == 'A').sum()", "94": "(lab.ends(20.0) == 'B').sum()",
               "33": "lab.limit('B')", "122": "lab.limit('A')"},
    "L05-p6": {"39": "(lab.ends(2.0, 'trident') == 'A').sum()", "200": "lab.STARTS"},
    "L05-p7": {"2": "lab.EVEN[0]", "0.2": "lab.EVEN[1]", "0.35": "lab.halved()[0]"},
    "L05-p8": {"0.0025": "1 / (1 + np.exp(6))", "17": "lab.until_right('binary cross-entropy')"},
    "L05-q3": {"33": "lab.limit('B')"},
    "L05-q4": {"16.25": "float(lab.VALLEY.loss(lab.ON_SLOPE))"},
    "L05-q5": {"0.00014": "np.linalg.norm([1e-4, 1e-4])"},
}
GIVEN = {"L05-p3": "10 0", "L05-p4": "20 60", "L05-p5": "20 2 3 10 100", "L05-p6": "2 10", "L05-p7": "10 2", "L05-p8": "-6 1 0.9 2",
         "L05-q1": "1.1", "L05-q4": "0.105 0.05 0.1", "L05-q5": "60 25 45 0.5 0.0001"}
