"""Draws docs/floors.svg: the rooms of the package floor by floor, and who asks whom.

    python docs/floors.py

The floors are those that tests/test_house.py holds, what a room is for is said in docs/architecture.md, the arrows are
read from the files' imports. An arrow that follows from others (a asks b, b asks c, so a may ask c) is left out;
dashed ones pass behind a floor.
tests/test_architecture.py draws it anew and compares.
"""
import ast
import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
WIDTH, HIGH, STEP, MARGIN, GAP = 940, 52, 92, 20, 16       # of the picture, a box, a floor; pixels
INK, PAPER, LINE = "#1a1a1a", "#f4f1ea", "#0072b2"


def floors():
    """The floors, lowest first, each a sorted list of rooms."""
    tree = ast.parse((ROOT / "tests" / "test_house.py").read_text(encoding="utf-8"))
    value = next(node.value for node in tree.body if isinstance(node, ast.Assign) and node.targets[0].id == "FLOORS")
    return [sorted(floor) for floor in ast.literal_eval(value)]


def meanings():
    """{room: what it is for}, from the table of docs/architecture.md."""
    text = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    return dict(re.findall(r"^\| `(\w+)` \| (.+?) \|", text, re.M))


def files_of(room):
    folder = ROOT / "bpviz" / room
    return sorted(folder.rglob("*.py")) if folder.is_dir() else [p for p in [folder.with_suffix(".py")] if p.exists()]


def asks(rooms):
    """{room: the rooms that its files import from}."""
    found = {}
    for room in rooms:
        names = set()
        for path in files_of(room):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] == "bpviz":
                    below = node.module.split(".")[1:2]
                    names.update(below or (alias.name for alias in node.names))
                elif isinstance(node, ast.Import) and any(alias.name == "bpviz" for alias in node.names):
                    names.add("__init__")
        found[room] = (names & set(rooms)) - {room}
    return found


def reduced(arrows):
    """The arrows without those that follow from others."""
    def reach(room, seen):
        for other in arrows[room] - seen:
            seen.add(other)
            reach(other, seen)
        return seen
    return {room: {one for one in below if not any(one in reach(other, set()) for other in below - {one})}
            for room, below in arrows.items()}


def drawing():
    """The picture, as SVG."""
    there = [[room for room in floor if files_of(room)] for floor in floors()]
    there, said = [floor for floor in there if floor], meanings()
    tall, boxes = MARGIN * 2 + STEP * (len(there) - 1) + HIGH, {}
    for k, floor in enumerate(there):
        wide = min(420, (WIDTH - 2 * MARGIN - GAP * (len(floor) - 1)) / len(floor))
        left = (WIDTH - wide * len(floor) - GAP * (len(floor) - 1)) / 2
        for j, room in enumerate(floor):
            boxes[room] = (left + j * (wide + GAP), tall - MARGIN - HIGH - k * STEP, wide)
    lines = []
    for room, below in sorted(reduced(asks([room for floor in there for room in floor])).items()):
        for other in sorted(below):
            (x1, y1, w1), (x2, y2, w2) = boxes[room], boxes[other]
            x1, x2 = x1 + w1 / 2, x2 + w2 / 2
            if y2 > y1:
                far = ' class="far"' if y2 > y1 + STEP else ""
                lines.append(f'<path{far} d="M{x1:.0f},{y1 + HIGH} C{x1:.0f},{y1 + HIGH + 26} {x2:.0f},{y2 - 30} '
                             f'{x2:.0f},{y2 - 4}" marker-end="url(#to)"/>')
    rects = []
    for room, (x, y, wide) in boxes.items():
        name = room if not (ROOT / "bpviz" / room).with_suffix(".py").exists() else f"{room}.py"
        rects.append(f'<rect x="{x:.0f}" y="{y}" width="{wide:.0f}" height="{HIGH}" rx="6"/>'
                     f'<text x="{x + wide / 2:.0f}" y="{y + 21}" class="name">{name}</text>'
                     f'<text x="{x + wide / 2:.0f}" y="{y + 39}">{said.get(room, "")}</text>')
    return (f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {tall}" '
            f'font-family="DejaVu Sans, sans-serif" font-size="12" text-anchor="middle">\n'
            f'<title>The rooms of bpviz: an upper one asks those below it</title>\n'
            f'<style>rect{{fill:{PAPER};stroke:{INK}}} text{{fill:{INK}}} .name{{font-weight:bold;font-size:14px}} '
            f'path{{fill:none;stroke:{LINE};stroke-width:1.5}} '
            f'.far{{stroke-dasharray:5 3}} .tip{{fill:{LINE};stroke:none}}</style>\n'
            f'<defs><marker id="to" viewBox="0 0 8 8" refX="5" refY="4" markerWidth="7" markerHeight="7" orient="auto">'
            f'<path class="tip" d="M0,0 L8,4 L0,8 z"/></marker></defs>\n<rect width="{WIDTH}" height="{tall}" '
            f'style="fill:white;stroke:none"/>\n' + "\n".join(lines + rects) + "\n</svg>\n")


if __name__ == "__main__":
    (ROOT / "docs" / "floors.svg").write_text(drawing(), encoding="utf-8")
