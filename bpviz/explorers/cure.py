"""Does the cure let the deep network learn? The same network twice, from the same draw: without it and with it.

Both train at the same rate for as many steps; their loss grows on the page as they go. What the gradient is in each
layer is looked at every LOOK steps: before training, and on the way.
"""
from dataclasses import dataclass
from operator import attrgetter

import numpy as np

from bpviz.base.work import Part, within
from bpviz.calculus.activations import ACTIVATIONS
from bpviz.descent.crowd import Crowd
from bpviz.descent.optimizers import GradientDescent
from bpviz.descent.update import update
from bpviz.explorers.deep import deep_fit
from bpviz.explorers.explorer import Explorer, Menu, Slider, Small
from bpviz.network.backprop import backprop
from bpviz.network.gradient_flow import norm
from bpviz.network.starts import STARTS, initial_weights
from bpviz.plots.cure import LayerSizes, loss_of
from bpviz.plots.landscape import DRAG_STEP, moment_on, titled
from bpviz.plots.layout import Layout, Row, Stack, Tile
from bpviz.plots.motion import Drawing, Shaped
from bpviz.plots.places import Slide
from bpviz.words.catalogue import Said, say
from bpviz.words.numbers import plain, share

MOST_STEPS, LOOK, RUNS_KEPT = 800, 20, 6
GUESSES = 0.98                       # of the loss of the best constant answer: above that it is no better than guessing
NONE, RELU = "none", "relu, He"
CURES = {"skip": ("skip",), "layer norm": ("layer_norm",), "skip + layer norm": ("skip", "layer_norm"), RELU: ()}


@dataclass(frozen=True)
class Trained:
    """A training as far as it has come. losses: (k + 1,), before each step and now.

    steps: (m,), at which it was looked at.  delta: (m, L), |dL/dz| of each layer.  moved: (m, L), how far each layer's
    W has moved from its start, as a share of its length.  right: (m,), the share of rows on the right side of a half.
    guess: the loss of the best constant answer.  away: the step that took a weight beyond a million or to no number.
    """
    name: str
    losses: np.ndarray
    steps: np.ndarray
    delta: np.ndarray
    moved: np.ndarray
    right: np.ndarray
    guess: float
    away: int | None

    def at(self, step):
        """The last look before this step or at it."""
        return int(np.searchsorted(self.steps, step, side="right")) - 1


def training(name, fit, theta, rate):
    """Train from theta (P,), as Parts of the Trained so far, one for each look."""
    crowd = Crowd(fit, update(fit, GradientDescent(rate)), theta[:, None], handed=True)
    first = [W for W, _ in fit.network.layers(theta)]
    share_of_ones = fit.data.y.mean()
    guess = float(-np.log(share_of_ones) * share_of_ones - np.log1p(-share_of_ones) * (1 - share_of_ones))
    losses, looks, away = [], [], None
    for step in range(MOST_STEPS + 1):
        at = crowd.theta[:, 0]
        with np.errstate(all="ignore"):
            trace = backprop(fit, at)
        losses.append(float(trace.loss))
        look = step % LOOK == 0
        if look:
            layers = fit.network.layers(at)
            moved = [norm(W - begin) / max(norm(begin), 1e-300) for (W, _), begin in zip(layers, first, strict=True)]
            right = ((trace.a[-1] > 0.5) == (fit.data.y > 0.5)).mean()
            looks.append((step, [norm(delta) for delta in trace.delta], moved, right))
        if step < MOST_STEPS:
            crowd.step(trace.gradient[:, None])
            away = None if np.isfinite(losses[-1]) and crowd.near().all() else step
        done = step == MOST_STEPS or away is not None
        yield Part(1.0 if done else step / MOST_STEPS,
                   Trained(name, np.array(losses), *map(np.array, zip(*looks, strict=True)), guess, away)
                   if look or done else None)
        if done:
            return


@dataclass(frozen=True)
class Result:
    """Both trainings so far, without the cure and with it, and the step that is looked at."""
    plain: Trained
    cured: Trained
    step: int

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
        kind = "same" if 0.9 <= two / one <= 1.1 else "more" if two < one else "less"
        if not np.isfinite(one + two):
            kind = "none"
        return str(Said("cure", (("compared", {"kind": kind, "cure": self.cured.name, "loss": two, "plain": one,
                                               "steps": self.step}),
                                 *(("side", self._side(run)) for run in (self.plain, self.cured)))))

    def _side(self, run):
        first, last = run.delta[0][[0, -1]]
        away = run.away if run.away is not None and run.away <= self.step else None
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

    def begin(name):
        how = (scene.activation, values["start"]) if name != RELU else ("relu", "He")
        fit = deep_fit(depth, width, how[0], CURES.get(name, ()))
        theta = yield from within(initial_weights.parts(fit.network, how[1], seed), 0.0, 0.0)
        yield from training(name, fit, theta, rate)

    key = scene.activation, values["start"], depth, width, seed, rate
    works = [runs.resume((*key, name), lambda name=name: begin(name)) for name in (NONE, values["cure"])]
    found, shares, live = [None, None], [0.0, 0.0], [True, True]
    while any(live):
        k = int(shares[1] < shares[0]) if all(live) else live.index(True)       # they go side by side
        part = next(works[k], None)
        live[k] = part is not None and part.share < 1
        if part is not None:
            found[k], shares[k] = part.result or found[k], part.share
        news = part is not None and part.result is not None and None not in found and (k or not live[1])
        yield Part(min(shares), _result(found, values) if news else None)
    yield Part(1.0, _result(found, values))


def _result(found, values):
    return Result(*found, min(values["moment"], *(len(run.losses) - 1 for run in found)))


def layout(high):
    """Two columns of one scale: the gradient by layer above, the loss below."""
    return [Stack((Tile(f"sizes_{side}", (60, 30, 24, 50), **high), Tile(f"loss_{side}", (60, 26, 24, 48), **high)))
            for side in ("plain", "cured")]


LAYOUT = Layout(wide=Row(tuple(layout({}))), tall=424, narrow=Stack(tuple(layout({"high": 130}))))


def draw(axes, scene):
    bars, lines = LayerSizes(axes.sizes_plain, axes.sizes_cured), []
    for side in ("plain", "cured"):
        one = getattr(axes, f"loss_{side}")
        lines += [*loss_of(one, side, MOST_STEPS), moment_on(one, "step")]
        one.set_xlabel(DRAG_STEP)
    titles = [titled(axes.sizes_plain, "titles.0"), titled(axes.sizes_cured, "titles.1"),
              titled(axes.loss_plain, "looked")]
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
        Slider("seed", "seed", 0, 99, 0, 1, whole=True, tip="another draw of the weights, in both",
               rare=True),
        Slider("moment", "look at step", 1, MOST_STEPS, MOST_STEPS, 0.01, log=True, whole=True,
               tip="of the training of both"),
    ),
    scene=scene, compute=compute, draw=draw, layout=LAYOUT, plays="moment", until=attrgetter("until"),
    main=("cure", "depth"),
    small=Small({"MOST_STEPS": 20}, {"width": 12}, {"width": 8}, every=3),
)
