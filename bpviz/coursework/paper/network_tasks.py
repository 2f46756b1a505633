"""Tasks on paper for lessons 1 to 3: a network's forward pass, its blame on the way back, an update, the chain rule.

Every value is the engine's own: a Fit is made of the numbers, and `backprop` finds what the key prints.
"""
import numpy as np

from bpviz.coursework.paper.drawing import network as drawn
from bpviz.coursework.paper.task import PaperTask, d, on_the_table, pick, signed, tenths, v, written
from bpviz.network.backprop import backprop
from bpviz.network.data import Data
from bpviz.network.fit import Fit
from bpviz.network.shape import Network

SQUARE = "The loss is L = (o − t)², where o is what the output unit answers."


def traced(sizes, activation, theta, x, t):
    """The Trace of a small network without biases.  x: (n_in, rows).  t: (n_out, rows)."""
    fit = Fit(Network(sizes, activation, bias=False), "squared error", Data(x, t))
    return backprop(fit, np.array(theta, float)), fit


# ---- lesson 1: the network of the article, with other numbers

def draw_article(rng):
    names = ("w11", "w12", "w21", "w22", "v1", "v2")
    return {"x1": pick(rng, 1, 2), "x2": pick(rng, 1, 2), "t": pick(rng, 0.2, 0.8, 1), "rate": pick(rng, 1, 2, 5, 10),
            **{name: tenths(rng, -0.9, 0.9) for name in names}}


def article(n):
    theta = [n[name] for name in ("w11", "w12", "w21", "w22", "v1", "v2")]
    return traced((2, 2, 1), "sigmoid", theta, [[n["x1"]], [n["x2"]]], [[n["t"]]])[0]


def fits_article(n):
    trace = article(n)
    z, out = trace.z[0][:, 0], trace.z[1][0, 0]
    return (on_the_table(*z, out) and abs(z).min() >= 0.1 and z[0] != z[1] and n["x1"] != n["x2"]
            and abs(trace.output[0, 0] - n["t"]) > 0.1)


def drawn_article(n):
    return drawn((2, 2, 1), [[[n["w11"], n["w12"]], [n["w21"], n["w22"]]], [[n["v1"]], [n["v2"]]]], (n["x1"], n["x2"]))


def forward_article(n):
    trace = article(n)
    (z1, z2), (a1, a2), out = trace.z[0][:, 0], trace.a[1][:, 0], trace.z[1][0, 0]
    return ((v("z", 1), z1), (v("z", 2), z2), (v("a", 1), a1), (v("a", 2), a2), ("z", out), ("o", trace.output[0, 0]),
            ("L", float(trace.loss)))


def backward_article(n):
    trace = article(n)
    (e1, _), dz, g = trace.delta[0][:, 0], trace.delta[1][0, 0], trace.gradient
    return (*forward_article(n)[:6], (d("L", "o"), 2 * (trace.output[0, 0] - n["t"])), (d("L", "z"), dz),
            (d("L", "v", 1), g[4]), (d("L", "v", 2), g[5]), (d("L", "a", 1), dz * n["v1"]), (d("L", "z", 1), e1),
            (d("L", "w", 11), g[0]), (d("L", "w", 21), g[2]))


def update_article(n):
    g = article(n).gradient
    return ((d("L", "v", 1), g[4]), (d("L", "w", 11), g[0]), ("new v<sub>1</sub>", n["v1"] - n["rate"] * g[4]),
            ("new w<sub>11</sub>", n["w11"] - n["rate"] * g[0]))


LESSON_1 = (
    PaperTask("Forward", draw_article,
              lambda n: f"The units of this network are sigmoids and have no bias. The target is t = "
                        f"{written(n['t'])}. {SQUARE} "
                        "Find what each unit hears and answers, and the loss.",
              forward_article, asked=7, space=7, points=7, fits=fits_article, drawing=drawn_article, table=True),
    PaperTask("Backward", draw_article,
              lambda n: f"The same kind of network, with target t = {written(n['t'])}. {SQUARE} The weights behind "
                        f"the hidden units "
                        f"are called {v('v', 1)} and {v('v', 2)}. First go forward. Then find how fast the loss "
                        f"rises with "
                        f"{v('v', 1)}, with {v('v', 2)}, and with the two weights that lead to hidden unit 1.",
              backward_article, asked=8, space=9, points=8, fits=fits_article, drawing=drawn_article, table=True),
    PaperTask("Update", draw_article,
              lambda n: f"In a training step of such a network, {d('L', 'v', 1)} is "
                        f"{written(article(n).gradient[4])} and "
                        f"{d('L', 'w', 11)} is {written(article(n).gradient[0])}. The old weights are {v('v', 1)} = "
                        f"{written(n['v1'])} and {v('w', 11)} = {written(n['w11'])}, the learning rate is {n['rate']}. "
                        "What are the new ones?",
              update_article, asked=2, space=3, points=2, fits=fits_article),
)


# ---- lesson 2: the chain rule, in whole numbers

def draw_machines(rng):
    return {"a": pick(rng, 2, 3, 4, 5), "b": pick(rng, -3, -2, 2, 3, 4), "c": pick(rng, 2, 4, 5), "step": pick(rng,
                                                                                                               0.1,
                                                                                                               0.2,
                                                                                                               0.01)}


def draw_chain(rng):
    return {"x": pick(rng, 1, 2, 3, 4), "t": pick(rng, 1, 2, 3, 5), "w1": pick(rng, -3, -2, 2, 3), "w2": pick(rng, -2,
                                                                                                              2, 3, 4)}


def chain(n):
    trace, _ = traced((1, 1, 1), "identity", [n["w1"], n["w2"]], [[n["x"]]], [[n["t"]]])
    o, dz = trace.output[0, 0], trace.delta[1][0, 0]
    return (("a", trace.a[1][0, 0]), ("o", o), (d("L", "o"), 2 * (o - n["t"])), (d("L", "w", 2), trace.gradient[1]),
            (d("L", "a"), dz * n["w2"]), (d("L", "w", 1), trace.gradient[0]))


def draw_paths(rng):
    return {"x": pick(rng, 1, 2, 3), "w": pick(rng, -2, 2, 3), "v1": pick(rng, -3, -2, 2, 3), "v2": pick(rng, -2, 2, 4),
            "t1": pick(rng, 1, 2, 3), "t2": pick(rng, 0, 1, 4)}


def paths(n):
    trace, _ = traced((1, 1, 2), "identity", [n["w"], n["v1"], n["v2"]], [[n["x"]]], [[n["t1"]], [n["t2"]]])
    e1, e2 = trace.delta[1][:, 0]
    return (("a", trace.a[1][0, 0]), (v("o", 1), trace.output[0, 0]), (v("o", 2), trace.output[1, 0]), (d("L", "o",
                                                                                                          1), e1),
            (d("L", "o", 2), e2), ("on path 1", e1 * n["v1"]), ("on path 2", e2 * n["v2"]),
            (d("L", "a"), trace.delta[0][0, 0]), (d("L", "w"), trace.gradient[0]))


LESSON_2 = (
    PaperTask("Three machines", draw_machines,
              lambda n: f"Three machines stand in a row: u = {n['a']}·x, then v = {signed(n['b'])}·u, then y = "
                        f"v/{n['c']}. "
                        f"How fast does y change with x? By how much does y change when x grows by "
                        f"{written(n['step'])}?",
              lambda n: (("dy/dx", n["a"] * n["b"] / n["c"]), ("change of y", n["a"] * n["b"] / n["c"] * n["step"])),
              asked=2, space=3, points=2),
    PaperTask("Multiply along a path", draw_chain,
              lambda n: f"Two units in a row answer just what they hear: a = {v('w', 1)}·x and o = {v('w', 2)}·a. "
                        f"The loss is "
                        f"(o − t)². Let x = {n['x']}, t = {n['t']}, {v('w', 1)} = {written(n['w1'])}, {v('w', 2)} = "
                        f"{written(n['w2'])}. Find {d('L', 'w', 2)} and {d('L', 'w', 1)}.",
              chain, asked=6, space=6, points=6, fits=lambda n: n["x"] * n["w1"] * n["w2"] != n["t"],
              drawing=lambda n: drawn((1, 1, 1), [[[n["w1"]]], [[n["w2"]]]], (n["x"],))),
    PaperTask("Add over the paths", draw_paths,
              lambda n: f"One unit feeds two outputs, and all answer just what they hear: a = w·x, {v('o', 1)} = "
                        f"{v('v', 1)}·a, "
                        f"{v('o', 2)} = {v('v', 2)}·a. The loss is ({v('o', 1)} − {v('t', 1)})² + ({v('o', 2)} − "
                        f"{v('t', 2)})². "
                        f"Let x = {n['x']}, w = {written(n['w'])}, {v('v', 1)} = {written(n['v1'])}, {v('v', 2)} = "
                        f"{written(n['v2'])}, {v('t', 1)} = {n['t1']}, {v('t', 2)} = {n['t2']}. Find {d('L', 'a')} "
                        f"and {d('L', 'w')}.",
              paths, asked=6, space=7, points=6, fits=lambda n: 0 not in [value for _, value in paths(n)],
              drawing=lambda n: drawn((1, 1, 2), [[[n["w"]]], [[n["v1"], n["v2"]]]], (n["x"],))),
)


# ---- lesson 3: one training step

def draw_small(rng):
    return {"x": pick(rng, 1, 2, -1), "t": pick(rng, 0.1, 0.2, 0.9), "w1": tenths(rng, -0.9, 0.9), "w2": tenths(rng,
                                                                                                                -1.9,
                                                                                                                1.9),
            "rate": pick(rng, 1, 2, 5)}


def small(n):
    trace, _ = traced((1, 1, 1), "sigmoid", [n["w1"], n["w2"]], [[n["x"]]], [[n["t"]]])
    return trace


def fits_small(n):
    trace = small(n)
    return (on_the_table(trace.z[0][0, 0], trace.z[1][0, 0]) and abs(trace.z[0][0, 0]) >= 0.2
            and abs(trace.output[0, 0] - n["t"]) > 0.2)


def step_small(n):
    trace = small(n)
    o, dz, g = trace.output[0, 0], trace.delta[1][0, 0], trace.gradient
    return ((v("z", 1), trace.z[0][0, 0]), (v("a", 1), trace.a[1][0, 0]), (v("z", 2), trace.z[1][0, 0]), ("o", o),
            ("L", float(trace.loss)), (d("L", "o"), 2 * (o - n["t"])), (d("L", "z", 2), dz), (d("L", "w", 2), g[1]),
            (d("L", "a", 1), dz * n["w2"]), (d("L", "z", 1), trace.delta[0][0, 0]), (d("L", "w", 1), g[0]),
            ("new w<sub>2</sub>", n["w2"] - n["rate"] * g[1]), ("new w<sub>1</sub>", n["w1"] - n["rate"] * g[0]))


def draw_rows(rng):
    return {"w": pick(rng, 1, 2, 3, -1), **{name: pick(rng, 1, 2, 3, 4) for name in ("x1", "x2")},
            **{name: pick(rng, 0, 1, 2, 5) for name in ("t1", "t2")}}


def rows(n):
    trace, fit = traced((1, 1), "identity", [n["w"]], [[n["x1"], n["x2"]]], [[n["t1"], n["t2"]]])
    first, second = 2 * trace.delta[0][0] * fit.data.x[0]                 # delta holds the mean's half already
    return (("row 1 says", first), ("row 2 says", second), (d("L", "w"), trace.gradient[0]))


def draw_relu(rng):
    names = ("w11", "w12", "w21", "w22", "v1", "v2")
    return {"x1": pick(rng, 1, 2), "x2": pick(rng, 1, 2, 3), "t": pick(rng, 1, 2, 4), 
            **{name: pick(rng, -2, -1, 1, 2, 3) for name in names}}


def relu(n):
    theta = [n[name] for name in ("w11", "w12", "w21", "w22", "v1", "v2")]
    return traced((2, 2, 1), ("relu", "identity"), theta, [[n["x1"]], [n["x2"]]], [[n["t"]]])[0]


def working_relu(n):
    trace = relu(n)
    (z1, z2), (a1, a2), dz, g = trace.z[0][:, 0], trace.a[1][:, 0], trace.delta[1][0, 0], trace.gradient
    return ((v("z", 1), z1), (v("z", 2), z2), (v("a", 1), a1), (v("a", 2), a2), ("o", trace.output[0, 0]), (d("L",
    "o"), dz),
            (d("L", "v", 1), g[4]), (d("L", "v", 2), g[5]), (d("L", "z", 1), trace.delta[0][0, 0]),
            (d("L", "z", 2), trace.delta[0][1, 0]), (d("L", "w", 11), g[0]), (d("L", "w", 12), g[1]), (d("L", "w",
                                                                                                         21), g[2]),
            (d("L", "w", 22), g[3]))


def fits_relu(n):
    trace = relu(n)
    z = trace.z[0][:, 0]
    return (sorted(z > 0) == [False, True] and 0 not in z and trace.output[0, 0] != n["t"]
            and abs(trace.delta[1][0, 0]) <= 20)


LESSON_3 = (
    PaperTask("One training step", draw_small,
              lambda n: f"Two sigmoid units in a row, without bias: x = {n['x']}, {v('w', 1)} = {written(n['w1'])}, "
                        f"{v('w', 2)} = "
                        f"{written(n['w2'])}, t = {written(n['t'])}. {SQUARE} Do one whole training step with "
                        f"learning rate "
                        f"{n['rate']}: forward, loss, backward, update.",
              step_small, asked=13, space=9, points=13, fits=fits_small, table=True,
              drawing=lambda n: drawn((1, 1, 1), [[[n["w1"]]], [[n["w2"]]]], (n["x"],))),
    PaperTask("Who gets no blame?", draw_relu,
              lambda n: f"The two hidden units are ReLUs: they answer what they hear if it is positive, and else 0. "
                        f"The output unit "
                        f"answers what it hears. The target is t = {n['t']}, the loss is (o − t)². Find all six "
                        f"gradients.",
              working_relu, asked=9, space=8, points=9, fits=fits_relu,
              drawing=lambda n: drawn((2, 2, 1), [[[n["w11"], n["w12"]], [n["w21"], n["w22"]]], [[n["v1"]], [n["v2"]]]],
                                      (n["x1"], n["x2"]))),
    PaperTask("Two rows, one step", draw_rows,
              lambda n: f"One unit answers o = w·x, with w = {written(n['w'])}. The data have two rows: x = "
                        f"{n['x1']} with target "
                        f"{n['t1']}, and x = {n['x2']} with target {n['t2']}. The loss is the mean of (o − t)² over "
                        f"the rows. What does "
                        f"each row say of w, and what is {d('L', 'w')}?",
              rows, asked=3, space=4, points=3, fits=lambda n: 0 not in [value for _,
                                                                         value in rows(n)] and n["x1"] != n["x2"]),
)
