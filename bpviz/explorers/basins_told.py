"""What a map of basins says: its key, what ends where, which saddles the borders pass, one row alone; and its table."""
from bpviz.descent.settle import AWAY, NEAR, NOWHERE, near
from bpviz.explorers.choices import facts_of
from bpviz.words.catalogue import Said, say
from bpviz.words.numbers import share1, tidy


def key_lines(basins, most):
    """What the colours of a map mean: ((label, words), ...), `most` at most: minima, and what became of the others."""
    lines = [(k, f"{basins.minima.names[k]}: {share1(basins.part(k))}, "
                 f"{'loss' if basins.minima.isolated[k] else 'valley, loss'} {tidy(basins.minima.loss[k])}")
             for k in range(min(len(basins.minima), most - 2)) if basins.part(k)]
    lines += [(label, f"{text}: {share1(basins.part(label))}") for label, text in
              ((NOWHERE, "settled nowhere"), (AWAY, "ran away")) if basins.part(label)]
    return lines


def words(result):
    """The verdict of a Result: of the row looked at alone, if one is, then what ends where, and from this start."""
    here = "from_here", {"n": result.words}
    row = [("row", result.row)] if result.row else []
    if result.basins is None:
        return _said(*row, ("in_the_making", {"faded": result.before is not None}), here)
    basins, share = result.basins, result.basins.share
    optimizer = facts_of(basins.optimizer)
    shown = {"optimizer": optimizer, "flow": optimizer["flow"], "refined": None if share == 1 else share}
    if not basins.count:
        return _said(*row, ("no_end", {}), ("shown", shown), here)
    reach = near(basins.optimizer)
    common = {"starts": {"n": None if share == 1 else basins.count}, "reach": reach if reach > NEAR else None}
    ends = [{"name": basins.minima.names[k], "point": bool(basins.minima.isolated[k]), "part": basins.part(k), **common}
            for k in range(len(basins.minima)) if basins.part(k)] or [{"name": "no minimum", **common}]
    ends += [{"name": basins.name(k), "part": basins.part(k)} for k in (NOWHERE, AWAY) if basins.part(k)]
    differ = () if result.differs is None else (
        ("differ", {"share": result.differs.mean(), "made": result.share == 1}),)
    lines = [{"saddle": one.saddle, "a": min(one.sides), "b": max(one.sides)} if None not in one.sides else
             {"saddle": one.saddle, "a": None, "b": None} for one in result.borders or ()]
    border = [("borders", {"borders": lines})] if lines else []
    return _said(*row, ("ends", {"ends": ends}), ("shown", shown), *basins.doubt, *border, *differ, here)


def _said(*sentences):
    return str(Said("basins", sentences))


def table(result):
    """How much of the window ends where."""
    return (say("basins", "table"), ("name",), [("…",)]) if result.basins is None else result.basins.table()
