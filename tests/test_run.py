"""run.py itself: Ctrl-C in the lab as a person presses it, and what the test command says at its end."""
import contextlib
import json
import os
import re
import select
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

import pytest
from lab import wait

import run

ROOT = Path(__file__).resolve().parents[1]


class Terminal:
    """A program in a terminal of its own: what it prints is read, what a person types is written."""

    def __init__(self, command, env):
        import pty
        self.pid, self.line = pty.fork()
        if self.pid == 0:
            os.chdir(ROOT)
            os.execve(command[0], command, env)
        self.said, self.status = "", None

    def reads(self, pattern, seconds=30):
        """Wait for the pattern in what comes; everything up to its end is taken as read."""
        end = time.monotonic() + seconds
        while not (found := re.search(pattern, self.said)):
            assert self.listens() and time.monotonic() < end, f"waited for {pattern!r}; there is {self.said[-2000:]!r}"
        self.said = self.said[found.end():]
        return found

    def listens(self):
        """Take in what has come; False once the program has left the terminal."""
        if select.select([self.line], [], [], 0.1)[0]:
            try:
                came = os.read(self.line, 65536)
            except OSError:
                return False
            self.said += came.decode(errors="replace")
            return bool(came)
        return True

    def types(self, text):
        os.write(self.line, text.encode())

    def ends(self, seconds=20):
        """Its exit status, once it has ended."""
        end = time.monotonic() + seconds
        while self.status is None:
            assert time.monotonic() < end, f"still running; it said {self.said[-2000:]!r}"
            if not self.listens():
                time.sleep(0.05)
            pid, status = os.waitpid(self.pid, os.WNOHANG)
            self.status = os.waitstatus_to_exitcode(status) if pid else None
        return self.status

    def close(self):
        if self.status is None:
            with contextlib.suppress(ProcessLookupError):
                os.kill(self.pid, signal.SIGKILL)
            os.waitpid(self.pid, 0)
        os.close(self.line)


@pytest.fixture
def terminal():
    with contextlib.ExitStack() as stack:
        def open_(code, **env):
            one = Terminal([sys.executable, "-c", code], {**os.environ, "TERM": "dumb", **env})
            stack.callback(one.close)
            return one
        yield open_


def answers(ask):
    with contextlib.suppress(OSError):
        return ask("status")


def alive(pid):
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return "Z" not in Path(f"/proc/{pid}/stat").read_text().split(")")[1].split()[0] if Path("/proc/self").exists() else True


posix = pytest.mark.skipif(os.name == "nt", reason="drives a POSIX terminal")


@posix
def test_ctrl_c_in_the_lab_asks_and_no_goes_on_and_yes_ends_cleanly(terminal, tmp_path):
    """One Ctrl-C ends the lab as `jupyter lab` ends: it asks; n resumes with the kernels alive; y leaves nothing behind."""
    runtime = tmp_path / "runtime"
    folders = {f"JUPYTER_{name.upper()}_DIR": str(tmp_path / name) for name in ("config", "data", "runtime")}
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        port = one.getsockname()[1]
    mine = tmp_path / "my-lessons"
    lab = terminal(f"import pathlib, run, sys; run.PYTHON, run.MINE = sys.executable, pathlib.Path({str(mine)!r}); "
                   f"sys.exit(run.lab('--no-browser', '--allow-root', '--IdentityProvider.token=abc', '--port={port}'))",
                   PYTHONPATH=str(ROOT), IPYTHONDIR=str(tmp_path / "ipython"), **folders)
    address = lab.reads(r"(http://127\.0\.0\.1:\d+)/lab\?token=", 60)[1]

    def ask(path, **more):
        request = urllib.request.Request(f"{address}/api/{path}", headers={"Authorization": "token abc"}, **more)
        with urllib.request.urlopen(request, timeout=10) as answer:
            return json.load(answer)
    wait(lambda: answers(ask), 20, "the server to answer")
    kernel = ask("kernels", data=b'{"name": "python3"}', method="POST")["id"]
    running = subprocess.check_output(["ps", "-wwAo", "pid=,args="], text=True).splitlines()
    child, = (int(pid) for pid, *words in map(str.split, running)
              if kernel in " ".join(words))
    lab.types("\x03")
    lab.reads(r"Shut down this Jupyter server \(y/\[n\]\)\?")
    lab.types("n\n")
    lab.reads("resuming operation")
    assert [one["id"] for one in ask("kernels")] == [kernel] and alive(child)
    time.sleep(1)                         # Jupyter prints that first, and listens to the next Ctrl-C a moment later
    lab.types("\x03")
    lab.reads(r"Shut down this Jupyter server \(y/\[n\]\)\?")
    lab.types("y\n")
    assert lab.ends() == 0
    assert not alive(child) and {file.name for file in runtime.iterdir()} <= {"jupyter_cookie_secret"}
    assert list(mine.glob("0*.ipynb")) and run.MINE.name in (ROOT / ".gitignore").read_text().replace("/", "").split()
    with pytest.raises(urllib.error.URLError):
        ask("kernels")


POLITE = """
import signal, sys, time
def asked(*_):
    print("asked", flush=True); time.sleep(1); print("tidied up", flush=True); sys.exit(5)
signal.signal(signal.SIGINT, asked)
print("ready", flush=True)
time.sleep(30)
"""


@posix
@pytest.mark.parametrize("how", ["run.beside([sys.executable, '-c', polite])[0]", "run.lab()"])
def test_a_command_that_takes_its_time_over_ctrl_c_is_waited_for(terminal, tmp_path, how):
    """What Windows does in `lab`, and every system in `test`: the parent stands aside, and does not kill."""
    (tmp_path / "polite.py").write_text(POLITE)
    word = terminal(f"import run, sys; polite = {POLITE!r}; run.POSIX = False; "
                    f"run.ROOT = __import__('pathlib').Path({str(tmp_path)!r}); run.PYTHON = {str(tmp_path / 'python')!r}; "
                    f"sys.exit({how})", PYTHONPATH=str(ROOT))
    (tmp_path / "python").write_text(f"#!/bin/sh\nexec {sys.executable} {tmp_path / 'polite.py'}\n")
    (tmp_path / "python").chmod(0o755)
    word.reads("ready")
    word.types("\x03")
    word.reads("tidied up")
    assert word.ends() == 5


BARE = {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}       # starts in a third of the time


def report(folder, *cases):
    """What run.py reads of a pytest run over these lines of a test file."""
    (folder / "test_it.py").write_text("import pytest\n" + "\n".join(
        f"def test_{k}(): {case}" for k, case in enumerate(cases)))
    done = subprocess.run([sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "--junitxml=report.xml"],
                          cwd=folder, capture_output=True, env={**os.environ, **BARE})
    return done.returncode, run.counted(folder / "report.xml")


SKIP = "pytest.skip('no browser here')"


@pytest.mark.parametrize("cases, word, said", [
    (["pass", "pass"], "passed", "2 tests"),
    ([SKIP, SKIP], "skipped", "2 tests, 2 skipped: no browser here (2)"),
    (["pass", SKIP], "passed", "2 tests, 1 skipped: no browser here (1)"),
    (["pass", "assert False", SKIP], "FAILED", "3 tests, 1 skipped: no browser here (1)"),
], ids=["all pass", "all skipped", "one skipped", "one fails"])
def test_the_summary_says_how_many_were_skipped_and_why(tmp_path, cases, word, said):
    code, count = report(tmp_path, *cases)
    assert run.verdict(code, count) == (word, said)
    strict = run.verdict(code, count, strict=True)        # CI=true: a missing browser is a failure
    assert strict == ("FAILED" if SKIP in cases else word, said)


def test_a_part_without_a_report_is_judged_by_its_status(tmp_path):
    assert run.counted(tmp_path / "report.xml") is None
    assert run.verdict(0, None) == ("passed", "") and run.verdict(1, None) == ("FAILED", "")
    (tmp_path / "report.xml").write_text("")                         # a run that was killed
    assert run.counted(tmp_path / "report.xml") is None


@pytest.mark.parametrize("ci, status, last", [("true", 1, "FAILED"), ("", 0, "skipped")])
def test_run_py_on_a_machine_without_a_browser(tmp_path, ci, status, last):
    """The whole way: a driver that finds nothing, tests that skip, and the last line a person reads."""
    (tmp_path / "tests" / "browser").mkdir(parents=True)
    (tmp_path / "bpviz").mkdir()
    (tmp_path / "tests" / "browser" / "find.py").write_text("import sys; sys.exit('nowhere to be found')")
    (tmp_path / "tests" / "browser" / "test_it.py").write_text(
        f"import pytest\n\n@pytest.mark.browser\ndef test_it():\n    {SKIP}\n")
    (tmp_path / "pytest.ini").write_text("[pytest]\nmarkers = browser: x\n")
    code = (f"import run, sys, pathlib; run.ROOT = pathlib.Path({str(tmp_path)!r}); run.PYTHON = sys.executable; "
            "run.PARTS = ('browser',); sys.exit(run.test())")
    env = {**os.environ, **BARE, "PYTEST_PLUGINS": "xdist.plugin", "PYTHONPATH": str(ROOT), "CI": ci}
    done = subprocess.run([sys.executable, "-c", code], env=env, capture_output=True, text=True)
    line = done.stdout.strip().splitlines()[-1]
    assert (done.returncode, line.split()[1]) == (status, last), done.stdout + done.stderr
    assert line.endswith("1 tests, 1 skipped: no browser here (1)") and "nowhere to be found" in done.stderr
