"""Watch one backward pass happen, number by number.

An example is a small network with data and weights of its own. One training step on it is a list
of stops (symbolic/walk.py); the knob `step` says at which one we stand.
"""
from dataclasses import dataclass, replace
from functools import partial

import numpy as np

from bpviz.base.arguments import whole
from bpviz.base.work import Part
from bpviz.calculus.activations import ACTIVATIONS
from bpviz.calculus.losses import for_any_outputs
from bpviz.descent.optimizers import GradientDescent
from bpviz.explorers.explorer import Explorer, Menu, Slider, Small
from bpviz.explorers.own_walk import WALKED_FIT, with_own
from bpviz.network.code import code
from bpviz.network.data import DATA
from bpviz.network.fit import Fit
from bpviz.network.shape import Network
from bpviz.network.walked import EXAMPLES, moved
from bpviz.plots.head import Head
from bpviz.plots.layout import Layout, Row, Stack, Tile
from bpviz.plots.light import Light
from bpviz.plots.motion import Drawing, Shaped
from bpviz.plots.places import Lift
from bpviz.plots.pulse import Pulse
from bpviz.plots.walk import Diagram
from bpviz.plots.worked import WorkedFormula
from bpviz.symbolic.compare import compare_gradients
from bpviz.symbolic.kinks import sides_at
from bpviz.symbolic.products import ProductsOf
from bpviz.symbolic.script_lines import line_of
from bpviz.symbolic.speak import kind_name, pieces
from bpviz.symbolic.standing import Standing
from bpviz.symbolic.walk import TrainingStep

MOST_STEPS, MOST_ROWS, MOST_SHIFT = 199, 4, 2.0
ROOM = 66                                 # for three lines about numbers of the learner's own, CSS pixels
HIDDEN = ("1", "2", "3", "4", "2-2", "3-3", "4-4")
CURES = {"plain": (), "skip": ("skip",), "layer norm": ("norm",), "skip + layer norm": ("skip", "norm")}
SHIFTS = {"shift_x1": "input 1", "shift_x2": "input 2", "shift_t1": "target 1", "shift_t2": "target 2"}
EACH = 0.01                               # how far a pixel moves an input or a target
UNMOVED = dict.fromkeys(SHIFTS, 0.0)
START = {"step": 1, "row": 1, **UNMOVED}  # another network has other steps: begin at the first


@dataclass(frozen=True)
class Scene:
    """What the menus decide: the fit, its derivation's walk, and the example's own weights (None for other sizes)."""
    fit: Fit
    walk: TrainingStep
    own: np.ndarray | None

    def theta(self, seed):
        """Its own weights for seed 0; others drawn from [-1, 1], two decimals, from the seed: (P,)."""
        if seed == 0 and self.own is not None:
            return self.own
        return np.round(np.random.default_rng(seed).uniform(-1, 1, self.fit.n_params), 2)

    def shifted(self, values, row, memory):
        """(the walk with one row moved by the sliders; ((number, from, to), ...) of what has moved there)."""
        data = self.fit.data
        there = limits(self)                 # a fit of one's own may have more inputs than there are sliders
        shifts = [[values[knob] if there.get(knob := f"shift_{letter}{k}") else 0.0 for k in range(1, len(part) + 1)]
                  for letter, part in (("x", data.x), ("t", data.y))]
        if not any(shifts[0] + shifts[1]):
            return self.walk, ()
        new = moved(data, row, *shifts, self.fit.loss_record)
        walk = memory.get(("walk", self.walk, row, *map(tuple, shifts)), lambda: self.walk.on(new))
        pairs = [(f"{letter}[{k + 1}]", float(one[k, row]), float(other[k, row]))
                 for letter, one, other in (("x", data.x, new.x), ("t", data.y, new.y)) for k in range(len(one))]
        return walk, tuple(pair for pair in pairs if pair[1] != pair[2])


def scene(values):
    example = EXAMPLES[values["example"]]
    data = DATA[example.data]
    sizes = (len(data.x), *map(int, values["hidden"].split("-")), len(data.y))
    skip, norm = (cure in CURES[values["cures"]] and there for cure, there in can(sizes).items())
    network = Network(sizes, values["activation"], example.bias, skip=skip, layer_norm=norm)
    fit = Fit(network, values["loss"], data)
    yield Part(0.1)
    own = np.array(example.theta) if values["hidden"] == example.hidden else None
    yield Part(1.0, Scene(fit, TrainingStep(fit, GradientDescent), own))


def can(sizes):
    """{cure: whether a network of these sizes can have it}."""
    hidden = sizes[1:-1]
    return {"skip": any(a == b for a, b in zip(hidden, hidden[1:], strict=False)),
            "norm": len(hidden) > 0 and min(hidden) > 1}


def compute(scene, values, memory):
    theta, optimizer = scene.theta(values["seed"]), GradientDescent(rate=values["rate"])
    stops, rows = len(scene.walk.stops), scene.fit.data.rows
    k = whole("step", values["step"], 1, stops) - 1
    row = whole("row", values["row"], 1, rows) - 1
    walk, shifts = scene.shifted(values, row, memory)
    found = walk.find(k, theta, optimizer, row)
    loss = walk.fit.loss(np.stack([theta, optimizer.step(theta, walk.fit.gradient(theta), None)[0]], axis=1))
    gradients = compare_gradients(walk.fit, theta, walk.chain)
    missing = tuple(cure for cure, there in can(walk.fit.network.sizes).items()
                    if cure in CURES.get(values["cures"], ()) and not there)
    yield Part(1.0, Standing(k, stops, found, row, rows, tuple(loss.tolist()), gradients, shifts=shifts,
                             missing=missing, **linked(walk, k, theta, optimizer, row, memory)))


def linked(walk, k, theta, optimizer, row, memory):
    """What belongs to the number of stop k, by the names of the fields of Standing.

    The products of its row, the pieces of its formula, its line of code, the slopes of both sides of a kink.
    """
    stop, fit = walk.stops[k], walk.fit

    def place():
        return walk.place(theta, row, optimizer)[0]
    letters = memory.get("letters", lambda: ProductsOf(walk.chain))
    products = memory.get(("products", walk, row, theta.tobytes()),
                          lambda: letters.at(place(), row, fit.divisor))
    parts = memory.get(("parts", k), lambda: tuple(pieces(walk.chain, *term) for term in stop.terms))
    script = memory.get("script", lambda: code(fit, theta))       # the lines that are looked for hold no number of it
    line = "" if stop.kind[0] == "new" else line_of(script, kind_name(stop.kind), fit.network.sizes)
    kinked = memory.get(("kinked", walk, k, row, theta.tobytes()), lambda: sides_at(walk, k, theta, place()[row]))
    return {"products": products, "parts": parts, "code": line, "kinked": kinked}


def layout(room=0):
    """Title, diagram and formula, with this much more room for the formula's words, CSS pixels."""
    head = Tile("head", (8, 4, 8, 0), high=44)
    return Layout(
        wide=Stack((head, Row((Tile("diagram", (8, 4, 0, 6), share=0.6), Tile("formula", (16, 4, 10, 6), share=0.4))))),
        tall=430 + room, narrow=Stack((Tile("head", (8, 4, 8, 0), high=62), Tile("diagram", (4, 4, 4, 8), high=380),
                                       Tile("formula", (14, 0, 14, 6), high=384 + room))))


def coupled(fit):
    """{layer: what makes every answer of it depend on every z}."""
    norms = {k: "layer norm" for k, norm in enumerate(fit.network.norms, start=1) if norm}
    return norms | ({len(fit.network.sizes) - 1: "softmax"} if fit.loss_record.output_name == "softmax" else {})


def draw(axes, scene, judged=False):
    network, loss = scene.fit.network, scene.fit.loss_record
    shifts = {(knob[-2], (int(knob[-1]),)): knob for knob, high in limits(scene).items() if knob in SHIFTS and high}
    diagram = Diagram(axes.diagram, network.sizes, network.bias, loss.output is None, loss.name == "squared error",
                      shifts, coupled(scene.fit), [(k, j) for k, skip in enumerate(network.skips) if skip
                                                   for j in range(1, network.sizes[k] + 1)])
    formula = WorkedFormula(axes.formula)

    def ahead():
        """The formulas of all stops: setting one takes longer than everything else in a frame."""
        start, optimizer = np.zeros(scene.fit.n_params), GradientDescent(rate=1.0)
        for k, stop in enumerate(scene.walk.stops):
            yield from formula.prepare(stop.latex, [term[0] for term in scene.walk.find(k, start, optimizer).terms])

    return Drawing((Shaped(Head(axes.head), ("finding", "heading")),
                    Shaped(diagram, ("found.known", "found.stop.kind", "found.stop.reads", "found.flow", "key",
                                     *(["crosses"] if judged else []))),
                    Shaped(formula, ("found.stop.latex", "terms", "value", "checked", "why", "where", "said",
                                     "pieces"))),
                   places=[Lift(axes.diagram, knob, partial(diagram.box, kind), EACH) for kind, knob in shifts.items()],
                   ahead=ahead, pulse=Pulse(axes.diagram, lambda: diagram.tracks),
                   lights=(Light(axes.diagram, diagram.spots_of_now), Light(axes.formula, lambda: formula.spots)))


def limits(scene):
    """The furthest step and row of this network and its data; of inputs and targets, only those that are there."""
    data, outputs = scene.fit.data, len(scene.fit.data.y)
    together = scene.fit.loss_record.output_name == "softmax"          # two targets add up to 1; more have no one way
    there = {"x": len(data.x), "t": outputs if not together else 1 if outputs == 2 else 0}
    return {"step": len(scene.walk.stops), "row": data.rows,
            **{knob: MOST_SHIFT if int(knob[-1]) <= there[knob[-2]] else None for knob in SHIFTS}}


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
             "units of each hidden layer", rare=True),
        Menu("cures", "layers", lambda: tuple(CURES), "plain",
             {None: START, **{name: {"hidden": "2-2"} for name in CURES if "skip" in CURES[name]}},
             "what stands between the layers besides weights", rare=True),
        Menu("activation", "activation f", lambda: tuple(ACTIVATIONS), "sigmoid",
             tip="what a unit answers", formula="activation"),
        Menu("loss", "loss", for_any_outputs, "squared error", {None: START},
             "how wrong an output is", formula="loss"),
        Slider("step", "step", 1, MOST_STEPS, 1, 1, whole=True, tip="one number found at each step"),
        Slider("row", "data row", 1, MOST_ROWS, 1, 1, whole=True, tip="which example runs through",
               sets=UNMOVED),
        Slider("rate", "learning rate", 0.01, 100.0, 0.5, 0.01, log=True, tip="how far the update goes"),
        Slider("seed", "new weights", 0, 99, 0, 1, whole=True, rare=True,
               tip="0: the example's own, if it has some; else drawn at random"),
        *(Slider(knob, f"move {label}", -MOST_SHIFT, MOST_SHIFT, 0, EACH, rare=True,
                 tip=f"added to {label} of this row; or drag it up and down in the picture")
          for knob, label in SHIFTS.items()),
    ),
    scene=scene, compute=compute, draw=draw, layout=layout(), main=("step", "row"), limits=limits, marks=marks,
    plays="step", products=lambda result: result.products.told(), takes=WALKED_FIT,
    with_own=partial(with_own, Scene, replace(layout(ROOM), tall=430)), small=Small(every=2),
)
