"""`bp.explore.NAME()` opens the explorer NAME as a panel: bp.explore.minima(w1=-3, rate=5).

Every explorer takes its knobs by name, or `state=` from another panel's `.state`, and
`picture="core"` for a panel of core widgets only.
"""
from functools import partial


class UnknownExplorer(AttributeError, ValueError):
    """An explorer that is not there; an AttributeError too, so that `hasattr` and friends work as always."""


def __getattr__(name):
    from bpviz.explorers import all_explorers
    try:
        explorer = all_explorers()[name]
    except ValueError as error:
        raise UnknownExplorer(str(error)) from None
    from bpviz.widgets.panel import Panel
    return partial(Panel, explorer)


def __dir__():
    from bpviz.explorers import all_explorers
    return list(all_explorers())
