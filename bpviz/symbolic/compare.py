"""One gradient, three ways: SymPy's derivation, the hand-written backward pass, a difference quotient.

Three programs that share no line; where they agree to many digits, the number is right. None of them is
believed beyond its own error bar:

symbolic     evaluated in many digits and rounded once (exact.py): its bar is half a unit in the last place
backprop     run a second time on intervals (calculus/interval.py): every rounding it can have made
difference   quotients at a ladder of steps h. Rounding: the loss, run on intervals, divided by h. Truncation:
             how far the quotients of longer steps are away. Kinks: how far the slopes of the two sides stay
             apart when h shrinks. A step counts only if no finer one contradicts it, and the best step is shown.
"""
from dataclasses import dataclass, replace

import numpy as np

from bpviz.base.arguments import fit as a_fit
from bpviz.base.arguments import instance, one_network
from bpviz.calculus.activations import ACTIVATIONS
from bpviz.calculus.interval import Interval
from bpviz.network.backprop import backprop
from bpviz.symbolic.chain_rule import ChainRule
from bpviz.symbolic.derive import chain_of
from bpviz.symbolic.gradient_table import Comparison, GradientTable
from bpviz.words.catalogue import say

EPS = np.finfo(float).eps
FINER, LONGEST, STEPS = 8, 2.0 ** -6, 14     # each h an eighth of the last, from 1/64 to 2^-45 of the weight's size
LOOSE = 1e-5                                 # an error bar wider than this share of the slopes around says nothing
JUMP, MOST_NUMBERS = 1e-3, 2_000_000         # how much of a change of f' is a jump; numbers in one cloud of networks


@dataclass(frozen=True)
class CentralDifferences:
    """Central differences and their error bars, arrays (P,).

    h: the step used.  left, right: the slopes of the two sides with it.  around: the size of slopes near here.
    rounding, truncation, kink: the estimated errors; bar: their sum.
    """
    slope: np.ndarray
    h: np.ndarray
    rounding: np.ndarray
    truncation: np.ndarray
    kink: np.ndarray
    left: np.ndarray
    right: np.ndarray
    around: np.ndarray

    @property
    def bar(self):
        return self.rounding + self.truncation + self.kink


def central_differences(fit, theta):
    """(L(w + h) - L(w - h)) / 2h for each weight w of one network, theta (P,), with error bars: CentralDifferences.

    Richardson's comparison of steps: Press et al. 2007, Numerical Recipes, section 5.7.
    """
    P, size = len(theta), 2.0 ** np.ceil(np.log2(np.maximum(1, np.abs(theta))))
    at_once = max(1, MOST_NUMBERS // (P * 2 * STEPS * fit.data.rows))
    parts = [_ladder(fit, theta, size, range(first, min(first + at_once, P))) for first in range(0, P, at_once)]
    return CentralDifferences(*(np.concatenate(column) for column in zip(*parts, strict=True)))


def _ladder(fit, theta, size, which):
    """The fields of CentralDifferences for some of the weights."""
    which = np.array(which)
    w, h = theta[which, None], size[which, None] * LONGEST / FINER ** np.arange(STEPS)
    up, down = w + h, w - h                                          # rounded: divided by what they really are apart
    cloud_ = np.repeat(theta[:, None], 2 * h.size, axis=1)
    cloud_[np.tile(np.repeat(which, STEPS), 2), np.arange(2 * h.size)] = np.concatenate([up.ravel(), down.ravel()])
    with np.errstate(all="ignore"):
        here, enclosed = fit.loss(theta), fit.loss(Interval(cloud_, cloud_))
        loss = fit.loss(cloud_).reshape(2, *h.shape)
        off = np.maximum(enclosed.hi - enclosed.lo, 0).reshape(2, *h.shape)
        slope = (loss[0] - loss[1]) / (up - down)
        right, left = (loss[0] - here) / (up - w), (here - loss[1]) / (w - down)
        apart = (right - left) / 2                                   # h L''/2 where the loss is smooth
        rounding = off.sum(axis=0) / (up - down) + 4 * EPS * np.abs(slope) + np.abs(
            apart / h * ((up - w) - (w - down)))
        truncation, kink = np.full(h.shape, np.inf), np.full(h.shape, np.inf)
        truncation[:, 2:] = np.maximum(np.abs(slope[:, 1:-1] - slope[:, 2:]),
                                       np.abs(slope[:, :-2] - slope[:, 2:]) / FINER) / 4
        kink[:, 1:] = 2 * FINER / (FINER - 1) * np.abs(apart[:, 1:] - apart[:, :-1] / FINER)
        bar = rounding + truncation + kink
        for k in range(STEPS):                                       # a finer step that cannot be explained by rounding
            contradicted = np.abs(slope[:, k + 1:] - slope[:, k:k + 1]) > bar[:, k:k + 1] + rounding[:, k + 1:]
            truncation[contradicted.any(axis=1), k] = np.inf
        bar = np.nan_to_num(rounding + truncation + kink, nan=np.inf)
        around = np.fmax(np.nanmax(np.abs([left[:, :3], right[:, :3]]), axis=(0, 2)), np.abs(here))
    best = np.argmin(bar, axis=1)
    rows = np.arange(len(which))
    return *(part[rows, best] for part in (slope, h, rounding, truncation, kink, left, right)), around


def compare_gradients(fit, theta, chain=None, one_pass=None):
    """The gradient of one network at theta (P,), found three ways: a GradientTable, a Comparison per weight.

    Each way has an error bar; "differ" is said only of numbers that are further apart than their bars, and
    "cannot tell" where a bar is too wide to say anything, always with the reason.
    chain: the derivation made earlier by `Chain(fit)`, to save the time of making it again.
    one_pass: the backward pass to check, see backprop.
    Frozen weights are compared like all others, as if they were free, and marked: `fit.gradient` is 0 there.
    """
    theta = one_network("theta", theta, a_fit("fit", fit).n_params)
    instance("chain", chain, ChainRule | None, "None or a Chain of this fit")
    frozen, fit = fit.frozen, replace(fit, frozen=()) if fit.frozen else fit          # the three ways know of no frost
    symbolic = (chain or chain_of(fit)).gradient(theta)
    by_hand, rounding, kinked = _by_hand(fit, theta, one_pass, symbolic)
    found = central_differences(fit, theta)
    with np.errstate(all="ignore"):
        around = np.fmax(np.fmax(found.around, np.nanmax(np.append(np.abs(symbolic), 0))), np.finfo(float).tiny)
        exact = np.abs(symbolic - by_hand)
        rough = np.fmax(np.abs(symbolic - found.slope), np.abs(by_hand - found.slope))
        own = rounding + EPS * np.abs(symbolic)
    rows = []
    for k, name in enumerate(fit.names):
        answer, because = _judge(exact[k], own[k], rough[k], found, k, around[k], symbolic[k], by_hand[k], kinked)
        bar = own[k] + found.bar[k]
        if answer == "differ" and exact[k] <= own[k] and _jumps_within(fit, theta, k, found.h[k]):
            answer, bar = "cannot tell", np.inf
            because = say("gradient_check", "slope_jumps", h=found.h[k])
        rows.append(Comparison(name, float(symbolic[k]), float(by_hand[k]), float(found.slope[k]),
                               float(np.maximum(exact[k], rough[k])), float(bar), answer, because, name in frozen))
    return GradientTable(tuple(rows))


def _by_hand(fit, theta, one_pass, symbolic):
    """The backward pass: its gradient (P,), what rounding can have done to it (P,), whether a unit sits on a joint."""
    gradient = backprop(fit, theta, one_pass).gradient
    try:
        trace = backprop(fit, Interval(theta, theta), one_pass)
    except TypeError:                        # a pass that does not run on intervals: what rounding usually does
        return gradient, np.full(len(theta), 1e-12 * np.nanmax(np.append(np.abs(symbolic), 0))), False
    with np.errstate(all="ignore"):
        return gradient, trace.gradient.hi - trace.gradient.lo, _jumps(fit.network, trace.h, trace.a, 1e-6)


def _jumps(network, h, a, narrow=np.inf):
    """Whether the slope of some unit may change by more than a little within its pre-activation, a narrow Interval."""
    for name, (pre, answer) in zip(network.activations, network.layered(h, a), strict=True):
        with np.errstate(all="ignore"):
            slope = ACTIVATIONS[name].slope(np, pre, answer)
            if isinstance(slope, Interval) and ((slope.hi - slope.lo > JUMP) & (pre.hi - pre.lo < narrow)).any():
                return True
    return False


def _jumps_within(fit, theta, k, h):
    """Whether a unit's slope changes by more than a little while weight k moves by h to either side."""
    low, high = theta.copy(), theta.copy()
    low[k], high[k] = theta[k] - h, theta[k] + h
    with np.errstate(all="ignore"):
        _, pre, a = fit.network.forward(Interval(low, high), fit.data.x, np, fit.loss_record.output)
        return _jumps(fit.network, pre, a)


def _judge(exact, own, rough, found, k, around, symbolic, by_hand, kinked):
    """(answer, because) of one weight: exact, own: symbolic against backprop; rough: against the difference."""
    bar = found.bar[k]
    if not np.isfinite(symbolic):
        return "cannot tell", say("gradient_check", "no_formula")
    if not np.isfinite(by_hand) or not np.isfinite(own):
        return "cannot tell", say("gradient_check", "overflow")
    if exact > own:
        return "differ", say("gradient_check", "by_hand_off", off=exact, own=own)
    if rough <= bar <= LOOSE * around:
        return "agree", say("gradient_check", "within", apart=max(exact, rough), bar=bar + own)
    if own > LOOSE * around:
        return "cannot tell", say("gradient_check", "own_rounding", own=own, joint=kinked)
    if not np.isfinite(bar):
        return "cannot tell", say("gradient_check", "no_step")
    if rough > bar + own:
        return "differ", say("gradient_check", "difference_off", off=rough, bar=bar)
    if bar <= LOOSE * around:
        return "agree", say("gradient_check", "within", apart=max(exact, rough), bar=bar + own)
    if found.kink[k] > max(found.rounding[k], found.truncation[k]):
        return "cannot tell", say("gradient_check", "kink", left=found.left[k], right=found.right[k])
    rounds = found.rounding[k] > found.truncation[k]
    return "cannot tell", say("gradient_check", "rounding" if rounds else "bends", bar=bar)
