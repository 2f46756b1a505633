"""The core exercises of lesson 4: a gradient check of one's own, and a fault found from a table of entries."""
import re
from dataclasses import dataclass, replace

from bpviz.coursework.exercise import Exercise
from bpviz.coursework.kinds.body import WrittenSlopes, WrongLines
from bpviz.coursework.kinds.fault import PlantedFault, listed
from bpviz.coursework.kinds.partials import two_layers
from bpviz.coursework.lessons.lesson_04 import experiments as lab

LOSS = '''def loss(w):
    """The loss of the two-weight network at w = [w1, w2]; its example is x = 1.5, t = 0.2."""
    return (sigmoid(w[1] * sigmoid(w[0] * 1.5)) - 0.2) ** 2'''
ZEROS = "slopes = np.zeros(len(w))"


def nudged(line, nudge="nudge = np.zeros(len(w))\n    nudge[k] = h"):
    """The loop over the weights, with this line for the slope."""
    return f"for k in range(len(w)):\n    {nudge}\n    slopes[k] = {line}\nreturn slopes"


def places(h):
    """(rng) -> three places w, each with a step h from these two ends."""
    return lambda rng: [{"w": rng.uniform(0.4, 1.6, 2).round(2) * [1, -1], "h": float(rng.uniform(*h))}
                        for _ in range(3)]


NUDGED = Exercise(
    "L04-q1", "Your own gradient check",
    "`loss(w)` is given: the loss of the two-weight network, for an array `w` of two weights. Write "
    "`by_nudging(w, h)`: the **central difference** for each weight. Nudge **one** weight at a time, by `h`, and "
    "leave the other where it "
    "is. Fill `slopes` and return it.",
    WrittenSlopes("by_nudging", ("w", "h"), ("slopes",),
          "The central difference of the loss, with step h, for each weight.",
          nudged("(loss(w + nudge) - loss(w - nudge)) / (2 * h)"), (
              WrongLines("forward", nudged("(loss(w + nudge) - loss(w)) / h"),
                         "That is the forward difference, to one side only: the central one looks to both sides."),
              WrongLines("backward", nudged("(loss(w) - loss(w - nudge)) / h"),
                         "That looks to one side only, downwards: the central difference looks to both sides."),
              WrongLines("twice", nudged("(loss(w + nudge) - loss(w - nudge)) / h"),
                         "Exactly twice what it should be: how far apart are the two places?"),
              WrongLines("no brackets", nudged("(loss(w + nudge) - loss(w - nudge)) / 2 * h"),
                         "`/ 2 * h` divides by 2 and then multiplies by h: put brackets round `2 * h`."),
              WrongLines("own step", "h = 1e-5\n" + nudged("(loss(w + nudge) - loss(w - nudge)) / (2 * h)"),
                         "Those are the slopes themselves, as a tiny step finds them. Take the step h that is handed "
                         "in."),
              WrongLines("sign", nudged("(loss(w - nudge) - loss(w + nudge)) / (2 * h)"),
                         "The sizes are right and the signs are not: which of the two losses comes first?"),
              WrongLines("not divided", nudged("loss(w + nudge) - loss(w - nudge)"),
                         "That is how much the loss changes. A slope is the change divided by how far you went."),
              WrongLines("too early",
                         nudged("(loss(w + nudge) - loss(w - nudge)) / (2 * h)").replace("return", "    return"),
                         "Only the first slope is there: `return` inside the loop ends it after one round."),
              WrongLines("all at once", nudged("(loss(w + h) - loss(w - h)) / (2 * h)"),
                         "All weights are nudged at once, so all slopes are the same. Nudge one and leave the rest."),
              WrongLines("not put back", nudged("(loss(w + nudge) - loss(w - nudge)) / (2 * h)",
                                                "nudge = np.zeros(len(w))\n    nudge[:k + 1] = h"),
                         "The first slope is right. After that, the weights nudged before are still nudged.")),
          places((0.3, 0.6)), above=LOSS, begins=ZEROS),
    ("A loop over the weights, with `range(len(w))`. In each round only weight number k may move.",
     "Make an array of zeros, as long as `w`, and put `h` at place k. That plus `w` is the place a little further up.",
     "Two losses: at the place further up and at the one further down. Subtract them. How far are the two places "
     "apart? Divide by that, and write it into `slopes[k]`. Return `slopes` after the loop."),
    "A fresh array of zeros with `h` at one place nudges one weight and no other. The two places are `2 * h` apart. "
    "Two forward passes for each weight. And nothing in it knows the chain rule, so it cannot make the mistakes that "
    "a backward pass makes. That is what makes it a check.", points=2, minutes=8)


@dataclass(frozen=True)
class Tabled(PlantedFault):
    """A planted fault whose prompt may hold {table} as well: what a check says of each entry."""

    def given(self, rng):
        """As of a PlantedFault, the listing in its three parts, each kind said once, and the table."""
        given = super().given(rng)
        listing = re.sub(r"(?m)^(.* (?:o|db2) = .*)$", r"\1\n", given["listing"])
        kinds = ", ".join(map(repr, dict.fromkeys(fault.kind for fault in self.faults)))
        return {**given, "listing": listing, "kinds": kinds,
                "table": lab.table_of(self.head, self._lines(given["which"]), list(self.lines))}


def tabled(name, kinds):
    """The Tabled of a backward pass of two layers. kinds: {key of a fault: (what it is called here, its line)}."""
    one = listed(name, two_layers(), tuple(kinds), "M11")
    faults = tuple(replace(fault, kind=kind, broken=broken, says="Here " + fault.says.replace("?.", "?"))
                   for fault, (kind, broken) in zip(one.faults, kinds.values(), strict=True))
    lines = (*one.lines[:-1], 'return {"dW1": dW1, "db1": db1, "dW2": dW2, "db2": db2}')
    return Tabled(one.name, one.head, lines, faults, one.calls, one.misconception)


KINDS = {"do: half": ("a 2 is lost", "do = (o - t) / len(x)"),
         "do: sign": ("wrong sign", "do = 2 * (t - o) / len(x)"),
         "dz2: slope left out": ("slope forgotten", "dz2 = do"),
         "dW2: z for a": ("z instead of a", "dW2 = z1.T @ dz2"),
         "dz1: slope left out": ("slope forgotten", "dz1 = da1"),
         "db1: first row only": ("one row only", "db1 = dz1[0]")}
ACCUSED = Exercise(
    "L04-q2", "Which line is it?",
    "The backward pass of Lesson 3 again, with exactly **one** wrong line. It runs without an error. Here is its "
    "gradient check on XOR, from the loss backwards:\n\n{table}\n\nAnd here is the program:\n\n{listing}\n\n"
    "Which line is wrong? Answer with its number, or with the number and what is wrong ({kinds}), or with the number "
    "and the line as it should be.",
    tabled("my_line", KINDS),
    ("Go down the table from the top. Which entry is the first that differs? Which of the four gradients is it from?",
     "Every entry that agrees clears all the lines that it is made of. Cross these lines out.",
     "What do the wrong ones have in common? All half as large points to another line than signs turned round, and "
     "than one wrong gradient alone. Read the few lines that are left, move by move."),
    "An entry that agrees clears every line it is made of. An entry that differs accuses the lines it is made of. "
    "What is accused and never cleared is one line, or two or three. Then the sizes decide: a half, a sign, a slope. "
    "One number for all entries could not have done that.", minutes=6)

CORE = (NUDGED, ACCUSED)
