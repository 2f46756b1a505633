"""The exercises of lab 1 in the order of its notebook; here those with loops: gradient check, training, a rate."""
from bpviz.coursework.exercise import Exercise
from bpviz.coursework.kinds.body import WrittenBody, WrongLines
from bpviz.coursework.kinds.property import Must, Property
from bpviz.coursework.kinds.quantities import Number
from bpviz.coursework.lessons.lab_1 import experiments as lab
from bpviz.coursework.lessons.lab_1.written_lines import BACKWARD, FORWARD, LOSS, PROVED, UPDATE

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


LOSS_LINES = """def loss():
    o = sigmoid(np.tanh(x @ W1 + b1) @ W2 + b2)
    return ((o - t) ** 2).sum() / len(x)

"""


def nudging(slope="(up - down) / (2 * h)", place="place", back="        table[place] = old\n", loss=LOSS_LINES):
    """The body of a gradient check, with this line for the slope, and so on."""
    return (f"{loss}slopes = {{}}\nfor name, table in {{\"W1\": W1, \"b1\": b1, \"W2\": W2, \"b2\": b2}}.items():\n"
            "    slopes[name] = np.zeros(table.shape)\n    for place in np.ndindex(table.shape):\n"
            f"        old = table[{place}]\n        table[{place}] = old + h\n        up = loss()\n"
            f"        table[{place}] = old - h\n        down = loss()\n{back}"
            f"        slopes[name][place] = {slope}\nreturn slopes")


NUDGED = Exercise(
    "LAB1-q5", "Nudge every number",
    "Write `by_nudging`: the central difference of the loss for **each** entry of the four tables, with step `h`. "
    "Nudge one entry, run your own `forward` and `loss_and_slope`, and put it back. Return the slopes as four tables, "
    "`{\"W1\": ..., \"b1\": ..., \"W2\": ..., \"b2\": ...}`, each of the shape of its own table.\n\n"
    "Two things of NumPy help. `np.ndindex(table.shape)` gives every place of a table in turn, whether it has one axis "
    "or two. `table[place]` is the number there, to be read or set.",
    WrittenBody("by_nudging", ("x", "t", *TABLES, "h"), TABLES,
                "The central difference of the loss, with step h, for each entry of the four tables.\n\n"
                "    x (n, 2), t (n, 2), W1 (2, 3), b1 (3,), W2 (3, 2), b2 (2,)",
                nudging(), (
                    WrongLines("twice", nudging("(up - down) / h"),
                               "Exactly twice what it should be: how far apart are the two places?"),
                    WrongLines("no brackets", nudging("(up - down) / 2 * h"),
                               "`/ 2 * h` divides by 2 and then multiplies by h: put brackets round `2 * h`."),
                    WrongLines("own step", "h = 1e-5\n" + nudging(),
                               "Those are the slopes themselves, as a tiny step finds them. Take the step h that is "
                               "handed in."),
                    WrongLines("forward", nudging("(up - here) / h", back="        table[place] = old\n"
                                                                          "        here = loss()\n"),
                               "That looks to one side only. The central difference looks to both."),
                    WrongLines("sign", nudging("(down - up) / (2 * h)"),
                               "The sizes are right and the signs are not: which of the two losses comes first?"),
                    WrongLines("not put back", nudging(back=""),
                               "An entry that was nudged is not put back as it was before the next one."),
                    WrongLines("whole table", nudging(place="...", back="        table[...] = old\n").replace(
                        "old = table[...]", "old = table.copy()"),
                               "A whole table is nudged at once, so all its slopes are the same. One entry at a time."),
                    WrongLines("not divided", nudging("up - down"),
                               "That is how much the loss changes. A slope is that, divided by how far you went."),
                    WrongLines("mean of all", nudging(loss=LOSS_LINES.replace(".sum() / len(x)", ".mean()")),
                               "All are half as large: is the loss the mean over the rows of the *sum* over the "
                               "outputs?")),
                draws(h=(0.3, 0.6))),
    ("Two loops: one over the four tables, in it one over the places of the table.",
     "In the inner loop: keep the old number, set it a little higher, find the loss, set it a little lower, find the "
     "loss, set it back.",
     "`loss_and_slope(forward(x, W1, b1, W2, b2)[\"o\"], t)[\"loss\"]` is the loss at the tables as they are at that "
     "moment. The two places are two steps h apart."),
    "One entry moves, all others stay, and it is put back before the next. With 17 entries that makes 34 forward "
    "passes for one gradient. Nothing in it knows the chain rule, and that is why it can judge a backward pass. Yours "
    "may call your own `forward` and `loss_and_slope`; the lines here are whole by themselves.", points=2, minutes=9)


BACK = "    dz1 = dz2 @ W2.T * (1 - a1 ** 2)\n"
SECOND = "    W2, b2 = W2 - rate * a1.T @ dz2, b2 - rate * dz2.sum(axis=0)\n"
GIVEN_BACK = "return {\"W1\": W1, \"b1\": b1, \"W2\": W2, \"b2\": b2}"
AHEAD = """    a1 = np.tanh(x @ W1 + b1)
    o = sigmoid(a1 @ W2 + b2)
    dz2 = 2 * (o - t) / len(x) * o * (1 - o)
"""
TRAINING = f"""for _ in range(steps):
{AHEAD}{BACK}{SECOND}    W1, b1 = W1 - rate * x.T @ dz1, b1 - rate * dz1.sum(axis=0)
{GIVEN_BACK}"""
OLD = (TRAINING.replace("for _", "V1, c1, V2, c2 = W1, b1, W2, b2\nfor _").replace("x @ W1 + b1", "x @ V1 + c1")
       .replace("a1 @ W2 + b2", "a1 @ V2 + c2").replace("W2.T", "V2.T"))


TRAINED = Exercise(
    "LAB1-q6", "The loop that learns",
    "Write `train`: so many steps of gradient descent, each with all rows. Use your own `backward` and `update`. "
    "Return the four tables at the end, `{\"W1\": W1, \"b1\": b1, \"W2\": W2, \"b2\": b2}`.",
    WrittenBody("train", ("x", "t", *TABLES, "rate", "steps"), TABLES,
                "The four tables after so many steps of gradient descent.\n\n"
                "    x (n, 2), t (n, 2), W1 (2, 3), b1 (3,), W2 (3, 2), b2 (2,)",
                TRAINING, (
                    WrongLines("one step", TRAINING.replace("return", "    return"),
                               "That is where the first step ends. Is the `return` inside the loop?"),
                    WrongLines("old slopes", OLD,
                               "All your steps use the slopes of the start. Find them anew in each step."),
                    WrongLines("second layer first", TRAINING.replace(BACK + SECOND, SECOND + BACK),
                               "The second layer is updated before the blame has gone back through it. First all "
                               "slopes, then all updates.", "M09"),
                    WrongLines("slopes found twice", TRAINING.replace(BACK + SECOND, SECOND + AHEAD + BACK),
                               "The slopes of the first layer are found after the second has moved. One step is one "
                               "`backward`: first all slopes, then all updates.", "M09"),
                    WrongLines("uphill", TRAINING.replace(" - rate", " + rate"), "Your steps go uphill."),
                    WrongLines("one too many", TRAINING.replace("(steps)", "(steps + 1)"),
                               "It makes one step more than it was asked for."),
                    WrongLines("nothing learned", GIVEN_BACK,
                               "The tables come back as they went in. What `update` gives has to be kept for the next "
                               "step."),
                    WrongLines("first layer stays", TRAINING.replace("    W1, b1 = W1 - rate * x.T @ dz1, b1 - rate * "
                                                                    "dz1.sum(axis=0)\n", ""),
                               "Only the second layer learns: W1 and b1 are as they were.")),
                draws(rate=(0.5, 1.0), steps=(3, 5))),
    ("A loop over the steps. In each: slopes, then new tables.",
     "`backward` gives eight partials, `update` needs four of them. Its result is a dict: take the four tables out of "
     "it again, under their old names.",
     "The next step must begin where this one ended. The `return` stands below the loop."),
    "In each step: `slopes = backward(x, t, W1, b1, W2, b2)`, then `new = update(W1, b1, W2, b2, slopes[\"dW1\"], "
    "...)`, then the four tables out of `new`. The lines here are whole by themselves; with your functions the loop "
    "has three. First all slopes, then all updates, then the next step.", points=2, minutes=7)

CRAWLS = 3.0                                             # a rate under this is too small, if it does not do


def _after(values, given):
    return {"loss": lab.after(values["rate"]), "steps": lab.SHORT}


RATE = Exercise(
    "LAB1-q7", "Faster",
    f"Find a learning rate with which {lab.SHORT} steps from `start()` bring the loss below {lab.BELOW}. Use your "
    "`train`, then your `forward` and `loss_and_slope`, to see what came of it. Hand in the rate.",
    Property("my_rate", {"rate": Number(0.001, 1000)}, measure=_after, musts=(
        Must("too slow", lambda found: found["loss"] >= lab.BELOW and found["rate"] < CRAWLS,
             "After {steps} steps the loss is {loss:.4f}: it is still on its way down.", {"rate": 1.0}),
        Must("too far", lambda found: not found["loss"] < lab.BELOW,
             "After {steps} steps the loss is {loss:.3f}: the steps go too far, and units were pushed where they are "
             "flat.", {"rate": 50.0}, "M13")),
        solves=lambda given: {"rate": 4.7}, yes="Yes: after {steps} steps the loss is {loss:.4f}."),
    ("Try a few rates, each ten times as large as the one before.",
     "`end = train(x, t, **start(), rate=..., steps=...)` gives the tables. Which loss do they have?",
     "Between a rate that is still on its way and one that is thrown far out, try the middle."),
    "Small rates are still on their way after so few steps. Large ones throw the units where they are flat, and there "
    "they stay. In between is a wide range of rates that do.", minutes=4)

CORE = (FORWARD, LOSS, BACKWARD, UPDATE, NUDGED, TRAINED, RATE, PROVED)
