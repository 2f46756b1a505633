"""What the race and the count of the explorer escape say: a sentence and a table."""
import numpy as np

from bpviz.explorers.choices import FLOW, MAKE
from bpviz.words.numbers import amount

RACERS = tuple(name for name in MAKE if name != FLOW)


def named(best):
    """The best minima, or the valley, in words."""
    return " or ".join(best)


def words(result):
    there, best_of_all = [name for name in RACERS if result.ends[name] in result.best], named(result.best)
    rest = len(RACERS) - len(there)
    others = f", {rest} of {len(RACERS)} do{'es' if rest == 1 else ''} not" if rest else ""
    said = (f"From this start {', '.join(there)} end{'s' if len(there) == 1 else ''} in {best_of_all}{others}." if there
            else f"From this start none of the {len(RACERS)} ends in {best_of_all}.")
    counted = {name: share for name in RACERS if (share := result.reached(name)) is not None}
    if len(counted) < len(RACERS):
        done = f"{len(counted)} of {len(RACERS)} optimizers done"
        return f"{said} The count over many random starts is under way: {done}."
    return f"{said} {_counted(result, counted)} Inside {result.shown}: {_inside(result)}."


def _counted(result, counted):
    """What the count over many starts says: who reaches the best minimum most often, and what restarts make of it."""
    what = f"{named(result.best)} (a loss of at most {result.level:.3g})"
    most = max(share for share, _, _ in counted.values())
    if most == 0:
        return f"Of {_starts(result)} random starts none reached {what}, with none of the optimizers."
    first = [name for name in RACERS if counted[name][0] == most]
    p, low, high = counted[first[0]]
    who = " and ".join(f"{name} (rate {result.rates[name]:.3g})" for name in first[:3])
    who += f" and {len(first) - 3} more" if len(first) > 3 else ""
    verb = "reaches" if len(first) == 1 else "reach"
    plain, _, plain_high = counted["gradient descent"]
    beside = ""
    if "gradient descent" not in first:
        doubt = "" if plain_high < low else "; the intervals overlap, so this count does not tell the two apart"
        beside = f", gradient descent (rate {result.rates['gradient descent']:.3g}) {plain:.0%}{doubt}"
    return (f"Over {_starts(result)} random starts {who} {verb} {what} most often: {p:.0%} (95 % interval "
            f"{low:.0%} to {high:.0%}){beside}. With {_tries(result)} of {first[0]} at least one does with probability "
            f"about {_chance(p, result.tries):.0%}.")


def _starts(result):
    """How many random starts were counted."""
    return max((len(run.loss) for run in result.runs.values() if run is not None), default=0)


def _chance(p, tries):
    """How likely at least one of `tries` starts gets there, if each does with probability p."""
    return 1 - (1 - p) ** tries


def _tries(result):
    return f"{result.tries} restart{'s' if result.tries > 1 else ''}"


def _inside(result):
    path = result.paths[result.shown]
    inner = (path.inner or {}).items()
    parts = [f"|{name}| = {np.linalg.norm(part[:, -1]):.2g}" for name, part in inner if part.ndim == 2]
    parts += [f"{name} = {part[-1]:.3g}" for name, part in inner if part.ndim == 1]
    return ", ".join(parts) + " at the end" if parts else "no state, each step forgets the one before"


def table(result):
    rows = []
    for name in RACERS:
        share = result.reached(name)
        count = ("…", "…", "…") if share is None else (
            f"{share[0]:.1%}", f"{share[1]:.1%} to {share[2]:.1%}", f"{_chance(share[0], result.tries):.1%}")
        rows.append((name, amount(result.paths[name].loss[-1]), result.ends[name], *count))
    return (f"The race from this start, and the count over {_starts(result) or 'many'} random starts",
            ("optimizer", "final loss", "ends in", f"reach {named(result.best)}", "95 % interval",
             f"with {_tries(result)}"), rows)
