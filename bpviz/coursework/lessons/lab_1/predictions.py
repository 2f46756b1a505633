"""The predictions of lab 1: how large a gradient is, a slope from the wrong place that trains, an update too early."""
from bpviz.coursework.kinds.quantities import Choice, Number
from bpviz.coursework.lessons.lab_1 import experiments as lab
from bpviz.coursework.prediction import Prediction

SIZE = Prediction(
    "LAB1-p1", "A network has 2 inputs, 3 hidden units and 2 outputs. You give it a table of 5 rows. How many numbers "
    "does `dW1` hold, the gradient of the weights that lead to the hidden units?",
    Number(1, 1000, whole=True), truth=lab.numbers_in_dW1,
    says=lambda truth: f"It holds {truth}, one for each weight in `W1`, whatever the number of rows. The rows are "
                       "gone: each has its say, and they are added up.")

# ---- a slope from the wrong place

FINE = "It falls nearly as far as with the right slope: below a hundredth of what it was."
STUCK = "It stays above a tenth of what it was: a wrong gradient cannot train a network."
FLIES = "It rises above what it was."


def wrong_place_trains():
    before, after = float(lab.FIT.loss(lab.THETA)), lab.trained(True)
    return FINE if after < before / 100 else STUCK if before / 10 < after < before else FLIES


def said_of_wrong_place(truth):
    right, wrong, signs = lab.trained(False), lab.trained(True), lab.wrong_signs()
    return (f"With her pass the loss ends at {wrong:.4f}, with the right one at {right:.4f}. Yet at the start {signs} "
            "of her 6 slopes for `W1` even have the wrong sign. **The training finds a way all the same, and hides the "
            "mistake.** What would have found it?")


TRAINS = Prediction(
    "LAB1-p2", "In her `backward`, a friend takes the slope of tanh at the wrong place. She writes `1 - np.tanh(a1) ** "
    "2`, though `a1` has been through tanh already. She trains the network that adds, 1000 steps at rate 1. What does "
    "her loss do?",
    Choice(((STUCK, "M10"), FINE, FLIES)), truth=wrong_place_trains, says=said_of_wrong_place)

# ---- the second layer updated too early

ALL = "None of the four: all agree, and the first layer even has the newer blame."
FIRST = "Those of `W1` and `b1`."
SECOND = "Those of `W2` and `b2`."
EVERY = "All four: one mistake spoils the whole check."


def early_told():
    agree = lab.early()
    wrong = [name for name, same in agree.items() if not same]
    return {(): ALL, ("W1", "b1"): FIRST, ("W2", "b2"): SECOND}.get(tuple(wrong), EVERY)


EARLY = Prediction(
    "LAB1-p3", "Another friend saves a line: he updates `W2` as soon as `dW2` is known, and goes on backwards through "
    "the **new** `W2`. He hands in his four gradients, and you check them by nudging. Which of them disagree?",
    Choice(((ALL, "M09"), FIRST, SECOND, EVERY)), truth=early_told,
    says=lambda truth: "The blame of the hidden units came back through weights that did not make the mistake. So the "
                       "first layer is wrong, weights and biases. The second layer was finished before. A check table "
                       "by table shows where to look.")

PREDICTIONS = (SIZE, TRAINS, EARLY)
