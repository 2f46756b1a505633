"""Which start ends in which minimum? The whole map, while you drag.

Every point of the picture is a pair of initial weights; its colour is the minimum that a descent from there ends in.
The map is coarse first and refines while you go on dragging. Shown is descent with its rate, or gradient flow, or both.
"""
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from bpviz.base.work import Part, within
from bpviz.descent.descend import descend
from bpviz.descent.flow import GradientFlow
from bpviz.descent.path import Path
from bpviz.descent.settle import AWAY, NEAR, NOWHERE, near
from bpviz.explorers import two_weights
from bpviz.explorers.choices import FLOW, RACERS, RATES, facts_of, optimizer_named
from bpviz.explorers.explorer import Explorer, Menu, Slider, Small
from bpviz.landscape.basin_map import Basins
from bpviz.landscape.basins import basins
from bpviz.landscape.ends import of_points
from bpviz.landscape.verdict import verdict
from bpviz.plots.basins import BasinKey, BasinMap, MinimaMarks
from bpviz.plots.landscape import curve, path_over
from bpviz.plots.layout import Layout, Row, Stack, Tall, Tile
from bpviz.plots.motion import Drawing, Over, Shaped
from bpviz.plots.style import BLUE, INK, step_axis
from bpviz.words.catalogue import Said, say
from bpviz.words.numbers import tidy

CELLS, MOST_STEPS, ROWS = 160, 10_000, 6
NOTHING = np.full((2, 2), NOWHERE)               # the map before there is one
DESCENT, TIME, DIFFERENCE = "minimum", "minimum and time", "descent against flow"


@dataclass(frozen=True)
class Scene:
    """The landscape."""
    land: two_weights.Landscape


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
        if self.flow is None or self.basins is None:
            return None
        ours, flows = self.basins.label, _in_the_names_of(self.basins.minima, self.flow)
        both = np.ones(ours.shape, bool)
        for one in (self.basins, self.flow):
            both &= one.descended | (one.share == 1)
        return (ours != flows) & (ours >= 0) & (flows >= 0) & both


def _in_the_names_of(minima, other):
    """The labels of another map, its minima numbered as these are; those that these do not have after all of these."""
    place = np.arange(len(other.minima)) + len(minima)
    for k in range(len(other.minima)):
        same = np.linalg.norm(minima.theta - other.minima.theta[:, [k]], axis=0) < NEAR
        if not other.minima.isolated[k]:
            same = ~minima.isolated & (np.abs(minima.loss - other.minima.loss[k]) < 1e-6)
        if same.any():
            place[k] = np.flatnonzero(same)[0]
    return np.append(place, [AWAY, NOWHERE])[other.label]


def scene(values):
    land = yield from within(two_weights.landscape(values["data"]))
    yield Part(1.0, Scene(land))


def compute(scene, values, memory):
    optimizer, steps = optimizer_named(values["optimizer"], values["rate"], values["momentum"]), values["steps"]
    start, show = np.array([values["w1"], values["w2"]]), values["show"]
    path, said_of_it = _path(scene, start, optimizer, steps)

    def work(optimizer, steps):
        return memory.resume(("map", optimizer, steps), lambda: basins.parts(
            scene.land.fit, -two_weights.REACH, two_weights.REACH, CELLS, optimizer, steps,
            minima=of_points(scene.land.points)))

    works = [work(optimizer, steps), *([work(optimizer_named(FLOW, 1.0), MOST_STEPS)] if show == DIFFERENCE else [])]
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


def _path(scene, start, optimizer, steps):
    """The path from the start, and its verdict; the flow is walked by its own solver."""
    land = scene.land
    if isinstance(optimizer, GradientFlow):
        engine, theta, state = optimizer.kernel(land.fit), start[:, None].copy(), np.full((1, 1), 0.01)
        places = [start]
        while len(places) < 300 and (len(places) < 9 or np.ptp(places[-8:], axis=0).max() > 1e-6):
            engine.advance(theta, state, np.ones(1))
            places.append(theta[:, 0].copy())
        theta = np.array(places).T
        path = Path(theta, land.fit.loss(theta), np.linalg.norm(land.fit.gradient(theta), axis=0), "out of steps")
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
    plane, points = scene.land.plane, scene.land.points
    levels = np.unique(np.quantile(scene.land.loss[np.isfinite(scene.land.loss)], np.linspace(0.06, 0.94, 12)))
    lines = field.contour(*plane.axes, scene.land.loss, levels=levels, colors=[INK], linewidths=0.5, alpha=0.5,
                          zorder=2)
    field_map = BasinMap(field, plane.low, plane.high, over=(lines,))
    step_axis(loss, MOST_STEPS)
    two_weights.loss_axis(loss, scene.land)
    field.set(xlabel="$w_1$  (initial weight, layer 1)", ylabel="$w_2$  (layer 2)")
    marks, key = MinimaMarks(field, len(points.minima)), BasinKey(axes.key, ROWS)
    marks.update(points.theta[:, points.minima], [points.label[k] for k in points.minima])
    halo, line, start, end = path_over(field)
    return Drawing((Shaped(field_map, ("cells", "time", "differs", "faded")), halo, line, Over(marks.artists), start,
                    end, *curve(loss, "path.loss", {"color": BLUE}), Shaped(key, ("key",))), field)


def _key_lines(basins):
    lines = [(k, f"{basins.minima.names[k]}: {basins.part(k):.1%}, "
                 f"{'loss' if basins.minima.isolated[k] else 'valley, loss'} {tidy(basins.minima.loss[k])}")
             for k in range(min(len(basins.minima), ROWS - 2)) if basins.part(k)]
    lines += [(label, f"{text}: {basins.part(label):.1%}") for label, text in
              ((NOWHERE, "settled nowhere"), (AWAY, "ran away")) if basins.part(label)]
    return lines


def words(result):
    here = "from_here", {"n": result.words}
    if result.basins is None:
        return _said(("in_the_making", {}), here)
    basins, share = result.basins, result.basins.share
    optimizer = facts_of(basins.optimizer)
    shown = {"optimizer": optimizer, "flow": optimizer["flow"], "refined": None if share == 1 else min(share, 0.99)}
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
    header = ("ends in", "loss", "share of starts", "median steps")
    if result.basins is None:
        return ("The basins", header, [("…", "…", "…", "…")])
    basins, rows = result.basins, []
    for label in (*range(len(basins.minima)), NOWHERE, AWAY):
        inside = basins.known & (basins.label == label)
        if inside.any():
            loss = tidy(basins.minima.loss[label]) if label >= 0 else "–"
            steps = f"{np.median(basins.steps[inside]):,.0f}" if label >= 0 else "–"
            rows.append((basins.name(label), loss, f"{basins.part(label):.2%}", steps))
    many = f"{basins.label.shape[0]} × {basins.label.shape[1]}" if basins.share == 1 else f"{basins.count:,} so far of"
    many += "" if basins.share == 1 else f" {basins.label.size:,}"
    return (f"The basins, {many} starts", header, rows or [("…", "…", "…", "…")])


EXPLORER = Explorer(
    name="basins", title="Basins of attraction",
    question="Which initial weights end in which minimum, and how do optimizer and rate move the borders?",
    knobs=(
        Menu("data", "data set", two_weights.data_sets, "seesaw", tip="which examples the network learns"),
        Menu("optimizer", "optimizer", lambda: (*RACERS, FLOW), "gradient descent",
             {name: {"rate": rate} for name, rate in RATES.items()}, "how it steps"),
        Menu("show", "show", lambda: (DESCENT, TIME, DIFFERENCE), DESCENT, tip="what the map tells"),
        Slider("w1", "w1", -two_weights.REACH, two_weights.REACH, -3.0, 0.01, tip="initial weight of layer 1"),
        Slider("w2", "w2", -two_weights.REACH, two_weights.REACH, 3.0, 0.01, tip="initial weight of layer 2"),
        Slider("rate", "learning rate", 0.001, 100.0, 3.0, 0.01, log=True, tip="how far one step goes"),
        Slider("momentum", "momentum", 0.0, 0.99, 0.9, 0.01, tip="of momentum and Nesterov: the share of a step kept"),
        Slider("steps", "steps", 10, MOST_STEPS, 3000, 0.01, log=True, whole=True, tip="how many steps at most"),
    ),
    scene=scene, compute=compute, draw=draw, words=words, table=table, layout=LAYOUT, handle=("w1", "w2"),
    small=Small({"CELLS": 8}, {"steps": 60}),
)
