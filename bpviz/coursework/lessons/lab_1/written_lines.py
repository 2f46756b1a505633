"""The exercises of lab 1 that are lines: forward, loss and slope, the whole backward pass, update, one line proved."""
from dataclasses import fields

from bpviz.coursework.exercise import Exercise
from bpviz.coursework.kinds.partials import Partials, network
from bpviz.coursework.kinds.proof import TypedFormula, WrongFormula
from bpviz.coursework.kinds.written import WrittenLines, WrongLine

SHAPES = {"W1": (2, 3), "b1": (3,), "W2": (3, 2), "b2": (2,)}
FORWARD = Exercise(
    "LAB1-q1", "Forward",
    "Write `forward`: what the hidden units hear and answer, `z1` and `a1`, then the same for the outputs, `z2` and "
    "`o`. All rows at once. Return the four by name: `return {\"z1\": z1, ...}`. `np.tanh` and `sigmoid` take whole "
    "tables.",
    WrittenLines("forward", {"x": (4, 2), **SHAPES},
                 {"z1": "x @ W1 + b1", "a1": "np.tanh(z1)", "z2": "a1 @ W2 + b2", "o": "sigmoid(z2)"},
                 (WrongLine("z1", "x @ W1", "bias left out", "each hidden unit hears its bias, too"),
                  WrongLine("a1", "sigmoid(z1)", "sigmoid for tanh", "the hidden units here answer with tanh"),
                  WrongLine("z2", "z1 @ W2 + b2", "z for answer", "the outputs hear what the hidden units *answer*"),
                  WrongLine("o", "np.tanh(z2)", "tanh for sigmoid", "the outputs answer with a sigmoid"),
                  WrongLine("z2", "a1 @ W2", "bias left out", "each output hears its bias, too"),
                  WrongLine("o", "z2", "not squeezed", "an output does not answer what it hears"),
                  WrongLine("a1", "z1", "not squeezed", "a hidden unit does not answer what it hears")),
                 says="What every unit hears and answers, in every row."),
    ("Four lines: a unit hears, then it answers. Twice.",
     "The shape of what the hidden units hear is (rows, 3). You have (rows, 2) and (2, 3). Which sign multiplies "
     "these?",
     "A bias has one entry for each unit. NumPy adds it to every row by itself."),
    "Each layer is two lines: `@` and the bias, then the squeezing. The rows stay in front all the way, so nothing has "
    "to be turned. Only the function differs: tanh for the hidden layer, sigmoid for the outputs.", minutes=5)

LOSS = Exercise(
    "LAB1-q2", "How wrong, and how fast it rises",
    "Write `loss_and_slope`. `loss` is one number: the mean over the rows of the sum over the outputs of $(o - t)^2$. "
    "`do` is $\\partial L / \\partial o$, a table of the shape of `o`. Return both by name. The check tries "
    "three outputs.",
    WrittenLines("loss_and_slope", {"o": (4, 3), "t": (4, 3)},
                 {"loss": "((o - t) ** 2).sum() / len(o)", "do": "2 * (o - t) / len(o)"},
                 (WrongLine("loss", "((o - t) ** 2).mean()", "mean of all",
                            "that is the mean over rows *and* outputs: the outputs are to be added up"),
                  WrongLine("loss", "((o - t) ** 2).sum(axis=1)", "each row by itself",
                            "that is the loss of each row. Their mean is asked for, one number"),
                  WrongLine("loss", "((o - t) ** 2).mean(axis=0)", "each output by itself",
                            "that is the loss of each output. Their sum is asked for, one number"),
                  WrongLine("do", "2 * (o - t).sum() / len(o)", "added up",
                            "for the slope nothing is added up: each answer has one of its own"),
                  WrongLine("do", "(o - t) / len(o)", "half", "the slope of a square has a 2 in front"),
                  WrongLine("loss", "((o - t) ** 2).sum()", "not divided", "it is the sum of all rows, not their mean"),
                  WrongLine("do", "2 * (o - t)", "not divided",
                            "each row is only one of several in the mean, so its share of the slope is smaller"),
                  WrongLine("do", "2 * (t - o) / len(o)", "sign", "the size is right: which way does the loss rise?"),
                  WrongLine("do", "2 * (o - t) / o.size", "outputs divided, too",
                            "it is divided by the outputs as well, and the loss is not"),
                  WrongLine("loss", "((o - t) / len(o)).sum()", "no square", "the square is missing")),
                 says="The loss of a table of answers, and its slope by each of them.", shares=("o", "t")),
    ("`.sum()` adds up all entries of a table, `len(o)` is the number of rows.",
     "Square, then add up everything, then divide. By how many?",
     "Each entry of `o` appears in one square only. The slope of the square, and what the mean does to it."),
    "All squares are added up and divided by the number of rows, not of entries. For the slope nothing is added up: "
    "each answer has a square of its own, with slope 2(o − t), and the mean divides it by n.", minutes=4)


class FromNothing(Partials):
    """A backward pass whose forward lines are the learner's too: nothing stands in the answer cell."""

    def starter(self, given):
        """The head and what is asked. given: not used."""
        begin, end, _ = super().starter(given).partition('"""\n')
        return f'{begin}{end}    {{solution}}'

    def solution(self, given, wrong=None):
        """The forward lines, then those of the way back. given, wrong: as in Partials."""
        forward = [f"{name} = {line}" for name, line in self.forward.items()]
        return "\n".join([*forward, super().solution(given, wrong)])


_PASS = network("backward", ("tanh", "sigmoid"))
BACKWARD = Exercise(
    "LAB1-q3", "The whole way back",
    "Write `backward`. Begin with your forward lines once more, for their values are needed on the way back. Then "
    "eight lines, from the loss to the first layer: `do`, `dz2`, `dW2`, `db2`, `da1`, `dz1`, `dW1`, `db1`. Return "
    "these eight by name. The check tries networks of other sizes, too.",
    FromNothing(**{one.name: getattr(_PASS, one.name) for one in fields(Partials)}),
    ("It is the backward pass of Lesson 3. One line is another: which one knows that the hidden units are tanh?",
     "Compare the slopes: a sigmoid's is its answer times what is missing to 1. The slope of tanh is 1 minus the "
     "square of its answer.",
     "Write the shape beside each name. For weights: what came through, turned by `.T`, then `@` the blame. For a "
     "hidden answer: the blame `@` the weights, turned. For a bias: the sum over the rows."),
    "The way back is the same for any unit: only the slope is its own. `dz2` has the sigmoid's, `dz1` that of tanh, "
    "which is 1 − a², made from the *answer*. All else is bookkeeping: `@` where rows or paths add up, `*` entry by "
    "entry.", points=2, minutes=12)

WRONG_STEPS = (
    ("uphill", "# + rate * d#", "that goes uphill"),
    ("left as it was", "#", "it is as it was before, and weights and biases all learn"),
    ("rate left out", "# - d#", "the step does not depend on the rate"),
    ("divided by the rate", "# - d# / rate", "a larger rate should make a longer step"),
    ("divided again", "# - rate * d# / len(d#)", "the mean is in the slope already: nothing more is to be divided"),
    ("only the step", "-rate * d#", "that is the step alone: from where is it taken?"),
    ("times the old", "# - rate * d# * #", "the slope alone says how long the step is, not the number itself"))

UPDATE = Exercise(
    "LAB1-q4", "One step for all four",
    "Write `update`: the four tables after one step of gradient descent. Return them under their old names, "
    "`{\"W1\": W1, ...}`.",
    WrittenLines("update", {**SHAPES, **{f"d{name}": shape for name, shape in SHAPES.items()}, "rate": ()},
                 {name: f"{name} - rate * d{name}" for name in SHAPES},
                 tuple(WrongLine(name, line.replace("#", name), key, says) for name in SHAPES
                       for key, line, says in WRONG_STEPS),
                 says="The four tables after one step downhill.", shares=("rate",)),
    ("Four lines, all of the same form.",
     "A positive slope means that the loss rises with this number. Which way should it go?",
     "The old table, then a sign, then the rate times its own slope."),
    "The same line four times: old minus rate times slope. Tables are subtracted entry by entry, so each weight has "
    "its own slope. All four slopes were found *before* the first table changes.\n\n`W1 -= rate * dW1` gives the same "
    "numbers, but it also changes the table of whoever called. Here nobody minds, for `start()` makes fresh ones.",
    minutes=3)

PROVED = Exercise(
    "LAB1-q8", "One line, proved",
    "One hidden unit answers $a = \\tanh(z)$. It feeds two outputs through the weights $v_1$ and $v_2$. The blame of "
    "what these outputs hear is $d_1$ and $d_2$. Type $\\partial L / \\partial z$ of the hidden unit as a formula in "
    "`d1`, `d2`, `v1`, `v2` and `a`. Any form counts. It is proved for all numbers.",
    TypedFormula("my_line", ("d1", "d2", "v1", "v2", "a"), "(d1*v1 + d2*v2)*(1 - a**2)", {"a": (-1, 1)}, (
        WrongFormula("one path", "d1*v1*(1 - a**2)", "The unit has two ways to the loss, and this is one of them."),
        WrongFormula("no slope", "d1*v1 + d2*v2",
                     "That is the blame of what it answers. To what it hears is one move more."),
        WrongFormula("slope of sigmoid", "(d1*v1 + d2*v2)*a*(1 - a)", "The slope in it is a sigmoid's."),
        WrongFormula("blame without weights", "(d1 + d2)*(1 - a**2)",
                     "On its way back the blame goes through the weights.")),
        working='my_line = "d1*v1*(1 - a**2) + d2*v2*(1 - a**2)"'),
    ("Which lines of your `backward` lead from `dz2` to `dz1`? Take one unit and two outputs.",
     "Multiply along each path, add over the two paths. That is the blame of the unit's answer.",
     "Then one more move, from what it answers to what it hears: times the slope of tanh, written with a."),
    "Back along each path: d₁v₁ and d₂v₂. Where two paths meet, they are added. Then times the slope of tanh, "
    "1 − a². In tables these are your lines `da1` and `dz1`.", minutes=4)
