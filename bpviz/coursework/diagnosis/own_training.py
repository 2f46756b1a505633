"""What a learner's backward pass of a network of layers did to a training: which slope is wrong, and how far it came.

Their slopes are judged at the start part by part, and at the steps that are looked at against the right gradient
there: not path against path, which part by rounding alone.
"""
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from bpviz.coursework.diagnosis.beside import NEAR, NOTHING
from bpviz.coursework.diagnosis.own_partials import MISSING, OwnPartials
from bpviz.descent.stop import shares_right
from bpviz.network.fit import Fit
from bpviz.words.catalogue import say
from bpviz.words.numbers import loss4, number, pretty, share1


@dataclass(frozen=True)
class OwnTraining:
    """A training (P, n + 1) made of a learner's own slopes, beside the right one.

    partials: an OwnPartials, at the start.  looked, places, slopes: the steps (k,) looked at, where their weights were
    (k, P) and their slopes there (k, P).  asked: how many steps were asked for; fewer where the slopes are no numbers.
    train, test: the rows, a Fit each, without a penalty.  right: the weights at the end of the right training, (P,).
    """
    partials: OwnPartials
    theta: np.ndarray
    looked: np.ndarray
    places: np.ndarray
    slopes: np.ndarray
    asked: int
    train: Fit
    test: Fit
    right: np.ndarray

    @property
    def steps(self):
        """How many steps were made."""
        return self.theta.shape[1] - 1

    @property
    def runs(self):
        """Whether there is a training of theirs to be shown."""
        return True

    @cached_property
    def wrong_at(self):
        """The first step looked at at which a slope of theirs is wrong, None if none is."""
        truth = self.train.gradient(self.places.T).T
        with np.errstate(all="ignore"):
            off = np.abs(self.slopes - truth).max(axis=1)
        wrong = np.flatnonzero(~(off <= NEAR * np.abs(truth).max(axis=1) + NOTHING))
        return int(self.looked[wrong[0]]) if len(wrong) else None

    @cached_property
    def losses(self):
        """Of theirs on the training rows, at the steps looked at, (k,)."""
        return self.train.loss(self.places.T)

    def shares(self, step):
        """The shares of training and of test rows that theirs gets right at this step."""
        return shares_right((self.train, self.test), self.theta[:, step])

    def at(self, step):
        """The last step of theirs up to this one."""
        return min(step, self.steps)

    @cached_property
    def words(self):
        if self.partials.first_wrong is not None:
            first = self.partials.words
        else:
            key = "right_looks" if self.wrong_at is None else "wrong_look"
            first = say("backward", key, at=self.wrong_at, looked=len(self.looked))
        mine, ours = (float(self.train.loss(theta)) for theta in (self.theta[:, -1], self.right))
        both = say("backward", "both_trained", steps=self.steps, all=self.steps == self.asked, mine=mine, right=ours)
        return f"{first} {both}"

    def table(self):
        """How both end, and how long their slopes are at the start beside the right ones."""
        rows, ends = [], (self.theta[:, -1], self.right)
        for fit, which in ((self.train, "training"), (self.test, "test")):
            rows.append((say("backward", "loss_of", rows=which), *(loss4(float(fit.loss(end))) for end in ends), ""))
            rows.append((say("backward", "share_of", rows=which),
                         *(share1(*shares_right((fit,), end)) for end in ends), ""))
        for part, mark in self.partials.marks.items():
            if part[0] in "Wb":
                mine, ours = self.partials.given.get(part), self.partials.right[part]
                rows.append((say("backward", "length_of", part=self.partials.name(part)),
                             MISSING if mine is None else _length(mine), _length(ours),
                             say("backward", "mark", mark=mark)))
        header = "", *(say("backward", key) for key in ("yours", "right_one", "judged"))
        return say("backward", "trained_table", steps=self.steps), header, rows


def _length(array):
    """The length of a part as text."""
    with np.errstate(all="ignore"):
        return pretty(number(float(np.linalg.norm(array)), 4))


@dataclass(frozen=True)
class NoTraining:
    """Why there is no training of theirs. words: the sentence; "" while it is waited for.

    losses, looked: none to be drawn, see OwnTraining.
    """
    words: str
    losses = looked = None

    @property
    def runs(self):
        return False
