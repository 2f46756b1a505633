"""The commands of whoever teaches: python -m bpviz release | selfcheck | worksheet | inventory | cells.

release     the hand-outs of source lessons, one common copy or one for each student
selfcheck   run a notebook and say how its exercises stand
worksheet   sheets for paper with each student's own numbers, and the key
inventory   what a class believed before the course and after it, as a page
cells       write the cells of every exercise in a source lesson from its record
"""
import os
from pathlib import Path

from bpviz.base.arguments import whole


def add_to(commands):
    """Add them to `commands`, what argparse's add_subparsers returned. Each one's action takes the words read."""
    text = "make hand-outs of source lessons: one common copy, or with a roster one for each student"
    command = commands.add_parser("release", help=text, description=text)
    command.set_defaults(action=release)
    command.add_argument("source", nargs="?", help="a folder of source lessons, or one of them (bpviz's own)")
    command.add_argument("--out", required=True, help="a new folder for the hand-outs")
    command.add_argument("--roster", help="a csv file whose header names a column id, email or name")
    command.add_argument("--secret-file", help="what the students' numbers follow from; beside --roster")
    command.add_argument("--no-solutions", action="store_true", help="keep the worked solutions back")
    text = "run a notebook and say how its exercises stand: right, wrong, not attempted, missing, edited"
    command = commands.add_parser("selfcheck", help=text, description=text)
    command.set_defaults(action=selfcheck)
    command.add_argument("notebook", help="a learner's notebook")
    command.add_argument("--strict", action="store_true", help="an exercise not attempted is a failure too")
    command.add_argument("--seconds", type=int, default=120, help="the longest that a cell may take (120)")
    text = "make worksheets for paper, one for each student with numbers of their own, and a key with every value"
    command = commands.add_parser("worksheet", help=text, description=text)
    command.set_defaults(action=worksheet)
    command.add_argument("lesson", help="L01 to L09")
    who = command.add_mutually_exclusive_group(required=True)
    who.add_argument("--students", type=int, help="how many sheets, numbered from 1")
    who.add_argument("--roster", help="a csv file whose header names a column id, email or name")
    command.add_argument("--out", required=True, help="a folder for the sheets and the key")
    command.add_argument("--exam", action="store_true", help="with points, the tasks in another order on each sheet")
    command.add_argument("--secret-file", help="what the numbers of an exam follow from; beside --exam")
    text = "make a page of what a class answered to the inventory, before the course and after it"
    command = commands.add_parser("inventory", help=text, description=text)
    command.set_defaults(action=inventory)
    command.add_argument("folder", help="with the folders of the students, each with its bpviz_answers.jsonl")
    command.add_argument("--out", required=True, help="a new file, inventory.html")
    text = "write the cells of every exercise in a source lesson anew from its record"
    command = commands.add_parser("cells", help=text, description=text)
    command.set_defaults(action=cells)
    command.add_argument("files", nargs="+", metavar="FILE", help="source notebooks")


def opened(name):
    """The bytes of a file; ValueError in one sentence where it cannot be read."""
    try:
        return Path(name).read_bytes()
    except OSError as error:
        raise ValueError(f"{name}: cannot be read ({error.strerror})") from None


def release(words):
    """`bpviz release SOURCE --out FOLDER`: all is read and tried before anything is written."""
    from bpviz import lab
    from bpviz.coursework.notebooks import release as making
    if bool(words.roster) != bool(words.secret_file):
        there, other = ("--roster", "--secret-file") if words.roster else ("--secret-file", "--roster")
        more = f"; this makes a secret: {making.SECRET_IS_MADE}" if words.roster else ""
        raise ValueError(f"{there}: is of use only beside {other}{more}")
    students, key = (), b""
    if words.roster:
        students = making.roster(opened(words.roster), words.roster)
        if not Path(words.secret_file).exists():
            raise ValueError(f"{words.secret_file}: is not there; this makes a secret: {making.SECRET_IS_MADE}")
        key = making.secret(opened(words.secret_file), words.secret_file)
    source = words.source or lab.carried()
    notebooks = making.sources(source)
    making.write(making.released(notebooks, students, key, not words.no_solutions), words.out)
    print(f"{words.out}: {len(notebooks)} notebook{'s' * (len(notebooks) != 1)} from {source}, "
          + (f"a folder for each of {len(students)} students" if students else "one common copy"))
    return 0


def selfcheck(words):
    """`bpviz selfcheck NOTEBOOK`: exit 0 if nothing is wrong, 1 if something is, 2 if it could not be run."""
    from bpviz.coursework.notebooks.selfcheck import checked, said
    try:
        found, note = checked(opened(words.notebook), words.notebook, whole("--seconds", words.seconds))
    except KeyboardInterrupt:                                       # its kernel has ended, as always
        print(f"{words.notebook}: interrupted")
        return 130
    print(said(words.notebook, found, note))
    fine = {"right"} | (set() if words.strict else {"not attempted"})
    return int(bool(note) or any(one.status not in fine for one in found))


def worksheet(words):
    """`bpviz worksheet L03 --students 30 --out FOLDER`: sheets and key as HTML, and PDF where a Chromium is there."""
    from bpviz.coursework.notebooks.release import SECRET_IS_MADE, roster, secret
    from bpviz.coursework.paper.pdf import chromium, printed
    from bpviz.coursework.paper.sheets import MOST, TASKS, key, page, sheets
    TASKS[words.lesson]                                             # an unknown one is refused in its own words
    if words.secret_file and not words.exam:
        raise ValueError("--secret-file: is of use only beside --exam")
    if words.exam and not words.secret_file:
        raise ValueError("--exam: goes with --secret-file, else everybody can make the key; this makes a secret: "
                         f"{SECRET_IS_MADE}")
    if not words.roster:
        whole("--students", words.students, low=1, high=MOST)
    students = roster(opened(words.roster), words.roster) if words.roster else ()
    whos = [one.name for one in students] or [str(number + 1) for number in range(words.students)]
    key_of = secret(opened(words.secret_file), words.secret_file) if words.exam else b""
    made = sheets(words.lesson, whos, words.exam, key_of)
    name = words.lesson + "_exam" * words.exam
    browser = chromium()
    paths = new(words.out, {f"{name}.html": page(words.lesson, made, words.exam),
                            f"{name}_key.html": key(words.lesson, made, words.exam)}, ".pdf" if browser else "")
    for path in paths if browser else ():
        printed(path, path.with_suffix(".pdf"), browser)
    print(f"{words.out}: {len(made)} sheet{'s' * (len(made) != 1)} of {words.lesson} and the key, as HTML"
          + (" and PDF" if browser else "; for PDF, print it from a browser (no Chromium, Chrome or Edge was found)"))
    return 0


def new(folder, texts, beside=""):
    """Write {name: text} into a folder, as new files, all or none; their paths. ValueError before one is written over.

    beside: ".pdf" where files of that ending will come beside them, which must not be there either.
    """
    paths, made = [Path(folder) / name for name in texts], []
    for path in (*paths, *(path.with_suffix(beside) for path in paths if beside)):
        if os.path.lexists(path):
            raise ValueError(f"--out: {path} is there already; nothing is written over")
    try:
        Path(folder).mkdir(parents=True, exist_ok=True)
        for path, text in zip(paths, texts.values(), strict=True):
            with path.open("x", encoding="utf-8") as file:
                made.append(path)
                file.write(text)
    except OSError as error:
        for path in made:
            path.unlink(missing_ok=True)
        why = "it is a file" if Path(folder).is_file() else error.strerror
        raise ValueError(f"--out: {str(folder)!r} cannot be made or written into ({why})") from None
    return paths


def inventory(words):
    """`bpviz inventory FOLDER --out FILE`: an existing file is not written over."""
    from bpviz.coursework.inventory.class_page import page, rounds
    found = rounds(words.folder)
    new(Path(words.out).parent, {Path(words.out).name: page(found)})
    print(f"{words.out}: {len(found)} student{'s' * (len(found) != 1)}")
    return 0


def cells(words):
    """`bpviz cells FILE ...`: renew in place; a file that is as it should be is not written."""
    from bpviz.coursework.notebooks.handout import ids, renew
    from bpviz.coursework.notebooks.notebook import read, written
    made = []
    for name in words.files:                                        # all are read before any is written
        data = opened(name)
        try:
            nb = renew(read(data, name))
        except ValueError as error:
            raise ValueError(str(error) if str(error).startswith(name) else f"{name}: {error}") from None
        made.append((name, data, written(nb) if ids(nb) else data, len(ids(nb))))
    for name, before, after, number in made:
        if after != before:
            Path(name).write_bytes(after)
        fate = "written anew" if after != before else "as they were"
        print(f"{name}: {number} exercise{'s' * (number != 1)}, {fate}")
    return 0
