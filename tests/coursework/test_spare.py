"""Nothing is left behind: no process, no folder; Ctrl-C, threads, forks, a killed kernel, a real kernel."""
import json
import os
import signal
import subprocess
import sys
import textwrap
import time
from pathlib import Path

import pytest
from jupyter_client.manager import start_new_kernel

from bpviz.coursework.apart import spare
from bpviz.coursework.apart.run import run
from bpviz.coursework.apart.texts import written

posix = pytest.mark.skipif(os.name == "nt", reason="signals and groups")
linux = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="looks into /proc")
HEAD = """
import json, os, signal, sys, threading, time, warnings
warnings.simplefilter("ignore", DeprecationWarning)      # of a fork beside threads, from Python 3.12 on
signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell's background jobs are born deaf to Ctrl-C
import numpy as np
from bpviz.coursework.apart import run as apart, spare
from bpviz.coursework.apart.texts import written
def waiting(): return len(spare._waiting)
double = written("def f(x): return 2 * x", "f")
loop = written("def f(x):\\n    while True: pass", "f")
CALLS = [{"x": np.arange(3.0)}]
def right(outcome): return outcome.kind == "" and outcome.results[0].tolist() == [0, 2, 4]
"""


def script(text, folder, **more):
    """A Python that runs this, its temporary folder given; its printed JSON."""
    where = {**os.environ, "TMPDIR": str(folder), "PYTHONPATH": os.pathsep.join(path for path in sys.path if path)}
    return subprocess.Popen([sys.executable, "-W", "error::ResourceWarning", "-c", HEAD + textwrap.dedent(text)], env=where,
                            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, **more)


def alive(pid):
    """Whether a process runs, and is not only a line in its parent's books."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def children(pid):
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            if int(stat.read_text().rpartition(")")[2].split()[1]) == pid:
                found.append(int(stat.parent.name))
        except OSError:
            pass
    return found


def soon(true, seconds=10.0):
    end = time.monotonic() + seconds
    while not true() and time.monotonic() < end:
        time.sleep(0.02)
    return true()


@linux
def test_what_a_function_leaves_running_is_ended():
    leaves = written("""
import os, subprocess, sys, threading, time
def f():
    child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(1000)"])
    threading.Thread(target=time.sleep, args=(1000,)).start()
    fork = os.fork()
    if not fork:
        time.sleep(1000)
    return os.getpid(), child.pid, fork
""", "f")
    outcome = run(leaves, [{}])
    assert outcome.said == "" and len(outcome.results[0]) == 3
    assert soon(lambda: not any(alive(int(pid)) for pid in outcome.results[0]))
    assert soon(lambda: not any(map(zombie, children(os.getpid()))))


def zombie(pid):
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z"
    except OSError:
        return False


@linux
def test_threads_forks_and_ctrl_c_and_nothing_left_at_the_end(tmp_path):
    process = script("""
        said = {"at import": waiting()}
        got = []
        threads = [threading.Thread(target=lambda: got.append(right(apart.run(double, CALLS)))) for _ in range(4)]
        [one.start() for one in threads], [one.join() for one in threads]
        said["threads"] = got
        r, w = os.pipe()
        if not (child := os.fork()):
            os.write(w, str(right(apart.run(double, CALLS))).encode())
            spare.end_all()
            os._exit(0)
        said["parent"] = right(apart.run(double, CALLS))
        said["fork"] = os.read(r, 10).decode()
        os.waitpid(child, 0)
        threading.Timer(0.7, lambda: os.kill(os.getpid(), signal.SIGINT)).start()
        begun = time.monotonic()
        outcome = apart.run(loop, CALLS, 60.0)
        said["stopped"] = [outcome.kind, outcome.said, time.monotonic() - begun < 5]
        said["after"] = right(apart.run(double, CALLS))
        while not waiting(): time.sleep(0.01)
        said["waiting"] = waiting()
        print(json.dumps(said))
        """, tmp_path)
    out, err = process.communicate(timeout=120)
    assert err == ""
    assert json.loads(out) == {
        "at import": 0, "threads": [True] * 4, "parent": True, "fork": "True",
        "stopped": ["stopped", "The check was stopped before your function had ended.", True],
        "after": True, "waiting": 1}
    assert soon(lambda: not list(tmp_path.iterdir()))
    assert not [pid for pid in children(1) if str(tmp_path) in command(pid)]


def command(pid):
    try:
        return Path(f"/proc/{pid}/cmdline").read_text()
    except OSError:
        return ""


@linux
def test_a_killed_kernel_takes_its_spares_along(tmp_path):
    process = script("""
        threading.Thread(target=apart.run, args=(loop, CALLS, 600.0), daemon=True).start()
        while not spare._used: time.sleep(0.01)
        time.sleep(1.0)
        apart.ready()
        print("go", flush=True)
        time.sleep(1000)
        """, tmp_path)
    assert process.stdout.readline() == "go\n"
    spares = children(process.pid)
    assert len(spares) == 2 and len(list(tmp_path.iterdir())) == 2
    process.send_signal(signal.SIGKILL)
    process.communicate()
    assert soon(lambda: not any(map(alive, spares))) and soon(lambda: not list(tmp_path.iterdir()))


@linux
def test_in_a_real_kernel(tmp_path):
    manager, client = start_new_kernel(cwd=str(tmp_path), env={
        **os.environ, "PYTHONPATH": os.pathsep.join(path for path in sys.path if path), "TMPDIR": str(tmp_path)})

    def tell(code, interrupt_after=None):
        out = []
        message = client.execute(code)
        if interrupt_after:
            time.sleep(interrupt_after)
            manager.interrupt_kernel()
        while (one := client.get_iopub_msg(timeout=60))["content"] != {"execution_state": "idle"} or (
                one["parent_header"]["msg_id"] != message):
            if one["msg_type"] in ("stream", "error"):
                out.append(one["content"].get("text") or one["content"]["evalue"])
        return "".join(out)

    try:
        assert tell("import numpy as np\nfrom bpviz.coursework.apart import run as apart\nCALLS = [{'x': np.ones(2)}]\napart.ready();") == ""
        tell("def helper(z):\n    return 2 * z")
        tell("class Net:\n    k = 3\n    def go(self, z): return self.k * helper(z)\nnet = Net()")
        tell("# the answer\n\n%time 1\ndef f(x):\n    display(x)\n    return {'y': net.go(x)}")
        assert tell("o = apart.run(f, CALLS); print(o.results, repr(o.printed))") == (
            "({'y': array([6., 6.])},) '[1. 1.]\\n'\n")
        assert tell("print(apart.run(lambda x: helper(x), CALLS).results)") == "(array([2., 2.]),)\n"
        tell("def wrong(x):\n    y = x\n    return y @ np.ones((3, 3))")
        assert tell("o = apart.run(wrong, CALLS); print(o.line, o.said)").startswith(
            "3 wrong stopped at line 3, `return y @ np.ones((3, 3))`: in a matrix product the two inner sizes have to be the same")
        assert tell("def loop(x):\n    while True:\n        pass\nprint(apart.run(loop, CALLS, 60).said)", 1.5) == (
            "The check was stopped before your function had ended.\n")
        assert tell("print(apart.run(f, CALLS).kind == '')") == "True\n"
    finally:
        client.stop_channels()
        manager.shutdown_kernel()
    assert soon(lambda: not list(tmp_path.glob("bpviz_*")))


@posix
def test_a_kernel_that_is_killed_right_after_a_check_leaves_no_folder(tmp_path):
    process = script("""
        apart.ready()
        folder = spare._waiting[0].folder
        spare.shutil.rmtree = lambda *_, **__: None          # nobody tidies up any more
        print(right(apart.run(double, CALLS)), os.path.exists(folder), flush=True)
        os.kill(os.getpid(), signal.SIGKILL)
        """, tmp_path)
    assert process.communicate(timeout=60)[0] == "True False\n"


@posix
def test_a_spare_that_died_while_it_waited_is_replaced(tmp_path):
    process = script("""
        apart.ready()
        os.kill(spare._waiting[0].process.pid, signal.SIGKILL)
        time.sleep(0.2)
        print(right(apart.run(double, CALLS)))
        """, tmp_path)
    out, err = process.communicate(timeout=60)
    assert (out, err) == ("True\n", "") and not list(tmp_path.iterdir())


def test_a_spare_finds_the_numpy_of_whoever_started_it(tmp_path):
    process = subprocess.Popen([sys.executable, "-I", "-S", str(spare.PROGRAM), str(tmp_path), spare.NUMPY],
                               stdin=subprocess.PIPE, stdout=subprocess.PIPE, start_new_session=True)
    assert process.stdout.readline() == b"ready\n"
    process.communicate()
