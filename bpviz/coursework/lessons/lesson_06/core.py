"""The core exercises of lesson 6: what a minimum gives up, a border, a plateau's length, a start that ends in B."""
from bpviz.coursework.exercise import Exercise
from bpviz.coursework.kinds.property import Must, Property
from bpviz.coursework.kinds.quantities import Choice, Number, Quantity, Slip
from bpviz.coursework.lessons.lesson_06 import experiments as lab
from bpviz.coursework.lessons.networks import two_weights

SIDES = {-1.5: "the left one, x = −1.5", -0.5: "the middle one, x = −0.5", 1.5: "the right one, x = 1.5"}
ALIKE = "none: B misses all three by the same"


def given_up(given):
    """The example that costs most at B of `seesaw`."""
    each = lab.minimum("seesaw", "B")[2]
    return SIDES[float(two_weights("seesaw").data.x[0, each.argmax()])] if each.max() > 1.5 * each.min() else ALIKE


GIVEN_UP = Exercise(
    "L06-q1", "What B gives up",
    "In the panel above, drag the square until the descent ends in **B**. Then look at the solid curve, and at the "
    "bars of what each example adds. Which example is answered worst in B?\n\n"
    f"a) {SIDES[-1.5]}\n\nb) {SIDES[-0.5]}\n\nc) {SIDES[1.5]}\n\nd) {ALIKE}\n\nAnswer with a letter.",
    Quantity("my_example",
             Choice(((SIDES[-1.5], "", "Is that B? The verdict above the picture names the minimum you are in."),
                     (SIDES[-0.5], "", "It is not answered well there, but another one is answered worse."), SIDES[1.5],
                     (ALIKE, "", "Look at the bars once more: are they equally long?"))), truth=given_up),
    ("The verdict above the picture says in which minimum the descent has ended. Drag until it says B.",
     "The circles are the examples, the solid curve is what the network answers. Where are they far apart?",
     "The longest bar belongs to the example that adds most to the loss. Point at it, or read the x under it."),
    "A curve of two weights can not go through all three circles. In A it goes down from left to right, and gives up "
    "the left one. In B it stays nearly level, high enough for the left ones, and the right one pays for it. To come "
    "from B to A it would first have to do worse. That is the ridge between the two.", minutes=3)


def _beside(values, given):
    here, further = (lab.ends_in("seesaw", (values["w1"] + more, 3.0), lab.RATE, 3000) for more in (0.0, 0.1))
    return {"here": here, "further": further, "w": f"{values['w1']:.2f}".replace("-", "−")}


BORDER = Exercise(
    "L06-q2", "The border",
    "From far left a descent ends in B, from far right in A. Somewhere between it must turn over. Set `w2` to 3, "
    "leave the rate at 20, and drag `w1`. Find a `w1` that still ends in **B**, while 0.1 further to the right it "
    "ends in **A**. Hand in your `w1`.",
    Property("my_w1", {"w1": Number(-5.9, 5.9)}, measure=_beside,
             musts=(Must("too far left", lambda found: found["here"] == "B" == found["further"],
                         "From w1 = {w} it ends in B, and from 0.1 further right too. The border lies further to the "
                         "right.",
                         {"w1": -2.0}),
                    Must("too far right", lambda found: (found["here"], found["further"]) != ("B", "A"),
                         "From w1 = {w} it does not end in B any more. The border lies further to the left.",
                         {"w1": 4.0})),
             solves=lambda given: {"w1": border(3.0)},
             setting={"data": "seesaw", "activation": "sigmoid", "w2": 3.0, "rate": 20.0},
             yes="Yes: from {w} it ends in B, and a tenth further right in A."),
    ("Begin with two starts that end in different minima. The border is between them.",
     "Try the middle between the two. It ends in A or in B. Which half holds the border?",
     "Halve the gap again and again. When it is smaller than 0.1, hand in its left end."),
    "Halving finds it in a few tries. Two starts that lie that close have almost the same first step, the same second "
    "step, and so on. Only where the ridge divides them do they part: one goes left, the other right.", minutes=4)


def border(w2, left=-5.0, right=5.0):
    """The last w1 (two digits) that ends in B of `seesaw`, by halving."""
    while right - left > 0.02:
        middle = (left + right) / 2
        left, right = (middle, right) if lab.ends_in("seesaw", (middle, w2), lab.RATE, 3000) == "B" else (left, middle)
    return round(left - 0.01, 2)


PLATEAU = Exercise(
    "L06-q3", "A step to be found",
    "`path.loss` holds the loss after each step; `path.loss[0]` is the loss at the start. Write lines that find the "
    "**first** step after which the loss of XOR is below 0.1. Use `xor` and `start` from the cell above, rate 1, and "
    "5,000 steps. If there is no such step, hand in −1.",
    Quantity("my_step", Number(-1, 100_000, tolerance=0, absolute=1),
             truth=lambda given: lab.first_below(),
             slips=(Slip("below 0.2", lambda right, given: lab.first_below(0.2),
                         "There the fall has begun, but the loss is not yet below 0.1."),
                    Slip("half the rate", lambda right, given: int((lab.on_xor(10_000, 0.5).loss < lab.LIMIT).argmax()),
                         "That is the right step for half the rate. The cell above has rate 1."),
                    Slip("never", lambda right, given: -1, "Did you look at all 5,000 steps?", "M05")),
             working="from bpviz import DATA, Fit, GradientDescent, Network, descend\n\n"
                     "net = Fit(Network((2, 2, 1)), \"squared error\", DATA[\"xor\"])         # or xor, from above\n"
                     "weights = np.random.default_rng(0).normal(scale=0.5, size=9)       # or start\n"
                     "loss = descend(net, weights, GradientDescent(rate=1), 5000).loss\n"
                     "my_step = int(np.flatnonzero(loss < 0.1)[0])"),
    ("Make a path of 5,000 steps first. Does its loss come below 0.1?",
     "`path.loss < 0.1` is a list of True and False, one for each step. Which entry do you want?",
     "`np.flatnonzero(...)` gives the numbers of the entries that are True, the first one first."),
    "For a long time nothing seems to happen; then the loss falls within a few hundred steps. At first each hidden "
    "unit answers nearly the same to all four rows, so the output is one half for each of them. A unit must first "
    "learn to tell rows apart, and the push to do so is tiny.", minutes=4)


def _end(values, given):
    name = lab.ends_in("trident", (values["w1"], values["w2"]), 2.0, 10_000)
    return {"name": name}


INTO_B = Exercise(
    "L06-q4", "Into B",
    "In `trident`, find a start from which rate 2 settles in minimum **B**, the second lowest, within 10,000 steps. "
    "Drag the square until the verdict says so. Hand in both weights, such as `(1.5, -2)`. (`my_start = trident` "
    "reads them from the panel, but the panel begins anew with each run of the notebook; the numbers stay.)",
    Property("my_start", {"w1": Number(-6, 6), "w2": Number(-6, 6)}, measure=_end,
             musts=(Must("in A", lambda found: found["name"] == "A",
                         "From there it ends in A. B lies on the other side of a saddle.", {"w1": 0.4, "w2": -4.3}),
                    Must("in C", lambda found: found["name"] == "C",
                         "From there it ends in C. Which saddles lie between C and B?", {"w1": -4.0, "w2": 2.0}),
                    Must("not settled", lambda found: found["name"] != "B",
                         "After 10,000 steps from there it is {name}.", {"w1": 6.0, "w2": -6.0})),
             solves=lambda given: {"w1": 4.0, "w2": 1.0},
             setting={"data": "trident", "activation": "sigmoid", "rate": 2.0},
             yes="Yes: from there it ends in B."),
    ("You need not start close to B. Its basin is large.",
     "Put the square in each of the four corners and look where it ends. Which side of the picture belongs to B?",
     "A and B lie close together, with the saddle S1 between them. Begin on that side of S1 on which B lies, further "
     "out."),
    "The basin of B is wide, but almost level: the descent slides along for thousands of steps. A lies close by and "
    "lower, but its basin is narrow.", minutes=4)

CORE = (GIVEN_UP, BORDER, PLATEAU, INTO_B)
