"""The pytest plugin bpviz_nbval: what makes a notebook red, what keeps it green, and what is counted at the end.

The notebooks are small ones that need no bpviz: beside them lies pretend.py, whose `check` shows and raises as bp.check
does for a program. Each pytest runs apart, all notebooks of a mode in one; results are read from its JUnit file.
"""
import itertools
import os
import subprocess
import sys
import xml.etree.ElementTree as ET
from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

import bpviz_nbval

HOME = Path(bpviz_nbval.__file__).parents[1]                  # this tree, or where the package is installed
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
    ids = [f"L98-q{k}" for k in range(1, 1 + len(answers))]
    cells = [new_code_cell(f"import pretend as bp\n{before}")]
    for id, status in zip(ids, answers, strict=True):
        cells += [answer_cell(id, ANSWERS[status]), check_cell(id)]
    change(cells)
    noted = {"bpviz": {"exercises": {id: check_of(id) for id in ids}}} if required else {}
    return new_notebook(cells=cells, metadata=noted)


def changed(cells):
    """What can be done to a check cell and an answer cell, each to an exercise of its own; the first one stays."""
    text = new_markdown_cell(check_of("L98-q3"), metadata=cells[6].metadata)
    cells[2 * 2] = check_cell("L98-q2", 'bp.check("L98-q2", 1)')
    cells[2 * 3] = text
    cells[2 * 5 - 1] = new_code_cell("q5 = 1")
    cells.insert(2 * 6, check_cell("L98-q6"))
    del cells[2 * 4]


def at(place, source, **metadata):
    """Put in a cell of this source, as number `place`."""
    return lambda cells: cells.insert(place, new_code_cell(source, metadata=metadata))


def tagged(cells):
    cells[2].metadata["tags"], cells[4].metadata["tags"] = ["nbval-skip"], ["raises-exception"]


UNSEEN = "get_ipython().showtraceback = lambda *a, **k: None"
SWALLOWED = """right = bp.check
def check(*words):
    try: right(*words)
    except AssertionError: pass
bp.check = check"""
RED = {     # name: (the notebook, {every item that is red: what is said of it})
    "wrong": (notebook("right", "wrong"), {"Cell 4": "L98-q2: wrong"}),
    "changed": (notebook(*["wrong"] * 6, change=changed), {
        "exercises": "L98-q2: its check cell was edited\nL98-q3: its check cell is no code any more\n"
                     "L98-q4: its check cell is missing\nL98-q5: its answer cell is missing\n"
                     "L98-q6: its check cell is there 2 times",
        "Cell 2": "L98-q1: wrong", "Cell 10": "L98-q6: wrong", "Cell 11": "L98-q6: wrong"}),
    "unseen": (notebook("wrong", before=UNSEEN, change=at(3, "1 / 0")), {
        "Cell 2": "error that it did not show: AssertionError: L98-q1: wrong",
        "Cell 3": "error that it did not show: ZeroDivisionError: division by zero"}),
    "swallowed": (notebook("wrong", before=SWALLOWED), {"Cell 2": "It is twice too large."}),
    "replaced": (notebook("wrong", before="bp.check = lambda *a: None"), {"Cell 2": "the check of L98-q1 said nothing"}),
    "tagged": (notebook("wrong", "wrong", change=tagged), {"Cell 2": "L98-q1: wrong", "Cell 4": "L98-q2: wrong"}),
    "died": (notebook("right", change=at(1, "import os\nos._exit(1)")), {"Cell 1": "the kernel died"}),
    "died later": (notebook("right", before="import os, threading\nthreading.Timer(0.3, os._exit, [0]).start()",
                            change=at(1, "import time\ntime.sleep(9)")), {"Cell 1": "the kernel died"}),
    "in a widget": (notebook("right", change=at(1, "import ipywidgets\nwith ipywidgets.Output(): 1 / 0")),
                    {"Cell 1": "ZeroDivisionError"}),
}
ON_PURPOSE = 'try: bp.check("L98-q1", 2)\nexcept AssertionError: pass\nbp.check("L98-q1", 1)\n1 / 0'
GREEN = {
    "solved": notebook("right", "right"),
    "hand-out": notebook("not attempted", "not attempted"),
    "on purpose": notebook("right", change=at(1, ON_PURPOSE, tags=["raises-exception"])),
    "nothing asked": new_notebook(cells=[new_code_cell("1", metadata={"nbgrader": 3, "bpviz": [1]}), *notebook(
        "right").cells], metadata={"bpviz": 7}),
}


PLUGINS = ["-p", "nbval", "-p", "xdist", "-p", "bpviz_nbval"]               # no others: that is half of the start
ENV = {**os.environ, "PYTHONPATH": str(HOME), "PYTEST_ADDOPTS": "", "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1",
       "PYTHONSAFEPATH": ""}                          # the kernels import pretend.py from beside the notebooks


class Run:
    """One pytest run of its own. code, said; items: {("solved", "Cell 0"): ("passed", "")}."""

    def __init__(self, folder, *words, **env):
        report = folder / "report.xml"
        report.unlink(missing_ok=True)
        done = subprocess.run(
            [sys.executable, "-m", "pytest", *PLUGINS, "-p", "no:cacheprovider", "--nbval-current-env", "--color=no",
             "--nbval-cell-timeout=60", f"--junitxml={report}", *map(str, words)], cwd=folder, text=True,
            capture_output=True, env={**ENV, **env})
        self.code, self.said = done.returncode, done.stdout + done.stderr
        self.items = {}
        for case in ET.parse(report).getroot().iter("testcase") if report.exists() else ():
            bad = next((part for part in case if part.tag in ("failure", "error", "skipped")), None)
            kind = {None: "passed", "skipped": "skipped"}.get(bad if bad is None else bad.tag, "failed")
            said = "" if bad is None else f"{bad.get('message', '')}\n{bad.text}"
            self.items[case.get("classname").removesuffix(".ipynb"), case.get("name")] = kind, said

    def red(self, name):
        return [item for (file, item), (kind, _) in self.items.items() if file == name and kind == "failed"]

    def checks(self):
        """The lines from "checks:" to the next empty one or headline."""
        lines = self.said.splitlines()
        start = next(k for k, line in enumerate(lines) if line.startswith("checks:"))
        return [lines[start], *itertools.takewhile(lambda line: line.startswith("  "), lines[start + 1:])]


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
    _, items = RED[name]
    found = {item: said for (file, item), (kind, said) in lax.items.items() if file == name and kind == "failed"}
    assert list(found) == list(items) and all(items[item] in said for item, said in found.items()), lax.said


@pytest.mark.parametrize("name", GREEN)
def test_green(lax, name):
    assert {kind for (file, _), (kind, _) in lax.items.items() if file == name} == {"passed"}, lax.said


def test_only_a_notebook_that_has_exercises_is_asked_for_them(lax):
    assert {file for file, item in lax.items if item == "exercises"} == {*RED, *GREEN} - {"nothing asked"}


def test_after_a_death_the_other_cells_are_not_run(lax):
    others = [lax.items[name, item] for name in ("died", "died later") for item in ("Cell 2", "Cell 3")]
    assert all(kind == "skipped" and "not run: the kernel died in Cell 1" in said for kind, said in others), lax.said


def test_at_the_end_the_checks_are_counted_and_the_wrong_ones_told(lax):
    """The last result of each exercise in each file counts; no table, no colours."""
    passed = {"wrong": 1, "changed": 2, "solved": 2, "on purpose": 1, "in a widget": 1, "nothing asked": 1}
    wrong = {"changed": "16", "swallowed": "1", "tagged": "12", "unseen": "1", "wrong": "2"}
    missing = {"changed": 2, "replaced": 1, "died": 1, "died later": 1}
    told = [f"  L98-q{k} in {name}.ipynb: wrong: L98-q{k} It is twice too large." for name in wrong for k in wrong[name]]
    assert lax.checks() == [f"checks: {sum(passed.values())} passed, 2 not attempted, {len(told)} wrong, "
                            f"{sum(missing.values())} missing", *told], lax.said


def shows(source, *outputs):
    """A cell and what JupyterLab saves below it."""
    return new_code_cell(source, outputs=list(outputs), execution_count=1)


def data(value):
    return new_output("display_data", data={"text/plain": value})


WIDGET = {"application/vnd.jupyter.widget-view+json": {"model_id": "0", "version_major": 2, "version_minor": 0}}
PRINTED = [new_output("stream", name="stdout", text=text) for text in ("outside\n", "2\n", "kept\n", "last\n")]
HONEST = [
    shows("import ipywidgets\nfrom IPython.display import clear_output, display\nout, other = ipywidgets.Output(), "
          "ipywidgets.Output()\nout", new_output("execute_result", data={"text/plain": "Output()", **WIDGET}, execution_count=1)),
    shows("with out:\n    print('inside')\n    display(7)\n    clear_output()\nprint('outside')", PRINTED[0]),
    shows("with out, other:\n    inner = display(7, display_id=True)\n    clear_output(wait=True)\n"
          "    print('inside')\ninner.update(8)"),
    shows("for k in range(3):\n    clear_output(wait=True)\n    print(k)", PRINTED[1]),
    shows("print('gone')\nclear_output()\nprint('kept')", PRINTED[2]),
    shows("first = display(1, display_id=True)\nsecond = display(2, display_id=True)\nfirst.update(3)",
          data("3"), data("2")),
    shows("display(1, display_id='a')\nclear_output(wait=True)\nb = display(2, display_id='b')\nb.update(4)\n"
          "print('last')", data("4"), PRINTED[3]),
    shows("7;"),
]


@pytest.fixture(scope="module")
def honest(tmp_path_factory):
    return folder_of(tmp_path_factory, {"honest": new_notebook(cells=HONEST)})


def test_an_honest_notebook_is_green_in_the_strict_mode(honest):
    run = Run(honest, "--nbval", "--bpviz", "honest.ipynb")
    assert run.code == 0 and len(run.items) == len(HONEST), run.said
    assert "checks:" not in run.said                                     # nothing to count, nothing said
    plain = Run(honest, "--nbval", "honest.ipynb")                       # what the plugin is for
    assert plain.red("honest") == [f"Cell {k}" for k in range(1, len(HONEST))], plain.said


@pytest.fixture(scope="module")
def handed(tmp_path_factory):
    """Two notebooks: one not attempted, one solved but for its second answer."""
    return folder_of(tmp_path_factory, {"hand-out": GREEN["hand-out"], "wrong": RED["wrong"][0]})


def test_strict_makes_not_attempted_red_and_a_cell_that_never_ends_is_nbvals_affair(handed):
    nbformat.write(new_notebook(cells=[new_code_cell("import time\ntime.sleep(60)"), new_code_cell("1")]), handed / "slow.ipynb")
    run = Run(handed, "--nbval-lax", "--bpviz", "hand-out.ipynb", "slow.ipynb", "--nbval-cell-timeout=4", BPVIZ_STRICT="1")
    (handed / "slow.ipynb").unlink()
    assert run.red("slow") == ["Cell 0"] and "Timeout of 4 seconds exceeded" in run.items["slow", "Cell 0"][1], run.said
    assert run.red("hand-out") == ["Cell 2", "Cell 4"] and run.checks() == ["checks: 0 passed, 2 not attempted"]


def test_xdist_keeps_a_notebook_whole_and_the_count_right(handed):
    run = Run(handed, "--nbval-lax", "--bpviz", "-n", "2", "--dist", "loadfile", ".")
    assert run.checks() == ["checks: 1 passed, 2 not attempted, 1 wrong",
                            "  L98-q2 in wrong.ipynb: wrong: L98-q2 It is twice too large."], run.said
    assert (len(run.items), run.red("hand-out"), len(run.red("wrong"))) == (12, [], 1)


@pytest.mark.parametrize("words, sentence", [
    (["--nbval-lax", "-n", "2"], "--dist load tears a notebook over several kernels: add --dist loadfile"),
    (["--nbval-lax", "-n", "2", "--dist", "worksteal"], "--dist worksteal tears a notebook"),
    ([], "--bpviz needs --nbval-lax (or --nbval, to compare outputs too) beside it"),
    (["no nbval"], "--bpviz runs notebooks with nbval, which is not there: pip install nbval"),
], ids=["load", "worksteal", "no mode", "no nbval"])
def test_what_cannot_work_is_refused_in_a_sentence(handed, words, sentence):
    plugins = ["-p", "bpviz_nbval"] if words == ["no nbval"] else [*PLUGINS, *words]
    done = subprocess.run([sys.executable, "-m", "pytest", *plugins, "--bpviz", "wrong.ipynb"], cwd=handed, text=True,
                          capture_output=True, env=ENV)
    assert done.returncode == 4 and f"ERROR: {sentence}" in done.stderr and "Traceback" not in done.stderr, done.stderr
