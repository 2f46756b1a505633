"""The browser's scripts: a widget is given one text, which is some files of js/ one after the other.

In the browser's tools a text is called bpviz-NAME.js; which line of which file one of its lines is, `place` tells.
"""
from pathlib import Path

HERE = Path(__file__).parent / "js"
SCRIPTS = {                             # each may use what stands in those before it
    "picture": ("page", "flow", "knobs", "sheet", "pulse", "walk", "glance", "drag", "light", "halo", "product",
                "tools", "typed", "verdict", "view", "picture"),
    "asked": ("page", "plot", "sketch", "draft", "inputs", "predict"),
}


def _lines(file):
    return (HERE / f"{file}.js").read_text(encoding="utf-8").splitlines()


def script(name):
    """The text of a script."""
    return "\n".join([*(line for file in SCRIPTS[name] for line in _lines(file)), f"//# sourceURL=bpviz-{name}.js", ""])


def place(name, line):
    """(file, line in it) of line 1, 2, ... of a script."""
    for file in SCRIPTS[name]:
        many = len(_lines(file))
        if line <= many:
            return f"{file}.js", line
        line -= many
    raise ValueError(f"line: got one after the end of {name}")
