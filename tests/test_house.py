"""The house rules: floors, light imports, one definition of every version, clean notebooks."""
import ast
import hashlib
import importlib.util
import inspect
import json
import re
import subprocess
import sys
import tomllib
from graphlib import TopologicalSorter
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[1]
# Folders and the files beside them, from the ground up; what stands on one floor does not know of its neighbours.
FLOORS = [{"base", "server"}, {"words"}, {"calculus"}, {"network"}, {"descent", "symbolic"}, {"landscape", "models"},
          {"coursework", "plots"}, {"explorers", "lab", "picture"}, {"widgets"}, {"explore"}, {"__init__"}, {"__main__"}]
FLOOR = {room: k for k, floor in enumerate(FLOORS) for room in floor}
UPWARD = {("coursework", "lab"): "copies go where the lab has put the lessons",
          ("widgets", "explore"): "a prediction opens its explorer by name, as a learner does"}
HOME_OF = {"sympy": {"symbolic"}, "mpmath": {"symbolic"}, "numba": {"descent"}, "llvmlite": {"descent"},
           "matplotlib": {"plots"}, "contourpy": {"plots"}, "ipywidgets": {"widgets"}, "anywidget": {"widgets"}, "traitlets": {"widgets"},
           "IPython": {"widgets"}, "PIL": {"widgets"}, "jupyterlab": {"lab"}, "jupyter_server": {"server"},
           "jupyter_client": {"coursework"}, "numpy": set(FLOOR)}
FILES = sorted([*(ROOT / "bpviz").rglob("*.py"), *(ROOT / "bpviz_nbval").glob("*.py")])
LESSONS = sorted((ROOT / "lessons").glob("*.ipynb"))


def imports(path):
    """Every module that a file imports, at its top or later: {name: names taken from it}."""
    found = {}
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found.update({alias.name: set() for alias in node.names})
        elif isinstance(node, ast.ImportFrom):
            found.setdefault(node.module, set()).update(alias.name for alias in node.names)
    return found


def room(path):
    return path.relative_to(ROOT).with_suffix("").parts[1]


@pytest.mark.parametrize("path", [f for f in FILES if f.parent.name != "bpviz_nbval"], ids=lambda p: str(p.relative_to(ROOT)))
def test_floors(path):
    own = room(path)
    for name, taken in imports(path).items():
        top, *rest = name.split(".")
        for other in ([rest[0]] if rest else taken & set(FLOOR)) if top == "bpviz" else ():
            assert other == own or FLOOR[other] < FLOOR[own] or (own, other) in UPWARD, f"{own} imports {other}"
        if top != "bpviz" and top not in sys.stdlib_module_names:
            assert own in HOME_OF.get(top, ()), f"{own} imports {top}"


def test_nobody_imports_in_a_circle():
    """Not even inside a function, where Python lets it pass."""
    names = {".".join(path.relative_to(ROOT).with_suffix("").parts): path for path in FILES}
    asks = {name: {one for module, taken in imports(path).items() for one in (module, *(f"{module}.{each}" for each in taken))
                   if one in names} for name, path in names.items()}
    TopologicalSorter(asks).prepare()                        # raises CycleError, which names the circle
    assert "bpviz.network.backprop" in asks["bpviz.network.fit"]


def test_folders_in_a_room_form_no_circle():
    """Files beside the folders, such as exercise.py, stand under all of them or over: they are rooms of their own here."""
    for name in {room(path) for path in FILES if len(path.relative_to(ROOT).parts) > 3}:
        asks = {}
        for path in FILES:
            if room(path) == name and path.name != "__init__.py":
                own = path.relative_to(ROOT).with_suffix("").parts[2]
                for module, taken in imports(path).items():
                    parts = module.split(".")
                    if parts[:2] == ["bpviz", name]:
                        asks.setdefault(own, set()).update(parts[2:3] or taken)
        TopologicalSorter({own: below - {own} for own, below in asks.items()}).prepare()


RUN_FROM_TEXT = {                     # calls of exec, eval, inspect.getsource...: where, how many at most, of what
    "descent/arrays.py": (1, "updates of optimizers, written out"), "descent/compiled.py": (1, "the same for machine code"),
    "network/unroll.py": (1, "a network's lines, recorded"), "network/code.py": (1, "the script shows the activations' lines"),
    "base/marks.py": (3, "marked lines: the walk shows them, the puzzles break them"),
    "coursework/diagnosis/edges.py": (1, "lines of the records"), "coursework/puzzles.py": (1, "backprop.py with one line changed"),
    "coursework/line_by_line.py": (1, "the lines of a random puzzle"),
    "coursework/learner/progress.py": (1, "what a learner wrote, to be counted"), "coursework/kinds/runnable.py": (2, "learners' lines, apart"),
    "coursework/apart/remade.py": (1, "learners' functions, apart"), "coursework/apart/texts.py": (1, "the same"),
}


def test_text_is_run_where_it_is_said_why():
    asked = {"exec", "eval", "getsource", "getsourcelines", "getsourcefile"}
    for path in FILES:
        calls = [node.func for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))) if isinstance(node, ast.Call)]
        found = [call for call in calls if getattr(call, "id", getattr(call, "attr", "")) in asked]
        most, _ = RUN_FROM_TEXT.get("/".join(path.relative_to(ROOT).parts[1:]), (0, ""))
        assert len(found) <= most, f"{path}: {len(found)} calls of {sorted(asked)}"


def test_import_is_light():
    code = "import bpviz, sys; print([m for m in ('sympy', 'matplotlib', 'ipywidgets', 'scipy', 'IPython', 'numba', 'dask') if m in sys.modules])"
    assert subprocess.check_output([sys.executable, "-c", code], text=True, cwd=ROOT).strip() == "[]"


def test_every_public_name_is_there_and_says_what_each_of_its_arguments_is():
    import bpviz as bp
    pictures = {f"picture.{name}": thing for name, thing in vars(bp.picture).items()
                if inspect.isfunction(thing) and thing.__module__ == "bpviz.picture" and not name.startswith("_")}
    clouds = {f"CLOUDS[{name!r}]": make for name, make in bp.CLOUDS.items()}
    silent = []
    for name, thing in {**{name: getattr(bp, name) for name in bp.__all__}, **pictures, **clouds}.items():
        if callable(thing):
            names = [part.name for part in inspect.signature(thing).parameters.values() if part.kind != part.VAR_KEYWORD]
            silent += [(name, each) for each in names if not re.search(rf"\b{each}\b", inspect.getdoc(thing) or "")]
    assert not silent
    with pytest.raises(AttributeError, match="no attribute 'bogus'"):
        bp.bogus


ONE_IN_EACH_ROOM = {"Scene", "Result"}            # what every explorer has; widgets and tests ask for them by these names


def test_a_class_name_stands_once():
    """A reader who meets a name need not ask which of two it is."""
    stands = {}
    for path in FILES:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ClassDef) and not (path.parent.name == "explorers" and node.name in ONE_IN_EACH_ROOM):
                stands.setdefault(node.name, []).append("/".join(path.relative_to(ROOT).parts))
    assert {name: paths for name, paths in stands.items() if len(paths) > 1} == {}


LEARNERS_WORDS = re.compile(r"\b(blames?|heard|hears)\b")           # of units; widgets do hear, of their browser


@pytest.mark.parametrize("room", ["calculus", "descent", "landscape", "models", "network", "plots", "symbolic"])
def test_the_code_speaks_the_terms_of_the_field(room):
    """Pre-activation, activation, error signal: what lessons call "what a unit hears" is for lessons, where it is explained."""
    for path in (ROOT / "bpviz" / room).rglob("*.py"):
        for line in path.read_text(encoding="utf-8").splitlines():
            assert not LEARNERS_WORDS.search(line), f"{path}: {line}"


def test_no_two_test_files_share_a_name():
    """pytest would collect one of them only."""
    names = [path.name for path in (ROOT / "tests").rglob("*.py") if path.name != "conftest.py"]
    assert len(set(names)) == len(names)


CARVED = re.compile(r"(_words|_more|_rest|_parts|_helpers?|_utils?|_misc|_common|\d)$")


def test_files_are_comfortable_rooms():
    """One idea a file: short, with a docstring of its own that says it, and not named as what was left of another."""
    told = {}
    for path in FILES:
        text = path.read_text(encoding="utf-8")
        assert len(text.splitlines()) <= 260, path
        assert not CARVED.search(path.stem), path
        if path.name != "__init__.py" or text.strip():
            idea = (ast.get_docstring(ast.parse(text)) or "").split("\n")[0]
            assert len(idea) > 20 and idea not in told, f"{path} and {told.get(idea)}: {idea!r}"
            told[idea] = path


SCRIPTS = sorted((ROOT / "bpviz").rglob("*.js"))
SPEC = importlib.util.spec_from_file_location("house", ROOT / "benchmarks" / "house.py")
house = importlib.util.module_from_spec(SPEC)
SPEC.loader.exec_module(house)


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda p: p.name)
def test_scripts_are_comfortable_rooms(path):
    text = path.read_text(encoding="utf-8")
    assert len(text.splitlines()) <= 260 and text.startswith(("//", "/*"))
    found = list(house.functions(text))
    assert found and [f"{path.name}:{line} has {lines} lines" for line, lines in found if lines > 50] == []


def test_nothing_is_said_in_two_places():
    """Runs of six lines of the same shape, as benchmarks/house.py finds them."""
    twice = [f"{one.name}:{line} {two.name}:{other}" for one, line, two, other, _ in house.repeated(FILES)]
    assert len(twice) <= 4, twice


def test_the_way_of_critical_points_only_goes_down():
    """From room to room, as benchmarks/house.py follows real calls."""
    rooms, calls, climbs = house.trip(ROOT)
    assert len(rooms) <= 22 and len(calls) > 60 and climbs == [], climbs


def pins(words):
    return {re.split(r"[<>=!]", word)[0].strip().lower(): word.replace(" ", "") for word in words}


def test_environment_yml_asks_for_what_pyproject_asks():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    wanted = pins(project["dependencies"] + project["optional-dependencies"]["lab"][:2])      # lab's ipywidgets leads
    wanted["nbval"] = pins(project["optional-dependencies"]["test"])["nbval"]
    found = pins(word for word in yaml.safe_load((ROOT / "environment.yml").read_text())["dependencies"]
                 if isinstance(word, str))
    assert found.pop("python") == "python=3.12" and found.pop("pip")
    found["matplotlib"] = found.pop("matplotlib-base").replace("-base", "")
    assert found == wanted


def test_the_lock_covers_every_dependency_with_hashes():
    lock = (ROOT / "requirements.lock").read_text()
    locked = set(re.findall(r"^([A-Za-z0-9_.-]+)==", lock, re.M))
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    every = project["dependencies"] + sum(project["optional-dependencies"].values(), [])
    assert set(pins(every)) <= locked
    assert all("--hash=sha256:" in block for block in re.split(r"\n(?=[A-Za-z0-9])", lock.strip()) if "==" in block)
    reasons = [line for line in (ROOT / "pyproject.toml").read_text().splitlines() if re.match(r'\s+"[a-z].*[<>=].*",', line)]
    assert len(reasons) == len(every) and all("# " in line for line in reasons)


def test_the_oldest_lane_has_the_lowest_declared_versions():
    spec = importlib.util.spec_from_file_location("lanes", ROOT / ".ci" / "lanes.py")
    lanes = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(lanes)
    asked = lanes.declared()
    for extra, requirements in asked.items():
        bounds = [re.search(r"^([a-z0-9-]+)>=([\w.]+)", one).groups() for one in requirements if ">=" in one]
        assert [re.search(r"^([a-z0-9-]+)==([\w.]+)", one).groups() for one in lanes.lowest(requirements)] == bounds, extra
    assert lanes.lowest(["numba>=0.61,<1 ; sys_platform != 'darwin'"]) == ["numba==0.61 ; sys_platform != 'darwin'"]
    assert "ipywidgets==7.7.1" in lanes.lowest(asked[""])                        # Colab's
    assert any(one.startswith("ipywidgets==8") for one in lanes.lowest(asked["lab"]))     # JupyterLab 4 shows no 7
    assert all((ROOT / path).exists() for path in (*lanes.TESTS, *lanes.SLOW))
    commands = (ROOT / ".ci" / "run").read_text().splitlines()[-2:]
    assert commands == ["python3 run.py test", ".venv/bin/python .ci/lanes.py"]
    assert "build/" in (ROOT / ".gitignore").read_text().split()


def test_run_py_knows_its_pip():
    text = (ROOT / "run.py").read_text()
    wheel, = (ROOT / "tools").glob("pip-*.whl")
    assert wheel.name in text and hashlib.sha256(wheel.read_bytes()).hexdigest() in text


def test_run_py_needs_nothing_but_the_standard_library():
    assert all(name.split(".")[0] in sys.stdlib_module_names for name in imports(ROOT / "run.py"))


@pytest.mark.parametrize("path", LESSONS, ids=lambda p: p.name)
def test_lessons_are_clean(path):
    notebook = json.loads(path.read_text(encoding="utf-8"))
    assert (notebook["nbformat"], notebook["nbformat_minor"]) >= (4, 5)
    ids = [cell["id"] for cell in notebook["cells"]]
    assert len(ids) == len(set(ids))
    for cell in notebook["cells"]:
        if cell["cell_type"] == "code" and "NBVAL_CHECK_OUTPUT" not in "".join(cell["source"]):
            still = bool(cell["metadata"].get("bpviz", {}).get("still"))
            assert bool(cell["outputs"]) == still and cell["execution_count"] == (1 if still else None)
    text = "".join("".join(cell["source"]) for cell in notebook["cells"])
    assert "## Summary" in text
    assert notebook["metadata"]["bpviz"]["lesson"]              # its predictions and exercises are records
    assert "bp.predict(" in text and "bp.check(" in text and "bp.predictions(" in text
    assert "assert " not in text and "**Predict:" not in text and "<details>" not in text


def test_there_are_lessons():
    names = [path.name for path in LESSONS if not path.name.startswith("lab_")]
    assert [name[:2] for name in names] == [f"{k:02d}" for k in range(1, len(names) + 1)] and len(names) >= 6
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert all(f"(lessons/{path.name})" in readme for path in LESSONS)


@pytest.mark.parametrize("path", LESSONS, ids=lambda p: p.name)
def test_links_between_lessons(path):
    for target in re.findall(r"\]\(([^):#]+\.ipynb)\)", path.read_text(encoding="utf-8")):
        assert (path.parent / target).exists(), target


def test_readme_points_at_files_that_exist():
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    for target in re.findall(r"\]\(([^)#:]+)\)", text):
        assert (ROOT / target).exists(), target
    assert "python3 run.py lab" in text and "python3 run.py test" in text
