"""Rows of inputs and targets, and the small sets of the course.

x  (n_in, rows)   y  (n_out, rows): a column is one example
"""
from dataclasses import dataclass, replace

import numpy as np

from bpviz.base.arguments import MOST_NUMBERS, Table, numeric, real, refuse, sequence, shown, switch, text, whole
from bpviz.base.refusals import listed
from bpviz.calculus.activations import ACTIVATIONS
from bpviz.network import columns
from bpviz.network.rows import as_rows
from bpviz.words.catalogue import say

MOST_TOLD = 8                            # columns whose mean and deviation are said


@dataclass(frozen=True, eq=False)
class Data:
    """Examples to learn from. Raises ValueError for other shapes, no rows, NaN or infinity.

    x: (n_in, rows), or (rows,) for one input.  y: (n_out, rows), or (rows,) for one output.
    name: what it is called in messages and pictures.  why: one sentence on what the set is there to show.
    classes: what the targets mean, where they are classes: two names for one output (0, 1), else one for each output.
    activation, rate: with which activation and learning rate of gradient descent the set shows what it is there to
    show, in the explorers that offer it; None where no choice is better than another.
    scaling: ((mean, standard deviation), ...) of each input where they were standardised, so that a new input is
    treated alike: (input - mean) / standard deviation; else ().

    Most courses hold their data the other way, an example a row: `Data.from_rows(X, y)` takes it so, and
    `Data.read("my.csv", inputs, targets)` the columns of a file or a data frame.
    """
    x: np.ndarray
    y: np.ndarray
    name: str = "data"
    why: str = ""
    classes: tuple = ()
    activation: str | None = None
    rate: float | None = None
    scaling: tuple = ()

    def __post_init__(self):
        for field in ("x", "y"):
            array = numeric(field, getattr(self, field))
            array = array[None] if array.ndim == 1 else array
            if array.ndim != 2 or 0 in array.shape:
                raise ValueError(f"{field}: got shape {array.shape}; allowed is (units, rows), neither of them 0")
            if array.size > MOST_NUMBERS:
                raise ValueError(f"{field}: got {array.size:,} numbers; allowed are at most {MOST_NUMBERS:,}")
            array = array.copy()
            array.flags.writeable = False
            object.__setattr__(self, field, array)
        for field in ("name", "why"):
            text(field, getattr(self, field), 1000)
        if self.x.shape[1] != self.y.shape[1]:
            if len(self.x) in self.y.shape and len(self.x) > 1:
                raise ValueError(f"x: got shape {self.x.shape} beside {len(self.x)} targets; allowed is (inputs, "
                                 "rows), an example a column: bp.Data.from_rows(x, y) takes an example a row")
            raise ValueError(f"y: got {self.y.shape[1]} rows; allowed are {self.x.shape[1]}, as many as x has")
        n = max(2, len(self.y))
        if not isinstance(self.classes, tuple) or len(self.classes) not in (0, n) or not all(
                isinstance(name, str) for name in self.classes):
            refuse("classes", self.classes, f"allowed is a tuple of {n} names, or ()")
        if self.activation is not None:
            ACTIVATIONS[self.activation]
        if self.rate is not None:
            object.__setattr__(self, "rate", real("rate", self.rate, 1e-9, 1e9))
        self._check_scaling()

    def _check_scaling(self):
        allowed = f"allowed are {len(self.x)} pairs (mean, standard deviation above 0), one for each input, or ()"
        pairs = sequence("scaling", self.scaling, allowed, len(self.x))
        if pairs and (len(pairs) != len(self.x) or not all(isinstance(pair, tuple | list) and len(pair) == 2
                                                           for pair in pairs)):
            refuse("scaling", self.scaling, allowed)
        object.__setattr__(self, "scaling", tuple((real("scaling", middle), real("scaling", width, above=0))
                                                  for middle, width in pairs))

    @classmethod
    def from_rows(cls, X, y, name="data", why="", *, classes=None):
        """Examples held the other way round, as in NumPy, scikit-learn and pandas: a row of X is an example.

        X: (rows, features), or (rows,) for one feature.  y: (rows,), or (rows, outputs) for several numbers a row.
        Targets that are words, True and False, or whole numbers (of a whole-number dtype) are *classes*, counted in
        sorted order: two become one output, 0 for the first and 1 for the second, as a sigmoid with binary
        cross-entropy wants them; three or more become one-hot, an output for each, for softmax cross-entropy. All
        other numbers stay as they are. `why` then says what became of the classes.
        classes: True, to read numbers such as 2.0 as classes too; False, to leave whole numbers as they are; or the
        classes in the order you want, of which some may have no row.  name, why: as in Data.
        A column of numbers (rows, 1) is read as (rows,). Anything that NumPy can make an array of will do.
        Raises ValueError for rows that are not as many, for missing values, and for classes that are too many.
        """
        x, y, names, done = as_rows(X, y, classes)
        return cls(x, y, name, " ".join(part for part in (text("why", why, 1000), done[:500]) if part), names)

    @classmethod
    def read(cls, source, inputs, targets, standardise=False, name=None, classes=None):
        """Columns of a file or a data frame as Data: bp.Data.read("my.csv", ["size", "rooms"], "price").

        source: the name of a csv file in UTF-8, the names of its columns in the first line, separated by commas,
            semicolons or tabs; or a data frame: anything with `columns` and `frame[name].to_numpy()`.
        inputs: names of the columns that are the inputs, in this order; None: all that are no targets.
        targets: the names of the targets. A single one may hold classes: words, whole numbers, True and False; what
            becomes of them see `from_rows`. Several are numbers, an output each.
        standardise: True, to take the mean from each input and divide by its standard deviation (over the rows, as
            NumPy's `std`); `scaling` holds both then, and `why` says them.
        name: what the data are called; None: as the file.  classes: as in `from_rows`.
        Raises ValueError for a file that cannot be read, an unknown column (near ones are named), a cell that is empty
        or no finite number (named by row, from 1 below the names, and column), and an input to be standardised that is
        the same in every row.
        """
        standardise = switch("standardise", standardise)
        X, y, names, called = columns.chosen(source, inputs, targets)
        why, scaling = "", ()
        if standardise:
            X, scaling = columns.standardised(X, names)
            told = [{"name": name, "middle": middle, "width": width}
                    for name, (middle, width) in list(zip(names, scaling, strict=True))[:MOST_TOLD]]
            why = say("data", "standardised", columns=told, more=len(names) - len(told))[:1000]
        try:
            made = cls.from_rows(X, y, called if name is None else name, why, classes=classes)
        except ValueError as error:
            raise ValueError(str(error).replace("y: ", "targets: ", 1) if str(error).startswith("y: ") else str(error)
                             ) from None
        return replace(made, scaling=scaling)

    @property
    def rows(self):
        return self.x.shape[1]

    def __repr__(self):
        classes = f", {'one-hot' if len(self.y) > 1 else '0 or 1'} for {listed(self.classes)}" if self.classes else ""
        scaled = ", inputs standardised" if self.scaling else ""
        return (f"Data({shown(self.name)}, {self.x.shape[0]} in, {self.y.shape[0]} out, {self.rows} rows{classes}"
                f"{scaled})")


def moons(rows=100, noise=0.1, seed=0):
    """Two half circles that reach into each other: (2, rows), targets 0 and 1. noise: standard deviation. seed: its.

    Source: the shapes of scikit-learn's make_moons.
    """
    rows, noise, seed = _checked(rows, noise, seed)
    turn = np.linspace(0, np.pi, -(-rows // 2))
    upper, lower = np.stack([np.cos(turn), np.sin(turn)]), np.stack([1 - np.cos(turn), 0.5 - np.sin(turn)])
    return _two_classes("moons", upper, lower, rows, noise, seed, (0.5, 0.25), "Two half circles: a line will not do.")


def circles(rows=100, noise=0.1, seed=0):
    """A circle around another of half its radius: (2, rows), targets 0 and 1. noise, seed: as in moons."""
    rows, noise, seed = _checked(rows, noise, seed)
    turn = np.linspace(0, 2 * np.pi, -(-rows // 2), endpoint=False)
    outer = np.stack([np.cos(turn), np.sin(turn)])
    return _two_classes("circles", outer, 0.5 * outer, rows, noise, seed, (0, 0), "One class around the other.")


def spiral(rows=100, noise=0.05, seed=0):
    """Two arms wound around each other one and a half times: (2, rows), targets 0 and 1.

    noise, seed: as in moons.
    Source: the two-spirals problem, Lang and Witbrock 1988.
    """
    rows, noise, seed = _checked(rows, noise, seed)
    along = np.linspace(0.1, 1, -(-rows // 2))
    arm = along * np.stack([np.cos(3 * np.pi * along), np.sin(3 * np.pi * along)])
    return _two_classes("spiral", arm, -arm, rows, noise, seed, (0, 0), "Two arms around each other: hard.")


def noisy_xor(rows=100, noise=0.1, seed=0):
    """Four clouds at the corners of a square, opposite ones alike: (2, rows), targets 0 and 1.

    noise, seed: as in moons.
    """
    rows, noise, seed = _checked(rows, noise, seed)
    corners = np.tile(np.array([[-0.7, 0.7], [-0.7, 0.7]]), -(-rows // 4))
    across = np.tile(np.array([[-0.7, 0.7], [0.7, -0.7]]), -(-rows // 4))
    return _two_classes("noisy xor", corners, across, rows, noise, seed, (0, 0), "Xor with many rows.")


def _checked(rows, noise, seed):
    return whole("rows", rows, 2, 10_000), real("noise", noise, 0, 1e6), whole("seed", seed, 0)


def _two_classes(name, first, second, rows, noise, seed, middle, why):
    """Rows of both classes in turn, moved to the middle, with normal noise of this standard deviation."""
    rng = np.random.default_rng(seed)
    x = np.stack([first, second], axis=2).reshape(2, -1)[:, :rows] - np.array(middle)[:, None]
    y = np.tile([0.0, 1.0], -(-rows // 2))[:rows]
    return Data(x + rng.normal(scale=noise, size=x.shape), y, name, why)


CLOUDS = Table("cloud", {"moons": moons, "circles": circles, "spiral": spiral, "noisy xor": noisy_xor})
DATA = Table("data set", {data.name: data for data in (
    Data([-1.5, -0.5, 1.5], [0.8, 0.4, 0.2], "seesaw",
         "Two minima of different depth: which one you reach depends on where you start.",
         activation="sigmoid", rate=20),
    Data([-10, -3, -0.5, 0.3], [0.6, 0.05, 0.3, 0.05], "trident",
         "Three minima; the deepest is so narrow that a large rate cannot settle in it.",
         activation="sigmoid", rate=2),
    Data([1.0], [1.0], "linear saddle",
         "With identity units the loss is (w1 w2 - 1)^2: one saddle, a valley of equally good minima, no trap.",
         activation="identity", rate=0.02),
    Data([2.0, -6.0], [0.7, 0.8], "plateaus",
         "One minimum, where both rows are right, and two plateaus without one: a large w1 saturates the first layer.",
         activation="sigmoid", rate=4),
    Data([[0.5], [0.1]], [0.6], "article",
         "The single example of the article: two inputs, one target, no bad minimum."),
    Data([[0.05], [0.1]], [[0.01], [0.99]], "two outputs",
         "One example with two targets, as in Mazur 2015, 'A step by step backpropagation example'."),
    Data([[0, 0, 1, 1], [0, 1, 0, 1]], [0, 1, 1, 0], "xor",
         "The smallest problem that one layer cannot solve."),
    Data([[0, 0, 1, 1], [0, 1, 0, 1]], [0.1, 0.9, 0.9, 0.1], "soft xor",
         "Xor with targets that a sigmoid can reach: its best weights are finite."),
    *(make() for make in CLOUDS.values()),
)})
