"""Each verdict, at a start that is known to deserve it, with the numbers in its reason."""
import numpy as np
import pytest

import bpviz as bp

CASES = [
    ("seesaw", "sigmoid", (1, 2), 20, 500, "settled", ["minimum A, loss 0.0311, the lower of two", "eigenvalues 0.00116, 0.0164"]),
    ("seesaw", "sigmoid", (-3, 3), 20, 500, "settled", ["minimum B, loss 0.0542, the higher of two, after 104 steps"]),
    ("trident", "sigmoid", (-3, 3), 2, 3000, "settled", ["minimum C, loss 0.0696, the highest of three"]),
    ("trident", "sigmoid", (1, 2), 2, 3000, "settled", ["minimum A, loss 0.0218, the lowest of three", "0.00221, 0.53"]),
    ("trident", "sigmoid", (3.6, -0.2), 10, 3000, "settled",
     ["minimum B", "Rate 10 is above the stability limit 2/λmax = 3.77 of minimum A: gradient descent cannot settle there"]),
    ("seesaw", "sigmoid", (-1.9, -0.8), 50, 500, "bouncing", ["cycle of 4 steps", "2/λmax = 33.3 of minimum B"]),
    ("trident", "sigmoid", (2.02, -3.77), 0.5, 500, "stalled near a saddle", ["saddle S1", "one is below 0", "growth"]),
    ("linear saddle", "identity", (0, 0), 0.02, 500, "stalled near a saddle", ["saddle S1 after 0 steps, 0 away"]),
    ("linear saddle", "identity", (0.2, -0.5), 0.02, 2000, "settled on a valley floor", ["curve of equally good points"]),
    ("linear saddle", "identity", (5, 5), 1, 100, "ran away", ["times what the curvature at the start allows"]),
    ("seesaw", "softplus", (4.6, 4.6), 0.5, 500, "drifting along a plateau", ["beyond the window", "no minimum: the ground still slopes outwards"]),
    ("seesaw", "sigmoid", (-5.9, -1.6), 150, 500, "drifting along a plateau", ["grew by", "|gradient| 9e-05", "slopes inwards"]),
    ("trident", "relu", (5.4, -5.6), 0.5, 50, "drifting along a plateau", ["exactly 0", "flat ground"]),
    ("seesaw", "sigmoid", (1, 2), 0.1, 50, "still moving", ["Still moving after 50 steps"]),
    ("seesaw", "sigmoid", (3.2, -1.4), 5, 20, "still moving", ["away from minimum A", "more steps"]),
]


@pytest.mark.parametrize("data, activation, start, rate, steps, kind, words", CASES, ids=[f"{c[5]}, {c[0]} {c[2]}" for c in CASES])
def test_verdict(two_weights, data, activation, start, rate, steps, kind, words):
    fit, optimizer = two_weights(data, activation), bp.GradientDescent(rate)
    path = bp.descend(fit, np.array(start, float), optimizer, steps, until_settled=True)
    found = bp.verdict(fit, path, bp.critical_points(fit), optimizer)
    assert found.kind == kind, found.words
    for word in words:
        assert word.replace("growth", "grows by a factor") in found.words, found.words


@pytest.mark.parametrize("data", ["seesaw", "trident"])
def test_settled_means_at_a_minimum_and_nothing_else_does(two_weights, data):
    """Over many starts and rates: 'settled' if and only if the end is a true minimum that can hold the rate."""
    fit = two_weights(data)
    points = bp.critical_points(fit)
    rng = np.random.default_rng(0)
    for rate in (0.5, 5.0, 20.0, 60.0, 200.0):
        optimizer = bp.GradientDescent(rate)
        for start in rng.uniform(-6, 6, size=(20, 2)):
            path = bp.descend(fit, start, optimizer, 800, until_settled=True)
            found = bp.verdict(fit, path, points, optimizer)
            gap = [np.linalg.norm(path.end - points.theta[:, k]) for k in points.minima]
            if found.kind == "settled":
                assert min(gap) <= 0.01 and rate <= optimizer.stability_limit(points.eigenvalues[1, found.point])
                assert np.all(np.linalg.norm(path.theta[:, found.steps:] - points.theta[:, [found.point]], axis=0) <= 0.01)
            if found.kind == "drifting along a plateau":
                assert min(gap) >= 1 and path.gradient_norm[-1] < points.steepness / 5


def test_momentum_changes_the_limit_that_is_named(two_weights):
    fit, start = two_weights("seesaw"), np.array([-2.4, 0.5])
    optimizer = bp.GradientDescent(60.0, momentum=0.5)
    path = bp.descend(fit, start, optimizer, 500)
    words = bp.verdict(fit, path, bp.critical_points(fit), optimizer).words
    assert "2(1+m)/λmax = 49.9 of minimum B" in words
