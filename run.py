#!/usr/bin/env python3
"""bpviz in two commands, with nothing but Python 3.11 or newer:

    python3 run.py lab     open the lessons in JupyterLab
    python3 run.py test    run every test: linter, units, doctests, lessons, real browser

The first call builds .venv and installs requirements.lock into it, every file checked by its
hash. That needs neither python3-venv nor pip on the machine: pip comes along in tools/.
Words after the command are handed on: `python3 run.py lab --no-browser --port 9000`,
`python3 run.py test tests/network`.
"""
import hashlib
import os
import shutil
import subprocess
import sys
import time
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
PYTHON = VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
LOCK = ROOT / "requirements.lock"
PIP = ROOT / "tools" / "pip-26.3-py3-none-any.whl"
LAB = ["--ServerApp.ip=127.0.0.1", "--ServerApp.kernel_websocket_connection_class=bpviz.server.PromptConnection"]
PIP_SHA256 = "f3b60b20ffaadd4415ed7957212a38ac63fa4c5fa375bd0f4a797777940fad13"


def sha256(path):
    return hashlib.sha256(path.read_bytes()).hexdigest()


def prepare():
    """Build .venv if it is missing or older than the lock; a second call takes no time."""
    if not ((3, 11) <= sys.version_info[:2] < (3, 15)):
        sys.exit(f"bpviz needs Python 3.11 to 3.14, and this is {sys.version.split()[0]}.")
    stamp = VENV / "bpviz-ready"
    wanted = f"{sha256(LOCK)} {sys.version_info[:2]} {ROOT}"
    if stamp.exists() and stamp.read_text() == wanted and PYTHON.exists():
        return
    if sha256(PIP) != PIP_SHA256:
        sys.exit(f"{PIP} is not the file it should be (its hash differs); fetch the repository again.")
    print("Setting up .venv: about 1 GB, a minute or two, once.", flush=True)
    shutil.rmtree(VENV, ignore_errors=True)
    venv.create(VENV, with_pip=False, symlinks=os.name != "nt")
    install = [PYTHON, "-m", "pip", "install", "-qq", "--disable-pip-version-check", "--no-input",
               "--only-binary", ":all:", "--require-hashes", "--requirement", LOCK]
    result = subprocess.run(list(map(str, install)), env={**os.environ, "PYTHONPATH": str(PIP)})
    if result.returncode:
        sys.exit("The packages could not be installed: see the lines above. Without a network there is "
                 "nothing to install from; with one, run the same command again.")
    site = subprocess.check_output([str(PYTHON), "-c", "import sysconfig; print(sysconfig.get_path('purelib'))"],
                                   text=True).strip()
    Path(site, "bpviz.pth").write_text(f"{ROOT}\n", encoding="utf-8")
    stamp.write_text(wanted)


def lab(*words):
    """JupyterLab on the lessons, on this machine only, guarded by its token."""
    return subprocess.call([str(PYTHON), "-m", "jupyter", "lab", *LAB,
                            f"--ServerApp.root_dir={ROOT / 'lessons'}", *words], cwd=ROOT)


def test(*words):
    """Every part in turn; words (paths, pytest options) narrow it to one pytest run."""
    pytest = ["-m", "pytest"]
    examples = [str(path.relative_to(ROOT)) for path in sorted((ROOT / "bpviz").rglob("*.py"))
                if ">>>" in path.read_text(encoding="utf-8")]
    nbval = ["--nbval-lax", "--nbval-current-env", "--nbval-cell-timeout=120"]
    parts = {
        "linter": ["-m", "ruff", "check", "bpviz", "tests", "benchmarks", "lessons", "run.py"],
        "unit tests": [*pytest, "tests", "-m", "not browser"],
        "doctests": [*pytest, "--doctest-modules", *examples],
        "lessons": [*pytest, *nbval, "lessons"],
        "browser": [*pytest, "tests", "-m", "browser", "-rs"],
    }
    if words:
        parts = {"chosen tests": [*pytest, *words]}
    report, failed = [], False
    env = {**os.environ, "PYTHONDONTWRITEBYTECODE": "1", "MPLBACKEND": "agg", "BPVIZ_COMPILED": "0"}
    for name, command in parts.items():
        print(f"\n=== {name}", flush=True)
        start = time.monotonic()
        code = subprocess.call([str(PYTHON), *command], cwd=ROOT, env=env)
        failed = failed or code != 0
        report.append(f"{name:14} {'passed' if code == 0 else 'FAILED'}  {time.monotonic() - start:6.1f} s")
    print("\n=== all parts\n" + "\n".join(report))
    return int(failed)


if __name__ == "__main__":
    commands = {"lab": lab, "test": test}
    if len(sys.argv) < 2 or sys.argv[1] not in commands:
        sys.exit(__doc__)
    prepare()
    try:
        sys.exit(commands[sys.argv[1]](*sys.argv[2:]))
    except KeyboardInterrupt:
        sys.exit(130)
