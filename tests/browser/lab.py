"""A real JupyterLab in a real Chromium, for the browser tests and the latency benchmark."""
import contextlib
import json
import os
import re
import secrets
import socket
import subprocess
import sys
import time
import urllib.request
import weakref
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))
from find import MISSING, chromium  # noqa: E402, F401

from bpviz.base.written import as_python  # noqa: E402
from bpviz.lab import FLAGS as LAB  # noqa: E402

TORN = "Kernel message validation error"
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
         "--disable-component-update", "--disable-sync"]

OPEN = weakref.WeakSet()                        # every Notebook there is


@contextlib.contextmanager
def jupyterlab(folder, home, flags=LAB, python=sys.executable, cwd=ROOT, classic=False):
    """JupyterLab as `run.py lab` starts it, on `folder`, with settings of its own under `home`.

    python, cwd: whose JupyterLab, started where.  classic: Notebook 6 instead. Yields its address and the token.
    """
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        port = s.getsockname()[1]
    token = secrets.token_hex(16)
    env = {**os.environ, "JUPYTER_CONFIG_DIR": str(home / "config"), "JUPYTER_DATA_DIR": str(home / "data"),
           "JUPYTER_RUNTIME_DIR": str(home / "runtime"), "JUPYTERLAB_SETTINGS_DIR": str(home / "settings"),
           "JUPYTERLAB_WORKSPACES_DIR": str(home / "workspaces"), "IPYTHONDIR": str(home / "ipython"),
           "MPLBACKEND": "agg"}
    env.pop("PYTEST_CURRENT_TEST", None)                # somebody sits before this one
    command = [str(python), "-m", "jupyterlab", *flags, "--no-browser", "--allow-root",
               f"--ServerApp.port={port}", f"--IdentityProvider.token={token}", f"--ServerApp.root_dir={folder}",
               "--ServerApp.port_retries=0"]
    if classic:
        command = [str(python), "-m", "notebook", "--no-browser", "--allow-root", "--NotebookApp.ip=127.0.0.1",
                   f"--NotebookApp.port={port}", f"--NotebookApp.token={token}", f"--NotebookApp.notebook_dir={folder}",
                   "--NotebookApp.port_retries=0"]
    quiet = home / "settings" / "@jupyterlab" / "apputils-extension" / "notification.jupyterlab-settings"
    quiet.parent.mkdir(parents=True, exist_ok=True)
    quiet.write_text('{"fetchNews": "false", "checkForUpdates": false}')
    with open(home / "jupyterlab.log", "w") as log:
        server = subprocess.Popen(command, env=env, stdout=log, stderr=log, cwd=cwd)
    address = f"http://127.0.0.1:{port}"
    try:
        wait(lambda: _answers(f"{address}/api?token={token}"), 60, "JupyterLab to answer", step=0.2)
        yield address, token
    finally:
        for session in _get(f"{address}/api/kernels?token={token}") or []:
            request = urllib.request.Request(f"{address}/api/kernels/{session['id']}?token={token}", method="DELETE")
            with contextlib.suppress(OSError):
                urllib.request.urlopen(request, timeout=10)
        server.terminate()
        try:
            server.wait(20)
        except subprocess.TimeoutExpired:
            server.kill()
            server.wait()


def write(folder, name, *cells, words=""):
    """A notebook of these code cells.  words: a text above them."""
    import nbformat
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(source) for source in cells])
    if words:
        notebook.cells.insert(0, nbformat.v4.new_markdown_cell(words))
    notebook.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3", "language": "python"}
    nbformat.write(notebook, folder / name)


def value(text):
    """The number of a text on the screen: with a true minus sign, commas between thousands and powers of ten."""
    return float(as_python(text.strip()).replace(",", ""))


def _get(url):
    try:
        with urllib.request.urlopen(url, timeout=5) as answer:
            return json.load(answer)
    except OSError:
        return None


def _answers(url):
    return _get(url) is not None


# What the panels in sight say: state, verdict, the line that there is no answer, the error. One that never got a frame says so.
SAID = """() => [...document.querySelectorAll('.bpviz-picture')].filter((live) => { const at = live.getBoundingClientRect();
  return at.width && at.bottom > 0 && at.top < innerHeight; }).map((live) => [live.dataset.frame ? `frame ${live.dataset.frame}` : 'no frame',
  live.querySelector('.bpviz-state').value, ...['words', 'hold', 'error'].map((part) => live.querySelector(`.bpviz-${part}`).textContent)]
  .filter(Boolean).join(' | ')).join('\\n')"""


def said():
    """What the panels in sight on the open pages say, for the message of a wait that was in vain."""
    lines = []
    for notebook in OPEN:
        with contextlib.suppress(Exception):            # a page that is just going says nothing
            lines.append(notebook.page.evaluate(SAID))
    return "\n".join(filter(None, lines))[:3000]


def wait(condition, seconds, what, step=0.05):
    """Wait until condition() is true and return its value; AssertionError naming `what`, and what is shown, otherwise."""
    end = time.monotonic() + seconds
    while True:
        value = condition()
        if value:
            return value
        assert time.monotonic() < end, f"waited {seconds} s for {what}; there is:\n{said()}"
        time.sleep(step)


@contextlib.contextmanager
def browser():
    """A headless Chromium."""
    from playwright.sync_api import sync_playwright
    with sync_playwright() as playwright:
        chrome = playwright.chromium.launch(executable_path=chromium(), args=FLAGS)
        try:
            yield chrome
        finally:
            chrome.close()


class Notebook:
    """One notebook open in JupyterLab; heard: called with all that comes over its websockets (bytes or text)."""

    def __init__(self, chrome, address, token, name, width=1400, height=1000, heard=None):
        self.context = chrome.new_context(viewport={"width": width, "height": height})
        self.page = self.context.new_page()
        self._listen()
        if heard:
            self.page.on("websocket", lambda socket: socket.on("framereceived", heard))
        self.page.goto(f"{address}/lab/workspaces/{secrets.token_hex(4)}/tree/{name}?token={token}")
        self.page.wait_for_selector(".jp-Notebook .jp-Cell", timeout=60_000)
        self.idle(60)

    def _listen(self):
        """errors: of the page's scripts, none is right.  console: what it complained of besides.

        Ctrl-C may tear a message that the kernel is sending, part by part: what JupyterLab says of such a one is no script's.
        """
        self.page.set_default_timeout(30_000)
        self.errors, self.console = [], []
        self.page.on("pageerror", lambda error: (self.console if TORN in str(error) else self.errors).append(str(error)))
        self.page.on("console", lambda line: line.type in ("error", "warning") and self.console.append(line.text))
        OPEN.add(self)

    def tells(self):
        """What to read when a test on this page has failed."""
        return "\n".join([*self.errors, *self.console[-20:], "--- on the page", *self.page.locator(
            ".jp-OutputArea-output").all_inner_texts()])[-6000:]

    def menu(self, *path):
        """Click through a menu: menu("Run", "Run All Cells")."""
        self.page.locator(f".lm-MenuBar-itemLabel:text-is('{path[0]}')").click()
        for item in path[1:]:
            self.page.locator(f".lm-Menu-itemLabel:text-is('{item}')").click()

    def run_all(self, seconds=120):
        self.menu("Run", "Run All Cells")
        self.page.wait_for_function("""() => [...document.querySelectorAll('.jp-CodeCell')].every((cell) =>
            /\\[\\d+\\]/.test(cell.querySelector('.jp-InputPrompt').textContent))""", timeout=seconds * 1000)
        self.idle(seconds)

    def save(self):
        """Save the notebook, and wait until it is in its file."""
        with self.page.expect_response(lambda answer: answer.request.method == "PUT" and "/api/contents/" in answer.url):
            self.menu("File", "Save Notebook")

    def restart(self):
        """Restart the kernel, as the menu does."""
        self.menu("Kernel", "Restart Kernel…")
        self.page.locator(".jp-Dialog button:has-text('Restart')").click()

    def idle(self, seconds=60):
        """Wait until the kernel is connected and has nothing to do."""
        self.page.wait_for_selector(".jp-StatusBar-TextItem:has-text('| Idle')", timeout=seconds * 1000)

    def shot(self, path):
        self.page.screenshot(path=str(path))
        return path

    def close(self):
        self.context.close()


class ClassicNotebook(Notebook):
    """One notebook open in Notebook 6, as Colab's widgets are made for."""

    def __init__(self, chrome, address, token, name, width=1400, height=1000):
        self.context = chrome.new_context(viewport={"width": width, "height": height})
        self.page = self.context.new_page()
        self._listen()
        self.page.goto(f"{address}/notebooks/{name}?token={token}")
        self.page.wait_for_function("""() => window.Jupyter && Jupyter.notebook && Jupyter.notebook.kernel
            && Jupyter.notebook.kernel.is_connected() && Jupyter.WidgetManager
            && Jupyter.WidgetManager._managers.length && Jupyter.notebook._fully_loaded""", timeout=60_000)

    def run_all(self, seconds=120):
        """Run all cells, until widgets show: at first their manager is still asking the kernel for those of an older
        page, does not say when it has done so, and leaves a widget that comes meanwhile hidden for good."""
        from playwright.sync_api import TimeoutError as Late
        self.page.wait_for_timeout(2000)
        for k in range(3):
            self.page.evaluate("Jupyter.notebook.execute_all_cells()")
            self.page.wait_for_function("""() => Jupyter.notebook.get_cells().every((cell) =>
                cell.cell_type != 'code' || cell.input_prompt_number > 0)""", timeout=seconds * 1000)
            try:
                return self.page.locator(".jupyter-widgets").first.wait_for(state="visible", timeout=15_000)
            except Late:
                assert k < 2, "no widget shows, three times"


def drag_a_panel(opened):
    """On an open notebook that shows bp.explore.minima(data="seesaw", w1=1, w2=2): drag the start, then a slider.

    Works in every front end, with ipywidgets 7 and 8; AssertionError where the panel does not follow.
    """
    page, live = opened.page, opened.page.locator(".bpviz-picture").first
    live.wait_for(state="visible", timeout=60_000)
    canvas, mouse = live.locator("canvas"), opened.page.mouse
    canvas.scroll_into_view_if_needed()
    while (closed := live.locator(".bpviz-folds [aria-expanded=false]")).count():
        closed.first.click()

    def words():
        return live.locator(".bpviz-words").inner_text()

    def knob(name):
        return float(re.search(rf"; {name}=([^;]+)", live.locator(".bpviz-state").input_value())[1])

    def spot(w1, w2):
        box, inside = canvas.bounding_box(), json.loads(live.get_attribute("data-places"))[0]["inside"]
        u, v = (w1 + 6) / 12, (6 - w2) / 12
        return (box["x"] + box["width"] * (inside[0] + u * (inside[2] - inside[0])),
                box["y"] + box["height"] * (inside[1] + v * (inside[3] - inside[1])))

    wait(lambda: live.get_attribute("data-frame") and words().startswith("Settled in minimum A"), 30, "minimum A")
    mouse.move(*spot(1, 2))
    mouse.down()
    for k in range(1, 11):
        mouse.move(*spot(1 - 0.4 * k, 2 + 0.1 * k))
    mouse.up()
    wait(lambda: abs(knob("w1") + 3) < 0.1 and abs(knob("w2") - 3) < 0.1, 20, "the start to follow the mouse")
    wait(lambda: words().startswith("Settled in minimum B"), 20, "minimum B")
    handle = page.locator(".noUi-handle, .ui-slider-handle").first
    handle.scroll_into_view_if_needed()
    box = handle.bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    mouse.move(x, y)
    mouse.down()
    for k in range(1, 31):
        mouse.move(x + 3 * k, y)
    mouse.up()
    wait(lambda: knob("w1") > -1, 20, "w1 to follow its slider")
    wait(lambda: live.locator("table").inner_text().count("✓ agree") == 2, 20, "the gradients at the new start")
    assert live.locator(".bpviz-error").inner_text() == "" and opened.errors == []
