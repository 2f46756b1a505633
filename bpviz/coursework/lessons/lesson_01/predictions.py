"""The six predictions of lesson 1; outcomes are experiments with the article's network or with the smallest one."""
from bpviz.coursework.kinds.quantities import Choice
from bpviz.coursework.lessons.lesson_01 import experiments as lab
from bpviz.coursework.prediction import Prediction
from bpviz.words.numbers import number, pretty, with_sign

# ---- what a unit does with a larger input

TWICE_AS_MUCH = "Twice as much as before."
MORE = "More than before, but not twice as much."
LESS = "Less than before."


def larger_input():
    before, after = lab.hidden((0.5, 0.1)), lab.hidden((1.0, 0.1))
    return LESS if after < before else TWICE_AS_MUCH if after > 1.99 * before else MORE


def said_of_input(truth):
    return (f"It answers {lab.hidden((1.0, 0.1)):.3f} instead of {lab.hidden((0.5, 0.1)):.3f}. Its weight from input 1 "
            "is negative, so it hears less when this input grows. The sigmoid then squeezes what it hears.")


# ---- twice the nudge

DOUBLE, FOUR, SAME = ("About twice as far.", "About four times as far: the loss is a square.",
                      "Just as far: such small steps make no difference.")


def twice_the_nudge():
    ratio = lab.moved(2 * lab.NUDGE) / lab.moved(lab.NUDGE)
    return DOUBLE if abs(ratio - 2) < 0.2 else FOUR if abs(ratio - 4) < 0.4 else SAME


def said_of_nudge(truth):
    one, two = (1e4 * lab.moved(k * lab.NUDGE) for k in (1, 2))
    return (f"In ten-thousandths, the loss moves by {with_sign(one)} and then by {with_sign(two)}. For tiny nudges, "
            "the move is the nudge times a fixed number. That number is the **slope** of the loss by this weight.")


# ---- who is to blame

SAME_SIGN = "Negative too: both units helped to make the output too low."
OTHER_SIGN = "Positive: it should have answered less."
NO_BLAME = "It has none, because only the output is compared with the target."


def blame_of_the_second():
    output, (_, second) = lab.blames()
    return NO_BLAME if second == 0 else SAME_SIGN if output * second > 0 else OTHER_SIGN


def said_of_blame(truth):
    output, (first, second) = lab.blames()
    return (f"The output's blame is {with_sign(output)}. Along its weight each hidden unit gets a part of it: "
            f"{with_sign(first)} and {with_sign(second)}. A negative weight turns the sign round.")


# ---- what is stored

GONE = "Nothing useful: the example that it would have to look up is gone."
STORED = "Exactly 0.6, the answer that it has stored."
WORKED_OUT = "A number near 0.6: the nine numbers work it out."
LEARNING = "0.6 at first, then something better: each question teaches it a little."


def never_seen():
    answer, moved = lab.asked()
    off = abs(answer - 0.6)
    return LEARNING if moved else STORED if off < 1e-3 else WORKED_OUT if off < 0.1 else GONE


def said_of_storing(truth):
    answer, moved = lab.asked()
    return (f"{answer:.3f}. Inside are weights and biases only, no example, and the answer is a sum and a squeeze as "
            f"always. Ask it a hundred times: the nine numbers move by {moved:.0f}. Without a backward pass and an "
            "update nothing is learned.")


# ---- counting mistakes

AS_ANY = "It moves a little, up or down, as the loss does."
WHOLE = "It moves by one whole mistake, up or down."
STILL = "It stays exactly where it is."


def nudged_count():
    moved = lab.counted()[1]
    return STILL if moved == 0 else WHOLE if moved >= 1 else AS_ANY


def said_of_counting(truth):
    before, _ = lab.counted()
    return (f"There are {before} mistakes before, and {before} after each of the four nudges. The count is a "
            "staircase: flat almost everywhere, with a jump here and there. **Its slope is 0**, so an update "
            "changes nothing.")


# ---- a plus in the loss

TARGET, MINUS, ZERO = ("Near 0.6: a square hides the sign.", "At −0.6, where this loss is smallest.",
                       "Near 0, and it would sink on.")


def plus_in_the_loss():
    output = lab.trained_with_plus()
    return TARGET if abs(output - 0.6) < 0.1 else MINUS if output < -0.5 else ZERO


def said_of_plus(truth):
    return (f"At {pretty(number(lab.trained_with_plus(), 2))}. This loss is smallest at −0.6, and a sigmoid cannot go "
            "below 0. So the output is pushed down for ever, away from its target.")


PREDICTIONS = (
    Prediction("L01-p1",
               "You turn input 1 up, from 0.5 to 1. What does hidden unit 2 answer now?",
               Choice((TWICE_AS_MUCH, MORE, LESS)), larger_input, said_of_input, ("backprop", {"step": 6.0})),
    Prediction("L01-p2",
               "Now the smallest network: one input, one hidden unit, one output, two weights. You make one weight "
               "larger by 0.01, and the loss moves by a certain amount. Then you make it larger by 0.02 instead. How "
               "far does the loss move now?",
               Choice((DOUBLE, FOUR, SAME)), twice_the_nudge, said_of_nudge,
               ("chain_rule", {"weight": 1.0, "nudge": 0.02})),
    Prediction("L01-p3",
               "The article's network again. Its output is too low: the loss falls when the output unit hears more, so "
               "its blame is negative. Hidden unit 2 leads there by the weight −0.9. What is the blame of hidden "
               "unit 2?",
               Choice((SAME_SIGN, NO_BLAME, OTHER_SIGN)), blame_of_the_second, said_of_blame,
               ("backprop", {"step": 12.0})),
    Prediction("L01-p4",
               "Training is over. Delete the example and its target; only the nine weights and biases are left. You "
               "put in 0.9 and 0.1, which the network has never seen. What comes out?",
               Choice(((GONE, "M22"), (STORED, "M22"), WORKED_OUT, (LEARNING, "M22"))), never_seen, said_of_storing),
    Prediction("L01-p5",
               "The smallest network gets four examples. An answer counts as a mistake if it misses its target by more "
               "than 0.25. Somebody takes the **number of mistakes** as the loss. They nudge one weight by 0.01, up or "
               "down. What does this loss do?",
               Choice(((AS_ANY, "M18"), (WHOLE, "M18"), STILL)), nudged_count, said_of_counting),
    Prediction("L01-p6",
               "A tired reader mends the lost minus of the loss with a plus: `(output + target) ** 2`. The network "
               "trains with it for 300 steps; the target is 0.6. Where does its output end?",
               Choice((TARGET, MINUS, ZERO)), plus_in_the_loss, said_of_plus),
)
