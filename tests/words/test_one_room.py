"""Sentences a user can see stand in bpviz/words: what is still said elsewhere is counted by file, and may only shrink."""
import ast
import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2] / "bpviz"
WORDS = re.compile(r"(?:[A-Za-z’']{2,}[,;:.]? ){2,}[A-Za-z’']{2,}")       # three words in a row
SOURCE = re.compile(r"\b(?:19|20)\d\d\b")                                  # a paper or a book: data, in every language
OWN_ROOMS = {"words",            # here they are at home
             "coursework",       # what an author wrote for one exercise stands with the exercise
             "base",             # the words of refusals, for whoever writes code
             "__main__.py", "lab.py"}                                       # the command line
REFUSALS = {"refuse", "refused", "warn", "real", "whole", "choice", "instance", "objective", "fit", "sequence"}
DECLARATIONS = {"Slider", "Menu", "Explorer", "Small"}                      # names and tips of knobs: data
RECORDS = {"calculus/surfaces.py", "network/data.py", "models/tasks.py"}                       # a table of them: who adds one writes its story
# What is still said elsewhere: {what it is: {file: how many at most}}. A number here may fall, and not rise.
SAID_ELSEWHERE = {
    "titles of axes and legends, where they are drawn": {
        "plots/curves.py": 2, "plots/depth.py": 1, "plots/difference.py": 2, "plots/predictions.py": 3,
        "plots/results.py": 4, "plots/saturation.py": 1, "plots/vanishing.py": 3,
        "plots/walk.py": 2},
    "titles of axes, captions of tables and names of choices": {
        "explorers/basins.py": 7, "explorers/boundary.py": 2, "explorers/deep.py": 1,
        "explorers/escape.py": 3, "explorers/knobs.py": 1, "explorers/minima.py": 7,
        "explorers/own_surface.py": 1, "explorers/phase.py": 3, "explorers/rate.py": 1,
        "explorers/surface.py": 4, "explorers/trainability.py": 8, "explorers/vanishing.py": 7},
    "what is wrong with a typed formula, part of a refusal": {
        "symbolic/equal.py": 2, "symbolic/formula.py": 1, "symbolic/gradient_table.py": 2, "symbolic/own.py": 3,
        "symbolic/trial.py": 7},
    "captions of tables and what the executor met": {
        "descent/path.py": 3, "descent/restarts.py": 2, "landscape/basin_map.py": 4, "landscape/basins.py": 2,
        "landscape/points.py": 4, "landscape/endings.py": 1, "landscape/trainability.py": 1},
    "lines of code that are made": {"descent/arrays.py": 1, "descent/compiled.py": 1, "network/written.py": 4,
                                    "network/model_code.py": 1},
    "captions of tables": {"network/backprop.py": 2, "network/gradient_flow.py": 2, "network/jacobians.py": 4,
                           "network/passed_on.py": 3, "network/signals.py": 1},
    "what a data set, a surface, a start is, part of its record": {
        "calculus/losses.py": 2, "network/starts.py": 1},
    "the name of a loss, looked for": {"landscape/reduction.py": 1},
    "parts of refusals": {"descent/noise.py": 1, "explore.py": 3, "explorers/own_data.py": 1, "network/columns.py": 3, "network/fit.py": 3, "network/rows.py": 4, "network/shape.py": 2},
    "what a check said, looked for": {"widgets/verdicts.py": 1},
}


def sentences(path):
    """[(line, text)] of the texts with three words in a row, holes as {}; not docstrings, refusals, declarations."""
    found = []

    def visit(node):
        if isinstance(node, ast.Raise | ast.Assert):
            return
        if isinstance(node, ast.Call):
            name = getattr(node.func, "id", getattr(node.func, "attr", ""))
            if name in REFUSALS | DECLARATIONS or name.endswith("Error"):
                return
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            return                                                              # a docstring
        if isinstance(node, ast.JoinedStr) or isinstance(node, ast.Constant) and isinstance(node.value, str):
            parts = node.values if isinstance(node, ast.JoinedStr) else [node]
            text = "".join(part.value if isinstance(part, ast.Constant) else "{}" for part in parts)
            if WORDS.search(text) and not SOURCE.search(text):
                found.append((node.lineno, text))
            for part in parts:
                if isinstance(part, ast.FormattedValue):
                    visit(part.value)
            return
        for child in ast.iter_child_nodes(node):
            visit(child)

    visit(ast.parse(path.read_text(encoding="utf-8")))
    return found


def told():
    """{file: its sentences}."""
    every = {path.relative_to(ROOT).as_posix(): sentences(path) for path in sorted(ROOT.rglob("*.py"))
             if path.relative_to(ROOT).parts[0] not in OWN_ROOMS and path.relative_to(ROOT).as_posix() not in RECORDS}
    return {name: found for name, found in every.items() if found}


def test_no_sentence_is_said_outside_the_room_of_words():
    """A new one goes red: give facts, and a rule in bpviz/words/en says them."""
    allowed = {file: most for files in SAID_ELSEWHERE.values() for file, most in files.items()}
    new = {file: found for file, found in told().items() if len(found) > allowed.get(file, 0)}
    assert not new, "\n".join(f"{file}:{line}: {text}" for file, found in new.items() for line, text in found)


def test_the_law_sees_a_sentence(tmp_path):
    path = tmp_path / "room.py"
    path.write_text('''"""What this room is for."""
def f(x):
    """What it gives back."""
    if x < 0:
        raise ValueError(f"x: got {x}; allowed is a number above 0")
    return say("topic", "key", x=x), f"the loss is {x} by now", "loss", "Source: Kolen and Pollack 1990"
''', encoding="utf-8")
    assert [text for _, text in sentences(path)] == ["the loss is {} by now"]
