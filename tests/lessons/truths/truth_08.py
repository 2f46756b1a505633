"""What lesson 8 says, found another way: trainings written out in NumPy, landscapes searched on a grid, clipping by hand."""
from functools import cache

import numpy as np

from bpviz.coursework.lessons.lesson_08 import experiments as lab
from bpviz.network.data import CLOUDS, DATA


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


def entropy(x, t, weights):
    """The mean cross-entropy and the outputs of a tanh layer behind a sigmoid; x (n, 2), t (n,)."""
    W1, b1, W2, b2 = weights
    o = sigmoid(np.tanh(x @ W1 + b1) @ W2 + b2)
    return -np.mean(t * np.log(o) + (1 - t) * np.log(1 - o)), o


def slopes(x, t, weights, l2, loud):
    """The gradient, with what every hidden unit says multiplied by `loud`."""
    W1, b1, W2, b2 = weights
    a = np.tanh(x @ W1 + b1)
    dz = (sigmoid((a * loud) @ W2 + b2) - t) / len(x)
    dh = np.outer(dz, W2) * loud * (1 - a * a)
    return [x.T @ dh + 2 * l2 * W1, dh.sum(axis=0), (a * loud).T @ dz + 2 * l2 * W2, dz.sum()]


def start_of(seed, units):
    theta = np.random.default_rng(seed).normal(size=4 * units + 1) * 0.7
    return [theta[:2 * units].reshape(2, units), theta[2 * units:3 * units], theta[3 * units:4 * units], theta[-1]]


def trained(x, t, weights, l2=0.0, dropout=0.0, steps=600, momentum=None, each=lambda weights: None):
    """Adam at 0.05, or descent with momentum at 0.1, written out."""
    m, v = [0 * w for w in weights], [0 * w for w in weights]
    each(weights)
    for k in range(1, steps + 1):
        units, loud = len(weights[1]), 1.0
        if dropout:
            loud = (np.random.default_rng((0, k - 1)).random(units) >= dropout) / (1 - dropout)
        # the penalty's slope is that of the thinned network, whose weights are multiplied by the mask
        g = slopes(x, t, weights, l2, loud)
        if momentum is not None:
            m = [momentum * a + b for a, b in zip(m, g, strict=True)]
            weights = [w - 0.1 * a for w, a in zip(weights, m, strict=True)]
        else:
            m = [0.9 * a + 0.1 * b for a, b in zip(m, g, strict=True)]
            v = [0.999 * a + 0.001 * b * b for a, b in zip(v, g, strict=True)]
            weights = [w - 0.05 * (a / (1 - 0.9 ** k)) / (np.sqrt(b / (1 - 0.999 ** k)) + 1e-8)
                       for w, a, b in zip(weights, m, v, strict=True)]
        each(weights)
    return weights


@cache
def moons(l2=0.0, dropout=0.0):
    """(losses of training rows, of unseen rows, shares right, weights) of a training on the panel's moons."""
    (x, t), (u, s) = ((data.x.T, data.y[0]) for data in (CLOUDS["moons"](40, 0.25, 0), CLOUDS["moons"](200, 0.25, 1000)))
    seen, unseen = [], []

    def each(weights):
        seen.append(entropy(x, t, weights)[0])
        unseen.append(entropy(u, s, weights)[0])
    weights = trained(x, t, start_of(0, 12), l2, dropout, each=each)
    right = [100 * np.mean((entropy(rows, target, weights)[1] > 0.5) == (target > 0.5)) for rows, target in ((x, t), (u, s))]
    return np.array(seen), np.array(unseen), right, weights


def oracle_unseen():
    seen, unseen, right, _ = moons()
    assert unseen[-1] > 2 * unseen.min() and unseen[0] > 2 * unseen.min() and seen[-1] < 0.02
    return "It falls for a while, then rises", [right[0], seen[-1], unseen.min(), unseen[-1], 600, 40]


def oracle_strong():
    seen, unseen, right, (W1, b1, W2, b2) = moons(0.05)
    plain = moons()[2]
    assert right[0] < plain[0] and right[1] < plain[1]
    axis = np.linspace(-2, 2, 81)
    plane = np.stack(np.meshgrid(axis, axis), axis=-1).reshape(-1, 2)
    side = np.tanh(plane @ W1 + b1) @ W2 + b2 > 0
    turns = np.linspace(0, np.pi, 181)
    assert 0.2 < side.mean() < 0.8
    best = max(max(np.mean(side == (plane @ [np.cos(a), np.sin(a)] > c)), np.mean(side != (plane @ [np.cos(a), np.sin(a)] > c)))
               for a in turns for c in np.linspace(-0.5, 0.5, 11))
    assert best > 0.97                                           # a straight line parts the plane as the network does
    return "It becomes a straight line", right


def two_weights(w, x, t, l2, rate, steps):
    """Descent of a sigmoid 1-1-1 without bias, squared error, mean over rows; w: (2,) or (2, n)."""
    for _ in range(steps):
        a = sigmoid(w[0] * x)
        o = sigmoid(w[1] * a)
        blame = 2 * (o - t) * o * (1 - o)
        w = w - rate * np.array([(blame * w[1] * a * (1 - a) * x).mean(axis=0), (blame * a).mean(axis=0)]) - rate * 2 * l2 * w
    return w


def oracle_far():
    x, t = np.array([4.0]), np.array([0.8])
    w = two_weights(np.array([-5.0, 1.0]), x, t, 0.0, 5.0, 500)
    assert abs(w[0] + 5) < 1e-4
    back = two_weights(np.array([-5.0, 1.0]), x, t, lab.PULL, lab.FAR_RATE, lab.FAR_STEPS)
    assert abs(back[0] * 4) < 4 and abs(sigmoid(back[1] * sigmoid(4 * back[0])) - 0.8) < 0.03     # the panel below it
    assert 1.5e-9 < sigmoid(-20) * (1 - sigmoid(-20)) < 2.5e-9
    return "It stays where it is", [500, w[0], sigmoid(w[1] * sigmoid(4 * w[0]))]


def oracle_help():
    data = CLOUDS["circles"](40, 0.1, 0)
    x, t = data.x.T, data.y[0]
    dead = [trained(x, t, start_of(seed, 12), 0.03, steps=300) for seed in range(6)]
    dead += [trained(x, t, start_of(0, 48), 0.03, steps=300), trained(x, t, start_of(0, 12), 0.03, steps=300, momentum=0.9)]
    assert all(np.ptp(entropy(x, t, weights)[1]) < 0.01 for weights in dead)
    assert all(np.abs(weights[0]).max() < 0.1 for weights in dead)

    def cost(weights):
        return entropy(x, t, weights)[0] + 0.03 * (np.sum(weights[0] ** 2) + np.sum(weights[2] ** 2))
    light, plain = start_of(0, 12), start_of(0, 12)
    for _ in range(300):
        light = [w - 0.5 * g for w, g in zip(light, slopes(x, t, light, 0.005, 1.0), strict=True)]
        plain = [w - 0.5 * g for w, g in zip(plain, slopes(x, t, plain, 0.03, 1.0), strict=True)]
    right = [100 * np.mean((entropy(x, t, light)[1] > 0.5) == (t > 0.5))]
    back = trained(x, t, light, 0.03)                            # even from there descent goes back to 0
    assert right[0] > 90 and cost(plain) < 0.7 < cost(light) and np.ptp(entropy(x, t, back)[1]) < 0.01
    return "It has found the lowest place", [48, 0.005, 0.03, right[0], cost(plain), cost(light), 0]


def oracle_dropout():
    (seen, unseen, *_), (seen_out, unseen_out, *_) = moons(), moons(0.0, 0.1)
    assert seen_out[-1] > seen[-1] and unseen_out[-1] < unseen[-1]
    return "The training loss is higher, the loss of the unseen rows lower", [seen[-1], seen_out[-1], unseen[-1], unseen_out[-1]]


def bottoms(l2):
    """The minima of seesaw: where descent from a grid of starts ends, each once."""
    x, t = DATA["seesaw"].x.T, DATA["seesaw"].y.T
    grid = np.stack(np.meshgrid(np.linspace(-6, 6, 13), np.linspace(-6, 6, 13))).reshape(2, -1)
    ends = two_weights(grid, x, t, l2, 5.0, 20_000)
    ends = ends[:, np.abs(ends).max(axis=0) < 20]
    places, which, counts = np.unique(ends.round(2), axis=1, return_inverse=True, return_counts=True)
    return [ends[:, which.ravel() == k].mean(axis=1) for k in np.flatnonzero(counts >= 3)]


def oracle_minima():
    before, after = bottoms(0.0), bottoms(0.01)
    assert len(before) == 2 and len(after) == 1, (before, after)
    lengths = [np.linalg.norm(place) for place in (*before, *after)]
    assert lengths[2] < min(lengths[:2])
    return "One minimum, nearer to 0", [*lengths, 0]


def oracle_slices():
    """XOR trained as in the panel, again with NumPy; the slices by walking around the point."""
    x, t = DATA["xor"].x.T, DATA["xor"].y[0]
    theta = np.random.default_rng(8).normal(size=9)

    def forward(theta):
        a = np.tanh(x @ theta[:4].reshape(2, 2) + theta[4:6])
        return a, sigmoid(a @ theta[6:8] + theta[8])
    m, v = np.zeros(9), np.zeros(9)
    for k in range(1, 2001):
        a, o = forward(theta)
        dz = 2 * (o - t) * o * (1 - o) / 4
        dh = np.outer(dz, theta[6:8]) * (1 - a * a)
        g = np.concatenate([(x.T @ dh).ravel(), dh.sum(axis=0), a.T @ dz, [dz.sum()]])
        m, v = 0.9 * m + 0.1 * g, 0.999 * v + 0.001 * g * g
        theta = theta - 0.05 * (m / (1 - 0.9 ** k)) / (np.sqrt(v / (1 - 0.999 ** k)) + 1e-8)
    around = {}
    for pair in ((0, 2), (6, 7)):
        losses = []
        for s in np.linspace(-1, 1, 41):
            for r in np.linspace(-1, 1, 41):
                moved = theta.copy()
                moved[list(pair)] += s, r
                losses.append(np.mean((forward(moved)[1] - t) ** 2))
        around[pair] = np.array(losses)
    here = np.mean((forward(theta)[1] - t) ** 2)
    assert np.abs(around[0, 2] - here).max() < 0.001 and around[6, 7].min() > 0.99 * here
    return "A valley with steep walls", [here, 0.001, around[6, 7].max() - here]


def oracle_clipping():
    w, v = np.array([3.0, 2.0]), np.array([3.0, 2.0])
    loss = lambda w: min(max(w[0] * w[1] - 1, -1), 1) ** 2          # noqa: E731
    for _ in range(400):
        h = 1e-6
        w = w - 0.02 * np.array([(loss(w + h * e) - loss(w - h * e)) / (2 * h) for e in np.eye(2)])
        g = 2 * (v[0] * v[1] - 1) * v[::-1]
        length = np.sqrt(g @ g)
        v = v - 0.02 * (g / length if length > 1 else g)
    assert w[0] == 3 and w[1] == 2 and abs(v[0] * v[1] - 1) < 0.005
    return "Only the clipped gradient", [400, 1.0, w[0] * w[1], 0]


ORACLES = {"L08-p1": oracle_unseen, "L08-p2": oracle_strong, "L08-p3": oracle_far, "L08-p4": oracle_help,
           "L08-p5": oracle_dropout, "L08-p6": oracle_minima, "L08-p7": oracle_slices, "L08-p8": oracle_clipping}

QUOTED = {
    "L08-p1": {"600": "lab.STEPS", "40": "lab.ROWS", "200": "lab.UNSEEN"},
    "L08-p2": {"0.05": "lab.STRONG", "12": "lab.UNITS"},
    "L08-p3": {"4": "lab.INPUT", "0.8": "lab.TARGET", "-5": "lab.FAR[0]", "-20": "lab.FAR[0] * lab.INPUT", "500": "lab.FAR_STEPS",
               "5": "lab.FAR_RATE", "0.5": "lab.far_off().predict(np.array(lab.FAR))[0, 0]"},
    "L08-p4": {"12": "lab.UNITS", "0.03": "lab.HEAVY", "0.005": "lab.LIGHT"},
    "L08-p5": {"600": "lab.STEPS"},
    "L08-p6": {"0.01": "lab.ON_SEESAW"},
    "L08-q2": {"94": "100 * lab.CLEARLY"},
}
GIVEN = {"L08-p1": "60 0", "L08-p4": "0.5", "L08-p5": "0.1", "L08-p8": "1 3 2 5", "L08-q6": "-20 -2 20 0.1",
         "L08-q7": "0.1", "L08-q8": "2.5"}
