"""Where a browser is looked for, on the three systems, and what is said where there is none."""
import os
import subprocess
import sys
from pathlib import Path

import find
import pytest


@pytest.fixture
def nothing(monkeypatch):
    """A machine without any browser."""
    monkeypatch.delenv("CHROMIUM", raising=False)
    monkeypatch.setattr(find.shutil, "which", lambda name: None)
    monkeypatch.setattr(find.os, "access", lambda path, mode: False)
    monkeypatch.setattr(find, "drivers_own", lambda: None)
    find.chromium.cache_clear()
    yield monkeypatch
    find.chromium.cache_clear()


WINDOWS = {"ProgramFiles": r"C:\Program Files", "ProgramFiles(x86)": r"C:\Program Files (x86)",
           "LocalAppData": r"C:\Users\ada\AppData\Local"}


@pytest.mark.parametrize("system, environ, path", [
    ("linux", {}, "/opt/google/chrome/chrome"),
    ("linux", {}, "/opt/microsoft/msedge/msedge"),
    ("linux", {}, "/snap/bin/chromium"),
    ("darwin", {}, "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome"),
    ("darwin", {}, "/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge"),
    ("darwin", {}, os.path.expanduser("~/Applications/Chromium.app/Contents/MacOS/Chromium")),
    ("win32", WINDOWS, r"C:\Program Files\Google\Chrome\Application\chrome.exe"),
    ("win32", WINDOWS, r"C:\Program Files (x86)\Microsoft\Edge\Application\msedge.exe"),
    ("win32", WINDOWS, r"C:\Users\ada\AppData\Local\Chromium\Application\chrome.exe"),
])
def test_a_browser_in_its_usual_place_is_found(nothing, system, environ, path):
    nothing.setattr(find.sys, "platform", system)
    for name, value in environ.items():
        nothing.setenv(name, value)
    assert find.chromium() is None
    find.chromium.cache_clear()
    nothing.setattr(find.os, "access", lambda place, mode: place == path)
    assert find.chromium() == path


@pytest.mark.parametrize("name", ["chromium", "google-chrome-stable", "microsoft-edge", "msedge"])
def test_a_browser_on_the_path_is_found(nothing, name):
    nothing.setattr(find.shutil, "which", lambda asked: f"/somewhere/{name}" if asked == name else None)
    assert find.chromium() == f"/somewhere/{name}"


def test_the_drivers_own_is_the_last(nothing):
    nothing.setattr(find, "drivers_own", lambda: "/cache/chrome")
    assert find.chromium() == "/cache/chrome"


def test_where_there_is_none_the_reason_is_said(nothing, capsys):
    assert find.main([]) == 1 and capsys.readouterr().err.strip() == find.MISSING
    nothing.setattr(find, "fetch", lambda: (None, "Error: no network"))
    assert find.main(["--fetch"]) == 1
    assert capsys.readouterr().err.strip().endswith("The test driver's own download failed: Error: no network")
    nothing.setattr(find, "fetch", lambda: ("/cache/chrome", ""))
    assert find.main(["--fetch"]) == 0 and capsys.readouterr().out.strip() == "/cache/chrome"


def test_a_chosen_browser_that_is_not_there_is_named(nothing, capsys):
    nothing.setenv("CHROMIUM", "/no/such/browser")
    assert find.main(["--fetch"]) == 1
    assert capsys.readouterr().err.strip() == "CHROMIUM is set to '/no/such/browser', and there is no program of that name"


def test_it_needs_nothing_but_the_standard_library():
    code = "import find, sys; print(sorted({'numpy', 'playwright', 'bpviz'} & set(sys.modules)))"
    assert subprocess.check_output([sys.executable, "-c", code], text=True,
                                   cwd=Path(find.__file__).parent).strip() == "[]"
