"""The size and the repetitions of the house, and the way of a call through it, counted: a change says before and after.

    python benchmarks/house.py [folder] ...         one column a folder: a checkout beside this one to compare with

Pairs of places: runs of six or more statements' lines of the same shape, names, numbers and texts left aside. Lines
that are nothing but names do not count: imports, docstrings, what a record declares (its head and its fields). Files to touch are counted by commits: `git show --stat` of the one that added a thing.

The way of critical_points is that of real calls (two weights, two with a valley, four), told by the interpreter's
profiler. Followed are the calls that landscape/ makes, and those that come back into it from below; what an objective does
inside itself is a way of its own. A room is a file that is entered, one below included. A call from a function to another
file counts once, however often; it is a climb where the file that is called stands above the caller: on a
higher floor, or it imports the caller, directly or by others. base/work.py only runs what it was handed: a generator counts as called
by the function that handed it over.
"""
import ast
import io
import json
import keyword
import os
import re
import subprocess
import sys
import tokenize
from collections import defaultdict
from itertools import combinations
from pathlib import Path

LEAST = 6
DULL = re.compile(r"[\s\[\](){},:s0n.=]*")                # brackets and names alone: tables, calls over several lines


def left_out(text):
    """The numbers of the lines that are imports, docstrings, heads of records or their fields without a default."""
    tree, lines = ast.parse(text), set()
    for node in ast.walk(tree):
        field = isinstance(node, ast.AnnAssign) and node.value is None
        docstring = isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str)
        if field or docstring or isinstance(node, ast.Import | ast.ImportFrom):
            lines.update(range(node.lineno, node.end_lineno + 1))
        elif isinstance(node, ast.ClassDef) and any("dataclass" in ast.unparse(one) for one in node.decorator_list):
            lines.update(range(node.decorator_list[0].lineno, node.lineno + 1))
    return lines


def shapes(path):
    """[(line number, its tokens without what they are called)] of the lines of code of a file."""
    text = path.read_text(encoding="utf-8")
    lines, skipped = defaultdict(list), left_out(text)
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        name = tokenize.tok_name[token.type]
        if name in ("NAME", "NUMBER", "STRING", "OP") and token.start[0] not in skipped:
            kind = {"NUMBER": "0", "STRING": "s"}.get(name, token.string)
            lines[token.start[0]].append("n" if name == "NAME" and not keyword.iskeyword(kind) else kind)
    return [(number, " ".join(tokens)) for number, tokens in sorted(lines.items())]


def repeated(files):
    """[(file, line, file, line, length)]: the longest runs of LEAST lines or more that two places share."""
    code = {path: shapes(path) for path in files}
    seen = defaultdict(list)
    for path, lines in code.items():
        for k in range(len(lines) - LEAST + 1):
            run = tuple(shape for _, shape in lines[k:k + LEAST])
            if sum(not DULL.fullmatch(shape) for shape in run) >= LEAST // 2:
                seen[run].append((path, k))
    pairs = {pair for places in seen.values() for pair in combinations(places, 2)}
    for (one, k), (two, n) in sorted(pairs):
        if ((one, k - 1), (two, n - 1)) not in pairs and not (one == two and abs(n - k) < LEAST):
            length = LEAST
            while ((one, k + length - LEAST + 1), (two, n + length - LEAST + 1)) in pairs:
                length += 1
            yield one, code[one][k][0], two, code[two][n][0], length


def functions(script):
    """[(line number, lines)] of the functions of a script: from the line that opens one to the next `}` no deeper."""
    lines = script.splitlines()
    for k, line in enumerate(lines):
        if re.search(r"(function\b.*|=>\s*)\{$", line) or re.match(r"\s*(?!if|for|while|switch|catch)\w+\(.*\) ?\{$", line):
            deep = len(line) - len(line.lstrip())
            ends = next(n for n, later in enumerate(lines[k + 1:], k + 1) if re.match(rf"\s{{0,{deep}}}\}}", later))
            yield k + 1, ends - k + 1


def measured(root):
    """{what: how much} of a checkout."""
    python = sorted((root / "bpviz").rglob("*.py"))
    scripts = sorted((root / "bpviz").rglob("*.js"))
    long = {path: len(path.read_text(encoding="utf-8").splitlines()) for path in python}
    pairs = list(repeated(python))
    for one, line, two, other, length in pairs:
        print(f"{length:3} lines  {one.relative_to(root)}:{line}  {two.relative_to(root)}:{other}", file=sys.stderr)
    rooms, calls, climbs = trip(root)
    for one, name, other in climbs:
        print(f"a climb  {one}, {name}  {other}", file=sys.stderr)
    return {"rooms on critical_points' way": len(rooms), "of them in landscape/": sum(room.startswith("bpviz/landscape/") for room in rooms),
            "calls from room to room on it": len(calls), "climbs on it": len(climbs), "files of Python": len(python), "lines of Python": sum(long.values()), "longest file": max(long.values()),
            "lines of explorers": sum(n for path, n in long.items() if path.parent.name == "explorers"),
            f"pairs of places that share {LEAST} lines": len(pairs),
            "longest function of a script": max(lines for path in scripts for _, lines in functions(path.read_text("utf-8")))}


TRIP = """
import json, sys
import numpy as np
import bpviz as bp
from pathlib import Path
home, calls = Path(bp.__file__).parent, set()             # not the root: an environment may lie there
root, inside = str(home.parent), str(home)

def place(frame):
    while frame and (not frame.f_code.co_filename.startswith(inside) or frame.f_code.co_filename.endswith("base/work.py")):
        frame = frame.f_back
    return frame and (frame.f_code.co_filename[len(root) + 1:], frame.f_code.co_qualname.replace(".<locals>", ""))

def called(frame, event, _):
    if event == "call" and frame.f_code.co_filename.startswith(inside):
        one, other = place(frame.f_back), place(frame)
        if one and other and one[0] != other[0]:
            calls.add((*one, other[0]))

x, y = np.array([[-1.0, 0.5, 2.0]]), np.array([[0.2, 0.4, 0.9]])
for sizes, name in (((1, 1, 1), "tanh"), ((1, 1, 1), "identity"), ((1, 2, 1), "tanh")):
    fit = bp.Fit(bp.Network(sizes, name, bias=False), "squared error", bp.Data(x, y))
    bp.critical_points(fit)
    sys.setprofile(called)
    bp.critical_points(fit)
    sys.setprofile(None)
print(json.dumps(sorted(calls)))
"""


def above(root):
    """{file: the files that stand above it, as its importers, directly or by others}, names as in a trip."""
    files = {path.relative_to(root).as_posix(): path for path in (root / "bpviz").rglob("*.py")}
    over = {name: set() for name in files}
    for name, path in files.items():
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom) and node.module:
                for module in (node.module, *(f"{node.module}.{alias.name}" for alias in node.names)):
                    if (below := module.replace(".", "/") + ".py") in files:
                        over[below].add(name)
    for name in over:
        border = list(over[name])
        while border:
            new = over[border.pop()] - over[name]
            over[name] |= new
            border += new
    return over


def trip(root):
    """The way of critical_points: (rooms entered, calls from room to room, climbs among them), each a sorted list."""
    words = {**os.environ, "PYTHONPATH": str(root), "BPVIZ_COMPILED": "0"}
    done = subprocess.run([sys.executable, "-c", TRIP], env=words, cwd=root, stdout=subprocess.PIPE, check=True)
    calls = [call for call in json.loads(done.stdout) if "bpviz/landscape/" in (call[0][:16], call[2][:16])]
    tree = ast.parse((root / "tests" / "test_house.py").read_text(encoding="utf-8"))
    floors = ast.literal_eval(next(node.value for node in tree.body
                                   if isinstance(node, ast.Assign) and node.targets[0].id == "FLOORS"))
    floor, over = {room: k for k, rooms in enumerate(floors) for room in rooms}, above(root)
    climbs = [(one, name, other) for one, name, other in calls
              if other in over[one] or floor[other.split("/")[1]] > floor[one.split("/")[1]]]
    return sorted({other for *_, other in calls}), calls, climbs


def main(*folders):
    columns = [measured(Path(folder).resolve()) for folder in folders or (Path(__file__).parents[1],)]
    for name in columns[0]:
        print(f"{name:34}" + "".join(f"{column[name]:9,}" for column in columns))


if __name__ == "__main__":
    main(*sys.argv[1:])
