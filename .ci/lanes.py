"""Three more environments, each made anew from the registry: with the oldest packages that pyproject.toml allows, with
the newest, and with nbgrader.

    .venv/bin/python .ci/lanes.py            all lanes
    .venv/bin/python .ci/lanes.py oldest     one of them

Each lane installs the wheel of this tree into a folder of its own (build/lanes/, which git ignores). The first two run
unit tests of the lower floors and of the pytest plugin on it, and drag one panel in a real browser:

oldest  the lowest declared version of everything, numba too, Python 3.11 where there is one; dragged in the classic
        Notebook 6.5 (with ipywidgets 7.7.1, as Colab has it), then in the lowest JupyterLab with its lowest ipywidgets
newest  the newest allowed version of everything, with the extras `lab` and `fast`; dragged in JupyterLab

nbgrader  .ci/nbgrader_lane.py: its release, validate and autograde on the lessons' exercises; then a teacher's own
        command on the hand-outs of the installed wheel: `pytest --nbval-lax --bpviz`

The browser and its driver are those of .venv. Without a network there is nothing to install from: the lanes fail.
"""
import contextlib
import os
import re
import shutil
import subprocess
import sys
import time
import tomllib
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "tests" / "browser")]
import run  # noqa: E402

LANES = ROOT / "build" / "lanes"
TOOLS = ("pytest", "nbval", "hypothesis", "autograd", "scipy")     # what tests/conftest.py and these tests import
RUNNERS = ("pytest", "nbval")                                      # the oldest of these run the oldest lane
NBGRADER = "nbgrader>=0.9.5,<0.10"
CLASSIC = "notebook==6.5.7"                                        # the last of the classic ones
TESTS = ("tests/calculus", "tests/network", "tests/descent/test_descend.py", "tests/descent/test_optimizers.py",
         "tests/symbolic/test_derive.py", "tests/symbolic/test_difference.py", "tests/plots",
         "tests/coursework/test_plugin.py")
SLOW = ("tests/network/test_mean_field.py", "tests/network/test_cures.py",     # two minutes, and .venv runs them anyway
        "tests/plots/test_walk_room.py")
HANDED = "03_backpropagation.ipynb"                                # a lesson with exercises
CELL = "import bpviz as bp\npanel = bp.explore.minima(data='seesaw', w1=1, w2=2)\npanel"


def declared():
    """{"": core, "lab": ..., ...}: the requirements of pyproject.toml, as written there."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    return {"": project["dependencies"], **project["optional-dependencies"]}


def lowest(requirements):
    """"name>=1.2,<3 ; when" -> "name==1.2 ; when", for those that name a lower bound."""
    return [re.sub(r">=([\w.]+)[^;]*", r"==\1 ", one).strip() for one in requirements if ">=" in one]


def python_311():
    """A Python 3.11: this one, or one on the path; else this one, said so."""
    if sys.version_info[:2] == (3, 11):
        return sys.executable
    found = shutil.which("python3.11")
    if not found:
        print(f"    no Python 3.11 here: the oldest lane runs on {sys.version.split()[0]}", flush=True)
    return found or sys.executable


def install(python, *requirements):
    if run.install(python, "--upgrade", "--upgrade-strategy", "eager", *requirements):
        sys.exit("This lane could not be installed: see the lines above. Without a network there is nothing to "
                 "install from.")


def made(name, base):
    """A fresh environment; its Python."""
    folder = LANES / name
    shutil.rmtree(folder, ignore_errors=True)
    if base == sys.executable:
        venv.create(folder, with_pip=False, symlinks=run.POSIX)
    else:
        subprocess.run([base, "-m", "venv", "--without-pip", str(folder)], check=True)
    return folder / ("bin/python" if run.POSIX else "Scripts/python.exe")


def wheel():
    shutil.rmtree(LANES / "dist", ignore_errors=True)
    subprocess.run([sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(LANES / "dist")], cwd=ROOT,
                   check=True, stdout=subprocess.DEVNULL)
    return next((LANES / "dist").glob("*.whl"))


def unit_tests(python):
    """On the installed wheel, not on this tree: run from another folder, with nothing of the tree on the path."""
    env = {**os.environ, "MPLBACKEND": "agg", "BPVIZ_COMPILED": "0",
           "OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1", "PYTHONSAFEPATH": "1"}
    code = subprocess.call([str(python), "-m", "pytest", "-c", str(ROOT / "pyproject.toml"), "--rootdir", str(ROOT),
                            "-p", "no:cacheprovider", "--disable-warnings", "-m", "not browser",
                            "-n", "logical", "--dist", "worksteal",
                            *(f"--ignore={ROOT / path}" for path in SLOW), *(str(ROOT / path) for path in TESTS)],
                           cwd=LANES, env=env)
    if code:
        sys.exit("unit tests of this lane failed")


def dragged(python, name, classic=False):
    """Open a panel in a real browser, served by this lane's Python; drag the start in the picture, and a slider."""
    import lab
    import nbformat
    folder = LANES / f"{name}-notebooks"
    shutil.rmtree(folder, ignore_errors=True)
    (folder / "nb").mkdir(parents=True)
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(CELL)])
    notebook.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3", "language": "python"}
    nbformat.write(notebook, folder / "nb" / "panel.ipynb")
    with contextlib.ExitStack() as stack:
        address, token = stack.enter_context(lab.jupyterlab(folder / "nb", folder / "home", python=python, cwd=LANES,
                                                            classic=classic))
        chrome = stack.enter_context(lab.browser())
        opened = (lab.ClassicNotebook if classic else lab.Notebook)(chrome, address, token, "panel.ipynb")
        stack.callback(opened.close)
        opened.run_all()
        lab.drag_a_panel(opened)
    print(f"    dragged in {'Notebook' if classic else 'JupyterLab'}: {versions(python)}", flush=True)


def versions(python):
    code = ("import importlib.metadata as m, sys; there = {d.name.lower(): d.version for d in m.distributions()}; "
            "print('Python', sys.version.split()[0], *(f'{n} {there[n]}' for n in ('numpy', 'sympy', 'matplotlib', "
            "'ipywidgets', 'anywidget', 'notebook', 'jupyterlab', 'numba') if n in there))")
    return subprocess.check_output([str(python), "-c", code], text=True).strip()


def oldest():
    python, asked = made("oldest", python_311()), declared()
    tools = [one for one in asked["test"] if one.startswith(TOOLS)]
    runners = [one for one in tools if one.startswith(RUNNERS)]
    install(python, str(wheel()), *lowest(asked[""] + asked["fast"] + runners), CLASSIC, *tools)
    unit_tests(python)
    dragged(python, "classic", classic=True)
    subprocess.run([str(python), "-m", "pip", "uninstall", "-qq", "-y", "notebook"], check=True,
                   env={**os.environ, "PYTHONPATH": str(run.PIP)})     # it wants an older jupyter-client
    install(python, *lowest(asked[""][:3]), *lowest(asked["lab"]), *(one for one in asked["lab"] if ">=" not in one))
    dragged(python, "lab")


def newest():
    python, asked = made("newest", sys.executable), declared()
    install(python, f"{wheel()}[lab,fast]", *(one for one in asked["test"] if one.startswith(TOOLS)))
    unit_tests(python)
    dragged(python, "newest")


def nbgrader():
    python, asked = made("nbgrader", sys.executable), declared()
    install(python, str(wheel()), NBGRADER, *(one for one in asked["test"] if one.startswith(RUNNERS)))
    if subprocess.call([sys.executable, str(ROOT / ".ci" / "nbgrader_lane.py"), str(python)], cwd=LANES):
        sys.exit("nbgrader and the lessons do not fit")
    handed = LANES / "nbgrader-handout"
    shutil.rmtree(handed, ignore_errors=True)
    env = {**os.environ, "PYTHONSAFEPATH": "1", "PYTHONPATH": ""}
    for words in (["bpviz", "release", "--out", str(handed)],
                  ["pytest", "-q", "--nbval-lax", "--bpviz", "--nbval-current-env", str(handed / HANDED)]):
        if subprocess.call([str(python), "-m", *words], cwd=LANES, env=env):
            sys.exit(f"{' '.join(words)}: failed in the environment of this lane")


EVERY = {"oldest": oldest, "newest": newest, "nbgrader": nbgrader}


def main(words):
    for name in words or EVERY:
        print(f"\n=== lane: {name}", flush=True)
        start = time.monotonic()
        EVERY[name]()
        print(f"lane {name} passed {time.monotonic() - start:.1f} s", flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
