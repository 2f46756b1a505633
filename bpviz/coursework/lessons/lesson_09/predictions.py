"""What lesson 9 asks before it shows: seven predictions, five with a belief that is asked here once more."""
import numpy as np

from bpviz.coursework.kinds.quantities import Choice
from bpviz.coursework.lessons.lesson_09 import experiments as lab
from bpviz.coursework.prediction import Prediction
from bpviz.words.numbers import amount

# ---- twelve layers of sigmoids

TWELFTH, THOUSANDTH, MILLIONTH = ("About a twelfth: each layer takes its share.", "About a thousandth.",
                                "Less than a millionth.")


def first_of_twelve():
    share = lab.reaching()
    return MILLIONTH if share < 1e-6 else THOUSANDTH if share < 0.01 else TWELFTH


def said_of_twelve(truth):
    return (f"It is {1e-6 / lab.reaching():.0f} million times smaller. Look at the second plot below: on its way "
            f"back, each layer lets through about {lab.flow().factor:.2f} of the blame that came in.")


# ---- the same sigmoids, larger weights

CAPPED = "As small as before: a sigmoid lets at most a quarter through, whatever the weights are."
ONCE = "6 times as large: the factor of the weights counts once."
FAR_MORE = "More than a thousand times as large as before."


def larger_weights():
    more = lab.reaching(lab.LARGER) / lab.reaching()
    return FAR_MORE if more > 1000 else ONCE if np.isclose(more, lab.LARGER, rtol=0.1) else CAPPED


def said_of_weights(truth):
    large = lab.flow(scale=lab.LARGER)
    return (f"About {lab.reaching(lab.LARGER) / lab.reaching() / 1000:.0f} thousand times as large. A layer's factor "
            f"is **slope times weight**, and it counts once in every layer. It is {large.factor:.2f} now. Large "
            f"weights have a price: {100 * large.saturated[:-1].mean():.0f} % of all answers are now given where the "
            "sigmoid is flat.")


# ---- narrow towers of relu

NEVER = "In none: where a relu has a slope, it is 1, so nothing gets lost."
FEW, MOST = "In about 5 of them.", "In more than half of them."


def dead_towers():
    dead = lab.dead_at_birth()
    return MOST if dead > lab.DRAWS / 2 else FEW if dead else NEVER


def said_of_dead(truth):
    return (f"In {lab.dead_at_birth()} of the {lab.DRAWS}. With 4 units it happens easily that all units of one layer "
            "are silent on every row. Their slope is 0, so nothing comes through this layer, neither forward nor back. "
            "Below is such a network.")


# ---- which cure lets it learn

NORM, SKIP, BOTH, NEITHER = "The one with layer norm, only.", "The one with skips, only.", "Both.", "Neither."


def cured():
    skip, norm = (lab.learned(cure) < 0.98 * lab.guessing() for cure in ("skip", "layer_norm"))
    return BOTH if skip and norm else SKIP if skip else NORM if norm else NEITHER


def said_of_cures(truth):
    skip, norm = map(lab.learned, ("skip", "layer_norm"))
    return (f"After {lab.STEPS} steps its loss is {amount(skip)} with skips and {amount(norm)} with layer norm. "
            f"Guessing costs {amount(lab.guessing())}. Layer norm gives what units hear the size 1. It cannot make a "
            "sigmoid steeper. A skip goes around the sigmoid.")


# ---- clipping the error

ALIKE = "1 or less: what begins at 1 or less stays there."
ROOT, AS_LONG = "About the root of that.", "As long as before."


def clipped_error():
    before, after = lab.exploding(), lab.exploding(clip_error=True)
    return ALIKE if after <= 1 else AS_LONG if np.isclose(before, after) else ROOT


def said_of_clipping(truth):
    return (f"Its length is {lab.exploding(clip_error=True):.0f}, as before. The errors were small from the start. But "
            "the answers grow on their way forward, and the blame **on its way back**, layer by layer. So the gradient "
            "itself has to be clipped, at the end. Then it is shorter and still points the same way.")


# ---- a layer pushed far off

RETURNS = "They come back little by little: the loss is high, so it pulls at them."
WOKEN = "The layers before learn to answer louder, until this layer wakes up."
STAYS = "Nothing moves: neither these biases, nor any weight of the layers before."


def pushed_layer():
    moved, loss = lab.pushed()
    return STAYS if moved == 0 else RETURNS if loss < 0.98 * lab.guessing() else WOKEN


def said_of_pushed(truth):
    return (f"The slope of all these units is 0 on every row. So no blame comes to their biases, and none to the "
            f"layers before. After {lab.LATER} steps not one digit has changed there. The loss is "
            f"{amount(lab.pushed()[1])}: the network can only guess.")


# ---- two slices through one point

AS_HIGH = "Equally high: both pictures show the same colours, at the same point, equally wide."
TEN, HUGE = "About 10 times as high.", "More than a million times as high."


def two_slices():
    first, last = lab.slices()
    return HUGE if last > 1e6 * first else TEN if last > 3 * first else AS_HIGH


def said_of_slices(truth):
    first, last = lab.slices()
    return (f"In the slice of layer 12 the loss differs by {last:.2f}. In that of layer 1 it differs by less than a "
            f"millionth: {last / first / 1e6:.0f} million times less. Each picture stretches its colours over what it "
            "happens to show. So two pictures compare only when their scales are the same.")


PREDICTIONS = (
    Prediction("L09-p1",
               "Twelve layers of sigmoids, before any training. How large is the gradient of layer 1, as a share of "
               "that of layer 12?",
               Choice((TWELFTH, THOUSANDTH, MILLIONTH)), first_of_twelve, said_of_twelve, ("vanishing", {})),
    Prediction("L09-p2",
               "The same twelve layers of sigmoids. Now every weight is made **6 times** as large. How large "
               "is the gradient of layer 1 now, as a share of that of layer 12?",
               Choice(((CAPPED, "M15"), ONCE, FAR_MORE)), larger_weights, said_of_weights,
               ("vanishing", {"scale": 6.0})),
    Prediction("L09-p3",
               "A tower of **30 relu** layers, 4 units in each, with He's start. We draw 100 such networks. In how "
               "many of them is the gradient of layer 1 **exactly 0**, before the first step?",
               Choice(((NEVER, "M16"), FEW, MOST)), dead_towers, said_of_dead,
               ("vanishing", {"activation": "relu", "start": "He", **lab.RELU})),
    Prediction("L09-p4",
               "Twelve layers of sigmoids, Glorot's start, 16 units a layer. One such network gets skips, another one "
               "gets layer norm. Both are trained for 200 steps. Which one learns more than guessing?",
               Choice((NORM, SKIP, BOTH, NEITHER)), cured, said_of_cures,
               ("cure", {"width": 16, "rate": 0.5, "seeds": 1})),
    Prediction("L09-p5",
               "A tower of 20 relu layers has weights that are too large: its gradient has the length 945. The last "
               "unit is a sigmoid with cross-entropy, so the errors o − t are never larger than 1. Somebody "
               "clips these **errors** at 1, and then goes backward. How long is the gradient now?",
               Choice(((ALIKE, "M17"), ROOT, AS_LONG)), clipped_error, said_of_clipping),
    Prediction("L09-p6",
               "A tower of 8 relu layers. One step was much too long. It pushed all biases of layer 4 down to −20, so "
               "all units of this layer are silent on every row. From now on the rate is small. What happens in 300 "
               "steps?",
               Choice(((RETURNS, "M20"), (WOKEN, "M20"), STAYS)), pushed_layer, said_of_pushed),
    Prediction("L09-p7",
               "You have seen both slices: along two weights of layer 1, and along two weights of layer 12. How high "
               "are the hills of layer 12, compared with those of layer 1?",
               Choice(((AS_HIGH, "M19"), TEN, HUGE)), two_slices, said_of_slices),
)
