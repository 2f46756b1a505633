"""What the bench of vanishing gradients says: a verdict with the reason in numbers, and a table by layer."""
import numpy as np

from bpviz.calculus.activations import ACTIVATIONS
from bpviz.network.gradient_flow import steepest
from bpviz.words.numbers import loss4, or_dash, plain, power_of_ten, share, steps_of

SMALL, LARGE, ROWS = 1e-3, 1e3, 12


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
    return " ".join(part for part in (_multiplies(result), _bound(result), _flat(result), _trained(result)) if part)


def _multiplies(result):
    flow, L = result.flow, len(result.flow.gradient)
    first, last = flow.gradient[0], flow.gradient[-1]
    if not np.isfinite(flow.gradient).all() or not np.isfinite(flow.delta).all():
        return f"The gradient of some of the {L} layers is too large for a number: it explodes."
    if first == 0:
        reached = np.flatnonzero(flow.gradient > 0)
        where = f"; the first layer that learns is layer {reached[0] + 1}" if len(reached) else ": no layer learns"
        return f"No gradient reaches layer 1 of {L}{where}. {_lost(result)}."
    theory = ""
    if result.expected is not None:
        expected = float(np.exp(np.log(np.maximum(result.expected, 1e-300)).mean()))
        theory = f" (theory of wide networks{' at the start' if result.reached else ''}: {plain(expected)})"
    speed = first / last if last > 0 else np.inf
    whole = flow.factor ** (L - 1)
    verdict = ("The gradient vanishes." if whole < SMALL else "The gradient explodes." if whole > LARGE else
               "The gradient keeps its size within a factor of a thousand.")
    alike = (" All units of a layer are alike and stay alike: they learn one thing together." if result.alike else "")
    return (f"{verdict} On average a layer multiplies it by {plain(flow.factor)} on its way back{theory}; |dL/dW| of "
            f"layer 1 is {plain(speed)} times that of layer {L}.{alike}")


def _lost(result):
    """Where the gradient becomes exactly 0 on its way back, and why."""
    flow = result.flow
    through = np.flatnonzero(flow.delta > 0)
    if not len(through):
        return "Nothing comes in at the last layer: the error, times the slope there, is 0 on every row"
    last = int(through[0])                                         # counted from 0: this layer still hears of it
    if last == 0:
        return "It is too small for a number"
    if flow.dead[last - 1] == 1:
        return f"All units of layer {last} are dead: their slope is 0 on every row"
    if result.zero[last]:
        return f"The weights of layer {last + 1} are all 0, so it passes nothing back"
    if flow.dead[last - 1] > 0:
        return (f"It is lost in layer {last}, where {share(flow.dead[last - 1])} of the units are dead (slope 0 on "
                "every row) and the others get nothing")
    return f"It is lost in layer {last}: on every row each unit's slope, or what comes back to it, is 0 in numbers"


def _bound(result):
    """How much a layer can keep at most, where that is what matters."""
    scene, steep = result.scene, steepest(result.scene.activation)
    if result.largest is None:
        return ""
    jacobian, weights = (float(np.exp(np.log(np.maximum(values, 1e-300)).mean())) for values in result.largest)
    if not np.isfinite(jacobian) or weights <= 1e-299:
        return ""
    if scene.cure not in ("none", "clip the gradient at 1"):
        return (f"On the first row a layer stretches a gradient by at most {plain(jacobian)} on average (largest "
                f"singular value of its Jacobian, {scene.cure} included).")
    one_row = f"on the first row it is at most {plain(jacobian)} on average"
    if not _bounded_slope(scene.activation, steep):
        return one_row[0].upper() + one_row[1:] + " (largest singular value of a layer's Jacobian)."
    bound = np.ceil(steep * 1000 - 1e-3) / 1000                    # never rounded down
    share = {0.25: "a quarter of ", 1.0: ""}.get(float(bound), f"{bound:.4g} times ")
    return (f"Since f′ ≤ {bound:.4g} for {scene.activation}, a layer keeps at most {share}the gradient times the norm "
            f"of its weights, here on average {bound:.4g} × {plain(weights)} = {plain(bound * weights)}; {one_row}.")


def _bounded_slope(activation, steep):
    """Whether |f'| stays below `steep` far out too."""
    f, z = ACTIVATIONS[activation], np.array([-1e4, -1e3, -100.0, -30.0, 30.0, 100.0, 1e3, 1e4])
    with np.errstate(all="ignore"):
        return bool(np.nanmax(np.abs(f.slope(np, z, f.value(np, z)))) <= steep * (1 + 1e-4))


def _flat(result):
    flow, said = result.flow, []
    if not np.isfinite(flow.activation).all():
        return ""
    hidden = slice(0, -1)
    share, stuck, dead = (float(part[hidden].mean()) for part in (flow.saturated, flow.stuck, flow.dead))
    name = flat_name(result.scene.activation)
    if share > 0.05:
        said.append(f"{share:.0%} of the hidden answers are {name}")
    if stuck > 0:
        said.append(f"{share(stuck)} of the hidden units are {name} on every row" +
                    (f", {share(dead)} are dead" if dead > 0 else ""))
    return f"{' and '.join(said)}." if said else ""



def _trained(result):
    if not result.reached:
        return ""
    before, after = result.losses
    if result.stuck is not None and result.stuck <= result.reached:
        return (f"At step {result.stuck} the weights ran away: the next ones are no numbers, so they stay where they "
                "were. Try a smaller rate or a cure.")
    return (f"After {steps_of(result.reached)} the loss went from {loss4(before)} to {loss4(after)}; layer 1 moved by "
            f"{plain(result.moved[0])} of its length, layer {len(result.moved)} by {plain(result.moved[-1])}.")




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

