"""A browser for the browser tests: Chromium, Chrome or Edge, wherever this system keeps it.

`python tests/browser/find.py` prints its path; with --fetch the test driver downloads a Chromium of its own where none
is found. Exit status 1, and the reason in a sentence, where there is none. Needs nothing but the standard library.
"""
import os
import re
import shutil
import subprocess
import sys
from functools import cache
from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome", "microsoft-edge",
         "microsoft-edge-stable", "msedge")
PLACES = {
    "linux": ("/usr/lib/chromium/chromium", "/snap/bin/chromium", "/opt/google/chrome/chrome",
              "/opt/microsoft/msedge/msedge", "~/.local/bin/chromium"),
    "darwin": tuple(f"{home}/Applications/{app}.app/Contents/MacOS/{app}" for home in ("", "~")
                    for app in ("Google Chrome", "Chromium", "Microsoft Edge")),
    "win32": tuple(f"%{base}%\\{app}" for base in ("ProgramFiles", "ProgramFiles(x86)", "LocalAppData")
                   for app in ("Google\\Chrome\\Application\\chrome.exe", "Chromium\\Application\\chrome.exe",
                               "Microsoft\\Edge\\Application\\msedge.exe")),
}
MISSING = ("no Chromium, Chrome or Edge was found, on the path or where this system keeps them: install one "
           "(Debian, Ubuntu: `apt-get install chromium`), or set CHROMIUM to its path")
FETCH_S = 300


def places(system, environ):
    """The usual paths of the three browsers on this kind of system ("linux", "darwin", "win32")."""
    for place in PLACES.get(system, ()):
        names = re.findall(r"%([^%]+)%", place)
        if all(environ.get(name) for name in names):
            for name in names:
                place = place.replace(f"%{name}%", environ[name])
            yield os.path.expanduser(place)


@cache
def chromium():
    """The path of a browser on this machine, or None. CHROMIUM, where it is set, is the only one looked at."""
    chosen = os.environ.get("CHROMIUM")
    if chosen:
        return shutil.which(chosen)
    on_path = (shutil.which(name) for name in NAMES)
    return next((path for path in on_path if path), None) or next(
        (path for path in places(sys.platform, os.environ) if os.access(path, os.X_OK)), None) or drivers_own()


def drivers_own():
    """The path of the Chromium that the test driver has downloaded, or None."""
    try:
        from playwright.sync_api import sync_playwright
        with sync_playwright() as playwright:
            path = playwright.chromium.executable_path
    except Exception:                              # no driver, or one that cannot start here: then it has no browser
        return None
    return path if path and Path(path).exists() else None


def fetch():
    """Have the test driver download its Chromium; returns (path or None, why not)."""
    print("No browser found; the test driver tries to download its own (about 150 MB).", file=sys.stderr, flush=True)
    try:
        run = subprocess.run([sys.executable, "-m", "playwright", "install", "chromium"], capture_output=True, text=True,
                             timeout=FETCH_S)
    except subprocess.TimeoutExpired:
        return None, f"the download did not finish in {FETCH_S} s"
    lines = [line for line in (run.stderr + run.stdout).splitlines() if "rror" in line]
    if run.returncode:
        return None, lines[0].strip() if lines else f"the download ended with status {run.returncode}"
    path = drivers_own()
    try:
        from playwright.sync_api import sync_playwright
        with sync_playwright() as playwright:
            playwright.chromium.launch(executable_path=path, args=["--no-sandbox"]).close()
    except Exception as error:                     # a system without the libraries that it needs
        return None, f"it was downloaded and does not start: {str(error).splitlines()[0]}"
    return path, ""


def main(words):
    path, why = chromium(), ""
    if path is None and os.environ.get("CHROMIUM"):
        why = f"CHROMIUM is set to {os.environ['CHROMIUM']!r}, and there is no program of that name"
    elif path is None and "--fetch" in words:
        path, why = fetch()
        why = f"{MISSING}. The test driver's own download failed: {why}"
    if path is None:
        print(why or MISSING, file=sys.stderr)
        return 1
    print(path)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
