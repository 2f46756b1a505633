"""The nine lessons are one book: what every notebook with records must be like, and how long it takes."""
import json
import re
from pathlib import Path

import pytest
from reading import notebook_of

import bpviz as bp
from bpviz.coursework import course, glossary

ROOT = Path(__file__).resolve().parents[2]
WORDS, FORMULA, PREDICTION, PANEL = 180, 0.25, 0.75, 1.5                # words a minute; minutes each
OPTIONAL = re.compile(r"## \d+\. .*\(optional\)")


class Book:
    """A lesson's cells: [(cell, text)], and where the first optional section begins."""

    def __init__(self, lesson):
        cells = json.loads(notebook_of(lesson).read_text(encoding="utf-8"))["cells"]
        self.cells = [(cell, "".join(cell["source"])) for cell in cells]
        self.records = course.lessons()[lesson]
        self.core = next(k for k, (_, text) in enumerate(self.cells) if OPTIONAL.match(text))

    def texts(self, kind, end=None):
        return [text for cell, text in self.cells[:end] if cell["cell_type"] == kind]


@pytest.fixture(scope="module", params=[key for key in course.lessons() if not key.startswith("LAB")])
def book(request):
    return Book(request.param)


def test_something_to_see_comes_first(book):
    """A picture, a panel or a question with one stands before the first formula and before anything is printed."""
    seen = next(k for k, (_, text) in enumerate(book.cells) if re.search(r"\bbp\.(picture|explore|predict)\b", text))
    assert all("$" not in text and "print(" not in text for _, text in book.cells[:seen]), book.cells[seen][0]["id"]


def test_core_first_then_what_is_optional_and_that_is_folded(book):
    core = [one.core for one in book.records.EXERCISES]
    assert core == sorted(core, reverse=True) and sum(core) >= 2 and len(core) - sum(core) >= 3
    sections = [(cell, text) for cell, text in book.cells if re.match(r"## \d", text)]
    optional = [bool(OPTIONAL.match(text)) for _, text in sections]
    assert optional == sorted(optional) and any(optional) and not all(optional)
    for cell, text in sections:
        assert cell["metadata"].get("jp-MarkdownHeadingCollapsed", False) == bool(OPTIONAL.match(text)), text
    for one in book.records.EXERCISES:
        asked = next(k for k, (_, text) in enumerate(book.cells) if f'bp.check("{one.id}"' in text)
        assert (asked < book.core) == one.core, one.id


def test_every_heading_stands_at_the_top_of_its_cell(book):
    """Else JupyterLab could not fold the section."""
    for text in book.texts("markdown"):
        assert not re.search(r"(?s)\S.*\n##? ", text), text


def test_nothing_a_learner_does_not_need_to_read(book):
    """No test's comment, no assert, nothing that moves a panel for the learner, no printed formula of LaTeX."""
    for text in book.texts("code"):
        assert not re.search(r"\bassert\b|NBVAL|noqa|\.set\(", text), text
    for text in book.texts("markdown"):
        assert "<details>" not in text and "**Predict:" not in text, text
        assert max(len(paragraph.split()) for paragraph in re.split(r"\n\s*\n", re.sub(r"(?m)^\|.*$", "", text))) <= 90, text


def test_short_sentences(book):
    """Of the text itself, without formulas, code and tables: under 15 words in the mean, none above 40."""
    sentences = []
    for text in book.texts("markdown"):
        plain = re.sub(r"```.*?```|\$\$.*?\$\$", " ", text, flags=re.S)
        plain = "\n".join(line for line in plain.splitlines() if not line.startswith(("|", "#")))
        plain = re.sub(r"\$[^$]*\$|`[^`]*`|<[^>]*>", "X", plain)
        sentences += [len(s.split()) for s in re.split(r"(?<=[.?!:])\s+|\n\s*[*\n]", plain) if len(s.split()) > 2]
    assert sum(sentences) / len(sentences) < 15 and max(sentences) <= 40, (sum(sentences) / len(sentences), max(sentences))


def core_minutes(book):
    """How long the core takes: reading, formulas, predictions, panels to drag, exercises."""
    texts = book.texts("markdown", book.core)
    asked = [one for one in book.records.PREDICTIONS if any(f'"{one.id}"' in text for _, text in book.cells[:book.core])]
    panels = sum("bp.explore." in text for text in book.texts("code", book.core)) + sum(one.shows is not None for one in asked)
    words = sum(len(re.sub(r"\$[^$]*\$|[|#*`-]", " ", text).split()) for text in texts)
    words += sum(len(one.question.split()) + len(one.says(one.truth()).split()) for one in asked)
    formulas = sum(len(re.findall(r"\$\$?[^$]+\$\$?", text)) for text in texts)
    return (words / WORDS + FORMULA * formulas + PREDICTION * len(asked) + PANEL * panels
            + sum(one.minutes for one in book.records.EXERCISES if one.core)), words


def test_the_core_takes_the_time_that_is_promised(book):
    minutes, words = core_minutes(book)
    promised = int(re.search(r"\*\*Time:\*\* (\d+) minutes", book.cells[0][1])[1])
    assert 28 <= minutes <= 41 and abs(promised - minutes) <= 5, (minutes, words)
    assert sum(one.minutes for one in book.records.EXERCISES if one.core) >= 5


def test_it_ends_with_the_predictions_and_a_recap(book):
    headings = [text.split("\n")[0] for text in book.texts("markdown") if text.startswith("## ")]
    assert headings[-2:] == ["## Your predictions", "## Summary"], headings[-2:]


def test_every_term_is_explained_in_its_lesson(book):
    """It stands there emphasised, **so** or *so*, in the text or in what a prediction of the lesson says."""
    text = " ".join([*book.texts("markdown"), *(f"{one.question} {one.says(one.truth())}" for one in book.records.PREDICTIONS)])
    for term, sentence in book.records.TERMS.items():
        assert re.search(rf"\*{re.escape(term)}[.:;,]?\*", text, re.I), term
        assert 4 < len(sentence.split()) < 40 and sentence[0].isupper() and sentence.endswith("."), term


def test_a_term_is_explained_once():
    every = [term for module in course.lessons().values() for term in module.TERMS]
    assert sorted(set(every)) == sorted(every) == sorted(course.terms()) and all(term == term.strip() for term in every)


def test_the_glossary_page_is_written_from_the_lessons():
    page = (ROOT / "docs" / "glossary.md").read_text(encoding="utf-8")
    assert page == glossary.page(), "run: python -m bpviz.coursework.glossary docs/glossary.md"
    assert all(f"**{term}**" in page for term in course.terms())


def test_one_word_and_a_word_that_is_none():
    assert "downhill" in repr(bp.glossary("update")) and "lesson 3" in repr(bp.glossary("update"))
    with pytest.raises(ValueError, match="word: got 'updat'"):
        bp.glossary("updat")
