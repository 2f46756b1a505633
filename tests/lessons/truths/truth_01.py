"""Lesson 1 once more without the engine: its network in plain sums and a hand-written descent, for what its questions say."""
import math

from bpviz.coursework.lessons.lesson_01 import experiments as lab

NINE = (0.2, -0.4, 0.7, 0.1, 0.0, 0.0, 0.6, -0.9, 0.0)
SQUARED = lambda o, t: 2 * (o - t)                                # noqa: E731
PLUS = lambda o, t: 2 * (o + t)                                   # noqa: E731


def f(z):
    return 1 / (1 + math.exp(-z))


def forward(n, x1, x2):
    h1, h2 = f(n[0] * x1 + n[2] * x2 + n[4]), f(n[1] * x1 + n[3] * x2 + n[5])
    return h1, h2, f(n[6] * h1 + n[7] * h2 + n[8])


def trained(error_slope, steps, rate=0.5):
    n = list(NINE)
    for _ in range(steps):
        h1, h2, o = forward(n, 0.5, 0.1)
        d = error_slope(o, 0.6) * o * (1 - o)
        e1, e2 = d * n[6] * h1 * (1 - h1), d * n[7] * h2 * (1 - h2)
        slopes = (0.5 * e1, 0.5 * e2, 0.1 * e1, 0.1 * e2, e1, e2, d * h1, d * h2, d)
        n = [w - rate * s for w, s in zip(n, slopes, strict=True)]
    return n


def oracle_input():
    before, after = forward(NINE, 0.5, 0.1)[1], forward(NINE, 1.0, 0.1)[1]
    assert after < before
    return "Less than before", [after, before, 1]


def oracle_nudge():
    loss = lambda w1: (f(-1.2 * f(w1 * 1.5)) - 0.2) ** 2          # noqa: E731
    one, two = loss(0.81) - loss(0.8), loss(0.82) - loss(0.8)
    assert 1.8 < two / one < 2.2
    return "About twice as far", [1e4 * one, 1e4 * two]


def oracle_blame():
    """By nudging what each unit hears."""
    h = 1e-6

    def loss(d1=0.0, d2=0.0, d=0.0):
        h1, h2 = f(0.17 + d1), f(-0.19 + d2)
        return (f(0.6 * h1 - 0.9 * h2 + d) - 0.6) ** 2
    output, first, second = ((loss(**{key: h}) - loss(**{key: -h})) / (2 * h) for key in ("d", "d1", "d2"))
    assert output < 0 < second
    return "Positive", [output, first, second]


def oracle_storing():
    o = forward(trained(SQUARED, 40), 0.9, 0.1)[2]
    assert 0.005 < abs(o - 0.6) < 0.05
    return "A number near 0.6", [o, 0]


def oracle_counting():
    rows = ((-10, 0.6), (-3, 0.05), (-0.5, 0.3), (0.3, 0.05))
    count = lambda w1, w2: sum(abs(f(w2 * f(w1 * x)) - t) > 0.25 for x, t in rows)            # noqa: E731
    assert {count(1, 2), count(1.01, 2), count(0.99, 2), count(1, 2.01), count(1, 1.99)} == {3}
    return "It stays exactly where it is", [3, 3, 0]


def oracle_plus():
    o = forward(trained(PLUS, 300), 0.5, 0.1)[2]
    assert 0 < o < 0.05
    return "Near 0, and it would sink on", [o, -0.6, 0]


ORACLES = {"L01-p1": oracle_input, "L01-p2": oracle_nudge, "L01-p3": oracle_blame, "L01-p4": oracle_storing,
           "L01-p5": oracle_counting, "L01-p6": oracle_plus}
assert lab.STEPS == 40 and tuple(lab.ARTICLE) == NINE
QUOTED = {"L01-p2": {"0.01": "lab.NUDGE", "0.02": "2 * lab.NUDGE"}, "L01-p5": {"0.01": "lab.NUDGE", "0.25": "lab.MISSES"},
          "L01-p3": {"-0.9": "lab.ARTICLE[7]"}, "L01-p6": {"300": "lab.LONG"}}
GIVEN = {"L01-p1": "0.5 1 2", "L01-p3": "2", "L01-p4": "0.6 0.9 0.1", "L01-p6": "0.6 -0.6 2", "L01-q7": "0.2 0.00001"}
