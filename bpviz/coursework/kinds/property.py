"""A start, a rate or a penalty that has a property: found by dragging, and any that has it passes.

Nothing is stored to compare with: the engine measures what the learner's own numbers do, and the first thing that they
miss is said, with what was measured. A rate at which one step at least halves the loss:

    Property("my_rate", {"rate": Number(0, 100)}, solves=lambda given: {"rate": 12.0},
             measure=lambda values, given: {"share": loss_after(values["rate"]) / loss_before},
             musts=(Must("no half", lambda found: found["share"] > 0.5,
                         "After one step {share:.2g} of the loss is left.", {"rate": 0.5}),))
"""
from collections.abc import Callable
from dataclasses import dataclass, field, replace

import numpy as np

from bpviz.base.arguments import refuse
from bpviz.coursework.exercise import NOT_ATTEMPTED, Judgement, Mutant
from bpviz.coursework.kinds import reading


@dataclass(frozen=True)
class Must:
    """One thing that is asked. key: its name when missed.  misses: (found) -> whether it is missed.

    says: to whoever misses it, on which side; {name} stands for what was found, "{share:.2g}".
    example: {knob: value} that misses this and nothing before it, or (given) -> such.  misconception: "M13", or "".
    """
    key: str
    misses: Callable
    says: str
    example: dict | Callable
    misconception: str = ""


def _nothing(rng):
    return {}


def _written(value):
    """A knob's value as it stands in a state."""
    return str(value).strip().removesuffix(".0")


@dataclass(frozen=True)
class Property:
    """An exercise whose answer is any number, or numbers, with a property.

    name: of the variable that the learner sets.  asks: {knob: Number}, by the names that the explorer's knobs have.
    measure: (values, given) -> {name: number or text} that is found out; the values themselves are added to it.
    musts: what is asked, in the order in which it is looked at.  solves: (given) -> {knob: value} that has it all.
    setting: {knob: value} of the explorer in which it is asked, looked at where a panel or a state is handed in.
    draw: (rng) -> {name: number} of one copy.  yes: what is said to a right answer, {name} as in `Must.says`.
    """
    name: str
    asks: dict
    measure: Callable
    musts: tuple
    solves: Callable
    setting: dict = field(default_factory=dict)
    draw: Callable = _nothing
    yes: str = "Yes, that does it."

    @property
    def wants(self):
        """What may be handed in, in words."""
        bare = next(iter(self.asks.values())).wants if len(self.asks) == 1 else f"({', '.join(self.asks)})"
        return f"{bare}, a panel, or the text of its State box" if self.setting else bare

    def given(self, rng):
        """The numbers in the prompt of one copy."""
        return {name: value.item() if hasattr(value, "item") else value for name, value in self.draw(rng).items()}

    def starter(self, given):
        """The answer cell as handed out."""
        return f"{self.name} = ...        # {self.wants}\n{{solution}}"

    def solution(self, given):
        """One answer that has the property."""
        return self._code(self.solves(given))

    def _code(self, values):
        numbers = [asked.code(values[knob]) for knob, asked in self.asks.items()]
        return f"{self.name} = {numbers[0] if len(numbers) == 1 else '(' + ', '.join(numbers) + ')'}"

    def read(self, answer):
        """{knob: number} from a number, a tuple or dict of them, a panel, or a state; ValueError for anything else."""
        if type(answer) is str and "=" in answer:
            words = map(str.strip, reading.text(answer, self.wants, 1000).split(";"))  # the first: the explorer
            return self._from_knobs({knob.strip(): value for knob, sign, value in
                                     (part.partition("=") for part in words) if sign})
        if type(answer) is dict:
            return self._from_knobs(answer)
        knobs = None if type(answer) in (list, tuple, np.ndarray) else reading.part(answer, "values")
        if type(knobs) is dict:
            return self._from_knobs(knobs)
        if len(self.asks) == 1:
            return {knob: asked.read(answer) for knob, asked in self.asks.items()}
        numbers = reading.items(answer, self.wants, len(self.asks))
        if len(numbers) != len(self.asks):
            refuse("answer", answer, f"allowed is {self.wants}")
        return {knob: asked.read(number) for (knob, asked), number in zip(self.asks.items(), numbers, strict=True)}

    def _from_knobs(self, knobs):
        for knob, value in self.setting.items():
            if knob in knobs and not (reading.plain(knobs[knob]) and _written(knobs[knob]) == _written(value)):
                raise ValueError(f"answer: got one with another {knob} than the question has; allowed is "
                                 f"{knob}={value}")
        missing = [knob for knob in self.asks if knob not in knobs]
        if missing:
            raise ValueError(f"answer: got no {' and no '.join(missing)}; allowed is {self.wants}")
        return {knob: asked.read(knobs[knob]) for knob, asked in self.asks.items()}

    def _found(self, values, given):
        return {**values, **self.measure(values, given)}

    def _untouched(self, answer):
        """Whether it is a panel whose knobs are where it opened, as after a restart of the kernel."""
        now, began = reading.part(answer, "values"), reading.part(answer, "asked")
        return type(now) is type(began) is dict and all(_written(now.get(knob)) == _written(began.get(knob))
                                                        for knob in self.asks)

    @reading.answered
    def judge(self, answer, rng, given, run):
        """Right if nothing that is asked is missed; else the first that is, in words."""
        found = self._found(self.read(answer), given)
        for must in self.musts:
            if must.misses(found):
                if self._untouched(answer):
                    return replace(NOT_ATTEMPTED,
                                   words="The panel stands where it began: nothing has been dragged yet.")
                return Judgement("wrong", must.says.format(**found), must.key, misconception=must.misconception)
        return Judgement("right", self.yes.format(**found))

    def mutants(self, given):
        """The example of each thing that can be missed."""
        every = []
        for must in self.musts:
            values = must.example(given) if callable(must.example) else must.example
            every.append(Mutant(must.key, self._code(values), must.says.format(**self._found(values, given)),
                                must.misconception))
        return tuple(every)
