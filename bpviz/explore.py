"""`bp.explore.NAME()` opens the explorer NAME as a panel: bp.explore.minima(w1=-3, rate=5).

Every explorer takes its knobs by name, or `state=` from another panel's `.state`, and
`picture="core"` for a panel of core widgets only.
"""
from functools import partial


def __getattr__(name):
    if name.startswith("_"):
        raise AttributeError(name)
    from bpviz.explorers import all_explorers
    from bpviz.widgets.panel import Panel
    return partial(Panel, all_explorers()[name])


def __dir__():
    from bpviz.explorers import all_explorers
    return list(all_explorers())
