"""The optional exercises of lesson 8: minima that move in, dropout mended, Adam, decay, scales of slices, clipping."""
import numpy as np

from bpviz.coursework.exercise import Exercise
from bpviz.coursework.kinds.fault import Planted, PlantedFault
from bpviz.coursework.kinds.quantities import Curve, Number, Quantity, Slip, usual
from bpviz.coursework.lessons.lesson_08 import experiments as lab

# ---- the landscape

MOVED_IN = Exercise(
    "L08-q3", "Draw it: where the minimum goes",
    "One weight, with $L = (w - 1)^2$ and a penalty: $(w - 1)^2 + l2 \\cdot w^2$. Draw **where the minimum is**, for "
    "`l2` from 0 to 4.\n\nTo draw, write `my_curve = bp.sketch(\"L08-q3\")`, run the cell, draw in the canvas, then "
    "run the check. A drawing lasts until its cell is run again. A function of `l2` or a list of points stays.",
    Quantity("my_curve", Curve((0.0, 4.0), (0.0, 1.2), "penalty l2", "w at the minimum", tolerance=0.15),
             truth=lambda given: 1 / (1 + np.linspace(0, 4, 97)),
             slips=(Slip("a 2 is lost", lambda right, given: 1 / (1 + 2 * np.linspace(0, 4, 97)),
                         "Yours falls too fast: does each of the two slopes have its 2?"),),
             working="my_curve = [(l2, 1 / (1 + l2)) for l2 in np.linspace(0, 4, 25)]"),
    ("Where is the minimum without a penalty? And with an enormous one?",
     "At a minimum the slope is 0. The slope has two parts, one for each term.",
     "Set the sum of the two slopes to 0 and solve for w. Does it fall along a line, or fast at first and then "
     "slowly?"),
    "The slopes are $2(w - 1)$ and $2 \\cdot l2 \\cdot w$. Their sum is 0 at $w = 1 / (1 + l2)$. The minimum moves "
    "towards 0, fast at first, and never quite gets there.", core=False)

# ---- dropout

MENDED = Exercise(
    "L08-q4", "Dropout with a fault",
    "One training pass with dropout, for one row. `kept` holds a 1 for each hidden unit that is kept and a 0 for each "
    "one that is left out; `p` is the chance to be left out. Exactly **one** line is wrong. It runs without an error. "
    "Which line is it?\n\n{listing}\n\nAnswer with its number, or with the number and what is wrong ({kinds}), or with "
    "the number and the line as it should be.",
    PlantedFault("my_fault", "with_dropout(x, t, W1, W2, kept, p)",
                 ("a1 = np.tanh(x @ W1)", "said = a1 * kept / (1 - p)", "o = said @ W2", "do = 2 * (o - t)",
                  "dW2 = np.outer(said, do)", "da1 = (W2 @ do) * kept / (1 - p)", "dz1 = da1 * (1 - a1 ** 2)",
                  "dW1 = np.outer(x, dz1)", "return dW1, dW2"),
                 (Planted("said = a1 * kept / (1 - p)", "said = a1 * kept", "not louder",
                          "The units that are kept must speak louder, or the sum is too small."),
                  Planted("said = a1 * kept / (1 - p)", "said = a1 * kept * (1 - p)", "softer for louder",
                          "With fewer units speaking, the others must be louder, not softer."),
                  Planted("dW2 = np.outer(said, do)", "dW2 = np.outer(a1, do)", "left out and yet learning",
                          "Nothing came through the weight of a unit that was left out."),
                  Planted("da1 = (W2 @ do) * kept / (1 - p)", "da1 = W2 @ do", "blame for the silent",
                          "A unit that was left out is not to blame."),
                  Planted("dz1 = da1 * (1 - a1 ** 2)", "dz1 = da1 * (1 - said ** 2)", "slope elsewhere",
                          "The slope belongs to what the unit answered, before dropout.")),
                 calls=lambda rng: [dict(x=rng.normal(size=2), t=rng.normal(size=1), W1=rng.normal(size=(2, 4)),
                                         W2=rng.normal(size=(4, 1)), kept=np.array([1.0, 0.0, 1.0, 1.0]), p=0.25)
                                    for _ in range(3)]),
    ("Dropout stands in two places: on the way forward, and on the way back.",
     "Follow a unit that is left out. What must it say, what must its weights learn?",
     "Now follow a unit that is kept. On both ways it meets the same factor. Does it, here?"),
    "Forward, what a hidden unit says is multiplied by `kept / (1 - p)`. A factor on the way forward is the same "
    "factor on the way back. And a weight's gradient is the blame times what really came through.", core=False)

# ---- decay

ADAM = Exercise(
    "L08-q5", "Adam and the penalty",
    "Adam divides each gradient by its usual size. Suppose a weight hears nothing from the data: its whole gradient is "
    "that of the penalty. The weight is {w}, `l2` is 0.001, Adam's rate is {rate}. How far does it move in the "
    "**first** step? (Without a sign.)",
    Quantity("my_step", Number(tolerance=0.02), truth=lambda given: given["rate"],
             draw=lambda rng: {"w": int(rng.integers(3, 9)), "rate": int(rng.integers(2, 8)) / 100},
             slips=(Slip("plain descent", lambda right, given: given["rate"] * 0.002 * given["w"],
                         "That is the step of plain gradient descent. What does Adam divide by?"),
                    Slip("the slope", lambda right, given: 0.002 * given["w"],
                         "That is the slope of the penalty. Adam does not keep its size."),
                    *usual("twice")),
             working="slope = 2 * 0.001 * {w}\nmy_step = {rate} * slope / abs(slope)"),
    ("First the slope of the penalty for this weight. Then: what does Adam do with its size?",
     "In the first step the usual size of the gradient is the size of this very gradient.",
     "A number divided by its own size is 1 or -1. What is left of the step?"),
    "The gradient is divided by its own size, so the step is the rate, however small the penalty and whatever the "
    "weight. Under Adam an L2 penalty no longer takes a share of the weight. **AdamW** takes the share away outside, "
    "beside Adam's step.", core=False)

DECAY = Exercise(
    "L08-q6", "How long it takes to come back",
    "A unit's bias was pushed to −20, and no blame reaches it. Weight decay takes {share} % of it away in each step, "
    "on biases too. After how many steps is the bias above −2 for the first time?",
    Quantity("my_steps", Number(whole=True), truth=lambda given: steps_back(given["share"]),
             draw=lambda rng: {"share": int(rng.choice([1, 2, 3, 4]))},
             slips=(Slip("along a line", lambda right, given: -(-90 // given["share"]),
                         "That would be so if each step took the same piece. It takes the same share of what is left."),
                    Slip("one too few", lambda right, given: right - 1, "Just before: it is still a little below −2.")),
             working="my_steps = 0\nbias = -20\nwhile bias <= -2:\n    bias = bias * (1 - {share} / 100)\n"
                     "    my_steps = my_steps + 1"),
    ("What is left of the bias after one step? After two?",
     "Each step multiplies by the same number below 1. It has to come down to a tenth.",
     "Let Python count: a loop that multiplies until the bias is above -2. Or use logarithms."),
    "After k steps $-20 \\cdot (1 - share)^k$ is left. A tenth is reached after $\\ln 0.1 / \\ln(1 - share)$ steps, "
    "rounded up. Without decay the answer would be: never.", core=False)


def steps_back(share):
    """How many steps until a tenth is left, when each takes away so many per cent."""
    left, steps = 20.0, 0
    while left >= 2:
        left, steps = left * (1 - share / 100), steps + 1
    return steps


# ---- slices and clipping

SCALED = Exercise(
    "L08-q7", "Two pictures of one function",
    "A network has one hidden layer of relu units: each answers what it hears, or 0 where that is negative. Somebody "
    "multiplies all weights and biases **into** the hidden units by {times}, and divides the weights **out of** them "
    "by {times}. The network now answers exactly as before.\n\nBoth networks are cut along the weight `w2[1,1]`, with "
    "the same scale on the axes. How many times as large is the curvature in the second picture?",
    Quantity("my_factor", Number(), truth=lambda given: lab.steeper(given["times"]),
             draw=lambda rng: {"times": int(rng.integers(3, 8))},
             slips=(Slip("the same", lambda right, given: 1.0,
                         "The function is the same. But how loud is now what comes through this weight?", "M19"),
                    Slip("once", lambda right, given: float(given["times"]),
                         "That much louder is the hidden unit. The loss is a square."),
                    Slip("flatter", lambda right, given: 1 / right, "The other way round.")),
             working="my_factor = {times} ** 2"),
    ("What does the hidden unit answer now, compared with before?",
     "If this weight moves by 0.1, by how much does the output move, before and after?",
     "The loss is a parabola in this weight. Stretch what comes through it: how does the curvature grow?"),
    "The hidden unit answers that many times as much, so the same move of the weight moves the output that many times "
    "as far. The loss is a square: the curvature grows by the square of the factor. One picture looks sharp, one flat, "
    "and they show the same function. **Never compare two slices as they are.**", core=False)

SLOPE = Exercise(
    "L08-q8", "Draw it: the slope of a clipped error",
    "The error is $e$. It is clipped to at most 1 and at least −1, then squared. That is the loss. Draw its **slope** "
    "$\\partial L/\\partial e$, for $e$ from −3 to 3.\n\nTo draw, write `my_slope = bp.sketch(\"L08-q8\")`, run the "
    "cell, draw in the canvas, then run the check. A function of $e$ or a list of points stays.",
    Quantity("my_slope", Curve((-3.0, 3.0), (-3.0, 3.0), "error e", "slope of the loss",
                               beliefs={"shape: rises all the way": "M17"}),
             truth=lambda given: (lambda e: 2 * e * (np.abs(e) < 1))(np.linspace(-3, 3, 97)),
             working="my_slope = [(e, 2 * e if abs(e) < 1 else 0) for e in np.linspace(-3, 3, 97)]"),
    ("First sketch the loss itself. What does it look like where e is 2, where it is 2.5, where it is 3?",
     "Where the loss does not change, how large is its slope?",
     "Inside it is the parabola that you know. Outside it is a flat roof. Now the slope, from left to right."),
    "Inside, the slope is $2e$, a straight line. Outside, the loss stays 1 whatever the error, so the slope is **0**: "
    "whoever is far off learns nothing. Clipping the *gradient* would keep the slope at its limit there.", core=False)

OPTIONAL = (MOVED_IN, MENDED, ADAM, DECAY, SCALED, SLOPE)
