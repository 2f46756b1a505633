"""The optional exercises of lesson 5: a limit measured, a curve drawn, a step with a fault in it."""
from bpviz.coursework.exercise import Exercise
from bpviz.coursework.kinds.fault import Planted, PlantedFault
from bpviz.coursework.kinds.quantities import Curve, Number, Quantity, Slip, usual
from bpviz.coursework.lessons.lesson_05 import experiments as lab

VALLEY_RATES = Curve((0.0, 0.105), (0.0, 25.0), "learning rate r", "loss after 4 steps", place=0.2,
                     beliefs={"shape: falls all the way": "M13"})


def after_four(rates):
    """The loss in the valley after four steps from its wall, in closed form."""
    w1, w2 = lab.ON_SLOPE
    return (w1 * (1 - 2 * rates) ** 4) ** 2 + 10 * (w2 * (1 - 20 * rates) ** 4) ** 2


DRAWN = Exercise(
    "L05-q4", "Draw it: how far is too far",
    "The valley once more: $L = w_1^2 + 10\\,w_2^2$, from $w_1 = -2.5$, $w_2 = 1$. It makes four steps with rate $r$. "
    "Draw the loss "
    "after them, for $r$ from 0 to 0.105. At $r = 0$ nothing moves, and the loss is 16.25.\n\nTo draw, write "
    "`my_losses = bp.sketch(\"L05-q4\")`, run the cell, draw in the canvas, then run the check. A drawing lasts until "
    "its cell is "
    "run again. A function of $r$ or a list of points stays.",
    Quantity("my_losses", VALLEY_RATES, truth=lambda given: after_four(VALLEY_RATES.grid),
             working="def losses(r):\n    w1 = -2.5 * (1 - 2 * r) ** 4\n    w2 = (1 - 20 * r) ** 4\n"
                     "    return w1 ** 2 + 10 * w2 ** 2\nmy_losses = losses"),
    ("The limit of this valley is 0.1. Is the loss there lower or higher than where it began?",
     "Most of the loss at the start is across the valley. At which rate does one step take that part away at once?",
     "Fast down at first, then a long flat stretch, and a steep rise: where does the ball begin to leave?"),
    "Across the valley each step multiplies by $1 - 20 r$: that part is gone near $r = 0.05$ and is back in full at "
    "0.1. Along the "
    "floor it is $1 - 2r$, which hardly does anything in four steps. So the best rate is not far below the limit, "
    "and beyond it all "
    "is lost.", core=False)

MEASURED = Exercise(
    "L05-q5", "Measure the limit",
    "Theory says: 2 divided by the largest curvature. Does the network obey? Start very close to B and make 60 steps. "
    "Is the end "
    "nearer to B than the start, or further away? Find the rate at which that changes, to half a unit.\n\n"
    "`bp.descend(fit, B + 0.0001, bp.GradientDescent(rate), 60).end` is where the network ends.",
    Quantity("my_limit", Number(tolerance=0.015), truth=lambda given: lab.limit("B"),
             slips=(*usual("half"),
                    Slip("A", lambda right, n: lab.limit("A"), "That is the limit of A."),
                    Slip("flat", lambda right, n: 2 / lab.flattest("B"), "That would be the limit if there were only "
                                                                         "the flat direction."))),
    ("Choose one rate, say 25, and print where the network ends. Then print how far that is from B.",
     "`np.linalg.norm(end - B)` is how far that is from B. The start is 0.00014 away.",
     "Let a loop try rates from 25 to 45 in steps of 0.5, and print which of them go away."),
    "Below the limit the distance to B shrinks in every step, above it grows in the end. The change comes where "
    "theory says. "
    "Very close to a "
    "minimum the loss is a parabola in every direction, and there the theory holds exactly.", core=False)

FAULTY = Exercise(
    "L05-q6", "A step that goes wrong",
    "One step of gradient descent on $L = (w_1 w_2 - 1)^2$. It has exactly **one** wrong line. It runs without an "
    "error, and from some "
    "starts the loss even falls. Which line is it?\n\n{listing}\n\nAnswer with its number, or with the number and "
    "what is wrong "
    "({kinds}), or with the number and the line as it should be.",
    PlantedFault("my_fault", "step(w1, w2, rate)",
                 ("error = w1 * w2 - 1", "slope1 = 2 * error * w2", "slope2 = 2 * error * w1", "new1 = w1 - rate * "
                                                                                               "slope1",
                  "new2 = w2 - rate * slope2", "return new1, new2"),
                 (Planted("slope1 = 2 * error * w2", "slope1 = 2 * error * w1", "the weight itself",
                          "How fast the product grows with one weight is the other weight."),
                  Planted("new1 = w1 - rate * slope1", "new1 = w1 + rate * slope1", "uphill", "This weight climbs."),
                  Planted("new2 = w2 - rate * slope2", "new2 = new1 - rate * slope2", "another start",
                          "A weight moves from where it was itself."),
                  Planted("slope2 = 2 * error * w1", "slope2 = 2 * slope1 * w1", "one factor too many",
                          "The way back from the loss to this weight does not lead through the other weight's slope.")),
                 calls=lambda rng: [dict(zip(("w1", "w2", "rate"), map(float, rng.uniform(0.3, 1.7, 3).round(2)),
                                             strict=True))
                                    for _ in range(3)]),
    ("Line by line: first how wrong the product is, then two slopes, then two updates.",
     "Both weights play the same part here. Exchange 1 and 2 in a line: is there a line that says this?",
     "Which line has no partner?"),
    "The loss does not change when the weights change places. So the lines come in pairs, each like the other with 1 "
    "and 2 exchanged. "
    "The line whose partner looks different is the wrong one, or its partner is: the chain rule tells which.",
    core=False)

OPTIONAL = (DRAWN, MEASURED, FAULTY)
