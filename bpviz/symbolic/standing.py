"""Where one stands on the walk through a training step: one number with its formula, and the gradients found so far."""
from dataclasses import dataclass

import numpy as np

from bpviz.base.result import ShowsItself
from bpviz.symbolic.gradient_table import GradientTable, captioned
from bpviz.symbolic.products import Products
from bpviz.symbolic.speak import kind_name
from bpviz.symbolic.stops import Reached
from bpviz.words.catalogue import Said, say
from bpviz.words.numbers import minus, number, pretty, sentence

ONE_LINE = 34                  # letters of code that are not broken
PER_ROW = ("forward", "loss", "backward")


@dataclass(frozen=True, repr=False)
class Standing(ShowsItself):
    """Stop k of `stops`, with its numbers on this row of so many; and the whole gradient three ways.

    loss: before the step and after it.  shifts: ((name, from, to), ...) of the inputs and targets that were moved.
    missing: of "skip" and "norm", what was asked for and this network cannot have.
    yours: what is said of a learner's own number here, or None.
    products: what every slope of this row is made of.  parts: the terms' LaTeX in pieces with the names of what is in
    them (speak.py).  code: the line of the network's NumPy script that finds the number, or "".
    kinked: (slope on the left, on the right) of what this stop finds the slope by, at a kink (symbolic/kinks.py).
    """
    k: int
    stops: int
    found: Reached
    row: int
    rows: int
    loss: tuple
    gradients: GradientTable
    shifts: tuple = ()
    missing: tuple = ()
    yours: object = None
    products: Products | None = None
    parts: tuple = ()
    code: str = ""
    kinked: tuple | None = None

    @property
    def place(self):
        """The phase and how far we are, as facts."""
        phase = self.found.stop.phase
        row = self.row + 1 if self.rows > 1 and phase in PER_ROW else None
        return {"phase": phase, "step": self.k + 1, "stops": self.stops, "row": row, "rows": self.rows}

    @property
    def heading(self):
        """The phase and how far we are."""
        return say("backprop", "heading", **self.place)

    @property
    def finding(self):
        """What is so now, the title of the picture."""
        found, (letter, place) = self.found, self.found.stop.kind
        what = {"d": "slope", "g": "mean", "new": "new loss" if place == ("L",) else "new"}.get(letter, letter)
        of = found.stop.text.removeprefix("dL/d") if letter == "d" else found.stop.text
        if what in ("mean", "new"):
            of = f"{place[0]}{place[1]}[{','.join(map(str, place[2:]))}]"
        change = {"new": found.value - found.known.get((place[0], place[1:]), 0.0) if what == "new" else 0.0,
                  "new loss": self.loss[1] - self.loss[0]}.get(what, found.value)
        left, right = self.kinked or (None, None)
        return say("backprop", "finding", what=what, name=of, value=found.value, change=change, size=abs(change),
                   left=left, right=right, one=left == right,
                   finite=bool(np.isfinite(found.value) and np.isfinite(change)), before=self.loss[0],
                   layer=place[0] if letter in "ams" else None, unit=place[1] if letter == "a" else None,
                   rows=self.rows)

    @property
    def pieces(self):
        """The name of what is found, and of each term its LaTeX in pieces with the names of what is in them."""
        return kind_name(self.found.stop.kind), self.parts

    @property
    def key(self):
        """What the arrows mean, in words: title, above 0, below 0, the largest size, the road, a note."""
        flow = self.found.flow
        return (*(say("backprop", f"key_{part}", way=flow.way) for part in ("title", "plus", "minus")),
                say("backprop", "key_size", size=flow.most),
                say("backprop", "key_road") if self.found.stop.phase == "backward" else "",
                "" if flow.way == "forward" else say("backprop", "key_note"))

    @property
    def where(self):
        """Which line of the network's script finds it, and which of bpviz."""
        short = self.code.replace(" ", "\N{NO-BREAK SPACE}") if len(self.code) <= ONE_LINE else self.code
        return say("backprop", "where", file=self.found.stop.code[0], line=self.found.stop.code[1], code=short)

    @property
    def terms(self):
        """What the number is made of: ((LaTeX, numbers put in, value), ...)."""
        return tuple((latex, numbers, pretty(number(value, 3))) for latex, numbers, value in self.found.terms)

    @property
    def value(self):
        """The number in words."""
        return minus(self.found.value)

    @property
    def checked(self):
        """Whether the derivation and the hand-written pass give the same number."""
        return say("backprop", "checked", agree=self.found.agree, by_hand=self.found.by_hand)

    @property
    def why(self):
        """Why it is made of these."""
        return sentence(self.found.stop.why)

    @property
    def said(self):
        """What is said of a learner's own number here, or ""."""
        return str(self.yours or "")

    @property
    def words(self):
        found = self.found
        sentences = [("stop", {"heading": self.place, "name": found.stop.text, "value": found.value,
                               "why": found.stop.why})]
        if found.stop.kind == ("new", ("L",)):
            before, after = self.loss
            sentences.append(("step", {"before": before, "after": after, "finite": np.isfinite(after),
                                       "change": after - before}))
        moved = (say("backprop", "shifted", name=name, old=old, new=new) for name, old, new in self.shifts)
        missing = (say("backprop", "no_cure", skip=cure == "skip") for cure in self.missing)
        said = [str(Said("backprop", tuple(sentences))), *moved, *missing, self.yours.sentence if self.yours else "",
                "" if found.agree else say("backprop", "differs", by_hand=found.by_hand)]
        return " ".join(filter(None, said))

    def table(self):
        """The gradients found so far three ways; those that the walk has not come to yet keep their place."""
        caption, header, rows = captioned(self.gradients, say("backprop", "table", rows=self.rows))
        letter, later = "g" if self.rows > 1 else "d", ("",) * (len(header) - 2)
        there = {f"{kind[0]}{kind[1]}[{','.join(map(str, kind[2:]))}]" for slope, kind in self.found.known
                 if slope == letter and kind[0] in "wb"}
        return caption, header, [row if row[0] in there else (row[0], *later, say("backprop", "later")) for row in rows]
