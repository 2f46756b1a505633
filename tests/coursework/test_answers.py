"""The file of answers: added to, never written over, and read whatever else is in it."""
import json
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bpviz.coursework.learner import answers

HINT = {"kind": "hint", "id": "L03-q2", "n": 1}
SAID = {"kind": "prediction", "id": "L03-p1", "answer": "it falls", "sure": 2}


@pytest.fixture
def here(tmp_path, monkeypatch):
    """A folder of answers, and somebody there to answer."""
    monkeypatch.setattr(answers, "_start_folder", tmp_path)
    monkeypatch.setattr(answers, "_in_memory", [])
    monkeypatch.setattr(answers, "attended", lambda: True)
    return tmp_path / answers.NAME


def test_what_is_kept_is_found_again_in_order(here):
    every = [SAID, HINT, {**SAID, "answer": 0.5, "sure": 0}, {**SAID, "id": "L03-p2", "answer": [1, 2.5]},
             {"kind": "attempt", "id": "L03-q2", "status": "wrong", "key": "dW2: twice", "code": "ab12"},
             {"kind": "solution", "id": "L03-q2"}]
    assert [answers.keep(event) for event in every] == [""] * len(every)
    assert answers.events() == tuple(every)
    assert answers.events("L03-q2") == (every[1], *every[4:]) and answers.events(kind="hint") == (HINT,)
    assert answers.events("L03-p1", "prediction") == (SAID, every[2])
    assert answers.events("L03-p9") == () and answers.folder() == here.parent
    assert [json.loads(line) for line in here.read_text().splitlines()] == every


NOT_EVENTS = [None, 3, [], {}, "text", {**SAID, "kind": "nonsense"}, {**SAID, "kind": []}, {**SAID, "id": "../x"},
              {**SAID, "id": 3}, {**SAID, "sure": 3}, {**SAID, "sure": True}, {**SAID, "sure": 1.0}, {**SAID, "answer": None},
              {**HINT, "n": 0}, {**HINT, "n": "1"}, {"kind": "hint", "id": "L03-q2"},
              {"kind": "attempt", "id": "L03-q2", "status": "ok", "key": "", "code": ""}]


@pytest.mark.parametrize("event", NOT_EVENTS, ids=str)
def test_what_is_no_event_is_neither_kept_nor_read(here, event):
    with pytest.raises(ValueError, match="event: got"):
        answers.keep(event)
    here.write_text(json.dumps(event) + "\n" + json.dumps(SAID) + "\n")
    assert answers.events() == (SAID,)


@given(st.lists(st.binary(max_size=40).filter(lambda line: b"\n" not in line), max_size=5), st.booleans())
def test_any_bytes_in_the_file_are_left_alone(garbage, whole):
    """Also a last line that was broken off: what is added then stands on a line of its own."""
    import tempfile
    from pathlib import Path
    with tempfile.TemporaryDirectory() as place, pytest.MonkeyPatch.context() as patch:
        patch.setattr(answers, "_start_folder", Path(place))
        patch.setattr(answers, "attended", lambda: True)
        before = b"\n".join(garbage) + (b"\n" if whole else b"")
        (Path(place) / answers.NAME).write_bytes(before)
        answers.keep(SAID)
        assert answers.events() == (SAID,) and (Path(place) / answers.NAME).read_bytes().startswith(before)


@pytest.mark.parametrize("line", ["[" * 100_000, "9" * 5000, '{"kind": "prediction", "id": "L03-p1", "answer": "'
                                  + "x" * answers.LONGEST_LINE + '", "sure": 1}', "\x00", "NaN"], ids=len)
def test_lines_that_break_readers(here, line):
    here.write_text(line + "\n" + json.dumps(HINT) + "\n")
    assert answers.events() == (HINT,)


def test_several_writers_at_once_lose_nothing(here):
    def write(k):
        return answers.keep({**SAID, "answer": "x" * 5000, "id": f"L03-p{k}"})
    with ThreadPoolExecutor(8) as pool:
        assert set(pool.map(write, range(200))) == {""}
    assert sorted(event["id"] for event in answers.events()) == sorted(f"L03-p{k}" for k in range(200))


@pytest.mark.parametrize("hinder", ["a folder of that name", "the folder is gone", "a pipe"])
def test_where_nothing_can_be_written_the_kernel_remembers(here, hinder, monkeypatch):
    if hinder == "a folder of that name":
        here.mkdir()
    elif hinder == "a pipe":
        import os
        os.mkfifo(here)
    else:
        monkeypatch.setattr(answers, "_start_folder", here.parent / "gone")
    said = answers.keep(SAID)
    assert said.startswith("The file bpviz_answers.jsonl cannot be written here (") and "until the kernel stops" in said
    assert answers.events() == answers.events("L03-p1") == (SAID,)


def test_nobody_there_nothing_kept(here, monkeypatch):
    monkeypatch.setattr(answers, "attended", lambda: False)
    assert answers.keep(SAID) == "" and not here.exists() and answers.events() == ()


OF_JUPYTERLAB, OF_NBCLIENT = "4d2f1c1e-6a3b-4b8e-9d6e-0f2c7a1b3c4d", "0a1b2c3d-0123456789abcdef01234567"


@pytest.mark.parametrize("session, environment, there", [
    (OF_JUPYTERLAB, {}, True), (OF_JUPYTERLAB, {"BPVIZ_UNATTENDED": "1"}, False),
    (OF_JUPYTERLAB, {"PYTEST_CURRENT_TEST": "a.ipynb"}, True), (None, {"JPY_SESSION_NAME": "a", "PYTEST_CURRENT_TEST": "t"}, False),
    (OF_NBCLIENT, {"JPY_SESSION_NAME": "/a.ipynb"}, False),
    (OF_NBCLIENT, {}, False), (None, {"JPY_SESSION_NAME": "/a.ipynb"}, True), (None, {}, False)])
def test_who_is_there(monkeypatch, session, environment, there):
    """JPY_SESSION_NAME is inherited by whatever a learner's own cell starts, so what the request says leads."""
    shell = SimpleNamespace(parent_header={"header": {"session": session}} if session else {}, user_ns={})
    monkeypatch.setattr(answers, "_shell", lambda: shell)
    for name in ("PYTEST_CURRENT_TEST", "BPVIZ_UNATTENDED", "JPY_SESSION_NAME"):
        monkeypatch.delenv(name, raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    assert answers.attended() is there


def test_vs_code_says_where_its_notebook_is(monkeypatch, tmp_path):
    monkeypatch.setattr(answers, "_shell", lambda: SimpleNamespace(user_ns={"__vsc_ipynb_file__": str(tmp_path / "a.ipynb")}))
    assert answers._start() == tmp_path


def test_the_folder_is_that_of_the_start(tmp_path):
    """A learner who goes elsewhere later (chdir) does not lose what was said before."""
    (tmp_path / "elsewhere").mkdir()
    code = "from bpviz.coursework.learner import answers; import os; os.chdir('elsewhere'); print(answers.folder())"
    assert subprocess.check_output([sys.executable, "-c", code], text=True, cwd=tmp_path).strip() == str(tmp_path)


def test_a_file_too_large_to_be_read_again_is_not_said_to_keep_anything(here, monkeypatch):
    monkeypatch.setattr(answers, "MOST_BYTES", 300)
    said = [answers.keep(SAID) for _ in range(9)]
    assert said[0] == "" and "too large" in said[-1] and len(answers.events()) == 9
