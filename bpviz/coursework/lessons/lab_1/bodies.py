"""The kind of exercise that lab 1 asks for where single lines are not enough: a whole body, with loops, of a function.

It gives back a dict of tables. The right ones, and those of each known mistake, come from running its lines.
"""
import textwrap
from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from bpviz.coursework.diagnosis.findings import are, listed
from bpviz.coursework.exercise import NOT_ATTEMPTED, Judgement, Line, Mutant
from bpviz.coursework.kinds import reading
from bpviz.coursework.kinds.runnable import made

SIGMOID = "def sigmoid(z):\n    return 1 / (1 + np.exp(-z))"
NEAR = 1e-6                                                  # of the largest entry of a table


@dataclass(frozen=True)
class WrongBody:
    """A known mistake. key: its name.  lines: in place of the solution.  says: to the learner.

    misconception: "M09", or "".
    """
    key: str
    lines: str
    says: str
    misconception: str = ""


@dataclass(frozen=True, eq=False)
class WrittenBody:
    """An exercise whose answer is a function that gives back a dict of tables.

    name: the function's.  takes: its arguments, in order.  gives: the names of the tables.  says: its docstring, two
    lines or more.  lines: the solution, whole by itself.  wrongs: (WrongBody, ...).
    calls: (rng) -> [{argument: value}, ...] on which it is judged.
    """
    name: str
    takes: tuple
    gives: tuple
    says: str
    lines: str
    wrongs: tuple
    calls: Callable

    @property
    def wants(self):
        """What may be handed in, in words."""
        return f"a function of {', '.join(self.takes)} that returns a dict of {', '.join(self.gives)}"

    def given(self, rng):
        """The task has no numbers of its own. rng: not used."""
        return {}

    def starter(self, given):
        """The head, what it is for, and nothing else. given: not used."""
        body = textwrap.indent(f'"""{self.says}\n"""\n{{solution}}', "    ")
        return f"def {self.name}({', '.join(self.takes)}):\n{body}"

    def solution(self, given):
        """The lines of the solution. given: not used."""
        return self.lines

    def mutants(self, given):
        """Each known mistake. given: not used."""
        return tuple(Mutant(one.key, one.lines, one.says, one.misconception) for one in self.wrongs)

    def _run(self, lines, calls):
        """What these lines give for each of the calls."""
        function = made(f"{self.name}({', '.join(self.takes)})", [SIGMOID, lines])
        return [function(**{name: np.copy(value) if isinstance(value, np.ndarray) else value
                            for name, value in call.items()}) for call in calls]

    @reading.answered
    def judge(self, answer, rng, given, run):
        """Right if all tables are; else a known mistake named, or which tables are right already."""
        calls = self.calls(rng)
        outcome = run(answer, calls)
        if outcome.kind == "not attempted":
            return replace(NOT_ATTEMPTED, words=outcome.said or NOT_ATTEMPTED.words)
        if outcome.kind:
            return Judgement("wrong", outcome.said, outcome.kind)
        if not all(isinstance(one, dict) for one in outcome.results):
            return Judgement("wrong", f"`{self.name}` should give back a dict with {listed(self.gives)}.", "no dict")
        rights = self._run(self.lines, calls)
        for name in self.gives:
            said = self._odd(name, [one.get(name) for one in outcome.results], [one[name] for one in rights])
            if said:
                return Judgement("wrong", said, f"{name}: no such table", first=name)
        statuses = self._statuses(outcome.results, rights)
        lines = tuple(Line(name, status) for name, status in statuses.items())
        right = [name for name, status in statuses.items() if status == "right"]
        if len(right) == len(self.gives):
            return Judgement("right", "Yes: every entry of every table, on all that was tried.", lines=lines)
        for wrong in self.wrongs:
            if "wrong" not in self._statuses(outcome.results, self._run(wrong.lines, calls)).values():
                return Judgement("wrong", wrong.says, wrong.key, lines, misconception=wrong.misconception)
        first = next(name for name in self.gives if name not in right)
        so_far = f"{listed(right)} {are(right)} right. {first} is not" if right else "It runs, but no table is right"
        return Judgement("wrong", f"{so_far}. Are the functions that it calls all checked?", "other", lines, first)

    def _odd(self, name, mine, rights):
        """The sentence for a table that is missing, holds no numbers, or has another shape; "" for none."""
        if any(one is None for one in mine):
            return f"{name} is missing from what comes back."
        if not all(isinstance(one, np.ndarray) and one.dtype.kind in "fiu" for one in mine):
            return f"{name} holds no numbers."
        for one, right in zip(mine, rights, strict=True):
            if one.shape != right.shape:
                return f"{name} has the shape {one.shape}, and {right.shape} is asked for."
        return ""

    def _statuses(self, mine, others):
        """{table: "right" or "wrong"} beside what other lines give."""
        with np.errstate(all="ignore"):
            pairs = list(zip(mine, others, strict=True))
            return {name: "right" if all(_alike(one[name], other[name]) for one, other in pairs) else "wrong"
                    for name in self.gives}


def _alike(one, other):
    """Whether two tables of one shape are the same to NEAR of the largest entry."""
    return bool(np.all(np.abs(one - other) <= NEAR * max(np.abs(other).max(), 1e-12)))
