"""The optional exercises of lesson 6: a basin's share, a plain without end, level ground, a saddle by hand, copies."""
import math

import numpy as np

from bpviz.coursework.exercise import Exercise
from bpviz.coursework.kinds.proof import TypedFormula, WrongFormula
from bpviz.coursework.kinds.property import Must, Property
from bpviz.coursework.kinds.quantities import Choice, Curve, Number, Quantity, Slip
from bpviz.coursework.lessons.lesson_06 import experiments as lab

SHARE = Exercise(
    "L06-q5", "The share of the best",
    "In the panel above choose `trident`, rate 2, and under **more** 10,000 steps. Wait until the map is finished. "
    "How many per cent of all starts end in A, the lowest minimum?",
    Quantity("my_share", Number(0, 100, tolerance=0, absolute=1.5, unit="%"), truth=lambda given: lab.share("A"),
             slips=(Slip("that of C", lambda right, given: lab.share("C"),
                         "That is the share of the largest basin. The lowest minimum has another."),
                    Slip("a third", lambda right, given: 100 / 3,
                         "That would be one third for each. Are the three colours equally large?"),
                    Slip("most", lambda right, given: 60.0, "That is what one might hope for. What does the map say?")),
             working="from bpviz import DATA, Fit, GradientDescent, Network, basins\n\n"
                     "net = Fit(Network((1, 1, 1), bias=False), \"squared error\", DATA[\"trident\"])\n"
                     "of_all = basins(net, optimizer=GradientDescent(rate=2), cells=40, steps=10_000)\n"
                     "my_share = 100 * of_all.part(0)"),
    ("The key beside the map says how many per cent of the starts each colour has.",
     "With too few steps many starts are still on their way. Are 10,000 set?",
     "Look for the line of the key that begins with A."),
    "Lower is not wider. The lowest minimum of `trident` has the smallest basin of the three. How deep a minimum is, "
    "and from how many starts it is reached, are two different things.", core=False)


def _drift(values, given):
    kind = lab.ends_in("plateaus", (values["w1"], values["w2"]), 4.0)
    return {"kind": kind, "lost": "plateau" in kind or "at rest" in kind}


DESERT = Exercise(
    "L06-q6", "A start that never arrives",
    "Open `bp.explore.minima(data=\"plateaus\")` in a cell of your own. It has one minimum, and there both examples "
    "are answered right. Find a start from which it never gets there: at rate 4 the verdict after 500 steps shall say "
    "**drifting along a plateau** (or that it is at rest on a slope). Hand in both weights.",
    Property("my_desert", {"w1": Number(-6, 6), "w2": Number(-6, 6)}, measure=_drift,
             musts=(Must("settled", lambda found: len(found["kind"]) == 1,
                         "From there it has settled in the minimum.", {"w1": -0.2, "w2": 2.0}),
                    Must("elsewhere", lambda found: not found["lost"],
                         "From there it is {kind} after 500 steps.", {"w1": -1.2, "w2": 6.0})),
             solves=lambda given: {"w1": 4.8, "w2": 1.2},
             setting={"data": "plateaus", "activation": "sigmoid", "rate": 4.0, "steps": 500.0},
             yes="Yes: after 500 steps it is {kind}."),
    ("Where are the contour lines far apart? There the ground is almost level.",
     "A sigmoid is flat where it hears a large number. Which of the two weights is multiplied by the inputs, −6 and 2?",
     "Make that weight large, and look at the curve of answers: it becomes a staircase."),
    "With a large $w_1$ the hidden unit answers almost 0 or almost 1, and its slope is almost 0. So almost no blame "
    "comes back to $w_1$, and it stays large. One of the two examples then hears 0 at the output and gets the answer "
    "one half, whatever $w_2$ is.", core=False)

FLATTEST = "point P, gradient 0.000001, curvatures −0.02 and 0.05"
PIT = "point Q, gradient 0.000004, curvatures 0.001 and 0.02"
SLOPE = "point R, gradient 0.3, curvatures 0.1 and 0.6"
TOP = "point S, gradient 0.000002, curvatures −0.4 and −0.1"

SORTED = Exercise(
    "L06-q7", "Which one is the minimum?",
    "Four points, of each the size of the gradient, and the smallest and the largest curvature. At which one does the "
    f"loss have a minimum, as near as one can see?\n\na) {FLATTEST}\n\nb) {PIT}\n\nc) {SLOPE}\n\nd) {TOP}\n\n"
    "Answer with a letter.",
    Quantity("my_point",
             Choice(((FLATTEST, "M05", "It has the smallest gradient. But the curvatures have two signs: there is a "
                                       "way down."),
                     PIT, (SLOPE, "", "It curves up both ways, but it is not level ground: the gradient says where to "
                                      "go on."),
                     (TOP, "M05", "It is level, but it curves down in every direction. What is that?"))),
             truth=lambda given: next(
                 text for text, gradient, low in ((FLATTEST, 1e-6, -0.02), (PIT, 4e-6, 0.001), (SLOPE, 0.3, 0.1),
                                                  (TOP, 2e-6, -0.4)) if gradient < 1e-3 and low > 0)),
    ("Two things are needed: level ground, and that it curves up in every direction.",
     "Cross out what is not level. How large may a gradient be, to count as almost 0?",
     "Of the others look at the smallest curvature. What does a negative one mean?"),
    "Level ground with two positive curvatures is a minimum, with two negative ones a maximum, with one of each a "
    "saddle. The size of the gradient tells them not apart: all three are level.", core=False)

BY_HAND = Exercise(
    "L06-q8", "A saddle by hand",
    "The loss is $L = (w_1 w_2 - 1)^2$. Walk along the diagonal, $w_1 = w_2 = s$. Find the **second** derivative of "
    "the loss with $s$, as a formula in `s`. Any form counts; it is proved for all numbers.",
    TypedFormula("my_curvature", ("s",), "12*s**2 - 4", ranges={"s": (-2, 2)},
                 wrongs=(WrongFormula("first derivative", "4*s*(s**2 - 1)",
                                      "That is the slope. The curvature is how fast the slope rises."),
                         WrongFormula("other diagonal", "12*s**2 + 4",
                                      "That belongs to the other diagonal, where w2 is minus w1."),
                         WrongFormula("inner derivative", "2*(s**2 - 1)", "That is one derivative only, with respect "
                                                                          "to the "
                                      "bracket. What is in the bracket depends on s, too.")),
                 working='my_curvature = "4*(3*s**2 - 1)"'),
    ("Put s for both weights. Then the loss is a formula in one letter.",
     "Multiply the square out first: which powers of s are there?",
     "Take the derivative twice, power by power. Then ask what it is at s = 0: positive or negative?"),
    "$L = (s^2 - 1)^2 = s^4 - 2s^2 + 1$, so the slope is $4s^3 - 4s$ and the curvature $12s^2 - 4$. At $s = 0$ it is "
    "negative: along this diagonal the origin is a top. Along the other one the curvature is $12s^2 + 4$, and the "
    "origin is a bottom. A saddle.", core=False)

DRAWN = Exercise(
    "L06-q9", "Draw it: over the saddle",
    "The same loss, $L = (w_1 w_2 - 1)^2$, along the same diagonal $w_1 = w_2 = s$. Draw it for $s$ from −1.5 to "
    "1.5.\n\nTo draw, write `my_walk = bp.sketch(\"L06-q9\")`, run the cell, draw in the canvas, then run the check. "
    "A drawing lasts until its cell is run again. A function of $s$ or a list of points stays.",
    Quantity("my_walk", Curve((-1.5, 1.5), (0.0, 2.0), "s", "loss", beliefs={"shape: falls, then rises": "M04"}),
             truth=lambda given: (np.linspace(-1.5, 1.5, 97) ** 2 - 1) ** 2,
             slips=(Slip("a parabola", lambda right, given: 0.7 * np.linspace(-1.5, 1.5, 97) ** 2,
                         "Yours is one valley, a parabola. What is the loss on the saddle, and on either side?",
                         "M04"),),
             working="my_walk = [(s, (s * s - 1) ** 2) for s in np.linspace(-1.5, 1.5, 25)]"),
    ("Work out three heights: at s = −1, at s = 0, at s = 1.",
     "Where both weights are 1, or both −1, what does the network answer to x = 1?",
     "At s = 0 the answer is 0 and the target 1. That is higher than at s = 1. So what lies between?"),
    "The error is squared, but what is squared is itself a product of weights. So the loss is a W: two valleys with "
    "the saddle between them. Across it, along the other diagonal, the saddle is the lowest point.", core=False)


def copies(h):
    """How many networks with h hidden tanh units in one layer answer alike: orders times signs."""
    return math.factorial(h) * 2 ** h


COPIES = Exercise(
    "L06-q10", "Count the copies",
    "A network with one hidden layer of {h} tanh units has found a good minimum. How many minima give exactly the same "
    "answers, because units have changed places or signs? Count the first one too.",
    Quantity("my_copies", Number(1, 100_000, whole=True), truth=lambda given: copies(given["h"]),
             draw=lambda rng: {"h": int(rng.integers(3, 6))},
             slips=(Slip("orders only", lambda right, given: math.factorial(given["h"]),
                         "Those are the orders of the units. And the signs?"),
                    Slip("signs only", lambda right, given: 2 ** given["h"],
                         "Those are the signs. Units can change places, too."),
                    Slip("added", lambda right, given: math.factorial(given["h"]) + 2 ** given["h"],
                         "Each order can have each choice of signs. Is that a sum?")),
             working="my_copies = 1\nfor unit in range(1, {h} + 1):\n    my_copies = my_copies * unit * 2"),
    ("In how many orders can the units stand?",
     "Each unit may turn its signs or not. In how many ways can that be chosen for all of them?",
     "Each order goes with each choice of signs. Multiply or add?"),
    "$h$ units stand in $h!$ orders, and each may turn its signs, which makes $2^h$. Together $h! \\cdot 2^h$. These "
    "minima are one solution in other clothes, so they are no trap: all of them are equally low.", core=False)

OPTIONAL = (SHARE, DESERT, SORTED, BY_HAND, DRAWN, COPIES)
