"""The chain rule of one weight, written out and live: formula, numbers put in, value, line by line.

Small networks without biases, one example (x, t) to drag. A second output wants 1 - t.
"""
from dataclasses import dataclass

import numpy as np

from bpviz.base.arguments import Table, whole
from bpviz.base.work import Part
from bpviz.calculus.activations import ACTIVATIONS
from bpviz.calculus.losses import for_any_outputs
from bpviz.explorers.answers import proof, script
from bpviz.explorers.explorer import Explorer, Menu, Slider, Small
from bpviz.network.data import Data
from bpviz.network.fit import Fit
from bpviz.network.shape import Network
from bpviz.plots.head import Head
from bpviz.plots.layout import Layout, Row, Stack, Tile
from bpviz.plots.ledger import Ledger, NudgeTable
from bpviz.plots.light import Light
from bpviz.plots.motion import Drawing, Shaped
from bpviz.plots.steps import Steps
from bpviz.symbolic.derive import Chain
from bpviz.symbolic.products import ProductsOf
from bpviz.symbolic.spelled import spelled, tree
from bpviz.words.numbers import close, number, pretty

SIZES = Table("network", {"1-1-1": (1, 1, 1), "1-1-1-1": (1, 1, 1, 1), "1-1-2": (1, 1, 2), "1-2-1": (1, 2, 1)})
MOST_WEIGHTS, MOST_STEPS = 4, 14


@dataclass(frozen=True)
class Scene:
    """The derivation of a network."""
    chain: Chain


def example(sizes, x, t):
    return Data([[x]], [[t], [1 - t]][:sizes[-1]], "dragged")


def scene(values):
    sizes = SIZES[values["network"]]
    network = Network(sizes, values["activation"], bias=False)
    fit = Fit(network, values["loss"], example(sizes, values["x"], values["t"]))
    yield Part(0.2)
    yield Part(1.0, Scene(Chain(fit)))


def compute(scene, values, memory):
    network = scene.chain.fit.network
    theta = np.array([values[f"w{k}"] for k in range(1, network.n_params + 1)])
    chain = scene.chain.on(example(network.sizes, values["x"], values["t"]))
    index = whole("weight", values["weight"], 1, network.n_params) - 1
    weight = network.names[index]
    yield Part(1.0, spelled(chain, index, theta, memory.get(("tree", weight), lambda: tree(scene.chain, weight)),
                            memory.get("letters", lambda: ProductsOf(scene.chain)), values["nudge"]))


DERIVED = (MOST_STEPS + 1) * Steps.NARROW_LINE + 62          # high: the derivation, its lines below one another
LAYOUT = Layout(
    wide=Stack((Tile("head", (8, 4, 8, 0), high=44),
                Row((Tile("ledger", (8, 0, 0, 0), high=120, share=0.66),
                     Tile("nudge", (28, 0, 12, 0), high=120, share=0.34))),
                Tile("steps", (12, 4, 12, 4), high=226))),
    narrow=Stack((Tile("head", (8, 4, 8, 0), high=62), Tile("ledger", (8, 0, 8, 8), high=260),
                  Tile("nudge", (8, 0, 8, 8), high=140),
                  Tile("steps", (12, 4, 12, 4), high=DERIVED))), turn=870,
    middle=Stack((Tile("head", (8, 4, 8, 0), high=62), Tile("ledger", (8, 0, 8, 8), high=Ledger.TALLEST),
                  Row((Tile("steps", (12, 4, 28, 4), high=DERIVED, share=0.6),
                       Tile("nudge", (0, 4, 12, 4), high=140, share=0.4))))))


def minus3(value):
    """A number in three digits, with its true minus sign."""
    return close(pretty(number(value, 3)))


def draw(axes, scene):
    ledger, steps = Ledger(axes.ledger, minus3), Steps(axes.steps)
    return Drawing((Shaped(Head(axes.head), ("finding", "set_up", "set_up_and_roads")), Shaped(ledger, ("roads",)),
                    Shaped(NudgeTable(axes.nudge, minus3), ("weight", "nudge", "others")),
                    Shaped(steps, ("lines", "pieces"))),
                   lights=(Light(axes.ledger, lambda: ledger.spots), Light(axes.steps, lambda: steps.spots)))


def limits(scene):
    """Networks with fewer weights have no use for the last sliders."""
    P = scene.chain.fit.n_params
    return {"weight": P, **{f"w{k}": 6.0 if k <= P else None for k in range(1, MOST_WEIGHTS + 1)}}


EXPLORER = Explorer(
    name="chain_rule", title="The chain rule, live",
    question="How does the slope of the loss by one weight come about, factor by factor?",
    knobs=(
        Menu("network", "network", lambda: tuple(SIZES), "1-1-1", {None: {"weight": 1}},
             "units per layer, inputs first"),
        Menu("activation", "activation f", lambda: tuple(ACTIVATIONS), "sigmoid",
             tip="what a unit answers", formula="activation"),
        Menu("loss", "loss", for_any_outputs, "squared error", tip="how wrong an output is", rare=True, formula="loss"),
        Slider("weight", "slope by weight", 1, MOST_WEIGHTS, 1, 1, whole=True, tip="whose slope is derived"),
        Slider("x", "input x", -4.0, 4.0, 1.5, 0.01, tip="what goes in"),
        Slider("t", "target t", 0.0, 1.0, 0.2, 0.01, tip="what should come out"),
        Slider("nudge", "nudge", -1.0, 1.0, 0.01, 0.01, tip="how far this weight is moved, to see what the loss does"),
        *(Slider(f"w{k}", f"weight {k}", -6.0, 6.0, value, 0.01, tip=f"the value of weight {k}", rare=True)
          for k, value in enumerate((0.8, -1.2, 1.0, 0.5), start=1)),
    ),
    scene=scene, compute=compute, draw=draw, layout=LAYOUT, main=("weight", "nudge"), limits=limits,
    fold=lambda scene, result: result.tree, products=lambda result: result.products.told(),
    actions=(("Prove it", "run the backward pass on symbols", lambda scene, result: proof(result.fit)),
             ("NumPy code", "this network as a script", lambda scene, result: script(result.fit, result.theta))),
    small=Small(every=2),
)
