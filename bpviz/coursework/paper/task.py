"""A task for paper: its numbers, its text, every intermediate value; made so that it can be done by hand.

given      {name: number} of one student, few digits
working    ((what, value), ...) every value on the way, in the order in which one finds it; the key prints all
table      units are sigmoids, so the sheet has a table of them; what they hear lies in it, near one of its rows
"""
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

MOST_DRAWS = 20_000
TABLE = tuple(round(0.1 * k, 1) for k in range(21))          # of z; f(−z) is 1 − f(z)
NEAR = 0.012                                                 # from a row of the table


@dataclass(frozen=True)
class PaperTask:
    """One task.

    title: a few words.  draw: (rng) -> given.  text: (given) -> HTML.  working: (given) -> ((what, value), ...).
    asked: how many values of `working`, from its end, are asked for; the others are on the way.  space: cm to work in.
    points: in an exam.  fits: (given) -> whether these numbers do.  drawing: (given) -> SVG, or None.
    table: whether a table of the sigmoid is needed.
    """
    title: str
    draw: Callable
    text: Callable
    working: Callable
    asked: int = 1
    space: float = 5.0
    points: int = 4
    fits: Callable = lambda given: True
    drawing: Callable | None = None
    table: bool = False

    def given(self, rng):
        """Numbers that fit; ValueError where none are found, which is a fault of the task."""
        for _ in range(MOST_DRAWS):
            given = self.draw(rng)
            if self.fits(given):
                return given
        raise ValueError(f"draw: got no numbers for {self.title!r} that fit, in {MOST_DRAWS} draws; allowed is a task "
                         "that has some")


def pick(rng, *values):
    """One of these, as a plain number."""
    return values[int(rng.integers(len(values)))]


def tenths(rng, low, high, without=(0,)):
    """A number with one decimal from low to high, none of `without`."""
    while True:
        value = round(float(rng.integers(round(10 * low), round(10 * high) + 1)) / 10, 1)
        if value not in without:
            return value


def on_the_table(*heard):
    """Whether what sigmoids hear lies in the table, and so near a row that looking it up is enough."""
    heard = np.abs(np.array(heard, float))
    return bool((heard <= TABLE[-1]).all() and (np.abs(heard - heard.round(1)) <= NEAR).all())


def written(value):
    """A number as it stands on paper: at most four digits that count, a real minus."""
    if isinstance(value, str):
        return value
    value = float(value) or 0.0                              # no −0
    text = f"{value:.4g}" if abs(value) < 1000 else f"{value:,.0f}"
    return (f"{value:.6f}".rstrip("0") if "e" in text and abs(value) < 1 else text).replace("-", "−")


def signed(value):
    """A number in brackets where it is negative, as behind a times sign."""
    return f"({written(value)})" if value < 0 else written(value)


def d(top, below, k=""):
    """A partial derivative as HTML: d("L", "w", "1")."""
    return f"∂{top}/∂{below}" + (f"<sub>{k}</sub>" if k else "")


def v(letter, k):
    """A letter with an index."""
    return f"{letter}<sub>{k}</sub>"
