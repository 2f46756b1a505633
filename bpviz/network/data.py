"""Rows of inputs and targets, and the small sets of the course.

x  (n_in, rows)   y  (n_out, rows): a column is one example
"""
from dataclasses import dataclass

import numpy as np

from bpviz.calculus.arguments import Table, numeric


@dataclass(frozen=True, eq=False)
class Data:
    """Examples to learn from. Raises ValueError for other shapes, no rows, NaN or infinity.

    x: (n_in, rows), or (rows,) for one input.  y: (n_out, rows), or (rows,) for one output.
    why: one sentence on what the set is there to show.
    """
    x: np.ndarray
    y: np.ndarray
    name: str = "data"
    why: str = ""

    def __post_init__(self):
        for field in ("x", "y"):
            array = numeric(field, getattr(self, field))
            array = array[None] if array.ndim == 1 else array
            if array.ndim != 2 or 0 in array.shape:
                raise ValueError(f"{field}: got shape {array.shape}; allowed is (units, rows), neither of them 0")
            array = array.copy()
            array.flags.writeable = False
            object.__setattr__(self, field, array)
        if self.x.shape[1] != self.y.shape[1]:
            raise ValueError(f"y: got {self.y.shape[1]} rows; allowed are {self.x.shape[1]}, as many as x has")

    @property
    def rows(self):
        return self.x.shape[1]

    def __repr__(self):
        return f"Data({self.name!r}, {self.x.shape[0]} in, {self.y.shape[0]} out, {self.rows} rows)"


DATA = Table("data set", {data.name: data for data in (
    Data([-1.5, -0.5, 1.5], [0.8, 0.4, 0.2], "seesaw",
         "Two minima of different depth: which one you reach depends on where you start."),
    Data([-10, -3, -0.5, 0.3], [0.6, 0.05, 0.3, 0.05], "trident",
         "Three minima; the deepest is so narrow that a large rate cannot settle in it."),
    Data([1.0], [1.0], "linear saddle",
         "With identity units the loss is (w1 w2 - 1)^2: one saddle, a valley of equally good minima, no trap."),
    Data([[0.5], [0.1]], [0.6], "article",
         "The single example of the article: two inputs, one target, no bad minimum."),
    Data([[0.05], [0.1]], [[0.01], [0.99]], "two outputs",
         "One example with two targets, as in Mazur 2015, 'A step by step backpropagation example'."),
    Data([[0, 0, 1, 1], [0, 1, 0, 1]], [0, 1, 1, 0], "xor",
         "The smallest problem that one layer cannot solve."),
)})
