"""Put still pictures, with their words, into the lessons: what a code host or a printed page shows without running.

    .venv/bin/python tools/stills.py                 all lessons
    .venv/bin/python tools/stills.py 05              lesson 5 only

A cell with {"bpviz": {"still": true}} in its metadata gets the picture that it shows, and what is said of it, as
outputs: one for the eye, one in words; no other cell holds outputs. (It has a number, as a cell that ran: nbval and
front ends take outputs without one for a mistake.) With "cover" for true the picture is
docs/lessons/NN.png, too, which stands in the README.
Run it after a change of such a cell, of its panel, or of its words (a test compares the words).
"""
import ast
import base64
import io
import linecache
import re
import sys
import textwrap
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from PIL import Image  # noqa: E402

from bpviz.coursework.notebooks.notebook import about, read, text, written  # noqa: E402

COLUMNS, COLOURS = 100, 96


def shown(source, names, cell):
    """What the last line of a cell gives, once the cell has run in `names`."""
    tree = ast.parse(source)
    linecache.cache[cell] = len(source), None, source.splitlines(True), cell          # as a kernel does
    last = tree.body.pop() if tree.body and isinstance(tree.body[-1], ast.Expr) else None
    exec(compile(tree, cell, "exec"), names)
    return eval(compile(ast.Expression(last.value), cell, "eval"), names) if last else None


def picture(thing):
    """(PNG bytes, words) of a panel or of a finished picture."""
    if hasattr(thing, "png"):
        return thing.png, thing.words
    html = thing.finish().still()
    data = re.search(r'src="data:image/png;base64,([^"]+)"', html)[1]
    words = thing.words
    thing.close()
    return base64.b64decode(data), words


def small(png):
    """The same picture with fewer colours, a third of the bytes."""
    out = io.BytesIO()
    Image.open(io.BytesIO(png)).convert("RGB").quantize(COLOURS, dither=0).save(out, "png", optimize=True)
    return out.getvalue()


def outputs(png, words):
    """The two outputs of a still."""
    lines = "\n".join(textwrap.wrap(words, COLUMNS)).splitlines(True)
    seen = {"image/png": base64.b64encode(png).decode() + "\n"}
    return [{"output_type": "display_data", "metadata": {}, "data": data} for data in (seen, {"text/plain": lines})]


def is_still(cell):
    return bool(about(cell, "bpviz").get("still"))


def made(nb):
    """(the notebook with its stills, {cell id: PNG bytes})."""
    cells, names, pictures = [], {"__name__": "lesson"}, {}
    last = max((k for k, cell in enumerate(nb["cells"]) if is_still(cell)), default=-1)
    for k, cell in enumerate(nb["cells"]):
        if cell["cell_type"] == "code" and k <= last and not re.search(r"bp\.(predict|check|inventory)\b", text(cell)):
            found = shown(text(cell), names, cell["id"])
            if is_still(cell):
                png, words = picture(found)
                pictures[cell["id"]] = small(png)
                cell = {**cell, "outputs": outputs(pictures[cell["id"]], words), "execution_count": 1}
        cells.append(cell)
    return {**nb, "cells": cells}, pictures


def main(words):
    """Renew the lessons whose names begin with one of `words`, or all."""
    for path in sorted((ROOT / "lessons").glob("*.ipynb")):
        if words and not path.name.startswith(tuple(words)):
            continue
        nb, pictures = made(read(path.read_bytes(), path.name))
        if pictures:
            path.write_bytes(written(nb))
            cover, = (cell["id"] for cell in nb["cells"] if about(cell, "bpviz").get("still") == "cover")
            name = path.stem[:5] if path.stem.startswith("lab") else path.stem[:2]
            target = ROOT / "docs" / "lessons" / f"{name}.png"
            target.parent.mkdir(exist_ok=True)
            target.write_bytes(pictures[cover])
        size = sum(map(len, pictures.values())) // 1000
        print(f"{path.name}: {len(pictures)} still{'s' * (len(pictures) != 1)}, {size} kB")


if __name__ == "__main__":
    main(sys.argv[1:])
