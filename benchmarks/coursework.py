"""How long does a learner wait for a check, and a teacher for a notebook?

    .venv/bin/python benchmarks/coursework.py                    what needs no nbgrader
    .venv/bin/python benchmarks/coursework.py --with PYTHON      PYTHON: of an environment with nbgrader, pytest, nbval
                                                                 (`.ci/lanes.py nbgrader` leaves one in build/lanes/nbgrader)

A check is timed from outside, as the notebook sees it: from the request to run `bp.check(...)` until the kernel is idle
again, everything shown and kept, in a kernel of its own with somebody there to read; the browser's share is not in it.
  ready         the process for the next check has had time to start, as when a person corrects an answer
  back to back  it has not, as in Run All
  alone         the diagnosis itself, the learner's function not run
nbval and nbgrader run the same notebook, interleaved, each a command of its own in the same environment, its kernel
included.
Writes its table into benchmarks/README.md.
"""
import argparse
import copy
import json
import os
import platform
import re
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))
from jupyter_client.manager import start_new_kernel  # noqa: E402

from bpviz.coursework.course import exercises  # noqa: E402
from bpviz.coursework.notebooks.handout import hand_out, handed, ids, mistake, mutant  # noqa: E402
from bpviz.coursework.notebooks.notebook import part, read, text, written  # noqa: E402

LESSON = ROOT / "lessons" / "03_backpropagation.ipynb"
REPEATS, ROUNDS, PAUSE_S = 7, 5, 0.4
ALONE = """
import json, time
from bpviz.coursework.apart.run import run
from bpviz.coursework.course import exercises

def alone(id, answer, repeats):
    kept, times = [], []
    exercises()[id].judge(answer, lambda *a, **k: kept.append(run(*a, **k)) or kept[-1])
    for _ in range(repeats):
        replies, start = iter(kept), time.perf_counter()
        exercises()[id].judge(answer, lambda *a, **k: next(replies))
        times.append(1000 * (time.perf_counter() - start))
    print(json.dumps([bool(kept), times]))
"""


class Kernel:
    """A kernel in a folder of its own, and somebody there: nobody's name is a program's."""

    def __init__(self, folder):
        os.environ |= {"PYTHONPATH": str(ROOT), "MPLBACKEND": "agg", "BPVIZ_COMPILED": "0"}
        self.manager, self.client = start_new_kernel(cwd=folder)
        self.client.session.session = "somebody"

    def run(self, source):
        """Run a cell: (milliseconds until the kernel is idle, what was printed, the status of a check or "")."""
        start, printed, status = time.perf_counter(), "", ""
        asked = self.client.execute(source)
        while True:
            message = self.client.get_iopub_msg(timeout=120)
            kind, content = message["msg_type"], message["content"]
            if message["parent_header"].get("msg_id") != asked:
                continue
            if kind == "error":
                raise RuntimeError("\n".join(content["traceback"]))
            if kind == "stream":
                printed += content["text"]
            if kind == "display_data":
                status = content["metadata"].get("bpviz", {}).get("status", status)
            if kind == "status" and content["execution_state"] == "idle":
                took = 1000 * (time.perf_counter() - start)
                self.client.get_shell_msg(timeout=60)
                return took, printed, status

    def stop(self):
        self.client.stop_channels()
        self.manager.shutdown_kernel(now=True)


def checks(nb):
    """Every check of the lesson, right and wrong: rows (id, kind, status, ready, back to back, alone), lists of ms."""
    with tempfile.TemporaryDirectory() as folder:
        kernel = Kernel(folder)
        try:
            for cell in mutant(nb, 0)["cells"]:
                if not part(cell):
                    kernel.run(text(cell))
            kernel.run(ALONE)
            floor = [kernel.run("0;")[0] for _ in range(REPEATS)]
            rows = []
            for id in ids(nb):
                one = exercises()[id]
                for wanted, inside in (("right", None), ("wrong", mistake(one, 0).code)):
                    kernel.run(one.answer_cell("", inside))
                    ready = []
                    for _ in range(REPEATS):
                        time.sleep(PAUSE_S)
                        took, _, status = kernel.run(one.check_cell())
                        assert status == wanted, (id, status, wanted)
                        ready.append(took)
                    hasty = [kernel.run(one.check_cell())[0] for _ in range(REPEATS)]
                    runs, alone = json.loads(kernel.run(f"alone({id!r}, {one.asks.name}, {REPEATS})")[1])
                    rows.append((id, "a function" if runs else type(one.asks).__name__, wanted, ready, hasty, alone))
            return floor, rows
        finally:
            kernel.stop()


def answered(nb):
    """The hand-out with every answer filled in: what a learner who is done has."""
    made = copy.deepcopy(hand_out(nb))
    for cell in made["cells"]:
        if part(cell) and part(cell)[1] == "answer":
            cell["source"] = exercises()[part(cell)[0]].answer_cell()
    return made


def processor():
    """Seconds of processor time of all commands so far, their kernels too; neighbours cannot stretch it."""
    times = os.times()
    return times.children_user + times.children_system


def side_by_side(nb, python):
    """{"nbval": [(s, processor s), ...], "nbgrader": ...}: both on the same notebook, in turn."""
    commands = {
        "nbval": (["-m", "pytest", "-q", "-p", "bpviz_nbval", "-p", "no:cacheprovider", "--nbval-lax", "--bpviz",
                   "--nbval-current-env", "lesson.ipynb"], f"checks: {len(ids(nb))} passed"),
        "nbgrader": (["-m", "nbgrader", "validate", "lesson.ipynb"], "Success! Your notebook passes all the tests")}
    took = {name: [] for name in commands}
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "lesson.ipynb").write_bytes(written(answered(nb)))
        env = {**os.environ, "PYTHONPATH": str(ROOT), "BPVIZ_UNATTENDED": "1", "HOME": folder}
        for round_ in range(ROUNDS + 1):                                # the first one warms the disk's cache
            for name, (words, sign) in commands.items():
                start, used = time.perf_counter(), processor()
                done = subprocess.run([str(python), *words], cwd=folder, env=env, text=True, stdout=subprocess.PIPE,
                                      stderr=subprocess.STDOUT)
                if sign not in done.stdout:
                    sys.exit(f"{name} should say {sign!r}\n{done.stdout}")
                took[name] += [(time.perf_counter() - start, processor() - used)] * (round_ > 0)
    return took


def ms(times):
    return f"{statistics.median(times):.0f} ({max(times):.0f})"


def main(words):
    start = time.perf_counter()
    data = LESSON.read_bytes()
    nb = read(data)
    floor, rows = checks(nb)
    lines = ["| exercise | answer | ready, ms: median (worst) | back to back | diagnosis alone |", "|---|---|---|---|---|",
             *(f"| {id}, {kind} | {status} | {ms(ready)} | {ms(hasty)} | {statistics.median(alone):.1f} |"
               for id, kind, status, ready, hasty, alone in rows),
             f"| floor: an empty cell | | {ms(floor)} | | |", ""]
    every = [took for *_, ready, hasty, _ in rows for took in ready + hasty]
    ready = statistics.median(took for *_, times, _, _ in rows for took in times)
    made = []
    for _ in range(20):
        begin = time.perf_counter()
        handed(data, LESSON.name)
        made.append(1000 * (time.perf_counter() - begin))
    lines += ["| | measured | wanted | met |", "|---|---|---|---|",
              f"| a check, the process ready: median | {ready:.0f} ms | under 1,000 ms | {met(ready < 1000)} |",
              f"| the slowest of {len(every)} checks | {max(every):.0f} ms | under 1,000 ms | {met(max(every) < 1000)} |",
              f"| hand-out of a lesson with {len(ids(nb))} exercises | {statistics.median(made):.0f} ms | | |"]
    if words.python:
        took = side_by_side(nb, Path(words.python).absolute())
        for words_, name in (("`pytest --nbval-lax --bpviz` on the solved lesson", "nbval"),
                             ("`nbgrader validate` on the same notebook", "nbgrader")):
            wall, used = (statistics.median(one) for one in zip(*took[name], strict=True))
            lines += [f"| {words_}: processor time (start to end) | {used:.1f} s ({wall:.1f} s) | | |"]
    head = (f"{time.strftime('%Y-%m-%d')}, Python {platform.python_version()}, {os.cpu_count()} cores, "
            f"{time.perf_counter() - start:.0f} s in all, {REPEATS} repeats of each check"
            + (f", medians of {ROUNDS} interleaved rounds." if words.python else "."))
    table = "\n".join([head, "", *lines])
    print(table)
    path = ROOT / "benchmarks" / "README.md"
    path.write_text(re.sub(r"(<!-- coursework -->\n).*(<!-- /coursework -->)", lambda found: f"{found[1]}\n{table}\n{found[2]}",
                           path.read_text(encoding="utf-8"), flags=re.S), encoding="utf-8")


def met(yes):
    return "yes" if yes else "NO"


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--with", dest="python", metavar="PYTHON", help="time nbval beside nbgrader, both of this Python")
    main(parser.parse_args())
