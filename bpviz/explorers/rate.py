"""What the learning rate does: too small crawls, right settles, above 2/lambda it cannot settle.

The surface and the search for its minima are those of explorers/minima.py; new are the parabola through the start, in
the direction of the gradient, with the first steps on it and on the true loss along that line; and the final loss over
all rates from the same start, with each minimum's stability limit on it. The lambda of the parabola is that of its
direction at the start, the limits are those of the minima.
"""
from dataclasses import dataclass

import numpy as np

from bpviz.base.work import Part, within
from bpviz.descent.descend import descend
from bpviz.descent.optimizers import GradientDescent
from bpviz.descent.path import Path
from bpviz.explorers import two_weights
from bpviz.explorers.explorer import Explorer, Slider, Small, each
from bpviz.explorers.first_rate import FromStart
from bpviz.explorers.own import TWO_WEIGHTS, of_two_weights
from bpviz.explorers.pins import compared
from bpviz.landscape.parabola import LEAVES, SPOTS, STRAIGHT, ZIGZAGS, Parabola, parabola_at
from bpviz.landscape.rates import final_losses, stability_limits
from bpviz.landscape.verdict import verdict
from bpviz.plots.ghosts import name_ghost, path_ghost, place_ghost
from bpviz.plots.landscape import draw_landscape, names_of_minima, path_over, titled
from bpviz.plots.layout import Layout, Row, Stack, Tile
from bpviz.plots.motion import Drawing, Shaped
from bpviz.plots.parabola import Landings, Strip
from bpviz.plots.places import Slide
from bpviz.plots.rate import Sweep
from bpviz.symbolic.compare import compare_gradients
from bpviz.symbolic.gradient_table import GradientTable
from bpviz.words.catalogue import Said, say

RATES = np.logspace(-2, 2.3, 60)
MOST_STEPS, BEGIN = 1000, (-3.5, 0.0)


@dataclass(frozen=True)
class Scene:
    """The landscape, and the stability limit of each minimum."""
    land: two_weights.Landscape
    limits: tuple


@dataclass(frozen=True)
class Result:
    """The path at this rate; final: the loss at the end for each of RATES, nan where not computed yet.

    valley: whether a curve of level points crosses the window.  parabola: through the start, None on level ground.
    """
    path: Path
    final: np.ndarray
    rate: float
    limits: tuple
    gradients: GradientTable
    words: str
    valley: bool
    parabola: Parabola | None

    @property
    def heading(self):
        """The title of the parabola, what is so now."""
        return say("rate", "title_line", **line_facts(self.parabola))


def line_facts(parabola):
    """What the parabola and the true loss along it do, for words; where the ground is level, kind "level"."""
    if parabola is None:
        return {"kind": "level", "truth": None}
    last = parabola.heights[-1]
    truth = "leaves" if not np.isfinite(last) else "falls" if last < parabola.loss else "rises"
    return {"kind": parabola.kind, "truth": truth, "rate": parabola.rate, "curvature": parabola.curvature,
            "first": parabola.loss, "last": last if np.isfinite(last) else None,
            **({} if parabola.limits is None else dict(zip(("one", "two"), parabola.limits, strict=True)))}


def scene(values, fit=None):
    land = yield from within(two_weights.landscape(values["data"], fit=fit))
    yield Part(1.0, Scene(land, stability_limits(land.points)))


def compute(scene, values, memory):
    start, steps = two_weights.start(values), values["steps"]
    optimizer, land = GradientDescent(rate=values["rate"]), scene.land
    path = descend(land.fit, start, optimizer, steps, until_settled=True)
    gradients = compare_gradients(land.fit, start, land.chain)
    said, valley = verdict(land.fit, path, land.points, optimizer).words, land.points.valley.shape[1] > 0
    sweep = memory.resume((*start.tolist(), steps), lambda: final_losses(land.fit, start, RATES, steps))
    line = parabola_at(land.fit, start, optimizer.rate)
    yield from each(sweep, lambda final: Result(
        path, final, optimizer.rate, scene.limits, gradients, said, valley, line))


PATH = "Path (dark is low)"
LAYOUT = Layout(
    wide=Row((Tile("landscape", (56, 34, 0, 54), share=0.42, title=PATH),
              Stack((Tile("line", (64, 34, 24, 30)), Tile("sweep", (64, 26, 24, 48), high=116)), share=0.58))),
    tall=430,
    narrow=Stack((Tile("line", (40, 34, 20, 32), high=210), Tile("sweep", (40, 30, 20, 54), high=124),
                  Tile("landscape", (56, 34, 20, 58), aspect=1, most=238, title=PATH))))


def draw(axes, scene):
    draw_landscape(axes.landscape, scene.land)
    axes.line.set_xlabel(say("rate", "downhill"), fontsize=9.5)
    line = Landings(axes.line, SPOTS, say("rate", "level"),
                    outside)
    sweep = Sweep(axes.sweep, RATES, scene.limits)
    strip = Strip(axes.sweep, [say("rate", name) for name in (STRAIGHT, ZIGZAGS, LEAVES)], say("rate", "whose"),
                  say("rate", "downward"), say("rate", "level"))
    return Drawing((*path_over(axes.landscape), *path_ghost(axes.landscape), place_ghost(axes.sweep, "rate"),
                    name_ghost(axes.landscape, scene.land.points),
                    names_of_minima(axes.landscape, scene.land.points),
                    Shaped(line, ("parabola",)), titled(axes.line, "heading"), Shaped(sweep, ("rate", "final")),
                    Shaped(strip, ("parabola", "rate"))), axes.landscape, places=(Slide(axes.sweep, "rate"),))


def outside(parabola, truly):
    """What is said of the steps that leave the picture: numbers of those on the parabola, and on the true loss."""
    told = [", ".join(map(str, steps)) or None for steps in (parabola, truly)]
    return say("rate", "out", parabola=told[0], truly=told[1]) if any(told) else ""


def words(result):
    facts = line_facts(result.parabola)
    return str(Said("rate", (
        ("rate", {"rate": result.rate, "verdict": result.words}),
        ("limits", {"many": len(result.limits), "valley": result.valley,
                    "limits": [{"label": label, "limit": limit} for label, limit in result.limits]}),
        ("line", facts), *((("truth", facts),) if result.parabola else ()))))


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
    ),
    scene=scene, compute=compute, draw=draw, words=words, table=two_weights.table, layout=LAYOUT, handle=("w1", "w2"),
    main=("rate", "w1"),
    compare=compare, suits=FromStart(BEGIN), takes=TWO_WEIGHTS, with_own=of_two_weights,
    small=Small({"RATES": RATES[::8]}),
)
