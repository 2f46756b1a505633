"""The optional exercises of lesson 1: wrong repairs on paper and in a listing, a weight turned, a slope drawn."""
import numpy as np

from bpviz.coursework.exercise import Exercise
from bpviz.coursework.kinds.fault import Planted, PlantedFault
from bpviz.coursework.kinds.property import Must, Property
from bpviz.coursework.kinds.quantities import Curve, Number, Quantity, Slip, usual
from bpviz.coursework.lessons.lesson_01 import experiments as lab

TOO_STEEP = Exercise(
    "L01-q5", "How much too steep?",
    "Now the other sign. Somebody mends the slope with a plus: $a\\,(1 + a)$ for $a\\,(1 - a)$. "
    "The output unit answers $a = {a}$. **How many times** too large is the slope? Use paper, and hand in the number.",
    Quantity("my_factor", Number(tolerance=0.02), truth=lambda n: (1 + n["a"]) / (1 - n["a"]),
             draw=lambda rng: {"a": int(rng.integers(14, 20)) / 20},
             slips=(Slip("the wrong slope", lambda right, n: n["a"] * (1 + n["a"]),
                         "That is the wrong slope itself. How many times the right one is it?"),
                    Slip("the right slope", lambda right, n: n["a"] * (1 - n["a"]), "That is the right slope itself."),
                    Slip("difference", lambda right, n: 2 * n["a"] ** 2,
                         "That is how much too large it is. How many *times* asks for a division."),
                    *usual("reciprocal")),
             working="my_factor = {a} * (1 + {a}) / ({a} * (1 - {a}))"),
    ("Work out both slopes, the wrong one and the right one.",
     "How many times asks for a division. Which one is above, which below?",
     "A factor stands above and below and cancels. Two are left."),
    "The $a$ in front cancels, and $(1 + a) / (1 - a)$ is left. The surer the unit, the worse: the right slope fades "
    "where the sigmoid is flat, the wrong one grows.", core=False)

LISTED = Exercise(
    "L01-q6", "A tired repair",
    "A friend has mended the listing for the smallest network, with two weights `v` and `w`. **One** line is still "
    "wrong. "
    "It runs without an error. Which line is it?\n\n{listing}\n\nAnswer with its number, or with the number and what "
    "is wrong ({kinds}), or with the number and the line as it should be.",
    PlantedFault("my_line", "one_step(x, y, v, w)",
                 ("h = 1 / (1 + np.exp(-v * x))", "out = 1 / (1 + np.exp(-w * h))", "error = out - y",
                  "blame = 2 * error * out * (1 - out)", "blame_h = blame * w * h * (1 - h)", "v = v - 0.5 * blame_h "
                                                                                              "* x",
                  "w = w - 0.5 * blame * h", "return v, w"),
                 (Planted("error = out - y", "error = out + y", "loss with a plus",
                          "An error is the difference of output and target."),
                  Planted("blame_h = blame * w * h * (1 - h)", "blame_h = blame * h * (1 - h)", "weight left out",
                          "Back to the hidden unit the blame goes along a weight."),
                  Planted("blame = 2 * error * out * (1 - out)", "blame = 2 * error * out * (1 + out)", "slope with "
                                                                                                        "a plus",
                          "A sigmoid flattens where its answer is near 1."),
                  Planted("w = w - 0.5 * blame * h", "w = w + 0.5 * blame * h", "uphill", "An update goes downhill.")),
                 calls=lambda rng: [dict(zip("xyvw", map(float, rng.uniform(0.3, 1.7, 4).round(2)), strict=True))
                                    for _ in range(3)]),
    ("Name each line first: forward, loss, backward, update.",
     "Each line of the way back is one of the three moves: times a slope, times a weight, times an answer.",
     "Two minus signs were lost, and each update has one too. Is anything missing that the blame goes along?"),
    "Forward has two lines for two units. Then comes the error, a difference. The way back multiplies by a slope, "
    "along a weight, by a slope. Both updates subtract.", core=False)

TURNED = Exercise(
    "L01-q7", "Without any slope",
    "The smallest network answers too much: its target is 0.2. In the panel above, open **more** and drag "
    "**weight 2** until the answer $a_2$ is right, that is, until the loss is below 0.00001. Hand in the weight. "
    "(`my_weight = by_hand` reads it from the panel, but the panel begins anew with each run; the number stays.)",
    Property("my_weight", {"w2": Number(-6, 6)}, lambda values, given: dict(zip(("answer", "loss"), lab.answered(
        values["w2"]), strict=True)),
             (Must("too much", lambda found: found["loss"] > 1e-5 and found["answer"] > 0.2,
                   "The network still answers {answer:.3f}: it hears too much.", {"w2": -1.2}),
              Must("too little", lambda found: found["loss"] > 1e-5,
                   "Now it answers {answer:.3f}: that is too little.", {"w2": -3.0})),
             solves=lambda given: {"w2": -1.8}, setting={
                 "network": "1-1-1", "activation": "sigmoid", "x": 1.5, "t": 0.2, "w1": 0.8},
             yes="Yes: it answers {answer:.3f}. With two weights you can search by hand. With thousands you cannot."),
    ("The hidden unit answers a positive number. Which way must its weight go, if the output is to hear less?",
     "Watch the loss while you drag. When it rises again, you have gone too far.",
     "Near the place the slope by this weight is almost 0: turn it until the slope in the panel's words changes "
     "its sign."),
    "Turning one weight while you watch the loss is learning, too. Each try is a whole forward pass, and for each "
    "weight you need tries of its own. The way back gives all the slopes at once: that is its use.", core=False)

DRAWN = Exercise(
    "L01-q8", "Draw it: how steep is a sure unit?",
    "A sigmoid unit answers $a$, anything between 0 and 1. Draw its slope $a\\,(1 - a)$ against $a$.\n\n"
    "To draw, write `my_slope = bp.sketch(\"L01-q8\")`, run the cell, draw in the canvas, then run the check. A "
    "drawing lasts until its cell is run again. A function of $a$ or a list of points stays.",
    Quantity("my_slope", Curve((0.0, 1.0), (0.0, 0.4), "what the unit answers, a", "slope"),
             truth=lambda given: np.linspace(0, 1, 97) * (1 - np.linspace(0, 1, 97)),
             slips=(Slip("plus", lambda right, given: np.linspace(0, 1, 97) * (1 + np.linspace(0, 1, 97)),
                         "Yours never comes down again, as with a plus in the slope."),
                    Slip("one minus", lambda right, given: 0.4 * (1 - np.linspace(0, 1, 97)),
                         "Yours is steep where the unit hardly answers at all, and the sigmoid is flat there as "
                         "well.")),
             working="my_slope = [(a, a * (1 - a)) for a in np.linspace(0, 1, 25)]"),
    ("What is it where the unit answers 0? And where it answers 1?",
     "In the middle the sigmoid is steepest. How steep? Put one half in.",
     "It is a parabola, open below, from 0 back to 0."),
    "It is a parabola: 0 at both ends, where the sigmoid is flat, and one quarter in the middle. A unit that is very "
    "sure hardly passes any blame on. Lesson 9 is about what that does to tall networks.", core=False)

OPTIONAL = (TOO_STEEP, LISTED, TURNED, DRAWN)
