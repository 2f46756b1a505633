"""What people write who come from other libraries, and what they are told to write instead.

Each refusal is followed: what it says to write is written, and works.
"""
import re
import time

import numpy as np
import pytest

import bpviz as bp

RNG = np.random.default_rng(0)
X, Y = RNG.normal(size=(60, 2)), RNG.integers(0, 3, 60)
NET = bp.Network((2, 3, 1))
KERAS = [np.ones((2, 3)), np.ones(3), np.ones((3, 1)), np.ones(1)]
FIT = bp.Fit(NET, "squared error", bp.DATA["xor"])

SAID = [
    (lambda: bp.Data(X, Y), "x: got shape (60, 2) beside 60 targets", "bp.Data.from_rows(x, y)"),
    (lambda: bp.Data(X, Y[:, None]), "x: got shape (60, 2) beside 60 targets", "bp.Data.from_rows(x, y)"),
    (lambda: bp.Data(X, np.eye(3)[Y]), "x: got shape (60, 2) beside 60 targets", "bp.Data.from_rows(x, y)"),
    (lambda: bp.Data.from_rows(X.T, Y), "X: got 2 rows beside 60 targets", "write X.T"),
    (lambda: bp.Fit(bp.Network((2, 3)), "cross-entropy", bp.Data(X.T, Y)), "data: 'data' has 1 targets",
     "bp.Data.from_rows(x.T, y, classes=True)"),
    (lambda: bp.Fit(NET, "cross-entropy", bp.Data(X.T, Y)), "targets from 0 to 2; allowed is 0 to 1",
     "bp.Data.from_rows(x.T, y, classes=True)"),
    (lambda: NET.pack(KERAS), "layers: got 4 arrays, W and b in turn", "list(zip(weights[::2], weights[1::2]))"),
    (lambda: FIT.loss(np.ones((5, NET.n_params))), f"theta: got shape (5, {NET.n_params})", ".T"),
    (lambda: bp.Network((1, 1), None), "activation: got None", "'identity'"),
    (lambda: bp.Network((1, 1), bp.ACTIVATIONS["tanh"]), "activation: got an Activation", "write its name, 'tanh'"),
    (lambda: bp.Network({2, 1}), "sizes: got {1, 2}", "a sequence like (2, 2, 1)"),
    (lambda: bp.Network("2-2-1"), "sizes: got '2-2-1'", "a sequence like (2, 2, 1)"),
    (lambda: bp.derive(FIT)["w1[2,1"], "weight: got 'w1[2,1', did you mean 'w1[2,1]'?", "w1[2,1]"),
    (lambda: NET.index("w1[9,1]"), "weight: got 'w1[9,1]', did you mean", "w1["),
    (lambda: bp.derive(FIT)[["w1[2,1]"]], "weight: got ['w1[2,1]']; allowed is a name", "w1[2,1]"),
    (lambda: bp.Plane.of_weights(bp.SURFACES["booth"], "w1", "w3"), "weight: got 'w3'", "Allowed: w1, w2"),
    (lambda: bp.descend(None, [1.0], bp.Adam()), "objective: got None", "a Fit or anything with loss, gradient, n_params"),
    (lambda: bp.descend(FIT, np.ones(13), bp.Adam), "optimizer: got the class Adam", "with brackets: Adam()"),
    (lambda: bp.descend(FIT, np.ones(13), "adam"), "optimizer: got 'adam'", "GradientDescent(rate=0.5)"),
    (lambda: bp.descend(FIT, np.ones(13), bp.Adam(), schedule=bp.StepDecay), "schedule: got the class StepDecay",
     "with brackets: StepDecay()"),
    (lambda: bp.Adam(rate=0.1, lr=0.1), "lr: got 0.1", "two names of one argument"),
    (lambda: bp.Adam(0.1, lr=0.1), "lr: got 0.1", "two names of one argument"),
    (lambda: bp.Adam(lr="fast"), "lr: got 'fast'", "a finite number above 0"),
    (lambda: bp.Adam(learning_rate=0.1), "learning_rate: no argument of Adam", "rate (or lr)"),
    (lambda: bp.basins(FIT, optimizer=bp.Adam(), exact="False"), "plane: got None", "Plane.of_weights"),
    (lambda: bp.critical_points(FIT, certify="False"), "certify: got 'False'", "True or False"),
    (lambda: bp.critical_points(FIT, starts=0), "starts: got 0", "a whole number from 1"),
    (lambda: bp.puzzles[1].answer(["factor 2"]), "fault: got ['factor 2']; allowed is a name", "factor 2"),
    (lambda: bp.explore.minima(data=["seesaw"]), "data: got ['seesaw']; allowed is a name", "seesaw"),
    (lambda: bp.explore.minima(picture=np.zeros(3)), "picture: got array", "'live' or 'core'"),
    (lambda: bp.DATA["x" * 10**6], "data set: got 'xxx", "Allowed: "),
]


@pytest.mark.parametrize("action, begin, hint", SAID, ids=[begin for _, begin, _ in SAID])
def test_the_sentence_says_what_to_write_instead(action, begin, hint, recwarn):
    with pytest.raises((ValueError, TypeError)) as error:
        action()
    said = str(error.value)
    assert begin in said and hint in said and len(said) < 700, said
    assert not recwarn.list


ELSEWHERE = [("ACTIVATIONS", "linear", "identity"), ("ACTIVATIONS", "Linear", "identity"), ("ACTIVATIONS", "silu", "swish"),
             ("ACTIVATIONS", "Logistic", "sigmoid"), ("ACTIVATIONS", "Leaky_ReLU", "leaky relu"),
             ("ACTIVATIONS", "softmax", "softmax cross-entropy"), ("LOSSES", "mse", "squared error"),
             ("LOSSES", "MSELoss", "squared error"), ("LOSSES", "mean_squared_error", "squared error"),
             ("LOSSES", "bce", "binary cross-entropy"), ("LOSSES", "BCEWithLogitsLoss", "binary cross-entropy"),
             ("LOSSES", "categorical_crossentropy", "softmax cross-entropy"), ("LOSSES", "softmax", "softmax cross-entropy"),
             ("LOSSES", "CrossEntropyLoss", "softmax cross-entropy"), ("STARTS", "xavier", "Glorot normal"),
             ("STARTS", "kaiming_normal", "He"), ("OPTIMIZERS", "sgd", "gradient descent")]


@pytest.mark.parametrize("table, name, here", ELSEWHERE, ids=[f"{table} {name}" for table, name, _ in ELSEWHERE])
def test_names_of_other_libraries_are_answered_with_the_name_here(table, name, here):
    with pytest.raises(ValueError) as error:
        getattr(bp, table)[name]
    assert f"write {here!r}" in str(error.value) or f"the loss {here!r}" in str(error.value), error.value
    assert here in bp.LOSSES or here in getattr(bp, table)


@pytest.mark.parametrize("name", ["mish", "relu6", "sin"])
def test_a_formula_that_is_offered_works(name):
    with pytest.raises(ValueError) as error:
        bp.ACTIVATIONS[name]
    formula, called = re.search(r"bp\.own_activation\('(.*?)', '(.*?)'\)", str(error.value)).groups()
    record = bp.own_activation(formula, called)
    z = np.array([-1.0, 0.5])
    exact = {"mish": [-0.303401, 0.375245], "relu6": [0, 0.5],
             "sine": [-0.841471, 0.479426]}[called]
    assert np.allclose(record.value(np, z), exact, atol=1e-6)


@pytest.mark.parametrize("name", ["mae", "hinge"])
def test_a_loss_that_is_offered_works(name):
    with pytest.raises(ValueError) as error:
        bp.LOSSES[name]
    formula, called = re.search(r"bp\.own_loss\('(.*?)', '(.*?)'\)", str(error.value)).groups()
    try:
        assert bp.own_loss(formula, called).name == called
    finally:
        bp.LOSSES.pop(called, None)


def test_keras_flat_list_packed_as_it_says():
    theta = NET.pack(list(zip(KERAS[::2], KERAS[1::2], strict=True)))
    assert theta.shape == (NET.n_params,)


@pytest.mark.parametrize("name", [record.__name__ for record in bp.OPTIMIZERS.values()])
def test_torchs_names_are_taken(name):
    make = getattr(bp, name)
    assert make(lr=0.25) == make(rate=0.25) and make(lr=0.25).lr == 0.25 and make(0.25) == make(lr=0.25)
    assert repr(make(lr=0.25)) == repr(make(rate=0.25))


def test_torchs_other_names_of_adagrad():
    assert bp.AdaGrad(lr=0.2, lr_decay=0.1, initial_accumulator_value=0.3) == bp.AdaGrad(0.2, rate_decay=0.1, initial=0.3)


def test_rows_by_features_is_the_transpose():
    data = bp.Data.from_rows(X, X[:, 0] * 0.5, "mine", "why not")
    assert np.array_equal(data.x, X.T) and np.array_equal(data.y, X[:, :1].T * 0.5)
    assert (data.name, data.why, data.classes) == ("mine", "why not", ())
    assert np.array_equal(bp.Data.from_rows(X[:, 0], X).x, X[:, :1].T)
    assert np.array_equal(bp.Data.from_rows(X.tolist(), X.tolist()).y, X.T)


@pytest.mark.parametrize("labels", [Y, Y.tolist(), Y[:, None], Y.astype("int8"), np.array(["a", "b", "c"])[Y],
                                    np.array(["a", "b", "c"])[Y].tolist(), np.array(["a", "b", "c"], object)[Y]])
def test_three_classes_become_one_hot_and_it_says_so(labels):
    data = bp.Data.from_rows(X, labels)
    assert np.array_equal(data.y, np.eye(3)[Y].T) and len(data.classes) == 3
    assert "one-hot" in repr(data) and "3 classes became one-hot" in data.why
    assert bp.Fit(bp.Network((2, 4, 3)), "cross-entropy", data).loss(np.zeros(27)) == pytest.approx(np.log(3))


@pytest.mark.parametrize("labels", [Y > 0, (Y > 0) * 1, np.where(Y > 0, "yes", "no"), np.where(Y > 0, 7, 3)])
def test_two_classes_become_one_output(labels):
    data = bp.Data.from_rows(X, labels)
    assert np.array_equal(data.y, (Y > 0)[None] * 1.0) and len(data.classes) == 2
    assert "0 or 1" in repr(data) and "Two classes became one output" in data.why
    assert bp.Fit(NET, "cross-entropy", data).loss(np.zeros(NET.n_params)) == pytest.approx(np.log(2))


def test_the_order_and_the_reading_of_classes_can_be_said():
    assert np.array_equal(bp.Data.from_rows(X, Y * 1.0).y, Y[None])                      # floats are amounts
    assert np.array_equal(bp.Data.from_rows(X, Y * 1.0, classes=True).y, np.eye(3)[Y].T)
    assert np.array_equal(bp.Data.from_rows(X, Y, classes=False).y, Y[None])
    assert np.array_equal(bp.Data.from_rows(X, Y, classes=[2, 1, 0, 9]).y, np.eye(4)[2 - Y].T * (np.arange(4) < 3)[:, None])
    with pytest.raises(ValueError, match="y: got 60 different whole numbers in 60 rows.*classes=True.*classes=False"):
        bp.Data.from_rows(X, np.arange(60))
    with pytest.raises(ValueError, match="y: got one class only"):
        bp.Data.from_rows(X, ["a"] * 60)


class Frame:
    """As a pandas DataFrame is to NumPy."""

    def __init__(self, values):
        self.values = values

    def __array__(self, dtype=None, copy=None):
        return np.asarray(self.values, dtype=dtype)


def test_whatever_numpy_can_read_will_do():
    assert np.array_equal(bp.Data.from_rows(Frame(X), Frame(Y)).y, np.eye(3)[Y].T)
    assert np.array_equal(bp.Data.from_rows(Frame(X.astype(object)), Frame(Y)).x, X.T)
    with pytest.raises(ValueError, match="X: got nan among 120 numbers"):
        bp.Data.from_rows(Frame(np.where(X == X[0, 0], np.nan, X)), Y)


WIDE = bp.Network((4096, 4096, 4096))
MANY = bp.Data(np.zeros((4096, 1)), np.zeros((4096, 1)))
TOO_MUCH = [
    (lambda: bp.derive(bp.Fit(WIDE, "squared error", MANY)), "fit: got a network of 33,562,624 weights"),
    (lambda: bp.code(bp.Fit(WIDE, "squared error", MANY), 0), "fit: got 33,562,624 weights"),
    (lambda: bp.prove(WIDE, "squared error"), "network: got 33562624 weights"),
    (lambda: WIDE.index("w3[1,1]"), "weight: got 'w3[1,1]'"),
    (lambda: bp.initial_weights(bp.Network((4096,) * 200)), "network: got 3,339,481,088 weights"),
    (lambda: bp.critical_points(bp.Fit(WIDE, "squared error", MANY)), "objective: got 33,562,624 weights"),
    (lambda: FIT.loss(np.broadcast_to(0.0, (13, 10**7))), "theta: got 10,000,000 networks"),
    (lambda: FIT.gradient(np.broadcast_to(0.0, (13, 10**7))), "theta: got 10,000,000 networks"),
    (lambda: FIT.hessian(np.broadcast_to(0.0, (13, 2 * 10**6))), "theta: got 2,000,000 networks"),
    (lambda: bp.descend(FIT, np.zeros((13, 1000)), bp.Adam(), 500_000), "steps: got 500,000 for 13,000 weights"),
    (lambda: bp.restarts(bp.Fit(bp.Network((2, 99, 1)), "squared error", bp.DATA["xor"]), bp.Adam(), 1_000_000),
     "starts: got 1,000,000 networks"),
    (lambda: bp.Network((1,) * 10**6), "sizes: got 1,000,000; allowed are at most 1,000"),
    (lambda: bp.Data(np.broadcast_to(0.0, (10**5, 10**5)), [0]), "x: got 10,000,000,000 numbers"),
]


@pytest.mark.parametrize("action, begin", TOO_MUCH, ids=[begin for _, begin in TOO_MUCH])
def test_what_is_too_large_is_told_at_once(action, begin):
    best = np.inf
    for _ in range(3):
        began = time.perf_counter()
        with pytest.raises(ValueError) as error:
            action()
        best = min(best, time.perf_counter() - began)
        if best < 0.5:
            break
    assert str(error.value).startswith(begin) and best < 0.5, (best, str(error.value))
    assert "allowed" in str(error.value).lower()
