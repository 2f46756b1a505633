"""A slice is not the landscape: two slices through one point, and what each of them hides.

The weights stand at a point theta. The first slice shows the loss over two weights, or over two random directions;
the second slice goes through the same point in two other directions. What looks like a minimum in one may be a slope
in the other.
"""
from dataclasses import dataclass
from functools import partial

import numpy as np

from bpviz.base.arguments import whole
from bpviz.base.work import Part
from bpviz.descent.adaptive import Adam
from bpviz.descent.descend import descend
from bpviz.explorers.answers_at import CURVE, PLANE, Asking, answers_at, asked, ends_of, some_rows
from bpviz.explorers.explorer import Explorer, Menu, Slider, Small
from bpviz.explorers.own_hills import HILLS, MARKS, of_hills
from bpviz.explorers.own_surface import ANY_FIT, MOST_CURVED, cells_for, of_any_fit
from bpviz.landscape.directions import two_random
from bpviz.landscape.downhill import way_down
from bpviz.landscape.path_plane import PathPlane
from bpviz.landscape.slices import Slices, downhill, pairs_of_weights, slice_through
from bpviz.network.data import DATA, moons
from bpviz.network.fit import Fit
from bpviz.network.shape import Network
from bpviz.plots.answers_at import draw_curve, draw_plane, draw_rows_met
from bpviz.plots.landscape import START, path_over, titled
from bpviz.plots.layout import Layout, Row, Stack, Tall, Tile
from bpviz.plots.motion import Cells, Drawing, Over, Shaped, Stroke
from bpviz.plots.places import Turn
from bpviz.plots.surface import Arrows, Hills, loss_image
from bpviz.words.catalogue import say

CELLS, NET, ARROWS, REACH = 64, 32, 11, 3.0
SMALL = 176                      # pixels of the second slice's picture, a side
NETWORKS = {"1-1-1 sigmoid, seesaw": ((1, 1, 1), "sigmoid", DATA["seesaw"]),
            "2-2-1 tanh, xor": ((2, 2, 1), ("tanh", "sigmoid"), DATA["xor"]),
            "2-4-1 tanh, moons": ((2, 4, 1), ("tanh", "sigmoid"), moons(40))}
WEIGHTS, RANDOM = "two weights", "random directions"
MIDDLE = {"s": 0.0, "t": 0.0}                        # of the slice: the weights themselves
STATES = {"at a random start": 0, "after 100 steps": 100, "trained": 2000}


@dataclass(frozen=True)
class Scene:
    """The fit, and whether its slices go along random directions; how many points a side they have; where it is asked.

    own: weights of the learner's own (P,), or None.  track: the PathPlane of a path of their own, or None.
    """
    fit: Fit
    random: bool
    cells: int
    where: Asking
    own: np.ndarray | None = None
    track: PathPlane | None = None


@dataclass(frozen=True, repr=False)
class Result(Slices):
    """Two slices; the point's place in the first, arrows there; how the hills are turned and tilted, in degrees.

    way: places (2, n) in the first, of the track or downhill from the point.  answer: of the network at the point.
    twice: whether one weight was asked for both ways.
    """
    place: tuple
    arrows: tuple
    turn: float
    tilt: float
    way: np.ndarray
    answer: np.ndarray
    weights: str
    track: PathPlane | None = None
    twice: bool = False

    @property
    def heading(self):
        """The title of the first slice: how far the point is from its middle."""
        s, t = self.place
        return say("surface", "heading", weights=self.weights, s=s, t=t, moved=bool(s or t))

    def said(self):
        first, *others = super().said()
        held = self.track and ("held", {"held": self.track.held, "along": self.track.along})
        twice = ("twice", dict(zip(("one", "other"), self.first.names, strict=True))) if self.twice else None
        return tuple(filter(None, (held, first, twice, *others)))

    @property
    def net(self):
        """The loss of the first slice where the hills have their corners."""
        step = max(1, len(self.first.loss) // NET)
        return self.first.loss[::step, ::step]


def scene(values, own=None):
    if own is not None:
        fit, theta, track = own
        yield Part(1.0, Scene(fit, values["slice"] == RANDOM, cells_for(fit, CELLS), asked(fit), theta, track))
        return
    sizes, activation, data = NETWORKS[values["network"]]
    yield Part(0.5)
    fit = Fit(Network(sizes, activation, bias=sizes != (1, 1, 1)), "squared error", data)
    yield Part(1.0, Scene(fit, values["slice"] == RANDOM, CELLS, asked(fit)))


def _base(scene, seed, steps):
    """The point in the middle of the first slice, for this seed, after so many steps of training: (P,)."""
    if scene.own is not None:
        return scene.own
    start = np.random.default_rng(seed).normal(size=scene.fit.n_params)
    return descend(scene.fit, start, Adam(0.05), steps, until_settled=True).end


def _pairs(scene, values, base):
    """((directions (2, P), their names), ...) of both slices."""
    fit, seed = scene.fit, values["seed"]
    if scene.track is not None:
        return ((scene.track.directions, (say("surface", "main", place=1), say("surface", "main", place=2))),
                (two_random(fit.network, base, (seed, 2)), ("direction 3", "direction 4")))
    if scene.random:
        return tuple((two_random(fit.network, base, (seed, k)), (f"direction {2 * k - 1}", f"direction {2 * k}"))
                     for k in (1, 2))
    return pairs_of_weights(fit.names, *(whole(name, values[name], 1, fit.n_params) - 1
                                         for name in ("first", "second")))


def compute(scene, values, memory):
    fit, s, t, middle = scene.fit, values["s"], values["t"], (values["seed"], STATES.get(values["weights"], 0))
    base = memory.get(middle, lambda: _base(scene, *middle))
    (one, names), (two, others) = _pairs(scene, values, base)
    theta = base + s * one[0] + t * one[1]
    first, arrows = memory.get((*middle, names, tuple(one.ravel())), lambda: (
        slice_through(fit, base, one, names, REACH, scene.cells), downhill(fit, base, one, REACH, ARROWS)))
    second = slice_through(fit, theta, two, others, REACH, scene.cells // 2)
    small = fit.n_params <= MOST_CURVED
    way = (scene.track.places if scene.track is not None else
           way_down(fit, base, one, (s, t), REACH) if small else np.array([[s], [t]]))
    yield Part(1.0, Result(first, second, theta, float(fit.loss(theta)), fit.gradient(theta),
                           fit.hessian(theta) if small else None, (s, t), arrows, values["turn"], values["tilt"], way,
                           answers_at(fit, theta, scene.where), "yours" if scene.own is not None else values["weights"],
                           scene.track, by_weights(scene) and values["first"] == values["second"]))


OTHER, HERE = "Slice 2", say("surface", "answers")
LAYOUT = Layout(
    wide=Row((Tile("slice", (58, 32, 18, 60), aspect=1),
              Tile("hills", (0, 32, 0, 66), title=HILLS, legend=MARKS),
              Stack((Tile("answers", (50, 32, 14, 42), share=0.5, title=HERE),
                     Tile("other", (50, 32, 14, 54), share=0.5, title=OTHER))))),
    tall=Tall(0.466, 350, 424),
    narrow=Stack((Tile("slice", (58, 32, 18, 44), aspect=1, most=254),
                  Tile("answers", (58, 40, 18, 48), aspect=0.8, most=200, title=HERE),
                  Tile("hills", (20, 34, 10, 0), aspect=0.74, most=254, title=HILLS),
                  Tile("other", (58, 50, 18, 56), aspect=1, most=254, title=OTHER))))


def draw(axes, scene):
    for one in (axes.slice, axes.other):
        one.set(xlim=(-REACH, REACH), ylim=(-REACH, REACH))
        one.grid(False)
    across, up = ("direction 1", "direction 2") if scene.random else ("first weight, change", "second weight, change")
    if scene.track is not None:
        across, up = (say("surface", "main", place=k) for k in (1, 2))
    axes.slice.set(xlabel=across, ylabel=up)
    axes.other.set_xlabel("two other directions")
    axes.other.locator_params(nbins=4)
    named = ("point", "arrows", *(("way", "end") if scene.track is None else ("track", "end", "start")))
    names = {"way" if name == "track" else name: say("surface", f"legend_{name}") for name in named}
    arrows, hills = Arrows(axes.slice, ARROWS, 0.75 * 2 * REACH / (ARROWS + 1)), Hills(axes.hills, REACH, names)
    fixed, = axes.other.plot([0], [0], **START)
    halo, way, start, end = path_over(axes.slice, "way", edge=True)
    return Drawing((Cells(axes.slice, loss_image, ("first.loss",)), Shaped(arrows, ("arrows",)), halo, way,
                    *(() if scene.track is None else (start,)), end,
                    Stroke(axes.slice, "place.1", "place.0", START),
                    Shaped(hills, ("net", "turn", "tilt", "place", "way")),
                    Cells(axes.other, partial(loss_image, fine=SMALL), ("second.loss",)), Over((fixed,)),
                    titled(axes.slice, "heading"), *_answers(axes.answers, scene)),
                   axes.slice, places=(Turn(axes.hills, ("turn", "tilt")),))


def _answers(axes, scene):
    """The bindings of what the network answers at the point."""
    fit, where = scene.fit, scene.where
    if where.kind == CURVE:
        return draw_curve(axes, fit, "answer")
    if where.kind == PLANE:
        return draw_plane(axes, fit, where.window, sum(ends_of(fit.data.y)) / 2, "answer")
    return draw_rows_met(axes, fit, some_rows(fit.data.rows), "answer")


def by_weights(scene):
    """Whether the slices go along weights, which the two sliders choose."""
    return not scene.random and scene.track is None


def limits(scene):
    shown = scene.fit.n_params if by_weights(scene) else None
    return {"first": shown, "second": shown}


EXPLORER = Explorer(
    name="surface", title="Slices of a landscape",
    question="What does a slice through the loss show, and what does it hide?",
    knobs=(
        Menu("network", "network", lambda: tuple(NETWORKS), "2-2-1 tanh, xor",
             {None: {"first": 1, "second": 2, **MIDDLE}}, "what is shown"),
        Menu("slice", "slice along", lambda: (WEIGHTS, RANDOM), WEIGHTS, {None: MIDDLE}, "which two directions"),
        Menu("weights", "weights", lambda: tuple(STATES), "at a random start", {None: MIDDLE},
             "how far the network is trained", scene=False),
        Slider("s", "across", -REACH, REACH, 0.0, 0.01, tip="where the point is in slice 1", rare=True),
        Slider("t", "up", -REACH, REACH, 0.0, 0.01, tip="where the point is in slice 1", rare=True),
        Slider("first", "first weight", 1, 17, 1, 1, whole=True, tip="number of the weight across"),
        Slider("second", "second weight", 1, 17, 2, 1, whole=True, tip="number of the weight up"),
        Slider("seed", "seed", 0, 20, 0, 1, whole=True, tip="another start and other directions"),
        Slider("turn", "turn", -180, 180, 30, 1, tip="the hills, in degrees", rare=True),
        Slider("tilt", "tilt", 10, 80, 40, 1, tip="the hills, in degrees", rare=True),
    ),
    scene=scene, compute=compute, draw=draw, layout=LAYOUT, main=("first", "second"), handle=("s", "t"), limits=limits,
    takes=ANY_FIT, with_own=partial(of_any_fit, REACH, partial(of_hills, lambda: CELLS, lambda: NET, ARROWS)),
    small=Small({"CELLS": 32, "NET": 16}),
)
