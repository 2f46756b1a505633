"""Backpropagation, written by hand: the file of the course.

x, t   inputs (n_in, rows) and targets (n_out, rows)
z, a   pre-activations and activations of a layer: (n, rows, ...)
delta  error signals, how fast the loss rises with a pre-activation, dL/dz: (n, rows, ...)
L      the loss: the mean over rows, or their sum (Fit's `reduction`)

Forward, left to right:   z = W'a + b,  a = f(z)
Backward, right to left:  delta = (dL/do) f'(z) at the output,
                          delta = (W delta_next) f'(z) in every layer before it,
                          dL/dW = a_before delta',  dL/db = delta, summed over rows.

Two cures for deep networks (network/shape.py says which layers have them) add a term or a factor:
    skip        z = z_before + W'a + b   so   delta = (W delta_next) f'(z) + delta_next
    layer norm  a = f(h), h = (z - mean z) / s, s^2 = var z + EPS over the layer's units, so
                delta = (g - mean g - h mean(g h)) / s   with   g = (W delta_next) f'(h).

`xp` is the namespace the lines run on (calculus/worlds.py): on NumPy they train the network; on
symbols they are proved (symbolic/prove.py); Dual numbers turn them into the exact Hessian. Lines with a mark are
pointed at from elsewhere (base/marks.py): the walk shows them, the puzzles break them.
Source: Rumelhart, Hinton and Williams 1986, Nature 323, eqs. 1 to 7.
"""
from dataclasses import dataclass, replace

import numpy as np

from bpviz.base.arguments import MOST_NUMBERS, choice, cloud, fit_of_layers, instance, numeric, refuse
from bpviz.base.arguments import fit as a_fit
from bpviz.base.result import ShowsItself
from bpviz.calculus.activations import ACTIVATIONS
from bpviz.calculus.dual import Dual
from bpviz.calculus.interval import Interval
from bpviz.calculus.losses import REDUCTIONS
from bpviz.network.frozen import still
from bpviz.words.catalogue import say

EPS = 1e-5                      # as in torch.nn.LayerNorm: pre-activations all alike are not divided by 0
BLAS_PAYS = 10_000              # multiplications from which a matrix product is worth its call
PLAIN = {"io...,ir...->or...": lambda W, a: W.T @ a, "io...,or...->ir...": lambda W, delta: W @ delta,
         "ir...,or...->io...": lambda a, delta: a @ delta.T}


@dataclass(frozen=True, repr=False)
class Trace(ShowsItself):
    """Everything one forward and one backward pass met.

    z: tuple of (n, rows, ...), one per layer after the inputs, before any normalisation.
    h: the same, what the activation was applied to: z itself, or the normalised z of a layer with layer norm.
    a: the same, with the inputs first: a[k] is what goes into layer k + 1, a[-1] the output.
    delta: dL/dz, like z.  loss: (...).  gradient: (P, ...), dL/dtheta.  reduction: "mean" or "sum" over the rows.
    """
    z: tuple
    h: tuple
    a: tuple
    delta: tuple
    loss: object
    gradient: object
    reduction: str = "mean"

    def __post_init__(self):
        choice("reduction", self.reduction, REDUCTIONS)
        z, h, a, delta = self.z, self.h, self.a, self.delta
        if not (type(z) is type(h) is type(a) is type(delta) is tuple and len(z) == len(h) == len(delta) == len(a) - 1):
            for name, part, more in (("z", z, 0), ("h", h, 0), ("a", a, 1), ("delta", delta, 0)):
                if type(part) is not tuple or type(z) is not tuple or len(part) != len(z) + more:
                    refuse(name, part, "allowed is a tuple of one array a layer (for a, one more: the inputs)")

    @property
    def output(self):
        return self.a[-1]

    @property
    def words(self):
        one = np.ndim(self.loss) == 0
        rows = {"n": self.a[0].shape[1], "reduction": self.reduction}
        return say("results", "trace", rows=rows, loss=float(self.loss) if one else None,
                   networks=None if one else np.size(self.loss))

    def table(self):
        """Every unit on the first row (of the first network): pre-activation, activation and error signal dL/dz."""
        def first(array):
            return f"{float(np.ravel(array)[0]):.6g}"
        rows = [(f"{k}, unit {j + 1}", first(z[j]), first(a[j]), first(delta[j]))
                for k, (z, a, delta) in enumerate(zip(self.z, self.a[1:], self.delta, strict=True), start=1)
                for j in range(len(z))]
        of = "" if np.ndim(self.loss) == 0 else " of the first network"
        return f"The units{of} on the first row", ("layer", "z", "a", "dL/dz"), rows


def contract(pattern, u, v):
    """np.einsum of two arrays, as a matrix product where they are two plain matrices of some size."""
    large = type(u) is type(v) is np.ndarray and u.ndim == v.ndim == 2 and u.size * max(v.shape) > BLAS_PAYS
    return PLAIN[pattern](u, v) if large else np.einsum(pattern, u, v)


def normalise(xp, z):
    """(h, s): z less its mean over the units of its layer, divided by its standard deviation s over them."""
    centred = z - z.sum(axis=0) / len(z)
    s = xp.sqrt((centred * centred).sum(axis=0) / len(z) + EPS)
    return centred / s, s


def normalise_back(h, s, g):
    """dL/dz from g = dL/dh: what moves all units alike, or all in proportion, does not come through."""
    return (g - g.sum(axis=0) / len(h) - h * ((g * h).sum(axis=0) / len(h))) / s


def forward(network, theta, x, xp=np, output=None):
    """Let x run through the network: returns (z, h, a), lists as in Trace.

    output: takes the place of the last activation where a loss brings its own output unit.
    """
    z, h, a = [], [], [x]
    last = len(network.sizes) - 2
    for k, (W, b) in enumerate(network.layers(theta)):
        pre = contract("io...,ir...->or...", W, a[-1])      # mark: z
        if b is not None:
            pre = pre + b[:, None]
        if network.skips[k]:
            pre = pre + z[-1]
        z.append(pre)
        if network.norms[k]:
            pre, _ = normalise(xp, pre)                         # mark: normalise
        h.append(pre)
        f = ACTIVATIONS[network.activations[k]].value
        a.append(output(xp, pre) if output is not None and k == last else f(xp, pre))         # mark: a
    return z, h, a


def forward_and_backward(network, loss, theta, x, t, xp=np):
    """One pass each way, for any `xp`; `loss` is a Loss record. Returns a Trace."""
    rows = loss.divisor(x.shape[1])                           # 1 where the loss is the sum over rows
    z, h, a = forward(network, theta, x, xp, loss.output)
    value = loss.value(xp, z[-1], a[-1], t).sum(axis=0) / rows                     # mark: loss
    records = [ACTIVATIONS[name] for name in network.activations]
    layers = network.layers(theta)

    error = loss.slope(xp, z[-1], a[-1], t) / rows            # mark: error; dL/do, or dL/dz if the loss has its unit
    if loss.output is None:
        error = error * records[-1].slope(xp, h[-1], a[-1])   # mark: output slope
    delta = [error]
    for k in range(len(layers) - 1, 0, -1):                   # from the last layer to the second
        W, _ = layers[k]
        passed_back = contract("io...,or...->ir...", W, delta[0])     # mark: passed back; dL/da, over every path
        delta.insert(0, passed_back * records[k - 1].slope(xp, h[k - 1], a[k]))          # mark: delta
        if network.norms[k - 1]:
            _, spread = normalise(xp, z[k - 1])
            delta[0] = normalise_back(h[k - 1], spread, delta[0])                  # mark: norm
        if network.skips[k]:
            delta[0] = delta[0] + delta[1]                    # mark: skip; it hands delta on as it is

    slopes = [(contract("ir...,or...->io...", a[k], delta[k]), delta[k].sum(axis=1))          # mark: slopes
              for k in range(len(layers))]
    return Trace(tuple(z), tuple(h), tuple(a), tuple(delta), value, network.join(slopes))


def _these_rows(data, rows, ndim):
    """x and t of some rows; ValueError for rows that are not there."""
    if not isinstance(rows, np.ndarray) and not isinstance(rows, list | tuple | range):
        refuse("rows", rows, "allowed is an array of row numbers")
    if type(rows) is not np.ndarray:
        numeric("rows", rows)
        rows = np.asarray(rows)
    if rows.dtype.kind not in "iu" or rows.ndim not in (1, ndim) or not 0 < rows.size * len(data.x) <= MOST_NUMBERS:
        refuse("rows", rows, "allowed are whole numbers, the rows to look at: (n, ...)")
    try:
        return data.x[:, rows], data.y[:, rows]
    except IndexError:
        refuse("rows", rows, f"allowed are row numbers from 0 to {data.rows - 1}")


def backprop(fit, theta, one_pass=None, rows=None):
    """Run `fit` forward and backward at theta (P, ...), its penalty included. Returns a Trace.

    The slope of a weight that is frozen is 0.
    rows: look at these rows of the data only, (n, ...) whole numbers, trailing axes as theta's or none.
    one_pass: another version of forward_and_backward, for those who break it on purpose (coursework/puzzles.py).

    Overflow is data, not an error: a network far out gives inf or nan, and NumPy prints nothing.
    Raises ValueError for a theta of another shape or with NaN. A Dual theta makes every part of the
    Trace carry its tangent, an Interval makes it an enclosure.
    """
    a_fit("fit", fit)
    if not isinstance(theta, Dual | Interval):
        theta = fit.admit(theta) if rows is None else cloud("theta", theta, fit.n_params)
    if one_pass is not None and (not callable(one_pass) or isinstance(one_pass, type)):
        refuse("one_pass", one_pass, "allowed is None or a function such as forward_and_backward")
    if one_pass is not None:
        fit_of_layers("fit", fit, "bp.prove")
    extra = (1,) * (theta.ndim - 1)
    x, t = (fit.data.x, fit.data.y) if rows is None else _these_rows(fit.data, rows, theta.ndim)
    if x.ndim < 1 + theta.ndim:
        x, t = x.reshape(x.shape + extra), t.reshape(t.shape + extra)
    with np.errstate(all="ignore"):
        if one_pass is None:
            trace = fit.network.forward_and_backward(fit.loss_record, theta, x, t)
        else:
            trace = one_pass(fit.network, fit.loss_record, theta, x, t)
            instance("one_pass", trace, Trace, "a function that returns a Trace")
        if fit.l2 == 0 and not fit.frozen and fit.reduction == trace.reduction:
            return trace
        loss, gradient = trace.loss, still(fit, trace.gradient)
        if fit.l2:
            loss, gradient = loss + fit.penalty(theta), gradient + fit.pull.reshape((-1,) + extra) * theta
        return replace(trace, loss=loss, gradient=gradient, reduction=fit.reduction)
