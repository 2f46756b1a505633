"""Backpropagation, written by hand: the file of the course.

x, t   inputs (n_in, rows) and targets (n_out, rows)
z, a   what the units of a layer hear, and what they answer: (n, rows, ...)
delta  how fast the loss rises with what a unit hears, dL/dz: (n, rows, ...)
L      the loss: the mean over rows

Forward, left to right:   z = W'a + b,  a = f(z)
Backward, right to left:  delta = (dL/do) f'(z) at the output,
                          delta = (W delta_next) f'(z) in every layer before it,
                          dL/dW = a_before delta',  dL/db = delta, summed over rows.

`xp` is the namespace the lines run on (calculus/worlds.py): on NumPy they train the network; on
symbols they are proved (symbolic/prove.py); Dual numbers turn them into the exact Hessian.
Source: Rumelhart, Hinton and Williams 1986, Nature 323, eqs. 1 to 7.
"""
from dataclasses import dataclass

import numpy as np

from bpviz.calculus.activations import ACTIVATIONS
from bpviz.calculus.arguments import cloud
from bpviz.calculus.dual import Dual


@dataclass(frozen=True)
class Trace:
    """Everything one forward and one backward pass met.

    z: tuple of (n, rows, ...), one per layer after the inputs.
    a: the same, with the inputs first: a[k] is what layer k + 1 hears from, a[-1] the output.
    delta: dL/dz, like z.  loss: (...).  gradient: (P, ...), dL/dtheta.
    """
    z: tuple
    a: tuple
    delta: tuple
    loss: object
    gradient: object

    @property
    def output(self):
        return self.a[-1]


def forward(network, theta, x, xp=np, output=None):
    """Let x run through the network: returns (z, a), lists as in Trace.

    output: takes the place of the last activation where a loss brings its own output unit.
    """
    z, a = [], [x]
    last = len(network.sizes) - 2
    for k, (W, b) in enumerate(network.layers(theta)):
        heard = np.einsum("io...,ir...->or...", W, a[-1])
        if b is not None:
            heard = heard + b[:, None]
        f = ACTIVATIONS[network.activations[k]].value
        z.append(heard)
        a.append(output(xp, heard) if output is not None and k == last else f(xp, heard))
    return z, a


def forward_and_backward(network, loss, theta, x, t, xp=np):
    """One pass each way, for any `xp`; `loss` is a Loss record. Returns a Trace."""
    rows = x.shape[1]
    z, a = forward(network, theta, x, xp, loss.output)
    records = [ACTIVATIONS[name] for name in network.activations]
    layers = network.layers(theta)

    error = loss.slope(xp, z[-1], a[-1], t) / rows            # dL/do, or dL/dz if the loss brings its output unit
    if loss.output is None:
        error = error * records[-1].slope(xp, z[-1], a[-1])
    delta = [error]
    for k in range(len(layers) - 1, 0, -1):                   # from the last layer to the second
        W, _ = layers[k]
        blame = np.einsum("io...,or...->ir...", W, delta[0])  # every path from this unit to the loss, added up
        delta.insert(0, blame * records[k - 1].slope(xp, z[k - 1], a[k]))

    gradient = network.join([(np.einsum("ir...,or...->io...", a[k], delta[k]), delta[k].sum(axis=1))
                             for k in range(len(layers))])
    return Trace(tuple(z), tuple(a), tuple(delta), loss.value(xp, z[-1], a[-1], t).sum(axis=0) / rows, gradient)


def backprop(fit, theta, one_pass=None, rows=None):
    """Run `fit` forward and backward at theta (P, ...), its penalty included. Returns a Trace.

    rows: look at these rows of the data only, (n, ...) whole numbers, trailing axes as theta's or none.
    one_pass: another version of forward_and_backward, for those who break it on purpose (coursework/puzzles.py).

    Overflow is data, not an error: a network far out gives inf or nan, and NumPy prints nothing.
    Raises ValueError for a theta of another shape or with NaN. A Dual theta makes every part of the
    Trace carry its tangent.
    """
    theta = theta if isinstance(theta, Dual) else cloud("theta", theta, fit.n_params)
    extra = (1,) * (theta.ndim - 1)
    x, t = (fit.data.x, fit.data.y) if rows is None else (fit.data.x[:, rows], fit.data.y[:, rows])
    if x.ndim < 1 + theta.ndim:
        x, t = x.reshape(x.shape + extra), t.reshape(t.shape + extra)
    with np.errstate(all="ignore"):
        trace = (one_pass or forward_and_backward)(fit.network, fit.loss_record, theta, x, t)
        if fit.l2 == 0:
            return trace
        w = fit.network.is_weight.reshape((-1,) + extra) * theta
        return Trace(trace.z, trace.a, trace.delta,
                     trace.loss + fit.l2 * (w * w).sum(axis=0), trace.gradient + 2 * fit.l2 * w)
