"""Why do deep networks learn slowly at the wrong end? The gradient of every layer, and the reasons in numbers.

A layer multiplies the gradient on its way back by its weights and by f'. Twenty factors of a quarter leave nothing;
twenty factors of two leave nothing else. The start of the weights, the activation, skips and layer norm decide which.
"""
from dataclasses import dataclass
from functools import partial

import numpy as np

from bpviz.base.work import Memory, Part, within
from bpviz.calculus.activations import ACTIVATIONS
from bpviz.descent.optimizers import GradientDescent
from bpviz.explorers.deep import CLIP, Training, deep_fit
from bpviz.explorers.explorer import Explorer, Menu, Slider, Small
from bpviz.explorers.own_network import OWN_NETWORK, of_network
from bpviz.network.fit import Fit
from bpviz.network.gradient_flow import EDGES, gradients_by_layer
from bpviz.network.jacobians import layer_jacobians, singular_values, strongest_path
from bpviz.network.mean_field import expected_of
from bpviz.network.passed_on import PassedOn, bounded, flat_name, other_seeds
from bpviz.network.starts import STARTS, initial_weights, sigma_w
from bpviz.plots import vanishing as plots
from bpviz.plots.layout import Layout, Legend, Row, Stack, Tile
from bpviz.plots.motion import Drawing, Shaped
from bpviz.words.numbers import minus

MOST_LAYERS, MOST_UNITS, MOST_STEPS, SEEDS = 50, 256, 60, 12
TRAININGS_KEPT = 3              # each of up to deep.KEPT_NUMBERS weights
CURES = {"none": (), "skip": ("skip",), "layer norm": ("layer_norm",), "skip and layer norm": ("skip", "layer_norm"),
         "clip the gradient at 1": ()}
NOT_RANDOM = ("zeros", "constant")


@dataclass(frozen=True)
class Scene:
    """What the hidden units answer with.  own: a fit of the learner's own network, or None: of the knobs."""
    activation: str
    own: Fit | None = None


def scene(values):
    yield Part(1.0, Scene(values["activation"]))


def compute(scene, values, memory):
    steps, own = values["steps"], scene.own
    depth, width = (values["depth"], values["width"]) if own is None else (len(own.network.sizes) - 1, None)
    start, cure = values["start"], values["cure"]
    shape = depth, width, values["scale"], values["bias"]
    fit = own or memory.get((cure, depth, width), lambda: deep_fit(depth, width, scene.activation, CURES[cure]))
    trainings = memory.get("trainings", lambda: Memory(TRAININGS_KEPT))
    key = (start, cure, *shape, values["seed"], values["rate"])
    theta = None
    if key not in trainings:
        drawn = initial_weights.parts(fit.network, start, values["seed"], *shape[2:])
        theta = yield from within(drawn, 0.0, 0.05)
    training = trainings.get(key, lambda: Training(fit, theta, GradientDescent(values["rate"]),
                                                   CLIP if cure.startswith("clip") else None))
    expected = None
    if start not in NOT_RANDOM:
        expected = expected_of(fit.network, sigma_w(fit.network, start, values["scale"]), values["bias"]).ratio
    others = memory.resume(("band", start, cure, *shape), lambda: other_seeds(fit, start, *shape[2:], SEEDS))
    band = next(others).result

    said = cure if CURES[cure] else None                                     # clipping is no part of the network

    def result(flow, step, path, largest=None, product=None):
        return PassedOn(fit, training.thetas[step], flow, path, band, expected, said, step, training.moved[step],
                        (training.losses.get(0, flow.loss), flow.loss), training.stuck, largest, product)

    shown = 0
    for part in training.going_to(steps):
        share, step = 0.05 + 0.2 * part.share, part.result
        yield Part(share)
        if step is not None and shown + 5 <= step < steps:               # a look at it on the way
            shown = step
            flow = yield from within(gradients_by_layer.parts(fit, training.thetas[step]), share, share)
            yield Part(share, result(flow, step, strongest_path(layer_jacobians(fit, training.thetas[step]))))
    theta = training.thetas[steps]
    yield Part(0.25)                                     # at the largest sizes each of these takes its time
    jacobians = layer_jacobians(fit, theta)
    yield Part(0.25)
    path = strongest_path(jacobians)
    yield Part(0.25)
    for part in gradients_by_layer.parts(fit, theta):
        flow = part.result
        yield Part(0.25 + 0.25 * part.share, flow and result(flow, steps, path))
    largest = []
    for k, (J, W) in enumerate(zip(jacobians.matrices, jacobians.weights, strict=True), start=1):
        largest.append((singular_values(J)[0], singular_values(W)[0]))
        yield Part(0.5 + 0.25 * k / depth)
    largest = tuple(np.array(largest).T)
    product = jacobians.product[0] if len(jacobians.product) else None
    yield Part(0.75, result(flow, steps, path, largest, product))
    for part in others:
        seeds, band = len(band.gradients), part.result or band
        more = len(band.gradients) > seeds and len(band.gradients) % 4 == 0
        yield Part(0.75 + 0.25 * part.share, result(flow, steps, path, largest, product) if more else None)
    yield Part(1.0, result(flow, steps, path, largest, product))


TITLES = {"sizes": "|dL/dW| by layer", "ratios": "Each layer passes on",
          "answers": "What units answer", "flat": "Flat or dead, %",
          "chain": "The strongest path", "moved": "Moved, of its length"}
KINDS = Legend(31, columns=3, each=85, look=(("fontsize", 9), ("columnspacing", 0.9), ("handlelength", 1.6)))


def _tiles(room, high):
    return tuple(Tile(name, room, high=high, title=title, legend=KINDS) for name, title in TITLES.items())


THREES = _tiles((60, 28, 20, 56), 128)
LAYOUT = Layout(wide=Stack((Row(THREES[:3]), Row(THREES[3:]))),
                narrow=Stack(_tiles((70, 30, 16, 60), 146)))


def draw(axes, scene):
    sizes, ratios = plots.Sizes(axes.sizes), plots.Ratios(axes.ratios)
    answers = plots.Answers(axes.answers, EDGES, *answer_axis(scene.activation))
    flat = plots.Flat(axes.flat, flat_name(scene.activation))
    chain, moved = plots.FactorBars(axes.chain), plots.Moved(axes.moved)

    return Drawing((Shaped(sizes, ("flow.gradient", "band.ends.0.0", "band.ends.0.1")),
                    Shaped(ratios, ("flow.ratio", "band.ends.1.0", "band.ends.1.1", "expected")),
                    Shaped(answers, ("flow.histogram",)),
                    Shaped(flat, ("flow.saturated", "flow.stuck", "flow.dead")),
                    Shaped(chain, ("path.factor", "path.running")), Shaped(moved, ("moved",))))


def answer_axis(activation):
    """(lowest and highest answer shown, ticks) in the units of `squeezed`."""
    with np.errstate(all="ignore"):
        low = -1 if ACTIVATIONS[activation].value(np, np.linspace(-1e3, 1e3, 4001)).min() < -0.05 else 0
    if bounded(activation):
        return (low, 1), [(tick, minus(tick)) for tick in (-1, -0.5, 0, 0.5, 1) if tick >= low]
    return (4 * low, 4), [(tick, words) for tick, words in ((-4, "−1000"), (-2, "−10"), (-1, "−1"), (0, "0"), (1, "1"),
                                                            (2, "10"), (4, "1000")) if tick >= 4 * low]


EXPLORER = Explorer(
    name="vanishing", title="Vanishing and exploding gradients",
    question="How much of the gradient reaches the first layer of a deep network, and why?",
    knobs=(
        Menu("activation", "activation", lambda: tuple(ACTIVATIONS), "sigmoid",
             tip="what hidden units answer with", formula="activation"),
        Menu("start", "initial weights", lambda: tuple(STARTS), "Glorot normal", tip="how the weights are drawn",
             scene=False),
        Menu("cure", "cure", lambda: tuple(CURES), "none", tip="what is done about it", scene=False),
        Slider("depth", "depth", 3, MOST_LAYERS, 12, 1, whole=True, tip="layers after the inputs"),
        Slider("width", "width", 2, MOST_UNITS, 64, 0.01, log=True, whole=True, tip="units in each hidden layer",
               rare=True),
        Slider("scale", "weight scale", 0.01, 10.0, 1.0, 0.01, log=True, tip="multiplies every initial weight"),
        Slider("bias", "bias scale", 0.0, 2.0, 0.0, 0.01, tip="standard deviation of the initial biases", rare=True),
        Slider("seed", "seed", 0, 99, 0, 1, whole=True, tip="another draw of the same kind", rare=True),
        Slider("rate", "rate", 0.01, 10.0, 0.1, 0.01, log=True, tip="learning rate, for Train"),
        Slider("steps", "steps", 0, MOST_STEPS, 0, 1, whole=True, tip="how many steps of training have been done",
               rare=True),
    ),
    scene=scene, compute=compute, draw=draw, layout=LAYOUT, main=("activation", "depth"), plays="steps", play="Train",
    takes=OWN_NETWORK, with_own=partial(of_network, Scene, MOST_LAYERS, MOST_UNITS),
    small=Small({"SEEDS": 2}, {"steps": 2, "width": 12}, {"steps": 2}, every=3),
)
