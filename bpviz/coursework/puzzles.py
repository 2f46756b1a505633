"""Break-it: backward passes with one planted fault each, to be found from the numbers.

Each puzzle is the very code of network/backprop.py with one line changed. The three-column table
shows *where* the hand-written gradient leaves the other two; a proof names *what* is left over.
The same faults are planted in the pass written line by line for one network (line_by_line.py, random_puzzle.py).
"""
from dataclasses import dataclass
from functools import cached_property
from textwrap import fill, indent

import numpy as np

from bpviz.base.arguments import Table, refuse, whole
from bpviz.base.marks import marked, replaced, text_of
from bpviz.base.result import ShowsItself
from bpviz.network import backprop as right
from bpviz.network.data import Data
from bpviz.network.fit import Fit
from bpviz.network.shape import Network
from bpviz.symbolic.compare import compare_gradients
from bpviz.symbolic.gradient_table import MARKS
from bpviz.symbolic.prove import prove
from bpviz.words.catalogue import say

WIDE = 88                      # letters in a line: what a cell of a notebook on a small screen holds


@dataclass(frozen=True)
class Fault:
    """One changed line. mark: which (base/marks.py).  shows: what the three-column table looks like with it.

    kind: which kind of line it is in the pass written line by line (line_by_line.py).  written: that line, broken.
    """
    name: str
    mark: str
    broken: str
    shows: str
    kind: str
    written: str

    @property
    def line(self):
        """The right line, as it stands in network/backprop.py."""
        return marked(text_of(right.forward_and_backward), self.mark)


FAULTS = Table("fault", {fault.name: fault for fault in (
    Fault("missing slope", "delta", "delta.insert(0, passed_back)",
          "the last layer is right; before it every entry is several times too large, one even with the wrong sign",
          "delta", "d{k} = e{k}"),
    Fault("wrong sign", "error", "error = -loss.slope(xp, z[-1], a[-1], t) / rows",
          "every entry has the right size and the opposite sign: the network would climb",
          "error", "{s}{k} = {turned} / rows"),
    Fault("missing sum over paths", "passed back", 'passed_back = np.einsum("i...,r...->ir...", W[:, 0], delta[0][0])',
          "the last layer is right; before it only the path through the first unit counts",
          "passed back", "e{k} = W{n}[:, :1] @ d{n}[:1]"),
    Fault("factor 2", "error", "error = loss.slope(xp, z[-1], a[-1], t) / rows / 2",
          "every entry is exactly half: the 2 of (o - t)^2 was lost",
          "error", "{s}{k} = {halved} / rows"),
    Fault("transposed weights", "passed back", 'passed_back = np.einsum("oi...,or...->ir...", W, delta[0])',
          "the last layer is right; before it the wrong weights carry the slopes back",
          "passed back", "e{k} = W{n}.T @ d{n}"),
    Fault("slope at a instead of z", "delta",
          "delta.insert(0, passed_back * records[k - 1].slope(xp, a[k], records[k - 1].value(xp, a[k])))",
          "the last layer is right; before it each entry is off by a factor of its own, some hardly, one even in sign",
          "delta", "d{k} = e{k} * df{k}(a{k})"),
    Fault("bias forgotten", "slopes",
          'slopes = [(contract("ir...,or...->io...", a[k], delta[k]), 0 * delta[k].sum(axis=1))\n'
          "          for k in range(len(layers))]",
          "weights are right, every bias entry is 0",
          "bias", "db{k} = 0 * d{k}.sum(axis=1)"),
    Fault("summed instead of averaged", "error", "error = loss.slope(xp, z[-1], a[-1], t)",
          "every entry is too large by the number of rows",
          "error", "{s}{k} = {alone}"),
    Fault("z instead of a", "slopes",
          'slopes = [(contract("ir...,or...->io...", a[k] if k == 0 else z[k - 1], delta[k]), delta[k].sum(axis=1))\n'
          "          for k in range(len(layers))]",
          "biases and the first layer are right; later weights are too large, one even with the wrong sign",
          "weights", "dW{k} = z{p} @ d{k}.T"),
    Fault("output slope forgotten", "output slope", "error = error * 1",
          "every entry of every layer is too large, each by a factor of its own, one even with the wrong sign",
          "output slope", "d{k} = e{k}"),
    Fault("rows averaged twice", "slopes",
          'slopes = [(contract("ir...,or...->io...", a[k], delta[k]), delta[k].sum(axis=1) / rows)\n'
          "          for k in range(len(layers))]",
          "weights are right, every bias entry is too small by the number of rows",
          "bias", "db{k} = d{k}.mean(axis=1)"),
)})
ORDER = ("factor 2", "bias forgotten", "wrong sign", "missing slope", "summed instead of averaged",
         "missing sum over paths", "z instead of a", "transposed weights", "output slope forgotten",
         "slope at a instead of z")                       # mixed; a fault that is added comes after them
ORDER += tuple(name for name in FAULTS if name not in ORDER)


def broken_pass(fault):
    """forward_and_backward with the fault planted: the same source, one line changed, compiled again."""
    scope = dict(vars(right))
    exec(replaced(text_of(right.forward_and_backward), fault.mark, fault.broken), scope)       # our own lines only
    return scope["forward_and_backward"]


def example():
    """A network on which every fault shows: 2-2-2 with biases, three rows; its fit and its weights."""
    data = Data([[0.5, -1.0, 2.0], [0.1, 1.5, -0.5]], [[0.6, 0.1, 0.9], [0.2, 0.8, 0.4]], "puzzle")
    theta = np.array([0.2, -0.4, 0.7, 0.9, 0.1, -0.3, 0.6, -0.9, 1.1, 0.5, -0.2, 0.3])
    return Fit(Network((2, 2, 2), "sigmoid"), "squared error", data), theta


@dataclass(frozen=True, repr=False)
class Puzzle(ShowsItself):
    """A backward pass with one fault. Look at `compare()` and `prove()`, then give your `answer(...)`.

    number: which puzzle.
    """
    number: int

    @cached_property
    def _fault(self):
        return FAULTS[ORDER[self.number - 1]]

    @cached_property
    def one_pass(self):
        """The faulty forward_and_backward."""
        return broken_pass(self._fault)

    def compare(self, fit=None, theta=None):
        """The three-column table at theta (P,): a GradientTable, the middle column is the faulty one."""
        if fit is None:
            if theta is not None:
                refuse("fit", fit, "allowed is a Fit beside a theta, or neither")
            fit, theta = example()
        return compare_gradients(fit, theta, one_pass=self.one_pass)

    def prove(self, network=None, loss_name="squared error", rows=2):
        """{weight: residue} of the faulty pass; a residue that is not 0 says what is wrong."""
        return prove(Network((1, 2, 2)) if network is None else network, loss_name, rows, self.one_pass)

    def answer(self, name):
        """Is it this fault? A sentence. Raises ValueError for a name that is not in `bp.puzzles.faults`."""
        guess = FAULTS[name]
        if guess is self._fault:
            return (f"Right: {name}. The line was\n{indent(self._fault.broken, '    ')}\n"
                    f"and should be\n{indent(self._fault.line, '    ')}")
        return f"No: with {name!r}, {guess.shows}. Compare that with the table."

    @property
    def words(self):
        """What is asked, and the names an answer may have, in lines that a small screen holds."""
        return fill(say("results", "puzzle", number=self.number, faults=list(FAULTS)), WIDE)

    def table(self):
        """The three columns and whether they agree; by how much and why is in `compare()`."""
        compared = self.compare()
        caption, header, rows = compared.table()
        return caption, header, [(*row[:-1], MARKS[one.answer]) for row, one in zip(rows, compared, strict=True)]


class Puzzles:
    """All puzzles: `bp.puzzles[1]` to `bp.puzzles[11]`; `bp.puzzles.faults` are the possible answers."""
    faults = tuple(FAULTS)

    def __len__(self):
        return len(ORDER)

    def __getitem__(self, number):
        return Puzzle(whole("puzzle", number, 1, len(ORDER)))

    def __iter__(self):
        return (self[number] for number in range(1, len(ORDER) + 1))

    def __repr__(self):
        return f"{len(ORDER)} puzzles: bp.puzzles[1] to bp.puzzles[{len(ORDER)}], each with one fault"


puzzles = Puzzles()
