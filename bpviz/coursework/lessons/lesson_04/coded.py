"""The kind of exercise that lesson 4 asks for: a function that finds the slopes of a loss, the loss standing above it.

The right slopes and those of each known mistake come from running its lines, so a mistake is told by its numbers.
"""
from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from bpviz.coursework.exercise import NOT_ATTEMPTED, Judgement, Mutant
from bpviz.coursework.kinds import reading
from bpviz.coursework.kinds.runnable import made

SIGMOID = "def sigmoid(z):\n    return 1 / (1 + np.exp(-z))"


@dataclass(frozen=True)
class WrongLines:
    """A known mistake. key: its name.  lines: in place of the solution.  says: to the learner.

    misconception: "M10", or "".
    """
    key: str
    lines: str
    says: str
    misconception: str = ""


@dataclass(frozen=True)
class Coded:
    """An exercise whose answer is a function w, h -> slopes, (weights,).

    name: of the function.  loss: the text of the loss function above it.  says: what it returns.  lines: the solution.
    wrongs: (WrongLines, ...).  calls: (rng) -> [{"w": array, "h": number}, ...] on which it is judged.
    """
    name: str
    loss: str
    says: str
    lines: str
    wrongs: tuple
    calls: Callable

    wants = "a function of w and h that returns an array with one slope for each weight"

    def given(self, rng):
        """Nothing: the task is the same for all."""
        return {}

    def starter(self, given):
        """The answer cell as handed out."""
        return (f'{self.loss}\n\n\ndef {self.name}(w, h):\n    """{self.says}"""\n    slopes = np.zeros(len(w))\n'
                "    {solution}")

    def solution(self, given):
        """The lines of the solution."""
        return self.lines

    def _function(self, lines):
        return made(f"{self.name}(w, h)", [SIGMOID, self.loss, "slopes = np.zeros(len(w))", lines])

    @reading.answered
    def judge(self, answer, rng, given, run):
        """Right if all slopes are; else a known mistake named, or which slopes are right already."""
        calls = self.calls(rng)
        outcome = run(answer, calls)
        if outcome.kind == "not attempted":
            return replace(NOT_ATTEMPTED, words=outcome.said or NOT_ATTEMPTED.words)
        if outcome.kind:
            return Judgement("wrong", outcome.said, outcome.kind)
        results = [_array(one) for one in outcome.results]
        rights = [self._function(self.lines)(**call) for call in calls]
        if any(one is None or one.shape != right.shape for one, right in zip(results, rights, strict=True)):
            return Judgement("wrong", f"`{self.name}` should return an array with one number for each weight: is "
                             "`return slopes` there, at the end?", "shape")
        if all(map(_alike, results, rights)):
            return Judgement("right", "Yes: for every weight, at every place that was tried.")
        for wrong in self.wrongs:
            if all(map(_alike, results, [self._function(wrong.lines)(**call) for call in calls])):
                return Judgement("wrong", wrong.says, wrong.key, misconception=wrong.misconception)
        fine = [k + 1 for k in range(len(rights[0]))
                if all(_alike(one[k], right[k]) for one, right in zip(results, rights, strict=True))]
        if fine:
            again = " Was everything put back as it was before the next weight was nudged?" if fine[0] == 1 else ""
            return Judgement("wrong", f"The slope of weight {fine[0]} is right, and not every one of the others "
                             f"is.{again}", "some")
        return Judgement("wrong", "It runs and gives a number for each weight, but they are not the slopes that are "
                         "asked for.", "other")

    def mutants(self, given):
        """Each known mistake."""
        return tuple(Mutant(one.key, one.lines, one.says, one.misconception) for one in self.wrongs)


def _alike(one, other):
    """Whether slopes are the same to 1e-6 of the largest, however small they all are."""
    return bool(np.all(np.abs(one - other) <= 1e-6 * max(np.abs(one).max(), np.abs(other).max())))


def _array(result):
    """A result as an array of floats, or None for what is no such thing; a list of numbers counts."""
    parts = list(result) if isinstance(result, tuple) else [result]
    if not all(isinstance(part, np.ndarray) and part.dtype.kind in "fiu" for part in parts):
        return None
    try:
        return np.array([part.item() for part in parts], float) if isinstance(result, tuple) else result.astype(float)
    except ValueError:
        return None
