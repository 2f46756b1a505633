"""The small experiments of lesson 3: what its predictions and exercises ask is worked out here, never written down."""
from functools import cache

import numpy as np

from bpviz.coursework.lessons.networks import two_hidden
from bpviz.descent.descend import descend
from bpviz.descent.optimizers import GradientDescent
from bpviz.network.backprop import backprop
from bpviz.network.data import DATA, Data
from bpviz.network.fit import Fit
from bpviz.network.shape import Network
from bpviz.network.walked import WALKED

RATE = 0.5
RATES = (0.0, 12.0)                       # in which the loss after one step falls and rises again
ARTICLE, TWO_OUTPUTS, XOR = (np.array(WALKED[data]) for data in ("article", "two outputs", "xor"))


def numbers_forward():
    """How many numbers the forward phase of the article's network finds: z and a of each unit."""
    trace = backprop(two_hidden(), ARTICLE)
    return sum(layer.size for layer in (*trace.z, *trace.a[1:]))


def output_weights():
    """What the hidden units of the article's network answer (2,), and the gradient of the weights behind them (2,)."""
    return backprop(two_hidden(), ARTICLE).a[1][:, 0], two_hidden().gradient(ARTICLE)[6:8]


def two_paths():
    """The two terms of dL/da of the first hidden unit (2,), and what the backward pass gives for it."""
    net = two_hidden("two outputs", 2)
    trace, (W2, _) = backprop(net, TWO_OUTPUTS), net.network.layers(TWO_OUTPUTS)[1]
    a = trace.a[1][0, 0]
    return W2[0] * trace.delta[1][:, 0], float(trace.delta[0][0, 0] / (a * (1 - a)))


def row_gradients(weight=6):
    """What each of XOR's four rows gives to the gradient of one weight, (4,), and the gradient itself."""
    whole = two_hidden("xor")
    each = [Fit(whole.network, whole.loss_name, Data(whole.data.x[:, [r]], whole.data.y[:, [r]])) for r in range(4)]
    return np.array([one.gradient(XOR)[weight] for one in each]) / 4, float(whole.gradient(XOR)[weight])


def updated_early(rate=RATE):
    """The gradient of the first layer's weights (4,), and the same with the second layer updated too early."""
    right = two_hidden().gradient(ARTICLE)
    early = ARTICLE[6:8] - rate * right[6:8]
    return right[:4], right[:4] * np.tile(early / ARTICLE[6:8], 2)     # blame = delta * w2, and only w2 is another


def after_one_step(rate):
    """The loss of the article's network after one step with this rate; rate: a number, or an array (n,) for (n,)."""
    theta = ARTICLE[:, None] - np.atleast_1d(rate) * two_hidden().gradient(ARTICLE)[:, None]
    return two_hidden().loss(theta)


def loss_over_rates(n=97):
    """The loss after one step at n rates over RATES, (n,)."""
    return after_one_step(np.linspace(*RATES, n))


def never_zeroed(steps=14, rate=0.1, n=97):
    """The weight of descent on L = w squared, from 1, when every old slope stays in the sum; (n,) over the steps."""
    w, total, path = 1.0, 0.0, [1.0]
    for _ in range(steps):
        total += 2 * w
        w -= rate * total
        path.append(w)
    return np.interp(np.linspace(0, steps, n), np.arange(steps + 1), path)


def trained_without_slope(name, theta, steps):
    """The loss before and after training with a backward pass that forgets the slope of the hidden units."""
    from bpviz.coursework.puzzles import FAULTS, broken_pass  # with them comes SymPy, half a second
    one, forgetful = two_hidden(name), broken_pass(FAULTS["missing slope"])
    before = float(one.loss(theta))
    for _ in range(steps):
        theta = theta - RATE * forgetful(one.network, one.loss_record, theta, one.data.x, one.data.y).gradient
    return before, float(one.loss(theta))


def by_nudging(theta, h=1e-5):
    """The gradient from nudging each weight up and down: 2P forward passes."""
    nudges = h * np.eye(len(theta))
    return (two_hidden().loss(theta[:, None] + nudges) - two_hidden().loss(theta[:, None] - nudges)) / (2 * h)


def nudged(steps=100):
    """Where training ends (P,) with slopes from nudging, and where with those of backpropagation."""
    theta = ARTICLE
    for _ in range(steps):
        theta = theta - RATE * by_nudging(theta)
    return theta, descend(two_hidden(), ARTICLE, GradientDescent(rate=RATE), steps=steps).theta[:, -1]


def from_zeros(steps=100):
    """All weights of the two hidden units, (4,) each, trained from zeros."""
    theta = descend(two_hidden(), np.zeros(9), GradientDescent(rate=RATE), steps=steps).theta[:, -1]
    return theta[[0, 2, 4, 6]], theta[[1, 3, 5, 7]]


def behind(times):
    """The article's weights (9,), those into the output unit so many times as large."""
    return ARTICLE * np.where(np.isin(np.arange(9), (6, 7)), times, 1)


def blame_behind(times=1):
    """|dL/dz| of the second hidden unit of the article's network beside that of the output unit, its second layer so
    many times as large."""
    trace = backprop(two_hidden(), behind(times))
    return float(abs(trace.delta[0][1, 0] / trace.delta[1][0, 0]))


SILENT = np.array([-0.8, 0.9, -0.5, 0.7, 0, 0, 1.1, -0.6, 0])     # both weights into hidden unit 1 are negative


@cache
def with_relu():
    """XOR's network with relu as its hidden units."""
    return Fit(Network((2, 2, 1), ("relu", "sigmoid")), "squared error", DATA["xor"])


@cache
def dead_at_the_start(starts=1000):
    """In how many random starts of XOR's network with relu units a hidden unit gets no slope at all, from no row."""
    net, theta = with_relu(), np.random.default_rng(0).normal(size=(9, starts))
    theta[[4, 5, 8]] = 0                                    # biases
    slopes = net.gradient(theta)
    return int(((slopes[[0, 2, 4, 6]] == 0).all(axis=0) | (slopes[[1, 3, 5, 7]] == 0).all(axis=0)).sum())
