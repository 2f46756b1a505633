"""What lesson 2 says, found another way: plain NumPy, chains written out by hand, slopes from differences."""
import numpy as np

from bpviz.coursework.lessons.lesson_02 import experiments as lab  # noqa: F401


def f(z):
    return 1 / (1 + np.exp(-z))


def output(w1, w2, x=1.5):
    return f(w2 * f(w1 * x))


def slope(function, at, h=1e-6):
    return (function(at + h) - function(at - h)) / (2 * h)


def oracle_speeds():
    def passed(x):
        return 2 * x * 3 / 2
    grown = passed(5.01) - passed(5)
    return "By 0.03", [0.01, 2 * 0.01, 3 * 2 * 0.01, grown, 2, 3, grown / 0.01]


def oracle_slope():
    z = np.linspace(-6, 6, 97)
    slopes = np.exp(-z) / (1 + np.exp(-z)) ** 2
    assert slopes.argmax() == 48 and z[48] == 0
    return slopes, [0, slopes.max()]


def oracle_first_weight():
    def loss(w1):
        return (output(w1, -1.2) - 0.2) ** 2
    assert loss(0.81) < loss(0.8) and output(0.8, -1.2) > 0.2
    return "It falls", [slope(loss, 0.8)]


def oracle_closing():
    """Each factor as a slope from differences, at w1 = 0.8 and at 6: the fourth shrinks most, and a thousandfold."""
    def found(w1):
        z1 = 1.5 * w1
        z2 = -1.2 * f(z1)
        return np.array([slope(lambda a: (a - 0.2) ** 2, f(z2)), slope(f, z2), -1.2, slope(f, z1)])
    shrunk = np.abs(found(6) / found(0.8))
    assert shrunk.argmin() == 3 and shrunk[3] < 1e-3 and shrunk[:3].min() > 0.2
    return "The slope of the hidden unit", [1.5 * 6, found(0.8)[3], found(6)[3], 0]


def oracle_fading():
    """dL/dz3 and dL/dz1 by nudging what the units hear."""
    z1 = 0.1 * 1.5
    z3 = 0.1 * np.tanh(0.1 * np.tanh(z1))
    first = slope(lambda z: (np.tanh(0.1 * np.tanh(0.1 * np.tanh(z))) - 0.2) ** 2, z1)
    share = first / slope(lambda z: (np.tanh(z) - 0.2) ** 2, z3)
    assert all(1 - np.tanh(z) ** 2 > 0.97 for z in (z1, 0.1 * np.tanh(z1), z3))
    return "About a hundredth", [share, 1, 0.1, 0.1]


def oracle_silence():
    """Gradient descent by differences on (relu(w3 relu(1.5 w1) + w4 relu(1.5 w2)) - 0.2) squared."""
    def loss(w):
        hidden = np.maximum(1.5 * w[:2], 0)
        return (max(hidden @ w[2:], 0) - 0.2) ** 2
    start = np.array([-0.8, 0.6, 1.0, 0.5])
    w = start.copy()
    for _ in range(1000):
        w = w - 0.1 * np.array([(loss(w + h) - loss(w - h)) / 2e-6 for h in 1e-6 * np.eye(4)])
    assert w[0] == start[0] and w[2] == start[2] and abs(w - start)[[1, 3]].min() > 0.1
    return "Two", [w[1], w[3], loss(start), loss(w), 2, 1]


def moons_outputs(theta, x):
    """A 2-12-1 network of tanh and sigmoid, weights in the order W1 row by row of inputs, b1, W2, b2."""
    W1, b1, W2, b2 = theta[:24].reshape(2, 12), theta[24:36], theta[36:48], theta[48]
    return f(np.tanh(x.T @ W1 + b1) @ W2 + b2)


def oracle_accuracy():
    from bpviz.network.data import CLOUDS
    data = CLOUDS["moons"](40, 0.25, 0)
    theta, t = np.random.default_rng(0).normal(size=49) * 0.7, data.y[0]
    before = moons_outputs(theta, data.x)
    after = np.array([moons_outputs(theta + nudge, data.x) for nudge in 1e-4 * np.eye(49)])
    changed = (((after > 0.5) == (t > 0.5)).sum(axis=1) != ((before > 0.5) == (t > 0.5)).sum()).sum()
    losses = (((after - t) ** 2).mean(axis=1) != ((before - t) ** 2).mean()).sum()
    return "For none", [changed, 49, losses, 0]


def oracle_unseen():
    w = np.array([0.8, -1.2])
    for _ in range(2000):
        w = w - np.array([((output(*(w + h)) - 0.2) ** 2 - (output(*(w - h)) - 0.2) ** 2) / 2e-6
                          for h in 1e-6 * np.eye(2)])
    new = output(*w, x=2.5)
    assert 0.15 < new < 0.19
    return "A little less", [new, 1.5, output(*w)]


ORACLES = {"L02-p1": oracle_speeds, "L02-p2": oracle_slope, "L02-p3": oracle_first_weight, "L02-p4": oracle_closing,
           "L02-p5": oracle_fading, "L02-p6": oracle_silence, "L02-p7": oracle_accuracy, "L02-p8": oracle_unseen}

QUOTED = {
    "L02-p1": {"5.01": "lab.AT + lab.BY", "0.03": "lab.growth()", "0.055": "lab.MACHINES.sum() * lab.BY",
               "0.005": "lab.MACHINES[2] * lab.BY", "0.01": "lab.BY"},
    "L02-p3": {"0.285": "1 / (1 + np.exp(1.2 / (1 + np.exp(-0.8 * 1.5))))", "0.8": "lab.PAIR[0]", "-1.2": "lab.PAIR[1]"},
    "L02-p4": {"0.8": "lab.PAIR[0]"},
    "L02-p6": {"-0.8": "lab.SILENT[0]", "-1.2": "lab.SILENT[0] * lab.X", "0.9": "lab.SILENT[1] * lab.X",
               "0.45": "lab.SILENT[1] * lab.X * lab.SILENT[3]"},
    "L02-p7": {"49": "lab.nudged_accuracy()[2]", "0.0001": "lab.TINY"},
    "L02-q2": {"0.15": "0.15"},
}
GIVEN = {"L02-p1": "5 2 3", "L02-p2": "1", "L02-p3": "0.2", "L02-p4": "6 2", "L02-p5": "0.1 1", "L02-p6": "1.5 1 2 1000 0.2", "L02-p7": "40",
         "L02-p8": "0.2 1.5 2.5", "L02-q2": "1.5 0.2", "L02-q3": "20", "L02-q4": "0.01", "L02-q5": "0.8 1.5 0.2 1.2", "L02-q7": "1.5 0.8"}
