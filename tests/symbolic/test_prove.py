"""Proofs: 0 for every weight over the whole tables, and a residue for every planted fault."""
import numpy as np
import pytest
import sympy

import bpviz as bp
from bpviz.calculus.activations import Activation
from bpviz.calculus.losses import Loss
from bpviz.network import backprop
from bpviz.symbolic.prove import vanish
from bpviz.symbolic.xp import XP, Heaviside, LogAddExp, maximum, minimum

LOSS = list(bp.LOSSES)
MIXED = [("relu", "softplus"), ("softsign", "elu"), ("swish", "leaky relu"), ("tanh", "sigmoid"), ("identity", "softsign")]


def zero(residues):
    return all(residue == 0 for residue in residues.values())


@pytest.mark.parametrize("loss", LOSS)
@pytest.mark.parametrize("activation", [*bp.ACTIVATIONS, *MIXED], ids=str)
def test_every_activation_under_every_loss(activation, loss):
    net = bp.Network((2, 3, 2), activation)
    residues = bp.prove(net, loss)
    assert tuple(residues) == net.names and len(residues) == 17
    assert zero(residues), residues


@pytest.mark.parametrize("sizes, activation", [((1, 1, 1), "sigmoid"), ((2, 2, 1), "sigmoid"), ((2, 2, 2, 1), "tanh"),
                                               ((2, 2, 2, 1), ("relu", "tanh", "sigmoid"))], ids=str)
def test_shapes(sizes, activation):
    assert zero(bp.prove(bp.Network(sizes, activation), "squared error"))
    assert zero(bp.prove(bp.Network(sizes, activation, bias=False), "cross-entropy"))


def test_a_batch_of_two_rows():
    assert zero(bp.prove(bp.Network((1, 2, 1), "tanh"), "squared error", rows=2))


def mutant(monkeypatch, old, new):
    """backprop.py with one piece of text replaced."""
    source = open(backprop.__file__, encoding="utf-8").read()
    assert source.count(old) == 1, old
    scope = {"__name__": "mutant"}
    exec(compile(source.replace(old, new), "mutant", "exec"), scope)
    monkeypatch.setattr("bpviz.symbolic.prove.forward_and_backward", scope["forward_and_backward"])


FAULTS = {
    "hidden slope missing": (" * records[k - 1].slope(xp, h[k - 1], a[k])", "", {"w1"}),
    "output slope missing": ("error = error * records[-1].slope(xp, h[-1], a[-1])", "pass", {"w1", "w2"}),
    "slope taken at a": ("slope(xp, h[k - 1], a[k])", "slope(xp, a[k], records[k - 1].value(xp, a[k]))", {"w1"}),
    "sign": ("delta = [error]", "delta = [-error]", {"w1", "w2"}),
    "factor 2": ("delta = [error]", "delta = [error * 2]", {"w1", "w2"}),
    "transposed": ('"io...,or...->ir...", W', '"io...,or...->ir...", np.swapaxes(W, 0, 1)', {"w1"}),
    "batch summed": ("t) / rows            #", "t)            #", {"w1", "w2"}),
    "bias forgotten": ("delta[k].sum(axis=1))", "0 * delta[k].sum(axis=1))", {"b1", "b2"}),
    "one path only": ("W, delta[0])", "W, delta[0] * np.array([[1], [0]]))", {"w1"}),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_planted_fault_leaves_a_residue(monkeypatch, fault):
    old, new, wrong = FAULTS[fault]
    mutant(monkeypatch, old, new)
    residues = bp.prove(bp.Network((2, 2, 2), "tanh"), "squared error", rows=2)
    layers = {name[:2] for name, residue in residues.items() if residue != 0}
    assert wrong <= layers and (fault != "bias forgotten" or layers == wrong)


def test_a_wrong_slope_in_the_table_leaves_a_residue(monkeypatch):
    right = bp.ACTIVATIONS["sigmoid"]
    wrong = Activation("sigmoid", right.value, lambda xp, z, a: a * (1 + a), right.formula, "")
    monkeypatch.setitem(bp.ACTIVATIONS, "sigmoid", wrong)
    assert not zero(bp.prove(bp.Network((1, 1, 1), "sigmoid"), "squared error"))


def test_a_wrong_loss_slope_leaves_a_residue(monkeypatch):
    wrong = Loss("squared error", bp.LOSSES["squared error"].value, lambda xp, z, o, t: o - t, "", "")
    monkeypatch.setitem(bp.LOSSES, "squared error", wrong)
    assert not zero(bp.prove(bp.Network((1, 1), "tanh"), "squared error"))


def test_vanish_is_not_fooled():
    z = sympy.Symbol("z", real=True)
    assert vanish(Heaviside(z) ** 2 - Heaviside(z)) == 0
    assert vanish(1 / (1 + z * (2 * Heaviside(z) - 1)) * (1 + z * (2 * Heaviside(z) - 1)) - 1) == 0
    for expression in (z, Heaviside(z), Heaviside(z) - 1, sympy.tanh(z) - z, sympy.exp(z) - 1, 1 / (1 + z) - 1, z ** 2 - z):
        assert vanish(expression) == expression


@pytest.mark.parametrize("z", [-2.5, -0.3, 0.4, 3.0])
def test_the_symbolic_namespace_means_what_numpy_means(z):
    number = sympy.Float(z, 30)
    for name in ("exp", "expm1", "log", "tanh", "abs"):
        if name != "log" or z > 0:
            assert np.isclose(float(getattr(XP, name)(number)), getattr(np, name)(z), rtol=1e-14)
    for u, v in ((z, 0), (0, z), (z, 1)):
        u, v = sympy.sympify(u), sympy.sympify(v)
        assert np.isclose(float(maximum(u, v)), float(max(u, v))) and np.isclose(float(minimum(u, v)), float(min(u, v)))
        assert np.isclose(float(LogAddExp(u, v).doit()), np.logaddexp(float(u), float(v)))


def test_refusals():
    with pytest.raises(ValueError, match="network: got 220 weights; allowed are at most 60"):
        bp.prove(bp.Network((10, 20)), "squared error")
    with pytest.raises(ValueError, match="rows: got 0"):
        bp.prove(bp.Network((1, 1)), "squared error", rows=0)
    with pytest.raises(ValueError, match="loss: got 'softmax cross-entropy' for 1 output; allowed from 2 outputs on"):
        bp.prove(bp.Network((2, 1)), "softmax cross-entropy")
    with pytest.raises(ValueError, match="did you mean 'squared error'"):
        bp.prove(bp.Network((1, 1)), "squared eror")
