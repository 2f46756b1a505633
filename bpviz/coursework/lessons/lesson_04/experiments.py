"""The small experiments of lesson 4: planted faults that train, are measured by one number, or are not seen at all."""
from functools import cache

import numpy as np

from bpviz.coursework.kinds.partials import PUBLIC
from bpviz.coursework.kinds.runnable import made
from bpviz.coursework.lessons.networks import two_hidden
from bpviz.network.data import CLOUDS
from bpviz.network.fit import Fit
from bpviz.network.shape import Network
from bpviz.network.walked import WALKED

ARTICLE = np.array(WALKED["article"])
ROUNDS, MOON_STEPS, MOON_RATE = 100, 500, 2.0
EXPONENTS, COLUMNS = (-15.0, 0.0), 97         # of the step h: powers of ten, and how many are measured
HERE, INPUT, TARGET = (0.8, -1.2), 1.5, 0.2   # the two-weight network of lesson 2
DRAWS, SPREAD = 100, 2.0                      # random weights, and their standard deviation
WRONG_START, SURE, CLASS_RATE = -5.0, 0.9, 0.5


def faulty(fault):
    """(fit, theta) -> gradient (P,), of a backward pass with this fault planted."""
    from bpviz.coursework.puzzles import FAULTS, broken_pass  # with them comes SymPy, half a second
    one = broken_pass(FAULTS[fault])
    return lambda fit, theta: one(fit.network, fit.loss_record, theta, fit.data.x, fit.data.y).gradient


# ---- it trains

@cache
def moons_right():
    """How many of the 100 moon points a network has right after training: with no bias gradient, and with a right one.
    """
    data, found = CLOUDS["moons"](), []
    one = Fit(Network((2, 2, 1), "sigmoid"), "squared error", data)
    for gradient in (faulty("bias forgotten"), lambda fit, theta: fit.gradient(theta)):
        theta = np.random.default_rng(0).normal(size=one.n_params)
        for _ in range(MOON_STEPS):
            theta = theta - MOON_RATE * gradient(one, theta)
        found.append(int(((one.predict(theta) > 0.5) == (data.y > 0.5)).sum()))
    return tuple(found)


# ---- the V curve

def two_weight_loss(w1):
    """The loss of the two-weight network on its one example, for one w1 or many."""
    a1 = 1 / (1 + np.exp(-(w1 * INPUT)))
    a2 = 1 / (1 + np.exp(-(HERE[1] * a1)))
    return (a2 - TARGET) ** 2


@cache
def error_exponents():
    """Over EXPONENTS of h: the power of ten of the relative error of the central difference by w1, (COLUMNS,).

    Each is the median of 41 steps within half a power of ten, to one decimal, for rounding errors jump about.
    """
    a1 = 1 / (1 + np.exp(-HERE[0] * INPUT))
    a2 = 1 / (1 + np.exp(-HERE[1] * a1))
    slope = 2 * (a2 - TARGET) * a2 * (1 - a2) * HERE[1] * a1 * (1 - a1) * INPUT
    h = 10.0 ** (np.linspace(*EXPONENTS, COLUMNS)[:, None] + np.linspace(-0.5, 0.5, 41))
    quotients = (two_weight_loss(HERE[0] + h) - two_weight_loss(HERE[0] - h)) / (2 * h)
    errors = np.maximum(np.abs(quotients / slope - 1), 1e-17)
    return np.log10(np.median(errors, axis=1)).round(1)


def best_exponent():
    """The power of ten of h at the bottom of the V, a whole number."""
    found = error_exponents()
    return int(round(np.linspace(*EXPONENTS, COLUMNS)[found == found.min()].mean()))


# ---- one number

@cache
def larger_in_the_last_layer():
    """At how many of DRAWS random weights the one number of a check is larger for a fault in the last layer."""
    passes, count = [faulty("z instead of a"), faulty("missing slope")], 0
    rng = np.random.default_rng(0)
    for _ in range(DRAWS):
        theta = SPREAD * rng.normal(size=9)
        right = two_hidden().gradient(theta)
        last, first = (np.linalg.norm(given - right) / (np.linalg.norm(given) + np.linalg.norm(right))
                       for given in (one(two_hidden(), theta) for one in passes))
        count += bool(last > first)
    return count


# ---- what it costs

@cache
def prices():
    """(weights, operations by nudging) of the networks 4-6-1 and 4-12-1."""
    from bpviz.symbolic.difference import price  # with it comes SymPy
    return tuple((weights, nudging) for _, weights, _, nudging in map(price, (6, 12)))


# ---- a check at zero

@cache
def at_zero():
    """All weights 0: how many of the nine entries a check finds wrong when hidden slopes are forgotten, and how many
    slopes are not 0."""
    theta, h = np.zeros(9), 1e-5
    nudges = h * np.eye(9)
    nudged = (two_hidden().loss(theta[:, None] + nudges) - two_hidden().loss(theta[:, None] - nudges)) / (2 * h)
    wrong = np.abs(faulty("missing slope")(two_hidden(), theta) - nudged) > 1e-8
    return int(wrong.sum()), int((np.abs(nudged) > 1e-8).sum())


# ---- the whole step

def without_update():
    """The loss of the article's network before and after rounds of forward, loss, backward, and nothing else."""
    theta, losses = ARTICLE.copy(), []
    for _ in range(ROUNDS):
        losses.append(float(two_hidden().loss(theta)))
        two_hidden().gradient(theta)
    return losses[0], float(two_hidden().loss(theta))


@cache
def early(rate):
    """How far the first layer's gradient is off, at most, when the second is updated first: a share of its size."""
    right = two_hidden().gradient(ARTICLE)
    weights = ARTICLE[6:8]
    return float(np.abs((weights - rate * right[6:8]) / weights - 1).max())    # the blame goes back through w2


def early_table(largest):
    """What a check says at the largest rate, a tenth of it, and 0, as text."""
    rows = ["rate    second layer    first layer"]
    for rate in (largest, largest / 10, 0):
        off = early(rate)
        rows.append(f"{rate:<8g}right           " + (f"off by up to {100 * off:.1f} %" if off else "right"))
    return "\n".join(["```", *rows, "```"])


# ---- the complex step

def complex_error(h):
    """The relative error of the slope of the two-weight loss by w1, found with the step ih."""
    a1 = 1 / (1 + np.exp(-HERE[0] * INPUT))
    a2 = 1 / (1 + np.exp(-HERE[1] * a1))
    slope = 2 * (a2 - TARGET) * a2 * (1 - a2) * HERE[1] * a1 * (1 - a1) * INPUT
    return float(abs((two_weight_loss(HERE[0] + 1j * h)).imag / h / slope - 1))


# ---- two losses

@cache
def steps_to_be_sure(loss):
    """How many steps a unit of target 1, which hears WRONG_START, takes until it answers more than SURE."""
    from bpviz.symbolic.two_losses import unit  # with it comes SymPy
    one, z, steps = unit(loss, 1.0), np.array([WRONG_START]), 0
    while one.predict(z)[0, 0] < SURE:
        z, steps = z - CLASS_RATE * one.gradient(z), steps + 1
    return steps


# ---- the table of a faulty pass

def table_of(head, lines, right):
    """Each entry of the gradient on XOR, from the loss backwards, as a program gives it and by nudging: text.

    head, lines: of the faulty program.  right: the lines as they should be.
    """
    mine, true = (made(head, body)(**PUBLIC[0]) for body in (lines, right))
    rows = ["entry         program    by nudging"]
    for name, part in (("b2", "db2"), ("w2", "dW2"), ("b1", "db1"), ("w1", "dW1")):
        for place in np.ndindex(true[part].shape):
            entry = f"{name}[{','.join(str(k + 1) for k in place)}]"
            given, nudged = (float(one[part][place]) for one in (mine, true))
            rows.append(f"{entry:<12}{given:+9.5f}    {nudged:+9.5f}{'    differs' * (abs(given - nudged) > 5e-6)}")
    return "\n".join(["```", *rows, "```"])
