"""Watch one backward pass happen, number by number.

An example is a small network with data and weights of its own. One training step on it is a list
of stops (symbolic/walk.py); the knob `step` says at which one we stand.
"""
from dataclasses import dataclass

import numpy as np

from bpviz.base.arguments import Table, whole
from bpviz.base.work import Part
from bpviz.calculus.activations import ACTIVATIONS
from bpviz.calculus.losses import LOSSES
from bpviz.descent.optimizers import GradientDescent
from bpviz.explorers.explorer import Explorer, Menu, Slider
from bpviz.network.data import DATA
from bpviz.network.fit import Fit
from bpviz.network.shape import Network
from bpviz.network.walked import WALKED
from bpviz.plots.layout import Layout, Row, Stack, Tile
from bpviz.plots.motion import Drawing, Shaped
from bpviz.plots.walk import Diagram, Formula
from bpviz.symbolic.compare import compare_gradients
from bpviz.symbolic.gradient_table import GradientTable, captioned
from bpviz.symbolic.walk import Found, Walk
from bpviz.words.catalogue import Said, say
from bpviz.words.numbers import minus, number, pretty, sentence

MOST_STEPS, MOST_ROWS = 99, 4
SIDE_BY_SIDE = 860                       # CSS pixels from which the formula stands beside the diagram


@dataclass(frozen=True)
class Example:
    """A network to walk through: sizes of its hidden layers as text, its data, and its own weights."""
    name: str
    data: str
    hidden: str
    bias: bool
    theta: tuple


EXAMPLES = Table("example", {example.name: example for example in (
    Example("article 2-2-1", "article", "2", True, WALKED["article"]),
    Example("two weights 1-1-1", "seesaw", "1", False, WALKED["seesaw"]),
    Example("two outputs 2-2-2", "two outputs", "2", True, WALKED["two outputs"]),
    Example("xor 2-2-1, four rows", "xor", "2", True, WALKED["xor"]),
)})
HIDDEN = ("1", "2", "3", "2-2")
START = {"step": 1, "row": 1}             # another network has other steps: begin at the first
PER_ROW = ("forward", "loss", "backward")


@dataclass(frozen=True)
class Scene:
    """What the menus decide: the fit, its derivation's walk, and the example's own weights (None for other sizes)."""
    fit: Fit
    walk: Walk
    own: np.ndarray | None


@dataclass(frozen=True)
class Result:
    """Where we stand: stop k of `stops`, with its numbers; and the whole gradient three ways.

    yours: what is said of a learner's own number here (yours.py), or None.
    """
    k: int
    stops: int
    found: Found
    row: int
    rows: int
    loss: tuple
    gradients: GradientTable
    yours: object = None

    @property
    def heading(self):
        """The phase and how far we are."""
        return say("backprop", "heading", **heading(self))

    @property
    def terms(self):
        """What the number is made of: ((LaTeX, numbers put in, value), ...)."""
        return tuple((latex, numbers, pretty(number(value, 3))) for latex, numbers, value in self.found.terms)

    @property
    def value(self):
        """The number in words."""
        return minus(self.found.value)

    @property
    def checked(self):
        """Whether the derivation and the hand-written pass give the same number."""
        return say("backprop", "checked", agree=self.found.agree, by_hand=self.found.by_hand)

    @property
    def why(self):
        """Why it is made of these."""
        return sentence(self.found.stop.why)

    @property
    def said(self):
        """What is said of a learner's own number here, or ""."""
        return str(self.yours or "")


def losses():
    """The losses that fit any number of outputs: "cross-entropy" stands for the two that depend on it."""
    return ("squared error", "cross-entropy",
            *(name for name in LOSSES if name != "squared error" and "cross-entropy" not in name))


def scene(values):
    example = EXAMPLES[values["example"]]
    data = DATA[example.data]
    sizes = (len(data.x), *map(int, values["hidden"].split("-")), len(data.y))
    fit = Fit(Network(sizes, values["activation"], example.bias), values["loss"], data)
    yield Part(0.1)
    own = np.array(example.theta) if values["hidden"] == example.hidden else None
    yield Part(1.0, Scene(fit, Walk(fit, GradientDescent), own))


def weights(scene, seed):
    """The example's own weights for seed 0; others drawn from [-1, 1], two decimals, from the seed."""
    if seed == 0 and scene.own is not None:
        return scene.own
    return np.round(np.random.default_rng(seed).uniform(-1, 1, scene.fit.n_params), 2)


def compute(scene, values, memory):
    theta, optimizer = weights(scene, values["seed"]), GradientDescent(rate=values["rate"])
    stops, rows = len(scene.walk.stops), scene.fit.data.rows
    k = whole("step", values["step"], 1, stops) - 1
    row = whole("data row", values["row"], 1, rows) - 1
    found = scene.walk.find(k, theta, optimizer, row)
    loss = scene.fit.loss(np.stack([theta, optimizer.step(theta, scene.fit.gradient(theta), None)[0]], axis=1))
    gradients = compare_gradients(scene.fit, theta, scene.walk.chain)
    yield Part(1.0, Result(k, stops, found, row, rows, tuple(loss.tolist()), gradients))


def layout(room=0):
    """Diagram and formula, with this much more room for the formula's words, CSS pixels."""
    return Layout(
        wide=Row((Tile("diagram", (8, 6, 0, 6), share=0.55), Tile("formula", (24, 6, 14, 6), share=0.45))),
        tall=480 + room, turn=SIDE_BY_SIDE,
        narrow=Stack((Tile("diagram", (4, 6, 4, 10), high=454), Tile("formula", (14, 0, 14, 6), high=474 + room))))


def draw(axes, scene):
    network, answers = scene.fit.network, scene.fit.loss_record.output is None
    diagram, formula = Diagram(axes.diagram, network.sizes, network.bias, answers), Formula(axes.formula)

    def ahead():
        """The formulas of all stops: setting one takes longer than everything else in a frame."""
        start, optimizer = np.zeros(scene.fit.n_params), GradientDescent(rate=1.0)
        for k, stop in enumerate(scene.walk.stops):
            yield from formula.prepare(stop.latex, [term[0] for term in scene.walk.find(k, start, optimizer).terms])

    return Drawing((Shaped(diagram, ("found.known", "found.stop.kind", "found.stop.reads")),
                    Shaped(formula, ("heading", "found.stop.latex", "terms", "value", "checked", "why",
                                     "found.stop.code", "said"))), ahead=ahead)


def heading(result):
    """The phase and how far we are, as facts."""
    phase = result.found.stop.phase
    row = result.row + 1 if result.rows > 1 and phase in PER_ROW else None
    return {"phase": phase, "step": result.k + 1, "stops": result.stops, "row": row, "rows": result.rows}


def words(result):
    found = result.found
    sentences = [("stop", {"heading": heading(result), "name": found.stop.text, "value": found.value,
                           "why": found.stop.why})]
    if found.stop.kind == ("new", ("L",)):
        before, after = result.loss
        sentences.append(("step", {"before": before, "after": after, "finite": np.isfinite(after),
                                   "change": after - before}))
    said = [str(Said("backprop", tuple(sentences))), result.yours.sentence if result.yours else "",
            "" if found.agree else say("backprop", "differs", by_hand=found.by_hand)]
    return " ".join(filter(None, said))


def table(result):
    """The gradients found so far three ways; those that the walk has not come to yet keep their place."""
    caption, header, rows = captioned(result.gradients, say("backprop", "table", rows=result.rows))
    letter = "g" if result.rows > 1 else "d"
    there = {f"{kind[0]}{kind[1]}[{','.join(map(str, kind[2:]))}]" for slope, kind in result.found.known
             if slope == letter and kind[0] in "wb"}
    later = ("",) * (len(header) - 2)
    return caption, header, [row if row[0] in there else (row[0], *later, say("backprop", "later")) for row in rows]


def limits(scene):
    """The furthest step and row of this network and its data."""
    return {"step": len(scene.walk.stops), "row": scene.fit.data.rows}


def marks(scene):
    """Where each phase begins, for the buttons."""
    return [(phase, k + 1) for phase, k in scene.walk.marks()]


EXPLORER = Explorer(
    name="backprop", title="Backpropagation, step by step",
    question="Where does each number of a training step come from?",
    knobs=(
        Menu("example", "example", lambda: tuple(EXAMPLES), "article 2-2-1",
             {name: {"hidden": example.hidden, **START} for name, example in EXAMPLES.items()},
             "network, data and weights"),
        Menu("hidden", "hidden units", lambda: HIDDEN, "2", {None: START},
             "units of each hidden layer"),
        Menu("activation", "activation f", lambda: tuple(ACTIVATIONS), "sigmoid", tip="what a unit answers"),
        Menu("loss", "loss", losses, "squared error", {None: START},
             "how wrong an output is"),
        Slider("step", "step", 1, MOST_STEPS, 1, 1, whole=True, tip="one number found at each step"),
        Slider("row", "data row", 1, MOST_ROWS, 1, 1, whole=True, tip="which example runs through"),
        Slider("rate", "learning rate", 0.01, 100.0, 0.5, 0.01, log=True, tip="how far the update goes"),
        Slider("seed", "new weights", 0, 99, 0, 1, whole=True, tip="0: the example's own; else drawn at random"),
    ),
    scene=scene, compute=compute, draw=draw, words=words, table=table, layout=layout(), limits=limits, marks=marks,
    plays="step",
)
