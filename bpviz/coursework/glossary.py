"""`bp.glossary()`: the words that the lessons explain, each with its sentence and its lesson, and the card of letters.

The words are gathered from the lessons' TERMS; docs/glossary.md is written from here:

    python -m bpviz.coursework.glossary docs/glossary.md
"""
import sys
from dataclasses import dataclass
from pathlib import Path

from bpviz.base.arguments import text
from bpviz.base.result import ShowsItself
from bpviz.coursework.course import called, terms

# in pictures and words, in formulas, in Python, what it is: the same in every lesson
NOTATION = (
    ("x", "$x$", "`x`", "what comes in"),
    ("hears, z", "$z_1$, $z_2$", "`z1`, `z2`", "what a unit hears: answers times weights, added up, plus the bias"),
    ("answers, a", "$a_1$; the output $o$", "`a1`; `o`", "what a unit answers: f(z)"),
    ("w2[1,1]", "$w^{(2)}_{11}$", "`W2[0, 0]`", "a weight of layer 2, from unit 1 to unit 1; Python counts from 0"),
    ("b1[2]", "$b^{(1)}_2$", "`b1[1]`", "the bias of unit 2 of layer 1"),
    ("target", "$t$", "`t`", "what should come out"),
    ("loss", "$L$", "`loss`", "how wrong it is; squared error: the mean over the rows of the summed (o − t)²"),
    ("blame, ∂z", "$\\partial L/\\partial z_2$", "`dz2`", "how fast the loss rises with z; so with a, w, b"),
    ("rate", "$\\eta$", "`rate`", "the learning rate: how far a step goes"),
    ("curvature", "$\\lambda$", "`curvature`", "how fast the slope changes; λmax is the steepest direction's"),
    ("L2 penalty", "l2", "`l2`", "what is added to the loss for each squared weight"),
)


@dataclass(frozen=True, repr=False)
class Glossary(ShowsItself):
    """Words with their sentences. rows: ((word, sentence, "lesson 3"), ...), by the alphabet."""
    rows: tuple

    most_rows = 200
    words = ""

    def table(self):
        """Caption, header, one row a word."""
        count = f"{len(self.rows)} word{'s' * (len(self.rows) != 1)}"
        return count, ("word", "it means", "explained in"), list(self.rows)


def glossary(word=None):
    """The words that the lessons explain: all of them, or one.

    word: "saddle", or None for all. Raises ValueError for one that no lesson explains, with the near miss.
    """
    chosen = terms() if word is None else {text("word", word): terms()[word]}
    return Glossary(tuple((name, says, called(lesson))
                          for name, (lesson, says) in sorted(chosen.items(), key=lambda item: item[0].lower())))


def page():
    """docs/glossary.md."""
    def row(*cells):
        return "| " + " | ".join(cells) + " |"
    words = [row(f"**{name}**", says, lesson) for name, says, lesson in glossary().rows]
    letters = [row(*cells) for cells in NOTATION]
    head = "`bp.glossary()` shows the words in a notebook, `bp.glossary(\"saddle\")` one of them."
    return "\n".join(["# Letters and words of the course", "", head, "",
                      "## The card of letters", "", row("in pictures and words", "in formulas", "in Python", "it is"),
                      row(*["---"] * 4), *letters, "", "## The words", "", row("word", "it means", "explained in"),
                      row(*["---"] * 3), *words, ""])


if __name__ == "__main__":
    Path(sys.argv[1]).write_text(page(), encoding="utf-8")
