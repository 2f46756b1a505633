"""`bp.explore.NAME()` opens the explorer NAME as a panel: bp.explore.minima(w1=-3, rate=5).

Every explorer takes its knobs by name, or `state=` from another panel's `.state`, and
`picture="core"` for a panel of core widgets only. `help(bp.explore.minima)`, or Shift-Tab, lists its knobs.
"""
import inspect
from dataclasses import replace

from bpviz.base.refusals import listed
from bpviz.words.catalogue import say


class UnknownExplorer(AttributeError, ValueError):
    """An explorer that is not there; an AttributeError too, so that `hasattr` and friends work as always."""


def __getattr__(name):
    from bpviz.explorers import all_explorers
    try:
        explorer = all_explorers()[name]
    except ValueError as error:
        raise UnknownExplorer(str(error)) from None
    return _opener(explorer)


def __dir__():
    from bpviz.explorers import all_explorers
    return list(all_explorers())


def _opener(explorer):
    """The function that opens this explorer, with its knobs as arguments."""
    def opened(*, state=None, picture="live", size="normal", **knobs):
        from bpviz.widgets.panel import Panel
        shown, knobs = _with_own(explorer, state, knobs)
        return Panel(shown, state, picture, size, **knobs)

    only, values = inspect.Parameter.KEYWORD_ONLY, explorer.values()
    own = {name: None for name in (*(["optimizer"] if explorer.joined else []), *explorer.takes)}
    named = {**own, **values, "state": None, "picture": "live", "size": "normal"}
    opened.__name__ = opened.__qualname__ = explorer.name
    opened.__module__ = __name__
    opened.__signature__ = inspect.Signature([inspect.Parameter(name, only, default=value)
                                              for name, value in named.items()])
    opened.__doc__ = "\n".join([
        f"{explorer.title}. {explorer.question}", "",
        *(f"{knob.name}: {knob.label}{knob.tip and f' ({knob.tip})'}; {knob.allowed}" for knob in explorer.knobs),
        *([say("page", "own_optimizer")] if explorer.joined else []),
        *(say("page", key) for key in explorer.takes.values()),
        "state: a string from another panel's `.state`, instead of all these, or beneath them.",
        'picture: "live", or "core" for a panel of core widgets only (no dragging in the picture).',
        say("page", "size"), "",
        "Raises ValueError for an unknown knob, a value out of range, or a state that cannot be read."])
    return opened


def _with_own(explorer, state, knobs):
    """The explorer, with what the learner brought of their own in it, and the knobs."""
    for name, thing in knobs.items():
        if thing is ... and (name in explorer.takes or (name == "optimizer" and explorer.joined)):
            raise ValueError(say("page", "dots", name=name))
    explorer, knobs = _with_optimizer(explorer, state, knobs)
    own = {name: thing for name, thing in knobs.items() if _is_own(explorer, name, thing)}
    knobs = {name: value for name, value in knobs.items() if name not in own and
             (value is not None or name not in explorer.takes)}
    for name in own:
        if name not in explorer.takes:
            _refuse_own(explorer, name)
    return (replace(explorer.with_own(explorer, own), given=tuple(own)) if own else explorer), knobs


def _is_own(explorer, name, thing):
    """Whether it is something of the learner's own; a knob of the same name is given text or a number."""
    from bpviz.explorers import all_explorers
    if thing is None or name not in {each for one in all_explorers().values() for each in one.takes}:
        return False
    is_knob = name in {knob.name for knob in explorer.knobs}
    return not is_knob or name in explorer.takes and not isinstance(thing, str) or not isinstance(
        thing, str | int | float | list | tuple)


def _refuse_own(explorer, name):
    from bpviz.explorers import all_explorers
    can = [f"bp.explore.{each.name}({name}=...)" for each in all_explorers().values() if name in each.takes]
    fits = [each.name for each in all_explorers().values() if "fit" in each.takes]
    raise ValueError(say("page", "takes_none", name=name, explorer=explorer.name, can=", ".join(can),
                         fits=listed(fits), here=explorer.name in fits))


def _with_optimizer(explorer, state, knobs):
    """The explorer, with the learner's own optimizer in it if one was given, and the knobs: chosen, with no state."""
    from bpviz.descent.method import Method

    own, is_knob = knobs.get("optimizer"), explorer.optimizers == "optimizer"
    if explorer.joined is None or (is_knob and not isinstance(own, Method)):
        return explorer, knobs
    knobs = {name: value for name, value in knobs.items() if name != "optimizer"}
    if own is None:
        return explorer, knobs
    explorer = explorer.joined(own)
    return explorer, knobs if state is not None else {explorer.optimizers: own.name, **knobs}
