"""The sum over the rows is their number times their mean: in every loss, on every way a network is trained and shown."""
import contextlib
import io
import pickle
from dataclasses import replace

import autograd
import numpy as np
import pytest
from conftest import oracle_loss, random_fit
from test_code import numbers

import bpviz as bp
from bpviz.calculus.interval import Interval
from bpviz.descent import branchless, compiled
from bpviz.descent.arrays import bound
from bpviz.descent.kernels import Kernel, PlainKernel
from bpviz.descent.program import program, stepper
from bpviz.network.unroll import operations
from bpviz.symbolic.derive import Chain
from bpviz.symbolic.walk import TrainingStep

ROWS = 5
MODELS = {"dense": None, "convolution": bp.models.Convolution(2, 1, 2, 2, n_out=2)}


def both(loss, l2=0.0, rows=ROWS, model=None):
    """(mean, sum, theta): the same fit under both conventions."""
    fit, theta = random_fit(3, (2, 3, 2), "tanh", loss, rows=rows, l2=l2)
    if model is not None:
        fit = replace(fit, network=model)
        theta = np.random.default_rng(4).normal(size=model.n_params)
    return fit, replace(fit, reduction="sum"), theta


def by_oracle(fit, theta):
    """(loss, gradient) of the sum, by autograd on plain loops: no line of bpviz, and no mean undone by bpviz."""
    def loss(theta):
        alone = [replace(fit, data=bp.Data(fit.data.x[:, [r]], fit.data.y[:, [r]]), l2=0.0) for r in range(fit.data.rows)]
        penalty = sum(fit.l2 * theta[k] ** 2 for k in np.flatnonzero(fit.network.is_weight))
        return sum(oracle_loss(one)(theta) for one in alone) + penalty
    return loss(theta), autograd.grad(loss)(theta)


@pytest.mark.parametrize("l2", [0.0, 0.1])
@pytest.mark.parametrize("loss", bp.LOSSES)
def test_loss_and_gradient_against_the_oracle(loss, l2):
    mean, total, theta = both(loss, l2)
    value, gradient = by_oracle(mean, theta)
    assert total.loss(theta) == pytest.approx(value, rel=1e-12)
    assert total.gradient(theta) == pytest.approx(gradient, rel=1e-11, abs=1e-13)
    free = replace(total, l2=0.0)
    assert total.loss(theta) - mean.loss(theta) == pytest.approx(free.loss(theta) * (1 - 1 / ROWS), rel=1e-12)


@pytest.mark.parametrize("model", MODELS)
@pytest.mark.parametrize("loss", bp.LOSSES)
def test_the_sum_is_rows_times_the_mean_in_every_world(loss, model):
    mean, total, theta = both(loss, model=MODELS[model])
    near = lambda value: pytest.approx(ROWS * value, rel=1e-12, abs=1e-14)                       # noqa: E731
    cloud = theta[:, None] * [1.0, 0.5]
    assert total.loss(cloud) == near(mean.loss(cloud)) and total.gradient(cloud) == near(mean.gradient(cloud))
    assert total.hessian(theta) == near(mean.hessian(theta))
    assert total.gradient(theta, rows=[0, 3]) == pytest.approx(2 * mean.gradient(theta, rows=[0, 3]), rel=1e-12)
    around = bp.backprop(total, Interval(theta, theta))
    assert (around.gradient.lo <= total.gradient(theta)).all() and (total.gradient(theta) <= around.gradient.hi).all()
    enclosed = total.loss(Interval(theta, theta))
    assert enclosed.lo <= total.loss(theta) <= enclosed.hi
    for fit in (mean, total):
        value, slopes = fit.single(*theta.tolist())
        assert value == pytest.approx(fit.loss(theta)) and slopes == pytest.approx(fit.gradient(theta), abs=1e-13)
    assert pickle.loads(pickle.dumps(total)).loss(theta) == total.loss(theta)
    assert bp.prove(total.network, loss, rows=2, reduction="sum").proved == total.names
    assert sum(operations(total)) < sum(operations(mean))                                # no division by the rows


@pytest.mark.parametrize("l2", [0.0, 0.1])
@pytest.mark.parametrize("loss", bp.LOSSES)
def test_every_engine_takes_the_step_of_the_sum(loss, l2):
    _, total, theta = both(loss, l2)
    fit = replace(total, frozen=("w1[1,2]",))
    optimizer = bp.GradientDescent(1.0)
    slope = by_oracle(total, theta)[1]
    slope[fit.network.index("w1[1,2]")] = 0
    near = pytest.approx(theta - 0.01 * slope, rel=1e-11, abs=1e-13)
    written = program(fit, optimizer)
    for engine in (Kernel(fit, written), PlainKernel(fit, optimizer)):
        now = np.stack([theta, theta], axis=1)
        engine.advance(now, engine.start(2), np.array([0.01]))
        assert now[:, 1] == near, engine.engine
    walk = bound(fit, optimizer)
    walk.theta[...], walk.scale[...] = theta, 0.01
    walk.look()
    walk.move()
    assert walk.theta == near
    one, start = stepper(fit, optimizer)
    value, gradient, after, _ = one(*theta, *start, 0.01)
    assert value == pytest.approx(fit.loss(theta)) and gradient == pytest.approx(slope, abs=1e-13) and after == near
    for rows in (1, ROWS):
        path = bp.descend(fit, theta, bp.GradientDescent(0.01), 1, noise=bp.MiniBatch(rows, seed=2))
        drawn = range(ROWS) if rows == ROWS else bp.MiniBatch(1, seed=2)._drawn(ROWS, 0, ())
        wanted = fit.gradient(theta, rows=np.array(drawn))
        assert path.theta[:, -1] == pytest.approx(theta - 0.01 * wanted, rel=1e-11, abs=1e-13)
    many = bp.descend(fit, theta[:, None], bp.GradientDescent(0.01), 1, noise=bp.MiniBatch(ROWS))
    assert many.theta[:, -1, 0] == near


@pytest.mark.parametrize("rows", [2, 60])
def test_machine_code_takes_the_step_of_the_sum(rows):
    _, total, theta = both("squared error", 0.1, rows)
    written = program(total, bp.GradientDescent(1.0))
    text, scope = compiled.source(total, bp.GradientDescent(1.0), written), {"np": np, **vars(branchless)}
    exec(text[text.index("def advance"):], scope)                                        # the same lines, not compiled
    now, state = np.repeat(theta[:, None], 64, axis=1), np.zeros((len(written.start), 64))
    scope["advance"](now, state, np.array([0.01]), total.data.x, total.data.y)
    assert now[:, 7] == pytest.approx(theta - 0.01 * total.gradient(theta), rel=1e-11, abs=1e-13)


@pytest.mark.parametrize("l2", [0.0, 0.1])
@pytest.mark.parametrize("loss", bp.LOSSES)
def test_what_is_shown_of_it(loss, l2):
    mean, total, theta = both(loss, l2, rows=3)
    assert bp.compare_gradients(total, theta).agree
    chain, cloud = Chain(total), theta[:, None] * [1.0, 0.5]
    assert chain.gradient(cloud) == pytest.approx(total.gradient(cloud), rel=1e-10, abs=1e-13)
    assert chain.over_rows([chain.values(theta, r)[chain.L] for r in range(3)]) == pytest.approx(total.loss(theta))
    assert total.loss(theta) != pytest.approx(mean.loss(theta))
    flow = bp.gradients_by_layer(total, theta)
    assert flow.loss == total.loss(theta) and np.array_equal(flow.slopes, total.gradient(theta))
    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        exec(bp.code(total, theta), {})
    found, slopes = numbers(out.getvalue(), total)
    assert found == pytest.approx(total.loss(theta)) and slopes == pytest.approx(total.gradient(theta), abs=1e-13)


def test_pieces_of_a_large_data_set_add_up(monkeypatch):
    _, total, theta = both("squared error", 0.1, rows=40)
    whole = bp.gradients_by_layer(total, theta)
    monkeypatch.setattr("bpviz.network.gradient_flow.WORK", 40 * 3 * total.n_params // 4)
    *earlier, last = [part.result for part in bp.gradients_by_layer.parts(total, theta)]
    assert len(earlier) > 2 and earlier[0].loss < last.loss
    assert last.delta == pytest.approx(whole.delta)


def test_the_convention_is_said():
    mean, total, theta = both("squared error", rows=4)
    weight = "w1[1,1]"
    for fit, said in ((mean, "the mean over 4 rows"), (total, "the sum over 4 rows")):
        assert said in bp.backprop(fit, theta).words
        assert said in bp.derive(fit)[weight].text()
        assert said.removesuffix(" 4 rows") in bp.code(fit, theta)
    assert "its share of the penalty, 1 of 4" in bp.derive(replace(total, l2=0.1))[weight].text()
    walks = [TrainingStep(fit, bp.GradientDescent(0.1)) for fit in (mean, total)]
    for walk, fit in zip(walks, (mean, total), strict=True):
        k = next(k for k, stop in enumerate(walk.stops) if stop.phase == "rows")
        assert ("divided by 4" in walk.stops[k].why) == (fit is mean)
        found = walk.find(k, theta, bp.GradientDescent(0.1))
        assert found.value == pytest.approx(fit.gradient(theta)[0]) == found.by_hand
        assert sum(value for *_, value in found.terms) == pytest.approx(found.value)
        last = walk.find(len(walk.stops) - 1, theta, bp.GradientDescent(0.1))
        assert last.value == pytest.approx(fit.loss(theta - 0.1 * fit.gradient(theta)))


def test_refusals():
    fit, _, _ = both("squared error")
    with pytest.raises(ValueError, match="reduction: got 'average'; allowed is 'mean' or 'sum'"):
        replace(fit, reduction="average")
    with pytest.raises(ValueError, match="reduction: got None"):
        bp.prove(fit.network, "squared error", reduction=None)
