"""The core exercises of lesson 2: five factors in code, a steep place by dragging, a weight that holds, two paths."""
import numpy as np

from bpviz.coursework.exercise import Exercise
from bpviz.coursework.kinds.property import Must, Property
from bpviz.coursework.kinds.quantities import Number, Quantity, Slip, usual
from bpviz.coursework.lessons.lesson_02 import experiments as lab

# ---- five factors

LINKS = (("loss", "The factor next to the loss is missing, the one of the square."),
         ("output slope", "One slope is missing, that of the output unit."),
         ("w2", "One weight is missing: between the two units lies w2."),
         ("hidden slope", "One slope is missing, that of the hidden unit."),
         ("x", "The last link is missing: how fast does z1 grow with w1?"))


def five(given):
    """The five factors with the numbers of a prompt."""
    return lab.factors(given["w1"], given["w2"], given["x"], given["t"])


def answers_for_slopes(right, given):
    """The product with a where a (1 − a) belongs."""
    a1 = 1 / (1 + np.exp(-given["w1"] * given["x"]))
    a2 = 1 / (1 + np.exp(-given["w2"] * a1))
    return right / ((1 - a1) * (1 - a2))


def other_weight(right, given):
    """The slope with the other weight, w2."""
    a1 = 1 / (1 + np.exp(-given["w1"] * given["x"]))
    return float(np.prod(five(given)[:2])) * a1


FACTORS = Exercise(
    "L02-q1", "Five factors of your own",
    "The two-weight network with other numbers: x = {x}, t = {t}, w1 = {w1}, w2 = {w2}. Units are sigmoids, the loss "
    "is `(a2 - t)**2`.\n\nFind $\\partial L / \\partial w_1$ in Python. Write four lines forward (`z1`, `a1`, `z2`, "
    "`a2`), then a list of the **five factors**, and multiply them. `np.prod([2, 3, 0.5])` multiplies a list; "
    "`sigmoid(z)` is there.",
    Quantity("my_slope", Number(),
             truth=lambda given: float(np.prod(five(given))),
             draw=lambda rng: {"x": int(rng.integers(2, 5)) / 2, "t": int(rng.integers(1, 4)) / 10,
                               "w1": int(rng.integers(2, 8)) / 10, "w2": -int(rng.integers(16, 26)) / 10},
             slips=(*usual("sign", "half"),
                    *(Slip(f"{name} forgotten", lambda right, given, k=k: right / five(given)[k], says)
                      for k, (name, says) in enumerate(LINKS)),
                    Slip("added", lambda right, given: float(five(given).sum()),
                         "Those are the right five factors, added up. Along a chain, what do speeds do?"),
                    Slip("answer for slope", answers_for_slopes,
                         "Two factors are answers, and should be slopes: the sigmoid's slope is not what it answers."),
                    Slip("w1 for w2", lambda right, given: right * given["w1"] / given["w2"],
                         "One factor is w1. Between the two units lies another weight."),
                    Slip("the other weight", other_weight, "Is that the slope with w2?")),
             working="z1 = {w1} * {x}\na1 = sigmoid(z1)\nz2 = {w2} * a1\na2 = sigmoid(z2)\n"
                     "factors = [2 * (a2 - {t}), a2 * (1 - a2), {w2}, a1 * (1 - a1), {x}]\n"
                     "my_slope = np.prod(factors)"),
    ("Begin with the four lines forward. Every factor is made of numbers that they find, or of those in the question.",
     "Two factors are slopes of sigmoids. A sigmoid's slope can be written with its own answer, `a * (1 - a)`.",
     "From the loss back: how fast does L grow with a2, a2 with z2, z2 with a1, a1 with z1, z1 with w1? In "
     "z2 = w2 · a1, what is multiplied with a1?"),
    "From the loss back: $2(a_2 - t)$, then the slope $a_2(1 - a_2)$, the weight $w_2$, the slope $a_1(1 - a_1)$, and "
    "the input $x$, which came through $w_1$. Nothing but these five, and nothing is added.", minutes=5)

# ---- a steep place

STEEP = 0.15
BEST = np.array([1.6, 0.25, 6.0, 0.25])               # what each factor could be


def measured(values, given):
    """The slope at these weights, its size, and the factor that is weakest beside what it could be."""
    found = lab.factors(values["w1"], values["w2"])
    weakest = int((np.abs(found[:4]) / BEST).argmin())
    loss, second, _, first = (f"{value:.2g}".replace("-", "−") for value in found[:4])
    return {"slope": f"{np.prod(found):.3f}".replace("-", "−"), "second_weight": f"{found[2]:.2f}".replace("-", "−"),
            "few": abs(float(np.prod(found))) < STEEP,
            "weakest": ("loss", "output", "weight", "hidden")[weakest], "loss": loss, "second": second, "first": first}


def weak(which):
    """Whether the slope is too small and this factor is the weakest."""
    return lambda found: found["few"] and found["weakest"] == which


DRAGGED = Exercise(
    "L02-q2", "A steep place",
    "In the panel above the slope with weight 1 is almost 0. Make it **steep**: drag weight 1 and weight 2 (unfold "
    "**more**) until $\\partial L / \\partial w_1$ is at least 0.15 in size, with any sign. Leave x = 1.5 and t = 0.2. "
    "Hand in the two weights as a pair, such as `my_weights = (6.0, -1.2)`.",
    Property("my_weights", {"w1": Number(-6, 6), "w2": Number(-6, 6)}, measure=measured,
             musts=(Must("hidden slope", weak("hidden"),
                         "Not yet steep. The weakest factor is the slope of the hidden unit, {first}: where does a "
                         "sigmoid have its largest slope?", {"w1": 6.0, "w2": -1.2}),
                    Must("output slope", weak("output"),
                         "Not yet steep. The weakest factor is the slope of the output unit, {second}: it hears "
                         "a number far from 0.", {"w1": 0.8, "w2": 6.0}),
                    Must("small weight", weak("weight"),
                         "Not yet steep. The weakest factor is weight 2, {second_weight}: the road leads through it.",
                         {"w1": 0.0, "w2": 0.3}),
                    Must("near the target", weak("loss"),
                         "Not yet steep. The weakest factor is the one at the loss, {loss}: the output is almost "
                         "at its target.", {"w1": -0.2, "w2": -3.0})),
             solves=lambda given: {"w1": -0.4, "w2": 4.5},
             setting={"network": "1-1-1", "activation": "sigmoid", "loss": "squared error", "x": 1.5, "t": 0.2},
             yes="Yes: the slope is {slope}. No factor of it is near 0."),
    ("On the arrows of the panel stand the factors. Which of them is nearest to 0?",
     "The hidden unit has its largest slope where it hears 0. Which weight decides what it hears?",
     "When that is done, the road through weight 2 can be made wide. But look at the output unit: what does it hear "
     "now, and how far is it from its target?"),
    "A product is large only if no factor is near 0. A hidden unit that hears little is steep; then a large weight 2 "
    "helps, until the output unit goes flat. Many places will do.", minutes=4)

# ---- ten sigmoids in a row

TOLD = "Each of the ten links multiplies, by a weight and by a slope."


def through_ten(values, given):
    """What arrives of a nudge, as a number and as a sentence has it."""
    share = lab.through_ten(values["w"])
    return {"share": share, "arrives": f"{share:,.0f} times the nudge" if share >= 100 else
            f"{share:.2f} times the nudge" if share >= 0.005 else
            "nothing" if share < 1e-12 else f"only 1 part in {1 / share:,.0f}"}


HELD = Exercise(
    "L02-q3", "Ten sigmoids, and nothing fades",
    "Ten sigmoids in a row. Their biases hold each of them in its middle, where its slope is ¼. All ten weights are "
    "the same, w. The input is nudged a little.\n\nFind a weight w from 0 to 20 with which the nudge arrives at the "
    "end **neither faded nor blown up**: between half and twice its size.",
    Property("my_weight", {"w": Number(0, 20)}, measure=through_ten,
             musts=(Must("fades", lambda found: found["share"] < 0.5,
                         "At the end arrives {arrives}: it fades. " + TOLD, {"w": 1.0}),
                    Must("blows up", lambda found: found["share"] > 2,
                         "At the end arrives {arrives}: it blows up. " + TOLD, {"w": 8.0})),
             solves=lambda given: {"w": 4.0},
             yes="Yes: at the end arrives {arrives}, through ten sigmoids."),
    ("Follow the nudge through one sigmoid: by what is it multiplied there, and by what on its way to it?",
     "Ten times the same factor. What happens to 1 · f · f · f · … when f is a little below 1, or a little above?",
     "The factor of one link is a weight times a quarter. Which factor can be repeated as often as one likes?"),
    "One link multiplies by the weight and by the slope, w/4. Ten links multiply by that ten times. Only near 1 does "
    "it neither fade nor grow: w must be near 4. So it is never the sigmoid alone.", minutes=3)

# ---- two paths

PATHS = Exercise(
    "L02-q4", "Two roads back",
    "One hidden unit answers a1 and feeds **two** outputs, as in the picture, with other numbers. From the loss back "
    "as far as the two outputs it is done:\n\n| | output 1 | output 2 |\n|---|---|---|\n"
    "| ∂L/∂z, how fast the loss rises with what it hears | {d1} | {d2} |\n| the weight from the hidden unit to it "
    "| {v1} | {v2} |\n\nHow fast does the loss rise with a1? Find $\\partial L / \\partial a_1$.",
    Quantity("my_sum", Number(),
             truth=lambda n: n["d1"] * n["v1"] + n["d2"] * n["v2"],
             draw=lambda rng: {"d1": int(rng.integers(2, 9)) / 10, "d2": -int(rng.integers(2, 9)) / 10,
                               "v1": int(rng.integers(3, 7)), "v2": int(rng.integers(1, 3))},
             slips=(Slip("first path only", lambda right, n: n["d1"] * n["v1"],
                         "That is the road through output 1. There is another one."),
                    Slip("second path only", lambda right, n: n["d2"] * n["v2"],
                         "That is the road through output 2. There is another one."),
                    Slip("mean", lambda right, n: right / 2,
                         "That is the mean of the two roads. When a1 moves, both outputs move, not half of each."),
                    Slip("multiplied", lambda right, n: n["d1"] * n["v1"] * n["d2"] * n["v2"],
                         "That multiplies the two roads with each other. Along a road one multiplies; and where two "
                         "meet?"),
                    Slip("signs dropped", lambda right, n: n["d1"] * n["v1"] - n["d2"] * n["v2"],
                         "Two sizes, added up. But one of the two roads pulls the other way: look at the signs."),
                    Slip("weights forgotten", lambda right, n: n["d1"] + n["d2"],
                         "Each road has one link more: from what the output hears back through a weight."),
                    *usual("sign")),
             working="my_sum = {d1} * {v1} + {d2} * {v2}"),
    ("Think of a nudge: a1 grows by 0.01. By how much does z of output 1 grow, and by how much z of output 2?",
     "Each of these two growths changes the loss. How much does the first one, how much the second?",
     "The loss feels both at the same time. What is the whole change, for each 0.01 of a1?"),
    "Along each road one multiplies: the output's ∂L/∂z times the weight. The loss feels both roads at once, so "
    "they are added. One may pull up, the other down.", minutes=3)

CORE = (FACTORS, DRAGGED, HELD, PATHS)
