"""What a descent leaves behind: the Path, and on request the optimizer's state at every step."""
from dataclasses import dataclass

import numpy as np

from bpviz.base.arguments import refuse
from bpviz.base.records import checked_fields
from bpviz.base.result import Drawn
from bpviz.descent.stop import REACHED
from bpviz.words.catalogue import say

SETTLED, OUT_OF_STEPS, RAN_AWAY = "settled", "out of steps", "ran away"
ENDED = (SETTLED, OUT_OF_STEPS, RAN_AWAY, *REACHED)
FAR = 1e6                      # a weight beyond this has run away
STILL = 1e-7                   # a step shorter than this does not move the weights to speak of


@dataclass(frozen=True, repr=False)
class Path(Drawn):
    """A descent: every theta it visited, start included.

    theta: (P, steps + 1, ...).  loss, gradient_norm: (steps + 1, ...).
    ended: per network (a str for one, an array of str for many) "settled" (the gradient fell below
    settled_below: at a minimum, but a saddle or a plateau can do that too, see
    landscape/verdict.py), "out of steps", "ran away" (a weight beyond 1e6, inf or nan; the
    path stays at the last finite point), or by the stop rule "loss reached", "gradient reached" or "accuracy reached".
    inner: on request, the optimizer's state before each step by name: {"m": (P, steps + 1, ...), ...}, plain numbers
    of the state as (steps + 1,).
    """
    theta: np.ndarray
    loss: np.ndarray
    gradient_norm: np.ndarray
    ended: object
    inner: dict | None = None

    def __post_init__(self):
        checked_fields(self)
        shape = self.theta.shape[1:]
        one = isinstance(self.ended, str) and self.ended in ENDED
        if not one and not (isinstance(self.ended, np.ndarray) and self.ended.dtype.kind == "U"
                            and self.ended.shape == shape[1:] != ()):
            refuse("ended", self.ended, f"allowed is one of {', '.join(ENDED)}, or an array of them")
        if self.inner is not None and not all(isinstance(part, np.ndarray) for part in self.inner.values()):
            refuse("inner", self.inner, "allowed is None or a dict of arrays")
        if self.loss.shape != shape or self.gradient_norm.shape != shape:
            raise ValueError(f"Path: got loss {self.loss.shape} and gradient_norm {self.gradient_norm.shape}; "
                             f"allowed is {shape}, as theta has")

    @property
    def steps(self):
        """How many steps were taken."""
        return self.theta.shape[1] - 1

    @property
    def kept(self):
        """The last step that was kept: the rows after it, of a descent that ran away, repeat its point."""
        if not isinstance(self.ended, str) or self.ended != RAN_AWAY:
            return self.steps
        other = np.flatnonzero((self.theta != self.end[:, None]).any(axis=0))
        return int(other[-1]) + 1 if len(other) else 0

    @property
    def end(self):
        """The last theta: (P, ...)."""
        return self.theta[:, -1]

    drawn = "loss_curve"

    @property
    def words(self):
        """How it ended, and what to try next as far as the path itself tells."""
        if not isinstance(self.ended, str):
            kinds, counts = np.unique(self.ended, return_counts=True)
            return say("results", "crowd", many=self.ended.size, ends=[
                {"kind": kind, "count": n} for kind, n in zip(kinds, counts, strict=True)])
        loss, slope = self.loss, self.gradient_norm
        step = float(np.linalg.norm(self.theta[:, -1] - self.theta[:, -2])) if self.steps else 0.0
        return say("results", "path", ended=self.ended, steps=self.kept, loss=loss[-1], slope=slope[-1],
                   begun=bool(np.isfinite(loss[0] + slope[0])), lower=bool(loss[-1] < loss[0]),
                   still=bool(self.steps and step < STILL), step=step)

    def __repr__(self):
        return self.words

    def table(self):
        """Loss and gradient at steps 0, 1, 2, 5, 10, 20, 50, ... and at the last one; of many networks the medians."""
        seen = sorted({0, *(m * 10 ** k for k in range(7) for m in (1, 2, 5) if m * 10 ** k < self.kept), self.kept})
        loss, norm = (np.median(array.reshape(len(array), -1)[seen], axis=1)
                      for array in (self.loss, self.gradient_norm))
        half = "" if isinstance(self.ended, str) else " (half of the networks are at or below)"
        return f"The descent, step by step{half}", ("step", "loss", "|gradient|"), [
            (f"{k:,}", f"{at:.6g}", f"{slope:.3g}") for k, at, slope in zip(seen, loss, norm, strict=True)]



class Inner:
    """The optimizer's state at every step."""

    def __init__(self, optimizer, theta, steps):
        parts = optimizer.start(theta)
        self.kept = {name: np.empty((*np.shape(part)[:1], steps + 1, *np.shape(part)[1:]))
                     for name, part in zip(optimizer.inner, parts, strict=True)}

    def keep(self, k, state):
        for array, part in zip(self.kept.values(), state, strict=True):
            array[(slice(None), k) if np.ndim(part) else k] = part

    def stay(self, first, last):
        for array in self.kept.values():
            many = array.ndim > 1
            array[(slice(None), slice(last, None)) if many else slice(last, None)] = (
                array[:, first][:, None] if many else array[first])

    def up_to(self, n):
        return {name: array[:, :n] if array.ndim > 1 else array[:n] for name, array in self.kept.items()}
