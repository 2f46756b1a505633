"""Random puzzles, one for each number: fault, network, loss, data and weights drawn at random, and one guilty line.

A draw is taken only if the fault shows: some entry of the gradient is off by two per cent and more, and every entry
is either clearly off or right to many digits. The other lines are right as they stand, so mending this one mends all.
"""
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from bpviz.base.arguments import whole
from bpviz.coursework.line_by_line import KINDS, CodeLine, lines_of, moved, reached, run, written
from bpviz.coursework.puzzles import FAULTS
from bpviz.network.data import Data
from bpviz.network.fit import Fit
from bpviz.network.shape import Network

LAST = 9999                                   # puzzles are numbered from 0 to here
SIZES = (1, 2, 1), (2, 2, 1), (1, 2, 2), (1, 3, 1), (2, 2, 2), (1, 2, 2, 1), (2, 2, 2, 1)
HIDDEN, OUTPUT = ("sigmoid", "tanh", "relu", "softplus"), ("sigmoid", "tanh", "identity")
LOSSES = "squared error", "squared error", "half squared error", "cross-entropy"
SEEN, SHARE, SAME = 0.002, 0.02, 1e-9         # off by so much, and by such a share; right to so much of the largest
NEAR_A_KINK, MOST_NOTHING = 0.05, 0.2         # pre-activations; the share of entries that are next to nothing
SMALLEST, LARGEST = 0.02, 8.0                 # the largest entry of each layer's weights, and of all


@dataclass(frozen=True, eq=False)
class RandomPuzzle:
    """One puzzle. theta: (P,).  fault: its name.  guilty: number of the wrong line, from 1.  right: the right lines.

    Two are equal if their numbers are: everything else follows from it.
    """
    number: int
    fit: Fit
    theta: np.ndarray
    fault: str
    guilty: int
    right: tuple

    @cached_property
    def lines(self):
        """The lines as the learner sees them: one is wrong."""
        line, fault = self.right[self.guilty - 1], FAULTS[self.fault]
        broken = CodeLine(line.kind, line.layer, written(self.fit, line.kind, line.layer, fault.written))
        return tuple(broken if k == self.guilty else one for k, one in enumerate(self.right, start=1))

    @cached_property
    def gradient(self):
        """(P,): what the lines give."""
        return run(self.fit, self.theta, [line.text for line in self.lines])

    @cached_property
    def differs(self):
        """(P,) booleans: which entries are wrong."""
        return np.abs(self.gradient - self.fit.gradient(self.theta)) > SAME * np.abs(self.gradient).max()

    @cached_property
    def reached(self):
        """Per line, (P,) booleans: which entries are made of what it finds."""
        return reached(self.fit, self.right)

    @cached_property
    def moved(self):
        """Per line, (P,) booleans: which entries a fault in it would show in, here."""
        return moved(self.fit, self.theta, self.right)

    def mended(self, number):
        """The gradient (P,) with the right line in the place of this one, all others as they are."""
        return run(self.fit, self.theta, [self.right[k].text if k == number - 1 else line.text
                                          for k, line in enumerate(self.lines)])

    def __eq__(self, other):
        return type(self) is type(other) and self.number == other.number

    def __hash__(self):
        return hash(self.number)


def random_puzzle(number):
    """The puzzle of a number from 0 to 9999: always the same one."""
    rng = np.random.default_rng([20, whole("puzzle", number, 0, LAST)])
    kind = list(KINDS)[rng.integers(len(KINDS))]            # else the first line would be guilty too often
    fault = str(rng.choice([fault.name for fault in FAULTS.values() if fault.kind == kind]))
    while True:
        drawn = _drawn(number, fault, rng)
        if drawn is not None and _shows(drawn):
            return drawn


def _drawn(number, fault, rng):
    """A network with data, weights and this fault in one of the lines where it can be; None if it can be in none."""
    sizes, loss = SIZES[rng.integers(len(SIZES))], str(rng.choice(LOSSES))
    hidden, out = str(rng.choice(HIDDEN)), str(rng.choice(OUTPUT))
    if loss == "cross-entropy":
        out = "sigmoid"                       # where the loss has its own output, this one is not used
    network = Network(sizes, (hidden,) * (len(sizes) - 2) + (out,), bias=bool(rng.random() < 0.75))
    rows = int(rng.integers(2, 4))
    x = np.round(rng.uniform(-2, 2, (sizes[0], rows)), 1)
    fit = Fit(network, loss, Data(x, _targets(rng, loss, out, sizes[-1], rows), "puzzle"))
    theta = np.round(rng.uniform(-1.5, 1.5, network.n_params), 1)
    right, kind = lines_of(fit), FAULTS[fault].kind
    where = [k for k, line in enumerate(right, start=1) if line.kind == kind and _can_be(fault, line.layer, sizes)]
    if not where or (theta == 0).any():
        return None
    return RandomPuzzle(number, fit, theta, fault, int(rng.choice(where)), right)


def _targets(rng, loss, out, units, rows):
    """Targets (units, rows) that such an output can be near to."""
    if loss == "cross-entropy":
        return np.eye(units)[:, rng.integers(units, size=rows)] if units > 1 else rng.integers(2, size=(1, rows)) * 1.0
    low = 0.1 if out == "sigmoid" else -0.9
    return np.round(rng.uniform(low, 0.9, (units, rows)), 1)


def _can_be(fault, layer, sizes):
    """Whether the broken line can be run in this layer: some ask for a square, or for a layer before."""
    square = sizes[layer] == sizes[layer + 1] if layer + 1 < len(sizes) else False
    return {"transposed weights": square, "z instead of a": layer > 1}.get(fault, True)


def _shows(puzzle):
    """Whether the fault is seen, and nowhere doubtful: see the head of this file."""
    fit, theta = puzzle.fit, puzzle.theta
    z, _, _ = fit.network.forward(theta, fit.data.x)
    if any(np.abs(pre).min() < NEAR_A_KINK for pre, name in zip(z, fit.network.activations, strict=True)
           if name == "relu"):
        return False
    right, found, off = fit.gradient(theta), puzzle.gradient, puzzle.differs
    apart, layers = np.abs(found - right), [W for W, _ in fit.network.layers(np.abs(right))]
    clear = (apart >= SEEN) & (apart >= SHARE * np.maximum(np.abs(right), np.abs(found))) & (np.abs(right) >= SEEN)
    alive = all(W.max() >= SMALLEST for W in layers) and np.mean(np.abs(right) < SEEN) <= MOST_NOTHING
    return bool(off.any() and clear[off].all() and alive and max(np.abs([right, found]).ravel()) <= LARGEST)
