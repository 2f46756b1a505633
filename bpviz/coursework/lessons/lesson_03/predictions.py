"""The twelve predictions of lesson 3. Each outcome comes from an experiment (experiments.py), after the answer."""
import numpy as np

from bpviz.coursework.kinds.quantities import Choice, Curve, Number
from bpviz.coursework.lessons.lesson_03 import experiments as lab
from bpviz.coursework.prediction import Prediction
from bpviz.words.numbers import with_sign

# ---- which weight has the larger gradient

BEHIND_ANSWER = "The one behind the larger answer, 0.542."
BEHIND_WEIGHT = "The larger weight itself, −0.9."
EQUAL = "Neither: they lead to the same unit and share its blame equally."


def larger_gradient():
    weights, slopes = map(np.abs, lab.output_weights())
    return EQUAL if slopes[0] == slopes[1] else BEHIND_ANSWER if slopes.argmax() == weights.argmax() else BEHIND_WEIGHT


def said_of_weights(truth):
    first, second = np.abs(lab.output_weights()[1])
    return (f"The two gradients have the sizes {first:.3f} and {second:.3f}. A weight's gradient is the blame of the "
            "unit it leads to, times the answer that came through it. The weight's own size does not matter here.")


# ---- where two paths meet

ADDED = "They are added; the stronger one decides the sign."
LARGER = "Only the larger one counts."
AVERAGED = "Their mean is taken."


def joined():
    terms, whole = lab.two_paths()
    ways = {ADDED: terms.sum(), LARGER: terms[np.abs(terms).argmax()], AVERAGED: terms.mean()}
    return next(way for way, value in ways.items() if np.isclose(value, whole))


def said_of_paths(truth):
    (first, second), whole = lab.two_paths()
    return (f"{with_sign(first)} comes back from the first output, {with_sign(second)} from the second: "
            f"{with_sign(whole)}. Output 1 wants this unit to answer less, output 2 wants more, and output 1 pulls "
            "harder. **Multiply along a path, add over the paths.**")


# ---- four rows

HARDLY = "It hardly moves: in the mean, up and down nearly cancel."
IN_TURN = "It goes up for two rows, then down for two, and ends somewhere else."
STRONGEST = "It moves as the row with the largest gradient wants."


def mean_of_rows():
    parts, whole = lab.row_gradients()
    if abs(whole) < 0.1 * np.abs(parts).max():
        return HARDLY
    return STRONGEST if np.isclose(whole, parts[np.abs(parts).argmax()]) else IN_TURN


def said_of_rows(truth):
    parts, whole = lab.row_gradients()
    return (f"The four rows say {', '.join(map(with_sign, parts))}. Together that is {with_sign(whole)}. "
            "Each row has a forward and a backward phase of its own; then one update follows, with the mean of all "
            "four. This adding up is called **gradient accumulation**.")


# ---- updating at once

UNHARMED = "Nothing: the order does not matter."
WRONG = "They come out wrong: they belong neither to the old network nor to the new one."
BETTER = "They come out better, because the newest weights carry the blame back."


def order_matters():
    right, early = lab.updated_early()
    new = lab.ARTICLE - lab.RATE * lab.two_hidden().gradient(lab.ARTICLE)
    return (UNHARMED if np.allclose(right, early) else
            BETTER if np.allclose(early, lab.two_hidden().gradient(new)[:4]) else WRONG)


def said_of_order(truth):
    right, early = lab.updated_early()
    return (f"At rate {lab.RATE} they are off by up to {100 * np.abs(early / right - 1).max():.1f} %, at larger rates "
            "by more. The blame must travel back along the weights that made the mistake, the old ones. "
            "**First all gradients, then all updates.**")


# ---- the learning rate

def said_of_rates(truth):
    best = np.linspace(*lab.RATES, len(truth))[int(np.argmin(truth))]
    start, far = lab.after_one_step([0.0, 100.0])
    return (f"The loss falls until the rate is near {best:.0f}. Beyond that the step jumps over the bottom, and soon "
            f"the loss is higher than before the step. At rate 100 it is {far / start:.0f} times the old one: see "
            "below. The gradient tells which way is down from here. It does not tell how far to go.")


# ---- never set to zero

def said_of_never_zeroed(truth):
    return ("The old slopes stay in the sum and push on. So the weight swings through the minimum, out to the other "
            "side, and back, and never comes to rest. Libraries that add up gradients have a call against this: "
            "`optimizer.zero_grad()`.")


# ---- it trains, so it is right?

TRAINS, STAYS, GROWS = "It falls to almost 0.", "It hardly changes: a wrong gradient cannot train.", "It grows."


def trains_anyway():
    before, after = lab.trained_without_slope("article", lab.ARTICLE, 300)
    return TRAINS if after < before / 100 else GROWS if after > before else STAYS


def said_of_training(truth):
    before, after = lab.trained_without_slope("xor", lab.XOR, 2000)
    return ("It trains, and the gradient is wrong all the same. On XOR the same mistake learns nothing: the loss is "
            f"{before:.2f} before and {after:.2f} after 2000 steps. **A falling loss does not show that a gradient is "
            "right.** Lesson 4 is about that.")


# ---- nudging instead

SAME = "It takes the very same path."
WORSE = "It learns, but worse: backpropagation is the cleverer way to learn."
CANNOT = "It cannot learn: without backpropagation nothing is learned."


def nudged_path():
    ends, proper = lab.nudged()
    if np.allclose(ends, proper, rtol=1e-6):
        return SAME
    return WORSE if lab.two_hidden().loss(ends) < lab.two_hidden().loss(lab.ARTICLE) else CANNOT


def said_of_nudging(truth):
    return (f"Only the price differs: each step takes {2 * len(lab.ARTICLE)} forward passes, instead of one pass "
            "forward and one back. Gradient descent does the learning. **Backpropagation is the cheap way to get the "
            "gradient**, no more and no less.")


# ---- starting from zeros

TWINS = "They are exact twins, with the same weights."
DIFFERENT = "They differ: each has found a job of its own."
NOTHING = "Nothing has moved: at zero the loss is the same in every direction."


def zeros_stay_twins():
    one, other = lab.from_zeros()
    return NOTHING if not (one.any() or other.any()) else TWINS if np.array_equal(one, other) else DIFFERENT


def said_of_zeros(truth):
    return ("Both units start alike, so they get the same blame and move alike, for ever. The weights do move and the "
            "loss does fall: what is equal is the **gradient** of the two units. Two twins are worth one unit. "
            "That is why weights start at random.")


# ---- back through a sigmoid

AT_MOST = "At most a quarter of it: a sigmoid takes three quarters off, whatever the weights are."
AS_BEFORE = "As before: the sigmoids decide, and the hidden units still hear the same."
MORE = "More than the output unit's own."


def larger_behind():
    before, now = lab.blame_behind(), lab.blame_behind(10)
    return MORE if now > 1 else AS_BEFORE if np.isclose(now, before) else AT_MOST


def said_of_larger(truth):
    return (f"It was {lab.blame_behind():.2f} times the output unit's blame and is {lab.blame_behind(10):.2f} times. "
            "The sigmoid multiplies by about a quarter, as before. But on the way lies the weight too, −0.9 at first "
            "and −9 now. Slope **and** weight decide whether blame fades or grows on its way back.")


# ---- silent from the start

NEVER = "In none: a relu's slope is 1, so some blame always gets through."
RARELY = "In about one of a hundred."
OFTEN = "In nearly half of them."


def silent_at_start():
    share = lab.dead_at_the_start() / 1000
    return NEVER if share == 0 else RARELY if share < 0.1 else OFTEN


def said_of_silent(truth):
    return (f"In {lab.dead_at_the_start()} of 1000. Where both weights into a unit are negative, it hears nothing "
            "above 0 in any row. Its slope is 0 in all four, so no blame reaches its weights and no step moves them. "
            "From such a start XOR has at most one hidden unit left.")


PREDICTIONS = (
    Prediction("L03-p1",
               "In the picture above there are 2 inputs, 2 hidden units and 1 output unit. The inputs are given. "
               "The **forward** phase finds two numbers for each unit: what it hears, `z`, and what it answers, `a`. "
               "How many numbers does it find in all?",
               Number(0, 100, whole=True), lab.numbers_forward,
               lambda truth: f"{truth:.0f}: a z and an a for each of three units. The walk below finds each of them.",
               ("backprop", {})),
    Prediction("L03-p2",
               "Two weights lead into the output unit. The weight 0.6 comes from a hidden unit that answers 0.542. "
               "The weight −0.9 comes from one that answers 0.453. Which one has the larger gradient (sign aside)?",
               Choice((BEHIND_ANSWER, BEHIND_WEIGHT, EQUAL)), larger_gradient, said_of_weights,
               ("backprop", {"step": 20.0})),
    Prediction("L03-p3",
               "Now the network has **two** outputs, and hidden unit 1 feeds both. Blame comes back to it on two "
               "paths: one term is positive, the other negative. What is done with them?",
               Choice((LARGER, AVERAGED, ADDED)), joined, said_of_paths,
               ("backprop", {"example": "two outputs 2-2-2", "step": 15.0})),
    Prediction("L03-p4",
               "XOR has four rows. Two of them want the weight `w2[1,1]` larger. The other two want it smaller, by "
               "nearly as much. Then comes **one** training step on all four rows. What does this weight do?",
               Choice((IN_TURN, HARDLY, STRONGEST)), mean_of_rows, said_of_rows,
               ("backprop", {"example": "xor 2-2-1, four rows", "step": 29.0})),
    Prediction("L03-p5",
               "You have just found the gradient of the second layer's weights. You update these weights **at once**, "
               "and go on backward to the first layer with the new ones. What happens to the first layer's gradients?",
               Choice(((UNHARMED, "M09"), (BETTER, "M09"), WRONG)), order_matters, said_of_order),
    Prediction("L03-p6",
               "One training step, always from the same weights, but with learning rates from 0 to 12. At rate 0 "
               "nothing happens, so the loss stays at 0.0145. **Draw** the loss after the step, against the rate.",
               Curve(lab.RATES, (0.0, 0.03), "learning rate", "loss after one step",
                     beliefs={"shape: falls all the way": "M02"}), lab.loss_over_rates, said_of_rates,
               ("backprop", {"step": 32.0, "rate": 100.0})),
    Prediction("L03-p7",
               "The loss is w², its slope 2w. The weight starts at 1, the rate is 0.1. Somebody forgets to set the "
               "gradient to zero, so each new slope is **added** to the old ones. **Draw** the weight over 14 steps.",
               Curve((0.0, 14.0), (-1.5, 1.5), "step", "weight"), lab.never_zeroed, said_of_never_zeroed),
    Prediction("L03-p8",
               "Somebody forgets the slope f′ of the hidden units, so the first layer's gradient is wrong. They train "
               "the article's network with it for 300 steps. What does the loss do?",
               Choice(((STAYS, "M10"), (GROWS, "M10"), TRAINS)), trains_anyway, said_of_training),
    Prediction("L03-p9",
               "Throw backpropagation away. Find each slope by nudging: make one weight a tiny bit larger, then a tiny "
               "bit smaller, and see how the loss changes. Train with these slopes, at the same rate. What happens?",
               Choice(((CANNOT, "M01"), (WORSE, "M01"), SAME)), nudged_path, said_of_nudging),
    Prediction("L03-p10",
               "All weights and biases of the article's network start at 0. After 100 training steps, how do its two "
               "hidden units compare?",
               Choice((DIFFERENT, TWINS, (NOTHING, "M12"))), zeros_stay_twins, said_of_zeros,
               ("backprop", {"fit": lab.two_hidden(), "theta": 0 * lab.ARTICLE, "step": 7.0})),
    Prediction("L03-p11",
               "In the article's network both weights into the output unit are made ten times as large: 6 and −9. All "
               "units stay sigmoids. How large is the blame of what hidden unit 2 hears, beside the output unit's?",
               Choice(((AT_MOST, "M15"), MORE, (AS_BEFORE, "M15"))), larger_behind, said_of_larger,
               ("backprop", {"fit": lab.two_hidden(), "theta": lab.behind(10), "step": 12.0})),
    Prediction("L03-p12",
               "XOR's network, with relu as its two hidden units. Weights are drawn at random, half of them negative; "
               "biases are 0. You draw 1000 such starts. In how many of them does a hidden unit never get any blame, "
               "in none of the four rows?",
               Choice(((NEVER, "M16"), RARELY, OFTEN)), silent_at_start, said_of_silent,
               ("backprop", {"fit": lab.with_relu(), "theta": lab.SILENT, "step": 13.0, "row": 4.0})),
)
