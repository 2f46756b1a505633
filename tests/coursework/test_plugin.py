"""The pytest plugin bpviz_nbval: what makes a notebook red, what keeps it green, and what is counted at the end.

The notebooks are small ones that need no bpviz: beside them lies pretend.py, whose `check` shows and raises as bp.check
does for a program. Each pytest runs apart, all notebooks of a mode in one; results are read from its JUnit file.
"""
import os
import subprocess
import sys
import xml.etree.ElementTree as ET
from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

ROOT = Path(__file__).resolve().parents[2]
PRETEND = '''
import os
from IPython.display import display

def check(id, answer=...):
    status = "not attempted" if answer is ... else "right" if answer == 1 else "wrong"
    said = f"{status}: \\x1b[31m{id}\\x1b[0m\\nIt is twice too large.\\n\\npart  off"
    display({"text/plain": said}, raw=True, metadata={"bpviz": {"id": id, "status": status, "key": f"{id}: twice"}})
    if status == "wrong" or status != "right" and os.environ.get("BPVIZ_STRICT") == "1":
        raise AssertionError(f"{id}: {status}")
'''
ANSWERS = {"right": "1", "wrong": "2", "not attempted": "..."}


def check_of(id):
    return f'bp.check("{id}", {id[-2:]})'


def answer_cell(id, value):
    mark = {"grade_id": id, "solution": True, "grade": False, "locked": False}
    return new_code_cell(f"{id[-2:]} = {value}", metadata={"nbgrader": mark})


def check_cell(id, source=None, **more):
    mark = {"grade_id": f"{id}-check", "grade": True, "solution": False, "locked": True, "points": 1}
    return new_code_cell(source or check_of(id), metadata={"nbgrader": mark, **more})


def notebook(*answers, before="", required=True, change=lambda cells: None):
    """Cell 0 imports; then an answer and a check cell each. before: a line of cell 0.  change: what is done to cells."""
    ids = [f"L03-q{k}" for k in range(1, 1 + len(answers))]
    cells = [new_code_cell(f"import pretend as bp\n{before}")]
    for id, status in zip(ids, answers, strict=True):
        cells += [answer_cell(id, ANSWERS[status]), check_cell(id)]
    change(cells)
    noted = {"bpviz": {"exercises": {id: check_of(id) for id in ids}}} if required else {}
    return new_notebook(cells=cells, metadata=noted)


def to(place, cell):
    return lambda cells: cells.__setitem__(place, cell)


def at(place, cell):
    return lambda cells: cells.insert(place, cell)


UNSEEN = "get_ipython().showtraceback = lambda *a, **k: None"
RED = {     # name: (the notebook, the items that are red, what is said of the first of them)
    "wrong": (notebook("right", "wrong"), ["Cell 4"], "L03-q2: wrong"),
    "deleted": (notebook("wrong", change=lambda cells: cells.pop(2)), ["exercises"], "L03-q1: its check cell is missing"),
    "edited": (notebook("wrong", change=to(2, check_cell("L03-q1", 'bp.check("L03-q1", 1)'))), ["exercises"],
               "L03-q1: its check cell was edited"),
    "turned into text": (notebook("wrong", change=to(2, new_markdown_cell(check_of("L03-q1"), metadata=check_cell(
        "L03-q1").metadata))), ["exercises"], "L03-q1: its check cell is no code any more"),
    "twice": (notebook("right", change=at(3, check_cell("L03-q1"))), ["exercises"],
              "L03-q1: its check cell is there 2 times"),
    "no answer cell": (notebook("right", change=to(1, new_code_cell("q1 = 1"))), ["exercises"],
                       "L03-q1: its answer cell is missing"),
    "unseen error": (notebook("right", before=UNSEEN, change=at(3, new_code_cell("1 / 0"))), ["Cell 3"],
                     "error that it did not show: ZeroDivisionError: division by zero"),
    "unseen verdict": (notebook("wrong", before=UNSEEN), ["Cell 2"], "error that it did not show: AssertionError"),
    "swallowed verdict": (notebook("wrong", before="import functools\ndef quiet(*a):\n    try: quiet.check(*a)\n"
                                   "    except AssertionError: pass\nquiet.check, bp.check = bp.check, quiet"),
                          ["Cell 2"], "It is twice too large."),
    "replaced check": (notebook("wrong", before="bp.check = lambda *a: None"), ["Cell 2"], "the check of L03-q1 said nothing"),
    "check skipped": (notebook("wrong", change=to(2, check_cell("L03-q1", tags=["nbval-skip"]))), ["Cell 2"],
                      "L03-q1: wrong"),
    "check may raise": (notebook("wrong", change=to(2, check_cell("L03-q1", tags=["raises-exception"]))), ["Cell 2"],
                        "L03-q1: wrong"),
    "died": (notebook("right", change=to(1, new_code_cell("import os\nos._exit(1)", metadata=answer_cell(
        "L03-q1", 1).metadata))), ["Cell 1"], "the kernel died"),
    "died between": (notebook("right", before="import asyncio, os\nasyncio.get_event_loop().call_later(0.1, os._exit, 0)",
                              change=at(1, new_code_cell("import time\ntime.sleep(9)"))), ["Cell 1"], "the kernel died"),
    "widget error": (notebook("right", change=at(0, new_code_cell("import ipywidgets\nwith ipywidgets.Output(): 1 / 0"))),
                     ["Cell 0"], "ZeroDivisionError"),
}
GREEN = {
    "solved": notebook("right", "right"),
    "hand-out": notebook("not attempted", "not attempted"),
    "nothing asked": notebook("right", required=False),
    "odd metadata": new_notebook(cells=[new_code_cell("1", metadata={"nbgrader": 3, "bpviz": [1]})], metadata={"bpviz": 7}),
    "error on purpose": notebook("right", change=at(1, new_code_cell("1 / 0", metadata={"tags": ["raises-exception"]}))),
    "corrected": notebook("right", change=at(1, new_code_cell('try: bp.check("L03-q1", 2)\nexcept AssertionError: pass\n'
                                                              'bp.check("L03-q1", 1)'))),
}


class Run:
    """One pytest run of its own. code, said; items: {("solved", "Cell 0"): ("passed", "")}."""

    def __init__(self, folder, *words, **env):
        report = folder / "report.xml"
        report.unlink(missing_ok=True)
        done = subprocess.run(
            [sys.executable, "-m", "pytest", "-p", "bpviz_nbval", "-p", "no:cacheprovider", "--nbval-current-env",
             "--nbval-cell-timeout=60", "--color=no", f"--junitxml={report}", *map(str, words)], cwd=folder, text=True,
            capture_output=True, env={**os.environ, "PYTHONPATH": str(ROOT), "PYTEST_ADDOPTS": "", **env})
        self.code, self.said = done.returncode, done.stdout + done.stderr
        self.items = {}
        for case in ET.parse(report).getroot().iter("testcase") if report.exists() else ():
            bad = next((part for part in case if part.tag in ("failure", "error", "skipped")), None)
            kind = {None: "passed", "skipped": "skipped"}.get(bad if bad is None else bad.tag, "failed")
            said = "" if bad is None else f"{bad.get('message', '')}\n{bad.text}"
            self.items[case.get("classname").removesuffix(".ipynb"), case.get("name")] = kind, said

    def red(self, name):
        return [item for (file, item), (kind, _) in self.items.items() if file == name and kind == "failed"]

    def last_lines(self):
        """What is written from "checks:" on."""
        lines = self.said.splitlines()
        start = next(k for k, line in enumerate(lines) if line.startswith("checks:"))
        return [line for line in lines[start:] if "FAILED" not in line and " in " not in line.split("s")[-1]]


def folder_of(tmp_path_factory, notebooks):
    folder = tmp_path_factory.mktemp("notebooks")
    (folder / "pretend.py").write_text(PRETEND)
    (folder / "pytest.ini").write_text("[pytest]\naddopts = -q --strict-markers\n")
    for name, one in notebooks.items():
        nbformat.write(one, folder / f"{name}.ipynb")
    return folder


@pytest.fixture(scope="module")
def lax(tmp_path_factory):
    """Every notebook above, in one run."""
    folder = folder_of(tmp_path_factory, {**{name: one for name, (one, *_) in RED.items()}, **GREEN})
    return Run(folder, "--nbval-lax", "--bpviz", *sorted(folder.glob("*.ipynb")))


@pytest.mark.parametrize("name", RED)
def test_red(lax, name):
    _, items, sentence = RED[name]
    assert lax.red(name) == items and sentence in lax.items[name, items[0]][1], lax.said


@pytest.mark.parametrize("name", GREEN)
def test_green(lax, name):
    kinds = [kind for (file, _), (kind, _) in lax.items.items() if file == name]
    assert set(kinds) == {"passed"} and lax.code == 1, lax.said
