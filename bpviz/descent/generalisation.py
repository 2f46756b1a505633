"""Rows a network has seen and rows it has not: losses on the way, and how many are right at the end.

Losses leave the penalty out, so that those of training and test rows can be compared.
"""
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from bpviz.base.result import ShowsItself
from bpviz.descent.path import Path
from bpviz.descent.stop import shares_right
from bpviz.network.fit import Fit
from bpviz.words.catalogue import Said, say
from bpviz.words.numbers import share1

RISEN = 0.05                        # a test loss this far above its lowest one has risen
LOOKS = 60                          # at the losses of a path, at most


def looks(steps):
    """The steps of a path of so many at which losses are looked at, its ends among them: (n,)."""
    return np.unique(np.geomspace(1, steps + 1, LOOKS).astype(int)) - 1


@dataclass(frozen=True, repr=False)
class Generalisation(ShowsItself):
    """train, test: a Fit each.  path: of one network, trained on the first.  asked: how many steps were asked for.

    tries: what is left to try where it fits poorly, of "units", "steps", "penalty", "dropout".
    """
    train: Fit
    test: Fit
    path: Path
    asked: int
    tries: tuple = field(default=(), kw_only=True)

    @property
    def theta(self):
        """The weights at the end, (P,)."""
        return self.path.theta[:, -1]

    @cached_property
    def steps(self):
        """The steps at which the losses are looked at, (n,)."""
        return looks(self.path.steps)

    @cached_property
    def losses(self):
        """Of the training and of the test rows, (n,) each."""
        return tuple(Fit(fit.network, fit.loss_name, fit.data).loss(self.path.theta[:, self.steps])
                     for fit in (self.train, self.test))

    @cached_property
    def accuracy(self):
        """The shares of training and of test rows that are right (descent/stop.py)."""
        return shares_right((self.train, self.test), self.theta)

    @property
    def penalty(self):
        """The share of what is minimised that the penalty is at the end, 0 to 1; None without one."""
        return float(self.train.penalty(self.theta) / self.train.loss(self.theta)) if self.train.l2 else None

    @property
    def words(self):
        (train, test), (seen, unseen), best = self.accuracy, self.losses, int(self.losses[1].argmin())
        lowest, now = unseen[best], unseen[-1]
        gap, size = now - seen[-1], float(np.linalg.norm(self.theta[self.train.network.is_weight]))
        return str(Said("boundary", (
            ("after", {"steps": self.path.steps, "train": train, "train_rows": self.train.data.rows, "test": test,
                       "test_rows": self.test.data.rows, "size": size}),
            *((("penalty", {"share": self.penalty}),) if self.train.l2 else ()),
            ("fit", {"overfits": now > lowest + RISEN and self.steps[best] < self.path.steps, "gap": gap,
                     "apart": abs(gap), "train": train, "looked": len(self.steps), "lowest": lowest,
                     "at": self.steps[best], "now": now, "tries": list(self.tries), "any": bool(self.tries)}))))

    def table(self):
        rows = [(name, str(fit.data.rows), f"{loss[-1]:.4f}", share1(right)) for name, fit, loss, right in
                zip(("training", "test"), (self.train, self.test), self.losses, self.accuracy, strict=True)]
        return say("boundary", "table", shown=self.path.steps, asked=self.asked), ("", "rows", "loss", "right"), rows
