"""The core exercises of lesson 1, the missing lines of the listing: forward, two minus signs, backward, update."""
from bpviz.coursework.exercise import Exercise
from bpviz.coursework.kinds.written import WrittenLines, WrongLine

FORWARD = Exercise(
    "L01-q1", "Forward, in four lines",
    "Write what the two hidden units hear and answer, then the same for the output unit. Each unit adds up and "
    "squeezes. `@` multiplies and adds up: `inputs @ weights_hidden` holds one sum for each hidden unit. "
    "End with `return {\"hidden_z\": hidden_z, ...}` and so on, for all four.",
    WrittenLines("forward", {"inputs": (2,), "weights_hidden": (2, 2), "bias_hidden": (2,), "weights_output": (2,),
                             "bias_output": ()},
                 {"hidden_z": "inputs @ weights_hidden + bias_hidden", "hidden": "sigmoid(hidden_z)",
                  "output_z": "hidden @ weights_output + bias_output", "output": "sigmoid(output_z)"},
                 (WrongLine("hidden_z", "inputs @ weights_hidden", "bias left out",
                            "a unit hears its bias too, beside the sum"),
                  WrongLine("hidden", "hidden_z", "not squeezed",
                            "a unit does not answer what it hears: what is between the two?"),
                  WrongLine("output_z", "inputs @ weights_output + bias_output", "inputs for answers",
                            "the output unit cannot hear the inputs: whose arrows lead to it?"),
                  WrongLine("output", "output_z", "not squeezed", "the output unit squeezes what it hears, too"),
                  WrongLine("hidden_z", "weights_hidden @ inputs + bias_hidden", "turned round",
                            "rows and columns have changed places: `weights_hidden[i, j]` leads from input i to unit "
                            "j, so the inputs come first"),
                  WrongLine("hidden_z", "inputs * weights_hidden + bias_hidden", "not added up",
                            "`*` multiplies and adds nothing up: `@` does"),
                  WrongLine("output_z", "hidden_z @ weights_output + bias_output", "z for answer",
                            "it is made from what the hidden units hear, and it needs what they answer"),
                  WrongLine("output_z", "hidden @ weights_output", "bias left out", "it hears its bias, too")),
                 says="What each unit hears and answers, from the inputs to the output."),
    ("Two lines for the hidden units, two for the output unit. The second pair is the first pair with other names.",
     "A sum: what arrives, `@` its weights, plus the bias. The result is what the units *hear*.",
     "`sigmoid(...)` around what they hear is what they answer. Whose answers arrive at the output unit?"),
    "Two lines, twice: first the sum with `@` and the bias, then the sigmoid of it. What the hidden units answer is "
    "what arrives at the output unit. Every network of this kind is these two lines, once for each layer.", minutes=5)

MENDED = Exercise(
    "L01-q2", "Two lost minus signs",
    "Python stops at these two lines of the printed listing. Each has lost a minus sign:\n\n"
    "```\nreturn x * (1 x)               # the slope of a unit; x is what the unit answers\n"
    "loss = (output target) ** 2    # how wrong the output is\n```\n\n"
    "Write both as they should be, for the output unit: `unit_slope` and `loss`. Between them write `loss_slope`, "
    "which the article leaves out: how fast does the loss rise when the output rises? The loss is a square, and you "
    "know the slope of a square. Return all three by name.",
    WrittenLines("mended", {"output": (), "target": ()},
                 {"loss": "(output - target) ** 2", "loss_slope": "2 * (output - target)",
                  "unit_slope": "output * (1 - output)"},
                 (WrongLine("loss", "(output + target) ** 2", "plus",
                            "with a plus it is not 0 when the output is right"),
                  WrongLine("loss_slope", "output - target", "half", "the slope of a square has a 2 in front"),
                  WrongLine("unit_slope", "output * (1 + output)", "plus",
                            "with a plus the slope grows where the sigmoid flattens: look at its picture"),
                  WrongLine("loss_slope", "2 * (target - output)", "sign",
                            "the size is right: but does the loss rise or fall when an output above its target rises?"),
                  WrongLine("loss", "output - target", "no square", "the error itself can be negative: square it"),
                  WrongLine("loss_slope", "2 * (output - target) ** 2", "still squared",
                            "the 2 has come down in front, and the square is still there"),
                  WrongLine("loss_slope", "2 * output", "target left out",
                            "what is squared is the whole error, and the target is a part of it"),
                  WrongLine("unit_slope", "1 - output", "a part", "that is only one of its two factors"),
                  WrongLine("unit_slope", "output * (output - 1)", "sign",
                            "a sigmoid never falls, so its slope is not negative")),
                 says="The loss, its slope by the output, and the slope of the output unit.",
                 shares=("output", "target")),
    ("When the output is right, the loss is 0. Which sign does that?",
     "The slope of u squared is 2u. What is u here?",
     "The slope of the unit is the unit's own answer, times what is missing to 1."),
    "The error is output minus target, and the loss is its square. The slope of a square is two times what is "
    "squared. A "
    "sigmoid's slope is its answer times what is missing to 1: steepest in the middle, flat at both ends.", minutes=3)

BACKWARD = Exercise(
    "L01-q3", "The missing part: backward",
    "Here are the five lines that the article leaves out, for you to write: `dz2`, `dW2`, `da1`, `dz1`, `dW1`, in this "
    "order. Each is the blame of one thing: `dz2` is $\\partial L / \\partial z_2$, and so on. Each line may use the "
    "ones above it. For `dW1` use `np.outer(p, q)`: it makes a table of all products, one row for each entry of `p`. "
    "Return all five by name.",
    WrittenLines("backward", {"x": (2,), "t": (), "W1": (2, 2), "b1": (2,), "W2": (2,), "b2": ()},
                 {"dz2": "2 * (o - t) * o * (1 - o)", "dW2": "dz2 * a1", "da1": "dz2 * W2", "dz1": "da1 * a1 * (1 - "
                                                                                                   "a1)",
                  "dW1": "np.outer(x, dz1)"},
                 (WrongLine("dz2", "2 * (o - t)", "slope left out",
                            "between what the output unit hears and what it answers lies its slope"),
                  WrongLine("dW2", "dz2 * W2", "weight for answer",
                            "a weight's slope is the blame times the answer that came through it"),
                  WrongLine("da1", "dz2 * a1", "answer for weight",
                            "back to a unit the blame goes along the arrow: times its weight"),
                  WrongLine("dz1", "da1", "slope left out", "each hidden unit has a slope, too"),
                  WrongLine("dW1", "np.outer(dz1, x)", "turned round",
                            "rows and columns have changed places: `W1[i, j]` leads from input i to unit j"),
                  WrongLine("dz2", "2 * (t - o) * o * (1 - o)", "sign",
                            "the sign is the other one: is the error output minus target?"),
                  WrongLine("dz2", "(o - t) * o * (1 - o)", "half", "the 2 of the square is lost"),
                  WrongLine("dz2", "2 * (o - t) * o * (1 + o)", "plus", "the slope has its old fault: a plus for a "
                                                                        "minus"),
                  WrongLine("dW2", "dz2 * z1", "z for answer", "the answer came through the weight, not what was "
                                                               "heard"),
                  WrongLine("dz1", "da1 * z1 * (1 - z1)", "z for answer", "the slope is made from the unit's answer"),
                  WrongLine("dW1", "x * dz1", "no table",
                            "there are four weights, so four products: every input with every blame"),
                  WrongLine("dW1", "np.outer(a1, dz1)", "answer for input",
                            "what came through these weights are the inputs")),
                 {"z1": "x @ W1 + b1", "a1": "sigmoid(z1)", "z2": "a1 @ W2 + b2", "o": "sigmoid(z2)"},
                 "The blame of each number, on the way back from the loss.", ("t",)),
    ("The first line holds two things that you have just written: the slope of the loss, times the slope of the "
     "output unit.",
     "Then the table of moves. From `dz2`: to a weight, times what came through it; to an answer, times the weight.",
     "From `da1` to `dz1`: times the slope of the hidden units, entry by entry. Last: every input with every blame, "
     "rows are inputs."),
    "`dz2` is the slope of the loss times the slope of the unit. From there the blame goes to the weights, times the "
    "answers that came through them, and along the weights to the hidden answers. Then the same again: slope, and "
    "inputs.",
    points=2, minutes=7)

UPDATE = Exercise(
    "L01-q4", "One line that learns",
    "`w` is any weight, `dw` its slope, `rate` says how far to go. Write the weight after the update. "
    "It serves single numbers and whole tables alike.",
    WrittenLines("update", {"w": (), "dw": (), "rate": ()}, {"new_w": "w - rate * dw"},
                 (WrongLine("new_w", "w + rate * dw", "uphill", "that goes uphill: the slope says where the loss "
                                                                "rises"),
                  WrongLine("new_w", "w - dw", "rate left out", "how far it goes does not depend on the rate"),
                  WrongLine("new_w", "-rate * dw", "only the step", "that is the step alone: from where is it taken?"),
                  WrongLine("new_w", "w - rate", "slope left out",
                            "each weight goes the same way: its own slope is left out")),
                 says="The weight after one step, downhill.", shares=("rate",)),
    ("A positive slope means: the loss rises with this weight. Should it grow or shrink?",
     "The step is the rate times the slope. Where does it start?",
     "Begin with the old weight. One sign, one product."),
    "Old weight, minus rate times slope. The minus makes it go downhill: where the loss rises with the weight, the "
    "weight shrinks. This is gradient descent, the whole of it.", minutes=2)

CORE = (FORWARD, MENDED, BACKWARD, UPDATE)
