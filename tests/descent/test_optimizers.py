"""Every optimizer and schedule against torch.optim's own paths, alone and in clouds, with its inner state."""
import json
import sys
from pathlib import Path

import numpy as np
import pytest
from conftest import random_fit

import bpviz as bp
from bpviz.descent.optimizers import OPTIMIZERS
from bpviz.descent.schedules import SCHEDULES
from bpviz.explorers.choices import ADAPTIVE, OURS
from bpviz.plots.escape import look

sys.path.insert(0, str(Path(__file__).parents[1] / "explorers"))
import own_numbers as own  # noqa: E402

TORCH = json.loads((Path(__file__).parent / "torch_paths.json").read_text())
EVERY = [bp.GradientDescent(0.3), bp.GradientDescent(0.1, 0.9), bp.GradientDescent(0.1, 0.9, True, 0.01), bp.AdaGrad(0.1),
         bp.AdaGrad(0.1, 0.05, 0.01, 0.1), bp.RMSprop(0.02), bp.RMSprop(0.02, 0.9, momentum=0.5, centered=True), bp.Adam(0.05),
         bp.AdamW(0.05, weight_decay=0.05)]
EVERY += [record(0.02) for record in OPTIMIZERS.values() if record not in set(map(type, EVERY))]
IDS = [f"{type(o).__name__} {k}" for k, o in enumerate(EVERY)]


class Valley:
    """The function of make_torch_paths.py, with its gradient by hand."""

    n_params = 2

    def loss(self, w):
        return (1 - w[0]) ** 2 + 2 * (w[1] - w[0] ** 2) ** 2

    def gradient(self, w):
        return np.stack([-2 * (1 - w[0]) - 8 * w[0] * (w[1] - w[0] ** 2), 4 * (w[1] - w[0] ** 2)])


def made(text):
    return eval(text, {name: getattr(bp, name) for name in bp.__all__})


@pytest.mark.parametrize("text", TORCH["optimizers"])
def test_goes_where_torch_goes(text):
    path = bp.descend(Valley(), TORCH["start"], made(text), TORCH["steps"])
    theirs = np.array(TORCH["optimizers"][text]).T
    ours = path.theta[:, 1:][:, TORCH["every"] - 1::TORCH["every"]]
    assert ours.shape == theirs.shape and np.allclose(ours, theirs, rtol=1e-12, atol=1e-14)


@pytest.mark.parametrize("text", TORCH["schedules"])
def test_schedules_go_where_torch_goes(text):
    path = bp.descend(Valley(), TORCH["start"], bp.GradientDescent(0.03), TORCH["steps"], schedule=made(text))
    ours = path.theta[:, 1:][:, TORCH["every"] - 1::TORCH["every"]]
    assert np.allclose(ours, np.array(TORCH["schedules"][text]).T, rtol=1e-12, atol=1e-14)


def test_torch_has_been_asked_about_everything():
    assert {text.split("(")[0] for text in TORCH["optimizers"]} <= {record.__name__ for record in OPTIMIZERS.values()}
    assert {text.split("(")[0] for text in TORCH["schedules"]} == {s.__name__ for s in SCHEDULES.values()} - {"Constant"}


@pytest.mark.parametrize("optimizer", EVERY, ids=IDS)
@pytest.mark.parametrize("noise", [None, bp.MiniBatch(2, 3), bp.Dropout(0.3, 3)], ids=["full", "batch", "dropout"])
def test_each_of_a_cloud_walks_as_one_network_with_its_noise(optimizer, noise):
    """Steps and state of every member, against a plain loop over one network that sees the rows and units drawn for it."""
    fit, theta = random_fit(1, (2, 3, 1), "tanh", "squared error", rows=5, l2=0.01)
    starts = np.stack([theta, theta + 0.1, theta], axis=1)
    cloud = bp.descend(fit, starts, optimizer, 30, keep_inner=True, noise=noise, schedule=bp.Exponential(0.98))
    assert cloud.theta.shape == (fit.n_params, 31, 3) and tuple(cloud.inner) == tuple(optimizer.inner)
    for member in range(3):
        now, state = starts[:, member], optimizer.start(starts[:, member])
        for k in range(31):
            assert np.allclose(cloud.theta[:, k, member], now, rtol=1e-10, atol=1e-13)
            for kept, part in zip(cloud.inner.values(), state, strict=True):
                assert np.allclose(kept[:, k, member] if kept.ndim == 3 else kept[k], part, rtol=1e-9, atol=1e-13)
            now, state = optimizer.step(now, noisy_gradient(fit, now, noise, k, 3, member), state, 0.98 ** k)
    alike = np.allclose(cloud.end[:, 0], cloud.end[:, 2], atol=1e-6)
    assert alike == (noise is None)                      # the same start, but noise of its own
    if noise is not None:
        ends = bp.restarts(fit, optimizer, steps=30, starts=starts, noise=noise, schedule=bp.Exponential(0.98)).end
        assert np.allclose(ends, cloud.end, rtol=1e-10, atol=1e-13)


def noisy_gradient(fit, theta, noise, k, n, member):
    """The gradient of step k of one network, as number `member` of a cloud of n: of a data set, or a network, of its own."""
    if isinstance(noise, bp.MiniBatch):
        rows = noise.drawn(fit.data.rows, k, (n,))[:, member]
        fit = bp.Fit(fit.network, fit.loss_name, bp.Data(fit.data.x[:, rows], fit.data.y[:, rows]), fit.l2)
    elif isinstance(noise, bp.Dropout):
        mask = noise.mask(fit.network, k, (n,))[:, member]
        thinned = bp.Fit(fit.network, fit.loss_name, fit.data)
        return mask * thinned.gradient(mask * theta) + 2 * fit.l2 * fit.network.is_weight * theta
    return fit.gradient(theta)


def test_one_network_alone_draws_noise_of_its_own():
    """A descent of one network sees the rows and units drawn for a single one, the same at every call."""
    fit, theta = random_fit(1, (2, 3, 1), "tanh", "squared error", rows=5)
    for noise in (bp.MiniBatch(2, 3), bp.Dropout(0.3, 3)):
        path = bp.descend(fit, theta, bp.GradientDescent(0.3), 12, noise=noise)
        now = theta
        for k in range(13):
            assert np.allclose(path.theta[:, k], now, rtol=1e-10, atol=1e-13)
            if isinstance(noise, bp.MiniBatch):
                rows = noise.drawn(5, k, ())
                seen = bp.Fit(fit.network, fit.loss_name, bp.Data(fit.data.x[:, rows], fit.data.y[:, rows]))
                now = now - 0.3 * seen.gradient(now)
            else:
                mask = noise.mask(fit.network, k, ())
                now = now - 0.3 * mask * fit.gradient(mask * now)
        assert np.allclose(path.loss, fit.loss(path.theta))                  # of all rows and units


def test_inner_state_is_what_the_formulas_say():
    path = bp.descend(Valley(), [1.2, -0.7], bp.Adam(0.1), 25, keep_inner=True)
    gradients = Valley().gradient(path.theta)
    m = v = np.zeros(2)
    for k in range(25):
        assert np.allclose(path.inner["m"][:, k], m) and np.allclose(path.inner["v"][:, k], v)
        assert np.isclose(path.inner["beta1^t"][k], 0.9 ** k) and np.isclose(path.inner["beta2^t"][k], 0.999 ** k)
        m, v = 0.9 * m + 0.1 * gradients[:, k], 0.999 * v + 0.001 * gradients[:, k] ** 2
    away = bp.descend(Valley(), [1.2, -0.7], bp.GradientDescent(5.0, 0.9), 100, keep_inner=True)
    assert away.ended == "ran away" and away.inner["v"].shape == (2, 101) and np.isfinite(away.inner["v"]).all()
    assert bp.descend(Valley(), [1, 1], bp.Adam(), 3).inner is None


@pytest.mark.parametrize("optimizer", EVERY, ids=IDS)
def test_every_cloud_member_walks_alone(optimizer):
    fit, _ = random_fit(4, (2, 2, 1), "sigmoid", "squared error")
    starts = np.random.default_rng(5).normal(size=(fit.n_params, 4))
    cloud = bp.descend(fit, starts, optimizer, 40)
    for k in range(4):
        one = bp.descend(fit, starts[:, k], optimizer, 40)
        assert np.allclose(cloud.theta[:, :, k], one.theta, rtol=1e-10, atol=1e-13) and cloud.ended[k] == one.ended


def test_a_cloud_stops_where_everyone_has_settled(two_weights):
    fit, starts = two_weights("seesaw"), np.array([[1.0, -3.0, 2.0], [2.0, 3.0, 2.0]])
    cloud = bp.descend(fit, starts, bp.GradientDescent(20.0), 10_000, until_settled=True)
    assert cloud.steps < 2000 and set(cloud.ended) == {"settled"} and (cloud.gradient_norm[-1] < 1e-9).all()
    alone = bp.descend(fit, starts[:, 1], bp.GradientDescent(20.0), 10_000, until_settled=True)
    assert np.allclose(cloud.end[:, 1], alone.end, atol=1e-12)
    mixed = bp.descend(fit, starts, bp.GradientDescent(20.0), 5, until_settled=True)
    assert mixed.steps == 5 and set(mixed.ended) == {"out of steps"}


def test_knob_ranges_hold_the_defaults():
    import dataclasses
    for record in OPTIMIZERS.values():
        for field in dataclasses.fields(record):
            if field.metadata.get("slider"):
                low, high = field.metadata["slider"]
                assert low <= field.default <= high
        assert record().name in OPTIMIZERS and OPTIMIZERS[record().name] is record
        assert "Source: " in record.__doc__                      # a dataclass without one is given a doc of its fields


@pytest.mark.parametrize("name", OURS.racers)
def test_every_line_of_the_menu_walks_as_its_paper_says(name):
    """Against the loops of tests/explorers/own_numbers.py, which know nothing of bpviz; by every engine."""
    rate, start = 0.01, np.array([1.2, -0.7])
    mine, (theirs, lost) = OURS.named(name, rate, 0.8), own.walk(Valley(), start, own.Walker(name, rate, 0.8), 60)
    assert not lost and np.allclose(bp.descend(Valley(), start, mine, 60).theta, theirs, rtol=1e-10, atol=1e-12)
    for shape in ((1, 2, 1), (2, 7, 2)):                         # plain numbers; kept arrays
        fit, theta = random_fit(0, shape, "tanh", "squared error", rows=20)
        theirs, _ = own.walk(fit, theta, own.Walker(name, rate, 0.8), 60)
        assert np.allclose(bp.descend(fit, theta, mine, 60).theta, theirs, rtol=1e-8, atol=1e-10)
        ends = bp.restarts(fit, mine, steps=60, starts=np.stack([theta, -theta], axis=1)).end
        assert np.allclose(ends[:, 0], theirs[:, -1], rtol=1e-8, atol=1e-10)


def test_the_own_loops_know_what_each_class_says_of_itself():
    assert set(own.ADAPTIVE) == set(ADAPTIVE)
    assert set(own.HOVER) == {name for name, record in OPTIMIZERS.items() if record.hovers}


def test_no_two_of_many_racers_look_alike():
    looks = [look(k) for k in range(35)]
    assert len({(colour, dash) for colour, dash, _ in looks}) == 35 and len({mark for _, _, mark in looks[:9]}) == 9
    assert look(10_000)


def test_minibatches_show_every_row_once_a_turn():
    noise = bp.MiniBatch(3, seed=1)
    for turn in range(4):
        rows = np.concatenate([noise.drawn(8, 3 * turn + k, ()) for k in range(3)])
        assert sorted(rows) == list(range(8))
    each = noise.drawn(8, 0, (5,))
    assert each.shape == (3, 5) and len({tuple(column) for column in each.T}) > 1
    assert np.array_equal(each, bp.MiniBatch(3, seed=1).drawn(8, 0, (5,)))


def test_the_mean_of_all_minibatches_is_the_gradient():
    fit, theta = random_fit(2, (2, 3, 2), "tanh", "squared error", rows=6, l2=0.1)
    noise = bp.MiniBatch(2, seed=0)
    parts = [noise.gradient(fit, theta, k) for k in range(3)]
    assert np.allclose(np.mean(parts, axis=0), fit.gradient(theta)) and not np.allclose(parts[0], parts[1])


def test_dropout_is_a_thinned_network():
    """Against a network that truly lacks the units left out, its kept units' outgoing weights scaled."""
    fit, theta = random_fit(3, (2, 4, 1), "tanh", "squared error", l2=0.05)
    noise, net = bp.Dropout(0.5, seed=2), fit.network
    mask = noise.mask(net, 7, ())
    (W1, b1), (W2, b2) = net.layers(theta)
    loud = net.layers(mask)[1][0][:, 0]
    kept = loud > 0
    assert 0 < kept.sum() < 4 and set(loud) == {0.0, 2.0}
    small = bp.Network((2, int(kept.sum()), 1), "tanh")
    thin = bp.Fit(small, "squared error", fit.data)
    (G1, g1), (G2, g2) = small.layers(thin.gradient(small.pack([(W1[:, kept], b1[kept]), (2 * W2[kept], b2)])))
    (H1, h1), (H2, h2) = net.layers(noise.gradient(fit, theta, 7) - 2 * 0.05 * net.is_weight * theta)
    assert np.allclose(H1[:, kept], G1) and np.allclose(h1[kept], g1) and np.allclose(H2[kept], 2 * G2) and np.allclose(h2, g2)
    assert not H1[:, ~kept].any() and not h1[~kept].any() and not H2[~kept].any()
    masks = np.mean([noise.mask(net, k, ()) for k in range(2000)], axis=0)
    assert np.allclose(masks, 1, atol=0.1)
