"""python -m bpviz selfcheck: what became of every exercise, whatever a notebook does to its kernel.

The check of small_course.py stands in for bp.check: it shows the same metadata, in a kernel that starts in a second.
"""
import os
import subprocess
import sys
from pathlib import Path
from unittest.mock import Mock, call

import pytest
from small_course import code
from small_course import source as source

from bpviz.__main__ import main
from bpviz.coursework.notebooks import selfcheck
from bpviz.coursework.notebooks.handout import hand_out, mutant, solved
from bpviz.coursework.notebooks.notebook import written
from bpviz.coursework.notebooks.selfcheck import ExerciseState, checked, said


def place(nb, id):
    return next(k for k, cell in enumerate(nb["cells"]) if cell["id"] == id)


def run(nb, tmp_path, seconds=60):
    """checked, with the cells that need the real bpviz left out."""
    nb["cells"] = [cell for cell in nb["cells"] if cell["id"] not in ("e", "h")]
    return checked(written(nb), str(tmp_path / "lesson.ipynb"), seconds)


def test_a_notebook_with_everything_in_it(source, tmp_path, monkeypatch):
    """One kernel: right, wrong, a cell that never ends, a check that says nothing, folder and environment."""
    monkeypatch.setenv("BPVIZ_STRICT", "1")
    nb = solved(source)
    nb["cells"][place(nb, "g")] = code("import os\nONE = 1\nassert (os.environ['BPVIZ_UNATTENDED'], 'BPVIZ_STRICT' in "
                                       "os.environ, os.getcwd()) == ('1', False, " f"{str(tmp_path)!r})\nlow = ONE", "g")
    nb["cells"][place(nb, "L77-q1-check")], moved = code("low", "z"), nb["cells"][place(nb, "L77-q1-check")]
    nb["cells"] += [moved, code("import time\ntime.sleep(99)", "y")]
    found, note = run(nb, tmp_path, seconds=3)
    assert note == "" and found == (ExerciseState("L77-q1", "right"),
                                    ExerciseState("L77-q2", "wrong", "That is not it."))
    assert not list(tmp_path.iterdir())                                           # nothing is written


def test_a_hand_out_is_not_attempted(source, tmp_path):
    assert run(hand_out(source), tmp_path) == ((ExerciseState("L77-q1", "not attempted"),
                                                ExerciseState("L77-q2", "not attempted")), "")


def test_edited_missing_and_stopped(source, tmp_path):
    nb = mutant(source, 1)
    nb["cells"][place(nb, "L77-q1-answer")]["source"] = "def slope(w, x):\n    return undefined"
    nb["cells"][place(nb, "L77-q2-check")]["source"] = "True"
    found, note = run(nb, tmp_path)
    assert found == (ExerciseState("L77-q1", "stopped", "NameError: name 'undefined' is not defined"),
                     ExerciseState("L77-q2", "edited", "its check cell was edited")) and note == ""


HIDDEN = """
def low(*given):
    from IPython.display import display
    def show(status):
        display({"text/plain": ""}, raw=True, metadata={"bpviz": {"id": "L77-q1", "status": status, "key": ""}})
    show(%r)
    get_ipython().events.register("post_run_cell", lambda result: show("right"))
    get_ipython().showtraceback = lambda *a, **k: None
    raise AssertionError("L77-q1: That is not it.")
bp.check = low
"""


def test_an_error_that_is_hidden_and_a_result_shown_after_it_count_for_nothing(source, tmp_path):
    nb = solved(source)
    nb["cells"].insert(place(nb, "L77-q1-check"), code(HIDDEN % "wrong", "s"))
    found, note = run(nb, tmp_path)
    assert found[0] == ExerciseState("L77-q1", "stopped", "AssertionError: L77-q1: That is not it.") and note == ""


@pytest.mark.parametrize("stops, note", [
    ("import os\nos._exit(1)", "The kernel died in code cell 5; the cells after it were not run."),
    ("import signal\nsignal.signal(signal.SIGINT, signal.SIG_IGN)\nimport time\ntime.sleep(99)",
     "The kernel did not stop in code cell 5; the cells after it were not run."),
], ids=["a dead kernel", "a cell that cannot be interrupted"])
def test_what_ends_it_early_is_one_sentence(source, tmp_path, monkeypatch, stops, note):
    monkeypatch.setattr("bpviz.coursework.notebooks.selfcheck.PATIENCE", 0.5)
    nb = solved(source)
    nb["cells"].insert(place(nb, "L77-q1-prompt"), code(stops, "s"))
    nb["cells"].insert(0, nb["cells"].pop(place(nb, "L77-q1-check")))             # the check before all others
    found, why = run(nb, tmp_path, seconds=3)
    assert [one.status for one in found] == ["stopped", "not run"] and why == note


def test_what_is_said():
    found = (ExerciseState("L77-q1", "right"), ExerciseState("L77-q2", "wrong", "Twice too much."), ExerciseState("L77-q3", "not attempted"),
             ExerciseState("L77-q4", "missing", "its check cell is missing"), ExerciseState("L77-q5", "right"))
    assert said("a.ipynb", found, "The kernel died.") == (
        "L77-q1  right\nL77-q2  wrong: Twice too much.\nL77-q3  not attempted\nL77-q4  missing: its check cell is missing\n"
        "L77-q5  right\nThe kernel died.\na.ipynb: 5 exercises: 2 right, 1 wrong, 1 not attempted, 1 missing")
    assert said("a.ipynb", found[:1]) == "L77-q1  right\na.ipynb: 1 exercise: 1 right"
    assert said("a.ipynb", ()) == "a.ipynb: no exercises"


@pytest.mark.parametrize("statuses, note, code_, strict", [
    (("right", "not attempted"), "", 0, 1), (("right",), "", 0, 0), (("right", "wrong"), "", 1, 1),
    (("missing",), "", 1, 1), (("edited",), "", 1, 1), (("stopped",), "", 1, 1), (("not run",), "", 1, 1),
    (("right",), "The kernel died.", 1, 1), ((), "", 0, 0)])
def test_its_exit_status(monkeypatch, tmp_path, capsys, statuses, note, code_, strict):
    monkeypatch.setattr("bpviz.coursework.notebooks.selfcheck.checked",
                        lambda *_: (tuple(ExerciseState("L77-q1", status) for status in statuses), note))
    (tmp_path / "a.ipynb").write_text("")
    assert main(["selfcheck", str(tmp_path / "a.ipynb")]) == code_
    assert main(["selfcheck", str(tmp_path / "a.ipynb"), "--strict"]) == strict
    assert capsys.readouterr().err == ""


def test_a_file_that_cannot_be_run_is_one_sentence(source, tmp_path, capsys, monkeypatch):
    (tmp_path / "broken.ipynb").write_text("{")
    (tmp_path / "lesson.ipynb").write_bytes(written(source))
    monkeypatch.setitem(sys.modules, "jupyter_client.manager", None)              # as where no Jupyter is installed
    for name, sentence in (("broken.ipynb", "this is no notebook"), ("none.ipynb", "cannot be read"),
                           ("lesson.ipynb", 'none starts here (ModuleNotFoundError); `pip install ipykernel`')):
        assert main(["selfcheck", str(tmp_path / name)]) == 2
        error = capsys.readouterr().err
        assert error.startswith("bpviz: ") and sentence in error and len(error.splitlines()) == 1


def test_a_cell_needs_time(source, tmp_path, capsys):
    (tmp_path / "lesson.ipynb").write_bytes(written(source))
    assert main(["selfcheck", str(tmp_path / "lesson.ipynb"), "--seconds", "0"]) == 2
    assert capsys.readouterr().err == "bpviz: --seconds: got 0; allowed is a whole number of at least 1\n"


def test_ctrl_c_ends_the_kernel_too(source, tmp_path, monkeypatch, capsys):
    kernel = Mock()
    monkeypatch.setattr(selfcheck, "_kernel", lambda folder: (kernel, kernel))
    monkeypatch.setattr(selfcheck, "_cell", Mock(side_effect=KeyboardInterrupt))
    (tmp_path / "lesson.ipynb").write_bytes(written(source))
    assert main(["selfcheck", str(tmp_path / "lesson.ipynb")]) == 130
    assert capsys.readouterr() == (f"{tmp_path / 'lesson.ipynb'}: interrupted\n", "")
    assert kernel.mock_calls == [call.stop_channels(), call.shutdown_kernel(now=True), call.cleanup_resources()]


def test_a_notebook_without_exercises_starts_no_kernel(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "jupyter_client.manager", None)
    assert checked(written({"cells": [code("1", "a")], "metadata": {}}), "a.ipynb") == ((), "")


def test_as_a_command_it_leaves_no_kernel_behind(source, tmp_path):
    """The real command in a process of its own: lesson L77 is not in the package, its list is in the notebook."""
    nb = solved(source)
    nb["cells"] = [cell for cell in nb["cells"] if cell["id"] not in ("e", "h")]
    nb["cells"].append(code(f"import os\nwith open({str(tmp_path / 'pid')!r}, 'w') as f:\n    f.write(str(os.getpid()))", "p"))
    (tmp_path / "lesson.ipynb").write_bytes(written(nb))
    done = subprocess.run([sys.executable, "-m", "bpviz", "selfcheck", "lesson.ipynb"], cwd=tmp_path, capture_output=True,
                          text=True, env={**os.environ, "PYTHONPATH": str(Path(__file__).resolve().parents[2])})
    assert (done.returncode, done.stderr) == (1, "")
    assert done.stdout.splitlines() == ["L77-q1  stopped: NameError: name 'ONE' is not defined",
                                        "L77-q2  wrong: That is not it.",
                                        "lesson.ipynb: 2 exercises: 1 wrong, 1 stopped"]
    with pytest.raises(ProcessLookupError):
        os.kill(int((tmp_path / "pid").read_text()), 0)
