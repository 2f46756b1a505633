"""How far a learner is with an exercise: what the kept attempts and hints allow next. No widget in sight.

event     what answers.py keeps, a dict such as {"kind": "hint", "id": "L03-q2", "n": 1}
honest    an attempt that ran and gave the parts asked for, not zeros or constants
different two attempts whose code differs (comments and names of locals do not count) and whose verdicts differ
"""
import ast
import hashlib
import inspect
import textwrap
from dataclasses import dataclass

import numpy as np

from bpviz.base.arguments import shown
from bpviz.coursework.kinds.reading import UNREADABLE

HINTS, ATTEMPTS = 3, 3
HELD_BACK = "Your teacher's hand-out keeps the worked solution back."
NOTHING_CAME = (UNREADABLE, "refused", "raised", "time", "memory", "died", "flood", "stopped")   # keys of such answers
NUMBERS = ("none", "one", "two", "three")


@dataclass(frozen=True)
class Progress:
    """hints: how many were read, 0 to 3.  attempts: how many honest, different ones there were.

    passed: whether one was right.  held: whether the hand-out keeps the worked solution back.  copy: whose numbers.
    """
    hints: int = 0
    attempts: int = 0
    passed: bool = False
    held: bool = False
    copy: str = ""

    @property
    def why_not(self):
        """Why the worked solution may not be read yet, in a sentence; "" if it may."""
        if self.held:
            return HELD_BACK
        if self.passed or (self.hints >= HINTS and self.attempts >= ATTEMPTS):
            return ""
        hints, attempts = NUMBERS[self.hints], NUMBERS[min(self.attempts, ATTEMPTS)]
        return (f"The worked solution opens when your answer is right, or after three hints ({hints} so far) and "
                f"three different attempts ({attempts} so far).")


def progress(events):
    """The Progress that these events of one exercise make; what cannot be read counts for nothing.

    events: an iterable of dicts, oldest first.
    """
    hints, passed, last, codes, values, attempts = 0, False, {}, set(), set(), 0
    for event in events:
        if event.get("kind") == "hint" and event.get("n") in range(1, HINTS + 1):
            hints = max(hints, event["n"])
        if event.get("kind") != "attempt":
            continue
        last = event
        passed = passed or event.get("status") == "right"
        code, said = event.get("code"), event.get("said")
        if event.get("honest") is True and isinstance(code, str) and isinstance(said, str) \
                and code not in codes and said not in values:
            attempts += 1
            codes.add(code)
            values.add(said)
    copy = last.get("copy", "")
    return Progress(hints, attempts, passed, last.get("solution") is False, copy if isinstance(copy, str) else "")


def attempt(id, verdict, answer, copy="", solution=True):
    """The event that keeps an attempt.

    id: of the exercise.  verdict: what was said of it.  answer: what was handed in.  copy, solution: as in bp.check.
    """
    return {"kind": "attempt", "id": id, "status": verdict.status, "key": verdict.key, "code": fingerprint(answer),
            "said": _hash(repr((verdict.key, verdict.words, verdict.lines))), "honest": honest(verdict),
            "copy": copy, "solution": solution}


def honest(verdict):
    """Whether it is an attempt at all: what is first wrong is neither a constant nor of a wrong shape."""
    if verdict.status != "wrong":
        return verdict.status == "right"
    amiss = [line.status for line in verdict.lines if line.status != "right"]
    return amiss[0] == "wrong" if amiss else bool(verdict.key) and verdict.key not in NOTHING_CAME


# ---- telling attempts apart

def fingerprint(answer):
    """A short word for an answer: the same for the same code, whatever its comments say and its locals are called."""
    try:
        return _hash(_written(answer))
    except Exception:                       # no source, or an object that lies about itself
        return _hash(type(answer).__name__)


def _written(answer):
    if inspect.isfunction(answer):
        tree = ast.parse(textwrap.dedent(inspect.getsource(answer)))
        for node in tree.body:
            node.name = "answer"
        return ast.dump(_Numbered(answer.__code__.co_varnames).visit(tree))
    if type(answer) is np.ndarray:
        ends = (answer.flat[:6], answer.flat[-6:]) if answer.dtype.kind in "biufc" else ()
        return f"{answer.dtype} {answer.shape} {' '.join(map(shown, ends))}"
    if type(answer) in (list, tuple):
        return f"{type(answer).__name__} {len(answer)} " + " ".join(map(shown, answer[:100]))
    if type(answer).__module__.partition(".")[0] in ("bpviz", "sympy"):              # a panel, a sketch, a formula
        return f"{answer!r} {getattr(answer, 'points', '')}"
    return shown(answer)


class _Numbered(ast.NodeTransformer):
    """Takes docstrings away and calls the locals by number, in the order in which they are met."""

    def __init__(self, names):
        self.names, self.met = set(names), {}

    def _called(self, name):
        return self.met.setdefault(name, f"local{len(self.met)}") if name in self.names else name

    def visit_FunctionDef(self, node):
        self.generic_visit(node)
        first = node.body[0]
        if isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant) and isinstance(first.value.value, str):
            node.body = node.body[1:] or [ast.Pass()]
        return node

    def visit_Name(self, node):
        node.id = self._called(node.id)
        return node

    def visit_arg(self, node):
        node.arg, node.annotation = self._called(node.arg), None
        return node


def _hash(text):
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:16]
