"""Tasks on paper for lessons 8 and 9: a penalty, dropout, unseen rows; factors in a row, clipping, a skip."""
import numpy as np

from bpviz.coursework.paper.task import PaperTask, d, pick, v, written
from bpviz.network.data import Data
from bpviz.network.fit import Fit
from bpviz.network.shape import Network

# ---- lesson 8

def penalised(n):
    fit = Fit(Network((1, 1), "identity", bias=False), "squared error", Data([n["x"]], [n["t"]]), n["l2"])
    bare = Fit(fit.network, "squared error", fit.data)
    w = np.array([float(n["w"])])
    slope, both = float(bare.gradient(w)[0]), float(fit.gradient(w)[0])
    return (("slope of the error", slope), ("slope of the penalty", both - slope), (d("L", "w"), both),
            ("new w", n["w"] - n["rate"] * both))


def draw_penalised(rng):
    return {"x": pick(rng, 1, 2), "t": pick(rng, 1, 2, 3, 4), "w": pick(rng, -2, 2, 3, 4), "l2": pick(rng, 0.1, 0.5,
                                                                                                      0.25),
            "rate": pick(rng, 0.1, 0.2)}


def draw_dropout(rng):
    return {"share": pick(rng, 0.2, 0.5, 0.75), **{f"a{k}": pick(rng, 1, 2, 3, 4, 6) for k in (1, 2, 3)},
            "out": pick(rng, 1, 2, 3)}


def dropped(n):
    kept = [0.0 if k == n["out"] else n[f"a{k}"] / (1 - n["share"]) for k in (1, 2, 3)]
    return (("divide by", 1 - n["share"]), *((v("a", k), kept[k - 1]) for k in (1, 2, 3)), ("sum now", sum(kept)),
            ("sum without dropout", sum(n[f"a{k}"] for k in (1, 2, 3))))


PENALTIES = 0, 0.001, 0.01, 0.1


def draw_table(rng):
    """Rows right of 100: the stronger the penalty, the fewer of those seen, and the smaller the gap to those unseen."""
    seen, gaps = (sorted(map(int, rng.choice(np.arange(low, high), 4, replace=False)), reverse=True)
                  for low, high in ((65, 100), (1, 25)))
    return {**{f"s{k}": seen[k] for k in range(4)}, **{f"u{k}": seen[k] - gaps[k] for k in range(4)}}


def fits_table(n):
    """The best penalty is one of the middle, by at least two rows, and none is near guessing."""
    *others, second, best = sorted(n[f"u{k}"] for k in range(4))
    return best - second >= 2 and best in (n["u1"], n["u2"]) and others[0] >= 60


def said_of_table(n):
    rows = "; ".join(f"{written(PENALTIES[k])}: {n[f's{k}']} and {n[f'u{k}']}" for k in range(4))
    return ("A network was trained with four strengths of the L2 penalty. Of 100 rows it saw and of 100 rows it did "
            "not see, so many are "
            f"right (penalty: seen and unseen): {rows}. Which penalty would you use? For which ones is the gap "
            f"between seen and unseen "
            "larger than for that one?")


def chosen(n):
    best = max(range(4), key=lambda k: n[f"u{k}"])
    gaps = [n[f"s{k}"] - n[f"u{k}"] for k in range(4)]
    larger = [written(PENALTIES[k]) for k in range(4) if gaps[k] > gaps[best]]
    return (("use", written(PENALTIES[best])), ("its gap", gaps[best]), ("larger gap for", ", ".join(larger) or "none"))


LESSON_8 = (
    PaperTask("Error and penalty", draw_penalised,
              lambda n: f"A unit answers o = w·x. The loss is (o − t)² + l2·w², with l2 = {written(n['l2'])}. Let x "
                        f"= {n['x']}, t = {n['t']}, "
                        f"w = {written(n['w'])}. Find the slope of the error, the slope of the penalty, and the new "
                        f"weight after one step "
                        f"with rate {written(n['rate'])}.",
              penalised, asked=4, space=4, points=4, fits=lambda n: n["w"] * n["x"] != n["t"]),
    PaperTask("Dropout", draw_dropout,
              lambda n: f"Three hidden units answer {n['a1']}, {n['a2']} and {n['a3']}. Dropout leaves out each unit "
                        f"with probability "
                        f"{written(n['share'])}, and divides what is left by 1 − {written(n['share'])}. In this step "
                        f"unit {n['out']} is left "
                        "out. What do the three hand on? Compare the sum with the sum without dropout.",
              dropped, asked=6, space=4, points=4),
    PaperTask("Which penalty?", draw_table, said_of_table, chosen, asked=3, space=4, points=3,
              fits=fits_table),
)

# ---- lesson 9

def draw_factors(rng):
    return {"layers": pick(rng, 3, 4, 5), "w": pick(rng, 1, 2, 4, 8), "slope": pick(rng, 0.25, 0.2, 0.1)}


def factors(n):
    each = n["w"] * n["slope"]
    left = each ** n["layers"]
    return (("factor of a layer", each), ("left", left), 
            ("it", "keeps its size" if each == 1 else "vanishes" if each < 1 else "explodes"))


def draw_clip(rng):
    a, b, c = ((3, 4, 5), (6, 8, 10), (5, 12, 13), (8, 15, 17))[int(rng.integers(4))]
    return {"g1": a * pick(rng, 1, -1), "g2": b * pick(rng, 1, -1), "length": c, "most": pick(rng, 1, 2)}


def clipped(n):
    share = n["most"] / n["length"]
    return (("length", n["length"]), ("multiply by", share), (v("g", 1), share * n["g1"]), (v("g", 2), share * n["g2"]))


def draw_skip(rng):
    return {"w": pick(rng, 0.1, 0.2, 0.5, -0.1), "layers": pick(rng, 2, 3)}


def skipped(n):
    return (("factor without the skip", n["w"]), ("left without", n["w"] ** n["layers"]), ("factor with the skip",
                                                                                           1 + n["w"]),
            ("left with", (1 + n["w"]) ** n["layers"]))


LESSON_9 = (
    PaperTask("Factors in a row", draw_factors,
              lambda n: f"{n['layers']} layers of one unit each stand in a row. On the way back, each layer "
                        f"multiplies the blame by its weight, "
                        f"{n['w']}, and by the slope of its unit, {written(n['slope'])}. How much of the blame is "
                        f"left after all of them? Does it "
                        "vanish, explode, or keep its size?",
              factors, asked=3, space=4, points=3),
    PaperTask("Clipping", draw_clip,
              lambda n: f"The gradient of two weights is ({written(n['g1'])}, {written(n['g2'])}). It is clipped to "
                        f"length {n['most']}: if it is "
                        "longer, both parts are multiplied by the same number. How long is it, and what is left of it?",
              clipped, asked=4, space=4, points=4),
    PaperTask("A skip", draw_skip,
              lambda n: f"{n['layers']} layers stand in a row; each multiplies what it hears by w = "
                        f"{written(n['w'])}. With a skip, each hands on "
                        "what it heard plus that product. A blame of 1 comes back through all layers. How much of it "
                        "is left, without "
                        "skips and with them?",
              skipped, asked=4, space=4, points=4),
)
