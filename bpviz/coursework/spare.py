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
GRACE = 0.7                          # seconds after which a child that should have stopped by itself is stopped
SLICE = 0.2                          # seconds between two looks for Ctrl-C, where a wait cannot be interrupted
PROGRAM = Path(__file__).with_name("child.py")
NUMPY = str(Path(np.__file__).parents[1])
ONE_THREAD = dict.fromkeys(("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"), "1")
FLAGS = getattr(subprocess, "CREATE_NO_WINDOW", 0) | getattr(subprocess, "CREATE_NEW_PROCESS_GROUP", 0)     # Windows

_waiting, _lock = [], threading.Lock()


class Spare:
    """One Python of its own, in an empty folder, with nobody's variables."""

    def __init__(self):
        self.owner, self.folder, self.lines = os.getpid(), tempfile.mkdtemp(prefix="bpviz_"), queue.SimpleQueue()
        try:
            self.process = subprocess.Popen(
                [sys.executable, "-I", str(PROGRAM), self.folder, NUMPY], stdin=subprocess.PIPE,
                stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, cwd=self.folder, env=os.environ | ONE_THREAD,
                bufsize=0, start_new_session=True, creationflags=FLAGS)
        except BaseException:
            shutil.rmtree(self.folder, ignore_errors=True)
            raise
        self.listener = threading.Thread(target=self.listen, daemon=True)
        self.listener.start()

    def listen(self):
        """Put each line that comes into `lines`, then how it ended: None, or "flood"."""
        got, seen, fd = b"", 0, self.process.stdout.fileno()
        while chunk := os.read(fd, 1 << 16):
            seen += len(chunk)
            *whole, got = (got + chunk).split(b"\n")
            for line in whole[:2]:
                self.lines.put(line)
            if seen > LONGEST:
                self.lines.put("flood")
                return
        self.lines.put(None)

    def next(self, seconds):
        """The next line, None for an end, "time" if there is none in time."""
        end = time.monotonic() + seconds
        while (left := end - time.monotonic()) > 0:
            try:
                return self.lines.get(timeout=min(left, SLICE))
            except queue.Empty:
                pass
        return "time"

    def ask(self, request, seconds):
        """The reply to a request, bytes; or "unstarted", "time", "flood", "died"."""
        if self.next(START) != b"ready":
            return "unstarted"
        try:
            left = memoryview(request)
            while left:
                left = left[self.process.stdin.write(left):]
        except OSError:
            return "died"
        return self.next(seconds + GRACE) or "died"

    def end(self):
        """End it and all it started; how it ended, as Popen.returncode."""
        code = self.process.poll() if os.name == "nt" else None
        try:
            if os.name == "nt":
                self.process.kill()
            else:
                time.sleep(0)
                os.killpg(self.process.pid, signal.SIGKILL)
        except (ProcessLookupError, PermissionError):
            pass
        self.process.wait()
        self.process.stdin.close()
        self.listener.join(0.5)
        if not self.listener.is_alive():                     # else somebody who escaped still holds the other end
            self.process.stdout.close()
        shutil.rmtree(self.folder, ignore_errors=True)
        return self.process.returncode if code is None else code


def ready():
    """Start a spare, if none waits; it costs a millisecond or two here. Whether one is on its way."""
    with _lock:
        if not any(one.owner == os.getpid() and one.process.poll() is None for one in _waiting):
            _waiting.clear()                                 # those of a parent that forked are the parent's
            try:
                _waiting.append(Spare())
            except OSError:
                return False
        return True


def in_spare(request, seconds):
    """(reply, how the child ended): see Spare.ask. Then the next spare is started."""
    with _lock:
        spare = _waiting.pop() if _waiting else None
    if spare is None or spare.owner != os.getpid() or spare.process.poll() is not None:
        try:
            spare = Spare()
        except OSError:
            return "unstarted", None
    reply, code = "died", None
    try:
        reply = spare.ask(request, seconds)
    finally:
        code = spare.end()
    ready()
    return reply, code


@atexit.register
def end_all():
    """End the spare that waits."""
    with _lock:
        while _waiting:
            spare = _waiting.pop()
            if spare.owner == os.getpid():
                spare.end()
