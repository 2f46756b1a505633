"""Where a learner stands with a random puzzle: what is shown of it, and what is said, without a word too much.

Until the guilty line is clicked nothing here tells which it is; a wrong line is told why it cannot be, from the
entries that it feeds, by facts that hold of this very puzzle.
"""
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from bpviz.coursework.random_puzzle import RandomPuzzle
from bpviz.symbolic.compare import central_differences
from bpviz.symbolic.gradient_table import MARKS
from bpviz.words.catalogue import say
from bpviz.words.numbers import with_sign

HINTS = 3                           # which entries, which layer, which factor
FEW = 3                             # so many names are said, the others are counted
ALIKE = 1e-6                        # ratios that differ by less are one


@dataclass(frozen=True)
class Checked:
    """A puzzle with the slopes of its loss found by central differences, (P,)."""
    puzzle: RandomPuzzle
    slopes: np.ndarray


def checked(puzzle):
    """The puzzle with its differences, which take longer than all the rest."""
    return Checked(puzzle, central_differences(puzzle.fit, puzzle.theta).slope)


@dataclass(frozen=True)
class Attempt:
    """One position. line, entry: the ones clicked, from 1; 0: none. hint: how many hints were asked for, 0 to 3."""
    checked: Checked
    line: int = 0
    entry: int = 0
    hint: int = 0

    @property
    def puzzle(self):
        return self.checked.puzzle

    @property
    def names(self):
        """Of the entries, as everywhere in bpviz: "w1[1,2]"."""
        return self.puzzle.fit.names

    @property
    def solved(self):
        return self.line == self.puzzle.guilty

    @property
    def judged(self):
        """Whether a line is clicked that is there."""
        return 1 <= self.line <= len(self.puzzle.lines)

    @property
    def chosen(self):
        """Whether an entry is clicked that is there."""
        return 1 <= self.entry <= len(self.names)

    @cached_property
    def reason(self):
        """(which rule, the entries that show it, as numbers from 0) why the line clicked is not the guilty one."""
        k, differs = self.line - 1, self.puzzle.differs
        missed = differs & ~self.puzzle.reached[k]
        if missed.any():
            return "misses", np.flatnonzero(missed)
        right = self.puzzle.moved[k] & ~differs
        return ("agrees", np.flatnonzero(right)) if right.any() else ("chain rule", np.flatnonzero([]))

    @cached_property
    def asked(self):
        """(P,) booleans: which entries are shown beside their central difference."""
        shown = np.full(len(self.names), self.hint > 0 or self.solved)
        if self.chosen:
            shown[self.entry - 1] = True
        if self.judged and not self.solved:
            shown[self.reason[1]] = True
        return shown

    @cached_property
    def lit(self):
        """(P,) booleans: which entries the line clicked feeds, and the entry clicked."""
        lit = np.array(self.puzzle.reached[self.line - 1]) if self.judged else np.zeros(len(self.names), bool)
        if self.chosen:
            lit[self.entry - 1] = True
        return lit

    # ---- what is drawn

    @cached_property
    def arrows(self):
        """What the network is drawn from, as one tuple: sizes, names, gradient, slopes, asked, wrong, lit."""
        puzzle = self.puzzle
        return (puzzle.fit.network.sizes, self.names, puzzle.gradient, self.checked.slopes, self.asked,
                puzzle.differs, self.lit)

    @cached_property
    def listing(self):
        """(what stands above the code, its lines, the line clicked or 0, whether it is the one, how it should read)."""
        puzzle = self.puzzle
        last = len(puzzle.fit.network.sizes) - 1
        names = list(puzzle.fit.network.activations)
        names[-1] = puzzle.fit.loss_record.output_name or names[-1]
        groups = {name: [f"f{k}" for k, one in enumerate(names, start=1) if one == name] for name in names}
        bias = " + bk" if puzzle.fit.network.bias else ""
        above = (f"zk = Wk.T @ a(k-1){bias}, ak = fk(zk)",
                 ", ".join(" = ".join([*group, name]) for name, group in groups.items()),
                 say("puzzle", "loss", loss=puzzle.fit.loss_name, layer=last),
                 "ek = dL/dak, dk = dL/dzk, dfk = fk'")
        texts = tuple(line.text for line in puzzle.lines)
        mended = say("puzzle", "mended", text=puzzle.right[self.line - 1].text) if self.solved else ""
        return above, texts, self.line if self.judged else 0, self.solved, mended

    @property
    def title(self):
        """Over the network: what is so now."""
        if self.chosen:
            return say("puzzle", "title_entry", **self._entry())
        wrong = int(self.puzzle.differs.sum()) if self.hint > 0 or self.solved else None
        return say("puzzle", "title", number=self.puzzle.number, wrong=wrong, many=len(self.names))

    @property
    def heading(self):
        """Over the code."""
        return say("puzzle", "heading", line=self.line if self.judged else None, solved=self.solved)

    # ---- what is said

    @property
    def words(self):
        """The verdict."""
        return " ".join([self._of_the_line(), *self._of_the_entry(), *([] if self.solved else self._hints())])

    def _of_the_line(self):
        puzzle, many = self.puzzle, len(self.puzzle.lines)
        if self.line == 0:
            return say("puzzle", "start", number=puzzle.number, lines=many)
        if not self.judged:
            return say("puzzle", "no_line", line=self.line, lines=many)
        if self.solved:
            return say("puzzle", "found", line=self.line, does={"fault": puzzle.fault, "layer": self._line.layer},
                       effect=self._effect(), right=puzzle.right[self.line - 1].text)
        why, which = self.reason
        return say("puzzle", "wrong", line=self.line, why=why, entries=self._listed(which), many=len(which),
                   rule={"kind": self._line.kind, "loss": puzzle.fit.loss_name, "layer": self._line.layer})

    @property
    def _line(self):
        return self.puzzle.right[self.line - 1]

    def _effect(self):
        """How wrong the wrong entries are, as multiples of the right ones."""
        off = self.puzzle.differs
        ratios = self.puzzle.gradient[off] / self.puzzle.fit.gradient(self.puzzle.theta)[off]
        low, high = float(ratios.min()), float(ratios.max())
        return {"wrong": int(off.sum()), "many": len(self.names), "low": low, "high": high,
                "one": high - low <= ALIKE * max(1, abs(high))}

    def _listed(self, which):
        names = [self.names[k] for k in which]
        return {"few": names if len(names) <= FEW + 1 else names[:FEW],
                "more": 0 if len(names) <= FEW + 1 else len(names) - FEW}

    def _entry(self):
        k = self.entry - 1
        return {"name": self.names[k], "code": with_sign(self.puzzle.gradient[k], 4),
                "slope": with_sign(self.checked.slopes[k], 4), "differs": bool(self.puzzle.differs[k])}

    def _of_the_entry(self):
        if self.entry and not self.chosen:
            yield say("puzzle", "no_entry", entry=self.entry, many=len(self.names))
        elif self.entry:
            yield say("puzzle", "entry", **self._entry())

    def _hints(self):
        puzzle = self.puzzle
        guilty, which = puzzle.right[puzzle.guilty - 1], np.flatnonzero(puzzle.differs)
        for hint in range(1, self.hint + 1):
            yield say("puzzle", "hint", hint=hint, wrong=len(which), many=len(self.names),
                      right=len(self.names) - len(which), entries=self._listed(which), layer=guilty.layer,
                      factor=guilty.kind)

    def table(self):
        """The entries: what the code says, and what a central difference says where it is asked for."""
        rows = [(name, with_sign(code, 4), with_sign(slope, 4) if asked else "–",
                 MARKS["differ" if differs else "agree"] if asked else "–")
                for name, code, slope, asked, differs in zip(self.names, *self.arrows[2:6], strict=True)]
        return (say("puzzle", "table", number=self.puzzle.number),
                ("entry", "this code", "central difference", "check"), rows)
