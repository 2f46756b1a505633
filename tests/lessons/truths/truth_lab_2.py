"""What lab 2 says of its patients, found another way: six small networks written out with plain NumPy, rows first."""
import numpy as np

from bpviz.coursework.lessons.lab_2 import clinic, core
from bpviz.coursework.lessons.lab_2 import experiments as lab  # noqa: F401  QUOTED names it

X, T = np.array([[0, 0], [0, 1], [1, 0], [1, 1]], float), np.array([[0.0], [1], [1], [0]])
SOFT = np.array([[0.1], [0.9], [0.9], [0.1]])
TRIDENT = np.array([[-10], [-3], [-0.5], [0.3]]), np.array([[0.6], [0.05], [0.3], [0.05]])


def sigmoid(z):
    return 1 / (1 + np.exp(-np.clip(z, -700, 700)))


UNIT = {"sigmoid": (sigmoid, lambda z, a: a * (1 - a)), "relu": (lambda z: np.maximum(z, 0), lambda z, a: 1.0 * (z > 0)),
        "tanh": (np.tanh, lambda z, a: 1 - a * a), "leaky relu": (lambda z: np.where(z > 0, z, 0.01 * z),
                                                                 lambda z, a: np.where(z > 0, 1, 0.01))}


def drawn(units, size, seed=0):
    """W1, b1, W2, b2 of a network 2-units-1. size: inputs and outputs of a layer -> the typical size of a weight."""
    rng, found = np.random.default_rng(seed), []
    for i, o in ((2, units), (units, 1)):
        found += [size(i, o) * rng.normal(size=(i, o)), np.zeros(o)]
        rng.normal(size=o)                                       # the biases are drawn too, and multiplied by 0
    return found


def alike(units):
    return [np.full((2, units), 0.5), np.zeros(units), np.full((units, 1), 1 / units), np.zeros(1)]


def forward(w, x, unit):
    z1 = x @ w[0] + w[1]
    a1 = UNIT[unit][0](z1)
    return z1, a1, sigmoid(a1 @ w[2] + w[3])


def loss(w, x, t, unit):
    return float(np.mean((forward(w, x, unit)[2] - t) ** 2))


def slopes(w, x, t, unit):
    z1, a1, o = forward(w, x, unit)
    dz2 = 2 * (o - t) * o * (1 - o) / len(x)
    dz1 = dz2 @ w[2].T * UNIT[unit][1](z1, a1)
    return [x.T @ dz1, dz1.sum(axis=0), a1.T @ dz2, dz2.sum(axis=0)]


def train(w, x, t, unit, rate, steps):
    """The weights after so many steps, and the loss at each of them."""
    losses = [loss(w, x, t, unit)]
    for _ in range(steps):
        w = [one - rate * slope for one, slope in zip(w, slopes(w, x, t, unit), strict=True)]
        losses.append(loss(w, x, t, unit))
    return w, np.array(losses)


def largest(parts):
    return max(np.abs(part).max() for part in parts)


def test_is_sound():
    """The slopes above against nudges."""
    w = drawn(3, lambda i, o: 1.0, seed=5)
    w[1] += 0.1                                                  # else a relu stands on its kink where the inputs are 0
    for unit in UNIT:
        for part, slope in zip(w, slopes(w, X, T, unit), strict=True):
            before, losses = part.flat[-1], []
            for nudge in (1e-6, -1e-6):
                part.flat[-1] = before + nudge
                losses.append(loss(w, X, T, unit))
            part.flat[-1] = before
            assert np.isclose(slope.flat[-1], (losses[0] - losses[1]) / 2e-6, rtol=1e-4, atol=1e-9)


# ---- the causes

def he(i, o):
    return np.sqrt(2 / i)


def one(i, o):
    return 1.0


def glorot(i, o):
    return np.sqrt(2 / (i + o))


def twins():
    """Patient 1: the units stay alike, and a start that makes them differ is all that it needs. Not in a minimum."""
    w, losses = train(alike(4), X, T, "sigmoid", 5.0, 3000)
    assert np.ptp(w[0], axis=1).max() < 1e-9 and losses[-1] > 0.16 and np.isclose(losses[-1], clinic.ended(1))
    assert train(drawn(4, one), X, T, "sigmoid", 5.0, 3000)[1][-1] < 0.02
    return largest(slopes(w, X, T, "sigmoid")) < 1e-6               # there is a slope left


def dead():
    """Patient 2: alive at the start, then no relu hears more than 0 on any row. All ways there are level."""
    w = drawn(6, he)
    assert (forward(w, X, "relu")[0] > 0).any(axis=0).sum() >= 4
    w, losses = train(w, X, T, "relu", 8.0, 1000)
    assert not (forward(w, X, "relu")[0] > 0).any() and np.isclose(losses[-1], clinic.ended(2))
    assert train(drawn(6, he), X, T, "relu", 1.0, 1000)[1][-1] < 0.02 > train(drawn(6, he), X, T, "leaky relu", 8.0, 1000)[1][-1]
    moved = [part.copy() for part in w]
    moved[0][0, 0] -= 0.01
    return loss(moved, X, T, "relu") > losses[-1]


def two(w1, w2):
    """The loss of the two-weight network on trident, for arrays of weights."""
    x, t = (part.reshape(-1, *[1] * np.ndim(w1)) for part in TRIDENT)
    return np.mean((sigmoid(w2 * sigmoid(w1 * x)) - t) ** 2, axis=0)


def walk(w1, w2, rate=2.0, steps=2000):
    x, t = (part.reshape(-1, *[1] * np.ndim(w1)) for part in TRIDENT)
    for _ in range(steps):
        a = sigmoid(w1 * x)
        o = sigmoid(w2 * a)
        dz2 = 2 * (o - t) * o * (1 - o)
        w1, w2 = w1 - rate * np.mean(dz2 * w2 * a * (1 - a) * x, axis=0), w2 - rate * np.mean(dz2 * a, axis=0)
    return w1, w2


def trapped():
    """Patient 3: at its end the loss rises on a small circle all around. A quarter of all starts do better."""
    w1, w2 = walk(-2.0, -2.0)
    assert np.isclose(two(w1, w2), clinic.ended(3)) and two(*walk(1.0, 2.0)) <= 0.0281
    ends = two(*walk(*np.random.default_rng(0).uniform(-6, 6, (2, 400))))
    assert 0.2 < np.mean(ends <= 0.0281) < 0.3
    angle = np.linspace(0, 2 * np.pi, 100)
    return bool((two(w1 + 0.01 * np.cos(angle), w2 + 0.01 * np.sin(angle)) > two(w1, w2)).all())


def bounced():
    """Patient 4: the loss goes up and down to the end, far from level; at smaller rates it comes to 0."""
    start = drawn(2, glorot, seed=1)
    w, losses = train(start, X, SOFT, "tanh", 30.0, 500)
    assert (np.diff(losses[-150:]) > 0).sum() > 40 and np.ptp(losses[-150:]) > 0.05
    assert train(start, X, SOFT, "tanh", 4.0, 500)[1][-1] < 0.01 > train(start, X, SOFT, "tanh", 15.0, 500)[1][-1]
    return largest(slopes(w, X, SOFT, "tanh")) < 1e-6


def vanished():
    """Patient 5: layer 1 gets a millionth at the start. Where it ends, its first weight makes no difference at all."""
    from truths import truth_09 as tall

    x, t = tall.data()
    layers = tall.weights(tall.tower(12, 8), tall.glorot)
    sizes = [np.sqrt((dW ** 2).sum()) for _, dW, _ in tall.backward(layers, x, t, "sigmoid")]
    assert sizes[0] < 1e-6 * sizes[-1]
    assert tall.loss(tall.trained(layers, x, t, "sigmoid", 0.5, 300, skip=True), x, t, "sigmoid", skip=True) < 0.5
    layers = tall.trained(layers, x, t, "sigmoid", 0.5, 300)
    before = tall.loss(layers, x, t, "sigmoid")
    assert np.isclose(before, clinic.ended(5)) and round(before, 2) == 0.69
    layers[0][0][0, 0] += 0.1
    return tall.loss(layers, x, t, "sigmoid") > before + 1e-8


def flat():
    """Patient 6: the output is flat at the start; with weights of size 1 it learns. Its end is level."""
    w, losses = train(drawn(4, lambda i, o: 30.0), X, T, "sigmoid", 2.0, 1000)
    o = forward(drawn(4, lambda i, o: 30.0), X, "sigmoid")[2]
    assert (o * (1 - o)).max() < 1e-3 and losses[-1] > 0.49
    assert train(drawn(4, one), X, T, "sigmoid", 2.0, 1000)[1][-1] < 0.02
    assert train(drawn(4, lambda i, o: 30.0), X, T, "tanh", 2.0, 1000)[1][-1] > 0.02
    w[1][0] += 0.01
    return loss(w, X, T, "sigmoid") > losses[-1] + 1e-9


def test_two_cures_count_and_the_patient_as_it_came_does_not():
    """Different treatments pass; only the right cause does, and no patient passes untreated."""
    for exercise, cures in zip(core.CORE, (({"start": "He", "rate": 1.0}, {"bias": 0.5}),
                                           ({"rate": 0.5}, {"unit": "leaky relu"}, {"optimizer": "Adam", "rate": 0.05}),
                                           ({"w1": 0.0}, {"w1": -2.0, "w2": 0.0, "optimizer": "Adam", "rate": 0.5}),
                                           ({"rate": 8.0}, {"optimizer": "Adam", "rate": 0.1}),
                                           ({"unit": "tanh"}, {"layers": "skip"}, {"unit": "relu", "start": "He"}),
                                           ({"scale": 3.0}, {"scale": 1.0, "unit": "tanh"})), strict=False):
        cause = exercise.asks.kind.solves({})["cause"]
        judged = [exercise.judge({"cause": cause, **cure}, None).status for cure in (*cures, {})]
        assert judged == ["right"] * len(cures) + ["wrong"], (exercise.id, judged)
        assert exercise.judge({"cause": "small", **cures[0]}, None).key == "cause: small"


def fault():
    """Patient 7 without the slope of unit 1: its loss falls, and where it ends there is a true slope left."""
    (x, t), w1, w2, rate = TRIDENT, 1.0, 2.0, 2.0
    began = two(w1, w2)
    for _ in range(500):
        a = sigmoid(w1 * x)
        o = sigmoid(w2 * a)
        dz2 = 2 * (o - t) * o * (1 - o)
        w1, w2 = w1 - rate * np.mean(dz2 * w2 * x), w2 - rate * np.mean(dz2 * a)
    nudged = (two(w1 + 1e-6, w2) - two(w1 - 1e-6, w2)) / 2e-6
    assert two(w1, w2) < began / 4 and abs(nudged) > 0.01 and two(*walk(1.0, 2.0, steps=500)) < two(w1, w2) / 1.5


# ---- the predictions

def oracle_minima():
    test_is_sound()
    fault()
    test_two_cures_count_and_the_patient_as_it_came_does_not()
    found = [twins(), dead(), trapped(), bounced(), vanished(), flat()]
    assert found == [False, False, True, False, False, False]
    return "In just one", [sum(found), len(found)]


def oracle_more():
    few, many = (train(alike(units), X, T, "sigmoid", 5.0, 3000)[1][-1] for units in (4, 30))
    assert many > few
    return "It ends no lower", [4, few, 30, many]


def oracle_slowly():
    w, _ = train(drawn(6, he), X, T, "relu", 8.0, 1000)
    later, losses = train(w, X, T, "relu", 0.08, 1000)
    moved = max(np.abs(a - b).max() for a, b in zip(w[:2], later[:2], strict=True))
    assert moved == 0
    return "The hidden units' weights and biases do not", [moved, losses[-1]]


ORACLES = {"LAB2-p1": oracle_minima, "LAB2-p2": oracle_more, "LAB2-p3": oracle_slowly}

QUOTED = {"LAB2-p2": {"30": "lab.WIDE"}, "LAB2-p3": {"0.08": "lab.SMALLER", "1000": "lab.LATER"},
          "LAB2-q3": {"0.0281": "lab.patients[3].goal"}, "LAB2-q5": {"0.69": "lab.ended(5)"},
          "LAB2-q6": {"30": "lab.patients[6].knobs['scale']"}}
GIVEN = {"LAB2-p1": "6", "LAB2-p2": "1 4", "LAB2-p3": "2", "LAB2-q1": "0.02 0.3", "LAB2-q2": "0.02 0.3", "LAB2-q3": "0.3",
         "LAB2-q4": "0.01 0.3 0.1 0.9", "LAB2-q5": "0.5 0.3", "LAB2-q6": "0.02 0.3", "LAB2-q7": "4"}
