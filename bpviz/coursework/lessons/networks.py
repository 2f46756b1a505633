"""The networks that several lessons look at, and the level ground of those with two weights."""
from functools import cache

from bpviz.landscape.critical import critical_points
from bpviz.network.data import DATA
from bpviz.network.fit import Fit
from bpviz.network.shape import Network


@cache
def two_hidden(data="article", outputs=1):
    """The network 2-2-outputs of sigmoids with squared error on a data set, by its name; without one the article's."""
    return Fit(Network((2, 2, outputs), "sigmoid"), "squared error", DATA[data])


@cache
def two_weights(data, activation="sigmoid", l2=0.0):
    """The network f(w2 f(w1 x)) with squared error on a data set, by its name."""
    return Fit(Network((1, 1, 1), activation, bias=False), "squared error", DATA[data], l2)


@cache
def level_ground(data, l2=0.0):
    """All critical points that a search finds in the landscape of `two_weights`."""
    return critical_points(two_weights(data, l2=l2))
