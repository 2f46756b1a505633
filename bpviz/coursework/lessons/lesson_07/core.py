"""The core exercises of lesson 7: write the heavy ball, find where it loses, count the starts that one needs."""
import math

import numpy as np

from bpviz.coursework.exercise import Exercise
from bpviz.coursework.kinds.property import Must, Property
from bpviz.coursework.kinds.quantities import Curve, Number, Quantity, Slip
from bpviz.coursework.lessons.lesson_07 import experiments as lab

ROLLING = 30


def rolled(momentum=0.9, rate=0.02, share=1.0):
    """The weight on L = (w - 1)^2 at each of ROLLING steps from 3, (ROLLING + 1,).  share: of the slope that counts."""
    w, v, path = 3.0, 0.0, [3.0]
    for _ in range(ROLLING):
        v = momentum * v + share * 2 * (w - 1)
        w -= rate * v
        path.append(w)
    return np.array(path)


def drawn(path):
    return np.interp(np.linspace(0, ROLLING, lab.COLUMNS), np.arange(ROLLING + 1), path)


BALL = Exercise(
    "L07-q1", "Let the ball roll",
    "One weight, $L = (w - 1)^2$, so its slope is $2(w - 1)$. The weight begins at 3, and its speed at 0. Write a loop "
    "of 30 steps with momentum 0.9 and rate 0.02. Hand in the list of all weights, the first one included.",
    Quantity("my_path", Curve((0.0, float(ROLLING)), (-2.0, 4.0), "step", "weight"),
             truth=lambda given: drawn(rolled()),
             slips=(Slip("no memory", lambda right, given: drawn(rolled(momentum=0.0)),
                         "That creeps down as plain descent does. Which share of the old speed goes on?"),
                    Slip("nothing lost", lambda right, given: drawn(rolled(momentum=1.0)),
                         "It swings for ever. Does the ball keep all of its speed, or only a share?"),
                    Slip("uphill", lambda right, given: drawn(rolled(rate=-0.02)),
                         "It rolls uphill, faster and faster. With which sign does the weight follow the speed?")),
             working="w, v = 3.0, 0.0\nmy_path = [w]\nfor _ in range(30):\n    v = 0.9 * v + 2 * (w - 1)\n"
                     "    w = w - 0.02 * v\n    my_path.append(w)"),
    ("Begin with three lines: the weight, the speed, and a list that holds the first weight.",
     "In the loop there are two updates, first the speed, then the weight, as the two formulas above say.",
     "The new speed is a share of the old speed plus the slope where the weight is now. The weight goes against it, "
     "times the rate. Then append the weight."),
    "First `v`, then `w`: the speed keeps 0.9 of itself and takes up the slope; the weight moves against the speed, "
    "times the rate. The ball picks up speed, rolls through the minimum at 1, turns and comes back. Plain descent "
    "with this rate would only have crept.", points=2, minutes=6)


def raced(values, given):
    """What plain descent and momentum make of a start in trident."""
    start = values["w1"], values["w2"]
    (plain, _), (heavy, _) = lab.ends("plain", start), lab.ends("momentum", start)
    at_last, letter = lab.ends("momentum", start, 5000)
    return {"plain": plain, "there": plain <= lab.level(), "too": heavy <= lab.level(),
            "late": at_last <= lab.level(), "place": "elsewhere" if letter == "none" else f"in {letter}"}


LOST = Exercise(
    "L07-q2", "Where the heavy ball loses",
    "In the race panel above, drag the start. Find one from which **plain descent reaches A and momentum does not**. "
    "The table under *numbers* says where each one ends; A counts as reached with a loss of at most 0.0281. Leave all "
    "else as it was. Hand in the two numbers, `my_start = (w1, w2)`.",
    Property("my_start", {"w1": Number(-6, 6), "w2": Number(-6, 6)}, measure=raced,
             musts=(Must("plain misses", lambda found: not found["there"],
                         "From there plain descent does not reach A: it ends with loss {plain:.4f}.",
                         {"w1": -3.0, "w2": 3.0}),
                    Must("momentum too", lambda found: found["too"],
                         "From there both reach A. Where would a fast ball shoot past it?", {"w1": 0.3, "w2": -3.0}),
                    Must("only late", lambda found: found["late"],
                         "From there momentum is only late: with more steps it reaches A, too.",
                         {"w1": -3.25, "w2": -6.0})),
             solves=lambda given: {"w1": 0.1, "w2": 4.1},
             setting={"data": "trident", "noise": "none", "l2": "0", "rate": 2.0, "steps": 500},
             yes="Yes: from there plain descent ends in A. The heavy ball crosses it and comes to rest {place}."),
    ("First look for starts from which plain descent reaches A. Where do they lie?",
     "A is narrow. A ball shoots past it if it arrives fast. From where does it have a long way to run up?",
     "Stay above A, in the upper half of the picture, and move to the left and right in small steps."),
    "There is a whole strip of such starts, above A. The ball runs up on the long way down, crosses A's narrow valley "
    "and comes to rest in the next one. Plain descent has no speed, so it stays. One start can make any optimizer the "
    "winner. That is why one has to count.", minutes=4)


def needed(n):
    return math.ceil(math.log(1 - n["sure"] / 100) / math.log(1 - n["share"] / 100))


AGAIN = Exercise(
    "L07-q3", "How many restarts?",
    "Of all starts, {share} % reach the best minimum. You want to reach it at least once, with a chance of at least "
    "{sure} %. How many starts do you need? Use Python as a calculator; `np.log` is the natural logarithm.",
    Quantity("my_restarts", Number(1, 10_000, whole=True), truth=needed,
             draw=lambda rng: {"share": int(rng.choice([4, 5, 6, 7, 8, 9, 11, 12])),
                               "sure": int(rng.choice([90, 95, 99]))},
             slips=(Slip("rounded down", lambda right, n: right - 1,
                         "Almost: with so many the chance is still a little below what is wanted."),
                    Slip("one over p", lambda right, n: math.ceil(100 / n["share"]),
                         "So many are needed on average. Here it should hardly ever go wrong."),
                    Slip("added up", lambda right, n: math.ceil(n["sure"] / n["share"]),
                         "Chances of several starts do not add up: two of them may both get there."),
                    Slip("all of them", lambda right, n: math.ceil(math.log(1 - n["sure"] / 100)
                                                                   / math.log(n["share"] / 100)),
                         "That asks that not all starts get there. One is enough.")),
             working="p, sure = {share} / 100, {sure} / 100\n"
                     "my_restarts = int(np.ceil(np.log(1 - sure) / np.log(1 - p)))"),
    ("It is easier to ask for the opposite: that none of the n starts gets there. How likely is that?",
     "That all n fail must not be likelier than what is left of 100 %.",
     "The n stands in an exponent: take the logarithm of both sides. Both logarithms are negative. Round up, since a "
     "part of a start is none."),
    "All $n$ fail with chance $(1-p)^n$, and this may be at most $1 - s$, where $s$ is how sure you want to be. So "
    "$n \\ge \\ln(1-s) / \\ln(1-p)$, rounded up. A small $p$ costs many starts, but never endlessly many.", minutes=4)

CORE = (BALL, LOST, AGAIN)
