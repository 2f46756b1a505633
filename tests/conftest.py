"""Shared by all tests: the same random networks every time, and oracles that share no line with bpviz."""
import gc
import os
import sys
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path

import autograd.numpy as anp
import numpy as np
import oracles
import pytest
from hypothesis import settings

import bpviz as bp

os.environ["BPVIZ_COMPILED"] = "0"          # NumPy only, but where machine code is what is tested
sys.path.insert(0, str(Path(__file__).parent / "browser"))
settings.register_profile("bpviz", derandomize=True, deadline=None, max_examples=40, database=None)
settings.load_profile("bpviz")


ORACLE_ACTIVATIONS = {name: value for name, (value, _) in oracles.on(oracles.AUTOGRAD).items()}


def oracle_loss(fit):
    """theta (P,) -> loss, for autograd: plain loops over layers, W as separate blocks, one network only."""
    net, x, t = fit.network, fit.data.x, fit.data.y

    def loss(theta):
        a, start, penalty = x.T, 0, 0.0
        for k, (n_in, n_out) in enumerate(zip(net.sizes, net.sizes[1:], strict=False)):
            W = anp.reshape(theta[start:start + n_in * n_out], (n_in, n_out))
            start += n_in * n_out
            penalty = penalty + anp.sum(W * W)
            z = anp.dot(a, W)
            if net.bias:
                z = z + theta[start:start + n_out]
                start += n_out
            a = ORACLE_ACTIVATIONS[net.activations[k]](z)
        name = fit.loss_record.name
        if name == "squared error":
            rows = anp.sum((a - t.T) ** 2, axis=1)
        elif name == "half squared error":
            rows = anp.sum((a - t.T) ** 2, axis=1) / 2
        elif name == "binary cross-entropy":
            p = 1 / (1 + anp.exp(-z))
            rows = -anp.sum(t.T * anp.log(p) + (1 - t.T) * anp.log(1 - p), axis=1)
        else:
            p = anp.exp(z) / anp.sum(anp.exp(z), axis=1, keepdims=True)
            rows = -anp.sum(t.T * anp.log(p), axis=1)
        return anp.mean(rows) + fit.l2 * penalty
    return loss


def random_fit(seed, sizes, activation, loss, rows=3, bias=True, l2=0.0):
    """A fit on random data and a theta, the same for the same seed; one output more where the loss takes two."""
    if sizes[-1] < bp.LOSSES[loss].least_outputs:
        sizes = (*sizes[:-1], bp.LOSSES[loss].least_outputs)
    rng = np.random.default_rng(seed)
    net = bp.Network(sizes, activation, bias)
    y = rng.uniform(0.05, 0.95, size=(sizes[-1], rows))
    if loss == "softmax cross-entropy":
        y = y / y.sum(axis=0)
    fit = bp.Fit(net, loss, bp.Data(rng.normal(size=(sizes[0], rows)), y), l2)
    return fit, rng.normal(size=net.n_params)


@contextmanager
def kept_tables():
    """What is typed, planted or taken away in a public table meanwhile is undone: no later test meets it."""
    before = [(table, dict(table)) for table in (bp.ACTIVATIONS, bp.DATA, bp.LOSSES)]
    yield
    for table, records in before:
        if dict(table) != records:
            table.clear()
            table.update(records)


@pytest.fixture(autouse=True)
def tables_as_they_were():
    with kept_tables():
        yield


@pytest.fixture
def two_weights():
    """(data set, activation) -> the Fit of f(w2 f(w1 x))."""
    def make(data, activation="sigmoid"):
        return bp.Fit(bp.Network((1, 1, 1), activation, bias=False), "squared error", bp.DATA[data])
    return make


@pytest.fixture
def less_work(monkeypatch):
    """Every explorer on fewer cells, starts, steps and seeds, as its record says."""
    from bpviz.explorers import all_explorers
    for explorer in all_explorers().values():
        for name, value in explorer.small.constants.items():
            monkeypatch.setattr(import_module(explorer.scene.__module__), name, value)


@pytest.fixture(scope="session")
def jupyter(tmp_path_factory):
    """One JupyterLab and one Chromium for all browser tests of a worker: a Lab (browser/shared.py)."""
    from shared import shared_lab
    with shared_lab(tmp_path_factory.mktemp("jupyter")) as lab:
        yield lab


def pytest_collection_finish():
    """What there is by now stays to the end: no garbage collection looks at it again, and there are thousands. Of
    what comes, figures and formulas are most, thousands of objects each: looked for as often as by default, they took up to an eighth of the time.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item, call):
    """A browser test that failed tells what was on its pages."""
    report = yield
    if report.failed and call.when == "call" and item.get_closest_marker("browser"):
        from lab import OPEN
        for notebook in OPEN:
            if not notebook.page.is_closed():
                report.sections.append((f"page {notebook.page.url.split('?')[0]}", notebook.tells()))
    return report
