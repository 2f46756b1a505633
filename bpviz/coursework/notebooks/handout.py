"""What is made of a source lesson: the hand-out, the solved copy, copies with one known mistake in every exercise.

In a source stand three cells for each exercise, all written from its record (exercise.py): the prompt, the answer
cell with the solution between two marks, and the check cell. Their metadata is nbgrader's, schema 3.

nb         a notebook (notebook.py); what is made of it is a new one, nb itself stays as it is
hand-out   no solution, no outputs but the stills of a source, the check cells locked; what a learner opens
still      a picture with its words in the outputs of a cell, to be seen before anything has run
copy_of    (exercise id) -> whose numbers, a word for Exercise.given; None for everybody's

Source of the rules: nbgrader 0.9 (ClearSolutions, LockCells, ComputeChecksums); .ci/nbgrader_lane.py compares.
"""
import hashlib
from itertools import zip_longest

from bpviz.coursework import course
from bpviz.coursework.exercise import BEGIN, END
from bpviz.coursework.notebooks.cells import needed
from bpviz.coursework.notebooks.notebook import about, part, read, text, written

LEARNERS_MARKS = "### YOUR LINES: BEGIN", "### YOUR LINES: END"  # other words: a second release must not clear answers
STUB = "\n".join((LEARNERS_MARKS[0], "# your lines here", LEARNERS_MARKS[1]))
NOT_OURS = "BEGIN HIDDEN TESTS", "BEGIN MARK SCHEME"             # nbgrader clears these; left in, they would be read


def handed(data, name, **more):
    """bytes of a source -> bytes of its hand-out; those of a notebook without exercises are left as they are."""
    if b"bpviz" not in data and b"SOLUTION" not in data:
        return data
    nb = read(data, name)
    try:
        made = hand_out(nb, **more)
    except ValueError as error:
        raise ValueError(f"{name}, {error}") from None
    return data if made is nb else written(made)


def is_hand_out(nb):
    """Whether this is a hand-out, or a learner's work in one: nothing may be written anew in it."""
    return "exercises" in about(nb, "bpviz") or any(
        LEARNERS_MARKS[0] in text(cell) for cell in nb["cells"] if part(cell))


def ids(nb):
    """The ids of the exercises of a notebook, in its order."""
    return tuple(found[0] for found in map(part, nb["cells"]) if found and found[1] == "prompt")


def renew(nb):
    """The source with the three cells of each exercise written from its record, together, where its prompt cell is.

    A prompt cell is enough to begin with: {"metadata": {"bpviz": {"prompt": "L03-q2"}}}.
    """
    if is_hand_out(nb):
        raise ValueError("this is a hand-out, which holds a learner's lines; only a source is written anew")
    return _placed(nb)


def _placed(nb, copy_of=None, solution=True, inside=None):
    """renew, for any copy. inside: (exercise, copy) -> other lines than the solution's."""
    old, prompts = {}, ids(nb)
    for number, cell in enumerate(nb["cells"], 1):
        found = part(cell)
        if found is None:
            continue
        if found in old:
            raise ValueError(f"cell {number}: the {found[1]} cell of {found[0]} is there a second time")
        if found[0] not in prompts:
            raise ValueError(f"cell {number}: {found[0]} has no prompt cell in this notebook")
        try:
            course.exercises()[found[0]]
        except ValueError as error:
            raise ValueError(f"cell {number}: {error}") from None
        old[found] = cell
    cells = []
    for cell in nb["cells"]:
        found = part(cell)
        if found is None:
            cells.append(cell)
        elif found[1] == "prompt":
            one = course.exercises()[found[0]]
            copy = copy_of(one.id) if copy_of else ""
            lines = None if inside is None else inside(one, copy)
            cells += (
                _cell(old[found], "markdown", f"{one.id}-prompt", one.prompt_cell(copy), {"bpviz": {"prompt": one.id}}),
                _cell(old.get((one.id, "answer")), "code", f"{one.id}-answer", one.answer_cell(copy, lines),
                      {"nbgrader": _nbgrader(one.id, solution=True)}),
                _cell(old.get((one.id, "check")), "code", f"{one.id}-check", one.check_cell(copy, solution),
                      {"nbgrader": {**_nbgrader(f"{one.id}-check", grade=True), "points": one.points}}))
    return {**nb, "cells": cells}


def _cell(old, kind, id, source, ours):
    """One cell; what else stood in its metadata (tags, slides) stays."""
    cell = {"cell_type": kind, "id": id, "metadata": {**(old or {}).get("metadata", {}), **ours},
            "source": source.splitlines(True)}
    return cell | ({"execution_count": None, "outputs": []} if kind == "code" else {})


def _nbgrader(grade_id, grade=False, solution=False):
    return {"grade_id": grade_id, "grade": grade, "solution": solution, "locked": grade, "task": False,
            "schema_version": 3}


# ---- what is made of a source

def hand_out(nb, copy_of=None, solution=True, student=""):
    """The hand-out; nb itself where it has no exercises, or is a hand-out already.

    copy_of: whose numbers.  solution: whether worked solutions can be read later.  student: a name to stand on top.
    ValueError, beginning with the cell's number, where a mark is astray or a cell is not what its record says.
    """
    if is_hand_out(nb) or not (ids(nb) or any(_marked(cell) for cell in nb["cells"])):
        return nb
    _as_recorded(nb)
    made = _with_checks(_placed(nb, copy_of, solution), student)
    cells = [_locked(_cleared(cell, number)) for number, cell in enumerate(made["cells"], 1)]
    return {**made, "cells": [_copy_of(student)] * bool(student) + cells}


def _as_recorded(nb):
    """Refuse a source whose cells are not those of its records: what an author wrote there would be lost."""
    for number, (cell, recorded) in enumerate(zip_longest(nb["cells"], _placed(nb)["cells"]), 1):
        if cell is None or part(cell) != part(recorded) or text(cell) != text(recorded):
            raise ValueError(f"cell {number}: the cells of {(part(recorded) or part(cell))[0]} are not what its record "
                             "says; change the record, then `python -m bpviz cells FILE` writes them")


def solved(nb, copy_of=None):
    """The copy in which every answer is right. copy_of: whose numbers."""
    return _with_checks(_placed(nb, copy_of))


def mutant(nb, k, copy_of=None):
    """The copy in which every exercise is answered with its mistake k; whoever has fewer begins again at the first.

    Only the cells of exercises and what they need.  k: 0, 1, ...  copy_of: whose numbers.
    """
    made = _with_checks(_placed(nb, copy_of, inside=lambda one, copy: mistake(one, k, copy).code))
    return only_exercises(made)


def only_exercises(nb):
    """Answer cells, check cells and what these need; a panel or a prediction takes time and tests nothing here."""
    code = [cell for cell in nb["cells"] if cell["cell_type"] == "code"]
    keep = needed(list(map(text, code)), [place for place, cell in enumerate(code) if part(cell)])
    return {**nb, "cells": [code[place] for place in keep]}


def mistake(exercise, k, copy=""):
    """The Mutant that copy k of `mutant` carries for this exercise. copy: whose numbers."""
    mutants = exercise.asks.mutants(exercise.given(copy))
    return mutants[k % len(mutants)]


def how_many(nb):
    """How many copies `mutant` makes until every mistake of every exercise has been in one."""
    return max((len(one.asks.mutants(one.given())) for one in map(course.exercises().get, ids(nb))), default=0)


def _with_checks(nb, student=""):
    """With the check cells noted as they are given out: `standing` compares with them."""
    checks = {part(cell)[0]: text(cell) for cell in nb["cells"] if part(cell) and part(cell)[1] == "check"}
    ours = about(nb, "bpviz") | {"exercises": checks} | ({"student": student} if student else {})
    return {**nb, "metadata": {**nb.get("metadata", {}), "bpviz": ours}}


def _copy_of(student):
    name = "".join("\\" + letter if letter in "\\`*_{}[]()<>#+-.!|$~&" else letter for letter in student)
    return {"cell_type": "markdown", "id": "bpviz-student", "source": [f"Copy of **{name}**"],
            "metadata": {"deletable": False, "editable": False}}


def _marked(cell):
    return any(mark in text(cell) for mark in ("BEGIN SOLUTION", "END SOLUTION", *NOT_OURS))


def _cleared(cell, number):
    """Without outputs but a still, and with the learner's marks and a stub where the solution was."""
    rows, indent = [], None
    for row in text(cell).split("\n"):
        begins, ends = "BEGIN SOLUTION" in row, "END SOLUTION" in row
        if any(mark in row for mark in NOT_OURS):
            raise ValueError(f"cell {number}: {row.strip()!r} is for nbgrader's own release; this one cannot clear it")
        if (begins and ends) or (begins and indent is not None):
            raise ValueError(f"cell {number}: {BEGIN} stands inside another one")
        if ends and indent is None:
            raise ValueError(f"cell {number}: {END} without a {BEGIN} before it")
        if begins:
            indent = row[:len(row) - len(row.lstrip())]
            rows += [indent + row for row in STUB.split("\n")]
        elif ends:
            indent = None
        elif indent is None:
            rows.append(row)
    if indent is not None:
        raise ValueError(f"cell {number}: {BEGIN} without an {END} after it")
    answers = about(cell, "nbgrader").get("solution") is True
    if _marked(cell) != answers:
        raise ValueError(f"cell {number}: " + ("a solution between marks, but its metadata does not say solution: true"
                                               if not answers else f"an answer cell without {BEGIN} and {END}"))
    made = {**cell, "source": "\n".join(rows).splitlines(True)}
    kept = bool(about(cell, "bpviz").get("still")) or "NBVAL_CHECK_OUTPUT" in text(cell)
    if cell["cell_type"] == "code" and (answers or not kept):
        made |= {"execution_count": None, "outputs": []}
    return made


def _locked(cell):
    """What nbgrader's release writes: a checksum, and that the front end keeps the cell."""
    found, mark = part(cell), about(cell, "nbgrader")
    if not found and not mark:
        return cell
    grade, solution, locked = (bool(mark.get(word)) for word in ("grade", "solution", "locked"))
    locked = not solution and (grade or locked)
    more = {"deletable": False} | ({"editable": False} if locked or not mark else {})
    if mark:
        words = [text(cell), cell["cell_type"], grade, solution, locked, mark.get("grade_id"),
                 *([float(mark["points"])] if grade else ())]
        checksum = hashlib.md5("".join(map(str, words)).encode(), usedforsecurity=False).hexdigest()
        more["nbgrader"] = {**mark, "locked": locked, "cell_type": cell["cell_type"], "checksum": checksum}
    return {**cell, "metadata": {**cell.get("metadata", {}), **more}}
