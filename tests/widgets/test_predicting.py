"""Predictions and sketches without a browser: what is sent before and after the commit, what is kept, what is refused."""
import asyncio
import json
import sys
from dataclasses import replace

import nbformat
import numpy as np
import own_lesson
import pytest
from hypothesis import given
from hypothesis import strategies as st
from nbclient import NotebookClient

import bpviz as bp
from bpviz.coursework import course
from bpviz.coursework.learner import answers
from bpviz.coursework.learner.outcome import outcome
from bpviz.widgets import asked as asked_widget
from bpviz.widgets import predict as predicting
from bpviz.widgets import saved
from bpviz.widgets.asked import Asked, drawn, shares, still, ticks
from bpviz.widgets.predict import Predicting
from bpviz.widgets.sketch import Sketch
from bpviz.words.catalogue import say

P1, P2, P3 = own_lesson.PREDICTIONS
COMMITS = {"L99-p1": 0, "L99-p2": "0,3", "L99-p3": [0.5] * 97}


class Page:
    """What a learner's page gets: displays, and messages to the browser."""

    def __init__(self, folder):
        self.folder, self.displays, self.messages = folder, [], []

    @property
    def kept(self):
        path = self.folder / answers.NAME
        return [json.loads(line) for line in path.read_text().splitlines()] if path.exists() else []

    @property
    def all_text(self):
        return json.dumps([self.displays, self.messages], default=str, ensure_ascii=False)


@pytest.fixture
def page(tmp_path, monkeypatch):
    """Somebody is there, in a folder of their own; the course has the tests' lesson."""
    page = Page(tmp_path)

    class Handle:
        def update(self, data, raw):
            page.displays.append(data)

    def display(data, **kwargs):
        page.displays.append(data)
        return Handle()
    for module in (saved, predicting, asked_widget):
        monkeypatch.setattr(module, "display", display)
    monkeypatch.setattr(Asked, "send", lambda self, content, buffers=None: page.messages.append(content))
    monkeypatch.setattr(answers, "_start_folder", tmp_path)
    monkeypatch.setattr(answers, "_in_memory", [])
    monkeypatch.setattr(answers, "attended", lambda: True)
    monkeypatch.setattr(own_lesson, "COMPUTED", [])
    monkeypatch.setattr("bpviz.coursework.learner.outcome._found", {})                # another test may have asked before
    with own_lesson.installed():
        yield page


def says(predicting, **message):
    predicting._browser_says(predicting.asked, {"kind": "commit", **message}, [])


def asked(prediction):
    one = Predicting(prediction)
    one.show()
    return one


@pytest.mark.parametrize("prediction", own_lesson.PREDICTIONS, ids=lambda one: one.id)
def test_before_the_commit_there_is_no_outcome_anywhere(page, prediction):
    one = asked(prediction)
    state = json.dumps([one.asked.get_state(("form", "told")), one.below.children])
    form = json.loads(state)[0]["form"]
    assert own_lesson.COMPUTED == [] and one.asked.told == {}
    for word in ("OUTCOME", "this happens", "Settled", "M13", "M14", "Not so wild"):
        assert word not in state + page.all_text
    assert set(form) <= {"id", "question", "sureness", "kind", "options", "columns", "x", "limits", "labels", "ticks", "unit",
                         "wants"}
    assert "Not answered yet" in page.displays[-1]["text/plain"] and not page.kept


@pytest.mark.parametrize("prediction", own_lesson.PREDICTIONS, ids=lambda one: one.id)
def test_the_commit_keeps_the_answer_and_shows_both(page, prediction):
    one = asked(prediction)
    says(one, answer=COMMITS[prediction.id], sure=1)
    event, = page.kept
    assert (event["kind"], event["id"], event["sure"]) == ("prediction", prediction.id, 1)
    assert own_lesson.COMPUTED == [prediction.id] and one.asked.told["words"].startswith("OUTCOME")
    assert "rather sure" in one.asked.told["verdict"] and one.asked.told["right"] is False
    still = page.displays[-1]
    assert "OUTCOME" in still["text/plain"] and "Not answered" not in still["text/plain"]
    assert "OUTCOME" in still["text/html"] and page.messages == []
    if prediction is P1:
        assert [(each["mark"], each["note"]) for each in one.asked.told["options"]] == [
            ("✗", "you said so"), ("✓", "this happens"), ("", "")]
        assert one.after.values["w1"] == -3 and one.below.children == (one.after.widget,)
        assert "Settled in minimum B" in still["text/html"] and "<img alt=" in still["text/html"]
        assert event["answer"] == "In the lower minimum"
    if prediction is P2:
        assert one.asked.told["line"] == "You said 0.3. It is 0.25." and event["answer"] == 0.3
    if prediction is P3:
        assert np.allclose(one.asked.told["curve"], own_lesson.losses() / 0.3, atol=1e-4)
        assert np.allclose(one.asked.told["yours"], 0.5) and np.allclose(event["answer"], 0.15)
        assert "<img alt=" in still["text/html"] and one.asked.told["line"] in still["text/plain"]


def test_right_is_said_and_how_sure(page):
    for sure, words in enumerate(("a guess", "rather sure", "sure")):
        (page.folder / answers.NAME).unlink(missing_ok=True)
        one = asked(P1)
        says(one, answer=1, sure=sure)
        assert one.asked.told["verdict"].startswith("✓ Right") and words in one.asked.told["verdict"]
        assert [each["note"] for each in one.asked.told["options"]] == ["", "you said so, and it happens", ""]


def test_what_an_option_has_to_say_is_said_to_whoever_chose_it(page):
    one = asked(P1)
    says(one, answer=2, sure=2)
    assert one.asked.told["line"] == "Not so wild."


HOSTILE = [None, {}, [], "text", -1, True, float("nan"), [0.5] * 96, [None] * 97, ["a"] * 97, [[0.5]] * 97,
           "x" * 10**6, "1e999", "nan", "1,000", "__import__('os')", {"a": 1}, 10**400, [2.0] * 97, "", "99999999"]


@pytest.mark.parametrize("prediction", own_lesson.PREDICTIONS, ids=lambda one: one.id)
def test_hostile_messages_are_refused_in_a_sentence_and_keep_nothing(page, prediction):
    one = asked(prediction)
    for answer in HOSTILE:
        says(one, answer=answer, sure=1)
        words = page.messages.pop()["words"]
        assert 0 < len(words) < 300 and "\n" not in words and page.messages == [] and "Traceback" not in words, answer
    for sure in (None, 3, -1, True, 1.0, "1", [], float("inf")):
        says(one, answer=COMMITS[prediction.id], sure=sure)
        assert page.messages.pop() == {"kind": "refused", "words": "Say how sure you are, too."}
    for message in (None, [], "commit", {}, {"kind": []}, {"kind": "nonsense"}, {"kind": "drawn", "heights": 3}):
        one._browser_says(one.asked, message, [])
    assert page.kept == [] and own_lesson.COMPUTED == [] and one.asked.told == {} and page.messages == []
    says(one, answer=COMMITS[prediction.id], sure=1)                     # and the form is as good as new
    assert len(page.kept) == 1 and one.asked.told["words"].startswith("OUTCOME")


@pytest.mark.parametrize("prediction", own_lesson.PREDICTIONS, ids=lambda one: one.id)
def test_answered_once_is_answered_for_good(page, prediction):
    """A restart, a renamed notebook, a cell that is run again: the outcome at once, and nothing kept twice."""
    says(asked(prediction), answer=COMMITS[prediction.id], sure=1)
    first = page.kept
    again = asked(prediction)
    assert again.asked.told["words"].startswith("OUTCOME") and again.asked.told["notes"] == []
    assert "OUTCOME" in page.displays[-1]["text/plain"]
    says(again, answer=COMMITS[prediction.id], sure=0)
    assert page.kept == first


def test_a_later_different_answer_is_told_that_the_first_counts(page):
    one, other = asked(P2), asked(P2)                                    # two notebooks, or two cells
    says(one, answer="0.3", sure=1)
    says(other, answer="0.5", sure=2)
    assert other.asked.told["notes"] == [say("page", "first_counts")] and other.asked.told["line"].startswith("You said 0.3.")
    assert len(page.kept) == 1
    same = asked(P2)
    assert same.asked.told["notes"] == []


def test_two_commits_of_one_click_are_one(page):
    one = asked(P2)
    says(one, answer="0.3", sure=1)
    says(one, answer="0.4", sure=1)
    assert len(page.kept) == 1 and one.asked.told["notes"] == []


def test_an_answer_that_the_question_does_not_know_any_more_is_asked_anew(page):
    answers.keep({"kind": "prediction", "id": P1.id, "answer": "An option of an older edition", "sure": 2})
    one = asked(P1)
    assert one.asked.told == {}
    says(one, answer=0, sure=0)
    assert one.asked.told["options"][0]["yours"] and asked(P1).asked.told["options"][0]["yours"]


def test_where_nothing_can_be_written_it_is_said(page):
    (page.folder / answers.NAME).mkdir()
    one = asked(P2)
    says(one, answer="0.3", sure=1)
    note, = one.asked.told["notes"]
    assert note.startswith("The file bpviz_answers.jsonl cannot be written here") and note in page.displays[-1]["text/plain"]
    assert asked(P2).asked.told["line"].startswith("You said 0.3.")


def broken(*args):
    raise RuntimeError("the engine stopped")


@pytest.mark.parametrize("part", ["truth", "says", "shows"])
def test_an_outcome_that_fails_is_one_sentence(page, part):
    """Nobody sees what a callback raises: the click would do nothing."""
    record = replace(P2, **({"shows": ("minima", {"w1": 99})} if part == "shows" else {part: broken}))
    one = asked(record)
    says(one, answer="0.3", sure=1)
    said = json.dumps(one.asked.told) + "".join(getattr(child, "value", "") for child in one.below.children)
    assert "The outcome cannot be shown: " in said and "Your answer is kept." in said and len(page.kept) == 1
    assert ("w1: got 99" if part == "shows" else "RuntimeError: the engine stopped.") in said
    assert ("OUTCOME" in said) == (part == "shows")


def test_unattended_the_outcome_is_shown_and_nothing_kept(page, monkeypatch):
    monkeypatch.setattr(answers, "attended", lambda: False)
    made = []
    monkeypatch.setattr(Asked, "__init__", lambda *args, **kwargs: made.append(args))
    for prediction in own_lesson.PREDICTIONS:
        bp.predict(prediction.id)
        data = page.displays.pop()
        assert page.displays == [] and set(data) == {"text/html", "text/plain"}
        assert prediction.question in data["text/plain"] and "OUTCOME" in data["text/plain"] and "You said" not in data["text/plain"]
        assert ("Settled in minimum B" in data["text/html"]) == (prediction is P1)
    assert not page.kept and made == []
    with pytest.raises(ValueError, match="prediction: got 'L99-p7', did you mean 'L99-p"):
        bp.predict("L99-p7")
    with pytest.raises(ValueError, match="lesson: got 'L98'"):
        bp.predictions("L98")


def test_a_learner_reads_an_unknown_name_as_a_sentence(page):
    assert bp.predict("L99-p7") is None and bp.predictions("L98") is None
    said = [shown.data for shown in page.displays]
    assert "did you mean" in said[0] and "prediction: got" in said[0] and "lesson: got" in said[1]


def test_closing_gives_the_widgets_back(page):
    one = asked(P1)
    says(one, answer=0, sure=1)
    widgets = [one.asked, one.below, one.widget, one.after.widget]
    one.close()
    one.close()
    assert one.widget is None and all(widget.comm is None for widget in widgets)
    assert "Settled in minimum B" in page.displays[-1]["text/html"]           # the last picture stays


def test_a_commit_of_a_closed_cell_is_kept_and_breaks_nothing(page):
    one = asked(P2)
    widget = one.asked
    one.close()
    one._browser_says(widget, {"kind": "commit", "answer": "0.3", "sure": 1}, [])
    assert len(page.kept) == 1 and asked(P2).asked.told["line"].startswith("You said 0.3.")


def test_while_the_learner_thinks_the_panel_is_imported(page, monkeypatch):
    monkeypatch.setattr(predicting, "AHEAD_S", 0.01)
    imported = []
    monkeypatch.setattr(predicting, "import_module", imported.append)

    async def think(close):
        one = asked(P1)
        if close:
            one.close()
        await asyncio.sleep(0.2)
    asyncio.run(think(close=False))
    assert imported == list(predicting.AHEAD) and all(name in sys.modules for name in imported)
    imported.clear()
    asyncio.run(think(close=True))
    assert imported == []


# ---- sketches

def test_a_sketch_is_handed_to_the_check(page):
    sketch = bp.sketch("L99-q8")
    judge = course.exercises()["L99-q8"].judge
    assert sketch.points is None and judge(sketch, None).status == "not attempted" and repr(sketch).endswith("yet")
    rising = np.linspace(0, 1, 97).tolist()
    sketch._browser_says(sketch.widget, {"kind": "drawn", "heights": rising}, [])
    assert judge(sketch, None).status == "right" and repr(sketch) == "a curve of 97 points"
    assert np.allclose(sketch.points, np.stack([np.linspace(0, 12, 97), np.linspace(0, 0.3, 97)], axis=1))
    sketch._browser_says(sketch.widget, {"kind": "drawn", "heights": rising[::-1]}, [])
    assert judge(sketch, None).status == "wrong"
    sketch.close()
    assert sketch.widget is None and len(sketch.points) == 97


def test_a_sketch_of_what_asks_for_none_is_a_sentence_for_a_learner_and_an_error_for_a_program(page, monkeypatch):
    shown = []
    monkeypatch.setattr("bpviz.widgets.sketch.display", lambda html: shown.append(html.data))
    assert bp.sketch("L99-p1") is None and "exercise: got" in shown[0]
    monkeypatch.setattr(answers, "attended", lambda: False)
    with pytest.raises(ValueError, match="exercise: got"):
        bp.sketch("L99-p1")


@pytest.mark.parametrize("heights", [*HOSTILE[:6], [float("nan")] * 97, [None] * 97, [True] * 97, [10**400] * 97])
def test_what_is_no_drawing_leaves_a_sketch_empty(page, heights):
    sketch = Sketch("L99-q8", own_lesson.EXERCISES[0].asks.asks)
    sketch._browser_says(sketch.widget, {"kind": "drawn", "heights": heights}, [])
    assert sketch.points is None


@given(st.lists(st.one_of(st.none(), st.floats(0, 1)), min_size=97, max_size=97))
def test_heights_there_and_back(drawing):
    points = dict(drawn(P3.asks, drawing))
    for x, share in zip(P3.asks.grid, drawing, strict=True):
        assert (float(x) in points) == (share is not None)
        if share is not None:
            assert abs(shares(P3.asks, [points[float(x)]])[0] - share) < 1e-4


@given(st.floats(-1e6, 1e6), st.floats(1e-3, 1e6))
def test_ticks_are_few_round_and_inside(low, span):
    marks = ticks(low, low + span)
    assert 3 <= len(marks) <= 9 and all(-1e-6 <= at <= 1 + 1e-6 for at, _ in marks)
    for at, label in marks:
        assert abs(float(label.replace("−", "-")) - (low + at * span)) <= 1e-5 * max(abs(low), abs(low + span))


def test_words_of_an_author_are_no_html():
    record = replace(P2, question="Is `a < b` **or** <script>alert(1)</script>?\n\nSay.")
    html = still(record)["text/html"]
    assert "<script>" not in html and "<code>a &lt; b</code>" in html and "<strong>or</strong>" in html
    assert html.count("<p>") == 3


# ---- a kernel that a program runs

def test_a_program_gets_through_with_all_outcomes_and_no_file(tmp_path):
    """nbconvert --execute, nbval: nobody to ask, nothing written, nothing raised."""
    sources = [f"import sys; sys.path.insert(0, {str(own_lesson.__file__).rsplit('/', 1)[0]!r}); import own_lesson",
               "own_lesson.install(); import bpviz as bp", "bp.predict('L99-p1')", "bp.predict('L99-p2')",
               "bp.predict('L99-p3')", "s = bp.sketch('L99-q8')\ns", "bp.predictions('L99')"]
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(source) for source in sources])
    NotebookClient(notebook, timeout=120, kernel_name="python3", resources={"metadata": {"path": str(tmp_path)}}).execute()
    texts = ["".join(out.get("data", {}).get("text/plain", "") for out in cell.outputs) for cell in notebook.cells]
    assert all(f"OUTCOME-{name}" in text for name, text in zip(("ONE", "TWO", "THREE"), texts[2:5], strict=True))
    assert "Not answered: L99-p1, L99-p2, L99-p3" in texts[6] and list(tmp_path.iterdir()) == []
    assert all(out.output_type != "stream" for cell in notebook.cells for out in cell.outputs)


def test_the_forms_of_the_course_tell_nothing_of_their_outcomes(page):
    """Of every real prediction: what the browser is given to ask, beside what it is told afterwards."""
    for prediction in course.predictions().values():
        one = asked(prediction)
        before = json.dumps(one.asked.get_state(("form", "told")), ensure_ascii=False) + page.displays[-1]["text/html"]
        found = outcome(prediction)
        assert one.asked.told == {} and found.words and found.words not in before
        for sentence in found.words.split(". "):
            assert sentence not in before, prediction.id
        one.close()
