"""A curve that a learner draws, judged by its shape and not by its pixels: where it falls, rises, turns and ends.

heights  the curve on an even grid over x, shape (n,)
moves    "falls", "rises", in order, small wiggles left out
share    of the height of the right curve, or of the width of the picture
"""
import inspect
from dataclasses import dataclass, field, replace
from types import FunctionType

import numpy as np

from bpviz.base.arguments import as_float, refuse
from bpviz.coursework.exercise import NOT_ATTEMPTED, Judgement
from bpviz.coursework.kinds import reading

LISTS = (list, tuple, np.ndarray)
COVERED = 0.9                           # share of the width that must be drawn
FLATTEST, STEEPEST = 0.6, 1.7           # a curve from its lowest to its highest, beside the right one
THIRDS = ("on the left", "in the middle", "on the right")


def moves(heights, step):
    """(moves, turns): the moves of more than `step`, and the indices where one becomes another."""
    found, turns, low, high = [], [], 0, 0
    for k, height in enumerate(heights):
        low, high = (k if height < heights[low] else low), (k if height > heights[high] else high)
        if found[-1:] != ["rises"] and height - heights[low] > step:
            turns += [low] if found else []
            found, high = [*found, "rises"], k
        elif found[-1:] != ["falls"] and heights[high] - height > step:
            turns += [high] if found else []
            found, low = [*found, "falls"], k
    return tuple(found), tuple(_middle(heights, turn) for turn in turns)


def _middle(heights, k):
    """The middle of the level stretch on which k lies, as where a drawing was cut off at the edge of its picture."""
    last = k
    while last + 1 < len(heights) and heights[last + 1] == heights[k]:
        last += 1
    return (k + last) // 2


def in_words(found):
    """What a curve does: "falls all the way", "falls, then rises"."""
    if not found:
        return "stays level"
    return f"{found[0]} all the way" if len(found) == 1 else ", then ".join(found)


@dataclass(frozen=True)
class Curve:
    """An answer that is a curve. x, y: (low, high), the picture's ranges.  across, up: what is measured along them.

    tolerance: how far heights may be off, as a share of the right curve's height.  place: how far the turns may be off,
    as a share of the width.  n: how many columns the picture has.
    beliefs: {key of a verdict: the misconception that it shows}.
    Read: heights drawn from left to right, points (x, y), something with `.points` (a sketch).
    """
    x: tuple
    y: tuple
    across: str = "x"
    up: str = "y"
    tolerance: float = 0.2
    place: float = 0.12
    n: int = 97
    beliefs: dict = field(default_factory=dict)

    wants = "a curve: heights from left to right, points (x, y), or a sketch"

    @property
    def grid(self):
        """The places (n,) where heights are compared."""
        return np.linspace(*self.x, self.n)

    def read(self, answer):
        """The heights (n,) of a drawn curve, cut off where the picture ends; ValueError for what is none."""
        drawn = answer if type(answer) in LISTS else reading.part(answer, "points")
        if type(drawn) not in LISTS or (type(drawn) is np.ndarray and not drawn.ndim) or (
                len(drawn) > reading.MOST_ITEMS):
            refuse("answer", answer, f"allowed is {self.wants}")
        array = drawn if type(drawn) is np.ndarray else self._array(drawn)
        if array.dtype.kind not in "fiu" or not (array.ndim == 1 or array.shape[1:] == (2,)):
            refuse("answer", answer, f"allowed is {self.wants}")
        array = array.astype(float)
        places, heights = (np.linspace(*self.x, len(array)), array) if array.ndim == 1 else array.T
        known = np.isfinite(places) & np.isfinite(heights)
        places, heights = places[known], heights[known]
        width = self.x[1] - self.x[0]
        if len(places) < 2 or not places.min() <= self.x[0] + (1 - COVERED) * width or (
                not places.max() >= self.x[1] - (1 - COVERED) * width):
            raise ValueError(f"answer: got a curve that does not reach from side to side; allowed is one from "
                             f"{self.across} {self.x[0]:g} to {self.x[1]:g}")
        order = np.argsort(places, kind="stable")
        return np.clip(np.interp(self.grid, places[order], heights[order]), *self.y)

    def _array(self, answer):
        """A list of numbers, or of pairs of numbers; None and nan stand for what was not drawn."""
        rows = [reading.items(row, self.wants, 2) if type(row) in LISTS else row for row in answer]
        every = [part for row in rows for part in (row if isinstance(row, list) else [row])]
        if any(part is not None and (not reading.plain(part) or type(part) is str) for part in every):
            refuse("answer", answer, f"allowed is {self.wants}")
        if len({len(row) if isinstance(row, list) else 0 for row in rows}) != 1:
            refuse("answer", answer, f"allowed is {self.wants}")
        width = len(rows[0]) if rows and isinstance(rows[0], list) else None
        heights = np.array([np.nan if part is None else as_float(part) for part in every])
        return heights.reshape(-1, width) if width else heights

    def read_by_running(self, function, run):
        """The heights (n,) of a function of one argument, run apart; or the verdict where it did not run."""
        names = list(inspect.signature(function).parameters) if type(function) is FunctionType else []
        name = names[0] if names else "x"
        outcome = run(function, [{name: float(x)} for x in self.grid])
        if outcome.kind == "not attempted":
            return replace(NOT_ATTEMPTED, words=outcome.said or NOT_ATTEMPTED.words)
        if outcome.kind:
            return Judgement("wrong", outcome.said, outcome.kind)
        heights = [one.item() if type(one) is np.ndarray and one.size == 1 else one for one in outcome.results]
        if not all(reading.plain(one) and type(one) is not str for one in heights):
            raise ValueError("answer: got a function that does not return one number; allowed is one that does")
        return self.read(heights)

    def compare(self, answer, truth):
        """The verdict on a curve `answer` beside `truth`, both as `read` takes them; its words tell no heights."""
        theirs, right = self.read(answer), self.read(truth)
        height = np.ptp(right) or self.y[1] - self.y[0]
        (mine, my_turns), (best, turns) = (moves(heights, self.tolerance / 2 * height) for heights in (theirs, right))
        if mine != best:
            key = f"shape: {in_words(mine)}"
            return Judgement("wrong", f"Yours {in_words(mine)}; the right curve does not.", key,
                           misconception=self.beliefs.get(key, ""))
        for my_turn, turn in zip(my_turns, turns, strict=True):
            if abs(my_turn - turn) > self.place * self.n:
                side = "left" if my_turn < turn else "right"
                return Judgement("wrong", f"The shape is right: it {in_words(mine)}. It turns too far {side}.",
                               f"turns too far {side}")
        off = (theirs - right) / height
        for k, where in ((0, "starts"), (-1, "ends")):
            if abs(off[k]) > self.tolerance:
                side = "high" if off[k] > 0 else "low"
                return Judgement("wrong", f"The shape is right: it {in_words(mine)}. It {where} too {side}.",
                               f"{where} too {side}")
        for part, where in zip(np.array_split(off, 3), THIRDS, strict=True):
            if abs(part.mean()) > self.tolerance:
                side = "high" if part.mean() > 0 else "low"
                return Judgement("wrong", f"It {in_words(mine)}, as it should; {where} it is too {side}.",
                               f"too {side} {where}")
        if best and not FLATTEST < np.ptp(theirs) / height < STEEPEST:
            flat = np.ptp(theirs) < height
            return Judgement("wrong", f"It {in_words(mine)}, as it should; but it does not go "
                             f"{'far enough' if flat else 'so far'} up and down.", "too flat" if flat else "too steep")
        return Judgement("right", f"Yes: it {in_words(mine)}, as it should.")

    def far(self, one, other):
        """Whether two curves are so different that no answer is taken for both."""
        return self.compare(one, other).status == "wrong"

    def code(self, truth):
        """A curve as it may be typed: thirteen points."""
        heights = self.read(truth)[::8]
        points = zip(self.grid[::8], heights, strict=True)
        return "[" + ", ".join(f"({x:.3g}, {y:.3g})" for x, y in points) + "]"
