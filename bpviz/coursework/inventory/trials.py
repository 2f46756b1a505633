"""The small experiments behind the inventory's right answers: each is run by the engine, none is written down."""
from functools import cache

import numpy as np

from bpviz.calculus.activations import ACTIVATIONS
from bpviz.descent.adaptive import Adam
from bpviz.descent.descend import descend
from bpviz.descent.optimizers import GradientDescent
from bpviz.network.backprop import backprop
from bpviz.network.data import DATA, Data
from bpviz.network.fit import Fit
from bpviz.network.shape import Network

ARTICLE = np.array([0.2, -0.4, 0.7, 0.1, 0.0, 0.0, 0.6, -0.9, 0.0])


@cache
def article():
    """The network of the article, 2-2-1 sigmoids on its one example."""
    return Fit(Network((2, 2, 1), "sigmoid"), "squared error", DATA["article"])


@cache
def two_weights():
    """f(w2·f(w1·x)) on `trident`, whose loss has three minima of different heights."""
    return Fit(Network((1, 1, 1), "sigmoid", bias=False), "squared error", DATA["trident"])


def gives_slopes(h=1e-6):
    """Whether what backprop returns is the slope of the loss by each weight, and not weights: found by nudging."""
    nudges = h * np.eye(len(ARTICLE))
    slopes = (article().loss(ARTICLE[:, None] + nudges) - article().loss(ARTICLE[:, None] - nudges)) / (2 * h)
    return np.allclose(backprop(article(), ARTICLE).gradient, slopes, atol=1e-8)


def on_a_parabola(rate, steps=1, curvature=2.0):
    """The weights (steps + 1,) of descent on ½·curvature·w² from 1."""
    return (1 - rate * curvature) ** np.arange(steps + 1.0)


def first_step(x=5.0, y=1.0):
    """The direction (2,) of steepest descent on x² + 25y², of length 1, and that to the minimum."""
    down, straight = -np.array([2 * x, 50 * y]), -np.array([x, y])
    return down / np.linalg.norm(down), straight / np.linalg.norm(straight)


@cache
def ends(adam=False):
    """The losses (400,) in which descents with a falling rate end, from random starts."""
    starts = np.random.default_rng(0).uniform(-6, 6, (2, 400))
    if adam:
        return descend(two_weights(), starts, Adam(rate=0.05), steps=2000).loss[-1]
    theta = starts
    for rate in (3.0, 1.0, 0.3):
        theta = descend(two_weights(), theta, GradientDescent(rate=rate), steps=3000).theta[:, -1]
    return two_weights().loss(theta)


def reached(losses, best=0.0217, within=0.005):
    """The share of runs that ended near the lowest minimum's loss."""
    return float(np.mean(losses < best + within))


@cache
def plateau(steps=4000):
    """The losses of XOR from small weights: flat for long, and then lower."""
    xor = Fit(Network((2, 2, 1), "tanh"), "squared error", DATA["xor"])
    start = 0.05 * np.random.default_rng(3).normal(size=9)
    return descend(xor, start, GradientDescent(rate=0.1), steps=steps).loss


def order_matters(rate=0.5):
    """Whether the first layer's slopes change when the second layer is updated before they are found."""
    early = ARTICLE.copy()
    early[6:] -= rate * article().gradient(ARTICLE)[6:]
    trace, late = backprop(article(), ARTICLE), backprop(article(), early)
    blame = trace.delta[1] * early[6:8, None] * trace.a[1] * (1 - trace.a[1])
    return not np.allclose(blame, trace.delta[0]) and not np.allclose(late.gradient[:4], trace.gradient[:4])


def trains_with_a_wrong_gradient(steps=2000):
    """The loss before and after training with a gradient whose first layer is three times too large."""
    wrong, theta = np.repeat([3.0, 1.0], [6, 3]), ARTICLE
    for _ in range(steps):
        theta = theta - 0.5 * wrong * article().gradient(theta)
    return float(article().loss(ARTICLE)), float(article().loss(theta))


def from_zeros(units=3, steps=300):
    """The weights (units,) between input 1 and each hidden unit, trained from zeros."""
    fit = Fit(Network((2, units, 1), "sigmoid"), "squared error", DATA["article"])
    return descend(fit, np.zeros(fit.n_params), GradientDescent(rate=0.5), steps=steps).theta[:units, -1]


def through(layers=10, weight=0.5, activation="identity"):
    """What arrives of a blame of 1 behind so many units in a row, each with this weight before it."""
    net = Network((1,) * (layers + 1), activation, bias=False)
    fit = Fit(net, "squared error", Data([1.0], [0.0]))
    trace = backprop(fit, np.full(layers, weight))
    return float(trace.delta[0][0, 0] / trace.delta[-1][0, 0]) * weight      # through the first weight, too


def slope(activation, z):
    """The slope of a unit that hears z."""
    one = ACTIVATIONS[activation]
    return float(one.slope(np, np.array(z), one.value(np, np.array(z))))


def clipped(error, most=1.0, h=1e-6):
    """The slope of the loss min(|error|, most)² by the error."""
    up, down = (min(abs(error + nudge), most) ** 2 for nudge in (h, -h))
    return (up - down) / (2 * h)


def counted(h=1e-6):
    """How the number of wrong answers on XOR changes when each weight is nudged, (9,), per nudge."""
    fit = Fit(Network((2, 2, 1), "sigmoid"), "squared error", DATA["xor"])
    nudges = h * np.eye(9)

    def wrong(theta):
        return ((fit.predict(theta)[0] > 0.5) != (fit.data.y[0][:, None] > 0.5)).sum(axis=0)
    return (wrong(ARTICLE[:, None] + nudges) - wrong(ARTICLE[:, None] - nudges)) / (2 * h)


def two_losses(z, t=1.0):
    """The slopes by z of squared error and of cross-entropy, behind a sigmoid with this target."""
    o = 1 / (1 + np.exp(-z))
    return 2 * (o - t) * o * (1 - o), o - t


def pushed_off(steps=100_000, z=-20.0, rate=0.5):
    """What a sigmoid unit with target 1 hears after so many steps, when it began at z; its bias is all that moves."""
    for _ in range(steps):
        z -= rate * two_losses(z)[0]
    return z


def answers_without_data():
    """Whether a new input is answered alike with other data at hand, and the weights are left as they were."""
    theta, new = ARTICLE.copy(), [[0.3], [0.9]]
    net = Network((2, 2, 1), "sigmoid")
    one, other = (Fit(net, "squared error", Data(new, [target])).predict(theta) for target in (0.0, 1.0))
    return np.array_equal(one, other) and np.array_equal(theta, ARTICLE)


def two_slices():
    """The curvatures at the minimum of x² + 25y² along two lines through it: one place, two pictures."""
    return 2.0, 50.0
