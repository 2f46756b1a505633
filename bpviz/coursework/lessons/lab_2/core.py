"""The seven patients of lab 2: six to be diagnosed and treated, and one whose backward pass is to be mended."""
from bpviz.coursework.exercise import Exercise
from bpviz.coursework.kinds.fault import Planted, PlantedFault
from bpviz.coursework.lessons.lab_2.case import Fixed, case

ASKED = ("Name the cause, and find a treatment with which the loss ends at **{goal}** or below. Hand in a dict, such "
         "as `dict(cause=\"small\", rate=0.3)`. Any treatment that works is right. Try it out first: `chart({number}, "
         "rate=0.3)`.")


def prompt(number, goal, text):
    """What is asked of every patient, and the text of this one."""
    return text + "\n\n" + ASKED.replace("{goal}", goal).replace("{number}", str(number))


def other(knob, value):
    """Whether a treatment turned this knob."""
    return lambda found: found[knob] != value


TWINS = Exercise(
    "LAB2-q1", "Treat patient 1",
    prompt(1, "0.02", "XOR, with 4 hidden sigmoids. The loss falls for a while and then stays where it is."),
    case(1, "my_patient_1", "twins", {"start": "normal"},
         "Yes. The loss ends at {ended}. Now the units begin differently, so each can learn something of its own.",
         missed=(("more units", other("units", 4), "The cause is right, and the loss ends at {loss:.4f}. More units "
                                                   "that "
                  "are all alike are still one unit. What would make them differ?", {"units": 12}, "M08"),
                 ("other optimizer", other("optimizer", "descent"), "The cause is right. But another optimizer moves "
                                                                    "alike "
                  "what is alike: the loss ends at {loss:.4f}.", {"optimizer": "Adam", "rate": 0.01})),
         says={"saturated": "Some are flat on some rows now. That came late: look at the slopes at step 0."}),
    ("Look at the pictures of slopes: each row is a unit. Can you tell the hidden units apart?",
     "What is alike has the same slopes, and takes the same steps. So the cure must come before the first step.",
     "Two knobs can make the units differ at the start: one is a word, the other draws the biases."),
    "All units began with the same weights. They get the same slopes in every step, so four units do the work of one, "
    "and one unit cannot do XOR. A random start helps, or random biases. More units, another rate or another optimizer "
    "do not: none of them makes a difference between units.", minutes=7)

DEAD = Exercise(
    "LAB2-q2", "Treat patient 2",
    prompt(2, "0.02", "XOR again, with 6 hidden relus. It jumps a few times, and then the loss is perfectly level. "
                      "What keeps it from learning **there**?"),
    case(2, "my_patient_2", "dead", {"rate": 1.0},
         "Yes. The loss ends at {ended}. With this treatment enough units keep a slope.",
         missed=(("other optimizer", other("optimizer", "descent"), "The cause is right. With this optimizer at this "
                                                                    "rate "
                  "the loss ends at {loss:.4f}: are its first steps any shorter?", {"optimizer": "Adam"}),),
         says={"rate": "In the first steps it jumped, yes. But since then nothing moves at all. In what state did the "
                       "long steps leave the units?",
               "twins": "All rows of the picture look alike at the end. But the units' weights differ.",
               "saturated": "A relu has no flat end on the right. And at step 0 all was well: compare the pictures.",
               "small": "Two relus can do XOR, and here are six. But do these six still answer?"}),
    ("Compare the slopes at step 0 with those at the end. What has happened to the units?",
     "A relu that hears less than 0 on every row has no slope on any row. What could push it there so quickly?",
     "Either the steps are shorter, so that no unit is thrown so far. Or the unit is one that still has a slope on the "
     "left."),
    "A step that was too long threw all six relus to where they hear less than 0 on every row. There the slope is 0, "
    "so nothing brings them back. A smaller rate avoids the accident. A unit with a slope on the left, such as leaky "
    "relu, elu or tanh, survives it.", minutes=7)

MINIMUM = Exercise(
    "LAB2-q3", "Treat patient 3",
    prompt(3, "0.0281", "The two-weight network on the data `trident`, rate 2. It walks a little and comes to rest."),
    case(3, "my_patient_3", "minimum", {"w1": 1.0, "w2": 2.0},
         "Yes. From there the loss ends at {ended}: it comes down in another valley.",
         missed=(("other optimizer", lambda found: found["optimizer"] != "descent"
                  and (found["w1"], found["w2"]) == (-2.0, -2.0),
                  "The cause is right. But from this start {optimizer} with rate {rate:g} ends at {loss:.4f}. No "
                  "optimizer knows that there is a deeper valley.", {"optimizer": "Adam", "rate": 0.05}, "M14"),
                 ("other rate", lambda found: (found["w1"], found["w2"]) == (-2.0, -2.0),
                  "The cause is right. With the rate {rate:g} it ends at {loss:.4f}. A rate for every trap has yet to "
                  "be found: which other knob is there?", {"rate": 20.0}, "M13")),
         says={"small": "The same two weights can do better: elsewhere in this landscape lies a deeper place.",
               "twins": "It has one hidden unit, and that has no twin.",
               "saturated": "The units still have their slopes, on more than one row. Look at the slopes at step 0."}),
    ("The panel shows this landscape from above. Is there a slope left where the path ends? And around it?",
     "The valley in which a descent ends is decided by where it begins. Drag the start in the panel.",
     "The deepest place is A, in the lower half. Look for starts whose way down is not barred by the ridges around C."),
    "The path came to rest in C. There is no slope left, and the loss rises in every direction. Only another start "
    "helps for sure. About a quarter of all starts reach A. So with a bad minimum one begins anew, several "
    "times.", minutes=7)

RATE = Exercise(
    "LAB2-q4", "Treat patient 4",
    prompt(4, "0.01", "XOR with soft targets, 0.1 and 0.9, and 2 hidden units of tanh."),
    case(4, "my_patient_4", "rate", {"rate": 4.0},
         "Yes. The loss ends at {ended}. These steps are short enough to settle.",
         missed=(("more units", other("units", 2), "The cause is right. With more units and steps as long as before "
                                                   "the "
                  "loss ends at {loss:.4f}.", {"units": 6}, "M08"),
                 ("other optimizer", other("optimizer", "descent"), "The cause is right. With {optimizer} at the rate "
                  "{rate:g} the loss ends at {loss:.4f}. These steps are too long as well.", {"optimizer": "Adam"})),
         says={"saturated": "They are flat here and there, since the weights were thrown about. But look at step 0.",
               "minimum": "Whoever sits in a minimum is at rest. Does this loss look as if it was at rest?"}),
    ("Is the loss at rest at the end? What does it do from one step to the next?",
     "Every step jumps over the valley. What decides how long a step is?",
     "Divide the rate by 2 until the curve becomes smooth. Which rate is the first to settle?"),
    "The rate is above 2 divided by the steepest curvature, so each step jumps over the bottom to the other side. A "
    "smaller rate settles. Adam with small steps does, too. More units do not shorten a step.", minutes=5)

TOWER = Exercise(
    "LAB2-q5", "Treat patient 5",
    prompt(5, "0.5", "Twelve layers of sigmoids on the hidden XOR of lesson 9, with cross-entropy. Guessing costs "
                     "about 0.69. The knob `layers` takes the words `plain`, `skip`, `layer norm`, `skip and layer "
                     "norm`."),
    case(5, "my_patient_5", "vanishing", {"layers": "skip"},
         "Yes. The loss ends at {ended}. Now enough of the gradient arrives at the first layers.",
         missed=(("layer norm", lambda found: found["layers"] == "layer norm", "The cause is right. With layer norm "
                                                                               "alone "
                  "the loss ends at {loss:.4f}: it cannot make a sigmoid steeper.", {"layers": "layer norm"}),
                 ("other optimizer", other("optimizer", "descent"), "The cause is right. With {optimizer} at the rate "
                  "{rate:g} the loss ends at {loss:.4f}. What could let more of the gradient through?",
                  {"optimizer": "momentum"})),
         says={"saturated": "Look at the slopes at step 0: the units answer where their curve is steepest.",
               "small": "With more units in each layer it learns as little: try it. Fewer layers would do better."}),
    ("Look at the second picture, at its curve of step 0. How large is layer 1, beside layer 12?",
     "Each layer multiplies what comes back by slope times weight. A sigmoid's slope is at most a quarter.",
     "Lesson 9 had several cures. One gives the blame a second road, one takes units with a steeper slope."),
    "A sigmoid lets a quarter through at most, and that eleven times. Hardly anything comes to layer 1. Skips give the "
    "blame another road. Units such as tanh or relu have slopes near 1. Layer norm alone changes neither.", minutes=6)

SATURATED = Exercise(
    "LAB2-q6", "Treat patient 6",
    prompt(6, "0.02", "XOR, with 4 hidden sigmoids. The loss is level from the very first step. The weights were "
                      "drawn with the start `normal`, then multiplied by the `scale` 30."),
    case(6, "my_patient_6", "saturated", {"scale": 1.0},
         "Yes. The loss ends at {ended}. The units begin where their curve has a slope.",
         missed=(("more units", other("units", 4), "The cause is right. More units with weights as large end at "
                  "{loss:.4f}.", {"units": 12}, "M08"),
                 ("other optimizer", other("optimizer", "descent"), "The cause is right. But with {optimizer} at the "
                  "rate {rate:g} the loss ends at {loss:.4f}.", {"optimizer": "Adam", "rate": 0.05}, "M14")),
         says={"dead": "A sigmoid's slope is never exactly 0. Nearly 0, yes: why is it so small?",
               "vanishing": "Small it is, but on its way through how many layers? This network has only two."}),
    ("Look at the lowest row of the slopes, the output. What does its slope do to all that comes back?",
     "A sigmoid is flat where it hears numbers far from 0. What makes a unit hear large numbers?",
     "The cure must come before the first step. Which knob makes the weights small?"),
    "The weights were 30 times too large. So the output hears numbers far from 0, and there its slope is next to "
    "nothing. All blame goes through this slope first. Smaller weights put the units back where they are steep. Other "
    "units in the hidden layer are no help, as the output stays a flat sigmoid.", minutes=5)


FAULT = PlantedFault(
    "my_patient_7", "backward(x, t, w1, w2)",
    ("a1 = 1 / (1 + np.exp(-w1 * x))", "o = 1 / (1 + np.exp(-w2 * a1))", "do = 2 * (o - t)", "dz2 = do * o * (1 - o)",
     "dw2 = dz2 * a1", "dz1 = dz2 * w2 * a1 * (1 - a1)", "dw1 = dz1 * x", "return {\"dw1\": dw1, \"dw2\": dw2}"),
    (Planted("dz1 = dz2 * w2 * a1 * (1 - a1)", "dz1 = dz2 * w2", "a slope is missing",
             "From an answer back to what the unit hears, the blame meets the unit's slope."),
     Planted("dw2 = dz2 * a1", "dw2 = dz2 * x", "the wrong input", "What came through w2 is a1."),
     Planted("do = 2 * (o - t)", "do = 2 * (t - o)", "uphill", "The error is the output minus the target.")),
    calls=lambda rng: [dict(zip(("x", "t", "w1", "w2"), map(float, rng.uniform(0.3, 1.7, 4).round(2)), strict=True))
                       for _ in range(3)], misconception="M11")


class _First:
    """Draws the first of anything."""
    integers = staticmethod(lambda most: 0)


FIRST = FAULT.given(_First)                      # the fault that the notebook runs, the same for everybody

FAULTY = Exercise(
    "LAB2-q7", "Mend patient 7",
    "This is the backward pass of patient 7, as in the cell above. Exactly **one** line is wrong.\n\n"
    + FIRST["listing"] + "\n\nAnswer with the number of the line and the line as it should be: "
    "`my_patient_7 = (4, \"do = ...\")`. "
    f"(Or name what is wrong: {FIRST['kinds']}.)",
    Fixed(FAULT, FIRST),
    ("Which of the two slopes disagrees with its nudge? So where can the wrong line not stand?",
     "Go back from the loss and name each move: slope, weight, answer. Which moves belong to dw1 alone?",
     "There are two units. Each of them needs one slope on the way back. Count them."),
    "The slope of unit 1 was missing, so dw1 was too large, on some rows far more than on others. The descent still "
    "went down, since the sign was right on every row. But it went to a place where the *wrong* slopes are 0. A "
    "falling loss does not prove a gradient. A nudge does, weight by weight.", points=2, minutes=7)

CORE = (TWINS, DEAD, MINIMUM, RATE, TOWER, SATURATED, FAULTY)
