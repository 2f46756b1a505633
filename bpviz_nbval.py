"""A pytest plugin: notebooks run as nbval runs them, and their exercises are counted.

    pytest --nbval-lax --bpviz lesson.ipynb

ends with "checks: 4 passed, 1 not attempted, 1 wrong" and what was said of the wrong ones. nbval runs the cells; here

- what goes into an Output widget, clear_output, display updates and `x;` end up as in JupyterLab, so that an honest
  notebook is green in the strict mode (`--nbval`) too
- a cell is red when it ended in an error that it did not show, when the kernel died (at once: nbval alone waits out
  its time limit), when its check said wrong, or when a check cell said nothing
- an item lesson.ipynb::exercises is red when an answer cell or a check cell is missing, twice, no code any more, or
  when a check cell was edited; which there must be is told by bpviz/coursework/standing.py

With BPVIZ_STRICT=1 what was not attempted is red, too. With xdist (-n) add --dist loadfile or loadscope: a notebook is
one kernel from first cell to last.

A light module beside the package: every pytest run of an environment in which bpviz is installed loads it, so it
imports nothing of bpviz or nbval before `--bpviz` asks for it.

result   what bp.check says of an exercise: {"id": "L03-q2", "status": one of STATUSES, "key": ..., "said": ...};
         all but `said` come as metadata of the shown line, {"bpviz": {...}}, which nbval never compares
"""
import json
import os
import re
import time
from collections import Counter
from queue import Empty

import pytest

STATUSES = {"right": "passed", "not attempted": "not attempted", "wrong": "wrong"}
WHOLE_NOTEBOOKS = ("no", "loadscope", "loadfile")
SHOWN = ("stream", "display_data", "execute_result", "update_display_data", "clear_output")
POLL_S = 0.3
COLOURS = re.compile(r"\x1b\[[0-9;]*m")


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
            if not isinstance(item.parent.kernel, Kernel):
                item.parent.kernel = Kernel(item.parent.kernel)
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
    from bpviz.coursework.standing import standing as found
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


class Died(Exception):
    """The kernel is gone, and with it the answer that nbval waits for."""


class Kernel:
    """nbval's RunningKernel, with the messages on their way to nbval handled as a notebook handles them.

    item, results: the cell that runs, and what its checks said.  died: the cell in which the kernel died, or "".
    """

    def __init__(self, inner):
        self.inner = inner
        self.item, self.results, self.reply, self.died = None, [], {}, ""
        self.widgets = {}                   # Output widgets that take output: {id of the widget: id of the request}

    def __getattr__(self, name):            # whatever is not handled here: stop, interrupt, is_alive, kc, ...
        return getattr(self.inner, name)

    def begin(self, item):
        self.item, self.results, self.reply = item, [], {}
        self.places, self.clear_next = {}, False            # {display id: its places among the cell's outputs}

    def bury(self, name):
        """Note where the kernel died; let go of its channels, which nbval leaves open, three seconds at the end."""
        self.died = name
        self.inner.stop()

    def unshown_error(self):
        """The error in which the cell ended, where nbval saw no `error` message of it; or ""."""
        if self.reply.get("status") != "error":
            return ""
        return f"the cell ended in an error that it did not show: {self.reply.get('ename')}: {self.reply.get('evalue')}"

    # ---- what nbval calls

    def execute_cell_input(self, cell_input, allow_stdin=None):
        """As nbval's own, but kept in the kernel's history: only then does IPython hear the ; in `x;`."""
        return self.inner.kc.execute(cell_input, store_history=True, allow_stdin=allow_stdin, stop_on_error=False)

    def await_reply(self, msg_id, timeout=None):
        end = None if timeout is None else time.monotonic() + timeout
        while True:
            message = self._next("shell", None if end is None else max(0, end - time.monotonic()))
            if message["parent_header"].get("msg_id") == msg_id:
                self.reply = message["content"]
                if self.reply["status"] == "aborted":
                    raise RuntimeError("Kernel aborted execution request")
                return

    def await_idle(self, parent_id, timeout):
        return type(self.inner).await_idle(self, parent_id, timeout)        # with the get_message below

    def get_message(self, stream, timeout=None):
        while True:
            message = self._next(stream, timeout)
            if stream != "iopub" or self._passes(message):
                return message

    def _next(self, stream, timeout):
        """The next message; Empty after `timeout` seconds, Died as soon as there is nobody to send one."""
        end = None if timeout is None else time.monotonic() + timeout
        while True:
            try:
                rest = POLL_S if end is None else min(POLL_S, max(0, end - time.monotonic()))
                return self.inner.get_message(stream, timeout=rest)
            except Empty:
                if not self.inner.is_alive():
                    raise Died from None
                if end is not None and time.monotonic() >= end:
                    raise

    # ---- what a notebook does with a message

    def _passes(self, message):
        """Whether nbval shall see it."""
        kind, content = message["msg_type"], message["content"]
        if kind in ("comm_open", "comm_msg", "comm_close"):
            self._widget(content)
            return True
        self._note(content)
        request = message["parent_header"].get("msg_id")
        if kind in SHOWN and request in self.widgets.values():              # an error is let through: nbval tells it
            return False
        outputs = self.item.test_outputs if self.item is not None else None
        if outputs is None:
            return True
        if kind == "clear_output":
            self.clear_next = content.get("wait", False)
            if not self.clear_next:
                self._clear(outputs)
            return False
        display_id = content.get("transient", {}).get("display_id")
        if kind == "update_display_data":
            for place in self.places.get(display_id, ()):
                outputs[place].update(data=content["data"], metadata=content["metadata"])
            return False
        if kind in (*SHOWN, "error"):
            if self.clear_next:
                self._clear(outputs)
            if display_id:
                self.places.setdefault(display_id, []).append(len(outputs))     # nbval appends it there
        return True

    def _clear(self, outputs):
        outputs.clear()
        self.places, self.clear_next = {}, False

    def _widget(self, content):
        """Follow which Output widgets take what is printed: their msg_id names the request, "" for none."""
        data = content.get("data", {})
        state = data.get("state", {}) if isinstance(data, dict) else {}
        if state.get("_model_name") == "OutputModel" or content["comm_id"] in self.widgets:
            self.widgets[content["comm_id"]] = state.get("msg_id", self.widgets.get(content["comm_id"]) or "")

    def _note(self, content):
        """Keep the result that comes with a shown line, if one does."""
        metadata = content.get("metadata")
        ours = metadata.get("bpviz") if isinstance(metadata, dict) else None
        if isinstance(ours, dict) and ours.get("status") in STATUSES and isinstance(ours.get("id"), str):
            said = COLOURS.sub("", str(content.get("data", {}).get("text/plain", ""))).strip()
            self.results.append({"id": ours["id"], "status": ours["status"], "key": str(ours.get("key", "")),
                                 "said": said})


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
