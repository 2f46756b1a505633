"""The same program as machine code, where numba is installed (extra `fast`).

The lines of a program (descent/program.py) are written into a file as one loop over 64 networks,
without branches, so that the compiler does four or eight networks at once. The file and what numba
makes of it stay in a cache folder on disk: `BPVIZ_CACHE`, or bpviz in the user's cache folder.

A learner never waits for a compiler. Once NumPy has worked WORTH_IT seconds on a program, another process
compiles it, one at a time, and NumPy serves until the machine code is there; `ready(kernel)` asks for it at
once and waits (benchmarks, tests).
"""
import atexit
import hashlib
import importlib.util
import os
import subprocess
import sys
import threading
import time
from pathlib import Path

import numpy as np

BLOCK = 64
WORTH_IT = 1.0                       # seconds of NumPy after which compiling pays
UNROLLED = 500                       # lines up to which all rows stand one after the other, without a loop
OFF = "BPVIZ_COMPILED"               # set to 0: NumPy only

HEAD = '''"""{what}. Written by bpviz; safe to delete."""
import numpy as np
from numba import njit

from bpviz.descent.branchless import (absolute, cos, divide, exp, expm1, fmin, heaviside, log, logaddexp, maximum,
                                      minimum, sin, sqrt)


@njit("void(float64[:, ::1], float64[:, ::1], float64[::1], float64[:, ::1], float64[:, ::1])",
      error_model="numpy", fastmath={{"contract"}}, nogil=True, cache=True, boundscheck=False)
def advance(theta, state, rates, x, t):
    at = np.empty({numbers})
'''


def available():
    """Whether numba is installed and not switched off by BPVIZ_COMPILED=0."""
    return os.environ.get(OFF, "1") != "0" and importlib.util.find_spec("numba") is not None


def folder():
    base = os.environ.get("BPVIZ_CACHE")
    if base is None:
        home = os.environ.get("XDG_CACHE_HOME") or os.environ.get("LOCALAPPDATA") or Path.home() / ".cache"
        base = Path(home) / "bpviz"
    return Path(base)


def source(fit, optimizer, written):
    """The text of the module that moves blocks of 64 networks on."""
    P, S, rows = fit.n_params, len(written.start), fit.data.rows
    n_in, n_out = fit.network.sizes[0], fit.network.sizes[-1]
    unrolled = rows * len(written.row) <= UNROLLED
    W, G, Q = 0, P, 2 * P                            # where weights, gradient and state lie in `at`, in blocks
    lines = []

    def put(depth, *more):
        lines.extend("    " * depth + line for line in more)

    def spot(block):
        return f"at[{block * BLOCK} + j]"

    def weights(depth):
        put(depth, *(f"w{k} = {spot(W + k)}" for k in range(P)))

    def step(depth):
        put(depth, *(f"g{k} = g{k} / {float(rows)!r}" for k in range(P)))
        if fit.l2:
            put(depth, *(f"g{k} = g{k} + {2 * fit.l2!r} * w{k}" for k in np.flatnonzero(fit.network.is_weight)))
        put(depth, *(f"s{k} = {spot(Q + k)}" for k in range(S)), *written.update)
        put(depth, *(f"{spot(W + k)} = {name}" for k, name in enumerate(written.theta)))
        put(depth, *(f"{spot(Q + k)} = {name}" for k, name in enumerate(written.state)))

    def inputs(depth, row):
        put(depth, *(f"x{i} = x[{i}, {row}]" for i in range(n_in)), *(f"t{i} = t[{i}, {row}]" for i in range(n_out)))

    put(1, f"for b in range(0, theta.shape[1], {BLOCK}):", f"    for j in range({BLOCK}):")
    put(3, *(f"{spot(W + k)} = theta[{k}, b + j]" for k in range(P)))
    put(3, *(f"{spot(Q + k)} = state[{k}, b + j]" for k in range(S)))
    put(2, "for k in range(len(rates)):", "    scale = rates[k]")
    if unrolled:
        for r in range(rows):
            put(3, *(f"x{i}_{r} = x[{i}, {r}]" for i in range(n_in)),
                *(f"t{i}_{r} = t[{i}, {r}]" for i in range(n_out)))
        put(3, f"for j in range({BLOCK}):")
        weights(4)
        for r in range(rows):
            put(4, *(f"x{i} = x{i}_{r}" for i in range(n_in)), *(f"t{i} = t{i}_{r}" for i in range(n_out)),
                *written.row)
            put(4, *(f"g{k} = {slope}" if r == 0 else f"g{k} = g{k} + {slope}"
                     for k, slope in enumerate(written.slopes)))
        step(4)
    else:
        put(3, f"for j in range({P * BLOCK}):", f"    at[{G * BLOCK} + j] = 0.0", "for r in range(x.shape[1]):")
        inputs(4, "r")
        put(4, f"for j in range({BLOCK}):")
        weights(5)
        put(5, *written.row, *(f"{spot(G + k)} += {slope}" for k, slope in enumerate(written.slopes)))
        put(3, f"for j in range({BLOCK}):")
        weights(4)
        put(4, *(f"g{k} = {spot(G + k)}" for k in range(P)))
        step(4)
    put(2, f"for j in range({BLOCK}):")
    put(3, *(f"theta[{k}, b + j] = {spot(W + k)}" for k in range(P)))
    put(3, *(f"state[{k}, b + j] = {spot(Q + k)}" for k in range(S)))
    head = HEAD.format(what=f"{fit.network!r}, {rows} rows, {optimizer!r}", numbers=(2 * P + S) * BLOCK)
    return head + "\n".join(lines) + "\n"


def _load(path):
    """Import the written file; numba takes its machine code from the disk, or makes it now."""
    spec = importlib.util.spec_from_file_location(path.stem, path)
    module = importlib.util.module_from_spec(spec)
    sys.modules[path.stem] = module            # where numba looks for it
    spec.loader.exec_module(module)
    return module.advance


def _path(text):
    helpers = (Path(__file__).parent / "branchless.py").read_bytes()
    name = hashlib.sha256(text.encode() + helpers).hexdigest()[:20]
    return folder() / f"kernel_{name}.py"


class CompiledKernel:
    """A NumPy kernel that changes over to machine code when that is ready. Results agree to about 1e-13."""

    one_at_a_time = threading.Lock()

    def __init__(self, plain, fit, text):
        self.plain, self.P, self.path, self.text = plain, plain.P, _path(text), text
        self.x, self.t = fit.data.x.copy(), fit.data.y.copy()          # writeable, as the signature says
        self.machine = self.failed = self.waiting = None
        self.worked = 0.0
        if self._done.exists():
            self.order()

    @property
    def engine(self):
        return "machine code" if self.machine else self.plain.engine

    @property
    def _done(self):
        return self.path.with_suffix(".done")

    def order(self):
        """Have the machine code made, or taken from the disk, in the background."""
        if self.waiting is None:
            self.waiting = threading.Thread(target=self._make, daemon=True)
            self.waiting.start()

    def _make(self):
        try:
            if not self._done.exists():
                with self.one_at_a_time:
                    self._compile()
            self.machine = _load(self.path)
        except Exception as error:                 # NumPy goes on serving; ready() tells
            self.failed = f"{type(error).__name__}: {error}"

    def _compile(self):
        """In another process, since compiling would hold this one up; it ends with this one."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        self.path.write_text(self.text, encoding="utf-8")
        child = subprocess.Popen([sys.executable, "-m", "bpviz.descent.compiled", str(self.path)],
                                 stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True,
                                 env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))})
        atexit.register(child.kill)
        errors = child.communicate()[1]
        atexit.unregister(child.kill)
        if child.returncode:
            raise RuntimeError(errors[-2000:])
        self._done.touch()

    def start(self, N):
        return self.plain.start(N)

    def advance(self, theta, state, rates):
        machine, N = self.machine, theta.shape[1]
        if machine is None or N < BLOCK // 4:
            began = time.perf_counter()
            self.plain.advance(theta, state, rates)
            self.worked += time.perf_counter() - began
            if self.worked > WORTH_IT:
                self.order()
            return
        whole = -(-N // BLOCK) * BLOCK
        w, s = np.ones((self.P, whole)), np.ones((max(1, len(state)), whole))
        w[:, :N], s[:len(state), :N] = theta, state
        machine(w, s, np.ascontiguousarray(rates, dtype=float), self.x, self.t)
        theta[:], state[:] = w[:, :N], s[:len(state), :N]


def offered(plain, fit, optimizer, written):
    """The kernel to use: one that changes over to machine code, or `plain` itself where numba is not installed."""
    return CompiledKernel(plain, fit, source(fit, optimizer, written)) if available() else plain


def ready(kernel, seconds=300):
    """Wait until the machine code of this kernel is there. Returns whether it is; RuntimeError if it failed."""
    if not isinstance(kernel, CompiledKernel):
        return False
    kernel.order()
    kernel.waiting.join(seconds)
    if kernel.failed:
        raise RuntimeError(f"the kernel could not be compiled: {kernel.failed}")
    return kernel.machine is not None


if __name__ == "__main__":
    _load(Path(sys.argv[1]))
