"""Still pictures: of results by the name of the function that gave them (bp.picture.basins(bp.basins(...)), restarts,
critical_points, gradients_by_layer, trainability; loss_curve of a descent), and bp.picture.network(fit, theta),
activation("sigmoid"), one_weight(fit), layers(fit, {name: theta}), training(fit, path).

Each returns a Still, which a notebook shows as an image with its meaning in words (for screen
readers, and for the page that was saved without a kernel).
"""
import numpy as np

from bpviz.base.arguments import fit as a_fit
from bpviz.base.arguments import fit_of_layers, instance, one_network, real, refuse, sequence, shown, text, whole
from bpviz.base.arguments import objective as an_objective
from bpviz.calculus.activations import ACTIVATIONS
from bpviz.descent.path import RAN_AWAY, Path
from bpviz.descent.restarts import Restarts
from bpviz.landscape.basin_map import Basins
from bpviz.landscape.planes import limits, window
from bpviz.landscape.points import CriticalPoints
from bpviz.landscape.trainability import Trainability
from bpviz.network.backprop import backprop
from bpviz.network.gradient_flow import LayerGradients
from bpviz.network.slopes import examined
from bpviz.plots.basins import BasinMap, MinimaMarks
from bpviz.plots.curves import draw_activation, draw_loss_curve, draw_loss_over_weight
from bpviz.plots.layers import draw_layer_histograms
from bpviz.plots.network import MOST_UNITS, draw_network, wide
from bpviz.plots.results import draw_ends, draw_layers, draw_losses, draw_map, draw_points
from bpviz.plots.still import still
from bpviz.plots.training import draw_goal, draw_side_by_side, draw_training, side_by_side
from bpviz.words.catalogue import Said

MOST_LAYERS, MOST_ROWS, MOST_RUNS = 12, 12, 9       # what one picture has room for
CURVE = (86, 14, 526, 232)                          # of 560 x 280: room for "loss", and for 100000 below the right edge


def network(fit, theta, row=0):
    """The network of `fit` at theta (P,) with the numbers of one data row in it."""
    fit_of_layers("fit", fit, "bp.backprop")
    if max(fit.network.sizes) > MOST_UNITS or len(fit.network.sizes) > MOST_LAYERS:
        raise ValueError(f"fit: got a network of sizes {shown(fit.network.sizes)}; allowed are at most {MOST_UNITS} "
                         f"units a layer and {MOST_LAYERS} layers, the room of a diagram")
    theta, row = one_network("theta", theta, fit.n_params), whole("row", row, 0, fit.data.rows - 1)
    trace = backprop(fit, theta)
    z, a = [layer[:, row] for layer in trace.z], [layer[:, row] for layer in trace.a]
    sizes = fit.network.sizes
    width, height = 250 + round(190 / 2.1 * wide(sizes)) * (len(sizes) - 1), 85 + 95 * max(sizes)
    words = _said("network", sizes=sizes, inputs=a[0], output=a[-1], target=fit.data.y[:, row])
    return still(width, height, (4, 4, width - 4, height - 4),
                  lambda axes: draw_network(axes, fit.network, fit.network.layers(theta), z, a, fit.data.y[:, row]),
                  words)


def activation(activation, reach=6.0):
    """An activation, by its name, and its slope over z from -reach to reach."""
    reach = real("reach", reach, above=0, high=1e6)
    record, z = ACTIVATIONS[activation], np.linspace(-reach, reach, 401)
    with np.errstate(all="ignore"):
        value = record.value(np, z)
        slope = record.slope(np, z, value)
    return still(560, 300, (44, 14, 548, 252), lambda axes: draw_activation(axes, z, value, slope, activation),
                  _said("activation", name=activation, most=slope.max(), at=z[slope.argmax()],
                        stays=slope[-2] == slope[-1] == slope.max()))


def loss_curve(path, axes=None, goal=None):
    """The loss of a path against the step; of many networks every curve, thin, and the median; of several runs each.

    path: a Path, what bp.descend gives; or {name: Path} of single networks, side by side, each at its own scale.
    axes: matplotlib axes to draw on instead of a Still, for one Path.
    goal: a loss that it should come down to, dotted; of several runs one for all, or {name: loss}.
    """
    if isinstance(path, dict):
        return _side_by_side(path, goal)
    instance("path", path, Path, "a Path, what bp.descend gives")
    goal, one = _goal(goal), path.loss.ndim == 1

    def draw(axes):
        draw_loss_curve(axes, path.loss) if one else draw_losses(axes, path.loss.reshape(len(path.loss), -1))
        draw_goal(axes, goal)
    return still(560, 280, CURVE, draw, _falls(path, goal) if one else path.words, axes)


def _falls(path, goal=None):
    """What is said of the loss of one network."""
    first, last = path.loss[0], path.loss[-1]
    said = _said("loss_curve", first=first, last=last, steps=path.kept, ran_away=path.ended == RAN_AWAY,
                 change=-1 if last < first else 0)
    return said if goal is None else f"{said} {_said('goal', goal=goal, short=last - goal)}"


def _side_by_side(paths, goal):
    """The losses of several runs, a small picture each."""
    if not 1 <= len(paths) <= MOST_RUNS:
        refuse("path", paths, f"allowed is a dict of 1 to {MOST_RUNS} paths by name")
    for name, path in paths.items():
        text("path", name, 20)
        instance("path", path, Path, "a dict of what bp.descend gives")
        if path.loss.ndim != 1:
            raise ValueError(f"path: got {name!r} of {path.loss.shape[1:]} networks; allowed is one network each")
    goals = goal if isinstance(goal, dict) else dict.fromkeys(paths, goal)
    if not goals.keys() <= paths.keys():
        refuse("goal", goal, "allowed is a loss, or {name: loss} by the names of the paths")
    goals = {name: _goal(loss) for name, loss in goals.items()}
    width, high, boxes = side_by_side(len(paths))
    said = " ".join(f"{name}: {_falls(path, goals.get(name))}" for name, path in paths.items())
    return still(width, high, boxes, lambda *places: draw_side_by_side(places, paths, goals), said)


def training(fit, path, step=None, goal=None):
    """A training in four pictures: its loss, the size of each layer's gradient, and twice the slopes of units.

    Gradients and slopes are those before the first step and those at `step`. A row of slopes is a unit of layer 1 or
    an output (o), a column is a row of the data, 12 at most. Black is 0, white as steep as the activation can be.

    fit: a Fit.  path: one descent of it, what bp.descend gives.  step: from 0; None: the last one.
    goal: a loss that it should come down to, dotted.  Raises ValueError for more than 40 such units.
    """
    fit_of_layers("fit", fit, "bp.picture.loss_curve")
    if instance("path", path, Path, "a Path, what bp.descend gives").theta.shape != (fit.n_params, path.steps + 1):
        raise ValueError(f"path: got one of shape {path.theta.shape}; allowed is one descent of this network")
    at, goal = whole("step", path.steps if step is None else step, 0, path.steps), _goal(goal)
    seen, times = examined(fit, path.theta[:, [0, at]].T), [_said("time", step=k) for k in (0, step)]
    said = _said("training", when=times[1], units=seen.units[0], before=seen.flat[0], after=seen.flat[1],
                 gradients=seen.ends)
    boxes = ((72, 34, 262, 200), (336, 34, 536, 200), (588, 34, 754, 200), (810, 34, 976, 200))
    return still(984, 250, boxes, lambda *axes: draw_training(axes, path.loss, goal, times, seen, MOST_ROWS),
                 f"{_falls(path, goal)} {said}")


def _goal(goal):
    return None if goal is None else real("goal", goal, low=0, high=1e9)


def restarts(result, axes=None):
    """The losses at which the descents of a Restarts ended, lowest first.

    result: what bp.restarts gives.  axes: matplotlib axes to draw on instead of a Still.
    """
    instance("result", result, Restarts, "a Restarts, what bp.restarts gives")
    return still(560, 280, CURVE, lambda axes: draw_ends(axes, result.loss), result.words, axes)


def gradients_by_layer(result, axes=None):
    """The gradient of every layer, on a scale of powers of ten.

    result: what bp.gradients_by_layer gives.  axes: matplotlib axes to draw on instead of a Still.
    """
    instance("result", result, LayerGradients, "a LayerGradients, what bp.gradients_by_layer gives")
    return still(560, 280, (64, 14, 548, 232), lambda axes: draw_layers(axes, result.gradient, result.delta),
                 result.words, axes)


def critical_points(result, objective=None, axes=None):
    """The critical points over two weights, named as in the list.

    result: what bp.critical_points gives, of two weights.  objective: whose points they are, to see its loss beneath.
    axes: matplotlib axes to draw on instead of a Still.  Raises ValueError for points of another number of weights.
    """
    instance("result", result, CriticalPoints, "a CriticalPoints, what bp.critical_points gives")
    if len(result.theta) != 2:
        raise ValueError(f"result: got points of {len(result.theta)} weights; allowed are points of 2")
    plane = loss = None
    if objective is not None:
        plane = window(result.low, result.high, 160)
        loss = plane.loss(an_objective("objective", objective))
    words = _said("critical_points", many=len(result), labels=result.label)
    return still(480, 450, (64, 14, 454, 400), lambda axes: draw_points(axes, result, plane, loss), words, axes)


def trainability(result, axes=None):
    """The map of a Trainability: dark where training lowers the loss, light where it does not.

    result: what bp.trainability gives.  axes: matplotlib axes to draw on instead of a Still.
    """
    instance("result", result, Trainability, "a Trainability, what bp.trainability gives")
    return still(480, 450, (76, 14, 454, 400),
                 lambda axes: draw_map(axes, result.x, result.y, result.outcome, result.shade), result.words, axes)


def one_weight(fit, low=-10.0, high=100.0):
    """The loss of a network of one weight over w from low to high, on the scale of asinh w, its minima marked.

    fit: of a network of one weight; raises ValueError for one with more.
    """
    if a_fit("fit", fit).n_params != 1:
        raise ValueError(f"fit: got {fit.n_params} weights; allowed is 1 (bp.explore.surface shows slices of more)")
    (low,), (high,) = limits(low, high, 1)
    w = np.sinh(np.linspace(np.arcsinh(low), np.arcsinh(high), 20_001))
    loss = fit.loss(w[None])
    lowest = np.flatnonzero((loss[1:-1] < loss[:-2]) & (loss[1:-1] < loss[2:])) + 1
    words = _said("one_weight", many=len(lowest), low=low, high=high, at=w[lowest])
    return still(640, 300, (72, 14, 610, 246), lambda axes: draw_loss_over_weight(axes, w, loss, lowest), words)


def basins(result, names=("first direction", "second direction"), axes=None):
    """The map of a Basins result, minima that lie in the plane marked; names: what the two directions are called.

    axes: matplotlib axes to draw on instead of a Still.
    """
    plane, minima = instance("result", result, Basins, "a Basins, what bp.basins gives").plane, result.minima
    names = sequence("names", names, "allowed are two texts", 2)
    if len(names) != 2:
        refuse("names", names, "allowed are two texts")
    for name in names:
        text("names", name, 80)
    across = np.stack([plane.first, plane.second], axis=1)
    places = np.linalg.lstsq(across, minima.theta - plane.origin[:, None], rcond=None)[0]
    gap = np.linalg.norm(across @ places + plane.origin[:, None] - minima.theta, axis=0)
    shown = (gap < 1e-6) & ((places.T >= plane.low) & (places.T <= plane.high)).all(axis=1) & minima.isolated

    def draw(axes):
        finer = np.ones((max(1, 200 // plane.cells),) * 2, int)              # the patterns are of one size on every map
        BasinMap(axes, plane.low, plane.high, plane.scale).update(np.kron(result.label, finer))
        letters = [name for name, there in zip(minima.names, shown, strict=True) if there]
        MinimaMarks(axes, len(letters)).update(places[:, shown], letters)
        axes.set(xlabel=names[0], ylabel=names[1])
    return still(480, 450, (84, 14, 454, 384), draw, _said("basins", result=result.words), axes)


def layers(fit, thetas):
    """How answers (left) and gradients dL/dz (right) are spread in each hidden layer, a row for each of `thetas`.

    fit: a Fit.  thetas: {name: theta (P,)}.  Raises ValueError for none, or for a network without a hidden layer.
    Source: the pictures of Glorot and Bengio 2010, AISTATS, figures 6 and 7.
    """
    if not isinstance(thetas, dict) or not thetas:
        refuse("thetas", thetas, "allowed is a dict such as {'Glorot': theta}")
    if len(thetas) > MOST_ROWS:
        raise ValueError(f"thetas: got {len(thetas):,}; allowed are at most {MOST_ROWS}, a row of the picture each")
    fit_of_layers("fit", fit, "bp.gradients_by_layer")
    thetas = {text("thetas", name, 80): one_network("thetas", theta, fit.n_params)
              for name, theta in thetas.items()}
    if len(fit.network.sizes) < 3:
        raise ValueError(f"fit: got a network of sizes {fit.network.sizes}; allowed is one with a hidden layer")
    traces, said = {name: backprop(fit, theta) for name, theta in thetas.items()}, []
    answers = [[a.ravel() for a in trace.a[1:-1]] for trace in traces.values()]
    slopes = [[delta.ravel() * fit.divisor for delta in trace.delta[:-1]] for trace in traces.values()]
    wide = 3 * max(float(np.std(slope)) for row in slopes for slope in row) or 1.0
    for name, a, slope in zip(traces, answers, slopes, strict=True):
        said.append(_said("by_layer", name=name, layers=len(a), answer_first=a[0].std(), answer_last=a[-1].std(),
                          slope_first=slope[0].std(), slope_last=slope[-1].std()))
    rows, names = len(traces), list(traces)
    boxes = tuple((left, 34 + 214 * k, left + 320, 174 + 214 * k) for k in range(rows) for left in (20, 380))

    def draw(*axes):
        for k in range(rows):
            for one, numbers, reach, what in ((axes[2 * k], answers[k], 1.0, "answers"),
                                              (axes[2 * k + 1], slopes[k], wide, "gradients dL/dz")):
                draw_layer_histograms(one, numbers, reach)
                one.set_title(f"{names[k]}: {what}")
        axes[-1].legend(loc="upper center", bbox_to_anchor=(-0.06, -0.2), ncols=6, frameon=False, columnspacing=1.2)
    return still(720, 214 * rows + 26, boxes, draw, " ".join(said))


def _said(key, **facts):
    return str(Said("pictures", ((key, facts),)))
