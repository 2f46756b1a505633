"""The records of a walk through a training step (walk.py): a number to be found, and the same with its numbers."""
from dataclasses import dataclass

from bpviz.symbolic.flow import Flow


@dataclass(frozen=True)
class Station:
    """One number to be found, without numbers yet.

    latex, text: its name.  terms: (LaTeX, SymPy expression) whose sum it is.  reads: the kinds it is made of.
    code: (file, line number, line) that finds it.
    """
    phase: str
    kind: tuple
    latex: str
    text: str
    terms: tuple
    reads: tuple
    why: str
    code: tuple


@dataclass(frozen=True)
class Reached:
    """A stop with its numbers. terms: ((LaTeX, numbers put in, value), ...), which add up to value.
    value: by the derivation.  by_hand: by the hand-written pass.  known: {kind: number} up to this stop.
    bar: how much of their difference is rounding, by running the hand-written pass on intervals.  flow: the arrows.
    """
    stop: Station
    terms: tuple
    value: float
    by_hand: float
    known: dict
    bar: float
    flow: Flow

    @property
    def error(self):
        """How far the two ways are apart."""
        return abs(self.value - self.by_hand)

    @property
    def agree(self):
        return not self.error > self.bar
