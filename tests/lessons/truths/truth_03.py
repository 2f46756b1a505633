"""What lesson 3 says, found another way: the outcomes of its predictions, and the numbers that its questions quote."""
import numpy as np

from bpviz.coursework.lessons.lesson_03 import experiments as lab


def nine(theta, x, t):
    """Loss and gradient of a 2-2-1 network on one row, written out by hand."""
    w11, w12, w21, w22, b1, b2, v1, v2, c = theta
    f = lambda z: 1 / (1 + np.exp(-z))                           # noqa: E731
    h1, h2 = f(w11 * x[0] + w21 * x[1] + b1), f(w12 * x[0] + w22 * x[1] + b2)
    o = f(v1 * h1 + v2 * h2 + c)
    d = 2 * (o - t) * o * (1 - o)
    e1, e2 = d * v1 * h1 * (1 - h1), d * v2 * h2 * (1 - h2)
    return (o - t) ** 2, np.array([e1 * x[0], e2 * x[0], e1 * x[1], e2 * x[1], e1, e2, d * h1, d * h2, d]), (h1, h2, d)


ROW = (0.5, 0.1), 0.6


def oracle_weights():
    _, gradient, (h1, h2, _) = nine(lab.ARTICLE, *ROW)
    assert h1 > h2 and abs(gradient[6]) > abs(gradient[7])
    return "The one behind the larger answer", [abs(gradient[6]), abs(gradient[7])]


def oracle_paths():
    v = lab.TWO_OUTPUTS
    f = lambda z: 1 / (1 + np.exp(-z))                           # noqa: E731
    h = f(np.array([v[0] * 0.05 + v[2] * 0.1 + v[4], v[1] * 0.05 + v[3] * 0.1 + v[5]]))
    o = f(np.array([v[6] * h[0] + v[8] * h[1] + v[10], v[7] * h[0] + v[9] * h[1] + v[11]]))
    d = 2 * (o - [0.01, 0.99]) * o * (1 - o)
    return "They are added", [d[0] * v[6], d[1] * v[7], d[0] * v[6] + d[1] * v[7]]


def oracle_rows():
    rows = [((0, 0), 0), ((0, 1), 1), ((1, 0), 1), ((1, 1), 0)]
    parts = [nine(lab.XOR, x, t)[1][6] / 4 for x, t in rows]
    assert abs(sum(parts)) < 0.1 * max(map(abs, parts))
    return "It hardly moves", [*parts, sum(parts)]


def oracle_order():
    _, gradient, (h1, h2, d) = nine(lab.ARTICLE, *ROW)
    early = lab.ARTICLE[6:8] - 0.5 * gradient[6:8]
    wrong = np.array([d * early[0] * h1 * (1 - h1), d * early[1] * h2 * (1 - h2)])
    off = np.abs(wrong / gradient[4:6] - 1).max()
    assert off > 0.01
    return "They come out wrong", [100 * off, 0.5]


def descended(gradient, theta, steps, x, t):
    for _ in range(steps):
        theta = theta - 0.5 * gradient(theta, x, t)
    return theta


def without_slope(theta, x, t):
    _, gradient, (h1, h2, _) = nine(theta, x, t)
    factor = np.array([h1 * (1 - h1), h2 * (1 - h2)])
    return np.concatenate([gradient[:6] / np.tile(factor, 3), gradient[6:]])


def oracle_training():
    start, end = nine(lab.ARTICLE, *ROW)[0], nine(descended(without_slope, lab.ARTICLE, 300, *ROW), *ROW)[0]
    assert end < start / 100
    rows = [(np.array(x), t) for x, t in (((0, 0), 0), ((0, 1), 1), ((1, 0), 1), ((1, 1), 0))]
    theta, losses = lab.XOR, []
    for k in range(2001):
        losses.append(np.mean([nine(theta, *row)[0] for row in rows]) if k in (0, 2000) else 0.0)
        theta = theta - 0.5 * np.mean([without_slope(theta, *row) for row in rows], axis=0)
    assert losses[-1] > 0.9 * losses[0]
    return "It falls to almost 0", [losses[0], losses[-1], 2000]


def oracle_nudging():
    nudge = lambda theta, x, t: np.array([(nine(theta + h, x, t)[0] - nine(theta - h, x, t)[0]) / 2e-6   # noqa: E731
                                          for h in 1e-6 * np.eye(9)])
    ours = descended(lambda theta, x, t: nine(theta, x, t)[1], lab.ARTICLE, 100, *ROW)
    assert np.allclose(descended(nudge, lab.ARTICLE, 100, *ROW), ours, atol=1e-6)
    return "It takes the very same path", [18]


def oracle_zeros():
    theta = descended(lambda theta, x, t: nine(theta, x, t)[1], np.zeros(9), 100, *ROW)
    assert np.array_equal(theta[[0, 2, 4, 6]], theta[[1, 3, 5, 7]]) and theta.all()
    return "They are exact twins", []


def oracle_rates():
    start, gradient, _ = nine(lab.ARTICLE, *ROW)
    losses = [nine(lab.ARTICLE - rate * gradient, *ROW)[0] for rate in np.linspace(0, 12, 97)]
    best = np.linspace(0, 12, 97)[np.argmin(losses)]
    return np.array(losses), [round(best), 100, nine(lab.ARTICLE - 100 * gradient, *ROW)[0] / start]


def oracle_never_zeroed():
    steps, slopes, w = [1.0], [], 1.0
    for _ in range(14):
        slopes.append(2 * w)
        w = w - 0.1 * sum(slopes)
        steps.append(w)
    return np.interp(np.linspace(0, 14, 97), range(15), steps), []


def oracle_larger():
    """|w2[2,1]| times the slope of hidden unit 2, by nudging what the two units hear."""
    f = lambda z: 1 / (1 + np.exp(-z))                           # noqa: E731
    z1, z2 = 0.2 * 0.5 + 0.7 * 0.1, -0.4 * 0.5 + 0.1 * 0.1

    def beside(v1, v2):
        def rises(hidden, output):
            """How far the loss moves when unit 2, or the output unit, hears a little more and a little less."""
            up, down = ((f(v1 * f(z1) + v2 * f(z2 + k * hidden) + k * output) - 0.6) ** 2 for k in (1, -1))
            return up - down
        return abs(rises(1e-5, 0) / rises(0, 1e-5))
    before, now = beside(0.6, -0.9), beside(6, -9)
    assert before < 0.25 and now > 2
    return "More than", [before, now, -0.9, -9]


def oracle_silent():
    """By the signs alone: a unit is silent where no row gives it a number above 0; about 7 starts of 16."""
    theta = np.random.default_rng(0).normal(size=(9, 1000))
    silent = sum((theta[k] <= 0) & (theta[k + 2] <= 0) for k in (0, 1)) > 0
    assert abs(silent.mean() - 7 / 16) < 0.05
    return "In nearly half", [silent.sum(), 1000, 0]


ORACLES = {"L03-p1": lambda: (6.0, [6]), "L03-p2": oracle_weights, "L03-p3": oracle_paths, "L03-p4": oracle_rows,
           "L03-p5": oracle_order, "L03-p6": oracle_rates, "L03-p7": oracle_never_zeroed, "L03-p8": oracle_training,
           "L03-p9": oracle_nudging, "L03-p10": oracle_zeros,
           "L03-p11": oracle_larger, "L03-p12": oracle_silent}

QUOTED = {
    "L03-p2": {"0.6": "lab.ARTICLE[6]", "0.542": "lab.output_weights()[0][0]", "-0.9": "lab.ARTICLE[7]",
               "0.453": "lab.output_weights()[0][1]"},
    "L03-p6": {"12": "lab.RATES[1]", "0.0145": "lab.after_one_step(0)[0]"},
    "L03-p11": {"6": "10 * lab.ARTICLE[6]", "-9": "10 * lab.ARTICLE[7]"},
    "L03-q7": {"0.5": "lab.RATE"},
}
GIVEN = {"L03-p1": "2 1", "L03-p3": "1", "L03-p6": "0", "L03-p7": "1 0.1 14", "L03-p8": "300", "L03-p9": "", "L03-p10": "0 100",
         "L03-p11": "2", "L03-p12": "1 1000", "L03-q8": "1.2 3", "L03-q10": "0.31"}
