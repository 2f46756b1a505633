"""What lesson 7 says, found another way: every optimizer written out in NumPy, every count made anew."""
from functools import cache

import numpy as np

from bpviz.coursework.lessons.lesson_07 import experiments as lab

ROWS = {"trident": ([-10, -3, -0.5, 0.3], [0.6, 0.05, 0.3, 0.05]), "seesaw": ([-1.5, -0.5, 1.5], [0.8, 0.4, 0.2]),
        "linear saddle": ([1.0], [1.0]), "plateaus": ([2.0, -6.0], [0.7, 0.8])}
UNITS = {"sigmoid": (lambda z: 1 / (1 + np.exp(-z)), lambda z, a: a * (1 - a)),
         "identity": (lambda z: z, lambda z, a: np.ones_like(z)),
         "relu": (lambda z: np.maximum(z, 0), lambda z, a: (z > 0).astype(float))}


def two(theta, data="trident", unit="sigmoid"):
    """Loss and slopes of f(w2 f(w1 x)) at theta (2, N)."""
    f, slope = UNITS[unit]
    x, t = (np.array(one, float)[:, None] for one in ROWS[data])
    z1 = theta[0] * x
    a1 = f(z1)
    z2 = theta[1] * a1
    o = f(z2)
    blame = 2 * (o - t) * slope(z2, o)
    return ((o - t) ** 2).mean(0), np.array([(blame * theta[1] * slope(z1, a1) * x).mean(0), (blame * a1).mean(0)])


def rolled(theta, slopes, rate, momentum, steps):
    v = np.zeros_like(theta)
    for _ in range(steps):
        v = momentum * v + slopes(theta)
        theta = theta - rate * v
    return theta


def adam(theta, steps, rate=0.05):
    m, v = np.zeros_like(theta), np.zeros_like(theta)
    for k in range(1, steps + 1):
        g = two(theta)[1]
        m, v = 0.9 * m + 0.1 * g, 0.999 * v + 0.001 * g * g
        theta = theta - rate * (m / (1 - 0.9 ** k)) / (np.sqrt(v / (1 - 0.999 ** k)) + 1e-8)
    return theta


@cache
def level(data):
    """A fifth of the way from the deepest minimum to the next, the minima found by long descents from many starts."""
    ends = rolled(np.random.default_rng(7).uniform(-6, 6, (2, 100)), lambda w: two(w, data)[1], lab.PLAIN[data], 0, 8000)
    loss, slopes = two(ends, data)
    found = np.unique(loss[(np.abs(slopes) < 1e-9).all(0)].round(7))
    return found[0] + 0.2 * (found[1] - found[0])


def count(ends, data="trident"):
    return int((two(ends, data)[0] <= level(data)).sum())


def many(seed=0, n=200):
    return np.random.default_rng(seed).uniform(-6, 6, (2, n))


def down(momentum):
    """Steps after which the ball in the valley stays below a thousandth of its first loss."""
    bend, w, v = np.array([1 / 25, 1.0]), np.array([-5.0, 3.0]), np.zeros(2)
    first, last = (bend * w * w).sum(), 0
    for k in range(1, 301):
        v = momentum * v + bend * w
        w = w - 1.9 * v
        last = k if (bend * w * w).sum() > 1e-3 * first else last
    return last + 1


def oracle_memory():
    assert down(0) == 35 and 2 * down(0.6) < 35
    return "Less than half", [down(0.6)]


def oracle_much():
    momentum = np.linspace(0, 0.9, 97)
    curve = np.array([down(m) for m in momentum], float)
    return curve, [momentum[curve.argmin()], curve.min(), 0.9, curve[-1], 35]


def oracle_adam():
    start = np.array([[3.5], [2.0]])
    slopes = np.abs(two(start)[1])
    moved = np.abs(adam(start, 1, 0.1) - start)
    assert np.allclose(moved, 0.1, rtol=1e-3) and 19 < slopes[1] / slopes[0] < 21
    return "Both equally far", [moved[0, 0]]


def oracle_count():
    slopes = lambda w: two(w)[1]                                  # noqa: E731
    assert count(rolled(many(), slopes, 2.0, 0, 500)) == 40
    found, heavy = count(adam(many(), 500)), count(rolled(many(), slopes, 0.2, 0.9, 500))
    assert 80 < found < 120
    return "From about half", [found, 200, heavy]


def oracle_spread():
    ends = rolled(many(1, 4000), lambda w: two(w)[1], 2.0, 0, 500)
    counts = (two(ends)[0] <= level("trident")).reshape(20, 200).sum(1)
    assert 10 <= np.ptp(counts) <= 40
    return "Between ten and forty", [counts.min(), counts.max(), 200, 10]


def oracle_stuck():
    """Slopes and curvatures at the five ends; a minimum is where a small step any way leads uphill."""
    stuck = []
    for data, unit, start, rate in lab.FAILED:
        slopes = lambda w, data=data, unit=unit: two(w, data, unit)[1]          # noqa: E731
        end = rolled(np.array(start, float)[:, None], slopes, rate, 0, 500)
        around = end + 0.05 * np.array([np.cos(np.linspace(0, 6.2, 60)), np.sin(np.linspace(0, 6.2, 60))])
        higher = (two(around, data, unit)[0] > two(end, data, unit)[0] + 1e-7).all()
        stuck.append(bool(higher and np.abs(slopes(end)).max() < 1e-6))
    assert stuck == [False, False, False, False, True]
    w, losses = np.array([[-4.0], [-3.0]]), []
    for _ in range(500):
        w = w - 60 * two(w, "seesaw")[1]
        losses.append(two(w, "seesaw")[0][0])
    assert (np.diff(losses) > 0.01).sum() > 100                   # from wall to wall
    return "One of them", []


def oracle_noise():
    """Rows drawn by another generator: the counts differ a little, the answer does not."""
    rng, change = np.random.default_rng(11), {}
    for data in ("seesaw", "trident"):
        x, t = ROWS[data]
        f = UNITS["sigmoid"][0]
        theta = many()
        for _ in range(500):
            row = rng.integers(len(x), size=200)
            xr, tr = np.array(x, float)[row], np.array(t)[row]
            a1 = f(theta[0] * xr)
            o = f(theta[1] * a1)
            blame = 2 * (o - tr) * o * (1 - o)
            theta = theta - lab.PLAIN[data] * np.array([blame * theta[1] * a1 * (1 - a1) * xr, blame * a1])
        quiet = rolled(many(), lambda w, data=data: two(w, data)[1], lab.PLAIN[data], 0, 500)
        change[data] = count(theta, data) - count(quiet, data)
    assert change["seesaw"] > 15 and change["trident"] < -30
    return "More often in seesaw", []


def failing(width, reach):
    """The share of 40 networks 2-width-1 that XOR is not learned by, trained all at once."""
    f = UNITS["sigmoid"][0]
    theta = np.random.default_rng(1).uniform(-reach, reach, (4 * width + 1, 40))
    W1, b1 = theta[:2 * width].reshape(2, width, 40), theta[2 * width:3 * width]
    W2, b2 = theta[3 * width:4 * width], theta[-1]
    x, t = np.array([[0, 0], [0, 1], [1, 0], [1, 1]], float), np.array([0, 1, 1, 0.0])[:, None]
    for _ in range(1501):
        a1 = f(np.einsum("ri,ihn->rhn", x, W1) + b1)
        o = f((a1 * W2).sum(1) + b2)
        loss = ((o - t) ** 2).mean(0)
        dz2 = 2 * (o - t) * o * (1 - o) / 4
        dz1 = dz2[:, None] * W2 * a1 * (1 - a1)
        W2, b2 = W2 - 5 * (dz2[:, None] * a1).sum(0), b2 - 5 * dz2.sum(0)
        W1, b1 = W1 - 5 * np.einsum("ri,rhn->ihn", x, dz1), b1 - 5 * dz1.sum(0)
    return (loss > 0.05).mean()


def oracle_width():
    shares = [100 * failing(*one) for one in ((16, 10), (2, 10), (2, 1), (16, 1))]
    assert 50 < shares[0] < 100
    return "More than half", [*shares, 1, -1, 2, 16]


ORACLES = {"L07-p1": oracle_memory, "L07-p2": oracle_much, "L07-p3": oracle_adam, "L07-p4": oracle_count,
           "L07-p5": oracle_spread, "L07-p6": oracle_stuck, "L07-p7": oracle_noise, "L07-p8": oracle_width}

QUOTED = {
    "L07-p1": {"25": "lab.CONDITION", "1.9": "lab.RATE", "35": "lab.steps_down(0.0)", "0.6": "lab.MOMENTUM"},
    "L07-p2": {"35": "lab.steps_down(0.0)"},
    "L07-p3": {"20": "round(lab.first_step()[0][1] / lab.first_step()[0][0])"},
    "L07-p4": {"40": "lab.count()"},
    "L07-p5": {"40": "lab.count()"},
    "L07-p8": {"40": "lab.TRIED"},
    "L07-q2": {"0.0281": "lab.level()"},
    "L07-q6": {"40": "lab.count()"},
    "L07-q7": {"0.127": "lab.patient(500)[0][0]", "0.113": "lab.patient(500)[0][-1]"},
    "L07-q8": {"0.0696": "lab.minima()[1][2]", "0.0218": "lab.minima()[1][0]"},
}
GIVEN = {"L07-p2": "0 0.9", "L07-p3": "3.5 2", "L07-p4": "200 500", "L07-p5": "200", "L07-p6": "500", "L07-p7": "200",
         "L07-p8": "10 -10 2 16", "L07-q3": "100", "L07-q6": "200 500 1000 0.0281", "L07-q7": "500 100 5000 0.001"}
