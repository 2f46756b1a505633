"""A patient of lab 2 as an exercise: name the cause, then treat; every treatment that brings the loss down counts.

It is a Property whose answer is a dict: the cause, and the knobs that are turned. Those left out stay as they are.
"""
from dataclasses import dataclass, field

from bpviz.base.arguments import refuse
from bpviz.coursework.kinds import reading
from bpviz.coursework.kinds.property import Must, Property
from bpviz.coursework.kinds.quantities import Number
from bpviz.coursework.lessons.lab_2 import clinic
from bpviz.words.numbers import amount

CAUSES = {
    "rate": "the rate is too large",
    "twins": "the units of a layer are twins: they do the same for ever",
    "dead": "the units are dead: their slope is 0 on every row",
    "saturated": "the weights are too large: units answer where their curve is flat",
    "vanishing": "the gradient vanishes on its way back through the layers",
    "minimum": "it sits in a local minimum that is not the deepest",
    "small": "it has too few units for its task",
}
NOT_SO = {
    "rate": "With a rate that is too large the loss jumps up and down to the very end. Does it do so here?",
    "twins": "Twins have exactly the same weights, for ever. In this network no two units have.",
    "dead": "A dead unit has the slope 0 on every row. Here the units still have a slope on some rows.",
    "saturated": "Then the units would be flat before the first step. Look at the slopes at step 0: are they?",
    "vanishing": "A gradient vanishes on its way through many layers. How many has this network?",
    "minimum": "In a minimum the loss rises in every direction. Here it does not: there are ways that are level or "
               "lead "
               "down. Flat is not yet a minimum.",
    "small": "Others of this size have learned this task. So its size does not keep it from learning.",
}
BELIEFS = {"minimum": "M06", "small": "M08"}


@dataclass(frozen=True)
class OneWord:
    """An answer that is one of a few words."""
    words: tuple

    @property
    def wants(self):
        """What may be handed in, in words."""
        return "one of " + ", ".join(map(repr, self.words))

    def read(self, answer):
        """The word; ValueError for any other."""
        word = " ".join(reading.text(answer, self.wants, 60).split()).casefold()
        found = {one.casefold(): one for one in self.words}.get(word)
        if found is None:
            refuse("answer", answer, f"allowed is {self.wants}")
        return found

    def code(self, word):
        """The word as it may be typed."""
        return repr(word)


KNOBS = {
    "unit": OneWord(("sigmoid", "tanh", "relu", "leaky relu", "elu", "softplus")),
    "units": Number(2, 16, whole=True),
    "start": OneWord(("zeros", "constant", "uniform", "normal", "Glorot normal", "He")),
    "scale": Number(0.01, 30), "bias": Number(0, 5), "rate": Number(0.001, 100),
    "optimizer": OneWord(tuple(clinic.OPTIMIZERS)), "layers": OneWord(tuple(clinic.CURES)),
    "w1": Number(-6, 6), "w2": Number(-6, 6),
}


@dataclass(frozen=True)
class Case(Property):
    """A patient to be diagnosed and treated. number: of clinic.patients."""
    number: int = 1
    as_it_came: dict = field(default_factory=dict)

    @property
    def wants(self):
        """What may be handed in, in words."""
        return f"a dict of the cause and of knobs: cause, {', '.join(self.as_it_came)}"

    def starter(self, given):
        """The answer cell as handed out."""
        return f'{self.name} = ...        # dict(cause="...", and the knobs that you turn)\n{{solution}}'

    def _code(self, values):
        parts = [f"{knob}={self.asks[knob].code(value)}" for knob, value in values.items()]
        return f"{self.name} = dict({', '.join(parts)})"

    def read(self, answer):
        """{knob: value} from a dict, with those left out as they came; ValueError for anything else."""
        if type(answer) is not dict:
            refuse("answer", answer, f"allowed is {self.wants}")
        unknown = [knob for knob in answer if knob not in self.asks]
        if unknown:
            raise ValueError(f"answer: got the knob {reading.text(unknown[0], self.wants)}; allowed is {self.wants}")
        if "cause" not in answer:
            raise ValueError(f'answer: got no cause; allowed is cause={self.asks["cause"].wants}')
        return {knob: self.asks[knob].read(value) for knob, value in {**self.as_it_came, **answer}.items()}

    def _found(self, values, given):
        return super()._found({**self.as_it_came, **values}, given)


@dataclass(frozen=True)
class Fixed:
    """A kind with the same numbers in every copy. kind: the other kind.  these: its given numbers."""
    kind: object
    these: dict

    def __getattr__(self, part):
        """The name, and what may be handed in: as the other kind has them."""
        if part in ("kind", "these") or part.startswith("__"):            # while it is copied it has none yet
            raise AttributeError(part)
        return getattr(self.kind, part)

    def given(self, rng):
        """Nothing: everybody has the same."""
        return {}

    def starter(self, given):
        """The answer cell as handed out."""
        return self.kind.starter(self.these)

    def solution(self, given):
        """One right answer."""
        return self.kind.solution(self.these)

    def judge(self, answer, rng, given, run):
        """What the other kind says."""
        return self.kind.judge(answer, rng, self.these, run)

    def mutants(self, given):
        """Those of the other kind."""
        return self.kind.mutants(self.these)


def case(number, name, cause, solves, yes, missed=(), says=None):
    """The exercise of one patient.

    cause: the word.  solves: {knob: value} of one cure.  yes: to whoever cures it, {ended} and knobs in braces.
    missed: (key, misses, says, example, misconception) of treatments that fail and deserve a sentence of their own;
    says: {cause: sentence} in the place of those of NOT_SO.
    """
    patient = clinic.patients[number]
    came, told = dict(patient.knobs), {**NOT_SO, **(says or {})}

    def measure(values, given):
        knobs = {knob: value for knob, value in values.items() if knob != "cause"}
        if values["cause"] != cause:                           # then no treatment is looked at
            knobs = came
        loss = clinic.ended(number, **knobs)
        return {"loss": loss, "ended": amount(loss, 2), "goal": patient.goal,
                "same": all(knobs[knob] == came[knob] for knob in came)}

    def wrong(word):
        return Must(f"cause: {word}", lambda found: found["cause"] == word, told[word], {"cause": word},
                    BELIEFS.get(word, ""))

    def treatment(key, misses, words, example, misconception=""):
        return Must(key, lambda found: not found["loss"] <= found["goal"] and misses(found), words,
                    {"cause": cause, **example}, misconception)

    musts = (*(wrong(word) for word in CAUSES if word != cause),
             Must("untreated", lambda found: found["same"],
                  "The cause is right. No knob has been turned yet, so the loss still ends at {loss:.4f}.",
                  {"cause": cause}),
             *(treatment(*one) for one in missed),
             treatment("not cured", lambda found: True,
                       "The cause is right. With this treatment the loss ends at {loss:.4f}, and it should be at most "
                       "{goal:g}.", LEFT[number]))
    asks = {"cause": OneWord(tuple(CAUSES)), **{knob: KNOBS[knob] for knob in came}}
    return Fixed(Case(name, asks, measure, musts, lambda given: {"cause": cause, **solves}, yes=yes, number=number,
                      as_it_came=came), {})


LEFT = {1: {"rate": 1.0}, 2: {"scale": 0.1}, 3: {"w1": 3.0, "w2": -3.0}, 4: {"scale": 0.1}, 5: {"scale": 6.0},
        6: {"rate": 20.0}}                                     # treatments that leave the patient as ill as before
