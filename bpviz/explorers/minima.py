"""Which minimum does the network fall into? Drag the initial weights and see.

The network is f(w2 f(w1 x)): two weights, so its whole loss landscape is a picture.
"""
from dataclasses import dataclass, replace
from operator import attrgetter

import numpy as np

from bpviz.base.arguments import refuse
from bpviz.base.work import Part
from bpviz.calculus.activations import ACTIVATIONS
from bpviz.coursework.diagnosis.own_descent import NoPath, OwnDescent
from bpviz.descent.descend import descend
from bpviz.descent.optimizers import GradientDescent
from bpviz.descent.path import Path
from bpviz.explorers import two_weights
from bpviz.explorers.explorer import Explorer, Menu, Slider, Small, each
from bpviz.explorers.first_rate import FromStart
from bpviz.explorers.own import TWO_WEIGHTS
from bpviz.explorers.own_backward import BACKWARD, with_backward
from bpviz.explorers.own_objective import of_two_weights
from bpviz.explorers.pins import compared
from bpviz.explorers.pushed import PUSHES, Pushed, push, push_sliders, pushed
from bpviz.landscape.endings import Verdict
from bpviz.landscape.verdict import verdict
from bpviz.plots.answers import ANSWERS, BY_ROW, draw_answers, draw_rows, inputs, pick_rows
from bpviz.plots.ghosts import curve_ghost, name_ghost, path_ghost
from bpviz.plots.landscape import (
    DRAG_STEP,
    curve,
    draw_landscape,
    loss_axis,
    moment_on,
    names_of_minima,
    path_of_yours,
    path_over,
    row_over,
    titled,
)
from bpviz.plots.layout import Layout, Legend, Row, Stack, Tile
from bpviz.plots.motion import Drawing, Shaped
from bpviz.plots.places import Glance, Pull, Slide
from bpviz.plots.pushed import GlancedPath, bent_path
from bpviz.plots.style import BLUE, INK, ORANGE, PAPER, VERMILION, step_axis
from bpviz.symbolic.gradient_table import GradientTable
from bpviz.words.catalogue import say

MOST_STEPS, BEGIN = 10_000, (1.0, 2.0)


@dataclass(frozen=True)
class Result:
    """The path, its answers, the moment and the row looked at, the gradient at the start three ways, the verdict.

    pushed: what a push by hand has made of it.  yours: the path of a learner's own backward pass, where one was given,
    and yours_answers (n,), what the network answers at its end; None where there is no path.
    """
    path: Path
    answers: two_weights.Outputs | None
    moment: two_weights.Moment
    alone: two_weights.Alone
    gradients: GradientTable
    verdict: Verdict | None
    asked: int
    pushed: Pushed | None = None
    yours: OwnDescent | NoPath | None = None
    yours_answers: np.ndarray | None = None

    @property
    def complete(self):
        return self.verdict is not None


def scene(values, fit=None):
    return two_weights.landscape(values["data"], values.get("activation"), fit=fit)


def compute(scene, values, memory):
    start, steps = two_weights.start(values), values["steps"]
    optimizer, gradients = GradientDescent(rate=values["rate"]), scene.gradients(start)
    alone = two_weights.alone(scene, values.get("row", 0), memory)
    walk = memory.resume((*start.tolist(), optimizer, steps), lambda: _walk(scene, start, optimizer, steps))
    by = push(values)

    def result(walked):
        path, said = walked
        now = two_weights.moment(scene, path, values["moment"])
        bent = None if said is None else memory.get(("push", *start.tolist(), optimizer, steps, now.step, *by.tolist()),
                                                    lambda: pushed(scene, now, by, optimizer, steps, said))
        return Result(path, two_weights.answers(scene, path), now, alone, gradients, said, steps, bent)
    yield from each(walk, result)


def _walk(scene, start, optimizer, steps):
    """The path and its verdict, None while it is under way, as Parts."""
    before = None
    for part in descend.parts(scene.fit, start, optimizer, steps, until_settled=True):
        if before is not None and part.share < 1:             # a quick descent is shown once, with its verdict
            yield Part(before.share, before.result and (before.result, None))
        before = part
    yield Part(1.0, (part.result, verdict(scene.fit, part.result, scene.points, optimizer)))


MARKS = Legend(40, columns=4, each=105, look=(("handletextpad", 0.2), ("columnspacing", 1.1)))
KEY = Legend(44, columns=4, each=90, look=(("handlelength", 1.6), ("columnspacing", 0.9)))
WITH_YOURS = Legend(40, columns=5, each=78, look=(("handletextpad", 0.2), ("columnspacing", 0.8)))
KEY_YOURS = Legend(44, columns=5, each=74, look=(("handlelength", 1.4), ("columnspacing", 0.6)))


def layout(marks, key=KEY):
    """Where the axes stand. marks: the legend of the landscape.  key: of the answers."""
    return Layout(
        wide=Row((Tile("landscape", (58, 30, 0, 84), share=0.42, legend=marks),
                  Stack((Tile("answers", (62, 30, 16, 74), share=0.53, title=ANSWERS, legend=key),
                         Row((Tile("loss", (62, 30, 34, 48), share=0.44),
                              Tile("rows", (76, 30, 68, 48), share=0.56, title=BY_ROW)), share=0.47)), share=0.58))),
        tall=424,
        narrow=Stack((Tile("landscape", (58, 32, 40, 90), aspect=1, most=246, legend=marks),
                      Tile("answers", (58, 34, 40, 92), high=150, title=ANSWERS, legend=key),
                      Tile("loss", (58, 34, 40, 48), high=100),
                      Tile("rows", (86, 34, 76, 36), high=90, title=BY_ROW))))


BARE = Layout(
    wide=Row((Tile("landscape", (58, 30, 0, 84), share=0.54, legend=MARKS),
              Tile("loss", (78, 30, 34, 48), share=0.46))),
    tall=424,
    narrow=Stack((Tile("landscape", (58, 32, 40, 90), aspect=1, most=246, legend=MARKS),
                  Tile("loss", (58, 34, 40, 48), high=160))))


def draw(axes, scene, yours=False):
    landscape, loss = axes.landscape, axes.loss
    names = {"across": "$w_1$  (initial weight, layer 1)", "up": "$w_2$  (layer 2)"} if scene.answers else {}
    draw_landscape(landscape, scene, **names)
    start = "start" if yours else "start: drag it"
    for marker, colour, edge, label in (("s", ORANGE, INK, start), ("o", "none", VERMILION, "end"),
                                        ("o", PAPER, INK, "minimum"), ("D", PAPER, INK, "saddle")):
        landscape.plot([], [], marker, markersize=8, markerfacecolor=colour, markeredgecolor=edge, label=label)
    theirs = path_of_yours(landscape, loss, axes.answers, inputs(scene.fit.data)) if yours else ()
    step_axis(loss, MOST_STEPS)
    loss.set_xlabel(DRAG_STEP)
    loss_axis(loss, scene)
    answers, picks = _answers(axes, scene.fit) if scene.answers else ((), ())
    mark, *bent = bent_path(landscape, loss, *((axes.answers, scene.fit.data) if scene.answers else ()))
    glanced = GlancedPath()
    return Drawing((*answers, *path_ghost(landscape), curve_ghost(loss, "path.loss"), *path_over(landscape),
                    *bent, Shaped(mark, ("moment.theta", "pushed.path.theta")), *theirs,
                    Shaped(glanced, ("path.theta", "moment.step", "moment.here", "pushed.path.theta")),
                    names_of_minima(landscape, scene.points),
                    name_ghost(landscape, scene.points.theta),
                    *curve(loss, "path.loss", {"color": BLUE}), moment_on(loss),
                    titled(landscape, "alone.words"), titled(loss, "moment.words")), landscape,
                   places=(Slide(loss, "moment"), *picks, Pull(landscape, PUSHES, mark),
                           Glance(landscape, "moment", glanced)))


def _answers(axes, fit):
    """The bindings of what the network answers and of what each row adds, and the Picks of a row."""
    bars, pick_bar = draw_rows(axes.rows, fit)
    return ((row_over(axes.landscape), curve_ghost(axes.answers, "answers.end", inputs(fit.data)),
             *draw_answers(axes.answers, fit), bars), (pick_rows(axes.answers, fit.data), pick_bar))


def words(result):
    if result.complete:
        costs = result.answers and result.answers.costs
        more = [say("minima", "costs_most", **costs)] if costs else []
        return " ".join([result.verdict.words, *more, *([result.pushed.words] if result.pushed else [])])
    return say("minima", "on_the_way", steps=result.path.steps, asked=result.asked, loss=result.path.loss[-1])


def compare(scene, pinned, result):
    return compared(scene.points, pinned.path, result.path)


def with_own(explorer, given):
    """Of a fit, or with the path of a backward pass, of the learner's own."""
    if len(given) > 1:
        refuse("backward", given["backward"], "allowed is a fit or a backward pass of your own, not both")
    if "fit" in given:
        return of_two_weights(explorer, given, BARE)
    return replace(with_backward(explorer, given), layout=layout(WITH_YOURS, KEY_YOURS))


EXPLORER = Explorer(
    name="minima", title="Local minima",
    question="Which minimum does the network f(w2·f(w1·x)) fall into from these initial weights?",
    knobs=(
        two_weights.data_menu("activation", "rate", row=0, push1=0.0, push2=0.0),
        Menu("activation", "activation f", lambda: tuple(ACTIVATIONS), "sigmoid",
             tip="what a unit answers", formula="activation", steers=("rate",)),
        *two_weights.start_sliders(*BEGIN),
        Slider("rate", "learning rate", 0.01, 100.0, 20.0, 0.01, log=True, tip="how far one step goes"),
        Slider("steps", "steps", 1, MOST_STEPS, 500, 0.01, log=True, whole=True, tip="how many steps of descent",
               rare=True),
        two_weights.moment_slider(MOST_STEPS), two_weights.row_slider(), *push_sliders(),
    ),
    scene=scene, compute=compute, draw=draw, words=words, table=two_weights.table, layout=layout(MARKS),
    handle=("w1", "w2"),
    suits=FromStart(BEGIN), limits=two_weights.rows, plays="moment", until=attrgetter("path.kept"),
    compare=compare, ended=attrgetter("complete"), takes={**TWO_WEIGHTS, **BACKWARD}, with_own=with_own,
    small=Small(every=2),
)
