"""Kernels move thousands of networks as `step` would move one: NumPy on kept buffers, and machine code."""
import os
import pickle
import shutil
import subprocess
import sys
import threading
import time
from dataclasses import replace

import numpy as np
import pytest
from conftest import random_fit
from test_optimizers import EVERY, IDS

import bpviz as bp
from bpviz.descent import branchless, compiled
from bpviz.descent.kernels import Kernel, PlainKernel, kernel
from bpviz.descent.program import program

SHAPES = [((1, 1, 1), "sigmoid", "squared error", False, 0.0), ((2, 2, 1), "tanh", "binary cross-entropy", True, 0.01),
          ((2, 3, 2), "relu", "squared error", True, 0.0), ((1, 2, 2), "softplus", "softmax cross-entropy", True, 0.0),
          ((2, 2, 1), ("elu", "swish"), "squared error", True, 0.0), ((1, 2, 1), ("softsign", "leaky relu"), "squared error", False, 0.1),
          ((1, 2, 1), "identity", "squared error", True, 0.0)]


@pytest.fixture(scope="module", autouse=True)
def cache(tmp_path_factory):
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("BPVIZ_CACHE", str(tmp_path_factory.mktemp("kernels")))
        patch.setenv("BPVIZ_COMPILED", "1")
        yield


def by_steps(fit, optimizer, theta, scales):
    state = optimizer.start(theta)
    for scale in scales:
        theta, state = optimizer.step(theta, fit.gradient(theta), state, scale)
    return theta


def advanced(engine, theta, scales):
    theta = theta.copy()
    state = engine.start(theta.shape[1])
    for part in np.array_split(scales, 3):                      # the state is handed on from piece to piece
        engine.advance(theta, state, part)
    return theta


@pytest.mark.parametrize("optimizer", EVERY, ids=IDS)
@pytest.mark.parametrize("shape", SHAPES, ids=str)
def test_numpy_kernels_step_as_the_optimizer_does(optimizer, shape):
    sizes, activation, loss, bias, l2 = shape
    fit, _ = random_fit(0, sizes, activation, loss, bias=bias, l2=l2)
    starts = np.random.default_rng(1).normal(scale=0.3 if activation == "identity" else 1, size=(fit.n_params, 37))
    scales = np.linspace(1, 0.5, 20)
    expected = by_steps(fit, optimizer, starts, scales)
    written = program(fit, optimizer)
    for engine in (Kernel(fit, written), PlainKernel(fit, optimizer)):
        assert np.allclose(advanced(engine, starts, scales), expected, rtol=1e-9, atol=1e-11), engine.engine


def test_blocks_of_any_size_join():
    fit, _ = random_fit(0, (2, 2, 1), "sigmoid", "squared error")
    optimizer = bp.Adam(0.05)
    engine = Kernel(fit, program(fit, optimizer))
    starts = np.random.default_rng(2).normal(size=(fit.n_params, 2 * engine.block + 17))
    assert np.allclose(advanced(engine, starts, np.ones(6)), by_steps(fit, optimizer, starts, np.ones(6)), atol=1e-12)


def test_overflow_is_data(recwarn):
    """A network that overflows, or begins at inf, stays there without a warning; its neighbours walk as they would alone."""
    fit, _ = random_fit(0, (1, 1, 1), "identity", "squared error")
    optimizer = bp.GradientDescent(0.1)
    theta = np.random.default_rng(0).normal(scale=0.3, size=(fit.n_params, 5))
    expected = by_steps(fit, optimizer, theta[:, 2:], np.ones(60))
    theta[0, 0], theta[:, 1] = np.inf, 1e3
    engine = Kernel(fit, program(fit, optimizer))
    engine.advance(theta, engine.start(5), np.ones(60))
    assert (~np.isfinite(theta[:, :2])).any(axis=0).all() and not recwarn.list
    assert np.isfinite(expected).all() and np.allclose(theta[:, 2:], expected)


def test_a_large_network_has_no_program_and_still_walks():
    fit, theta = random_fit(0, (20, 20, 1), "tanh", "squared error")
    assert isinstance(kernel(fit, bp.GradientDescent(0.1)), PlainKernel)
    assert np.allclose(advanced(kernel(fit, bp.GradientDescent(0.1)), theta[:, None], np.full(6, 0.1))[:, 0],
                       by_steps(fit, bp.GradientDescent(0.1), theta, np.ones(6)))


@pytest.mark.parametrize("name", ["exp", "expm1"])
def test_branchless_functions(name):
    z = np.concatenate([np.linspace(-708, 709, 2001), np.linspace(-3, 3, 2000), 10.0 ** np.linspace(-300, 0, 99)])
    ours, numpys = np.array([getattr(branchless, name)(v) for v in z]), getattr(np, name)(z)
    assert np.abs((ours - numpys) / numpys).max() < 8e-16
    for far in (-np.inf, -1e300, -800.0, 800.0, 1e300, np.inf, np.nan):
        with np.errstate(over="ignore"):
            assert np.array_equal(getattr(branchless, name)(far), getattr(np, name)(far), equal_nan=True)


def test_branchless_pairs():
    u, v = np.random.default_rng(0).normal(scale=20, size=(2, 2000))
    ours = np.array([branchless.logaddexp(a, b) for a, b in zip(u, v, strict=True)])
    assert np.allclose(ours, np.logaddexp(u, v), rtol=1e-14, atol=1e-15)
    for name in ("maximum", "minimum", "heaviside"):
        for a, b in ((1.0, 0.5), (-2.0, 0.5), (0.0, 0.5)):
            assert getattr(branchless, name)(a, b) == getattr(np, name)(a, b)


@pytest.mark.parametrize("shape, optimizer", [(SHAPES[0], bp.GradientDescent(2.0)), (SHAPES[1], bp.Adam(0.05)),
                                              (SHAPES[3], bp.GradientDescent(0.1, 0.9, True, 0.01))], ids=str)
def test_machine_code_gives_the_same_to_1e_10(shape, optimizer):
    sizes, activation, loss, bias, l2 = shape
    fit, _ = random_fit(0, sizes, activation, loss, bias=bias, l2=l2)
    machine = kernel(fit, optimizer)
    assert compiled.ready(machine) and machine.engine == "machine code"
    starts = np.random.default_rng(1).normal(size=(fit.n_params, 150))
    rates = np.full(200, optimizer.rate)
    assert np.allclose(advanced(machine, starts, rates), advanced(machine.plain, starts, rates), rtol=0, atol=1e-10)
    assert kernel(fit, replace(optimizer, rate=0.123)) is machine              # a slider of rates needs one kernel


def test_many_rows_are_a_loop_and_give_the_same():
    fit, _ = random_fit(0, (2, 4, 1), "sigmoid", "squared error", rows=30)
    machine = kernel(fit, bp.GradientDescent(1.0))
    assert "for r in range" in compiled.source(fit, bp.GradientDescent(1.0), program(fit, bp.GradientDescent(1.0)))
    assert compiled.ready(machine)
    starts = np.random.default_rng(1).normal(size=(fit.n_params, 70))
    assert np.allclose(advanced(machine, starts, np.ones(50)), advanced(machine.plain, starts, np.ones(50)), rtol=0, atol=1e-10)


def test_numpy_serves_while_machine_code_is_made_and_the_disk_keeps_it(two_weights):
    fit = two_weights("seesaw")
    first = kernel(fit, bp.GradientDescent(1.0, 0.125))
    assert first.engine == "numpy" and first.waiting is None             # nobody waits, nothing is compiled yet
    starts = np.random.default_rng(1).normal(size=(2, 99))
    before = advanced(first, starts, np.ones(9))
    first.worked = 2 * compiled.WORTH_IT                                 # as after two seconds of NumPy
    assert np.array_equal(advanced(first, starts, np.ones(9)), before)
    assert first.waiting is not None and compiled.ready(first) and first.engine == "machine code"
    assert np.allclose(advanced(first, starts, np.ones(9)), before, atol=1e-12)
    again = subprocess.run([sys.executable, "-c", f"""
import numpy as np, bpviz as bp
from bpviz.descent import compiled
from bpviz.descent.kernels import kernel
fit = bp.Fit(bp.Network((1, 1, 1), 'sigmoid', bias=False), 'squared error', bp.DATA['seesaw'])
k = kernel(fit, bp.GradientDescent(3.0, 0.125))
print(str(k.path) == {str(first.path)!r}, compiled.ready(k), sum(k.machine.stats.cache_hits.values()))
"""], capture_output=True, text=True)
    assert again.stdout.split() == ["True", "True", "1"], again.stderr


def test_without_numba_numpy_serves(two_weights, monkeypatch):
    monkeypatch.setenv("BPVIZ_COMPILED", "0")
    assert isinstance(kernel(two_weights("trident"), bp.GradientDescent(1.0)), Kernel)


def test_a_failed_compilation_is_told_and_numpy_goes_on(two_weights, monkeypatch):
    fit, optimizer = two_weights("seesaw"), bp.GradientDescent(0.25)
    monkeypatch.setattr(compiled, "source", lambda *_: "this is no Python")
    machine = compiled.offered(Kernel(fit, program(fit, optimizer)), fit, optimizer, None)
    with pytest.raises(RuntimeError, match="could not be compiled"):
        compiled.ready(machine)
    theta = np.ones((2, 40))
    machine.advance(theta, machine.start(40), np.ones(3))
    assert machine.engine == "numpy" and (theta != 1).all()


def asked_in_a_fresh_python(code, **environment):
    """What `code` prints in a Python of its own, with machine code allowed. environment: None takes a name away."""
    env = {**os.environ, "BPVIZ_COMPILED": "1", **environment}
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True,
                          env={name: value for name, value in env.items() if value is not None})
    assert done.returncode == 0, done.stderr
    return done.stdout.split()


MAP = """
import time, bpviz as bp
from bpviz.descent.kernels import kernel
fit, optimizer = bp.Fit(bp.Network((1, 1, 1), 'sigmoid', bias=False), 'squared error', bp.DATA['seesaw']), bp.GradientDescent(20.0)
PREPARE
engine = kernel(fit, optimizer)
if hasattr(engine, 'order'):
    engine.order()
    engine.waiting.join(100)
basins = bp.basins(fit, cells=16, optimizer=optimizer, steps=300)
print(engine.engine, round(100 * basins.part(0)), round(100 * basins.part(1)))
"""
NO_HOME = dict.fromkeys(("HOME", "BPVIZ_CACHE", "XDG_CACHE_HOME", "LOCALAPPDATA", "USERPROFILE"))
CANNOT = {"jit off by environment": ("", {"NUMBA_DISABLE_JIT": "1"}),
          "jit off by a program": ("import numba; numba.config.DISABLE_JIT = True", {}),
          "jit off too late": ("import bpviz.descent.compiled as c; c.available = lambda: True", {"NUMBA_DISABLE_JIT": "1"}),
          "no home folder": ("import os.path as p; p.expanduser = lambda path: path", NO_HOME),
          "a file for a cache folder": ("", {"BPVIZ_CACHE": __file__}),
          "machine code that fails": ("import bpviz.descent.compiled as c; c.CompiledKernel._make = lambda it: setattr(it, 'machine', len)", {})}


@pytest.mark.parametrize("why", CANNOT)
def test_where_machine_code_cannot_be_had_numpy_answers(two_weights, tmp_path, why):
    prepare, environment = CANNOT[why]
    basins = bp.basins(two_weights("seesaw"), cells=16, optimizer=bp.GradientDescent(20.0), steps=300)
    said = asked_in_a_fresh_python(MAP.replace("PREPARE", prepare), **{"BPVIZ_CACHE": str(tmp_path), **environment})
    assert said == ["numpy", *(str(round(100 * basins.part(k))) for k in (0, 1))]


def spoil(path, how):
    if how == "another text":
        path.write_text("import pathlib; pathlib.Path(__file__).with_suffix('.ran').touch()\nadvance = None\n")
    elif how == "half a text":
        path.write_text(path.read_text()[:500])
    elif how == "no text":
        path.unlink()
    elif how == "not a text":
        path.write_bytes(b"\xff\xfe\x00")
    for made in path.parent.rglob(f"{path.stem}.*.nb[ic]"):
        if how == "spoilt machine code" or (how == "spoilt index" and made.suffix == ".nbi"):
            made.write_bytes(made.read_bytes()[:200] + b"spoilt" + made.read_bytes()[206:])
        elif how == "another machine code" and made.suffix == ".nbc":
            made.write_bytes(pickle.dumps(("code", "name", b"")))
        elif how == "no machine code":
            made.unlink()


HOW = ["another text", "half a text", "no text", "not a text", "spoilt machine code", "spoilt index", "another machine code",
       "no machine code"]


def test_a_corrupt_cache_entry_is_never_run_and_heals(two_weights, tmp_path, monkeypatch):
    """Whatever part of an entry is spoilt, it is made again from the text at hand, once, and serves from then on."""
    monkeypatch.setenv("BPVIZ_CACHE", str(tmp_path))
    fit, optimizer = two_weights("seesaw"), bp.GradientDescent(1.0)
    written = program(fit, optimizer)
    starts = np.random.default_rng(1).normal(size=(2, 99))
    plain = Kernel(fit, written)
    expected, compilations = advanced(plain, starts, np.ones(9)), []
    compiling = compiled.CompiledKernel._compile
    monkeypatch.setattr(compiled.CompiledKernel, "_compile", lambda self: (compilations.append(self), compiling(self)))

    def fresh():
        machine = compiled.offered(plain, fit, optimizer, written)
        assert compiled.ready(machine) and np.allclose(advanced(machine, starts, np.ones(9)), expected, rtol=0, atol=1e-12)
        return machine
    machine = fresh()
    path = machine.path
    for how in HOW:
        machine.path = shutil.copytree(tmp_path, tmp_path.parent / how) / path.name
        assert machine._sound(), how
        spoil(machine.path, how)
        assert not machine._sound(), how
    fresh()
    assert len(compilations) == 1
    for n, how in enumerate(("another text", "spoilt machine code"), start=2):
        spoil(path, how)
        fresh()
        assert len(compilations) == n and path.read_text() == compiled.source(fit, optimizer, written), how
        fresh()
        assert len(compilations) == n, how
    assert not list(tmp_path.rglob("*.ran")) and not list(tmp_path.rglob("*.tmp"))


def test_many_threads_that_ask_at_once_compile_once(two_weights, tmp_path, monkeypatch):
    monkeypatch.setenv("BPVIZ_CACHE", str(tmp_path))
    fit, optimizer = two_weights("seesaw"), bp.GradientDescent(1.0, 0.5)
    written, made = program(fit, optimizer), []
    monkeypatch.setattr(compiled.CompiledKernel, "_make", lambda self: made.append(self))
    machine = compiled.offered(Kernel(fit, written), fit, optimizer, written)
    threads = [threading.Thread(target=machine.order) for _ in range(8)]

    class Slow(threading.Thread):
        """Time for all the others to look whether somebody has begun."""

        def __init__(self, **words):
            time.sleep(0.02)
            super().__init__(**words)
    monkeypatch.setattr(compiled.threading, "Thread", Slow)
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    machine.waiting.join()
    assert made == [machine]
