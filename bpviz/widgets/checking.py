"""bp.check, bp.hint and bp.solution: what a learner sees of an exercise.

Where somebody is there to read (answers.attended), a check says its verdict, keeps the attempt and never raises. Where
a program runs the notebook (nbval, nbconvert, nbgrader) nothing is kept, and a wrong answer raises Wrong, so that the
cell goes red with one sentence and nothing else.
"""
import os

from IPython import get_ipython
from IPython.display import display

from bpviz.base.arguments import shown, switch, text
from bpviz.coursework.apart.run import ready, run
from bpviz.coursework.course import exercises
from bpviz.coursework.exercise import Judgement
from bpviz.coursework.learner import answers
from bpviz.coursework.learner.guidance import next_hint, now, worked_solution
from bpviz.coursework.learner.progress import attempt
from bpviz.widgets import early
from bpviz.widgets.help import Help
from bpviz.widgets.verdicts import note_html, verdict_html, verdict_text
from bpviz.words.catalogue import say


class Plain(Exception):
    """An exception of which a notebook shows the sentence, and no lines of code."""

    def _render_traceback_(self):
        return [f"{type(self).__name__}: {self}"]


class Wrong(Plain, AssertionError):
    """An answer that is not right, where nobody is there to read the verdict."""


class Refused(Plain, ValueError):
    """What bp.check, bp.hint or bp.solution cannot do anything with, where nobody is there to read the sentence."""


def check(id, answer=..., *, copy="", solution=True):
    """Say whether an answer is right; if not, what is wrong with it, never what would be right.

    id: of the exercise, "L03-q2".  answer: what it asks for: a function, a number, a word, a list, a panel.
    copy: whose numbers, a word that the hand-out gives; "" for everybody's.
    solution: whether the worked solution may be read later.
    Raises where nobody is there to read: Wrong for a wrong answer (with BPVIZ_STRICT=1 for one that was not attempted
    too), ValueError for an unknown id.
    """
    exercise = _exercise(id, copy=lambda: text("copy", copy), solution=lambda: switch("solution", solution))
    if exercise is None:
        return
    attended = answers.attended()
    (verdict, printed), note = _verdict(exercise, answer, copy, attended), ""
    if attended and verdict.status != "not attempted":
        note = answers.keep(attempt(exercise.id, verdict, answer, copy, bool(solution)))
    title = f"{exercise.title} ({exercise.id})"
    said = (title, verdict, note, printed)
    _show({"text/plain": verdict_text(*said), "text/html": verdict_html(*said)},
          {"bpviz": {"id": exercise.id, "status": verdict.status, "key": verdict.key}})
    if attended and get_ipython() is not None:
        Help(exercise, verdict, held=not solution).display()
    if not attended and (verdict.status == "wrong" or
                         verdict.status == "not attempted" and os.environ.get("BPVIZ_STRICT") == "1"):
        raise Wrong(f"{exercise.id}: {' '.join(verdict.words.split())}")


def _verdict(exercise, answer, copy, attended):
    """(the verdict, what the learner's function printed); should the check itself break, a learner hears so in a
    sentence, and a program in full."""
    printed = []

    def listening(*given, **named):
        outcome = run(*given, **named)
        printed.append(outcome.printed)
        return outcome
    try:
        return exercise.judge(answer, listening, copy), "".join(printed)
    except Exception as error:
        if not attended:
            raise
        return Judgement("wrong", say("page", "failed", kind=type(error).__name__, said=shown(str(error)))), ""


def hint(id):
    """Show the next hint of an exercise, below those read before; there are three.

    id: of the exercise, "L03-q2".  Raises ValueError for an unknown id where nobody is there to read.
    """
    exercise = _exercise(id)
    if exercise is not None:
        _show_markdown(*next_hint(exercise))


def solution(id):
    """Show the worked solution of an exercise, if it may be read by now; that it was read is kept.

    It opens when an answer was right, or after all three hints and three honest, different attempts.
    id: of the exercise, "L03-q2".  Raises ValueError for an unknown id where nobody is there to read.
    """
    exercise = _exercise(id)
    if exercise is None:
        return
    state = now(exercise)
    if state.why_not:
        _say(state.why_not)
    else:
        _show_markdown(*worked_solution(exercise, state.copy))


# ---- what goes out

def _exercise(id, **arguments):
    """The exercise; None if there is none, or an argument cannot be used, and that was said. Raises if unattended."""
    try:
        for look in arguments.values():
            look()
        return exercises()[id]
    except ValueError as error:
        if not answers.attended():
            raise Refused(str(error)) from None
        _say(str(error))
        return None


def _say(sentence):
    _show({"text/plain": sentence, "text/html": note_html(sentence)})


def _show_markdown(said, note):
    said = f"{said}\n\n{note}" if note else said
    _show({"text/plain": said, "text/markdown": said})


def _show(data, metadata=None):
    """Into the notebook; outside of IPython the plain text is printed."""
    if get_ipython() is None:
        print(data["text/plain"])
    else:
        display(data, raw=True, metadata=metadata or {})


ready()                                 # the process of the first check starts now
early.listen(_say)
