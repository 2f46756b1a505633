"""Which optimizer gets out of the bad minimum? A race from one start, and a count over 200.

One race proves nothing: the next start may turn it around. So every racer also runs from 200 random starts, and the
share that reaches the best minimum stands beside it with its 95 % interval.
"""
from dataclasses import dataclass

import numpy as np

from bpviz.base.work import Part, within
from bpviz.descent.descend import descend
from bpviz.descent.noise import MiniBatch
from bpviz.descent.restarts import restarts
from bpviz.explorers import two_weights
from bpviz.explorers.choices import ADAPTIVE, optimizer_named
from bpviz.explorers.escape_words import RACERS, named, table, words
from bpviz.explorers.explorer import Drawing, Explorer, Menu, Slider, Small, thinned
from bpviz.plots.escape import Curves, Histogram, Runners, Shares
from bpviz.plots.label import label
from bpviz.plots.landscape import draw_critical_points, draw_loss, names_of_minima
from bpviz.plots.style import place, step_axis

STARTS, MOST_STEPS, MOMENTUM = 200, 2000, 0.9
CLOSE = 0.25              # a path that ends this close to a minimum is said to end in it
VALLEY_SHARE = 1e-4       # a loss below this share of the window's median one is on the floor of the valley
NOISES = {"none": None, "one row a step": MiniBatch(1), "two rows a step": MiniBatch(2)}
PENALTIES = {"0": 0.0, "0.0005": 0.0005, "0.002": 0.002, "0.01": 0.01}


@dataclass(frozen=True)
class Scene:
    """The landscape (with its penalty), the loss up to which the best minimum counts as reached, the labels of the best
    (several, if they are equally deep; or "the valley").
    """
    land: two_weights.Landscape
    level: float
    best: tuple


@dataclass(frozen=True)
class Result:
    """paths: one Path a racer.  ends: in words where each ended.  runs: {racer: Restarts or None}.

    shown: the racer whose inner state is shown.  tries: how many restarts.  rates: {racer: its learning rate}.
    """
    paths: dict
    ends: dict
    runs: dict
    level: float
    best: tuple
    shown: str
    tries: int
    rates: dict

    def reached(self, name):
        """(share, low, high) of this racer, or None while it has not run."""
        run = self.runs[name]
        if run is None or not run.steps.any():
            return None
        k, n, low, high = run.reached(self.level)
        return k / n, low, high


def scene(values):
    land = yield from within(two_weights.landscape(values["data"], l2=PENALTIES[values["l2"]]))
    yield Part(1.0, _scene(land))


def _scene(land):
    losses = land.points.loss[land.points.minima]
    if not len(losses):
        lowest = float(np.min(land.loss))
        return Scene(land, lowest + VALLEY_SHARE * (float(np.median(land.loss)) - lowest), ("the valley",))
    deepest = losses <= losses[0] + 1e-9 * (1 + abs(losses[0]))             # mirror images are equally deep
    which = [land.points.minima[k] for k in np.flatnonzero(deepest)]
    # a fifth of the way up to the next minimum; where there is none, what the flattest way costs up to CLOSE
    up = (0.5 * land.points.eigenvalues[0, which].max() * CLOSE ** 2 if deepest.all() else
          0.2 * (losses[~deepest][0] - losses[0]))
    return Scene(land, float(losses[0] + up), tuple(land.points.label[k] for k in which))


def compute(scene, values, memory):
    fit, start, steps = scene.land.fit, np.array([values["w1"], values["w2"]]), values["steps"]
    noise = NOISES[values["noise"]]
    rates = {name: values["adaptive"] if name in ADAPTIVE else values["rate"] * (1 - MOMENTUM) for name in RACERS}
    rates["gradient descent"] = values["rate"]
    optimizers = {name: optimizer_named(name, rates[name], MOMENTUM) for name in RACERS}
    paths = {}
    for name, optimizer in optimizers.items():
        paths[name] = descend(fit, start, optimizer, steps, noise=noise, keep_inner=name == values["inside"])
        if noise is not None:
            yield Part(0.0)                        # noise is drawn anew at each step, which takes its time
    ends = {name: _ended(scene, path) for name, path in paths.items()}

    def work(optimizer):
        return memory.resume((optimizer, steps), lambda: restarts.parts(
            fit, optimizer, STARTS, steps, low=-two_weights.REACH, high=two_weights.REACH, noise=noise))

    works = {name: work(optimizer) for name, optimizer in optimizers.items()}
    begun = {name: next(works[name]) for name in RACERS if (optimizers[name], steps) in memory}
    runs = {name: begun[name].result if name in begun and begun[name].share == 1 else None for name in RACERS}

    def result():
        return Result(paths, ends, dict(runs), scene.level, scene.best, values["inside"], values["restarts"], rates)

    yield Part(0.0, result())
    for k, name in enumerate(RACERS):
        for part in works[name]:
            done = part.share == 1
            runs[name] = part.result if done else runs[name]
            yield Part((k + part.share) / len(RACERS), result() if done else None)
    yield Part(1.0, result())


def _ended(scene, path):
    """Where a path ended: the letter of the minimum it is close to, or what else became of it."""
    points = scene.land.points
    if path.ended == "ran away":
        return "ran away"
    near = [points.label[k] for k in points.minima if np.linalg.norm(points.theta[:, k] - path.end) < CLOSE]
    return near[0] if near else ("the valley" if path.loss[-1] <= scene.level else "nowhere yet")


def draw(figure, scene, wide):
    width, tall = (round(side * 100) for side in figure.get_size_inches())
    if wide:
        middle, low = round(0.47 * width), tall - 44
        left, half = middle + 70, round((middle + width) / 2) + 20
        boxes = ((56, 30, middle, low - 82), (left, 30, width - 40, 190), (left + 62, 244, width - 24, 400),
                 (half + 24, 458, width - 16, low), (left - 30, 458, half - 24, low))
    else:
        floor = width - 40
        boxes = ((56, 30, width - 14, floor), (60, floor + 152, width - 34, floor + 292),
                 (134, floor + 348, width - 24, floor + 498), (60, floor + 556, width - 20, floor + 656),
                 (60, floor + 724, width - 20, floor + 824))
    landscape, loss, shares, inside, final = (place(figure, *box) for box in boxes)
    draw_loss(landscape, scene.land.plane, scene.land.loss)
    draw_critical_points(landscape, scene.land.points, letters=False)
    landscape.set(xlabel="$w_1$", ylabel="$w_2$", title="The race (dark is low)")
    runners = Runners(landscape, RACERS)
    box = landscape.get_position()
    landscape.legend(loc="upper center", bbox_to_anchor=((box.x0 + box.x1) / 2, box.y0 - 44 / tall), frameon=False,
                     bbox_transform=figure.transFigure, ncols=3 if wide or width > 420 else 2, handletextpad=0.2,
                     columnspacing=0.9, borderpad=0)
    step_axis(loss, MOST_STEPS)
    two_weights.loss_axis(loss, scene.land)
    loss.set_title("Loss at each step")
    curves, bars = Curves(loss, len(RACERS)), Shares(shares, RACERS)
    shares.set_title(f"Reach {named(scene.best)}, %")
    step_axis(inside, MOST_STEPS)
    inside.set(yscale="log", ylim=(1e-9, 1e3), yticks=[1e-8, 1e-4, 1])
    inside.minorticks_off()
    state, heading = Curves(inside, 3), label(inside, 0, 2e4, va="bottom", fontsize=9.5, fontweight="bold")
    high = min(float(np.quantile(scene.land.loss, 0.9)), 6 * max(scene.level, 1e-3))
    points = scene.land.points
    hist = Histogram(final, high, 24, [(points.loss[k], points.label[k]) for k in points.minima])
    final.set(xlabel="final loss of 200 starts")

    def update(result):
        shown = {name: thinned(path.steps + 1, 500) for name, path in result.paths.items()}
        runners.update([path.theta[:, shown[name]] for name, path in result.paths.items()])
        curves.update([(shown[name], path.loss[shown[name]]) for name, path in result.paths.items()])
        bars.update([result.reached(name) for name in RACERS])
        inner = [np.linalg.norm(part, axis=0) for part in (result.paths[result.shown].inner or {}).values()
                 if part.ndim == 2][:3]
        steps = shown[result.shown]
        heading.set_text(_heading(result))
        state.update([(steps, inner[k][steps]) if k < len(inner) else (steps[:0], steps[:0]) for k in range(3)])
        run = result.runs[result.shown]
        hist.update(np.zeros(0) if run is None else run.loss)

    letters = names_of_minima(landscape, points, beside=True)
    moving = (*runners.artists, *letters, *curves.artists, *bars.artists, *state.artists, heading, *hist.artists)
    return Drawing(moving, update, landscape)


def _heading(result):
    """What the lines inside are, each after its dash."""
    names = [name for name, part in (result.paths[result.shown].inner or {}).items() if part.ndim == 2][:3]
    dashes = zip(("—", "- -", "-·-"), names, strict=False)
    return "inside: " + (", ".join(f"{dash} |{name}|" for dash, name in dashes) or "no state")


def height(width):
    return 640 if width >= 720 else width + 840


EXPLORER = Explorer(
    name="escape", title="Escape from a bad minimum",
    question="Do momentum, RMSprop, Adam, noise, a penalty or restarts reach the best minimum more often?",
    knobs=(
        Menu("data", "data set", two_weights.data_sets, "seesaw",
             {"seesaw": {"rate": 20.0}, "trident": {"rate": 2.0}, "linear saddle": {"rate": 0.02}}, "what is learned"),
        Menu("noise", "noise", lambda: tuple(NOISES), "none", tip="how many rows of the data a step sees"),
        Menu("l2", "penalty l2", lambda: tuple(PENALTIES), "0", tip="weight of the sum of squared weights"),
        Menu("inside", "look inside", lambda: RACERS, "Adam", tip="whose inner state and final losses are shown"),
        Slider("w1", "w1", -two_weights.REACH, two_weights.REACH, -3.0, 0.01, tip="initial weight of layer 1"),
        Slider("w2", "w2", -two_weights.REACH, two_weights.REACH, 3.0, 0.01, tip="initial weight of layer 2"),
        Slider("rate", "rate", 0.01, 100.0, 20.0, 0.01, log=True, tip="plain; a tenth with momentum"),
        Slider("adaptive", "adaptive rate", 0.001, 1.0, 0.05, 0.01, log=True, tip="AdaGrad, RMSprop, Adam, AdamW"),
        Slider("steps", "steps", 10, MOST_STEPS, 500, 0.01, log=True, whole=True, tip="how many steps each runs"),
        Slider("restarts", "restarts", 1, 20, 5, 1, whole=True, tip="from how many random starts each may try"),
    ),
    scene=scene, compute=compute, draw=draw, words=words, table=table, height=height, handle=("w1", "w2"),
    small=Small({"STARTS": 12}, {"steps": 40}),
)
