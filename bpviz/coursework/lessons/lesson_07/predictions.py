"""What lesson 7 asks before each panel: balls, rates, counts, noise, width; answered by its own runs, afterwards."""
import numpy as np

from bpviz.coursework.kinds.quantities import Choice, Curve
from bpviz.coursework.lessons.lesson_07 import experiments as lab
from bpviz.coursework.prediction import Prediction

# ---- momentum

MORE = "More: it swings past the bottom and has to come back."
SAME = "About as many: the rate has not changed."
HALF = "Less than half as many."


def with_memory():
    plain, heavy = lab.steps_down(0.0), lab.steps_down(lab.MOMENTUM)
    return HALF if 2 * heavy < plain else MORE if heavy > 1.1 * plain else SAME


def said_of_memory(truth):
    return (f"It is down in {lab.steps_down(lab.MOMENTUM)} steps. Along the valley each step points the way of the one "
            "before it, so they add up. Across the valley they change sides each time, so they partly cancel. "
            "The share that goes on is called the **momentum**.")


def said_of_much(truth):
    best = int(truth.argmin())
    momentum = np.linspace(0, lab.MOST_MOMENTUM, len(truth))[best]
    return (f"Fewest near {momentum:.1f}: {truth[best]:.0f} steps. With more momentum the ball rolls too far, comes "
            f"back, and rolls too far again. At {lab.MOST_MOMENTUM} it takes {truth[-1]:.0f} steps, and it would "
            f"have been quicker with none: {truth[0]:.0f}. Drag the momentum in the panel and look.")


# ---- a rate for each weight

AS_SLOPES = "`w2` about 20 times as far as `w1`, as the slopes say."
ROOT = "`w2` four or five times as far: the difference becomes milder, but it stays."
ALIKE = "Both equally far."


def adams_first():
    slopes, moves = lab.first_step()
    apart = moves[1] / moves[0]
    return ALIKE if apart < 1.1 else AS_SLOPES if apart > 0.7 * slopes[1] / slopes[0] else ROOT


def said_of_adam(truth):
    return (f"Each weight moves by {lab.first_step()[1][0]:.1f}, the learning rate. At its first step Adam divides "
            "each slope by its own size, and only the sign is left. In the panel the bars show it: two slopes of very "
            "different size, two steps of the same length.")


# ---- the count

NEARLY_ALL = "From nearly all of them: it rolls out of bad minima."
ABOUT_HALF = "From about half of them."
AS_PLAIN = "From about as many: the valleys are where they are."


def counted():
    plain, adam = lab.count(), lab.count("Adam")
    return (NEARLY_ALL if adam > 0.9 * lab.STARTS else AS_PLAIN if adam < 1.3 * plain else
            ABOUT_HALF if 0.4 < adam / lab.STARTS < 0.6 else "")


def said_of_count(truth):
    return (f"From {lab.count('Adam')} of {lab.STARTS}; momentum alone from {lab.count('momentum')}. Adam is better "
            "here, and still nearly every second run ends in a worse minimum. It walks on where the ground is flat, "
            "and A lies behind flat ground. But in a valley it comes to rest, like all the others. No optimizer knows "
            "that there is a deeper one.")


FEW = "At most five apart: over 200 starts chance evens out."
SOME = "Between ten and forty apart."
WILD = "More than a hundred apart: it is all chance."


def spread():
    apart = int(np.ptp(lab.twenty_counts()))
    return FEW if apart <= 5 else SOME if 10 <= apart <= 40 else WILD if apart > 100 else ""


def said_of_spread(truth):
    counts = lab.twenty_counts()
    return (f"The lowest is {counts.min()}, the highest {counts.max()}. So one count of 200 tells the share only "
            "within several per cent, up or down. Two optimizers whose counts are 10 apart may well be equally good.")


# ---- five that fail

ALL_FIVE = "All five: each had bad luck with its start."
FOUR = "Four of them; one has a wrong rate."
ONE = "One of them."
NONE = "None of them: they are only slow."


def stuck():
    return {5: ALL_FIVE, 4: FOUR, 1: ONE, 0: NONE}.get(sum(lab.in_minima()), "")


def said_of_stuck(truth):
    ordinals = ("first", "second", "third", "fourth", "fifth")
    which, = (name for name, stuck in zip(ordinals, lab.in_minima(), strict=True) if stuck)
    return (f"Only the {which}, in B of seesaw. The first has too large a rate: it jumps from wall to wall. The second "
            "walked straight to a saddle. The third stands on a plateau: its first unit hears so much that its slope "
            "is gone. In the fourth the last unit is dead: relu answers 0 in each row. **Not learning has many "
            "causes, and each has another cure.**")


# ---- noise, and width

HELPS, HURTS = "It reaches A more often in both.", "It reaches A less often in both."
DEPENDS = "More often in seesaw, less often in trident."
NO_MATTER = "About as often: noise evens out."


def with_one_row():
    more = [lab.with_noise(data, True) - lab.with_noise(data, False) for data in ("seesaw", "trident")]
    if max(map(abs, more)) < 15:
        return NO_MATTER
    return HELPS if min(more) > 0 else HURTS if max(more) < 0 else DEPENDS if more[0] > 0 > more[1] else ""


def said_of_noise(truth):
    return ("In seesaw the trembling path gets out of the shallow valley, and A is wide enough to hold it. In trident "
            "A is so narrow that a trembling path cannot stay: almost no run is left there. Noise is no cure in "
            "itself. It helps where the good valley is the wide one.")


A_WAY_OUT = "Almost none: with so many weights there is always a way out."
MANY = "More than half of them."
EVERY = "All of them."


def wide_fails():
    share = lab.failing(16, 10)
    return A_WAY_OUT if share < 0.1 else EVERY if share == 1 else MANY if share > 0.5 else ""


def said_of_width(truth):
    return (f"{100 * lab.failing(16, 10):.0f} % of them; with 2 hidden units it was {100 * lab.failing(2, 10):.0f} %. "
            "Large weights drive the units where they have no slope, and more such units are no way out. From small "
            f"starts, −1 to 1, the failures are {100 * lab.failing(2, 1):.0f} % with 2 units and "
            f"{100 * lab.failing(16, 1):.0f} % with 16. Width helps there, and not everywhere.")


PREDICTIONS = (
    Prediction("L07-p1",
               "A valley is 25 times as steep across as along. Plain descent with rate 1.9 needs 35 steps down to a "
               "thousandth of its first loss. Now each step also keeps 0.6 of the step before it. The rate stays. "
               "How many steps does it need?",
               Choice((MORE, SAME, HALF)), with_memory, said_of_memory, ("momentum", {})),
    Prediction("L07-p2",
               "The same valley, the same rate. Without momentum it takes 35 steps to get down. **Draw** how many "
               "steps it takes against the momentum, from 0 to 0.9.",
               Curve((0.0, lab.MOST_MOMENTUM), (0.0, 80.0), "momentum", "steps until it is down"),
               lab.steps_over_momentum, said_of_much),
    Prediction("L07-p3",
               "In trident, at the start (3.5, 2), the slope along `w2` is about 20 times the slope along `w1`. So "
               "plain descent moves `w2` 20 times as far. How far does Adam move the two in its first step?",
               Choice((AS_SLOPES, ROOT, ALIKE)), adams_first, said_of_adam,
               ("adam", {"data": "trident", "moment": 1.0})),
    Prediction("L07-p4",
               "From 200 random starts in trident plain descent runs 500 steps each. From 40 of them it reaches A, "
               "the deepest minimum. Adam runs from the same 200 starts. From how many does it reach A?",
               Choice(((NEARLY_ALL, "M14"), ABOUT_HALF, AS_PLAIN)), counted, said_of_count,
               ("escape", {"data": "trident"})),
    Prediction("L07-p5",
               "Plain descent reached A from 40 of 200 starts. Somebody repeats this count twenty times, each time "
               "with 200 other random starts. How far apart are the lowest and the highest of the twenty counts?",
               Choice((FEW, SOME, WILD)), spread, said_of_spread),
    Prediction("L07-p6",
               "The picture above shows five runs of 500 steps each. None of them has found the best weights. How "
               "many of them are in a local minimum?",
               Choice(((ALL_FIVE, "M06"), (FOUR, "M06"), ONE, NONE)), stuck, said_of_stuck,
               ("minima", {"data": "seesaw", "w1": -4.0, "w2": -3.0, "rate": 60.0})),
    Prediction("L07-p7",
               "Each step of plain descent now sees **one** row of the data, drawn at random, instead of all rows. "
               "From how many of 200 starts does it reach A then, in seesaw and in trident?",
               Choice((HELPS, DEPENDS, HURTS, NO_MATTER)), with_one_row, said_of_noise,
               ("escape", {"data": "trident", "noise": "one row a step"})),
    Prediction("L07-p8",
               "XOR, with **large** initial weights, from −10 to 10. With 2 hidden units most runs fail to learn it. "
               "Now the network gets 16 hidden units, with weights from the same range. How many of 40 runs fail?",
               Choice(((A_WAY_OUT, "M08"), MANY, EVERY)), wide_fails, said_of_width),
)
