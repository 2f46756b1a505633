"""What an exercise is: plain data, no widget in sight.

An exercise is one record in one file, below bpviz/coursework/lessons. What it asks is one of the kinds, below
bpviz/coursework/kinds; kinds/__init__.py names them. The three
cells of a notebook, the hints, the diagnosis, the mutants that test it and its line in docs/teaching.md follow from it.

answer     what the learner handed to `bp.check`: a function, a number, a word, a list, a panel
copy       whose numbers: "" for everybody's, else a word that the hand-out gives each student
verdict    what is said of an answer
mutant     an answer with one known mistake, as source text, and the key its verdict must have
"""
import hashlib
import re
from dataclasses import dataclass

import numpy as np

from bpviz.base.arguments import refuse

BEGIN, END = "### BEGIN SOLUTION", "### END SOLUTION"
STATUSES = ("right", "wrong", "not attempted")
ID = re.compile(r"(L\d\d|LAB\d)-[pq]\d+")


@dataclass(frozen=True)
class Line:
    """What is said of one part of an answer, for the table of a verdict.

    part: "dL/dW2".  status: "right", "wrong", "follows" (right, given the learner's own values before it) or
    "no credit" (made from a constant, a zero or a wrong shape: nothing can be known).  off: how far, in words, or "".
    """
    part: str
    status: str
    off: str = ""


@dataclass(frozen=True)
class Judgement:
    """What is said of an answer.

    status: "right", "wrong" or "not attempted".  words: a line or two for the learner, never the right answer.
    key: the diagnosis without its numbers, "dW2: twice", the same for all who make this mistake; "" for none.
    lines: (Line, ...), one per part, in backward order.  first: the part where it first goes wrong, or "".
    misconception: "M10", or "".  example: public inputs and what the learner's function gave for them, for the walk
    that shows where it goes wrong: {"inputs": {name: array}, "theirs": {name: array}}, or None.
    """
    status: str
    words: str
    key: str = ""
    lines: tuple = ()
    first: str = ""
    misconception: str = ""
    example: dict | None = None

    def __post_init__(self):
        if self.status not in STATUSES:
            refuse("status", self.status, f"allowed is {' or '.join(map(repr, STATUSES))}")


NOT_ATTEMPTED = Judgement("not attempted", "Not attempted yet.")


@dataclass(frozen=True)
class Mutant:
    """An answer with one known mistake. code: what stands between the marks of the answer cell instead of the solution.

    key: the verdict's key.  says: what its words hold.  misconception: what it shows, or "".
    """
    key: str
    code: str
    says: str
    misconception: str = ""


@dataclass(frozen=True)
class Exercise:
    """One exercise. asks: the kind, a record with these parts (rng is seeded by id and copy, so always the same):

    name                             the name that the answer cell defines, "backward" or "my_rate"
    given(rng) -> {name: number}     numbers that stand in the prompt and belong to this copy
    starter(given) -> str            the answer cell as handed out, a line `{solution}` where the solution belongs
    solution(given) -> str           the lines of that place
    judge(answer, rng, given, run) -> Judgement; `run(function, calls)` is apart.py's, for answers that are functions
    mutants(given) -> (Mutant, ...)  at least one

    id: "L03-q2", also nbgrader's grade_id.  prompt: Markdown, {x} where the given number x stands.
    hints: three, the last still not the answer.  worked: why the solution is what it is, Markdown.
    points: for whoever counts them.  core: whether everybody should do it, or who wants more.  minutes: it takes, as
    its author estimates; the time that a lesson promises counts those of its core.
    """
    id: str
    title: str
    prompt: str
    asks: object
    hints: tuple
    worked: str
    points: int = 1
    core: bool = True
    minutes: float = 3.0

    def __post_init__(self):
        if not ID.fullmatch(self.id):
            refuse("id", self.id, 'allowed is text such as "L03-q2"')
        if len(self.hints) != 3:
            raise ValueError(f"hints: got {len(self.hints)} for {self.id}; allowed are three")

    def rng(self, copy=""):
        """The numbers of this copy, the same on every call."""
        return np.random.default_rng(int.from_bytes(hashlib.sha256(f"{self.id}|{copy}".encode()).digest()[:8]))

    def given(self, copy=""):
        """The numbers that stand in the prompt of this copy."""
        return self.asks.given(self.rng(copy))

    def judge(self, answer, run, copy=""):
        """The verdict on an answer; never raises, whatever the answer is or does. (But Ctrl-C does.)"""
        try:
            return self.asks.judge(answer, self.rng(copy), self.given(copy), run)
        except SystemExit:                          # an object that ends Python when it is asked what it is
            return Judgement("wrong", "What was handed in ends Python when it is looked at, so it was not.",
                             "unreadable")

    # ---- its three cells in a notebook

    def prompt_cell(self, copy=""):
        """Markdown: the title, the question with this copy's numbers, and what may be left out."""
        text = self.prompt
        for name, value in self.given(copy).items():
            text = text.replace("{" + name + "}", f"{value:.12g}" if isinstance(value, float) else str(value))
        return f"### {self.title}{'' if self.core else ' (optional)'}\n\n{text}"

    def answer_cell(self, copy="", inside=None):
        """Code: the answer cell with the marks. inside: other lines than the solution's (a mutant's)."""
        given = self.given(copy)
        lines = []
        for line in self.asks.starter(given).splitlines():
            indent = line[:len(line) - len(line.lstrip())]
            if line.strip() == "{solution}":
                body = (self.asks.solution(given) if inside is None else inside).splitlines()
                lines += [indent + BEGIN, *(indent + row if row else row for row in body), indent + END]
            else:
                lines.append(line)
        return "\n".join(lines)

    def check_cell(self, copy="", solution=True):
        """Code: the call of bp.check. solution: whether the worked solution can be read later."""
        more = (f', copy="{copy}"' if copy else "") + ("" if solution else ", solution=False")
        return f'bp.check("{self.id}", {self.asks.name}{more})'
