"""The eight predictions of lesson 8: noise learned by heart, penalties weak and strong, dropout, slices, clipping."""
import numpy as np

from bpviz.coursework.kinds.quantities import Choice
from bpviz.coursework.lessons.lesson_08 import experiments as lab
from bpviz.coursework.lessons.networks import two_weights
from bpviz.coursework.prediction import Prediction

# ---- trained on and on

WITH_IT = "It falls with it, and stays only a little above."
LEVELS = "It falls for a while, then stays level."
RISES = "It falls for a while, then rises again."


def unseen_loss():
    _, unseen, *_ = lab.moons()
    low, end = unseen.min(), unseen[-1]
    return RISES if end > 1.2 * low else WITH_IT if end < 1.2 * lab.moons()[0][-1] else LEVELS


def said_of_unseen(truth):
    seen, unseen, right, _ = lab.moons()
    return (f"After 600 steps {100 * right[0]:.0f} % of the training rows are right. Their loss is {seen[-1]:.2f}. The "
            f"loss of the unseen rows was {unseen.min():.2f} at its best. Now it is {unseen[-1]:.2f}. The network has "
            "learned the noise of its 40 rows by heart. This is called **overfitting**.")


# ---- far too strong

SMOOTH = "It still follows the two moons, only more smoothly."
STRAIGHT = "It becomes a straight line, or nearly."
GONE = "There is no border any more: one colour everywhere."


def strong_border():
    alike, above = lab.border(lab.STRONG)
    return GONE if above in (0, 1) else STRAIGHT if alike > 0.98 else SMOOTH


def said_of_strong(truth):
    right = lab.moons(lab.STRONG)[2]
    return (f"All weights are so small that every unit works where it is nearly a straight line. {100 * right[0]:.0f} "
            f"% of the training rows are right, and {100 * right[1]:.0f} % of the unseen ones. That is worse than "
            "without a penalty, for both. Learning too little is no cure for learning too much.")


# ---- a unit far off

COMES_BACK = "It comes back, because the output is wrong and the blame pulls at it."
STAYS = "It stays where it is."
FURTHER = "It is pushed out further and further."


def far_unit():
    w1 = lab.brought_back()[0]
    return STAYS if abs(w1[-1] - w1[0]) < 0.01 else COMES_BACK if abs(w1[-1]) < abs(w1[0]) else FURTHER


def said_of_far(truth):
    w1, w2 = lab.brought_back()[:, -1]
    output = lab.far_off().predict(np.array([w1, w2]))[0, 0]
    return (f"After 500 steps w1 is {w1:.3f} and the output still {output:.2f}. There is blame, but it must pass "
            "through the unit. So far out the sigmoid is level: its slope is two billionths. **A unit that was pushed "
            "far off does not come back by itself.**".replace("-", "−"))


# ---- nothing learns

UNLUCKY = "It is stuck in a local minimum, by bad luck; from another start it would get out."
TOO_FEW = "It has too few units; with four times as many there would be a way out."
CAUGHT = "Its steps were caught there; momentum or Adam would have got out."
BOTTOM = "It has found the lowest place that there is."


def what_happened():
    tries = {UNLUCKY: [lab.on_circles(lab.HEAVY, seed=seed) for seed in range(1, 6)],
             TOO_FEW: [lab.on_circles(lab.HEAVY, units=lab.MANY)],
             CAUGHT: [lab.on_circles(lab.HEAVY, momentum=0.9), lab.on_circles(lab.HEAVY, adam=True)]}
    helped = [name for name, runs in tries.items() if max(right for right, _ in runs) > 0.8]
    here, learned = lab.under_heavy()
    return helped[0] if helped else BOTTOM if here < learned else UNLUCKY


def said_of_circles(truth):
    (here, learned), right = lab.under_heavy(), lab.on_circles(lab.LIGHT)[0]
    return ("Five other starts, 48 units, momentum, Adam: all end there too, with every weight near 0. No bad luck! "
            f"There the loss, with this penalty, is {here:.2f}. Weights that tell the circles apart are found with a "
            f"penalty of 0.005: {100 * right:.0f} % right. With 0.03 they would cost {learned:.2f}. First find out why "
            "nothing learns. Then choose the cure.")


# ---- dropout

BOTH_FALL = "Both are lower: it is a better way to train."
BOTH_RISE = "Both are higher: with units missing, everything gets worse."
TRADE = "The training loss is higher, the loss of the unseen rows lower."
OTHER_TRADE = "The training loss is lower, the loss of the unseen rows higher."
OUT = 0.1


def dropout_does():
    (seen, unseen, *_), (seen_out, unseen_out, *_) = lab.moons(), lab.moons(dropout=OUT)
    return {(True, True): BOTH_RISE, (True, False): TRADE, (False, True): OTHER_TRADE, (False, False): BOTH_FALL}[
        bool(seen_out[-1] > seen[-1]), bool(unseen_out[-1] > unseen[-1])]


def said_of_dropout(truth):
    (seen, unseen, *_), (seen_out, unseen_out, *_) = lab.moons(), lab.moons(dropout=OUT)
    return (f"Training rows: {seen[-1]:.2f} without, {seen_out[-1]:.2f} with dropout. Unseen rows: {unseen[-1]:.2f} "
            f"without, {unseen_out[-1]:.2f} with it. No unit can rely on one certain other unit. So they cannot work "
            "out together where each noisy row lies.")


# ---- the landscape with a penalty

HIGHER = "Two minima, in the same places, only higher."
FARTHER = "Two minima, further away from 0."
THREE = "Three minima: the penalty adds one at 0."
ONE_LEFT = "One minimum, nearer to 0."


def minima_left():
    before, after = (np.linalg.norm(lab.minima(l2), axis=0) for l2 in (0.0, lab.ON_SEESAW))
    if len(after) == 1:
        return ONE_LEFT
    return THREE if len(after) > len(before) else HIGHER if np.allclose(before, after, rtol=0.01) else FARTHER


def said_of_minima(truth):
    before, after = (np.linalg.norm(lab.minima(l2), axis=0) for l2 in (0.0, lab.ON_SEESAW))
    return (f"Without a penalty the minima are {before[0]:.2f} and {before[1]:.2f} away from the point where both "
            f"weights are 0. With it, one is left, at {after[0]:.2f}. The penalty is a bowl, added to the hills. It "
            "draws minima inwards, and a shallow one fills up.")


# ---- slices

LEVEL_TOO = "Level as well: the network stands on a plateau."
VALLEY = "A valley with steep walls."
WAY_DOWN = "A way further down."
LITTLE = 0.001


def other_slice():
    here, _, (low, high) = lab.sliced()
    return WAY_DOWN if low < -0.1 * here else VALLEY if high > 0.1 * here else LEVEL_TOO


def said_of_slices(truth):
    here, _, (_, two) = lab.sliced()
    return (f"At the point the loss is {here:.3f}. One to each side it rises by less than {LITTLE} in the first slice, "
            f"and by up to {two:.2f} in the second. Same network, same point: what you see depends on where you cut. "
            "**A slice is not the landscape.**")


# ---- clipping

SAME_PATH = "Both bring the output to the target, on the same path."
LATER = "Both bring it there; with the clipped error it takes longer."
ONLY_GRADIENT = "Only the clipped gradient brings it there; the clipped error does not move."
ONLY_ERROR = "Only the clipped error brings it there; the clipped gradient does not move."


def who_arrives():
    there = {what: abs(lab.clipped(what) - 1) < 0.01 for what in ("error", "gradient")}
    if all(there.values()):
        return LATER
    return ONLY_GRADIENT if there["gradient"] else ONLY_ERROR


def said_of_clipping(truth):
    return (f"After 400 steps the output is {lab.clipped('gradient'):.2f} with the clipped gradient, and "
            f"{lab.clipped('error'):.2f} with the clipped error. A clipped error is the same number all around, so "
            "nothing changes when a weight changes: its slope is 0. A clipped gradient is short, but it still points "
            "downhill.")


PREDICTIONS = (
    Prediction("L08-p1",
               "The panel above has stopped after 60 steps. Now the network trains on, to step 600. The loss of its 40 "
               "training rows falls almost to 0. What does the loss of 200 **unseen** rows do?",
               Choice((WITH_IT, LEVELS, RISES)), unseen_loss, said_of_unseen, ("boundary", {})),
    Prediction("L08-p2",
               "The same rows and the same 12 units, but now with a penalty of 0.05, as much as the slider allows. "
               "What becomes of the border between the colours?",
               Choice((SMOOTH, STRAIGHT, GONE)), strong_border, said_of_strong, ("boundary", {"l2": lab.STRONG})),
    Prediction("L08-p3",
               "The two-weight network has one row: x = 4, target 0.8. Something has pushed w1 to −5, so its hidden "
               "sigmoid hears −20 and answers almost 0. The output is 0.5. Now it trains for 500 steps at rate 5. What "
               "does the hidden unit do?",
               Choice(((COMES_BACK, "M20"), STAYS, FURTHER)), far_unit, said_of_far,
               ("minima", {"fit": lab.far_off(), "w1": lab.FAR[0], "w2": lab.FAR[1], "rate": lab.FAR_RATE})),
    Prediction("L08-p4",
               "Other rows: one class is a circle around the other. A network with 12 units trains with a penalty of "
               "0.03. In the end it answers 0.5 to every row. What has happened?",
               Choice(((UNLUCKY, "M06"), (TOO_FEW, "M08"), (CAUGHT, "M14"), BOTTOM)), what_happened, said_of_circles,
               ("boundary", {"data": "circles", "noise": lab.CIRCLES, "l2": lab.HEAVY})),
    Prediction("L08-p5",
               "Back to the moons, without a penalty. In each step every hidden unit is left out with probability 0.1. "
               "How are the two losses after 600 steps, compared with a training without dropout?",
               Choice((BOTH_FALL, BOTH_RISE, TRADE, OTHER_TRADE)), dropout_does, said_of_dropout,
               ("boundary", {"dropout": OUT})),
    Prediction("L08-p6",
               "The two-weight network on the data `seesaw` has two minima. Now it gets a penalty of 0.01. What does "
               "its landscape have?",
               Choice((HIGHER, THREE, ONE_LEFT, FARTHER)), minima_left, said_of_minima,
               ("minima", {"fit": two_weights("seesaw", l2=lab.ON_SEESAW)})),
    Prediction("L08-p7",
               "A network was trained on XOR and has stopped. In a slice along `w1[1,1]` and `w1[2,1]` the loss is "
               "level around it. Now cut through the **same** point, along `w2[1,1]` and `w2[2,1]`. What does this "
               "slice show?",
               Choice(((LEVEL_TOO, "M19"), VALLEY, WAY_DOWN)), other_slice, said_of_slices,
               ("surface", {"weights": "trained", "seed": lab.SLICED, "first": 1, "second": 3})),
    Prediction("L08-p8",
               "Identity units, x = 1, target 1: the output is w1·w2, the error w1·w2 − 1. From w1 = 3, w2 = 2 the "
               "error is 5. Anna clips the **error** to at most 1, before it is squared. Ben clips the **gradient** to "
               "length 1. Who gets to the target?",
               Choice(((SAME_PATH, "M17"), (LATER, "M17"), ONLY_GRADIENT, ONLY_ERROR)), who_arrives, said_of_clipping),
)
