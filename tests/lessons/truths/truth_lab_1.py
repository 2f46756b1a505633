"""Lab 1 once more by plain sums: the adding network in loops over rows and units, its slopes by nudging."""
import math

import numpy as np

from bpviz.coursework.lessons.lab_1 import experiments as lab

ROWS = (((0, 0), (0, 0)), ((0, 1), (1, 0)), ((1, 0), (1, 0)), ((1, 1), (0, 1)))
BEGIN = [0.3, 0.8, 0.3, -1.3, 0.9, 0.4, 0, 0, 0, 0.3, 0.1, 0.5, -0.7, -0.2, -0.5, 0, 0]


def answers(n, x):
    a = [math.tanh(x[0] * n[j] + x[1] * n[3 + j] + n[6 + j]) for j in range(3)]
    return a, [1 / (1 + math.exp(-sum(a[j] * n[9 + 2 * j + k] for j in range(3)) - n[15 + k])) for k in range(2)]


def loss(n):
    return sum((o - t) ** 2 for x, y in ROWS for o, t in zip(answers(n, x)[1], y, strict=True)) / len(ROWS)


def slopes(n, slope=lambda a: 1 - a * a, back=None):
    """All 17, row by row. back: the numbers through whose second layer the blame goes back; those of n itself else."""
    found, back = [0.0] * 17, back or n
    for x, y in ROWS:
        a, o = answers(n, x)
        d = [2 * (o[k] - y[k]) / 4 * o[k] * (1 - o[k]) for k in range(2)]
        for j in range(3):
            e = sum(d[k] * back[9 + 2 * j + k] for k in range(2)) * slope(a[j])
            for place, more in ((j, e * x[0]), (3 + j, e * x[1]), (6 + j, e),
                                *((9 + 2 * j + k, d[k] * a[j]) for k in range(2))):
                found[place] += more
        for k in range(2):
            found[15 + k] += d[k]
    return found


def nudged(n, h=1e-5):
    return [(loss([w + h * (k == p) for k, w in enumerate(n)]) - loss([w - h * (k == p) for k, w in enumerate(n)])) / (2 * h)
            for p in range(17)]


def trained(slope, steps, rate=1.0):
    n = list(BEGIN)
    for _ in range(steps):
        n = [w - rate * s for w, s in zip(n, slopes(n, slope), strict=True)]
    return loss(n)


def twice(a):
    return 1 - math.tanh(a) ** 2


def oracle_size():
    return 2 * 3, [6]


def oracle_wrong_place():
    right, wrong = trained(lambda a: 1 - a * a, 1000), trained(twice, 1000)
    signs = sum(one * other < 0 for one, other in zip(nudged(BEGIN)[:6], slopes(BEGIN, twice)[:6], strict=True))
    assert wrong < loss(BEGIN) / 100
    return "It falls nearly as far", [wrong, right, signs, 6]


def oracle_early():
    by_nudging = nudged(BEGIN)
    new = [w - s if 9 <= k < 15 else w for k, (w, s) in enumerate(zip(BEGIN, by_nudging, strict=True))]
    same = np.isclose(slopes(BEGIN, back=new), by_nudging, rtol=1e-4, atol=1e-9)
    assert same[9:].all() and not same[:6].all() and not same[6:9].all()
    return "Those of `W1` and `b1`", []


ORACLES = {"LAB1-p1": oracle_size, "LAB1-p2": oracle_wrong_place, "LAB1-p3": oracle_early}
assert lab.THETA.tolist() == BEGIN and np.allclose(slopes(BEGIN), nudged(BEGIN), atol=1e-8)
QUOTED = {"LAB1-p2": {"1000": "lab.STEPS", "1": "lab.RATE"},
          "LAB1-q5": {"17": "lab.FIT.n_params", "34": "2 * lab.FIT.n_params"}}
GIVEN = {"LAB1-p1": "2 3 5"}
