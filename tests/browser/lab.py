"""A real JupyterLab in a real Chromium, for the browser tests and the latency benchmark."""
import contextlib
import json
import os
import secrets
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))
from find import MISSING, chromium  # noqa: E402, F401

from bpviz.lab import FLAGS as LAB  # noqa: E402

FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
         "--disable-component-update", "--disable-sync"]


@contextlib.contextmanager
def jupyterlab(folder, home, flags=LAB):
    """JupyterLab as `run.py lab` starts it, on `folder`, with settings of its own under `home`.

    Yields its address and the token.
    """
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        port = s.getsockname()[1]
    token = secrets.token_hex(16)
    env = {**os.environ, "JUPYTER_CONFIG_DIR": str(home / "config"), "JUPYTER_DATA_DIR": str(home / "data"),
           "JUPYTER_RUNTIME_DIR": str(home / "runtime"), "JUPYTERLAB_SETTINGS_DIR": str(home / "settings"),
           "JUPYTERLAB_WORKSPACES_DIR": str(home / "workspaces"), "IPYTHONDIR": str(home / "ipython"),
           "MPLBACKEND": "agg"}
    command = [sys.executable, "-m", "jupyter", "lab", *flags, "--no-browser", "--allow-root",
               f"--ServerApp.port={port}", f"--IdentityProvider.token={token}", f"--ServerApp.root_dir={folder}",
               "--ServerApp.port_retries=0"]
    quiet = home / "settings" / "@jupyterlab" / "apputils-extension" / "notification.jupyterlab-settings"
    quiet.parent.mkdir(parents=True, exist_ok=True)
    quiet.write_text('{"fetchNews": "false", "checkForUpdates": false}')
    with open(home / "jupyterlab.log", "w") as log:
        server = subprocess.Popen(command, env=env, stdout=log, stderr=log, cwd=ROOT)
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


def _get(url):
    try:
        with urllib.request.urlopen(url, timeout=5) as answer:
            return json.load(answer)
    except OSError:
        return None


def _answers(url):
    return _get(url) is not None


def wait(condition, seconds, what, step=0.05):
    """Wait until condition() is true and return its value; AssertionError naming `what` otherwise."""
    end = time.monotonic() + seconds
    while True:
        value = condition()
        if value:
            return value
        assert time.monotonic() < end, f"waited {seconds} s for {what}"
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
    """One notebook open in JupyterLab."""

    def __init__(self, chrome, address, token, name, width=1400, height=1000):
        self.context = chrome.new_context(viewport={"width": width, "height": height})
        self.page = self.context.new_page()
        self.page.set_default_timeout(30_000)
        self.errors = []
        self.page.on("pageerror", lambda error: self.errors.append(str(error)))
        self.page.goto(f"{address}/lab/workspaces/{secrets.token_hex(4)}/tree/{name}?token={token}")
        self.page.wait_for_selector(".jp-Notebook .jp-Cell", timeout=60_000)
        self.idle(60)

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

    def idle(self, seconds=60):
        """Wait until the kernel is connected and has nothing to do."""
        self.page.wait_for_selector(".jp-StatusBar-TextItem:has-text('| Idle')", timeout=seconds * 1000)

    def shot(self, path):
        self.page.screenshot(path=str(path))
        return path

    def close(self):
        self.context.close()
