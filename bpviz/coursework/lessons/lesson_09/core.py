"""The core exercises of lesson 9: a product along a path, a start found by dragging, a skip's way back."""
from bpviz.coursework.exercise import Exercise
from bpviz.coursework.kinds.fault import Planted, PlantedFault
from bpviz.coursework.kinds.property import Must, Property
from bpviz.coursework.kinds.quantities import Number, Quantity, Slip
from bpviz.coursework.lessons.lesson_09 import experiments as lab
from bpviz.words.numbers import amount

LEFT_OVER = Exercise(
    "L09-q1", "What is left",
    "A chain of **{n}** layers, one sigmoid unit in each. Every weight is **{w}**. The biases are such that each unit "
    "hears 0. There the slope of a sigmoid is 1/4.\n\nThe blame of the last unit, at what it hears, is 1. What is the "
    "blame of the first unit, at what it hears?",
    Quantity("my_blame", Number(), truth=lambda n: (n["w"] / 4) ** (n["n"] - 1),
             draw=lambda rng: {"n": int(rng.integers(4, 7)), "w": int(rng.choice([2, 3, 6, 8]))},
             slips=(Slip("slope only", lambda right, n: 0.25 ** (n["n"] - 1),
                         "These are the slopes alone. On its way back the blame goes through the weights too.", "M15"),
                    Slip("weight only", lambda right, n: n["w"] ** (n["n"] - 1),
                         "These are the weights alone. Between what a unit answers and what it hears lies its slope."),
                    Slip("one factor too many", lambda right, n: right * n["w"] / 4,
                         "One factor too many: how many steps lead from the last of these layers back to the first?"),
                    Slip("one layer only", lambda right, n: n["w"] / 4,
                         "That is one step back. How many are there?")),
             working="my_blame = ({w} * 1/4) ** ({n} - 1)"),
    ("What is the blame multiplied by on its way from one unit back to the unit before it? There are two things.",
     "From what a unit hears back to the answer before it: the weight. From there to what that unit hears: the slope.",
     "Each step back has the same factor. Draw the units as dots: how many steps are there between them?"),
    "One step back is the weight times the slope. Between n units there are n − 1 steps, so there are n − 1 factors. "
    "Below 1 they leave next to nothing, above 1 they explode. Only a factor of 1 keeps the blame as it is.", minutes=4)


def passed_on(values, given):
    """What a layer of 20 tanh layers multiplies the blame by at this weight scale, and what is left of it."""
    flow = lab.flow("tanh", "normal", values["scale"], 20)
    return {"factor": flow.factor, "left": amount(flow.delta[0] / flow.delta[-1])}


STARTED = Exercise(
    "L09-q2", "A start that keeps the gradient",
    "20 layers of tanh, 64 units in each, and the start **normal**: weights of typical size 1. Find a **weight "
    "scale** with which a layer multiplies the blame by 0.9 to 1.1 on average.\n\nDrag it in the panel above. Its "
    "words say by what a layer multiplies, and the second plot shows it layer by layer. Hand in the number. "
    "(`my_scale = start_panel` reads it from the panel, but the panel begins anew with each run of the notebook; the "
    "number stays.)",
    Property("my_scale", {"scale": Number(0.01, 10)}, measure=passed_on,
             musts=(Must("vanishes", lambda found: found["factor"] < 0.895,
                         "It vanishes: there a layer multiplies the blame by {factor:.2f}. After 20 layers {left} "
                         "of it is left.", {"scale": 0.05}),
                    Must("explodes", lambda found: found["factor"] > 1.105,
                         "It explodes: there a layer multiplies the blame by {factor:.2f}. After 20 layers it is "
                         "{left} times as large.", {"scale": 1.0})),
             solves=lambda given: {"scale": 0.14}, setting={"activation": "tanh", "start": "normal", "depth": 20,
                                                            "width": 64, "cure": "none", "steps": 0},
             yes="Yes: there a layer multiplies the blame by {factor:.2f}. Compare your scale with one over the root "
                 "of 64."),
    ("Are the dots of the second plot above the line of 1 or below it? Which way must the scale go?",
     "A unit hears 64 terms. How fast does a sum of n random terms grow with n?",
     "Small steps: below 1 this slider takes its time. The box beside it takes numbers from the keyboard, too."),
    "With 64 units a sum is about 8 times as large as one term. So weights of a typical size of 1/8 hand on what came "
    "in, forward and back. A little more is right for tanh, whose slope is a little below 1. That is Glorot's "
    "start.", minutes=5)

SKIPPED = Exercise(
    "L09-q3", "The way back of a skip",
    "Three layers, and the second one has a **skip**: `z2 = z1 + w2 * a1`. This backward pass has exactly **one** "
    "wrong line. It runs without an error.\n\n{listing}\n\nAnswer with the number of the line and the line as it "
    "should be: `my_line = (7, \"dw3 = ...\")`. (Or name what is wrong: {kinds}.)",
    PlantedFault("my_line", "backward(x, t, w1, w2, w3)",
                 ("z1 = w1 * x", "a1 = np.tanh(z1)", "z2 = z1 + w2 * a1", "a2 = np.tanh(z2)", "do = 2 * (w3 * a2 - t)",
                  "dw3 = do * a2", "dz2 = do * w3 * (1 - a2 ** 2)", "dw2 = dz2 * a1",
                  "dz1 = dz2 * w2 * (1 - a1 ** 2) + dz2", "dw1 = dz1 * x", "return dw1, dw2, dw3"),
                 (Planted("dz1 = dz2 * w2 * (1 - a1 ** 2) + dz2", "dz1 = dz2 * w2 * (1 - a1 ** 2)", "one road only",
                          "Two roads lead from z1 to z2, so blame comes back on both, and is added."),
                  Planted("dz1 = dz2 * w2 * (1 - a1 ** 2) + dz2", "dz1 = (dz2 * w2 + dz2) * (1 - a1 ** 2)",
                          "a slope on the skip", "The skip begins at z1, before the unit answers: no slope lies on "
                                                 "it."),
                  Planted("dw2 = dz2 * a1", "dw2 = dz2 * (a1 + z1)", "the skip in a weight",
                          "A weight's gradient is blame times what came through it. The skip goes around the weight.")),
                 calls=lambda rng: [dict(zip(("x", "t", "w1", "w2", "w3"),
                                             map(float, rng.uniform(0.3, 1.7, 5).round(2)), strict=True))
                                    for _ in range(3)]),
    ("Go back from the loss, line by line, and name each move: slope, weight, or answer.",
     "Draw the network: which arrows lead from z1 to z2? What lies on each of them?",
     "Multiply along each road from z2 back to z1. One road has a weight and a slope on it. The other one has nothing. "
     "Then add."),
    "On the old road from z2 back to z1 the blame meets the weight and the slope of unit 1. On the skip it meets "
    "nothing at all: it comes back whole. So even if the old road lets nothing through, the blame of the layer "
    "above arrives.", minutes=5)

CORE = (LEFT_OVER, STARTED, SKIPPED)
