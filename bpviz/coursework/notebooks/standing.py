"""How the exercises of a notebook stand: whether the cells that it must have are there, once, and as given out."""
from bpviz.coursework import course
from bpviz.coursework.exercise import ID
from bpviz.coursework.notebooks.notebook import about, part, text


def required(nb):
    """{"L03-q2": its check cell as given out}: as noted in the notebook, or as its lesson has it; {} for no lesson."""
    ours = about(nb, "bpviz")
    noted = ours.get("exercises")
    if isinstance(noted, dict) and all(ID.fullmatch(id) and isinstance(check, str) for id, check in noted.items()):
        return {id: noted[id] for id in sorted(noted, key=_place)}
    names = [ours.get("lesson"), *(found[0].partition("-")[0] for found in map(part, nb["cells"]) if found)]
    name = next((name for name in names if isinstance(name, str) and name in course.lessons()), None)
    return {one.id: one.check_cell() for one in course.lessons()[name].EXERCISES} if name else {}


def _place(id):
    """By what the exercises are sorted, q10 after q9: the lesson or lab, and the number."""
    lesson, _, number = id.partition("-")
    return lesson, int(number[1:])


def standing(nb):
    """{"L03-q2": what is wrong with its cells, or ""}, for every exercise that the notebook must have."""
    cells = {}
    for cell in nb["cells"]:
        cells.setdefault(part(cell), []).append(cell)
    return {id: _fault(cells.get((id, "answer"), []), cells.get((id, "check"), []), check)
            for id, check in required(nb).items()}


def _fault(answers, checks, given):
    for name, found in (("answer", answers), ("check", checks)):
        if len(found) != 1:
            return f"its {name} cell is " + (f"there {len(found)} times" if found else "missing")
        if found[0]["cell_type"] != "code":
            return f"its {name} cell is no code any more"
    return "" if text(checks[0]).strip() == given.strip() else "its check cell was edited"
