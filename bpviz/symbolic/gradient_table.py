"""One gradient, found three ways, as a table: what bp.compare_gradients gives."""
from dataclasses import dataclass

from bpviz.base.records import checked_fields
from bpviz.base.refusals import Table, refuse
from bpviz.base.result import ShowsItself, place_in
from bpviz.words.catalogue import say

MARKS = {"agree": "✓ agree", "differ": "✗ differ", "cannot tell": "? cannot tell"}
HEADER = ("weight", "SymPy's derivation", "backward pass", "central difference", "disagreement", "")


@dataclass(frozen=True)
class Comparison:
    """dL/d(weight) found three ways, and whether they agree.

    error: the largest disagreement between any two.
    bar: how far apart they may be and still mean the same number: their error bars, added.
    answer: "agree", "differ" (more than the error bars allow) or "cannot tell".  because: why, in words.
    frozen: whether the fit holds this weight: it has a slope, which no step uses.
    """
    weight: str
    symbolic: float
    backprop: float
    difference: float
    error: float
    bar: float
    answer: str
    because: str
    frozen: bool = False

    @property
    def agree(self):
        return self.answer == "agree"

    @property
    def mark(self):
        """Its answer as a table says it, and the reason unless all is well."""
        return MARKS[self.answer] + (", frozen" if self.frozen else "") + ("" if self.agree else f": {self.because}")

    @property
    def numbers(self):
        """The three numbers, to eight digits."""
        return tuple(f"{value:+.7e}" for value in (self.symbolic, self.backprop, self.difference))


@dataclass(frozen=True, repr=False)
class GradientTable(ShowsItself):
    """The gradient of one network, a Comparison per weight: a list of them, and `table["w1[1,1]"]` by name.

    rows: tuple of Comparison, in the order of theta.
    """
    rows: tuple
    most_rows = 60

    def __post_init__(self):
        checked_fields(self)
        if not self.rows or not all(isinstance(row, Comparison) for row in self.rows):
            refuse("rows", self.rows, "allowed is a tuple of Comparison, one a weight")

    def __len__(self):
        return len(self.rows)

    def __iter__(self):
        return iter(self.rows)

    def __getitem__(self, k):
        if isinstance(k, slice):
            return list(self.rows[k])
        if isinstance(k, str):
            return Table("weight", {row.weight: row for row in self.rows})[k]
        return self.rows[place_in(self, k, "allowed is a whole number, a slice or a name such as 'w1[1,1]'")]

    @property
    def agree(self):
        """Whether all three ways agree for every weight."""
        return all(row.agree for row in self.rows)

    @property
    def words(self):
        """How many agree, and which do not; which are frozen."""
        held = [row.weight for row in self.rows if row.frozen]
        frozen = held and " " + say("results", "gradients_frozen", many=len(held), names=_names(held))
        return self._verdict() + (frozen or "")

    def _verdict(self):
        many, odd = len(self.rows), [row for row in self.rows if not row.agree]
        if not odd:
            return say("results", "gradients_agree", many=many, weight=self.rows[0].weight,
                       error=max(row.error for row in self.rows))
        return say("results", "gradients_differ", many=many, agree=many - len(odd),
                   differ=_names([row.weight for row in odd if row.answer == "differ"]),
                   unsure=_names([row.weight for row in odd if row.answer != "differ"]))

    def table(self):
        """The three numbers side by side."""
        return captioned(self, "The gradient, found three ways")


def captioned(gradients, caption, names=None):
    """The table of a GradientTable under another caption, perhaps with other names for the weights."""
    names = [row.weight for row in gradients] if names is None else names
    return caption, HEADER, [(name, *row.numbers, f"{row.error:.1e}", row.mark)
                             for name, row in zip(names, gradients, strict=True)]


def _names(names):
    """All names as facts, or of many the first three; None of none."""
    return {"all": names, "many": len(names), "first": None if len(names) < 5 else names[:3]} if names else None
