"""Activation functions and their slopes: what a unit answers, and how fast the answer moves.

z  the pre-activation (weighted sum plus bias)
a  what it answers: a = f(z)

Each activation is one record: `value(xp, z)` is f, `slope(xp, z, a)` is f'(z), given a = f(z)
because the books write several slopes in terms of the answer. Neither overflows, however large z, nor
is lost far out: f and f' are right to 13 digits as long as they are ordinary numbers (see functions.py).
At a kink (z = 0) the slope is the one from the left.

Adding a record here is all it takes: menus, proofs and tests follow.
"""
from collections.abc import Callable
from dataclasses import dataclass

from bpviz.base.arguments import Table
from bpviz.base.records import checked_fields
from bpviz.calculus.worlds import beyond


@dataclass(frozen=True)
class Activation:
    """A unit's answer a = f(z) with its slope f'(z), over any namespace `xp` (see worlds.py).

    value: (xp, z) -> a, elementwise, any shape.  slope: (xp, z, a) -> f'(z), same shape.
    name: what it is called in menus.  formula: f in LaTeX.  source: who introduced it to neural networks.
    by_answer: a -> f'(z), the slope as books write it, a(1 - a): shown, not computed, since for a near 1 it loses
        all its digits.  None: the slope is shown as it is.
    slope_jumps: whether f' jumps somewhere: then nothing is proved by intervals about networks of it.
    """
    name: str
    value: Callable
    slope: Callable
    formula: str
    source: str
    by_answer: Callable | None = None
    slope_jumps: bool = False

    def __post_init__(self):
        checked_fields(self)

    def __repr__(self):
        return f"Activation({self.name!r}, a = {self.formula}; {self.source})"


def _leak(xp, z):
    rising = xp.heaviside(z, 0)
    return rising + (1 - rising) / 100


def _swish_slope(xp, z, a):
    return beyond(xp).sigmoid(z) + z * beyond(xp).sigmoid_slope(z)


ACTIVATIONS = Table("activation", {record.name: record for record in (
    Activation("sigmoid", lambda xp, z: beyond(xp).sigmoid(z), lambda xp, z, a: beyond(xp).sigmoid_slope(z),
               r"\frac{1}{1 + e^{-z}}", "Rumelhart, Hinton and Williams 1986, Nature 323, eq. 2",
               lambda a: a * (1 - a)),
    Activation("tanh", lambda xp, z: xp.tanh(z), lambda xp, z, a: beyond(xp).tanh_slope(z),
               r"\tanh z", "LeCun et al. 1998, Efficient BackProp, section 4.4", lambda a: 1 - a * a),
    Activation("relu", lambda xp, z: xp.maximum(z, 0), lambda xp, z, a: xp.heaviside(z, 0),
               r"\max(z, 0)", "Nair and Hinton 2010, ICML, section 2", slope_jumps=True),
    Activation("leaky relu", lambda xp, z: z * _leak(xp, z), lambda xp, z, a: _leak(xp, z),
               r"\max(z, 0) + \tfrac{1}{100}\min(z, 0)", "Maas, Hannun and Ng 2013, ICML, section 2",
               slope_jumps=True),
    Activation("elu", lambda xp, z: xp.maximum(z, 0) + xp.expm1(xp.minimum(z, 0)),
               lambda xp, z, a: xp.heaviside(z, 0) + (1 - xp.heaviside(z, 0)) * xp.exp(xp.minimum(z, 0)),
               r"\max(z, 0) + e^{\min(z, 0)} - 1", "Clevert, Unterthiner and Hochreiter 2016, ICLR, eq. 15"),
    Activation("softplus", lambda xp, z: beyond(xp).softplus(z), lambda xp, z, a: beyond(xp).sigmoid(z),
               r"\ln(1 + e^{z})", "Dugas et al. 2001, NIPS 13, section 3"),
    Activation("swish", lambda xp, z: z * beyond(xp).sigmoid(z), _swish_slope,
               r"\frac{z}{1 + e^{-z}}", "Ramachandran, Zoph and Le 2017, arXiv:1710.05941, section 3"),
    Activation("gelu", lambda xp, z: z * beyond(xp).normal_cdf(z),
               lambda xp, z, a: beyond(xp).normal_cdf(z) + z * beyond(xp).normal_density(z),
               r"\tfrac{z}{2} (1 + \operatorname{erf} \tfrac{z}{\sqrt2})",
               "Hendrycks and Gimpel 2016, arXiv:1606.08415"),
    Activation("softsign", lambda xp, z: z / (1 + xp.abs(z)), lambda xp, z, a: (1 / (1 + xp.abs(z))) ** 2,
               r"\frac{z}{1 + |z|}", "Bergstra et al. 2009; Glorot and Bengio 2010, AISTATS, section 3"),
    Activation("lecun tanh", lambda xp, z: xp.tanh(2 * z / 3) * 17159 / 10000,
               lambda xp, z, a: beyond(xp).tanh_slope(2 * z / 3) * 17159 / 15000,
               r"1.7159 \tanh \tfrac{2z}{3}", "LeCun et al. 1998, Efficient BackProp, section 4.4"),
    Activation("identity", lambda xp, z: z, lambda xp, z, a: 1 + 0 * z,
               r"z", "the linear unit of Widrow and Hoff 1960"),
)})
