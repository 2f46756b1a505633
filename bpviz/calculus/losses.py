"""How wrong an output is: one number a row, and its slope.

z  the scores: the pre-activations of the output units, (n_out, rows, ...)
o  the outputs: what they answer, same shape
t  the targets, same shape (trailing axes of length 1)

Squared error looks at the outputs, so backpropagation multiplies its slope by the output
unit's own f'(z). A cross-entropy brings its own output unit (sigmoid or softmax, the `output`
field; it takes the place of the network's last activation) and is computed from the scores:
that cannot overflow, and the f'(z) cancels, which leaves the famous slope o - t.

Near the target o - t is a difference of two almost equal numbers, and so is ln(1 + e^z) - z; nothing of them
is left from z = 37 on. Written as sums of parts that are small themselves they keep all their digits.
"""
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import reduce
from itertools import accumulate

import numpy as np

from bpviz.base.arguments import Table, choice
from bpviz.base.records import checked_fields
from bpviz.calculus.activations import ACTIVATIONS
from bpviz.calculus.worlds import beyond

REDUCTIONS = "mean", "sum"         # what the rows' losses become: the words of torch.nn's losses


@dataclass(frozen=True)
class Loss:
    """A loss per row with its slope, over any namespace `xp` (see worlds.py).

    name: what it is called in menus.  formula: of one row, in LaTeX.  source: who introduced it.
    value: (xp, z, o, t) -> (rows, ...), summed over the outputs.
    slope: (xp, z, o, t) -> (n_out, rows, ...): by the output o, or by the score z if `output` is set.
    output: (xp, z) -> o, the output unit the loss brings along, or None.  output_name: what that is called.
    accepts: (t of shape (n_out, rows)) -> what is wrong with these targets, or "".
    least_outputs: a softmax over one output is always 1, so it takes two.
    short: (o, t) -> the slope as books write it, o - t: shown, not computed.  None: the slope is shown as it is.
    reduction: what the rows become, one of REDUCTIONS.  slope_jumps: whether the slope jumps somewhere.
    """
    name: str
    value: Callable
    slope: Callable
    formula: str
    source: str
    output: Callable | None = None
    output_name: str = ""
    accepts: Callable = staticmethod(lambda t: "")
    least_outputs: int = 1
    short: Callable | None = None
    reduction: str = "mean"
    slope_jumps: bool = False

    def __post_init__(self):
        checked_fields(self)
        choice("reduction", self.reduction, REDUCTIONS)

    def divisor(self, rows):
        """What the sum over so many rows is divided by: their number for a mean, 1 for a sum."""
        return rows if self.reduction == "mean" else 1

    def __repr__(self):
        return f"Loss({self.name!r}, {self.formula}; {self.source})"


def _centred(xp, z):
    """The scores less the largest of them, which changes neither softmax nor loss, and keeps both from overflowing."""
    return z if getattr(xp, "exact", False) else z - reduce(xp.maximum, z)


def _log_sum_exp(xp, z):
    """log(sum over outputs of exp z), pair by pair: right to all digits where one score leads by far; (rows, ...)."""
    return reduce(xp.logaddexp, z)


def _softmax(xp, z):
    if getattr(xp, "exact", False):
        return xp.exp(z - _log_sum_exp(xp, z))
    e = xp.exp(_centred(xp, z))
    return e / e.sum(axis=0)


def _softmax_loss(xp, z, o, t):
    c = _centred(xp, z)
    return (t * (_log_sum_exp(xp, c) - c)).sum(axis=0)           # no term below 0, so nothing cancels


def _others(v):
    """For each entry along the first axis the sum of all the others, with nothing subtracted; same shape."""
    if getattr(v, "dtype", None) == np.float64 and v.ndim == 2:           # the same in one product
        return np.einsum("io...,ir...->or...", 1 - np.eye(len(v)), v)
    before, after = list(accumulate(v)), list(accumulate(list(v)[::-1]))[::-1]
    inner = [left + right for left, right in zip(before, after[2:], strict=False)]
    return np.stack([after[1], *inner, before[-2]])


def _binary_loss(xp, z, o, t):
    return (t * beyond(xp).softplus(-z) + (1 - t) * beyond(xp).softplus(z)).sum(axis=0)


def _probability_targets(t):
    return "" if ((t >= 0) & (t <= 1)).all() else f"targets from {t.min():g} to {t.max():g}; allowed is 0 to 1"


def _distribution_targets(t):
    wrong = _probability_targets(t)
    sums = t.sum(axis=0)
    if not wrong and not np.allclose(sums, 1, rtol=0, atol=1e-12):
        wrong = f"a row whose targets sum to {sums[np.argmax(abs(sums - 1))]:g}; allowed is a sum of 1"
    return wrong


def for_any_outputs():
    """The names that fit any number of outputs: "cross-entropy" stands for the two that depend on it."""
    return ("squared error", "cross-entropy",
            *(name for name in LOSSES if name != "squared error" and "cross-entropy" not in name))


LOSSES = Table("loss", {record.name: record for record in (
    Loss("squared error", lambda xp, z, o, t: ((o - t) ** 2).sum(axis=0), lambda xp, z, o, t: 2 * (o - t),
         r"(o - t)^2", "Rumelhart, Hinton and Williams 1986, Nature 323, eq. 3, without their factor 1/2"),
    Loss("half squared error", lambda xp, z, o, t: ((o - t) ** 2).sum(axis=0) / 2, lambda xp, z, o, t: o - t,
         r"\frac{1}{2} (o - t)^2", "Rumelhart, Hinton and Williams 1986, Nature 323, eq. 3"),
    Loss("binary cross-entropy", _binary_loss,
         lambda xp, z, o, t: (1 - t) * o - t * beyond(xp).sigmoid(-z),
         r"\ln(1 + e^{z}) - t z", "Bishop 2006, PRML, section 4.3.2",
         output=ACTIVATIONS["sigmoid"].value, output_name="sigmoid", accepts=_probability_targets,
         short=lambda o, t: o - t),
    Loss("softmax cross-entropy", _softmax_loss, lambda xp, z, o, t: o * _others(t) - t * _others(o),
         r"\ln \sum_k e^{z_k} - \sum_k t_k z_k", "Bridle 1990; Bishop 2006, PRML, section 4.3.4",
         output=_softmax, output_name="softmax", accepts=_distribution_targets,
         least_outputs=2, short=lambda o, t: o - t),
)})


def loss_named(name, n_out, reduction="mean", answers=1):
    """The record called `name`; "cross-entropy" is the binary one for one output, softmax for several.

    reduction: "mean" or "sum" over the rows.
    answers: how many answers lie in the n_out outputs, one after the other, as one for each step of a sequence: a
        softmax is over each of them alone, and the losses of a row add up.
    """
    n_out = n_out // answers
    if isinstance(name, str) and name == "cross-entropy":
        name = "binary cross-entropy" if n_out == 1 else "softmax cross-entropy"
    record = LOSSES[name]
    if n_out < record.least_outputs:
        raise ValueError(f"loss: got {name!r} for {n_out} output; allowed from {record.least_outputs} outputs on "
                         "(for one output: 'binary cross-entropy')")
    if answers > 1 and record.least_outputs > 1:
        record = _for_each(record, n_out)
    same = record.reduction == choice("reduction", reduction, REDUCTIONS)
    return record if same else replace(record, reduction=reduction)


def _for_each(record, n):
    """The loss of answers of n outputs each, one after the other: everything of each answer alone, losses added."""
    def parts(*arrays):
        """Per answer its part of each array."""
        count = len(arrays[0]) // n
        return zip(*([array[k * n:(k + 1) * n] for k in range(count)] for array in arrays), strict=True)

    return replace(
        record, value=lambda xp, *zot: sum(record.value(xp, *part) for part in parts(*zot)),
        slope=lambda xp, *zot: np.concatenate([record.slope(xp, *part) for part in parts(*zot)]),
        output=lambda xp, z: np.concatenate([record.output(xp, part) for part, in parts(z)]),
        accepts=lambda t: next(filter(None, (record.accepts(part) for part, in parts(t))), ""),
        short=lambda o, t: np.concatenate([record.short(*part) for part in parts(o, t)]))
