"""What lesson 4 says, found another way: plain NumPy, two-weight networks and 2-2-1 networks written out by hand."""
import numpy as np

from bpviz.coursework.lessons.lesson_04 import experiments as lab

ROW = np.array([[0.5, 0.1]]), np.array([0.6])


def f(z):
    return 1 / (1 + np.exp(-z))


def nine(theta, x, t, fault=""):
    """Loss and gradient (9,) of a 2-2-1 network on rows x (n, 2), t (n,), with a fault in its last or first layer."""
    W, b, v, c = theta[:4].reshape(2, 2), theta[4:6], theta[6:8], theta[8]
    z = x @ W + b
    h = f(z)
    o = f(h @ v + c)
    d = 2 * (o - t) * o * (1 - o) / len(t)
    e = np.outer(d, v) * (1 if fault == "no slope" else h * (1 - h))
    into = z if fault == "heard" else h
    bias = 0 if fault == "no bias" else 1
    return np.mean((o - t) ** 2), np.concatenate([(x.T @ e).ravel(), bias * e.sum(0), into.T @ d, [bias * d.sum()]])


def oracle_moons():
    """The moons drawn again: a point of the upper half circle and one of the lower, in turn, with noise."""
    turn, rows = np.linspace(0, np.pi, 50), []
    x = np.empty((100, 2))
    x[::2], x[1::2] = np.c_[np.cos(turn), np.sin(turn)], np.c_[1 - np.cos(turn), 0.5 - np.sin(turn)]
    x = x - [0.5, 0.25] + np.random.default_rng(0).normal(scale=0.1, size=(2, 100)).T
    t = np.tile([0.0, 1.0], 50)
    for fault in ("no bias", ""):
        theta = np.random.default_rng(0).normal(size=9)
        for _ in range(500):
            theta = theta - 2 * nine(theta, x, t, fault)[1]
        o = f(f(x @ theta[:4].reshape(2, 2) + theta[4:6]) @ theta[6:8] + theta[8])
        rows.append(int(np.sum((o > 0.5) == (t > 0.5))))
    assert rows[1] - rows[0] <= 3
    return "Nearly as many", [*rows, 100]


def oracle_errors():
    loss = lambda w: (f(-1.2 * f(w * 1.5)) - 0.2) ** 2                                                   # noqa: E731
    slope = loss(0.8 + 1e-30j).imag / 1e-30                      # a complex step, where the lesson has the chain rule
    found = []
    for power in np.linspace(-15, 0, 97):
        h = 10.0 ** (power + np.linspace(-0.5, 0.5, 41))
        quotient = (loss(0.8 + h) - loss(0.8 - h)) / (2 * h)
        found.append(np.log10(np.median(np.maximum(abs(quotient / slope - 1), 1e-17))))
    found = np.round(found, 1)
    lowest = np.linspace(-15, 0, 97)[found == found.min()]
    return found, [10, round(lowest.mean())]


def oracle_one_number():
    rng, larger = np.random.default_rng(0), 0
    for _ in range(100):
        theta = 2 * rng.normal(size=9)
        right = nine(theta, *ROW)[1]
        off = [np.sqrt(((one - right) ** 2).sum()) / (np.sqrt((one ** 2).sum()) + np.sqrt((right ** 2).sum()))
               for one in (nine(theta, *ROW, "heard")[1], nine(theta, *ROW, "no slope")[1])]
        larger += off[0] > off[1]
    assert 25 <= larger <= 75
    return "Now for A, now for B", [larger, 100 - larger]


def oracle_price():
    """Forward in a 4-n-1 network: 4 products and 4 sums and a sigmoid a unit; then n products, n sums, sigmoid, loss."""
    prices = {}
    for n in (6, 12):
        weights, forward = 4 * n + n + n + 1, n * (4 + 4 + 1) + n + n + 1 + 2
        prices[weights] = 2 * weights * forward
    (few, small), (many, large) = prices.items()
    assert many / few < 2 and large / small > 3
    return "It becomes about four times", [few, many, large / small]


def oracle_zero():
    theta = np.zeros(9)
    (_, right), (_, faulty) = nine(theta, *ROW), nine(theta, *ROW, "no slope")
    assert np.array_equal(right, faulty)
    return "None, though some", [np.count_nonzero(right)]


def oracle_rounds():
    before = nine(lab.ARTICLE, *ROW)[0]
    return "It has not changed", [before, before]


def oracle_complex():
    a = f(0.8 * 1.5)
    b = f(-1.2 * a)
    slope = 2 * (b - 0.2) * b * (1 - b) * -1.2 * a * (1 - a) * 1.5
    for h in (1e-8, 1e-50, 1e-100):
        assert abs(((f(-1.2 * f((0.8 + 1j * h) * 1.5)) - 0.2) ** 2).imag / h - slope) < 1e-15
    return "As small as you like", []


def oracle_losses():
    steps = []
    for push in (lambda o: 2 * (o - 1) * o * (1 - o), lambda o: o - 1):
        z, k = -5.0, 0
        while f(z) < 0.9:
            z, k = z - 0.5 * push(f(z)), k + 1
        steps.append(k)
    assert steps[0] > 5 * steps[1] and f(-5.0) * (1 - f(-5.0)) < 0.01      # "almost 0 at the start"
    return "More than five times", steps


ORACLES = {"L04-p1": oracle_moons, "L04-p2": oracle_errors, "L04-p3": oracle_one_number, "L04-p4": oracle_price,
           "L04-p5": oracle_zero, "L04-p6": oracle_rounds, "L04-p7": oracle_complex, "L04-p8": oracle_losses}
QUOTED = {
    "L04-p2": {"-2": "np.log10(0.01)", "15": "-lab.EXPONENTS[0]"},
    "L04-p3": {"100": "lab.DRAWS"},
    "L04-p6": {"100": "lab.ROUNDS"},
    "L04-p8": {"-5": "lab.WRONG_START", "0.5": "lab.CLASS_RATE", "0.9": "lab.SURE"},
    "L04-q4": {"39": "39"},
}
GIVEN = {"L04-p1": "100 2 1", "L04-p2": "1 0.01", "L04-p8": "1"}
