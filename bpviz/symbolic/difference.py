"""How wrong a difference quotient is, against the step h: the V curve.

forward   (f(x + h) - f(x)) / h           error about |f''/2| h   + eps |f| / h
central   (f(x + h) - f(x - h)) / 2h      error about |f'''/6| h^2 + eps |f| / h
complex   Im f(x + ih) / h                error about |f'''/6| h^2, and no rounding: nothing is subtracted

The truth comes from SymPy's derivation in 40 digits.
Source: Press et al. 2007, Numerical Recipes, section 5.7; Squire and Trapp 1998, SIAM Review 40.
"""
from dataclasses import dataclass
from functools import cache

import numpy as np
import sympy

from bpviz.base.arguments import Table, numeric
from bpviz.base.result import ShowsItself
from bpviz.network.backprop import forward
from bpviz.network.data import DATA, Data
from bpviz.network.fit import Fit
from bpviz.network.shape import Network
from bpviz.network.unroll import operations
from bpviz.symbolic.derive import Chain
from bpviz.words.catalogue import Said, say

EPS, DIGITS = np.finfo(float).eps, 40
METHODS = ("forward", "central", "complex")
LEAST = 1e-17                    # where an error of 0 stands on a logarithmic axis


@dataclass(frozen=True)
class Subject:
    """A function of one number, at a place. f: NumPy, real or complex.  exact: its slope there, 40 digits."""
    name: str
    f: object
    x: float
    exact: sympy.Float


def _loss(network, weight, name, theta):
    """The squared error of a network on the article's example as a function of one weight, complex ones welcome."""
    fit = Fit(network, "squared error", DATA["article"])
    index = fit.network.index(weight)

    def f(w):
        moved = np.array(theta, dtype=complex if np.iscomplexobj(w) else float)
        moved[index] = w
        z, _, a = forward(network, moved, fit.data.x)
        return fit.loss_record.value(np, z[-1], a[-1], fit.data.y).sum()

    chain = Chain(fit)
    expression = chain.derivation(weight).expression
    at = dict(zip([*chain.weights, *chain.x, *chain.t], [*theta, *fit.data.x[:, 0], *fit.data.y[:, 0]], strict=True))
    exact = expression.xreplace({s: sympy.Float(v, DIGITS) for s, v in at.items()}).evalf(DIGITS)
    return Subject(name, f, theta[index], exact)


@cache
def subjects():
    """The functions to try, by name; derived once, for a menu asks for them at every choice."""
    z = sympy.Symbol("z")
    theta = [0.2, -0.4, 0.7, 0.1, 0.0, 0.0, 0.6, -0.9, 0.0]
    found = [_loss(Network((2, 2, 1)), "w1[1,1]", "loss by w1[1,1], article", theta),
             _loss(Network((2, 2, 1), "tanh"), "w2[1,1]", "loss by w2[1,1], tanh", theta)]
    for name, expression, f in (("exp at 1", sympy.exp(z), np.exp), ("sin at 1", sympy.sin(z), np.sin)):
        found.append(Subject(name, f, 1.0, sympy.diff(expression, z).subs(z, 1).evalf(DIGITS)))
    return Table("function", {subject.name: subject for subject in found})


def errors(subject, h):
    """{method: relative error} of each difference at steps h (n,), above 0: arrays (n,)."""
    h = numeric("h", h)
    if (h <= 0).any():
        raise ValueError(f"h: got {h.min():g}; allowed are steps above 0")
    f, x = subject.f, subject.x
    slopes = {
        "forward": [(f(x + step) - f(x)) / step for step in h],
        "central": [(f(x + step) - f(x - step)) / (2 * step) for step in h],
        "complex": [f(x + 1j * step).imag / step for step in h],
    }
    return {name: np.array([float(abs((sympy.Float(float(s), DIGITS) - subject.exact) / subject.exact)) for s in found])
            for name, found in slopes.items()}


def price(units):
    """(units, weights, operations of one backward pass, operations of a central difference per weight) of 4-n-1."""
    fit = Fit(Network((4, units, 1)), "squared error", Data(np.ones((4, 1)) / 2, [[0.5]]))
    forward, both = operations(fit)
    return units, fit.n_params, both, 2 * fit.n_params * forward


@dataclass(frozen=True, repr=False)
class Differences(ShowsItself):
    """The errors at one h, and the price at one size."""
    h: float
    errors: dict
    best: dict
    size: tuple

    @property
    def marks(self):
        """The errors as they stand on their curves: 0 has no place there."""
        return {name: max(error, LEAST) for name, error in self.errors.items()}

    @property
    def words(self):
        units, weights, both, differences = self.size
        return str(Said("difference", (
            ("errors", {"h": self.h, "ratio": self.h / self.best["central"],
                        "errors": [{"name": name, "error": self.errors[name]} for name in METHODS]}),
            ("work", {"units": units, "weights": weights, "both": both, "differences": differences,
                      "times": differences / both}))))

    def table(self):
        rows = [(name, f"{self.errors[name]:.2e}", f"{self.best[name]:.1e}") for name in METHODS]
        return "Difference quotients", ("difference", say("difference", "here"), say("difference", "best")), rows
