"""The exercises of lab 1 about training: the loop, and a rate that is fast enough; the known mistakes of each."""
from bpviz.coursework.exercise import Exercise
from bpviz.coursework.kinds.body import WrittenBody, WrongLines
from bpviz.coursework.kinds.property import Must, Property
from bpviz.coursework.kinds.quantities import Number
from bpviz.coursework.lessons.lab_1 import experiments as lab

TABLES = ("W1", "b1", "W2", "b2")


def draws(**more):
    """(rng) -> three calls on random tables; more: {argument: its two ends, of whole numbers where they are whole}."""
    def number(rng, low, high):
        return int(rng.integers(low, high + 1)) if isinstance(low, int) else float(rng.uniform(low, high))

    def calls(rng):
        return [{"x": rng.normal(size=(4, 2)), "t": rng.uniform(0.1, 0.9, (4, 2)),
                 "W1": rng.normal(size=(2, 3)), "b1": rng.normal(size=3), "W2": rng.normal(size=(3, 2)),
                 "b2": rng.normal(size=2), **{name: number(rng, *ends) for name, ends in more.items()}}
                for _ in range(3)]
    return calls


BACK = "    dz1 = dz2 @ W2.T * (1 - a1 ** 2)\n"
SECOND = "    W2, b2 = W2 - rate * a1.T @ dz2, b2 - rate * dz2.sum(axis=0)\n"
FIRST = "    W1, b1 = W1 - rate * x.T @ dz1, b1 - rate * dz1.sum(axis=0)\n"
GIVEN_BACK = "return {\"W1\": W1, \"b1\": b1, \"W2\": W2, \"b2\": b2}"
AHEAD = """    a1 = np.tanh(x @ W1 + b1)
    o = sigmoid(a1 @ W2 + b2)
    dz2 = 2 * (o - t) / len(x) * o * (1 - o)
"""
TRAINING = f"""for _ in range(steps):
{AHEAD}{BACK}{SECOND}{FIRST}{GIVEN_BACK}"""
OLD = (TRAINING.replace("for _", "V1, c1, V2, c2 = W1, b1, W2, b2\nfor _").replace("x @ W1 + b1", "x @ V1 + c1")
       .replace("a1 @ W2 + b2", "a1 @ V2 + c2").replace("W2.T", "V2.T"))
OWN_START = "".join(f"{name} = np.array({lab.START[name].tolist()})\n" for name in TABLES)
BY_ROWS = "rows, targets = x, t\n" + TRAINING.replace("for _ in range(steps):\n", (
    "for _ in range(steps):\n  for k in range(len(rows)):\n    x, t = rows[k:k + 1], targets[k:k + 1]\n"))


def without(*steps):
    """The training, with these tables as they were: each is "W2 - rate * a1.T @ dz2", of which "W2" stays."""
    lines = TRAINING
    for step in steps:
        lines = lines.replace(step, step.split(" - ")[0])
    return lines


TRAINED = Exercise(
    "LAB1-q6", "The loop that learns",
    "Write `train`: so many steps of gradient descent, each with all rows. Use your own `backward` and `update`. "
    "Return the four tables at the end, `{\"W1\": W1, \"b1\": b1, \"W2\": W2, \"b2\": b2}`.",
    WrittenBody("train", ("x", "t", *TABLES, "rate", "steps"), TABLES,
                "The four tables after so many steps of gradient descent.\n\n"
                "    x (n, 2), t (n, 2), W1 (2, 3), b1 (3,), W2 (3, 2), b2 (2,)",
                TRAINING, (
                    WrongLines("one step", TRAINING.replace("return", "    return"),
                               "Those are the tables after *one* step. Is the `return` inside the loop? Or does each "
                               "step begin at the old tables once more?"),
                    WrongLines("old slopes", OLD,
                               "All your steps use the slopes of the start. Find them anew in each step."),
                    WrongLines("biases stay", without("b2 - rate * dz2.sum(axis=0)", "b1 - rate * dz1.sum(axis=0)"),
                               "Only the weights learn: b1 and b2 are as they were. `update` gives back four tables."),
                    WrongLines("weights stay", without("W2 - rate * a1.T @ dz2", "W1 - rate * x.T @ dz1"),
                               "Only the biases learn: W1 and W2 are as they were. `update` gives back four tables."),
                    WrongLines("first layer stays", TRAINING.replace(FIRST, ""),
                               "Only the second layer learns: W1 and b1 are as they were."),
                    WrongLines("second layer stays", TRAINING.replace(SECOND, ""),
                               "Only the first layer learns: W2 and b2 are as they were."),
                    WrongLines("second layer first", TRAINING.replace(BACK + SECOND, SECOND + BACK),
                               "The second layer is updated before the blame has gone back through it. First all "
                               "slopes, then all updates.", "M09"),
                    WrongLines("slopes found twice", TRAINING.replace(BACK + SECOND, SECOND + AHEAD + BACK),
                               "The slopes of the first layer are found after the second has moved. One step is one "
                               "`backward`: first all slopes, then all updates.", "M09"),
                    WrongLines("first layer first", TRAINING.replace(SECOND + FIRST, FIRST + AHEAD + SECOND),
                               "The slopes of the second layer are found after the first has moved. One step is one "
                               "`backward`: first all slopes, then all updates.", "M09"),
                    WrongLines("uphill", TRAINING.replace(" - rate", " + rate"), "Your steps go uphill."),
                    WrongLines("one too many", TRAINING.replace("(steps)", "(steps + 1)"),
                               "It makes one step more than it was asked for."),
                    WrongLines("one too few", TRAINING.replace("(steps)", "(1, steps)"),
                               "It makes one step less than it was asked for. `range(steps)` has as many turns as "
                               "`steps` says."),
                    WrongLines("own number of steps", TRAINING.replace("(steps)", "(1000)"),
                               "It makes 1000 steps, whatever is handed in as `steps`."),
                    WrongLines("rate left out", "rate = 1\n" + TRAINING,
                               "All steps are as long as with a rate of 1. Take the rate that is handed in."),
                    WrongLines("rate twice", "rate = rate ** 2\n" + TRAINING,
                               "The rate is in each step twice. `update` multiplies by it already."),
                    WrongLines("own start", OWN_START + TRAINING,
                               "It begins at `start()`. Begin at the tables that are handed in."),
                    WrongLines("row by row", BY_ROWS,
                               "Each row makes a step of its own. One step is for *all* rows: hand the whole `x` and "
                               "`t` to `backward`."),
                    WrongLines("divided again", TRAINING.replace("(o - t) / len(x)", "(o - t) / len(x) ** 2"),
                               "The steps are too short: they are divided by the number of rows once more. The mean is "
                               "in `backward` already."),
                    WrongLines("rows added up", TRAINING.replace("(o - t) / len(x)", "(o - t)"),
                               "The steps are as many times too long as there are rows. The loss is the *mean* over "
                               "them, and `backward` knows it."),
                    WrongLines("nothing learned", GIVEN_BACK,
                               "The tables come back as they went in. What `update` gives has to be kept for the next "
                               "step.")),
                draws(rate=(0.5, 1.0), steps=(3, 5))),
    ("A loop over the steps. In each: slopes, then new tables.",
     "`backward` gives eight partials, `update` needs four of them. Its result is a dict: take the four tables out of "
     "it again, under their old names: `W1 = new[\"W1\"]`, and so on.",
     "The next step must begin where this one ended. The `return` stands below the loop."),
    "In each step: `slopes = backward(x, t, W1, b1, W2, b2)`, then `new = update(W1, b1, W2, b2, slopes[\"dW1\"], "
    "...)`, then the four tables out of `new`. The lines here are whole by themselves; with your functions the loop "
    "has three. First all slopes, then all updates, then the next step.", points=2, minutes=7)

CRAWLS = 3.0                                             # a rate under this is too small, if it does not do


def race(rng):
    """The numbers of one copy: so many steps, and the loss to come below. With a rate of 1 none of them is won."""
    return dict(zip(("steps", "below"), lab.RACES[int(rng.integers(len(lab.RACES)))], strict=True))


def _after(values, given):
    return {"loss": lab.after(values["rate"], given["steps"]), **given}


RATE = Exercise(
    "LAB1-q7", "Faster",
    "Find a learning rate with which {steps} steps from `start()` bring the loss below {below}. Use your "
    "`train`, then your `forward` and `loss_and_slope`, to see what came of it. Hand in the rate.",
    Property("my_rate", {"rate": Number(0.001, 1000)}, measure=_after, draw=race, musts=(
        Must("too slow", lambda found: found["loss"] >= found["below"] and found["rate"] < CRAWLS,
             "After {steps} steps the loss is {loss:.3g}: it is still on its way down.", {"rate": 1.0}),
        Must("too far", lambda found: not found["loss"] < found["below"],
             "After {steps} steps the loss is {loss:.3g}: the steps go too far, and units were pushed where they are "
             "flat.", {"rate": 50.0}, "M13")),
        solves=lambda given: {"rate": 4.7}, yes="Yes: after {steps} steps the loss is {loss:.3g}."),
    ("Try a few rates, each ten times as large as the one before.",
     "`end = train(x, t, **start(), rate=..., steps=...)` gives the tables. "
     "`loss_and_slope(forward(x, **end)[\"o\"], t)[\"loss\"]` is their loss.",
     "Between a rate that is still on its way and one that is thrown far out, try the middle."),
    "Small rates are still on their way after so few steps. Large ones throw the units where they are flat, and there "
    "they stay. In between is a wide range of rates that do.", minutes=4)
