"""The steps back through a network, each as one line of NumPy in learners' notation, and what a line gives.

names    {name: array}, what a line may use: inputs, forward values, parts
"""
from dataclasses import dataclass
from functools import cached_property, lru_cache

import numpy as np

from bpviz.base.arguments import Table


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


SCOPE = {"np": np, "sigmoid": sigmoid}                     # what a line may use beside its names


@lru_cache(maxsize=4096)
def compiled(line):
    return compile(line, "<line>", "eval")


def value(line, names):
    """What one line of NumPy gives with these names; None where shapes do not fit or a name is None. Own lines only."""
    try:
        with np.errstate(all="ignore"):
            return np.asarray(eval(compiled(line), SCOPE, names), dtype=float)
    except (ValueError, IndexError, TypeError, AttributeError):
        return None


@dataclass(frozen=True)
class Unit:
    """How a unit answers and its slope, as lines. looks: slopes that learners take for it, {operator: line}."""
    answer: str
    slope: str
    looks: dict


UNITS = Table("unit", {
    "sigmoid": Unit("sigmoid({z})", "{a} * (1 - {a})", {
        "slope at a": "sigmoid({a}) * (1 - sigmoid({a}))", "slope at z": "{z} * (1 - {z})", "answer for slope": "{a}",
        "1 - a": "(1 - {a})", "tanh's slope": "(1 - {a} ** 2)", "relu's slope": "({z} > 0)"}),
    "tanh": Unit("np.tanh({z})", "(1 - {a} ** 2)", {
        "slope at a": "(1 - np.tanh({a}) ** 2)", "slope at z": "(1 - {z} ** 2)", "answer for slope": "{a}",
        "1 - a": "(1 - {a})", "sigmoid's slope": "{a} * (1 - {a})", "relu's slope": "({z} > 0)"}),
    "relu": Unit("np.maximum({z}, 0)", "({z} > 0)", {
        "answer for slope": "{a}", "sigmoid's slope": "{a} * (1 - {a})", "tanh's slope": "(1 - {a} ** 2)"}),
    "identity": Unit("1 * {z}", "1", {
        "answer for slope": "{a}", "sigmoid's slope": "{a} * (1 - {a})", "tanh's slope": "(1 - {a} ** 2)",
        "relu's slope": "({z} > 0)"}),
})
RIGHT = {"loss": "2 * ({out} - {target}){mean}", "slope": "{back} * {slope}", "weights": "{incoming}.T @ {back}",
         "bias": "{back}.sum(axis=0)", "back": "{back} @ {W}.T", "weight": "{back} * {incoming}",
         "through": "{back} * {W}", "bias of one": "{back}"}


@dataclass(frozen=True)
class Edge:
    """One step back. part: "dW2".  kind: a key of RIGHT.  shape: "h o", "" for one number.  roles: who plays what."""
    part: str
    kind: str
    shape: str
    roles: dict

    @cached_property
    def line(self):
        """The reference: the part as one line of NumPy."""
        return RIGHT[self.kind].format(**self.roles)

    @property
    def needs(self):
        """The part that it is found from, or None at the loss."""
        return self.roles.get("back")
