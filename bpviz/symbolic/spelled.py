"""The slope by one weight as a reader wants it: line by line with numbers put in, and as a tree to unfold."""
import html
from dataclasses import dataclass

import numpy as np

from bpviz.base.result import ShowsItself
from bpviz.network.fit import Fit
from bpviz.symbolic.compare import compare_gradients
from bpviz.symbolic.gradient_table import GradientTable, captioned
from bpviz.symbolic.speak import latex_name, step_latex, step_numbers
from bpviz.words.catalogue import Said, say
from bpviz.words.numbers import number, pretty


@dataclass(frozen=True, repr=False)
class Spelled(ShowsItself):
    """One weight's derivation with its numbers. lines: (LaTeX, numbers put in, value, reason, backward or not).

    tree: the same formulas, to unfold, as HTML.
    """
    weight: str
    index: int
    lines: tuple
    value: float
    fit: Fit
    theta: np.ndarray
    gradients: GradientTable
    tree: str

    @property
    def words(self):
        row = self.gradients[self.index]
        backward = sum(line[4] for line in self.lines)
        return str(Said("chain_rule", (
            ("slope", {"weight": self.weight, "value": self.value, "backward": backward}),
            ("three_ways", {"answer": row.answer, "error": row.error, "because": row.because}))))

    def table(self):
        return captioned(self.gradients, say("chain_rule", "table"))


def spelled(chain, index, theta, tree):
    """The Spelled of weight number `index`, from 0, of the network of a Chain, at theta (P,)."""
    weight, known = chain.fit.network.names[index], chain.values(theta)
    steps = chain.derivation(weight).steps
    lines = tuple((step_latex(chain, step), step_numbers(chain, step, known), pretty(number(known[step.symbol])),
                   step.why, step.of is not None) for step in steps if step.of != chain.L)
    return Spelled(weight, index, lines, known[steps[-1].symbol], chain.fit, theta,
                   compare_gradients(chain.fit, theta, chain), tree)


def tree(chain, weight):
    """The derivation as a tree to unfold: each formula, and inside it the formulas of its parts."""
    leaves = {"w": "a weight", "x": "the input", "t": "the target"}

    def branch(s, opened):
        if s not in chain.steps:
            return f"<li>${latex_name(chain, s)}$ is {leaves[chain.pretty[s][0]]}</li>"
        step = chain.steps[s]
        parts = sorted(step.shown.free_symbols - {s}, key=list(chain.pretty).index, reverse=True)
        inside = "".join(branch(part, False) for part in parts if not (step.of is not None and part == chain.L))
        return (f"<li><details{' open' if opened else ''}><summary>${step_latex(chain, step)}$ &nbsp; "
                f"<small>{html.escape(step.why)}</small></summary><ul>{inside}</ul></details></li>")

    goal = chain.d[chain.weights[chain.fit.network.index(weight)]]
    return f'<div class="bpviz-tree"><b>{say("chain_rule", "unfold")}</b><ul>{branch(goal, True)}</ul></div>'
