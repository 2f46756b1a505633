"""Why classifiers use cross-entropy: a saturated sigmoid learns from it, and hardly from the squared error."""
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np

from bpviz.base.work import Part
from bpviz.explorers.explorer import Explorer, Slider
from bpviz.plots.layout import Layout, Legend, Row, Stack, Tile
from bpviz.plots.motion import Drawing
from bpviz.plots.saturation import two_losses
from bpviz.symbolic.compare import compare_gradients
from bpviz.symbolic.derive import Chain
from bpviz.symbolic.two_losses import LOSSES, TwoLosses, unit

REACH = 10.0


@dataclass(frozen=True)
class Scene:
    """The derivations of one sigmoid unit under both losses, for any target."""
    chains: MappingProxyType


def scene(values):
    yield Part(0.1)
    yield Part(1.0, Scene(MappingProxyType({loss: Chain(unit(loss, 0.5)) for loss in LOSSES})))


def compute(scene, values, memory):
    scores, z = np.linspace(-REACH, REACH, 201)[None], np.array([values["z"]])
    losses, slopes, here = {}, {}, {}
    for loss in LOSSES:
        fit = unit(loss, values["t"])
        losses[loss], slopes[loss] = fit.loss(scores), fit.gradient(scores)[0]
        here[loss] = float(fit.loss(z)), compare_gradients(fit, z, scene.chains[loss].on(fit.data))[0]
    yield Part(1.0, TwoLosses(values["z"], values["t"], float(fit.predict(z)[0, 0]), losses, slopes, here))


KEY = Legend(46, columns=2, each=140)
LAYOUT = Layout(
    wide=Row((Tile("loss", (52, 34, 26, 84)), Tile("slope", (48, 34, 22, 84), legend=KEY))), tall=420,
    narrow=Stack((Tile("loss", (60, 34, 24, 50), high=216), Tile("slope", (60, 44, 24, 84), high=230, legend=KEY))))


def draw(axes, scene):
    return Drawing(two_losses(axes.loss, axes.slope, np.linspace(-REACH, REACH, 201)))


EXPLORER = Explorer(
    name="saturation", title="Squared error against cross-entropy",
    question="How much does a unit learn that is sure of itself and wrong?",
    knobs=(Slider("z", "score z", -REACH, REACH, -5.0, 0.05, tip="the pre-activation of the output unit"),
           Slider("t", "target t", 0.0, 1.0, 1.0, 0.01, tip="what it should answer")),
    scene=scene, compute=compute, draw=draw, layout=LAYOUT, main=("z", "t"),
)
