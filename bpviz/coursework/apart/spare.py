"""The spare Python that waits for a learner's function: started ahead, used once, ended with all it started.

Where it cannot be started (a browser's Python, a full machine), that is said; nothing here raises but Ctrl-C.
"""
import atexit
import os
import queue
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

import numpy as np

LONGEST = 1_100_000                  # bytes of an answer; the child cuts at less
START = 60.0                         # seconds that a spare may take to start
GRACE = 0.6                          # seconds after which a child that should have stopped by itself is stopped
SLICE = 0.2                          # seconds between two looks for Ctrl-C, where a wait cannot be interrupted
PROGRAM = Path(__file__).with_name("child.py")
NUMPY = str(Path(np.__file__).parents[1])
QUICK = {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1", "MKL_NUM_THREADS": "1", "MPLBACKEND": "agg"}
FLAGS = getattr(subprocess, "CREATE_NO_WINDOW", 0) | getattr(subprocess, "CREATE_NEW_PROCESS_GROUP", 0)     # Windows

_waiting, _used, _tidying, _lock = [], [], [], threading.Lock()


class Spare:
    """One Python of its own, in an empty folder, with nobody's variables. Raises OSError where none can be started."""

    def __init__(self):
        self.folder, self.lines, self.over = tempfile.mkdtemp(prefix="bpviz_"), queue.SimpleQueue(), threading.Event()
        self.used = False
        try:
            self.process = subprocess.Popen(
                [sys.executable, "-I", str(PROGRAM), self.folder, NUMPY], stdin=subprocess.PIPE,
                stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, cwd=self.folder, env=os.environ | QUICK,
                bufsize=0, start_new_session=True, creationflags=FLAGS)
        except BaseException:
            shutil.rmtree(self.folder, ignore_errors=True)
            raise
        self.listener = threading.Thread(target=self.listen, daemon=True)
        self.listener.start()

    def alive(self):
        return self.process.poll() is None

    def listen(self):
        """Put each line that comes into `lines`, then None for the end or "flood"; then tidy up, start the next."""
        got, seen = b"", 0
        while seen <= LONGEST and (chunk := os.read(self.process.stdout.fileno(), 1 << 16)):
            seen += len(chunk)
            *whole, got = (got + chunk).split(b"\n")
            for line in whole[:9]:
                self.lines.put(line)
        self.lines.put("flood" if seen > LONGEST else None)
        self.over.wait()
        self.process.wait()
        self.process.stdin.close()
        self.process.stdout.close()
        shutil.rmtree(self.folder, ignore_errors=True)
        if self.used and not _used:                          # else whoever is at work now starts it afterwards
            ready()
        _tidying.remove(self)

    def next(self, seconds):
        """The next line, None for an end, "flood"; "time" if nothing comes in time."""
        end = time.monotonic() + seconds
        while (left := end - time.monotonic()) > 0:
            try:
                return self.lines.get(timeout=min(left, SLICE))
            except queue.Empty:
                pass
        return "time"

    def ask(self, request, seconds):
        """The reply to a request, bytes; or "unstarted", "time", "flood", "died"."""
        while (line := self.next(START)) != b"ready":        # what NumPy may say before it does not count
            if not isinstance(line, bytes):
                return "unstarted"
        try:
            left = memoryview(request)
            while left:
                left = left[self.process.stdin.write(left):]
        except OSError:
            return "died"
        reply = self.next(seconds + GRACE)
        return "died" if reply is None else reply

    def end(self):
        """End it and all it started, but for what has made itself a session of its own."""
        try:
            if self.process.returncode is None:              # not waited for yet, so the number is still its own
                self.process.kill() if os.name == "nt" else os.killpg(self.process.pid, signal.SIGKILL)
        except (ProcessLookupError, PermissionError):
            pass
        _tidying.append(self)
        self.over.set()

    def ended(self):
        """How it ended by itself: its exit code, minus the signal; None if that cannot be told."""
        try:
            return self.process.wait(1.0)
        except subprocess.TimeoutExpired:
            return None


def ready():
    """Start a spare, if none waits; it costs a millisecond or two here. Whether one is on its way."""
    with _lock:
        spare = take()
        if spare:
            _waiting.append(spare)
        return bool(spare)


def take():
    """The spare that waits, else a new one; None where none can be started. The lock is the caller's."""
    while _waiting:
        spare = _waiting.pop()
        if spare.alive():
            return spare
        spare.end()
    try:
        return Spare()
    except (OSError, RuntimeError, TypeError):               # a browser's Python, a full machine, one that is ending
        return None


def in_spare(request, seconds):
    """(reply, exit code where it died): see Spare.ask. Behind one's back the next spare is started."""
    with _lock:
        spare = take()
        if spare is None:
            return "unstarted", None
        _used.append(spare)
    try:
        reply = spare.ask(request, seconds)
        code = spare.ended() if reply == "died" else None
    finally:
        _used.remove(spare)
        spare.used = True
        spare.end()
    return reply, code


@atexit.register
def end_all():
    """End the spare that waits, and see all gone."""
    for spare in list(_tidying):                             # they may be starting the next
        spare.listener.join(1.0)
    with _lock:
        while _waiting:
            _waiting.pop().end()
    for spare in list(_tidying):
        spare.listener.join(1.0)


def forget():
    """After a fork: the spare that waits is the parent's."""
    global _lock
    _lock = threading.Lock()
    for spare in _waiting + _used + _tidying:
        spare.process.returncode = 0                         # else subprocess complains that it still runs
    _waiting.clear(), _used.clear(), _tidying.clear()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=forget)
