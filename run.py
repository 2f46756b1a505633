#!/usr/bin/env python3
"""bpviz in two commands, with nothing but Python 3.11 or newer:

    python3 run.py lab     open the lessons in JupyterLab, in a folder of your own: my-lessons
    python3 run.py test    run every test: linter, units, doctests, lessons, real browser

The first call builds .venv and installs requirements.lock into it, every file checked by its
hash. That needs neither python3-venv nor pip on the machine: pip comes along in tools/.
Words after the command are handed on: `python3 run.py lab --no-browser --port 9000`,
`python3 run.py test tests/network`.
"""
import hashlib
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import venv
import xml.etree.ElementTree as ET
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).resolve().parent
POSIX = os.name != "nt"
VENV = ROOT / ".venv"
PYTHON = VENV / ("bin/python" if POSIX else "Scripts/python.exe")
LOCK = ROOT / "requirements.lock"
MINE = ROOT / "my-lessons"                   # the learner's; lessons/ holds the sources, with solutions
PARTS = ("linter", "unit tests", "doctests", "lessons", "browser")
PIP = ROOT / "tools" / "pip-26.3-py3-none-any.whl"
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
    print("Setting up .venv: about 1 GB, a minute or two, once.", flush=True)
    shutil.rmtree(VENV, ignore_errors=True)
    venv.create(VENV, with_pip=False, symlinks=POSIX)
    if install(PYTHON, "--require-hashes", "--requirement", LOCK):
        sys.exit("The packages could not be installed: see the lines above. Without a network there is "
                 "nothing to install from; with one, run the same command again.")
    site = subprocess.check_output([str(PYTHON), "-c", "import sysconfig; print(sysconfig.get_path('purelib'))"],
                                   text=True).strip()
    Path(site, "bpviz.pth").write_text(f"{ROOT}\n", encoding="utf-8")
    stamp.write_text(wanted)


def install(python, *words):
    """Let the pip of tools/ install into the environment of `python`; wheels only. Returns pip's exit status."""
    if sha256(PIP) != PIP_SHA256:
        sys.exit(f"{PIP} is not the file it should be (its hash differs); fetch the repository again.")
    command = [python, "-m", "pip", "install", "-qq", "--disable-pip-version-check", "--no-input",
               "--only-binary", ":all:", *words]
    return subprocess.run(list(map(str, command)), env={**os.environ, "PYTHONPATH": str(PIP)}).returncode


def beside(command, **more):
    """Run a command and leave Ctrl-C to it: the terminal interrupts both, and only the command knows what to end.

    Returns (exit status, whether Ctrl-C came).
    """
    came = []
    before = signal.signal(signal.SIGINT, lambda *_: came.append(True))
    try:
        return subprocess.Popen(list(map(str, command)), **more).wait(), bool(came)
    finally:
        signal.signal(signal.SIGINT, before)


def lab(*words):
    """JupyterLab on the lessons, on this machine only, guarded by its token. Ctrl-C is JupyterLab's: it asks first."""
    command = list(map(str, [PYTHON, "-m", "bpviz", "lab", MINE, *words]))
    os.chdir(ROOT)
    if POSIX:
        os.execv(command[0], command)          # from here on this process is JupyterLab
    return beside(command)[0]


def browser(env):
    """The path of a browser for the tests, found or fetched by tests/browser/find.py; None after saying why not."""
    run = subprocess.run([str(PYTHON), str(ROOT / "tests" / "browser" / "find.py"), "--fetch"], env=env, text=True,
                         stdout=subprocess.PIPE)
    return run.stdout.strip() if run.returncode == 0 else None


def counted(file):
    """What a pytest run says of itself in its JUnit file: (tests, skipped, reasons), or None without such a file."""
    if not file.exists() or not file.stat().st_size:
        return None
    suites = list(ET.parse(file).getroot().iter("testsuite"))
    reasons = Counter(skip.get("message", "") for suite in suites for skip in suite.iter("skipped"))
    return sum(int(suite.get("tests")) for suite in suites), sum(reasons.values()), reasons


def verdict(code, count, strict=False):
    """(passed, FAILED or skipped; what to say behind it). strict: what is skipped has failed."""
    tests, skipped, reasons = count or (0, 0, {})
    said = f"{tests} tests" if count else ""
    if skipped:
        said += f", {skipped} skipped: " + "; ".join(f"{reason} ({times})" for reason, times in reasons.items())
    if code or (strict and skipped):
        return "FAILED", said
    return ("skipped" if tests and skipped == tests else "passed"), said


def command_of(part):
    """The words behind `python` of one part of the tests."""
    pytest, everywhere = ["-m", "pytest"], ["-n", "logical", "--dist"]
    examples = [str(path.relative_to(ROOT)) for path in sorted((ROOT / "bpviz").rglob("*.py"))
                if ">>>" in path.read_text(encoding="utf-8")]
    nbval = ["-p", "bpviz_nbval", "--nbval-lax", "--bpviz", "--nbval-current-env", "--nbval-cell-timeout=120"]
    copies = "tests/lessons/test_copies.py"          # of the lessons; their kernels run beside those of the lessons
    return {
        "linter": ["-m", "ruff", "check", "bpviz", "bpviz_nbval", "tests", "benchmarks", "lessons", "run.py", ".ci"],
        "unit tests": [*pytest, *everywhere, "worksteal", "tests", f"--ignore={copies}", "-m", "not browser"],
        "doctests": [*pytest, "--doctest-modules", *examples],
        "lessons": [*pytest, *everywhere, "loadfile", *nbval, "lessons", copies],
        "browser": [*pytest, *everywhere, "loadfile", "tests/browser", "-m", "browser"],
    }[part]


def test(*words):
    """Every part in turn; words (paths, pytest options) narrow it to one pytest run."""
    parts = {"chosen tests": ["-m", "pytest", *words]} if words else {part: command_of(part) for part in PARTS}
    report, failed, interrupted = [], False, False
    env = {**os.environ, "MPLBACKEND": "agg", "BPVIZ_COMPILED": "0",
           "OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}       # the cores are taken by tests side by side
    if not words or any("browser" in word for word in words):
        env["CHROMIUM"] = browser(env) or env.get("CHROMIUM", "")
    for name, command in parts.items():
        print(f"\n=== {name}", flush=True)
        start = time.monotonic()
        with tempfile.TemporaryDirectory() as folder:
            file = Path(folder, "report.xml")
            more = [f"--junitxml={file}"] if "pytest" in command else []
            code, interrupted = beside([PYTHON, *command, *more], cwd=ROOT, env=env)
            word, said = verdict(code, counted(file), strict=name == "browser" and env.get("CI") == "true")
        failed = failed or word == "FAILED"
        report.append(f"{name:14} {word:8} {time.monotonic() - start:6.1f} s  {said}".rstrip())
        if interrupted:
            report.append("interrupted by Ctrl-C: the parts after this one were not run")
            break
    print("\n=== all parts\n" + "\n".join(report))
    return 130 if interrupted else int(failed)


if __name__ == "__main__":
    commands = {"lab": lab, "test": test}
    if len(sys.argv) < 2 or sys.argv[1] not in commands:
        sys.exit(__doc__)
    prepare()
    try:
        sys.exit(commands[sys.argv[1]](*sys.argv[2:]))
    except KeyboardInterrupt:
        sys.exit(130)
