"""The eight predictions of lesson 4: faults that train, checks that miss, prices, and a unit that is sure and wrong."""
from bpviz.coursework.kinds.quantities import Choice, Curve
from bpviz.coursework.lessons.lesson_04 import experiments as lab
from bpviz.coursework.prediction import Prediction

# ---- it trains

GUESSING = "About half: with a wrong gradient it can only guess."
CLEARLY_FEWER = "Clearly fewer than with the right pass, say three quarters."
AS_MANY = "Nearly as many as with the right pass."


def moons_trained():
    wrong, right = lab.moons_right()
    if wrong <= 60:
        return GUESSING
    return AS_MANY if right - wrong <= 3 else CLEARLY_FEWER


def said_of_moons(truth):
    said = ("{} points of 100. With the right pass it is {}. The loss curve looks fine, the answers look fine, and "
            "nobody would ever search for the fault. So neither of them can tell you whether a gradient is right.")
    return said.format(*lab.moons_right())


# ---- the V curve

def said_of_errors(truth):
    return (f"It is a V. Right of the bottom the loss bends within the step: the **truncation error**. Left of it "
            "two nearly equal losses are subtracted, and their digits cancel: the **rounding error**. The bottom is "
            f"near h = 10 to the power {lab.best_exponent()}. There about ten digits are right, and "
            "with luck one or two more.".replace("-", "−"))


# ---- one number

LAST = "For A at nearly all places: the way back begins in the last layer."
FIRST = "For B at nearly all places: errors grow on the way back."
EITHER = "Now for A, now for B, about equally often."


def which_is_larger():
    share = lab.larger_in_the_last_layer() / lab.DRAWS
    return LAST if share > 0.75 else FIRST if share < 0.25 else EITHER


def said_of_one_number(truth):
    last = lab.larger_in_the_last_layer()
    return (f"At {last} places it is larger for A, at {lab.DRAWS - last} for B. It depends on the weights at least as "
            "much as on the fault. Such a number says **that** something is wrong. To see where, look at every entry "
            "by itself, as below.")


# ---- the price

DOUBLE, PLUS_TWO, FOURFOLD = ("It doubles too.", "It grows by two forward passes: one up, one down.",
                              "It becomes about four times as much.")


def dearer():
    (_, small), (_, large) = lab.prices()
    return FOURFOLD if large / small > 3 else DOUBLE if large / small > 1.5 else PLUS_TWO


def said_of_prices(truth):
    (few, small), (many, large) = lab.prices()
    return (f"From {few} to {many} weights it becomes {large / small:.1f} times as much. There are twice as many "
            "weights to nudge, and each nudge runs a network that is twice as large. A backward pass only doubles: "
            "it finds all slopes in one go.")


# ---- a check at zero

SIX = "Six: all of the first layer."
FLAT = "None: at zero the loss is the same in every direction, so all nine slopes are 0."
UNSEEN = "None, though some of the nine slopes are not 0."


def seen_at_zero():
    wrong, moving = lab.at_zero()
    if wrong:
        return SIX
    return UNSEEN if moving else FLAT


def said_of_zero(truth):
    _, moving = lab.at_zero()
    return (f"{moving} slopes are not 0, those of the last layer, so the loss is not flat here. But `w2` is 0, so no "
            "blame goes back through it. The fault multiplies nothing by something wrong, and that is still nothing. "
            "Check at **random** weights, and at more than one place.")


# ---- without an update

ALMOST_0 = "Almost to 0: the blame has gone back a hundred times."
SLOWER = "Less far than usual: the update only makes it faster."
STAYS = "It has not changed at all."


def after_rounds():
    before, after = lab.without_update()
    return STAYS if after == before else ALMOST_0 if after < before / 100 else SLOWER


def said_of_rounds(truth):
    before, after = lab.without_update()
    return (f"It is {before:.4f} in the first round and {after:.4f} after the last. Backpropagation only finds slopes. "
            "No weight moves because of it. It is the update, gradient descent, that learns.")


# ---- how small

AS_BEFORE = "About as small as before: all rounding is alike."
A_LITTLE = "About a thousand times smaller, then it gets worse again."
ANY = "As small as you like: it never gets worse."


def smallest():
    errors = [lab.complex_error(10.0 ** power) for power in (-8, -20, -100)]
    return ANY if max(errors) < 1e-14 else A_LITTLE if errors[0] < 1e-14 else AS_BEFORE


def said_of_smallest(truth):
    return ("Even with a hundred zeros behind the point all digits are right. No two losses are subtracted, so nothing "
            "cancels. It ends only where the computer has no smaller numbers. That is the green curve below, the "
            "**complex step**. It needs a program that can count with complex numbers.")


# ---- two losses

ALIKE = "About as many: both losses pull the answer to its target."
TWICE = "About twice as many: the squared error is a little flatter."
MANY = "More than five times as many."


def slower_by():
    times = lab.steps_to_be_sure("squared error") / lab.steps_to_be_sure("binary cross-entropy")
    return MANY if times > 5 else TWICE if times > 1.5 else ALIKE


def said_of_losses(truth):
    square, cross = map(lab.steps_to_be_sure, ("squared error", "binary cross-entropy"))
    return (f"{square} steps with the squared error, {cross} with the cross-entropy. In the squared error's gradient "
            "stands the slope of the sigmoid, which is almost 0 at the start. In the cross-entropy's it cancels, and "
            "o − t is left. So a unit that is sure and wrong gets a strong push.")


PREDICTIONS = (
    Prediction("L04-p1",
               "A backward pass has a fault: every **bias** gets the gradient 0. A 2-2-1 network is trained with it "
               "on the 100 points of moons. How many points has it right in the end?",
               Choice(((GUESSING, "M10"), (CLEARLY_FEWER, "M10"), AS_MANY)), moons_trained, said_of_moons),
    Prediction("L04-p2",
               "The central difference of a loss, with a step h from 1 (on the right) down to a step so small that it "
               "has 15 digits behind the point (on the left). **Draw** the error. Both scales count powers of ten: at "
               "−2 you find h = 0.01, or an error of 1 %.",
               Curve(lab.EXPONENTS, (-12.0, 1.0), "step h, power of ten", "error, power of ten"), lab.error_exponents,
               said_of_errors, ("difference", {"h": 0.01})),
    Prediction("L04-p3",
               "Two faults, one at a time, in the article's network. **A**, in the last layer: its gradients are "
               "made of what the hidden units hear instead of what they answer. **B**, in the first layer: the slope "
               "of its units is forgotten. A check prints **one** number: how far off the whole gradient is. It is "
               "run at 100 random weights. For which fault is the number larger?",
               Choice(((LAST, "M11"), (FIRST, "M11"), EITHER)), which_is_larger, said_of_one_number,
               ("puzzle", {"puzzle": 142})),
    Prediction("L04-p4",
               "A network gets twice as many weights. How does the work for **one** gradient by nudging grow?",
               Choice((DOUBLE, PLUS_TWO, FOURFOLD)), dearer, said_of_prices, ("difference", {"units": 12})),
    Prediction("L04-p5",
               "A backward pass forgets the slope of the hidden units, so the first layer's gradient is wrong. "
               "Somebody checks it on the article's network, with all nine weights and biases at 0. How many of the "
               "nine entries differ?",
               Choice((SIX, (FLAT, "M12"), UNSEEN)), seen_at_zero, said_of_zero),
    Prediction("L04-p6",
               "A program goes through forward, loss and backward, 100 times, on the article's network. It has no "
               "update. How far has the loss fallen?",
               Choice(((ALMOST_0, "M01"), (SLOWER, "M01"), STAYS)), after_rounds, said_of_rounds),
    Prediction("L04-p7", "With an imaginary step, how small may h be?",
               Choice((AS_BEFORE, A_LITTLE, ANY)), smallest, said_of_smallest, ("difference", {"h": 1e-14})),
    Prediction("L04-p8",
               "One sigmoid unit with one weight, its input 1, hears −5. Its target is 1: it is sure, and wrong. It "
               "is trained at rate 0.5 until it answers more than 0.9. How many steps does the squared error need, "
               "compared with the cross-entropy?",
               Choice(((ALIKE, "M21"), TWICE, MANY)), slower_by, said_of_losses, ("saturation", {"z": -5.0, "t": 1.0})),
)
