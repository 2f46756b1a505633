"""The slope by one weight as a reader wants it: line by line with numbers put in, and as a tree to unfold."""
import html
from dataclasses import dataclass

import numpy as np

from bpviz.base.result import ShowsItself
from bpviz.network.fit import Fit
from bpviz.symbolic.compare import compare_gradients
from bpviz.symbolic.gradient_table import GradientTable, captioned
from bpviz.symbolic.nudge import NUDGES, Nudge, nudged, sides_of_weight
from bpviz.symbolic.products import Products, alone, local_value
from bpviz.symbolic.speak import latex_name, name, step_latex, step_numbers, step_parts, term_latex
from bpviz.words.catalogue import Said, say
from bpviz.words.numbers import number, pretty


@dataclass(frozen=True, repr=False)
class Spelled(ShowsItself):
    """One weight's derivation with its numbers. lines: (LaTeX, numbers put in, value, reason, backward or not).

    tree: the same formulas, to unfold, as HTML.  roads: one for each path from the loss back to the weight,
    ((LaTeX of the place, of the factor, its value, product so far, names of what is there and in the factor), ...);
    their last products add up to the slope.
    nudge: the weight moved by as much as is asked.  others: by 0.01, 0.1 and 1.
    kink: (slope of the loss to the left of the weight, to the right), at a kink; else None.
    pieces: of each line its LaTeX in pieces with the names of what is in them (speak.py).
    products: what every slope is made of.
    """
    weight: str
    index: int
    lines: tuple
    value: float
    fit: Fit
    theta: np.ndarray
    gradients: GradientTable
    tree: str
    roads: tuple
    nudge: Nudge
    others: tuple
    pieces: tuple
    products: Products
    kink: tuple | None = None

    @property
    def words(self):
        row = self.gradients[self.index]
        backward = sum(line[4] for line in self.lines)
        return str(Said("chain_rule", (
            ("slope", {"weight": self.weight, "value": self.value, "backward": backward, **self.sides}),
            ("nudge", {"weight": self.weight, "by": self.nudge.by, "moved": self.nudge.moved, "kink": bool(self.kink),
                       "promised": self.nudge.promised, "broken": self.nudge.broken, "lost": self.nudge.lost}),
            ("three_ways", {"answer": row.answer, "error": row.error, "because": row.because}))))

    @property
    def sides(self):
        """The slopes on the two sides, as facts."""
        left, right = self.kink or (None, None)
        return {"left": left, "right": right, "one": left == right}

    @property
    def finding(self):
        """What is so now, the title of the picture."""
        return say("chain_rule", "finding", weight=self.weight, value=self.value, size=abs(self.value), **self.sides)

    @property
    def set_up(self):
        """The slope as a number, below the title."""
        return say("chain_rule", "set_up", weight=self.weight, value=self.value,
                   backward=sum(line[4] for line in self.lines))

    @property
    def set_up_and_roads(self):
        """The same, and how the picture below it is read."""
        return f"{self.set_up}. {say('chain_rule', 'ledger', roads=len(self.roads))}"

    def table(self):
        return captioned(self.gradients, say("chain_rule", "table"))


def spelled(chain, index, theta, tree, letters, by=NUDGES[0]):
    """The Spelled of weight number `index`, from 0, of the network of a Chain, at theta (P,), nudged by this much.

    letters: its ProductsOf.
    """
    weight, known = chain.fit.network.names[index], chain.values(theta)
    steps = chain.derivation(weight).steps
    pieces = tuple(step_parts(chain, step) for step in steps if step.of != chain.L)
    lines = tuple((step_latex(chain, step), step_numbers(chain, step, known), pretty(number(known[step.symbol])),
                   step.why, step.of is not None) for step in steps if step.of != chain.L)
    slope = known[steps[-1].symbol]
    kink = sides_of_weight(chain.fit, index, theta)
    one, *others = [nudged(chain.fit, index, theta, kink[each > 0] if kink else slope, each) for each in (by, *NUDGES)]
    return Spelled(weight, index, lines, slope, chain.fit, theta, compare_gradients(chain.fit, theta, chain), tree,
                   all_roads(chain, steps, known), one, tuple(others), pieces, letters.at([known]), kink)


def all_roads(chain, steps, known):
    """See Spelled.roads. steps: of the derivation of one weight.  known: {symbol: value}."""
    by = {step.symbol: step for step in steps if step.of is not None and step.of != chain.L}

    def back(s):
        """[[(step, slope before or None), ...]] from the loss to the slope s."""
        before = [each for each in by if each in by[s].formula.free_symbols]
        return [[*road, (by[s], one)] for one in before for road in back(one)] or [[(by[s], None)]]

    found = []
    for road in back(steps[-1].symbol):
        product, line = 1.0, []
        for step, before in road:
            value = local_value(step, before, by, known)
            product *= np.nan if value is None else float(value)
            factor = alone(step.shown, before, by)
            line.append((latex_name(chain, step.symbol), term_latex(chain, factor),
                         None if value is None else float(value), product,
                         (name(chain, step.symbol), " ".join(sorted(name(chain, s) for s in factor.free_symbols)))))
        found.append(tuple(line))
    return tuple(found)


def tree(chain, weight):
    """The derivation as a tree to unfold: each formula, and inside it the formulas of its parts."""
    leaves = {"w": "a weight", "x": "the input", "t": "the target"}

    def branch(s, opened):
        if s not in chain.steps:
            return (f'<li><span data-quantity="{name(chain, s)}">${latex_name(chain, s)}$ is '
                    f"{leaves[chain.pretty[s][0]]}</span></li>")
        step = chain.steps[s]
        parts = sorted(step.shown.free_symbols - {s}, key=list(chain.pretty).index, reverse=True)
        inside = "".join(branch(part, False) for part in parts if not (step.of is not None and part == chain.L))
        return (f"<li><details{' open' if opened else ''}><summary data-quantity=\"{name(chain, s)}\">"
                f"${step_latex(chain, step)}$ &nbsp; "
                f"<small>{html.escape(step.why)}</small></summary><ul>{inside}</ul></details></li>")

    goal = chain.d[chain.weights[chain.fit.network.index(weight)]]
    return (f'<details class="bpviz-tree"><summary><b>{say("chain_rule", "unfold")}</b></summary>'
            f"<ul>{branch(goal, True)}</ul></details>")
