"""What momentum does: a damped oscillator in each direction of a valley, on a quadratic and at minima of networks.

A run is a bar in the plane of rate and momentum: its flat and its steep direction are its two ends. Drag the bar, or
the start in a valley.
"""
from dataclasses import dataclass
from functools import partial

import numpy as np

from bpviz.base.work import Part, within
from bpviz.descent import oscillator
from bpviz.descent.heavy_ball import Bottom, Quadratic, heavy_ball
from bpviz.explorers import two_weights
from bpviz.explorers.explorer import Explorer, Menu, Slider
from bpviz.plots.ghosts import name_ghost, path_ghost
from bpviz.plots.landscape import draw_landscape, names_of_minima
from bpviz.plots.layout import Layout, Row, Stack, Tile
from bpviz.plots.momentum import (
    HEAVY,
    HIGH,
    PLAIN,
    Ellipses,
    bars,
    draw_plane,
    heading,
    loss_curves,
    pinned_run,
    run_over,
)
from bpviz.plots.motion import Drawing, Shaped
from bpviz.plots.places import Drag
from bpviz.plots.style import BLUE, WARM
from bpviz.words.catalogue import say

STEPS, SHOWN, TICKS = 600, 150, (-6, -3, 0, 3, 6)
QUADRATIC = "a quadratic"
MINIMA = {"seesaw, minimum A": ("seesaw", "A"), "seesaw, minimum B": ("seesaw", "B"),
          "trident, minimum C": ("trident", "C")}
SETS = {QUADRATIC: {"rate": 1.9, "momentum": 0.6, "w1": -5.0, "w2": 3.0},
        "seesaw, minimum A": {"rate": 100.0, "momentum": 0.6, "w1": 5.0, "w2": -3.5},
        "seesaw, minimum B": {"rate": 25.0, "momentum": 0.6, "w1": -5.0, "w2": 2.0},
        "trident, minimum C": {"rate": 40.0, "momentum": 0.3, "w1": -3.0, "w2": -2.5}}


@dataclass(frozen=True)
class Scene:
    """The landscape and its minimum that is asked about, both None of the quadratic; the curvature of the plane."""
    land: object
    bottom: Bottom | None
    steep: float

    @property
    def known(self):
        """Places (2, K) with names of their own."""
        return self.land.points.theta if self.land else np.zeros((2, 1))


def scene(values):
    if values["on"] == QUADRATIC:
        yield Part(1.0, Scene(None, None, 1.0))
        return
    data, name = MINIMA[values["on"]]
    land = yield from within(two_weights.landscape(data))
    k = land.points.label.index(name)
    theta = land.points.theta[:, k]
    curvatures, directions = np.linalg.eigh(land.fit.hessian(theta))
    others = tuple((land.points.label[j], land.points.theta[:, j]) for j in land.points.minima if j != k)
    yield Part(1.0, Scene(land, Bottom(theta, float(land.points.loss[k]), curvatures, directions, name, others),
                          float(curvatures[1])))


def compute(scene, values, memory):
    rate, m, start = values["rate"], values["momentum"], two_weights.start(values)
    objective, bottom = (scene.land.fit, scene.bottom) if scene.land else _quadratic(values["condition"])
    yield from heavy_ball.parts(objective, bottom, start, rate, m, STEPS)


def _quadratic(condition):
    flat = 1.0 / condition
    return Quadratic(flat, 1.0), Bottom(np.zeros(2), 0.0, np.array([flat, 1.0]), np.eye(2))


def limits(scene):
    return {"rate": float(f"{HIGH / scene.steep:.3g}"), "condition": None if scene.land else 100.0}


def compare(scene, pinned, result):
    """The sentence that holds the pinned heavy ball against that of now."""
    there, here = pinned.heavy, result.heavy
    bent = [run.bottom.curvatures[1] / run.bottom.curvatures[0] for run in (pinned, result)]
    by = None if None in (there.down, here.down) else there.down - here.down
    kind = None if by is None else "slower" if by > 0 else "quicker" if by else "alike"
    w1, w2 = (there.path.theta[:, 0] + 0.0).tolist()                                   # no -0
    return say("momentum", "pinned", rate=pinned.rate, momentum=pinned.momentum, w1=w1, w2=w2,
               valley={"other": bool(bent[0] != bent[1]), "condition": bent[0]}, there=there.facts(pinned.bottom),
               here=here.facts(result.bottom), gap={"kind": kind, "by": abs(by or 0)})


VALLEYS = Row((Tile("plain", (52, 34, 8, 48)), Tile("heavy", (52, 34, 16, 48))))
LAYOUT = Layout(
    wide=Row((Tile("plane", (60, 34, 0, 52), share=0.42), Stack((VALLEYS, Tile("loss", (64, 34, 16, 48), high=90)),
                                                                share=0.58))),
    tall=430,
    narrow=Stack((Tile("plane", (60, 34, 20, 52), aspect=0.95, most=244),
                  Tile("heavy", (56, 34, 20, 52), aspect=0.6, most=220),
                  Tile("plain", (56, 34, 20, 52), aspect=0.6, most=220), Tile("loss", (60, 48, 20, 52), high=110))))


def draw(axes, scene):
    m = np.linspace(0, 1, 201) ** 2
    draw_plane(axes.plane, (m, *oscillator.borders(m)), scene.steep)
    bindings = [*pinned_run(axes.plane, axes.loss), *bars(axes.plane, scene.steep),
                heading(axes.plane, "heads.plane", left=-38)]
    for name, look, colour in (("plain", PLAIN, BLUE), ("heavy", HEAVY, WARM)):
        valley = getattr(axes, name)
        if scene.land:
            draw_landscape(valley, scene.land)
        else:
            valley.set(xlim=(-two_weights.REACH, two_weights.REACH), ylim=(-two_weights.REACH, two_weights.REACH),
                       xlabel="$w_1$", ylabel="$w_2$", facecolor="#fff7e3")
            valley.grid(False)
            bindings.append(Shaped(Ellipses(valley), ("bottom.curvatures",)))
        valley.set(xticks=TICKS, yticks=TICKS)
        bindings += [*path_ghost(valley, f"{name}.walk"), *run_over(valley, name, look)]
        if scene.land:
            bindings.append(names_of_minima(valley, scene.land.points))
        bindings.append(heading(valley, f"heads.{name}", colour, left=-30))
    bindings.append(name_ghost(axes.heavy, scene.known, "heavy.walk"))
    bindings += loss_curves(axes.loss, SHOWN)
    start = partial(Drag, knobs=("w1", "w2"))
    return Drawing(bindings, axes.plane, places=(start(axes.plain), start(axes.heavy)))


EXPLORER = Explorer(
    name="momentum", title="Momentum",
    question="When does a heavy ball get down faster, and when does it creep, swing, zigzag or leave?",
    knobs=(
        Menu("on", "on", lambda: (QUADRATIC, *MINIMA), QUADRATIC, SETS, "a valley, or a minimum of a network"),
        Slider("rate", "learning rate", 0.01, 300.0, 1.9, 0.01, log=True, tip="how far one step goes"),
        Slider("momentum", "momentum", 0.0, 0.99, 0.6, 0.001, tip="the share of the last step that goes on"),
        Slider("condition", "condition number κ", 1.0, 100.0, 25.0, 0.01, log=True,
               tip="how many times as steep across the valley as along it"),
        *two_weights.start_sliders(-5.0, 3.0),
    ),
    scene=scene, compute=compute, draw=draw, limits=limits, layout=LAYOUT, handle=("rate", "momentum"),
    compare=compare,
)
