"""Which cells of a notebook another cell needs: names defined and names used, read from the source, nothing is run."""
import ast


def tree(source):
    """The syntax tree of a code cell, lines of IPython (%matplotlib, !ls) left out; None where it is no Python."""
    rows = ["" if row.lstrip().startswith(("%", "!")) else row for row in source.split("\n")]
    try:
        return ast.parse("\n".join(rows))
    except (SyntaxError, ValueError, RecursionError):
        return None


def names(source):
    """(defined, used): the names that a cell gives to what comes after it, and those it takes, as two sets."""
    found = tree(source)
    gives, takes = set(), set()
    for node in ast.walk(found) if found else ():
        if isinstance(node, ast.Name):
            (takes if isinstance(node.ctx, ast.Load) else gives).add(node.id)
            if isinstance(node.ctx, ast.Del):
                takes.add(node.id)
        elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            gives.add(node.name)
        elif isinstance(node, ast.Import | ast.ImportFrom):
            gives |= {(alias.asname or alias.name).split(".")[0] for alias in node.names}
        elif isinstance(node, ast.AugAssign) and isinstance(node.target, ast.Name):
            takes.add(node.target.id)
    return gives, takes


def needed(sources, wanted):
    """The places, sorted, of the cells that stand in `wanted` and of those that define a name which one of them uses.

    sources: texts of cells, "" for one that is no code.  wanted: their places, counted from 0.
    """
    read, keep = [names(source) for source in sources], set(wanted)
    while True:
        used = set().union({"*"}, *(read[place][1] for place in keep))
        more = {place for place, (gives, _) in enumerate(read) if gives & used} - keep
        if not more:
            return sorted(keep)
        keep |= more
