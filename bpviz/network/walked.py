"""The networks on which one training step is walked through, number by number, with data and weights of their own.

Used by the walk (explorers/backprop.py), by the exercises whose numbers it shows, and by the experiments of lesson 3.
"""
from dataclasses import dataclass

import numpy as np

from bpviz.base.arguments import Table
from bpviz.network.data import DATA, Data

DIGITS = 10                       # 0.1 + 0.2 is 0.3 here


@dataclass(frozen=True)
class Example:
    """data: the name of its data set.  hidden: the sizes of its hidden layers, as text, "2" or "2-2".

    theta: its weights, in the order of `Network.names`.
    """
    name: str
    data: str
    hidden: str
    bias: bool
    theta: tuple


EXAMPLES = Table("example", {example.name: example for example in (
    Example("article 2-2-1", "article", "2", True, (0.2, -0.4, 0.7, 0.1, 0.0, 0.0, 0.6, -0.9, 0.0)),
    Example("two weights 1-1-1", "seesaw", "1", False, (1.0, 2.0)),
    Example("two outputs 2-2-2", "two outputs", "2", True,              # Mazur 2015, A Step by Step Backpropagation
            (0.15, 0.25, 0.2, 0.3, 0.35, 0.35, 0.4, 0.5, 0.45, 0.55, 0.6, 0.6)),
    Example("xor 2-2-1, four rows", "xor", "2", True, (1.0, -1.5, -0.5, 1.2, 0.1, -0.2, 0.8, 1.1, -0.9)),
)})
WALKED = {example.data: example.theta for example in EXAMPLES.values()}


def moved(data, row, inputs, targets, loss):
    """The Data with one row moved: its inputs by `inputs` (n_in,), its targets by `targets` (n_out,).

    loss: a Loss record. The targets of a cross-entropy stay between 0 and 1; of two outputs of a softmax the second
    gets what the first leaves, so that they add up to 1.
    """
    x, y = data.x.copy(), data.y.copy()
    x[:, row], y[:, row] = np.round(x[:, row] + inputs, DIGITS), np.round(y[:, row] + targets, DIGITS)
    if loss.output is not None:
        y[:, row] = np.clip(y[:, row], 0, 1)
    if loss.output_name == "softmax" and len(y) == 2:
        y[-1, row] = np.round(1 - y[0, row], DIGITS)
    return Data(x, y, data.name)


def example_of(inputs):
    """(name of the example, row or None for all) whose data and weights these inputs are, rows first; None if none."""
    weights = [np.ravel(inputs[name]) for k in range(1, 9) for name in (f"W{k}", f"w{k}", f"b{k}") if name in inputs]
    for example in EXAMPLES.values() if weights and {"x", "t"} <= set(inputs) else ():
        data, theta = DATA[example.data], np.concatenate(weights)
        if not np.array_equal(theta, example.theta):
            continue
        x, t = np.ravel(inputs["x"]), np.ravel(inputs["t"])
        for row, columns in ((None, slice(None)), *((k, slice(k, k + 1)) for k in range(data.rows))):
            if np.array_equal(x, data.x[:, columns].T.ravel()) and np.array_equal(t, data.y[:, columns].T.ravel()):
                return example.name, row
    return None
