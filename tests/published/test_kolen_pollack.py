"""Kolen and Pollack 1990, NIPS 3, "Back propagation is sensitive to initial conditions": exclusive or, online.

Two inputs, two hidden units, one output, all sigmoids; weights uniform in [-r, r]; one pattern a presentation. Their
figure 1: few starts fail from small weights, more and more as r grows. Only that trend is asked for here.
"""
import numpy as np

import bpviz as bp

XOR = bp.Data([[0, 0, 1, 1], [0, 1, 0, 1]], [[0, 1, 1, 0]])
FIT = bp.Fit(bp.Network((2, 2, 1), "sigmoid"), "squared error", XOR)


def unlearned(r, momentum, presentations, n=40):
    runs = bp.restarts(FIT, bp.GradientDescent(1.0, momentum), n, presentations, low=-r, high=r, seed=1,
                       noise=bp.MiniBatch(1, order="cyclic"), stop=bp.Stop(accuracy=1.0, within=0.4))
    assert (runs.steps[runs.ended == "accuracy reached"] < presentations).any()
    return float(np.mean(runs.ended != "accuracy reached"))


def test_large_initial_weights_more_often_fail_to_learn():
    shares = {r: unlearned(r, 0.9, 3000) for r in (0.5, 8.0)}
    assert shares[0.5] + 0.2 < shares[8.0], shares


def test_rows_come_in_the_order_that_was_asked_for():
    cyclic, given = bp.MiniBatch(1, order="cyclic"), bp.MiniBatch(2, order=(3, 0, 0))
    assert [int(cyclic.drawn(4, k, ())[0]) for k in range(6)] == [0, 1, 2, 3, 0, 1]
    assert [given.drawn(4, k, ()).tolist() for k in range(3)] == [[3, 0], [0, 3], [0, 0]]
    theta, net = np.random.default_rng(0).normal(size=9), bp.GradientDescent(0.5)
    path = bp.descend(FIT, theta, net, 6, noise=cyclic)
    for k in range(6):
        theta = theta - 0.5 * FIT.gradient(theta, rows=[k % 4])
        assert np.allclose(path.theta[:, k + 1], theta)
