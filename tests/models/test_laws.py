"""What is true of every model (zoo.py): autograd on loops, every world, proof, faults planted in every line, derivation,
script, training, and slices of its loss."""
import contextlib
import io
import json
import pickle
from dataclasses import replace

import autograd
import numpy as np
import pytest
from zoo import gathered, planted

import bpviz as bp
from bpviz.calculus.interval import Interval
from bpviz.symbolic import speak

SAMPLES = gathered()
LOSSES = ["squared error", "cross-entropy"]
every_loss = pytest.mark.parametrize("loss", LOSSES)
every_model = pytest.mark.parametrize("sample", SAMPLES, ids=str)


def gradient(sample, fit, theta):
    """By autograd on the loops, penalty and reduction added by hand."""
    times = fit.data.rows if fit.reduction == "sum" else 1
    return times * autograd.grad(sample.slow_loss(fit))(theta) + 2 * fit.l2 * theta * fit.network.is_weight


@every_loss
@every_model
def test_loss_and_gradient_agree_with_autograd_on_loops(sample, loss):
    fit, theta = sample.fit(loss)
    assert np.isclose(fit.loss(theta), sample.slow_loss(fit)(theta), rtol=1e-13)
    wanted = gradient(sample, fit, theta)
    assert np.allclose(fit.gradient(theta), wanted, rtol=1e-12, atol=1e-14 * max(1, abs(wanted).max()))


@every_model
def test_it_means_the_same_in_every_world(sample):
    fit, theta = sample.fit(l2=0.1)
    P = fit.n_params
    cloud = theta[:, None, None] * np.linspace(0.5, 1.5, 6).reshape(2, 3)
    assert np.allclose(fit.gradient(cloud)[:, 1, 2], fit.gradient(cloud[:, 1, 2]), rtol=1e-13, atol=1e-15)
    assert np.allclose(fit.loss(cloud)[1, 2], fit.loss(cloud[:, 1, 2]), rtol=1e-13)
    step = np.eye(P) * 1e-6
    columns = [(fit.gradient(theta + s) - fit.gradient(theta - s)) / 2e-6 for s in step]
    assert np.allclose(fit.hessian(theta), columns, rtol=1e-6, atol=1e-8)
    around = bp.backprop(fit, Interval(theta, theta)).gradient
    assert (around.lo <= fit.gradient(theta)).all() and (fit.gradient(theta) <= around.hi).all()
    loss, slopes = fit.single(*theta.tolist()) if fit.single else (fit.loss(theta), fit.gradient(theta))   # a short one
    assert np.isclose(loss, fit.loss(theta)) and np.allclose(slopes, fit.gradient(theta), rtol=1e-11, atol=1e-14)
    assert pickle.loads(pickle.dumps(fit.network)) == fit.network


@every_loss
@every_model
def test_it_is_proved(sample, loss):
    proof = bp.prove(sample.model, loss)
    assert tuple(proof) == sample.model.names == proof.proved and not proof.faults
    assert "Proved for every weight" in proof.words and len(proof.table()[2]) == sample.model.n_params


def lines(sample):
    """(the stage's name, place of what it hands back, name of that) of every line of a backward pass."""
    return [(stage.writes, k, name) for stage in sample.model.stages
            for k, name in enumerate((*stage.weights, *stage.reads)) if name != "x"]


@pytest.mark.parametrize("sample, line", [(sample, line) for sample in SAMPLES if sample.faults for line in lines(sample)],
                         ids=lambda v: "-".join(map(str, v)) if isinstance(v, tuple) else type(v.model).__name__)
def test_a_fault_in_any_line_is_named_where_it_is(sample, line):
    """One slope is handed back twice as large: the proof names that value, or that block, and no other."""
    writes, place, name = line

    def double(right):
        return lambda *a: tuple(2 * slope if k == place else slope for k, slope in enumerate(right(*a)))
    proof = bp.prove(planted(sample.model, writes, double), "squared error")
    at = {fault.removeprefix("dL/d").split("[")[0] for fault in proof.faults}
    unproved = {weight.split("[")[0] for weight in proof if weight not in proof.proved}
    if name in sample.model.blocks:
        assert unproved == {name} and not at
    else:
        assert at == {name}


@every_model
def test_three_ways_to_its_gradient_agree(sample):
    """And a slope that is off by a thousandth is told, at its own weights and no others."""
    fit, theta = sample.fit(l2=0.1)
    table = bp.compare_gradients(fit, theta)
    assert table.agree and [row.weight for row in table] == [*sample.model.names], table
    assert np.allclose([row.symbolic for row in table], gradient(sample, fit, theta), rtol=1e-12, atol=1e-15)
    stage = next(stage for stage in sample.model.stages if stage.weights)
    broken = planted(sample.model, stage.writes, lambda right: lambda *a: (
        slope * (1.001 if k == 0 else 1) for k, slope in enumerate(right(*a))))
    wrong = bp.compare_gradients(bp.Fit(broken, fit.loss_name, fit.data, fit.l2), theta)
    off = {row.weight for row in wrong if row.answer == "differ"}
    assert off and {name.split("[")[0] for name in off} == {stage.weights[0]}


@every_loss
@every_model
def test_its_derivation(sample, loss):
    """Every step's number is that of the passes, every slope that of autograd; a line is made of earlier lines alone."""
    fit, theta = sample.fit(loss, l2=0.1)
    fit = replace(fit, reduction="sum")
    derived, wanted = bp.derive(fit), gradient(sample, fit, theta)
    model = sample.model
    assert tuple(derived) == model.names
    assert [derived[name].at(theta) for name in model.names[:3]] == pytest.approx(wanted[:3], rel=1e-11, abs=1e-14)
    cloud = np.stack([theta, 0.5 * theta], axis=1)
    chain = derived[model.names[0]].chain
    assert chain.gradient(cloud) == pytest.approx(fit.gradient(cloud), rel=1e-10, abs=1e-13)
    one = bp.backprop(replace(fit, data=bp.Data(fit.data.x[:, 1:2], fit.data.y[:, 1:2])), theta)
    value = {speak.name(chain, s): v for s, v in chain.values(theta, 1).items()}
    for stage, z, delta in zip(model.stages, one.z, one.delta, strict=True):
        for place in np.ndindex(z.shape[:-1]):
            name = f"{stage.writes}[{','.join(str(k + 1) for k in place)}]"
            assert value[name] == pytest.approx(z[(*place, 0)], rel=1e-10), name
            assert value[f"dL/d{name}"] == pytest.approx(delta[(*place, 0)], rel=1e-9, abs=1e-13), name
    known = {*chain.weights, *chain.x, *chain.t}
    for step in derived[model.names[0]].steps:
        assert step.formula.free_symbols <= known and step.shown.free_symbols <= known
        known.add(step.symbol)
    assert chain.on(bp.Data(fit.data.x[:, ::-1], fit.data.y[:, ::-1])).gradient(theta) == pytest.approx(wanted, abs=1e-12)


@every_loss
@every_model
def test_its_script_gives_the_same_numbers_with_numpy_alone(sample, loss):
    fit, theta = sample.fit(loss, l2=0.1)
    first = fit.names[0]
    fit = replace(fit, frozen=(first,), reduction="sum")
    text, out = bp.code(fit, theta), io.StringIO()
    assert {line for line in text.splitlines() if "import" in line} <= {"import numpy as np", "import math"}
    with contextlib.redirect_stdout(out):
        exec(text, {})
    found, *slopes = out.getvalue().strip().splitlines()
    gradient = [number for line in slopes for number in np.ravel(json.loads(line[line.index("["):]))]
    assert float(found.split()[1]) == pytest.approx(fit.loss(theta), rel=1e-13)
    assert gradient == pytest.approx(fit.gradient(theta), rel=1e-11, abs=1e-14) and f"# {first} is frozen" in text


@every_model
def test_its_scores_by_its_inputs(sample):
    """What a score hangs on: autograd on the loops, row by row."""
    fit, theta = sample.fit()
    d = np.random.default_rng(4).normal(size=(sample.model.n_out, fit.data.rows))
    found = sample.model.to_inputs(theta, fit.data.x, d)
    wanted = [autograd.grad(lambda x, d=d_row: (d * sample.score(sample.model, theta, x)).sum())(x)
              for x, d_row in zip(fit.data.x.T, d.T, strict=True)]
    assert np.allclose(found.T, wanted, rtol=1e-11, atol=1e-13)


@every_model
def test_it_goes_downhill_with_every_optimizer_and_from_many_starts(sample):
    fit, theta = sample.fit(l2=0.01)
    for optimizer in bp.OPTIMIZERS.values():
        path = bp.descend(fit, theta, optimizer(0.001), 5)
        assert path.loss[-1] < path.loss[0], optimizer
    runs = bp.restarts(fit, bp.Adam(0.05), 3, 40)
    assert (runs.loss < fit.loss(runs.start)).all()
    noisy = bp.descend(fit, theta, bp.Adam(0.05), 40, noise=bp.MiniBatch(2, seed=1))
    assert fit.loss(noisy.theta[:, -1]) < fit.loss(theta)


@every_model
def test_slices_of_its_loss_are_its_loss(sample):
    """Any two weights, and any two directions, span a plane."""
    fit, theta = sample.fit()
    flow = bp.gradients_by_layer(fit, theta)
    assert np.array_equal(flow.slopes, fit.gradient(theta)) and len(flow.table()[2]) == len(sample.model.activations)
    start = bp.initial_weights(sample.model, "He", 2)
    assert np.isfinite(fit.loss(start)) and len(start) == fit.n_params
    across, up = np.eye(fit.n_params)[[0, -1]] + 0.1
    for plane, (first, second) in ((bp.Plane.of_weights(fit, fit.names[0], fit.names[-1], theta, cells=4),
                                    np.eye(fit.n_params)[[0, -1]]),
                                   (bp.Plane(theta, across, up, -1, 1, 4), (across, up))):
        losses, (columns, rows) = plane.loss(fit), plane.axes
        origin = theta - (first * theta + second * theta if first.max() == 1 else 0)
        assert losses[1, 2] == pytest.approx(fit.loss(origin + columns[2] * first + rows[1] * second))
