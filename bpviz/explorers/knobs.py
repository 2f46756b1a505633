"""The knobs of an explorer, as data: a number on a slider, a choice from a menu."""
from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np

from bpviz.base.arguments import Table, as_float, real, refuse, shown

EXACT = 2 ** 53                # up to which whole numbers are exact as floats
OWN = " (yours)"               # how the name of a learner's own thing ends in a menu


@dataclass(frozen=True)
class Slider:
    """A number on a slider. log: the slider moves in powers of ten; `step` is then in decades. whole: rounded.

    sets: {knob: value}, other sliders that go there whenever this one moves.
    rare: whether a panel folds it away under "more".
    """
    name: str
    label: str
    low: float
    high: float
    value: float
    step: float
    log: bool = False
    whole: bool = False
    tip: str = ""
    sets: dict = field(default_factory=dict)
    rare: bool = False

    def also(self, value):
        """What a move of this slider sets besides itself: {knob: value}."""
        return self.sets

    @property
    def digits(self):
        """How many significant digits the slider sets; 0 for whole numbers; None for multiples of `step`."""
        return 0 if self.whole else (3 if self.log else None)

    def slid(self, value, place):
        """The new value when the slider, told where to stand, says it stands at `place`; as in js/knobs.js."""
        measure = np.log10 if self.log else float
        if abs(measure(place) - measure(value)) < 0.51 * self.step:
            return value
        tidy = round(place) if self.whole else f"{place:.3g}" if self.log else round(round(place / self.step)
                                                                                     * self.step, 10)
        return min(self.high, max(self.low, int(tidy) if self.whole else float(tidy)))

    def check(self, value):
        """The value as this knob holds it, an int where it is whole; ValueError outside [low, high]."""
        if not self.whole:
            return real(self.name, value, self.low, self.high)
        number = as_float(value)
        if number is None or not self.low <= number <= self.high or number != round(number):
            refuse(self.name, value, f"allowed is a whole number from {self.low:g} to {self.high:g}")
        return int(number)

    def read(self, text):
        """The value from its text in a state string."""
        try:
            number = float(text)
            return self.check(int(number) if number.is_integer() and abs(number) < EXACT else number)   # 9, not 9.0
        except ValueError as error:
            if "got" in str(error):
                raise
            raise ValueError(f"{self.name}: got {shown(text)}; allowed is a number "
                             f"from {self.low:g} to {self.high:g}") from None

    @property
    def allowed(self):
        """Its range in words."""
        kind = "a whole number" if self.whole else "a number"
        return f"{kind} from {self.low:g} to {self.high:g}, at first {self.value:g}"

    @property
    def corners(self):
        return (self.low, self.value, self.high)


@dataclass(frozen=True)
class Menu:
    """A choice from a table of names.

    sets: {choice: {knob: value}}, other knobs that this choice sets too; the key None means any choice.
    own: whether an optimizer of the learner's own can stand in it, see Explorer.joined.
    scene: whether the scene depends on it. If not, `compute` alone reads it, and the picture stands while it changes.
    rare: whether a panel folds it away under "more".
    steers: names of knobs that its choice sets together with those of other menus, see Explorer.suits.
    formula: "activation" or "loss" where a formula of that kind can be typed, which then stands in the menu; or "".
    told: whether its only choice is told above the panel; it is in states then, and no widget is shown.
    """
    name: str
    label: str
    options: Callable
    value: str
    sets: dict = field(default_factory=dict)
    tip: str = ""
    own: bool = False
    scene: bool = True
    rare: bool = False
    formula: str = ""
    steers: tuple = ()
    told: bool = False

    def check(self, value):
        """The value, if it is one of the options; else a ValueError that tells the near miss."""
        options = tuple(self.options())
        try:
            Table(self.name, dict.fromkeys(options, True))[value]
        except ValueError as error:
            if self.formula and isinstance(value, str):
                raise ValueError(f"{error}, and one of your own formula, of which a state has but the name: type it "
                                 f"again, or bp.own_{self.formula}(formula, name)") from None
            if not self.own and not (isinstance(value, str) and value.endswith(OWN)):
                raise
            raise ValueError(f"{error}, and {'an optimizer' if self.own else 'one'} of your own, of which a state has "
                             f"but the name: give it too") from None
        return value

    read = check

    def also(self, choice):
        """What this choice sets besides itself: {knob: value}."""
        return {**self.sets.get(None, {}), **self.sets.get(choice, {})}

    @property
    def allowed(self):
        """Its choices in words, and which other knobs they move."""
        moved = dict.fromkeys([*(name for choice in self.sets.values() for name in choice), *self.steers])
        also = f"; a choice also sets {', '.join(moved)}" if moved else ""
        return f"one of {', '.join(map(repr, self.options()))}; at first {self.value!r}{also}"

    @property
    def corners(self):
        return tuple(self.options())
