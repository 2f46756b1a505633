"""What the learning rate does: too small crawls, right settles, above 2/lambda it cannot settle.

The surface and the search for its minima are those of explorers/minima.py; new is the curve of the
final loss over all rates from the same start, with each minimum's stability limit on it.
"""
from dataclasses import dataclass

import numpy as np

from bpviz.base.work import Part, within
from bpviz.descent.descend import descend
from bpviz.descent.optimizers import GradientDescent
from bpviz.descent.path import Path
from bpviz.explorers import two_weights
from bpviz.explorers.explorer import Explorer, Slider, Small, each
from bpviz.explorers.own import TWO_WEIGHTS, of_two_weights
from bpviz.landscape.rates import final_losses, stability_limits
from bpviz.landscape.verdict import verdict
from bpviz.plots.landscape import curve, draw_landscape, names_of_minima, path_over
from bpviz.plots.layout import Layout, Row, Stack, Tile
from bpviz.plots.motion import Drawing, Shaped
from bpviz.plots.rate import Sweep
from bpviz.plots.style import BLUE, step_axis
from bpviz.symbolic.compare import compare_gradients
from bpviz.symbolic.gradient_table import GradientTable
from bpviz.words.catalogue import Said

RATES = np.logspace(-2, 2.3, 60)
MOST_STEPS = 1000


@dataclass(frozen=True)
class Scene:
    """The landscape, and the stability limit of each minimum."""
    land: two_weights.Landscape
    limits: tuple


@dataclass(frozen=True)
class Result:
    """The path at this rate; final: the loss at the end for each of RATES, nan where not computed yet.

    valley: whether a curve of level points crosses the window.
    """
    path: Path
    final: np.ndarray
    rate: float
    limits: tuple
    gradients: GradientTable
    words: str
    valley: bool


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
    yield from each(sweep, lambda final: Result(path, final, optimizer.rate, scene.limits, gradients, said, valley))


PATH, LOSS = "Path (dark is low)", "Loss at each step"
LAYOUT = Layout(
    wide=Row((Tile("landscape", (56, 34, 0, 56), share=0.42, title=PATH),
              Stack((Tile("loss", (76, 34, 24, 44), title=LOSS), Tile("sweep", (76, 34, 24, 56))), share=0.58))),
    tall=480,
    narrow=Stack((Tile("landscape", (56, 34, 20, 58), aspect=1, title=PATH),
                  Tile("loss", (64, 42, 24, 36), high=130, title=LOSS),
                  Tile("sweep", (64, 34, 24, 70), high=170))))


def draw(axes, scene):
    landscape, loss = axes.landscape, axes.loss
    draw_landscape(landscape, scene.land)
    step_axis(loss, MOST_STEPS)
    loss.set_xlabel("step")
    high = float(np.nanmax(scene.land.loss))
    loss.set(ylim=(0, 1.05 * min(high, 30 * float(np.nanmedian(scene.land.loss)))))
    sweep = Sweep(axes.sweep, RATES, scene.limits)
    return Drawing((*path_over(landscape), names_of_minima(landscape, scene.land.points),
                    *curve(loss, "path.loss", {"color": BLUE}), Shaped(sweep, ("rate", "final"))), landscape)


def words(result):
    return str(Said("rate", (
        ("rate", {"rate": result.rate, "verdict": result.words}),
        ("limits", {"many": len(result.limits), "valley": result.valley,
                    "limits": [{"label": label, "limit": limit} for label, limit in result.limits]}))))


EXPLORER = Explorer(
    name="rate", title="The learning rate",
    question="Which learning rates reach a minimum from this start, and which can never settle?",
    knobs=(
        two_weights.data_menu("rate"),
        Slider("rate", "learning rate", 0.01, 200.0, 20.0, 0.01, log=True, tip="how far one step goes"),
        *two_weights.start_sliders(1.0, 2.0),
        Slider("steps", "steps", 1, MOST_STEPS, 200, 0.01, log=True, whole=True, tip="how many steps of descent"),
    ),
    scene=scene, compute=compute, draw=draw, words=words, table=two_weights.table, layout=LAYOUT, handle=("w1", "w2"),
    takes=TWO_WEIGHTS, with_own=of_two_weights, small=Small({"RATES": RATES[::8]}),
)
