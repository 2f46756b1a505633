"""Many networks a few steps further, as fast as NumPy can: the program of one step, on kept buffers.

A kernel is `advance(theta, state, rates)`: theta (P, N) and state (S, N) are moved on in place by
len(rates) steps. It never warns: a network that overflows holds inf or nan from then on. The rate is
handed over and not built in, so that a slider of rates needs one kernel only.

Networks are taken in blocks small enough for all the buffers of a step to stay in the processor's
cache, and each line of the program is one NumPy call into a buffer that is free again: twice to ten
times as fast as arrays made anew (benchmarks/basins.py). A kernel is kept and may be asked by several
threads at once (an executor's), so every thread has buffers of its own.
"""
import ast
import threading
from dataclasses import replace
from functools import lru_cache

import numpy as np

from bpviz.calculus.functions import ARRAYS, FUNCTIONS
from bpviz.descent import compiled
from bpviz.descent.program import program
from bpviz.network.frozen import held

CACHED = 1 << 17                   # numbers that the buffers of one block may hold in all
CALLS = {ast.Add: np.add, ast.Sub: np.subtract, ast.Mult: np.multiply, ast.Div: np.divide, ast.USub: np.negative}
NAMED = {"divide": np.divide, "fmin": np.fmin,
         **{f.spelled: getattr(ARRAYS, name) for name, f in FUNCTIONS.items()}}


class Lines:
    """Recorded lines as NumPy calls: (function, arguments, result, wide) each, results in numbered buffers.

    wide: names that hold a number for each row and network, (rows, N); all others (N,).  keep: names never overwritten.
    """

    def __init__(self, lines, wide, keep):
        parsed = [self._call(ast.parse(line).body[0]) for line in lines]
        flat = [call for calls in parsed for call in calls]
        last = {}
        for k, (_, arguments, _) in enumerate(flat):
            last.update({name: k for name in arguments if isinstance(name, str)})
        wide, free, home, self.calls, self.sizes = set(wide), {True: [], False: []}, {}, [], []
        for k, (function, arguments, result) in enumerate(flat):
            broad = any(name in wide for name in arguments)
            if broad:
                wide.add(result)
            if free[broad]:
                buffer = free[broad].pop()
            else:
                buffer = len(self.sizes)
                self.sizes.append(broad)
            self.calls.append((function, [home.get(a, a) for a in arguments], buffer))
            for name in {a for a in arguments if a in home and last[a] == k and a not in keep}:
                free[self.sizes[home[name]]].append(home[name])
            home[result] = buffer
            if result not in last and result not in keep:
                free[broad].append(buffer)
        self.home = home

    def _call(self, line):
        """One assignment as calls; a * a * a takes two, the inner results named after the outer."""
        calls, target = [], line.targets[0].id

        def name(node):
            if isinstance(node, ast.Name):
                return node.id
            if isinstance(node, ast.Constant):
                return float(node.value)
            if isinstance(node, ast.UnaryOp) and isinstance(node.operand, ast.Constant):
                return -float(node.operand.value)
            return emit(node, f"{target}_{len(calls)}")

        def emit(node, result):
            if isinstance(node, ast.BinOp):
                call = CALLS[type(node.op)], [name(node.left), name(node.right)]
            elif isinstance(node, ast.UnaryOp):
                call = CALLS[type(node.op)], [name(node.operand)]
            else:
                call = NAMED[node.func.id], [name(a) for a in node.args]
            calls.append((*call, result))
            return result
        emit(line.value, target)
        return calls

    def bind(self, scope, buffers):
        """The calls as (function, arguments, out), ready to run; scope: {name: array}."""
        return [(function, [buffers[a] if isinstance(a, int) else scope.get(a, a) for a in arguments], buffers[out])
                for function, arguments, out in self.calls]

    def value(self, name, scope, buffers):
        return buffers[self.home[name]] if name in self.home else scope[name]


class Kernel:
    """`advance` for one fit and an optimizer of rate 1, written from their program."""

    engine = "numpy"

    def __init__(self, fit, written):
        self.fit, self.written, self.P = fit, written, fit.n_params
        n_in, n_out = fit.network.n_in, fit.network.n_out
        given = [f"x{i}" for i in range(n_in)] + [f"t{i}" for i in range(n_out)]
        self.row = Lines(written.row, given, set(written.slopes))
        self.update = Lines(written.update, (), {*written.theta, *written.state})
        rows = fit.data.rows
        width = sum(rows if broad else 1 for broad in self.row.sizes) + len(self.update.sizes) + self.P
        self.block = max(64, min(8192, CACHED // width // 16 * 16))
        self.given = dict(zip(given, [*fit.data.x[:, :, None], *fit.data.y[:, :, None]], strict=True))
        self._mine = threading.local()          # buffers are written at every step: no other thread may see them

    def start(self, N):
        """The state of N networks before their first step: (S, N)."""
        return np.tile(np.array(self.written.start, dtype=float)[:, None], N)

    def advance(self, theta, state, rates):
        with np.errstate(all="ignore"):
            for first in range(0, theta.shape[1], self.block):
                part = slice(first, first + self.block)
                theta[:, part], state[:, part] = self._block(theta[:, part], state[:, part], rates)

    def _bind(self, N):
        """Buffers and calls for blocks of N networks, this thread's own, kept for the block size that recurs."""
        kept = self._mine.__dict__
        if N in kept:
            return kept[N]
        rows, program = self.fit.data.rows, self.written
        w, g = np.empty((self.P, N)), np.empty((self.P, N))
        s, scale = np.empty((len(program.start), N)), np.empty(())
        scope = {**self.given, **{f"w{k}": w[k] for k in range(self.P)}, **{f"g{k}": g[k] for k in range(self.P)},
                 **{f"s{k}": s[k] for k in range(len(s))}, "scale": scale}
        inner = [np.empty((rows, N) if broad else N) for broad in self.row.sizes]
        outer = [np.empty(N) for _ in self.update.sizes]
        bound = (w, g, s, scale, self.row.bind(scope, inner), self.update.bind(scope, outer),
                 [self.row.value(name, scope, inner) for name in program.slopes],
                 [self.update.value(name, scope, outer) for name in program.theta],
                 [self.update.value(name, scope, outer) for name in program.state])
        if len(kept) > 1:
            kept.clear()
        kept[N] = bound
        return bound

    def _block(self, theta, state, rates):
        w, g, s, scale, row, update, slopes, ahead, after = self._bind(theta.shape[1])
        w[:], s[:] = theta, state
        rows, divisor, pull = self.fit.data.rows, self.fit.divisor, self.fit.pull
        penalised, frozen = np.flatnonzero(pull), np.flatnonzero(~self.fit.free)
        for scale[...] in rates:
            for function, arguments, out in row:
                function(*arguments, out=out)
            for k, slope in enumerate(slopes):
                if slope.ndim == 2:
                    np.add.reduce(slope, axis=0, out=g[k])
                else:
                    np.multiply(slope, rows, out=g[k])
            g /= divisor
            for k in penalised:
                g[k] += pull[k] * w[k]
            for k in frozen:
                g[k] = 0
            for function, arguments, out in update:
                function(*arguments, out=out)
            for k, new in enumerate(ahead):
                w[k] = new
            for k, new in enumerate(after):
                s[k] = new
        return w, s


class PlainKernel:
    """`advance` for any objective and an optimizer of rate 1, by the objective's own gradient."""

    engine = "plain"

    def __init__(self, objective, optimizer):
        self.objective, self.optimizer, self.P = objective, optimizer, objective.n_params
        self.first = optimizer.start(np.zeros(self.P))
        self.edges = np.cumsum([np.size(part) for part in self.first], dtype=int)

    def start(self, N):
        numbers = [number for part in self.first for number in np.atleast_1d(part)]
        return np.tile(np.array(numbers, dtype=float)[:, None], N)

    def advance(self, theta, state, rates):
        pieces = np.split(state, self.edges[:-1]) if self.first else []
        parts = tuple(piece if np.ndim(part) else _one(piece[0])
                      for piece, part in zip(pieces, self.first, strict=True))
        now = theta
        with np.errstate(all="ignore"):
            for rate in rates:
                fine = np.isfinite(now).all(axis=0)
                gradient = np.full_like(now, np.nan)
                if fine.any():
                    gradient[:, fine] = self.objective.gradient(now[:, fine])
                ahead, parts = self.optimizer.step(now, gradient, parts, rate)
                now = held(self.objective, now, ahead)
        theta[:] = now
        for piece, part in zip(pieces, [np.array(part) for part in parts], strict=True):    # one may view another
            piece[...] = part


def _one(numbers):
    """The number of the state that all networks (N,) have, a count of steps; as they are where they differ."""
    return numbers[0] if len(numbers) and (numbers == numbers[0]).all() else numbers


def kernel(objective, optimizer):
    """The fastest kernel that runs here and now: machine code once it is ready, else NumPy on kept buffers.

    An optimizer that brings a kernel of its own (GradientFlow) is asked for it.
    """
    if own := optimizer.kernel(objective):
        return own
    unit = replace(optimizer, rate=1.0)
    return _kernel(objective, unit) if hasattr(objective, "network") else PlainKernel(objective, unit)


@lru_cache(maxsize=16)                   # of Fits only: they never change, and equal means the same
def _kernel(objective, optimizer):
    written = program(objective, optimizer)
    if written is None:
        return PlainKernel(objective, optimizer)
    return compiled.offered(Kernel(objective, written), objective, optimizer, written)
