"""Kernels for notebooks that are run by the dozen: each a process of its own, forked from one that has imported bpviz.

    with warm_kernels() as (words, env):              # words for nbval, and the environment that it needs beside them
        subprocess.run([..., "--nbval-lax", *words], env={**os.environ, **env})

Starting Python, IPython and bpviz anew takes most of the time of such a notebook. Here one process, the stove, does it
once; a kernel is a fork of it, fresh but for what is imported, and everything after that is a kernel's own: its
connection, its shell, its names. Modules that look around when they are imported are left to each kernel.
Only where forking such a process is safe, on Linux; elsewhere they are the ordinary kernels.

    warm.py stove SOCKET              forks whatever is asked for, until its stdin ends
    warm.py kernel SOCKET FILE        what Jupyter starts, and signals, as if it were the kernel: it asks for one, hands
                                      SIGINT on, and ends with it. FILE: the connection file
"""
import gc
import json
import os
import selectors
import signal
import socket
import subprocess
import sys
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import TemporaryDirectory

POSSIBLE = sys.platform == "linux"
LONGEST = 1 << 20                    # bytes of one request: its environment
OWN = "ipywidgets", "bpviz.coursework.learner.answers"      # when imported, they look for a shell, for the folder
PROGRAMS = "bpviz.__main__", "bpviz.coursework.apart.child"
BESIDE = ("ipykernel.kernelapp", "ipykernel.ipkernel", "ipykernel.debugger", "tornado.platform.asyncio", "psutil",
          "IPython.core.completerlib", "IPython.extensions.storemagic", "psygnal")


@contextmanager
def warm_kernels():
    """(words, env): what nbval needs to run notebooks in warm kernels, while this lasts."""
    if not POSSIBLE:
        yield ["--nbval-current-env"], {}
        return
    with TemporaryDirectory(prefix="bpviz_warm_") as folder:
        where = str(Path(folder, "socket"))
        spec = {"argv": [sys.executable, "-I", "-S", __file__, "kernel", where, "{connection_file}"],
                "display_name": "warm", "language": "python"}
        Path(folder, "kernels", "warm").mkdir(parents=True)
        Path(folder, "kernels", "warm", "kernel.json").write_text(json.dumps(spec))
        stove = subprocess.Popen([sys.executable, __file__, "stove", where], stdin=subprocess.PIPE,
                                 env={**os.environ, "PYTHONPATH": str(Path(__file__).resolve().parents[2]),
                                      "PYDEVD_DISABLE_FILE_VALIDATION": "1"})       # else debugpy warns
        try:
            yield ["--nbval-kernel-name=warm"], {"JUPYTER_PATH": folder}
        finally:
            stove.stdin.close()
            stove.wait()


# ---- the stove

def stove(where):
    listening = socket.socket(socket.AF_UNIX)
    listening.bind(where)                                    # first: who asks early waits
    listening.listen(100)
    import_all()
    gc.collect()
    gc.freeze()
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)            # nobody waits for a kernel that has ended
    with selectors.DefaultSelector() as either:
        either.register(listening, selectors.EVENT_READ)
        either.register(sys.stdin.fileno(), selectors.EVENT_READ)
        while all(key.fileobj is listening for key, _ in either.select()):
            asked = listening.accept()[0]
            if os.fork():
                asked.close()
                continue
            listening.close()
            either.close()
            return asked
    return None


def import_all():
    """What a kernel imports sooner or later, but for OWN and the modules that need one of these."""
    import pkgutil
    from importlib import import_module

    import bpviz
    sys.modules.update(dict.fromkeys(OWN))                   # so that importing them raises ImportError
    names = [module.name for module in pkgutil.walk_packages(bpviz.__path__, "bpviz.", onerror=lambda name: None)]
    for name in (*BESIDE, *names):
        if name not in PROGRAMS:
            with suppress(ImportError):
                import_module(name)
    for name in OWN:
        del sys.modules[name]


def serve(asked):
    """From here on this process is the kernel that was asked for."""
    import threading

    from ipykernel.kernelapp import IPKernelApp
    os.setsid()
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    message, files, *_ = socket.recv_fds(asked, LONGEST, 3)
    while not message.endswith(b"\n"):
        message += asked.recv(LONGEST) or os._exit(1)        # who asked has ended
    wanted = json.loads(message)
    for number, file in enumerate(files):
        os.dup2(file, number)
        os.close(file)
    os.environ.clear()
    os.environ.update(wanted["env"])
    os.chdir(wanted["folder"])
    asked.sendall(f"{os.getpid()}\n".encode())

    def end_with_it():
        asked.recv(1)                                        # nothing comes: the other side has ended
        os.kill(os.getpid(), signal.SIGKILL)
    threading.Thread(target=end_with_it, daemon=True).start()
    sys.argv = ["ipykernel_launcher", "-f", wanted["file"], f"--IPKernelApp.parent_handle={os.getppid()}"]
    IPKernelApp.launch_instance()


# ---- what Jupyter starts

def kernel(where, file):
    asking, parent = socket.socket(socket.AF_UNIX), os.getppid()
    asking.connect(where)
    wanted = json.dumps({"env": dict(os.environ), "folder": os.getcwd(), "file": file}).encode() + b"\n"
    sent = socket.send_fds(asking, [wanted], [0, 1, 2])
    asking.sendall(wanted[sent:])
    number = int(asking.makefile().readline())
    signal.signal(signal.SIGINT, lambda *_: os.kill(number, signal.SIGINT))
    asking.settimeout(1.0)
    while os.getppid() == parent:                            # a notebook's run that was killed leaves no kernel
        try:
            asking.recv(1)                                   # nothing comes: the kernel has ended
            return
        except TimeoutError:
            pass


if __name__ == "__main__":
    if sys.argv[1] == "kernel":
        kernel(*sys.argv[2:])
    elif (asked := stove(sys.argv[2])) is not None:
        serve(asked)
