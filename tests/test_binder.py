"""What Binder does with this repository, as far as it can be tried without Binder: postBuild, in a copy of the checkout."""
import json
import os
import shutil
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from bpviz.coursework.notebooks.handout import handed

ROOT = Path(__file__).resolve().parents[1]


@pytest.mark.skipif(os.name == "nt", reason="Binder is Linux")
def test_binder_hands_the_lessons_out_and_opens_them(tmp_path):
    checkout, home = tmp_path / "checkout", tmp_path / "home"
    checkout.mkdir(), home.mkdir()
    for name in ("bpviz", "lessons"):
        shutil.copytree(ROOT / name, checkout / name, ignore=shutil.ignore_patterns("__pycache__", ".ipynb_checkpoints"))
    shutil.copy2(ROOT / "postBuild", checkout)
    assert (ROOT / "postBuild").stat().st_mode & stat.S_IXUSR
    assert not any((ROOT / name).exists() for name in ("binder", ".binder"))      # else Binder looks nowhere else
    env = {**os.environ, "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}", "HOME": str(home),
           "PYTHONPATH": str(checkout), "PYTHONDONTWRITEBYTECODE": "1", "JUPYTER_CONFIG_DIR": str(home / ".jupyter")}
    done = subprocess.run([checkout / "postBuild"], cwd=tmp_path, env=env, capture_output=True, text=True)
    assert done.returncode == 0 and f"The lessons are in {checkout / 'my-lessons'}." in done.stdout, done.stderr
    for lesson in sorted((ROOT / "lessons").glob("*.ipynb")):
        made = (checkout / "my-lessons" / lesson.name).read_bytes()
        assert made == handed(lesson.read_bytes(), lesson.name) and b"SOLUTION" not in made
    server = json.loads((home / ".jupyter" / "jupyter_server_config.json").read_text())
    said = subprocess.run([sys.executable, "-m", "jupyterlab", "--show-config-json"], cwd=checkout, env=env,
                          capture_output=True, text=True)
    for found in (server["ServerApp"], json.loads(said.stdout)["LabApp"]):
        assert found["default_url"] == "/lab/tree/my-lessons", said.stderr
