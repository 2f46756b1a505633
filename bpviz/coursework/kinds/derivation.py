"""A derivation typed line by line: each line is proved, given the learner's own lines before it.

    TypedDerivation("my_lines", ("x", "w1", "w2", "t"), {"h": "w1*x", "o": "w2*h", "L": "(o - t)**2"}, goal="dL/dw1",
               lines=("dL/do = 2*(o - t)", "dL/dh = dL/do * w2", "dL/dw1 = dL/dh * x"))

A line says what a slope dA/dB is (or a value of the forward pass), with names of the forward pass and slopes. A slope
that no line has worked out yet stands for itself, as in the chain rule; in the end the goal must need none such.
"""
import re
from dataclasses import dataclass, field
from functools import cached_property

from bpviz.base.arguments import refuse
from bpviz.coursework.exercise import Judgement, Line, Mutant
from bpviz.coursework.kinds import reading
from bpviz.coursework.kinds.proof import SAID, TOO_LONG, algebra, why

SLOPE = re.compile(r"\bd([A-Za-z]\w*) ?/ ?d([A-Za-z]\w*)\b")
MOST_LINES, LONGEST = 24, 200


@dataclass(frozen=True)
class TypedLine:
    """One line as typed. left: "dL/do".  right: its right side, a SymPy expression in names and slopes (dL_do).

    slopes: which slopes it uses.  said: the line.
    """
    left: str
    right: object
    slopes: tuple
    said: str


@dataclass(frozen=True)
class TypedDerivation:
    """An exercise whose answer is a list of lines.

    name: of the variable that the learner sets.  inputs: what the forward pass begins with, weights too.
    forward: {name: formula}, in order.  goal: the slope to arrive at.  lines: one derivation of it, read for its
    wording only: what is right follows from `forward`.  ranges: {input: (low, high)} that are tried, else -2 to 2.
    wrongs: known wrong lines, as Wrong(key, line, says, misconception) of proof.py.
    """
    name: str
    inputs: tuple
    forward: dict
    goal: str
    lines: tuple
    ranges: dict = field(default_factory=dict)
    wrongs: tuple = ()

    wants = 'a list of lines such as "dL/do = 2*(o - t)"'

    def given(self, rng):
        """Nothing: a derivation is the same for all."""
        return {}

    def starter(self, given):
        """The answer cell as handed out."""
        return f"{self.name} = [\n    ...,        # lines as text, the last one: \"{self.goal} = ...\"\n]\n{{solution}}"

    def solution(self, given):
        """The record's own lines."""
        return self._code(self.lines)

    def _code(self, lines):
        return f"{self.name} = [\n" + "".join(f"    {line!r},\n" for line in lines) + "]"

    @cached_property
    def _forward(self):
        from bpviz.symbolic.forward import Forward
        return Forward(self.forward, self.inputs)

    def read(self, answer):
        """(TypedLine, ...) of lines, in a list or in one text; ValueError names the line that is none."""
        if type(answer) is str:
            answer = [line for line in answer.splitlines() if line.strip()]
        lines = reading.items(answer, self.wants, MOST_LINES)
        return tuple(step for k, line in enumerate(lines, 1) for step in self._steps(k, line))

    def _steps(self, k, line):
        """A line as one TypedLine for each of its equals signs: a = b = c says b and c of a."""
        line = reading.text(line, self.wants, LONGEST)
        left, *rights = (part.strip() for part in line.split("="))
        names = self._forward.names
        slope = SLOPE.fullmatch(left)
        if not rights or not (slope or left in self.forward):
            refuse(f"line {k}", line, 'allowed is a line such as "dL/do = 2*(o - t)"')
        for name in (slope.groups() if slope else ()):
            if name not in names:
                refuse(f"line {k}", left, f"allowed are slopes between {', '.join(names)}")
        for right in rights:
            used = [f"d{top}/d{bottom}" for top, bottom in SLOPE.findall(right) if {top, bottom} <= set(names)]
            text = SLOPE.sub(lambda part: f"d{part[1]}_d{part[2]}" if {part[1], part[2]} <= set(names) else part[0],
                             right)
            try:
                read = algebra().read(text, (*names, *(name.replace("/", "_") for name in used)))
            except ValueError as refusal:
                said = f"line {k}: {refusal}".replace("formula: ", "")
                for name in used:                        # as typed
                    said = said.replace(name.replace("/", "_"), name)
                raise ValueError(said) from None
            yield TypedLine("/".join(f"d{name}" for name in slope.groups()) if slope else left, read, tuple(used), line)

    def _true(self, name):
        """What a slope or a value is, in inputs and weights."""
        if "/" in name:
            return self._forward.slope(*(part[1:] for part in name.split("/")))
        return self._forward.written_out(algebra().symbol(name))

    def _with(self, step, values):
        """A line's right side in inputs and weights, its slopes as in {slope: expression}, or as they truly are."""
        slopes = {algebra().symbol(name.replace("/", "_")): values[name] if name in values else self._true(name)
                  for name in step.slopes}
        return self._forward.written_out(step.right.xreplace(slopes))

    @reading.answered
    def judge(self, answer, rng, given, run):
        """Right if all lines are proved and the goal is there; else the first line that is not, and why."""
        if (type(answer) in (list, tuple) and all(line is ... or line is None for line in answer)) or (
                type(answer) is str and not answer.strip()):
            return Judgement("not attempted", "Not attempted yet.")
        equal = algebra()
        try:
            return equal.within(equal.SECONDS, lambda: self._judged(equal, self.read(answer)))
        except equal.TimeUp:
            return Judgement("wrong", TOO_LONG, "too long")

    def _judged(self, equal, steps):
        lines, theirs, wrong = [], {}, {}
        for step in steps:
            if step.left in step.slopes:
                raise ValueError(f"{step.left}: got a line that says it by itself, {step.said!r}; allowed is one that "
                                 "says it by other things")
            true, mine = self._true(step.left), self._with(step, theirs)
            right = equal.compare(self._with(step, {}), true, self.ranges).status == "proved"
            if right:
                status = "follows" if set(step.slopes) & set(wrong) else "right"
            else:
                status = "follows" if self._carried(equal, step, mine, true, wrong) else "wrong"
            lines.append((step, Line(step.left, status)))
            if status != "right":
                wrong[step.left] = mine
            theirs[step.left] = mine
        first = next((step for step, line in lines if line.status == "wrong"), None)
        table = tuple(line for _, line in lines)
        if first is not None:
            key, says, misconception = self._why(equal, first)
            follow = sum(line.status == "follows" for line in table)
            source = "it" if sum(line.status == "wrong" for line in table) == 1 else "it or from another wrong one"
            more = f" {follow} of your later lines follow{'' if follow > 1 else 's'} from {source}." if follow else ""
            return Judgement("wrong", f"The first line that is not right says what {first.left} is. {says}{more}",
                           f"{first.left}: {key}", table, first.left, misconception)
        if open_ends := self._open(steps, self.goal):
            what = "" if open_ends == {self.goal} else f" by way of {', '.join(sorted(open_ends - {self.goal}))}"
            return Judgement("wrong", f"Every line so far is proved. Go on until one says what {self.goal} is{what}.",
                           "not finished", table)
        return Judgement("right", "Yes: every line is proved.", lines=table)

    def _carried(self, equal, step, mine, true, wrong):
        """Whether a line is right given an earlier wrong one: it is off by that one's error times a slope."""
        for name, theirs in wrong.items():
            if "/" not in name or "/" not in step.left or name.split("/")[0] != step.left.split("/")[0]:
                continue
            slope = self._forward.slope(name.split("/")[1][1:], step.left.split("/")[1][1:])
            carried = true + (theirs - self._true(name)) * slope
            if slope != 0 and equal.compare(mine, carried, self.ranges).status == "proved":
                return True
        return False

    def _open(self, steps, name, seen=()):
        """The slopes that `name` still needs and no line says; all of it if its lines go in a circle."""
        own = [step for step in steps if step.left == name]
        if not own or name in seen:
            return {name}
        return min(({end for slope in step.slopes for end in self._open(steps, slope, (*seen, name))} for step in own),
                   key=len)

    def _why(self, equal, step):
        """(key, sentence, misconception) of the first wrong line: known, or by what is left over."""
        mine, true = self._with(step, {}), self._true(step.left)
        for known in self.wrongs:
            wrong, = self._steps(1, known.formula)
            if wrong.left == step.left and equal.compare(mine, self._with(wrong, {}), self.ranges).status == "proved":
                return known.key, known.says, known.misconception
        compared = equal.compare(mine, true, self.ranges)
        if not (compared.times or compared.only or compared.status == "cannot tell"):
            compared = self._in_names(equal, step) or compared
        key, says = why(compared)
        if compared.missing and step.slopes:
            says = f"What stands beside {' and '.join(step.slopes)} {says.removeprefix('It ')}"
        for name in step.slopes:
            key, says = (text.replace(name.replace("/", "_"), name) for text in (key, says))
        return key, says, ""

    def _in_names(self, equal, step):
        """The same comparison with the names of the forward pass left as they are, which reads better."""
        known = [own for line in self.lines for own in self._steps(1, line)]
        right = next((own for own in known if own.left == step.left), None)
        if right is None:
            return None
        mine, best = step.right, right.right
        for own in reversed(known):                      # slopes that only one of the two uses are written out
            if (own.left in step.slopes) != (own.left in right.slopes) or not set(step.slopes) & set(right.slopes):
                name = equal.symbol(own.left.replace("/", "_"))
                mine, best = mine.xreplace({name: own.right}), best.xreplace({name: own.right})
        compared = equal.compare(mine, best, self.ranges)
        return None if compared.status == "proved" else compared

    def mutants(self, given):
        """Each known wrong line in its place; each line twice as large, and with the other sign."""
        every = [(known.key, known.formula, known.says, known.misconception) for known in self.wrongs]
        for line in self.lines:
            left, right = line.split("=")
            every += [(*SAID[times][:1], f"{left}= {times}*({right.strip()})", SAID[times][1], "")
                      for times in ("2", "-1")]
        found = []
        for key, line, says, misconception in every:
            left = line.split("=")[0].strip()
            lines = [line if own.split("=")[0].strip() == left else own for own in self.lines]
            found.append(Mutant(f"{left}: {key}", self._code(lines), says, misconception))
        return tuple(found)
