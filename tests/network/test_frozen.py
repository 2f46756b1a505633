"""Frozen weights stay where they start, on every way a network is trained; the others move as if they were not there."""
import contextlib
import io
import pickle
from dataclasses import replace

import numpy as np
import pytest
from conftest import random_fit
from test_code import numbers

import bpviz as bp
from bpviz.descent.kernels import PlainKernel, kernel
from bpviz.symbolic.walk import TrainingStep

FROZEN = ("b1[1]", "b1[2]", "w2[2,1]")
WAYS = {"gradient": bp.GradientDescent(0.3), "momentum": bp.GradientDescent(0.1, momentum=0.9), "adam": bp.Adam(0.05),
        "decay": bp.GradientDescent(0.1, weight_decay=0.1), "adamw": bp.AdamW(0.05, weight_decay=0.1)}


def fits(l2=0.0, rows=3, sizes=(2, 2, 1)):
    fit, theta = random_fit(2, sizes, "tanh", "squared error", rows=rows, l2=l2)
    return fit, bp.Fit(fit.network, fit.loss_name, fit.data, l2, FROZEN), theta


HELD = [4, 5, 7]


@pytest.mark.parametrize("l2", [0.0, 0.1])
def test_the_loss_is_the_same_and_the_slope_0(l2):
    fit, frozen, theta = fits(l2)
    wanted = fit.gradient(theta)
    wanted[HELD] = 0
    assert np.array_equal(frozen.gradient(theta), wanted) and frozen.loss(theta) == fit.loss(theta)
    loss, slopes = frozen.single(*theta.tolist())
    assert slopes == pytest.approx(wanted, abs=1e-15) and loss == pytest.approx(fit.loss(theta))
    hessian = fit.hessian(theta)
    hessian[HELD] = 0
    assert frozen.hessian(theta) == pytest.approx(hessian)
    assert pickle.loads(pickle.dumps(frozen)).frozen == FROZEN
    assert bp.backprop(frozen, np.full(9, 1e200)).gradient[HELD].tolist() == [0, 0, 0]
    cloud = np.stack([theta, -theta], axis=1)
    assert frozen.gradient(cloud)[:, 0] == pytest.approx(frozen.gradient(theta), abs=1e-15)


def by_hand(fit, theta, optimizer, steps, noise=None):
    """The same steps with nothing but the optimizer's own lines, each frozen weight put back after each."""
    start, state = theta.copy(), optimizer.start(theta)
    for k in range(steps):
        gradient = fit.gradient(theta) if noise is None else noise.gradient(fit, theta, k)
        gradient[HELD] = 0
        theta, state = optimizer.step(theta, gradient, state)
        theta[HELD] = start[HELD]
    return theta


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("l2, rows", [(0.0, 3), (0.1, 3), (0.1, 300)])
def test_alone_many_and_in_every_engine(way, l2, rows):
    fit, frozen, theta = fits(l2, rows)
    wanted = by_hand(fit, theta, WAYS[way], 20)
    near = pytest.approx(wanted, rel=1e-9, abs=1e-12)
    assert np.array_equal(wanted[HELD], theta[HELD]) and (wanted != theta).sum() == 6
    assert bp.descend(frozen, theta, WAYS[way], 20).theta[:, -1] == near
    assert bp.descend(frozen, theta, WAYS[way], 20, clip=1e9).theta[:, -1] == near
    cloud = np.stack([theta, 0.9 * theta], axis=1)
    assert bp.descend(frozen, cloud, WAYS[way], 20).theta[:, -1, 0] == near
    assert bp.restarts(frozen, WAYS[way], steps=20, starts=cloud).end[:, 0] == near
    for engine in (kernel(frozen, WAYS[way]), PlainKernel(frozen, replace(WAYS[way], rate=1.0))):
        now, state = cloud.copy(), engine.start(2)
        engine.advance(now, state, np.full(20, WAYS[way].rate))
        assert now[:, 0] == near, engine.engine


@pytest.mark.parametrize("noise", [bp.MiniBatch(1), bp.MiniBatch(200), bp.Dropout(0.3)])
def test_with_noise(noise):
    fit, frozen, theta = fits(0.1, 300)
    path = bp.descend(frozen, theta, bp.Adam(0.02), 15, noise=noise).theta
    assert np.array_equal(path[HELD, -1], theta[HELD])
    assert path[:, -1] == pytest.approx(by_hand(fit, theta, bp.Adam(0.02), 15, noise), rel=1e-9)


def test_a_map_of_basins_moves_along_the_free_weights_only():
    fit = bp.Fit(bp.Network((1, 1, 1), "sigmoid", bias=False), "squared error", bp.DATA["seesaw"], frozen=("w1[1,1]",))
    runs = bp.restarts(fit, bp.GradientDescent(1.0), 30, steps=200)
    assert np.array_equal(runs.end[0], runs.start[0]) and (runs.end[1] != runs.start[1]).all()


def test_what_is_said():
    fit, frozen, theta = fits()
    for row, name in zip(bp.compare_gradients(frozen, theta), fit.names, strict=True):
        assert row.answer == "agree" and row.frozen == row.mark.endswith("frozen") == (name in FROZEN)
    assert "Frozen: b1[1], b1[2], w2[2,1]; no step uses their slopes." in bp.compare_gradients(frozen, theta).words
    assert "Frozen" not in bp.compare_gradients(fit, theta).words
    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        exec(bp.code(frozen, theta), {})
    assert numbers(out.getvalue(), frozen)[1] == pytest.approx(frozen.gradient(theta), rel=1e-12, abs=1e-15)
    with pytest.raises(ValueError, match="frozen weights, .*; allowed is a fit without"):
        TrainingStep(frozen, bp.GradientDescent)
    for names, said in ((("b9[1]",), "frozen: got 'b9"), (fit.names, "frozen: got"), (3, "frozen: got 3")):
        with pytest.raises(ValueError, match=said):
            bp.Fit(fit.network, "squared error", fit.data, frozen=names)
