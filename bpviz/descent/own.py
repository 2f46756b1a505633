"""An optimizer of one's own: two functions, which walk in every descent and map that takes an optimizer."""
import re
from collections.abc import Callable, Hashable
from dataclasses import dataclass

import numpy as np

from bpviz.base.arguments import refuse, text
from bpviz.descent.method import RATE, Optimizer, knob

UNNAMED, LETTERS = "my optimizer", 16            # as many as "gradient descent" has: menus and legends have room for it


@dataclass(frozen=True, repr=False)
class OwnOptimizer(Optimizer):
    """Made by `own_optimizer`, which says what its fields are."""
    begin: Callable
    advance: Callable
    rate: float = knob(0.1, **RATE)
    name: str = UNNAMED

    @property
    def inner(self):
        return tuple(f"state {k}" for k in range(1, 1 + len(self.start(np.zeros(1)))))

    def __repr__(self):
        functions = ", ".join(getattr(each, "__name__", "a function") for each in (self.begin, self.advance))
        return f"own_optimizer({functions}, rate={self.rate!r}, name={self.name!r})"

    def start(self, theta):
        return tuple(self.begin(theta))

    def step(self, theta, gradient, state, scale=1.0):
        ahead, state = self.advance(theta, gradient, state, self.rate * scale)
        return ahead, tuple(state)


def own_optimizer(begin, advance, rate=0.1, name=None):
    """An optimizer of two functions, for `descend`, `basins`, `bp.explore.basins` and whatever else takes one.

    begin: theta (P, ...) -> the state before the first step: a tuple of arrays shaped like theta, and of numbers.
    advance: (theta, gradient, state, rate) -> (the next theta, the next state), elementwise, nothing changed in place.
    rate: the learning rate; a schedule multiplies what `advance` is given.
    name: what it is called in menus and sentences, up to 16 letters, digits, spaces, _, + and -; None: as `advance` is.
    Raises ValueError for what is no function, or gives something else for two weights.

        bp.own_optimizer(lambda theta: (), lambda theta, gradient, state, rate: (theta - rate * np.sign(gradient), ()))
    """
    if name is not None and not re.fullmatch(r"[^\W_]([\w +-]*[\w+-])?", text("name", name, LETTERS)):
        refuse("name", name, "allowed are letters, digits, spaces, _, + and -, a letter or digit first")
    for argument, function in (("begin", begin), ("advance", advance)):
        if not callable(function) or isinstance(function, type) or not isinstance(function, Hashable):
            refuse(argument, function, "allowed is a function")
    made = OwnOptimizer(begin, advance, rate, name or _called(advance))
    for shape in ((2,), (2, 3)):
        theta = np.full(shape, 0.5)
        state = _tried("begin", begin, lambda theta=theta: made.start(theta))
        ahead, after = _tried("advance", advance, lambda theta=theta, state=state: made.step(theta, theta, state))
        if np.shape(ahead) != shape or [*map(np.shape, after)] != [*map(np.shape, state)]:
            refuse("advance", advance, "allowed is a function that keeps the shapes of theta and of its state")
    return made


def _called(function):
    """The function's name, cut to what menus have room for; a lambda has none."""
    name = getattr(function, "__name__", "").lstrip("_")
    return name[:LETTERS] if name.isidentifier() else UNNAMED


def _tried(argument, function, call):
    try:
        return call()
    except Exception as error:
        refuse(argument, function, f"on two weights it failed with {type(error).__name__}: {str(error)[:200]}")
