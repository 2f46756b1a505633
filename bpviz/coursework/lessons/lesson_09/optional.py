"""The optional exercises of lesson 9: shortening a gradient, half a layer of silence, counting roads around layers."""
from bpviz.coursework.exercise import Exercise
from bpviz.coursework.kinds.ordering import Ordering, Twin
from bpviz.coursework.kinds.proof import TypedFormula, WrongFormula
from bpviz.coursework.kinds.quantities import Number, Quantity, Slip
from bpviz.coursework.lessons.lesson_09 import experiments as lab

# ---- a gradient that is too long

SHORTENED = Exercise(
    "L09-q4", "Clipped to a length",
    "A gradient has the length {long}. It may have {most} at most, so it is clipped: shortened to this length, "
    "pointing the same way. One of its entries was {entry}. What is left of this entry?",
    Quantity("my_entry", Number(), truth=lambda n: n["entry"] * n["most"] / n["long"],
             draw=lambda rng: {"long": int(rng.choice([20, 40, 50, 80])), "most": int(rng.choice([2, 5])),
                               "entry": int(rng.choice([6, 8, 12]))},
             slips=(Slip("each by itself", lambda right, n: n["most"],
                         "That cuts this entry by itself. Then the gradient points somewhere else: all entries "
                         "together are to become shorter."),
                    Slip("the length forgotten", lambda right, n: n["entry"] / n["long"],
                         "That makes the whole gradient 1 long. How long may it be?"),
                    Slip("the same", lambda right, n: n["entry"], "This is the entry as it was."),
                    Slip("upside down", lambda right, n: n["entry"] * n["long"] / n["most"],
                         "That is longer than before.")),
             working="my_entry = {entry} * {most} / {long}"),
    ("Pointing the same way means: every entry is multiplied by the same number.",
     "By which number must the length be multiplied, to be as long as it may be?",
     "New length over old length: that is the number. Now the entry."),
    "All entries are multiplied by new length over old length. So they keep their proportions, and the step goes the "
    "same way downhill, only less far.", core=False)

IN_ORDER = Exercise(
    "L09-q5", "A training step with clipping, in order",
    "The lines in the cell below are one training step of a small network. Its gradient is clipped at the length 1. "
    "The lines are shuffled: put them in order. Where two lines have the same letter, such as b1 and b2, **one** of "
    "them is wrong: take the other.",
    Ordering("my_order",
             ("a = np.tanh(w1 * x)", "do = 2 * (w2 * a - t)", "dw2 = do * a", "dw1 = do * w2 * (1 - a ** 2) * x",
              "length = np.hypot(dw1, dw2)", "keep = min(1, 1 / length)", "w1 = w1 - rate * keep * dw1",
              "w2 = w2 - rate * keep * dw2"),
             result=("w1", "w2"),
             inputs=lambda rng: {**{name: round(low * rng.uniform(1, 1.3), 2) for name, low in
                                    (("x", 0.2), ("t", -6.0), ("w1", 0.6), ("w2", 0.5))}, "rate": 0.1},
             twins=(Twin("do = 2 * (w2 * a - t)", "do = 2 * np.clip(w2 * a - t, -1, 1)",
                         "That clips the error. It is the gradient that is to be clipped, at the end of its way back.",
                         "M17"),
                    Twin("keep = min(1, 1 / length)", "keep = max(1, 1 / length)",
                         "What does this line give for a gradient of length 10?"))),
    ("Forward, loss, backward, update: the four phases. Clipping lies between two of them.",
     "A line can only stand after the lines that make what it uses.",
     "`length` needs every entry of the gradient. And all entries must be there before a weight is changed."),
    "First the whole gradient, then its length, then the update, shortened by the same factor for every weight. A "
    "gradient that is short enough stays as it is.", core=False)

# ---- how much a layer keeps

HALF_SILENT = Exercise(
    "L09-q6", "Half of the units are silent",
    "A wide layer of relu units, with weights of typical size $1 / \\sqrt n$: Glorot's start, not He's. A unit hears "
    "something positive as often as something negative. By how much does one layer multiply the **length** of the "
    "blame, $|\\partial L / \\partial z|$?",
    Quantity("my_factor", Number(tolerance=0.02), truth=lambda given: lab.kept("LeCun"),
             slips=(Slip("of the square", lambda right, n: right ** 2,
                         "That is what is left of the sum of all squares. The length is its root."),
                    Slip("nothing lost", lambda right, n: 1.0,
                         "A relu's slope is 1 only where the unit answers. What comes back through the others?", "M16"),
                    Slip("He's", lambda right, n: 1 / right, "That is how much larger He's weights are, to make up "
                                                             "for it.")),
             working="my_factor = 0.5 ** 0.5"),
    ("With tanh near 0, all slopes are 1, and a layer with these weights keeps the length as it is.",
     "The length of the blame is the root of the sum of all squares. Which part of the squares is left here?",
     "For half of the units the slope is 0, for the others it is 1. First the sum of squares, then the root."),
    "Half of the squares are left, and the length is the root. After 20 layers that is about a thousandth. He's start "
    "makes the weights larger by just this factor, and so the length stays.", core=False)

ROADS = Exercise(
    "L09-q7", "Roads around three layers",
    "Three layers follow each other, one unit in each, and **each of them has a skip**. Call `p` what one layer "
    "multiplies the blame by without its skip: slope times weight. It is the same for all three.\n\nBy what do the "
    "three layers, with their skips, multiply the blame? Type a formula in `p`. Any form counts; it is proved for all "
    "numbers.",
    TypedFormula("my_formula", ("p",), "(1 + p)**3",
                 wrongs=(WrongFormula("no skip", "p**3", "That is the road through all three. Where are the skips?"),
                         WrongFormula("one skip for all", "1 + p**3",
                                      "That is one skip around all three layers. Here each layer has its own."),
                         WrongFormula("added", "3*(1 + p)",
                                      "Along a path one multiplies; what is added are paths that run side by side."),
                         WrongFormula("two layers", "(1 + p)**2", "How many layers are there?")),
                 working='my_formula = "(1 + p)*(1 + p)*(1 + p)"'),
    ("First one layer with its skip: two roads, one through the layer and one around it.",
     "On the road around the layer, the blame is multiplied by 1. Roads side by side are added.",
     "The layers follow each other, so what they do is multiplied."),
    "One layer with its skip multiplies by $1 + p$, three of them by $(1 + p)^3 = 1 + 3p + 3p^2 + p^3$. These are "
    "eight roads: around all layers, through one of them, two, or all. However small p is, the 1 is left.", core=False)

OPTIONAL = (SHORTENED, IN_ORDER, HALF_SILENT, ROADS)
