"""HTML as PDF, by a Chromium that is there: Chromium, Chrome or Edge, whose own print does it, without a window."""
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome", "msedge", "microsoft-edge")
PLACES = {"darwin": ("/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
                     "/Applications/Chromium.app/Contents/MacOS/Chromium",
                     "/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge"),
          "win32": (r"C:\Program Files\Google\Chrome\Application\chrome.exe",
                    r"C:\Program Files (x86)\Microsoft\Edge\Application\msedge.exe")}
SECONDS = 120


def chromium():
    """The path of a browser that prints, or None. CHROMIUM in the environment comes first."""
    named = os.environ.get("CHROMIUM")
    found = [named] if named and Path(named).exists() else []
    found += [path for name in NAMES if (path := shutil.which(name))]
    found += [path for path in PLACES.get(sys.platform, ()) if Path(path).exists()]
    return found[0] if found else None


def printed(source, target, browser):
    """Print the HTML file `source` to the PDF file `target`; ValueError in a sentence where the browser does not."""
    with tempfile.TemporaryDirectory() as profile:
        command = [browser, "--headless", "--disable-gpu", "--no-pdf-header-footer", f"--user-data-dir={profile}",
                   f"--print-to-pdf={Path(target).resolve()}", Path(source).resolve().as_uri()]
        if hasattr(os, "geteuid") and os.geteuid() == 0:
            command.insert(1, "--no-sandbox")                    # Chromium does not run as root otherwise
        try:
            subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, timeout=SECONDS, check=True)
        except (OSError, subprocess.SubprocessError) as error:
            raise ValueError(f"{target}: {Path(browser).name} could not print it ({type(error).__name__}); the HTML "
                             "beside it prints from any browser") from None
    if not Path(target).exists():
        raise ValueError(f"{target}: {Path(browser).name} wrote no file; the HTML beside it prints from any browser")
