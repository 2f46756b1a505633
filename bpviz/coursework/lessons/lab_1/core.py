"""The exercises of lab 1 in the order of its notebook; here the gradient check with its two loops."""
from bpviz.coursework.exercise import Exercise
from bpviz.coursework.kinds.body import WrittenBody, WrongLines
from bpviz.coursework.lessons.lab_1.training import RATE, TABLES, TRAINED, draws
from bpviz.coursework.lessons.lab_1.written_lines import BACKWARD, FORWARD, LOSS, PROVED, UPDATE

LOSS_LINES = """def loss():
    o = sigmoid(np.tanh(x @ W1 + b1) @ W2 + b2)
    return ((o - t) ** 2).sum() / len(x)

"""


def nudging(slope="(up - down) / (2 * h)", place="place", back="        table[place] = old\n", loss=LOSS_LINES,
            low="old - h"):
    """The body of a gradient check, with this line for the slope, with this for the lower place, and so on."""
    return (f"{loss}slopes = {{}}\nfor name, table in {{\"W1\": W1, \"b1\": b1, \"W2\": W2, \"b2\": b2}}.items():\n"
            "    slopes[name] = np.zeros(table.shape)\n    for place in np.ndindex(table.shape):\n"
            f"        old = table[{place}]\n        table[{place}] = old + h\n        up = loss()\n"
            f"        table[{place}] = {low}\n        down = loss()\n{back}"
            f"        slopes[name][place] = {slope}\nreturn slopes")


HALF_WAY = "Your second loss is that of the old place. It should be that of the place one step h *below* it."

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
                    WrongLines("half way back", nudging(low="old"), HALF_WAY),
                    WrongLines("half way back, and left", nudging(low="old", back="        table[place] = old + h\n"),
                               HALF_WAY + " And then it is not put back."),
                    WrongLines("two steps below", nudging(low="old - 2 * h"),
                               "The first place is one step h above the old one, and your second is two below it."),
                    WrongLines("backward", nudging("(up - down) / h").replace("= old + h", "= old"),
                               "That looks to the side below only. The central difference looks to both."),
                    WrongLines("sign", nudging("(down - up) / (2 * h)"),
                               "The sizes are right and the signs are not: which of the two losses comes first?"),
                    WrongLines("not put back", nudging(back=""),
                               "An entry that was nudged is not put back as it was before the next one."),
                    WrongLines("whole table", nudging(place="...", back="        table[...] = old\n").replace(
                        "old = table[...]", "old = table.copy()"),
                               "A whole table is nudged at once, so all its slopes are the same. One entry at a time."),
                    WrongLines("divided by 2 only", nudging("(up - down) / 2"),
                               "Divided by 2, and not by h: how far apart are the two places?"),
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

CORE = (FORWARD, LOSS, BACKWARD, UPDATE, NUDGED, TRAINED, RATE, PROVED)
