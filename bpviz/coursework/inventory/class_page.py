"""The teacher's page of the inventory: what a class believed before the course and after it. No name stands on it.

    python -m bpviz inventory submissions/ --out inventory.html

reads every bpviz_answers.jsonl below the folder, one for each student. The page is one HTML file, made for print, too.
Twenty multiple-choice questions say which sentences are believed, not how well somebody can do backpropagation; they
have not been tried with a class yet, so what a difference means is for the teacher to judge.
"""
import html
import re
from pathlib import Path

from bpviz.coursework.inventory.items import ITEMS
from bpviz.coursework.inventory.scored import WHENS, answered, where
from bpviz.coursework.learner import answers
from bpviz.coursework.learner.outcome import outcome
from bpviz.coursework.misconceptions import MISCONCEPTIONS

FEW = 5                                 # students, below which single answers would be seen
LOOKS = """body{font:16px/1.45 system-ui,sans-serif;max-width:62em;margin:2em auto;padding:0 1em;color:#222}
table{border-collapse:collapse;width:100%;margin:1em 0} tr{break-inside:avoid} h2{margin-top:2em}
th,td{text-align:left;padding:.35em .7em;border-bottom:1px solid #ccc;vertical-align:top}
td.n{text-align:right;white-space:nowrap} .right{font-weight:600}"""
TOP = """<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>Inventory of a class</title>
<style>{looks}</style></head><body><h1>Inventory of a class</h1>{summary}
<h2>By misconception</h2>
<p>How many gave at least one answer that shows it, of those who answered a question about it.</p>
{held}<h2>By question</h2>{questions}</body></html>
"""


def rounds(folder):
    """[(Round before, Round after), ...] of each file of answers below a folder that has some to the inventory.

    ValueError where none has.
    """
    paths = sorted(Path(folder).rglob(answers.NAME))
    found = [tuple(answered(when, answers.events_of(path)) for when in WHENS) for path in paths]
    found = [pair for pair in found if any(one.outcomes for one in pair)]
    if not found:
        came = (f"in which no {answers.NAME} holds an answer to the inventory" if paths else
                f"in which there is no {answers.NAME}" if Path(folder).is_dir() else "which is no folder")
        raise ValueError(f"folder: got {str(folder)!r}, {came}; allowed is one with the answers of a class, "
                         "a folder for each student")
    return found


def page(found):
    """The page as HTML.  found: what `rounds` gave."""
    held = [(name, text, holders(found, 0, name), holders(found, 1, name), where(name))
            for name, text in MISCONCEPTIONS.items()]
    return TOP.format(
        looks=LOOKS, summary="".join(f"<p>{html.escape(line)}</p>" for line in summary(found)),
        held=table(("", "what is believed, and is not so", "before", "after", "look again in"), held),
        questions="".join(question(one, found) for one in ITEMS))


def table(head, rows, right=()):
    """Rows of text as a table.  right: the rows, by number, that are so and stand out."""
    marks = [' class="right"' if k in right else "" for k in range(len(rows))]
    lines = "".join(f"<tr{mark}>{''.join(map(cell, row))}</tr>" for mark, row in zip(marks, rows, strict=True))
    return f"<table><tr>{''.join(f'<th>{html.escape(name)}</th>' for name in head)}</tr>{lines}</table>"


def cell(text):
    """One cell; a share such as "4 of 9" stands at the right."""
    return f"<td{' class=n' if re.fullmatch(SHARE, text) else ''}>{html.escape(text)}</td>"


SHARE = r"\d+ of \d+|–"


def share(count, of):
    """A count of so many, as it stands in the page: "4 of 9"."""
    return f"{count} of {of}" if of else "–"


def summary(found):
    """What stands at the top, in sentences."""
    both = [pair for pair in found if all(one.complete for one in pair)]
    said = [f"{len(found)} student{'s' * (len(found) != 1)} answered; {len(both)} answered all {len(ITEMS)} questions "
            "both times."]
    if both:
        before, after = (sum(pair[k].right for pair in both) / len(both) for k in (0, 1))
        better = sum(one.right < other.right for one, other in both)
        worse = sum(one.right > other.right for one, other in both)
        said.append(f"Of these, right answers in the mean: {before:.1f} before and {after:.1f} after, of {len(ITEMS)}. "
                    f"More right after the course: {better}. Fewer: {worse}.")
    if len(found) < FEW:
        said.append("These are few: whoever knows the class may see who answered what.")
    return said


def holders(found, k, misconception):
    """How many show it, of those who answered a question about it.  k: 0 before, 1 after."""
    asks = {one.id for one in ITEMS if any(tag == misconception for _, tag, _ in one.asks.options)}
    asked = [pair[k] for pair in found if asks & set(pair[k].outcomes)]
    return share(sum(misconception in one.held for one in asked), len(asked))


def question(item, found):
    """One question with how often each answer was given, before and after."""
    one = outcome(item)
    given = [[pair[k].outcomes[item.id].answer for pair in found if item.id in pair[k].outcomes] for k in (0, 1)]
    rows = [("✓" if text == one.truth else "", text, tag, *(share(some.count(text), len(some)) for some in given))
            for text, tag, _ in item.asks.options]
    return (f"<h3>{int(item.id[1:])}. {html.escape(item.question)}</h3>"
            + table(("", "answer", "shows", "before", "after"), rows, [item.asks.texts.index(one.truth)])
            + f"<p>{html.escape(one.words)}</p>")
