"""Which optimizer gets out of the bad minimum? A race from one start, and a count over 200.

One race proves nothing: the next start may turn it around. So every racer also runs from 200 random starts, and the
share that reaches the best minimum stands beside it with its 95 % interval.
"""
from dataclasses import dataclass, replace
from functools import partial

import numpy as np

from bpviz.base.work import Part, within
from bpviz.descent.descend import descend
from bpviz.descent.noise import MiniBatch
from bpviz.descent.restarts import restarts
from bpviz.explorers import two_weights
from bpviz.explorers.choices import ADAPTIVE, OURS, RATES, Choices
from bpviz.explorers.explorer import Explorer, Menu, Slider, Small
from bpviz.explorers.first_rate import FromStart
from bpviz.explorers.own import TWO_WEIGHTS
from bpviz.explorers.own_objective import of_two_weights
from bpviz.explorers.race import CLOSE, Race, ended, table, words
from bpviz.plots.escape import Histogram, Shares, look, look_of, looks, racers_answers, runners
from bpviz.plots.label import label
from bpviz.plots.landscape import (
    DRAG_STEP,
    alike,
    below_zero,
    curve,
    draw_landscape,
    loss_axis,
    moment_on,
    names_of_minima,
    titled,
)
from bpviz.plots.layout import Layout, Row, Stack, Tile
from bpviz.plots.motion import Drawing, Shaped, Words
from bpviz.plots.places import Slide
from bpviz.plots.style import step_axis
from bpviz.words.catalogue import say

STARTS, MOST_STEPS, MOMENTUM, BEGIN = 200, 2000, 0.9, (-3.0, 3.0)
NARROW = 0.08             # of an axis: losses of minima that stand so close together have one name
MOST_SHOWN = 500          # points of a path or a curve that are drawn
VALLEY_SHARE = 1e-4       # a loss below this share of the window's median one is on the floor of the valley
OWN_RATE = "own_rate"     # the knob of an own optimizer's rate
NOISES = {"none": None, "one row a step": MiniBatch(1), "two rows a step": MiniBatch(2)}
PENALTIES = {"0": 0.0, "0.0005": 0.0005, "0.002": 0.002, "0.01": 0.01}


@dataclass(frozen=True)
class Scene:
    """The landscape (with its penalty), the loss up to which the best minimum counts as reached, the labels of the best
    (several, if they are equally deep; "the valley" or "the lowest ground" where there is none).
    """
    land: two_weights.Landscape
    level: float
    best: tuple


def scene(values, fit=None):
    l2 = PENALTIES[values["l2"]] if fit is None else 0.0
    land = yield from within(two_weights.landscape(values["data"], l2=l2, fit=fit))
    yield Part(1.0, _scene(land))


def _scene(land):
    losses = land.points.loss[land.points.minima]
    if not len(losses):
        lowest = float(np.min(land.loss))
        name = "the valley" if land.points.valley.shape[1] else say("escape", "lowest_ground")
        return Scene(land, lowest + VALLEY_SHARE * (float(np.median(land.loss)) - lowest), (name,))
    deepest = losses <= losses[0] + 1e-9 * (1 + abs(losses[0]))             # mirror images are equally deep
    which = [land.points.minima[k] for k in np.flatnonzero(deepest)]
    # a fifth of the way up to the next minimum; where there is none, what the flattest way costs up to CLOSE
    up = (0.5 * land.points.eigenvalues[0, which].max() * CLOSE ** 2 if deepest.all() else
          0.2 * (losses[~deepest][0] - losses[0]))
    return Scene(land, float(losses[0] + up), tuple(land.points.label[k] for k in which))


def compute(scene, values, memory, choices=OURS):
    fit, start, steps = scene.land.fit, two_weights.start(values), values["steps"]
    noise = NOISES[values.get("noise", "none")]
    rates = {name: values["adaptive"] if name in ADAPTIVE else values["rate"] * (1 - MOMENTUM)
             for name in choices.racers}
    rates["gradient descent"] = values["rate"]
    if choices.own is not None:
        rates[choices.own.name] = values[OWN_RATE]
    optimizers = {name: choices.named(name, rates[name], MOMENTUM) for name in choices.racers}
    paths = {}
    for name, optimizer in optimizers.items():
        paths[name] = descend(fit, start, optimizer, steps, noise=noise, keep_inner=name == values["inside"])
        if noise is not None:
            yield Part(0.0)                        # noise is drawn anew at each step, which takes its time
    ends = {name: ended(scene, path) for name, path in paths.items()}
    now = {name: two_weights.moment(scene.land, path, values["moment"]) for name, path in paths.items()}

    penalties = {name: float(fit.penalty(path.end) / path.loss[-1]) for name, path in paths.items()
                 if scene.land.answers and fit.l2 and path.ended != "ran away"}

    def work(optimizer):
        return memory.resume((optimizer, steps, noise), lambda: restarts.parts(
            fit, optimizer, scene.land.starts(STARTS), steps, noise=noise))

    works = {name: work(optimizer) for name, optimizer in optimizers.items()}
    begun = {name: next(works[name]) for name in works if (optimizers[name], steps, noise) in memory}
    runs = {name: begun[name].result if name in begun and begun[name].share == 1 else None for name in works}

    def result():
        return Race(paths, ends, dict(runs), scene.level, scene.best, values["inside"], values["restarts"], rates,
                    now, penalties)

    yield Part(0.0, result())
    for k, name in enumerate(works):
        for part in works[name]:
            done = part.share == 1
            runs[name] = part.result if done else runs[name]
            yield Part((k + part.share) / len(works), result() if done else None)
    yield Part(1.0, result())


RACE, THEIRS = "The race (dark is low)", "What they answer"


def layout(choices, bare=False):
    """Where the axes stand, with room for the bars of all racers and for their names.  bare: without what they answer.

    On narrow pages a name that we do not know may be too long for the room beside the bars.
    """
    bars, names = 15 * len(choices.racers), 150 if choices.own is None else 170
    theirs = [] if bare else [Tile("answers", (58, 30, 30, 48), title=THEIRS)]
    return Layout(
        wide=Row((Tile("landscape", (54, 30, 0, 48), share=0.3, title=RACE),
                  Stack((Tile("loss", (58, 30, 30, 46)), *theirs), share=0.28),
                  Stack((Tile("shares", (names, 30, 20, 0), high=bars),
                         Row((Tile("final", (30, 70, 4, 46), share=0.37),
                              Tile("inside", (44, 70, 10, 46), share=0.63)))), share=0.42))),
        tall=424,
        narrow=Stack((Tile("landscape", (56, 30, 14, 48), aspect=1, most=250, title=RACE),
                      Tile("loss", (60, 30, 34, 48), high=120),
                      *(replace(tile, room=(60, 30, 34, 48), high=120) for tile in theirs),
                      Tile("shares", (names - 4, 56, 24, 0), high=bars),
                      Tile("inside", (60, 68, 20, 0), high=100),
                      Tile("final", (60, 68, 20, 56), high=100))))


def draw(axes, scene, choices=OURS):
    own = int(choices.own is not None)
    racers = dict(zip(choices.racers, looks(len(choices.racers) - own, own), strict=True))
    landscape, loss, inside = axes.landscape, axes.loss, axes.inside
    draw_landscape(landscape, scene.land, letters=False)
    step_axis(loss, MOST_STEPS)
    loss_axis(loss, scene.land)
    loss.set_xlabel(DRAG_STEP)
    bars = Shares(axes.shares, racers)
    curves = [binding for name, one in racers.items()
              for binding in curve(loss, f"paths.{name}.loss", look_of(one), MOST_SHOWN)]
    axes.shares.set_title(say("escape", "reach_title", best=scene.best, short=(
        len(scene.best) > 2 or scene.best == (say("escape", "lowest_ground"),))))
    step_axis(inside, MOST_STEPS)
    inside.set(yscale="log", xlabel="step", ylim=(1e-9, 1e3), yticks=[1e-8, 1e-4, 1])
    inside.minorticks_off()
    heading = label(inside, 0, 2e4, va="bottom", fontsize=9.5, fontweight="bold")
    points = scene.land.points
    levels, names = points.loss[points.minima], [points.label[k] for k in points.minima]
    low, high = _reach(scene, levels)
    hist = Histogram(axes.final, low, high, 24, alike(levels, names, NARROW * (high - low)))
    axes.final.set(xlabel="final loss of 200 starts")

    state = [binding for k in range(3)
             for binding in curve(inside, f"inside.{k}", look_of(look(k)), MOST_SHOWN)]
    return Drawing((*runners(landscape, racers, MOST_SHOWN), names_of_minima(landscape, points, beside=True),
                    *curves, moment_on(loss, "step_now"), titled(loss, "heading_now"),
                    *(racers_answers(axes.answers, scene.land.fit, racers) if scene.land.answers else ()),
                    Shaped(bars, ("shares",)), *state,
                    Words(heading, "heading"), Shaped(hist, ("final",))), landscape, places=(Slide(loss, "moment"),))


def _reach(scene, levels):
    """The losses at the ends of the histogram.  levels: of the minima, ascending."""
    high = float(np.quantile(scene.land.loss, 0.9))
    if below_zero(scene.land) is None:
        return 0.0, min(high, 6 * max(scene.level, 1e-3))
    low, top = (levels[0], levels[-1]) if len(levels) else (float(np.min(scene.land.loss)), high)
    return low, min(high, max(top, scene.level) + 0.5 * (max(top, scene.level) - low))


def explorer(choices=OURS):
    """The explorer with these optimizers in the race."""
    own_rate = () if choices.own is None else (
        Slider(OWN_RATE, "own rate", *RATES, choices.own.rate, 0.01, log=True, tip=choices.own.name),)
    return Explorer(
        name="escape", title="Escape from a bad minimum",
        question="Do momentum, RMSprop, Adam, noise, a penalty or restarts reach the best minimum more often?",
        knobs=(
            two_weights.data_menu("rate"),
            Menu("noise", "noise", lambda: tuple(NOISES), "none", tip="how many rows of the data a step sees",
                 scene=False),
            Menu("l2", "penalty l2", lambda: tuple(PENALTIES), "0", tip="weight of the sum of squared weights"),
            Menu("inside", "look inside", lambda: choices.racers, "Adam",
                 tip="whose inner state and final losses are shown", own=True, scene=False),
            *two_weights.start_sliders(*BEGIN, rare=True),
            Slider("rate", "rate", 0.01, 100.0, 20.0, 0.01, log=True, tip="plain; a tenth with momentum"),
            Slider("adaptive", "adaptive rate", 0.001, 1.0, 0.05, 0.01, log=True, tip=", ".join(ADAPTIVE)),
            *own_rate,
            Slider("steps", "steps", 10, MOST_STEPS, 500, 0.01, log=True, whole=True, tip="how many steps each runs",
                   rare=True),
            Slider("restarts", "restarts", 1, 20, 5, 1, whole=True, tip="from how many random starts each may try",
                   rare=True),
            two_weights.moment_slider(MOST_STEPS, rare=True),
        ),
        scene=scene, compute=partial(compute, choices=choices), draw=partial(draw, choices=choices), words=words,
            table=table, layout=layout(choices), main=("rate", "adaptive"), handle=("w1", "w2"),
            plays="moment", until=lambda result: max(path.kept for path in result.paths.values()),
            suits=FromStart(BEGIN), joined=lambda own: explorer(Choices(own)), takes=TWO_WEIGHTS,
            with_own=partial(of_two_weights, bare=layout(choices, bare=True)),
        small=Small({"STARTS": 12}, {"steps": 40}),
    )


EXPLORER = explorer()
