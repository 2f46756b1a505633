"""A pytest plugin: notebooks run as nbval runs them, and their exercises are counted.

    python -m pytest -p bpviz_nbval --nbval-lax --bpviz lesson.ipynb

ends with "checks: 4 passed, 1 not attempted, 1 wrong" and what was said of the wrong ones. nbval runs the cells; here

- what goes into an Output widget, clear_output, display updates and `x;` end up as in JupyterLab, so that an honest
  notebook is green in the strict mode (`--nbval`) too
- a cell is red when it ended in an error that it did not show, when the kernel died (at once: nbval alone waits out
  its time limit), when its check said wrong, or when a check cell said nothing
- an item lesson.ipynb::exercises is red when an answer cell or a check cell is missing, twice, no code any more, or
  when a check cell was edited; which there must be is told by bpviz/coursework/notebooks/standing.py

With BPVIZ_STRICT=1 what was not attempted is red, too. With xdist (-n) add --dist loadfile or loadscope: a notebook is
one kernel from first cell to last.

A light package beside bpviz: every pytest run of an environment in which bpviz is installed loads it, even without
`-p bpviz_nbval`, so it imports nothing of bpviz or nbval before `--bpviz` asks for it.
"""
import json
import os
from collections import Counter

import pytest

from bpviz_nbval.kernel import STATUSES, Died, NotebookKernel

WHOLE_NOTEBOOKS = ("no", "loadscope", "loadfile")


def pytest_addoption(parser):
    parser.getgroup("bpviz", "exercises in notebooks").addoption(
        "--bpviz", action="store_true", help="beside --nbval-lax or --nbval: count the exercises of notebooks, and run "
        "widgets, dead kernels and hidden errors as they are")


def pytest_configure(config):
    if not config.getoption("--bpviz"):
        return
    if not config.pluginmanager.hasplugin("nbval"):
        raise pytest.UsageError("--bpviz runs notebooks with nbval, which is not there: pip install nbval")
    if not (config.option.nbval or config.option.nbval_lax):
        raise pytest.UsageError("--bpviz needs --nbval-lax (or --nbval, to compare outputs too) beside it")
    dist = config.getoption("dist", "no")
    if config.getoption("tx", None) and dist not in WHOLE_NOTEBOOKS:
        raise pytest.UsageError(f"--dist {dist} tears a notebook over several kernels: add --dist loadfile")
    config.pluginmanager.register(Notebooks(), "bpviz-notebooks")
    config.pluginmanager.register(Count(), "bpviz-count")


class Notebooks:
    """The hooks around nbval's own, where the cells are run."""

    def __init__(self):
        from nbval.plugin import IPyNbCell, IPyNbFile
        self.file, self.cell = IPyNbFile, IPyNbCell

    @pytest.hookimpl(wrapper=True)
    def pytest_make_collect_report(self, collector):
        report = yield
        if isinstance(collector, self.file) and report.passed:
            faults = standing(collector.nb)
            for item in report.result:                      # nor can a tag switch a check off
                if checked(item.cell) in faults:
                    item.options.update(skip=False, check_exception=False)
            if faults:
                report.result.insert(0, Exercises.from_parent(collector, name="exercises", faults=faults))
        return report

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_setup(self, item):
        done = yield                                        # nbval has started the kernel of this notebook by now
        if isinstance(item, self.cell):
            if not isinstance(item.parent.kernel, NotebookKernel):
                item.parent.kernel = NotebookKernel(item.parent.kernel)
            item.parent.kernel.begin(item)
        return done

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_call(self, item):
        if not isinstance(item, self.cell) or item.options["skip"]:
            return (yield)
        kernel = item.parent.kernel
        if kernel.died:
            pytest.skip(f"not run: the kernel died in {kernel.died}")
        try:
            if not (kernel.is_alive() or item.parent.timed_out):            # between two cells
                raise Died
            done = yield
        except Died:
            kernel.bury(item.name)
            item.raise_cell_error("the kernel died")
        finally:
            item.user_properties += [("bpviz", json.dumps(result)) for result in kernel.results]
        if not item.options["check_exception"]:
            fault = kernel.unshown_error() or unsaid(item, kernel.results)
            if fault:
                item.raise_cell_error(fault)
        return done


def standing(nb):
    """{"L03-q2": what is wrong with its cells, or ""}; {} for a notebook without exercises."""
    if not any("bpviz" in part.metadata or "nbgrader" in part.metadata for part in (nb, *nb.cells)):
        return {}
    from bpviz.coursework.notebooks.standing import standing as found
    return found(nb)


def checked(cell):
    """The exercise of a check cell, or ""."""
    mark = cell.metadata.get("nbgrader")
    grade_id = str(mark.get("grade_id")) if isinstance(mark, dict) else ""
    return grade_id.removesuffix("-check") if grade_id.endswith("-check") else ""


def unsaid(item, results):
    """Why a cell that raised nothing is red for its checks; "" if it is not."""
    red = ("wrong", "not attempted") if os.environ.get("BPVIZ_STRICT") == "1" else ("wrong",)
    last = {result["id"]: result for result in results}
    for result in last.values():
        if result["status"] in red:
            return result["said"]
    id = checked(item.cell)
    if id and id not in last and id in standing(item.parent.nb):
        return f"the check of {id} said nothing: is bp.check still bpviz's own?"
    return ""


class Exercises(pytest.Item):
    """One item in front of a notebook's cells: whether the cells of its exercises are there, and as given out."""

    def __init__(self, *, faults, **more):
        super().__init__(**more)
        self.faults = faults
        self.user_properties.append(("bpviz-required", json.dumps(list(faults))))

    def runtest(self):
        if any(self.faults.values()):
            raise Amiss("\n".join(f"{id}: {fault}" for id, fault in self.faults.items() if fault))

    def repr_failure(self, excinfo):
        return str(excinfo.value) if excinfo.errisinstance(Amiss) else super().repr_failure(excinfo)

    def reportinfo(self):
        return self.path, None, self.name


class Amiss(Exception):
    """A sentence for each exercise whose cells are not as given out."""


def first_paragraph(said):
    """The lines of a text up to its first empty one: in what bp.check shows, the verdict without its table."""
    return said.split("\n\n")[0].splitlines()


class Count:
    """The results of all notebooks, wherever they ran: the last one of each exercise in each file counts."""

    def __init__(self):
        self.results = {}                                                   # {(file, id): result, or None}

    def pytest_runtest_logreport(self, report):
        if report.when != "call":
            return
        for name, value in report.user_properties:
            if name == "bpviz":
                result = json.loads(value)
                self.results[report.fspath, result["id"]] = result
            elif name == "bpviz-required":
                for id in json.loads(value):
                    self.results.setdefault((report.fspath, id), None)

    def pytest_terminal_summary(self, terminalreporter):
        if not self.results:
            return
        count = Counter(STATUSES[result["status"]] if result else "missing" for result in self.results.values())
        words = [f"{count[word]} {word}" for word in (*STATUSES.values(), "missing") if count[word] or word == "passed"]
        terminalreporter.write_line(f"checks: {', '.join(words)}")
        for (file, id), result in self.results.items():
            if result and result["status"] == "wrong":
                terminalreporter.write_line(f"  {id} in {file}: " + " ".join(first_paragraph(result["said"])))
