"""A formula that must be the same as another, in any form: proved by algebra, checked at points.

    TypedFormula("my_slope", ("a",), "a*(1 - a)", wrongs=(WrongFormula("slope of tanh", "1 - a**2", "Of tanh."),))

The learner hands in text or a SymPy expression. What is left over is shown when something is.
"""
from dataclasses import dataclass, field
from functools import cached_property

from bpviz.coursework.exercise import Judgement, Mutant
from bpviz.coursework.kinds import reading

SAID = {"2": ("twice", "It is exactly twice what it should be: is there a 2 too many?"),
        "1/2": ("half", "It is exactly half of what it should be: is a 2 missing?"),
        "-1": ("sign", "It has the wrong sign, and is right otherwise.")}
TOO_LONG = "This takes too long to work out; allowed is a shorter formula."


@dataclass(frozen=True)
class WrongFormula:
    """A known wrong formula. key: its name.  formula: as it may be typed.  says: to the learner.

    misconception: "M10", or "".
    """
    key: str
    formula: str
    says: str
    misconception: str = ""


def algebra():
    """symbolic/equal.py, which brings SymPy with it: only when something is to be proved."""
    from bpviz.symbolic import equal
    return equal


def why(compared):
    """(key, sentence) of a comparison that is not "proved"."""
    if compared.status == "cannot tell":
        return "not proved", ("At every point that was tried it gives the right number, but it could not be proved: "
                              "write it more simply.")
    if compared.missing:
        return "missing " + ", ".join(compared.missing), (
            f"It does not depend on {' and '.join(compared.missing)}, and should.")
    if compared.times:
        return SAID.get(compared.times, ("another factor", "It is a fixed number of times what it should be."))
    if compared.only:
        return "only where", f"It is true only where {compared.only}."
    by_chance = f" It would be right for {compared.chance}, and is not in general." if compared.chance else ""
    if compared.residue:
        return "left over", f"What is left over, yours minus the right one, is {compared.residue}.{by_chance}"
    return "other", by_chance.strip() or "It is something else: nothing of it cancels against the right one."


@dataclass(frozen=True)
class TypedFormula:
    """An exercise whose answer is a formula.

    name: of the variable that the learner sets.  names: what the formula may be written with.  right: the formula, as
    text.  ranges: {name: (low, high)} where it must hold; elsewhere from -2 to 2.  wrongs: known wrong formulas.
    working: the lines that solve it, or "" for the bare formula.
    """
    name: str
    names: tuple
    right: str
    ranges: dict = field(default_factory=dict)
    wrongs: tuple = ()
    working: str = ""

    @property
    def wants(self):
        """What may be handed in, in words."""
        return f"a formula in {', '.join(self.names)} as text, or a SymPy expression"

    def given(self, rng):
        """Nothing: a formula is the same for all."""
        return {}

    def starter(self, given):
        """The answer cell as handed out."""
        return f"{self.name} = ...        # {self.wants}\n{{solution}}"

    def solution(self, given):
        """The working, or the formula."""
        return self.working or f"{self.name} = {self.right!r}"

    @cached_property
    def _right(self):
        return algebra().read(self.right, self.names)

    @reading.answered
    def judge(self, answer, rng, given, run):
        """Right if it is proved equal; else a known wrong formula named, or what is left over."""
        equal = algebra()
        if isinstance(answer, str):
            answer = reading.text(answer, self.wants)
        try:
            return equal.within(equal.SECONDS, lambda: self._judged(equal, answer))
        except equal.TimeUp:
            return Judgement("wrong", TOO_LONG, "too long")

    def _judged(self, equal, answer):
        mine = equal.read(answer, self.names)
        compared = equal.compare(mine, self._right, self.ranges)
        if compared.status == "proved":
            return Judgement("right", "Yes: proved equal for all numbers.")
        for wrong in self.wrongs:
            if equal.compare(mine, equal.read(wrong.formula, self.names), self.ranges).status == "proved":
                return Judgement("wrong", wrong.says, wrong.key, misconception=wrong.misconception)
        key, says = why(compared)
        return Judgement("wrong", says, key)

    def mutants(self, given):
        """Each known wrong formula, twice the right one, and its negative."""
        every = [(wrong.key, wrong.formula, wrong.says, wrong.misconception) for wrong in self.wrongs]
        every += [(*SAID[times][:1], f"{times}*({self.right})", SAID[times][1], "") for times in ("2", "-1")]
        return tuple(Mutant(key, f"{self.name} = {formula!r}", says, misconception)
                     for key, formula, says, misconception in every)
