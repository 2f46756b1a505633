"""Which start ends in which minimum? The whole map, while you drag.

Every point of the picture is a pair of initial weights; its colour is the minimum that a descent from there ends in.
The map is coarse first and refines while you go on dragging. Shown is descent with its rate, or gradient flow, or both.
"""
from dataclasses import dataclass, replace
from functools import cached_property, partial
from operator import attrgetter

import numpy as np

from bpviz.base.work import Part, within
from bpviz.descent.descend import descend
from bpviz.descent.flow import GradientFlow, flow_path
from bpviz.descent.path import Path
from bpviz.descent.settle import AWAY, NEAR, NOWHERE, near
from bpviz.explorers import two_weights
from bpviz.explorers.choices import FLOW, OURS, RATES, Choices, facts_of
from bpviz.explorers.explorer import Explorer, Menu, Slider, Small
from bpviz.explorers.first_rate import OverWindow
from bpviz.explorers.own import TWO_WEIGHTS, of_two_weights
from bpviz.explorers.pins import compared
from bpviz.landscape.attractors import attractors_of
from bpviz.landscape.basin_map import Basins, differing
from bpviz.landscape.basins import basins
from bpviz.landscape.borders import borders
from bpviz.landscape.verdict import verdict
from bpviz.plots.answers import ANSWERS, BY_ROW, draw_answers, draw_given_up, draw_ways, inputs
from bpviz.plots.basins import UNKNOWN, BasinKey, BasinMap, BorderLines, MinimaMarks, saddle_marks
from bpviz.plots.ghosts import curve_ghost, name_ghost, path_ghost
from bpviz.plots.landscape import DRAG_STEP, curve, loss_axis, moment_on, moment_over, path_over, titled
from bpviz.plots.layout import Layout, Legend, Row, Stack, Tile
from bpviz.plots.motion import Drawing, Over, Shaped
from bpviz.plots.places import Slide
from bpviz.plots.pushed import pointed_at
from bpviz.plots.style import BLUE, INK, step_axis
from bpviz.words.catalogue import Said, say
from bpviz.words.numbers import share1, tidy

CELLS, MOST_STEPS, ROWS_SHOWN, MOST_BORDERS = 160, 10_000, 6, 6
DRAWN, NOTHING = 1e-3, np.full((2, 2), UNKNOWN)   # the tolerance of a flow that is drawn; the map before there is one
DESCENT, TIME, DIFFERENCE = "minimum", "minimum and time", "descent against flow"


@dataclass(frozen=True)
class Result:
    """The map so far (None before its first piece), the flow's where asked for, the path, and what is said of it.

    before: the map that was shown for other knobs, to be seen faded until the new one begins.
    answers, moment: of the path.  borders: of the basins of gradient flow, None until they are known.
    """
    basins: Basins | None
    flow: Basins | None
    path: Path
    words: str
    show: str
    before: Basins | None
    answers: two_weights.Outputs
    moment: two_weights.Moment
    borders: tuple | None

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

    @cached_property
    def cells(self):
        """The labels that the map shows."""
        shown = self.before if self.faded else self.basins
        return NOTHING if shown is None else shown.label if shown.count else np.full_like(shown.label, UNKNOWN)

    @property
    def time(self):
        """The steps by which the map is shaded, or None."""
        return self.basins.steps if self.show == TIME and not self.faded else None

    @cached_property
    def key(self):
        """What the colours mean: ((label, words), ...)."""
        return () if self.faded or not self.basins.count else _key_lines(self.basins)

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

    lines = memory.get("borders", lambda: [None])
    edges = memory.resume("edges", lambda: borders.parts(scene.fit, scene.points))
    looks = two_weights.answers(scene.fit, path), two_weights.moment(scene.fit, path, values["moment"])
    works = [work(optimizer, steps), *([work(choices.named(FLOW, 1.0), MOST_STEPS)] if show == DIFFERENCE else [])]
    found, shown = [next(one).result for one in works], memory.get("shown", lambda: [None])

    def result():
        shown[0] = found[0] or shown[0]
        return Result(found[0], found[1] if show == DIFFERENCE else None, path, said_of_it, show, shown[0],
                      *looks, lines[0])

    yield Part(0.0, result())
    if lines[0] is None:
        lines[0] = yield from within(edges, 0.0, 0.0)
    for k, one in enumerate(works):
        for part in one:
            found[k] = part.result or found[k]
            yield Part((k + part.share) / len(works), part.result and result())
    yield Part(1.0, result())


def _path(land, start, optimizer, steps):
    """The path from the start, and its verdict; the flow is walked by its own solver."""
    if isinstance(optimizer, GradientFlow):
        path = flow_path(land.fit, start, replace(optimizer, tolerance=DRAWN))
        k, away = land.points.nearest(path.end)
        end = land.points.label[k] if away <= NEAR and k in land.points.minima else None
        return path, say("basins", "flow", loss=path.loss[-1], end=end)
    path = descend(land.fit, start, optimizer, steps, until_settled=True)
    return path, verdict(land.fit, path, land.points, optimizer).words


MAP = "Where each start ends"
MARKS = Legend(44, columns=4, each=90, look=(("handlelength", 1.6), ("columnspacing", 0.9)))
TWO_BY_TWO = replace(MARKS, columns=2)
LAYOUT = Layout(
    wide=Row((Tile("map", (58, 30, 16, 48), aspect=1, title=MAP),
              Stack((Row((Tile("answers", (50, 30, 30, 74), share=0.54, title=ANSWERS, legend=MARKS),
                          Tile("rows", (36, 30, 20, 74), share=0.46, title=BY_ROW)), share=0.52),
                     Row((Tile("loss", (50, 30, 30, 48), share=0.47),
                          Tile("key", (4, 20, 0, 0), share=0.53)), share=0.48))))),
    tall=424, turn=900,
    middle=Row((Tile("map", (54, 30, 8, 48), share=0.4, title=MAP),
                Stack((Row((Tile("answers", (46, 30, 28, 92), share=0.63, title=ANSWERS, legend=TWO_BY_TWO),
                            Tile("rows", (30, 30, 16, 92), share=0.37, title=BY_ROW)), share=0.52),
                       Row((Tile("loss", (46, 30, 28, 48), share=0.4),
                            Tile("key", (2, 20, 0, 0), share=0.6)), share=0.48)), share=0.6))),
    narrow=Stack((Tile("map", (58, 32, 22, 52), aspect=1, most=246, title=MAP),
                  Tile("key", (20, 0, 10, 0), high=BasinKey.HIGH * ROWS_SHOWN),
                  Tile("answers", (58, 30, 30, 92), high=150, title=ANSWERS, legend=MARKS),
                  Tile("rows", (58, 30, 30, 52), high=90, title=BY_ROW),
                  Tile("loss", (58, 30, 48, 52), high=110))))


def draw(axes, scene):
    field, loss = axes.map, axes.loss
    plane, points = scene.plane, scene.points
    levels = np.unique(np.quantile(scene.loss[np.isfinite(scene.loss)], np.linspace(0.06, 0.94, 12)))
    lines = field.contour(*plane.axes, scene.loss, levels=levels, colors=[INK], linewidths=0.5, alpha=0.35, zorder=2)
    field_map = BasinMap(field, plane.low, plane.high, over=(lines,))
    step_axis(loss, MOST_STEPS)
    loss_axis(loss, scene)
    loss.set_xlabel(DRAG_STEP)
    field.set(xlabel="$w_1$  (initial weight, layer 1)", ylabel="$w_2$  (layer 2)")
    marks, key = MinimaMarks(field, len(points.minima)), BasinKey(axes.key, ROWS_SHOWN)
    marks.update(points.theta[:, points.minima], [points.label[k] for k in points.minima])
    curves = draw_answers(axes.answers, scene.fit)[:3]
    draw_ways(axes.answers, scene.fit, points)
    draw_given_up(axes.rows, scene)
    halo, line, start, end = path_over(field)
    pointed, glance = pointed_at(field)
    return Drawing((Shaped(field_map, ("cells", "time", "differs", "faded")),
                    Shaped(BorderLines(field, MOST_BORDERS), ("borders",)), *path_ghost(field),
                    curve_ghost(axes.answers, "answers.end", inputs(scene.fit.data)), curve_ghost(loss, "path.loss"),
                    halo, line, moment_over(field), Over((*saddle_marks(field, points), *marks.artists)), start, end,
                    *curves, *curve(loss, "path.loss", {"color": BLUE}), moment_on(loss), Shaped(key, ("key",)),
                    name_ghost(field, points), titled(loss, "moment.words"), pointed), field,
                   places=(Slide(loss, "moment"), glance))


def _key_lines(basins):
    lines = [(k, f"{basins.minima.names[k]}: {share1(basins.part(k))}, "
                 f"{'loss' if basins.minima.isolated[k] else 'valley, loss'} {tidy(basins.minima.loss[k])}")
             for k in range(min(len(basins.minima), ROWS_SHOWN - 2)) if basins.part(k)]
    lines += [(label, f"{text}: {share1(basins.part(label))}") for label, text in
              ((NOWHERE, "settled nowhere"), (AWAY, "ran away")) if basins.part(label)]
    return lines


def words(result):
    here = "from_here", {"n": result.words}
    if result.basins is None:
        return _said(("in_the_making", {"faded": result.before is not None}), here)
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
    lines = [{"saddle": one.saddle, "a": min(one.sides), "b": max(one.sides)} if None not in one.sides else
             {"saddle": one.saddle, "a": None, "b": None} for one in result.borders or ()]
    return _said(("ends", {"map": shown, "ends": ends}), *([("rough", {})] if basins.rough else []), 
                 *([("borders", {"borders": lines})] if lines else []), *differ, here)


def _said(*sentences):
    return str(Said("basins", sentences))


def compare(scene, pinned, result):
    return compared(scene.points, pinned.path, result.path)


def table(result):
    return ("Where the starts end", ("name",), [("…",)]) if result.basins is None else result.basins.table()


def explorer(choices=OURS):
    """The explorer with these optimizers in its menu."""
    return Explorer(
        name="basins", title="Basins of attraction",
        question="Which initial weights end in which minimum, and how do optimizer and rate move the borders?",
        knobs=(
            two_weights.data_menu(steers=("rate",)),
            Menu("optimizer", "optimizer", lambda: (*choices.racers, FLOW), "gradient descent",
                 {name: {"rate": rate} for name, rate in choices.rates.items()}, "how it steps", own=True,
                 scene=False),
            Menu("show", "show", lambda: (DESCENT, TIME, DIFFERENCE), DESCENT, tip="what the map tells",
                 scene=False),
            *two_weights.start_sliders(-3.0, 3.0),
            Slider("rate", "learning rate", *RATES, 3.0, 0.01, log=True, tip="how far one step goes"),
            Slider("momentum", "momentum", 0.0, 0.99, 0.9, 0.01,
                   tip="of momentum and Nesterov: the share of a step kept", rare=True),
            Slider("steps", "steps", 10, MOST_STEPS, 3000, 0.01, log=True, whole=True, tip="how many steps at most",
                   rare=True),
            two_weights.moment_slider(MOST_STEPS, rare=True),
        ),
        scene=scene, compute=partial(compute, choices=choices), draw=draw, words=words, table=table, layout=LAYOUT,
            handle=("w1", "w2"), plays="moment", until=attrgetter("path.kept"), compare=compare,
            suits=OverWindow(choices), joined=lambda own: explorer(Choices(own)),
            takes=TWO_WEIGHTS, with_own=of_two_weights, small=Small({"CELLS": 8}, {"steps": 60}),
    )


EXPLORER = explorer()
