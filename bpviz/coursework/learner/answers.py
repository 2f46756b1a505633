"""What a learner has answered, beside the notebook: one line of JSON per event, only ever added to.

The file bpviz_answers.jsonl lies in the folder in which the kernel was started, the notebook's. So answers outlive a
restart, a renamed notebook and a copied folder; two notebooks of one lesson in one folder share them. Nothing is sent
anywhere. Where the file cannot be written, answers live as long as the kernel; where nobody is there to answer (a
program runs the notebook), nothing is kept at all.

event    {"kind": "prediction", "id": "L03-p1", "answer": ..., "sure": 0 | 1 | 2}
         {"kind": "attempt", "id": "L03-q2", "status": ..., "key": ..., "code": hash of the answer}, and what
          progress.py puts beside these
         {"kind": "hint", "id": ..., "n": 1 | 2 | 3}        {"kind": "solution", "id": ...}
         {"kind": "inventory", "id": "before-I07" or "after-I07", "answer": ..., "sure": 0 | 1 | 2}
"""
import errno
import json
import os
import re
import sys
from pathlib import Path

from bpviz.base.arguments import refuse
from bpviz.coursework.exercise import ID, STATUSES
from bpviz.coursework.prediction import SURENESS

NAME = "bpviz_answers.jsonl"
LONGEST_LINE, MOST_BYTES = 100_000, 50_000_000           # what is longer was not written here
# The library that programs run notebooks with (jupyter_client, below nbclient, nbconvert, nbval, papermill, Jupyter
# Book, Quarto) names its sessions in this form; no front end in a browser does.
OF_A_PROGRAM = re.compile(r"[0-9a-f]{8}-[0-9a-f]{24}")


def _is_count(low, high):
    return lambda value: type(value) is int and low <= value <= high


def _is_text(value):
    return isinstance(value, str)


ANSWERED = {"answer": lambda value: value is not None, "sure": _is_count(0, len(SURENESS) - 1)}
FIELDS = {"prediction": ANSWERED, "inventory": ANSWERED,
          "attempt": {"status": STATUSES.__contains__, "key": _is_text, "code": _is_text},
          "hint": {"n": _is_count(1, 3)},
          "solution": {}}
INVENTORY_ID = re.compile(r"(before|after)-I\d\d")
_in_memory = []                     # what could not be written


def _shell():
    """The IPython that runs this, or None."""
    ipython = sys.modules.get("IPython")
    return None if ipython is None else ipython.get_ipython()


def _notebook_of_vs_code():
    """The path of the notebook, where VS Code says it; or None."""
    path = getattr(_shell(), "user_ns", {}).get("__vsc_ipynb_file__")
    return path if isinstance(path, str) else None


def _start():
    notebook = _notebook_of_vs_code()                    # its kernels may start in a folder of their own
    try:
        return Path(notebook).parent if notebook else Path.cwd()
    except OSError:                                      # the folder is gone already
        return Path()


_start_folder = _start()                                 # now: later a learner may go elsewhere (chdir)


def folder():
    """Where the answers are: the folder in which the kernel was started."""
    return _start_folder


def attended():
    """Whether somebody is there to answer; not where a program runs the notebook, or BPVIZ_UNATTENDED is set.

    Who sent the cell says it best: variables of the environment are inherited by whatever a cell or a test starts.
    """
    if os.environ.get("BPVIZ_UNATTENDED"):
        return False
    request = getattr(_shell(), "parent_header", None)
    session = request.get("header", {}).get("session") if isinstance(request, dict) else None
    if session:
        return OF_A_PROGRAM.fullmatch(str(session)) is None
    return "PYTEST_CURRENT_TEST" not in os.environ and bool(
        os.environ.get("JPY_SESSION_NAME") or _notebook_of_vs_code() or "google.colab" in sys.modules
        or sys.platform == "emscripten")


def _is_event(event):
    """Whether this is an event with all its fields, each of its kind."""
    if not isinstance(event, dict) or not isinstance(event.get("kind"), str) or event["kind"] not in FIELDS:
        return False
    name = INVENTORY_ID if event["kind"] == "inventory" else ID
    return (isinstance(event.get("id"), str) and name.fullmatch(event["id"]) is not None
            and all(name in event and fits(event[name]) for name, fits in FIELDS[event["kind"]].items()))


def keep(event):
    """Add an event to the file. "" if it is there now, else the sentence that says where it is kept instead.

    event: a dict as in the first lines of this file; ValueError for another. Nothing is kept where nobody is there.
    """
    if not _is_event(event):
        refuse("event", event, f"allowed is a dict with kind ({', '.join(FIELDS)}), id and the fields of its kind")
    if not attended():
        return ""
    line = json.dumps(event, allow_nan=False).encode() + b"\n"
    path = folder() / NAME
    try:
        if path.exists() and not path.is_file():
            raise FileExistsError(errno.EEXIST, "something else has its name")
        if path.exists() and path.stat().st_size + len(line) >= MOST_BYTES:
            raise OSError(errno.EFBIG, "it is too large")       # what stands behind would never be read again
        with open(path, "ab", buffering=0) as file:      # one write at the end: safe for two kernels
            file.write((b"" if _ends_well(path) else b"\n") + line)
        return ""
    except OSError as error:
        _in_memory.append(json.loads(line))
        return (f"The file {NAME} cannot be written here ({error.strerror or type(error).__name__}): your answer is "
                "kept only until the kernel stops.")


def _ends_well(path):
    """Whether the file is empty or ends with a whole line; a computer that went off in between leaves half a one."""
    with open(path, "rb") as file:
        if file.seek(0, os.SEEK_END) == 0:
            return True
        file.seek(-1, os.SEEK_END)
        return file.read() == b"\n"


def _lines(path):
    try:
        if not path.is_file():
            return []
        with open(path, "rb") as file:
            return file.read(MOST_BYTES).splitlines()
    except OSError:
        return []


def _read(line):
    """The event of a line, or None for what cannot be read."""
    try:
        event = json.loads(line) if len(line) <= LONGEST_LINE else None
    except (ValueError, RecursionError):
        return None
    return event if _is_event(event) else None


def events(id=None, kind=None):
    """All that was kept, oldest first, as a tuple of dicts; lines that cannot be read are left out.

    id: only of this exercise or prediction.  kind: only of this kind.
    """
    found = [*events_of(folder() / NAME), *_in_memory]
    return tuple(event for event in found if id in (None, event["id"]) and kind in (None, event["kind"]))


def events_of(path):
    """All that stands in a file of answers, oldest first; lines that cannot be read are left out."""
    return [event for event in map(_read, _lines(path)) if event is not None]
