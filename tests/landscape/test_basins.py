"""Maps of basins: exact equals a loop, fast equals exact, executors give the same, nothing is lost."""
from concurrent.futures import Executor, Future, ProcessPoolExecutor, ThreadPoolExecutor

import numpy as np
import pytest

import bpviz as bp
from bpviz.descent.settle import NEAR, near, settle
from bpviz.landscape.attractors import arrivals, no_attractors

CASES = [("seesaw", "sigmoid", bp.GradientDescent(20.0)), ("seesaw", "sigmoid", bp.GradientDescent(5.0, 0.9)),
         ("trident", "sigmoid", bp.GradientDescent(2.0)), ("seesaw", "sigmoid", bp.Adam(0.1)),
         ("linear saddle", "identity", bp.GradientDescent(0.02)), ("seesaw", "swish", bp.GradientDescent(0.5))]


def xor_plane(cells=24):
    fit = bp.Fit(bp.Network((2, 2, 1), "sigmoid"), "squared error", bp.DATA["soft xor"])
    origin = np.random.default_rng(3).normal(size=9)
    return fit, bp.Plane.of_weights(fit, "w1[1,1]", "w1[2,2]", origin=origin, cells=cells)


@pytest.mark.parametrize("data, activation, optimizer", CASES, ids=str)
def test_exact_labels_are_where_single_descents_end(two_weights, data, activation, optimizer):
    fit = two_weights(data, activation)
    basins = bp.basins(fit, cells=24, optimizer=optimizer, steps=600, exact=True)
    assert basins.descended.all() and basins.share == 1
    rng = np.random.default_rng(0)
    for _ in range(25):
        i, j = rng.integers(24, size=2)
        path = bp.descend(fit, [basins.plane.axes[0][j], basins.plane.axes[1][i]], optimizer, 600)
        k = basins.label[i, j]
        assert (k == -2) == (path.ended == "ran away")
        if k == -2:
            assert basins.steps[i, j] > 0
        elif k >= 0 and basins.minima.isolated[k]:
            checks = np.append(np.arange(0, 600, 16), 600)
            apart = np.linalg.norm(path.theta[:, None, checks] - basins.minima.theta[:, :, None], axis=0)
            there = (apart[k] < near(optimizer)) & (apart.argmin(axis=0) == k)         # at the checks, step by step
            assert there[-1] and basins.steps[i, j] == checks[np.flatnonzero(~there).max(initial=-1) + 1]
        elif k >= 0:
            assert abs(path.loss[-1] - basins.minima.loss[k]) < 1e-3
        else:
            isolated = basins.minima.theta[:, basins.minima.isolated]
            assert not isolated.size or np.linalg.norm(isolated - path.end[:, None], axis=0).min() >= NEAR


@pytest.mark.parametrize("data, activation, optimizer", CASES[:4], ids=str)
def test_fast_agrees_with_exact(two_weights, data, activation, optimizer):
    fit = two_weights(data, activation)
    fast, exact = (bp.basins(fit, cells=96, optimizer=optimizer, steps=1500, exact=e) for e in (False, True))
    assert (fast.label != exact.label).mean() <= 0.001 and fast.descended.mean() < 0.6
    if optimizer.start(np.zeros(2)) == ():                        # plain descent cannot come away from a minimum again
        assert np.array_equal(fast.label[fast.descended], exact.label[fast.descended])
    assert np.allclose(fast.minima.theta, exact.minima.theta)
    settled = (exact.label >= 0) & (fast.label == exact.label)
    assert np.median(np.abs(fast.steps - exact.steps)[settled]) <= 16


def test_labels_count_minima_by_loss_and_say_so(two_weights):
    basins = bp.basins(two_weights("trident"), cells=64, optimizer=bp.GradientDescent(2.0), steps=3000)
    assert np.allclose(basins.minima.loss, [0.0218, 0.0531, 0.0696], atol=1e-4)
    assert basins.minima.names == ("A", "B", "C") and set(basins.minima.kind) == {"minimum"}
    assert basins.at(0.4, -4.3) == 0 and basins.name(0) == "A" and basins.name(-1) == "nowhere" and basins.name(-2) == "away"
    assert abs(sum(basins.part(k) for k in (-2, -1, 0, 1, 2)) - 1) < 1e-12
    assert "A (minimum, loss 0.02183)" in basins.words and "settled nowhere" in basins.words and "fast" in repr(basins)


def test_a_minimum_above_its_stability_limit_holds_nobody(two_weights):
    basins = bp.basins(two_weights("trident"), cells=48, optimizer=bp.GradientDescent(10.0), steps=2000)
    assert basins.part(0) == 0 and basins.part(1) > 0.5


def test_running_away_is_a_label(two_weights, recwarn):
    basins = bp.basins(two_weights("linear saddle", "identity"), cells=32, optimizer=bp.GradientDescent(3.0), steps=500)
    assert basins.part(-2) > 0.5 and "ran away" in basins.words and not recwarn.list
    at_once = bp.basins(two_weights("linear saddle", "identity"), cells=8, optimizer=bp.GradientDescent(1e300), steps=5)
    assert at_once.part(-2) > 0.9 and not recwarn.list


def test_a_valley_floor_is_one_attractor(two_weights):
    basins = bp.basins(two_weights("linear saddle", "identity"), low=-2, high=2, cells=32, optimizer=bp.GradientDescent(0.1), steps=2000)
    assert basins.minima.kind == ("valley floor",) and basins.part(0) > 0.97 and basins.minima.loss[0] < 1e-20


def test_larger_networks_find_their_minima_on_the_way():
    fit, plane = xor_plane()
    basins = bp.basins(fit, plane=plane, optimizer=bp.Adam(0.05), steps=1500)
    assert len(basins.minima) >= 1 and basins.minima.loss[0] < 1e-12 and basins.part(0) > 0.2
    i, j = np.argwhere(basins.label == 0)[0]
    start = plane.theta[:, i, j]
    assert bp.descend(fit, start, bp.Adam(0.05), 1500).loss[-1] < 1e-5
    theta = basins.minima.theta
    assert np.linalg.norm(fit.gradient(theta), axis=0).max() < 1e-8


def test_attractors_are_told_from_saddles_and_slopes(two_weights):
    fit = two_weights("seesaw")
    points = bp.critical_points(fit)
    ends = np.concatenate([points.theta, points.theta[:, :1] + 0.3, [[5.0], [5.0]], np.full((2, 1), np.nan)], axis=1)
    found, label = arrivals(fit, ends, no_attractors(2))
    assert len(found) == 2 and found.isolated.all() and np.allclose(found.theta, points.theta[:, points.minima])
    assert label.tolist() == [0, 1] + [-1] * (len(points) - 2 + 3)


def test_a_schedule_changes_the_map(two_weights):
    fit = two_weights("seesaw")
    plain, decayed = (bp.basins(fit, cells=32, optimizer=bp.GradientDescent(20.0), steps=800, schedule=s)
                      for s in (None, bp.Exponential(0.95)))
    assert decayed.part(-1) > 0.5 > plain.part(-1)


def test_it_arrives_in_pieces_and_can_be_stopped(two_weights, monkeypatch):
    monkeypatch.setattr("bpviz.landscape.basins.SHOW_S", 0.0)
    monkeypatch.setattr("bpviz.landscape.basins.SHOWING", 0.0)
    fit = two_weights("trident")
    parts = list(bp.basins.parts(fit, cells=96, optimizer=bp.GradientDescent(2.0), steps=1000))
    maps = [part.result for part in parts if part.result is not None]
    shares = [m.share for m in maps]
    assert [part.share for part in parts if part.result is not None] == shares
    assert len(maps) > 5 and shares == sorted(shares) and shares[-1] == 1 and maps[0].label.shape == (96, 96)
    agree = [(m.label == maps[-1].label).mean() for m in maps]
    assert agree[-1] == 1 and 0.5 < agree[len(agree) // 2] <= 1
    stopped = bp.basins.parts(fit, cells=96, optimizer=bp.GradientDescent(2.0), steps=1000)
    kept = [next(stopped) for _ in range(3)][-1].result
    stopped.close()
    assert isinstance(kept, bp.Basins) and kept.share < 1


class Lossy(Executor):
    """Does every other part, loses the rest."""

    def __init__(self):
        self.asked = 0

    def submit(self, function, *args, **kwargs):
        self.asked += 1
        future = Future()
        if self.asked % 2:
            future.set_result(function(*args, **kwargs))
        else:
            future.set_exception(ConnectionError("the worker has gone"))
        return future


def test_an_executor_gives_the_same_and_lost_parts_are_redone(two_weights):
    fit, words = two_weights("trident"), dict(cells=80, optimizer=bp.GradientDescent(2.0), steps=500, exact=True)
    alone = bp.basins(fit, **words)
    with ProcessPoolExecutor(2) as pool, ThreadPoolExecutor(2) as threads:
        for executor in (pool, threads):
            shared = bp.basins(fit, executor=executor, **words)
            assert np.array_equal(shared.label, alone.label) and np.array_equal(shared.steps, alone.steps) and not shared.notes
    lossy = bp.basins(fit, executor=Lossy(), **words)
    assert np.array_equal(lossy.label, alone.label)
    assert any("ConnectionError: the worker has gone" in note for note in lossy.notes) and "done again here" in repr(lossy)
    dead = ThreadPoolExecutor(1)
    dead.shutdown()
    broken = bp.basins(fit, executor=dead, **words)
    assert np.array_equal(broken.label, alone.label) and "cannot schedule new futures after shutdown" in repr(broken)


def die(*_, **__):
    import os
    os._exit(3)


class Deadly(ProcessPoolExecutor):
    """A real process pool whose second task kills its worker."""

    asked = 0

    def submit(self, function, *args, **kwargs):
        self.asked += 1
        return super().submit(die if self.asked == 2 else function, *args, **kwargs)


def test_a_worker_that_dies_costs_nothing(two_weights):
    fit, words = two_weights("seesaw"), dict(cells=96, optimizer=bp.GradientDescent(20.0), steps=300, exact=True)
    with Deadly(2) as pool:
        basins = bp.basins(fit, executor=pool, **words)
    assert np.array_equal(basins.label, bp.basins(fit, **words).label) and "BrokenProcessPool" in repr(basins)


def test_a_real_dask_cluster_gives_the_same(two_weights):
    distributed = pytest.importorskip("distributed")
    fit, words = two_weights("trident"), dict(cells=80, optimizer=bp.GradientDescent(2.0), steps=300, exact=True)
    with distributed.LocalCluster(n_workers=2, threads_per_worker=1, processes=True, dashboard_address=":0") as cluster, \
            distributed.Client(cluster) as client:
        basins = bp.basins(fit, executor=client.get_executor(), **words)
    alone = bp.basins(fit, **words)
    assert np.array_equal(basins.label, alone.label) and np.array_equal(basins.steps, alone.steps)


def test_settle_keeps_every_start_in_its_place(two_weights):
    fit = two_weights("seesaw")
    points = bp.critical_points(fit)
    starts = np.random.default_rng(0).uniform(-6, 6, size=(2, 300))
    ends = settle(fit, starts, bp.GradientDescent(20.0), 2000, points.theta[:, points.minima])
    for n in range(0, 300, 30):
        path = bp.descend(fit, starts[:, n], bp.GradientDescent(20.0), 2000)
        assert np.linalg.norm(path.end - points.theta[:, points.minima[ends.label[n]]]) < NEAR
        assert np.allclose(path.theta[:, ends.steps[n]], ends.theta[:, n], atol=1e-9)
    shares = [part.share for part in settle.parts(fit, starts, bp.GradientDescent(20.0), 2000, points.theta[:, points.minima])]
    assert shares == sorted(shares) and 0 <= shares[0] and shares[-1] <= 1


REFUSED = [
    (lambda f: bp.basins(f, optimizer=None), "optimizer: got None; allowed is an optimizer"),
    (lambda f: bp.basins(f, cells=0, optimizer=bp.Adam()), "cells: got 0; allowed is a whole number from 2 to 2,000"),
    (lambda f: bp.basins(f, cells=5000, optimizer=bp.Adam()), "cells: got 5000"),
    (lambda f: bp.basins(f, low=2, high=-2, optimizer=bp.Adam()), "low: got [2.0, 2.0] with high [-2.0, -2.0]"),
    (lambda f: bp.basins(f, low=float("nan"), optimizer=bp.Adam()), "low: got nan"),
    (lambda f: bp.basins(f, steps=0, optimizer=bp.Adam()), "steps: got 0"),
    (lambda f: bp.basins(xor_plane()[0], optimizer=bp.Adam()), "plane: got None for 9 weights; allowed is a Plane"),
    (lambda f: bp.basins(f, plane=xor_plane()[1], optimizer=bp.Adam()), "allowed is a Plane through 2 weights"),
    (lambda f: bp.Plane(np.zeros(2), [1, 1], [2, 2]), "second: got a direction parallel to first"),
    (lambda f: bp.basins(f, optimizer=bp.Adam(), schedule=0.5), "schedule: got 0.5"),
    (lambda f: settle(f, [1.0, 2.0], bp.Adam(), 5), "starts: got shape (2,); allowed is (2, N)"),
    (lambda f: bp.Data([1.0, np.nan], [1.0, 0.0]), "x: got nan among 2 numbers"),
]


@pytest.mark.parametrize("action, sentence", REFUSED, ids=[s for _, s in REFUSED])
def test_refusals(two_weights, action, sentence):
    with pytest.raises(ValueError) as error:
        action(two_weights("seesaw"))
    assert sentence in str(error.value)
