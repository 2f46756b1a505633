"""Landscapes without a network: two weights and a formula, to try an optimizer on.

w1, w2  the two weights, arrays of any one shape

Each is one record: `value` is the loss, `slope` its two derivatives, written out by hand next to it. A
Surface is an objective (n_params, loss, gradient), so `descend`, `basins` and `critical_points` take it as
they take a Fit:

>>> surface = SURFACES["booth"]
>>> float(surface.loss([1.0, 3.0])), surface.gradient([1.0, 3.0]).tolist()
(0.0, [0.0, 0.0])

Adding a record here is all it takes: the tests hold slope and minima against other methods.
"""
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from bpviz.base.arguments import Table, cloud
from bpviz.base.records import checked_fields
from bpviz.calculus.dual import Dual, hessian


@dataclass(frozen=True)
class Surface:
    """A loss over two weights.

    value: (w1, w2) -> loss.  slope: (w1, w2) -> (dL/dw1, dL/dw2); both elementwise, any shape.
    name: what it is called.  formula: the loss in LaTeX.  low, high: the window that shows it, two numbers each.
    minima: ((w1, w2, loss), ...), all its minima, lowest first.  source: where it comes from.
    """
    name: str
    value: Callable
    slope: Callable
    formula: str
    low: tuple
    high: tuple
    minima: tuple
    source: str

    def __post_init__(self):
        checked_fields(self)

    n_params = 2
    names = ("w1", "w2")

    def loss(self, theta):
        """The loss at theta: (2, ...) -> (...)."""
        with np.errstate(all="ignore"):
            return self.value(*cloud("theta", theta, 2))

    def gradient(self, theta):
        """(dL/dw1, dL/dw2): (2, ...) -> (2, ...)."""
        theta = theta if isinstance(theta, Dual) else cloud("theta", theta, 2)
        with np.errstate(all="ignore"):
            return np.stack(self.slope(*theta))

    def hessian(self, theta):
        """The exact second derivatives, by dual numbers on the slope: (2, ...) -> (2, 2, ...)."""
        return hessian(self.gradient, cloud("theta", theta, 2))

    def __reduce__(self):
        """A worker process is sent the name and looks the record up."""
        return named, (self.name,)

    def __repr__(self):
        return f"Surface({self.name!r}, {len(self.minima)} " + ("minimum)" if len(self.minima) == 1 else "minima)")


def named(name):
    """The Surface called `name`."""
    return SURFACES[name]


def _himmelblau_slope(x, y):
    u, v = x * x + y - 11, x + y * y - 7
    return 4 * x * u + 2 * v, 2 * u + 4 * y * v


def _beale_parts(x, y):
    return 1.5 - x + x * y, 2.25 - x + x * y * y, 2.625 - x + x * y * y * y


def _beale(x, y):
    a, b, c = _beale_parts(x, y)
    return a * a + b * b + c * c


def _beale_slope(x, y):
    a, b, c = _beale_parts(x, y)
    return (2 * (a * (y - 1) + b * (y * y - 1) + c * (y * y * y - 1)),
            2 * x * (a + 2 * y * b + 3 * y * y * c))


_CAMEL = 1.7475523458302889, 0.8737761729151445, 0.2986384422368598     # the outer minima: w1, w2, loss
_LOW = -2.903534027771177, 2.746802770990837                         # of w^4 - 16 w^2 + 5 w: both its minima,
_AT = -78.33233140754283, -50.05889331056789                          # and their values

SURFACES = Table("surface", {record.name: record for record in (
    Surface("bowl", lambda x, y: x * x + 10 * y * y, lambda x, y: (2 * x, 20 * y),
            r"w_1^2 + 10 w_2^2", (-3, -3), (3, 3), ((0, 0, 0),),
            "a quadratic of condition 10, as in Goodfellow, Bengio and Courville 2016, Deep Learning, section 4.3.1"),
    Surface("saddle", lambda x, y: x * x - y * y, lambda x, y: (2 * x, -2 * y),
            r"w_1^2 - w_2^2", (-2, -2), (2, 2), (),
            "the saddle of every calculus book; it has no lower bound, so every descent but one runs away"),
    Surface("flat bottom", lambda x, y: x * x + y * y * y * y, lambda x, y: (2 * x, 4 * y * y * y),
            r"w_1^2 + w_2^4", (-2, -2), (2, 2), ((0, 0, 0),),
            "a minimum whose Hessian has the eigenvalue 0: Nocedal and Wright 2006, section 2.1"),
    Surface("rosenbrock", lambda x, y: (1 - x) ** 2 + 100 * (y - x * x) ** 2,
            lambda x, y: (-2 * (1 - x) - 400 * x * (y - x * x), 200 * (y - x * x)),
            r"(1 - w_1)^2 + 100 (w_2 - w_1^2)^2", (-2, -1), (2, 3), ((1, 1, 0),),
            "Rosenbrock 1960, Computer Journal 3, eq. 1"),
    Surface("himmelblau", lambda x, y: (x * x + y - 11) ** 2 + (x + y * y - 7) ** 2, _himmelblau_slope,
            r"(w_1^2 + w_2 - 11)^2 + (w_1 + w_2^2 - 7)^2", (-6, -6), (6, 6),
            ((3, 2, 0), (-2.805118086952745, 3.131312518250573, 0), (-3.779310253377747, -3.283185991286170, 0),
             (3.584428340330492, -1.848126526964404, 0)),
            "Himmelblau 1972, Applied Nonlinear Programming, problem 28"),
    Surface("beale", _beale, _beale_slope,
            r"(1.5 - w_1 + w_1 w_2)^2 + (2.25 - w_1 + w_1 w_2^2)^2 + (2.625 - w_1 + w_1 w_2^3)^2",
            (-4.5, -4.5), (4.5, 4.5), ((3, 0.5, 0),),
            "Beale 1958; Moré, Garbow and Hillstrom 1981, ACM Trans. Math. Softw. 7, problem 5"),
    Surface("booth", lambda x, y: (x + 2 * y - 7) ** 2 + (2 * x + y - 5) ** 2,
            lambda x, y: (10 * x + 8 * y - 34, 8 * x + 10 * y - 38),
            r"(w_1 + 2 w_2 - 7)^2 + (2 w_1 + w_2 - 5)^2", (-10, -10), (10, 10), ((1, 3, 0),),
            "Jamil and Yang 2013, Int. J. Math. Model. Numer. Optim. 4, function 17"),
    Surface("three-hump camel", lambda x, y: 2 * x ** 2 - 1.05 * x ** 4 + x ** 6 / 6 + x * y + y ** 2,
            lambda x, y: (4 * x - 4.2 * x ** 3 + x ** 5 + y, x + 2 * y),
            r"2 w_1^2 - 1.05 w_1^4 + \tfrac{1}{6} w_1^6 + w_1 w_2 + w_2^2", (-3, -3), (3, 3),
            ((0, 0, 0), (-_CAMEL[0], _CAMEL[1], _CAMEL[2]), (_CAMEL[0], -_CAMEL[1], _CAMEL[2])),
            "Dixon and Szegö 1975; Jamil and Yang 2013, function 29"),
    Surface("styblinski-tang", lambda x, y: (x ** 4 - 16 * x ** 2 + 5 * x + y ** 4 - 16 * y ** 2 + 5 * y) / 2,
            lambda x, y: (2 * x ** 3 - 16 * x + 2.5, 2 * y ** 3 - 16 * y + 2.5),
            r"\tfrac{1}{2} \sum_i (w_i^4 - 16 w_i^2 + 5 w_i)", (-5, -5), (5, 5),
            tuple((_LOW[i], _LOW[j], (_AT[i] + _AT[j]) / 2) for i, j in ((0, 0), (0, 1), (1, 0), (1, 1))),
            "Styblinski and Tang 1990, Neural Networks 3"),
)})
