"""nbgrader on the lessons: it takes sources and hand-outs, finds what was edited, and its marks are right.

    .venv/bin/python .ci/nbgrader_lane.py PYTHON        PYTHON: of an environment with nbgrader and what bpviz needs

For the first lesson with exercises: nbgrader's own release has the cells and checksums of ours, it takes our hand-out
for a source too, `validate` finds a wrong answer and an edited check, and `autograde` gives full marks to
a right submission and none to a wrong one or to one that nobody has begun. Everything runs in a temporary folder.
"""
import copy
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))
from bpviz.coursework import course  # noqa: E402
from bpviz.coursework.notebooks.handout import hand_out, ids, mistake, only_exercises  # noqa: E402
from bpviz.coursework.notebooks.notebook import part, read, text, written  # noqa: E402
from bpviz.coursework.notebooks.release import CONFIG, CONFIG_TEXT  # noqa: E402

SCORES = """
import json
from nbgrader.api import Gradebook
with Gradebook("sqlite:///gradebook.db") as book:
    print(json.dumps({one.student.id: [one.score, one.max_score] for one in book.assignment_submissions("ps1")}))
"""


class Course:
    """A course's folder, and nbgrader in it. folder: where.  python: of the environment that has nbgrader."""

    def __init__(self, folder, python):
        self.folder, self.python = folder, str(python)
        path = f"{Path(python).parent}{os.pathsep}{os.environ['PATH']}"           # nbgrader calls alembic by its name
        self.env = {**os.environ, "PATH": path, "PYTHONPATH": str(ROOT), "HOME": str(folder),
                    "JUPYTER_CONFIG_DIR": str(folder / "none"), "PYTHONDONTWRITEBYTECODE": "1", "MPLBACKEND": "agg",
                    "BPVIZ_COMPILED": "0", "BPVIZ_UNATTENDED": "1"}
        folder.mkdir(parents=True)

    def put(self, path, nb):
        (self.folder / path).parent.mkdir(parents=True, exist_ok=True)
        (self.folder / path).write_bytes(written(nb))

    def run(self, *words):
        """(exit status, all that it said)."""
        done = subprocess.run([self.python, *words], cwd=self.folder, env=self.env, text=True, stdin=subprocess.DEVNULL,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        return done.returncode, done.stdout

    def nbgrader(self, command, *words):
        """What `nbgrader command words` said; an exit status other than 0 ends the lane."""
        code, said = self.run("-m", "nbgrader", command, *words)
        demand(code == 0, f"nbgrader {command} ended with {code}", said)
        return said


def demand(true, sentence, said=""):
    if not true:
        sys.exit(f"{said}\nlane nbgrader: {sentence}")


def answered(nb, inside):
    """A hand-out with every answer filled in. inside: (exercise) -> lines, or None for the solution's."""
    made = copy.deepcopy(nb)
    for cell in made["cells"]:
        if part(cell) and part(cell)[1] == "answer":
            one = course.exercises()[part(cell)[0]]
            cell["source"] = one.answer_cell("", inside(one))
    return made


def edited(nb):
    """The same with the first check cell made harmless."""
    made = copy.deepcopy(nb)
    next(cell for cell in made["cells"] if (part(cell) or ("", ""))[1] == "check")["source"] = "True"
    return made


def alike(theirs, ours):
    """Whether nbgrader's release has the cells of ours; prompts are locked in ours only: it does not know them."""
    def plain(cell):
        about = {} if (part(cell) or ("", ""))[1] == "prompt" else cell["metadata"]
        return cell["cell_type"], text(cell), cell["id"], about
    return list(map(plain, theirs["cells"])) == list(map(plain, ours["cells"]))


def lane(source, python, folder):
    """All of it for one source lesson. source: a notebook with exercises."""
    handed = hand_out(source)
    right = only_exercises(answered(handed, lambda one: None))
    wrong = only_exercises(answered(handed, lambda one: mistake(one, 0).code))

    course_ = Course(folder / "course", python)
    (course_.folder / CONFIG).write_text(CONFIG_TEXT, encoding="utf-8")
    course_.put("source/ps1/lesson.ipynb", source)
    course_.put("source/ps2/lesson.ipynb", handed)
    for number in (1, 2):
        course_.nbgrader("generate_assignment", f"ps{number}")
    theirs = read((course_.folder / "release/ps1/lesson.ipynb").read_bytes())
    demand(alike(theirs, handed), "its release has other cells than ours")
    demand((course_.folder / "release/ps2/lesson.ipynb").exists(), "it did not take our hand-out for a source")

    plain = Course(folder / "plain", python)                       # as a learner has it: without the teacher's settings
    for name, nb, sign in (("handed", handed, "Success! Your notebook passes all the tests"),
                           ("right", right, "Success! Your notebook passes all the tests"),
                           ("wrong", wrong, f"VALIDATION FAILED ON {len(ids(source))} CELL"),
                           ("edited", edited(right), "THE CONTENTS OF 1 TEST CELL(S) HAVE CHANGED")):
        plain.put(f"{name}.ipynb", nb)
        said = plain.nbgrader("validate", f"{name}.ipynb")
        demand(sign in said, f"validate of the copy {name!r} should say {sign!r}", said)

    for who, nb in (("right", right), ("wrong", wrong), ("begun", only_exercises(handed)), ("edited", edited(wrong))):
        course_.put(f"submitted/{who}/ps1/lesson.ipynb", nb)
    course_.nbgrader("autograde", "ps1", "--create")
    code, said = course_.run("-c", SCORES)
    demand(code == 0, "the gradebook cannot be read", said)
    points = sum(course.exercises()[id].points for id in ids(source))
    wanted = {"right": [points, points], "wrong": [0, points], "begun": [0, points], "edited": [0, points]}
    demand(json.loads(said) == wanted, f"marks should be {wanted}", said)


def main(python):
    lessons = [read(path.read_bytes(), path.name) for path in sorted((ROOT / "lessons").glob("*.ipynb"))]
    source = next((nb for nb in lessons if ids(nb)), None)
    demand(source is not None, "no lesson has exercises")
    start = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        lane(source, python, Path(folder))
    print(f"    nbgrader took {', '.join(ids(source))}: release, validate and marks as they should be, "
          f"{time.monotonic() - start:.1f} s", flush=True)


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    main(sys.argv[1])
