"""The size and the repetitions of the house, counted, so that a change can say before and after.

    python benchmarks/house.py [folder] ...         one column a folder: a checkout beside this one to compare with

Pairs of places: runs of six or more statements' lines of the same shape, names, numbers and texts left aside. Lines
that are nothing but names do not count: imports, docstrings, what a record declares (its head and its fields). Files
to touch are counted by commits: `git show --stat` of the one that added a thing.

The way of critical_points: the files whose lines a real call runs, and its climbs, pairs of files of which the second is
called by the first, although it stands higher (it imports the first, itself or through others). A generator that is
resumed is not called.
"""
import ast
import io
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
    files, climbs = way(root)
    for one, two in climbs:
        print(f"climb  {one} -> {two}", file=sys.stderr)
    return {"files on the way of critical_points": len(files), "climbs on it": len(climbs), "files of Python": len(python), "lines of Python": sum(long.values()), "longest file": max(long.values()),
            "lines of explorers": sum(n for path, n in long.items() if path.parent.name == "explorers"),
            f"pairs of places that share {LEAST} lines": len(pairs),
            "longest function of a script": max(lines for path in scripts for _, lines in functions(path.read_text("utf-8")))}


WAY = r"""
import sys
from pathlib import Path
import bpviz as bp
fit = bp.Fit(bp.Network((1, 1, 1), "sigmoid", bias=False), "squared error", bp.DATA["trident"])
root, met = str(Path(bp.__file__).parent), set()
def watch(frame, event, _):
    resumed = frame.f_code.co_flags & 32 and frame.f_lasti > 0
    if event == "call" and frame.f_code.co_filename.startswith(root) and frame.f_back is not None and not resumed:
        met.add((frame.f_back.f_code.co_filename, frame.f_code.co_filename))
sys.setprofile(watch)
bp.critical_points(fit)
sys.setprofile(None)
print(*(f"{one}\t{two}" for one, two in met if one.startswith(root) and one != two), sep="\n")
"""


def way(root):
    """(the files that critical_points(fit) passes, its climbs [(from, to)])."""
    words = {**os.environ, "PYTHONPATH": str(root), "OPENBLAS_NUM_THREADS": "1"}
    printed = subprocess.run([sys.executable, "-c", WAY], env=words, cwd=root, stdout=subprocess.PIPE, text=True,
                             check=True).stdout
    calls = {tuple(str(Path(file).relative_to(root)) for file in line.split("\t")) for line in printed.splitlines()}
    asks = {str(path.relative_to(root)): imported(path, root) for path in (root / "bpviz").rglob("*.py")}

    def under(file):
        below, todo = set(), [file]
        while todo:
            for one in asks.get(todo.pop(), set()) - below:
                below.add(one)
                todo.append(one)
        return below
    return sorted({file for call in calls for file in call}), sorted((one, two) for one, two in calls if one in under(two))


def imported(path, root):
    """The files of bpviz that a file imports at its top or later."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] == "bpviz":
            for name in (node.module, *(f"{node.module}.{alias.name}" for alias in node.names)):
                file = Path(*name.split(".")).with_suffix(".py")
                found |= {str(file)} if (root / file).exists() else set()
    return found


def main(*folders):
    columns = [measured(Path(folder).resolve()) for folder in folders or (Path(__file__).parents[1],)]
    for name in columns[0]:
        print(f"{name:38}" + "".join(f"{column[name]:9,}" for column in columns))


if __name__ == "__main__":
    main(*sys.argv[1:])
