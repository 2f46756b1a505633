"""The program in the spare process: a learner's function comes in as text, its inputs as JSON; numbers go out as JSON.

It is run by its path, alone and isolated, and imports the standard library and NumPy only (remade.py and given_back.py
beside it do too): it must be there before the learner has let go of the keys. It is used once. What a function breaks
here (NumPy, json, the process itself) is gone with it; the parent (apart.py) believes nothing that comes out of it and
checks every part.

out      where the answer goes: a copy of fd 1, which itself leads nowhere from then on, as do fd 0 and fd 2
"""
import base64
import builtins
import io
import json
import os
import signal
import sys
import threading
import warnings
from importlib import import_module
from pathlib import Path

try:
    import numpy as np
except ImportError:                                                      # where it is, if it is the user's own
    sys.path.append(sys.argv[2])
    import numpy as np

LONGEST = 1_000_000                  # bytes of an answer
PRINTED = 2_000                      # letters of what the function prints
MEMORY = 2 * 1024 ** 3               # bytes
sys.path[:0] = [str(Path(__file__).parent)]                              # for the two imports below, no longer
pack_result, Closure = import_module("given_back").pack_result, import_module("remade").Closure
del sys.path[0]
encode = json.JSONEncoder().encode
AS_THEY_ARE = [(vars(module), dict(vars(module))) for module in (builtins, np, os, json, base64)]


class Printed(io.TextIOBase):
    """What the function prints: the first letters are kept, the rest is dropped."""

    def __init__(self):
        self.parts, self.left = [], PRINTED

    def write(self, text):
        if self.left > 0:
            self.parts.append(text[:self.left])
            self.left -= len(text)
        return len(text)

    def text(self):
        return "".join(self.parts) + (" ... (cut)" if self.left < 0 else "")


def stopped_at(frames, texts):
    """{"line", "code"}: the learner's line nearest to where it stopped. frames: (code, line) each, outermost first."""
    at = {}
    for code, line in frames:
        name = code.co_filename
        if name.startswith("<text ") and line:
            text = texts[int(name[6:-1])].splitlines()
            at = {"line": line, "code": text[line - 1].strip()[:1000] if line <= len(text) else ""}
    return at


def walk(traceback):
    while traceback is not None:
        yield traceback.tb_frame.f_code, traceback.tb_lineno
        traceback = traceback.tb_next


def stack(frame):
    frames = []
    while frame is not None:
        frames.append((frame.f_code, frame.f_lineno))
        frame = frame.f_back
    return reversed(frames)


def of(error):
    """The class of an exception, and its first line of text."""
    try:
        text = str(error).strip().partition("\n")[0][:1000]
    except BaseException:
        text = ""
    return {"type": type(error).__name__, "text": text}


def put_back():
    """Undo what the function has patched, before its numbers are read."""
    for now, then in AS_THEY_ARE:
        now.update(then)


def answer(request):
    """The whole answer to one request, a dict for JSON."""
    texts = request["parcel"]["texts"]
    closure = Closure(request["parcel"])
    try:
        function = closure.function()
    except BaseException as error:
        return {"kind": "unmade", **of(error)}
    try:
        results = []
        for call in request["calls"]:
            inputs = {name: closure.value(one) for name, one in call.items()}
            result = function(**inputs)
            put_back()
            results.append(pack_result(result))
        return {"kind": "", "results": results}
    except BaseException as error:
        put_back()
        return {"kind": "raised", **of(error), "memory": isinstance(error, MemoryError),
                **stopped_at(walk(error.__traceback__), texts)}


def limit_memory():
    """MEMORY and no more, after NumPy is in; no core files."""
    try:
        import resource
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    except (ImportError, OSError, ValueError):
        pass                                                 # Windows has none, macOS does not hold it


def main(folder):
    """Wait for one request on fd 0, answer it on fd 1, end. With the parent gone, end at once, the folder too."""
    out, source = os.dup(1), os.dup(0)
    nothing = os.open(os.devnull, os.O_RDWR)
    for fd in (0, 1, 2):
        os.dup2(nothing, fd)
    main_thread, once = threading.get_ident(), threading.Lock()

    def tell(reply):
        if once.acquire(blocking=False):
            line = encode(reply).encode()
            if len(line) > LONGEST:
                line = encode({"kind": "flood"}).encode()
            line += b"\n"
            while line:
                line = line[os.write(out, line):]

    def alone():
        import shutil
        shutil.rmtree(folder, ignore_errors=True)
        if hasattr(os, "killpg"):
            os.killpg(0, signal.SIGKILL)
        os._exit(1)

    def watch_parent():
        try:
            while os.read(source, 1 << 16):
                pass
        finally:
            alone()

    line = b""
    try:
        os.write(out, b"ready\n")
        while not line.endswith(b"\n"):
            line += os.read(source, 1 << 20) or alone()
    except OSError:
        alone()
    request = json.loads(line)
    texts, printed = request["parcel"]["texts"], Printed()

    def too_long():
        tell({"kind": "time", "printed": printed.text(),
              **stopped_at(stack(sys._current_frames().get(main_thread)), texts)})

    threading.Thread(target=watch_parent, daemon=True).start()
    clock = threading.Timer(request["seconds"], too_long)
    clock.daemon = True
    clock.start()
    limit_memory()
    sys.stdout = sys.stderr = printed
    builtins.display = print                                 # as in a notebook
    warnings.simplefilter("ignore")
    with np.errstate(all="ignore"):
        reply = answer(request)
    try:
        os.rmdir(folder)                                     # now: a kernel that ends after this check leaves nothing
    except OSError:
        pass                                                 # not empty, or Windows: the parent does it
    tell({**reply, "printed": printed.text()})
    os._exit(0)


if __name__ == "__main__":
    main(sys.argv[1])
