"""What is a convolution's own: initial weights as a filter has them, layers, level ground, kinks, faults by name.

What it shares with every model is in test_laws.py.
"""
from dataclasses import dataclass, replace

import numpy as np
import pytest
import sympy
from loops.convolution import SAMPLES
from zoo import planted

import bpviz as bp
from bpviz.models import Convolution, convolution
from bpviz.network.model import Model
from bpviz.network.stage import Stage
from bpviz.symbolic import speak

SHAPES = [sample.model for sample in SAMPLES]


def sample_fit(model, *how, **words):
    """(fit, theta), as its Sample makes them."""
    return replace(SAMPLES[0], model=model).fit(*how, **words)


def test_it_is_trained():
    """Which way a bump is turned, wherever it lies: right for every row, by descents from three starts too."""
    x = [[*np.zeros(k), 1.0, 2.0, *np.zeros(6 - k)] for k in range(7)]
    data = bp.Data(np.array(x + [row[::-1] for row in x]).T, [[1.0] * 7 + [0.0] * 7], "which way")
    fit = bp.Fit(Convolution(8, 1, 2, 2, pool=7), "cross-entropy", data)
    runs = bp.restarts(fit, bp.Adam(0.1), 3, 400)
    best = np.argmin(runs.loss)
    path = bp.descend(fit, runs.start[:, best], bp.Adam(0.1), 400)
    assert np.isclose(fit.loss(path.theta[:, -1]), runs.loss[best], rtol=1e-6)
    assert runs.loss[best] < 0.05 and ((fit.predict(runs.end[:, best]) > 0.5) == data.y).all()


@pytest.mark.parametrize("model", SHAPES, ids=str)
@pytest.mark.parametrize("start", bp.STARTS)
def test_its_initial_weights_are_those_of_a_filter(model, start):
    """As torch.nn.init counts: a filter hears channels * kernel numbers, and filters * kernel places hear a number."""
    wide = replace(model, filters=64 * model.filters)
    kernel, bias, dense, out = wide.split(bp.initial_weights(wide, start, 3, sigma_b=0.5)).values()
    heard, told = wide.channels * wide.kernel, wide.filters * wide.kernel
    if start == "orthogonal":
        square = kernel.reshape(wide.filters, heard)
        assert np.allclose(square.T @ square, np.eye(heard), atol=1e-12)
    else:
        assert np.var(kernel) == pytest.approx(bp.STARTS[start].variance(heard, told), rel=0.5)
        assert np.var(dense) == pytest.approx(bp.STARTS[start].variance(*dense.shape), rel=0.5)
    assert 0.3 < bias.std() < 0.7 and len(out) == wide.n_out
    twice = bp.initial_weights(wide, start, 3, gain=2.0)
    assert np.array_equal(twice, 2 * bp.initial_weights(wide, start, np.random.default_rng(3)))


def by_stages(fit, theta):
    """What each of the two layers hears, answers and gets back, from loops and differences alone."""
    m, z, slopes = fit.network, bp.backprop(fit, theta).z, bp.backprop(fit, theta)
    step = 1e-6 * np.eye(m.filters)
    moved = np.repeat(theta[:, None], 2 * m.filters, axis=1)
    first = m.filters * m.channels * m.kernel
    moved[first:first + m.filters] += np.concatenate([step, -step], axis=1)
    loss = fit.loss(moved)
    return z[0], slopes, (loss[:m.filters] - loss[m.filters:]) / 2e-6


@pytest.mark.parametrize("model", SHAPES, ids=str)
def test_its_gradient_layer_by_layer(model):
    fit, theta = sample_fit(model, l2=0.1, rows=5)
    flow, (z, trace, by_bias) = bp.gradients_by_layer(fit, theta), by_stages(fit, theta)
    blocks = model.split(fit.gradient(theta))
    assert flow.gradient == pytest.approx([np.linalg.norm(blocks["k"]), np.linalg.norm(blocks["w"])])
    assert np.array_equal(flow.slopes, fit.gradient(theta)) and flow.loss == fit.loss(theta)
    assert trace.delta[0].sum(axis=(1, 2)) == pytest.approx(by_bias, abs=1e-8)
    answer, steepness = bp.ACTIVATIONS[model.activation].value(np, z), bp.ACTIVATIONS[model.activation].slope(
        np, z, bp.ACTIVATIONS[model.activation].value(np, z))
    assert flow.delta == pytest.approx([np.linalg.norm(trace.delta[0]), np.linalg.norm(trace.delta[-1])])
    assert flow.activation[0] == pytest.approx(np.linalg.norm(answer)) and flow.slope[0] == pytest.approx(steepness.mean())
    assert flow.dead[0] == pytest.approx((steepness == 0).all(axis=2).mean()) and flow.dead[1] == flow.saturated[1] == 0
    assert model.activations == (model.activation, "identity") and len(flow.table()[2]) == 2
    assert "layer 2" in flow.words and flow.ratio[0] == pytest.approx(flow.delta[0] / flow.delta[1])


def test_its_gradient_in_pieces(monkeypatch):
    fit, theta = sample_fit(SHAPES[1], rows=12)
    whole = bp.gradients_by_layer(fit, theta)
    monkeypatch.setattr("bpviz.network.gradient_flow.WORK", 4 * 3 * fit.n_params)
    *earlier, last = [part.result for part in bp.gradients_by_layer.parts(fit, theta)]
    assert len(earlier) == 2 and last.delta == pytest.approx(whole.delta) and last.dead == pytest.approx(whole.dead)


def test_a_kink_of_a_filter_is_told_from_a_mistake():
    """At z = 0 a relu has no slope: the three ways are not called different, nor the same."""
    model = Convolution(2, 1, 1, 2, activation="relu")
    fit = bp.Fit(model, "squared error", bp.Data([[1.0], [-1.0]], [[0.5]]))
    table = bp.compare_gradients(fit, np.array([1.0, 1.0, 0.0, 1.0, 0.0]))
    assert {row.answer for row in table} <= {"agree", "cannot tell"} and table["k[1,1,1]"].answer == "cannot tell"


def test_level_ground_and_verdicts_of_it():
    fit, theta = sample_fit(Convolution(2, 1, 1, 2), "squared error", 0.01)
    points = bp.critical_points(fit, starts=60)
    assert points.kind[0] == "minimum" and points.gradient_norm.max() < 1e-9 and points.copies[0] == 2
    path = bp.descend(fit, points.theta[:, 0] + 0.05, bp.GradientDescent(0.5), 5000)
    verdict = bp.verdict(fit, path, points, bp.GradientDescent(0.5))
    assert points.label[verdict.point] == points.label[0] and path.loss[-1] == pytest.approx(points.loss[0], rel=1e-6)


def test_its_derivation_reads_as_one():
    fit, theta = sample_fit(Convolution(3, 1, 1, 2), "squared error", rows=1)
    derived = bp.derive(fit)["k[1,1,2]"]
    text = derived.text(theta)
    assert text.startswith("dL/dk[1,1,2] of a Convolution (tanh, identity; squared error)")
    for line in ("z[1,2] = b[1] + k[1,1,1]*x[2] + k[1,1,2]*x[3]    (the stage that writes z)", "a[1,1] = tanh(z[1,1])",
                 "dL/da[1,1] = dL/dscore[1]*w[1,1]", "dL/dz[1,1] = dL/da[1,1]*(1 - a[1,1]**2)",
                 "dL/dk[1,1,2] = dL/dz[1,1]*x[2] + dL/dz[1,2]*x[3]    (chain rule, 2 paths added)"):
        assert line in text
    assert r"\frac{\partial L}{\partial \mathit{a}_{1,1}} &= " in derived.latex(theta)
    symbols = {s.name: s for s in derived.expression.free_symbols}
    at = dict(zip((*fit.names, "x[1]", "x[2]", "x[3]", "t[1]"), (*theta, *fit.data.x[:, 0], *fit.data.y[:, 0]), strict=True))
    names = {speak.name(derived.chain, s): s.name for s in (*derived.chain.weights, *derived.chain.x, *derived.chain.t)}
    numbers = {symbols[names[name]]: v for name, v in at.items() if names[name] in symbols}
    assert float(derived.expression.xreplace(numbers).doit()) == pytest.approx(fit.gradient(theta)[1])


def test_what_takes_networks_of_layers_only_says_what_takes_this_one():
    fit, theta = sample_fit(SHAPES[0])
    for call, others in ((lambda: bp.layer_jacobians(fit, theta), "bp.gradients_by_layer"),
                         (lambda: bp.picture.layers(fit, {"a": theta}), "bp.gradients_by_layer"),
                         (lambda: bp.picture.network(fit, theta), "bp.backprop"),
                         (lambda: bp.trainability(fit, theta, (-1, -1), (1, 1), 4, 20), "bp.restarts"),
                         (lambda: bp.Dropout(0.5).gradient(fit, theta, 0), "bp.MiniBatch"),
                         (lambda: bp.descend(fit, theta, bp.Adam(), 3, noise=bp.Dropout(0.5)), "bp.MiniBatch"),
                         (lambda: bp.puzzles[1].compare(fit, theta), "bp.prove")):
        with pytest.raises(ValueError, match=f": got one of a Convolution; allowed is a Fit of a Network.*every model: {others}"):
            call()
    with pytest.raises(ValueError, match="network: got a Convolution; allowed is a Network, layer by layer, for a pass"):
        bp.puzzles[1].prove(fit.network)


@dataclass(frozen=True)
class Twice(Model):
    """Two convolutions one after the other: the slope by what the second sees matters here."""
    n_in = 6
    n_out = 1
    back: object = None                               # other tables for the way back

    @property
    def blocks(self):
        return {"k1": (2, 1, 3), "b1": (2,), "k2": (1, 2, 2), "b2": (1,), "w": (2, 1), "bo": (1,)}

    @property
    def stages(self):
        seen, back = convolution.taps(6, 3, 1, 1)
        first = convolution.convolved(1, seen, back)
        seen, back = convolution.taps(6, 2, 3, 0)
        second = convolution.convolved(2, seen, back if self.back is None else self.back)
        flat = (lambda xp, a: a.reshape(12, *a.shape[2:])), (lambda xp, delta, v, a: (delta.reshape(a.shape),))
        return (Stage("z1", ("x",), ("k1", "b1"), *first), Stage("a1", ("z1",), (), *convolution.activated("tanh")),
                Stage("flat", ("a1",), (), *flat), Stage("z2", ("flat",), ("k2", "b2"), *second),
                Stage("score", ("z2",), ("w", "bo"), convolution.dense, convolution.dense_slope))


def test_two_in_a_row_are_proved_and_so_are_two_rows_of_data():
    assert len(bp.prove(Twice(), "squared error").proved) == 16
    assert len(bp.prove(Convolution(4, 1, 1, 2), "cross-entropy", rows=2).proved) == 7


def test_taps_that_are_not_turned_round_are_found_where_they_are():
    """The value before the second convolution gets a wrong delta; what lies after it stays proved."""
    _, back = convolution.taps(6, 2, 3, 0)
    proof = bp.prove(Twice(back=back[:, ::-1]), "squared error")
    assert proof.faults and all(name.startswith("dL/dflat[") for name in proof.faults)
    assert set(proof.proved) == {"k2[1,1,1]", "k2[1,1,2]", "k2[1,2,1]", "k2[1,2,2]", "b2[1]", "w[1,1]", "w[2,1]", "bo[1]"}
    assert all("wrong(dL/d" in str(residue) for name, residue in proof.items() if name not in proof.proved)
    assert "Not proved for 8 of 16 weights" in proof.words and "dL/dflat[" in proof.words


MISSING = np.array([0] + [1] * 20)[:, None]
FAULTS = {
    "taps in the wrong order": ("z", lambda right: lambda *a: (lambda k, *rest: (k[:, :, ::-1], *rest))(*right(*a)), {"k"}, set()),
    "bias forgotten": ("z", lambda right: lambda *a: (lambda k, b, x: (k, 0 * b, x))(*right(*a)), {"b"}, set()),
    "first place left out": ("z", lambda right: lambda xp, d, *a: (next(right(xp, d * MISSING[:d.shape[1]], *a)),
                                                                  *list(right(xp, d, *a))[1:]), {"k"}, set()),
    "slope of the activation missing": ("a", lambda right: lambda xp, d, a, z: (d,), {"k", "b"}, {"z"}),
    "share of the mean": ("mean", lambda right: lambda *a: (2 * right(*a)[0],), {"k", "b"}, {"a"}),
    "scores turned round": ("score", lambda right: lambda *a: (lambda w, b, x: (w, b, x[::-1]))(*right(*a)), {"k", "b"}, {"mean"}),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_planted_fault_is_named_where_it_is(fault):
    writes, slope, wrong, at = FAULTS[fault]
    model = Convolution(6, 1, 2, 3, 1, 1, 3)
    proof = bp.prove(planted(model, writes, slope), "squared error")
    assert {name.split("[")[0] for name in proof if name not in proof.proved} == wrong
    assert {name.removeprefix("dL/d").split("[")[0] for name in proof.faults} == at
    fit, theta = sample_fit(model, "squared error")
    off = bp.Fit(planted(model, writes, slope), "squared error", fit.data).gradient(theta) - fit.gradient(theta)
    assert set(np.array(model.names)[abs(off) > 1e-9]) <= set(proof) - set(proof.proved)


def test_a_residue_says_how_much_is_wrong():
    double = planted(Convolution(2, 1, 1, 2), "score", lambda right: lambda *a: (2 * right(*a)[0], *right(*a)[1:]))
    proof, symbols = bp.prove(double, "squared error"), {}
    symbols.update({s.name: s for s in proof["w[1,1]"].free_symbols})
    assert proof["w[1,1]"] == symbols["a[1,1,1]"] * symbols["dL/dscore[1,1]"]
    assert proof["k[1,1,1]"] == 0 and sympy.sympify(proof["bo[1]"]) == 0


def test_refusals():
    for words, said in (({"kernel": 9}, "kernel: got 9 taps; allowed are at most 8"), ({"pool": 4}, "pool: got 4"),
                        ({"padding": 3}, "padding: got 3; allowed is less than the kernel"), ({"stride": 0}, "stride: got 0"),
                        ({"activation": "thanh"}, "did you mean 'tanh'")):
        with pytest.raises(ValueError, match=said):
            Convolution(**words)
    with pytest.raises(ValueError, match="got 437 weights; allowed are at most 300"):
        bp.prove(Convolution(n_out=33), "squared error")
    with pytest.raises(ValueError, match="a Convolution takes 8"):
        bp.Fit(Convolution(), "squared error", bp.DATA["xor"])


@pytest.mark.parametrize("empty", [(0,), (3, 0)], ids=str)
@pytest.mark.parametrize("model", [Convolution(2, 1, 1, 2), bp.Network((2, 3, 1))], ids=str)
def test_no_networks_at_all_have_no_slopes(model, empty):
    """A search may find nothing, and asks for the slopes there all the same."""
    fit, theta = bp.Fit(model, "squared error", bp.Data([[1.0], [-1.0]], [[0.5]])), np.zeros((model.n_params, *empty))
    assert fit.loss(theta).shape == empty and fit.gradient(theta).shape == theta.shape
    assert fit.hessian(theta).shape == (model.n_params, *theta.shape)
