"""The eight predictions of lesson 6: where a descent ends, and whether flat means finished."""
from bpviz.coursework.kinds.quantities import Choice
from bpviz.coursework.lessons.lesson_06 import experiments as lab
from bpviz.coursework.prediction import Prediction

# ---- where fifty starts end

ONE = "All at the same loss: the squared error is a parabola, and that has one lowest point."
FEW = "At a few losses, two or three: some starts end higher than others."
EACH = "At nearly fifty losses: each start has an end of its own."


def how_many_losses():
    found = len(lab.many_ends())
    return ONE if found == 1 else FEW if found < 5 else EACH


def said_of_ends(truth):
    (low, many), (high, others) = list(lab.many_ends().items())[:2]
    return (f"{many} of them come to rest at {low:.4f}, and {others} at {high:.4f}. The error is squared, but before "
            "that the weights go through two sigmoids. So the loss over the **weights** is no parabola. A place that "
            "is lower than all around it is a **local minimum**.")


# ---- where minus the gradient points

THERE = "In A: that is where the way down leads."
ELSEWHERE = "In B, although it is higher."
BETWEEN = "Between the two, on the diamond."


def towards_a():
    return {"A": THERE, "B": ELSEWHERE}.get(lab.ends_in("seesaw", lab.TOWARDS_A, lab.RATE), BETWEEN)


def said_of_direction(truth):
    angle = lab.angle_to("seesaw", lab.TOWARDS_A, "A")
    return (f"At the start the direction misses A by {angle:.1f}°. It is the steepest way down **here**, and it is "
            "found anew at each step. Look at the path: it soon turns to the other side. Minus the gradient knows "
            "nothing of places further away.")


# ---- flat, at a saddle

ARRIVED = "Still 0.0633: the curve is flat, so training is done."
SLIDES = "About 0.055: it slides down after all."
BEST = "About 0.031: it finds the lowest minimum, A."


def ten_times_longer():
    loss = lab.walked("seesaw", lab.PASS, 0.1, 10 * lab.SHORT)[0].loss[-1]
    return min((abs(loss - value), text) for value, text in ((0.0633, ARRIVED), (0.055, SLIDES), (0.031, BEST)))[1]


def said_of_pass(truth):
    loss = lab.walked("seesaw", lab.PASS, 0.1, 10 * lab.SHORT)[0].loss[-1]
    return (f"The loss is then {loss:.4f}. The start lies beside the diamond, a **saddle**: like a mountain pass it "
            "rises to two sides and falls to the other two. On top it is level, so the first steps are tiny. Each is "
            "a bit longer than the one before.")


# ---- flat, on a plateau

DONE = "Still 0.25: the curve is flat and the gradient almost 0, so training is done."
CREEPS = "About 0.24: it creeps on as slowly as before."
FALLS = "Below 0.01: after a long time it falls."


def plateau_ends():
    loss = lab.on_xor().loss[-1]
    return FALLS if loss < 0.01 else CREEPS if loss < 0.2495 else DONE


def said_of_plateau(truth):
    loss = lab.on_xor().loss
    return (f"After 2,000 steps the loss is still {loss[2000]:.2f}; after 5,000 it is {loss[5000]:.4f}. Such almost "
            "level ground is a **plateau**. It looks like the end and is not. A flat curve tells only that the steps "
            "are small.")


# ---- a larger rate

SOONER = "It settles in A too, only sooner."
SMOOTHLY = "Each step lowers the loss as before, but it arrives in another minimum."
THROWN = "The loss goes up at the first step, and it ends in another minimum."
BOUNCES = "It jumps to and fro around A for ever."


def ten_beside_a():
    path, _ = lab.walked("trident", lab.BESIDE_A, 10.0, 2000)
    end = lab.ends_in("trident", lab.BESIDE_A, 10.0, 2000)
    if end not in ("A", "B", "C"):
        return BOUNCES
    return SOONER if end == "A" else THROWN if path.loss[1] > path.loss[0] else SMOOTHLY


def said_of_rate(truth):
    loss = lab.walked("trident", lab.BESIDE_A, 10.0, 2000)[0].loss
    curvature = lab.minimum("trident", "A")[3]
    return (f"One step lifts the loss from {loss[0]:.3f} to {loss[1]:.3f}, out of A's valley. It settles in B, at "
            f"{loss[-1]:.3f}. The steepest curvature at A is {curvature:.2f}, so A holds only rates below 2/λ, here "
            f"{2 / curvature:.2f}. The rate decides not only how fast you go. It decides **where you can stay**.")


# ---- long, with a falling rate, from everywhere

ALL = "All 200: with enough steps and a falling rate each finds the best one."
MOST = "About 190: only a few unlucky starts miss it."
HALF = "About half of them."
HARDLY = "Hardly any: the best one is hard to find."


def reach_the_best():
    share = lab.falling_rate() / 200
    return ALL if share == 1 else MOST if share > 0.85 else HALF if share > 0.3 else HARDLY


def said_of_falling_rate(truth):
    return (f"{lab.falling_rate()} of 200. Small late steps settle each descent better in the valley where it is. "
            "They do not carry it over a ridge. In the map each start has the colour of the minimum it ends in. All "
            "the starts of one colour are the **basin** of that minimum.")


# ---- flow

NOWHERE = "No: the rate only decides how soon it arrives."
BORDER = "Yes, but only close to the border."
ANYWHERE = "Yes, all over the map."


def where_they_differ():
    size, differ, beside = lab.flow_against_descent()
    return NOWHERE if not differ else BORDER if differ == beside and differ < size / 20 else ANYWHERE


def said_of_flow(truth):
    _, differ, beside = lab.flow_against_descent()
    return ("Jumps and flow go into the same valley, unless the start is so near to the ridge that one jump leads "
            "across. In the panel these starts are black, a few dots along the border. Drag the rate on, above the 2/λ "
            "of B. Then all of B's basin turns grey: from there nothing settles any more.")


# ---- one weight

SINGLE = "One: the squared error of one unit is a parabola."
TWO = "Two at most: one on each side of 0."
THREE = "Three: each example can make one."


def of_one_weight():
    return {1: SINGLE, 2: TWO}.get(len(lab.one_weight()), THREE)


def said_of_one_weight(truth):
    where = ", ".join(f"{w:.2g}" if w < 100 else f"{w:.0f}" for w in lab.one_weight())
    return (f"There are minima at w = {where}: one for each example that the unit answers right. The others it then "
            "answers with almost 0.5 or almost 1, wherever the weight is nearby. See it in the picture: write "
            "`\"squared error\"` in the cell below.")


PREDICTIONS = (
    Prediction("L06-p1",
               "Fifty starts are spread at random over all pairs of weights from −6 to 6. Each is trained at rate 20, "
               "until nothing moves any more. At which losses do they end?",
               Choice(((ONE, "M04"), FEW, EACH)), how_many_losses, said_of_ends,
               ("minima", {"w1": 3.0, "w2": 3.0})),
    Prediction("L06-p2",
               "You start at w1 = 0.75, w2 = 5.5. There minus the gradient points at the lowest minimum, A, to within "
               "2°. The rate is 20. Where does the descent end?",
               Choice(((THERE, "M03"), BETWEEN, ELSEWHERE)), towards_a, said_of_direction,
               ("minima", {"w1": 0.75, "w2": 5.5})),
    Prediction("L06-p3",
               "A descent starts at w1 = −0.24, w2 = 0, at rate 0.1. After 500 steps the loss is 0.0633, as at the "
               "start: it has fallen by less than a millionth. The gradient is about 0.0001. You wait ten times as "
               "long. What is the loss then?",
               Choice(((ARRIVED, "M05"), SLIDES, BEST)), ten_times_longer, said_of_pass,
               ("minima", {"w1": -0.24, "w2": 0.0, "rate": 0.1, "steps": 500})),
    Prediction("L06-p4",
               "From step 100 to step 500 this loss has stayed at 0.25. The gradient is about 0.0002. You wait ten "
               "times as long, 5,000 steps. What is the loss then?",
               Choice(((DONE, "M05"), CREEPS, FALLS)), plateau_ends, said_of_plateau),
    Prediction("L06-p5",
               "In `trident`, A is the lowest of three minima and the narrowest. You start beside it, at w1 = 0.4, "
               "w2 = −4.3. At rate 2 the descent settles in A. What happens at rate 10?",
               Choice(((SOONER, "M13"), (SMOOTHLY, "M02"), THROWN, BOUNCES)), ten_beside_a, said_of_rate,
               ("minima", {"data": "trident", "w1": 0.4, "w2": -4.3, "rate": 10.0, "steps": 2000})),
    Prediction("L06-p6",
               "`seesaw` again: 200 random starts, 1,000 steps each. The rate falls slowly from 20 to 0, so that the "
               "last steps are tiny. How many of the 200 end in the best minimum, A?",
               Choice(((ALL, "M07"), MOST, HALF, HARDLY)), reach_the_best, said_of_falling_rate,
               ("basins", {"rate": 20.0})),
    Prediction("L06-p7",
               "Are there starts on `seesaw` from which descent at rate 30 ends in another minimum than gradient flow?",
               Choice((BORDER, (NOWHERE, "M13"), ANYWHERE)), where_they_differ, said_of_flow,
               ("basins", {"rate": 30.0, "show": "descent against flow"})),
    Prediction("L06-p8",
               "One sigmoid unit, one weight w, no bias. Three examples: x = 0.01, 0.12 and 1.44, each with target "
               "0.75. The loss is the squared error. How many minima can it have over w?",
               Choice(((SINGLE, "M04"), TWO, THREE)), of_one_weight, said_of_one_weight),
)
