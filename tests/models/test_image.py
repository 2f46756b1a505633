"""What is an image's own: torch's conventions by plain NumPy, the ways a slope takes, digits, refusals.

What it shares with every model is in test_laws.py.
"""
import time

import autograd
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from loops.image import score
from zoo import Sample

import bpviz as bp
from bpviz.models import Convolution, Convolution2d, digits, places_of, saliency
from bpviz.models.sliding import crossed, taps


def by_windows(m, k, b, images):
    """z of torch.nn.Conv2d: windows of the padded images, by NumPy's own."""
    p, s = m.padding, m.stride
    padded = np.pad(images, ((0, 0), (p, p), (p, p), (0, 0)))
    windows = np.lib.stride_tricks.sliding_window_view(padded, (m.kernel, m.kernel), axis=(1, 2))[:, ::s, ::s]
    return np.einsum("fcuv,cpqruv->fpqr", k, windows) + b[:, None, None, None]


@st.composite
def models(draw):
    stride, padding, kernel = draw(st.integers(1, 2)), draw(st.integers(0, 1)), draw(st.integers(2, 3))
    pool, down, across = draw(st.integers(1, 3)), draw(st.integers(1, 2)), draw(st.integers(1, 2))
    height, width = ((pool * n - 1) * stride + kernel - 2 * padding for n in (down, across))
    return Convolution2d(max(height, stride, 1), max(width, stride, 1), draw(st.integers(1, 2)), 2, kernel, stride, padding, pool,
                         draw(st.sampled_from(("max", "mean"))), draw(st.sampled_from(("tanh", "relu"))), 2)


@given(model=models())
@settings(max_examples=12, deadline=None)
def test_it_is_torchs_convolution_and_pooling_for_every_shape(model):
    fit, theta = Sample(model, score).fit()
    k, b, w, bo = model.split(theta).values()
    z = by_windows(model, k, b, fit.data.x.reshape(*model.shape, -1))
    a = np.maximum(z, 0) if model.activation == "relu" else np.tanh(z)
    F, H, W, rows = a.shape
    squares = a.reshape(F, H // model.pool, model.pool, W // model.pool, model.pool, rows)
    left = squares.max(axis=(2, 4)) if model.pooling == "max" else squares.mean(axis=(2, 4))
    trace = bp.backprop(fit, theta)
    assert np.allclose(trace.z[0], z, rtol=1e-12, atol=1e-13)
    assert np.allclose(trace.z[-1], np.einsum("io,ir->or", w, left.reshape(-1, rows)) + bo[:, None], rtol=1e-12)
    slow = autograd.grad(Sample(model, score).slow_loss(fit))(theta)
    assert np.allclose(fit.gradient(theta), slow, rtol=1e-10, atol=1e-14)


def test_a_published_convolution():
    """Dumoulin and Visin 2016, figure 1.1: a 3 × 3 kernel on a 5 × 5 image, every product of it shown."""
    image = [3, 3, 2, 1, 0, 0, 0, 1, 3, 1, 3, 1, 2, 2, 3, 2, 0, 0, 2, 2, 2, 0, 0, 0, 1]
    kernel = [0, 1, 2, 2, 2, 0, 0, 1, 2]
    model = Convolution2d(5, 5, 1, 1, 3, pool=1)
    theta = np.zeros(model.n_params)
    theta[:9] = kernel
    z, _, _ = model.forward(theta, np.array(image, float)[:, None])
    assert z[0][0, :, :, 0].tolist() == [[12, 12, 17], [10, 17, 19], [9, 6, 14]]


def test_tables_of_an_image_lead_there_and_back():
    seen, back = crossed(taps(4, 3, 2, 1), taps(5, 2, 1, 0))
    there = {(p, q, u, v, seen[p, q, u, v]) for p, q, u, v in np.ndindex(seen.shape) if seen[p, q, u, v] < 20}
    again = {(*divmod(back[i, j, u, v], 4), u, v, 5 * i + j) for i, j, u, v in np.ndindex(back.shape) if back[i, j, u, v] < 8}
    assert there == again and seen.shape == (2, 4, 3, 2) and back.shape == (4, 5, 3, 2)


def test_of_equal_ones_the_first_gets_the_slope_of_a_max():
    """As in torch: in a square of equal numbers, the one in the upper row, on the left."""
    model = Convolution2d(2, 2, 1, 1, 1, pool=2, activation="identity")
    theta = np.array([1.0, 0.0, 1.0, 0.0])
    for image, first in (([2, 2, 2, 2], 0), ([0, 1, 1, 1], 1), ([0, 0, 1, 1], 2), ([1, 2, 3, 4], 3)):
        slopes = model.to_inputs(theta, np.array(image, float)[:, None], np.ones((1, 1)))[:, 0]
        assert slopes.tolist() == [float(k == first) for k in range(4)]


IMAGES = [Convolution2d(6, 5, 2, 2, 3, 1, 1, 1, "max", "tanh", 2, second=2), Convolution2d(6, 6, 1, 2, 3, 1, 0, 2, "mean"),
          Convolution(6, 2, 2, 3, 1, 1, 2)]


@pytest.mark.parametrize("model", IMAGES, ids=str)
def test_a_slope_is_the_sum_over_all_places(model):
    """Of every entry of every filter, and of its bias: what each place adds, also by moving that place's copy alone."""
    fit, theta = Sample(model, score).fit(l2=0.1)
    plain = bp.Fit(model, fit.loss_name, fit.data).gradient(theta)
    for name in model.names:
        if name.split("[")[0] in ("k", "b", "k2", "b2"):
            added = places_of(fit, theta, name)
            assert added.shape[-1] == fit.data.rows and added.sum() == pytest.approx(plain[model.index(name)], rel=1e-11, abs=1e-14)
    places = bp.backprop(fit, theta).delta[0].shape[1:]
    assert places_of(fit, theta, model.names[0]).shape == places


def test_a_use_is_what_an_own_copy_of_the_weight_would_have_as_its_slope():
    """The weight is moved at one place alone: the loss of a model that does not share, by differences."""
    model = Convolution2d(4, 4, 1, 1, 3, 1, 0, 1, "max", "tanh")
    fit, theta = Sample(model, score).fit("squared error", rows=3)
    k, b, w, bo = model.split(theta).values()
    images = fit.data.x.reshape(4, 4, -1)

    def loss(step, p, q):
        z = by_windows(model, k, b, images[None])[0]
        z[p, q] += step * images[p + 1, q + 2]                                       # k[1,1,2,3], at this place alone
        return ((np.einsum("io,ir->or", w, np.tanh(z).reshape(4, -1)) + bo[:, None] - fit.data.y) ** 2).sum() / 3
    added = places_of(fit, theta, "k[1,1,2,3]").sum(axis=-1)
    for p, q in np.ndindex(2, 2):
        assert added[p, q] == pytest.approx((loss(1e-5, p, q) - loss(-1e-5, p, q)) / 2e-5, rel=1e-7)


def test_weight_sharing_is_the_chain_rule_over_paths():
    """The derivation adds as many paths as there are places, and the proof holds for that very sum."""
    model = Convolution2d(3, 3, 1, 1, 2, pool=1, activation="tanh")
    fit, theta = Sample(model, score).fit("squared error", rows=1)
    derived = bp.derive(fit)["k[1,1,1,2]"]
    assert ("dL/dk[1,1,1,2] = dL/dz[1,1,1]*x[2] + dL/dz[1,1,2]*x[3] + dL/dz[1,2,1]*x[5] + dL/dz[1,2,2]*x[6]"
            "    (chain rule, 4 paths added)") in derived.text(theta)
    added = places_of(fit, theta, "k[1,1,1,2]")
    assert added.shape == (2, 2, 1) and derived.at(theta) == pytest.approx(added.sum(), rel=1e-12)
    delta = bp.backprop(fit, theta).delta[0][0, :, :, 0]
    assert added[..., 0] == pytest.approx(delta * fit.data.x[[[1, 2], [4, 5]], 0])
    assert bp.prove(model, "squared error")["k[1,1,1,2]"] == 0


@pytest.mark.parametrize("model", IMAGES, ids=str)
def test_saliency(model):
    fit, theta = Sample(model, score).fit()
    x, step = fit.data.x, 1e-6 * np.eye(model.n_in)
    found = saliency(fit, theta, x[:, 0], model.n_out)
    moved = [(model.forward(theta, (x[:, :1] + sign * step))[0][-1][-1]) for sign in (1, -1)]
    assert found == pytest.approx((moved[0] - moved[1]) / 2e-6, abs=1e-8)
    assert np.array_equal(saliency(model, theta, x, model.n_out)[:, 0], found)


def test_the_digits():
    train, test = digits()
    assert train.rows == 805 and test.rows == 195 and train.classes == tuple("0123456789")
    assert train.x.min() == 0 and train.x.max() == 1 and (train.x * 16 == np.round(train.x * 16)).all()
    assert (train.y.sum(axis=1) > 78).all() and (test.y.sum(axis=1) > 18).all() and (train.y.sum(axis=0) == 1).all()
    zero = train.x[:, 0].reshape(8, 8)                                    # a ring: ink around, none in the middle
    assert train.y[0, 0] == 1 and zero[3:5, 3:5].sum() < 0.2 * zero.sum() and zero[:, 0].sum() == 0


def test_410_weights_learn_the_digits():
    """96.5 to 97.5 % of the test digits from four starts, in about a second of plain NumPy."""
    train, test = digits()
    model = Convolution2d(n_out=10)
    fit, began = bp.Fit(model, "cross-entropy", train), time.process_time()
    path = bp.descend(fit, bp.initial_weights(model, "He", 0), bp.Adam(0.03), 400, noise=bp.MiniBatch(64, seed=0))
    took, end = time.process_time() - began, path.theta[:, -1]
    right = (fit.predict(end, test.x).argmax(axis=0) == test.y.argmax(axis=0)).mean()
    assert model.n_params == 410 and right >= 0.95 and took < 10
    three = test.x[:, np.flatnonzero(test.y[3])[0]]
    assert np.array_equal(saliency(fit, end, three, "3"), saliency(model, end, three, 4)) and abs(saliency(fit, end, three, "3")).max() > 0


def test_a_model_of_lesson_size_is_proved():
    """8 × 8 pixels, four filters, max pooling, all ten digits: 410 weights are more than a proof takes, 210 are not."""
    proof = bp.prove(Convolution2d(filters=2, n_out=10), "squared error")
    assert len(proof.proved) == 210 and not proof.faults


def test_unit_copies():
    """Filters may be exchanged, with the second convolution's view of them; the function stays."""
    model = Convolution2d(6, 6, 1, 2, 3, 1, 0, 2, "max", "tanh", second=0)
    fit, theta = Sample(model, score).fit()
    blocks = model.split(theta)
    turned = {name: block[::-1] if name in ("k", "b") else block for name, block in blocks.items()}
    turned["w"] = blocks["w"].reshape(2, -1, 1)[::-1].reshape(blocks["w"].shape)
    assert fit.loss(model.join(turned)) == pytest.approx(fit.loss(theta)) and model.alike[0].turned_by == ()
    assert Convolution2d(pooling="mean").alike[0].turned_by == ("relu",) and len(Convolution2d(padding=1, second=2).alike) == 2


@pytest.mark.parametrize("start", bp.STARTS)
def test_its_initial_weights_count_what_a_filter_sees(start):
    model = Convolution2d(channels=2, filters=64, padding=1, second=64)
    blocks = model.split(bp.initial_weights(model, start, 3))
    if start != "orthogonal":
        for name, channels in (("k", 2), ("k2", 64)):
            assert np.var(blocks[name]) == pytest.approx(bp.STARTS[start].variance(9 * channels, 9 * 64), rel=0.2)


def test_refusals_of_an_image():
    for words, said in (({"kernel": 9}, r"kernel: got 9 × 9 taps; allowed are at most 8 × 8, on 8 × 8 inputs"),
                        ({"height": 3, "kernel": 6, "padding": 1}, r"at most 5 × 5, on 3 × 8 inputs with padding 1"),
                        ({"stride": 9}, "stride: got 9; allowed are at most 8, on 8 × 8 inputs"),
                        ({"pool": 4}, r"pool: got 4 × 4 of 6 × 6 places; allowed is what divides the number of places: 1, 2, 3, 6"),
                        ({"padding": 3}, "padding: got 3; allowed is less than the kernel"),
                        ({"pool": 3, "second": 1}, r"second: got filters of 3 × 3 taps for the 2 × 2 places left after pooling"),
                        ({"pooling": "maximum"}, "max"), ({"height": 0}, "height: got 0"), ({"second": -1}, "second: got -1")):
        with pytest.raises(ValueError, match=said):
            Convolution2d(**words)
    model = Convolution2d(4, 4, 1, 1, 3, pool=1)
    fit, theta = Sample(model, score).fit("squared error")
    x = fit.data.x
    for call, said in ((lambda: places_of(fit, theta, "w[1,1]"), r"weight: got 'w\[1,1\]'; allowed is one of a filter, from k\[1,1,1,1\]"),
                       (lambda: places_of(bp.Fit(bp.Network((1, 1)), "squared error", bp.Data([1.0], [1.0])), np.zeros(2), "w1[1,1]"),
                        "allowed is a Fit of a Convolution"),
                       (lambda: places_of(fit, theta, "k[9,9]"), "weight"), (lambda: saliency(fit, theta, x, 2), "score: got 2"),
                       (lambda: saliency(fit, theta, x[:5], 1), r"x: got shape \(5, 4\); allowed is \(16, rows\)"),
                       (lambda: saliency(fit, theta[:3], x, 1), "theta: got"), (lambda: saliency(3, theta, x, 1), "model: got 3"),
                       (lambda: saliency(bp.Fit(Convolution2d(n_out=10), "cross-entropy", digits()[1]), np.zeros(410), digits()[1].x, "x"),
                        "class")):
        with pytest.raises(ValueError, match=said):
            call()
