"""Which start ends in which minimum? The whole map, while you drag.

Every point of the picture is a pair of initial weights; its colour is the minimum that a descent from there ends in.
The map is coarse first and refines while you go on dragging. Shown is descent with its rate, or gradient flow, or both.
"""
from dataclasses import dataclass
from functools import cached_property, partial

import numpy as np

from bpviz.base.work import Part
from bpviz.descent.descend import descend
from bpviz.descent.flow import GradientFlow, flow_path
from bpviz.descent.path import Path
from bpviz.descent.settle import AWAY, NEAR, NOWHERE, near
from bpviz.explorers import two_weights
from bpviz.explorers.choices import FLOW, OURS, RATES, Choices, facts_of
from bpviz.explorers.explorer import Explorer, Menu, Slider, Small
from bpviz.explorers.own import TWO_WEIGHTS, of_two_weights
from bpviz.landscape.attractors import attractors_of
from bpviz.landscape.basin_map import Basins, differing
from bpviz.landscape.basins import basins
from bpviz.landscape.verdict import verdict
from bpviz.plots.basins import BasinKey, BasinMap, MinimaMarks
from bpviz.plots.landscape import curve, loss_axis, path_over
from bpviz.plots.layout import Layout, Row, Stack, Tall, Tile
from bpviz.plots.motion import Drawing, Over, Shaped
from bpviz.plots.style import BLUE, INK, step_axis
from bpviz.words.catalogue import Said, say
from bpviz.words.numbers import share1, tidy

CELLS, MOST_STEPS, ROWS = 160, 10_000, 6
NOTHING = np.full((2, 2), NOWHERE)               # the map before there is one
DESCENT, TIME, DIFFERENCE = "minimum", "minimum and time", "descent against flow"


@dataclass(frozen=True)
class Result:
    """The map so far (None before its first piece), the flow's where asked for, the path, and what is said of it.

    before: the map that was shown for other knobs, to be seen faded until the new one begins.
    """
    basins: Basins | None
    flow: Basins | None
    path: Path
    words: str
    show: str
    before: Basins | None

    @property
    def share(self):
        """How much of the work is done, 0 to 1."""
        maps = (self.basins, self.flow) if self.show == DIFFERENCE else (self.basins,)
        parts = [0.0 if m is None else m.share for m in maps]
        return sum(parts) / len(parts)

    @property
    def faded(self):
        """Whether the map shown is one of other knobs."""
        return self.basins is None

    @property
    def cells(self):
        """The labels that the map shows."""
        shown = self.before if self.faded else self.basins
        return NOTHING if shown is None else shown.label

    @property
    def time(self):
        """The steps by which the map is shaded, or None."""
        return self.basins.steps if self.show == TIME and not self.faded else None

    @cached_property
    def key(self):
        """What the colours mean: ((label, words), ...)."""
        return () if self.faded else _key_lines(self.basins)

    @cached_property
    def differs(self):
        """Cells that end in another minimum under descent than under flow, as far as both were descended."""
        return None if self.flow is None or self.basins is None else differing(self.basins, self.flow)


def scene(values, fit=None):
    return two_weights.landscape(values["data"], fit=fit)


def compute(scene, values, memory, choices=OURS):
    optimizer, steps = choices.named(values["optimizer"], values["rate"], values["momentum"]), values["steps"]
    start, show = two_weights.start(values), values["show"]
    path, said_of_it = _path(scene, start, optimizer, steps)

    def work(optimizer, steps):
        return memory.resume(("map", optimizer, steps), lambda: basins.parts(
            scene.fit, -two_weights.REACH, two_weights.REACH, CELLS, optimizer, steps,
            minima=attractors_of(scene.points)))

    works = [work(optimizer, steps), *([work(choices.named(FLOW, 1.0), MOST_STEPS)] if show == DIFFERENCE else [])]
    found, shown = [next(one).result for one in works], memory.get("shown", lambda: [None])

    def result():
        shown[0] = found[0] or shown[0]
        return Result(found[0], found[1] if show == DIFFERENCE else None, path, said_of_it, show, shown[0])

    yield Part(0.0, result())
    for k, one in enumerate(works):
        for part in one:
            found[k] = part.result or found[k]
            yield Part((k + part.share) / len(works), part.result and result())
    yield Part(1.0, result())


def _path(land, start, optimizer, steps):
    """The path from the start, and its verdict; the flow is walked by its own solver."""
    if isinstance(optimizer, GradientFlow):
        path = flow_path(land.fit, start, optimizer)
        return path, say("basins", "flow", loss=path.loss[-1])
    path = descend(land.fit, start, optimizer, steps, until_settled=True)
    return path, verdict(land.fit, path, land.points, optimizer).words


LOSS = "Loss at each step"
LAYOUT = Layout(
    wide=Row((Tile("map", (62, 32, 36, 52), aspect=1, title="Where each start ends, share of starts"),
              Stack((Tile("key", (0, 28, 10, 0), high=BasinKey.HIGH * ROWS),
                     Tile("loss", (50, 34, 48, 52), title=LOSS))))),
    tall=Tall(0.62, 0, 560),
    narrow=Stack((Tile("map", (58, 32, 22, 62), aspect=1, title="Where each start ends"),
                  Tile("key", (20, 0, 10, 0), high=BasinKey.HIGH * ROWS),
                  Tile("loss", (58, 30, 48, 52), high=120, title=LOSS))))


def draw(axes, scene):
    field, loss = axes.map, axes.loss
    plane, points = scene.plane, scene.points
    levels = np.unique(np.quantile(scene.loss[np.isfinite(scene.loss)], np.linspace(0.06, 0.94, 12)))
    lines = field.contour(*plane.axes, scene.loss, levels=levels, colors=[INK], linewidths=0.5, alpha=0.5,
                          zorder=2)
    field_map = BasinMap(field, plane.low, plane.high, over=(lines,))
    step_axis(loss, MOST_STEPS)
    loss_axis(loss, scene)
    field.set(xlabel="$w_1$  (initial weight, layer 1)", ylabel="$w_2$  (layer 2)")
    marks, key = MinimaMarks(field, len(points.minima)), BasinKey(axes.key, ROWS)
    marks.update(points.theta[:, points.minima], [points.label[k] for k in points.minima])
    halo, line, start, end = path_over(field)
    return Drawing((Shaped(field_map, ("cells", "time", "differs", "faded")), halo, line, Over(marks.artists), start,
                    end, *curve(loss, "path.loss", {"color": BLUE}), Shaped(key, ("key",))), field)


def _key_lines(basins):
    lines = [(k, f"{basins.minima.names[k]}: {share1(basins.part(k))}, "
                 f"{'loss' if basins.minima.isolated[k] else 'valley, loss'} {tidy(basins.minima.loss[k])}")
             for k in range(min(len(basins.minima), ROWS - 2)) if basins.part(k)]
    lines += [(label, f"{text}: {share1(basins.part(label))}") for label, text in
              ((NOWHERE, "settled nowhere"), (AWAY, "ran away")) if basins.part(label)]
    return lines


def words(result):
    here = "from_here", {"n": result.words}
    if result.basins is None:
        return _said(("in_the_making", {}), here)
    basins, share = result.basins, result.basins.share
    optimizer = facts_of(basins.optimizer)
    shown = {"optimizer": optimizer, "flow": optimizer["flow"], "refined": None if share == 1 else share}
    if not basins.count:
        return _said(("no_end", {"map": shown}), here)
    reach = near(basins.optimizer)
    common = {"starts": {"n": None if share == 1 else basins.count}, "reach": reach if reach > NEAR else None}
    ends = [{"name": basins.minima.names[k], "point": bool(basins.minima.isolated[k]), "part": basins.part(k), **common}
            for k in range(len(basins.minima)) if basins.part(k)] or [{"name": "no minimum", **common}]
    ends += [{"name": basins.name(k), "part": basins.part(k)} for k in (NOWHERE, AWAY) if basins.part(k)]
    differ = () if result.differs is None else (
        ("differ", {"share": result.differs.mean(), "made": result.share == 1}),)
    return _said(("ends", {"map": shown, "ends": ends}), *differ, here)


def _said(*sentences):
    return str(Said("basins", sentences))


def table(result):
    return ("Where the starts end", ("name",), [("…",)]) if result.basins is None else result.basins.table()


def explorer(choices=OURS):
    """The explorer with these optimizers in its menu."""
    return Explorer(
        name="basins", title="Basins of attraction",
        question="Which initial weights end in which minimum, and how do optimizer and rate move the borders?",
        knobs=(
            two_weights.data_menu(),
            Menu("optimizer", "optimizer", lambda: (*choices.racers, FLOW), "gradient descent",
                 {name: {"rate": rate} for name, rate in choices.rates.items()}, "how it steps", own=True,
                 scene=False),
            Menu("show", "show", lambda: (DESCENT, TIME, DIFFERENCE), DESCENT, tip="what the map tells",
                 scene=False),
            *two_weights.start_sliders(-3.0, 3.0),
            Slider("rate", "learning rate", *RATES, 3.0, 0.01, log=True, tip="how far one step goes"),
            Slider("momentum", "momentum", 0.0, 0.99, 0.9, 0.01,
                   tip="of momentum and Nesterov: the share of a step kept"),
            Slider("steps", "steps", 10, MOST_STEPS, 3000, 0.01, log=True, whole=True, tip="how many steps at most"),
        ),
        scene=scene, compute=partial(compute, choices=choices), draw=draw, words=words, table=table, layout=LAYOUT,
            handle=("w1", "w2"), joined=lambda own: explorer(Choices(own)), takes=TWO_WEIGHTS, with_own=of_two_weights,
        small=Small({"CELLS": 8}, {"steps": 60}),
    )


EXPLORER = explorer()
