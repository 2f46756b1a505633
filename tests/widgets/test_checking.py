"""bp.check, bp.hint and bp.solution in a real shell: what is shown, kept and raised, with somebody there and without."""
import json
import re
import sys
import warnings
from pathlib import Path

import nbformat
import numpy as np
import pytest
import small_exercise
from IPython.core.interactiveshell import InteractiveShell
from IPython.utils.capture import capture_output
from ipywidgets import Widget
from nbclient import NotebookClient

from bpviz.coursework.exercise import Judgement
from bpviz.coursework.learner import answers
from bpviz.widgets import checking, early
from bpviz.widgets.help import Help
from bpviz.widgets.verdicts import verdict_html

TESTS = Path(__file__).resolve().parents[1]
SIX = "x, t, W1, b1, W2, b2"
BACKWARD = "import numpy as np\ndef backward(x, t, W1, b1, W2, b2):\n    " + small_exercise.SOLUTION.replace("\n", "\n    ")
TWICE = BACKWARD.replace('"dW2": a1.T', '"dW2": 2 * a1.T')
CHECK = 'checking.check("L98-q2", backward)'


class Shell:
    """A notebook's shell; run(code) gives (shown as [(data, metadata)], printed, the error or None)."""

    def __init__(self, shell):
        self.shell = shell
        shell.user_ns["checking"] = checking

    def run(self, code):
        with capture_output() as seen:
            result = self.shell.run_cell(code, store_history=True)
        assert seen.stderr == ""
        return [(out.data, out.metadata) for out in seen.outputs], seen.stdout, result.error_in_exec

    def verdicts(self, code):
        shown, printed, error = self.run(code)
        assert error is None and printed == ""
        return [(data, metadata) for data, metadata in shown if "widget" not in str(list(data)) and data["text/plain"]]


@pytest.fixture(scope="module")
def one_shell():
    main = sys.modules["__main__"]                 # a shell puts its own there, from which nobody could spawn a process
    shell = InteractiveShell.instance()
    yield shell
    shell.history_manager.end_session()
    InteractiveShell.clear_instance()
    sys.modules["__main__"] = main


@pytest.fixture
def notebook(one_shell, tmp_path, monkeypatch):
    """A notebook of the small exercise in an empty folder, somebody sitting before it."""
    monkeypatch.setattr(answers, "attended", lambda: True)
    monkeypatch.setattr(answers, "_start_folder", tmp_path)
    monkeypatch.setattr(answers, "_in_memory", [])
    one_shell.reset(new_session=False)
    with small_exercise.installed():
        yield Shell(one_shell)


def kept(tmp_path):
    return [json.loads(line) for line in (tmp_path / answers.NAME).read_text().splitlines()]


def text_of(markup):
    """The words of some HTML, in order."""
    import html
    import re
    return html.unescape(re.sub(r"<style>.*?</style>|<[^>]+>", " ", markup, flags=re.S)).split()


def test_a_right_answer(notebook, tmp_path):
    (data, metadata), = notebook.verdicts(f"{BACKWARD}\n{CHECK}")
    assert metadata == {"bpviz": {"id": "L98-q2", "status": "right", "key": ""}}
    assert data["text/plain"] == "✓ Right: Backward on rows (L98-q2)\nAll 4 partials are right."
    event, = kept(tmp_path)
    assert {name: event[name] for name in ("kind", "id", "status", "honest", "copy", "solution")} == {
        "kind": "attempt", "id": "L98-q2", "status": "right", "honest": True, "copy": "", "solution": True}


def test_a_wrong_answer_says_part_by_part_what_is_wrong(notebook):
    (data, metadata), = notebook.verdicts(f"{TWICE}\n{CHECK}")
    assert metadata == {"bpviz": {"id": "L98-q2", "status": "wrong", "key": "dW2: off"}}
    assert data["text/plain"].splitlines() == [
        "✗ Not right yet: Backward on rows (L98-q2)", "dL/dW2 is where it first goes wrong.", "Is there a factor <too> many?", "",
        "On the way back from the loss", "dL/do   ✓ right", "dL/dz2  ✓ right", "dL/dW2  ✗ wrong  not the right size", "dL/db2  ✓ right"]
    assert "<too>" not in data["text/html"] and "&lt;too&gt;" in data["text/html"]
    assert text_of(data["text/html"]) == data["text/plain"].split()


def test_what_the_function_prints_is_shown_below(notebook):
    loud = TWICE.replace("a1 =", "print('x has', len(x), '<rows>')\n    a1 =", 1)
    (data, _), = notebook.verdicts(f"{loud}\n{CHECK}")
    assert data["text/plain"].splitlines()[-2:] == ["Your function printed, over all the inputs it was tried on:", "x has 1 <rows>"]
    assert text_of(data["text/html"]) == data["text/plain"].split()


def test_the_same_check_says_the_same_word_for_word(notebook):
    assert notebook.verdicts(f"{TWICE}\n{CHECK}") == notebook.verdicts(f"{TWICE}\n{CHECK}") == notebook.verdicts(CHECK)


@pytest.mark.parametrize("answer", ["...", "None", "", f"lambda {SIX}: (_ for _ in ()).throw(NotImplementedError)"])
def test_not_attempted_keeps_nothing(notebook, tmp_path, answer):
    (data, metadata), = notebook.verdicts(f'checking.check("L98-q2", {answer})')
    assert metadata["bpviz"]["status"] == "not attempted"
    assert data["text/plain"] == "– Not attempted yet: Backward on rows (L98-q2)"
    assert not (tmp_path / answers.NAME).exists()


@pytest.mark.parametrize("code, sentence", [
    ('checking.check("L98-q3", 1)', "exercise: got 'L98-q3', did you mean 'L98-q2'? Allowed: L98-q2"),
    ("checking.check(3, 1)", "exercise: got 3; allowed is a name: L98-q2"),
    ("checking.check(None, 1)", "exercise: got None; allowed is a name: L98-q2"),
    ('checking.check("L98-q2", 1, copy=3)', "copy: got 3; allowed is text"),
    ('checking.check("L98-q2", 1, solution="no")', "solution: got 'no'; allowed is True or False"),
    ('checking.hint("L8-q2")', "exercise: got 'L8-q2', did you mean 'L98-q2'? Allowed: L98-q2"),
    ("checking.solution([])", "exercise: got []; allowed is a name: L98-q2")])
def test_what_cannot_be_used_is_answered_in_a_sentence(notebook, monkeypatch, code, sentence):
    (data, metadata), = notebook.verdicts(code)
    assert data["text/plain"] == sentence and metadata == {}
    monkeypatch.setattr(answers, "attended", lambda: False)
    shown, printed, error = notebook.run(code)
    assert shown == [] and isinstance(error, ValueError) and printed == f"Refused: {sentence}\n"


@pytest.mark.parametrize("answer", [
    "'text'", "float('nan')", "[1, 2]", "(k for k in range(3))", "print", "type", "10**5000", "np.zeros(10**6)", "Liar()",
    "lambda: 1", f"lambda {SIX}: 1 / 0", f"lambda {SIX}: {{'do': 1}}", f"lambda {SIX}: Liar()", f"lambda {SIX}: 'text'"])
def test_no_answer_raises_before_a_learner(notebook, answer):
    liar = ("import numpy as np\nclass Liar:\n    def __eq__(self, *a): raise RuntimeError\n    "
            "__array__ = __repr__ = __bool__ = __len__ = __iter__ = __getattr__ = __eq__\n")
    (data, metadata), = notebook.verdicts(f'{liar}checking.check("L98-q2", {answer})')
    assert metadata["bpviz"]["status"] == "wrong" and data["text/plain"].count("\n") == 1


def test_a_check_that_fails_itself_says_so(notebook, monkeypatch):
    monkeypatch.setattr(small_exercise.Asks, "judge", lambda *_: 1 / 0)
    (data, _), = notebook.verdicts('checking.check("L98-q2", 1)')
    assert data["text/plain"].splitlines()[1] == ("The check itself has failed, which is not your fault: ZeroDivisionError: "
                                                  "'division by zero'.")
    monkeypatch.setattr(answers, "attended", lambda: False)
    assert isinstance(notebook.run('checking.check("L98-q2", 1)')[2], ZeroDivisionError)


# ---- where nobody is there

@pytest.fixture
def unattended(notebook, monkeypatch):
    monkeypatch.setattr(answers, "attended", lambda: False)
    return notebook


def test_without_a_reader_a_wrong_answer_raises_its_sentence_only(unattended, tmp_path):
    shown, printed, error = unattended.run(f"{TWICE}\n{CHECK}")
    assert isinstance(error, AssertionError) and isinstance(error, checking.Wrong)
    assert printed == "Wrong: L98-q2: dL/dW2 is where it first goes wrong. Is there a factor <too> many?\n"
    (data, metadata), = shown
    assert metadata["bpviz"] == {"id": "L98-q2", "status": "wrong", "key": "dW2: off"}
    assert unattended.run(f"{BACKWARD}\n{CHECK}")[1:] == ("", None)
    assert not (tmp_path / answers.NAME).exists()


def test_not_attempted_is_no_error_unless_it_is_asked_for(unattended, monkeypatch):
    assert unattended.run('checking.check("L98-q2", ...)')[1:] == ("", None)
    monkeypatch.setenv("BPVIZ_STRICT", "1")
    shown, printed, error = unattended.run('checking.check("L98-q2", ...)')
    assert isinstance(error, checking.Wrong) and printed == "Wrong: L98-q2: Not attempted yet.\n" and len(shown) == 1


def test_outside_of_ipython_the_text_is_printed(monkeypatch, capsys):
    monkeypatch.setattr(checking, "get_ipython", lambda: None)
    with small_exercise.installed():
        checking.check("L98-q2", small_exercise.right)
        assert capsys.readouterr().out == "✓ Right: Backward on rows (L98-q2)\nAll 4 partials are right.\n"
        with pytest.raises(checking.Wrong, match="L98-q2: A function is asked for, and this is 'text'"):
            checking.check("L98-q2", "text")


# ---- a check before its answer's cell

def test_a_check_that_comes_too_early_is_told(notebook, one_shell, monkeypatch):
    one_shell.set_custom_exc((), None)
    one_shell.custom_exceptions = ()
    early.listen(checking._say)
    shown, printed, error = notebook.run(CHECK)
    assert printed == "" and isinstance(error, NameError)
    assert shown[0][0]["text/plain"] == ("backward is not there yet: first run the cell with your answer, above (Shift+Enter), "
                                         "then this one again.")
    for other in ('checking.check("L98-q2", backwards)', "backward", 'checking.check("L98-q9", backward)', "def f(): g()\nf()"):
        shown, printed, error = notebook.run(other)
        assert shown == [] and "NameError" in printed, other
    monkeypatch.setattr(answers, "attended", lambda: False)
    assert "NameError" in notebook.run(CHECK)[1]
    one_shell.custom_exceptions = ()


# ---- hints, the worked solution

def test_hints_come_one_by_one_and_stay(notebook, tmp_path):
    said = [notebook.verdicts('checking.hint("L98-q2")')[0][0]["text/markdown"] for _ in range(4)]
    assert said[0] == "**Hint 1 of 3.** Begin at the loss."
    assert [text.count("**Hint ") for text in said] == [1, 2, 3, 3] and said[2] == said[3] and said[1].startswith(said[0])
    assert [event["n"] for event in kept(tmp_path)] == [1, 2, 3]


def test_the_worked_solution_opens_when_it_may(notebook, tmp_path):
    ask = 'checking.solution("L98-q2")'
    (data, _), = notebook.verdicts(ask)
    assert data["text/plain"].startswith("The worked solution opens when your answer is right, or after three hints")
    for _ in range(3):
        notebook.run('checking.hint("L98-q2")')
    for k, part in enumerate(('"do": do', '"dz2": dz2', '"dW2": a1', '"db2": dz2')):
        name, _, value = part.partition(": ")
        notebook.run(BACKWARD.replace(part, f"{name}: {k + 2} * {value}") + "\n" + CHECK)
        (data, _), = notebook.verdicts(ask)
        assert data["text/plain"].startswith("The worked solution opens") == (k < 2), k
    assert small_exercise.SOLUTION in data["text/markdown"] and "**chain rule**" in data["text/markdown"]
    assert "noted as read" in data["text/markdown"] and kept(tmp_path)[-1] == {"kind": "solution", "id": "L98-q2"}


def test_a_hand_out_may_keep_it_back(notebook):
    (data, _), = notebook.verdicts(f'{BACKWARD}\nchecking.check("L98-q2", backward, solution=False)')
    (data, _), = notebook.verdicts('checking.solution("L98-q2")')
    assert data["text/plain"] == "Your teacher's hand-out keeps the worked solution back."


def test_without_a_reader_hints_are_not_spent(unattended, tmp_path):
    for _ in range(2):
        (data, _), = unattended.verdicts('checking.hint("L98-q2")')
        assert data["text/plain"] == "**Hint 1 of 3.** Begin at the loss."
    assert not (tmp_path / answers.NAME).exists()


def test_where_nothing_can_be_written_it_is_said_and_counts_all_the_same(notebook, tmp_path):
    (tmp_path / answers.NAME).mkdir()
    (data, _), = notebook.verdicts(f"{BACKWARD}\n{CHECK}")
    assert data["text/plain"].splitlines()[-1].startswith(f"The file {answers.NAME} cannot be written here")
    assert answers.NAME in data["text/html"]
    assert notebook.verdicts('checking.solution("L98-q2")')[0][0]["text/markdown"].startswith("**The worked solution")


# ---- the buttons

@pytest.fixture
def helps(notebook, monkeypatch):
    """run(code) -> the Help that its check showed."""
    made = []
    monkeypatch.setattr(checking, "Help", lambda *given, **named: made.append(Help(*given, **named)) or made[-1])

    def run(code):
        notebook.run(code)
        return made[-1]
    yield run
    for one in made:
        one.close()


def labels(one):
    row = next(child for child in one.widget.children if "bpviz-buttons" in child._dom_classes)
    return [(child.description, child.disabled) for child in row.children if hasattr(child, "description") and child is not one.why_not]


def said(one):
    (out,) = one.said.outputs
    return out["data"]["text/markdown"]


def test_which_buttons_there_are(helps):
    closed = ("Worked solution", True)
    assert labels(helps('checking.check("L98-q2", ...)')) == [("Hint (1 of 3)", False), closed]
    assert labels(helps(f"{TWICE}\n{CHECK}")) == [("Hint (1 of 3)", False), ("Show me", False), closed]
    assert labels(helps('checking.check("L98-q2", "text")')) == [("Hint (1 of 3)", False), closed]
    held = helps(f"{BACKWARD}\nchecking.check('L98-q2', backward, solution=False)")
    assert labels(held) == [] and "Your teacher's hand-out keeps" in held.why_not.value
    passed = helps(f"{BACKWARD}\n{CHECK}")
    assert labels(passed) == [("Worked solution", False)] and ">" + "<" in passed.why_not.value


def test_the_hint_button_goes_on_and_the_solution_opens_under_it(helps, tmp_path):
    for k, part in enumerate(('"do": do', '"dz2": dz2', '"dW2": a1')):
        name, _, value = part.partition(": ")
        one = helps(BACKWARD.replace(part, f"{name}: {k + 2} * {value}") + "\n" + CHECK)
    assert labels(one)[-1] == ("Worked solution", True) and "hints (none so far)" in one.why_not.value
    for n in (1, 2, 3):
        one.hint.click()
        assert said(one).count("**Hint ") == n
    assert one.hint.description == "The hints again" and labels(one)[-1] == ("Worked solution", False)
    one.hint.click()
    assert said(one).count("**Hint ") == 3 and [event["n"] for event in kept(tmp_path) if event["kind"] == "hint"] == [1, 2, 3]
    one.solution.click()
    assert said(one).startswith("**The worked solution of L98-q2**") and kept(tmp_path)[-1]["kind"] == "solution"


def test_show_me_opens_the_walk_at_the_wrong_edge_with_theirs_beside_it(helps):
    one = helps(f"{TWICE}\n{CHECK}")
    one.show.click()
    assert one.panel.widget in one.place.children and one.panel.explorer.title == "Your numbers in the walk"
    assert "dL/dw2[1,1] = 0.1643" in one.panel.words and "Yours is 0.329, twice the right 0.164." in one.panel.words
    assert "<img alt=" in one._still()["text/html"] and "twice the right" in one._still()["text/plain"]
    here = dict(one.panel.values)
    one.panel.set(step=here["step"] - 12)
    assert "Yours is the same." in one.panel.words
    one.show.click()                                                              # back to the wrong edge
    assert one.panel.values == here and len(one.place.children) == 1
    one.panel._choose("example", "article 2-2-1")                                 # as its menu does
    assert one.panel.words.endswith("Your numbers belong to another network; Reset brings them back.")
    one.panel._reset()
    assert one.panel.values == here and "twice the right" in one.panel.words


def test_show_me_where_the_walk_has_no_such_example(helps, monkeypatch):
    monkeypatch.setattr(small_exercise, "example", lambda: {**REAL_EXAMPLE(), "b1": np.array([0.5, 0.25])})
    one = helps(f"{TWICE}\n{CHECK}")
    one.show.click()
    assert said(one) == "The walk has no picture of this one." and one.panel is None


REAL_EXAMPLE = small_exercise.example


def test_a_button_that_breaks_says_so(helps, monkeypatch):
    one = helps(f"{TWICE}\n{CHECK}")
    monkeypatch.setattr("bpviz.widgets.help.next_hint", lambda *_: 1 / 0)
    one.hint.click()
    assert said(one) == "That did not work: ZeroDivisionError: division by zero"


def test_run_again_everything_is_given_back(helps):
    before = living_widgets()
    one = helps(f"{TWICE}\n{CHECK}")
    one.show.click()
    assert living_widgets() > before + 40
    one.close()
    assert living_widgets() == before
    one.close()
    helps(f"{BACKWARD}\n{CHECK}").close()
    assert living_widgets() == before


def living_widgets():
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return len(Widget.widgets)


# ---- a real kernel

def test_a_program_that_runs_the_notebook_sees_one_sentence_and_writes_nothing(tmp_path):
    """nbclient, as nbconvert, nbval and nbgrader run notebooks: kept nowhere, red with its sentence, nothing on stderr."""
    set_up = f"import sys; sys.path.insert(0, {str(TESTS)!r})\nimport numpy as np, bpviz as bp\nimport small_exercise; small_exercise.install()"
    check = CHECK.replace("checking", "bp")
    cells = [set_up, BACKWARD, check, TWICE, check, 'bp.check("L98-q2", ...)', 'bp.check("L98-q2", backward)\nprint("on")',
             'bp.hint("L98-q2")', 'bp.solution("L98-q2")']
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell) for cell in cells])
    NotebookClient(notebook, timeout=120, kernel_name="python3", allow_errors=True, resources={"metadata": {"path": str(tmp_path)}}).execute()
    outputs = [cell.outputs for cell in notebook.cells]
    assert outputs[0] == outputs[1] == outputs[3] == [] and [path.name for path in tmp_path.iterdir()] == []
    (right,), (wrong, error), (nothing,) = outputs[2], outputs[4], outputs[5]
    assert [one.metadata["bpviz"]["status"] for one in (right, wrong, nothing)] == ["right", "wrong", "not attempted"]
    assert (error.output_type, error.ename, error.evalue) == ("error", "Wrong", "L98-q2: dL/dW2 is where it first goes wrong. "
                                                              "Is there a factor <too> many?")
    assert error.traceback == [f"Wrong: {error.evalue}"]
    assert [one.output_type for one in outputs[6]] == ["display_data", "error"]           # the cell ends there
    assert outputs[7][0].data["text/plain"] == "**Hint 1 of 3.** Begin at the loss."
    assert outputs[8][0].data["text/plain"].startswith("The worked solution opens when")
    assert not any(one.output_type == "stream" for some in outputs for one in some)


def test_what_a_page_is_sent_is_made_of_elements_that_there_are():
    """A browser takes a misspelt one for a span: printed lines would run together."""
    html = verdict_html("A question", Judgement("wrong", "No."), note="A note.", printed="a\n  b\n")
    tags = set(re.findall(r"</?([a-z][\w-]*)", html))
    assert tags <= {"style", "div", "table", "caption", "tbody", "tr", "td", "th", "p", "pre", "code", "details", "summary"}
    assert "<pre>a\n  b</pre>" in html


@pytest.mark.parametrize(("said", "shown"), [
    ("the sum over *all* rows.", "the sum over <em>all</em> rows."),
    ("what it *answers*, not `2 * a * (1 - a)`.", "what it <em>answers</em>, not <code>2 * a * (1 - a)</code>."),
    ("got '2 *w* 3' and d1*v1*(1 - a**2)", "got &#x27;2 *w* 3&#x27; and d1*v1*(1 - a**2)")])
def test_a_stressed_word_of_a_verdict_has_no_stars_on_the_page(said, shown):
    """But a product keeps its own."""
    assert f"<p>{shown}</p>" in verdict_html("A question", Judgement("wrong", said))
