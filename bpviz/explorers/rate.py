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
from bpviz.explorers.explorer import Drawing, Explorer, Menu, Slider, Small, each, thinned
from bpviz.landscape.verdict import verdict
from bpviz.plots.landscape import CurveArtists, PathArtists, draw_critical_points, draw_loss, names_of_minima
from bpviz.plots.rate import Sweep
from bpviz.plots.style import BLUE, place, step_axis
from bpviz.symbolic.compare import compare_gradients
from bpviz.symbolic.gradient_table import GradientTable, captioned

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


def scene(values):
    land = yield from within(two_weights.landscape(values["data"]))
    points = land.points
    limits = tuple((points.label[k], GradientDescent().stability_limit(points.eigenvalues[:, k].max()))
                   for k in points.minima)
    yield Part(1.0, Scene(land, limits))


def compute(scene, values, memory):
    start, steps = np.array([values["w1"], values["w2"]]), values["steps"]
    optimizer, land = GradientDescent(rate=values["rate"]), scene.land
    path = descend(land.fit, start, optimizer, steps, until_settled=True)
    gradients = compare_gradients(land.fit, start, land.chain)
    said, valley = verdict(land.fit, path, land.points, optimizer).words, land.points.valley.shape[1] > 0
    sweep = memory.resume((*start.tolist(), steps), lambda: _sweep(land.fit, start, steps))
    yield from each(sweep, lambda final: Result(path, final, optimizer.rate, scene.limits, gradients, said, valley))


def _sweep(fit, start, steps):
    """The final loss at each of RATES, nan where it is not known yet, as Parts."""
    final = np.full(len(RATES), np.nan)
    for done, k in enumerate(order(len(RATES)), start=1):
        one = descend(fit, start, GradientDescent(rate=RATES[k]), steps, until_settled=True)
        final[k] = np.inf if one.ended == "ran away" else one.loss[-1]
        yield Part(done / len(RATES), final.copy())


def order(n):
    """Every eighth first, then those in between: the curve is there at once, and fills up."""
    return list(dict.fromkeys(k for step in (8, 4, 2, 1) for k in range(0, n, step)))


def draw(figure, scene, wide):
    width, tall = (round(side * 100) for side in figure.get_size_inches())
    if wide:
        middle = round(0.42 * width)
        boxes = ((56, 34, middle, tall - 56), (middle + 76, 34, width - 24, tall / 2 - 44),
                 (middle + 76, tall / 2 + 34, width - 24, tall - 56))
    else:
        floor = width - 60
        boxes = ((56, 34, width - 20, floor), (64, floor + 100, width - 24, floor + 230),
                 (64, floor + 300, width - 24, floor + 470))
    landscape, loss, sweep = (place(figure, *box) for box in boxes)
    draw_loss(landscape, scene.land.plane, scene.land.loss)
    draw_critical_points(landscape, scene.land.points)
    landscape.set(xlabel="$w_1$", ylabel="$w_2$", title="Path (dark is low)")
    step_axis(loss, MOST_STEPS)
    loss.set(title="Loss at each step", xlabel="step")
    high = float(np.nanmax(scene.land.loss))
    loss.set(ylim=(0, 1.05 * min(high, 30 * float(np.nanmedian(scene.land.loss)))))
    path, curve, rates = PathArtists(landscape), CurveArtists(loss, BLUE), Sweep(sweep, RATES, scene.limits)

    def update(result):
        shown = thinned(result.path.steps + 1)
        path.update(result.path.theta[:, shown])
        curve.update(shown, result.path.loss[shown])
        rates.update(result.rate, result.final)

    letters = names_of_minima(landscape, scene.land.points)
    return Drawing((*path.artists, *letters, *curve.artists, *rates.artists), update, landscape)


def words(result):
    said = ", ".join(f"{label} {limit:.3g}" for label, limit in result.limits) or (
        "none, for a curve of level points crosses the window, and no single minimum was found in it" if result.valley
        else "none, for no minimum was found in the window")
    return f"Rate {result.rate:.3g}: {result.words} Stability limits 2/λmax: {said}."


def table(result):
    return captioned(result.gradients, "Gradient at the start point, found three ways", ("w1", "w2"))


def height(width):
    return 480 if width >= 720 else width + 480


EXPLORER = Explorer(
    name="rate", title="The learning rate",
    question="Which learning rates reach a minimum from this start, and which can never settle?",
    knobs=(
        Menu("data", "data set", two_weights.data_sets, "seesaw",
             two_weights.suited("rate"), "which examples the network learns"),
        Slider("rate", "learning rate", 0.01, 200.0, 20.0, 0.01, log=True, tip="how far one step goes"),
        Slider("w1", "w1", -two_weights.REACH, two_weights.REACH, 1.0, 0.01, tip="initial weight of layer 1"),
        Slider("w2", "w2", -two_weights.REACH, two_weights.REACH, 2.0, 0.01, tip="initial weight of layer 2"),
        Slider("steps", "steps", 1, MOST_STEPS, 200, 0.01, log=True, whole=True, tip="how many steps of descent"),
    ),
    scene=scene, compute=compute, draw=draw, words=words, table=table, height=height, handle=("w1", "w2"),
    small=Small({"RATES": RATES[::8]}),
)
