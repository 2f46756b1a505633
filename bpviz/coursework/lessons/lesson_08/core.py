"""The core exercises of lesson 8: the update with a penalty, and a penalty that helps, found with the panel."""
from bpviz.coursework.exercise import Exercise
from bpviz.coursework.kinds.proof import TypedFormula, WrongFormula
from bpviz.coursework.kinds.property import Must, Property
from bpviz.coursework.kinds.quantities import Number
from bpviz.coursework.lessons.lesson_08 import experiments as lab

UPDATE = Exercise(
    "L08-q1", "The update with a penalty",
    "A weight is `w`. The slope of the plain loss is `g`, as the backward pass gives it. The penalty adds "
    "`l2 * w**2` to the loss, for this weight. The learning rate is `rate`.\n\n"
    "Write the **new** weight after one step, as a formula in `w`, `g`, `rate`, `l2`. Any form counts; it is proved "
    "for all numbers.",
    TypedFormula("my_update", ("w", "g", "rate", "l2"), "w - rate*(g + 2*l2*w)",
                 ranges={"rate": (0.01, 2), "l2": (0.001, 1)},
                 wrongs=(WrongFormula("penalty for slope", "w - rate*(g + l2*w**2)",
                                      "The update needs the slope of the penalty, not the penalty itself."),
                         WrongFormula("2 missing", "w - rate*(g + l2*w)",
                                      "Nearly: w squared rises faster than that. What is its slope?"),
                         WrongFormula("pushes away", "w - rate*(g - 2*l2*w)",
                                      "Look at a large positive w: this penalty makes it larger still."),
                         WrongFormula("rate forgotten", "w - rate*g - 2*l2*w",
                                      "The slope of the penalty is a slope like any other: the rate belongs to it, "
                                      "too."),
                         WrongFormula("one share", "w - rate*g", "That is the step without the penalty.")),
                 working='slope = "g + 2*l2*w"\nmy_update = f"w - rate*({slope})"'),
    ("The loss has two parts now. How fast does each of them rise with w?",
     "The slope of a sum is the sum of the slopes. The first is given: g. What is the slope of a square?",
     "Then do what every step does: the old weight, minus the rate times the whole slope."),
    "The penalty's slope is $2 \\cdot l2 \\cdot w$, and it is added to $g$. Written another way, the new weight is "
    "$(1 - 2 \\cdot rate \\cdot l2)\\, w - rate \\cdot g$: each step first takes a small share of the weight away.",
    minutes=4)


def measured(values, given):
    """What a penalty does in the panel: per cent of rows right, and the losses of both kinds of rows at the end."""
    seen, unseen, right, _ = lab.moons(values["l2"])
    return {"percent": 100 * right[1], "seen": float(seen[-1]), "unseen": float(unseen[-1])}


FOUND = Exercise(
    "L08-q2", "Find the cure",
    "Find a penalty with which at least **94 %** of the unseen rows are right. Leave all other knobs as they are. "
    "The slider is coarse, so **type** numbers into the box beside it.\n\n"
    "Hand in the number. (`my_l2 = cure` reads it from the panel, but the panel begins anew with each run of the "
    "notebook; the number stays.)",
    Property("my_l2", {"l2": Number(0, 0.05)}, measured,
             musts=(Must("too "
                         "much", lambda found: found["percent"] < 100 * lab.CLEARLY and found["seen"] > found["unseen"],
                         "{percent:.3g} % of the unseen rows are right, and the training rows get worse, too: this "
                         "penalty is too strong.", {"l2": 0.02}),
                    Must("too little", lambda found: found["percent"] < 100 * lab.CLEARLY,
                         "{percent:.3g} % of the unseen rows are right. The training rows look better than the unseen "
                         "ones: it still learns noise.", {"l2": 0.0})),
             solves=lambda given: {"l2": 0.0015},
             setting={"data": "moons", "units": "12 units", "rows": 40.0, "noise": 0.25, "dropout": 0.0, "steps": 600.0,
                      "seed": 0.0},
             yes="Yes: {percent:.3g} % of the unseen rows are right."),
    ("You know two ends: no penalty, and one that is far too strong. Try a number between them.",
     "Is the border still a straight line? Then go down: a tenth of your number, not a little less.",
     "Look at the right ends of the two curves. The training rows far below: more penalty. Both high: less."),
    "A good penalty is far nearer to 0 than to the slider's end. Such numbers are looked for by factors: ten times "
    "less, then twice as much. One word of care: you have now chosen the penalty *with* the unseen rows. For an honest "
    "result one would need still other rows, never looked at before.", points=2, minutes=7)

CORE = (UPDATE, FOUND)
