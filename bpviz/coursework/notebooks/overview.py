"""The table of all exercises x mistakes x sentence x misconception, written from the records:

    python -m bpviz.coursework.notebooks.overview docs/teaching.md

writes it anew between the two marks of that file. Of a function that returns partials, the same mistake at several of
them is one row, with the sentence of the first.
"""
import re
import sys
from pathlib import Path

from bpviz.coursework import course
from bpviz.coursework.kinds.partials import Partials
from bpviz.coursework.kinds.quantities import Choice
from bpviz.coursework.misconceptions import MISCONCEPTIONS

BEGIN, END = "<!-- table: begin -->", "<!-- table: end -->"


def mistakes(exercise):
    """[(mistake, sentence, misconception), ...] that an exercise knows by name, for everybody's numbers."""
    if not isinstance(exercise.asks, Partials):
        return [(one.key, one.says, one.misconception) for one in exercise.asks.mutants(exercise.given())]
    rows = {}
    for one in exercise.asks.mistakes:
        rows.setdefault(one.name, []).append(one)
    return [(f"{name}, at {', '.join(one.part for one in same)}", same[0].says,
             next((one.misconception for one in same if one.misconception), "")) for name, same in rows.items()]


def beliefs(prediction):
    """[(wrong answer, misconception), ...] of a prediction."""
    asks = prediction.asks
    if isinstance(asks, Choice):
        return [(text, tag) for text, tag, _ in asks.options if tag]
    return [(key.partition(": ")[2] or key, tag) for key, tag in getattr(asks, "beliefs", {}).items()]


def row(*cells):
    """One row of a Markdown table."""
    return "| " + " | ".join(" ".join(str(cell).replace("|", "\\|").split()) for cell in cells) + " |"


def table():
    """The Markdown of all lessons."""
    lines = []
    for lesson, module in course.lessons().items():
        lines += [f"### {course.called(lesson).capitalize()}: exercises", "",
                  row("exercise", "mistake", "what the learner reads", "shows"), row(*["---"] * 4)]
        for one in module.EXERCISES:
            name = f"**{one.id}** {one.title}{'' if one.core else ' (optional)'}"
            for k, (mistake, says, tag) in enumerate(mistakes(one)):
                lines.append(row(name if k == 0 else "", f"`{mistake}`", says, tag))
        lines += ["", f"### {course.called(lesson).capitalize()}: predictions", "",
                  row("prediction", "wrong answer", "shows"), row(*["---"] * 3)]
        lines += [row(f"**{one.id}**", text, tag) for one in module.PREDICTIONS for text, tag in beliefs(one)]
        lines.append("")
    lines += ["### Misconceptions", "", row("", "what a learner believes, and is not so"), row("---", "---"),
              *(row(name, sentence) for name, sentence in MISCONCEPTIONS.items())]
    return "\n".join(lines)


def written(text):
    """A document with the table anew between its marks; ValueError where they are not there once each."""
    if text.count(BEGIN) != 1 or text.count(END) != 1:
        raise ValueError(f"text: got one without the marks {BEGIN} and {END}; allowed is one with both, once")
    return re.sub(f"(?s){BEGIN}.*{END}", lambda _: f"{BEGIN}\n{table()}\n{END}", text)


if __name__ == "__main__":
    path = Path(sys.argv[1])
    path.write_text(written(path.read_text(encoding="utf-8")), encoding="utf-8")
