"""The output unit that a cross-entropy brings along, as stops of a walk: p = sigmoid(z), or p = softmax(z).

A softmax couples its units: p_k depends on every score z_j, with dp_k/dz_j = p_k ([k = j] - p_j). So dL/dz_j is a sum
over all k, and that sum comes to p_j - t_j (Bridle 1990; Bishop 2006, PRML, section 4.3.4, eq. 4.108).
"""
import re

import sympy
from sympy.core.parameters import distribute

from bpviz.symbolic.values import NUMBERS, value
from bpviz.words.catalogue import say


def answers(chain):
    """{symbol of an output's answer: (formula as it is shown, the same in exp alone)}; {} if the loss brings no unit.

    The symbols get their names from the chain.
    """
    network, record = chain.fit.network, chain.fit.loss_record
    if record.output is None:
        return {}
    layer, found = len(network.sizes) - 1, {}
    scores = [next(s for s, place in chain.pretty.items() if place == ("z", (layer, j + 1)))
              for j in range(network.n_out)]
    with distribute(False):
        for j, z in enumerate(scores, start=1):
            a = chain.named(f"a_{layer}_{j}", "a", layer, j)
            if record.output_name == "softmax":
                exact = sympy.exp(z) / sympy.Add(*map(sympy.exp, scores))
                shown = sympy.UnevaluatedExpr(exact)                   # one fraction, not a product
            else:
                shown, exact = sympy.Function(record.output_name)(z), 1 / (1 + sympy.exp(-z))
            found[a] = shown, exact
    return found


def answered(formulas, values):
    """{symbol: number} of the answers, by formulas of `answers`. values: {symbol: float}, the scores among them."""
    found = {}
    for a, (_, exact) in formulas.items():
        number = value(exact, {z: NUMBERS.mpf(values[z]) for z in exact.free_symbols})
        found[a] = float("nan") if number is None else float(number)
    return found


def powers(said):
    """The text with e^z for exp(z), which is shorter."""
    return re.sub(r"exp\(([^()]*)\)", r"e^\1", said)


def reason(chain, unit):
    """Why the slope by the score of output `unit` is answer less target, in words."""
    record = chain.fit.loss_record
    return say("derivation", "output_slope", softmax=record.output_name == "softmax", unit=unit)
