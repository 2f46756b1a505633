"""What the bench of vanishing gradients says: a verdict with the reason in numbers, and a table by layer."""
import numpy as np

from bpviz.calculus.activations import ACTIVATIONS
from bpviz.network.gradient_flow import steepest
from bpviz.plots.depth import power

SMALL, LARGE, ROWS = 1e-3, 1e3, 12


def bounded(activation):
    """Whether the answers of this activation stay between -1 and 1."""
    with np.errstate(all="ignore"):
        return bool(np.abs(ACTIVATIONS[activation].value(np, np.array([-1e9, 1e9]))).max() <= 1)


def plain(value, digits=2):
    """A number as a person writes it: 0.21, 4 × 10⁻⁹, 0."""
    if value == 0:
        return "0"
    if not np.isfinite(value):
        return "more than any number here"
    if 1e-3 <= abs(value) < 1e4:
        text = f"{value:.{digits}g}" if abs(value) < 10 ** digits else f"{value:,.0f}"
    else:
        exponent = int(np.floor(np.log10(abs(value))))
        text = f"{value / 10.0 ** exponent:.{digits - 1}f} × {power(exponent)}"
    return text.replace("-", "−")


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
        why = ("All units of a layer are alike" if result.scene.start in ("zeros", "constant") else
               "Its units are dead: their slope is 0 on every row")
        return f"No gradient reaches layer 1 of {L}{where}. {why}."
    theory = ""
    if result.expected is not None:
        expected = float(np.exp(np.log(np.maximum(result.expected, 1e-300)).mean()))
        theory = f" (theory of wide networks{' at the start' if result.reached else ''}: {plain(expected)})"
    speed = first / last if last > 0 else np.inf
    whole = flow.factor ** (L - 1)
    verdict = ("The gradient vanishes." if whole < SMALL else "The gradient explodes." if whole > LARGE else
               "The gradient keeps its size within a factor of a thousand.")
    alike = (" All units of a layer are alike and stay alike: they learn one thing together."
             if result.scene.start == "constant" else "")
    return (f"{verdict} Each layer multiplies it by {plain(flow.factor)} on its way back{theory}; layer 1 learns "
            f"{plain(speed)} times as fast as layer {L}.{alike}")


def _bound(result):
    """How much a layer can keep at most, where that is what matters."""
    scene, steep = result.scene, steepest(result.scene.activation)
    if result.largest is None:
        return ""
    jacobian, weights = (float(np.exp(np.log(np.maximum(values, 1e-300)).mean())) for values in result.largest)
    if not np.isfinite(jacobian) or weights <= 1e-299:
        return ""
    if scene.cure not in ("none", "clip the gradient at 1"):
        return (f"On one row a layer stretches a gradient by at most {plain(jacobian)} (largest singular value of its "
                f"Jacobian, {scene.cure} included).")
    share = {0.25: "a quarter of ", 1.0: ""}.get(round(steep, 6), f"{steep:.3g} times ")
    return (f"Since f′ ≤ {steep:.3g} for {scene.activation}, a layer keeps at most {share}the gradient times the norm "
            f"of its weights, here {steep:.3g} × {plain(weights)} = {plain(steep * weights)}; on one row it is at most "
            f"{plain(jacobian)}.")


def _flat(result):
    flow, said = result.flow, []
    if not np.isfinite(flow.activation).all():
        return ""
    hidden = slice(0, -1)
    share, stuck, dead = (float(part[hidden].mean()) for part in (flow.saturated, flow.stuck, flow.dead))
    name = "saturated" if bounded(result.scene.activation) else "silent"
    if share > 0.05:
        said.append(f"{share:.0%} of the hidden answers are {name}")
    if stuck > 0:
        said.append(f"{_share(stuck)} of the hidden units are {name} on every row" +
                    (f", {_share(dead)} are dead" if dead > 0 else ""))
    return f"{' and '.join(said)}." if said else ""


def _share(share):
    return "fewer than 1 %" if share < 0.01 else f"{share:.0%}"


def _trained(result):
    if not result.reached:
        return ""
    before, after = result.losses
    if not np.isfinite(after):
        return f"After {result.reached} steps the weights ran away: a smaller rate, or clipping, would hold them."
    return (f"After {_steps(result.reached)} the loss went from {before:.4f} to {after:.4f}; layer 1 moved by "
            f"{plain(result.moved[0])} of its length, layer {len(result.moved)} by {plain(result.moved[-1])}.")


def _steps(n):
    return "1 step" if n == 1 else f"{n} steps"


def table(result):
    flow, path, L = result.flow, result.path, len(result.flow.gradient)
    shown = range(L) if L <= ROWS else np.unique(np.round(np.linspace(0, L - 1, ROWS)).astype(int))
    ratio, running, factor = ([*part, None] for part in (flow.ratio, path.running, path.factor))
    largest = [None] * L if result.largest is None else [*result.largest[0], None]
    rows = [(str(k + 1), plain(flow.gradient[k]), plain(flow.delta[k]), plain(flow.activation[k]), _or_dash(ratio[k]),
             _or_dash(largest[k]), plain(flow.slope[k]), f"{flow.saturated[k]:.0%}", f"{flow.dead[k]:.0%}",
             _or_dash(factor[k]), _or_dash(running[k]), plain(result.moved[k])) for k in shown]
    together = "" if result.product is None else (f"; all layers together stretch by at most "
                                                  f"{_power_of_ten(result.product)}")
    return (f"Layer by layer, loss {flow.loss:.4f}{together}",
            ("layer", "|dL/dW|", "|dL/dz|", "|a|", "passed on", "at most", "mean f′", "flat", "dead", "path: factor",
             "product", "moved"), rows)


def _or_dash(value):
    return "–" if value is None else plain(value)


def _power_of_ten(log):
    exponent = int(np.floor(log))
    return plain(10.0 ** log) if -3 <= exponent < 4 else f"{10 ** (log - exponent):.1f} × {power(exponent)}"
