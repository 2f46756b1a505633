"""Tasks on paper for lesson 4: a slope found by nudging, where a backward pass first goes wrong, squared error or "
  "cross-entropy."""
import numpy as np

from bpviz.calculus.losses import LOSSES
from bpviz.coursework.paper.task import PaperTask, d, pick, written
from bpviz.network.backprop import backprop
from bpviz.network.data import Data
from bpviz.network.fit import Fit
from bpviz.network.shape import Network


def one_weight(n):
    """The fit of o = w·x on one row."""
    return Fit(Network((1, 1), "identity", bias=False), "squared error", Data([n["x"]], [n["t"]]))


def draw_nudge(rng):
    return {"x": pick(rng, 1, 2), "t": pick(rng, 1, 2, 3), "w": pick(rng, 1, 2, 3), "h": pick(rng, 0.1, 0.5, 1)}


def nudged(n):
    fit, h = one_weight(n), n["h"]
    here, up, down = (float(fit.loss(np.array([n["w"] + shift]))) for shift in (0.0, h, -h))
    chain = float(fit.gradient(np.array([float(n["w"])]))[0])
    return (("L(w)", here), ("L(w + h)", up), ("L(w − h)", down), ("forward", (up - here) / h),
            ("central", (up - down) / (2 * h)), ("by the chain rule", chain))


FAULTS = {                                   # what is wrong, and what it makes of (dv, dz, dw)
    "the sign of the error": lambda dv, dz, dw, n: (-dv, -dz, -dw),
    "the 2 of the square": lambda dv, dz, dw, n: (dv / 2, dz / 2, dw / 2),
    "the weight on the way back": lambda dv, dz, dw, n: (dv, dz / n["v"], dw / n["v"]),
    "the input of the first weight": lambda dv, dz, dw, n: (dv, dz, dw / n["x"]),
}


def draw_fault(rng):
    return {"x": pick(rng, 2, 3, 4), "w": pick(rng, 1, 2, 3), "v": pick(rng, -2, 2, 3, 4), "t": pick(rng, 1, 2, 5),
            "kind": pick(rng, *FAULTS)}


def right_three(n):
    fit = Fit(Network((1, 1, 1), "identity", bias=False), "squared error", Data([n["x"]], [n["t"]]))
    trace = backprop(fit, np.array([n["w"], n["v"]], float))
    return float(trace.gradient[1]), float(trace.delta[0][0, 0]), float(trace.gradient[0])


def fits_fault(n):
    """Each of the four faults gives other numbers, and none gives the right ones."""
    every = [right_three(n), *(make(*right_three(n), n) for make in FAULTS.values())]
    apart = len({tuple(np.round(one, 9)) for one in every}) == len(every)
    return apart and 0 not in every[0] and max(map(abs, every[0])) < 500


def said_fault(n):
    dv, dz, dw = FAULTS[n["kind"]](*right_three(n), n)
    options = ", ".join(FAULTS)
    return (f"Two units answer just what they hear: a = w·x and o = v·a; the loss is (o − t)². Let x = {n['x']}, w = "
            f"{n['w']}, v = {written(n['v'])}, t = {n['t']}. A backward pass gives {d('L', 'v')} = {written(dv)}, "
            f"{d('L', 'a')} = {written(dz)}, "
            f"{d('L', 'w')} = {written(dw)}. It has lost or changed one of these: {options}. Which one?")


def draw_sure(rng):
    return {"o": pick(rng, 0.1, 0.2, 0.3, 0.9, 0.8, 0.7), "t": pick(rng, 0, 1)}


def two_losses(n):
    o, t = np.array([n["o"]]), np.array([float(n["t"])])
    z = np.log(o / (1 - o))
    square = float(LOSSES["squared error"].slope(np, z, o, t)[0])
    cross = float(LOSSES["binary cross-entropy"].slope(np, z, o, t)[0])
    return ((f"slope of the unit, {d('o', 'z')}", n["o"] * (1 - n["o"])), ("squared error", square * n["o"] * (1 - n[
    "o"])),
            ("cross-entropy", cross))


LESSON_4 = (
    PaperTask("Nudging", draw_nudge,
              lambda n: f"A unit answers o = w·x, the loss is (o − t)². Let x = {n['x']}, t = {n['t']}, w = "
                        f"{n['w']}. Find the slope of the "
                        f"loss at w by nudging, with h = {written(n['h'])}: forward, from L(w) and L(w + h), and "
                        f"central, from L(w + h) and "
                        "L(w − h). Compare both with the chain rule. Which is exact here?",
              nudged, asked=6, space=6, points=6, fits=lambda n: n["w"] * n["x"] != n["t"]),
    PaperTask("Find the fault", draw_fault, said_fault,
              lambda n: (*zip((d("L", "v"), d("L", "a"), d("L", "w")), right_three(n), strict=True),
                         ("lost or changed", n["kind"])), asked=1, space=6, points=4, fits=fits_fault),
    PaperTask("Two losses", draw_sure,
              lambda n: f"A sigmoid output answers o = {written(n['o'])}; its target is t = {n['t']}. How fast does "
                        f"the loss rise with what it "
                        "hears, z, with squared error (o − t)², and how fast with cross-entropy, where the slope by "
                        "z is just o − t?",
              two_losses, asked=2, space=4, points=3),
)
