"""The seam of models: a small recurrent network as a list of stages goes through everything a Fit goes through."""
import json
import pickle
from dataclasses import dataclass

import numpy as np
import pytest
import sympy

import bpviz as bp
from bpviz.calculus.interval import Interval
from bpviz.calculus.losses import loss_named
from bpviz.network.model import Model
from bpviz.network.stage import Stage
from bpviz.symbolic.prove import symbol, vanish
from bpviz.symbolic.xp import XP


def first(xp, U, b, x):
    return xp.tanh(np.einsum("i...,r...->ir...", U, x[0]) + b[:, None])


def first_slope(xp, delta, h, U, b, x):
    d = delta * (1 - h * h)
    return np.einsum("ir...,r...->i...", d, x[0]), d.sum(axis=1), np.einsum("i...,ir...->r...", U, d)[None]


def later(t):
    def value(xp, U, V, b, x, before):
        return xp.tanh(np.einsum("i...,r...->ir...", U, x[t]) + np.einsum("io...,ir...->or...", V, before) + b[:, None])

    def slope(xp, delta, h, U, V, b, x, before):
        d = delta * (1 - h * h)
        by_x = np.einsum("i...,ir...->r...", U, d)
        return (np.einsum("ir...,r...->i...", d, x[t]), np.einsum("ir...,or...->io...", before, d), d.sum(axis=1),
                np.stack([by_x if k == t else 0 * by_x for k in range(len(x))]), np.einsum("io...,or...->ir...", V, d))
    return value, slope


def score(xp, w, h):
    return np.einsum("i...,ir...->r...", w, h)[None]


def score_slope(xp, delta, z, w, h):
    return np.einsum("ir...,r...->i...", h, delta[0]), np.einsum("i...,r...->ir...", w, delta[0])


@dataclass(frozen=True)
class Recurrent(Model):
    """h_t = tanh(U x_t + V'h_(t-1) + b), one score at the end; `unused` is written and never read."""
    n_in: int = 3
    units_in_state: int = 2
    n_out = 1

    @property
    def blocks(self):
        n = self.units_in_state
        return {"U": (n,), "V": (n, n), "b": (n,), "w": (n,)}

    @property
    def stages(self):
        h1 = Stage("h1", ("x",), ("U", "b"), first, first_slope, activation="tanh")
        unused = Stage("unused", ("h1",), (), lambda xp, h: h * h, lambda xp, d, v, h: (2 * h * d,))
        more = [Stage(f"h{t + 1}", ("x", f"h{t}"), ("U", "V", "b"), *later(t), activation="tanh") for t in range(1, self.n_in)]
        return h1, unused, *more, Stage("z", (f"h{self.n_in}",), ("w",), score, score_slope)


DATA = bp.Data([[0.5, -1.0, 2.0, 0.3], [0.1, 1.5, -0.5, 0.0], [0.4, 0.7, -1.1, 0.2]], [[1.0, 0.0, 1.0, 0.0]], "signs")
FITS = [bp.Fit(Recurrent(), loss, DATA, l2) for loss in ("squared error", "cross-entropy") for l2 in (0.0, 0.1)]
THETA = np.random.default_rng(1).normal(size=10) * 0.7


@pytest.mark.parametrize("fit", FITS)
def test_its_gradient_is_the_slope_of_its_loss(fit):
    step = np.eye(10) * 1e-6
    numeric = (fit.loss(THETA[:, None] + step) - fit.loss(THETA[:, None] - step)) / 2e-6
    assert fit.gradient(THETA) == pytest.approx(numeric, abs=2e-9)
    hessian = fit.hessian(THETA)
    assert hessian == pytest.approx(hessian.T, abs=1e-14)
    assert hessian[0] == pytest.approx((fit.gradient(THETA + step[0]) - fit.gradient(THETA - step[0])) / 2e-6, abs=2e-8)


@pytest.mark.parametrize("fit", FITS)
def test_a_cloud_a_straight_line_program_and_an_enclosure_agree_with_one_walk(fit):
    cloud = np.random.default_rng(2).normal(size=(10, 3, 2))
    assert fit.gradient(cloud)[:, 2, 1] == pytest.approx(fit.gradient(cloud[:, 2, 1]), abs=1e-14)
    loss, slopes = fit.single(*THETA.tolist())
    assert loss == pytest.approx(fit.loss(THETA)) and slopes == pytest.approx(fit.gradient(THETA), abs=1e-14)
    around = bp.backprop(fit, Interval(THETA, THETA)).gradient
    assert (around.lo <= fit.gradient(THETA)).all() and (fit.gradient(THETA) <= around.hi).all()
    assert fit.gradient(THETA, rows=[1, 2]) == pytest.approx(
        bp.Fit(fit.network, fit.loss_name, bp.Data(DATA.x[:, 1:3], DATA.y[:, 1:3]), fit.l2).gradient(THETA))


@pytest.mark.parametrize("fit", FITS)
def test_its_script_and_its_derivation_give_the_same_slopes(fit, capsys):
    exec(bp.code(fit, THETA), {})
    found, *slopes = capsys.readouterr().out.strip().splitlines()
    gradient = [number for line in slopes for number in np.ravel(json.loads(line[line.index("["):]))]
    assert float(found.split()[1]) == pytest.approx(fit.loss(THETA)) and gradient == pytest.approx(fit.gradient(THETA))
    derived = bp.derive(fit)
    assert [derived[name].at(THETA) for name in fit.names] == pytest.approx(fit.gradient(THETA), rel=1e-11)
    assert "chain rule, 2 paths added" in derived["U[1]"].text()


@pytest.mark.parametrize("optimizer", [bp.GradientDescent(0.2), bp.Adam(0.05)])
def test_it_is_trained_alone_and_with_others(optimizer):
    fit, cloud = FITS[1], THETA[:, None] * [1.0, 1.1]
    path = bp.descend(fit, THETA, optimizer, 300)
    assert fit.loss(path.theta[:, -1]) < 0.7 * fit.loss(THETA)
    both = bp.descend(fit, cloud, optimizer, 300)
    assert both.theta[:, -1, 0] == pytest.approx(path.theta[:, -1], abs=1e-9)
    noisy = bp.descend(fit, THETA, optimizer, 50, noise=bp.MiniBatch(2))
    assert np.isfinite(noisy.theta).all()


def test_what_it_says_of_itself():
    model = Recurrent()
    assert model.names[:7] == ("U[1]", "U[2]", "V[1,1]", "V[1,2]", "V[2,1]", "V[2,2]", "b[1]")
    assert model.n_params == 10 and model.index("V[2,1]") == 4 and model.is_weight.sum() == 8
    assert model.units == 3 + 4 * 2 + 1 and model.multiplications == 2 + 2 + 4 + 4 + 2
    assert np.array_equal(model.join(model.split(THETA)), THETA)
    assert model == pickle.loads(pickle.dumps(model)) and pickle.loads(pickle.dumps(FITS[0])).loss(THETA) > 0
    with pytest.raises(ValueError, match="weight: got"):
        model.index("U[3]")
    with pytest.raises(ValueError, match="a Recurrent takes 3"):
        bp.Fit(model, "squared error", bp.DATA["xor"])


def test_every_value_and_delta_can_be_given_a_name_and_the_chain_rule_holds_between_the_names():
    model, record, formulas, symbols = Recurrent(), loss_named("squared error", 1), {}, {}

    def named(name, v):
        formulas[name] = v
        symbols[name] = np.array([symbol(f"{name}_{k}") for k in range(v.size)], dtype=object).reshape(v.shape)
        return symbols[name]
    theta = np.array([symbol(name) for name in model.names], dtype=object)
    x, t = (np.array([[symbol(f"{letter}{k}")] for k in range(n)], dtype=object) for letter, n in (("x", 3), ("t", 1)))
    trace = model.forward_and_backward(record, theta, x, t, XP, named)
    met = [stage.writes for stage in model.stages]
    total = trace.loss + sum((symbols[f"dL/d{name}"] * formulas[name]).sum() for name in met)
    for by_hand, weight in zip(trace.gradient, theta, strict=True):
        assert vanish(by_hand - sympy.diff(total, weight)) == 0
    for name in met:
        for by_hand, value in zip(formulas[f"dL/d{name}"].flat, symbols[name].flat, strict=True):
            assert vanish(by_hand - sympy.diff(total, value)) == 0
