"""What a learner is given beside a verdict: the next hint, the worked solution. Each is kept in the answers' file.

Where nobody is there (answers.attended is False) nothing is kept and nothing counts as read.
"""
from bpviz.coursework.learner import answers
from bpviz.coursework.learner.progress import HINTS, progress


def now(exercise):
    """The Progress of this folder's learner with an exercise."""
    return progress(answers.events(id=exercise.id))


def next_hint(exercise):
    """(Markdown of all hints read by now, where it is kept instead or ""); one more is read with it."""
    read, note = now(exercise).hints, ""
    n = min(read + 1, HINTS)
    if n > read:
        note = answers.keep({"kind": "hint", "id": exercise.id, "n": n})
    return "\n\n".join(f"**Hint {k} of {HINTS}.** {words}" for k, words in enumerate(exercise.hints[:n], start=1)), note


def worked_solution(exercise, copy=""):
    """(Markdown of the worked solution, where it is kept instead or ""); that it was read is kept.

    copy: whose numbers. Whether it may be read at all is Progress.why_not.
    """
    note = answers.keep({"kind": "solution", "id": exercise.id})
    code = exercise.asks.solution(exercise.given(copy))
    return (f"**The worked solution of {exercise.id}** (noted as read)\n\n{exercise.worked}\n\n"
            f"```python\n{code}\n```"), note
