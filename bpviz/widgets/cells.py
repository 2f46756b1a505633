"""Which cell is running, who sent it, and which panels each cell shows.

A cell that is run again loses its output; a panel that is then shown by no cell any more is closed. A panel kept in
a variable and shown by another cell stays.
"""
from IPython import get_ipython

from bpviz.coursework.learner.answers import OF_A_PROGRAM

_seen = False                   # whether any panel in this kernel has heard from a browser
_shown = {}                     # cell: the panels it shows
_leaving = []                   # panels of the running cell's output before
_listens = set()                # the shells whose cells are followed


def _request():
    """The request that is being served, as Jupyter messages are: {"header": ..., "metadata": ...}; or {}."""
    request = getattr(get_ipython(), "parent_header", None)
    return request if isinstance(request, dict) else {}


def somebody_looks():
    """A browser has spoken to a panel."""
    global _seen
    _seen = True


def nobody_looks():
    """Whether the cell is run by a program, so that nobody waits for it and nobody will come back to it."""
    session = _request().get("header", {}).get("session", "")
    return not _seen and OF_A_PROGRAM.fullmatch(str(session)) is not None


def _metadata():
    metadata = _request().get("metadata")
    return metadata if isinstance(metadata, dict) else {}


def shown(panel):
    """The running cell shows this panel. Nothing is kept where the front end does not name its cells."""
    cell, shell = _metadata().get("cellId"), get_ipython()
    if cell is None:
        return
    _shown.setdefault(cell, set()).add(panel)
    if id(shell) not in _listens:
        _listens.add(id(shell))
        shell.events.register("pre_run_cell", _begins)
        shell.events.register("post_run_cell", _is_over)


def forget(panel):
    """The panel is closed."""
    for cell in [cell for cell, panels in _shown.items() if panel in panels]:
        _shown[cell].discard(panel)
        if not _shown[cell]:
            del _shown[cell]


def _begins(info=None):
    metadata = _metadata()
    for cell in (metadata.get("cellId"), *(metadata.get("deletedCells") or ())):
        _leaving.extend(_shown.pop(cell, ()))


def _is_over(result=None):
    """Only now: the cell may have shown the same panel again."""
    while _leaving:
        panel = _leaving.pop()
        if not any(panel in panels for panels in _shown.values()):
            panel.close()
