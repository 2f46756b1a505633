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
        return _copied(self.begin(np.array(theta)))

    def step(self, theta, gradient, state, scale=1.0):
        ahead, state = self.advance(np.array(theta), np.array(gradient), _copied(state), self.rate * scale)
        return np.array(ahead, dtype=float), _copied(state)


def _copied(state):
    """The state, its arrays copied: what a function changes in place is its own, before and after."""
    return tuple(np.array(part) if np.ndim(part) else part for part in state)


def own_optimizer(begin, advance, rate=0.1, name=None):
    """An optimizer of two functions, for `descend`, `basins`, `bp.explore.basins` and whatever else takes one.

    begin: theta (P, ...) -> the state before the first step: a tuple of arrays shaped like theta, and of numbers.
    advance: (theta, gradient, state, rate) -> (the next theta, the next state), elementwise: theta is one network's
        (P,), or many networks' (P, N) at once. It is called at every step, on copies.
    rate: the learning rate; a schedule multiplies what `advance` is given, and `trainability` gives an array (P, N).
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
        if not all(_is_state(part, shape) for part in state):
            refuse("begin", begin, "allowed is a function that gives a tuple of arrays like theta, and of numbers")
        ahead, after = _tried("advance", advance, lambda theta=theta, state=state: made.step(theta, theta, state))
        if np.shape(ahead) != shape or [*map(np.shape, after)] != [*map(np.shape, state)]:
            refuse("advance", advance, "allowed is a function that keeps the shapes of theta and of its state")
    return made


def _called(function):
    """The function's name, cut to what menus have room for; a lambda has none."""
    name = getattr(function, "__name__", "").lstrip("_")
    return name[:LETTERS] if name.isidentifier() else UNNAMED


def _is_state(part, shape):
    """Whether it is numbers: one, one for each network of theta's shape, or one for each weight."""
    return np.shape(part) in ((), shape[1:], shape) and np.asarray(part).dtype.kind in "biuf"


def _tried(argument, function, call):
    try:
        with np.errstate(all="ignore"):
            return call()
    except Exception as error:
        refuse(argument, function, f"on two weights it failed with {type(error).__name__}: {str(error)[:200]}")
