"""How the exercises of a notebook stand: it is run in a kernel of its own, and what every check says is gathered.

Nobody is there to answer a prediction while it runs, and nothing is kept of it: the notebook stays as it is.
A kernel that dies, a cell that never ends and a check cell that was edited are one word each, not the end of it.
"""
import os
import queue
import re
import subprocess
import time
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from bpviz.coursework.notebooks.notebook import part, read, text
from bpviz.coursework.notebooks.standing import standing

STATUSES = "right", "wrong", "not attempted", "missing", "edited", "stopped", "not run"
COLOURS = re.compile(r"\x1b\[[0-9;]*m")
PATIENCE = 5                                       # seconds for a cell to end once it was interrupted


@dataclass(frozen=True)
class ExerciseState:
    """How one exercise stands. id: "L03-q2".  status: one of STATUSES.  says: a sentence, or ""."""
    id: str
    status: str
    says: str = ""


@dataclass(frozen=True)
class Ran:
    """What came of one cell. results: {id: (status, sentence)} of its checks.  error: a sentence, or ""."""
    results: dict
    error: str = ""


def checked(data, name, seconds=120):
    """bytes of a notebook -> ((ExerciseState, ...), "" or the sentence that says what ended it early).

    name: its path; it runs in that folder.  seconds: the longest that a cell may take.
    """
    nb = read(data, name)
    stands = standing(nb)
    if not stands:
        return (), ""
    cells = [cell for cell in nb["cells"] if cell["cell_type"] == "code"]
    ran, note = _run([text(cell) for cell in cells], Path(name).resolve().parent, seconds)
    checks = {part(cell)[0]: place for place, cell in enumerate(cells) if (part(cell) or ("", ""))[1] == "check"}
    found = []
    for id, fault in stands.items():
        if fault:
            found.append(ExerciseState(id, "missing" if fault.endswith("missing") else "edited", fault))
            continue
        cell = ran[checks[id]] if checks[id] < len(ran) else None
        if cell is None:
            found.append(ExerciseState(id, "not run"))
        elif id in cell.results:
            found.append(ExerciseState(id, *cell.results[id]))
        else:
            found.append(ExerciseState(id, "stopped", cell.error or "its check said nothing"))
    return tuple(found), note


def said(name, found, note=""):
    """What was found, a line for each exercise and one for all. note: what ended it early."""
    lines = [f"{one.id}  {one.status}{': ' + one.says if one.says else ''}" for one in found]
    counts = Counter(one.status for one in found)
    totals = ", ".join(f"{counts[status]} {status}" for status in STATUSES if counts[status])
    number = f"{len(found)} exercise{'s' * (len(found) != 1)}"
    end = f"{name}: {number}: {totals}" if found else f"{name}: no exercises"
    return "\n".join([*lines, *([note] if note else []), end])


def _run(sources, folder, seconds):
    """Run cells one after the other: ([Ran, ...] as far as it came, "" or the sentence that says why no further)."""
    manager, client = _kernel(folder)
    ran = []
    try:
        for number, source in enumerate(sources, 1):
            one, lost = _cell(manager, client, source, seconds)
            ran.append(one)
            if lost:
                return ran, f"The kernel {lost} in code cell {number}; the cells after it were not run."
        return ran, ""
    finally:
        client.stop_channels()
        if manager.has_kernel:
            manager.shutdown_kernel(now=True)
        manager.cleanup_resources()


def _kernel(folder):
    """A kernel of this Python in this folder, where nobody is there to answer: (its manager, a client)."""
    try:
        from jupyter_client.manager import KernelManager
        manager = KernelManager(kernel_name="python3")
        env = {name: value for name, value in os.environ.items() if name != "BPVIZ_STRICT"}
        manager.start_kernel(cwd=str(folder), env=env | {"BPVIZ_UNATTENDED": "1"},
                             stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        client = manager.client()
        client.start_channels()
        client.wait_for_ready(timeout=60)
    except Exception as error:                    # none installed, none that starts: whatever it is, it cannot be run
        raise ValueError(f"a notebook needs a kernel to be run, and none starts here ({type(error).__name__}); "
                         '`pip install ipykernel` brings one') from None
    return manager, client


def _cell(manager, client, source, seconds):
    """Run one cell: (Ran, "" or what became of the kernel)."""
    asked = client.execute(source, allow_stdin=False, stop_on_error=False)
    results, error, interrupted, end = {}, "", False, time.monotonic() + seconds
    while True:
        late = time.monotonic() > end
        if late and interrupted:
            return Ran(results, "it does not end"), "did not stop"
        if late:
            manager.interrupt_kernel()
            interrupted, end = True, time.monotonic() + PATIENCE
        try:
            message = client.get_iopub_msg(timeout=0.3)
        except queue.Empty:
            if not manager.is_alive():
                return Ran(results, "the kernel died"), "died"
            continue
        if message["parent_header"].get("msg_id") != asked:
            continue
        kind, content = message["msg_type"], message["content"]
        if kind == "status" and content["execution_state"] == "idle":
            ended = _reply(client, asked)
            if ended.get("status") == "error":           # told here even where the cell shows no error
                error, results = _error(ended), _wrong(results, ended)
            return Ran(results, f"it took longer than {seconds} seconds" if interrupted else error), ""
        if kind == "error":
            error = _error(content)
        ours = content.get("metadata", {}).get("bpviz")
        if isinstance(ours, dict) and isinstance(ours.get("id"), str) and ours.get("status") in STATUSES[:3]:
            results[ours["id"]] = ours["status"], ""


def _reply(client, asked):
    """What the kernel says of how a request ended; {} if it says nothing."""
    try:
        while (message := client.get_shell_msg(timeout=PATIENCE))["parent_header"].get("msg_id") != asked:
            pass
    except queue.Empty:
        return {}
    return message["content"]


def _error(content):
    return f"{content['ename']}: {_plain(content['evalue'])}".rstrip(": ")


def _wrong(results, ended):
    """The results of a cell that ended in an error: why the wrong ones are; none of them is right."""
    return {id: (status, _plain(ended["evalue"]).removeprefix(f"{id}: ") if status == "wrong" else "")
            for id, (status, _) in results.items() if status != "right"}


def _plain(words):
    """The first line that says something, without colours."""
    return next((line.strip() for line in COLOURS.sub("", str(words)).splitlines() if line.strip()), "")
