"""What each layer passes on of the gradient, and where it is lost: the facts of the verdict, and a table by layer."""
import numpy as np

from bpviz.calculus.activations import ACTIVATIONS
from bpviz.network.gradient_flow import steepest
from bpviz.words.catalogue import Said
from bpviz.words.numbers import loss4, or_dash, plain, power_of_ten

ENOUGH, ROWS = 0.05, 12


def bounded(activation):
    """Whether the answers of this activation stay between -1 and 1."""
    with np.errstate(all="ignore"):
        return bool(np.abs(ACTIVATIONS[activation].value(np, np.array([-1e9, 1e9]))).max() <= 1)



def flat_name(activation):
    """What an answer with next to no slope is called: saturated where answers are bounded, silent where it is 0."""
    with np.errstate(all="ignore"):
        silent = not np.any(ACTIVATIONS[activation].value(np, np.array([-9.0, -1.0])))
    return "saturated" if bounded(activation) else "silent" if silent else "flat"


def words(result):
    sentences = [*_multiplies(result), _bound(result), _flat(result), _trained(result)]
    return str(Said("vanishing", tuple(filter(None, sentences))))


def _multiplies(result):
    flow, L = result.flow, len(result.flow.gradient)
    first, last = flow.gradient[0], flow.gradient[-1]
    if not np.isfinite(flow.gradient).all() or not np.isfinite(flow.delta).all():
        return [("too_large", {"layers": L})]
    if first == 0:
        reached = np.flatnonzero(flow.gradient > 0)
        return [("none_reaches", {"layers": L, "first": reached[0] + 1 if len(reached) else None}), _lost(result)]
    return [("size", {"whole": flow.factor ** (L - 1)}),
            ("multiplies", {"factor": flow.factor, "speed": first / last if last > 0 else np.inf, "layers": L,
                            "expected": None if result.expected is None else _mean(result.expected),
                            "steps": result.reached}),
            ("alike", {}) if result.alike else None]


def _mean(values):
    """The geometric mean."""
    return float(np.exp(np.log(np.maximum(values, 1e-300)).mean()))


def _lost(result):
    """Where the gradient becomes exactly 0 on its way back, and why."""
    flow = result.flow
    through = np.flatnonzero(flow.delta > 0)
    if not len(through):
        return "lost", {"why": "nothing in"}
    last = int(through[0])                                         # counted from 0: this layer still hears of it
    if last == 0:
        return "lost", {"why": "too small"}
    if flow.dead[last - 1] == 1:
        return "lost", {"why": "all dead", "layer": last}
    if result.zero[last]:
        return "lost", {"why": "zero weights", "layer": last + 1}
    return "lost", {"why": "some dead" if flow.dead[last - 1] > 0 else "zeros", "layer": last,
                    "dead": flow.dead[last - 1]}


def _bound(result):
    """How much a layer can keep at most, where that is what matters."""
    scene, steep = result.scene, steepest(result.scene.activation)
    if result.largest is None:
        return None
    jacobian, weights = map(_mean, result.largest)
    if not np.isfinite(jacobian) or weights <= 1e-299:
        return None
    slope = np.ceil(steep * 1000 - 1e-3) / 1000 if _bounded_slope(scene.activation, steep) else None   # never too small
    return "bound", {"jacobian": jacobian, "activation": scene.activation, "slope": slope, "weights": weights,
                     "cure": None if scene.cure in ("none", "clip the gradient at 1") else scene.cure,
                     "kept": None if slope is None else slope * weights}


def _bounded_slope(activation, steep):
    """Whether |f'| stays below `steep` far out too."""
    f, z = ACTIVATIONS[activation], np.array([-1e4, -1e3, -100.0, -30.0, 30.0, 100.0, 1e3, 1e4])
    with np.errstate(all="ignore"):
        return bool(np.nanmax(np.abs(f.slope(np, z, f.value(np, z)))) <= steep * (1 + 1e-4))


def _flat(result):
    flow, hidden = result.flow, slice(0, -1)
    share, stuck, dead = (float(part[hidden].mean()) for part in (flow.saturated, flow.stuck, flow.dead))
    if not np.isfinite(flow.activation).all() or not (share > ENOUGH or stuck > 0):
        return None
    return "no_slope", {"share": share, "stuck": stuck, "dead": dead, "name": flat_name(result.scene.activation)}


def _trained(result):
    if not result.reached:
        return None
    if result.stuck is not None and result.stuck <= result.reached:
        return "ran_away", {"step": result.stuck}
    before, after = result.losses
    return "trained", {"steps": result.reached, "before": before, "after": after, "first": result.moved[0],
                       "last": result.moved[-1], "layers": len(result.moved)}


def table(result):
    flow, path, L = result.flow, result.path, len(result.flow.gradient)
    shown = range(L) if L <= ROWS else np.unique(np.round(np.linspace(0, L - 1, ROWS)).astype(int))
    ratio, running, factor = ([*part, None] for part in (flow.ratio, path.running, path.factor))
    largest = [None] * L if result.largest is None else [*result.largest[0], None]
    rows = [(str(k + 1), plain(flow.gradient[k]), plain(flow.delta[k]), plain(flow.activation[k]), or_dash(ratio[k]),
             or_dash(largest[k]), plain(flow.slope[k]), f"{flow.saturated[k]:.0%}", f"{flow.dead[k]:.0%}",
             or_dash(factor[k]), or_dash(running[k]), plain(result.moved[k])) for k in shown]
    together = "" if result.product is None else (f"; all layers together stretch by at most "
                                                  f"{power_of_ten(result.product)}")
    return (f"Layer by layer, loss {loss4(flow.loss)}{together}",
            ("layer", "|dL/dW|", "|dL/dz|", "|a|", "passed on", "at most", "mean f′", "flat", "dead", "path: factor",
             "product", "moved"), rows)

