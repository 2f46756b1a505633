"""The exercise kinds "write this function": a whole body, with loops, judged by what it gives and not by its lines.

The right numbers, and those of each known mistake, come from running its lines, so a mistake is told by its numbers.

    WrittenBody     gives back a dict of tables
    WrittenSlopes   gives back one array, a slope for each weight
    WrittenCurve    a function of one number, judged as the curve that it draws

    WrittenBody("both", ("x", "h"), ("up", "down"), "x moved by h, both ways.", 'return {"up": x + h, "down": x - h}',
                (WrongLines("swapped", 'return {"up": x - h, "down": x + h}', "Which of the two is up?"),),
                calls=lambda rng: [{"x": rng.normal(size=3), "h": 0.5}])
"""
import textwrap
from collections.abc import Callable
from dataclasses import dataclass, field, replace

import numpy as np

from bpviz.coursework.diagnosis.draws import same
from bpviz.coursework.diagnosis.findings import are, listed, misshapen
from bpviz.coursework.exercise import NOT_ATTEMPTED, Judgement, Line, Mutant
from bpviz.coursework.kinds import reading
from bpviz.coursework.kinds.quantities import Quantity
from bpviz.coursework.kinds.runnable import filled, made

SIGMOID = "def sigmoid(z):\n    return 1 / (1 + np.exp(-z))"
NEAR = 1e-6                                                  # of the largest entry of a table


def head(name, takes, says, begins=""):
    """An answer cell: the first line, the docstring, the lines that stand there already, the place for the body."""
    end = '\n"""' if "\n" in says else '"""'
    rows = "\n".join(filter(None, [f'"""{says}{end}', begins, "{solution}"]))
    return f"def {name}({', '.join(takes)}):\n{textwrap.indent(rows, '    ')}"


@dataclass(frozen=True)
class WrongLines:
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

    name: the function's.  takes: its arguments, in order.  gives: the names of the tables.  says: its docstring.
    lines: the solution, whole by itself.  wrongs: (WrongLines, ...).
    calls: (rng) -> [{argument: value}, ...] on which it is judged.
    above: a function that stands above it in the answer cell.  begins: lines of its body that are given.
    """
    name: str
    takes: tuple
    gives: tuple
    says: str
    lines: str
    wrongs: tuple
    calls: Callable
    above: str = ""
    begins: str = ""

    yes = "Yes: every entry of every table, on all that was tried."

    @property
    def wants(self):
        """What may be handed in, in words."""
        return f"a function of {listed(self.takes)} that returns {self._result()}"

    def _result(self):
        return f"a dict of {', '.join(self.gives)}"

    def given(self, rng):
        """The task has no numbers of its own. rng: not used."""
        return {}

    def starter(self, given):
        """What is given, and nothing else. given: not used."""
        return (f"{self.above}\n\n\n" if self.above else "") + head(self.name, self.takes, self.says, self.begins)

    def solution(self, given):
        """The lines of the solution. given: not used."""
        return self.lines

    def mutants(self, given):
        """Each known mistake. given: not used."""
        return tuple(Mutant(one.key, one.lines, one.says, one.misconception) for one in self.wrongs)

    def _run(self, lines, calls):
        """What these lines give for each of the calls, by its parts."""
        function = made(f"{self.name}({', '.join(self.takes)})", [SIGMOID, self.above, self.begins, lines])
        return [self._parts(function(**{name: np.copy(value) if isinstance(value, np.ndarray) else value
                                        for name, value in call.items()})) for call in calls]

    @reading.answered
    def judge(self, answer, rng, given, run):
        """Right if all parts are; else a known mistake named, or which parts are right already."""
        calls = self.calls(rng)
        outcome = run(answer, calls)
        if outcome.kind == "not attempted":
            return replace(NOT_ATTEMPTED, words=outcome.said or NOT_ATTEMPTED.words)
        if outcome.kind:
            return Judgement("wrong", outcome.said, outcome.kind)
        rights = self._run(self.lines, calls)
        mine = [self._parts(one) for one in outcome.results]
        misfit = self._misfit(mine, rights)
        if misfit:
            return misfit
        right = _agreeing(mine, rights)
        lines = tuple(Line(part, "right" if part in right else "wrong") for part in self._told())
        if len(right) == len(rights[0]):
            return Judgement("right", self.yes, lines=lines)
        for wrong in self.wrongs:
            if len(_agreeing(mine, self._run(wrong.lines, calls))) == len(rights[0]):
                return Judgement("wrong", wrong.says, wrong.key, lines, misconception=wrong.misconception)
        key, says, first = self._unknown(right)
        return Judgement("wrong", says, key, lines, first)

    # ---- what is compared, and what is said of it

    def _parts(self, result):
        """What came back as {part: array}, or None."""
        return result if isinstance(result, dict) else None

    def _told(self):
        """The parts of which each has a line in the verdict."""
        return self.gives

    def _misfit(self, mine, rights):
        """The Judgement on what cannot be compared: a table that is missing, holds no numbers, or has another shape."""
        if None in mine:
            return Judgement("wrong", f"`{self.name}` should give back a dict with {listed(self.gives)}.", "no dict")
        for name in self.gives:
            found, right = [one.get(name) for one in mine], [one[name] for one in rights]
            other = next((pair for pair in zip(found, right, strict=True) if np.shape(pair[0]) != pair[1].shape), None)
            says = ("is missing from what comes back." if any(one is None for one in found) else
                    "holds no numbers." if not all(map(_is_numbers, found)) else
                    misshapen(*map(np.shape, other)) if other else "")
            if says:
                return Judgement("wrong", f"{name} {says}", f"{name}: no such table", first=name)
        return None

    def _unknown(self, right):
        """(key, sentence, first) of a mistake that is not known. right: the parts that are."""
        first = next(name for name in self.gives if name not in right)
        so_far = f"{listed(right)} {are(right)} right. {first} is not" if right else "It runs, but no table is right"
        return "other", f"{so_far}. Are the functions that it calls all checked?", first


class WrittenSlopes(WrittenBody):
    """An exercise whose answer is a function that gives back one array, the slope for each weight.

    gives: the name that the array has in its lines.
    """
    yes = "Yes: for every weight, at every place that was tried."

    def _result(self):
        return "an array with one slope for each weight"

    def _parts(self, result):
        """{number of the weight: slope}, from an array or single numbers; or None."""
        slopes = result if isinstance(result, tuple) else (result,)
        if not all(map(_is_numbers, slopes)) or any(one.size != 1 for one in slopes if isinstance(result, tuple)):
            return None
        array = np.array([one.item() for one in slopes]) if isinstance(result, tuple) else result
        return dict(enumerate(array, 1)) if array.ndim == 1 else None

    def _told(self):
        return ()

    def _misfit(self, mine, rights):
        if all(one is not None and len(one) == len(right) for one, right in zip(mine, rights, strict=True)):
            return None
        return Judgement("wrong", f"`{self.name}` should return an array with one number for each weight: is "
                         f"`return {self.gives[0]}` there, at the end?", "shape")

    def _unknown(self, right):
        if not right:
            return "other", ("It runs and gives a number for each weight, but they are not the slopes that are asked "
                             "for."), ""
        again = " Was everything put back as it was before the next weight was nudged?" if right[0] == 1 else ""
        return "some", f"The slope of weight {right[0]} is right, and not every one of the others is.{again}", ""


def _is_numbers(value):
    return isinstance(value, np.ndarray) and value.dtype.kind in "fiu"


def _agreeing(mine, others):
    """The parts, in order, that are the same on all calls."""
    return [part for part in others[0] if same(*([np.asarray(one[part], float) for one in some]
                                                 for some in (mine, others)), NEAR)]


@dataclass(frozen=True)
class WrittenCurve(Quantity):
    """A Quantity whose answer is a curve, handed in as a function of one number; its head is given.

    takes: its argument.  says: its docstring.  begins: lines of its body that are given.
    wrong: {key of a slip, or of a shape: lines of a body that makes it}.
    {a} in `begins` and in the bodies is the given number a.
    """
    takes: str = "x"
    says: str = ""
    begins: str = ""
    wrong: dict = field(default_factory=dict)

    def given(self, rng):
        """The numbers of one copy: the first drawn, for slips that look alike are told apart by their numbers."""
        return {name: value.item() if hasattr(value, "item") else value for name, value in self.draw(rng).items()}

    def starter(self, given):
        """The head, and the lines that are given."""
        return head(self.name, (self.takes,), self.says, filled(self.begins, given))

    @reading.answered
    def judge(self, answer, rng, given, run):
        """As of a Quantity, but a function is judged by its numbers: two wrong loops may look alike."""
        if not callable(answer):
            return super().judge(answer, rng, given, run)
        theirs = self.asks.read_by_running(answer, run)
        if isinstance(theirs, Judgement):
            return theirs
        right, *wrongs = (self.asks.read(one) for one in self._values(given))
        if np.allclose(theirs, right, rtol=NEAR, atol=1e-9):
            return self.asks.compare(theirs, right)
        for slip, wrong in zip(self.slips, wrongs, strict=True):
            if np.allclose(theirs, wrong, rtol=NEAR, atol=1e-9):
                return Judgement("wrong", slip.says, slip.key, misconception=slip.misconception)
        verdict = self.asks.compare(theirs, right)
        return verdict if verdict.status == "wrong" else Judgement(
            "wrong", "The shape is right, and the numbers are a little off: is it exactly this loss, this start, this "
            "number of steps?", "nearly")

    def mutants(self, given):
        """Each body that is wrong."""
        said = {slip.key: slip for slip in self.slips}
        return tuple(Mutant(key, filled(lines, given), said[key].says, said[key].misconception) if key in said
                     else Mutant(key, filled(lines, given), key.replace("shape:", "Yours"))
                     for key, lines in self.wrong.items())
