"""Every engine gives the identical map, whoever does the work: nobody, threads, processes, or Dask in threads.

A kernel is kept and shared, so whatever it writes to at every step has to be each thread's own.
"""
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from contextlib import contextmanager

import numpy as np
import pytest
from conftest import random_fit

import bpviz as bp
from bpviz.descent import compiled, noise
from bpviz.descent.flow import GradientFlow
from bpviz.descent.kernels import kernel


class TwoHollows:
    """(u^2 - 1)^2 + v^2: an objective that is no Fit, and equal to others of its kind (so it has no hash)."""

    n_params = 2

    def loss(self, theta):
        return (theta[0] ** 2 - 1) ** 2 + theta[1] ** 2

    def gradient(self, theta):
        return np.stack([4 * theta[0] * (theta[0] ** 2 - 1), 2 * theta[1]])

    def __eq__(self, other):
        return type(other) is TwoHollows


ENGINES = {"numpy": (bp.GradientDescent(20.0), 100), "machine code": (bp.Adam(0.2), 100), "flow": (GradientFlow(), 24),
           "plain": (bp.GradientDescent(0.05, 0.5), 60)}


@contextmanager
def dask_threads():
    distributed = pytest.importorskip("distributed")
    with distributed.LocalCluster(n_workers=1, threads_per_worker=2, processes=False, dashboard_address=None) as cluster, \
            distributed.Client(cluster) as client:
        yield client.get_executor()


EXECUTORS = {"threads": lambda: ThreadPoolExecutor(2), "processes": lambda: ProcessPoolExecutor(2), "Dask in threads": dask_threads}


@pytest.fixture(scope="module")
def alone(tmp_path_factory):
    """{engine: (fit, words of `basins`, its map without an executor)}."""
    maps = {}
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("BPVIZ_CACHE", str(tmp_path_factory.mktemp("kernels")))
        for name, (optimizer, steps) in ENGINES.items():
            patch.setenv("BPVIZ_COMPILED", "1" if name == "machine code" else "0")
            fit = TwoHollows() if name == "plain" else bp.Fit(bp.Network((1, 1, 1), "sigmoid", bias=False),
                                                              "squared error", bp.DATA["seesaw"])
            assert name != "machine code" or compiled.ready(kernel(fit, optimizer))
            assert kernel(fit, optimizer).engine == name
            words = dict(cells=200, optimizer=optimizer, steps=steps, exact=True)
            maps[name] = fit, words, bp.basins(fit, **words)
        yield maps


@pytest.mark.parametrize("executor", EXECUTORS)
def test_every_engine_gives_the_same_map_whoever_works(alone, executor):
    with EXECUTORS[executor]() as pool:
        for engine, (fit, words, expected) in alone.items():
            shared = bp.basins(fit, executor=pool, **words)
            assert not shared.notes and len(np.unique(expected.label)) > 1, engine
            different = (shared.label != expected.label) | (shared.steps != expected.steps)
            assert not different.any(), f"{engine}: {different.sum()} of {different.size} cells"


def test_restarts_and_trainability_in_two_threads_are_those_of_one():
    fit, theta = random_fit(0, (2, 2, 1), "tanh", "squared error", rows=4)
    starts = np.random.default_rng(0).normal(size=(fit.n_params, 6000))
    jobs = [lambda k=k: bp.restarts(fit, bp.Adam(0.1), steps=48, starts=starts + k).end for k in range(4)]
    jobs += [lambda k=k: bp.trainability(fit, theta + k, -1, 2, cells=64, steps=40).shade for k in range(4)]
    one_by_one = [job() for job in jobs]
    with ThreadPoolExecutor(2) as pool:
        together = list(pool.map(lambda job: job(), jobs))
    for expected, got in zip(one_by_one, together, strict=True):
        assert np.array_equal(expected, got)


def test_what_is_kept_cannot_be_written_to():
    """A row order and a network's layout are kept for all who ask: nobody may change them for the others."""
    fit, _ = random_fit(0, (2, 2, 1), "tanh", "squared error")
    for kept in (bp.MiniBatch(1).drawn(4, 0, ()), noise._order(0, 0, (4,)), fit.network.is_weight, fit.data.x):
        with pytest.raises(ValueError, match="read-only"):
            kept[...] = 0
