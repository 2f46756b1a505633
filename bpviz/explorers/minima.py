"""Which minimum does the network fall into? Drag the initial weights and see.

The network is f(w2 f(w1 x)): two weights, so its whole loss landscape is a picture.
"""
from dataclasses import dataclass

import numpy as np

from bpviz.base.work import Part
from bpviz.calculus.activations import ACTIVATIONS
from bpviz.descent.descend import descend
from bpviz.descent.optimizers import GradientDescent
from bpviz.descent.path import Path
from bpviz.explorers import two_weights
from bpviz.explorers.explorer import Drawing, Explorer, Menu, Slider, each, thinned
from bpviz.explorers.two_weights import REACH
from bpviz.landscape.reasons import amount
from bpviz.landscape.verdict import Verdict, verdict
from bpviz.plots.landscape import (
    CurveArtists,
    PathArtists,
    draw_critical_points,
    draw_loss,
    names_of_minima,
)
from bpviz.plots.style import BLUE, GREEN, INK, ORANGE, PAPER, VERMILION, place, step_axis
from bpviz.symbolic.compare import compare_gradients
from bpviz.symbolic.gradient_table import GradientTable, captioned

MOST_STEPS = 10_000


@dataclass(frozen=True)
class Result:
    """What the sliders decide: the path, the gradient at its start three ways, and the verdict."""
    path: Path
    gradients: GradientTable
    verdict: Verdict | None
    asked: int

    @property
    def complete(self):
        return self.verdict is not None


def scene(values):
    return two_weights.landscape(values["data"], values["activation"])


def compute(scene, values, memory):
    start = np.array([values["w1"], values["w2"]])
    optimizer, steps = GradientDescent(rate=values["rate"]), values["steps"]
    gradients = compare_gradients(scene.fit, start, scene.chain)
    before = None
    for part in descend.parts(scene.fit, start, optimizer, steps, until_settled=True):
        if before is not None and part.share < 1:             # a quick descent is shown once, with its verdict
            yield from each([before], lambda path: Result(path, gradients, None, steps))
        before = part
    path = part.result
    yield Part(1.0, Result(path, gradients, verdict(scene.fit, path, scene.points, optimizer), steps))


def draw(figure, scene, wide):
    width, tall = (round(side * 100) for side in figure.get_size_inches())
    if wide:
        middle = round(0.53 * width)
        boxes = ((62, 32, middle, tall - 84), (middle + 84, 32, width - 48, tall / 2 - 26),
                 (middle + 84, tall / 2 + 36, width - 48, tall - 52))
    else:
        floor = width - 80
        boxes = ((58, 32, width - 40, floor), (58, floor + 124, width - 40, floor + 234),
                 (58, floor + 294, width - 40, floor + 404))
    landscape, loss, slope = (place(figure, *box) for box in boxes)
    draw_loss(landscape, scene.plane, scene.loss)
    draw_critical_points(landscape, scene.points)
    first, second = ("$w_1$", "$w_2$")
    landscape.set(xlabel=f"{first}  (initial weight, layer 1)", ylabel=f"{second}  (layer 2)",
                  title="Loss over both weights: dark is low" if wide else "Loss (dark is low)")
    for marker, colour, edge, label in (("s", ORANGE, INK, "start: drag it"), ("o", "none", VERMILION, "end"),
                                        ("o", PAPER, INK, "minimum"), ("D", PAPER, INK, "saddle")):
        landscape.plot([], [], marker, markersize=8, markerfacecolor=colour, markeredgecolor=edge, label=label)
    box = landscape.get_position()
    landscape.legend(loc="upper center", bbox_to_anchor=((box.x0 + box.x1) / 2, box.y0 - 46 / tall),
                     bbox_transform=figure.transFigure, ncols=4 if wide else 2, frameon=False, handletextpad=0.2,
                     columnspacing=1.1, borderpad=0)
    for axes in (loss, slope):
        step_axis(axes, MOST_STEPS)
    slope.set_xlabel("step")
    two_weights.loss_axis(loss, scene)
    loss.set_title("Loss at each step")
    slope.set_yscale("log")
    slope.set(ylim=(1e-10, 10), yticks=[1e-9, 1e-6, 1e-3, 1])
    slope.set_title("Size of the gradient")
    slope.minorticks_off()
    path, losses, norms = PathArtists(landscape), CurveArtists(loss, BLUE), CurveArtists(slope, GREEN)

    def update(result):
        shown = thinned(result.path.steps + 1)
        path.update(result.path.theta[:, shown])
        losses.update(shown, result.path.loss[shown])
        norms.update(shown, result.path.gradient_norm[shown])

    letters = names_of_minima(landscape, scene.points)
    return Drawing((*path.artists, *letters, *losses.artists, *norms.artists), update, landscape)


def words(result):
    if result.complete:
        return result.verdict.words
    return f"On the way: {result.path.steps:,} of {result.asked:,} steps, loss {amount(result.path.loss[-1])} …"


def table(result):
    return captioned(result.gradients, "Gradient at the start point, found three ways", ("w1", "w2"))


def height(width):
    return round(min(max(0.5 * width, 400), 520)) if width >= 720 else width + 372


EXPLORER = Explorer(
    name="minima", title="Local minima",
    question="Which minimum does the network f(w2·f(w1·x)) fall into from these initial weights?",
    knobs=(
        Menu("data", "data set", two_weights.data_sets, "seesaw",
             {"seesaw": {"activation": "sigmoid", "rate": 20.0}, "trident": {"activation": "sigmoid", "rate": 2.0},
              "linear saddle": {"activation": "identity", "rate": 0.02}}, "which examples the network learns"),
        Menu("activation", "activation f", lambda: tuple(ACTIVATIONS), "sigmoid", tip="what a unit answers"),
        Slider("w1", "w1", -REACH, REACH, 1.0, 0.01, tip="initial weight of layer 1"),
        Slider("w2", "w2", -REACH, REACH, 2.0, 0.01, tip="initial weight of layer 2"),
        Slider("rate", "learning rate", 0.01, 100.0, 20.0, 0.01, log=True, tip="how far one step goes"),
        Slider("steps", "steps", 1, MOST_STEPS, 500, 0.01, log=True, whole=True, tip="how many steps of descent"),
    ),
    scene=scene, compute=compute, draw=draw, words=words, table=table, height=height, handle=("w1", "w2"),
)
