"""What lesson 9 says, found another way: towers written out with plain NumPy, rows first, and slopes from nudges."""
import numpy as np

from bpviz.coursework.lessons.lesson_09 import experiments as lab  # noqa: F401  QUOTED names it


def sigmoid(z):
    return 1 / (1 + np.exp(-np.clip(z, -700, 700)))


UNIT = {"sigmoid": (sigmoid, lambda a: a * (1 - a)), "relu": (lambda z: z * (z > 0), lambda a: 1.0 * (a > 0))}


def data(seed=0):
    """The hidden XOR: x (256, 16) of mean square 1 in each row, t (256, 1)."""
    x = np.random.default_rng(seed).normal(size=(16, 256)).T
    x = x / np.sqrt(np.mean(x * x, axis=1, keepdims=True))
    return x, (np.sign(x[:, :1]) == np.sign(x[:, 1:2])) * 1.0


def weights(sizes, size, seed=0, gain=1.0):
    """A layer's (W, b), drawn in order. size: (n_in, n_out) -> the typical size of a weight."""
    rng = np.random.default_rng(seed)
    drawn = []
    for i, o in zip(sizes, sizes[1:], strict=False):
        drawn.append((gain * size(i, o) * rng.normal(size=(i, o)), np.zeros(o)))
        rng.normal(size=o)                                       # the biases are drawn too, and multiplied by 0
    return drawn


def glorot(i, o):
    return np.sqrt(2 / (i + o))


def he(i, o):
    return np.sqrt(2 / i)


def tower(depth, width, inputs=16):
    return (inputs, *[width] * (depth - 1), 1)


def forward(layers, x, unit, skip=False, norm=False):
    """The z of each layer, what comes out of layer norm, the answers from x on, and by what layer norm divided."""
    f, zs, hs, answers, spreads = UNIT[unit][0], [], [], [x], []
    for k, (W, b) in enumerate(layers):
        last = k == len(layers) - 1
        z = answers[-1] @ W + b
        if skip and 0 < k and not last:
            z = z + zs[-1]
        spread = np.sqrt(((z - z.mean(axis=1, keepdims=True)) ** 2).mean(axis=1, keepdims=True) + 0.0)
        h = (z - z.mean(axis=1, keepdims=True)) / spread if norm and not last else z
        zs.append(z)
        hs.append(h)
        spreads.append(spread)
        answers.append(sigmoid(h) if last else f(h))
    return zs, hs, answers, spreads


def loss(layers, x, t, unit, **how):
    o = forward(layers, x, unit, **how)[2][-1]
    return float(-np.mean(t * np.log(o) + (1 - t) * np.log(1 - o)))


def backward(layers, x, t, unit, skip=False, norm=False, most=np.inf):
    """[(dz, dW, db)] of each layer. most: to which size the errors o - t are clipped."""
    _, hs, answers, spreads = forward(layers, x, unit, skip, norm)
    dz, found, last = np.clip(answers[-1] - t, -most, most) / len(x), [], len(layers) - 1
    for k in range(last, -1, -1):
        found.insert(0, (dz, answers[k].T @ dz, dz.sum(axis=0)))
        if k:
            dh = dz @ layers[k][0].T * UNIT[unit][1](answers[k])
            if norm:
                h = hs[k - 1]
                dh = (dh - dh.mean(axis=1, keepdims=True) - h * (dh * h).mean(axis=1, keepdims=True)) / spreads[k - 1]
            dz = dh + (dz if skip and k < last else 0)
    return found


def trained(layers, x, t, unit, rate, steps, **how):
    for _ in range(steps):
        layers = [(W - rate * dW, b - rate * db)
                  for (W, b), (_, dW, db) in zip(layers, backward(layers, x, t, unit, **how), strict=True)]
    return layers


def test_is_sound():
    """The backward pass above against nudges of one weight in the middle, with both cures on."""
    x, t = data()
    layers = weights(tower(5, 6), glorot, seed=3)
    for how in ({}, {"skip": True}, {"norm": True}, {"skip": True, "norm": True}):
        slope, losses = backward(layers, x, t, "sigmoid", **how)[1][1][2, 3], []
        for nudge in (1e-5, -1e-5):
            W = layers[1][0].copy()
            W[2, 3] += nudge
            losses.append(loss([layers[0], (W, layers[1][1]), *layers[2:]], x, t, "sigmoid", **how))
        assert np.isclose(slope, (losses[0] - losses[1]) / 2e-5, rtol=1e-4), how


def shares(gain):
    """|dL/dW| of layer 1 over that of layer 12, the mean factor of a layer, the share of flat answers."""
    (x, t), layers = data(), weights(tower(12, 64), glorot, gain=gain)
    found = backward(layers, x, t, "sigmoid")
    size = [np.sqrt((dW ** 2).sum()) for _, dW, _ in found]
    factor = (np.sqrt((found[0][0] ** 2).sum() / (found[-1][0] ** 2).sum())) ** (1 / 11)
    answers = forward(layers, x, "sigmoid")[2][1:-1]
    return size[0] / size[-1], factor, np.mean([a * (1 - a) < 0.05 * 0.25 for a in answers])


def oracle_twelve():
    test_is_sound()
    share, factor, _ = shares(1)
    assert share < 1e-6
    return "Less than a millionth", [1e-6 / share, factor]


def oracle_weights():
    (share, factor, flat), (before, _, _) = shares(6), shares(1)
    assert share > 1000 * before
    return "More than a thousand times", [share / before / 1000, factor, 100 * flat]


def oracle_dead():
    (x, _), dead = data(), 0
    for seed in range(100):
        zs = forward(weights(tower(30, 4), he, seed), x, "relu")[0]
        alive = np.ones((256, 4))                                # which units of layer 29, 28, ... still get something
        layers = weights(tower(30, 4), he, seed)
        for k in range(28, -1, -1):
            through = (alive * (zs[k] > 0)) if k == 28 else ((alive @ np.abs(layers[k + 1][0].T) > 0) * (zs[k] > 0))
            alive = through
        dead += not alive.any()
    assert dead > 50
    return "In more than half", [dead, 100, 4]


def oracle_cures():
    (x, t), layers = data(), weights(tower(12, 16), glorot)
    ends = [loss(trained(layers, x, t, "sigmoid", 0.5, 200, **how), x, t, "sigmoid", **how)
            for how in ({"skip": True}, {"norm": True})]
    guesses = np.linspace(0.4, 0.6, 20_001)
    guess = min(-t.mean() * np.log(guesses) - (1 - t.mean()) * np.log(1 - guesses))
    assert ends[0] < 0.9 * guess and ends[1] > 0.98 * guess
    return "The one with skips", [200, *ends, guess, 1]


def oracle_clipping():
    (x, t), layers = data(), weights(tower(20, 64), he, gain=1.3)
    long, clipped = (np.sqrt(sum((dW ** 2).sum() + (db ** 2).sum() for _, dW, db in backward(layers, x, t, "relu", most=most)))
                     for most in (np.inf, 1))
    assert np.isclose(long, clipped) and long > 100
    return "As long as before", [clipped]


def oracle_pushed():
    (x, t), layers = data(), weights(tower(8, 16), he)
    layers[3] = layers[3][0], np.full(16, -20.0)
    later = trained(layers, x, t, "relu", 0.1, 300)
    for k in range(4):
        assert all(np.array_equal(*pair) for pair in zip(layers[k], later[k], strict=True))
    return "Nothing moves", [300, loss(later, x, t, "relu")]


def oracle_slices():
    x, t = np.array([[0, 0], [0, 1], [1, 0], [1, 1]], float), np.array([[0.0], [1], [1], [0]])
    spans = []
    for layer, places in ((0, ((0, 0), (1, 0))), (11, ((0, 0), (1, 0)))):
        losses = []
        for across in np.linspace(-3, 3, 25):
            for up in np.linspace(-3, 3, 25):
                layers = weights(tower(12, 4, 2), glorot)
                for place, change in zip(places, (across, up), strict=True):
                    layers[layer][0][place] += change
                losses.append(loss(layers, x, t, "sigmoid"))
        spans.append(max(losses) - min(losses))
    assert spans[1] > 1e6 * spans[0]
    return "More than a million times", [12, spans[1], 1, spans[1] / spans[0] / 1e6]


ORACLES = {"L09-p1": oracle_twelve, "L09-p2": oracle_weights, "L09-p3": oracle_dead, "L09-p4": oracle_cures,
           "L09-p5": oracle_clipping, "L09-p6": oracle_pushed, "L09-p7": oracle_slices}

QUOTED = {
    "L09-p2": {"6": "lab.LARGER"}, "L09-p4": {"200": "lab.STEPS"}, "L09-p5": {"945": "lab.exploding()"},
    "L09-p3": {"30": "lab.RELU['depth']", "4": "lab.RELU['width']", "100": "lab.DRAWS"},
    "L09-p6": {"4": "lab.PUSHED", "-20": "lab.PUSHED_TO", "300": "lab.LATER"},
}
GIVEN = {"L09-p1": "1 12", "L09-p2": "1 12", "L09-p3": "1 5", "L09-p4": "16", "L09-p5": "20 1", "L09-p6": "8", "L09-p7": "1 12 10",
         "L09-q2": "20 64 0.9 1.1", "L09-q6": "20"}
