"""A folder of hand-outs for a class: one common copy, or one for each student with a name on it and its own numbers.

The numbers of a copy follow from HMAC-SHA256(secret, "student|exercise"): the same on every run, and nobody without
the secret can work out those of somebody else. Source: Krawczyk, Bellare, Canetti 1997, RFC 2104.

A determined reader of the package can work out every gradient with it: that is what it is for. Secrecy is no part of
this; it belongs to grading.
"""
import csv
import hashlib
import hmac
import io
import unicodedata
from dataclasses import dataclass
from pathlib import Path

from bpviz.coursework.notebooks.handout import STUB, handed, is_hand_out
from bpviz.coursework.notebooks.notebook import read

KEYS = "id", "email", "name"                       # the columns that say who somebody is, the best first
NOT_IN_NAMES = '/\\:*?"<>|'                        # on one system or another
TAKEN = {"con", "prn", "aux", "nul", *(f"{port}{k}" for port in ("com", "lpt") for k in range(10))}    # by Windows
LEAST_SECRET = 16                                  # letters
README, CONFIG = "README.txt", "nbgrader_config.py"
SECRET_IS_MADE = 'python -c "import secrets; print(secrets.token_hex(32))" > secret.txt'

CONFIG_TEXT = f'''"""For a course graded with nbgrader: put this file into the course's folder, beside source/."""
import os

c = get_config()  # noqa: F821
# What takes the place of a solution. nbgrader's own stub raises an error, also where a number is asked for.
c.ClearSolutions.code_stub = {{"python": {STUB!r}}}
# A check of an exercise that nobody has begun is no error, and would earn its points; this makes it one.
os.environ["BPVIZ_STRICT"] = "1"
# Nobody is there to answer a prediction while nbgrader runs a notebook.
os.environ["BPVIZ_UNATTENDED"] = "1"
'''


@dataclass(frozen=True)
class Student:
    """key: who it is, the name of the folder and what the numbers follow from.  name: what stands on the copy."""
    key: str
    name: str


def roster(data, file):
    """bytes of a csv file with a header -> (Student, ...); ValueError names the lines that are not understood."""
    try:
        rows = csv.reader(io.StringIO(lines := data.decode("utf-8-sig"), newline=""), delimiter=_delimiter(lines))
        table = [(rows.line_num, [field.strip() for field in row]) for row in rows]
    except UnicodeDecodeError:
        raise ValueError(f"{file}: is not in UTF-8; save it as \"CSV UTF-8\"") from None
    except csv.Error as error:
        raise ValueError(f"{file}: is no csv file ({error})") from None
    table = [(line, row) for line, row in table if any(row)]
    header = [field.lower() for field in table[0][1]] if table else []
    key = next((name for name in KEYS if name in header), None)
    if key is None:
        raise ValueError(f"{file}: its first line must name a column id, email or name")
    students, seen, faults = [], {}, []
    for line, row in table[1:]:
        who = row[header.index(key)] if len(row) == len(header) else ""
        fault = f"{len(row)} fields, the header has {len(header)}" if len(row) != len(header) else _no_folder(who)
        alike = unicodedata.normalize("NFC", who).casefold()           # some file systems take these for one name
        if not fault and alike in seen:
            fault = f"{who!r} is there already, in line {seen[alike]}"
        if fault:
            faults.append(f"line {line}: {fault}")
            continue
        seen[alike] = line
        students.append(Student(who, row[header.index("name")] or who if "name" in header else who))
    if faults:
        more = f" (and {len(faults) - 5} more)" if len(faults) > 5 else ""
        raise ValueError(f"{file}, {'; '.join(faults[:5])}{more}")
    if not students:
        raise ValueError(f"{file}: holds no student")
    return tuple(students)


def _delimiter(lines):
    """What a spreadsheet puts between fields: a comma, in some countries a semicolon, or a tab."""
    header = lines.partition("\n")[0]
    return max(",;\t", key=header.count)


def _no_folder(name):
    """Why a name cannot be a folder's on every system, or ""."""
    if not name:
        return "nobody is named"
    bad = next((letter for letter in name if letter in NOT_IN_NAMES or not letter.isprintable()), None)
    if bad or name[0] == "." or name[-1] == "." or name.partition(".")[0].lower() in TAKEN or len(name.encode()) > 100:
        return f"{name[:100]!r} can be no folder's name" + (f" ({bad!r})" if bad else "")
    return f"{name!r} is the name of a file of the release" if name.lower() in (README.lower(), CONFIG) else ""


def secret(data, file):
    """bytes of a secret file -> the secret; ValueError says how one is made where it is too easily guessed."""
    found = data.strip()
    if len(found) < LEAST_SECRET or len(set(found)) < 8:
        raise ValueError(f"{file}: a secret of {len(found)} letters, {len(set(found))} of them different, is too "
                         f"easily guessed; this makes one: {SECRET_IS_MADE}")
    return found


def copy_of(key, student):
    """(exercise id) -> the 16 hex digits that stand for this student's numbers. key: the secret, bytes."""
    return lambda exercise: hmac.new(key, f"{student.key}|{exercise}".encode(), hashlib.sha256).hexdigest()[:16]


def sources(folder):
    """{file name: bytes} of the notebooks in a folder, or of the one notebook named."""
    place = Path(folder)
    files = [place] if place.is_file() else sorted(place.glob("*.ipynb"))
    if not files:
        raise ValueError(f"{folder}: holds no notebook")
    found = {file.name: file.read_bytes() for file in files}
    for name, data in found.items():
        if is_hand_out(read(data, name)):
            raise ValueError(f"{name}: is a hand-out already; a release is made of sources")
        handed(data, name)                         # whatever is wrong with a source is said before anything is written
    return found


def released(notebooks, students=(), key=b"", solutions=True):
    """(path in the folder, bytes) of every file of the release, in order.

    notebooks: {file name: bytes}, as `sources` gives them.  students: (Student, ...), none for a common copy.
    key: the secret.  solutions: whether worked solutions can be read later.
    """
    yield README, _readme(notebooks, students, solutions).encode()
    if not students:
        yield CONFIG, CONFIG_TEXT.encode()
    for name, data in notebooks.items():
        if not students:
            yield name, handed(data, name, solution=solutions)
        for student in students:
            yield f"{student.key}/{name}", handed(data, name, copy_of=copy_of(key, student), solution=solutions,
                                                  student=student.name)


def _readme(notebooks, students, solutions):
    copies = (f"A folder for each of {len(students)} students, named as in the list. Every notebook with exercises has "
              "the\nstudent's name on top, and numbers that differ from student to student.\n"
              if students else "One common copy for everybody.\n")
    kept = "can be read after passing, or after honest attempts" if solutions else "are kept back"
    grader = ("release without a list of students: autograde marks everybody by the common numbers" if students else
              f"put {CONFIG} into the course's folder and the *sources* into source/")
    return f"""Hand-outs of {len(notebooks)} notebook{"s" * (len(notebooks) != 1)}, made by `python -m bpviz release`.

{copies}
Each learner needs bpviz and JupyterLab: give them the folder of bpviz or a wheel of it, too.
In that folder: pip install ".[lab]"
Worked solutions {kept}.
A check is there to learn from: whoever reads the package can work out every answer with it.

See how a notebook stands:     python -m bpviz selfcheck NOTEBOOK.ipynb
The same in a test run:        python -m pytest -p bpviz_nbval --nbval-lax --bpviz NOTEBOOK.ipynb
With nbgrader:                 {grader}.
"""


def write(files, out):
    """Write (path, bytes) into a new or empty folder; ValueError, and nothing written, where something is there."""
    place = Path(out)
    if place.exists() and (not place.is_dir() or any(place.iterdir())):
        raise ValueError(f"--out: got {str(out)!r}, where something is already; nothing is written over, so name a new "
                         "folder")
    try:
        place.mkdir(parents=True, exist_ok=True)
        for path, data in files:
            (place / path).parent.mkdir(exist_ok=True)
            (place / path).write_bytes(data)
    except OSError as error:
        raise ValueError(f"--out: {str(out)!r} cannot be written ({error.strerror}); what is there is not "
                         "whole") from None
