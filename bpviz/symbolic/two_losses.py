"""One sigmoid unit under two losses: what it learns from a score, a target and the slope of either."""
from dataclasses import dataclass

from bpviz.base.result import ShowsItself
from bpviz.network.data import Data
from bpviz.network.fit import Fit
from bpviz.network.shape import Network
from bpviz.symbolic.gradient_table import HEADER
from bpviz.words.catalogue import Said, say

LOSSES = ("squared error", "binary cross-entropy")


@dataclass(frozen=True, repr=False)
class TwoLosses(ShowsItself):
    """Curves over the score: losses, slopes: {loss: array}; and at the score: answer, loss and slope three ways."""
    z: float
    t: float
    answer: float
    losses: dict
    slopes: dict
    here: dict

    @property
    def words(self):
        square, cross = (self.here[loss][1].backprop for loss in LOSSES)
        return str(Said("saturation", (
            ("gradients", {"squared": square, "cross": cross,
                           "times": abs(cross / square) if abs(square) > 1e-300 else None}),
            ("unit", {"z": self.z, "answer": self.answer, "target": self.t, "off": abs(self.answer - self.t),
                      "edge": min(self.answer, 1 - self.answer)}))))

    def table(self):
        rows = [(loss, f"{value:.6f}", *row.numbers, row.mark) for loss, (value, row) in self.here.items()]
        return say("saturation", "table"), ("loss", "value", *HEADER[1:4], ""), rows


def unit(loss, t):
    """One sigmoid unit with one weight and input 1, so the weight is the score."""
    return Fit(Network((1, 1), "sigmoid", bias=False), loss, Data([1.0], [t]))
