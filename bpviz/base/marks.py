"""Lines of a program that others point at, found by the mark behind them, however they are written.

mark  a comment at the end of a line, `y = f(x)   # mark: value`; what follows a semicolon is said to the reader only

A marked statement may be renamed, reformatted or spread over several lines, and is still found.
"""
import ast
import inspect
import re
import textwrap
from functools import lru_cache

MARK = re.compile(r"# mark: ([^;]+?)\s*(?:;.*)?$")


@lru_cache(maxsize=32)
def statements(source):
    """{mark: (first line, last line)} of the marked statements in the text `source`, lines counted from 1.

    Raises ValueError for a mark that is there twice.
    """
    spans = [(node.lineno, node.end_lineno) for node in ast.walk(ast.parse(textwrap.dedent(source)))
             if isinstance(node, ast.stmt)]
    found = {}
    for k, line in enumerate(source.splitlines(), start=1):
        mark = MARK.search(line)
        if mark and mark[1] in found:
            raise ValueError(f"mark: got {mark[1]!r} twice; allowed is once")
        if mark:
            around = [(last - first, first, last) for first, last in spans if first <= k <= last]
            found[mark[1]] = min(around)[1:]                    # the smallest: not the loop around it
    return found


def span(source, mark):
    """(first line, last line) of the statement marked so in the text `source`. Raises ValueError if there is none."""
    found = statements(source)
    if mark not in found:
        raise ValueError(f"mark: got {mark!r}; allowed is one of {', '.join(map(repr, found))}")
    return found[mark]


def marked(source, mark):
    """The statement of the text `source` that is marked so, without its comments and the indentation."""
    first, last = span(source, mark)
    lines = (line.partition("  #")[0].rstrip() for line in source.splitlines()[first - 1:last])
    return textwrap.dedent("\n".join(lines))


def replaced(source, mark, statement):
    """The text `source` with another statement in the place of the one that is marked so."""
    first, last = span(source, mark)
    lines = source.splitlines()
    indent = re.match(" *", lines[first - 1])[0]
    return "\n".join([*lines[:first - 1], textwrap.indent(statement, indent), *lines[last:]]) + "\n"


def text_of(thing):
    """The source text of a function or module."""
    return inspect.getsource(thing)


def code_line(thing, mark):
    """(file, line number, line) of the statement marked so in a function or module; of several lines the first."""
    source, (_, start) = text_of(thing), inspect.getsourcelines(thing)
    file = inspect.getsourcefile(thing).replace("\\", "/").rpartition("/")[2]
    return file, max(start, 1) - 1 + span(source, mark)[0], marked(source, mark).splitlines()[0]
