"""More of lesson 7, for who wants it: Adam's step in order, its first one by hand, patience, and two beliefs tested."""
import numpy as np

from bpviz.coursework.exercise import Exercise
from bpviz.coursework.kinds.ordering import Ordering, Twin
from bpviz.coursework.kinds.quantities import Choice, Number, Quantity, Slip
from bpviz.coursework.lessons.lesson_07 import experiments as lab

ORDERED = Exercise(
    "L07-q4", "One step of Adam, in order",
    "The lines in the cell below are one step of Adam on $L = (w - 1)^2$, shuffled. Put them in order. Where two lines "
    "have the same letter, such as b1 and b2, **one** of them is wrong: take the other.",
    Ordering("my_order",
             ("g = 2 * (w - 1)", "t = t + 1", "m = 0.9 * m + 0.1 * g", "v = 0.999 * v + 0.001 * g ** 2",
              "m_hat = m / (1 - 0.9 ** t)", "v_hat = v / (1 - 0.999 ** t)",
              "w = w - rate * m_hat / (np.sqrt(v_hat) + 1e-8)"),
             result=("w", "m", "v"),
             inputs=lambda rng: {"w": round(rng.uniform(2, 4), 2), "m": round(rng.uniform(0.5, 1), 2),
                                 "v": round(rng.uniform(0.2, 0.5), 2), "t": int(rng.integers(3, 9)), "rate": 0.05},
             twins=(Twin("v = 0.999 * v + 0.001 * g ** 2", "v = 0.999 * v + 0.001 * g",
                         "Slopes of both signs would cancel there, and a root of a negative number may follow."),
                    Twin("w = w - rate * m_hat / (np.sqrt(v_hat) + 1e-8)", "w = w - rate * m_hat / (v_hat + 1e-8)",
                         "A slope divided by a squared slope: then small slopes make huge steps."))),
    ("A line can only stand after the lines that make what it uses.",
     "Which lines use the slope? Which ones use the number of the step, and should that be the new number?",
     "The slope first and the weight last; between them the two means, and then the two means corrected."),
    "The slope goes into two running means, of itself and of its square. Both begin at 0, so early on they are too "
    "small; dividing by $1 - \\beta^t$ mends that. Then mean slope over root of mean square, times the rate. "
    "`t` may go up anywhere before it is used.", core=False)

FIRST = Exercise(
    "L07-q5", "Adam's first step, by hand",
    "A weight of {w} has the slope {g}. Adam makes its **first** step, with rate {rate}, β₁ = 0.9 and β₂ = 0.999; the "
    "tiny ε may be left out. Where does the weight land?",
    Quantity("my_weight", Number(tolerance=1e-4),
             truth=lambda n: n["w"] - n["rate"] * np.sign(n["g"]),
             draw=lambda rng: {"w": int(rng.integers(11, 20)) / 10, "rate": float(rng.choice([0.02, 0.03, 0.05])),
                               "g": int(rng.choice([-250, -40, 40, 250]))},
             slips=(Slip("uphill", lambda right, n: n["w"] + n["rate"] * np.sign(n["g"]),
                         "The length is right. Which way is downhill?"),
                    Slip("only the step", lambda right, n: right - n["w"],
                         "That is the step alone. Where does the weight land with it?"),
                    Slip("not moved", lambda right, n: n["w"], "There the weight was before the step."),
                    Slip("plain step", lambda right, n: n["w"] - n["rate"] * n["g"],
                         "That is the step of plain descent."),
                    Slip("not corrected", lambda right, n:
                         n["w"] - n["rate"] * 0.1 * n["g"] / (0.001 * n["g"] ** 2) ** 0.5,
                         "m and v began at 0 and are still too small: both have to be corrected first.")),
             working="m, v = 0.1 * {g} / (1 - 0.9), 0.001 * ({g}) ** 2 / (1 - 0.999)\n"
                     "my_weight = {w} - {rate} * m / np.sqrt(v)"),
    ("After the first step m is a tenth of the slope, and v a thousandth of its square.",
     "Both are corrected: divided by 1 − β₁ and by 1 − β₂. What is left of them?",
     "Then the mean slope is divided by the root of the mean square. How large is a number divided by its own size?"),
    "Corrected, $\\hat m$ is the slope itself and $\\hat v$ its square. So the step is the rate times $g / |g|$: the "
    "rate, against the sign of the slope. Whether the slope was tiny or huge plays no part.", core=False)

COUNTED = Exercise(
    "L07-q6", "More steps, smaller steps",
    "Plain descent reached A from 40 of 200 starts, in 500 steps. Give it ten times as many steps, and let the rate be "
    "halved every 1000 steps. **From how many starts does it reach A now?** Guess first, then count:\n\n"
    "`bp.restarts(fit, bp.GradientDescent(2.0), 200, 500, low=-6, high=6, seed=0)` made the 500 steps. Add "
    "`schedule=bp.StepDecay(1000, 0.5)` for the falling rate. The result has an array `.loss`. A counts as reached "
    "with a loss of at most 0.0281.",
    Quantity("my_count", Number(0, 200, whole=True), truth=lambda given: lab.slower_and_longer(),
             slips=(Slip("all", lambda right, given: 200,
                         "Not from all: a small rate and patience lead to the bottom of a valley, of whichever one.",
                         "M07"),
                    Slip("as before", lambda right, given: lab.count(),
                         "That is the count after 500 steps. Some of the slow ones get there later."))),
    ("Keep the result of `bp.restarts` under a name, and look at its `.loss`.",
     "An array compared with a number gives an array of True and False.",
     "True counts as 1, so `.sum()` of such an array counts. Make it a whole number with `int`."),
    "`(runs.loss <= 0.0281).sum()` counts. A few slow runs arrive late, and that is all. A falling rate makes the end "
    "calmer; it does not choose the valley. In which valley a run ends was settled long before, by its start.",
    core=False)

HERE, NEAREST, DEEPEST = ("it stays where it is: a curve that has become flat means that training is done",
                          "in C, the minimum with the highest loss", "in A, the deepest minimum")

PATIENT = Exercise(
    "L07-q7", "Flat, and then?",
    "In trident plain descent with rate 2 starts at (−6, −6). In the first 500 steps its loss falls only from 0.127 to "
    "0.113, and the last 100 of them change it by less than 0.001. The curve looks flat. It runs on, to 5000 steps. "
    f"Where does it end?\n\na) {HERE}\n\nb) {NEAREST}\n\nc) {DEEPEST}\n\nAnswer with a letter. "
    "`bp.explore.minima(data=\"trident\", w1=-6, w2=-6, rate=2)` is the place to find out; drag the steps.",
    Quantity("my_end", Choice(((HERE, "M05", "Flat ground is not the bottom: small slopes only mean small steps."),
                               (NEAREST, "", "Not there. Follow it with more steps."), DEEPEST)),
             truth=lambda given: {"A": DEEPEST, "C": NEAREST}.get(lab.patient(5000)[1], HERE)),
    ("How large is the slope there? Is it 0, or only small?",
     "What would you have to know, beside the slope, to call a place a minimum?",
     "Open the panel and drag the steps from 500 upwards. Watch the end of the path, and the loss curve."),
    "The slope is small and not 0, so the run creeps on. After more than a thousand steps the ground falls away, and "
    "it goes down into the deepest valley. How flat a curve looks says how small the slope is, not how far it is to "
    "the bottom.", core=False)

SLOW, BENT, RATE = ("he is right: with enough steps they all arrive at the same loss",
                    "the output is no straight function of the weights, so the loss is no parabola in them",
                    "he is wrong: the rate was too large for a parabola")

PARABOLA = Exercise(
    "L07-q8", "A friend explains",
    "\"The error is squared. A square is a parabola, and a parabola has one bottom. So the runs that end at loss "
    "0.0696 in trident, and not at 0.0218, are only slow.\" What do you say?\n\n"
    f"a) {SLOW}\n\nb) {BENT}\n\nc) {RATE}\n\nAnswer with a letter.",
    Quantity("my_reply",
             Choice(((SLOW, "M04", "At 0.0696 the slope is 0 and the loss rises in every direction: more steps change "
                                   "nothing."),
                     BENT, (RATE, "", "A smaller rate ends in the same place. It is not the rate."))),
             truth=lambda given: BENT if len(lab.minima()[1]) > 1 else SLOW),
    ("In which variable is the squared error a parabola?",
     "The loss is a parabola in the output. What does the output do when a weight grows steadily?",
     "Put a bent curve into a parabola: draw the output against a weight, then its squared distance to the target."),
    "As a function of the **output** the loss is a parabola. But the output is a sigmoid of a sigmoid of the weights, "
    "and there are several rows. As a function of the **weights** it has hills, valleys and plateaus: in trident three "
    "minima.", core=False)

OPTIONAL = (ORDERED, FIRST, COUNTED, PATIENT, PARABOLA)
