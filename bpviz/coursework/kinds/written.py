"""The exercise kind "write these lines": a function of the learner's that returns named values, each judged by itself.

Each value is looked at given the learner's own values before it, so what only follows from a wrong one is no new fault.
For the way back from a loss, `Partials` knows far more mistakes; this kind is for forward lines, a loss, an update.

    WrittenLines("unit", {"x": (2,), "w": (2,), "b": ()}, {"z": "x @ w + b", "a": "sigmoid(z)"}, wrongs=(
        WrongLine("z", "x @ w", "bias left out", "A unit hears its bias too."),
        WrongLine("a", "z", "not squeezed", "What it hears goes through the sigmoid.")))
"""
import textwrap
from dataclasses import dataclass, field, replace

import numpy as np

from bpviz.coursework.diagnosis.answered import how_far
from bpviz.coursework.diagnosis.draws import same
from bpviz.coursework.diagnosis.edges import value
from bpviz.coursework.diagnosis.findings import are, ended, listed, misshapen
from bpviz.coursework.exercise import NOT_ATTEMPTED, Judgement, Line, Mutant

NEAR, DRAWS = 1e-6, 5                # of the largest entry; how often a function is tried


@dataclass(frozen=True)
class WrongLine:
    """A known wrong line. name: the value that it gives.  line: of NumPy.  key: its name.  says: to whoever writes it.

    misconception: "M09", or "".
    """
    name: str
    line: str
    key: str
    says: str
    misconception: str = ""


@dataclass(frozen=True, eq=False)
class WrittenLines:
    """An exercise whose answer is a function.

    name: the function's.  inputs: {argument: shape}, in order.  lines: {value: line of NumPy}, in order, the solution.
    given_lines: {value: line} that stand in the answer cell already.  says: what is asked, for its docstring.
    wrongs: known wrong lines.  shares: arguments that lie between 0 and 1.
    It returns a dict of the values; of a single line the value itself.
    """
    name: str
    inputs: dict
    lines: dict
    wrongs: tuple
    given_lines: dict = field(default_factory=dict)
    says: str = ""
    shares: tuple = ()

    def given(self, rng):
        """No numbers stand in the prompt. rng: not used."""
        return {}

    def starter(self, given):
        """The answer cell: what is given and what is asked. given: not used."""
        shaped = ", ".join(f"{name} {shape}" if shape else name
                           for name, shape in self.inputs.items())
        back = f"Returns {'a dict of ' * (len(self.lines) > 1)}{', '.join(self.lines)}."
        body = [f'"""{self.says}', "", *textwrap.wrap(f"Given are {shaped}.", 100), *textwrap.wrap(back, 100), '"""',
                *(f"{name} = {line}" for name, line in self.given_lines.items()), "{solution}"]
        return f"def {self.name}({', '.join(self.inputs)}):\n" + textwrap.indent("\n".join(body), "    ")

    def solution(self, given, wrong=None):
        """The lines. given: not used.  wrong: a WrongLine that replaces one of them."""
        other = {wrong.name: wrong.line} if wrong else {}
        rows = [f"{name} = {other.get(name, line)}" for name, line in self.lines.items()]
        pairs = ", ".join(f'"{name}": {name}' for name in self.lines)
        return "\n".join([*rows, f"return {{{pairs}}}" if len(self.lines) > 1 else f"return {next(iter(self.lines))}"])

    def mutants(self, given):
        """Each known wrong line. given: not used."""
        return tuple(Mutant(f"{one.name}: {one.key}", self.solution(given, one), one.says, one.misconception)
                     for one in self.wrongs)

    def draw(self, rng):
        """{name: array}: random arguments, and what the lines that are there make of them."""
        names = {name: rng.uniform(0.1, 0.9, shape) if name in self.shares else rng.normal(size=shape)
                 for name, shape in self.inputs.items()}
        names = {name: float(one) if np.ndim(one) == 0 else one for name, one in names.items()}
        for name, line in self.given_lines.items():
            names[name] = value(line, names)
        return names

    def judge(self, answer, rng, given, run):
        """The Judgement on a learner's function. rng: of the draws.  given: not used.  run: runs it apart."""
        if answer is None or answer is ...:
            return NOT_ATTEMPTED
        draws = [self.draw(rng) for _ in range(DRAWS)]
        outcome = run(answer, [{name: one[name] for name in self.inputs} for one in draws])
        if outcome.kind == "not attempted":
            return replace(NOT_ATTEMPTED, words=outcome.said or NOT_ATTEMPTED.words)
        if outcome.kind:
            return Judgement("wrong", outcome.said, outcome.kind)
        found = [one if isinstance(one, dict) else {next(iter(self.lines)): one} if len(self.lines) == 1 else None
                 for one in outcome.results]
        if None in found:
            return Judgement("wrong", f"{self.name} should give a dict with {', '.join(self.lines)}.", "no dict")
        with np.errstate(all="ignore"):                           # theirs may be too large for anything
            return self._judged(draws, found)

    def _judged(self, draws, found):
        """The Judgement on what came back, {name: array or Odd} for each draw."""
        rights, lines, faults = [dict(one) for one in draws], [], []
        theirs = [dict(one) for one in draws]
        for name, line in self.lines.items():
            for one in rights:
                one[name] = value(line, one)
            status, off, key, says, tag = self._part(name, line, [one.get(name) for one in found], rights, theirs)
            lines.append(Line(name, status, off))
            faults += [(name, key, says, tag)] if status == "wrong" else []
        if faults and len(faults) == len(lines) and all(key.endswith(": not filled in") for _, key, _, _ in faults):
            return NOT_ATTEMPTED
        right = [one.part for one in lines if one.status == "right"]
        if len(right) == len(lines):
            said = "Your line is right." if len(lines) == 1 else f"All {len(lines)} lines are right."
            return Judgement("right", said, lines=tuple(lines))
        (name, key, says, tag), *later = faults
        words = [(f"{listed(right)} {are(right)} right. " if right else "")
                 + f"It first goes wrong at {name}: {ended(says)}"]
        words += [f"Besides, given your numbers before it, {other}: {ended(more)}" for other, _, more, _ in later[:1]]
        carried = [one.part for one in lines if one.status == "follows"]
        words[-1] += f" {listed(carried)} follow{'s' * (len(carried) == 1)} from it." if carried else ""
        return Judgement("wrong", "\n".join(words), key, tuple(lines), name, tag)

    def _part(self, name, line, mine, rights, theirs):
        """(status, how far off, key, sentence, misconception) of one value; `theirs` goes on with the learner's own."""
        right, given = [one[name] for one in rights], [value(line, one) for one in theirs]
        known = [(one, [value(one.line, each) for each in theirs]) for one in self.wrongs if one.name == name]
        for each, own in zip(theirs, given, strict=True):
            each[name] = own
        odd = next((one for one in mine if not isinstance(one, np.ndarray)), right)
        if odd is None:
            return "wrong", "missing", f"{name}: missing", f"{name} is missing from what comes back.", ""
        if odd is not right:
            blank = odd.said in ("None", "...")
            return ("wrong", odd.said, f"{name}: {'not filled in' if blank else 'no numbers'}",
                    f"{name} is {'not filled in yet' if blank else f'{odd.said}, and numbers are asked for'}.", "")
        mine = [one.reshape(np.shape(truth)).astype(float) if one.size == np.size(truth) == 1 else one.astype(float)
                for one, truth in zip(mine, right, strict=True)]
        if all(one.shape == truth.shape for one, truth in zip(mine, right, strict=True)):
            for each, own in zip(theirs, mine, strict=True):
                each[name] = own
        if same(mine, right, NEAR):
            return "right", "", "", "", ""
        if same(mine, given, NEAR):
            return "follows", "", "", "", ""
        for one, wrong in known:
            if same(mine, wrong, NEAR):
                return "wrong", one.key, f"{name}: {one.key}", one.says, one.misconception
        if mine[0].shape != right[0].shape:
            says = f"{name} {misshapen(mine[0].shape, np.shape(right[0]))}"
            return "wrong", f"shape {mine[0].shape}", f"{name}: shape", says, ""
        if not np.isfinite(mine).all():
            return "wrong", "no number", f"{name}: no number", f"{name} is not always a number.", ""
        off = how_far(mine, given)
        return "wrong", off, f"{name}: unknown", f"it is {off}. Look at this line once more.", ""
