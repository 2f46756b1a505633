"""What runs along the arrows of a network at one stop of a walk: values forward, slopes backward.

Forward, the arrow of w1[i,j] carries what it passes on, a_i w1[i,j], the share of input i in z1[j]. Backward, it is
dL/dw1[i,j], which says whether more of this weight would raise or lower the loss, and how fast. (Rumelhart, Hinton and
Williams 1986, Nature 323: the forward pass of eq. 1, the backward pass of eq. 4 to 6.)
"""
from dataclasses import dataclass
from itertools import product

import numpy as np


@dataclass(frozen=True)
class Flow:
    """way: "forward", "backward" for one row or "all rows" for the mean (or sum) of its slopes.

    along: {(layer, i, j): number} of the weights whose number is found, with sign.  most: the largest size among all.
    road: (layer, i, j) of the weights over which the slope has come from the loss to the number that is being found.
    skips: (layer, unit) of those whose z is handed on by a skip over which it has come too.
    now: the places between which that number runs, ((from, to), ...): (layer, unit), the loss is ("L",); one place
    twice where it is found within a unit.
    gaps: ((answer, target), ...) of each output once the loss is found.
    """
    way: str
    along: dict
    most: float
    road: tuple
    skips: tuple
    now: tuple
    gaps: tuple


def _edges(sizes, layer):
    """The (layer, i, j) of one layer's weights."""
    return [(layer, i, j) for i, j in product(range(1, sizes[layer - 1] + 1), range(1, sizes[layer] + 1))]


def road(network, kind):
    """(weights, skips) on all roads from the loss back to the slope by this kind: ("z", 1, 2), ("w", 1, 1, 2), ..."""
    (letter, layer, *units), sizes = kind, network.sizes
    answers = range(1, sizes[layer] + 1)
    if letter in "ah" or not network.norms[layer - 1]:
        answers = units[-1:]                      # else every answer of the layer depends on this z
    scores = () if letter in "ah" else units[-1:]
    edges, skips = [(layer, *units)] if letter == "w" else [], []
    for k in range(layer + 1, len(sizes)):
        edges += [edge for edge in _edges(sizes, k) if edge[1] in answers]
        skips += [(k - 1, j) for j in scores if network.skips[k - 1]]
        answers = scores = range(1, sizes[k] + 1)
    return tuple(edges), tuple(skips)


def tracks(sizes, kind, coupled=False, normed=()):
    """The places between which the number of this kind runs, as in Flow.now.

    coupled: whether an output's answer depends on every output's z, as with softmax.  normed: layers with layer norm.
    """
    letter, place = kind
    last = len(sizes) - 1
    if letter == "L":
        return tuple(((last, j), ("L",)) for j in range(1, sizes[-1] + 1))
    if letter == "z":
        layer, unit = place
        return tuple(((layer - 1, i), place) for i in range(1, sizes[layer - 1] + 1))
    if letter in "ms":
        return tuple(((place[0], i), (place[0], i)) for i in range(1, sizes[place[0]] + 1))
    if letter in "ah":
        others = [(last, j) for j in range(1, sizes[last] + 1) if coupled and place[0] == last and j != place[1]]
        return (*((other, place) for other in others), *([] if others else [(place, place)]))
    if letter != "d":
        return ()
    of, layer, *units = place
    here = (layer, units[-1])
    if of == "z" and layer in normed:
        return tuple(((layer, i), here) for i in range(1, sizes[layer] + 1) if i != units[-1])
    if of == "w":
        return ((here, (layer - 1, units[0])),)
    if of == "a" and layer < last:
        return tuple(((layer + 1, j), here) for j in range(1, sizes[layer + 1] + 1))
    return ((("L",), here),) if layer == last and of != "b" else ((here, here),)


def flow(fit, stop, seen, value):
    """The Flow at a Station.

    seen: the kinds found so far.  value: {kind: number} of the whole step.
    """
    sizes, rows, squared = fit.network.sizes, fit.data.rows, fit.loss_name == "squared error"
    edges = [edge for layer in range(1, len(sizes)) for edge in _edges(sizes, layer)]
    if stop.phase in ("forward", "loss"):
        way = "forward"
        every = {(k, i, j): value["x", (i,)] * value["w", (k, i, j)] if k == 1 else
                 value["a", (k - 1, i)] * value["w", (k, i, j)] for k, i, j in edges}
        along = {edge: number for edge, number in every.items() if ("z", (edge[0], edge[2])) in seen}
    else:
        letter = "d" if rows == 1 or stop.phase == "backward" else "g"
        way = "backward" if letter == "d" else "all rows"
        every = {edge: value[letter, ("w", *edge)] for edge in edges}
        along = {edge: number for edge, number in every.items() if (letter, ("w", *edge)) in seen}
    last, back = len(sizes) - 1, stop.phase == "backward"
    gaps = tuple((float(value["a", (last, j)]), float(value["t", (j,)])) for j in range(1, sizes[-1] + 1)
                 if squared and ("L", ()) in seen)
    roads = road(fit.network, stop.kind[1]) if back else ((), ())
    normed = [k for k, norm in enumerate(fit.network.norms, start=1) if norm]
    now = tracks(sizes, stop.kind, fit.loss_record.output_name == "softmax", normed)
    return Flow(way, {edge: float(number) for edge, number in along.items()},
                float(np.max(np.abs([*every.values()]))), *roads, now, gaps)
