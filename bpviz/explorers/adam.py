"""What Adam makes of a gradient: m, v and the rate of its own that each of two weights gets, at any step of a descent.

Its path lies beside that of plain descent, from one start. Bars show one step taken apart (descent/adam_step.py):
gradient, mean and root on one scale for the whole run, the weights' own rates, and the step in learning rates.
"""
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from bpviz.base.work import Part, in_parts, within
from bpviz.calculus.surfaces import SURFACES
from bpviz.descent.adam_step import AdamStep, adam_step
from bpviz.descent.adaptive import Adam
from bpviz.descent.descend import descend
from bpviz.descent.optimizers import GradientDescent
from bpviz.descent.path import RAN_AWAY, Path
from bpviz.explorers import two_weights
from bpviz.explorers.by_weight import LIKE, compared, in_rates, own_rates
from bpviz.explorers.explorer import Explorer, Menu, Slider, each
from bpviz.explorers.own import TWO_WEIGHTS
from bpviz.explorers.own_objective import of_two_weights
from bpviz.landscape.critical import critical_points
from bpviz.landscape.planes import window
from bpviz.landscape.rates import suited_rate
from bpviz.plots.adam import HIGH, LEFT, StepBars, loss_from_the_lowest, written
from bpviz.plots.landscape import (
    DRAG_STEP,
    MOMENT,
    START,
    curve,
    draw_landscape,
    moment_on,
    moment_over,
    names_of_minima,
)
from bpviz.plots.layout import Layout, Legend, Row, Stack, Tile
from bpviz.plots.momentum import PLAIN, heading
from bpviz.plots.motion import Drawing, Shaped, Stroke
from bpviz.plots.places import Slide
from bpviz.plots.style import BLUE, PAPER, VERMILION, step_axis
from bpviz.words.catalogue import Said, say
from bpviz.words.numbers import plain3

MOST_STEPS = 1000
CLOSE = 0.25                  # a path that ends this close to a minimum is said to be near it
BEYOND = {"bowl": 0.08, "himmelblau": 0.01}                       # test surfaces, and the rate that plain descent gets


@dataclass(frozen=True)
class Result:
    """Both paths, and the step of Adam that is looked at.

    path: Adam's.  other: that of plain descent, at rate `plain`.  here: the AdamStep.
    largest: the largest |dL/dw| of Adam's run.
    """
    path: Path
    other: Path
    here: AdamStep
    largest: float
    plain: float
    points: object

    @property
    def step(self):
        return self.here.t

    @cached_property
    def spots(self):
        """The weights after this step of Adam, and of plain descent: ((2,), (2,))."""
        return self.path.theta[:, self.step], self.other.theta[:, min(self.step, self.other.kept)]

    @cached_property
    def scale(self):
        return say("adam", "scale", largest=self.largest)

    @cached_property
    def ends(self):
        return tuple(end_of(self.points, path) for path in (self.path, self.other))

    @cached_property
    def heads(self):
        """{view: its title}, what is so now."""
        one, two = self.ends
        losses = self.path.loss[self.step], self.other.loss[min(self.step, self.other.kept)]
        both = one["label"] if one["label"] == two["label"] else ""
        return {"ends": say("adam", "title_ends", both=both or None, neither=not (one["label"] or two["label"]),
                            adam=one, plain=two),
                "step": say("adam", "title_step", **compared(self.here)),
                "rate": say("adam", "title_rate", **in_rates(self.here)),
                "own": say("adam", "title_own", **own_rates(self.here)),
                "loss": say("adam", "title_loss", step=self.step, adam=losses[0], plain=losses[1])}

    @property
    def words(self):
        return str(Said("adam", tuple(sentences(self))))

    def table(self):
        here = self.here
        rows = [(name, *map(plain3, values)) for name, values in (
            ("gradient g", here.gradient), ("m", here.m), ("v", here.v), ("m̂ = m / (1 − β₁ᵗ)", here.mean),
            ("v̂ = v / (1 − β₂ᵗ)", here.square), ("rate / (√v̂ + ε)", here.rates), ("step", here.move))]
        return say("adam", "table", t=here.t), (say("adam", "corner"), "w1", "w2"), rows


def end_of(points, path):
    """Where a Path of two weights ended, as facts: the label of the minimum of `points` within CLOSE, "" for none."""
    label = ""
    if len(points.minima):
        away = np.linalg.norm(points.theta[:, points.minima] - path.end[:, None], axis=0)
        label = points.label[points.minima[away.argmin()]] if away.min() < CLOSE else ""
    return {"away": path.ended == RAN_AWAY, "label": label}


def sentences(result):
    """The verdict: (key, facts) of each sentence."""
    here = result.here
    facts = compared(here)
    yield "step", facts
    if facts["kind"] in ("one", "two", "moves", "coasts"):
        if (own := own_rates(here))["apart"]:
            yield "rates", own
        if (near := in_rates(here))["near"]:
            yield "near", near
        uphill = np.flatnonzero(here.move * here.gradient > 0)
        if len(uphill):
            yield "against", {"names": " and ".join(f"w{n + 1}" for n in uphill), "many": len(uphill)}
        if here.uncorrected is not None and not 1 / LIKE <= here.uncorrected <= LIKE:
            yield "correction", {"times": here.uncorrected}
    one, two = result.ends
    lost = one["away"] or two["away"] or one["label"] or two["label"]
    yield "ends", {"steps": result.path.steps, "adam": one, "other": two, "plain": result.plain, "neither": not lost}


def scene(values, fit=None):
    if values["data"] not in BEYOND:
        return two_weights.landscape(values["data"], fit=fit)
    return _surface(SURFACES[values["data"]])


def _surface(surface):
    """The Landscape of a test surface in the window of the networks, without a derivation."""
    plane = window(-two_weights.REACH, two_weights.REACH)
    points = yield from within(critical_points.parts(surface, -two_weights.REACH, two_weights.REACH), 0.0, 0.9)
    yield Part(1.0, two_weights.Landscape(surface, plane, plane.loss(surface), points, None))


@in_parts
def both_ways(objective, start, adam, plain, steps):
    """(Adam's Path, what it kept within; that of plain descent; the largest |slope| of Adam's run), as Parts."""
    path = yield from within(descend.parts(objective, start, adam, steps, keep_inner=True), 0.0, 0.6)
    other = yield from within(descend.parts(objective, start, plain, steps), 0.6, 0.9)
    slopes = np.abs(objective.gradient(path.theta[:, :path.kept + 1]))
    yield Part(1.0, (path, other, float(np.max(slopes, initial=0.0, where=np.isfinite(slopes)))))


def compute(scene, values, memory):
    start, steps = two_weights.start(values), values["steps"]
    adam = Adam(values["rate"], (values["beta1"], values["beta2"]))
    plain = GradientDescent(values["plain"])
    walks = memory.resume((*start.tolist(), adam, plain, steps),
                          lambda: both_ways.parts(scene.fit, start, adam, plain, steps))
    yield from each(walks, lambda walked: Result(*walked[:2], adam_step(scene.fit, walked[0], adam, values["moment"]),
                                                 walked[2], plain.rate, scene.points))


MARKS = Legend(44, columns=2, each=130, look=(("handlelength", 1.8), ("columnspacing", 1.0), ("labelspacing", 0.25)))
LAYOUT = Layout(
    wide=Row((Tile("landscape", (58, 30, 0, 88), share=0.42, legend=MARKS),
              Stack((Tile("bars", (92, 30, 128, 10), high=HIGH), Tile("loss", (92, 26, 34, 46), share=1.0)),
                    share=0.58))),
    tall=428, turn=720,
    narrow=Stack((Tile("landscape", (58, 32, 30, 92), aspect=1, most=246, legend=MARKS),
                  Tile("bars", (86, 34, 126, 14), high=HIGH), Tile("loss", (64, 28, 40, 48), high=100))))


def draw(axes, scene):
    landscape, loss = axes.landscape, axes.loss
    draw_landscape(landscape, scene)
    adam = {"color": VERMILION, "linewidth": 1.8, "marker": ".", "markersize": 4, "solid_joinstyle": "round"}
    line = {**{name: value for name, value in PLAIN.items() if not name.startswith("marker")}, "linewidth": 2}
    dot = {**MOMENT, "marker": "D", "markersize": 8, "markerfacecolor": BLUE}
    for look, name in ((START, say("adam", "start")), (MOMENT, say("adam", "looked_at")), (adam, "Adam"),
                       (line, say("adam", "plain_path"))):
        landscape.plot([], [], **{**look, "markersize": 8}, label=name)
    bindings = []
    for name, look in (("other", line), ("path", adam)):
        both = {"x": f"{name}.theta.0", "y": f"{name}.theta.1"}
        bindings += [Stroke(landscape, **both, look={"color": PAPER, "linewidth": 3.8}),
                     Stroke(landscape, **both, look=look)]
    step_axis(loss, MOST_STEPS)
    loss.set_xlabel(DRAG_STEP)
    loss_from_the_lowest(loss, scene)
    return Drawing((*bindings, Stroke(landscape, "path.theta.1", "path.theta.0", START, part="first"),
                    names_of_minima(landscape, scene.points), moment_over(landscape, "spots.0"),
                    Stroke(landscape, "spots.1.1", "spots.1.0", dot),
                    *curve(loss, "other.loss", {**line, "marker": "D"}),
                    *curve(loss, "path.loss", {"color": VERMILION}),
                    moment_on(loss, "step"), Shaped(StepBars(axes.bars), ("here", "largest")), *written(axes.bars),
                    heading(landscape, "heads.ends", left=-30), heading(axes.bars, "heads.step", left=-LEFT),
                    heading(loss, "heads.loss", left=-40)),
                   landscape, places=(Slide(loss, "moment"),))


def with_own(explorer, given):
    """Of a fit of the learner's own; its rate is that of plain descent."""
    own = of_two_weights(explorer, given, explorer.layout, paced="plain")
    fit, plain = own.scene.keywords["fit"], own.knob("plain")
    start = [own.knob(name).value for name in own.handle]
    rate = getattr(fit, "data", None) and fit.data.rate or suited_rate(fit, start, plain.low, plain.high).rate
    sets = {"plain": plain.check(min(max(rate, plain.low), plain.high))}
    return replace(own, knobs=tuple(replace(knob, sets={knob.value: sets}) if knob.name == "data" else knob
                                    for knob in own.knobs))


STARTS = {"seesaw": {"w1": -4.0, "w2": -4.0}, "trident": {"w1": 3.5, "w2": 2.0}}
SETS = {name: {"plain": rate, "rate": 0.1, **STARTS.get(name, {"w1": 5.0, "w2": -3.5})} for name, rate in
        {**{name: sets["rate"] for name, sets in two_weights.suited("rate").items()}, **BEYOND}.items()}
EXPLORER = Explorer(
    name="adam", title="Adam",
    question="What do m, v and a rate of its own make of each weight's gradient, step by step?",
    knobs=(
        Menu("data", "data set", lambda: (*two_weights.data_sets(), *BEYOND), "seesaw", SETS,
             "which examples the network learns, or a test surface"),
        Slider("rate", "learning rate", 0.001, 1.0, 0.1, 0.01, log=True, tip="Adam's"),
        Slider("beta1", "β₁", 0.0, 0.99, 0.9, 0.01, tip="how much of the mean m stays at a step"),
        Slider("beta2", "β₂", 0.0, 0.999, 0.999, 0.001, tip="how much of the mean square v stays at a step"),
        Slider("moment", "look at step", 1, MOST_STEPS, 12, 0.01, log=True, whole=True,
               tip="whose numbers the bars show"),
        Slider("plain", "rate of plain descent", 0.001, 100.0, 20.0, 0.01, log=True, tip="beside it", rare=True),
        Slider("steps", "steps", 1, MOST_STEPS, 500, 0.01, log=True, whole=True, tip="how many steps of both",
               rare=True),
        *two_weights.start_sliders(-4.0, -4.0, rare=True),
    ),
    scene=scene, compute=compute, draw=draw, layout=LAYOUT, main=("rate", "beta1"), handle=("w1", "w2"), plays="moment",
    until=lambda result: result.path.kept, takes=TWO_WEIGHTS, with_own=with_own,
)
