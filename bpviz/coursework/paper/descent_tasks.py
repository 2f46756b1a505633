"""Tasks on paper for lessons 5 to 7: steps on a parabola, the largest rate, level points, momentum, restarts."""
import math

import numpy as np

from bpviz.coursework.paper.task import PaperTask, pick, v, written
from bpviz.descent.adaptive import Adam
from bpviz.descent.descend import descend
from bpviz.descent.optimizers import GradientDescent
from bpviz.landscape.newton import kind_of


class HalfSquare:
    """½·λ·w², an objective for the optimizers."""
    n_params = 1

    def __init__(self, curvature):
        self.curvature = curvature

    def loss(self, theta):
        return self.curvature * theta[0] ** 2 / 2

    def gradient(self, theta):
        return self.curvature * theta


def walked(curvature, start, optimizer, steps):
    """The weights (steps + 1,) of a descent on ½·λ·w²."""
    return descend(HalfSquare(curvature), np.array([float(start)]), optimizer, steps).theta[0]


# ---- lesson 5: how far?

def draw_steps(rng):
    return {"c": pick(rng, 1, 2, 4), "w": pick(rng, -10, 10, 8, 16), "rate": pick(rng, 0.1, 0.25, 0.5, 0.75)}


def three_steps(n):
    path = walked(n["c"], n["w"], GradientDescent(rate=n["rate"]), 3)
    return (("factor of a step", 1 - n["rate"] * n["c"]), *((f"after step {k}", path[k]) for k in (1, 2, 3)))


def said_of_steps(n):
    factor = 1 - n["rate"] * n["c"]
    return ("leaves" if abs(factor) > 1 else "jumps for ever" if factor == -1 else "zigzags in" if factor < 0 else
            "goes straight in, in one step" if factor == 0 else "goes straight in")


def draw_limit(rng):
    return {"c1": pick(rng, 0.5, 1, 0.25), "c2": pick(rng, 4, 5, 8, 10, 20)}


def draw_uphill(rng):
    return {"c": pick(rng, 2, 4), "w": pick(rng, 1, 2, 3), "times": pick(rng, 1.5, 2.5, 3)}


def uphill(n):
    after = walked(n["c"], n["w"], GradientDescent(rate=n["times"] / n["c"]), 1)[1]
    return ("w after the step", after), ("L before", n["c"] * n["w"] ** 2 / 2), ("L after", n["c"] * after ** 2 / 2)


def limits(n):
    return ("largest rate", 2 / n["c2"]), ("factor in the flat direction", 1 - n["c1"] / n["c2"])


LESSON_5 = (
    PaperTask("Three steps downhill", draw_steps,
              lambda n: f"The loss is ½·λ·w² with curvature λ = {n['c']}, so its slope is λ·w. The weight is w = "
                        f"{written(n['w'])}, the "
                        f"learning rate {written(n['rate'])}. By which factor does each step multiply w? Do three "
                        f"steps. Does it go "
                        "straight in, zigzag in, jump for ever, or leave?",
              lambda n: (*three_steps(n), ("it", said_of_steps(n))), asked=5, space=5, points=5),
    PaperTask("The largest rate", draw_limit,
              lambda n: f"At a minimum the loss has curvature {written(n['c1'])} in one direction and "
                        f"{written(n['c2'])} in the other. Above "
                        "which learning rate can descent not settle there? By which factor does a step at half of "
                        "that rate shrink the "
                        "distance in the flat direction?",
              limits, asked=2, space=4, points=3),
    PaperTask("Uphill by a step downhill", draw_uphill,
              lambda n: f"The loss is ½·λ·w² with λ = {n['c']}, and w = {n['w']}. The learning rate is "
                        f"{written(n['times'] / n['c'])}. How large is the loss before the step, and after it?",
              uphill, asked=2, space=4, points=3),
)

# ---- lesson 6: level ground

def draw_quartic(rng):
    return {"a": pick(rng, 1, 2, 3), "b": pick(rng, 0, 1, 2, 3, 5)}


def level(n):
    """Of L = w⁴ − 2a²w² + b: its slope is 4w(w² − a²), its curvature 12w² − 4a²."""
    a, b = n["a"], n["b"]
    rows = []
    for w in (-a, 0, a):
        curvature = 12 * w ** 2 - 4 * a ** 2
        rows += [(f"L({written(w)})", w ** 4 - 2 * a ** 2 * w ** 2 + b), (f"curvature at {written(w)}", curvature),
                 (f"at {written(w)}", kind_of(np.array([float(curvature)])))]
    return tuple(rows)


def draw_kinds(rng):
    return {**{f"p{k}": pick(rng, -4, -2, -1, 1, 2, 3, 5) for k in (1, 2, 3)},
            **{f"q{k}": pick(rng, -3, -2, 1, 4, 6) for k in (1, 2, 3)}}


def curvatures(n, k):
    """The two curvatures of point k, the smaller first."""
    return sorted((n[f"p{k}"], n[f"q{k}"]))


def kinds(n):
    return tuple((f"point {k}", kind_of(np.array(curvatures(n, k), float))) for k in (1, 2, 3))


def said_of_kinds(n):
    points = "; ".join(f"point {k}: {' and '.join(map(written, curvatures(n, k)))}" for k in (1, 2, 3))
    return ("At three points of a landscape over two weights the gradient is 0. The smallest and the largest curvature "
            f"are: {points}. Which is a minimum, which a saddle, which a maximum? At which can descent stay, when it "
            "is nudged a little?")


def draw_saddle(rng):
    return {"x": pick(rng, 4, 8, -4), "y": pick(rng, 0.1, -0.1, 0.2), "rate": pick(rng, 0.25, 0.5)}


def off_the_saddle(n):
    """Two steps of descent on ½·x² − ½·y²."""
    x, y = n["x"], n["y"]
    rows = []
    for k in (1, 2):
        x, y = x - n["rate"] * x, y + n["rate"] * y
        rows += [(f"{v('x', k)}", x), (f"{v('y', k)}", y)]
    return tuple(rows)


LESSON_6 = (
    PaperTask("Where is it level?", draw_quartic,
              lambda n: f"The loss of one weight is L(w) = w⁴ − {2 * n['a'] ** 2}w² + {n['b']}. Its slope is 4w(w² − "
                        f"{n['a'] ** 2}), its "
                        f"curvature 12w² − {4 * n['a'] ** 2}. Where is the slope 0? How large are loss and curvature "
                        f"there, and what kind "
                        "of point is each?",
              level, asked=9, space=6, points=9),
    PaperTask("Of which kind?", draw_kinds, said_of_kinds, kinds, asked=3, space=3, points=3,
              fits=lambda n: len({kind for _, kind in kinds(n)}) >= 2),
    PaperTask("Past a saddle", draw_saddle,
              lambda n: f"The loss is ½x² − ½y², so the slopes are x and −y. Start at x = {written(n['x'])}, y = "
                        f"{written(n['y'])} and do two "
                        f"steps of descent with learning rate {written(n['rate'])}. Which of the two grows, and why "
                        f"does it take long "
                        "to notice?",
              off_the_saddle, asked=4, space=4, points=4),
)

# ---- lesson 7: escaping

def draw_heavy(rng):
    return {"c": pick(rng, 1, 2), "w": pick(rng, 8, 16, -8), "rate": pick(rng, 0.25, 0.5), "m": 0.5}


def heavy(n):
    """Torch's momentum: v ← m·v + slope, w ← w − rate·v."""
    path = walked(n["c"], n["w"], GradientDescent(rate=n["rate"], momentum=n["m"]), 3)
    speeds = -np.diff(path) / n["rate"]
    return tuple(pair for k in (1, 2, 3) for pair in ((v("v", k), speeds[k - 1]), (v("w", k), path[k])))


def draw_adam(rng):
    return {"g1": pick(rng, 0.001, 0.01, 0.02), "g2": pick(rng, 10, 50, 1000), "rate": pick(rng, 0.1, 0.05, 0.2)}


def first_of_adam(n):
    """At w = 1 on a parabola of curvature g the slope is g."""
    adam = Adam(rate=n["rate"])
    return tuple((f"step of weight {k}", float(walked(n[f"g{k}"], 1.0, adam, 1)[1] - 1)) for k in (1, 2))


def draw_restarts(rng):
    return {"p": pick(rng, 0.5, 0.6, 0.7, 0.8), "n": pick(rng, 2, 3)}


def restarts(n):
    need = math.ceil(round(math.log(0.05) / math.log(1 - n["p"]), 9))
    return (("one run misses", 1 - n["p"]), ("all miss", (1 - n["p"]) ** n["n"]), ("runs needed", need))


LESSON_7 = (
    PaperTask("A heavy ball", draw_heavy,
              lambda n: f"The loss is ½·λ·w² with λ = {n['c']}, so the slope is λ·w. Momentum keeps half of the last "
                        f"speed: v ← ½·v + slope, then "
                        f"w ← w − rate·v. Begin at w = {written(n['w'])} with v = 0, and do three steps with rate "
                        f"{written(n['rate'])}.",
              heavy, asked=6, space=5, points=6),
    PaperTask("The first step of Adam", draw_adam,
              lambda n: f"Adam divides each weight's slope by its size, so its first step is as long as the rate, "
                        f"{written(n['rate'])}. Two "
                        f"weights have the slopes {written(n['g1'])} and {n['g2']}. By how much does each move, and "
                        f"which way? By how much "
                        "would each move in gradient descent with the same rate?",
              lambda n: (*first_of_adam(n), ("descent, weight 1", -n["rate"] * n["g1"]), ("descent, weight 2", -n[
              "rate"] * n["g2"])),
              asked=4, space=4, points=4),
    PaperTask("How many restarts?", draw_restarts,
              lambda n: f"From a random start, a run reaches the best minimum with probability {written(n['p'])}. "
                        f"How likely do all of "
                        f"{n['n']} runs miss it? How many runs are needed so that all miss it in at most 5 of 100 "
                        f"cases?",
              restarts, asked=3, space=4, points=3),
)
