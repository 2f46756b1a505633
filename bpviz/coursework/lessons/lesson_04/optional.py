"""The optional exercises of lesson 4: a diagnosis, a click, a sheet of paper, a residue, a step without subtraction."""
from functools import cache

from bpviz.coursework.exercise import Exercise
from bpviz.coursework.kinds.body import WrittenSlopes, WrongLines
from bpviz.coursework.kinds.proof import TypedFormula, WrongFormula
from bpviz.coursework.kinds.property import Must, Property
from bpviz.coursework.kinds.quantities import Choice, Number, Quantity, Slip, usual
from bpviz.coursework.lessons.lesson_04 import experiments as lab
from bpviz.coursework.lessons.lesson_04.core import LOSS, ZEROS, nudged, places

L = LOSS.replace("loss(w)", "L(w)")

# ---- a diagnosis

TOO_EARLY = "the second layer's weights are changed before the blame goes back through them"
OPTIONS = (("the slope of the hidden units is forgotten", "",
            "Then the error would be the same at every rate. What has the rate to do with a gradient?"),
           TOO_EARLY,
           ("the step h of the check is too large", "",
            "Then the second layer would be off as well, and the rate would not matter."),
           ("nothing: the newest weights are the best ones to go back along", "M09",
            "The gradient belongs to the weights that made the answer. Nudging asks the loss there, and it disagrees."))
DIAGNOSED = Exercise(
    "L04-q3", "A check of a whole step",
    "Somebody checks not the backward pass alone, but the gradients that their **training step** uses. They do it at "
    "three learning rates, always from the same weights:\n\n{table}\n\nWhat is wrong with the step?\n\n"
    + "\n\n".join(f"{letter}) {one if isinstance(one, str) else one[0]}"
                  for letter, one in zip("abcd", OPTIONS, strict=True)) + "\n\nAnswer with a letter.",
    Quantity("my_diagnosis", Choice(OPTIONS),
             draw=lambda rng: {"table": lab.early_table(float(rng.choice([0.5, 1, 2])))},
             truth=lambda given: TOO_EARLY),
    ("A gradient is a matter of the weights as they are. What has the learning rate to do with it?",
     "At rate 0 an update changes nothing, and all is right. So what has already happened at the other rates?",
     "The second layer is right, the first is not. What does the blame pass on its way from one to the other?"),
    "The error grows with the rate, so some update has already happened when the first layer's gradient is found. "
    "The blame goes back through the second layer's weights, and they are new already. First all gradients, then all "
    "updates.", core=False)

# ---- a click

PUZZLE = 39


@cache
def checked_puzzle():
    """The puzzle of the exercise, with its differences."""
    from bpviz.coursework.attempt import checked  # with them comes SymPy, half a second
    from bpviz.coursework.random_puzzle import random_puzzle
    return checked(random_puzzle(PUZZLE))


def said_of_line(values, given):
    """Whether a line is the guilty one, and what the panel says of it."""
    from bpviz.coursework.attempt import Attempt
    attempt = Attempt(checked_puzzle(), int(values["line"]))
    return {"solved": attempt.solved, "there": attempt.judged, "said": attempt.words}


CLICKED = Exercise(
    "L04-q4", "Click the wrong line",
    "Find the wrong line in the panel above, puzzle number 39. Ask the loss first: click some arrows. Then click the "
    "line. Hand in its number. (`my_click = puzzle_panel` reads it from the panel, but the panel begins anew with "
    "each run of the notebook; the number stays.)",
    Property("my_click", {"line": Number(0, 12, whole=True)}, said_of_line,
             (Must("none", lambda found: not found["there"], "No line of the program has this number.", {"line": 0}),
              Must("another line", lambda found: not found["solved"], "{said}", {"line": 2}, "M11")),
             solves=lambda given: {"line": checked_puzzle().puzzle.guilty}, setting={"puzzle": 39},
             yes="{said}"),
    ("Click an arrow of each layer. In which layer are the entries right?",
     "Two outputs hear each hidden unit. How many paths does the blame come back on?",
     "Click a line that you believe in: the entries it feeds light up. If one of those is right, the line is cleared."),
    "The second layer is right, so every line down to its gradients is cleared. In the first layer the entries are "
    "off by factors of their own. Between the two stands the line that brings the blame back, and it must add over "
    "**all** paths.", core=False)

# ---- on paper

PAPER = Exercise(
    "L04-q5", "With paper and pencil",
    "One weight only, and $L = (w - 1)^2$. Let $w = {w}$ and $h = {h}$. What does the **forward** difference give?",
    Quantity("my_quotient", Number(), truth=lambda n: 2 * (n["w"] - 1) + n["h"],
             draw=lambda rng: {"w": int(rng.integers(3, 7)), "h": float(rng.choice([0.4, 0.8]))},
             slips=(Slip("slope", lambda right, n: 2 * (n["w"] - 1),
                         "That is the slope itself. The quotient with this step is not quite the same: put the numbers "
                         "in."),
                    Slip("down", lambda right, n: 2 * (n["w"] - 1) - n["h"],
                         "That is the step downwards: forward means to the right."),
                    Slip("not divided", lambda right, n: right * n["h"],
                         "That is how much the loss changes. Divide by how far you went."),
                    *usual("sign", "half")),
             working="before = ({w} - 1) ** 2\nafter = ({w} + {h} - 1) ** 2\nmy_quotient = (after - before) / {h}"),
    ("Two losses: one at w, one a step further to the right.",
     "Subtract the first from the second: that is how much the loss changes.",
     "A slope is change divided by length. How long was the step?"),
    "The change is $2(w - 1)h + h^2$, so the quotient is $2(w - 1) + h$: the slope, plus exactly $h$. That is the "
    "truncation error, for the parabola bends. Try the central difference: there the error cancels.", core=False)

LEFT_OVER = Exercise(
    "L04-q6", "A residue",
    "A program forgets the slope of a sigmoid unit. It says `dz1 = da1`. The right line multiplies by the slope, "
    "written with the unit's own answer `a1`.\n\nWhat is the **residue**: the program's line less the right one? "
    "A formula in `da1` and `a1`. Any form counts; it is proved for all numbers.",
    TypedFormula("my_residue", ("da1", "a1"), "da1 - da1*a1*(1 - a1)", ranges={"a1": (0.05, 0.95)},
                 wrongs=(WrongFormula("right line", "da1*a1*(1 - a1)",
                                      "That is the right line itself. Subtract it from the program's."),
                         WrongFormula("no blame", "1 - a1*(1 - a1)", "Nearly: what became of da1?"))),
    ("First write down the right line: the blame of the answer, times the slope.",
     "The slope of a sigmoid unit that answers a is a(1 − a).",
     "Program less right: two terms, and both hold the blame of the answer."),
    "What is left over is $da_1\\,(1 - a_1(1 - a_1))$. The bracket is never 0, for the slope is a quarter at most. So "
    "the residue is 0 only where `da1` is 0. A check at such a place sees nothing; the residue shows the fault at a "
    "glance.", core=False)

# ---- a step without subtraction

COMPLEX = Exercise(
    "L04-q7", "No subtraction at all",
    "Once more the slopes of the loss, which is `L` here, now with the **complex step**. In Python the imaginary "
    "unit is `1j`, and "
    "`number.imag` is the imaginary part. The check uses an `h` so small that every difference would come out as 0.",
    WrittenSlopes("by_complex_step", ("w", "h"), ("slopes",),
          "The slope of the loss for each weight, found with the step 1j * h.",
          nudged("L(w + 1j * nudge).imag / h"), (
              WrongLines("not divided", nudged("L(w + 1j * nudge).imag"),
                         "That is the imaginary part itself. Divide it by how far you went."),
              WrongLines("half", nudged("L(w + 1j * nudge).imag / (2 * h)"),
                         "Exactly half of what it should be: there is one step here, not two."),
              WrongLines("real", nudged("L(w + 1j * nudge).real / h"),
                         "That is made of the real part, which is the loss itself."),
              WrongLines("difference", nudged("(L(w + nudge) - L(w - nudge)) / (2 * h)"),
                         "All slopes are 0. At this h two losses are the same in every digit, so they differ by 0. "
                         "And an array of real numbers drops a `1j` that is put into it: add one to the other.")),
          places((1e-20, 9e-20)), above=L, begins=ZEROS),
    ("Your loop of the first exercise stays. Only the line that makes `slopes[k]` is new.",
     "The nudge goes in the imaginary direction: multiply it by `1j` before you add it to `w`.",
     "One loss only, at the place with the imaginary nudge. Take its imaginary part. Divide by the length of the "
     "step."),
    "For a small step, the loss at $w + ih$ is $L + ih\\,L'$, nearly. So the imaginary part is $h$ times the slope. "
    "Nothing is subtracted, so no digits cancel.", core=False, minutes=4)

OPTIONAL = (DIAGNOSED, CLICKED, PAPER, LEFT_OVER, COMPLEX)
