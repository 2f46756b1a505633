"""Does the cure let the deep network learn? The same network twice, from the same draw: without it and with it.

Both train at the same rate for as many steps; their loss grows on the page as they go, shown every SHOWN steps. Then as
many steps of a few more seeds follow, without the cure and with it: was it luck?
"""
from dataclasses import dataclass
from functools import cached_property
from operator import attrgetter

import numpy as np

from bpviz.base.work import Part, within
from bpviz.calculus.activations import ACTIVATIONS
from bpviz.explorers.deep import deep_fit
from bpviz.explorers.explorer import Explorer, Menu, Slider, Small
from bpviz.explorers.trained import GUESSES, Trained, training
from bpviz.network.starts import STARTS, initial_weights
from bpviz.plots.cure import LayerSizes, loss_of
from bpviz.plots.landscape import DRAG_STEP, moment_on, titled
from bpviz.plots.layout import Layout, Row, Stack, Tile
from bpviz.plots.motion import Drawing, Shaped
from bpviz.plots.places import Slide
from bpviz.words.catalogue import Said, say
from bpviz.words.numbers import plain, share

SEEDS = 100
MOST_STEPS, MOST_SEEDS, RUNS_KEPT = 800, 9, 24
LEFT = -14                       # points: titles begin left of their axes, where these have names
NONE, RELU = "none", "relu, He"
CURES = {"skip": ("skip",), "layer norm": ("layer_norm",), "skip + layer norm": ("skip", "layer_norm"), RELU: ()}


@dataclass(frozen=True)
class Result:
    """Both trainings so far, without the cure and with it, and the step that is looked at.

    others: ((Trained, Trained), ...), the same of other seeds, each trained to its end.  seeds: how many there will be,
    with this one.  asked: the step that is asked for, while the trainings have not come as far; else None.
    """
    plain: Trained
    cured: Trained
    step: int
    others: tuple
    seeds: int
    asked: int | None = None

    @cached_property
    def bundles(self):
        """The losses of the other seeds, without the cure and with it: (((k + 1,), ...), (...))."""
        return tuple(tuple(pair[side].losses for pair in self.others) for side in (0, 1))

    @property
    def learned(self):
        """How many of all seeds so far have learned by this step, without the cure and with it."""
        pairs = ((self.plain, self.cured), *self.others)
        return tuple(sum(pair[side].learned(self.step) for pair in pairs) for side in (0, 1))

    @property
    def until(self):
        """How far both have been trained."""
        return min(len(self.plain.losses), len(self.cured.losses)) - 1

    @property
    def sizes(self):
        """|dL/dz| by layer of both, at the last look before the step: ((L,), (L,))."""
        return tuple(run.delta[run.at(self.step)] for run in (self.plain, self.cured))

    @property
    def titles(self):
        """What is above each of them."""
        return tuple(say("cure", "title", name=run.name, cured=run is self.cured, loss=run.losses[self.step],
                         right=run.right[run.at(self.step)]) for run in (self.plain, self.cured))

    @property
    def looked(self):
        """At which step the bars are."""
        return say("cure", "bars", step=int(self.plain.steps[self.plain.at(self.step)]))

    @property
    def words(self):
        one, two = self.plain.losses[self.step], self.cured.losses[self.step]
        under_way = self.asked is not None
        return str(Said("cure", (*([("training", {"step": self.step, "asked": self.asked})] if under_way else []),
                                 ("compared", {"kind": self._kind(one, two), "cure": self.cured.name,
                                               "loss": two, "plain": one,
                                               "steps": self.step}),
                                 *([("luck", self._seeds())] if self.seeds > 1 and not under_way else []),
                                 *(("side", self._side(run)) for run in (self.plain, self.cured)))))

    def _kind(self, one, two):
        """What these losses, without and with, say of learning: nothing, if the lower one has not come down."""
        if not np.isfinite(one + two):
            return "none"
        if 0.9 <= two / one <= 1.1:
            return "same"
        fell = one < self.plain.losses[0], two < self.cured.losses[0]
        if self.step > 1 and not any(fell):
            return "neither"
        return "level" if self.step <= 1 or not fell[int(two < one)] else "more" if two < one else "less"

    def _seeds(self):
        one, two = self.learned
        return {"of": self.seeds, "others": self.seeds - 1, "done": len(self.others),
                "whole": len(self.others) + 1 == self.seeds,
                "plain": one, "cured": two, "step": self.step}

    def _side(self, run):
        first, last = run.delta[0][[0, -1]]
        away = run.away if run.away == self.step + 1 else None
        return {"cure": None if run is self.plain else run.name,
                "gets": {"layers": len(run.delta[0]),
                         "part": first / last if last > 0 and np.isfinite(first / last) else None},
                "ends": {"right": run.right[run.at(self.step)], "away": away,
                         "guess": bool(run.losses[self.step] > GUESSES * run.guess)}}

    def table(self):
        """Layer by layer: the gradient before training, and how far each has moved by now, of both."""
        moved = [run.moved[run.at(self.step)] for run in (self.plain, self.cured)]
        rows = [(str(k + 1), *(plain(run.delta[0][k]) for run in (self.plain, self.cured)),
                 *(share(one[k]) for one in moved)) for k in range(len(moved[0]))]
        return say("cure", "table", step=self.step), (
            "layer", "|dL/dz|", f"|dL/dz|, {self.cured.name}", "moved", f"moved, {self.cured.name}"), rows


@dataclass(frozen=True)
class Scene:
    """The names that do not change with the sliders."""
    activation: str


def scene(values):
    yield Part(1.0, Scene(values["activation"]))


def compute(scene, values, memory):
    depth, width, seed, rate = (values[name] for name in ("depth", "width", "seed", "rate"))
    runs = memory.get("runs", lambda: memory.__class__(RUNS_KEPT))

    def begin(name, seed, looked=True):
        how = (scene.activation, values["start"]) if name != RELU else ("relu", "He")
        fit = deep_fit(depth, width, how[0], CURES.get(name, ()))
        theta = yield from within(initial_weights.parts(fit.network, how[1], seed), 0.0, 0.0)
        yield from training(name, fit, theta, rate, MOST_STEPS, looked)

    key = scene.activation, values["start"], depth, width, rate
    both = NONE, values["cure"]
    seeds = [(seed + k) % SEEDS for k in range(1, values["seeds"])]
    works = [runs.resume((*key, seed, name), lambda name=name: begin(name, seed)) for name in both]
    found, shares, live, first = [None, None], [0.0, 0.0], [True, True], 1 / values["seeds"]
    while any(live):
        k = int(shares[1] < shares[0]) if all(live) else live.index(True)       # they go side by side
        part = next(works[k], None)
        live[k] = part is not None and part.share < 1
        if part is not None:
            found[k], shares[k] = part.result or found[k], part.share
        news = part is not None and part.result is not None and None not in found and (k or not live[1])
        yield Part(first * min(shares), _result(found, values, (), live) if news else None)
    others = []
    for other in seeds:
        pair = []
        for k, name in enumerate(both):
            work = runs.resume((*key, other, name, "losses"), lambda name=name, other=other: begin(name, other, False))
            low = first * (len(others) + 1 + k / 2)
            pair.append((yield from within(work, low, low + first / 2)))
        others.append(tuple(pair))
        yield Part(first * (len(others) + 1), _result(found, values, tuple(others)))
    yield Part(1.0, _result(found, values, tuple(others)))


def _result(found, values, others, live=(False, False)):
    """live: which of both trainings go on."""
    ends, asked = [len(run.losses) - 1 for run in found], min(values["moment"], MOST_STEPS)
    behind = min(ends) < asked and live[ends.index(min(ends))]
    return Result(*found, min(asked, *ends), others, values["seeds"], asked if behind else None)


def layout(high):
    """Two columns of one scale: the gradient by layer above, the loss below."""
    return [Stack((Tile(f"sizes_{side}", (78, 30, 14, 50), **high), Tile(f"loss_{side}", (78, 26, 14, 48), **high)))
            for side in ("plain", "cured")]


LAYOUT = Layout(wide=Row(tuple(layout({}))), tall=424, narrow=Stack(tuple(layout({"high": 130}))))


def draw(axes, scene):
    bars, lines = LayerSizes(axes.sizes_plain, axes.sizes_cured), []
    for side in ("plain", "cured"):
        one = getattr(axes, f"loss_{side}")
        lines += [*loss_of(one, side, int(side == "cured"), MOST_STEPS), moment_on(one, "step")]
        one.set(xlabel=DRAG_STEP, ylabel=say("cure", "loss_axis"))
        getattr(axes, f"sizes_{side}").set_ylabel("|dL/dz|", labelpad=31)
    titles = [titled(axes.sizes_plain, "titles.0", LEFT), titled(axes.sizes_cured, "titles.1", LEFT),
              titled(axes.loss_plain, "looked", LEFT)]
    return Drawing((Shaped(bars, ("sizes",)), *titles, *lines),
                   places=(Slide(axes.loss_plain, "moment"), Slide(axes.loss_cured, "moment")))


EXPLORER = Explorer(
    name="cure", title="With and without the cure",
    question="The same deep network twice, from the same draw: does the cure let it learn?",
    knobs=(
        Menu("cure", "cure", lambda: tuple(CURES), "skip", tip="what the second network has and the first has not",
             scene=False),
        Menu("activation", "activation", lambda: tuple(ACTIVATIONS), "sigmoid",
             tip="what hidden units answer with", formula="activation"),
        Menu("start", "initial weights", lambda: tuple(STARTS), "Glorot normal", tip="how the weights are drawn",
             scene=False, rare=True),
        Slider("depth", "depth", 3, 30, 12, 1, whole=True, tip="layers after the inputs"),
        Slider("width", "width", 2, 128, 64, 0.01, log=True, whole=True, tip="units in each hidden layer"),
        Slider("rate", "learning rate", 0.01, 10.0, 0.2, 0.01, log=True, tip="how far one step goes, in both"),
        Slider("seed", "seed", 0, SEEDS - 1, 0, 1, whole=True, tip="another draw of the weights, in both",
               rare=True),
        Slider("seeds", "seeds in all", 1, MOST_SEEDS, 5, 1, whole=True,
               tip="this one and the next ones, each trained as long", rare=True),
        Slider("moment", "look at step", 1, MOST_STEPS, MOST_STEPS, 0.01, log=True, whole=True,
               tip="of the training of both"),
    ),
    scene=scene, compute=compute, draw=draw, layout=LAYOUT, plays="moment", until=attrgetter("until"),
    main=("cure", "depth"),
    small=Small({"MOST_STEPS": 20}, {"width": 12}, {"width": 8}, every=3),
)
