"""Which minimum does the network fall into? Drag the initial weights and see.

The network is f(w2 f(w1 x)): two weights, so its whole loss landscape is a picture.
"""
from dataclasses import dataclass

from bpviz.base.work import Part
from bpviz.calculus.activations import ACTIVATIONS
from bpviz.descent.descend import descend
from bpviz.descent.optimizers import GradientDescent
from bpviz.descent.path import Path
from bpviz.explorers import two_weights
from bpviz.explorers.explorer import Explorer, Menu, Slider, each
from bpviz.explorers.own import TWO_WEIGHTS, of_two_weights
from bpviz.landscape.verdict import Verdict, verdict
from bpviz.plots.answers import draw_answers
from bpviz.plots.landscape import curve, draw_landscape, loss_axis, names_of_minima, path_over
from bpviz.plots.layout import Layout, Legend, Row, Stack, Tall, Tile
from bpviz.plots.motion import Drawing
from bpviz.plots.style import BLUE, GREEN, INK, ORANGE, PAPER, VERMILION, step_axis
from bpviz.symbolic.compare import compare_gradients
from bpviz.symbolic.gradient_table import GradientTable
from bpviz.words.catalogue import say

MOST_STEPS = 10_000


@dataclass(frozen=True)
class Result:
    """What the sliders decide: the path, its answers, the gradient at its start three ways, and the verdict."""
    path: Path
    answers: two_weights.Outputs
    gradients: GradientTable
    verdict: Verdict | None
    asked: int

    @property
    def complete(self):
        return self.verdict is not None


def scene(values, fit=None):
    return two_weights.landscape(values["data"], values["activation"], fit=fit)


def compute(scene, values, memory):
    start = two_weights.start(values)
    optimizer, steps = GradientDescent(rate=values["rate"]), values["steps"]
    gradients = compare_gradients(scene.fit, start, scene.chain)

    def result(path, said):
        return Result(path, two_weights.answers(scene.fit, path), gradients, said, steps)

    before = None
    for part in descend.parts(scene.fit, start, optimizer, steps, until_settled=True):
        if before is not None and part.share < 1:             # a quick descent is shown once, with its verdict
            yield from each([before], lambda path: result(path, None))
        before = part
    yield Part(1.0, result(part.result, verdict(scene.fit, part.result, scene.points, optimizer)))


MARKS = Legend(46, columns=4, each=105, look=(("handletextpad", 0.2), ("columnspacing", 1.1)))
ANSWERS, LOSS, SLOPE = "What the network answers", "Loss at each step", "Size of the gradient"
KEY = Legend(42, columns=3, each=86)
LAYOUT = Layout(
    wide=Row((Tile("landscape", (62, 32, 0, 84), share=0.53, legend=MARKS,
                   title="Loss over both weights: dark is low"),
              Stack((Tile("answers", (84, 32, 48, 76), share=0.42, title=ANSWERS, legend=KEY),
                     Tile("loss", (84, 30, 48, 22), share=0.255, title=LOSS),
                     Tile("slope", (84, 30, 48, 52), share=0.325, title=SLOPE)), share=0.47))),
    tall=Tall(0.57, 500, 540),
    narrow=Stack((Tile("landscape", (58, 32, 40, 90), aspect=1, title="Loss (dark is low)", legend=MARKS),
                  Tile("answers", (58, 34, 40, 76), high=170, title=ANSWERS, legend=KEY),
                  Tile("loss", (58, 34, 40, 26), high=110, title=LOSS),
                  Tile("slope", (58, 34, 40, 48), high=110, title=SLOPE))))


def draw(axes, scene):
    landscape, loss, slope = axes.landscape, axes.loss, axes.slope
    draw_landscape(landscape, scene, across="$w_1$  (initial weight, layer 1)", up="$w_2$  (layer 2)")
    for marker, colour, edge, label in (("s", ORANGE, INK, "start: drag it"), ("o", "none", VERMILION, "end"),
                                        ("o", PAPER, INK, "minimum"), ("D", PAPER, INK, "saddle")):
        landscape.plot([], [], marker, markersize=8, markerfacecolor=colour, markeredgecolor=edge, label=label)
    for one in (loss, slope):
        step_axis(one, MOST_STEPS)
    slope.set_xlabel("step")
    loss_axis(loss, scene)
    slope.set_yscale("log")
    slope.set(ylim=(1e-10, 10), yticks=[1e-9, 1e-6, 1e-3, 1])
    slope.minorticks_off()
    return Drawing((*draw_answers(axes.answers, scene.fit.data), *path_over(landscape),
                    names_of_minima(landscape, scene.points),
                    *curve(loss, "path.loss", {"color": BLUE}),
                    *curve(slope, "path.gradient_norm", {"color": GREEN})), landscape)


def words(result):
    if result.complete:
        costs = result.answers.costs
        return result.verdict.words + (" " + say("minima", "costs_most", **costs) if costs else "")
    return say("minima", "on_the_way", steps=result.path.steps, asked=result.asked, loss=result.path.loss[-1])


EXPLORER = Explorer(
    name="minima", title="Local minima",
    question="Which minimum does the network f(w2·f(w1·x)) fall into from these initial weights?",
    knobs=(
        two_weights.data_menu("activation", "rate"),
        Menu("activation", "activation f", lambda: tuple(ACTIVATIONS), "sigmoid", tip="what a unit answers"),
        *two_weights.start_sliders(1.0, 2.0),
        Slider("rate", "learning rate", 0.01, 100.0, 20.0, 0.01, log=True, tip="how far one step goes"),
        Slider("steps", "steps", 1, MOST_STEPS, 500, 0.01, log=True, whole=True, tip="how many steps of descent"),
    ),
    scene=scene, compute=compute, draw=draw, words=words, table=two_weights.table, layout=LAYOUT, handle=("w1", "w2"),
    takes=TWO_WEIGHTS, with_own=of_two_weights,
)
