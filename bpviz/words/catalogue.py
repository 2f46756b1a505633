"""Facts become sentences: a catalogue has for every key rules, each with the facts it wants and a whole template.

A language is a folder of TOML files, one a topic (bpviz/words/en/verdict.toml). A key is a list of rules, and the first
whose `when` holds says the sentence:

    [[bouncing]]
    when = {period = {given = true}, turning = {above = 0.3}}
    say = "Bouncing, a cycle of {period} steps; {turning:share} of them turn back."

when        every fact named must be so: equal to a value, or {above, below, at_least, at_most, in, not, given}, which
            are all False of a fact that is not known, but for `not`, and given = false; without `when` a rule always
            holds
{fact}      the fact as it is; {fact:.3g} in so many digits, as a person writes them; {fact:amount} by a format of
            bpviz/words/numbers.py, {fact:share} a share in per cent; {fact:minimum} by the rules of the key `minimum`,
            for which the fact is a record of facts of its own (anything else is its fact `n`); {facts:minimum|, } each
            of a list, with this between
{fact:steps} so many of a thing, by the topic `counts`, which serves all others: "1 step", "1,200 steps"
A fact is a number, a text, True, False, None (not known), a list of facts or a record of facts: what JSON can say, so
that bpviz/words/say.js says the same sentence in a browser.
"""
import re
import tomllib
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from bpviz.base.refusals import Table, refuse
from bpviz.words.numbers import FORMATS, formatted

COUNTS = "counts"              # the topic that says so many of a thing, for all others
PLACE = re.compile(r"\{(\w+)(?::([^{}|]+))?(?:\|([^{}]*))?\}")
SPEC = re.compile(r"[+]?,?(?:\.\d+[gf])?")
TESTS = {"above": lambda fact, value: fact is not None and fact > value,
         "below": lambda fact, value: fact is not None and fact < value,
         "at_least": lambda fact, value: fact is not None and fact >= value,
         "at_most": lambda fact, value: fact is not None and fact <= value,
         "in": lambda fact, value: fact in value, "not": lambda fact, value: fact != value,
         "given": lambda fact, value: (fact is not None) == value}


@dataclass(frozen=True)
class Rule:
    """One sentence of a key. when: {fact: value or {test: value}}.  say: the template."""
    when: dict
    say: str

    def holds(self, facts):
        """Whether every fact is as `when` wants it. Raises KeyError for a fact that is not given."""
        return all(all(TESTS[test](facts[name], value) for test, value in wanted.items()) if isinstance(wanted, dict)
                   else facts[name] == wanted for name, wanted in self.when.items())

    @cached_property
    def parts(self):
        """The template taken apart: texts, and (fact, format or "", text between or None)."""
        parts, at = [], 0
        for place in PLACE.finditer(self.say):
            parts += [self.say[at:place.start()], (place[1], place[2] or "", place[3])]
            at = place.end()
        return tuple(part for part in (*parts, self.say[at:]) if part)


class Catalogue:
    """All sentences of one language. folder: of its topics, TOML files, which are read when first asked for."""

    def __init__(self, folder):
        self.folder, self._read = Path(folder), {}

    @property
    def topics(self):
        return sorted(path.stem for path in self.folder.glob("*.toml"))

    def topic(self, name):
        """{key: its rules} of a topic. Raises ValueError for an unknown topic."""
        if name not in self._read:
            if name not in self.topics:
                refuse("topic", name, f"allowed are {', '.join(self.topics)}")
            raw = tomllib.loads((self.folder / f"{name}.toml").read_text(encoding="utf-8"))
            self._read[name] = Table("key", {key: tuple(Rule(rule.get("when", {}), rule["say"]) for rule in rules)
                                             for key, rules in raw.items()})
        return self._read[name]

    def rule(self, topic, key, facts):
        """The rule that says this key of these facts. Raises ValueError if a fact is missing, or no rule holds."""
        try:
            return next(rule for rule in self.topic(topic)[key] if rule.holds(facts))
        except KeyError as error:
            refuse(f"{topic}.{key}", error.args[0], f"allowed are the facts given: {', '.join(facts)}")
        except StopIteration:
            refuse(f"{topic}.{key}", facts, "allowed are facts that one of its rules is made for")

    def say(self, topic, key, /, **facts):
        """The sentence of this topic and key with these facts in it.

        Raises ValueError for an unknown topic or key, a fact that the sentence wants and does not get, and facts that
        no rule is made for.
        """
        def said(part):
            if isinstance(part, str):
                return part
            name, form, between = part
            if name not in facts:
                refuse(f"{topic}.{key}", name, f"allowed are the facts given: {', '.join(facts)}")
            fact = facts[name]
            if between is None:
                return self._written(topic, form, fact)
            if not isinstance(fact, list | tuple):
                refuse(f"{topic}.{key}", fact, f"{{{name}|}} wants a list")
            return between.join(self._written(topic, form, each) for each in fact)
        return "".join(map(said, self.rule(topic, key, facts).parts))

    def _written(self, topic, form, fact):
        if form in FORMATS:
            return FORMATS[form](fact)
        if SPEC.fullmatch(form):
            return formatted(fact, form)
        if form not in self.topic(topic) and COUNTS in self.topics:
            topic = COUNTS
        return self.say(topic, form, **(fact if isinstance(fact, dict) else {"n": fact}))

    def as_data(self):
        """{topic: {key: [[when, parts of the template], ...]}}: what JSON can say, for say.js."""
        return {name: {key: [[rule.when, rule.parts] for rule in rules] for key, rules in self.topic(name).items()}
                for name in self.topics}


ENGLISH = Catalogue(Path(__file__).parent / "en")
say = ENGLISH.say


@dataclass(frozen=True)
class Said:
    """What is to be said, as facts. topic: of the catalogue.  sentences: ((key, {name: fact}), ...)."""
    topic: str
    sentences: tuple

    def __post_init__(self):
        clean = tuple((key, plainly(facts)) for key, facts in self.sentences)
        object.__setattr__(self, "sentences", clean)

    def __str__(self):
        return self.text(ENGLISH)

    def text(self, catalogue):
        """The sentences in the language of a Catalogue, a blank between them."""
        return " ".join(catalogue.say(self.topic, key, **facts) for key, facts in self.sentences)


def plainly(fact):
    """A fact as JSON can say it: NumPy's numbers and arrays become Python's."""
    if isinstance(fact, dict):
        return {name: plainly(each) for name, each in fact.items()}
    fact = fact.tolist() if hasattr(fact, "tolist") else fact
    return [plainly(each) for each in fact] if isinstance(fact, list | tuple) else fact
