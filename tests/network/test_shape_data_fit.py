"""Shapes, names, round trips, and every refusal."""
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import bpviz as bp
from bpviz.network.data import CLOUDS


@given(st.lists(st.integers(1, 5), min_size=2, max_size=5), st.booleans(), st.sampled_from([(), (3,), (2, 4)]))
def test_pack_and_layers_are_inverse(sizes, bias, cloud):
    net = bp.Network(tuple(sizes), "tanh", bias)
    theta = np.random.default_rng(0).normal(size=(net.n_params, *cloud))
    assert np.array_equal(net.pack(net.layers(theta), layout="in, out"), theta)
    turned = [(W.swapaxes(0, 1), b) for W, b in net.layers(theta)]
    assert np.array_equal(net.pack(turned, layout="out, in"), theta)
    assert net.n_params == len(net.names) == len(set(net.names))
    assert net.is_weight.sum() == sum(a * b for a, b in zip(sizes, sizes[1:], strict=False))


def test_names_and_order_are_the_articles():
    net = bp.Network((2, 2, 1), "sigmoid")
    assert net.names == ("w1[1,1]", "w1[1,2]", "w1[2,1]", "w1[2,2]", "b1[1]", "b1[2]", "w2[1,1]", "w2[2,1]", "b2[1]")
    (W, b), _ = net.layers(np.arange(9.0))
    assert W.tolist() == [[0, 1], [2, 3]] and b.tolist() == [4, 5]


NET = bp.Network((2, 2, 1))
XOR = bp.Fit(NET, "squared error", bp.DATA["xor"])
REFUSED = [
    (lambda: bp.Network((2,)), "sizes: got (2,); allowed are at least two layers"),
    (lambda: bp.Network(5), "sizes: got 5"),
    (lambda: bp.Network((2, 0, 1)), "sizes: got 0; allowed is a whole number from 1"),
    (lambda: bp.Network((2, 1.5)), "sizes: got 1.5"),
    (lambda: bp.Network((2, True)), "sizes: got True"),
    (lambda: bp.Network((2, 10**6)), "sizes: got 1000000"),
    (lambda: bp.Network((2, 1), "Sigmoid"), "did you mean 'sigmoid'"),
    (lambda: bp.Network((2, 2, 1), ("tanh",)), "activation: got 1 names; allowed is one, or 2"),
    (lambda: bp.Network((2, 1), bias="no"), "bias: got 'no'"),
    (lambda: NET.pack([(np.ones((2, 2)), np.ones(2))]), "layers: got 1; allowed are 2"),
    (lambda: NET.pack([(np.ones((2, 3)), np.ones(2)), (np.ones((2, 1)), np.ones(1))]),
     "W of layer 1: got shape (2, 3); allowed is (2, 2)"),
    (lambda: NET.pack([(np.ones((2, 2)), np.ones(3)), (np.ones((2, 1)), np.ones(1))]), "b of layer 1: got shape (3,)"),
    (lambda: NET.pack([(np.ones((2, 2)), None), (np.ones((2, 1)), None)]), "b of layer 1: got None"),
    (lambda: NET.pack([(np.full((2, 2), np.nan), np.ones(2)), (np.ones((2, 1)), np.ones(1))]), "got nan among 4"),
    (lambda: NET.pack([(np.ones((2, 2)), np.ones(2)), (np.ones((1, 2)), np.ones(1))]),
     "W of layer 2: got shape (1, 2); allowed is (2, 1) and trailing axes: if it stands (out, in), as torch's do, give "
     "layout='out, in': that turns square layers too"),
    (lambda: bp.Network((2, 2), bias=False).pack([np.array([[1.0, 2.0], [3.0, 4.0]])]),
     "W of layer 1: got shape (2, 2), which can stand both ways; allowed with layout='in, out'"),
    (lambda: NET.pack([], layout="torch"), "layout: got 'torch'; allowed is 'in, out', 'out, in' or None"),
    (lambda: XOR.predict(np.ones(9), [1.0, 2.0]), "x: got shape (2,); allowed is (2, rows), an input a row and an example "
     "a column: one example is a column, x[:, None]"),
    (lambda: XOR.predict(np.ones(9), np.ones((5, 2))), "x: got shape (5, 2); allowed is (2, rows), an input a row and an "
     "example a column: an example is a column, write x.T"),
    (lambda: XOR.predict(np.ones(9), 3.0), "x: got shape (); allowed is (2, rows)"),
    (lambda: XOR.predict(np.ones(9), np.ones((1, 4))), "x: got shape (1, 4); allowed is (2, rows)"),
    (lambda: XOR.predict(np.ones(9), np.ones((2, 4, 1))), "x: got shape (2, 4, 1); allowed is (2, rows)"),
    (lambda: NET.index("w9"), "weight: got 'w9'. Allowed: w1[1,1]"),
    (lambda: bp.Data([1, np.inf], [0, 0]), "x: got inf among 2 numbers"),
    (lambda: bp.Data([1, 2], ["a", 0]), "y: got ['a', 0]; allowed are numbers"),
    (lambda: bp.Data([1, 2], [1, 2, 3]), "y: got 3 rows; allowed are 2"),
    (lambda: bp.Data([], []), "x: got shape (1, 0)"),
    (lambda: bp.Data([1], [1], activation="sigmod"), "activation: got 'sigmod', did you mean 'sigmoid'"),
    (lambda: bp.Data([1], [1], rate=0), "rate: got 0"),
    (lambda: bp.Data(np.ones((2, 2, 2)), [1, 2]), "x: got shape (2, 2, 2)"),
    (lambda: bp.Fit(NET, "squared error", bp.DATA["seesaw"]), "data: 'seesaw' has 1 inputs; a network of sizes"),
    (lambda: bp.Fit(NET, "squred error", bp.DATA["xor"]), "did you mean 'squared error'"),
    (lambda: bp.Fit(NET, "squared error", bp.DATA["xor"], l2=-1), "l2: got -1; allowed is a finite number at least 0"),
    (lambda: bp.Fit(NET, "squared error", "xor"), "data: got 'xor'"),
    (lambda: bp.Fit((2, 2, 1), "squared error", bp.DATA["xor"]), "network: got (2, 2, 1)"),
    (lambda: bp.Fit(NET, "cross-entropy", bp.Data([[1], [1]], [[2]])), "targets from 2 to 2; allowed is 0 to 1"),
    (lambda: bp.Fit(bp.Network((1, 2)), "cross-entropy", bp.Data([1], [[0.5], [0.1]])), "targets sum to 0.6"),
    (lambda: bp.Fit(NET, "squared error", bp.DATA["xor"]).loss(np.ones(8)), "theta: got shape (8,); allowed is (9, ...)"),
    (lambda: bp.Fit(NET, "squared error", bp.DATA["xor"]).gradient(np.full(9, np.nan)), "theta: got nan among 9"),
    (lambda: bp.Fit(NET, "squared error", bp.DATA["xor"]).loss(3.0), "theta: got shape ()"),
    (lambda: bp.DATA["trydent"], "data set: got 'trydent', did you mean 'trident'"),
]


@pytest.mark.parametrize("action, sentence", REFUSED, ids=[s for _, s in REFUSED])
def test_refusals_name_argument_value_and_what_is_allowed(action, sentence, recwarn):
    with pytest.raises(ValueError) as error:
        action()
    assert sentence in str(error.value)
    assert not recwarn.list


def test_data_is_frozen_and_copied():
    x = np.array([1.0, 2.0])
    data = bp.Data(x, [0, 1])
    x[0] = 9
    assert data.x[0, 0] == 1
    with pytest.raises(ValueError):
        data.x[0, 0] = 5


def test_a_cross_entropy_brings_its_own_output():
    fit = bp.Fit(bp.Network((2, 3), "tanh"), "cross-entropy", bp.Data([[1], [2]], [[1], [0], [0]]))
    p = fit.predict(np.linspace(-1, 1, 9))
    assert np.isclose(p.sum(), 1) and (p > 0).all()


def test_predict_on_new_inputs():
    fit = bp.Fit(NET, "squared error", bp.DATA["xor"])
    theta = np.linspace(-1, 1, 9)
    assert np.allclose(fit.predict(theta, bp.DATA["xor"].x[:, :2]), fit.predict(theta)[:, :2])


def test_predict_broadcasts_nothing():
    """Whatever shape comes, what is accepted has one column an example and agrees with each example alone."""
    rng = np.random.default_rng(0)
    for sizes in ((1, 2, 1), (2, 2, 1), (3, 2)):
        fit = bp.Fit(bp.Network(sizes), "squared error", bp.Data(rng.normal(size=(sizes[0], 2)), np.ones((sizes[-1], 2)) / 2))
        theta = rng.normal(size=fit.n_params)
        for shape in [(), (1,), (2,), (3,), *((a, b) for a in (0, 1, 2, 3) for b in (0, 1, 2, 3)), (2, 2, 2), (1, 3, 1)]:
            x = rng.normal(size=shape)
            stands = len(shape) == 2 and shape[0] == sizes[0] and shape[1] > 0 or len(shape) == sizes[0] == 1
            if stands:
                out = fit.predict(theta, x)
                columns = x.reshape(sizes[0], -1)
                alone = [fit.predict(theta, columns[:, k:k + 1])[:, 0] for k in range(columns.shape[1])]
                assert np.allclose(out, np.stack(alone, axis=1), rtol=1e-14)
            else:
                with pytest.raises(ValueError, match="x: got shape"):
                    fit.predict(theta, x)


def test_a_square_symmetric_layer_can_stand_only_one_way():
    W = np.array([[1.0, 2.0], [2.0, 3.0]])
    assert bp.Network((2, 2), bias=False).pack([W]).tolist() == [1, 2, 2, 3]
    assert bp.Network((1, 1, 1)).pack([([[2.0]], [0.0]), ([[3.0]], [1.0])]).tolist() == [2, 0, 3, 1]
    turned = np.array([[1.0, 2.0], [3.0, 4.0]])
    assert bp.Network((2, 2), bias=False).pack([turned], layout="out, in").tolist() == [1, 3, 2, 4]


@pytest.mark.parametrize("name", CLOUDS)
def test_clouds_have_rows_noise_and_a_seed(name):
    make = CLOUDS[name]
    a, b, c, still = make(101, 0.2, 1), make(101, 0.2, 1), make(101, 0.2, 2), make(40, 0.0)
    assert a.x.shape == (2, 101) and a.y.shape == (1, 101) and abs(a.y.mean() - 0.5) < 0.01
    assert np.array_equal(a.x, b.x) and not np.array_equal(a.x, c.x)
    assert np.isclose((a.x - make(101, 0.0).x).std(), 0.2, rtol=0.2)
    assert np.abs(still.x).max() < 1.6 and np.abs(still.x.mean(axis=1)).max() < 0.2
    linear = np.linalg.lstsq(np.vstack([still.x, np.ones(40)]).T, still.y[0] - 0.5, rcond=None)[0]
    right = ((np.vstack([still.x, np.ones(40)]).T @ linear > 0) == (still.y[0] > 0.5)).mean()
    assert right < 0.95                                           # no line tells the classes apart
    with pytest.raises(ValueError, match="noise: got -1"):
        make(noise=-1)
    with pytest.raises(ValueError, match="rows: got 1"):
        make(1)
