"""bp.inventory without a browser: one question after the other, each answer kept at once, nothing told the first time."""
import json

import pytest

import bpviz as bp
from bpviz.coursework.inventory.items import ITEMS
from bpviz.coursework.learner import answers
from bpviz.widgets import asked, saved
from bpviz.widgets.asked import Asked
from bpviz.widgets.inventory import Inventory


@pytest.fixture
def page(tmp_path, monkeypatch):
    """Somebody is there, in a folder of their own: (folder, what was displayed, what was sent)."""
    shown, sent = [], []

    class Handle:
        def update(self, data, raw):
            shown.append(data)

    def display(data, **more):
        shown.append(data)
        return Handle()
    for module in (saved, asked):
        monkeypatch.setattr(module, "display", display)
    monkeypatch.setattr(Asked, "send", lambda self, content, buffers=None: sent.append(content))
    monkeypatch.setattr(answers, "_start_folder", tmp_path)
    monkeypatch.setattr(answers, "_in_memory", [])
    monkeypatch.setattr(answers, "attended", lambda: True)
    return tmp_path, shown, sent


def says(one, **message):
    one._browser_says(one.asked, {"kind": "commit", **message}, [])


def right(item):
    return item.asks.texts.index(item.truth())


def test_one_after_the_other_and_kept_at_once(page):
    folder, shown, sent = page
    one = Inventory("before")
    one.show()
    for k, item in enumerate(ITEMS):
        assert one.item is item and one.asked.form["head"] == f"Question {k + 1} of 20" and one.asked.form["follows"] == (k > 0)
        says(one, answer=right(item), sure=1)
        kept = [json.loads(line) for line in (folder / answers.NAME).read_text().splitlines()]
        assert len(kept) == k + 1 and kept[-1]["id"] == f"before-{item.id}" and kept[-1]["answer"] == item.truth()
    assert one.asked is None and one.widget.children[0].value.count("kept")
    told = json.dumps([shown, sent], default=str, ensure_ascii=False)
    assert not any(item.says(None) in told for item in ITEMS) and "✓" not in told
    one.close()


def test_it_goes_on_where_it_was_left_and_a_second_message_for_an_old_question_is_nothing(page):
    one = Inventory("before")
    first = one.asked
    says(one, answer=0, sure=0)
    one._browser_says(first, {"kind": "commit", "answer": 1, "sure": 0}, [])
    assert one.item is ITEMS[1]
    again = Inventory("before")
    assert again.item is ITEMS[1] and Inventory("after").item is ITEMS[0]
    for widget in (one, again):
        widget.close()


@pytest.mark.parametrize("message", [{}, {"answer": 9, "sure": 1}, {"answer": 0}, {"answer": "a", "sure": 1}, {"answer": 0, "sure": 7}])
def test_what_is_no_answer_is_refused_in_a_sentence(page, message):
    one = Inventory("before")
    says(one, **message)
    assert one.item is ITEMS[0] and page[2][-1]["kind"] == "refused" and page[2][-1]["words"].endswith(".")
    one.close()


def test_after_the_second_time_it_says_what_changed(page):
    for when, miss in (("before", 3), ("after", 0)):
        one = Inventory(when)
        for k, item in enumerate(ITEMS):
            says(one, answer=(right(item) + (k < miss)) % 4, sure=2)
    text = one.widget.children[0].value
    assert "you had 17 right before the course, and 20 now" in text and text.count("✓") == 20
    assert all(item.truth().split(":")[0].replace("'", "&#x27;") in text for item in ITEMS)
    one.close()


def test_another_word_is_a_sentence_for_a_learner_and_an_error_for_a_program(page, monkeypatch):
    assert bp.inventory("later") is None
    assert "when: got &#x27;later&#x27;; allowed is" in page[1][-1].data
    monkeypatch.setattr(answers, "attended", lambda: False)
    with pytest.raises(ValueError, match="when: got 'later'"):
        bp.inventory("later")


def test_where_a_program_runs_it_nobody_is_asked_and_nothing_kept(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(answers, "_start_folder", tmp_path)
    monkeypatch.setenv("BPVIZ_UNATTENDED", "1")
    assert bp.inventory("before") is None and not list(tmp_path.iterdir())
