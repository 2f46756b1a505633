"""What lab 2 asks beforehand: how many of six are in a minimum, what 30 units do, whether small steps wake the dead."""
from bpviz.coursework.kinds.quantities import Choice
from bpviz.coursework.lessons.lab_2 import experiments as lab
from bpviz.coursework.prediction import Prediction
from bpviz.words.numbers import amount

ALL = "In all six: they do not get any further."
FIVE = "In five of them. The one that jumps has another illness."
ONE = "In just one of them."
NONE = "In none of them."


def how_many():
    return {6: ALL, 5: FIVE, 1: ONE, 0: NONE}.get(lab.minima(), "")


def said_of_minima(truth):
    return (f"In {lab.minima()} of the 6. The engine has measured the slope and the curvature where each of them "
            "ended. Which one it is, the loss curve alone cannot tell. You will find out.")


CURED = "It falls nearly to 0: among so many units there is always a way."
LOWER = "It ends clearly lower than with 4 units, but not near 0."
NO_LOWER = "It ends no lower than with 4 units."


def with_more():
    few, many = lab.widened()
    return CURED if many < 0.02 else LOWER if many < 0.9 * few else NO_LOWER


def said_of_more(truth):
    few, many = lab.widened()
    return (f"With 4 units it ended at {amount(few)}, with 30 it ends at {amount(many)}. More of the same is no cure. "
            "In what are they the same? Look at the rows of the last picture.")


WAKES = "The loss calls the units back: with small steps they recover."
PART = "The weights between inputs and hidden units move a little, but it is not enough."
STILL = "The hidden units' weights and biases do not move at all."


def goes_on():
    moved, loss = lab.slowly_on()
    return STILL if moved == 0 else WAKES if loss < 0.02 else PART


def said_of_slow(truth):
    moved, loss = lab.slowly_on()
    return (f"They move by {moved:.0f}, exactly, and the loss stays at {amount(loss)}. Where all slopes are 0, a step "
            "of "
            "any length is 0. A smaller rate must come before the accident, not after it.")


PREDICTIONS = (
    Prediction("LAB2-p1", "Six networks, and none has learned its task. In how many of them is the cause a **local "
               "minimum**: no slope left, and the loss rises in every direction?",
               Choice(((ALL, "M06"), (FIVE, "M06"), ONE, NONE)), how_many, said_of_minima),
    Prediction("LAB2-p2", "A colleague prescribes for patient 1: **30 hidden units** in the place of 4. All else "
                          "stays. "
               "What will the loss do?",
               Choice(((CURED, "M08"), LOWER, NO_LOWER)), with_more, said_of_more),
    Prediction("LAB2-p3", "Patient 2 keeps the weights that it has **now**, after its 1000 steps. From here it trains "
               "another 1000 steps, at a rate of 0.08: a hundredth of its own. What happens?",
               Choice(((WAKES, "M20"), PART, STILL)), goes_on, said_of_slow),
)
