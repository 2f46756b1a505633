"""The core of lesson 5: the loop of descent, the limit of a valley, a rate that A can hold and B cannot."""
import numpy as np

from bpviz.coursework.exercise import Exercise
from bpviz.coursework.kinds.body import WrittenCurve
from bpviz.coursework.kinds.property import Must, Property
from bpviz.coursework.kinds.quantities import Curve, Number, Quantity, Slip, usual
from bpviz.coursework.lessons.lesson_05 import experiments as lab

RATES = Curve((0.0, 1.1), (0.0, 200.0), "learning rate", "loss at the end")
STEP = "w = w - rate * 2 * (w - 1)"


def body(step=STEP, end="return (w - 1) ** 2", before=""):
    """The lines of a body with a loop."""
    return f"{before}for _ in range({{steps}}):\n    {step}\n{end}"


def losses(given, distance=None):
    """The loss at the end over the rates (n,). distance: (rates, first distance) -> the last one."""
    far = given["start"] - 1
    right = far * (1 - 2 * RATES.grid) ** given["steps"]
    return (right if distance is None else distance(RATES.grid, far)) ** 2


def squared_slopes(given):
    """The losses where each step takes the loss for its slope."""
    far = np.full(len(RATES.grid), given["start"] - 1.0)
    for _ in range(given["steps"]):
        far = far - RATES.grid * far ** 2
    return far ** 2


LOOP = Exercise(
    "L05-q1", "Write the descent",
    "One weight again, with its bottom at 1: $L = (w - 1)^2$. The function begins with $w = {start}$. Let it make "
    "{steps} steps with the rate that it is given, and return the **loss** at the end. A loop makes the steps. "
    "The check runs it with many rates from 0 to 1.1.",
    WrittenCurve("my_descent", RATES, takes="rate", says="The loss after all steps, each with this rate.",
            begins="w = {start}",
            draw=lambda rng: {"start": int(rng.integers(4, 7)), "steps": int(rng.integers(4, 6))},
            truth=losses,
            slips=(Slip("uphill", lambda right, n: losses(n, lambda r, far: far * (1 + 2 * r) ** n["steps"]),
                        "The loss rises at every rate: do your steps go uphill?"),
                   Slip("half the slope", lambda right, n: losses(n, lambda r, far: far * (1 - r) ** n["steps"]),
                        "Your slope is half as large as it should be. What does a square bring to the front?"),
                   Slip("one step", lambda right, n: losses(n, lambda r, far: far * (1 - 2 * r)),
                        "That is the loss after a single step. Is the `return` inside the loop?"),
                   Slip("old slope", lambda right, n: losses(n, lambda r, far: far * (1 - 2 * n["steps"] * r)),
                        "All your steps use the slope of the start. The slope changes with the weight: find it anew in "
                        "each step."),
                   Slip("bottom at 0", lambda right, n: (n["start"] * (1 - 2 * RATES.grid) ** n["steps"] - 1) ** 2,
                        "Your steps lead to 0. Where is the slope of this loss 0?"),
                   Slip("other loss", lambda right, n: (1 + (n["start"] - 1) * (1 - 2 * RATES.grid) ** n["steps"]) ** 2,
                        "The steps are right. The loss at the end is that of another bowl: where is the bottom of "
                        "yours?"),
                   Slip("a step too few", lambda right, n: losses({**n, "steps": n["steps"] - 1}),
                        "All is right but the number of steps: one is missing."),
                   Slip("a step too many", lambda right, n: losses({**n, "steps": n["steps"] + 1}),
                        "All is right but the number of steps: there is one too many."),
                   Slip("loss for slope", lambda right, n: squared_slopes(n),
                        "Your steps use the loss itself. How fast does it rise?"),
                   Slip("no square", lambda right, n: np.sqrt(right),
                        "That is how far the weight is from the bottom. The loss is the square of it."),
                   Slip("half the loss", lambda right, n: right / 2, "That is half of the loss."),
                   Slip("weight", lambda right, n: 1 + (n["start"] - 1) * (1 - 2 * RATES.grid) ** n["steps"],
                        "That looks like the weight. Asked is the loss there.")),
            working=body(),
            wrong={"uphill": body("w = w + rate * 2 * (w - 1)"), "half the slope": body("w = w - rate * (w - 1)"),
                   "bottom at 0": body("w = w - rate * 2 * w"), "other loss": body(end="return w ** 2"),
                   "a step too few": body().replace("{steps}", "{steps} - 1"),
                   "a step too many": body().replace("{steps}", "{steps} + 1"),
                   "one step": body(STEP, "    return (w - 1) ** 2"), "weight": body(end="return w"),
                   "old slope": body("w = w - rate * slope", before="slope = 2 * (w - 1)\n"),
                   "loss for slope": body("w = w - rate * (w - 1) ** 2"), "no square": body(end="return abs(w - 1)"),
                   "half the loss": body(end="return (w - 1) ** 2 / 2"), "shape: stays level": "return 1.0"}),
    ("Two things are missing: a loop with one line in it, and after the loop the loss.",
     "The line in the loop is the update of Lesson 3: new w is old w minus the rate times the slope. The slope is "
     "taken at the w of now.",
     "The slope of $(w - 1)^2$ has a factor in front, and is 0 where w is 1. The `return` stands below the loop, not "
     "in it."),
    "Each step uses the slope at the weight of that moment, so the slope stands inside the loop. The distance to the "
    "bottom is multiplied by $1 - 2 \\cdot$ rate in every step. So the loss falls until the rate is 1/2, and "
    "beyond 1 it ends higher than it began.", points=2, minutes=8)

LIMIT = Exercise(
    "L05-q2", "The largest rate",
    "A valley has the curvature {flat} along its floor and {steep} across. Up to which rate can the descent settle in "
    "it?",
    Quantity("my_rate", Number(), truth=lambda n: 2 / n["steep"],
             draw=lambda rng: {"flat": float(rng.choice([0.2, 0.4, 0.5, 0.8])),
                               "steep": int(rng.choice([4, 8, 16, 20]))},
             slips=(Slip("flat", lambda right, n: 2 / n["flat"],
                         "That is the limit along the floor. What would the ball do across the valley?"),
                    Slip("mean", lambda right, n: 4 / (n["flat"] + n["steep"]),
                         "The mean of both does not help: a ball that leaves in one direction leaves."),
                    Slip("sum", lambda right, n: 2 / (n["flat"] + n["steep"]),
                         "The curvatures need not be added: the ball moves in each direction as if there were no "
                         "other."),
                    *usual("half", "reciprocal")),
             working="my_rate = 2 / {steep}"),
    ("In each direction the ball moves as on a parabola of its own. Each has its own limit.",
     "It must stay in both directions. Which of the two limits is reached first?",
     "The limit of a parabola was 2/λ. Put in the curvature that forbids more."),
    "Along the floor nearly any rate would do. Across, the limit is 2 divided by the steep curvature, and that is the "
    "smaller one. "
    "**The steepest direction sets the limit for all.**", minutes=3)


def found(values, given):
    ends_in, loss = lab.settles(**values)
    return {"ends_in": ends_in, "loss": loss, "low": lab.limit("B"), "high": lab.limit("A")}


BETWEEN = Exercise(
    "L05-q3", "Too fast for B",
    "Find a rate that B **cannot** hold and a start from which the descent nevertheless settles in a minimum. Drag "
    "the rate and the "
    "square in the panel above. Hand in the three numbers: rate, w1, w2. "
    "(`my_run = rate_panel` reads them from the panel, but the panel begins anew with each run of the notebook; "
    "numbers stay.)",
    Property("my_run", {"rate": Number(0.01, 200), "w1": Number(-6, 6), "w2": Number(-6, 6)}, measure=found,
             musts=(Must("B holds it", lambda found: found["rate"] <= found["low"],
                         "With the rate {rate:g} B can hold the network: it is below the limit of B.",
                         {"rate": 20.0, "w1": 3.0, "w2": -1.0}),
                    Must("A cannot hold it", lambda found: found["rate"] >= found["high"],
                         "The rate {rate:g} is too large for A, too.", {"rate": 150.0, "w1": 3.0, "w2": -1.0}, "M13"),
                    Must("no minimum", lambda found: not found["ends_in"],
                         "The rate is one that A could hold. But from this start the descent does not come to A: it "
                         "still moves, "
                         "at the loss {loss:.4f}.", {"rate": 60.0, "w1": -3.5, "w2": 0.0}, "M13")),
             solves=lambda given: {"rate": 50.0, "w1": 1.5, "w2": 2.5}, setting={"data": "seesaw"},
             yes="Yes: with the rate {rate:g} it settles in {ends_in}, at the loss {loss:.4f}. B could not hold it."),
    ("The two dashed lines under the bar are the limits. Between which of them must the rate lie?",
     "From a start beside B such a rate jumps about for ever. Where else could the square stand?",
     "Look at the map from above: on which side of the landscape does dark ground lie that is wide, not narrow?"),
    "Any rate between the two limits, and a start on the side of A. Steep minima throw large steps out, flat ones "
    "keep them. "
    "Whether the descent finds the flat one is another question: that depends on the start.", minutes=5)

CORE = (LOOP, LIMIT, BETWEEN)
