"""One gradient, three ways: SymPy's derivation, the hand-written backward pass, a difference quotient.

Three programs that share no line; where they agree to many digits, the number is right.
"""
from dataclasses import dataclass

import numpy as np

from bpviz.calculus.arguments import fit as a_fit
from bpviz.calculus.arguments import instance, one_network
from bpviz.network.backprop import backprop
from bpviz.symbolic.derive import Chain

EPS = np.finfo(float).eps


@dataclass(frozen=True)
class Comparison:
    """dL/d(weight) found three ways. error: the largest disagreement between any two. agree: the verdict."""
    weight: str
    symbolic: float
    backprop: float
    difference: float
    error: float
    agree: bool


def central_differences(fit, theta):
    """(L(theta + h) - L(theta - h)) / 2h for each weight of one network, theta (P,): the slopes, and each h.

    h = cbrt(eps) max(1, |w|) balances truncation against rounding (Press et al. 2007, Numerical
    Recipes, section 5.7).
    """
    h = np.cbrt(EPS) * np.maximum(1, np.abs(theta))
    around = theta[:, None] + np.concatenate([np.diag(h), -np.diag(h)], axis=1)
    loss = fit.loss(around)
    return (loss[:len(theta)] - loss[len(theta):]) / (2 * h), h


def compare_gradients(fit, theta, chain=None, one_pass=None):
    """The gradient of one network at theta (P,), found three ways: a tuple with one Comparison per weight.

    Two exact ways agree when they differ by rounding only (1e-12 of the largest entry); the
    difference quotient when it differs by no more than its own error (1e-8 of the largest entry,
    plus the rounding of the loss divided by h).
    chain: the derivation made earlier by `Chain(fit)`, to save the time of making it again.
    one_pass: the backward pass to check, see backprop.
    """
    theta = one_network("theta", theta, a_fit("fit", fit).n_params)
    instance("chain", chain, Chain | None, "None or a Chain of this fit")
    symbolic = (chain or Chain(fit)).gradient(theta)
    trace = backprop(fit, theta, one_pass)
    difference, h = central_differences(fit, theta)
    scale = max(np.abs(symbolic).max(), np.finfo(float).tiny)
    exact = np.abs(symbolic - trace.gradient)
    rough = np.maximum(np.abs(symbolic - difference), np.abs(trace.gradient - difference))
    allowed = 1e-8 * scale + 20 * EPS * (1 + np.abs(trace.loss)) / h
    agree = (exact <= 1e-12 * scale) & (rough <= allowed)
    return tuple(Comparison(*row) for row in zip(
        fit.names, symbolic.tolist(), trace.gradient.tolist(), difference.tolist(),
        np.maximum(exact, rough).tolist(), agree.tolist(), strict=True))
