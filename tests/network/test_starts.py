"""Initial weights: every scheme against its formula."""
import numpy as np
import pytest

import bpviz as bp
from bpviz.network.model import Model
from bpviz.network.stage import Fan
from bpviz.network.starts import sigma_w

FAN = [(40, 90), (90, 40), (64, 64)]


@pytest.mark.parametrize("n_in, n_out", FAN)
@pytest.mark.parametrize("name", bp.STARTS)
def test_the_draw_has_the_variance_of_the_formula(name, n_in, n_out):
    record, rng = bp.STARTS[name], np.random.default_rng(0)
    draws = np.stack([record.draw(rng, n_in, n_out, n_out) for _ in range(30)])
    assert draws.shape == (30, n_in, n_out) and record.formula and record.source
    assert np.isclose(draws.var(), record.variance(n_in, n_out), rtol=0.03, atol=1e-15)
    if name not in ("zeros", "constant"):
        assert abs(draws.mean()) < 4 * np.sqrt(record.variance(n_in, n_out) / draws.size)


def test_formulas_of_the_papers():
    value = {name: record.variance(100, 50) for name, record in bp.STARTS.items()}
    assert value["uniform"] == pytest.approx(1 / 300) and value["LeCun"] == 1 / 100 and value["He"] == 2 / 100
    assert value["Glorot uniform"] == pytest.approx(2 / 150) and value["Glorot normal"] == pytest.approx(2 / 150)
    rng = np.random.default_rng(0)
    for name, reach in (("uniform", 0.1), ("Glorot uniform", np.sqrt(6 / 150))):
        W = bp.STARTS[name].draw(rng, 100, 50, 50)
        assert 0.98 * reach < np.abs(W).max() <= reach
    assert np.all(bp.STARTS["constant"].draw(rng, 4, 3, 3) == 0.25) and not bp.STARTS["zeros"].draw(rng, 4, 3, 3).any()


@pytest.mark.parametrize("n_in, n_out", FAN)
def test_orthogonal_keeps_lengths(n_in, n_out):
    W = bp.STARTS["orthogonal"].draw(np.random.default_rng(0), n_in, n_out, n_out)
    short = W.T @ W if n_in >= n_out else W @ W.T
    assert np.allclose(short, np.eye(min(n_in, n_out)), atol=1e-12)


def test_orthogonal_prefers_no_direction():
    draws = np.stack([bp.STARTS["orthogonal"].draw(np.random.default_rng(k), 3, 3, 3) for k in range(4000)])
    assert np.abs(draws.mean(axis=0)).max() < 0.05 and 0.45 < (np.linalg.det(draws) > 0).mean() < 0.55


def test_one_seed_is_one_draw_at_every_gain():
    net = bp.Network((3, 5, 5, 1), "tanh")
    one, two = (bp.initial_weights(net, "He", seed=4, gain=s, sigma_b=0.3) for s in (1.0, 2.5))
    w = net.is_weight
    assert np.allclose(two[w], 2.5 * one[w]) and np.array_equal(one[~w], two[~w]) and one[~w].std() > 0.1
    assert not bp.initial_weights(net, "He")[~w].any()
    assert np.array_equal(one, bp.initial_weights(net, "He", np.random.default_rng(4), sigma_b=0.3))
    assert not np.array_equal(one, bp.initial_weights(net, "He", seed=5, sigma_b=0.3))


def test_sigma_w_is_the_root_of_n_in_times_the_variance():
    net = bp.Network((16, 64, 64, 1), "tanh")
    assert np.allclose(sigma_w(net, "LeCun", 1.5), 1.5) and np.allclose(sigma_w(net, "He"), np.sqrt(2))
    assert np.allclose(sigma_w(net, "Glorot normal"), np.sqrt([32 / 80, 1, 128 / 65]))
    assert not sigma_w(net, "zeros").any()


REFUSED = [
    (dict(start="glorot norml"), "start: got 'glorot norml', did you mean 'Glorot normal'?"),
    (dict(gain=-1), "gain: got -1; allowed is a finite number at least 0"),
    (dict(sigma_b=np.nan), "sigma_b: got nan"),
    (dict(seed=-1), "seed: got -1; allowed is a whole number of at least 0"),
    (dict(network=bp.Network((2, 2, 1), bias=False), sigma_b=1.0), "sigma_b: got 1; allowed is 0 for a network"),
]


@pytest.mark.parametrize("given, sentence", REFUSED, ids=[s for _, s in REFUSED])
def test_refusals(given, sentence):
    with pytest.raises(ValueError) as error:
        bp.initial_weights(**{"network": bp.Network((2, 2, 1)), **given})
    assert sentence in str(error.value)


def test_a_model_says_what_its_blocks_join():
    class Own(Model):
        n_in, n_out, blocks, stages = 3, 1, {"U": (3,), "b": (1,), "w": (3, 2)}, ()
    with pytest.raises(ValueError, match="network: got a Own that does not say what U join; allowed is one with `fans`"):
        bp.initial_weights(Own())

    class Told(Own):
        fans = {"U": Fan(1, 0), "w": Fan(2)}
    theta = bp.initial_weights(Told(), "constant", sigma_b=1.0)
    assert theta[[0, 1, 2, *range(4, 10)]].tolist() == [1] * 3 + [1 / 3] * 6 and theta[3] != 0
