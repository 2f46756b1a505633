"""Lines of code to be put in order, some with a wrong twin: judged by running them, so any order that works passes.

    Ordering("my_order", ("z = w * x", "a = np.tanh(z)", "dz = (a - t) * (1 - a**2)", "dw = dz * x"), result=("dw",),
             twins=(Twin("dw = dz * x", "dw = dz * w", "The slope along w is what w multiplies."),), inputs=draw)

The lines are the record's own and the learner hands in only their letters, so they may run here.
"""
from collections.abc import Callable
from dataclasses import dataclass, field
from string import ascii_lowercase

import numpy as np

from bpviz.base.arguments import refuse
from bpviz.coursework.exercise import Judgement, Mutant
from bpviz.coursework.kinds import reading
from bpviz.coursework.kinds.runnable import same, sets, trace, uses


@dataclass(frozen=True)
class Twin:
    """A wrong version of a line. line: the right one.  wrong: the other.  says: to whoever takes it, no more than that.

    misconception: "M09", or "".
    """
    line: str
    wrong: str
    says: str
    misconception: str = ""


@dataclass(frozen=True)
class Ordering:
    """An exercise whose answer is a list of letters.

    name: of the variable that the learner sets.  lines: in an order that works.  result: names looked at in the end.
    inputs: (rng) -> {name: value} that the lines begin with; drawn three times.  twins: wrong versions of lines.
    beliefs: {key of a verdict, "da too late": the misconception that it shows}.
    Its prompt may hold {lines}; they stand above the answer in any case.
    """
    name: str
    lines: tuple
    result: tuple
    inputs: Callable
    twins: tuple = ()
    beliefs: dict = field(default_factory=dict)

    wants = 'a list of letters such as ["b", "a1", "c"]'

    def given(self, rng):
        """The shuffled lines with their letters, and how they were shuffled."""
        order = [int(k) for k in rng.permutation(len(self.lines))]
        while order == sorted(order):
            order = [int(k) for k in rng.permutation(len(self.lines))]
        given = {"order": " ".join(map(str, order)),
                 "first": " ".join(str(int(k)) for k in rng.integers(2, size=len(self.lines)))}
        shown = [f"{label:<3} {line}" for label, (_, line, _) in self._labels(given).items()]
        return {**given, "lines": "\n".join(["```", *shown, "```"])}

    def _labels(self, given):
        """{label: (number of the line, its text, its Twin if it is the wrong one)}, as they are shown."""
        labels = {}
        first = given["first"].split()
        for letter, k in zip(ascii_lowercase, map(int, given["order"].split()), strict=False):
            twin = next((twin for twin in self.twins if twin.line == self.lines[k]), None)
            if twin is None:
                labels[letter] = (k, self.lines[k], None)
                continue
            pair = [(k, self.lines[k], None), (k, twin.wrong, twin)]
            labels |= dict(zip((letter + "1", letter + "2"), pair[::-1] if first[k] == "1" else pair, strict=True))
        return labels

    def starter(self, given):
        """The answer cell as handed out, the shuffled lines above it."""
        comments = "\n".join(f"# {label:<3} {line}" for label, (_, line, _) in self._labels(given).items())
        return f"{comments}\n{self.name} = ...        # {self.wants}\n{{solution}}"

    def solution(self, given):
        """The letters in the record's own order."""
        return self._code(given, range(len(self.lines)))

    def _code(self, given, order, twin=None):
        """The answer with the lines in this order. twin: a Twin taken instead of its line."""
        labels = self._labels(given).items()
        chosen = []
        for k in order:
            wrong = twin is not None and self.lines[k] == twin.line
            chosen += [label for label, (line, _, other) in labels if line == k and (other is not None) == wrong]
        return f"{self.name} = {chosen}"

    def read(self, answer, given):
        """[(number of the line, text, Twin or None), ...]; ValueError for anything but one label for each line."""
        labels = self._labels(given)
        if type(answer) is str:
            answer = answer.replace(",", " ").split()
        words = [reading.text(one, self.wants, 10).strip("\"'.)( ").lower()
                 for one in reading.items(answer, self.wants, 100)]
        for word in words:
            if word not in labels:
                pair = f"{word}1 or {word}2" if word + "1" in labels else f"one of {', '.join(labels)}"
                refuse("answer", word, f"allowed is {pair}")
        for k in range(len(self.lines)):
            mine = [word for word in words if labels[word][0] == k]
            both = [label for label in labels if labels[label][0] == k]
            if len(set(mine)) == 2:
                raise ValueError(f"answer: got both {both[0]} and {both[1]}; allowed is one of the two")
            if len(mine) > 1:
                raise ValueError(f"answer: got {mine[0]} {len(mine)} times; allowed is once")
            if not mine:
                raise ValueError(f"answer: got {'neither ' if len(both) == 2 else 'no '}{' nor '.join(both)}; allowed "
                                 "is a list that uses every letter once")
        return [labels[word] for word in words], words

    @reading.answered
    def judge(self, answer, rng, given, run):
        """Right if the lines, run in this order, give the right result; else the first line that goes wrong."""
        if type(answer) in (list, tuple) and (not answer or all(one is ... for one in answer)):
            return Judgement("not attempted", "Not attempted yet.")
        chosen, words = self.read(answer, given)
        draws = [self.inputs(rng) for _ in range(3)]
        wrong = next((twin for _, _, twin in chosen if twin is not None), None)
        lines = [text for _, text, _ in chosen]
        runs = [(trace(lines, draw), trace(self.lines, draw)) for draw in draws]
        if all(self._works(*pair) for pair in runs):
            return Judgement("right", "Yes: run in this order, they give what they should.")
        k = min(self._first(chosen, *pair) for pair in runs)
        taken = next((j for j, (_, _, twin) in enumerate(chosen) if twin is not None), len(chosen))
        if wrong is not None and taken <= k:
            return Judgement("wrong", f"Line {words[taken]} is the wrong one of the two. {wrong.says}",
                           f"wrong twin: {wrong.wrong}", misconception=wrong.misconception)
        (steps, said), line = runs[0][0], lines[k]
        made = {name for step in steps[:k] for name in step} | set(draws[0])
        if said and (early := sorted(uses(line) - made - {"np"})):
            return Judgement("wrong", f"Line {words[k]} comes too early: it uses {' and '.join(early)}, not there yet.",
                           f"{sets(line)[0]} before {early[0]}")
        for (own, text, _), word in zip(chosen[:k], words, strict=False):
            if own > chosen[k][0] and (changed := sorted(set(sets(text)) & uses(line))):
                key = f"{sets(line)[0]} too late"
                said = (f"Line {word} comes too early: it changes {changed[0]}, which line {words[k]} "
                        "still needs as it was.")
                return Judgement("wrong", said, key, misconception=self.beliefs.get(key, ""))
        said = f"Line {words[k]} gives something else here than it should."
        return Judgement("wrong", said, f"{sets(line)[0]}: place")

    def _last(self, steps):
        """{name: value} after all steps."""
        return {name: value for step in steps for name, value in step.items()}

    def _works(self, mine, right):
        """Whether a run ended with the right result."""
        return not mine[1] and all(
            same(self._last(mine[0]).get(name), self._last(right[0])[name]) for name in self.result)

    def _first(self, chosen, mine, right):
        """The first place where a run fails, or where a line gives something else than it should."""
        for j, (k, _, _) in enumerate(chosen):
            if j == len(mine[0]) or not all(same(mine[0][j].get(name), value) for name, value in right[0][k].items()):
                return j
        return len(chosen) - 1

    def mutants(self, given):
        """Each wrong twin; each line before its neighbour that makes what it uses, or before what it spoils."""
        every = [Mutant(f"wrong twin: {twin.wrong}", self._code(given, range(len(self.lines)), twin), twin.says,
                        twin.misconception) for twin in self.twins]
        there, found = set(self.inputs(np.random.default_rng(0))), {}
        for k, line in enumerate(self.lines):
            for j, before in enumerate(self.lines[:k]):
                known = there | {name for one in self.lines[:j] for name in sets(one)}
                needs, spoils = sorted(uses(line) - known - {"np"}), sorted(set(sets(line)) & uses(before))
                if needs and j == k - 1:
                    found[f"{sets(line)[0]} before {needs[0]}"] = (j, k, "comes too early: it uses")
                elif spoils and not needs:
                    found[f"{sets(before)[0]} too late"] = (j, k, "comes too early: it changes")
        for key, (j, k, says) in found.items():
            order = [*range(j), k, *range(j, k), *range(k + 1, len(self.lines))]
            every.append(Mutant(key, self._code(given, order), says, self.beliefs.get(key, "")))
        return tuple(every)
