"""Another language needs the same keys, and says every fact; a toy shows that a folder is enough."""
import re

import pytest
from states import STATES

from bpviz.words.catalogue import ENGLISH, Catalogue


@pytest.fixture
def loud(tmp_path):
    """English in capitals, as another language would stand there: one folder of the same files."""
    for path in ENGLISH.folder.glob("*.toml"):
        text = re.sub(r'^say = ("""|")(.*?)\1', lambda said: said[0].replace(said[2], shouted(said[2])),
                      path.read_text(encoding="utf-8"), flags=re.M | re.S)
        (tmp_path / path.name).write_text(text, encoding="utf-8")
    return Catalogue(tmp_path)


def shouted(template):
    """The template with capitals outside its places."""
    return "".join(part if part.startswith("{") else part.upper() for part in re.split(r"(\{[^{}]*\})", template))


def test_a_folder_is_a_language(loud):
    assert loud.topics == ENGLISH.topics
    for topic, states in STATES.items():
        for key, facts in states:
            assert loud.say(topic, key, **facts).upper() == ENGLISH.say(topic, key, **facts).upper()
    assert loud.say("verdict", "falling") == "THE LOSS WAS FALLING ALL THE WHILE: NO BOTTOM WAS MET."
