"""How many predictions were right, and how well "sure" was meant: in plain words, from the answers that were kept.

p        how likely the learner held an answer to be right; hit: whether it was, 0 or 1
Brier    the mean of (p - hit)², Brier 1950, Monthly Weather Review 78: 0 for a prophet, 0.25 for "fifty-fifty" always
"""
import math
from dataclasses import dataclass

from bpviz.coursework.learner.outcome import kept, outcome
from bpviz.coursework.misconceptions import MISCONCEPTIONS
from bpviz.coursework.prediction import SURENESS

ENOUGH = 10                             # predictions for a picture; fewer show chance only
FEW = 5                                 # fewer tell nothing of somebody's sureness


@dataclass(frozen=True)
class Calibration:
    """outcomes: of the predictions answered, in order.  missing: the ids of those that are not."""
    outcomes: tuple
    missing: tuple = ()

    @property
    def hits(self):
        """How many were right."""
        return sum(one.right for one in self.outcomes)

    @property
    def expected(self):
        """How many would have been right, had the learner been right just as often as they were sure."""
        return sum(one.confidence for one in self.outcomes)

    @property
    def brier(self):
        """The mean of (p - hit)², from 0 to 1; lower is better."""
        return sum((one.confidence - one.right) ** 2 for one in self.outcomes) / len(self.outcomes)

    @property
    def levels(self):
        """((sureness, how many were right, of how many, p held on average), ...) for those that were used."""
        found = []
        for k, name in enumerate(SURENESS):
            some = [one for one in self.outcomes if one.sure == k]
            if some:
                found.append((name, sum(one.right for one in some), len(some),
                              sum(one.confidence for one in some) / len(some)))
        return tuple(found)

    @property
    def misconceptions(self):
        """{"M10": ids of the predictions whose answer shows it}."""
        found = {}
        for one in self.outcomes:
            if not one.right and one.verdict.misconception:
                found.setdefault(one.verdict.misconception, []).append(one.prediction.id)
        return found

    @property
    def verdict(self):
        """How the sureness fits, in a sentence; what chance alone may do is called fitting."""
        spread = math.sqrt(sum(one.confidence * (1 - one.confidence) for one in self.outcomes))
        gap = self.hits - self.expected
        about = f"going by how sure you were, about {round(self.expected)} would have been right; {self.hits} "
        about += "was" if self.hits == 1 else "were"
        if abs(gap) <= max(1.0, 2 * spread):
            return "Your sureness fits: " + about + "."
        if gap < 0:
            return "You were surer than you were right: " + about + "."
        return "You know more than you think: " + about + "."

    @property
    def lines(self):
        """All of it as sentences."""
        total = len(self.outcomes) + len(self.missing)
        said = []
        if self.outcomes:
            said.append(f"You answered {len(self.outcomes)} of {_many(total)}; {self.hits} "
                        f"{'was' if self.hits == 1 else 'were'} right.")
            said.append("; ".join(f"{name}: {right} of {of} right" for name, right, of, _ in reversed(self.levels))
                        .capitalize() + ".")
            if len(self.outcomes) < FEW:
                said.append("These are too few to say how well your sureness fits.")
            else:
                said.append(f"{self.verdict} Your score for sureness is {self.brier:.2f}: 0 is best, and always saying "
                            "“fifty-fifty” gets 0.25.")
        held = sorted(self.misconceptions.items())
        if held:
            said.append("Worth a second look. Many believe this, and it is not so:")
        said += [f"• “{MISCONCEPTIONS[name]}” ({', '.join(ids)})" for name, ids in held]
        if self.missing:
            said.append(f"Not answered: {', '.join(self.missing)}. Answer first, then run this cell again.")
        return tuple(said)


def _many(count):
    return "1 prediction" if count == 1 else f"{count} predictions"


def calibration(predictions):
    """The Calibration of these predictions, from the answers kept.  predictions: an iterable of Prediction."""
    given = [(one, kept(one)) for one in predictions]
    return Calibration(tuple(outcome(one, answer) for one, answer in given if answer is not None),
                       tuple(one.id for one, answer in given if answer is None))
