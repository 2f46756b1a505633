"""One network's training step as NumPy calls into kept buffers: as a hand-written loop would do it, and less.

The lines of backprop.py and of the optimizer run once on arrays that note down every NumPy call (descent/noted.py).
What was noted is a plan: each call goes into a buffer that is free again, what is only another view of a buffer is
made once, nothing is computed twice, and the gradient is written where it belongs in one array of all weights, so
that the optimizer's step is a few calls for all layers together.

`plan(fit, optimizer)` is kept and never changes; every walk has it `bound` to buffers of its own.
"""
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from bpviz.descent.noted import Noted, Tape, put
from bpviz.network.frozen import held, still


@dataclass(frozen=True)
class Plan:
    """theta, state, scale: given; loss, gradient, ahead, after: found; all Noted.  moves: the step where `look` ends.

    start: the optimizer's state to begin with.
    """
    tape: Tape
    theta: Noted
    scale: Noted
    state: tuple
    loss: Noted
    gradient: Noted
    ahead: Noted | None
    after: tuple
    moves: int
    start: tuple

    def bind(self):
        return Bound(self)


@lru_cache(maxsize=32)
def plan(fit, optimizer=None):
    """The Plan of one network's loss, gradient and, by an optimizer of rate 1, step.

    None if the optimizer is not one of ours, or if it or an activation does what cannot be noted (it asks what a number
    is, say), or is wrong: then whoever walks by the optimizer's own lines meets the error itself.
    """
    if optimizer is not None and not optimizer.known:
        return None
    tape, rng = Tape(), np.random.default_rng(0)
    try:
        with np.errstate(all="ignore"):
            theta, scale = tape.unknown(rng.normal(size=fit.n_params)), tape.unknown(np.float64(0.5))
            trace = fit.network.forward_and_backward(fit.loss_record, theta, fit.data.x, fit.data.y)
            loss, gradient = trace.loss, still(fit, trace.gradient)
            if fit.l2:
                loss, gradient = loss + fit.penalty(theta), gradient + fit.pull * theta
            moves, start = len(tape.steps), () if optimizer is None else optimizer.start(np.zeros(fit.n_params))
            state = tuple(tape.unknown(np.asarray(part, dtype=float)) for part in start)
            ahead, after = (None, ()) if optimizer is None else optimizer.step(theta, gradient, state, scale)
            ahead = ahead if ahead is None else held(fit, theta, ahead)
            made = Plan(tape, theta, scale, state, loss, gradient, ahead, tuple(after), moves, start)
    except Exception:
        return None
    for noted in tape.noted:                                 # a plan is kept; of the examples only shape and type
        noted.example = np.broadcast_to(np.empty((), noted.dtype), noted.shape)
    return made


def bound(fit, optimizer=None):
    """A Bound for one walk; None where there is no plan, or what looked like a view of a buffer is a copy."""
    made = plan(fit, optimizer)
    try:
        return made and made.bind()
    except ValueError:
        return None


class Bound:
    """A plan on its own buffers. Fill `theta`; `look()` finds `loss` () and `gradient` (P,), `move()` takes the step.

    scale: (), the rate.  state: a tuple.  move: None for a plan without an optimizer.
    """

    def __init__(self, plan):
        self._plan, steps = plan, plan.tape.steps
        found = [plan.loss, plan.gradient, *(part for part in (plan.ahead, *plan.after) if isinstance(part, Noted))]
        self._base = [self._root(k) for k in range(len(steps))]           # whose buffer each one lies in
        needed, self._last = set(), {}
        for k in reversed(range(len(steps))):
            if any(part.k == k for part in found) or k in needed:
                put(steps[k][2], lambda part: needed.add(part.k))
                needed.add(k)
        for k in sorted(needed):
            put(steps[k][2], lambda part, k=k: self._last.__setitem__(self._base[part.k], k))
        kept = {self._base[part.k] for part in found}
        kept |= {k for k, step in enumerate(steps) if step[0] in ("given", "join")}
        self._last.update(dict.fromkeys(kept, len(steps)))
        self._arrays, self._free, calls = {}, {}, {True: [], False: []}
        self._lay_out(sorted(needed | kept))
        for k in sorted(needed):
            if call := self._call(k):
                calls[k < plan.moves].append(call)
        value = self._arrays.__getitem__
        self.theta, self.scale, self.loss, self.gradient = (
            value(part.k) for part in (plan.theta, plan.scale, plan.loss, plan.gradient))
        self.state = tuple(value(part.k) for part in plan.state)
        for part, first in zip(self.state, plan.start, strict=True):
            part[...] = first
        news = [] if plan.ahead is None else [*zip((self.theta, *self.state), (plan.ahead, *plan.after), strict=True)]
        news = [(old, value(new.k) if isinstance(new, Noted) else np.asarray(new, float)) for old, new in news]
        aside = {n: np.empty_like(new) for n, (old, new) in enumerate(news) if new is not old
                 and any(np.shares_memory(new, other) for other, _ in news)}       # an old one in another's place
        calls[False] += [(np.positive, (news[n][1],), aside[n]) for n in aside]
        calls[False] += [(np.positive, (aside.get(n, new),), old) for n, (old, new) in enumerate(news)
                         if new is not old]
        self.look, self.move = _one_after_the_other(calls[True]), _one_after_the_other(calls[False]) if news else None

    def _root(self, k):
        kind, _, args = self._plan.tape.steps[k]
        while kind == "view":
            k = args[0].k
            kind, _, args = self._plan.tape.steps[k]
        return k

    def _lay_out(self, needed):
        """Arrays that are given or joined, with the parts of what is joined lying in their places already."""
        for k in needed:
            kind, _, args = self._plan.tape.steps[k]
            if kind not in ("given", "join"):
                continue
            self._arrays[k] = np.zeros(self._plan.tape.noted[k].shape)
            first = 0
            for part in args[0] if kind == "join" else ():
                end, root = first + part.size, self._base[part.k] if isinstance(part, Noted) else None
                if root is not None and root not in self._arrays and self._plan.tape.noted[root].size == part.size:
                    self._arrays[root] = self._arrays[k][first:end].reshape(self._plan.tape.noted[root].shape)
                    self._last[root] = len(self._plan.tape.steps)
                first = end

    def _call(self, k):
        """(function, arguments, the result's buffer) of step k; None where there is nothing to do at a run."""
        kind, function, args = self._plan.tape.steps[k]
        if kind == "given":
            return None
        inputs = put(args, lambda part: self._arrays[part.k])
        if kind == "view":
            self._arrays[k] = view = function(*inputs)
            if not np.may_share_memory(view, inputs[0]):
                raise ValueError("a view that is a copy")
            return None
        if kind == "join":
            return self._join(self._arrays[k], inputs[0])
        result, dying = self._plan.tape.noted[k], set()
        put(args, lambda part: dying.add(self._base[part.k]))
        dying = [base for base in dying if self._last[base] == k]
        if kind == "ufunc":                                  # may write over what it reads, entry by entry
            self._release(dying)
        if k not in self._arrays:
            pool = self._free.get((result.shape, result.dtype))
            self._arrays[k] = pool.pop() if pool else np.empty(result.shape, result.dtype)
        if kind != "ufunc":
            self._release(dying)
        return _copied(function) if kind == "call" else function, inputs, self._arrays[k]

    def _release(self, bases):
        for base in bases:
            array = self._arrays[base]
            self._free.setdefault((array.shape, array.dtype), []).append(array)

    @staticmethod
    def _join(whole, parts):
        """Copy what does not lie in its place already."""
        first, missing = 0, []
        for part in parts:
            place = whole[first:first + part.size]
            if place.ctypes.data != part.ctypes.data or place.strides != part.strides:
                missing.append((place, part))
            first += part.size
        return (lambda out: [np.copyto(*pair) for pair in missing], (), whole) if missing else None


def _one_after_the_other(calls):
    """A function without arguments that makes these calls, written out: a loop would cost as much as a small call."""
    scope, lines = {}, ["def run():", "    pass"]
    for k, (function, arguments, out) in enumerate(calls):
        names = [f"a{k}_{n}" for n in range(len(arguments))]
        scope.update({f"f{k}": function, f"o{k}": out}, **dict(zip(names, arguments, strict=True)))
        lines.append(f"    f{k}({''.join(f'{name}, ' for name in names)}out=o{k})")
    exec(_code("\n".join(lines)), scope)
    return scope["run"]


@lru_cache(maxsize=64)
def _code(text):
    return compile(text, "<a step, written out>", "exec")


def _copied(function):
    return lambda *parts, out: np.copyto(out, function(*parts))
