"""The optional exercises of lesson 3, one of each kind: on paper, in the right order, by dragging, drawn, found."""
import numpy as np

from bpviz.coursework.exercise import Exercise
from bpviz.coursework.kinds.derivation import TypedDerivation
from bpviz.coursework.kinds.fault import Planted, PlantedFault
from bpviz.coursework.kinds.ordering import Ordering, Twin
from bpviz.coursework.kinds.proof import TypedFormula, WrongFormula
from bpviz.coursework.kinds.property import Must, Property
from bpviz.coursework.kinds.quantities import Choice, Curve, Number, Quantity, Slip, usual
from bpviz.coursework.lessons.lesson_03 import experiments as lab
from bpviz.words.numbers import share

# ---- on paper: a number, a derivation, a proof

PAPER = Exercise(
    "L03-q3", "With paper and pencil",
    "The two-weight network again, with identity units: $f(z) = z$, so each slope $f'(z)$ is 1. "
    "Let $x = {x}$, $t = {t}$, $w_1 = {w1}$ and $w_2 = {w2}$. The loss is $(a_2 - t)^2$.\n\n"
    "What is $\\partial L / \\partial w_1$? Use paper and the three moves.",
    Quantity("my_gradient", Number(whole=True),
             truth=lambda n: 2 * (n["x"] * n["w1"] * n["w2"] - n["t"]) * n["w2"] * n["x"],
             draw=lambda rng: {**dict(zip(("x", "w1", "w2"), map(int, rng.permutation([2, 3, 4, 5])), strict=False)),
                               "t": 1},
             slips=(*usual("sign", "half"),
                    Slip("x forgotten", lambda right, n: right / n["x"],
                         "The last move is missing: from what the hidden unit hears to its weight."),
                    Slip("w2 forgotten", lambda right, n: right / n["w2"],
                         "One move is missing: the blame comes back to the hidden unit through a weight."),
                    Slip("the other weight", lambda right, n: right / n["w2"] * n["w1"],
                         "Is that the gradient of the other weight?")),
             working="z1 = {w1} * {x}\nz2 = {w2} * z1\nmy_gradient = 2 * (z2 - {t}) * {w2} * {x}"),
    ("Go forward first and write down what the hidden unit answers and what the output unit answers.",
     "The loss is a square: how fast does it grow with $a_2$? That is where you start on the way back.",
     "From the output unit back through $w_2$ to the hidden unit, then to $w_1$: three factors in all, two of them "
     "given in the question."),
    "Forward: the hidden unit answers $w_1 x$, the output unit $w_2 w_1 x$. Back: $2(a_2 - t)$ from the loss, times "
    "$w_2$ to the hidden unit, times $x$ to its weight. The slopes of identity units are 1.", core=False)

DERIVED = Exercise(
    "L03-q4", "Line by line",
    "Now with letters. The forward pass is\n\n"
    "`z1 = w1*x`, `a1 = sigmoid(z1)`, `z2 = w2*a1`, `a2 = sigmoid(z2)`, `L = (a2 - t)**2`.\n\n"
    "Type a derivation of `dL/dw1`: one line for each move, for example `\"dL/da2 = 2*(a2 - t)\"`. "
    "Each line may use the ones before it. Any form counts, and each line is **proved**.",
    TypedDerivation("my_lines", ("x", "w1", "w2", "t"),
               {"z1": "w1*x", "a1": "sigmoid(z1)", "z2": "w2*a1", "a2": "sigmoid(z2)", "L": "(a2 - t)**2"},
               goal="dL/dw1",
               lines=("dL/da2 = 2*(a2 - t)", "dL/dz2 = dL/da2 * a2*(1 - a2)", "dL/da1 = dL/dz2 * w2",
                      "dL/dz1 = dL/da1 * a1*(1 - a1)", "dL/dw1 = dL/dz1 * x"),
               wrongs=(WrongFormula("no slope", "dL/dz1 = dL/da1",
                             "From what a unit answers to what it hears: times the slope of the sigmoid."),
                       WrongFormula("answer for weight", "dL/da1 = dL/dz2 * a1",
                             "Back to the unit before, the blame goes through the weight, not through the answer."))),
    ("Five lines: first how the loss grows with `a2`, the last one says what `dL/dw1` is.",
     "The slope of the sigmoid, written with its own answer, is `a*(1 - a)`.",
     "The order is a2, z2, a1, z1, w1. Each line is the line before, times one thing."),
    "Five factors of the chain rule, one in each line. Every line needs only the line before it: that is why the "
    "backward pass is cheap.", core=False)

PROVED = Exercise(
    "L03-q5", "A proof: what the cross-entropy saves",
    "A classifier uses another loss, the cross-entropy: $L = -t \\ln o - (1 - t) \\ln(1 - o)$, where $o = \\sigma(z)$ "
    "is what the output unit answers.\n\nFind $\\partial L / \\partial z$ as a formula in `o` and `t`. "
    "Any form counts; it is proved for all numbers.",
    TypedFormula("my_formula", ("o", "t"), "o - t", ranges={"o": (0.05, 0.95), "t": (0, 1)},
          wrongs=(WrongFormula("before the slope", "(1 - t)/(1 - o) - t/o",
                        "That is the slope of L with o. From what a unit answers to what it hears is one move more."),
                  WrongFormula("squared error", "2*(o - t)*o*(1 - o)", "That is the squared error's.")),
          working='my_formula = "(-t/o + (1 - t)/(1 - o)) * o*(1 - o)"'),
    ("Two moves: how fast does L grow with o, and how fast does o grow with z?",
     "The derivative of ln o is 1/o. For ln(1 − o) mind the inner derivative.",
     "Multiply by the slope o(1 − o) and look what cancels in each of the two terms. You need not simplify it."),
    "With $o$ it grows by $-t/o + (1-t)/(1-o)$; times $o(1-o)$ that is $-t(1-o) + (1-t)o = o - t$. The slope of the "
    "sigmoid cancels, so a unit that is sure and wrong still learns.", core=False)

# ---- the step: in order, by dragging, drawn

ORDERED = Exercise(
    "L03-q6", "One training step, in order",
    "The lines in the cell below are one training step of a small network, shuffled. Put them in order. Where two "
    "lines have the same letter, such as b1 and b2, **one** of them is wrong: take the other.",
    Ordering("my_order",
             ("a = np.tanh(w1 * x)", "o = w2 * a", "do = 2 * (o - t)", "dw2 = do * a", "da = do * w2",
              "dw1 = da * (1 - a ** 2) * x", "w2 = w2 - rate * dw2", "w1 = w1 - rate * dw1"),
             result=("w1", "w2"),
             inputs=lambda rng: {**dict(zip(("x", "t", "w1", "w2"), rng.uniform(0.4, 1.6, 4).round(2), strict=True)),
                                 "rate": 0.5},
             twins=(Twin("dw1 = da * (1 - a ** 2) * x", "dw1 = da * x",
                         "Between what a unit answers and what it hears lies its slope."),
                    Twin("w1 = w1 - rate * dw1", "w1 = w1 + rate * dw1", "The gradient points uphill.")),
             beliefs={"da too late": "M09"}),
    ("Four phases: forward, loss, backward, update.",
     "A line can only stand after the lines that make what it uses.",
     "Which weights must the blame travel back along, the old ones or the new ones? Then when may `w2` be changed?"),
    "Forward, then `do`, then back. `dw2` and `da` both use `do`, so either may come first. Both updates come after "
    "`da`, which needs the old `w2`.", core=False)

DRAGGED = Exercise(
    "L03-q7", "A good rate",
    "Find a learning rate at which **one** step on the article's network at least halves the loss. "
    "Drag the rate in the panel above; its last line shows the loss before and after. "
    "Hand in the number. (`my_rate = rate_panel` reads it from the panel, but the panel begins anew with each run of "
    "the notebook; the number stays.)",
    Property("my_rate", {"rate": Number(0, 100)},
             measure=lambda values, given: {
                 "share": (left := float(lab.after_one_step(values["rate"])[0] / lab.after_one_step(0.0)[0])),
                 "left": share(left),
                 "long": float(lab.after_one_step(values["rate"] * 1.01)[0] - lab.after_one_step(values["rate"])[0])},
             musts=(Must("too long", lambda found: found["share"] > 0.5 and found["long"] > 0,
                         "After this step the loss is {share:.2g} times what it was: the step has jumped over the "
                         "bottom.", {"rate": 40.0}, "M13"),
                    Must("too short", lambda found: found["share"] > 0.5,
                         "After this step {left} of the loss is left: the step is too short.",
                         {"rate": 0.5})),
             solves=lambda given: {"rate": 3.0},
             setting={"example": "article 2-2-1", "hidden": "2", "activation": "sigmoid", "loss": "squared error",
                      "seed": 0.0},
             yes="Yes: {left} of the loss is left after one step."),
    ("At rate 0.5 the step goes downhill. Is it long enough?",
     "Make the rate ten times as large and look at the loss after the step. Is it better or worse than before?",
     "There is a lowest point between a rate that is too short and one that jumps over. Drag slowly from 0.5 upwards."),
    "Many rates do it. Too short a step leaves most of the loss; too long a step jumps over the bottom. The best rate "
    "depends on how fast the slope itself changes: Lesson 5.", core=False)

DRAWN = Exercise(
    "L03-q8", "Draw it: the loss against the rate",
    "One weight only: the output is $w$ itself and the target 1, so $L = (w - 1)^2$. The weight is 3 and makes "
    "**one** step with rate $r$. Draw the loss after the step for $r$ from 0 to 1.2.\n\nTo draw, write "
    "`my_curve = bp.sketch(\"L03-q8\")`, run the cell, draw in the canvas, then run the check. "
    "A drawing lasts until its cell is run again. A function of $r$ or a list of points stays.",
    Quantity("my_curve", Curve((0.0, 1.2), (0.0, 10.0), "learning rate r", "loss after one step",
                               beliefs={"shape: falls all the way": "M13"}),
             truth=lambda given: (2 * (1 - 2 * np.linspace(0, 1.2, 97))) ** 2,
             working="my_curve = [(rate, (2 - 4 * rate) ** 2) for rate in np.linspace(0, 1.2, 25)]"),
    ("How large is the loss at rate 0, where nothing moves?",
     "The slope at w = 3 is 2(w − 1). Where does the weight land with rate r? At which rate is that the target?",
     "Beyond that rate it lands on the other side of the target, first near, then further away. The loss is a square."),
    "The slope at 3 is 4, so the weight lands at $3 - 4r$ and the loss is $(2 - 4r)^2$: a parabola. It is 0 where the "
    "step lands on the target, back at its old height at twice that rate, and higher beyond.", core=False)

# ---- is it right?

LISTED = Exercise(
    "L03-q9", "A fault to be found",
    "One hidden unit (tanh) feeds **two** outputs. This backward pass has exactly **one** wrong line. It runs "
    "without an error. Which line is it?\n\n{listing}\n\nAnswer with its number, or with the number and what "
    "is wrong ({kinds}), or with the number and the line as it should be.",
    PlantedFault("my_fault", "two_outputs(x, t1, t2, w, v1, v2)",
                 ("h = np.tanh(w * x)", "error1 = v1 * h - t1", "error2 = v2 * h - t2", "dv1 = 2 * error1 * h",
                  "dv2 = 2 * error2 * h", "dh = 2 * error1 * v1 + 2 * error2 * v2", "dz = dh * (1 - h ** 2)",
                  "dw = dz * x", "return dw, dv1, dv2"),
                 (Planted("dh = 2 * error1 * v1 + 2 * error2 * v2", "dh = 2 * error1 * v1", "one path only",
                          "Two outputs hear this unit, so blame comes back on two paths."),
                  Planted("dz = dh * (1 - h ** 2)", "dz = dh", "slope forgotten",
                          "Between what a unit answers and what it hears lies its slope."),
                  Planted("dv2 = 2 * error2 * h", "dv2 = 2 * error2 * v2", "weight for answer",
                          "A weight's gradient is the blame times the answer that came through it."),
                  Planted("dw = dz * x", "dw = dz * w", "weight for input",
                          "A weight's gradient is the blame times what came through it, here the input.")),
                 calls=lambda rng: [dict(zip(("x", "t1", "t2", "w", "v1", "v2"),
                                             map(float, rng.uniform(0.3, 1.7, 6).round(2)), strict=True))
                                    for _ in range(3)],
                 misconception="M11"),
    ("Go back from the loss, line by line, and name each move: slope, weight, or answer.",
     "How many paths lead from the hidden unit to the loss? What lies between its answer and what it hears?",
     "For each gradient ask: which unit does this weight lead to, and what came through it?"),
    "Each right line is one of the three moves, and where two paths meet they are added. The line that is none of "
    "these is the wrong one.", core=False)

ONE_NUMBER = Exercise(
    "L03-q10", "One number from a check",
    "A program compares your gradient with one found by nudging. It prints a single number for all weights together: "
    "**relative error 0.31**. Where is the fault?\n\na) in the last layer, where the way back begins\n\n"
    "b) in the first layer, because errors grow on the way back\n\nc) one number cannot tell\n\n"
    "Answer with a letter.",
    Quantity("my_choice",
             Choice((*((where, "M11", "A fault in any layer can give this number.") for where in
                       ("in the last layer, where the way back begins",
                        "in the first layer, because errors grow on the way back")),
                     "one number cannot tell")), truth=lambda given: "one number cannot tell"),
    ("Could a fault in the last layer give this number? Could one in the first?",
     "A fault in one layer can make the gradients of other layers wrong, too. Which ones?",
     "What would you have to see instead of one number, to know where the wrong ones begin?"),
    "A fault spoils what comes after it on the way back. So look at every gradient by itself, from the loss backwards: "
    "the first wrong one is next to the fault. That is how `bp.check` reads your answers.", core=False)

OPTIONAL = (PAPER, DERIVED, PROVED, ORDERED, DRAGGED, DRAWN, LISTED, ONE_NUMBER)
