"""What the learning rate does: too small crawls, right settles, above 2/lambda it cannot settle.

The surface and the search for its minima are those of explorers/minima.py; new are the parabola through the start, in
the direction of the gradient, with the first steps on it and on the true loss along that line; and the final loss over
all rates from the same start, with each minimum's stability limit on it. The lambda of the parabola is that of its
direction at the start, the limits are those of the minima.
"""
from dataclasses import dataclass
from functools import partial
from operator import attrgetter

import numpy as np

from bpviz.base.work import Part, within
from bpviz.descent.descend import descend
from bpviz.descent.optimizers import GradientDescent
from bpviz.descent.path import Path
from bpviz.explorers import two_weights
from bpviz.explorers.explorer import Explorer, Slider, Small, each
from bpviz.explorers.first_rate import FromStart
from bpviz.explorers.own import TWO_WEIGHTS
from bpviz.explorers.own_objective import of_two_weights
from bpviz.explorers.pins import compared
from bpviz.landscape.endings import settled_in
from bpviz.landscape.parabola import LEAVES, SPOTS, STRAIGHT, ZIGZAGS, Parabola, parabola_at
from bpviz.landscape.rates import final_losses, stability_limits
from bpviz.landscape.verdict import verdict
from bpviz.plots.answers import draw_answers, inputs
from bpviz.plots.ghosts import curve_ghost, name_ghost, path_ghost, place_ghost
from bpviz.plots.landscape import draw_landscape, moment_over, names_of_minima, path_over, titled
from bpviz.plots.layout import Layout, Legend, Row, Stack, Tile
from bpviz.plots.motion import Drawing, Shaped
from bpviz.plots.parabola import Landings, Strip
from bpviz.plots.places import Slide
from bpviz.plots.pushed import pointed_at
from bpviz.plots.rate import Sweep
from bpviz.symbolic.gradient_table import GradientTable
from bpviz.words.catalogue import Said, say

RATES = np.logspace(-2, 2.3, 60)
MOST_STEPS, BEGIN = 1000, (-3.5, 0.0)
SAME = 1e-14              # two losses that differ by a smaller share are one, but for rounding


@dataclass(frozen=True)
class Scene:
    """The landscape, the stability limit of each minimum, and the rates of the sweep."""
    land: two_weights.Landscape
    limits: tuple
    rates: np.ndarray


@dataclass(frozen=True)
class Result:
    """The path at this rate; final: the loss at the end for each rate of the sweep, nan where not computed yet.

    valley: whether a curve of level points crosses the window.  parabola: through the start, None on level ground.
    settled: the label of the minimum that the path has settled in, or None.  unlisted: whether in one without a label.
    """
    path: Path
    answers: two_weights.Outputs | None
    moment: two_weights.Moment
    final: np.ndarray
    rate: float
    limits: tuple
    gradients: GradientTable
    words: str
    valley: bool
    parabola: Parabola | None
    settled: str | None
    unlisted: bool

    @property
    def heading(self):
        """The title of the parabola, what is so now."""
        return say("rate", "title_line", **line_facts(self.parabola))


def line_facts(parabola):
    """What the parabola and the true loss along it do, for words; where the ground is level, kind "level"."""
    if parabola is None:
        return {"kind": "level", "truth": None}
    last = parabola.heights[-1]
    apart = last - parabola.loss
    truth = ("leaves" if not np.isfinite(last) else "stays" if abs(apart) <= SAME * abs(parabola.loss) else
             "falls" if apart < 0 else "rises")
    return {"kind": parabola.kind, "truth": truth, "rate": parabola.rate, "curvature": parabola.curvature,
            "first": parabola.loss, "last": last if np.isfinite(last) else None,
            **({} if parabola.limits is None else dict(zip(("one", "two"), parabola.limits, strict=True)))}


def scene(values, fit=None):
    land = yield from within(two_weights.landscape(values["data"], fit=fit))
    yield Part(1.0, Scene(land, stability_limits(land.points), RATES * getattr(fit, "slow", 1.0)))


def compute(scene, values, memory):
    start, steps = two_weights.start(values), values["steps"]
    optimizer, land = GradientDescent(rate=values["rate"]), scene.land
    path = descend(land.fit, start, optimizer, steps, until_settled=True)
    gradients = land.gradients(start)
    ended, valley = verdict(land.fit, path, land.points, optimizer), land.points.valley.shape[1] > 0
    looks = two_weights.answers(land, path), two_weights.moment(land, path, values["moment"])
    sweep = memory.resume((*start.tolist(), steps), lambda: final_losses(land.fit, start, scene.rates, steps))
    line = parabola_at(land.fit, start, optimizer.rate)
    yield from each(sweep, lambda final: Result(
        path, *looks, final, optimizer.rate, scene.limits, gradients, ended.words, valley, line,
        settled_in(ended, land.points), ended.unlisted))


PATH = "Path (dark is low)"
KEY = Legend(44, columns=4, each=78, look=(("handlelength", 1.5), ("columnspacing", 0.8)))
LINE, SWEEP, OVER = (78, 34, 8, 30), (78, 26, 36, 48), (56, 34, 0, 54)
LAYOUT = Layout(
    wide=Row((Tile("landscape", OVER, share=0.38, title=PATH),
              Stack((Row((Tile("line", LINE, share=0.58), Tile("answers", (46, 34, 18, 92), share=0.42, legend=KEY))),
                     Tile("sweep", SWEEP, high=116)), share=0.62))),
    tall=430, turn=860,
    middle=Row((Stack((Tile("landscape", OVER, high=204, title=PATH),
                       Tile("answers", (56, 30, 0, 76), high=78, legend=KEY)), share=0.42),
                Stack((Tile("line", LINE, high=176), Tile("sweep", SWEEP, high=116)), share=0.58))),
    narrow=Stack((Tile("line", (76, 34, 20, 32), high=210), Tile("sweep", (76, 30, 36, 54), high=124),
                  Tile("landscape", (76, 34, 20, 58), aspect=1, most=238, title=PATH),
                  Tile("answers", (76, 34, 20, 92), high=150, legend=KEY))))
BARE = Layout(
    wide=Row((Tile("landscape", OVER, share=0.4),
              Stack((Tile("line", LINE), Tile("sweep", SWEEP, high=116)), share=0.6))),
    tall=430,
    narrow=Stack((Tile("line", (76, 34, 20, 32), high=210), Tile("sweep", (76, 30, 36, 54), high=124),
                  Tile("landscape", (76, 34, 20, 58), aspect=1, most=238))))


def draw(axes, scene):
    draw_landscape(axes.landscape, scene.land)
    axes.line.set_xlabel(say("rate", "downhill"), fontsize=9.5)
    line = Landings(axes.line, SPOTS, say("rate", "level"), outside)
    landscape, points = axes.landscape, scene.land.points
    sweep = Sweep(axes.sweep, scene.rates, scene.land, scene.limits)
    strip = Strip(axes.sweep, [say("rate", name) for name in (STRAIGHT, ZIGZAGS, LEAVES)], say("rate", "whose"),
                  say("rate", "downward"), say("rate", "level"))
    answers = _answers(axes.answers, scene.land.fit) if scene.land.answers else [titled(landscape, "moment.words")]
    halo, path, start, end = path_over(landscape)
    pointed, glance = pointed_at(landscape)
    return Drawing((halo, path, moment_over(landscape), start, end, *path_ghost(landscape),
                    place_ghost(axes.sweep, "rate"), name_ghost(landscape, points.theta),
                    names_of_minima(landscape, points),
                    Shaped(line, ("parabola",)), titled(axes.line, "heading"), Shaped(sweep, ("rate", "final")),
                    Shaped(strip, ("parabola", "rate")), *answers, pointed), landscape,
                   places=(Slide(axes.sweep, "rate"), glance))


def _answers(axes, fit):
    """The bindings of what the network answers."""
    ghost = curve_ghost(axes, "answers.end", inputs(fit.data))
    return [ghost, *draw_answers(axes, fit)[:3], titled(axes, "moment.words")]


def outside(parabola, truly):
    """What is said of the steps that leave the picture: numbers of those on the parabola, and on the true loss."""
    told = [_listed(steps) or None for steps in (parabola, truly)]
    return say("rate", "out", parabola=told[0], truly=told[1]) if any(told) else ""


def _listed(steps):
    """Ascending numbers in words, three and more in a row as their ends: 1, 3–5."""
    runs = []
    for step in steps:
        if runs and runs[-1][-1] == step - 1:
            runs[-1].append(step)
        else:
            runs.append([step])
    return ", ".join(f"{run[0]}–{run[-1]}" if len(run) > 2 else ", ".join(map(str, run)) for run in runs)


def words(result):
    facts = line_facts(result.parabola)
    return str(Said("rate", (
        ("rate", {"rate": result.rate, "verdict": result.words}),
        ("limits", {"many": len(result.limits), "valley": result.valley,
                    "limits": [{"label": label, "limit": limit} for label, limit in result.limits]}),
        *against(result), ("line", facts), *((("truth", facts),) if result.parabola else ()))))


def against(result):
    """The sentence of what the limits say of this rate, beside what it did; none where there are no limits."""
    holds = [label for label, limit in result.limits if result.rate < limit]
    facts = {"holds": holds, "many": len(holds), "settled": result.settled, "held": result.settled in holds,
             "unlisted": result.unlisted}
    return (("against", facts),) if result.limits else ()


def compare(scene, pinned, result):
    return compared(scene.land.points, pinned.path, result.path)


EXPLORER = Explorer(
    name="rate", title="The learning rate",
    question="Which learning rates reach a minimum from this start, and which can never settle?",
    knobs=(
        two_weights.data_menu("rate"),
        Slider("rate", "learning rate", 0.01, 200.0, 20.0, 0.01, log=True, tip="how far one step goes"),
        *two_weights.start_sliders(*BEGIN),
        Slider("steps", "steps", 1, MOST_STEPS, 200, 0.01, log=True, whole=True, tip="how many steps of descent"),
        two_weights.moment_slider(MOST_STEPS, rare=True),
    ),
    scene=scene, compute=compute, draw=draw, words=words, table=two_weights.table, layout=LAYOUT, handle=("w1", "w2"),
    main=("rate", "w1"), plays="moment", until=attrgetter("path.kept"),
    compare=compare, suits=FromStart(BEGIN), takes=TWO_WEIGHTS, with_own=partial(of_two_weights, bare=BARE),
    small=Small({"RATES": RATES[::8]}),
)
