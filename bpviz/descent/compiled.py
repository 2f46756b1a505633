"""The same program as machine code, where numba is installed (extra `fast`).

The lines of a program (descent/program.py) are written into a file as one loop over 64 networks,
without branches, so that the compiler does four or eight networks at once. The file and what numba
makes of it stay in a cache folder on disk: `BPVIZ_CACHE`, or bpviz in the user's cache folder. What is run
is the text at hand, never the file's; machine code on disk only if it is, byte for byte, what was compiled
from that text here, else it is made again.

A learner never waits for a compiler. Once NumPy has worked WORTH_IT seconds on a program, another process
compiles it, one at a time, and NumPy serves until the machine code is there; `ready(kernel)` asks for it at
once and waits (benchmarks, tests). NumPy also serves wherever machine code cannot be had: no numba, numba
switched off (NUMBA_DISABLE_JIT), no folder to keep it in, a compiler that fails.
"""
import atexit
import hashlib
import importlib.metadata
import importlib.util
import os
import subprocess
import sys
import threading
import time
from pathlib import Path
from types import ModuleType

import numpy as np

BLOCK = 64
WORTH_IT = 1.0                       # seconds of NumPy after which compiling pays
UNROLLED = 500                       # lines up to which all rows stand one after the other, without a loop
HELPERS = ("descent/branchless.py", "calculus/functions.py")              # where what the text calls is written
OFF = "BPVIZ_COMPILED"               # set to 0: NumPy only

HEAD = '''"""{what}. Written by bpviz; safe to delete."""
import numpy as np
from numba import njit

from bpviz.descent.branchless import *


@njit("void(float64[:, ::1], float64[:, ::1], float64[::1], float64[:, ::1], float64[:, ::1])",
      error_model="numpy", fastmath={{"contract"}}, nogil=True, cache=True, boundscheck=False)
def advance(theta, state, rates, x, t):
    at = np.empty({numbers})
'''


def available():
    """Whether numba is installed and not switched off, by BPVIZ_COMPILED=0 or its own NUMBA_DISABLE_JIT."""
    told = getattr(sys.modules.get("numba.core.config"), "DISABLE_JIT", None)       # a program may have set it there
    off = os.environ.get("NUMBA_DISABLE_JIT", "").strip() not in ("", "0") if told is None else told
    return os.environ.get(OFF, "1") != "0" and not off and importlib.util.find_spec("numba") is not None


def folder():
    """Where written files and machine code are kept. Raises RuntimeError where there is no home folder."""
    base = os.environ.get("BPVIZ_CACHE")
    if base is None:
        home = os.environ.get("XDG_CACHE_HOME") or os.environ.get("LOCALAPPDATA") or Path.home() / ".cache"
        base = Path(home) / "bpviz"
    return Path(base)


def source(fit, optimizer, written):
    """The text of the module that moves blocks of 64 networks on."""
    P, S, rows = fit.n_params, len(written.start), fit.data.rows
    n_in, n_out = fit.network.n_in, fit.network.n_out
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
        put(depth, *(f"g{k} = g{k} / {float(fit.divisor)!r}" for k in range(P)))
        put(depth, *(f"g{k} = g{k} + {float(fit.pull[k])!r} * w{k}" for k in np.flatnonzero(fit.pull)))
        put(depth, *(f"g{k} = 0.0" for k in np.flatnonzero(~fit.free)))
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
    head = HEAD.format(what=f"{fit.network!a}, {rows} rows, {optimizer!a}", numbers=(2 * P + S) * BLOCK)
    return head + "\n".join(lines) + "\n"


def _load(path, text):
    """Run the text as the module at this path; numba takes its machine code from the disk, or makes it now."""
    module = ModuleType(path.stem)
    module.__file__ = str(path)
    sys.modules[path.stem] = module            # where numba looks for it
    exec(compile(text, path, "exec"), module.__dict__)
    if not getattr(module.advance, "nopython_signatures", None):
        raise RuntimeError("numba is there but compiles nothing")
    return module.advance


def _path(text):
    helpers = b"".join((Path(__file__).parents[1] / part).read_bytes() for part in HELPERS)
    name = hashlib.sha256(text.encode() + helpers + importlib.metadata.version("numba").encode()).hexdigest()[:20]
    return folder() / f"kernel_{name}.py"


class CompiledKernel:
    """A NumPy kernel that changes over to machine code when that is ready. Results agree to about 1e-13."""

    one_at_a_time, ordering = threading.Lock(), threading.Lock()

    def __init__(self, plain, fit, text):
        self.plain, self.P, self.path, self.text = plain, plain.P, _path(text), text
        self.x, self.t = fit.data.x.copy(), fit.data.y.copy()          # writeable, as the signature says
        self.machine = self.failed = self.waiting = None
        self.worked = 0.0                          # a stopwatch: threads that overtake each other cost it a blink
        if os.path.exists(self._done):
            self.order()

    @property
    def engine(self):
        return "machine code" if self.machine else self.plain.engine

    @property
    def _done(self):
        """Written last: what `_fingerprint` was then. One for each Python, as numba keeps it."""
        return self.path.with_suffix(f".{sys.implementation.cache_tag}.done")

    def _made(self):
        """numba's files of this entry."""
        place = Path(os.environ.get("NUMBA_CACHE_DIR") or self.path.parent)
        return sorted(place.rglob(f"{self.path.stem}.*.py{sys.version_info[0]}{sys.version_info[1]}*.nb[ic]"))

    def _fingerprint(self):
        return hashlib.sha256(b"".join(part.read_bytes() for part in (self.path, *self._made()))).hexdigest()

    def _sound(self):
        """Whether the entry on disk is whole: the text at hand, and the machine code made of it."""
        try:
            return (self.path.read_bytes() == self.text.encode() and bool(self._made())
                    and self._done.read_text(encoding="utf-8") == self._fingerprint())
        except (OSError, UnicodeDecodeError):
            return False

    def order(self):
        """Have the machine code made, or taken from the disk, in the background."""
        with self.ordering:
            if self.waiting is None:
                self.waiting = threading.Thread(target=self._make, daemon=True)
                self.waiting.start()

    def _make(self):
        try:
            if not self._sound():
                with self.one_at_a_time:
                    if not self._sound():          # another kernel of the same text may have made it meanwhile
                        self._compile()
            self.machine = _load(self.path, self.text)
        except Exception as error:                 # NumPy goes on serving; ready() tells
            self.failed = f"{type(error).__name__}: {error}"

    def _compile(self):
        """In another process, since compiling would hold this one up; it ends with this one."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        for part in (self._done, *self._made()):
            part.unlink(missing_ok=True)
        if not self.path.exists() or self.path.read_bytes() != self.text.encode():
            whole = self.path.with_suffix(f".{os.getpid()}.tmp")        # never half a file under the name
            whole.write_bytes(self.text.encode())
            os.replace(whole, self.path)
        child = subprocess.Popen([sys.executable, "-m", "bpviz.descent.compiled", str(self.path)],
                                 stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True,
                                 env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))})
        atexit.register(child.kill)
        errors = child.communicate(self.text)[1]
        atexit.unregister(child.kill)
        if child.returncode:
            raise RuntimeError(errors[-2000:])
        self._done.write_text(self._fingerprint(), encoding="utf-8")

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
        try:
            machine(w, s, np.ascontiguousarray(rates, dtype=float), self.x, self.t)
        except Exception as error:                 # theta and state are as they were
            self.machine, self.failed = None, f"{type(error).__name__}: {error}"
            return self.plain.advance(theta, state, rates)
        theta[:], state[:] = w[:, :N], s[:len(state), :N]


def offered(plain, fit, optimizer, written):
    """The kernel to use: one that changes over to machine code, or `plain` itself where none can be had."""
    try:
        return CompiledKernel(plain, fit, source(fit, optimizer, written)) if available() else plain
    except (RuntimeError, ImportError, OSError):             # no home folder; a numba that cannot tell its version
        return plain


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
    _load(Path(sys.argv[1]), sys.stdin.buffer.read().decode())
