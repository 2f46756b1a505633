"""One network's step on kept arrays: the loss, gradient and path of the backward pass and the optimizer's own lines."""
import itertools
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import reduce
from types import SimpleNamespace

import numpy as np
import pytest
from conftest import random_fit
from test_optimizers import EVERY, IDS

import bpviz as bp
import bpviz.descent.descend as module
import bpviz.descent.walk as one_walk
from bpviz.calculus.activations import ACTIVATIONS
from bpviz.calculus.losses import LOSSES
from bpviz.descent.arrays import plan
from bpviz.descent.noted import log_sum_exp, step_up
from bpviz.descent.program import is_short

BUILT_IN = ["sigmoid", "tanh", "relu", "leaky relu", "elu", "softplus", "swish", "softsign", "identity"]


def looked(bound, theta):
    bound.theta[...] = theta
    bound.look()
    return float(bound.loss), bound.gradient.copy()


def own_lines(fit, optimizer, theta, steps, schedule=lambda k: 1.0):
    """The path by `fit.gradient` and `optimizer.step`, a step at a time: (P, steps + 1)."""
    path, state = [theta], optimizer.start(theta)
    for k in range(steps):
        theta, state = optimizer.step(theta, fit.gradient(theta), state, schedule(k))
        path.append(theta)
    return np.array(path).T


@pytest.mark.parametrize("loss", LOSSES)
@pytest.mark.parametrize("activation", BUILT_IN)
def test_the_loss_and_gradient_of_the_backward_pass(activation, loss):
    """Few rows and many (other calls serve many numbers), with a penalty, twice in a row on the same buffers."""
    assert set(BUILT_IN) <= set(ACTIVATIONS)
    for rows in (3, 700):
        fit, _ = random_fit(0, (3, 4, 5, 1), activation, loss, rows=rows, l2=0.01)
        bound = plan(fit).bind()
        for theta in np.random.default_rng(1).normal(scale=1.5, size=(3, fit.n_params)):
            value, slopes = looked(bound, theta)
            assert np.isclose(value, fit.loss(theta), rtol=1e-13, atol=0)
            assert np.allclose(slopes, fit.gradient(theta), rtol=1e-11, atol=1e-14)


@pytest.mark.parametrize("cures", [dict(skip=True), dict(layer_norm=True), dict(skip=True, layer_norm=True), dict(bias=False)], ids=str)
def test_with_every_cure(cures):
    network = bp.Network((2, 6, 6, 6, 2), ("tanh", "relu", "swish", "identity"), **cures)
    rng = np.random.default_rng(0)
    fit = bp.Fit(network, "softmax cross-entropy", bp.Data(rng.normal(size=(2, 9)), np.eye(2)[rng.integers(2, size=9)].T))
    theta = rng.normal(size=network.n_params)
    value, slopes = looked(plan(fit).bind(), theta)
    assert np.isclose(value, fit.loss(theta), rtol=1e-13) and np.allclose(slopes, fit.gradient(theta), rtol=1e-11, atol=1e-14)


@pytest.mark.parametrize("optimizer", EVERY, ids=IDS)
def test_descends_as_the_optimizers_own_lines(optimizer):
    fit, theta = random_fit(0, (2, 7, 3, 2), ("tanh", "sigmoid", "identity"), "softmax cross-entropy", rows=20, l2=0.003)
    assert not is_short(fit, 20) and plan(fit, optimizer) is not None
    path = bp.descend(fit, theta, optimizer, 40, schedule=bp.Exponential(0.99))
    assert np.allclose(path.theta, own_lines(fit, optimizer, theta, 40, lambda k: 0.99 ** k), rtol=1e-9, atol=1e-12)
    assert np.allclose(path.loss, fit.loss(path.theta), rtol=1e-12)
    assert np.allclose(path.gradient_norm, np.linalg.norm(fit.gradient(path.theta), axis=0), rtol=1e-9)
    kept = bp.descend(fit, theta, optimizer, 40, schedule=bp.Exponential(0.99), keep_inner=True)     # by the other engine
    assert np.allclose(kept.theta, path.theta, rtol=1e-9, atol=1e-12) and tuple(kept.inner) == tuple(optimizer.inner)


@dataclass(frozen=True)
class Halving(bp.GradientDescent):
    """Halves a step that is long: it asks what a number is, which no plan can note."""

    def step(self, theta, gradient, state, scale=1.0):
        theta_ahead, state = super().step(theta, gradient, state, scale)
        return (theta_ahead if abs(theta_ahead - theta).max() < 0.1 else (theta + theta_ahead) / 2), state


@dataclass(frozen=True)
class Swapping(bp.GradientDescent):
    """A state whose parts change places, and one of which is the gradient itself."""

    def start(self, theta):
        return np.zeros_like(theta), np.ones_like(theta), 2.0

    def step(self, theta, gradient, state, scale=1.0):
        a, b, number = state
        return theta - self.rate * scale * (gradient + a / 10 + number / 100), (b, gradient[::-1], number)


@dataclass(frozen=True)
class Capped(bp.GradientDescent):
    """A step that asks for the size of the gradient."""

    def step(self, theta, gradient, state, scale=1.0):
        return theta - self.rate * scale * gradient / (1 + np.abs(gradient)), ()


def test_an_optimizer_may_take_absolute_values():
    for shape, rows in (((1, 2, 1), 3), ((2, 7, 2), 20)):
        fit, theta = random_fit(0, shape, "tanh", "squared error", rows=rows)
        wanted = own_lines(fit, Capped(0.5), theta, 60)
        assert np.allclose(bp.descend(fit, theta, Capped(0.5), 60).theta, wanted, rtol=1e-10, atol=1e-13)
        assert np.allclose(bp.restarts(fit, Capped(0.5), steps=60, starts=theta[:, None]).end[:, 0], wanted[:, -1], rtol=1e-10)


@pytest.mark.parametrize("optimizer", [Halving(0.5), Swapping(0.2)], ids=["asks", "swaps"])
def test_an_optimizer_of_ones_own(optimizer):
    fit, theta = random_fit(0, (2, 7, 2), "tanh", "squared error", rows=20)
    assert not is_short(fit, 20) and (plan(fit, optimizer) is None) == isinstance(optimizer, Halving)
    assert np.allclose(bp.descend(fit, theta, optimizer, 60).theta, own_lines(fit, optimizer, theta, 60), rtol=1e-10, atol=1e-13)


@pytest.fixture
def sliced(monkeypatch):
    """Every step is a Part of its own, with the Path so far."""
    monkeypatch.setattr(one_walk, "PIECE_S", 0.0)
    monkeypatch.setattr(module, "SHOWN_S", 0.0)


def test_the_three_endings_and_slices(recwarn, sliced):
    """As for small networks: runs away, settles early or at the last step, stays where it ended; slices add up."""
    fit, theta = random_fit(0, (2, 7, 1), "identity", "squared error", rows=20)
    assert not is_short(fit, 20)
    away = bp.descend(fit, theta, bp.GradientDescent(50.0), 300)
    small = bp.descend(fit, theta, bp.GradientDescent(50.0), 300, keep_inner=True)                 # by the other engine
    assert away.ended == small.ended == "ran away" and away.theta.shape == (fit.n_params, 301) and np.isfinite(away.theta).all()
    assert np.allclose(away.theta, small.theta, rtol=1e-6) and (away.theta[:, -1:] == away.theta[:, -200:]).all()
    cut = bp.descend(fit, theta, bp.GradientDescent(50.0), 300, until_settled=True)
    assert cut.ended == "ran away" and cut.steps < 30 and np.abs(cut.theta).max() <= 1e6
    at_once = bp.descend(fit, np.full(fit.n_params, 2e6), bp.GradientDescent(0.1), 5)
    assert at_once.ended == "ran away" and (at_once.theta == 2e6).all()
    early = bp.descend(fit, theta, bp.GradientDescent(0.03), 20_000, until_settled=True)
    assert early.ended == "settled" and early.gradient_norm[-1] < 1e-9 <= early.gradient_norm[-2]
    assert bp.descend(fit, theta, bp.GradientDescent(0.03), early.steps).ended == "settled"
    short = bp.descend(fit, theta, bp.GradientDescent(0.03), early.steps - 1)
    assert short.ended == "out of steps" and np.array_equal(short.theta, early.theta[:, :-1])
    parts = [part.result for part in bp.descend.parts(fit, theta, bp.GradientDescent(0.03), short.steps)]
    assert len(parts) > 10 and parts[-1].steps == short.steps
    assert all(np.array_equal(part.theta, short.theta[:, :part.steps + 1]) for part in parts)
    assert bp.descend(fit, theta, bp.GradientDescent(0.1), 0).steps == 0 and not recwarn.list


def test_descents_side_by_side_have_buffers_of_their_own(sliced):
    """One plan is kept for a fit; walks in other threads, and walks begun while others are under way, do not meet."""
    fit, theta = random_fit(0, (3, 30, 2), "tanh", "squared error", rows=400)
    starts = [theta + k / 10 for k in range(6)]
    one_by_one = [bp.descend(fit, start, bp.Adam(0.01), 40).theta for start in starts]
    with ThreadPoolExecutor(3) as pool:
        together = list(pool.map(lambda start: bp.descend(fit, start, bp.Adam(0.01), 40).theta, starts))
    walks = [bp.descend.parts(fit, start, bp.Adam(0.01), 40) for start in starts]
    last = [None] * len(walks)
    while any(walk is not None for walk in walks):
        for k, walk in enumerate(walks):
            step = next(walk, None) if walk is not None else None
            last[k], walks[k] = (step.result.theta, walk) if step is not None else (last[k], None)
    for expected, thread, slices in zip(one_by_one, together, last, strict=True):
        assert np.array_equal(expected, thread) and np.array_equal(expected, slices)


def test_slices_of_a_slow_network_stay_short(monkeypatch):
    """Where a look at the clock finds 10 ms gone whatever was done, it is looked at after every step, not every 64."""
    clock = itertools.count(step=0.01)
    monkeypatch.setattr(module, "time", SimpleNamespace(perf_counter=lambda: next(clock)))
    monkeypatch.setattr(one_walk, "time", module.time)
    monkeypatch.setattr(module, "SHOWN_S", 0.0)
    fit, theta = random_fit(0, (2, 7, 1), "tanh", "squared error", rows=20)
    steps = [part.result.steps for part in bp.descend.parts(fit, theta, bp.GradientDescent(0.01), 60)]
    assert steps[-1] == 60 and max(np.diff(steps)) <= 4 and list(np.diff(steps)[4:]) == [1] * (len(steps) - 5)


def test_step_up_is_heaviside():
    z = np.array([-np.inf, -1e300, -1.0, -5e-324, -0.0, 0.0, 5e-324, 1e-300, 0.3, 1.0, 2.5, np.inf, np.nan])
    assert np.array_equal(step_up(z), np.heaviside(z, 0), equal_nan=True)
    out = z.copy()
    assert step_up(out, out=out) is out and np.array_equal(out, np.heaviside(z, 0), equal_nan=True)


def test_a_kept_plan_holds_no_data():
    fit, _ = random_fit(0, (3, 30, 2), "tanh", "squared error", rows=400)
    noted = plan(fit).tape.noted
    assert max(part.size for part in noted) == 30 * 400 and not any(any(part.example.strides) for part in noted)


def test_what_is_computed_row_by_row_is_found_and_right(recwarn):
    """Ten classes: one call where the loss makes nine; far from any other score and with equal ones, to all digits."""
    z = np.random.default_rng(0).normal(size=(10, 400)) * np.geomspace(1e-3, 300, 400)
    z -= z.max(axis=0)
    z[:, :3], z[1, :2] = [[0.0, -700.0, -50.0]], 0.0
    by_rows = reduce(np.logaddexp, z)
    assert np.allclose(log_sum_exp(z), by_rows, rtol=3e-14, atol=0) and (by_rows > 0).sum() > 300
    fit, theta = random_fit(0, (3, 4, 10), ("tanh", "identity"), "softmax cross-entropy", rows=400)
    made = plan(fit)
    used = [function for _, function, _ in made.tape.steps]
    assert log_sum_exp in used
    value, slopes = looked(made.bind(), theta)
    assert np.isclose(value, fit.loss(theta), rtol=1e-13, atol=0)
    assert np.allclose(slopes, fit.gradient(theta), rtol=1e-11, atol=1e-14) and not recwarn.list
