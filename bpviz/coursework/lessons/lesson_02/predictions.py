"""The eight predictions of lesson 2: nudges, roads back that are closed, and what neither fades nor dies by itself."""
import numpy as np

from bpviz.coursework.kinds.quantities import Choice, Curve
from bpviz.coursework.lessons.lesson_02 import experiments as lab
from bpviz.coursework.prediction import Prediction
from bpviz.words.numbers import close, number, pretty


def written(value, digits=3):
    """A number as a sentence has it."""
    return close(pretty(number(value, digits)))


# ---- three machines

ADDED = "By 0.055: each machine adds its share, 2 and 3 and ½ times 0.01."
MULTIPLIED = "By 0.03: what one machine passes on, the next one scales again."
LAST = "By 0.005: the last machine decides, and it halves."


def how_speeds_join():
    grown, speeds = lab.growth() / lab.BY, lab.MACHINES
    ways = {ADDED: speeds.sum(), MULTIPLIED: speeds.prod(), LAST: speeds[-1]}
    return next(way for way, value in ways.items() if np.isclose(value, grown))


def said_of_speeds(truth):
    return ("The first machine turns 0.01 into 0.02, the second makes 0.06 of it, the third leaves "
            f"{lab.growth():.2f}. Speeds along a chain **multiply**: 2 · 3 · ½ = {lab.growth() / lab.BY:.0f}. "
            "This is the **chain rule**.")


# ---- the slope of a curved machine

def said_of_slope(truth):
    return (f"The slope is largest in the middle, at z = 0, and even there it is only {truth.max():.2f}. On both sides "
            "it fades. How fast this machine is depends on where it stands.")


# ---- the first weight

RISES = "It rises: a larger weight makes a larger answer, still further above the target."
FALLS = "It falls: on the way, one weight turns the direction round."
STAYS = "It stays: this weight does not lead to the output."


def first_weight():
    before, after = lab.nudged_loss()
    return STAYS if before == after else RISES if after > before else FALLS


def said_of_first_weight(truth):
    return ("The hidden unit does answer more. But its answer goes on through a negative weight, so the output gets "
            f"smaller, nearer to the target. The slope is {written(np.prod(lab.factors(*lab.PAIR)))}: the loss falls.")


# ---- a road that is closed

OUTPUT_ERROR = "The first, 2 (a2 − t): the output is now right."
OUTPUT_SLOPE = "The slope of the output unit: it hears far more than before."
NEXT_WEIGHT = "The weight w2: beside such a large w1 it no longer counts."
HIDDEN_SLOPE = "The slope of the hidden unit: it hears a large number."


def closing():
    changed = lab.factors(6.0, -1.2) / lab.factors(*lab.PAIR)
    return (OUTPUT_ERROR, OUTPUT_SLOPE, NEXT_WEIGHT, HIDDEN_SLOPE)[int(np.abs(changed[:4]).argmin())]


def said_of_closing(truth):
    now, before = lab.factors(6.0, -1.2), lab.factors(*lab.PAIR)
    return (f"The hidden unit now hears 9. There the sigmoid is flat: its slope was {before[3]:.3f} and is "
            f"{now[3]:.5f}. A factor near 0 closes the road: every product further back is near 0, too. "
            "The other factors hardly matter any more.")


# ---- without any sigmoid

NEARLY_ALL = "Nearly all of it: without sigmoids nothing fades."
A_TENTH = "About a tenth."
A_HUNDREDTH = "About a hundredth."


def left_of_it():
    ways = {NEARLY_ALL: 1.0, A_TENTH: 0.1, A_HUNDREDTH: 0.01}
    return min(ways, key=lambda way: abs(np.log(ways[way] / lab.share_left())))


def said_of_fading(truth):
    return (f"Only {lab.share_left():.4f} of it arrives. The slopes on the way are all near 1. It is the two "
            "**weights** that make it small: 0.1 · 0.1. A road back has two kinds of factors, slopes and weights. "
            "Small weights alone are enough to let a slope fade.")


# ---- a relu unit that hears a negative number

ALL_FOUR = "All four: a relu's slope is 1, so on every road something comes back."
THREE = "Three: only the weight into unit 1 stays where it is."
TWO = "Two: both weights of unit 1 stay where they are."
BACK_AGAIN = "All four in the end: unit 1 is silent at first, then the training wakes it."


def which_move():
    before, after, _ = lab.silent_trained()
    moved = before != after
    return TWO if list(moved) == [False, True, False, True] else THREE if moved.sum() == 3 else ALL_FOUR


def said_of_silence(truth):
    _, after, (first, last) = lab.silent_trained()
    return (f"The weights of unit 2 have moved to {after[1]:.2f} and {after[3]:.2f}, and the loss has gone from "
            f"{first:.4f} to {abs(last):.0f}. Unit 1 has not moved at all. Its slope is 0, so nothing gets through to "
            "the weight before it. It answers 0, so the weight behind it gets nothing either. Such a unit is a "
            "**dead unit**.")


# ---- accuracy

NONE = "For none of them, or hardly any."
ABOUT_HALF = "For about half: those that make the network better."
EACH_A_LITTLE = "For all of them, each by a little."


def accuracy_moves():
    changed, _, every = lab.nudged_accuracy()
    return NONE if changed < 0.05 * every else EACH_A_LITTLE if changed > 0.95 * every else ABOUT_HALF


def said_of_accuracy(truth):
    changed, losses, every = lab.nudged_accuracy()
    return (f"For {changed} of {every}. The squared error changes for {losses} of {every}. A point changes sides only "
            "when an output crosses ½; between two such jumps the slope of the accuracy is 0. With a first factor of "
            "0 every product on the way back is 0. Accuracy tells how good a network is, and not which way to go.")


# ---- an input it has never seen

STORED = "0.2, the answer it has stored."
NOTHING = "0: for this input it has stored nothing."
RELEARNS = "0.2 again, because it goes on learning and pulls this answer to the target, too."
ANOTHER = "A little less than 0.2: the new input runs through the same two weights."


def unseen():
    seen, new = lab.used()
    return STORED if np.isclose(seen, new, atol=1e-3) else NOTHING if abs(new) < 1e-3 else ANOTHER


def said_of_unseen(truth):
    seen, new = lab.used()
    return (f"It answers {new:.3f}. A network holds no list of examples. It holds two weights, and whatever comes in "
            "is sent through them. A larger input moves the answer as the chain of slopes says. And using it "
            f"changes no weight: to 1.5 it still answers {seen:.1f}.")


PREDICTIONS = (
    Prediction("L02-p1",
               "Three machines in a row, as in the picture. The first doubles what it gets, the second triples, the "
               "third halves. The input grows from 5 to 5.01. By how much does the number at the end grow?",
               Choice((ADDED, MULTIPLIED, LAST)), how_speeds_join, said_of_speeds),
    Prediction("L02-p2",
               "The sigmoid is an S: nearly 0 far on the left, ½ in the middle, nearly 1 far on the right. "
               "**Draw its slope**: how fast does its answer grow, wherever it stands?",
               Curve((-6.0, 6.0), (0.0, 0.5), "what the unit hears, z", "slope of the sigmoid"),
               lab.slopes_of_sigmoid, said_of_slope),
    Prediction("L02-p3",
               "The output answers 0.285. That is too much, the target is 0.2. You make the **first** weight, 0.8, "
               "a little larger. The second weight is −1.2. What does the loss do?",
               Choice((RISES, FALLS, STAYS)), first_weight, said_of_first_weight,
               ("chain_rule", {"w1": 0.8, "w2": -1.2, "x": 1.5, "t": 0.2})),
    Prediction("L02-p4",
               "Now the first weight is made very large: w1 goes from 0.8 to 6. All the rest stays. One of these "
               "factors becomes almost 0. Which one?",
               Choice((OUTPUT_ERROR, OUTPUT_SLOPE, NEXT_WEIGHT, HIDDEN_SLOPE)), closing, said_of_closing,
               ("chain_rule", {"w1": 6.0, "w2": -1.2, "x": 1.5, "t": 0.2})),
    Prediction("L02-p5",
               "Three tanh units in a row, no sigmoid among them. All three weights are 0.1, so every unit hears "
               "almost 0, where its slope is almost 1. How much of ∂L/∂z of the **last** unit arrives as ∂L/∂z of the "
               "**first**?",
               Choice(((NEARLY_ALL, "M15"), A_TENTH, A_HUNDREDTH)), left_of_it, said_of_fading,
               ("chain_rule", {"network": "1-1-1-1", "activation": "tanh", "x": 1.5, "t": 0.2,
                               "w1": 0.1, "w2": 0.1, "w3": 0.1})),
    Prediction("L02-p6",
               "A network of relu units, two of them between input and output. Through the weight −0.8 the input 1.5 "
               "reaches unit 1, which hears −1.2. Unit 2 hears 0.9. The output is 0.45, the target 0.2. Then come "
               "1000 training steps on this one example. How many of the four weights move?",
               Choice(((ALL_FOUR, "M16"), THREE, TWO, (BACK_AGAIN, "M20"))), which_move, said_of_silence,
               ("chain_rule", {"network": "1-2-1", "activation": "relu", "x": 1.5, "t": 0.2,
                               "w1": -0.8, "w2": 0.6, "w3": 1.0, "w4": 0.5})),
    Prediction("L02-p7",
               "A network sorts 40 points into two kinds. Its **accuracy** is the share of points on the right side: "
               "output above or below ½. Each of its 49 weights, one after the other, is nudged by 0.0001. For how "
               "many of them does the accuracy change?",
               Choice(((ABOUT_HALF, "M18"), (EACH_A_LITTLE, "M18"), NONE)), accuracy_moves, said_of_accuracy),
    Prediction("L02-p8",
               "The two-weight network is trained until it answers 0.2 to its only example, x = 1.5. Now it is in "
               "use, and somebody gives it x = 2.5. What does it answer?",
               Choice(((STORED, "M22"), (NOTHING, "M22"), ANOTHER, (RELEARNS, "M22"))), unseen, said_of_unseen),
)
