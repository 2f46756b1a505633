"""The pages: a sheet for each student with numbers of their own and room to work, and the key for the teacher. HTML.

The numbers follow from the lesson, the sheet and (in an exam) a secret, so the same call gives the same sheets again.
"""
import hashlib
import hmac
import html
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from bpviz.base.arguments import Table
from bpviz.coursework.paper.checking_tasks import LESSON_4
from bpviz.coursework.paper.depth_tasks import LESSON_8, LESSON_9
from bpviz.coursework.paper.descent_tasks import LESSON_5, LESSON_6, LESSON_7
from bpviz.coursework.paper.network_tasks import LESSON_1, LESSON_2, LESSON_3
from bpviz.coursework.paper.task import TABLE, written

TASKS = Table("lesson", {f"L0{k}": tasks for k, tasks in enumerate(
    (LESSON_1, LESSON_2, LESSON_3, LESSON_4, LESSON_5, LESSON_6, LESSON_7, LESSON_8, LESSON_9), start=1)})
MOST = 1000                             # sheets in one call
LOOKS = (Path(__file__).parent / "paper.css").read_text(encoding="utf-8")
PAGE = """<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>{title}</title>
<style>{looks}</style></head><body>{body}</body></html>
"""


@dataclass(frozen=True)
class StudentSheet:
    """One student's sheet.  who: what stands on it, "7" or a name.  tasks: ((PaperTask, given), ...) in its order."""
    who: str
    tasks: tuple


def sheets(lesson, whos, exam=False, secret=b""):
    """A StudentSheet for each of `whos`, in their order; in an exam the tasks stand in another order on each.

    lesson: "L03".  whos: what tells the students apart.  secret: bytes that an exam's numbers follow from.
    """
    made = []
    for who in whos:
        tasks = [(task, task.given(_rng(lesson, who, k, exam, secret))) for k, task in enumerate(TASKS[lesson])]
        order = _rng(lesson, who, "order", exam, secret).permutation(len(tasks)) if exam else range(len(tasks))
        made.append(StudentSheet(who, tuple(tasks[k] for k in order)))
    return tuple(made)


def _rng(lesson, who, part, exam, secret):
    words = f"{lesson}|{who}|{part}|{exam}".encode()
    digest = hmac.new(secret, words, hashlib.sha256).digest() if secret else hashlib.sha256(words).digest()
    return np.random.default_rng(int.from_bytes(digest[:8]))


# ---- HTML

def page(lesson, made, exam=False):
    """All sheets as one page of HTML.  made: what `sheets` gave."""
    kind = "Exam" if exam else "Worksheet"
    body = "".join(_sheet(f"{kind}, lesson {int(lesson[1:])}", one, exam) for one in made)
    return PAGE.format(title=f"{kind} {lesson}", looks=LOOKS, body=body)


def _sheet(title, sheet, exam):
    points = sum(task.points for task, _ in sheet.tasks)
    line = f"Sheet {html.escape(sheet.who)}{f' · {points} points' if exam else ''}"
    tasks = "".join(_task(number, *pair, exam) for number, pair in enumerate(sheet.tasks, start=1))
    table = _sigmoid() if any(task.table for task, _ in sheet.tasks) else ""
    return (f'<section class="sheet"><header><h1>{title}</h1><span>{line}</span><span class="name">Name: </span>'
            f"</header>{table}{tasks}</section>")


def _task(number, task, given, exam):
    points = f'<span class="points">{task.points} points</span>' if exam else ""
    drawing = task.drawing(given) if task.drawing else ""
    return (f'<div class="task"><h2>{points}{number}. {task.title}</h2><p>{task.text(given)}</p>{drawing}'
            f'<div class="room" style="height:{task.space:g}cm"></div></div>')


def _sigmoid():
    """A table of the sigmoid and its slope: what a unit hears, from 0 to 2; the other half follows."""
    answers = 1 / (1 + np.exp(-np.array(TABLE)))
    lines = ("z", [f"{z:.1f}" for z in TABLE]), ("f(z)", answers), ("slope", answers * (1 - answers))
    rows = []
    for part in (slice(0, 11), slice(11, None)):
        for name, values in lines:
            cells = (value if isinstance(value, str) else f"{value:.3f}" for value in list(values)[part])
            rows.append(f"<tr><th>{name}</th>{''.join(f'<td>{cell}</td>' for cell in cells)}</tr>")
    return (f'<table class="f">{"".join(rows)}</table><p>The sigmoid f and its slope f(z)·(1 − f(z)). For −z: f(−z) = '
            "1 − f(z), and the slope is the same. Round z to one decimal before you look it up, and each result to "
            "three digits.</p>")


def key(lesson, made, exam=False):
    """The teacher's key: of each sheet every value, those on the way too; what is asked is bold."""
    body = "".join(_key(one) for one in made)
    kind = "exam" if exam else "worksheet"
    head = (f"<h1>Key to the {kind}, lesson {int(lesson[1:])}</h1><p>Every value on the way, to four digits; what "
            "is asked is bold. Whoever works with three digits may differ a little in the third.</p>")
    return PAGE.format(title=f"Key {lesson}", looks=LOOKS, body=head + body)


def _key(sheet):
    rows = []
    for number, (task, given) in enumerate(sheet.tasks, start=1):
        working = task.working(given)
        first = len(working) - task.asked
        values = "".join(f'<span{" class=asked" if k >= first else ""}>{what} = {html.escape(written(value))}</span>'
                         for k, (what, value) in enumerate(working))
        rows.append(f"<tr><td>{number}. {task.title}</td><td>{values}</td></tr>")
    return (f'<div class="task"><h2>Sheet {html.escape(sheet.who)}</h2><table class="k">{"".join(rows)}</table></div>')
