"""Rows a network has seen and rows it has not: losses on the way, and how many are right at the end.

Losses leave the penalty out, so that those of training and test rows can be compared.
"""
from dataclasses import dataclass

import numpy as np

from bpviz.base.result import Result
from bpviz.descent.stop import right
from bpviz.network.fit import Fit
from bpviz.words.catalogue import Said, say

RISEN = 0.05                        # a test loss this far above its lowest one has risen
LOOKS = 60                          # at the losses of a path, at most


@dataclass(frozen=True, repr=False)
class Generalisation(Result):
    """train, test: a Fit each.  theta: (P,) at the end.  steps: (n,), those looked at.  losses: of train and of test,
    (n,) each.  shown, asked: how many steps were done, of how many.
    """
    train: Fit
    test: Fit
    theta: np.ndarray
    steps: np.ndarray
    losses: tuple
    shown: int
    asked: int

    @property
    def accuracy(self):
        """The shares of training and of test rows that are right (descent/stop.py)."""
        return tuple(float(right(fit, self.theta[:, None])[0]) for fit in (self.train, self.test))

    @property
    def words(self):
        (train, test), (seen, unseen), best = self.accuracy, self.losses, int(self.losses[1].argmin())
        lowest, now = unseen[best], unseen[-1]
        gap, size = now - seen[-1], float(np.linalg.norm(self.theta[self.train.network.is_weight]))
        return str(Said("boundary", (
            ("after", {"steps": self.shown, "train": train, "train_rows": self.train.data.rows, "test": test,
                       "test_rows": self.test.data.rows, "size": size}),
            ("fit", {"overfits": now > lowest + RISEN and self.steps[best] < self.shown, "gap": gap, "apart": abs(gap),
                     "train": train, "looked": len(self.steps), "lowest": lowest, "at": self.steps[best],
                     "now": now}))))

    def table(self):
        rows = [(name, str(fit.data.rows), f"{loss[-1]:.4f}", f"{share:.1%}") for name, fit, loss, share in
                zip(("training", "test"), (self.train, self.test), self.losses, self.accuracy, strict=True)]
        return say("boundary", "table", shown=self.shown, asked=self.asked), ("", "rows", "loss", "right"), rows


def generalisation(path, train, test):
    """(theta, steps, losses, how many steps were done) of a Generalisation, of the Path of one network."""
    steps = np.unique(np.geomspace(1, path.steps + 1, LOOKS).astype(int)) - 1
    losses = tuple(Fit(fit.network, fit.loss_name, fit.data).loss(path.theta[:, steps]) for fit in (train, test))
    return path.theta[:, -1], steps, losses, path.steps
