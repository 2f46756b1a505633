"""The optional exercises of lesson 2: signs, tanh as a function, a fault in relu, many paths, a typed derivation."""
import numpy as np

from bpviz.coursework.exercise import Exercise
from bpviz.coursework.kinds.derivation import TypedDerivation
from bpviz.coursework.kinds.fault import Planted, PlantedFault
from bpviz.coursework.kinds.partials import network
from bpviz.coursework.kinds.proof import WrongFormula
from bpviz.coursework.kinds.quantities import Choice, Number, Quantity, Slip
from bpviz.coursework.lessons.lesson_02 import experiments as lab

# ---- more of the same chain

ONE_AND_ONE = "one factor, and the last product"
ONE_AND_THREE = "one factor, and three of the products"
THREE_AND_THREE = "three factors, and three of the products"
ALL_OF_THEM = "all five factors, and all five products"


def signs(given):
    """Which of the options it is: how many factors and how many products change their sign with w2."""
    now, before = lab.factors(0.8, 1.2), lab.factors(*lab.PAIR)
    counts = [int((np.sign(a) != np.sign(b)).sum()) for a, b in ((now, before), (now.cumprod(), before.cumprod()))]
    return {(1, 1): ONE_AND_ONE, (1, 3): ONE_AND_THREE, (3, 3): THREE_AND_THREE, (5, 5): ALL_OF_THEM}[tuple(counts)]


SIGNS = Exercise(
    "L02-q5", "Which signs change?",
    "The two-weight network with w1 = 0.8, x = 1.5, t = 0.2. The panel shows five factors on the arrows, and five "
    "products so far below them. Weight 2 goes from −1.2 to +1.2. What changes its **sign**?\n\n"
    + "\n\n".join(f"{letter}) {text}" for letter, text in zip("abcd", (
        ONE_AND_ONE, ONE_AND_THREE, THREE_AND_THREE, ALL_OF_THEM), strict=True))
    + "\n\nThink first, then drag, then answer with a letter.",
    Quantity("my_signs", Choice((
        (ONE_AND_ONE, "", "One factor it is. But a product takes its factors along to all that follow."),
        ONE_AND_THREE,
        (THREE_AND_THREE, "", "Three products it is. Look at the factors alone: in how many is w2?"),
        (ALL_OF_THEM, "", "Some factors do not hold w2, and the output stays above its target."))), truth=signs),
    ("In the list of factors of section 3, where does w2 stand by itself?",
     "The output moves too. Does it pass its target, so that the first factor changes its sign?",
     "A product so far contains all factors between it and the loss. Which products contain the one with w2?"),
    "Only the factor $w_2$ itself changes its sign. Every product from there to the left contains it: three of the "
    "five. The two next to the loss do not.", core=False)

TANH = Exercise(
    "L02-q6", "A longer chain, for all numbers",
    "Three tanh units in a row, and now as a function, for **any** numbers. The slope of tanh is $1 - a^2$. "
    "The way forward is there. Write the way back, **one line for each slope**, from `da3` to `dw1`. `da3` is "
    "$\\partial L / \\partial a_3$, and so on. Each line may use the ones above it.",
    network("three_units", ("tanh", "tanh", "tanh"), rows=False, bias=False, output="a3"),
    ("Begin at the loss: how fast does it rise with `a3`? Every further line is one line above it, times one factor.",
     "From each z one way leads to a weight. What came through it? The other leads on to the unit before, through the "
     "weight.",
     "Where the sigmoid had `a * (1 - a)`, tanh has its own slope. It stands there once for each unit."),
    "Loss, slope, weight, slope, weight, slope, input: the road of section 3, a unit longer. Each `dz` is found once "
    "and used twice, for the weight behind it and for the unit before. The slopes are those of tanh.",
    core=False, minutes=6)

SILENT = Exercise(
    "L02-q7", "A fault with relu",
    "This is the way back through a chain of two weights, w and v, with a **relu** as hidden unit. It has "
    "exactly **one** wrong line, and runs without an error. Which line is it?\n\n{listing}\n\nAnswer with its "
    "number, or with the number and what is wrong ({kinds}), or with the number and the line as it should be.",
    PlantedFault("my_fault", "slopes(x, t, w, v)",
                 ("z = w * x", "h = np.maximum(z, 0)", "o = v * h", "do = 2 * (o - t)", "dv = do * h",
                  "dh = do * v", "dz = dh * (z > 0)", "dw = dz * x", "return dw, dv"),
                 (Planted("dz = dh * (z > 0)", "dz = dh", "slope always 1",
                          "Where a relu hears a negative number its slope is 0, and nothing gets through."),
                  Planted("dh = do * v", "dh = do * h", "answer for weight",
                          "Back to the unit before, the road leads through the weight."),
                  Planted("dv = do * h", "dv = do * z", "heard for answer",
                          "What came through the weight is what the unit answers, not what it hears.")),
                 calls=lambda rng: [dict(zip(("x", "t", "w", "v"), map(float, values), strict=True))
                                    for values in (*rng.uniform(0.3, 1.7, (2, 4)).round(2), (1.5, 0.2, -0.8, 1.2))]),
    ("Read it from the loss back. Each line should be the one before it, times one thing.",
     "What does a relu answer to a negative number, and how steep is it there?",
     "Try x = 1.5 and w = −0.8 in your head. Which of the lines give something other than they should?"),
    "Each right line is one line above it times a slope, a weight, or an answer. The slope of a relu is 1 or 0, and "
    "Python's `(z > 0)` is just that.", core=False, minutes=4)

# ---- why it goes back

MANY = Exercise(
    "L02-q8", "How many paths?",
    "A network has {d} hidden layers of {h} units each, then **one** output. Every unit feeds all units of the next "
    "layer. Take one weight that leads from an input into the first hidden layer. How many different **paths** lead "
    "from it to the loss?",
    Quantity("my_paths", Number(0, 10 ** 9, whole=True), truth=lambda n: n["h"] ** (n["d"] - 1),
             draw=lambda rng: {"d": int(rng.integers(5, 8)), "h": int(rng.integers(3, 6))},
             slips=(Slip("one layer too many", lambda right, n: n["h"] ** n["d"],
                         "Almost: the weight leads into one unit of the first layer, not into all of them."),
                    Slip("added", lambda right, n: n["h"] * (n["d"] - 1),
                         "That adds up the layers. From each unit the path branches anew."),
                    Slip("layers times units", lambda right, n: n["h"] * n["d"],
                         "That is how many hidden units there are. From each of them the path branches anew."),
                    Slip("all units", lambda right, n: n["h"] * n["d"] + 1, "That is the number of units.")),
             working="my_paths = {h} ** ({d} - 1)"),
    ("Draw a small one: two hidden layers of two units. Count the paths from one input weight.",
     "The weight leads into one unit. Into how many does that one lead, and each of those again?",
     "Every further hidden layer multiplies the number of paths. How many further ones are there? All end in one "
     "output."),
    "In the first hidden layer there is one place to be, in each later one as many as it has units. The numbers "
    "multiply. Going back, each unit's ∂L/∂z is found once and kept: as many numbers as units, not as paths.",
    core=False)

# ---- line by line

TYPED = Exercise(
    "L02-q9", "Two paths, line by line",
    "With letters. One hidden unit feeds two outputs, which are identity units:\n\n"
    "`z = w*x`, `h = tanh(z)`, `o1 = v1*h`, `o2 = v2*h`, `L = (o1 - t1)**2 + (o2 - t2)**2`.\n\n"
    "Type a derivation of `dL/dw`, for example beginning with `\"dL/do1 = 2*(o1 - t1)\"`. A line may use the ones "
    "before it. Any form counts, and each line is **proved**.",
    TypedDerivation("my_lines", ("x", "w", "v1", "v2", "t1", "t2"),
                    {"z": "w*x", "h": "tanh(z)", "o1": "v1*h", "o2": "v2*h", "L": "(o1 - t1)**2 + (o2 - t2)**2"},
                    goal="dL/dw",
                    lines=("dL/do1 = 2*(o1 - t1)", "dL/do2 = 2*(o2 - t2)", "dL/dh = dL/do1 * v1 + dL/do2 * v2",
                           "dL/dz = dL/dh * (1 - h**2)", "dL/dw = dL/dz * x"),
                    wrongs=(WrongFormula("one path", "dL/dh = dL/do1 * v1", "Two roads lead from h to the loss."),
                            WrongFormula("multiplied", "dL/dh = dL/do1 * v1 * dL/do2 * v2",
                                         "Along a road one multiplies. Where two meet, one does something else."),
                            WrongFormula("no slope", "dL/dz = dL/dh", "Between z and h lies the slope of tanh."))),
    ("Start with the two outputs, a line each. Then comes the place where the two roads meet.",
     "tanh's slope can be written with its own answer, `1 - h**2`.",
     "Five lines: o1, o2, h, z, w. Only the one for h has two terms."),
    "Two lines at the outputs, one where the roads meet, one for the slope, one for the weight. Each uses only "
    "lines before it.", core=False, minutes=6)

OPTIONAL = (SIGNS, TANH, SILENT, MANY, TYPED)
