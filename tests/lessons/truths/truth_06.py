"""What lesson 6 says, found another way: descents and curvatures of the small landscapes in plain NumPy, loop by loop."""
import numpy as np

from bpviz.coursework.lessons.lesson_06 import experiments as lab

SEESAW = np.array([-1.5, -0.5, 1.5]), np.array([0.8, 0.4, 0.2])
TRIDENT = np.array([-10, -3, -0.5, 0.3]), np.array([0.6, 0.05, 0.3, 0.05])


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


def small(w1, w2, data):
    """Loss and both slopes of the two-weight network, for many weights (n,) at once."""
    x, t = data[0][:, None], data[1][:, None]
    a = sigmoid(w1 * x)
    o = sigmoid(w2 * a)
    d = 2 * (o - t) * o * (1 - o) / len(x)
    return ((o - t) ** 2).mean(axis=0), (d * w2 * a * (1 - a) * x).sum(axis=0), (d * a).sum(axis=0)


def walk(w1, w2, data, rate, steps):
    """The weights (n,), (n,) after so many steps. rate: a number, or (step) -> a number."""
    w1, w2 = np.atleast_1d(w1).astype(float), np.atleast_1d(w2).astype(float)
    for k in range(steps):
        _, d1, d2 = small(w1, w2, data)
        now = rate(k) if callable(rate) else rate
        w1, w2 = w1 - now * d1, w2 - now * d2
    return w1, w2


def valley(start, data, rate):
    """A minimum (2,), by a long descent close by."""
    return np.ravel(walk(*start, data, rate, 20_000))


def in_a(w1, w2):
    """Which of these weights are at the minimum A of seesaw, and which at B."""
    a, b = valley((3, -1.5), SEESAW, 20), valley((-2.5, 0.5), SEESAW, 20)
    return tuple(np.hypot(w1 - one[0], w2 - one[1]) < 0.05 for one in (a, b))


def oracle_ends():
    w1, w2 = walk(*np.random.default_rng(0).uniform(-6, 6, size=(2, 50)), SEESAW, 20, 3000)
    a, b = in_a(w1, w2)
    assert (a | b).all()
    loss = small(w1, w2, SEESAW)[0]
    return "At a few losses", [a.sum(), loss[a].mean(), b.sum(), loss[b].mean()]


def oracle_direction():
    a = valley((3, -1.5), SEESAW, 20)
    _, d1, d2 = small(np.array([0.75]), np.array([5.5]), SEESAW)
    way = np.arctan2(a[1] - 5.5, a[0] - 0.75) - np.arctan2(-d2[0], -d1[0])
    assert all(in_a(*walk(*lab.TOWARDS_A, SEESAW, rate, steps))[1].all() for rate, steps in ((20, 2000), (1, 20_000)))
    return "In B", [abs(np.degrees(way))]


def oracle_pass():
    before, middle = (small(*walk(-0.24, 0, SEESAW, 0.1, steps), SEESAW)[0][0] for steps in (0, 500))
    assert 0 < before - middle < 1e-6
    return "About 0.055", [small(*walk(-0.24, 0, SEESAW, 0.1, 5000), SEESAW)[0][0]]


def oracle_plateau():
    W1, b1, W2, b2 = np.split(np.random.default_rng(0).normal(scale=0.5, size=9), [4, 6, 8])
    W1, W2 = W1.reshape(2, 2), W2[:, None]
    x, t = np.array([[0, 0], [0, 1], [1, 0], [1, 1]]), np.array([[0], [1], [1], [0]])
    losses = []
    for _ in range(5001):
        a = sigmoid(x @ W1 + b1)
        o = sigmoid(a @ W2 + b2)
        losses.append(((o - t) ** 2).mean())
        dz2 = 2 * (o - t) * o * (1 - o) / 4
        dz1 = dz2 @ W2.T * a * (1 - a)
        W1, b1, W2, b2 = W1 - x.T @ dz1, b1 - dz1.sum(0), W2 - a.T @ dz2, b2 - dz2.sum(0)
    assert losses[5000] < 0.01 and max(np.abs(np.array(losses[100:2000]) - 0.25)) < 5e-4
    return "Below 0.01", [2000, losses[2000], 5000, losses[5000]]


def oracle_rate():
    w = valley((0.3, -4.4), TRIDENT, 2)
    nudge = 1e-5
    table = np.array([np.subtract(*(np.ravel(small(*(w + s * nudge * side)[:, None], TRIDENT)[1:]) for s in (1, -1)))
                      for side in np.eye(2)]) / (2 * nudge)
    steepest = np.linalg.eigvalsh((table + table.T) / 2)[-1]
    loss = [small(*walk(0.4, -4.3, TRIDENT, 10, steps), TRIDENT)[0][0] for steps in (0, 1, 2000)]
    assert np.hypot(*(np.ravel(walk(0.4, -4.3, TRIDENT, 2, 5000)) - w)) < 0.01 and loss[1] > loss[0]
    return "The loss goes up", [*loss, steepest, 2, 2 / steepest]


def oracle_falling_rate():
    w1, w2 = walk(*np.random.default_rng(0).uniform(-6, 6, size=(2, 200)), SEESAW,
                  lambda k: 10 * (1 + np.cos(np.pi * k / 1000)), 1000)
    return "About half", [(np.hypot(w1 - 3.362, w2 + 1.445) < 0.2).sum(), 200]


def oracle_flow():
    """Flow as a descent of tiny rate, on a grid of its own: where they differ, a neighbour ends elsewhere."""
    side = np.linspace(-5.8, 5.8, 30)
    w1, w2 = map(np.ravel, np.meshgrid(side, side))
    flow, jumps, wide = (in_a(*walk(w1, w2, SEESAW, rate, steps)) for rate, steps in ((5, 6000), (30, 2000), (60, 2000)))
    differ = (flow[0] != jumps[0]).reshape(30, 30)
    ends = flow[0].reshape(30, 30)
    near = np.zeros_like(differ)
    near[1:] |= ends[1:] != ends[:-1]
    near[:-1] |= ends[1:] != ends[:-1]
    near[:, 1:] |= ends[:, 1:] != ends[:, :-1]
    near[:, :-1] |= ends[:, 1:] != ends[:, :-1]
    assert 0 < differ.sum() < 20 and near[differ].all()
    assert (flow[0] | flow[1]).all() and not wide[1].any()          # above its limit no start ends in B
    assert (wide[0] & flow[1]).mean() < 0.01            # nor, from B's basin, in A: it settles nowhere
    return "Yes, but only close", [2]


def oracle_one_weight():
    x, w = np.array([[0.01], [0.12], [1.44]]), np.geomspace(1e-3, 1e4, 400_001)
    o = sigmoid(w * x)
    slope = (2 * (o - 0.75) * o * (1 - o) * x).sum(axis=0)
    minima = w[1:][(slope[:-1] < 0) & (slope[1:] > 0)]
    assert len(minima) == 3
    return "Three", [*minima, 0.5, 1]


ORACLES = {"L06-p1": oracle_ends, "L06-p2": oracle_direction, "L06-p3": oracle_pass, "L06-p4": oracle_plateau,
           "L06-p5": oracle_rate, "L06-p6": oracle_falling_rate, "L06-p7": oracle_flow, "L06-p8": oracle_one_weight}

QUOTED = {
    "L06-p1": {"20": "lab.RATE", "-6": "lab.LOW", "6": "lab.HIGH"},
    "L06-p2": {"0.75": "lab.TOWARDS_A[0]", "5.5": "lab.TOWARDS_A[1]", "20": "lab.RATE"},
    "L06-p3": {"-0.24": "lab.PASS[0]", "0.0633": "lab.walked('seesaw', lab.PASS, 0.1)[0].loss[-1]",
               "0.0001": "lab.walked('seesaw', lab.PASS, 0.1)[0].gradient_norm[-1]", "500": "lab.SHORT",
               "0.055": "lab.walked('seesaw', lab.PASS, 0.1, 5000)[0].loss[-1]",
               "0.031": "lab.minimum('seesaw', 'A')[1]"},
    "L06-p4": {"0.25": "lab.on_xor().loss[500]", "0.0002": "lab.on_xor().gradient_norm[500]", "500": "lab.SHORT",
               "5000": "lab.LONG"},
    "L06-p5": {"0.4": "lab.BESIDE_A[0]", "-4.3": "lab.BESIDE_A[1]"},
    "L06-p8": {"0.01": "lab.SCALES[0]", "0.12": "lab.SCALES[1]", "1.44": "lab.SCALES[2]", "0.75": "lab.TARGET"},
    "L06-q3": {"0.1": "lab.LIMIT", "5000": "lab.LONG", "3000": "round(lab.first_below(), -2) + 100"},
}
GIVEN = {"L06-p2": "2", "L06-p3": "0.1", "L06-p4": "100 0.24 0.01", "L06-p5": "2 10", "L06-p6": "200 1000 20 190",
         "L06-p7": "30", "L06-p8": "0", "L06-q1": "1.5 0.5", "L06-q2": "20 0.1", "L06-q4": "10000 1.5",
         "L06-q5": "10000", "L06-q6": "500",
         "L06-q7": "0.000001 0.02 0.05 0.000004 0.001 0.3 0.1 0.6 0.000002 0.4"}
