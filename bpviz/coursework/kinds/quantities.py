"""A choice, a number, a curve: what predictions and exercises ask for.

`Choice`, `Number` and `Curve` say what an answer may look like and how it is compared; `Quantity` makes an exercise of
one, with numbers of its own for each copy and the slips that are known:

    Quantity("my_slope", Number(), draw=lambda rng: {"a": rng.integers(2, 8) / 10},
             truth=lambda given: given["a"] * (1 - given["a"]),
             slips=(Slip("1 - a squared", lambda right, given: 1 - given["a"] ** 2, "That is the slope of tanh."),
                    *usual("sign")))
"""
import inspect
import math
import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from string import ascii_lowercase

from bpviz.base.arguments import refuse
from bpviz.coursework.exercise import NOT_ATTEMPTED, Judgement, Mutant
from bpviz.coursework.kinds import reading
from bpviz.coursework.kinds.curve import Curve as Curve
from bpviz.coursework.kinds.runnable import filled

MOST_DRAWS = 1000                       # until a copy's numbers keep all slips apart
APART = 3                               # times the tolerance


@dataclass(frozen=True)
class Choice:
    """An answer that is one of a few. options: the texts, or (text, misconception), or (text, misconception, what is
    said to whoever chooses it).

    Read: the letter, "b", or the text; a number 1, 2, ... too.
    """
    options: tuple

    def __post_init__(self):
        object.__setattr__(self, "options", tuple(
            (*((one,) if isinstance(one, str) else one), "", "")[:3] for one in self.options))

    @property
    def texts(self):
        """The texts of the options, in order."""
        return tuple(text for text, _, _ in self.options)

    @property
    def wants(self):
        """What may be handed in, in words."""
        return f"one of the letters {', '.join(ascii_lowercase[:len(self.options)])}, or the text of an option"

    def read(self, answer):
        """The text of the chosen option; ValueError for what is none of them."""
        if reading.plain(answer) and type(answer) is not str:
            k = int(answer) if answer in range(1, len(self.options) + 1) else 0
        else:
            words = " ".join(reading.text(answer, self.wants).casefold().split())
            words = re.sub(r"^\(?([a-z])[).:] (?=.)", "", words).rstrip(".")      # "c) the text." as the prompt has it
            letter = words.strip("().: ")
            k = ascii_lowercase.find(letter) + 1 if len(letter) == 1 else 0
            k = {" ".join(text.translate(reading.SIGNS).casefold().split()).rstrip("."): j
                 for j, text in enumerate(self.texts, 1)}.get(words, k)
        if not 1 <= k <= len(self.options):
            refuse("answer", answer, f"allowed is {self.wants}")
        return self.texts[k - 1]

    def compare(self, answer, truth):
        """The verdict on a choice beside the right one."""
        mine, right = self.read(answer), self.read(truth)
        if mine == right:
            return Judgement("right", "Yes.")
        _, misconception, says = self.options[self.texts.index(mine)]
        return Judgement("wrong", says or "Not that one.", f"chose {self.letter(mine)}", misconception=misconception)

    def letter(self, text):
        """The letter of an option, "b"."""
        return ascii_lowercase[self.texts.index(text)]

    def far(self, one, other):
        """Whether two answers are different options."""
        return self.read(one) != self.read(other)

    def code(self, truth):
        """A choice as it may be typed."""
        return repr(self.letter(self.read(truth)))


@dataclass(frozen=True)
class Number:
    """An answer that is a number. low, high: where it must lie to be an answer at all.  tolerance: relative.

    absolute: what it may be off in any case.  whole: only whole numbers, exactly.  unit: "%" or "steps", which may be
    written behind it.
    """
    low: float = -1e9
    high: float = 1e9
    tolerance: float = 0.01
    absolute: float = 0.0
    whole: bool = False
    unit: str = ""

    @property
    def wants(self):
        """What may be handed in, in words."""
        ends = "" if (self.low, self.high) == (-1e9, 1e9) else f" from {self.low:g} to {self.high:g}"
        return f"a {'whole ' if self.whole else ''}number{ends or (' such as 12' if self.whole else ' such as 0.25')}"

    def read(self, answer):
        """The number, a float; ValueError for what is none or lies outside."""
        bare = answer
        if type(answer) is str and self.unit and answer.strip().endswith(self.unit):
            bare = answer.strip()[:-len(self.unit)].rstrip()
        value = reading.number(bare, self.wants)
        if not self.low <= value <= self.high or (self.whole and value != round(value)):
            refuse("answer", answer, f"allowed is {self.wants}")
        return value

    def near(self, value, right):
        """Whether a value counts as right."""
        if self.whole:
            return value == right
        return math.isclose(value, right, rel_tol=0, abs_tol=max(self.tolerance * abs(right), self.absolute, 1e-12))

    def compare(self, answer, truth):
        """The verdict on a number beside the right one; its words tell the direction, never the number."""
        mine, right = self.read(answer), float(truth)
        if self.near(mine, right):
            return Judgement("right", "Yes.")
        if mine * right < 0:
            return Judgement("wrong", "Not yet: it should have the other sign.", "other sign")
        side = "large" if abs(mine) > abs(right) else "small"
        if mine * right == 0:
            return Judgement("wrong", "Not yet: it should not be 0." if right else "Not yet: it is too far from 0.",
                           "0" if right else "not 0")
        times = max(abs(mine), abs(right)) / min(abs(mine), abs(right))
        words = side if right > 0 else {"large": "far from 0", "small": "near to 0"}[side]
        much = "a little too" if times < 1.1 else "too" if times < 2 else "much too"
        more = ": was something rounded on the way?" if times < 1.1 and not self.whole else "."
        return Judgement("wrong", f"Not yet: {much} {words}{more}", f"{much} {side}")

    def far(self, one, other):
        """Whether two numbers are so different that no answer is taken for both."""
        wide = replace(self, tolerance=APART * self.tolerance, absolute=APART * self.absolute)
        return not wide.near(one, other) and not wide.near(other, one)

    def code(self, truth):
        """A number as it may be typed."""
        return repr(round(truth) if self.whole else float(truth))


@dataclass(frozen=True)
class Slip:
    """A known wrong answer. key: its name.  wrong: (right answer, given) -> the wrong one.  says: to the learner.

    misconception: "M10", or "".
    """
    key: str
    wrong: Callable
    says: str
    misconception: str = ""


USUAL = {slip.key: slip for slip in (
    Slip("sign", lambda right, n: -right, "The size is right and the sign is not."),
    Slip("twice", lambda right, n: 2 * right, "Exactly twice what it should be: is there a 2 too many?"),
    Slip("half", lambda right, n: right / 2, "Exactly half of what it should be: is a 2 missing?"),
    Slip("reciprocal", lambda right, n: 1 / right, "It is upside down: 1 over what it should be."),
)}


def usual(*keys):
    """The slips that any number may suffer. keys: "sign", "twice", "half", "reciprocal"."""
    return tuple(USUAL[key] for key in keys)


def _nothing(rng):
    return {}


@dataclass(frozen=True)
class Quantity:
    """An exercise whose answer is a choice, a number or a curve.

    name: of the variable that the learner sets.  asks: a Choice, Number or Curve.  truth: (given) -> the right answer.
    draw: (rng) -> {name: number}, the numbers in the prompt of one copy.  slips: known wrong answers.
    working: the lines that solve it, {a} where the given number a stands; or "" for the bare answer.
    """
    name: str
    asks: object
    truth: Callable
    draw: Callable = _nothing
    slips: tuple = ()
    working: str = ""

    @property
    def wants(self):
        """What may be handed in, in words."""
        return self.asks.wants + (", or a function" if isinstance(self.asks, Curve) else "")

    def given(self, rng):
        """Numbers with which the right answer and all slips are told apart; drawn again until they are."""
        for _ in range(MOST_DRAWS):
            given = {name: value.item() if hasattr(value, "item") else value for name, value in self.draw(rng).items()}
            values = self._values(given)
            if all(self.asks.far(one, other) for k, one in enumerate(values) for other in values[:k]):
                return given
        raise ValueError(f"slips: got some of {self.name} that are the same for {MOST_DRAWS} draws; allowed are "
                         "wrong answers that differ from the right one and from each other")

    def _values(self, given):
        """The right answer and the slips'."""
        right = self.truth(given)
        return [right, *(slip.wrong(right, given) for slip in self.slips)]

    def starter(self, given):
        """The answer cell as handed out."""
        return f"{self.name} = ...        # {self.wants}\n{{solution}}"

    def solution(self, given):
        """The working, or the bare answer."""
        text = self.working or f"{self.name} = {self.asks.code(self.truth(given))}"
        return inspect.cleandoc(filled(text, given))

    @reading.answered
    def judge(self, answer, rng, given, run):
        """Right, or a known slip named, or which way it is off."""
        if isinstance(self.asks, Curve):
            if callable(answer):
                answer = self.asks.read_by_running(answer, run)
                if isinstance(answer, Judgement):
                    return answer
            elif reading.part(answer, "points", ...) is None:               # a sketch, nothing drawn yet
                return NOT_ATTEMPTED
        right, *wrongs = self._values(given)
        verdict = self.asks.compare(answer, right)
        if verdict.status == "right":
            return verdict
        for slip, wrong in zip(self.slips, wrongs, strict=True):
            if self.asks.compare(answer, wrong).status == "right":
                return Judgement("wrong", slip.says, slip.key, misconception=slip.misconception)
        return verdict

    def mutants(self, given):
        """Each slip; each wrong option of a choice; a curve upside down and one that is level."""
        right, *wrongs = self._values(given)
        every = [(slip.key, wrong, slip.says, slip.misconception)
                 for slip, wrong in zip(self.slips, wrongs, strict=True)]
        if isinstance(self.asks, Choice):
            named = {self.asks.read(wrong) for wrong in wrongs}
            every += [(f"chose {self.asks.letter(text)}", text, says or "Not that one.", misconception)
                      for text, misconception, says in self.asks.options
                      if text != self.asks.read(right) and text not in named]
        elif isinstance(self.asks, Curve):
            every.append(("shape: stays level", [self.asks.read(right).mean()] * 13, "Yours stays level", ""))
        elif not every:
            raise ValueError(f"slips: got none for {self.name}; allowed is at least one for a number")
        return tuple(Mutant(key, f"{self.name} = {self.asks.code(wrong)}", says, misconception)
                     for key, wrong, says, misconception in every)
