"""A planted fault: a listing with one wrong line, to be found, and mended if one likes.

The learner answers with the number of the line, or with (number, kind of the fault) or (number, the line as it should
be). A line that is handed in is judged by running the listing with it.

    PlantedFault("my_fault", "slope(w, x, t)", ("o = w * x", "do = 2 * (o - t)", "dw = do * x", "return dw"), faults=(
        Planted("do = 2 * (o - t)", "do = o - t", "factor 2", "The 2 of the square is lost."),
        Planted("dw = do * x", "dw = do * w", "weight for input", "What came through the weight is x.")),
                 calls=lambda rng: [dict(zip("wxt", rng.normal(size=3), strict=True)) for _ in range(3)])

Where the listing is the solution of a network in partials.py, `listed` makes it and its faults.
"""
import ast
import re
from collections.abc import Callable
from dataclasses import dataclass

from bpviz.base.arguments import refuse
from bpviz.coursework.diagnosis.draws import random_draw
from bpviz.coursework.exercise import Judgement, Mutant
from bpviz.coursework.kinds import reading
from bpviz.coursework.kinds.runnable import made, numbered, same

LONGEST_LINE = 200


@dataclass(frozen=True)
class Planted:
    """One fault. line: as it should be, once in the listing.  broken: as it stands there instead.

    kind: "factor 2".  says: what is wrong with it, for who found it.
    """
    line: str
    broken: str
    kind: str
    says: str


@dataclass(frozen=True)
class PlantedFault:
    """An exercise whose answer is the number of the wrong line, and what is wrong with it.

    name: of the variable that the learner sets.  head: "backward(x, t, w1, w2)".  lines: the right body, with a return.
    faults: one of them for each copy.  calls: (rng) -> [{argument: value}, ...] on which lines are judged.
    misconception: what it shows to point at another line, "M11", or "".
    Its prompt may hold {listing} and {kinds}.
    """
    name: str
    head: str
    lines: tuple
    faults: tuple
    calls: Callable
    misconception: str = ""

    wants = "the number of a line, or (number, kind), or (number, \"the line as it should be\")"

    def given(self, rng):
        """The listing of one copy, the kinds to choose from, and which fault it is."""
        which = int(rng.integers(len(self.faults)))
        return {"listing": numbered([f"def {self.head}:", *(f"    {line}" for line in self._lines(which))]),
                "kinds": ", ".join(repr(fault.kind) for fault in self.faults), "which": which}

    def _lines(self, which, line=None):
        """The body with fault number `which`, or with another line in its place."""
        fault = self.faults[which]
        if self.lines.count(fault.line) != 1:
            raise ValueError(f"line: got {fault.line!r}, {self.lines.count(fault.line)} times; allowed is once")
        return [(fault.broken if line is None else line) if one == fault.line else one for one in self.lines]

    def _number(self, which):
        """The number of the wrong line; the line `def` is number 1."""
        return self.lines.index(self.faults[which].line) + 2

    def starter(self, given):
        """The answer cell as handed out."""
        return f"{self.name} = ...        # {self.wants}\n{{solution}}"

    def solution(self, given):
        """The number and the line as it should be."""
        return f"{self.name} = ({self._number(given['which'])}, {self.faults[given['which']].line!r})"

    def read(self, answer):
        """(number, "" or kind or line); ValueError for anything else."""
        number, repair = answer, ""
        if type(answer) in (list, tuple):
            if len(answer) not in (1, 2):
                refuse("answer", answer, f"allowed is {self.wants}")
            number, *more = answer
            if more:
                repair = reading.text(more[0], "the kind of the fault, or the line as it should be", LONGEST_LINE)
        if type(number) is str:
            number = number.strip().lower().removeprefix("line").rstrip(":")
        value = reading.number(number, self.wants)
        if value != round(value) or not 1 <= value <= len(self.lines) + 1:
            refuse("answer", answer, f"allowed is a line from 1 to {len(self.lines) + 1}")
        return round(value), repair

    @reading.answered
    def judge(self, answer, rng, given, run):
        """Right if it is the line, and the kind or the mended line if one was handed in."""
        which = given["which"]
        number, repair = self.read(answer)
        if number != self._number(which):
            return Judgement("wrong", f"Line {number} is as it should be.", "another line",
                           misconception=self.misconception)
        if not repair:
            return Judgement("right", f"Yes, line {number}. {self.faults[which].says}")
        if repair.lower() in {fault.kind for fault in self.faults}:
            repair = repair.lower()
            if repair == self.faults[which].kind:
                return Judgement("right", f"Yes, line {number}: {repair}. {self.faults[which].says}")
            return Judgement("wrong", f"Line {number} it is, but {repair!r} is not what is wrong with it.",
                           f"kind: {repair}")
        return self._mended(which, number, repair, rng, run)

    def _mended(self, which, number, repair, rng, run):
        """The verdict on a mended line, by running the listing with it."""
        try:
            statements = ast.parse(repair).body
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            statements = []
        if len(statements) != 1 or not isinstance(statements[0], ast.Assign | ast.AugAssign | ast.Return):
            return Judgement("wrong", f"Line {number} it is, but what you wrote beside it is neither one of the kinds "
                           "nor a line of Python.",
                           "no line")
        calls = self.calls(rng)
        outcome = run(made(self.head, self._lines(which, repair)), calls)
        if outcome.kind:
            return Judgement("wrong", f"Line {number} it is. With your line: {outcome.said or 'nothing comes out.'}",
                           "mended line: " + outcome.kind)
        right = made(self.head, self.lines)
        if all(same(result, right(**call)) for result, call in zip(outcome.results, calls, strict=True)):
            return Judgement("right", f"Yes, line {number}, and yours mends it. {self.faults[which].says}")
        return Judgement("wrong", f"Line {number} it is, but with yours the numbers are still not right.",
                       "mended line: wrong")

    def mutants(self, given):
        """The line before, another kind, and the line left as it is."""
        which = given["which"]
        number, fault = self._number(which), self.faults[which]
        other = self.faults[(which + 1) % len(self.faults)].kind
        kinds = [] if other == fault.kind else [
            Mutant(f"kind: {other}", f"{self.name} = ({number}, {other!r})", "is not what is wrong")]
        return (Mutant("another line", f"{self.name} = {number - 1}", "is as it should be", self.misconception), *kinds,
                Mutant("mended line: wrong", f"{self.name} = ({number}, {fault.broken!r})", "still not right"))


def listed(name, partials, keys, misconception=""):
    """The PlantedFault whose listing is the solution of a Partials record, its faults some of the mistakes known there.

    name: of the variable that the learner sets.  keys: of the mistakes, "dz1: slope left out", no two at one line.
    misconception: see PlantedFault.
    """
    solution, end = partials.solution({}).split("return")
    lines = [f"{known} = {line}" for known, line in partials.forward.items()] + solution.splitlines()
    right = {edge.part: f"{edge.part} = {edge.line}" for edge in partials.edges}
    known = {mistake.key: mistake for mistake in partials.mistakes}
    faults = [Planted(right[one.part], f"{one.part} = {one.line}", one.name, one.says + ".")
              for one in map(known.__getitem__, keys)]

    def plainly(line):                                   # the listing runs by itself: no sigmoid of the learner's
        return re.sub(r"\bsigmoid\((\w+)\)", r"1 / (1 + np.exp(-\1))", line)

    def calls(rng):
        return [{argument: drawn[argument] for argument in partials.inputs}
                for drawn in (random_draw(partials, rng, k) for k in range(3))]
    return PlantedFault(name, f"{partials.name}({', '.join(partials.inputs)})",
                        (*map(plainly, lines), " ".join(("return" + end).split())), tuple(
        Planted(plainly(one.line), plainly(one.broken), one.kind, one.says) for one in faults), calls, misconception)
