"""A map of basins of attraction: which start ends in which minimum, and what share of them.

Made by landscape/basins.py; drawn by bp.picture.basins.
"""
from dataclasses import dataclass, field

import numpy as np

from bpviz.base.arguments import real, whole
from bpviz.base.records import checked_fields
from bpviz.base.result import Drawn
from bpviz.descent import optimizers
from bpviz.descent.settle import AWAY, NEAR, NOWHERE, near
from bpviz.landscape.attractors import Attractors
from bpviz.landscape.planes import Plane
from bpviz.words.catalogue import Said
from bpviz.words.numbers import share, share1, tidy

SAME_FLOOR = 1e-6              # floors of valleys whose losses differ by less are one


@dataclass(frozen=True, eq=False, repr=False)
class Basins(Drawn):
    """A map of starts. label, steps: (rows, columns), row = second coordinate of the plane, column = first.

    minima: the Attractors that labels count, lowest loss first.  optimizer, asked: which, and how many steps it had.
    steps: checks (multiples of 16) until it was there for good; interpolated where a cell was not descended.
    descended: (rows, columns) booleans.
    share: how much of the work is done, 0 to 1.  exact: every cell descended in full.  notes: what went wrong on the
    way and was mended, in words.
    probed, elsewhere: how many cells that had been filled were drawn at random and descended too, and how many of these
    ended elsewhere than filled; only of a finished map of an optimizer that hovers.
    """
    plane: Plane
    optimizer: object
    label: np.ndarray
    steps: np.ndarray
    descended: np.ndarray
    minima: Attractors
    asked: int
    share: float = 1.0
    exact: bool = False
    notes: tuple = field(default=())
    probed: int = 0
    elsewhere: int = 0
    drawn = "basins"

    def __post_init__(self):
        checked_fields(self)
        optimizers.checked(self.optimizer)
        if not self.label.shape == self.steps.shape == self.descended.shape:
            raise ValueError(f"Basins: got label {self.label.shape}, steps {self.steps.shape}; allowed is one shape")

    @property
    def known(self):
        """(rows, columns) booleans: the cells that count. All of a finished map, else those that were descended."""
        return self.descended if self.share < 1 else np.ones(self.label.shape, bool)

    @property
    def count(self):
        """How many cells count so far."""
        return int(self.known.sum())

    @property
    def rough(self):
        """Whether shares are rough: of a finished map of an optimizer that hovers, filled; `probed` says how rough."""
        return self.share == 1 and self.optimizer.hovers > 0 and not bool(self.descended.all())

    @property
    def doubt(self):
        """The sentence that says how rough shares are, as a list of it: ((name, facts),), or () where they are not."""
        return (("rough", {"probed": self.probed, "elsewhere": self.elsewhere}),) if self.rough else ()

    def part(self, label):
        """The share of the cells with this label, of those known so far; 0 while there are none."""
        label = whole("label", label, AWAY, len(self.minima) - 1)
        return float((self.label[self.known] == label).mean()) if self.count else 0.0

    def at(self, s, t):
        """The label of the cell nearest to origin + s first + t second of the plane."""
        s, t = real("s", s), real("t", t)
        column, row = (int(np.abs(axis - value).argmin()) for axis, value in zip(self.plane.axes, (s, t), strict=True))
        return int(self.label[row, column])

    def name(self, label):
        """The name of a label: a letter, "nowhere" or "away"."""
        label = whole("label", label, AWAY, len(self.minima) - 1)
        return {NOWHERE: "nowhere", AWAY: "away"}.get(label) or self.minima.names[label]

    @property
    def words(self):
        """The verdict: what share of the starts ends where."""
        labels = [*range(len(self.minima)), NOWHERE, AWAY]
        kind, loss = [*self.minima.kind, None, None], [*self.minima.loss, None, None]
        ends = [{"name": self.name(label), "kind": kind[k], "loss": loss[k], "part": self.part(label)}
                for k, label in enumerate(labels) if self.part(label)]
        here = "basins", {"starts": self.count, "finished": self.share == 1, "ends": ends}
        reach = near(self.optimizer)
        within = [("within", {"reach": reach})] if self.count and reach > NEAR else []
        return str(Said("results", (here, *within, *self.doubt)))

    def table(self):
        labels = [*range(len(self.minima)), NOWHERE, AWAY]
        kinds = [*self.minima.kind, "settled", "ran"]
        losses = [*map(tidy, self.minima.loss), "", ""]
        steps = [f"{np.median(self.steps[self.known & (self.label == label)]):,.0f}" if label >= 0 and self.part(label)
                 else "" for label in labels]
        return ("Where the starts end", ("name", "kind", "loss", "share of the starts", "median steps"),
                [(self.name(label), kind, loss, share1(self.part(label)), step) for label, kind, loss, step in
                 zip(labels, kinds, losses, steps, strict=True) if self.part(label)])

    def __repr__(self):
        rows, columns = self.label.shape
        how = "exact, every cell" if self.exact else f"fast, {share(self.descended.mean())} of the cells"
        return "\n".join([f"Basins of {rows} x {columns} starts ({how} descended), at most {self.asked:,} steps of "
                          f"{self.optimizer!r}", self.words, *self.notes])


def in_the_names_of(minima, other):
    """The labels of another map, as if numbered by these minima; those that these have not come after them."""
    place = np.arange(len(other.minima)) + len(minima)
    for k in range(len(other.minima)):
        same = np.linalg.norm(minima.theta - other.minima.theta[:, [k]], axis=0) < NEAR
        if not other.minima.isolated[k]:
            same = ~minima.isolated & (np.abs(minima.loss - other.minima.loss[k]) < SAME_FLOOR)
        if same.any():
            place[k] = np.flatnonzero(same)[0]
    return np.append(place, [AWAY, NOWHERE])[other.label]


def differing(one, other):
    """Booleans: the cells of two maps of one plane that end in different minima, as far as both were descended."""
    theirs, both = in_the_names_of(one.minima, other), np.ones(one.label.shape, bool)
    for each in (one, other):
        both &= each.descended | (each.share == 1)
    return (one.label != theirs) & (one.label >= 0) & (theirs >= 0) & both
