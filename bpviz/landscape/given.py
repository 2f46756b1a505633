"""The gradient that an objective brings, beside the slopes of its loss by central differences.

An objective without a network has no derivation; what can be asked is whether its two functions belong together.

h      the step of a weight, w -> w + h and w - h
bar    how far a central difference may be off: what halving its step changes, and what rounding of the loss leaves
"""
from dataclasses import dataclass

import numpy as np

from bpviz.words.catalogue import say

STEP, EPS = 2.0 ** -14, np.finfo(float).eps         # of the weight's size: rounding and truncation are alike small
LOOSE = 1e-3                                        # a bar wider than this share of the slope says nothing
FINER, ROUNDED = 8, 32                              # a bar in what halving changes, and in roundings of the loss


@dataclass(frozen=True)
class GivenSlopes:
    """At one place: the gradient as it was given, the central differences and their bars, each (P,).

    names: of the weights.
    """
    names: tuple
    given: np.ndarray
    slopes: np.ndarray
    bars: np.ndarray

    @property
    def marks(self):
        """Per weight "agree", "differ" (by more than the bar) or "cannot tell"."""
        with np.errstate(all="ignore"):
            size = np.maximum(np.abs(self.slopes), np.abs(self.given))
            fine = np.isfinite(self.slopes) & np.isfinite(self.given) & np.isfinite(self.bars)
            agree = np.abs(self.given - self.slopes) <= self.bars + 64 * EPS * size
        return tuple("cannot tell" if not ok or (bar > LOOSE * max(width, 1e-9) and not same) else
                     "agree" if same else "differ"
                     for ok, bar, width, same in zip(fine, self.bars, size, agree, strict=True))

    def table(self):
        """Both numbers side by side, with how far they are apart."""
        rows = [(name, f"{given + 0.0:+.7e}", f"{slope + 0.0:+.7e}", f"{abs(given - slope):.1e}",
                 say("results", "given_mark", n=mark))
                for name, given, slope, mark in zip(self.names, self.given, self.slopes, self.marks, strict=True)]
        return say("results", "given_slopes"), tuple(say("results", "given_head", n=name) for name in (
            "weight", "given", "difference", "apart", "judged")), rows


def given_slopes(objective, theta):
    """The GivenSlopes of an objective at theta (P,)."""
    P = len(theta)
    h = STEP * 2.0 ** np.ceil(np.log2(np.maximum(1, np.abs(theta))))
    steps = np.concatenate([size * np.diag(h) for size in (1, -1, 0.5, -0.5)], axis=1)
    with np.errstate(all="ignore"):
        losses = np.asarray(objective.loss(theta[:, None] + steps), float).reshape(4, P)
        long, short = (losses[0] - losses[1]) / (2 * h), (losses[2] - losses[3]) / h
        given = np.array(objective.gradient(theta), float)
        size = np.abs(losses).max() + np.abs(theta * short).sum()            # terms may be larger than their sum
        bars = FINER * np.abs(long - short) + ROUNDED * EPS * size / h
    return GivenSlopes(tuple(getattr(objective, "names", [f"w{k + 1}" for k in range(P)])), given, short, bars)
