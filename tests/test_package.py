"""What a person without this repository gets: the wheel, its page, and `bpviz lab`."""
import os
import re
import shutil
import subprocess
import sys
import zipfile
from email.parser import BytesParser
from pathlib import Path

import pytest

import bpviz as bp
from bpviz import lab
from bpviz.__main__ import main

ROOT = Path(__file__).resolve().parents[1]
LESSONS = sorted(path.name for path in (ROOT / "lessons").glob("*.ipynb"))


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    """The wheel, built without a network from a copy in which a learner has worked."""
    folder = tmp_path_factory.mktemp("project")
    skip = shutil.ignore_patterns("__pycache__", ".ipynb_checkpoints", "*.whl")
    for name in ("bpviz", "bpviz_nbval", "lessons", "tools"):
        shutil.copytree(ROOT / name, folder / name, ignore=skip)
    for name in ("pyproject.toml", "README.md", "LICENSE", ".gitignore"):
        shutil.copy(ROOT / name, folder)
    (folder / "lessons" / ".ipynb_checkpoints").mkdir()
    (folder / "lessons" / ".ipynb_checkpoints" / "01_the_article-checkpoint.ipynb").write_text("{}")
    done = subprocess.run([sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", "dist"], cwd=folder,
                          capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    return next((folder / "dist").glob("*.whl"))


@pytest.fixture(scope="module")
def installed(wheel):
    """The folder into which pip would put the wheel."""
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(wheel.parent / "site")
    return wheel.parent / "site"


def test_the_wheel_carries_package_script_types_and_lessons(installed):
    for lesson in LESSONS:
        assert (installed / "bpviz" / "lessons" / lesson).read_bytes() == (ROOT / "lessons" / lesson).read_bytes()
    assert sorted(path.name for path in (installed / "bpviz" / "lessons").iterdir()) == LESSONS
    mine, built = ({str(path.relative_to(base)) for path in (base / "bpviz").rglob("*") if path.is_file()
                    and path.suffix not in (".pyc", ".ipynb")} for base in (ROOT, installed))
    assert mine == built and {"bpviz/py.typed", "bpviz/widgets/js/picture.js"} <= {name.replace(os.sep, "/") for name in built}
    info, = installed.glob("*.dist-info")
    assert (info / "entry_points.txt").read_text().split() == [
        "[console_scripts]", "bpviz", "=", "bpviz.__main__:main", "[pytest11]", "bpviz_nbval", "=", "bpviz_nbval"]
    assert {path.name for path in installed.iterdir()} == {"bpviz", "bpviz_nbval", info.name}


def test_every_pytest_of_an_environment_with_bpviz_has_the_plugin_and_nothing_of_bpviz_is_imported_for_it(installed, tmp_path):
    (tmp_path / "test_light.py").write_text(
        "import sys\n\ndef test_light(pytestconfig):\n"
        "    assert pytestconfig.pluginmanager.hasplugin('bpviz_nbval') and not pytestconfig.getoption('--bpviz')\n"
        "    assert not {'bpviz', 'numpy', 'nbval', 'nbformat'} & {name.split('.')[0] for name in sys.modules}\n")
    for words in ([], ["-p", "bpviz_nbval"]):                            # by its entry point; named a second time
        done = subprocess.run([sys.executable, "-m", "pytest", "-q", "-p", "no:nbval", "-p", "no:cacheprovider",
                               "-p", "no:hypothesispytest", "-p", "no:xdist", *words], cwd=tmp_path, text=True,
                              capture_output=True, env={**os.environ, "PYTHONPATH": str(installed), "PYTEST_ADDOPTS": ""})
        assert done.returncode == 0 and "1 passed" in done.stdout, done.stdout + done.stderr


def test_the_page_of_the_package_has_no_link_that_leads_nowhere(installed):
    metadata = BytesParser().parsebytes(next(installed.glob("*.dist-info")).joinpath("METADATA").read_bytes())
    assert metadata["Version"] == bp.__version__ and metadata["Author"] and metadata["Keywords"]
    assert metadata["Description-Content-Type"] == "text/markdown"
    page = metadata.get_payload()
    links = re.findall(r"\]\(([^)]*)\)", page)
    assert all(re.match(r"\w+://|#", link) for link in links), links
    assert "1. The article, completed" in page and "bpviz lab" in page and "![" not in page
    classifiers = metadata.get_all("Classifier")
    assert {f"Programming Language :: Python :: 3.{minor}" for minor in range(11, 15)} <= set(classifiers)


def bpviz(installed, *words, cwd):
    return subprocess.run([sys.executable, "-m", "bpviz", *words], cwd=cwd, capture_output=True, text=True,
                          env={**os.environ, "PYTHONPATH": str(installed), "PATH": ""})


def test_an_installed_package_says_its_version_and_brings_its_lessons(installed, tmp_path):
    done = bpviz(installed, "--version", cwd=tmp_path)
    assert (done.returncode, done.stdout) == (0, f"bpviz {bp.__version__}\n")
    code = "import bpviz.lab as lab; print(lab.carried()); print(lab.bring('mine')['new'])"
    done = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True,
                          env={**os.environ, "PYTHONPATH": str(installed)})
    assert done.stdout == f"{installed / 'bpviz' / 'lessons'}\n{LESSONS}\n", done.stderr
    assert sorted(path.name for path in (tmp_path / "mine").glob("*.ipynb")) == LESSONS
    sources, brought = ({path.name: path.read_text(encoding="utf-8") for path in folder.glob("*.ipynb")}
                        for folder in (installed / "bpviz" / "lessons", tmp_path / "mine"))
    assert not any("SOLUTION" in text for text in brought.values())
    assert {name for name in LESSONS if brought[name] != sources[name]} == {
        name for name in LESSONS if "SOLUTION" in sources[name]}


# ---- bpviz lab

@pytest.fixture
def source(tmp_path, monkeypatch):
    """A package that carries two short lessons; what it carries can be changed, as a newer version does."""
    folder = tmp_path / "carried"
    folder.mkdir()
    for name in ("01.ipynb", "02.ipynb"):
        (folder / name).write_text(f"first {name}")
    monkeypatch.setattr(lab, "carried", lambda: folder)
    return folder


def test_lessons_are_copied_and_a_changed_one_is_never_written_over(source, tmp_path):
    mine = tmp_path / "a new" / "folder"
    assert lab.bring(mine)["new"] == ["01.ipynb", "02.ipynb"]
    assert lab.bring(mine)["as they were"] == ["01.ipynb", "02.ipynb"]
    (mine / "01.ipynb").write_text("my answer")
    assert lab.bring(mine)["changed by you, left alone"] == ["01.ipynb"]
    for name in ("01.ipynb", "02.ipynb"):                                # a newer version of the package
        (source / name).write_text(f"second {name}")
    done = lab.bring(mine)
    assert done["changed by you, left alone"] == ["01.ipynb"] and done["renewed"] == ["02.ipynb"]
    assert (mine / "01.ipynb").read_text() == "my answer" and (mine / "02.ipynb").read_text() == "second 02.ipynb"
    (mine / "01.ipynb").unlink()
    assert lab.bring(mine)["new"] == ["01.ipynb"]


def test_a_file_that_was_there_before_is_the_persons_own(source, tmp_path):
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "01.ipynb").write_text("something else of that name")
    for _ in range(2):
        assert lab.bring(tmp_path / "mine")["changed by you, left alone"] == ["01.ipynb"]
    assert (tmp_path / "mine" / "01.ipynb").read_text() == "something else of that name"


def test_nothing_is_brought_into_the_folder_of_the_sources(source, tmp_path, capsys):
    others = [source / ".." / "carried"]
    if os.name != "nt":
        others.append(tmp_path / "by another name")
        others[-1].symlink_to(source)
    for folder in (source, *others):
        assert main(["lab", str(folder)]) == 2
        error = capsys.readouterr().err
        assert "which holds the sources with their solutions" in error and len(error.splitlines()) == 1
    assert sorted(path.name for path in source.iterdir()) == ["01.ipynb", "02.ipynb"]


@pytest.mark.parametrize("prepare, sentence", [
    (lambda path: path.write_text("a file"), "which cannot be used"),
    (lambda path: (path.mkdir(), (path / lab.LIST).write_text("{")), "cannot be read; delete that file"),
    (lambda path: (path.mkdir(), (path / lab.LIST).write_text("[1]")), "cannot be read; delete that file"),
], ids=["a file", "a broken list", "another list"])
def test_a_folder_that_cannot_be_used_is_answered_in_a_sentence(source, tmp_path, capsys, prepare, sentence):
    prepare(tmp_path / "mine")
    assert main(["lab", str(tmp_path / "mine")]) == 2
    error = capsys.readouterr().err
    assert error.startswith("bpviz: folder: got ") and sentence in error and len(error.splitlines()) == 1
    assert not list((tmp_path / "mine").glob("*.ipynb"))


@pytest.fixture
def opened(monkeypatch):
    """What JupyterLab is opened with."""
    from jupyterlab.labapp import LabApp
    words = []
    monkeypatch.setattr(LabApp, "launch_instance", words.append)
    return words


@pytest.mark.parametrize("words, folder, options", [
    ([], lab.FOLDER, []),
    (["mine"], "mine", []),
    (["--no-browser", "--port", "9000"], lab.FOLDER, ["--no-browser", "--port", "9000"]),
    (["my lessons", "--port=9000"], "my lessons", ["--port=9000"]),
])
def test_it_opens_jupyterlab_there_on_this_machine_only(source, tmp_path, monkeypatch, opened, capsys, words, folder, options):
    monkeypatch.chdir(tmp_path)
    assert main(["lab", *words]) == 0
    there = (tmp_path / folder).resolve()
    assert opened == [[*lab.FLAGS, f"--ServerApp.root_dir={there}", *options]]
    assert "--ServerApp.ip=127.0.0.1" in lab.FLAGS
    assert capsys.readouterr().out.startswith(f"The lessons are in {there}.\nnew: 01.ipynb, 02.ipynb\n")


def test_without_jupyterlab_or_with_ipywidgets_7_it_says_what_brings_them(source, tmp_path, monkeypatch, opened, capsys):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(lab.importlib.metadata, "version", lambda name: "7.7.1")
    assert main(["lab"]) == 2
    assert capsys.readouterr().err == ('bpviz: ipywidgets 7.7.1 is installed, of which JupyterLab shows nothing; '
                                       '`pip install -U "ipywidgets>=8.0.2,<9"` brings one that it shows.\n')
    monkeypatch.setattr(lab.importlib.util, "find_spec", lambda name: None)
    assert main(["lab"]) == 2
    assert capsys.readouterr().err == 'bpviz: JupyterLab is not installed; `pip install "jupyterlab>=4.4,<5"` brings it.\n'
    assert opened == [] and len(list((tmp_path / lab.FOLDER).glob("*.ipynb"))) == 2


def test_without_numba_it_offers_the_extra(source, tmp_path, monkeypatch, opened, capsys):
    there = lab.importlib.util.find_spec
    monkeypatch.setattr(lab.importlib.util, "find_spec", lambda name: None if name == "numba" else there(name))
    monkeypatch.setattr(lab, "wheel_for_numba", lambda: True)
    assert main(["lab", str(tmp_path / "mine")]) == 0
    assert "`pip install numba`" in capsys.readouterr().out
    monkeypatch.setattr(lab, "wheel_for_numba", lambda: False)           # an Intel Mac: nothing to offer
    assert main(["lab", str(tmp_path / "mine")]) == 0
    assert "`pip install numba`" not in capsys.readouterr().out


def test_help_tells_how(capsys):
    assert main(["lab", "--help"]) == 0 and "usage: bpviz lab [FOLDER]" in capsys.readouterr().out
    with pytest.raises(SystemExit) as end:
        main(["--version"])
    assert end.value.code == 0 and capsys.readouterr().out == f"bpviz {bp.__version__}\n"
    with pytest.raises(SystemExit):
        main(["--help"])
    assert "lab" in capsys.readouterr().out
