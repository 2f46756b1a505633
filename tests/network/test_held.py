"""Level ground among the free weights: the frozen ones stand, and what is found is level in the free ones."""
import pickle

import numpy as np
import pytest
from conftest import random_fit

import bpviz as bp
from bpviz.calculus.interval import Interval
from bpviz.descent.kernels import PlainKernel, kernel

FROZEN = ("b1[1]", "b1[2]", "w2[2,1]")
FREE = [0, 1, 2, 3, 6, 8]


def pair(l2=0.1, reduction="mean", activation="tanh"):
    fit, theta = random_fit(2, (2, 2, 1), activation, "squared error", rows=4, l2=l2)
    return bp.Fit(fit.network, fit.loss_name, fit.data, l2, FROZEN, reduction), theta


@pytest.mark.parametrize("l2", [0.0, 0.1])
@pytest.mark.parametrize("reduction", ["mean", "sum"])
def test_it_is_the_fit_itself_in_fewer_weights(l2, reduction):
    fit, theta = pair(l2, reduction)
    free, few = fit.free_at(theta), theta[FREE]
    assert free.names == tuple(fit.names[k] for k in FREE) and free.n_params == 6
    assert free.network.held == tuple((fit.names[k], theta[k]) for k in (4, 5, 7))
    assert free.loss(few) == fit.loss(theta) and np.array_equal(free.gradient(few), fit.gradient(theta)[FREE])
    cloud = few[:, None, None] * np.ones((2, 3))
    assert np.array_equal(free.network.whole(cloud)[:, 1, 2], theta)
    assert free.gradient(cloud)[:, 1, 2] == pytest.approx(free.gradient(few), abs=1e-14)
    bare = bp.Fit(fit.network, fit.loss_name, fit.data, l2, reduction=reduction)
    assert free.hessian(few) == pytest.approx(bare.hessian(theta)[np.ix_(FREE, FREE)], abs=1e-14)
    around = bp.backprop(free, Interval(few, few))
    assert (around.gradient.lo <= free.gradient(few)).all() and (free.gradient(few) <= around.gradient.hi).all()
    loss, slopes = free.single(*few.tolist())
    assert loss == pytest.approx(free.loss(few)) and slopes == pytest.approx(free.gradient(few), abs=1e-14)
    assert pickle.loads(pickle.dumps(free)).loss(few) == free.loss(few)


@pytest.mark.parametrize("optimizer", [bp.GradientDescent(0.2), bp.Adam(0.05)])
def test_it_goes_the_way_of_the_frozen_fit(optimizer):
    fit, theta = pair()
    free, wanted = fit.free_at(theta), bp.descend(fit, theta, optimizer, 30).theta[FREE, -1]
    near = pytest.approx(wanted, rel=1e-9, abs=1e-12)
    assert bp.descend(free, theta[FREE], optimizer, 30).theta[:, -1] == near
    unit = type(optimizer)(1.0)
    for engine in (kernel(free, unit), PlainKernel(free, unit)):
        now, state = theta[FREE][:, None] * np.ones(2), engine.start(2)
        engine.advance(now, state, np.full(30, optimizer.rate))
        assert now[:, 1] == near, engine.engine


@pytest.mark.parametrize("activation", ["tanh", "relu"])
def test_critical_points_in_the_free_weights(activation):
    fit, theta = pair(activation=activation)
    free = fit.free_at(theta)
    points = bp.critical_points(free, starts=200)
    assert len(points) and points.theta.shape[0] == points.eigenvalues.shape[0] == 6
    assert points.held == free.network.held and "searched in the free weights; frozen are b1[1] = " in points.words
    for point in points:
        whole = free.network.whole(point.theta)
        assert np.array_equal(whole[[4, 5, 7]], theta[[4, 5, 7]])
        assert np.abs(fit.gradient(whole)).max() < 1e-9                             # frozen ones have slope 0 by definition
        H = bp.Fit(fit.network, fit.loss_name, fit.data, fit.l2).hessian(whole)[np.ix_(FREE, FREE)]
        assert np.sort(np.linalg.eigvalsh(H)) == pytest.approx(np.sort(point.eigenvalues), rel=1e-6, abs=1e-9)
    if activation == "tanh":
        path = bp.descend(free, points.theta[:, 0] + 0.02, bp.GradientDescent(0.5), 3000)
        verdict = bp.verdict(free, path, points, bp.GradientDescent(0.5))
        assert verdict.point == 0 and np.allclose(path.theta[:, -1], points.theta[:, 0], atol=1e-6)


def test_two_free_weights_have_a_map_and_a_proof():
    """A network of four weights, two of them frozen: the list is proved complete, and the basins are those of it."""
    network = bp.Network((1, 2, 1), "sigmoid", bias=False)
    fit = bp.Fit(network, "squared error", bp.DATA["seesaw"], frozen=("w1[1,2]", "w2[2,1]"))
    free = fit.free_at(np.zeros(4))
    points = bp.critical_points(free, certify=True)
    assert points.complete and points.held == (("w1[1,2]", 0.0), ("w2[2,1]", 0.0)) and "frozen are w1[1,2] = 0" in points.words
    same = bp.critical_points(bp.Fit(bp.Network((1, 1, 1), "sigmoid", bias=False), "squared error", bp.DATA["seesaw"]))
    assert points.kind == same.kind and points.theta == pytest.approx(same.theta, abs=1e-9)     # a unit that says nothing
    found = bp.basins(free, cells=20, optimizer=bp.GradientDescent(1.0), steps=500)
    assert len(found.minima) == len(same.minima)
    plane = bp.Plane.of_weights(free, "w1[1,1]", "w2[1,1]")
    assert plane.loss(free).shape == plane.loss(free).shape and np.isfinite(plane.loss(free)).all()


def test_what_is_refused():
    fit, theta = pair()
    free, few = fit.free_at(theta), theta[FREE]
    with pytest.raises(ValueError, match=r"objective: got a Fit with frozen weights, .*; allowed is its free_at\(theta\)"):
        bp.critical_points(fit)
    with pytest.raises(ValueError, match=r"theta: got .*; allowed is \(9, \.\.\.\)"):
        fit.free_at(few)
    for call in (lambda: bp.prove(free.network, "squared error"), lambda: bp.compare_gradients(free, few),
                 lambda: bp.initial_weights(free.network), lambda: bp.gradients_by_layer(free, few),
                 lambda: bp.derive(free), lambda: bp.code(free, few)):
        with pytest.raises(ValueError, match=r"got a network of sizes \(2, 2, 1\) with 3 weights held; allowed is a network"):
            call()
