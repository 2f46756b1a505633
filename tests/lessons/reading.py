"""Read a lesson as a person does: the numbers its text quotes, beside the numbers its code gives.

quoted    a number in the text: decimals, per cents, numbers from 13 up, "ten million", "one run of five". Not: headings, lesson numbers, years in brackets, code in backticks or fences.
computed  what the cells nearby print, keep in a variable, write as a literal, or say in a panel

A quoted number holds if a computed one rounds to it, to as many digits as are quoted.
"""
import ast
import contextlib
import html
import io
import json
import linecache
import re
from dataclasses import dataclass, fields, is_dataclass
from numbers import Real
from pathlib import Path

import numpy as np

LESSONS = sorted((Path(__file__).resolve().parents[2] / "lessons").glob("*.ipynb"))


def notebook_of(key):
    """The path of a lesson or lab by its key, "L03" or "LAB1"."""
    path, = (path for path in LESSONS if path.stem.startswith(f"lab_{key[3:]}_" if key.startswith("LAB") else f"{key[1:]}_"))
    return path


NEAR = 2                                    # how many code cells before and after a text are asked
MOST = 40                                   # an array of more numbers would hold almost any number
SMALLEST = 13                               # smaller whole numbers are steps and counts of things in the text itself
SCALES = {"hundred": 1e2, "thousand": 1e3, "million": 1e6, "thousand million": 1e9}
WORDS = dict(zip("one two three four five six seven eight nine ten twelve twenty".split(),
                 [*range(1, 11), 12, 20], strict=True))
ONE_OF = re.compile(rf"\bone (?:\w+ )?(?:of|in) ({'|'.join(list(WORDS)[1:])})\b", re.I)
NUMBER = re.compile(r"(?<![\w.\[])[-+−]?\d[\d,]*(?:\.\d+)?(?:e[-+]?\d+)?(?![\w\]])", re.I)
SPOKEN = re.compile(rf"\b({'|'.join(WORDS)}|\d+)\W+({'|'.join(sorted(SCALES, key=len, reverse=True))})\b", re.I)
POWER = re.compile(r"(?:(\d+(?:\.\d+)?)\s*\\cdot\s*)?(?<!\d)10\^\{?(-?\d+)\}?")


@dataclass(frozen=True)
class Quoted:
    """A number in the text. text: as it stands.  value, half: what it says, and half of its last digit.

    line: where it stands.
    """
    text: str
    value: float
    half: float
    line: str


def quoted(markdown):
    """The numbers a text quotes: a list of Quoted."""
    markdown = re.sub(r"```.*?```", " ", markdown, flags=re.S)
    found = []
    for line in markdown.splitlines():
        if line.startswith("#"):
            continue
        plain = line
        for skip in (r"`[^`]*`", r"\]\([^)]*\)", r"[Ll]essons? \d+(?:(?:,| and| or| to) \d+)*", r"\*\*Time:\*\*.*",
                     r"\((?:[^()]*\D)?(?:18|19|20)\d\d[^()]*\)", r"sections? \d+(?:\.\d+)?(?:(?:,| and| to) \d+)*",
                     r"figures? \d+(?:(?:,| and| to) \d+)*", r"<[^>]*>", r"\b\d+-\d+(?:-\d+)*\b"):
            plain = re.sub(skip, " ", plain)
        found += [Quoted(text, value, half, line.strip()) for text, value, half in _numbers(plain)
                  if half < 0.5 or abs(value) >= SMALLEST or "%" in text]
    return found


def _numbers(plain):
    """(text, value, half its last digit) of each number of a line."""
    for match in SPOKEN.finditer(plain):
        count, scale = WORDS.get(match[1].lower()) or float(match[1]), SCALES[match[2].lower()]
        size = 10.0 ** np.floor(np.log10(count * scale))
        yield match[0], count * scale, size / 2
    for match in ONE_OF.finditer(plain):
        n = WORDS[match[1].lower()]
        yield match[0], 1 / n, (1 / n - 1 / (n + 1)) / 2
    plain = SPOKEN.sub(" ", plain)
    for match in POWER.finditer(plain):
        yield match[0], float(match[1] or 1) * 10.0 ** int(match[2]), 0.5 * 10.0 ** int(match[2])
    plain = POWER.sub(" ", plain)
    for match in NUMBER.finditer(plain):
        text = match[0].replace(",", "").replace("−", "-")
        digits = len(text.partition(".")[2].partition("e")[0])
        share = re.match(r"\s*(%|\\%|per cent)", plain[match.end():])
        scale = 0.01 if share else 1.0
        if text:
            yield match[0] + ("%" if share else ""), float(text) * scale, 0.5 * 10.0 ** -digits * scale


def holds(number, computed):
    """Whether a computed number rounds to the quoted one; the sign may be said in words."""
    distance = np.minimum(abs(computed - number.value), abs(computed + number.value))
    return bool((distance <= number.half * (1 + 1e-9)).any())


def numbers_of(text):
    """All numbers in printed text, per cents as shares as well."""
    found = []
    for match in re.finditer(r"[-+−]?\d[\d,]*(?:\.\d+)?(?:e[-+−]?\d+)?\s*%?", text):
        value = float(re.sub(r"[,\s%]", "", match[0]).replace("−", "-"))
        found += [value, value / 100] if match[0].endswith("%") else [value]
    return found


def numbers_in(value, deep=0):
    """The numbers that a variable holds."""
    if isinstance(value, Real) and not isinstance(value, bool):
        return [float(value)]
    if isinstance(value, np.ndarray) and value.dtype.kind in "fiu" and value.size <= MOST:
        return value.ravel().astype(float).tolist()
    if deep < 3 and isinstance(value, dict) and len(value) <= 200:
        return [number for pair in value.items() for part in pair for number in numbers_in(part, deep + 1)]
    if deep < 3 and isinstance(value, list | tuple) and len(value) <= 200:
        return [number for part in value for number in numbers_in(part, deep + 1)]
    if deep < 3 and is_dataclass(value) and type(value).__module__.startswith("bpviz"):
        return [number for field in fields(value) for number in numbers_in(getattr(value, field.name), deep + 1)]
    return []


def said(value):
    """What a panel or another object says in words and in its table."""
    if hasattr(value, "explorer"):
        explorer = value.explorer
        scene, result = explorer.finish(value.values)
        caption, _, rows = explorer.table(result)
        return " ".join([explorer.words(result), caption, *(cell for row in rows for cell in row)])
    return " ".join(filter(None, [str(getattr(value, "words", "") or ""), html.unescape(repr(value))[:20_000]]))


@dataclass(frozen=True)
class Read:
    """A lesson that was run.

    texts: [(cell id, number of code cells before it, markdown)].  cells: the numbers of each code cell.
    stills: {cell id: (what is said of its picture when it runs, what its stored output says)}, of cells that hold a still.
    names: its variables at the end.
    """
    texts: list
    cells: list
    names: dict
    stills: dict

    def near(self, before):
        return np.array([number for cell in self.cells[max(0, before - NEAR):before + NEAR] for number in cell])

    def loose(self):
        """[(cell id, Quoted)] of all numbers that no cell nearby gives."""
        return [(cell, number) for cell, before, text in self.texts for number in quoted(text)
                if not holds(number, self.near(before))]


def run(path):
    """Run a lesson's cells in one namespace and read it."""
    names, texts, cells, stills = {"__name__": "lesson"}, [], [], {}
    for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]:
        source = "".join(cell["source"])
        if cell["cell_type"] == "markdown":
            texts.append((cell["id"], len(cells), source))
            continue
        tree, printed, shown = ast.parse(source), io.StringIO(), None
        linecache.cache[cell["id"]] = len(source), None, source.splitlines(True), cell["id"]     # as a kernel does
        last = tree.body.pop() if isinstance(tree.body[-1], ast.Expr) else None
        with contextlib.redirect_stdout(printed):
            exec(compile(tree, cell["id"], "exec"), names)
            if last:
                shown = eval(compile(ast.Expression(last.value), cell["id"], "eval"), names)
        if cell["metadata"].get("bpviz", {}).get("still"):
            picture, words = cell["outputs"]
            assert list(picture["data"]) == ["image/png"]
            stills[cell["id"]] = str(shown.words), "".join(words["data"]["text/plain"])
        stored = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)}
        literals = [float(node.value) for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Constant)
                    and isinstance(node.value, Real) and not isinstance(node.value, bool)]
        found = numbers_of(printed.getvalue()) + literals + (numbers_of(said(shown)) if shown is not None else [])
        cells.append(found + [number for name in stored for number in numbers_in(names.get(name))])
    return Read(texts, cells, names, stills)
