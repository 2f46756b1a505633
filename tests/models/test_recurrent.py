"""What is a recurrent network's own: torch's conventions, the way back through time, tasks of sequences, memory.

What it shares with every model is in test_laws.py.
"""
import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import bpviz as bp
from bpviz.landscape import symmetry
from bpviz.models import GRU, LSTM, Recurrent, tasks, through_time
from bpviz.models.memory import memory, told_right
from bpviz.network.gradient_flow import norm

KINDS = Recurrent, LSTM, GRU
each_kind = pytest.mark.parametrize("kind", KINDS)


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


def torchs(model, theta):
    """(weight_ih, weight_hh, bias_ih, bias_hh) as torch.nn has them, gates below each other, and the Linear's (W, b)."""
    block = model.split(theta)
    gates = {Recurrent: [""], LSTM: [*"ifgo"], GRU: [*"run"]}[type(model)]
    ih, hh, b = (np.concatenate([block[f"{letter}{k}"].T for k in gates]) for letter in "UVb")
    H, b_hh = model.hidden, 0 * b
    if isinstance(model, GRU):
        b_hh[2 * H:] = block["bv"]
    else:
        b, b_hh = 0.25 * b, 0.75 * b                                         # torch has two biases that are added
    return ih, hh, b, b_hh, block["w"].T, block["bw"]


def as_torch_says(model, theta, x):
    """The formulas of the documentation of torch.nn.RNN, LSTM and GRU for one sequence x (steps, inputs): the states."""
    ih, hh, b_ih, b_hh, _, _ = torchs(model, theta)
    h = c = np.zeros(model.hidden)
    states = []
    for seen in x:
        a, s = ih @ seen + b_ih, hh @ h + b_hh
        if isinstance(model, LSTM):
            i, f, g, o = np.split(a + s, 4)
            c = sigmoid(f) * c + sigmoid(i) * np.tanh(g)
            h = sigmoid(o) * np.tanh(c)
        elif isinstance(model, GRU):
            (a_r, a_z, a_n), (s_r, s_z, s_n) = np.split(a, 3), np.split(s, 3)
            z, n = sigmoid(a_z + s_z), np.tanh(a_n + sigmoid(a_r + s_r) * s_n)
            h = (1 - z) * n + z * h
        else:
            h = np.tanh(a + s)
        states.append(h)
    return states


@settings(max_examples=15)
@given(kind=st.sampled_from(KINDS), steps=st.integers(1, 6), inputs=st.integers(1, 3), hidden=st.integers(1, 4),
       outputs=st.integers(1, 3), every=st.booleans(), seed=st.integers(0, 99))
def test_it_is_torchs_module_and_its_slopes_are_differences(kind, steps, inputs, hidden, outputs, every, seed):
    model, rng = kind(steps, inputs, hidden, outputs, every), np.random.default_rng(seed)
    theta, x = rng.normal(size=model.n_params), rng.normal(size=(model.n_in, 2))
    fit = bp.Fit(model, "squared error", bp.Data(x, rng.normal(size=(model.n_out, 2))))
    W, b = torchs(model, theta)[-2:]
    for row in range(2):
        states = as_torch_says(model, theta, x[:, row].reshape(steps, inputs))
        scores = [W @ h + b for h in (states if every else states[-1:])]
        assert fit.predict(theta)[:, row] == pytest.approx(np.concatenate(scores), rel=1e-12, abs=1e-13)
    way = rng.normal(size=model.n_params)
    slope = (fit.loss(theta + 1e-6 * way) - fit.loss(theta - 1e-6 * way)) / 2e-6
    assert fit.gradient(theta) @ way == pytest.approx(slope, rel=1e-6, abs=1e-7)


@pytest.mark.parametrize("model", [Recurrent(20), LSTM(10), GRU(10), Recurrent(3, 2, 2, 2, True), LSTM(2, 1, 1, 3, True)], ids=str)
def test_long_ones_are_proved_and_so_is_a_softmax_at_every_step(model):
    proof = bp.prove(model, "cross-entropy")
    assert proof.proved == model.names and not proof.faults


def test_two_rows_of_data_are_proved():
    assert len(bp.prove(Recurrent(3, 1, 2), "cross-entropy", rows=2).proved) == 11


@each_kind
def test_a_softmax_at_every_step_is_over_the_scores_of_that_step(kind):
    model, rng = kind(3, 2, 2, 4, True), np.random.default_rng(1)
    theta, x, right = rng.normal(size=model.n_params), rng.normal(size=(6, 5)), rng.integers(0, 4, (3, 5))
    y = np.eye(4)[right].transpose(0, 2, 1).reshape(12, 5)
    fit = bp.Fit(model, "cross-entropy", bp.Data(x, y))
    scores = bp.Fit(model, "squared error", bp.Data(x, y)).predict(theta).reshape(3, 4, 5)
    p = np.exp(scores) / np.exp(scores).sum(axis=1, keepdims=True)
    assert fit.predict(theta) == pytest.approx(p.reshape(12, 5))
    told = np.take_along_axis(p, right[:, None], axis=1)
    assert fit.loss(theta) == pytest.approx(-np.log(told).sum() / 5)
    step = 1e-6 * np.eye(model.n_params)
    slopes = [(fit.loss(theta + s) - fit.loss(theta - s)) / 2e-6 for s in step]
    assert fit.gradient(theta) == pytest.approx(slopes, abs=1e-8)
    with pytest.raises(ValueError, match="a row whose targets sum to 0; allowed is a sum of 1"):
        bp.Fit(model, "cross-entropy", bp.Data(x, np.eye(12)[:, :5]))


@each_kind
def test_its_copies_are_copies(kind):
    model, rng = kind(3, 2, 2, 2), np.random.default_rng(2)
    fit = bp.Fit(model, "squared error", bp.Data(rng.normal(size=(6, 4)), rng.normal(size=(2, 4))))
    theta = rng.normal(size=model.n_params)
    copies = symmetry.copies(model, theta)
    assert copies.shape[1] == (8 if kind is Recurrent else 2) and len({*map(tuple, copies.T)}) == copies.shape[1]
    assert fit.loss(copies) == pytest.approx(np.full(copies.shape[1], fit.loss(theta)), rel=1e-12)


@each_kind
def test_gates_are_opened_by_hand(kind):
    model = kind(2, 1, 3)
    theta = bp.initial_weights(model, seed=1)
    if kind is Recurrent:
        assert not hasattr(model, "open_gates")
        return
    opened, name = model.open_gates(theta, 2.0), "bf" if kind is LSTM else "bu"
    assert (model.split(opened)[name] == 2).all() and (opened != theta).sum() == 3
    with pytest.raises(ValueError, match="bias: got nan"):
        model.open_gates(theta, float("nan"))


# ---- the way back through time

def some_fit(kind, steps=5, every=False, seed=3, hidden=3):
    model, rng = kind(steps, 2, hidden, 2, every), np.random.default_rng(seed)
    data = bp.Data(rng.normal(size=(model.n_in, 4)), rng.normal(size=(model.n_out, 4)))
    return bp.Fit(model, "squared error", data), rng.normal(size=model.n_params)


@each_kind
def test_jacobians_from_state_to_state_are_differences(kind):
    """h_1 and c_1 are moved by what the first stage is handed: the stages run on from a state that is moved by hand."""
    fit, theta = some_fit(kind, 3)
    model, found = fit.network, through_time.state_jacobians(fit, theta, 2)
    blocks, x = model.split(theta), fit.data.x[:, 2:3]

    def run(state, t):
        values = {"x": x, **{f"{letter}{t - 1}": part[:, None] for letter, part in zip(model.state, state, strict=True)}}
        for stage in model.step(t):
            values[stage.writes] = stage.value(np, *(blocks[name] for name in stage.weights),
                                               *(values[name] for name in stage.reads))
        return np.concatenate([values[f"{letter}{t}"][:, 0] for letter in model.state])
    trace = dict(zip((stage.writes for stage in model.stages), bp.backprop(fit, theta, rows=[2]).z, strict=True))
    for t in (2, 3):
        before = np.concatenate([trace[f"{letter}{t - 1}"][:, 0] for letter in model.state])
        moved = [(run(np.split(before + s, len(model.state)), t) - run(np.split(before - s, len(model.state)), t)) / 2e-6
                 for s in 1e-6 * np.eye(len(before))]
        assert found.matrices[t - 2] == pytest.approx(np.array(moved).T, abs=1e-8)


@pytest.mark.parametrize("kind, every", [*itertools.product((Recurrent, GRU), (False, True))])
def test_the_gradient_goes_back_by_the_jacobians(kind, every):
    """dL/dh_(t-1) = J_t' dL/dh_t, and what the score of step t - 1 adds."""
    fit, theta = some_fit(kind, every=every)
    found, row = through_time.state_jacobians(fit, theta, 1), bp.backprop(fit, theta, rows=[1])
    own = fit.network.split(theta)["w"] @ row.delta[-1][:, 0].reshape(-1, 2).T                     # (H, answers)
    for t in range(5, 1, -1):
        back = found.matrices[t - 2].T @ found.deltas[t - 1]
        assert found.deltas[t - 2] == pytest.approx(back + (own[:, t - 2] if every else 0), abs=1e-12)
    assert found.gradient == pytest.approx([norm(delta) for delta in found.deltas])
    every_row = through_time.state_gradients(fit, theta)
    assert every_row.shape == (5, 3, 4) and every_row[:, :, 1] * 4 == pytest.approx(np.array(found.deltas))


def test_an_lstms_gradient_goes_back_by_the_jacobians():
    """Beyond step t a state is h_t and c_t apart: c_t's own way through h_t is not counted twice."""
    fit, theta = some_fit(LSTM)
    found, H = through_time.state_jacobians(fit, theta), 3
    g = np.concatenate([found.deltas[-1], np.zeros(H)])
    for t in range(5, 1, -1):
        g = found.matrices[t - 2].T @ g
        assert g[:H] == pytest.approx(found.deltas[t - 2], abs=1e-13)


def test_they_are_the_factors_of_a_deep_network_whose_layers_are_alike():
    """An Elman network that reads nothing after its first step is layers of one W: lesson 9's Jacobians, turned round."""
    model, rng = Recurrent(4, 1, 3), np.random.default_rng(4)
    theta = rng.normal(size=model.n_params)
    U, V, b, w, bw = model.split(theta).values()
    x = rng.normal(size=(1, 2))
    fit = bp.Fit(model, "squared error", bp.Data(np.concatenate([x, np.zeros((3, 2))]), [[0.3, 0.4]]))
    deep = bp.Network((1, 3, 3, 3, 3, 1), ("tanh",) * 4 + ("identity",))
    layers = bp.Fit(deep, "squared error", bp.Data(x, [[0.3, 0.4]]))
    tied = np.concatenate([part.ravel() for part in (U, b, V, b, V, b, V, b, w, bw)])
    assert layers.loss(tied) == pytest.approx(fit.loss(theta))
    time, depth = through_time.state_jacobians(fit, theta, 1), bp.layer_jacobians(layers, tied, 1)
    slopes = [1 - bp.backprop(fit, theta).z[2 * t + 1][:, 1] ** 2 for t in range(4)]
    for t in range(3):
        assert time.matrices[t] * slopes[t] == pytest.approx(slopes[t + 1][:, None] * depth.matrices[t])
        assert time.matrices[t] == pytest.approx(slopes[t + 1][:, None] * V.T)
    assert time.product[0] == pytest.approx(np.log10(np.linalg.norm(np.linalg.multi_dot(time.matrices[::-1]), 2)))


def test_how_fast_it_fades_is_foretold():
    """Linear units and a V of one number: the rate is that number, the border ln(FAINT) / ln(rate)."""
    model = Recurrent(12, 1, 2, activation="identity")
    fit = bp.Fit(model, "squared error", bp.Data(np.ones((12, 1)), [[0.5]]))
    theta = model.join({"U": np.ones((1, 2)), "V": 0.5 * np.eye(2), "b": np.zeros(2), "w": np.ones((2, 1)), "bw": np.ones(1)})
    found = through_time.state_jacobians(fit, theta)
    assert found.rate == pytest.approx(0.5) and found.values == pytest.approx(np.full((11, 2), 0.5))
    assert found.border == pytest.approx(np.log(1e-5) / np.log(0.5)) and found.radius == pytest.approx(np.full(11, 0.5))
    assert found.product == pytest.approx(np.full(2, 11 * np.log10(0.5)))
    assert "multiplies the gradient by 0.5" in found.words and "about 17 steps" in found.words
    assert len(found.table()[2]) == 12
    grown = through_time.state_jacobians(fit, through_time.with_radius(model, theta, 1.25))
    assert grown.rate == pytest.approx(1.25) and grown.border == np.inf and "does not fade" in grown.words


def test_clipping_saves_a_descent_whose_gradient_explodes():
    """21 linear steps, each of which stretches: one plain step throws the weights away, clipped ones settle."""
    fit = bp.Fit(Recurrent(21, 2, 16, activation="identity"), "cross-entropy", tasks.remember(20, rows=32))
    theta = through_time.with_radius(fit.network, bp.initial_weights(fit.network, "uniform", 1), 1.5)
    assert norm(fit.gradient(theta)) > 1000
    torn, kept = (bp.descend(fit, theta, bp.GradientDescent(0.1), 60, clip=clip) for clip in (None, 1.0))
    assert torn.ended == "ran away" and torn.loss[-1] > 1e20 and kept.loss[-1] < 1e-3


# ---- tasks

def test_the_first_symbol_after_a_delay():
    data = tasks.remember(3, 3, 50, 1)
    seen = data.x.reshape(4, 3, 50)
    assert (seen.sum(axis=1) == 1).all() and np.array_equal(data.y, seen[0]) and data.classes == ("A", "B", "C")
    two = tasks.remember(3)
    assert np.array_equal(two.y[0], two.x.reshape(4, 2, -1)[0, 1]) and two.classes == ("A", "B")
    assert np.array_equal(two.x, tasks.remember(3).x) and not np.array_equal(two.x, tasks.remember(3, seed=1).x)


def test_the_next_letter_of_a_text():
    data = tasks.next_letter("abcab", 2)
    assert data.classes == ("a", "b", "c") and data.rows == 3
    said = ["".join("abc"[k] for k in data.x[:, row].reshape(2, 3).argmax(axis=1)) for row in range(3)]
    assert said == ["ab", "bc", "ca"] and "".join("abc"[k] for k in data.y.argmax(axis=0)) == "cab"
    every = tasks.next_letter("abcab", 2, every_step=True)
    assert every.y.shape == (6, 3) and np.array_equal(every.y[3:], data.y) and np.array_equal(every.y[:3], every.x[3:])
    assert np.array_equal(tasks.sequence_of("ca", "abc")[:, 0], [0, 0, 1, 1, 0, 0])
    assert 200 <= len(tasks.TEXT) <= 400 and len(tasks.alphabet(tasks.TEXT)) < 20


@pytest.mark.parametrize("call, said", [
    (lambda: tasks.next_letter("abcab", 2, letters="ab"), "of: got 'c', which the alphabet has not; allowed are the letters of 'ab'"),
    (lambda: tasks.sequence_of("a?", "ab"), r"message: got '\?', which the alphabet has not"),
    (lambda: tasks.sequence_of("", "ab"), "message: got an empty text"), (lambda: tasks.alphabet(""), "of: got an empty text"),
    (lambda: tasks.next_letter(""), "of: got an empty text"), (lambda: tasks.next_letter("abc", 3), "of: got a text of 3 letters"),
    (lambda: tasks.next_letter("aaaa", 2), "letters: got 'a'; allowed are at least two letters"),
    (lambda: tasks.one_hot("a", "aa"), "letters: got 'aa'; allowed is each letter once"),
    (lambda: tasks.remember(-1), "delay: got -1"), (lambda: tasks.remember(symbols=1), "symbols: got 1"),
    (lambda: Recurrent(0), "steps: got 0"), (lambda: LSTM(hidden=0), "hidden: got 0"), (lambda: GRU(every_step=1), "every_step: got 1"),
    (lambda: Recurrent(activation="thanh"), "did you mean 'tanh'"),
    (lambda: bp.Fit(Recurrent(3, 2), "squared error", tasks.remember(3)), "has 8 inputs; a Recurrent takes 6"),
    (lambda: through_time.state_jacobians(bp.Fit(bp.Network((1, 1)), "squared error", bp.DATA["seesaw"]), [1.0, 1.0]),
     "allowed is a Fit of a Recurrent, an LSTM or a GRU"),
    (lambda: through_time.state_gradients(bp.Fit(Recurrent(1), "squared error", bp.Data([1.0], [1.0])), np.zeros(11)),
     "got a network of 1 step"),
    (lambda: through_time.with_radius(LSTM(), np.zeros(43), 1.0), "allowed is a Recurrent, which has one matrix V"),
    (lambda: through_time.with_radius(Recurrent(), np.zeros(11), 1.0), "an eigenvalue other than 0"),
    (lambda: memory(("Elmann",)), "did you mean 'Elman'"), (lambda: memory(delays=(5, 2)), "allowed are rising whole numbers"),
    (lambda: memory(optimizer="adam"), "optimizer: got 'adam'"),
])
def test_refusals(call, said):
    with pytest.raises(ValueError, match=said):
        call()


# ---- training

def test_the_next_letter_is_learned():
    data = tasks.next_letter(context=6)
    fit = bp.Fit(GRU(6, len(data.y), 24, len(data.y)), "cross-entropy", data)
    path = bp.descend(fit, bp.initial_weights(fit.network, seed=1), bp.Adam(0.03), 80)
    often = data.y.mean(axis=1)
    assert path.loss[-1] < 0.5 < 2 < -(often * np.log(often)).sum()
    assert told_right(fit, path.theta[:, -1], data) > 0.85


def test_an_elman_network_forgets_beyond_the_border_that_its_jacobians_foretell():
    parts = list(memory.parts(("Elman",), (5, 10, 20), tries=3))
    found = parts[-1].result
    assert found.learned[0].tolist()[:2] == [1, 1] and found.learned[0, 2] < 0.5 and found.reach.tolist() == [10]
    assert 10 < found.border[0] < 20 and (np.diff(found.share.mean(axis=2)[0]) < 0).all()
    shares = [part.share for part in parts]
    assert shares == sorted(shares) and shares[-1] == 1 and len(shares) > 20
    first = next(part.result for part in parts if part.result is not None)
    assert np.isfinite(first.right).sum() == 1 and "learned up to a delay of 10" in found.words
    assert len(first.table()[2]) == len(found.table()[2]) == 3


def test_an_lstm_with_open_forget_gates_remembers_twenty_steps():
    found = memory(("LSTM",), (20,), tries=1)
    assert found.reach.tolist() == [20] and found.border[0] > 20 and found.share[0, 0, 0] > 1e-3
    assert "LSTM: all delays learned, up to 20" in found.words


def test_a_gru_with_open_update_gates_remembers_twenty_steps():
    assert memory(("GRU",), (20,), tries=1).reach.tolist() == [20]
