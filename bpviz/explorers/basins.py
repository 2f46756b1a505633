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
from bpviz.descent.settle import NEAR
from bpviz.explorers import two_weights
from bpviz.explorers.basins_told import key_lines, table, words
from bpviz.explorers.choices import FLOW, OURS, RATES, Choices
from bpviz.explorers.explorer import Explorer, Menu, Slider, Small
from bpviz.explorers.first_rate import OverWindow
from bpviz.explorers.own import TWO_WEIGHTS
from bpviz.explorers.own_objective import of_two_weights
from bpviz.explorers.pins import compared
from bpviz.landscape.attractors import attractors_of
from bpviz.landscape.basin_map import Basins, differing
from bpviz.landscape.basins import basins
from bpviz.landscape.borders import borders
from bpviz.landscape.verdict import verdict
from bpviz.plots.answers import ANSWERS, BY_ROW, PartsOf, draw_answers, draw_given_up, draw_ways, inputs, pick_rows
from bpviz.plots.basins import UNKNOWN, BasinKey, BasinMap, BorderLines, MinimaMarks, RowLines, saddle_marks
from bpviz.plots.ghosts import curve_ghost, name_ghost, path_ghost
from bpviz.plots.landscape import DRAG_STEP, curve, loss_axis, moment_on, moment_over, path_over, tidy_ticks, titled
from bpviz.plots.layout import Layout, Legend, Row, Stack, Tile
from bpviz.plots.motion import Drawing, Over, Shaped
from bpviz.plots.places import Slide
from bpviz.plots.pushed import pointed_at
from bpviz.plots.style import BLUE, INK, step_axis
from bpviz.words.catalogue import say

CELLS, MOST_STEPS, ROWS_SHOWN, MOST_BORDERS = 160, 10_000, 6, 6
DRAWN, NOTHING = 1e-3, np.full((2, 2), UNKNOWN)   # the tolerance of a flow that is drawn; the map before there is one
DESCENT, TIME, DIFFERENCE = "minimum", "minimum and time", "descent against flow"


@dataclass(frozen=True)
class Result:
    """The map so far (None before its first piece), the flow's where asked for, the path, and what is said of it.

    before: the map that was shown for other knobs, to be seen faded until the new one begins.
    answers, moment: of the path.  borders: of the basins of gradient flow, None until they are known.
    alone: the row looked at alone.  row: facts of what it adds to the loss at the moment, None where no row is.
    """
    basins: Basins | None
    flow: Basins | None
    path: Path
    words: str
    show: str
    before: Basins | None
    answers: two_weights.Outputs | None
    moment: two_weights.Moment
    borders: tuple | None
    alone: two_weights.Alone
    row: dict | None

    @property
    def heading(self):
        """The title of the map, what is drawn over it."""
        return say("basins", "map", row=self.alone.row, x=self.alone.x)

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
        return () if self.faded or not self.basins.count else key_lines(self.basins, ROWS_SHOWN)

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
            scene.fit, scene.plane.low, scene.plane.high, CELLS, optimizer, steps,
            minima=attractors_of(scene.points)))

    lines = memory.get("borders", lambda: [None])
    edges = memory.resume("edges", lambda: borders.parts(scene.fit, scene.points))
    looks = two_weights.answers(scene, path), two_weights.moment(scene, path, values["moment"])
    alone = two_weights.alone(scene, values.get("row", 0), memory)
    row = alone.part(scene.fit, looks[1])
    works = [work(optimizer, steps), *([work(choices.named(FLOW, 1.0), MOST_STEPS)] if show == DIFFERENCE else [])]
    found, shown = [next(one).result for one in works], memory.get("shown", lambda: [None])

    def result():
        shown[0] = found[0] or shown[0]
        return Result(found[0], found[1] if show == DIFFERENCE else None, path, said_of_it, show, shown[0],
                      *looks, lines[0], alone, row)

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


MARKS = Legend(44, columns=3, each=80, look=(("handlelength", 1.6), ("columnspacing", 0.9)))
LAYOUT = Layout(
    wide=Row((Tile("map", (58, 30, 16, 48), aspect=1),
              Stack((Row((Tile("answers", (50, 30, 30, 92), share=0.54, title=ANSWERS, legend=MARKS),
                          Tile("rows", (36, 30, 20, 92), share=0.46, title=BY_ROW)), share=0.55),
                     Row((Tile("loss", (50, 30, 30, 48), share=0.47),
                          Tile("key", (4, 20, 0, 0), share=0.53)), share=0.45))))),
    tall=424, turn=900,
    middle=Row((Tile("map", (54, 30, 8, 48), share=0.4),
                Stack((Row((Tile("answers", (46, 30, 28, 92), share=0.63, title=ANSWERS, legend=MARKS),
                            Tile("rows", (30, 30, 16, 92), share=0.37, title=BY_ROW)), share=0.52),
                       Row((Tile("loss", (46, 30, 28, 48), share=0.4),
                            Tile("key", (2, 20, 0, 0), share=0.6)), share=0.48)), share=0.6))),
    narrow=Stack((Tile("map", (58, 32, 22, 52), aspect=1, most=246),
                  Tile("key", (20, 0, 10, 0), high=BasinKey.HIGH * ROWS_SHOWN),
                  Tile("answers", (58, 30, 30, 92), high=150, title=ANSWERS, legend=MARKS),
                  Tile("rows", (58, 30, 30, 52), high=90, title=BY_ROW),
                  Tile("loss", (58, 30, 48, 52), high=110))))
BARE = Layout(
    wide=Row((Tile("map", (58, 30, 16, 48), aspect=1),
              Stack((Tile("loss", (72, 30, 40, 48)), Tile("key", (30, 20, 0, 0), high=BasinKey.HIGH * ROWS_SHOWN))))),
    tall=424,
    narrow=Stack((Tile("map", (58, 32, 22, 52), aspect=1, most=246),
                  Tile("key", (20, 0, 10, 0), high=BasinKey.HIGH * ROWS_SHOWN),
                  Tile("loss", (58, 30, 48, 52), high=140))))


def draw(axes, scene):
    field, loss = axes.map, axes.loss
    plane, points = scene.plane, scene.points
    levels = np.unique(np.quantile(scene.loss[np.isfinite(scene.loss)], np.linspace(0.06, 0.94, 12)))
    lines = field.contour(*plane.axes, scene.loss, levels=levels, colors=[INK], linewidths=0.5, linestyles="solid",
                          alpha=0.35, zorder=2)
    field_map = BasinMap(field, plane.low, plane.high, over=(lines,))
    step_axis(loss, MOST_STEPS)
    loss_axis(loss, scene)
    loss.set_xlabel(DRAG_STEP)
    field.set(**{"xlabel": "$w_1$  (initial weight, layer 1)", "ylabel": "$w_2$  (layer 2)"} if scene.answers else
              {"xlabel": "$w_1$  (at the start)", "ylabel": "$w_2$"})
    tidy_ticks(field)
    marks, key = MinimaMarks(field, len(points.minima)), BasinKey(axes.key, ROWS_SHOWN)
    marks.update(points.theta[:, points.minima], [points.label[k] for k in points.minima])
    answers, picks = _answers(axes, scene) if scene.answers else ((), ())
    halo, line, start, end = path_over(field)
    pointed, glance = pointed_at(field)
    return Drawing((Shaped(field_map, ("cells", "time", "differs", "faded")),
                    Shaped(BorderLines(field, MOST_BORDERS), ("borders",)), *path_ghost(field), *answers,
                    curve_ghost(loss, "path.loss"), Shaped(RowLines(field, plane), ("alone.loss",)), halo, line,
                    moment_over(field), Over((*saddle_marks(field, points), *marks.artists)), start, end,
                    *curve(loss, "path.loss", {"color": BLUE}), moment_on(loss), Shaped(key, ("key",)),
                    name_ghost(field, points.theta), titled(loss, "moment.words"), titled(field, "heading"), pointed),
                   field, places=(Slide(loss, "moment"), *picks, glance))


def _answers(axes, scene):
    """The bindings of what the network answers, and the Picks of a row; the minima's own ways of answering, and their
    rows, stand still.
    """
    fit = scene.fit
    ghost, curves = curve_ghost(axes.answers, "answers.end", inputs(fit.data)), draw_answers(axes.answers, fit)
    draw_ways(axes.answers, fit, scene.points)
    parts = PartsOf(axes.rows, draw_given_up(axes.rows, scene))
    return (ghost, *curves, Shaped(parts, ("alone.row",))), (pick_rows(axes.answers, fit.data), parts.pick)


def idle(values, choices=OURS):
    """Gradient flow has no rate; a share of the last step is kept by momentum and Nesterov alone."""
    optimizer = choices.named(values["optimizer"], 1.0, momentum=0.5)         # as it could be, whatever stands now
    still = () if optimizer.momentum else ("momentum",)
    return ("rate", *still) if isinstance(optimizer, GradientFlow) else still


def compare(scene, pinned, result):
    return compared(scene.points, pinned.path, result.path)


def explorer(choices=OURS):
    """The explorer with these optimizers in its menu."""
    return Explorer(
        name="basins", title="Basins of attraction",
        question="Which initial weights end in which minimum, and how do optimizer and rate move the borders?",
        knobs=(
            two_weights.data_menu(steers=("rate",), row=0),
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
            two_weights.moment_slider(MOST_STEPS, rare=True), two_weights.row_slider(),
        ),
        scene=scene, compute=partial(compute, choices=choices), draw=draw, words=words, table=table, layout=LAYOUT,
            handle=("w1", "w2"), limits=two_weights.rows, plays="moment", until=attrgetter("path.kept"),
            compare=compare, idle=partial(idle, choices=choices),
            suits=OverWindow(choices), joined=lambda own: explorer(Choices(own)),
            takes=TWO_WEIGHTS, with_own=partial(of_two_weights, bare=BARE), small=Small({"CELLS": 8}, {"steps": 60}),
    )


EXPLORER = explorer()
