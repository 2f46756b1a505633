"""A notebook as json reads it: a dict of cells, and which of them belong to an exercise.

No IPython and no nbformat here: plain json keeps every key and id, so that a file not touched stays the same bytes.
"""
import json

from bpviz.coursework.exercise import ID


def read(data, name="the notebook"):
    """bytes -> a notebook; ValueError in one sentence for what is none."""
    try:
        nb = json.loads(data.decode("utf-8-sig"))
    except (ValueError, RecursionError):
        raise ValueError(f"{name}: this is no notebook: its text is not JSON") from None
    cells = nb.get("cells") if isinstance(nb, dict) else None
    if not isinstance(cells, list) or not isinstance(nb.get("metadata", {}), dict) or not all(map(_is_cell, cells)):
        raise ValueError(f"{name}: this is no notebook of format 4: open and save it in JupyterLab once")
    return nb


def _is_cell(cell):
    source = cell.get("source") if isinstance(cell, dict) else None
    return (isinstance(source, str) or (isinstance(source, list) and all(isinstance(line, str) for line in source))) \
        and isinstance(cell.get("cell_type"), str) and isinstance(cell.get("metadata", {}), dict)


def written(nb):
    """A notebook -> bytes, as the lessons of this repository are written: sorted keys, so the same bytes every time."""
    return (json.dumps(nb, indent=1, sort_keys=True, ensure_ascii=False) + "\n").encode()


# ---- the cells of a notebook

def text(cell):
    """The source of a cell as one text."""
    return cell["source"] if isinstance(cell["source"], str) else "".join(cell["source"])


def part(cell):
    """What a cell is: ("L03-q2", "prompt" or "answer" or "check"), or None for all other cells."""
    prompt, grade_id = about(cell, "bpviz").get("prompt"), about(cell, "nbgrader").get("grade_id")
    if isinstance(prompt, str):
        return prompt, "prompt"
    if isinstance(grade_id, str) and ID.fullmatch(grade_id.removesuffix("-check")):
        return grade_id.removesuffix("-check"), "check" if grade_id.endswith("-check") else "answer"
    return None


def about(thing, key):
    """What the metadata of a cell or a notebook says under this key, a dict; {} where it says nothing."""
    found = thing.get("metadata", {}).get(key)
    return found if isinstance(found, dict) else {}
