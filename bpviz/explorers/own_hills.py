"""An objective of two weights without a network in the explorer of slices: its whole landscape, as a map and as hills.

With two weights there is one slice, along both of them, and nothing is out of sight: no random directions, no second
slice, no answers. The point stands in the objective's own window, and the way down from it goes by its own gradient.
"""
from dataclasses import dataclass, replace
from functools import partial

import numpy as np

from bpviz.base.arguments import refuse
from bpviz.base.result import ShowsItself
from bpviz.base.work import Part
from bpviz.explorers.own import choice_named, standing_in
from bpviz.explorers.own_objective import TwoWeights, fine, in_window, on_step
from bpviz.landscape.downhill import way_down
from bpviz.landscape.given import given_slopes
from bpviz.plots.landscape import START, path_over, tidy_ticks, titled
from bpviz.plots.layout import Layout, Legend, Row, Stack, Tall, Tile
from bpviz.plots.motion import Cells, Drawing, Shaped, Stroke
from bpviz.plots.places import Turn
from bpviz.plots.surface import Arrows, Hills, loss_image
from bpviz.words.catalogue import say
from bpviz.words.numbers import formatted

GONE = ("slice", "weights", "first", "second", "seed")      # knobs of a network, or of other slices than the only one
EDGE = 1e-9                                                 # of the window
ASIDE = 0.3                                                 # of the window, from its corner: where the point begins
VISIBLE = 1e-7                                              # of the loss in the window: what takes off less is level


@dataclass(frozen=True)
class Scene:
    """The objective, its loss over its window (cells, cells), every `each`-th of it in the hills, arrows there."""
    fit: TwoWeights
    loss: np.ndarray
    each: int
    arrows: tuple

    @property
    def net(self):
        """The loss where the hills have their corners."""
        return self.loss[::self.each, ::self.each]


@dataclass(frozen=True, repr=False)
class Result(ShowsItself):
    """A place (2,) with its way down (2, n), and how the hills are turned and tilted, in degrees."""
    scene: Scene
    place: np.ndarray
    way: np.ndarray
    turn: float
    tilt: float

    def on_hills(self, where):
        """Places (2, ...) of the window as the hills have them, -1 to 1 on both sides."""
        low, high = (np.reshape(end, (2, *[1] * (where.ndim - 1))) for end in (self.scene.fit.low, self.scene.fit.high))
        return 2 * (where - low) / (high - low) - 1

    @property
    def hill(self):
        return self.on_hills(self.place)

    @property
    def hill_way(self):
        return self.on_hills(self.way)

    @property
    def heading(self):
        """The title of the map: where the point is."""
        return say("surface", "place", **self._called(self.place))

    def _called(self, place):
        """A place in as many decimals as the sliders of its window have: {"w1": text, "w2": text}."""
        fit = self.scene.fit
        return {name: formatted(value, f",.{max(0, round(-np.log10(fine(high - low))))}f")
                for name, value, low, high in zip(fit.names, place, fit.low, fit.high, strict=True)}

    @property
    def words(self):
        fit, end = self.scene.fit, self.way[:, -1]
        edge = bool((np.abs(np.abs(self.on_hills(end)) - 1) < EDGE).any())
        way = "none" if self.way.shape[1] == 1 else "edge" if edge else "inside"
        here, there = ({"loss": float(fit.loss(place)), "gradient": float(np.linalg.norm(fit.gradient(place))),
                        **self._called(place)} for place in (self.place, end))
        out = way == "edge" and np.allclose(self.on_hills(end), self.on_hills(self.place), rtol=0, atol=EDGE)
        return f"{say('surface', 'whole', **here)} {say('surface', 'led', **there, way='out' if out else way)}"

    def table(self):
        return given_slopes(self.scene.fit, self.place).table()


def of_hills(cells, net, arrows, explorer, given):
    """The explorer of slices with this objective.  cells: () -> points a side; net: () -> of these in the hills.

    arrows: how many a side.
    Raises ValueError for what is no objective of two weights, and for a theta or a path beside it.
    """
    for name in ("theta", "path"):
        if name in given:
            refuse(name, given[name], "allowed is one beside a Fit; the place in an objective is s=, t=, "
                                      "and bp.explore.minima(fit=...) shows its descent")
    shown = in_window(explorer.name, given["fit"])
    low, high = np.array(shown.low), np.array(shown.high)
    ends = dict(zip("st", zip(low.tolist(), high.tolist(), strict=True), strict=True))

    def knob(one):
        if one.name not in ends:
            return replace(one, label=say("page", "surface_menu"), tip="", told=True) if one.name == "network" else one
        (least, most), k = ends[one.name], "st".index(one.name)
        step = fine(most - least)
        return replace(one, label=f"w{k + 1}", low=least, high=most, step=step, rare=False,
                       value=on_step(least + ASIDE * (most - least), step), tip=say("page", "start_weight", k=k + 1))
    knobs = tuple(knob(each) for each in explorer.knobs if each.name not in GONE)
    return standing_in(replace(explorer, knobs=knobs), {"network": (choice_named(shown.name), {})}, {},
                       scene=partial(_scene, shown, cells, net, arrows), compute=_compute,
                       draw=partial(_draw, arrows), layout=LAYOUT, main=("s", "t"), limits=lambda scene: {},
                       question=say("page", "whole_question", name=shown.name))


def _scene(fit, cells, net, arrows, values):
    axes = [np.linspace(low, high, cells()) for low, high in zip(fit.low, fit.high, strict=True)]
    inner = [np.linspace(low, high, arrows + 2)[1:-1] for low, high in zip(fit.low, fit.high, strict=True)]
    s, t = np.meshgrid(*inner)
    yield Part(1.0, Scene(fit, fit.loss(np.stack(np.meshgrid(*axes))), max(1, cells() // net()),
                          (s, t, *-fit.gradient(np.stack([s, t])))))


def _compute(scene, values, memory):
    place, fit = np.array([values["s"], values["t"]]), scene.fit
    low, high = np.array(fit.low), np.array(fit.high)
    known = scene.loss[np.isfinite(scene.loss)]
    level = VISIBLE * (np.ptp(known) if known.size else 0.0) / (high - low).min()
    way = memory.get(("way", *place), lambda: way_down(fit, np.zeros(2), np.eye(2), place, (low, high), level))
    yield Part(1.0, Result(scene, place, way, values["turn"], values["tilt"]))


MARKS = Legend(4, columns=2, look=(("handlelength", 1.6), ("columnspacing", 0.8), ("labelspacing", 0.25),
                                   ("fontsize", 9)))
HILLS = say("surface", "hills")
LAYOUT = Layout(
    wide=Row((Tile("map", (58, 32, 18, 60), aspect=1), Tile("hills", (0, 32, 0, 66), title=HILLS, legend=MARKS))),
    tall=Tall(0.466, 350, 424),
    narrow=Stack((Tile("map", (58, 32, 18, 44), aspect=1, most=254),
                  Tile("hills", (20, 34, 10, 66), aspect=0.74, most=254, title=HILLS, legend=MARKS))))


def _draw(arrows, axes, scene):
    (left, right), (bottom, top) = zip(scene.fit.low, scene.fit.high, strict=True)
    axes.map.set(xlim=(left, right), ylim=(bottom, top), xlabel="$w_1$", ylabel="$w_2$")
    axes.map.grid(False)
    tidy_ticks(axes.map)
    names = {name: say("surface", f"legend_{name}") for name in ("point", "arrows", "way", "end")}
    shafts = Arrows(axes.map, arrows, 0.75 * min(right - left, top - bottom) / (arrows + 1))
    hills = Hills(axes.hills, 1.0, names)
    halo, way, _, end = path_over(axes.map, "way", edge=True)
    return Drawing((Cells(axes.map, loss_image, ("scene.loss",)), Shaped(shafts, ("scene.arrows",)), halo, way, end,
                    Stroke(axes.map, "place.1", "place.0", START),
                    Shaped(hills, ("scene.net", "turn", "tilt", "hill", "hill_way")), titled(axes.map, "heading")),
                   axes.map, places=(Turn(axes.hills, ("turn", "tilt")),))
