"""Critical points against an independent search, and against what is known."""
import numpy as np
import pytest
from scipy.optimize import root

import bpviz as bp
from bpviz.landscape.critical import CriticalPoints
from bpviz.landscape.planes import Plane, window

ISOLATED = [("seesaw", "sigmoid"), ("trident", "sigmoid"), ("seesaw", "tanh"), ("trident", "tanh"),
            ("seesaw", "softplus"), ("trident", "softplus"), ("seesaw", "swish"), ("seesaw", "softsign")]


def by_sign_changes(fit, low=-6, high=6, cells=121):
    """Every cell of a fine grid in which both gradient entries change sign, polished by scipy's hybrid method."""
    axis = np.linspace(low, high, cells) + 1e-7
    g = fit.gradient(np.stack(np.meshgrid(axis, axis)))
    corners = np.stack([g[:, :-1, :-1], g[:, 1:, :-1], g[:, :-1, 1:], g[:, 1:, 1:]])
    both = ((corners.min(axis=0) < 0) & (corners.max(axis=0) > 0)).all(axis=0)
    found = []
    for i, j in np.argwhere(both):
        answer = root(lambda w: fit.gradient(np.nan_to_num(w, nan=1e3)), [axis[j], axis[i]], jac=lambda w: fit.hessian(np.nan_to_num(w, nan=1e3)), tol=1e-14)
        inside = (answer.x >= low).all() and (answer.x <= high).all()
        if np.linalg.norm(fit.gradient(answer.x)) < 1e-11 and inside:
            if all(np.linalg.norm(answer.x - other) > 1e-5 for other in found):
                found.append(answer.x)
    return [w for w in found if np.abs(np.linalg.eigvalsh(fit.hessian(w))).min() > 1e-5]


@pytest.mark.parametrize("data, activation", ISOLATED)
def test_finds_all_that_an_independent_search_finds(two_weights, data, activation):
    fit = two_weights(data, activation)
    points = bp.critical_points(fit)
    for w in by_sign_changes(fit):
        assert points.nearest(w)[1] < 1e-6, f"missed {w}"
    assert (points.gradient_norm < 1e-12).all()
    for theta, kind, eigenvalues in zip(points.theta.T, points.kind, points.eigenvalues.T, strict=True):
        assert np.allclose(np.linalg.eigvalsh(fit.hessian(theta)), eigenvalues, atol=1e-12)
        signs = tuple(np.sign(eigenvalues).astype(int))
        assert {(1, 1): "minimum", (-1, 1): "saddle", (-1, -1): "maximum"}[signs] == kind


def test_the_known_sets(two_weights):
    seesaw, trident = (bp.critical_points(two_weights(name)) for name in ("seesaw", "trident"))
    assert np.allclose(seesaw.loss, [0.0311, 0.0542, 0.0633], atol=5e-5)
    assert seesaw.kind == ("minimum", "minimum", "saddle") and seesaw.label == ("A", "B", "S1")
    assert np.allclose(trident.loss[:3], [0.0218, 0.0531, 0.0696], atol=5e-5)
    assert trident.label == ("A", "B", "C", "S1", "S2")
    limits = [bp.GradientDescent(1).stability_limit(e) for e in (*seesaw.eigenvalues[1, :2], trident.eigenvalues[1, 0])]
    assert np.allclose(limits, [122, 33, 3.77], rtol=0.01)


def test_mirror_copies_of_tanh(two_weights):
    points = bp.critical_points(two_weights("trident", "tanh"))
    for theta in points.theta.T:
        assert points.nearest(-theta)[1] < 1e-9


def test_a_valley_is_told_apart_from_minima(two_weights):
    points = bp.critical_points(two_weights("linear saddle", "identity"))
    assert points.kind == ("saddle",) and np.allclose(points.theta, 0, atol=1e-9)
    assert points.valley.shape[1] > 50 and np.allclose(points.valley[0] * points.valley[1], 1, atol=1e-6)


def test_a_smaller_window_finds_the_same_points_inside(two_weights):
    whole, part = (bp.critical_points(two_weights("trident"), low, high) for low, high in ((-6, 6), ((-2, -6), (1, 0))))
    inside = [k for k, (w1, w2) in enumerate(whole.theta.T) if -2 <= w1 <= 1 and -6 <= w2 <= 0]
    assert len(part) == len(inside) and np.allclose(np.sort(part.loss), np.sort(whole.loss[inside]))


def test_in_parts_it_finds_the_same(two_weights, monkeypatch):
    monkeypatch.setattr("bpviz.landscape.newton.PIECE_S", 0.0)
    *parts, last = bp.critical_points.parts(two_weights("seesaw"))
    shares, points = [part.share for part in parts], last.result
    assert len(shares) > 3 and shares == sorted(shares) and 0 <= shares[0] and last.share == 1
    assert np.allclose(points.theta, bp.critical_points(two_weights("seesaw")).theta)


def test_works_on_any_objective_with_loss_and_gradient():
    class Himmelblau:
        """(x^2 + y - 11)^2 + (x + y^2 - 7)^2: four minima, four saddles, one maximum."""
        n_params = 2

        def loss(self, theta):
            x, y = theta
            return (x ** 2 + y - 11) ** 2 + (x + y ** 2 - 7) ** 2

        def gradient(self, theta):
            x, y = theta[0], theta[1]
            u, v = x ** 2 + y - 11, x + y ** 2 - 7
            return np.stack([4 * x * u + 2 * v, 2 * u + 4 * y * v])

    points = bp.critical_points(Himmelblau())
    assert [len(points.of_kind(kind)) for kind in ("minimum", "saddle", "maximum")] == [4, 4, 1]
    assert points.nearest(np.array([3.0, 2.0]))[1] < 1e-9 and np.allclose(points.loss[points.minima], 0, atol=1e-20)


REFUSED = [
    (lambda f: bp.critical_points(f, 6, -6), "low: got [6.0, 6.0] with high [-6.0, -6.0]"),
    (lambda f: bp.critical_points(f, "a", 6), "low: got 'a'"),
    (lambda f: bp.critical_points(f, np.nan, 6), "low: got nan"),
    (lambda f: bp.critical_points(f, (1, 2, 3), 6), "low: got 3 numbers; allowed are 1 or 2 numbers"),
    (lambda f: bp.critical_points(f, starts=1), "starts: got 1; allowed is a whole number from 4"),
    (lambda f: bp.critical_points(bp.Fit(bp.Network((2, 2, 1)), "squared error", bp.DATA["xor"]), low=[-1, -2]),
     "low: got 2 numbers; allowed are 1 or 9 numbers"),
    (lambda f: Plane(np.zeros(2), [1, 0], [2, 0]), "second: got a direction parallel to first"),
    (lambda f: Plane(np.zeros(2), [1, 0], [0, 0]), "second: got a direction parallel to first, or of length 0"),
    (lambda f: Plane(np.zeros(2), [1, 0, 0], [0, 1, 0]), "first: got shape (3,)"),
    (lambda f: Plane(np.zeros(1), [1], [1]), "origin: got shape (1,)"),
    (lambda f: window(-1, 1, 0), "cells: got 0"),
    (lambda f: Plane.of_weights(f, 0, 0), "second: got 0, the same weight as first"),
    (lambda f: Plane.of_weights(f, "w1[1,1]", "w9"), "weight: got 'w9'"),
    (lambda f: CriticalPoints(np.zeros((2, 2)), np.zeros(1), np.zeros(1), np.zeros((2, 1)), ("minimum",), ("A",),
                              np.zeros((2, 0)), -np.ones(2), np.ones(2), 1), "CriticalPoints: got parts of lengths"),
]


@pytest.mark.parametrize("action, sentence", REFUSED, ids=[s for _, s in REFUSED])
def test_refusals(two_weights, action, sentence):
    with pytest.raises(ValueError) as error:
        action(two_weights("seesaw"))
    assert sentence in str(error.value)


def test_a_plane_through_a_larger_network():
    fit = bp.Fit(bp.Network((2, 2, 1)), "squared error", bp.DATA["xor"])
    origin = np.arange(9.0)
    plane = Plane.of_weights(fit, "w1[1,2]", "b2[1]", origin, low=-1, high=2, cells=5)
    loss = plane.loss(fit)
    theta = origin.copy()
    theta[1], theta[8] = plane.axes[0][3], plane.axes[1][1]
    assert loss.shape == (5, 5) and np.isclose(loss[1, 3], fit.loss(theta))
