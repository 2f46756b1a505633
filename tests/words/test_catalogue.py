"""The catalogue: rules, templates, refusals; and the laws that every topic keeps."""
import json
import re

import numpy as np
import pytest
from states import STATES

from bpviz.words.catalogue import ENGLISH, PLACE, SPEC, TESTS, Catalogue, Said, say
from bpviz.words.numbers import FORMATS

TOY = """
[[unit]]
when = {slope = {given = false}}
say = "Einheit {name} schweigt."
[[unit]]
when = {slope = {at_least = 0, below = 1}, name = {in = ["a", "b"], not = "c"}}
say = "Einheit {name}: {slope:.2f}, {slope:amount}, {rows:row|; }."
[[unit]]
when = {slope = {above = 2, at_most = 3}}
say = "{slope:+.1f}"
[[row]]
say = "Zeile {n:,}"
"""


class Counting(Catalogue):
    """A catalogue that remembers which of its rules were used."""

    def __init__(self, folder):
        super().__init__(folder)
        self.met = set()

    def rule(self, topic, key, facts):
        rule = super().rule(topic, key, facts)
        self.met.add((topic, key, self.topic(topic)[key].index(rule)))
        return rule


@pytest.fixture
def toy(tmp_path):
    """A language is a folder."""
    (tmp_path / "net.toml").write_text(TOY, encoding="utf-8")
    return Catalogue(tmp_path)


def test_a_language_is_a_folder(toy):
    assert toy.topics == ["net"]
    assert toy.say("net", "unit", name="a", slope=None) == "Einheit a schweigt."
    assert toy.say("net", "unit", name="a", slope=0.5, rows=[1, 2000]) == "Einheit a: 0.50, 0.5, Zeile 1; Zeile 2,000."
    assert toy.say("net", "unit", name="c", slope=2.5) == "+2.5"
    said = Said("net", (("unit", {"name": "b", "slope": None}), ("row", {"n": np.int64(7)})))
    assert said.text(toy) == "Einheit b schweigt. Zeile 7"


@pytest.mark.parametrize("call, sentence", [
    (lambda toy: toy.say("nets", "unit"), "topic: got 'nets'; allowed are net"),
    (lambda toy: toy.say("net", "units"), "key: got 'units', did you mean 'unit'?"),
    (lambda toy: toy.say("net", "unit", name="a"), "net.unit: got 'slope'; allowed are the facts given: name"),
    (lambda toy: toy.say("net", "row"), "net.row: got 'n'; allowed are the facts given: "),
    (lambda toy: toy.say("net", "unit", name="a", slope=0.5, rows=None), "net.unit: got None; {rows|} wants a list"),
    (lambda toy: toy.say("net", "unit", name="c", slope=0.5), "net.unit: got {'name': 'c', 'slope': 0.5}; "
                                                             "allowed are facts that one of its rules is made for")])
def test_what_cannot_be_said_is_refused(toy, call, sentence):
    with pytest.raises(ValueError) as refusal:
        call(toy)
    assert str(refusal.value).startswith(sentence)


def test_facts_are_what_json_can_say():
    said = Said("verdict", (("ran_away", {"steps": np.int64(3), "loss": np.float64(2.5)}),
                            ("stay", {"list": np.array([1.0, 2.0]), "record": {"yes": np.bool_(True)}, "no": None})))
    assert json.loads(json.dumps(said.sentences)) == [
        ["ran_away", {"steps": 3, "loss": 2.5}], ["stay", {"list": [1.0, 2.0], "record": {"yes": True}, "no": None}]]


@pytest.mark.parametrize("topic", ENGLISH.topics)
def test_every_rule_of_a_topic_is_met_and_says_something(topic):
    catalogue = Counting(ENGLISH.folder)
    for key, facts in STATES[topic]:
        said = catalogue.say(topic, key, **facts)
        assert said.strip() and not set("{}") & set(said) and "  " not in said and "None" not in said, said
        assert not re.search(r"\b([a-z]+(?: [a-z]+)*) \1\b", said), said               # as "the last the last"
        json.dumps(facts)
    every = {(topic, key, k) for key, rules in catalogue.topic(topic).items() for k in range(len(rules))}
    assert every - catalogue.met == set()


@pytest.mark.parametrize("topic", ENGLISH.topics)
def test_every_template_and_every_test_can_be_read(topic):
    for key, rules in ENGLISH.topic(topic).items():
        for rule in rules:
            assert "{" not in PLACE.sub("", rule.say) and "}" not in PLACE.sub("", rule.say), rule.say
            for part in rule.parts:
                if not isinstance(part, str):
                    assert SPEC.fullmatch(part[1]) or part[1] in {*FORMATS, *ENGLISH.topic(topic), *ENGLISH.topic("counts")}, \
                        rule.say
            for wanted in rule.when.values():
                assert not isinstance(wanted, dict) or set(wanted) <= set(TESTS), rule.when
        assert not any(not rule.when for rule in rules[:-1]), f"{topic}.{key}: a rule behind one that always holds"


def test_no_format_and_no_count_is_a_key_too():
    """A form means one thing in all topics."""
    for topic in ENGLISH.topics:
        others = set(FORMATS) | (set() if topic == "counts" else set(ENGLISH.topic("counts")))
        assert not others & set(ENGLISH.topic(topic)), topic


def with_a_one(facts):
    """The facts, with one after another of their whole numbers made 1."""
    if isinstance(facts, dict | list):
        for key, fact in list(facts.items() if isinstance(facts, dict) else enumerate(facts)):
            for other in with_a_one(fact):
                yield {**facts, key: other} if isinstance(facts, dict) else [*facts[:key], other, *facts[key + 1:]]
    elif isinstance(facts, int) and not isinstance(facts, bool) and facts > 1:
        yield 1


NOT_A_NOUN = r"(?!(?:is|has|does|passes|takes|ends|reaches|shows|adds|answers|loss|its|this|times|weights ran)\b)"
MANY = re.compile(r"(?<![\w.,^/×−-])(?<![×−] )(?<!to )(?<!layer )1 (?:more |[a-z]+ )?" + NOT_A_NOUN + r"(?:[a-z]+[^s\W]s|are|have|agree)\b")


@pytest.mark.parametrize("topic", ENGLISH.topics)
def test_one_of_a_thing_is_not_many(topic):
    """Wherever a whole number stands in a sentence it may be 1, and then the noun behind it is one."""
    for key, facts in STATES[topic]:
        for other in with_a_one(facts):
            try:
                said = ENGLISH.say(topic, key, **other)
            except ValueError as refusal:                    # no rule is made for a 1 here
                assert "one of its rules" in str(refusal)
                continue
            assert not MANY.search(said), (key, said)


def test_say_is_the_english_catalogue():
    assert say("verdict", "falling") == "The loss was falling all the while: no bottom was met."
